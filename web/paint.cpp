#include "paint.hpp"

#include <algorithm>
#include <cmath>

#include "icons.hpp"

namespace scale::web {
namespace {

unsigned long long g_texts_cut = 0;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

float width_of(ImFont* font, float size, std::string_view text) {
    return font->CalcTextSizeA(size, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

// Digits share one advance, a little less than the widest has: its side bearings allow that, and a 1 looks
// less lost.
constexpr float k_digit_tightness = 0.95f;

float digit_advance(ImFont* font, float size) {
    ImFontBaked* baked = font->GetFontBaked(size);
    float widest = 0;
    for (char digit = '0'; digit <= '9'; ++digit)
        widest = std::max(widest, baked->GetCharAdvance(static_cast<ImWchar>(digit)));
    return widest * k_digit_tightness;
}

// Calls `piece(text, x, advance)` for every digit and every run between digits; returns the width.
template<class Piece>
float walk_figure(ImFont* font, float size, std::string_view text, Piece piece) {
    const float advance = digit_advance(font, size);
    float x = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        if (!is_digit(text[i]))
            while (end < text.size() && !is_digit(text[end])) ++end;
        const std::string_view part = text.substr(i, end - i);
        const float natural = width_of(font, size, part);
        const float used = is_digit(text[i]) ? advance : natural;
        piece(part, x + (used - natural) * 0.5f);
        x += used;
        i = end;
    }
    return x;
}

float aligned(float x, float width, Align align) {
    if (align == Align::center) return x - width * 0.5f;
    return align == Align::right ? x - width : x;
}

// Bytes of the longest start of `text` that is no wider than `width`, cut between code points.
std::size_t bytes_that_fit(ImFont* font, float size, std::string_view text, float width) {
    const char* rest = nullptr;
    font->CalcTextSizeA(size, width, 0, text.data(), text.data() + text.size(), &rest);
    return rest ? static_cast<std::size_t>(rest - text.data()) : text.size();
}

} // namespace

float draw_text(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                std::string_view text, Align align) {
    ImFont* font = theme.font(style);
    const float size = theme.size(style);
    const float width = width_of(font, size, text);
    at.x = aligned(at.x, width, align);
    list->AddText(font, size, at, color, text.data(), text.data() + text.size());
    return width;
}

float draw_figure(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                  std::string_view text, Align align) {
    ImFont* font = theme.font(style);
    const float size = theme.size(style);
    if (align != Align::left) at.x = aligned(at.x, figure_width(theme, style, text), align);
    return walk_figure(font, size, text, [&](std::string_view part, float x) {
        list->AddText(font, size, {at.x + x, at.y}, color, part.data(), part.data() + part.size());
    });
}

float draw_fitted(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                  std::string_view text, float width) {
    if (text_width(theme, style, text) <= width) return draw_text(list, theme, style, at, color, text);
    ++g_texts_cut;
    constexpr std::string_view k_ellipsis = "\xE2\x80\xA6";
    const float room = width - text_width(theme, style, k_ellipsis);
    const std::size_t bytes = room > 0 ? bytes_that_fit(theme.font(style), theme.size(style), text, room) : 0;
    const float used = draw_text(list, theme, style, at, color, text.substr(0, bytes));
    return used + draw_text(list, theme, style, {at.x + used, at.y}, color, k_ellipsis);
}

unsigned long long texts_cut() { return g_texts_cut; }

float text_width(const Theme& theme, TextStyle style, std::string_view text) {
    return width_of(theme.font(style), theme.size(style), text);
}

float figure_width(const Theme& theme, TextStyle style, std::string_view text) {
    return walk_figure(theme.font(style), theme.size(style), text, [](std::string_view, float) {});
}

float line_height(const Theme& theme, TextStyle style) { return theme.size(style); }

void draw_icon(ImDrawList* list, const Theme& theme, ImVec2 at, float size, ImU32 color, const char* icon) {
    unsigned int code = 0;
    const auto byte = [icon](int i) { return static_cast<unsigned char>(icon[i]); };
    if (byte(0) >= 0xE0 && byte(1) && byte(2))
        code = (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    ImFont* font = theme.regular;
    ImFontBaked* baked = font->GetFontBaked(size);
    const ImFontGlyph* glyph = baked->FindGlyph(static_cast<ImWchar>(code));
    const float x = at.x + size * 0.5f - (glyph->X0 + glyph->X1) * 0.5f;
    const float y = at.y + size * 0.5f - (glyph->Y0 + glyph->Y1) * 0.5f;
    list->AddText(font, size, {std::round(x), std::round(y)}, color, icon);
}

const char* icon_named(std::string_view name) {
    for (const icons::Icon& icon : icons::k_icons)
        if (icon.name == name) return icon.glyph;
    return "\xC2\xB7";
}

void dashed_line(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 color, float dash, float gap, float thickness) {
    const float dx = to.x - from.x, dy = to.y - from.y;
    const float length = std::sqrt(dx * dx + dy * dy);
    if (length <= 0 || dash + gap <= 0) return;
    for (float at = 0; at < length; at += dash + gap) {
        const float a = at / length, b = std::min(at + dash, length) / length;
        list->AddLine({from.x + dx * a, from.y + dy * a}, {from.x + dx * b, from.y + dy * b}, color, thickness);
    }
}

} // namespace scale::web
