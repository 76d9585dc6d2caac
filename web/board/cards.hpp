#pragma once
// Cards and containers, drawn. How much a card shows depends on how large it is on the screen.

#include "canvas.hpp"

namespace scale::web {

struct CardLook {
    bool selected = false, hovered = false, dragged = false;
    bool pointed_at = false; // by a lesson
};

void draw_card(const Canvas& canvas, const Box& box, const CardScene& card, CardLook look);
void draw_group(const Canvas& canvas, const Box& box, const CardScene& card, CardLook look);
void draw_dots(ImDrawList* list, const Theme& theme, const Camera& camera, ImVec2 min, ImVec2 max);

} // namespace scale::web
