// The eight rules of growing from one server to millions of users, each answered by the design itself.
#include <algorithm>
#include <cmath>

#include "analysis/review.hpp"
#include "analysis/say.hpp"
#include "sim/behaviour.hpp"

namespace scale::analysis {

namespace {

constexpr double k_calm = 0.5;         // below this share of its capacity a store needs no help yet
constexpr double k_small_per_s = 1000; // fewer requests than this need one data center

RuleCheck rule(const char* id, const Words& name, Verdict verdict, Text reason, std::vector<int> nodes = {}) {
    return {id, name, verdict, std::move(reason), std::move(nodes)};
}

double asked_per_s(const Blueprint& blueprint) { return blueprint.prediction().offered_per_s; }

double busy(const Blueprint& blueprint, int node) {
    const NodePrediction& seen = blueprint.prediction().nodes[static_cast<std::size_t>(node)];
    if (!seen.steady) return 1;
    const double busiest = std::fmax(seen.utilization, seen.workers_busy);
    return std::isnan(busiest) ? 0 : busiest;
}

// The fullest store, -1 when there is none.
int fullest_store(const Blueprint& blueprint) {
    int best = -1;
    for (const int store : blueprint.with_role(role_store))
        if (best < 0 || busy(blueprint, store) > busy(blueprint, best)) best = store;
    return best;
}

Part named(const Blueprint& blueprint, const std::vector<int>& nodes) { return blueprint.names("n", nodes); }
Part busy_part(double share) { return {"b", percent_text(share)}; }

RuleCheck stateless(const Blueprint& blueprint) {
    const Words name{"stateless web tier", "무상태 웹 계층"};
    std::vector<int> sticky;
    std::vector<int> keeping;
    for (const int route : blueprint.with_role(role_route))
        if (blueprint.choice(route, "algorithm") == "source-hash") sticky.push_back(route);
    for (const int server : blueprint.with_role(role_compute))
        if (blueprint.choice(server, "sessions") == "memory" ||
            blueprint.choice(server, "sessions") == "server")
            keeping.push_back(server);
    if (!keeping.empty())
        return rule("stateless_web", name, Verdict::no,
                    filled(Words{"{n} keeps sessions in its own memory: a dead server logs its users out",
                                 "{n:이/가} 세션을 자기 메모리에 둔다. 서버가 죽으면 사용자가 로그아웃된다"},
                           {named(blueprint, keeping)}),
                    keeping);
    if (!sticky.empty())
        return rule(
            "stateless_web", name, Verdict::no,
            filled(Words{"{n} binds every user to one server", "{n:이/가} 사용자를 서버 한 대에 묶는다"},
                   {named(blueprint, sticky)}),
            sticky);
    return rule("stateless_web", name, Verdict::yes,
                {"any server can answer any request", "어느 서버든 모든 요청에 응답할 수 있다"});
}

RuleCheck redundancy(const Blueprint& blueprint, const std::vector<SinglePoint>& singles) {
    const Words name{"redundancy at every tier", "모든 계층의 이중화"};
    if (singles.empty())
        return rule(
            "redundancy", name, Verdict::yes,
            {"no single failure takes anything away from users", "한 곳이 멈춰도 사용자에게 지장이 없다"});
    std::vector<int> nodes;
    for (const SinglePoint& one : singles) nodes.push_back(one.node);
    return rule("redundancy", name, Verdict::no,
                filled(Words{"stands alone: {n}", "하나뿐인 곳: {n}"}, {named(blueprint, nodes)}), nodes);
}

RuleCheck caching(const Blueprint& blueprint) {
    const Words name{"cache as much as sensible", "가능한 한 캐시"};
    const std::vector<int> caches = blueprint.with_role(role_cache);
    if (!caches.empty())
        return rule("cache", name, Verdict::yes,
                    filled(Words{"{n} answers what is asked often", "자주 찾는 데이터를 {n:이/가} 응답한다"},
                           {named(blueprint, caches)}),
                    caches);
    const int store = fullest_store(blueprint);
    if (store < 0 || busy(blueprint, store) < k_calm)
        return rule("cache", name, Verdict::not_needed,
                    store < 0 ? Text{"there is no data to cache", "캐시할 데이터가 없다"}
                              : filled(Words{"{n} is only {b} busy", "{n}의 사용률이 {b}에 그친다"},
                                       {named(blueprint, {store}), busy_part(busy(blueprint, store))}));
    return rule(
        "cache", name, Verdict::no,
        filled(Words{"every read goes to {n}, which is {b} busy", "모든 읽기가 {n:으로/로} 간다. 사용률 {b}"},
               {named(blueprint, {store}), busy_part(busy(blueprint, store))}),
        {store});
}

RuleCheck data_centers(const Blueprint& blueprint) {
    const Words name{"several data centers", "여러 데이터센터"};
    std::vector<int> sites;
    for (const int node : blueprint.with_role(role_compute | role_route)) {
        const int site = blueprint.site(node);
        if (site >= 0 && std::find(sites.begin(), sites.end(), site) == sites.end()) sites.push_back(site);
    }
    if (sites.size() >= 2)
        return rule("data_centers", name, Verdict::yes,
                    filled(Words{"requests are answered in {n}", "{n}에서 요청에 응답한다"},
                           {named(blueprint, sites)}),
                    sites);
    const bool small = asked_per_s(blueprint) < k_small_per_s;
    return rule(
        "data_centers", name, small ? Verdict::not_needed : Verdict::no,
        filled(small ? Words{"one place is enough for {l} requests per second, as long as an outage of it "
                             "can be borne",
                             "초당 {l}건이면 한 곳으로 충분하다. 다만 그곳이 멈추는 일을 견딜 수 있어야 한다"}
                     : Words{"all {l} requests per second depend on one place",
                             "초당 {l}건이 모두 한 곳에 달려 있다"},
               {{"l", count_text(asked_per_s(blueprint))}}),
        sites);
}

double share_of_assets(const Blueprint& blueprint) {
    double assets = 0;
    double all = 0;
    for (const int client : blueprint.with_role(role_client)) {
        const double rate = blueprint.prediction().nodes[static_cast<std::size_t>(client)].arrivals_per_s;
        const double weight = std::isfinite(rate) && rate > 0 ? rate : 1;
        double sum = 0;
        for (const char* part : {"pages", "writes", "assets", "api"}) sum += blueprint.value(client, part, 0);
        if (sum > 0) assets += weight * blueprint.value(client, "assets", 0) / sum;
        all += weight;
    }
    return all > 0 ? assets / all : 0;
}

RuleCheck static_assets(const Blueprint& blueprint) {
    const Words name{"static assets by CDN", "정적 파일은 CDN으로"};
    std::vector<int> edges;
    for (std::size_t i = 0; i < blueprint.scenario().nodes.size(); ++i)
        if (blueprint.kind(static_cast<int>(i)).tier == Tier::edge) edges.push_back(static_cast<int>(i));
    const double share = share_of_assets(blueprint);
    const Part part{"s", percent_text(share)};
    if (!edges.empty())
        return rule("cdn", name, Verdict::yes,
                    filled(Words{"{n} answers near the users", "{n:이/가} 사용자 가까이에서 응답한다"},
                           {named(blueprint, edges)}),
                    edges);
    if (share < 0.05)
        return rule(
            "cdn", name, Verdict::not_needed,
            filled(Words{"static assets are {s} of the requests", "정적 파일이 요청의 {s}다"}, {part}));
    return rule("cdn", name, Verdict::no,
                filled(Words{"{s} of the requests are static assets, and servers answer them",
                             "요청의 {s}가 정적 파일인데 서버가 직접 응답한다"},
                       {part}));
}

RuleCheck sharding(const Blueprint& blueprint) {
    const Words name{"sharded data tier", "샤딩된 데이터 계층"};
    std::vector<int> sharded;
    for (std::size_t i = 0; i < blueprint.scenario().nodes.size(); ++i)
        if (blueprint.value(static_cast<int>(i), "shards", 0) >= 2) sharded.push_back(static_cast<int>(i));
    if (!sharded.empty())
        return rule("sharding", name, Verdict::yes,
                    filled(Words{"{n} splits the data by key", "{n:이/가} 데이터를 키로 나눈다"},
                           {named(blueprint, sharded)}),
                    sharded);
    const int store = fullest_store(blueprint);
    if (store < 0 || busy(blueprint, store) < k_calm)
        return rule("sharding", name, Verdict::not_needed,
                    store < 0 ? Text{"there is no data tier", "데이터 계층이 없다"}
                              : filled(Words{"{n} is only {b} busy", "{n}의 사용률이 {b}에 그친다"},
                                       {named(blueprint, {store}), busy_part(busy(blueprint, store))}));
    return rule("sharding", name, Verdict::no,
                filled(Words{"all data is in {n}, which is {b} busy; writes cannot be spread",
                             "데이터가 모두 {n}에 있고 사용률이 {b}다. 쓰기를 나눌 수 없다"},
                       {named(blueprint, {store}), busy_part(busy(blueprint, store))}),
                {store});
}

RuleCheck services(const Blueprint& blueprint) {
    const Words name{"independent services", "독립된 서비스"};
    for (const int group : blueprint.with_role(role_group)) {
        if (blueprint.is_site(group)) continue;
        std::vector<int> inside = blueprint.members(group);
        if (inside.size() < 2) continue;
        return rule("services", name, Verdict::no,
                    filled(Words{"{n} share a machine: they are scaled and they fail together",
                                 "{n:이/가} 한 머신을 나눠 쓴다. 따로 확장할 수 없고 함께 멈춘다"},
                           {named(blueprint, inside)}),
                    inside);
    }
    const std::vector<int> queues = blueprint.with_role(role_queue);
    const std::vector<int> tiers = blueprint.with_role(role_compute | role_worker);
    if (!queues.empty() || tiers.size() >= 2)
        return rule(
            "services", name, Verdict::yes,
            filled(Words{"{n} can be scaled and can fail apart", "{n:은/는} 따로 확장하고 따로 멈춘다"},
                   {named(blueprint, queues.empty() ? tiers : queues)}),
            queues.empty() ? tiers : queues);
    if (asked_per_s(blueprint) < k_small_per_s)
        return rule("services", name, Verdict::not_needed,
                    {"one tier of servers does everything, and is small enough for that",
                     "서버 계층 하나가 모든 일을 하며, 그만큼 작다"},
                    tiers);
    return rule("services", name, Verdict::no,
                {"one tier of servers does everything: nothing can be scaled or deployed apart",
                 "서버 계층 하나가 모든 일을 한다. 따로 확장하거나 배포할 수 없다"},
                tiers);
}

RuleCheck monitoring(const Blueprint& blueprint) {
    const Words name{"monitoring and automation", "모니터링과 자동화"};
    const std::vector<int> watching = blueprint.with_role(role_watch);
    if (!watching.empty())
        return rule("monitoring", name, Verdict::yes,
                    filled(Words{"{n} watches, alerts and repairs", "{n:이/가} 지켜보고 알리고 복구한다"},
                           {named(blueprint, watching)}),
                    watching);
    return rule("monitoring", name, Verdict::no,
                {"nobody notices a failure but the users", "장애를 사용자가 먼저 알게 된다"});
}

} // namespace

std::vector<RuleCheck> check_rules(const Blueprint& blueprint, const std::vector<SinglePoint>& singles) {
    return {stateless(blueprint),    redundancy(blueprint, singles), caching(blueprint),
            data_centers(blueprint), static_assets(blueprint),       sharding(blueprint),
            services(blueprint),     monitoring(blueprint)};
}

} // namespace scale::analysis
