#pragma once
// Text and small signs on a draw list, in the styles of the theme.

#include <string_view>

#include "theme.hpp"

namespace scale::web {

enum class Align { left, center, right };

// Draws at the top left corner `at` (or centred on / ending at its x); returns the width.
float draw_text(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color, std::string_view text,
                Align align = Align::left);
// As draw_text, every digit as wide as the widest: figures that change do not dance.
float draw_figure(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                  std::string_view text, Align align = Align::left);
// Cut with an ellipsis where it would be wider than `width`.
float draw_fitted(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                  std::string_view text, float width);

// How often that happened since the start: on a wide screen nothing should be cut.
unsigned long long texts_cut();

float text_width(const Theme& theme, TextStyle style, std::string_view text);
float figure_width(const Theme& theme, TextStyle style, std::string_view text);
float line_height(const Theme& theme, TextStyle style);

// An icon of icons.hpp, in a square of `size` CSS pixels whose top left corner is `at`.
void draw_icon(ImDrawList* list, const Theme& theme, ImVec2 at, float size, ImU32 color, const char* icon);
// The glyph of an icon by its name in web/icons.txt ("server"); a plain dot when there is none.
const char* icon_named(std::string_view name);

void dashed_line(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 color, float dash, float gap, float thickness = 1);

}  // namespace scale::web
