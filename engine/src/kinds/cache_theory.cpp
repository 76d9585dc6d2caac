#include "kinds/cache_theory.hpp"

#include "kinds/common.hpp"
#include "kinds/keeper_theory.hpp"

#include <algorithm>

namespace scale::kind::cache {

using namespace sim;

namespace {

constexpr std::size_t k_write = static_cast<std::size_t>(RequestClass::write);
enum How : int { look_aside, read_through, write_through, write_back, write_around };

How how_of(const Forecast& here) { return static_cast<How>(static_cast<int>(here.value("strategy"))); }
bool fetches(const Forecast& here) { return how_of(here) != look_aside && !here.outs().empty(); }

KeptKeys kept_by(const Forecast& here) {
    KeptKeys out;
    const auto scope = static_cast<int>(here.value("scope")); // global, local, distributed
    const double bytes = here.value("memory_mb") * 1000;
    const double each = here.value("object_kb") > 0 ? here.value("object_kb") : 1;
    out.items = bytes > 0 ? bytes / each : here.value("items");
    out.shelves = scope == 0 ? 1 : scope == 1 ? std::max(1.0, here.in().callers) : here.value("instances");
    out.by_key = scope == 2;
    if (scope == 2) out.items /= std::max(1.0, here.value("replicas"));
    out.ttl_s = here.value("ttl_s");
    out.jitter = here.value("ttl_jitter");
    out.policy = static_cast<int>(here.value("policy"));
    out.keeps = {true, false, true, true};
    return out;
}

// Writes of one key while the cache holds them back are one to the store.
double written_back(const Forecast& here) {
    const double every = std::max(1e-3, here.value("flush_s"));
    double sum = 0;
    const std::vector<double>& keys = here.in().keys[k_write];
    for (std::size_t g = 0; g < keys.size(); ++g) {
        const double count = here.groups()[g].count;
        sum += count / every * -core::expm1(-keys[g] / count * every);
    }
    return sum;
}

constexpr Words k_stampede{"Leaves out stampedes on keys that expire.", "만료된 키에 몰리는 쇄도는 뺐다."};

// How long whoever misses takes to have what is missed: from here, or from a store beside it.
double fetch_s(const Forecast& here) {
    double longest = 0;
    const Scenario& scenario = here.all().scenario;
    for (const EdgeDef& in : scenario.edges) {
        const auto asks = in.to == here.id() ? static_cast<NodeId>(in.from) : here.id();
        for (const EdgeDef& out : scenario.edges)
            if (out.from == asks && (scenario.nodes[out.to].kind->role & role_store) != 0)
                longest = std::max(longest, here.all().laws.mean(here.all().nodes[out.to].stay));
    }
    return longest;
}

// Of the key that is asked for most, per s.
double hottest(const Forecast& here) {
    double most = 0;
    for (std::size_t g = 0; g < here.groups().size(); ++g) {
        double rate = 0;
        for (std::size_t i = 0; i < k_classes; ++i)
            if (i != k_write && g < here.in().keys[i].size()) rate += here.in().keys[i][g];
        most = std::max(most, rate / here.groups()[g].count);
    }
    return most;
}

} // namespace

void flows(Forecast& here) {
    const double all = here.in().all() + here.in().told_per_s;
    if (here.value("scope") > 0) here.own().in.spread = Spread::at_random;
    if (here.value("service_ms") > 0)
        here.work(all, distribution(here.value("service"), here.value("service_ms"), 1));
    const HitShares shares = hit_shares(here, kept_by(here));
    for (std::size_t i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        here.hit(asked, i == k_write ? 0 : hit_share(here, shares, i),
                 i == k_write ? std::vector<double>{} : shares[i]);
        const EdgeId way = way_back(here, asked);
        if (!fetches(here) || way == k_no_edge) continue;
        if (i != k_write)
            here.send_missing(way, asked, here.let_in());
        else if (how_of(here) == write_back)
            here.send_new(way, asked, written_back(here));
        else
            here.send(way, asked, here.let_in());
    }
}

void times(Forecast& here) {
    StationTimes own;
    own.stay.push_back(0);
    if (here.value("service_ms") > 0) {
        StationPlan plan;
        const double scope = here.value("scope"); // global, local, distributed
        plan.size.instances = static_cast<std::uint32_t>(scope == 0   ? 1
                                                         : scope == 1 ? std::max(1.0, here.in().callers)
                                                                      : here.value("instances"));
        plan.size.whole = true;
        plan.size.workers = plan.size.cores = static_cast<std::uint32_t>(here.value("cores"));
        plan.size.queue_limit = static_cast<std::uint32_t>(here.value("queue_limit"));
        plan.returns = true;
        own = here.station(plan);
        here.lost(own.lost);
    } else {
        here.says({"Che's approximation", "체(Che) 근사"}, Trust::approximate, Trust::approximate);
    }
    core::Laws& laws = here.laws();
    const LawId before = laws.sum(own.wait, own.stay[0]);
    double reads = 0, found = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        const double hit = here.hit_of(asked);
        const EdgeId way = way_back(here, asked);
        if (i != k_write) {
            reads += here.in().per_s[i];
            found += here.in().per_s[i] * hit;
        }
        const bool stays = i == k_write && how_of(here) == write_back;
        if (!fetches(here) || way == k_no_edge || stays) {
            here.answer(asked, before, here.let_in());
            continue;
        }
        const Reply reply = here.call(way, asked);
        const core::Part parts[] = {{hit, 0}, {(1 - hit) * reply.served, reply.law}};
        here.answer(asked, laws.sum(before, laws.mix(parts)),
                    here.let_in() * (hit + (1 - hit) * reply.served));
    }
    constexpr double k_many = 5; // who ask while the first fetches
    const bool alone = here.value("coalesce") == 0 && here.value("ttl_s") > 0;
    if (alone && hottest(here) * fetch_s(here) > k_many) here.assume(k_stampede);
    here.metric("hit_ratio", reads > 0 ? found / reads : 0);
    here.at_best(Trust::approximate);
}

} // namespace scale::kind::cache
