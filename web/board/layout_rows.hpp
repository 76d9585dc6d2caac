#pragma once
// Heights as unknowns under rules of the form "this stands at least so far above that". Private to
// layout_*.cpp.

#include <vector>

#include "layout_graph.hpp"

namespace scale::web {

struct RowRule {
    int above, below;
    double distance; // at least
};

// One unknown per item (its centre), two per group (its top and bottom edge).
struct Rows {
    explicit Rows(LayoutGraph& layout_graph);

    LayoutGraph& graph;
    std::size_t groups = 0;
    std::vector<double> y, wish;
    std::vector<int> unit;      // per unknown: its outermost group, -1 when it stands free
    std::vector<RowRule> rules; // in an order in which `above` is settled first

    std::size_t items() const { return graph.items.size(); }
    int top(int group) const { return static_cast<int>(items()) + 2 * group; }
    int bottom(int group) const { return top(group) + 1; }
};

// What an item would like: to stand level with what it is linked to, or at its place in its stack. Only links
// within its own container count, or, for free items, all.
void wish_within(Rows& rows, int round);
void wish_free(Rows& rows, int round);
// The edges of groups, close around the wishes of what they hold.
void wish_edges(Rows& rows);
// As near to the wishes as the rules allow; of the rules only those `within` one container, or all.
void settle(Rows& rows, bool within);
// Whether the rules would hold if what is marked moved by `by`.
bool holds_moved(const Rows& rows, const std::vector<char>& moved, double by);
void move_rows(Rows& rows, const std::vector<char>& moved, double by);

} // namespace scale::web
