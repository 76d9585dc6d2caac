#pragma once
// Drawing in board units on an ImDrawList: the list, the look and the zoom in one hand, and the small signs
// of the board. Everything here is points and triangles; nothing keeps state.

#include <span>
#include <string_view>

#include "camera.hpp"
#include "scene.hpp"
#include "theme.hpp"

namespace scale::web {

struct Canvas {
    ImDrawList* list;
    const Theme& theme;
    const Camera& camera;
    float zoom; // CSS pixels per board unit
    float type; // factor on type: grows slower than the zoom, so that more fits in at larger zooms

    Canvas(ImDrawList* draw_list, const Theme& look, const Camera& eye);
    float px(float board) const { return board * zoom; }
};

enum class Weight { regular, strong };
enum class At { left, center, right };

// Text whose line is centred at `at.y`; `css_size` before the type factor. Cut with an ellipsis at `width`
// (CSS pixels, 0 is no limit). Sizes are rounded to half pixels: few sizes keep the glyph atlas small.
float draw_words(const Canvas& canvas, Weight weight, float css_size, ImVec2 at, ImU32 color,
                 std::string_view text, At align = At::left, float width = 0);
float words_width(const Canvas& canvas, Weight weight, float css_size, std::string_view text);

ImU32 tone_color(const Palette& colors, Tone tone);
// The sign of a tone, `size` CSS pixels wide around `centre`: a triangle for warn, a cross for bad.
void draw_sign(ImDrawList* list, ImVec2 centre, float size, Tone tone, ImU32 color);

// A share 0..1 as a ring around `centre`.
void draw_ring(ImDrawList* list, ImVec2 centre, float radius, float thickness, float share, ImU32 color,
               ImU32 track);

// One instance: filled when up, a lower half when slow, crossed out when dead, and so on; told apart by
// shape.
void draw_instance(ImDrawList* list, const Palette& colors, ImVec2 min, float size, const InstanceMark& mark,
                   ImU32 up_color);

void draw_spark(ImDrawList* list, ImVec2 min, ImVec2 max, std::span<const float> points, ImU32 color,
                float thickness);

// A polyline as dashes; `along` and lengths in the units of the points.
void draw_dashes(ImDrawList* list, std::span<const ImVec2> points, float dash, float gap, ImU32 color,
                 float thickness);
void draw_dashed_frame(ImDrawList* list, ImVec2 min, ImVec2 max, float radius, float dash, float gap,
                       ImU32 color, float thickness);

} // namespace scale::web
