#pragma once
// Regions on the map. Private to layout*.cpp.

#include "layout_graph.hpp"

namespace scale::web {

inline constexpr double k_lane_gap = 24;   // between cards side by side in a region
inline constexpr double k_region_gap = 56; // between regions

// All cards on the map, from scratch.
BoardLayout map_from_scratch(const Scenario& scenario);

// The outermost region that holds a node and has a place; -1 for what stands outside of all.
int region_of(const Scenario& scenario, int node);

} // namespace scale::web
