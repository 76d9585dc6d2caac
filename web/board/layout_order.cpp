// Who stands above whom within a column: barycentre sweeps, keeping groups and stacks together.

#include <algorithm>

#include "layout_graph.hpp"

namespace scale::web {

namespace {

constexpr int k_sweeps = 16;

using Order = std::vector<std::vector<int>>;

LayoutItem& at(LayoutGraph& graph, int item) { return graph.items[static_cast<std::size_t>(item)]; }

void number(LayoutGraph& graph) {
    for (const auto& layer : graph.layers) {
        const double middle = (static_cast<double>(layer.size()) - 1) / 2;
        for (std::size_t i = 0; i < layer.size(); ++i)
            at(graph, layer[i]).order = static_cast<double>(i) - middle;
    }
}

// Pairs of links between two layers that cross, counted with a tree of sums.
std::size_t crossings(const LayoutGraph& graph, std::vector<std::size_t>& sums, std::vector<int>& place) {
    std::size_t total = 0;
    place.resize(graph.items.size());
    for (std::size_t l = 0; l + 1 < graph.layers.size(); ++l) {
        const auto& next = graph.layers[l + 1];
        for (std::size_t i = 0; i < next.size(); ++i)
            place[static_cast<std::size_t>(next[i])] = static_cast<int>(i);
        sums.assign(next.size() + 1, 0);
        std::size_t seen = 0;
        for (int from : graph.layers[l]) {
            const auto& right = graph.items[static_cast<std::size_t>(from)].right;
            for (int to : right) {
                std::size_t not_below = 0;
                for (std::size_t i = static_cast<std::size_t>(place[static_cast<std::size_t>(to)]) + 1; i > 0;
                     i &= i - 1)
                    not_below += sums[i];
                total += seen - not_below;
            }
            for (int to : right)
                for (std::size_t i = static_cast<std::size_t>(place[static_cast<std::size_t>(to)]) + 1;
                     i <= next.size(); i += i & (~i + 1))
                    ++sums[i];
            seen += right.size();
        }
    }
    return total;
}

double mean_order(const LayoutGraph& graph, const std::vector<int>& linked, double otherwise) {
    if (linked.empty()) return otherwise;
    double sum = 0;
    for (int item : linked) sum += graph.items[static_cast<std::size_t>(item)].order;
    return sum / static_cast<double>(linked.size());
}

// One number per group: the mean over all that it holds, so that groups stand in one order in every layer.
std::vector<double> group_keys(const LayoutGraph& graph) {
    std::vector<double> sums, counts;
    for (const LayoutItem& item : graph.items)
        for (int group : item.groups) {
            const std::size_t g = static_cast<std::size_t>(group);
            if (sums.size() <= g) sums.resize(g + 1, 0), counts.resize(g + 1, 0);
            sums[g] += item.order;
            counts[g] += 1;
        }
    for (std::size_t g = 0; g < sums.size(); ++g)
        if (counts[g] > 0) sums[g] /= counts[g];
    return sums;
}

struct Keys {
    const LayoutGraph& graph;
    const std::vector<double>& groups;
    const std::vector<double>& items; // barycentre of each item's root

    // Compares what the two stand in at the first level where they part.
    bool operator()(int a, int b) const {
        const LayoutItem &first = graph.items[static_cast<std::size_t>(a)],
                         &second = graph.items[static_cast<std::size_t>(b)];
        std::size_t level = 0;
        while (level < first.groups.size() && level < second.groups.size() &&
               first.groups[level] == second.groups[level])
            ++level;
        const bool group_a = level < first.groups.size(), group_b = level < second.groups.size();
        const double key_a = group_a ? groups[static_cast<std::size_t>(first.groups[level])]
                                     : items[static_cast<std::size_t>(a)];
        const double key_b = group_b ? groups[static_cast<std::size_t>(second.groups[level])]
                                     : items[static_cast<std::size_t>(b)];
        if (key_a != key_b) return key_a < key_b;
        if (group_a != group_b) return group_a;
        if (group_a) return first.groups[level] < second.groups[level];
        const double order_a = graph.items[static_cast<std::size_t>(first.root)].order;
        const double order_b = graph.items[static_cast<std::size_t>(second.root)].order;
        if (order_a != order_b) return order_a < order_b;
        return first.root != second.root ? first.root < second.root : first.rank < second.rank;
    }
};

void sweep(LayoutGraph& graph, bool to_the_right) {
    const std::vector<double> groups = group_keys(graph);
    std::vector<double> keys(graph.items.size(), 0), own(graph.items.size(), 0);
    const std::size_t count = graph.layers.size();
    for (std::size_t k = 0; k < count; ++k) {
        auto& layer = graph.layers[to_the_right ? k : count - 1 - k];
        for (int item : layer) {
            const LayoutItem& it = at(graph, item);
            own[static_cast<std::size_t>(item)] =
                mean_order(graph, to_the_right ? it.left : it.right, it.order);
        }
        for (int item : layer)
            keys[static_cast<std::size_t>(item)] = own[static_cast<std::size_t>(at(graph, item).root)];
        std::sort(layer.begin(), layer.end(), Keys{graph, groups, keys});
        const double middle = (static_cast<double>(layer.size()) - 1) / 2;
        for (std::size_t i = 0; i < layer.size(); ++i)
            at(graph, layer[i]).order = static_cast<double>(i) - middle;
    }
}

} // namespace

void reduce_crossings(LayoutGraph& graph) {
    std::vector<std::size_t> sums;
    std::vector<int> place;
    number(graph);
    sweep(graph, true);
    Order best = graph.layers;
    std::size_t fewest = crossings(graph, sums, place);
    for (int i = 1; i < k_sweeps && fewest > 0; ++i) {
        sweep(graph, i % 2 == 0);
        const std::size_t now = crossings(graph, sums, place);
        if (now >= fewest) continue;
        fewest = now;
        best = graph.layers;
    }
    graph.layers = best;
    number(graph);
}

} // namespace scale::web
