#pragma once
// The layout's own picture of a design: cards and passages in layers. Private to layout_*.cpp.

#include <vector>

#include "layout.hpp"

namespace scale::web {

// A card, or the gap that a long edge needs where it passes a layer.
struct LayoutItem {
    int node = -1; // index into the scenario's nodes; -1 for a passage
    int layer = 0;
    int root = 0; // the item it is stacked on; itself when none
    int rank = 0; // its place in the stack: below zero above the root, above zero under it
    double height = 0;
    double order = 0;             // place within the layer, counted from the middle
    double y = 0;                 // centre
    std::vector<int> groups;      // nodes that hold it, outermost first
    std::vector<int> left, right; // linked items in the neighbouring layers
};

struct LayoutGraph {
    std::vector<LayoutItem> items;
    std::vector<std::vector<int>> layers; // items from top to bottom
};

LayoutGraph build_layers(const Scenario& scenario);
void reduce_crossings(LayoutGraph& graph);
// Heights of the layers' items, then x of every layer.
void place_rows(LayoutGraph& graph);
std::vector<double> place_columns(const LayoutGraph& graph);

// Groups that hold a node, outermost first.
std::vector<int> groups_of(const Scenario& scenario, int node);

double snap(double value);

} // namespace scale::web
