#include "canvas.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "paint.hpp"

namespace scale::web {

namespace {

constexpr std::string_view k_ellipsis = "\xE2\x80\xA6";

float type_factor(float zoom) {
    if (zoom <= 1) return std::pow(zoom, 0.8f);
    return zoom <= 1.3f ? zoom : 1.3f * std::pow(zoom / 1.3f, 0.65f);
}

Face face_of(const Canvas& canvas, Weight weight, float css_size) {
    const float size = std::max(7.0f, std::round(css_size * canvas.type * 2) / 2);
    return face_of(canvas.theme, weight == Weight::strong, Theme::imgui_size(size));
}

// Bytes of the longest start that is no wider than `limit`.
std::size_t bytes_within(const Face& face, std::string_view text, float limit) {
    const char* rest = nullptr;
    face.font->CalcTextSizeA(face.size, limit, 0, text.data(), text.data() + text.size(), &rest);
    return static_cast<std::size_t>(rest - text.data());
}

} // namespace

Canvas::Canvas(ImDrawList* draw_list, const Theme& look, const Camera& eye)
    : list(draw_list), theme(look), camera(eye), zoom(static_cast<float>(eye.zoom())),
      type(type_factor(zoom)) {}

float words_width(const Canvas& canvas, Weight weight, float css_size, std::string_view text) {
    return run_width(face_of(canvas, weight, css_size), text);
}

float draw_words(const Canvas& canvas, Weight weight, float css_size, ImVec2 at, ImU32 color,
                 std::string_view text, At align, float width) {
    if (text.empty()) return 0;
    const Face face = face_of(canvas, weight, css_size);
    float used = run_width(face, text);
    bool cut = false;
    if (width > 0 && used > width) {
        text = text.substr(0, bytes_within(face, text, std::max(0.0f, width - run_width(face, k_ellipsis))));
        while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
        used = run_width(face, text);
        cut = true;
    }
    if (align == At::center) at.x -= used / 2;
    if (align == At::right) at.x -= used;
    at.y -= face.size / 2;
    at = {std::round(at.x * 2) / 2, std::round(at.y * 2) / 2};
    draw_run(canvas.list, face, at, color, text);
    if (!cut) return used;
    return used + draw_run(canvas.list, face, {at.x + used, at.y}, color, k_ellipsis);
}

ImU32 tone_color(const Palette& colors, Tone tone) {
    switch (tone) {
    case Tone::calm: return colors.faint;
    case Tone::ok: return colors.ok;
    case Tone::warn: return colors.warn;
    case Tone::bad: break;
    }
    return colors.bad;
}

void draw_sign(ImDrawList* list, ImVec2 c, float size, Tone tone, ImU32 color) {
    const float r = size / 2;
    if (tone == Tone::warn) {
        list->AddTriangleFilled({c.x, c.y - r * 0.9f}, {c.x + r, c.y + r * 0.8f}, {c.x - r, c.y + r * 0.8f},
                                color);
    } else if (tone == Tone::bad) {
        const float thickness = std::max(1.5f, size * 0.2f), d = r * 0.8f;
        list->AddLine({c.x - d, c.y - d}, {c.x + d, c.y + d}, color, thickness);
        list->AddLine({c.x - d, c.y + d}, {c.x + d, c.y - d}, color, thickness);
    }
}

void draw_ring(ImDrawList* list, ImVec2 centre, float radius, float thickness, float share, ImU32 color,
               ImU32 track) {
    constexpr float k_top = -1.57079633f, k_turn = 6.28318531f;
    list->AddCircle(centre, radius, track, 0, thickness);
    if (share <= 0.004f) return;
    if (share >= 0.996f) {
        list->AddCircle(centre, radius, color, 0, thickness);
        return;
    }
    list->PathArcTo(centre, radius, k_top, k_top + k_turn * share);
    list->PathStroke(color, 0, thickness);
}

void draw_instance(ImDrawList* list, const Palette& colors, ImVec2 min, float size, const InstanceMark& mark,
                   ImU32 up_color) {
    const ImVec2 max{min.x + size, min.y + size}, mid{min.x + size / 2, min.y + size / 2};
    const float radius = size * 0.25f, line = std::max(1.0f, size * 0.13f), inset = line / 2;
    const ImVec2 in_min{min.x + inset, min.y + inset}, in_max{max.x - inset, max.y - inset};
    switch (mark.state) {
    case InstanceState::up: list->AddRectFilled(min, max, up_color, radius); return;
    case InstanceState::slow:
        list->AddTriangleFilled({min.x, max.y}, {mid.x, min.y}, {max.x, max.y}, colors.warn);
        return;
    case InstanceState::ejected:
        list->AddRect(in_min, in_max, colors.warn, radius, 0, line);
        list->AddLine({min.x + size * 0.2f, max.y - size * 0.2f}, {max.x - size * 0.2f, min.y + size * 0.2f},
                      colors.warn, line);
        return;
    case InstanceState::booting:
        list->AddRect(in_min, in_max, colors.faint, radius, 0, line);
        list->AddCircleFilled(mid, size * 0.17f, colors.ok);
        return;
    case InstanceState::draining:
        list->AddRect(in_min, in_max, colors.mute, radius, 0, line);
        list->AddRectFilled({min.x, mid.y}, max, colors.mute, radius);
        return;
    case InstanceState::dead: break;
    }
    draw_sign(list, mid, size, Tone::bad, colors.bad);
}

void draw_spark(ImDrawList* list, ImVec2 min, ImVec2 max, std::span<const float> points, ImU32 color,
                float thickness) {
    if (points.size() < 2) return;
    float most = 0;
    for (float value : points) most = std::max(most, value);
    if (most <= 0) most = 1;
    // A young history is stretched, so that it can be seen.
    const std::size_t span = std::max<std::size_t>(points.size(), k_spark_points / 2);
    const float step = (max.x - min.x) / static_cast<float>(span - 1);
    const float first = max.x - step * static_cast<float>(points.size() - 1);
    for (std::size_t i = 0; i < points.size(); ++i)
        list->PathLineTo({first + step * static_cast<float>(i), max.y - (max.y - min.y) * points[i] / most});
    list->PathStroke(color, 0, thickness);
}

void draw_dashes(ImDrawList* list, std::span<const ImVec2> points, float dash, float gap, ImU32 color,
                 float thickness) {
    float phase = 0; // within dash + gap
    bool drawing = false;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const ImVec2 a = points[i - 1], b = points[i];
        const float length = std::hypot(b.x - a.x, b.y - a.y);
        float at = 0;
        while (at < length) {
            const bool on = phase < dash;
            const float end = std::min(length, at + (on ? dash : dash + gap) - phase);
            const auto point = [&](float where) {
                return ImVec2{a.x + (b.x - a.x) * where / length, a.y + (b.y - a.y) * where / length};
            };
            if (on && !drawing) list->PathLineTo(point(at));
            if (on) list->PathLineTo(point(end));
            drawing = on;
            phase += end - at;
            at = end;
            if (drawing && phase >= dash - 1e-4f) {
                list->PathStroke(color, 0, thickness);
                drawing = false;
                phase = dash;
            }
            if (phase >= dash + gap - 1e-4f) phase = 0;
        }
    }
    if (drawing) list->PathStroke(color, 0, thickness);
    list->PathClear();
}

void draw_dashed_frame(ImDrawList* list, ImVec2 min, ImVec2 max, float radius, float dash, float gap,
                       ImU32 color, float thickness) {
    list->PathRect(min, max, radius);
    std::vector<ImVec2> outline(list->_Path.begin(), list->_Path.end());
    list->PathClear();
    if (outline.empty()) return;
    outline.push_back(outline.front());
    draw_dashes(list, outline, dash, gap, color, thickness);
}

} // namespace scale::web
