#pragma once
// The faces of the charts' region that are no curves over time.

#include "chart.hpp"
#include "panel.hpp"

namespace scale::web {

void draw_spread_face(App& app, const ChartBox& box); // the distribution of the waits
void draw_heat_face(App& app, const ChartBox& box);   // the selected node, instance by instance

} // namespace scale::web
