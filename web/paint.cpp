#include "paint.hpp"

#include <algorithm>
#include <cmath>

#include "icons.hpp"

namespace scale::web {
namespace {

unsigned long long g_texts_cut = 0;
std::string g_last_text_cut;

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

// Calls `piece(text, x)` for every run of letters that follow each other by their advances alone; returns the
// width. Digits share an advance where `tabular`.
template<class Piece>
float walk(const Face& face, std::string_view text, bool tabular, Piece piece) {
    const float em = Theme::ems(face.size);
    const float digit = tabular ? digit_advance(face.font, face.size) : 0;
    float x = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        float nearer = 0;
        const bool alone = tabular && is_digit(text[i]);
        while (!alone && end < text.size() && !(tabular && is_digit(text[end]))) {
            nearer = face.kerning->between(static_cast<unsigned char>(text[end - 1]),
                                           static_cast<unsigned char>(text[end]));
            if (nearer != 0) break;
            ++end;
        }
        const std::string_view part = text.substr(i, end - i);
        const float natural = width_of(face.font, face.size, part);
        const float used = alone ? digit : natural + nearer * em;
        piece(part, alone ? x + (used - natural) * 0.5f : x);
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

// Of a glyph of icons.hpp: three bytes of UTF-8.
ImWchar code_point(const char* icon) {
    const auto byte = [icon](int i) { return static_cast<unsigned char>(icon[i]); };
    return static_cast<ImWchar>((byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu));
}

} // namespace

Face face_of(const Theme& theme, TextStyle style) {
    return {theme.font(style), &theme.kerning(style), theme.size(style)};
}

Face face_of(const Theme& theme, bool strong, float imgui_size) {
    const TextStyle style = strong ? TextStyle::strong : TextStyle::body;
    return {theme.font(style), &theme.kerning(style), imgui_size};
}

float run_width(const Face& face, std::string_view text, bool tabular) {
    return walk(face, text, tabular, [](std::string_view, float) {});
}

float draw_run(ImDrawList* list, const Face& face, ImVec2 at, ImU32 color, std::string_view text,
               bool tabular) {
    return walk(face, text, tabular, [&](std::string_view part, float x) {
        list->AddText(face.font, face.size, {at.x + x, at.y}, color, part.data(), part.data() + part.size());
    });
}

float draw_text(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                std::string_view text, Align align) {
    if (align != Align::left) at.x = aligned(at.x, text_width(theme, style, text), align);
    return draw_run(list, face_of(theme, style), at, color, text);
}

float draw_figure(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                  std::string_view text, Align align) {
    if (align != Align::left) at.x = aligned(at.x, figure_width(theme, style, text), align);
    return draw_run(list, face_of(theme, style), at, color, text, true);
}

float draw_fitted(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                  std::string_view text, float width) {
    if (text_width(theme, style, text) <= width) return draw_text(list, theme, style, at, color, text);
    ++g_texts_cut;
    g_last_text_cut = text;
    constexpr std::string_view k_ellipsis = "\xE2\x80\xA6";
    const float room = width - text_width(theme, style, k_ellipsis);
    const std::size_t bytes = room > 0 ? bytes_that_fit(theme.font(style), theme.size(style), text, room) : 0;
    const float used = draw_text(list, theme, style, at, color, text.substr(0, bytes));
    return used + draw_text(list, theme, style, {at.x + used, at.y}, color, k_ellipsis);
}

unsigned long long texts_cut() { return g_texts_cut; }
const std::string& last_text_cut() { return g_last_text_cut; }

float text_width(const Theme& theme, TextStyle style, std::string_view text) {
    return run_width(face_of(theme, style), text);
}

float figure_width(const Theme& theme, TextStyle style, std::string_view text) {
    return run_width(face_of(theme, style), text, true);
}

namespace {

// The last place before `end` where a line may be cut: between words, but a figure keeps its per cent sign.
std::size_t break_before(std::string_view text, std::size_t end) {
    do end = end == 0 ? std::string_view::npos : text.rfind(' ', end - 1);
    while (end != std::string_view::npos && text.substr(end + 1).starts_with('%'));
    return end;
}

} // namespace

// Lines are cut between words; a word that is wider than a line is cut with an ellipsis, as is the last line.
float draw_wrapped(ImDrawList* list, const Theme& theme, TextStyle style, ImVec2 at, ImU32 color,
                   std::string_view text, float width, int lines_most) {
    const float height = line_height(theme, style) + 2;
    int lines = 0;
    while (!text.empty() && lines < lines_most) {
        std::size_t end = text.size();
        const bool last = ++lines == lines_most;
        while (!last && end != std::string_view::npos && end > 0 &&
               text_width(theme, style, text.substr(0, end)) > width)
            end = break_before(text, end);
        if (end == std::string_view::npos || end == 0) end = std::min(text.find(' '), text.size());
        if (list) draw_fitted(list, theme, style, at, color, text.substr(0, end), width);
        at.y += height;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return height * static_cast<float>(lines);
}

float line_height(const Theme& theme, TextStyle style) { return theme.size(style); }

void draw_icon(ImDrawList* list, const Theme& theme, ImVec2 at, float size, ImU32 color, const char* icon) {
    ImFont* font = theme.regular;
    ImFontBaked* baked = font->GetFontBaked(size);
    // All icons are drawn on one square; the one that fills it says where its middle lies.
    const ImFontGlyph* square = baked->FindGlyph(code_point(icons::maximize));
    const float x = at.x + size * 0.5f - (square->X0 + square->X1) * 0.5f;
    const float y = at.y + size * 0.5f - (square->Y0 + square->Y1) * 0.5f;
    list->AddText(font, size, {std::round(x), std::round(y)}, color, icon);
}

const char* icon_named(std::string_view name) {
    for (const icons::Icon& icon : icons::k_icons)
        if (icon.name == name) return icon.glyph;
    return "\xC2\xB7";
}

void dashed_line(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 color, float dash, float gap,
                 float thickness) {
    const float dx = to.x - from.x, dy = to.y - from.y;
    const float length = std::sqrt(dx * dx + dy * dy);
    if (length <= 0 || dash + gap <= 0) return;
    for (float at = 0; at < length; at += dash + gap) {
        const float a = at / length, b = std::min(at + dash, length) / length;
        list->AddLine({from.x + dx * a, from.y + dy * a}, {from.x + dx * b, from.y + dy * b}, color,
                      thickness);
    }
}

} // namespace scale::web
