// How high everything stands: as near to its neighbours as the order and the containers allow.

#include <algorithm>

#include "layout_graph.hpp"

namespace scale::web {

namespace {

constexpr int k_rounds = 48;
constexpr double k_passage_gap = 16; // between a card and a line that passes it
constexpr double k_group_gap = 24;   // around containers

// One unknown per item (its centre), two per group (its top and bottom edge).
struct Rule {
    int above, below;
    double distance; // at least
};

struct Rows {
    LayoutGraph& graph;
    std::size_t groups = 0;
    std::vector<double> y, wish;
    std::vector<Rule> rules;                    // in an order in which `above` is settled first
    std::vector<std::pair<int, int>> contained; // group, unknown: for the wishes of edges

    int top(int group) const { return static_cast<int>(graph.items.size()) + 2 * group; }
    int bottom(int group) const { return top(group) + 1; }
};

struct Edge {
    int unknown;
    double offset; // from the unknown to the edge
    bool card, group;
};

// The outermost thing that holds the item from `level` on: a group or the item itself.
Edge edge_at(const Rows& rows, int item, std::size_t level, bool top) {
    const LayoutItem& it = rows.graph.items[static_cast<std::size_t>(item)];
    if (level < it.groups.size())
        return {top ? rows.top(it.groups[level]) : rows.bottom(it.groups[level]), 0, false, true};
    return {item, it.height / 2, it.node >= 0, false};
}

double gap_between(const Edge& a, const Edge& b) {
    if (a.group || b.group) return k_group_gap;
    return a.card && b.card ? k_row_gap : a.card || b.card ? k_passage_gap : 0;
}

void rules_of_layer(Rows& rows, const std::vector<int>& layer) {
    for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
        const auto& a = rows.graph.items[static_cast<std::size_t>(layer[i])].groups;
        const auto& b = rows.graph.items[static_cast<std::size_t>(layer[i + 1])].groups;
        std::size_t level = 0;
        while (level < a.size() && level < b.size() && a[level] == b[level]) ++level;
        const Edge lower = edge_at(rows, layer[i], level, false),
                   upper = edge_at(rows, layer[i + 1], level, true);
        rows.rules.push_back(
            {lower.unknown, upper.unknown, lower.offset + upper.offset + gap_between(lower, upper)});
    }
    for (int item : layer) {
        const auto& groups = rows.graph.items[static_cast<std::size_t>(item)].groups;
        for (std::size_t level = 0; level < groups.size(); ++level) {
            const Edge upper = edge_at(rows, item, level + 1, true),
                       lower = edge_at(rows, item, level + 1, false);
            rows.rules.push_back(
                {rows.top(groups[level]), upper.unknown, upper.offset + k_group_pad + k_group_title});
            rows.rules.push_back({lower.unknown, rows.bottom(groups[level]), lower.offset + k_group_pad});
        }
    }
}

// Sorts the rules so that one pass settles them; rules that go round in a circle are left out.
void sort_rules(Rows& rows) {
    const std::size_t count = rows.y.size();
    std::vector<int> waits(count, 0), ready;
    std::vector<std::vector<std::size_t>> out(count);
    for (std::size_t i = 0; i < rows.rules.size(); ++i) {
        ++waits[static_cast<std::size_t>(rows.rules[i].below)];
        out[static_cast<std::size_t>(rows.rules[i].above)].push_back(i);
    }
    for (std::size_t i = 0; i < count; ++i)
        if (!waits[i]) ready.push_back(static_cast<int>(i));
    std::vector<Rule> sorted;
    for (std::size_t i = 0; i < ready.size(); ++i)
        for (std::size_t rule : out[static_cast<std::size_t>(ready[i])]) {
            sorted.push_back(rows.rules[rule]);
            if (--waits[static_cast<std::size_t>(rows.rules[rule].below)] == 0)
                ready.push_back(rows.rules[rule].below);
        }
    rows.rules = std::move(sorted);
}

void wish_items(Rows& rows, int round) {
    for (std::size_t i = 0; i < rows.graph.items.size(); ++i) {
        const LayoutItem& item = rows.graph.items[i];
        rows.wish[i] = rows.y[i];
        if (item.root != static_cast<int>(i)) {
            rows.wish[i] =
                rows.y[static_cast<std::size_t>(item.root)] + item.rank * (k_card_height + k_row_gap);
            continue;
        }
        double sum = 0, weight = 0;
        const bool left = round % 3 != 1 || item.right.empty(), right = round % 3 != 0 || item.left.empty();
        // Lines through passages are kept straighter than others.
        const auto add = [&](int other) {
            const double share =
                item.node < 0 && rows.graph.items[static_cast<std::size_t>(other)].node < 0 ? 4 : 1;
            sum += share * rows.y[static_cast<std::size_t>(other)];
            weight += share;
        };
        if (left)
            for (int other : item.left) add(other);
        if (right)
            for (int other : item.right) add(other);
        if (weight > 0) rows.wish[i] = sum / weight;
    }
}

void wish_groups(Rows& rows) {
    constexpr double k_far = 1e9;
    for (std::size_t i = rows.graph.items.size(); i < rows.wish.size(); i += 2)
        rows.wish[i] = k_far, rows.wish[i + 1] = -k_far;
    for (std::size_t i = 0; i < rows.graph.items.size(); ++i) {
        const auto& groups = rows.graph.items[i].groups;
        const double half = rows.graph.items[i].height / 2;
        for (std::size_t level = 0; level < groups.size(); ++level) {
            const double depth = static_cast<double>(groups.size() - level);
            double& top = rows.wish[static_cast<std::size_t>(rows.top(groups[level]))];
            double& bottom = rows.wish[static_cast<std::size_t>(rows.bottom(groups[level]))];
            top = std::min(top, rows.wish[i] - half - depth * (k_group_pad + k_group_title));
            bottom = std::max(bottom, rows.wish[i] + half + depth * k_group_pad);
        }
    }
    for (std::size_t i = rows.graph.items.size(); i < rows.wish.size(); ++i)
        if (rows.wish[i] >= k_far || rows.wish[i] <= -k_far) rows.wish[i] = 0;
}

// The rules are kept by pushing down, and by pushing up; the middle of both keeps them too, and is even.
void settle(Rows& rows) {
    std::vector<double> down = rows.wish, up = rows.wish;
    for (const Rule& rule : rows.rules) {
        double& below = down[static_cast<std::size_t>(rule.below)];
        below = std::max(below, down[static_cast<std::size_t>(rule.above)] + rule.distance);
    }
    for (std::size_t i = rows.rules.size(); i-- > 0;) {
        const Rule& rule = rows.rules[i];
        double& above = up[static_cast<std::size_t>(rule.above)];
        above = std::min(above, up[static_cast<std::size_t>(rule.below)] - rule.distance);
    }
    for (std::size_t i = 0; i < rows.y.size(); ++i) rows.y[i] = (down[i] + up[i]) / 2;
}

} // namespace

void place_rows(LayoutGraph& graph) {
    Rows rows{graph, 0, {}, {}, {}, {}};
    for (const LayoutItem& item : graph.items)
        for (int group : item.groups)
            rows.groups = std::max(rows.groups, static_cast<std::size_t>(group) + 1);
    rows.y.assign(graph.items.size() + 2 * rows.groups, 0);
    rows.wish = rows.y;
    for (std::size_t i = 0; i < graph.items.size(); ++i)
        rows.y[i] = graph.items[i].order * (k_card_height + k_row_gap);
    for (const auto& layer : graph.layers) rules_of_layer(rows, layer);
    sort_rules(rows);
    for (int round = 0; round < k_rounds; ++round) {
        wish_items(rows, round < k_rounds - 8 ? round : 2);
        wish_groups(rows);
        settle(rows);
    }
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
