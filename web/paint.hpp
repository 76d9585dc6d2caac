#pragma once
// Text and small signs on a draw list, in the styles of the theme.

#include <string>
#include <string_view>

#include "theme.hpp"

namespace scale::web {

enum class Align { left, center, right };

// A face at a size, for text between the styles (cards that are zoomed).
struct Face {
    ImFont* font = nullptr;
    const Kerning* kerning = nullptr;
    float size = 0; // as ImGui counts
};
Face face_of(const Theme& theme, TextStyle style);
Face face_of(const Theme& theme, bool strong, float imgui_size);
float run_width(const Face& face, std::string_view text, bool tabular = false);
float draw_run(ImDrawList* list, const Face& face, ImVec2 at, ImU32 color, std::string_view text,
               bool tabular = false);

// Draws at the top left corner `at` (or centred on / ending at its x); returns the width.
float draw_text(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                std::string_view text, Align align = Align::left);
// As draw_text, every digit as wide as the widest: figures that change do not dance.
float draw_figure(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                  std::string_view text, Align align = Align::left);
// Cut with an ellipsis where it would be wider than `width`.
float draw_fitted(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                  std::string_view text, float width);

// Over at most so many lines, cut between words; returns the height. No list: only measures.
float draw_wrapped(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                   std::string_view text, float width, int lines_most);
// How often text was cut since the start: on a wide screen nothing should be.
unsigned long long texts_cut();
const std::string& last_text_cut();

float text_width(const Theme& theme, TextStyle style, std::string_view text);
float figure_width(const Theme& theme, TextStyle style, std::string_view text);
float line_height(const Theme& theme, TextStyle style);

// An icon of icons.hpp, in a square of `size` CSS pixels whose top left corner is `at`.
void draw_icon(ImDrawList* list, const Theme& theme, ImVec2 at, float size, ImU32 color, const char* icon);
// The glyph of an icon by its name in web/icons.txt ("server"); a plain dot when there is none.
const char* icon_named(std::string_view name);

void dashed_line(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 color, float dash, float gap,
                 float thickness = 1);

} // namespace scale::web
