// What is true: versions of keys, in the home that a value has. Stores that are linked have one home.
#include "sim/sim.hpp"

#include <algorithm>
#include <bit>

namespace scale::sim {

namespace {

constexpr std::uint32_t k_count_most =
    (1u << k_count_bits) - 2; // beyond that writes are no longer told apart

// Grown to powers of two, so that a growing range of keys seldom allocates.
std::uint32_t& at_key(std::vector<std::uint32_t>& versions, std::uint32_t key) {
    if (key >= versions.size()) versions.resize(std::size_t{1} << std::bit_width(key | 1023u));
    return versions[key];
}

std::uint32_t next(std::uint32_t version) {
    const std::uint32_t count = version & ((1u << k_count_bits) - 1);
    return count < k_count_most ? version + 1 : version;
}

bool is_store(const Scenario& scenario, std::size_t node) {
    return (scenario.nodes[node].kind->role & role_store) != 0;
}

// Stores that are linked, over however many others, get one number; it counts from `count` on.
void spread_home(const Scenario& scenario, std::vector<std::uint32_t>& homes, std::size_t node,
                 std::uint32_t home) {
    homes[node] = home;
    for (const EdgeDef& edge : scenario.edges) {
        if (edge.from != node && edge.to != node) continue;
        const std::size_t other = edge.from == node ? edge.to : edge.from;
        if (homes[other] == k_none && is_store(scenario, other)) spread_home(scenario, homes, other, home);
    }
}

// Others pass on what they get from the first store that they lead to, or that who calls them leads to.
void inherit_homes(const Scenario& scenario, std::vector<std::uint32_t>& homes) {
    for (const bool downwards : {false, true}) {
        for (bool found = true; found;) {
            found = false;
            for (const EdgeDef& edge : scenario.edges) {
                if (is_link(scenario, edge)) continue;
                const std::size_t from = downwards ? edge.to : edge.from;
                const std::size_t to = downwards ? edge.from : edge.to;
                if (homes[from] != k_none || homes[to] == k_none) continue;
                homes[from] = homes[to];
                found = true;
            }
        }
    }
    std::replace(homes.begin(), homes.end(), k_none, std::uint32_t{0});
}

} // namespace

void Sim::load_homes() {
    homes.assign(nodes.size(), k_none);
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (is_store(scenario, i) && homes[i] == k_none) spread_home(scenario, homes, i, count++);
    inherit_homes(scenario, homes);
    const std::size_t there = std::max(count, 1u);
    truths.resize(there);
    issued.resize(there);
    writers.resize(there);
    twins.resize(there);
    load_twins();
}

// Users who ask a name are led along one of their edges: what lies behind one and not behind another.
void Sim::load_twins() {
    std::vector<std::vector<bool>> reach(nodes.size(), std::vector<bool>(truths.size()));
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (is_store(scenario, i)) reach[i][homes[i]] = true;
    for (bool grew = true; grew;) {
        grew = false;
        for (const EdgeDef& edge : scenario.edges) {
            if (is_link(scenario, edge)) continue;
            for (std::size_t home = 0; home < truths.size(); ++home) {
                if (!reach[edge.to][home] || reach[edge.from][home]) continue;
                reach[edge.from][home] = grew = true;
            }
        }
    }
    std::vector<const KindRecord*> kinds_at(truths.size(), nullptr);
    for (std::size_t i = nodes.size(); i-- > 0;)
        if (is_store(scenario, i)) kinds_at[homes[i]] = scenario.nodes[i].kind;
    const auto names = [&](std::size_t node) { return (scenario.nodes[node].kind->role & role_naming) != 0; };
    for (std::size_t client = 0; client < nodes.size(); ++client) {
        bool asks = false;
        std::vector<std::size_t> targets;
        for (const EdgeDef& edge : scenario.edges) {
            if (edge.from != client) continue;
            asks = asks || names(edge.to);
            targets.push_back(edge.to);
        }
        if (!asks) continue;
        // Some way leads to one home and not to the other.
        const auto leads_to = [&](std::size_t one, std::size_t other) {
            return std::any_of(targets.begin(), targets.end(),
                               [&](std::size_t way) { return reach[way][one] && !reach[way][other]; });
        };
        for (std::uint32_t one = 0; one < truths.size(); ++one) {
            for (std::uint32_t other = one + 1; other < truths.size(); ++other) {
                if (kinds_at[one] != kinds_at[other] || !leads_to(one, other) || !leads_to(other, one))
                    continue;
                twins[one].push_back(other);
                twins[other].push_back(one);
            }
        }
    }
    for (std::vector<std::uint32_t>& of_home : twins) {
        std::sort(of_home.begin(), of_home.end());
        of_home.erase(std::unique(of_home.begin(), of_home.end()), of_home.end());
    }
}

std::uint32_t Sim::commit(NodeId node, std::uint32_t key) {
    const std::uint32_t home = homes[node];
    if (key < issued[home].size()) {
        const std::uint32_t version = issue(node, key);
        acknowledge(node, key, version);
        return version;
    }
    written = true;
    std::uint32_t& now_true = at_key(truths[home], key);
    return now_true = next(stamp(node, now_true));
}

std::uint32_t Sim::issue(NodeId node, std::uint32_t key) {
    std::uint32_t& highest = at_key(issued[homes[node]], key);
    return highest = next(std::max(highest, latest(node, key)));
}

void Sim::acknowledge(NodeId node, std::uint32_t key, std::uint32_t version) {
    written = true;
    std::uint32_t& now_true = at_key(truths[homes[node]], key);
    now_true = std::max(now_true, version);
}

void Sim::retract(NodeId node, std::uint32_t key, std::uint32_t version) {
    std::uint32_t& highest = at_key(issued[homes[node]], key);
    highest = std::max(highest, latest(node, key));
    written = true;
    at_key(truths[homes[node]], key) = version;
}

void Sim::learn(std::uint32_t copy, std::uint32_t key, std::uint32_t version) {
    at_key(copies[copy], key) = version;
}

void Sim::wrote(NodeId node, const Request& request) {
    if (twins[homes[node]].empty()) return;
    const std::uint32_t client = client_numbers[Slab::frames_of(request)[0].node];
    if (client != k_none) at_key(writers[homes[node]], request.key) = client + 1;
}

bool Sim::misses(NodeId node, const Request& request) const {
    const std::uint32_t home = homes[node];
    if (twins[home].empty()) return false;
    const std::uint32_t client = client_numbers[Slab::frames_of(request)[0].node];
    if (client == k_none) return false;
    const auto wrote_in = [&](std::uint32_t which) {
        return request.key < writers[which].size() && writers[which][request.key] == client + 1;
    };
    return !wrote_in(home) && std::any_of(twins[home].begin(), twins[home].end(), wrote_in);
}

} // namespace scale::sim
