#pragma once
// Cards and containers, drawn. How much a card shows depends on how large it is on the screen.

#include "canvas.hpp"

namespace scale::web {

struct CardLook {
    bool selected = false, hovered = false, dragged = false;
    bool pointed_at = false; // by a lesson
};

void draw_card(const Canvas& canvas, const Box& box, const CardScene& card, CardLook look);
// `on_map`: over the map's dots, which it dims.
void draw_group(const Canvas& canvas, const Box& box, const CardScene& card, CardLook look,
                bool on_map = false);
void draw_dots(ImDrawList* list, const Theme& theme, const Camera& camera, ImVec2 min, ImVec2 max);
// Land as dots, and a pin at a place, with a line to what stands there.
void draw_world(ImDrawList* list, const Theme& theme, const Camera& camera, ImVec2 min, ImVec2 max);
void draw_pin(const Canvas& canvas, Position at, const Box& group, const CardScene& region);

} // namespace scale::web
