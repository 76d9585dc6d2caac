// The heights: rules between neighbours and containers, and how they are kept.

#include <algorithm>

#include "layout_rows.hpp"

namespace scale::web {

namespace {

constexpr double k_passage_gap = 16; // between a card and a line that passes it
constexpr double k_group_gap = 24;   // around containers

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
        if (rows.graph.items[static_cast<std::size_t>(item)].node < 0)
            continue; // lines may leave a container
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
    std::vector<RowRule> sorted;
    for (std::size_t i = 0; i < ready.size(); ++i)
        for (std::size_t rule : out[static_cast<std::size_t>(ready[i])]) {
            sorted.push_back(rows.rules[rule]);
            if (--waits[static_cast<std::size_t>(rows.rules[rule].below)] == 0)
                ready.push_back(rows.rules[rule].below);
        }
    rows.rules = std::move(sorted);
}

void wish_item(Rows& rows, std::size_t i, int round, bool within) {
    const LayoutItem& item = rows.graph.items[i];
    if (item.root != static_cast<int>(i)) {
        rows.wish[i] = rows.y[static_cast<std::size_t>(item.root)] + item.rank * (k_card_height + k_row_gap);
        return;
    }
    double sum = 0, weight = 0;
    // Lines through passages are kept straighter than others.
    const auto add = [&](const std::vector<int>& links) {
        for (int other : links) {
            const std::size_t o = static_cast<std::size_t>(other);
            if (within && rows.unit[o] != rows.unit[i]) continue;
            const double share = item.node < 0 && rows.graph.items[o].node < 0 ? 4 : 1;
            sum += share * rows.y[o];
            weight += share;
        }
    };
    if (round % 3 != 1) add(item.left);
    if (round % 3 != 0) add(item.right);
    if (weight <= 0) add(item.left), add(item.right);
    if (weight > 0) rows.wish[i] = sum / weight;
}

} // namespace

Rows::Rows(LayoutGraph& layout_graph) : graph(layout_graph) {
    for (const LayoutItem& item : graph.items)
        for (int group : item.groups) groups = std::max(groups, static_cast<std::size_t>(group) + 1);
    y.assign(items() + 2 * groups, 0);
    unit.assign(y.size(), -1);
    for (std::size_t i = 0; i < items(); ++i) {
        const LayoutItem& item = graph.items[i];
        y[i] = item.order * (k_card_height + k_row_gap);
        if (item.groups.empty()) continue;
        unit[i] = item.groups[0];
        for (int group : item.groups)
            unit[static_cast<std::size_t>(top(group))] = unit[static_cast<std::size_t>(bottom(group))] =
                item.groups[0];
    }
    wish = y;
    for (const auto& layer : graph.layers) rules_of_layer(*this, layer);
    sort_rules(*this);
}

void wish_within(Rows& rows, int round) {
    rows.wish = rows.y;
    for (std::size_t i = 0; i < rows.items(); ++i) wish_item(rows, i, round, true);
}

void wish_free(Rows& rows, int round) {
    rows.wish = rows.y;
    for (std::size_t i = 0; i < rows.items(); ++i)
        if (rows.unit[i] < 0) wish_item(rows, i, round, false);
}

void wish_edges(Rows& rows) {
    constexpr double k_far = 1e9;
    for (std::size_t i = rows.graph.items.size(); i < rows.wish.size(); i += 2)
        rows.wish[i] = k_far, rows.wish[i + 1] = -k_far;
    for (std::size_t i = 0; i < rows.graph.items.size(); ++i) {
        if (rows.graph.items[i].node < 0) continue;
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
void settle(Rows& rows, bool within) {
    std::vector<double> down = rows.wish, up = rows.wish;
    const auto counts = [&](const RowRule& rule) {
        return !within || rows.unit[static_cast<std::size_t>(rule.above)] ==
                              rows.unit[static_cast<std::size_t>(rule.below)];
    };
    for (const RowRule& rule : rows.rules) {
        if (!counts(rule)) continue;
        double& below = down[static_cast<std::size_t>(rule.below)];
        below = std::max(below, down[static_cast<std::size_t>(rule.above)] + rule.distance);
    }
    for (std::size_t i = rows.rules.size(); i-- > 0;) {
        const RowRule& rule = rows.rules[i];
        if (!counts(rule)) continue;
        double& above = up[static_cast<std::size_t>(rule.above)];
        above = std::min(above, up[static_cast<std::size_t>(rule.below)] - rule.distance);
    }
    for (std::size_t i = 0; i < rows.y.size(); ++i) rows.y[i] = (down[i] + up[i]) / 2;
}

// Whether every rule that concerns the unknowns marked in `moved` would hold if they moved by `by`.
bool holds_moved(const Rows& rows, const std::vector<char>& moved, double by) {
    for (const RowRule& rule : rows.rules) {
        const std::size_t above = static_cast<std::size_t>(rule.above),
                          below = static_cast<std::size_t>(rule.below);
        if (moved[above] == moved[below]) continue;
        const double room = rows.y[below] - rows.y[above] - rule.distance;
        if (room + (moved[below] ? by : -by) < -1e-6) return false;
    }
    return true;
}

void move_rows(Rows& rows, const std::vector<char>& moved, double by) {
    for (std::size_t i = 0; i < rows.y.size(); ++i)
        if (moved[i]) rows.y[i] += by;
}

} // namespace scale::web
