// Scenarios as data: making parts of them, and what keeps one from running.
#include "scale/scenario.hpp"

#include <algorithm>
#include <cassert>

namespace scale {

namespace {

std::string at_node(std::size_t i) { return "$.nodes[" + std::to_string(i) + "]"; }
std::string at_edge(std::size_t i) { return "$.edges[" + std::to_string(i) + "]"; }
std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// How many groups are around a node; more than the limit where they stand in a circle.
std::size_t depth_in_groups(const Scenario& scenario, std::size_t node) {
    std::size_t depth = 0;
    int at = static_cast<int>(node);
    while (depth <= limits::k_groups_deep && !scenario.nodes[static_cast<std::size_t>(at)].in.empty()) {
        at = scenario.find_node(scenario.nodes[static_cast<std::size_t>(at)].in);
        if (at < 0) break;
        ++depth;
    }
    return depth;
}

std::optional<Error> check_groups(const Scenario& scenario) {
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        const NodeDef& node = scenario.nodes[i];
        if (node.in.empty()) continue;
        const int group = scenario.find_node(node.in);
        if (group < 0)
            return Error{at_node(i) + ".in", "there is no node " + quoted(node.in),
                         "add it, or leave \"in\" out"};
        const KindRecord& holder = *scenario.nodes[static_cast<std::size_t>(group)].kind;
        if ((holder.role & role_group) == 0)
            return Error{at_node(i) + ".in",
                         quoted(node.in) + " is a " + holder.name.en + " and holds no nodes",
                         "name a machine or a region"};
        if ((node.kind->role & ~holder.holds) != 0)
            return Error{at_node(i) + ".in",
                         std::string("a ") + node.kind->id + " does not stand in a " + holder.id,
                         "leave \"in\" out"};
        if (depth_in_groups(scenario, i) > limits::k_groups_deep)
            return Error{at_node(i) + ".in",
                         "groups stand in one another in a circle, or more than " +
                             std::to_string(limits::k_groups_deep) + " deep",
                         "take one of them out"};
    }
    return std::nullopt;
}

std::optional<Error> check_edge(const Scenario& scenario, std::size_t number) {
    const EdgeDef& edge = scenario.edges[number];
    if (edge.from >= scenario.nodes.size() || edge.to >= scenario.nodes.size())
        return Error{at_edge(number), "an end of this edge is no node", ""};
    const NodeDef& from = scenario.nodes[edge.from];
    const NodeDef& to = scenario.nodes[edge.to];
    if (edge.from == edge.to)
        return Error{at_edge(number), quoted(from.id) + " cannot call itself", "remove the edge"};
    if (((from.kind->calls | from.kind->links) & to.kind->role) == 0)
        return Error{at_edge(number),
                     std::string("a ") + from.kind->id + " does not call a " + to.kind->id + " (" + from.id +
                         " -> " + to.id + ")",
                     "remove the edge, or put what belongs between them"};
    for (std::size_t other = 0; other < number; ++other)
        if (scenario.edges[other].from == edge.from && scenario.edges[other].to == edge.to)
            return Error{at_edge(number), "this edge is there already, as " + at_edge(other),
                         "remove one of them"};
    return std::nullopt;
}

// Longest way in nodes; 0 when there is a circle.
std::size_t longest_way(const Scenario& scenario) {
    std::vector<std::size_t> deep(scenario.nodes.size(), 1);
    for (std::size_t round = 0; round <= scenario.nodes.size(); ++round) {
        bool grew = false;
        for (const EdgeDef& edge : scenario.edges) {
            if (is_link(scenario, edge) || deep[edge.from] > deep[edge.to]) continue;
            deep[edge.from] = deep[edge.to] + 1;
            grew = true;
        }
        if (!grew) return *std::max_element(deep.begin(), deep.end());
    }
    return 0;
}

std::optional<Error> check_ways(const Scenario& scenario) {
    const std::size_t longest = longest_way(scenario);
    if (longest == 0)
        return Error{"$.edges", "requests would go round in a circle", "remove an edge of the circle"};
    if (longest > limits::k_hops)
        return Error{"$.edges",
                     "the longest way has " + std::to_string(longest) + " nodes, at most " +
                         std::to_string(limits::k_hops) + " are allowed",
                     "shorten the chain"};
    return std::nullopt;
}

} // namespace

NodeDef make_node(std::string_view id, const KindRecord& kind) {
    NodeDef node;
    node.id = std::string(id);
    node.kind = &kind;
    for (const ParamRecord& param : kind.params) node.values.push_back(param.fallback);
    return node;
}

EdgeDef make_edge(int from, int to) {
    EdgeDef edge;
    edge.from = static_cast<std::uint16_t>(from);
    edge.to = static_cast<std::uint16_t>(to);
    for (const ParamRecord& param : edge_params()) edge.values.push_back(param.fallback);
    return edge;
}

void set_value(NodeDef& node, std::string_view param, double value) {
    const int index = node.kind->param_index(param);
    assert(index >= 0 && "the kind has no such parameter");
    node.values[static_cast<std::size_t>(index)] = value;
}

double get_value(const NodeDef& node, std::string_view param) {
    const int index = node.kind->param_index(param);
    assert(index >= 0 && "the kind has no such parameter");
    return node.values[static_cast<std::size_t>(index)];
}

bool is_link(const Scenario& scenario, const EdgeDef& edge) {
    const KindRecord& to = *scenario.nodes[edge.to].kind;
    return (scenario.nodes[edge.from].kind->links & to.role) != 0;
}

std::optional<Error> validate_structure(const Scenario& scenario) {
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i)
        if (scenario.find_node(scenario.nodes[i].id) != static_cast<int>(i))
            return Error{at_node(i) + ".id", quoted(scenario.nodes[i].id) + " is taken by an earlier node",
                         "give every node an id of its own"};
    if (auto error = check_groups(scenario)) return error;
    for (std::size_t i = 0; i < scenario.edges.size(); ++i)
        if (auto error = check_edge(scenario, i)) return error;
    if (auto error = find_contradiction(scenario)) return error;
    return scenario.nodes.empty() ? std::nullopt : check_ways(scenario);
}

std::vector<Error> missing_parts(const Scenario& scenario) {
    if (scenario.nodes.empty()) return {{"$.nodes", "there is no node", "add clients and what they call"}};
    std::vector<Error> missing;
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        const NodeDef& node = scenario.nodes[i];
        std::uint32_t outs = 0;
        for (const EdgeDef& edge : scenario.edges)
            if (edge.from == i && !is_link(scenario, edge) &&
                (scenario.nodes[edge.to].kind->role & role_naming) == 0)
                ++outs;
        if (outs < node.kind->calls_least)
            missing.push_back({at_node(i), quoted(node.id) + " leads nowhere",
                               "connect this " + std::string(node.kind->id) + " to what it should call"});
    }
    return missing;
}

std::optional<Error> validate(const Scenario& scenario) {
    if (auto error = validate_structure(scenario)) return error;
    const std::vector<Error> missing = missing_parts(scenario);
    if (missing.empty()) return std::nullopt;
    return missing.front();
}

std::optional<Error> refuse_edge(const Scenario& scenario, int from, int to) {
    Scenario joined = scenario;
    joined.edges.push_back(make_edge(from, to));
    if (auto error = check_edge(joined, joined.edges.size() - 1)) return error;
    return check_ways(joined);
}

} // namespace scale
