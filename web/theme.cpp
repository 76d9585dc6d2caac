#include "theme.hpp"

#include <cmath>

namespace scale::web {
namespace {

// SUIT's ascent and descent together, in ems: a stylesheet's size counts ems, ImGui's counts these.
constexpr float k_height_per_em = 1.248f;

// Of the two faces that are loaded; there is one set of fonts at a time.
Kerning g_regular_kerning, g_semibold_kerning;

bool is_heavy(TextStyle style) {
    return style == TextStyle::title || style == TextStyle::heading || style == TextStyle::figure ||
           style == TextStyle::strong;
}

ImFont* add_face(ImFontAtlas& atlas, const std::vector<unsigned char>& face,
                 const std::vector<unsigned char>& icons) {
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.PixelSnapH = false;
    const auto bytes = [](const std::vector<unsigned char>& data) {
        return const_cast<unsigned char*>(data.data());
    };
    ImFont* font = atlas.AddFontFromMemoryTTF(bytes(face), static_cast<int>(face.size()), 0, &config);
    if (!font || icons.empty()) return font;
    config.MergeMode = true;
    return atlas.AddFontFromMemoryTTF(bytes(icons), static_cast<int>(icons.size()), 0, &config);
}

void set_measures(ImGuiStyle& style) {
    style.WindowPadding = {0, 0};
    style.WindowBorderSize = 0;
    style.WindowRounding = 0;
    style.WindowMinSize = {1, 1};
    style.FramePadding = {12, 7};
    style.FrameRounding = Theme::k_radius_small;
    style.FrameBorderSize = Theme::k_hairline;
    style.PopupRounding = Theme::k_radius;
    style.PopupBorderSize = Theme::k_hairline;
    style.ItemSpacing = {8, 8};
    style.ItemInnerSpacing = {6, 4};
    style.ScrollbarSize = 6;
    style.ScrollbarRounding = 3;
    style.GrabRounding = Theme::k_radius_small;
    style.AntiAliasedLinesUseTex = true;
    style.CircleTessellationMaxError = 0.2f;
    style.CurveTessellationTol = 0.6f;
    style.HoverStationaryDelay = 0.1f;
    style.HoverDelayShort = 0.35f;
}

} // namespace

ImFont* Theme::font(TextStyle style) const { return is_heavy(style) ? semibold : regular; }

const Kerning& Theme::kerning(TextStyle style) const {
    return is_heavy(style) ? g_semibold_kerning : g_regular_kerning;
}

float Theme::css_size(TextStyle style) {
    switch (style) {
    case TextStyle::title: return 21;
    case TextStyle::heading: return 17;
    case TextStyle::figure: return 15;
    case TextStyle::body: return 14;
    case TextStyle::strong: return 14;
    case TextStyle::label: return 12.5f;
    case TextStyle::axis: break;
    }
    return 10.5f;
}

// ImGui rasterises whole sizes only and would stretch what lies between.
float Theme::imgui_size(float css_pixels) { return std::round(css_pixels * k_height_per_em); }

float Theme::ems(float imgui_size) { return imgui_size / k_height_per_em; }

void apply_style(const Theme& theme) {
    ImGuiStyle& style = ImGui::GetStyle();
    set_measures(style);
    style.FontSizeBase = theme.size(TextStyle::body);
    const Palette& colors = theme.colors;
    const auto set = [&style](ImGuiCol slot, ImU32 color) {
        style.Colors[slot] = ImGui::ColorConvertU32ToFloat4(color);
    };
    for (int slot = 0; slot < ImGuiCol_COUNT; ++slot) set(slot, colors.raise);
    for (ImGuiCol slot : {ImGuiCol_Text, ImGuiCol_CheckMark, ImGuiCol_InputTextCursor})
        set(slot, colors.text);
    set(ImGuiCol_TextDisabled, colors.faint);
    for (ImGuiCol slot : {ImGuiCol_Border, ImGuiCol_Separator, ImGuiCol_ScrollbarGrab, ImGuiCol_ButtonHovered,
                          ImGuiCol_HeaderHovered, ImGuiCol_Header, ImGuiCol_SliderGrab})
        set(slot, colors.line);
    for (ImGuiCol slot : {ImGuiCol_ButtonActive, ImGuiCol_HeaderActive, ImGuiCol_ScrollbarGrabHovered,
                          ImGuiCol_ScrollbarGrabActive, ImGuiCol_SliderGrabActive})
        set(slot, colors.faint);
    set(ImGuiCol_NavCursor, colors.accent);
    set(ImGuiCol_TextSelectedBg, with_alpha(colors.accent, 0.35f));
    set(ImGuiCol_WindowBg, colors.panel);
    set(ImGuiCol_PopupBg, colors.raise);
    for (ImGuiCol slot : {ImGuiCol_ChildBg, ImGuiCol_ScrollbarBg, ImGuiCol_BorderShadow}) set(slot, 0);
}

bool build_fonts(Theme& theme, const FontBytes& bytes) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    theme.regular = theme.semibold = nullptr;
    if (bytes.regular.empty()) return false;
    theme.regular = add_face(atlas, bytes.regular, bytes.icons);
    theme.semibold = bytes.semibold.empty() ? theme.regular : add_face(atlas, bytes.semibold, bytes.icons);
    g_regular_kerning.read(bytes.regular);
    g_semibold_kerning.read(bytes.semibold.empty() ? bytes.regular : bytes.semibold);
    ImGui::GetIO().FontDefault = theme.regular;
    return theme.regular && theme.semibold;
}

} // namespace scale::web
