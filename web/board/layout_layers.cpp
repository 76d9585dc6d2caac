// Which card stands in which column: the longest way from the sources, databases to the right, look-ups and
// replicas stacked on the card that they belong to.

#include <algorithm>
#include <cmath>

#include "layout_graph.hpp"

namespace scale::web {

namespace {

constexpr double k_passage_height = 16;

struct Flow {
    std::vector<std::vector<int>> out, in; // per node, without circles
    std::vector<int> root, rank;           // per node: what it is stacked on
};

bool stacked_above(const NodeDef& node) {
    return node.kind->tier == Tier::naming || node.kind->tier == Tier::watch;
}

bool stores(const NodeDef& node) { return (node.kind->role & role_store) != 0; }

// Where the pair of an edge stands in one column: {upper is the attached one}; 0 when it flows to the right.
enum class Attach { none, above, below };
Attach attachment(const NodeDef& from, const NodeDef& to) {
    if (from.in != to.in && !stacked_above(to)) return Attach::none;
    if (stacked_above(to) || stacked_above(from)) return Attach::above;
    return stores(from) && stores(to) ? Attach::below : Attach::none;
}

// The end of a chain of attachments; a circle of them is cut.
int root_of(const std::vector<int>& parent, int node) {
    int steps = 0;
    while (parent[static_cast<std::size_t>(node)] != node && ++steps < 64)
        node = parent[static_cast<std::size_t>(node)];
    return node;
}

void attach_nodes(const Scenario& scenario, Flow& flow) {
    const std::size_t count = scenario.nodes.size();
    flow.root.resize(count);
    flow.rank.assign(count, 0);
    for (std::size_t i = 0; i < count; ++i) flow.root[i] = static_cast<int>(i);
    std::vector<char> above(count, 0);
    for (const EdgeDef& edge : scenario.edges) {
        const NodeDef &from = scenario.nodes[edge.from], &to = scenario.nodes[edge.to];
        const Attach attach = attachment(from, to);
        if (attach == Attach::none) continue;
        const bool first_is_child = attach == Attach::above && stacked_above(from);
        const int child = first_is_child ? edge.from : edge.to, parent = first_is_child ? edge.to : edge.from;
        const std::size_t c = static_cast<std::size_t>(child);
        if (flow.root[c] != child || root_of(flow.root, parent) == child) continue;
        flow.root[c] = parent;
        above[c] = attach == Attach::above;
    }
    std::vector<int> up(count, 0), down(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t root = static_cast<std::size_t>(root_of(flow.root, static_cast<int>(i)));
        if (root != i) flow.rank[i] = above[i] ? -++up[root] : ++down[root];
    }
    for (std::size_t i = 0; i < count; ++i) flow.root[i] = root_of(flow.root, static_cast<int>(i));
}

void drop_circles(Flow& flow) {
    const std::size_t count = flow.out.size();
    std::vector<char> state(count, 0); // 1 on the way, 2 done
    std::vector<std::pair<int, std::size_t>> way;
    for (std::size_t start = 0; start < count; ++start) {
        if (state[start]) continue;
        way.push_back({static_cast<int>(start), 0});
        state[start] = 1;
        while (!way.empty()) {
            auto& [node, next] = way.back();
            auto& out = flow.out[static_cast<std::size_t>(node)];
            if (next >= out.size()) {
                state[static_cast<std::size_t>(node)] = 2;
                way.pop_back();
                continue;
            }
            const std::size_t to = static_cast<std::size_t>(out[next]);
            if (state[to] == 1) {
                out.erase(out.begin() + static_cast<std::ptrdiff_t>(next));
                continue;
            }
            ++next;
            if (state[to] == 0) {
                state[to] = 1;
                way.push_back({static_cast<int>(to), 0});
            }
        }
    }
}

Flow read_flow(const Scenario& scenario) {
    Flow flow;
    attach_nodes(scenario, flow);
    flow.out.resize(scenario.nodes.size());
    for (const EdgeDef& edge : scenario.edges) {
        if (is_group(scenario.nodes[edge.from]) || is_group(scenario.nodes[edge.to])) continue;
        const int from = flow.root[edge.from], to = flow.root[edge.to];
        auto& out = flow.out[static_cast<std::size_t>(from)];
        if (from == to || stacked_above(scenario.nodes[edge.from]) || stacked_above(scenario.nodes[edge.to]))
            continue;
        if (std::find(out.begin(), out.end(), to) == out.end()) out.push_back(to);
    }
    drop_circles(flow);
    flow.in.resize(flow.out.size());
    for (std::size_t from = 0; from < flow.out.size(); ++from)
        for (int to : flow.out[from]) flow.in[static_cast<std::size_t>(to)].push_back(static_cast<int>(from));
    return flow;
}

// The usual column of a card that nothing leads to yet.
int column_of_tier(Tier tier, int last) {
    constexpr int usual[] = {0, 0, 1, 1, 2, 3, 3, 3, 0, 0};
    const int column = usual[static_cast<int>(tier)];
    return tier == Tier::store ? std::max(last, 1) : std::min(column, std::max(last, 1));
}

std::vector<int> longest_ways(const Scenario& scenario, const Flow& flow) {
    const std::size_t count = scenario.nodes.size();
    std::vector<int> layer(count, 0), waits(count, 0), ready;
    for (std::size_t i = 0; i < count; ++i) {
        waits[i] = static_cast<int>(flow.in[i].size());
        if (!waits[i]) ready.push_back(static_cast<int>(i));
    }
    for (std::size_t i = 0; i < ready.size(); ++i) {
        const std::size_t from = static_cast<std::size_t>(ready[i]);
        for (int to : flow.out[from]) {
            const std::size_t t = static_cast<std::size_t>(to);
            layer[t] = std::max(layer[t], layer[from] + 1);
            if (--waits[t] == 0) ready.push_back(to);
        }
    }
    const int last = count ? *std::max_element(layer.begin(), layer.end()) : 0;
    for (std::size_t i = 0; i < count; ++i) {
        const NodeDef& node = scenario.nodes[i];
        if (is_group(node)) continue;
        if (flow.out[i].empty() && flow.in[i].empty())
            layer[i] = column_of_tier(node.kind->tier, last);
        else if (flow.out[i].empty() && node.kind->tier == Tier::store)
            layer[i] = last;
    }
    for (std::size_t i = 0; i < count; ++i) layer[i] = layer[static_cast<std::size_t>(flow.root[i])];
    return layer;
}

// A column that would grow too tall becomes several; lines to the further ones pass between the cards.
void split_tall_columns(const Scenario& scenario, const Flow& flow, std::vector<int>& layer) {
    std::size_t cards = 0;
    int last = 0;
    for (std::size_t i = 0; i < layer.size(); ++i) {
        if (is_group(scenario.nodes[i])) continue;
        ++cards;
        last = std::max(last, layer[i]);
    }
    const int rows = std::max(8, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(cards) * 1.2))));
    std::vector<int> shifted(layer.size(), 0);
    int base = 0;
    for (int column = 0; column <= last; ++column) {
        std::vector<int> roots;
        int here = 0;
        for (std::size_t i = 0; i < layer.size(); ++i) {
            if (layer[i] != column || is_group(scenario.nodes[i])) continue;
            ++here;
            if (flow.root[i] == static_cast<int>(i)) roots.push_back(static_cast<int>(i));
        }
        const int parts = std::max(1, (here + rows - 1) / rows);
        for (int root : roots) {
            // Cards of one group fill the columns one after the other, from top to bottom.
            const std::string& in = scenario.nodes[static_cast<std::size_t>(root)].in;
            int before = 0, together = 0;
            for (int other : roots) {
                if (scenario.nodes[static_cast<std::size_t>(other)].in != in) continue;
                ++together;
                before += other < root;
            }
            shifted[static_cast<std::size_t>(root)] = base + before * parts / together;
        }
        if (here) base += parts;
    }
    for (std::size_t i = 0; i < layer.size(); ++i) layer[i] = shifted[static_cast<std::size_t>(flow.root[i])];
}

void link(LayoutGraph& graph, int from, int to) {
    auto& right = graph.items[static_cast<std::size_t>(from)].right;
    if (std::find(right.begin(), right.end(), to) != right.end()) return;
    right.push_back(to);
    graph.items[static_cast<std::size_t>(to)].left.push_back(from);
}

// The groups that two cards share.
std::vector<int> shared_groups(const std::vector<int>& a, const std::vector<int>& b) {
    std::vector<int> shared;
    for (std::size_t i = 0; i < a.size() && i < b.size() && a[i] == b[i]; ++i) shared.push_back(a[i]);
    return shared;
}

// Long edges towards the same card share their passages.
void link_through(LayoutGraph& graph, int from, int to, std::vector<int>& passages) {
    const int first = graph.items[static_cast<std::size_t>(from)].layer;
    const int last = graph.items[static_cast<std::size_t>(to)].layer;
    int before = from;
    for (int layer = first + 1; layer < last; ++layer) {
        const std::size_t slot = static_cast<std::size_t>(layer);
        const auto& target = graph.items[static_cast<std::size_t>(to)].groups;
        if (passages[slot] < 0) {
            passages[slot] = static_cast<int>(graph.items.size());
            LayoutItem passage;
            passage.layer = layer;
            passage.root = passages[slot];
            passage.height = k_passage_height;
            passage.groups = shared_groups(target, graph.items[static_cast<std::size_t>(from)].groups);
            graph.items.push_back(passage);
            graph.layers[slot].push_back(passages[slot]);
        } else {
            auto& groups = graph.items[static_cast<std::size_t>(passages[slot])].groups;
            groups = shared_groups(groups, graph.items[static_cast<std::size_t>(from)].groups);
        }
        link(graph, before, passages[slot]);
        before = passages[slot];
    }
    link(graph, before, to);
}

// A group reaches through every column between its first and its last card: where it holds none, nothing else
// may stand in its way.
void fill_groups(const Scenario& scenario, LayoutGraph& graph) {
    const std::size_t count = scenario.nodes.size(), columns = graph.layers.size();
    std::vector<char> held(count * columns, 0);
    for (const LayoutItem& item : graph.items)
        for (int group : item.groups)
            held[static_cast<std::size_t>(group) * columns + static_cast<std::size_t>(item.layer)] = 1;
    for (std::size_t group = 0; group < count; ++group) {
        std::size_t first = columns, last = 0;
        for (std::size_t l = 0; l < columns; ++l)
            if (held[group * columns + l]) first = std::min(first, l), last = l;
        for (std::size_t l = first; l < last; ++l) {
            if (held[group * columns + l]) continue;
            LayoutItem filler;
            filler.layer = static_cast<int>(l);
            filler.root = static_cast<int>(graph.items.size());
            filler.groups = groups_of(scenario, static_cast<int>(group));
            filler.groups.push_back(static_cast<int>(group));
            graph.layers[l].push_back(filler.root);
            graph.items.push_back(filler);
        }
    }
}

} // namespace

bool is_group(const NodeDef& node) {
    return node.kind->tier == Tier::group || (node.kind->role & role_group) != 0;
}

std::vector<int> groups_of(const Scenario& scenario, int node) {
    std::vector<int> groups;
    std::string_view in = scenario.nodes[static_cast<std::size_t>(node)].in;
    while (!in.empty() && groups.size() < 8) {
        const int group = scenario.find_node(in);
        if (group < 0 || group == node || std::find(groups.begin(), groups.end(), group) != groups.end())
            break;
        groups.insert(groups.begin(), group);
        in = scenario.nodes[static_cast<std::size_t>(group)].in;
    }
    return groups;
}

double snap(double value) { return std::floor(value / k_board_grid + 0.5) * k_board_grid; }

LayoutGraph build_layers(const Scenario& scenario) {
    const Flow flow = read_flow(scenario);
    std::vector<int> layer = longest_ways(scenario, flow);
    split_tall_columns(scenario, flow, layer);
    LayoutGraph graph;
    const int last = layer.empty() ? -1 : *std::max_element(layer.begin(), layer.end());
    graph.layers.resize(static_cast<std::size_t>(last + 1));
    std::vector<int> item_of(scenario.nodes.size(), -1);
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        if (is_group(scenario.nodes[i])) continue;
        item_of[i] = static_cast<int>(graph.items.size());
        LayoutItem item;
        item.node = static_cast<int>(i);
        item.layer = layer[i];
        item.rank = flow.rank[i];
        item.height = k_card_height;
        item.groups = groups_of(scenario, static_cast<int>(i));
        graph.items.push_back(item);
        graph.layers[static_cast<std::size_t>(layer[i])].push_back(item_of[i]);
    }
    for (LayoutItem& item : graph.items)
        item.root = item_of[static_cast<std::size_t>(flow.root[static_cast<std::size_t>(item.node)])];
    for (std::size_t to = 0; to < flow.in.size(); ++to) {
        std::vector<int> passages(graph.layers.size(), -1);
        for (int from : flow.in[to])
            if (item_of[to] >= 0 && item_of[static_cast<std::size_t>(from)] >= 0)
                link_through(graph, item_of[static_cast<std::size_t>(from)], item_of[to], passages);
    }
    fill_groups(scenario, graph);
    return graph;
}

} // namespace scale::web
