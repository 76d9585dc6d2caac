// How high everything stands: every container by itself first, then the containers and what is free.

#include <algorithm>
#include <cmath>
#include <utility>

#include "layout_rows.hpp"

namespace scale::web {

namespace {

constexpr int k_rounds = 36, k_free_rounds = 18;

// Everything in an outermost group.
std::vector<char> in_unit(const Rows& rows, int group) {
    std::vector<char> in(rows.y.size(), 0);
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = rows.unit[i] == group;
    return in;
}

double middle_of(const Rows& rows, int group) {
    return (rows.y[static_cast<std::size_t>(rows.top(group))] +
            rows.y[static_cast<std::size_t>(rows.bottom(group))]) /
           2;
}

// The outermost groups from top to bottom, in the order that the layers have them in.
std::vector<int> outer_groups(const Rows& rows) {
    std::vector<double> sums(rows.groups, 0), counts(rows.groups, 0);
    for (std::size_t i = 0; i < rows.items(); ++i) {
        if (rows.unit[i] < 0) continue;
        sums[static_cast<std::size_t>(rows.unit[i])] += rows.graph.items[i].order;
        counts[static_cast<std::size_t>(rows.unit[i])] += 1;
    }
    std::vector<std::pair<double, int>> keyed;
    for (std::size_t g = 0; g < rows.groups; ++g)
        if (counts[g] > 0) keyed.push_back({sums[g] / counts[g], static_cast<int>(g)});
    std::sort(keyed.begin(), keyed.end());
    std::vector<int> groups;
    for (const auto& one : keyed) groups.push_back(one.second);
    return groups;
}

// How far a group has to go down so that it stands below all that is settled and has to be above it.
double push_below(const Rows& rows, int group, const std::vector<char>& settled) {
    double push = -1e9;
    for (const RowRule& rule : rows.rules) {
        const std::size_t above = static_cast<std::size_t>(rule.above),
                          below = static_cast<std::size_t>(rule.below);
        if (rows.unit[below] == group && rows.unit[above] != group && settled[above])
            push = std::max(push, rows.y[above] + rule.distance - rows.y[below]);
    }
    return push;
}

// One group below the other, those that share no column side by side.
void stack_groups(Rows& rows) {
    rows.wish = rows.y;
    wish_edges(rows);
    for (std::size_t i = rows.items(); i < rows.y.size(); ++i) rows.y[i] = rows.wish[i];
    std::vector<char> settled(rows.y.size(), 0);
    for (int group : outer_groups(rows)) {
        const std::vector<char> moved = in_unit(rows, group);
        const double push = push_below(rows, group, settled);
        move_rows(rows, moved, push > -1e8 ? push : -middle_of(rows, group));
        for (std::size_t i = 0; i < settled.size(); ++i) settled[i] = settled[i] || moved[i];
    }
}

// The link in the middle of those on one side, or -1 when there is none in the middle.
int middle_link(const LayoutGraph& graph, std::vector<int> links) {
    if (links.size() % 2 == 0) return -1;
    std::sort(links.begin(), links.end(), [&](int a, int b) {
        return std::make_pair(graph.items[static_cast<std::size_t>(a)].order, a) <
               std::make_pair(graph.items[static_cast<std::size_t>(b)].order, b);
    });
    return links[links.size() / 2];
}

// Cards that stand almost level with what they are linked to are put level with it: straight lines are calm.
void align(Rows& rows) {
    constexpr double k_near = 56;
    const auto level = [&](std::size_t item, const std::vector<int>& links) {
        const int other = middle_link(rows.graph, links);
        if (other < 0 || rows.graph.items[item].root != static_cast<int>(item)) return;
        const double by = rows.y[static_cast<std::size_t>(other)] - rows.y[item];
        if (by == 0 || std::abs(by) > k_near) return;
        std::vector<char> moved(rows.y.size(), 0);
        for (std::size_t i = 0; i < rows.graph.items.size(); ++i)
            moved[i] = rows.graph.items[i].root == static_cast<int>(item);
        if (holds_moved(rows, moved, by)) move_rows(rows, moved, by);
    };
    const auto& layers = rows.graph.layers;
    for (std::size_t l = layers.size(); l-- > 0;)
        for (int item : layers[l])
            level(static_cast<std::size_t>(item), rows.graph.items[static_cast<std::size_t>(item)].right);
    for (const auto& layer : layers)
        for (int item : layer) {
            const LayoutItem& it = rows.graph.items[static_cast<std::size_t>(item)];
            if (it.right.empty()) level(static_cast<std::size_t>(item), it.left);
        }
}

// Parts that are not linked with each other, numbered; -1 for what stands in a group or is linked with one.
std::vector<int> loose_parts(const Rows& rows) {
    std::vector<int> part(rows.items(), -2);
    int count = 0;
    for (std::size_t start = 0; start < part.size(); ++start) {
        if (part[start] != -2) continue;
        std::vector<std::size_t> found{start};
        part[start] = count;
        bool loose = true;
        const auto reach = [&](std::size_t item) {
            if (part[item] == -2) part[item] = count, found.push_back(item);
        };
        for (std::size_t i = 0; i < found.size(); ++i) {
            const LayoutItem& item = rows.graph.items[found[i]];
            loose = loose && item.groups.empty();
            for (int other : item.left) reach(static_cast<std::size_t>(other));
            for (int other : item.right) reach(static_cast<std::size_t>(other));
            for (std::size_t other = 0; other < part.size(); ++other)
                if (rows.graph.items[other].root == item.root) reach(other);
        }
        for (std::size_t item : found) part[item] = loose ? count : -1;
        count += loose;
    }
    return part;
}

// Parts that have nothing to do with each other close up, in the order in which they stand.
void close_parts(Rows& rows) {
    const std::vector<int> part = loose_parts(rows);
    const int count = part.empty() ? 0 : *std::max_element(part.begin(), part.end()) + 1;
    if (count < 2 || rows.groups > 0) return;
    std::vector<std::pair<double, int>> order(static_cast<std::size_t>(count), {0, 0});
    for (int p = 0; p < count; ++p) {
        double sum = 0, items = 0;
        for (std::size_t i = 0; i < part.size(); ++i)
            if (part[i] == p) sum += rows.y[i], items += 1;
        order[static_cast<std::size_t>(p)] = {sum / items, p};
    }
    std::sort(order.begin(), order.end());
    const std::vector<double> before = rows.y;
    for (std::size_t k = 1; k < order.size(); ++k) {
        double least = -1e9;
        for (const RowRule& rule : rows.rules) {
            const std::size_t above = static_cast<std::size_t>(rule.above),
                              below = static_cast<std::size_t>(rule.below);
            if (part[below] == order[k].second && part[above] != part[below])
                least = std::max(least, rows.y[above] + rule.distance - rows.y[below]);
        }
        for (std::size_t i = 0; i < part.size() && least > -1e8; ++i)
            if (part[i] == order[k].second) rows.y[i] += least;
    }
    for (const RowRule& rule : rows.rules)
        if (rows.y[static_cast<std::size_t>(rule.below)] - rows.y[static_cast<std::size_t>(rule.above)] <
            rule.distance - 1e-6) {
            rows.y = before;
            return;
        }
}

} // namespace

void place_rows(LayoutGraph& graph) {
    Rows rows(graph);
    for (int round = 0; round < k_rounds; ++round) {
        wish_within(rows, round < k_rounds - 8 ? round : 2);
        wish_edges(rows);
        settle(rows, true);
    }
    stack_groups(rows);
    for (int round = 0; round < k_free_rounds; ++round) {
        wish_free(rows, round < k_free_rounds - 6 ? round : 2);
        settle(rows, false);
    }
    close_parts(rows);
    align(rows);
    for (std::size_t i = 0; i < graph.items.size(); ++i) graph.items[i].y = rows.y[i];
}

std::vector<double> place_columns(const LayoutGraph& graph) {
    std::vector<int> first, last;
    for (const LayoutItem& item : graph.items)
        for (int group : item.groups) {
            const std::size_t g = static_cast<std::size_t>(group);
            if (first.size() <= g) first.resize(g + 1, 1 << 20), last.resize(g + 1, -1);
            first[g] = std::min(first[g], item.layer);
            last[g] = std::max(last[g], item.layer);
        }
    std::vector<double> steepest(graph.layers.size(), 0), ends(graph.layers.size(), 0),
        starts(graph.layers.size(), 0);
    for (const LayoutItem& item : graph.items) {
        const std::size_t l = static_cast<std::size_t>(item.layer);
        double ending = 0, starting = 0;
        for (int group : item.groups) {
            ending += last[static_cast<std::size_t>(group)] == item.layer;
            starting += first[static_cast<std::size_t>(group)] == item.layer;
        }
        ends[l] = std::max(ends[l], ending);
        starts[l] = std::max(starts[l], starting);
        for (int to : item.right)
            steepest[l] =
                std::max(steepest[l], std::abs(graph.items[static_cast<std::size_t>(to)].y - item.y));
    }
    std::vector<double> x(graph.layers.size(), 0);
    for (std::size_t l = 1; l < x.size(); ++l) {
        const double room = std::max(k_column_gap, 40 + k_group_pad * (ends[l - 1] + starts[l]));
        x[l] = x[l - 1] + k_card_width + snap(room + std::clamp((steepest[l - 1] - 240) / 8, 0.0, 120.0));
    }
    return x;
}

} // namespace scale::web
