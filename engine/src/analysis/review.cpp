// A design looked at without running it: what stands alone, how full each tier is, where data can be lost.
#include "analysis/review.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/say.hpp"
#include "sim/sim.hpp"

namespace scale::analysis {

namespace {

sim::EdgeCarries carried(const EdgeDef& edge) {
    return static_cast<sim::EdgeCarries>(edge.values[sim::edge_carries]);
}

} // namespace

Blueprint::Blueprint(const Scenario& scenario) : scenario_(scenario), prediction_(predict(scenario)) {}

std::vector<int> Blueprint::callees(int node) const {
    std::vector<int> out;
    for (const EdgeDef& edge : scenario_.edges)
        if (edge.from == node && !is_link(scenario_, edge)) out.push_back(edge.to);
    return out;
}

std::vector<int> Blueprint::with_role(std::uint32_t role) const {
    std::vector<int> out;
    for (std::size_t i = 0; i < scenario_.nodes.size(); ++i)
        if (is(static_cast<int>(i), role)) out.push_back(static_cast<int>(i));
    return out;
}

double Blueprint::value(int node, std::string_view param, double otherwise) const {
    const int index = kind(node).param_index(param);
    return index < 0
               ? otherwise
               : scenario_.nodes[static_cast<std::size_t>(node)].values[static_cast<std::size_t>(index)];
}

std::string_view Blueprint::choice(int node, std::string_view param) const {
    const ParamRecord* const record = kind(node).param(param);
    if (record == nullptr || record->type != ValueType::choice) return {};
    return record->choices[static_cast<std::size_t>(value(node, param, 0))].id;
}

bool Blueprint::redundant(int node) const {
    if (is(node, role_naming)) return true; // many servers in many places by nature
    for (const char* param : {"instances", "nodes", "points", "copies"})
        if (value(node, param, 1) >= 2) return true;
    return value(node, "standby", 0) != 0 || value(node, "replicas", 0) >= 1;
}

std::vector<int> Blueprint::members(int group) const {
    std::vector<int> out;
    for (std::size_t i = 0; i < scenario_.nodes.size(); ++i) {
        std::string in = scenario_.nodes[i].in;
        for (int up = 0; up < 4 && !in.empty(); ++up) {
            const int holder = scenario_.find_node(in);
            if (holder == group) out.push_back(static_cast<int>(i));
            in = holder < 0 ? std::string() : scenario_.nodes[static_cast<std::size_t>(holder)].in;
        }
    }
    return out;
}

bool Blueprint::is_site(int group) const {
    return is(group, role_group) && kind(group).behaviour->machine_cpu == nullptr;
}

int Blueprint::site(int node) const {
    int found = -1;
    int at = node;
    for (int up = 0; up < 4; ++up) {
        const std::string& in = scenario_.nodes[static_cast<std::size_t>(at)].in;
        at = in.empty() ? -1 : scenario_.find_node(in);
        if (at < 0) break;
        if (is_site(at)) found = at;
    }
    return found;
}

// Routes and clients need one of the ways that carry the class; others need all that they call, save caches
// (a miss goes on to the store), what only listens, and what a queue hands its messages to.
bool Blueprint::reaches(int node, sim::RequestClass wanted, const std::vector<bool>& down) const {
    if (down[static_cast<std::size_t>(node)]) return false;
    const bool one_is_enough = is(node, role_route | role_client);
    bool any = false;
    bool works = false;
    for (const EdgeDef& edge : scenario_.edges) {
        if (edge.from != node || is_link(scenario_, edge) || !sim::takes(carried(edge), wanted)) continue;
        const bool soft = is(edge.to, role_cache | role_watch) && !one_is_enough;
        if (soft || is(node, role_queue)) continue;
        if (is(edge.to, role_naming)) {
            if (down[edge.to]) return false;
            continue;
        }
        const bool good = reaches(edge.to, wanted, down);
        if (!good && !one_is_enough) return false;
        any = true;
        works = works || good;
    }
    return !one_is_enough || !any || works;
}

bool Blueprint::works(int client, const std::vector<bool>& down) const {
    if (down[static_cast<std::size_t>(client)]) return true;
    const char* const shares[sim::k_classes] = {"pages", "writes", "assets", "api"};
    for (int i = 0; i < sim::k_classes; ++i)
        if (value(client, shares[i], 1) > 0 && !reaches(client, static_cast<sim::RequestClass>(i), down))
            return false;
    return true;
}

Part Blueprint::names(std::string_view part, const std::vector<int>& nodes) const {
    Part all{part, ""};
    for (const int node : nodes) {
        const Part one = named(part, scenario_, node);
        all.text += (all.text.empty() ? "" : ", ") + one.text;
        all.ko += (all.ko.empty() ? "" : ", ") + (one.ko.empty() ? one.text : one.ko);
    }
    return all;
}

std::vector<SinglePoint> single_points(const Blueprint& blueprint) {
    const std::size_t count = blueprint.scenario().nodes.size();
    std::vector<SinglePoint> found;
    for (std::size_t i = 0; i < count; ++i) {
        const int node = static_cast<int>(i);
        const bool group = blueprint.is(node, role_group);
        if (blueprint.is(node, role_client) || (!group && blueprint.redundant(node))) continue;
        std::vector<bool> down(count, false);
        down[i] = true;
        const std::vector<int> members = group ? blueprint.members(node) : std::vector<int>{};
        for (const int member : members)
            if (!blueprint.is(member, role_client)) down[static_cast<std::size_t>(member)] = true;
        SinglePoint one;
        one.node = node;
        for (const int client : blueprint.with_role(role_client))
            if (!blueprint.works(client, down)) one.clients.push_back(client);
        if (one.clients.empty()) continue;
        const Words& words = group ? Words{"everything in {n} fails at once: then requests of {c} fail",
                                           "{n} 안의 모든 것이 함께 멈춘다. 그러면 {c}의 요청이 실패한다"}
                                   : Words{"{n} stands alone: when it fails, requests of {c} fail",
                                           "{n:이/가} 하나뿐이다. 멈추면 {c}의 요청이 실패한다"};
        one.sentence =
            filled(words, {named("n", blueprint.scenario(), node), blueprint.names("c", one.clients)});
        found.push_back(std::move(one));
    }
    return found;
}

namespace {

// Without its sentence. Busy is NaN where nothing is predicted.
TierLoad tier_load(const NodePrediction& seen, int node) {
    TierLoad out;
    out.node = node;
    out.load_per_s = seen.arrivals_per_s;
    const double busy = std::isnan(seen.workers_busy)  ? seen.utilization
                        : std::isnan(seen.utilization) ? seen.workers_busy
                                                       : std::max(seen.utilization, seen.workers_busy);
    out.utilization = busy;
    out.capacity_per_s = busy > 0 ? out.load_per_s / busy : std::numeric_limits<double>::infinity();
    return out;
}

Text load_sentence(const Blueprint& blueprint, const TierLoad& load, bool steady) {
    const Words words =
        !steady || load.utilization > 1
            ? Words{"{n} gets {l} per second and cannot keep up", "{n}에 초당 {l}건이 들어와 감당하지 못한다"}
            : Words{"{n} gets {l} per second and can take about {c}: {b} busy",
                    "{n}에 초당 {l}건이 들어오고 약 {c}건까지 감당한다. 사용률 {b}"};
    return filled(words, {named("n", blueprint.scenario(), load.node),
                          {"l", count_text(load.load_per_s)},
                          {"c", count_text(load.capacity_per_s)},
                          {"b", percent_text(load.utilization)}});
}

std::vector<TierLoad> tier_loads(const Blueprint& blueprint) {
    std::vector<TierLoad> out;
    for (std::size_t i = 0; i < blueprint.prediction().nodes.size(); ++i) {
        const int node = static_cast<int>(i);
        if (blueprint.is(node, role_client | role_group | role_naming)) continue;
        const NodePrediction& seen = blueprint.prediction().nodes[i];
        TierLoad load = tier_load(seen, node);
        const bool told = load.utilization > 0.0005 && load.load_per_s > 0 && std::isfinite(load.load_per_s);
        if (!told) continue;
        load.sentence = load_sentence(blueprint, load, seen.steady);
        out.push_back(std::move(load));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const TierLoad& a, const TierLoad& b) { return a.utilization > b.utilization; });
    return out;
}

// Stores that the same users may be led to, one instead of the other.
void unlinked_twins(const Blueprint& blueprint, std::vector<Text>& out) {
    Scenario small = blueprint.scenario();
    for (NodeDef& node : small.nodes)
        for (const char* many : {"users", "resolvers", "data_keys"}) // what makes loading one slow
            if (node.kind->param_index(many) >= 0) set_value(node, many, 1);
    const sim::Sim probe(small);
    const std::vector<int> stores = blueprint.with_role(role_store);
    for (std::size_t a = 0; a < stores.size(); ++a)
        for (std::size_t b = a + 1; b < stores.size(); ++b) {
            const std::vector<std::uint32_t>& twins =
                probe.twins[probe.homes[static_cast<std::size_t>(stores[a])]];
            const std::uint32_t other = probe.homes[static_cast<std::size_t>(stores[b])];
            if (std::find(twins.begin(), twins.end(), other) == twins.end()) continue;
            out.push_back(filled(
                Words{"{a} and {b} are not linked: users who are led to the other find nothing of what they "
                      "wrote",
                      "{a:와/과} {b:이/가} 이어져 있지 않다. 다른 쪽으로 옮겨 간 사용자는 자기가 쓴 것을 "
                      "찾지 못한다"},
                {named("a", blueprint.scenario(), stores[a]), named("b", blueprint.scenario(), stores[b])}));
        }
}

std::vector<Text> data_gaps(const Blueprint& blueprint) {
    std::vector<Text> out;
    for (const int store : blueprint.with_role(role_store)) {
        const Part node = named("n", blueprint.scenario(), store);
        const double copies =
            std::max(blueprint.value(store, "replicas", 0) + 1, blueprint.value(store, "copies", 1));
        bool linked = false;
        for (const EdgeDef& edge : blueprint.scenario().edges)
            linked =
                linked || (is_link(blueprint.scenario(), edge) && (edge.from == store || edge.to == store));
        if (copies < 2 && !linked)
            out.push_back(filled(Words{"{n} keeps the only copy: what its machine loses is lost",
                                       "{n}에만 데이터가 있다. 그 머신이 잃으면 데이터도 사라진다"},
                                 {node}));
        else if (blueprint.choice(store, "replication").starts_with("async"))
            out.push_back(
                filled(Words{"{n} copies later: writes that are not copied yet are lost when it fails",
                             "{n:은/는} 나중에 복제한다. 아직 복제되지 않은 쓰기는 장애 때 사라진다"},
                       {node}));
    }
    unlinked_twins(blueprint, out);
    if (!blueprint.with_role(role_store).empty())
        out.push_back(
            {"a copy is no backup: a wrong delete is copied too; keep backups and try to restore them",
             "복제본은 백업이 아니다. 잘못된 삭제도 복제되므로 따로 백업하고 복원을 시험해야 한다"});
    return out;
}

} // namespace

} // namespace scale::analysis

namespace scale {

Review review(const Scenario& scenario) {
    const analysis::Blueprint blueprint(scenario);
    Review out;
    out.single_points = analysis::single_points(blueprint);
    out.tiers = analysis::tier_loads(blueprint);
    out.data_gaps = analysis::data_gaps(blueprint);
    out.rules = analysis::check_rules(blueprint, out.single_points);
    return out;
}

const char* verdict_id(Verdict verdict) {
    return verdict == Verdict::yes ? "yes" : verdict == Verdict::no ? "no" : "not_needed";
}

} // namespace scale
