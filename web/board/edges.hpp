#pragma once
// The lines between cards, drawn and found under the pointer.

#include <span>

#include "canvas.hpp"
#include "edge_paths.hpp"

namespace scale::web {

struct EdgeLook {
    int selected = -1, hovered = -1;
    int node = -1, hovered_node = -1; // lasting links of these stand out as well
};

void draw_edges(const Canvas& canvas, std::span<const EdgePath> paths, std::span<const EdgeScene> edges,
                EdgeLook look, ImVec2 area_min, ImVec2 area_max);

// Latencies beside the lines, from a zoom on at which there is room, and of the chosen line; never over each
// other.
void draw_edge_labels(const Canvas& canvas, std::span<const EdgePath> paths, std::span<const EdgeScene> edges,
                      EdgeLook look, ImVec2 area_min, ImVec2 area_max);

// The edge that lies within `reach` board units of the point, the nearest; -1 when none does.
int edge_at(std::span<const EdgePath> paths, Position point, double reach);

} // namespace scale::web
