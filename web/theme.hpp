#pragma once
// The look: colours, type and measures, in CSS pixels. ImGui scales by the framebuffer, never by these.

#include <cstddef>
#include <span>
#include <vector>

#include "imgui.h"
#include "kerning.hpp"
#include "palette.hpp"

namespace scale::web {

// Type of SUIT: 21 semibold, 17 semibold, 15 semibold with tabular digits, 14, 14 semibold, 12.5, 10.5.
enum class TextStyle { title, heading, figure, body, strong, label, axis };

// Bytes of the fonts, kept for as long as the atlas lives. Icons are merged into both faces.
struct FontBytes {
    std::vector<unsigned char> regular, semibold, icons;
    bool complete() const { return !regular.empty() && !semibold.empty() && !icons.empty(); }
};

struct Theme {
    bool dark = true;
    Palette colors{};
    ImFont* regular = nullptr; // both also hold the icons of icons.hpp
    ImFont* semibold = nullptr;

    static constexpr float k_grid = 8;
    static constexpr float k_radius = 10;      // cards
    static constexpr float k_radius_small = 7; // buttons, fields
    static constexpr float k_hairline = 1;

    ImFont* font(TextStyle style) const;
    const Kerning& kerning(TextStyle style) const;
    // What ImGui calls the size of a font: ascent to descent. `css_size` is what a stylesheet would say.
    float size(TextStyle style) const { return imgui_size(css_size(style)); }
    static float css_size(TextStyle style);
    static float imgui_size(float css_pixels);
    static float ems(float imgui_size); // pixels of an em
};

// Colours and measures into ImGui's own style, for the few widgets of its own that we use.
void apply_style(const Theme& theme);
// Fills ImGui's atlas; call outside of a frame. False when a font could not be read.
bool build_fonts(Theme& theme, const FontBytes& bytes);

inline ImU32 with_alpha(ImU32 color, float alpha) {
    const float held = static_cast<float>((color >> IM_COL32_A_SHIFT) & 0xFF) * alpha;
    return (color & ~IM_COL32_A_MASK) | (static_cast<ImU32>(held + 0.5f) << IM_COL32_A_SHIFT);
}

} // namespace scale::web
