#include "edges.hpp"

#include <algorithm>
#include <cmath>

#include "format.hpp"

namespace scale::web {

namespace {

constexpr float k_label_zoom = 1.2f;  // from which latencies are written on the lines
constexpr float k_arrow_zoom = 0.45f; // from which arrow heads are drawn

void draw_arrow(const Canvas& canvas, const EdgePath& path, ImU32 color) {
    const std::size_t count = path.points.size();
    if (count < 2) return;
    const ImVec2 tip_at = path.points[count - 1], before = path.points[count - 2];
    const float length = std::hypot(tip_at.x - before.x, tip_at.y - before.y);
    if (length <= 0) return;
    const float dx = (tip_at.x - before.x) / length, dy = (tip_at.y - before.y) / length;
    const float size = std::clamp(canvas.px(5.5f), 3.5f, 9.0f);
    const ImVec2 tip = canvas.camera.to_screen(static_cast<double>(tip_at.x), static_cast<double>(tip_at.y));
    const ImVec2 foot{tip.x - dx * size, tip.y - dy * size};
    canvas.list->AddTriangleFilled(tip, {foot.x - dy * size * 0.55f, foot.y + dx * size * 0.55f},
                                   {foot.x + dy * size * 0.55f, foot.y - dx * size * 0.55f}, color);
}

void draw_cut(const Canvas& canvas, const EdgePath& path, std::span<const ImVec2> points, float thickness) {
    const Palette& colors = canvas.theme.colors;
    draw_dashes(canvas.list, points, std::max(3.0f, canvas.px(5)), std::max(2.5f, canvas.px(4)), colors.bad,
                thickness);
    const ImVec2 middle = path.at(0.5f);
    const ImVec2 at = canvas.camera.to_screen(static_cast<double>(middle.x), static_cast<double>(middle.y));
    const float size = std::clamp(canvas.px(9), 5.0f, 14.0f);
    canvas.list->AddCircleFilled(at, size * 0.85f, colors.bg);
    draw_sign(canvas.list, at, size, Tone::bad, colors.bad);
}

struct EdgeDrawer {
    const Canvas& canvas;
    std::vector<ImVec2> points;

    // Points that lie nearer than a pixel and a half add nothing.
    void project(const EdgePath& path) {
        points.clear();
        const std::size_t count = path.points.size();
        for (std::size_t i = 0; i < count; ++i) {
            const ImVec2 p = canvas.camera.to_screen(static_cast<double>(path.points[i].x),
                                                     static_cast<double>(path.points[i].y));
            if (!points.empty() && i + 1 < count &&
                std::abs(p.x - points.back().x) + std::abs(p.y - points.back().y) < 1.5f)
                continue;
            points.push_back(p);
        }
    }

    // A lasting link is no way of a request, and often one of very many: a faint row of dots.
    void draw_calm() {
        draw_dashes(canvas.list, points, 2, std::clamp(canvas.px(7), 4.0f, 8.0f),
                    with_alpha(canvas.theme.colors.faint, 0.5f), 1);
    }

    void draw(const EdgePath& path, const EdgeScene& edge, bool selected, bool hovered, bool calm) {
        project(path);
        if (calm) return draw_calm();
        const Palette& colors = canvas.theme.colors;
        const float thickness = std::clamp(canvas.px(1.5f), 1.0f, 2.5f) + (selected ? 1.0f : 0);
        const ImU32 color = selected ? colors.accent : hovered ? colors.mute : colors.line;
        if (edge.cut) {
            if (selected || hovered)
                canvas.list->AddPolyline(points.data(), static_cast<int>(points.size()),
                                         with_alpha(color, 0.5f), 0, thickness + 3);
            draw_cut(canvas, path, points, thickness);
        } else {
            canvas.list->AddPolyline(points.data(), static_cast<int>(points.size()), color, 0, thickness);
        }
        if (canvas.zoom >= k_arrow_zoom && path.arrow)
            draw_arrow(canvas, path, edge.cut ? colors.bad : selected || hovered ? color : colors.faint);
    }
};

} // namespace

void draw_edges(const Canvas& canvas, std::span<const EdgePath> paths, std::span<const EdgeScene> edges,
                EdgeLook look, ImVec2 area_min, ImVec2 area_max) {
    EdgeDrawer drawer{canvas, {}};
    const Position min = canvas.camera.to_board(area_min), max = canvas.camera.to_board(area_max);
    const auto outside = [&](const EdgePath& path) {
        return static_cast<double>(path.max.x) < min.x || static_cast<double>(path.min.x) > max.x ||
               static_cast<double>(path.max.y) < min.y || static_cast<double>(path.min.y) > max.y;
    };
    // Lines that stand out lie above the others.
    for (int pass = 0; pass < 2; ++pass)
        for (std::size_t i = 0; i < std::min(paths.size(), edges.size()); ++i) {
            const bool selected = look.selected == static_cast<int>(i),
                       hovered = look.hovered == static_cast<int>(i);
            if (paths[i].points.size() < 2 || outside(paths[i])) continue;
            const auto at = [&](int node) {
                return node >= 0 && (edges[i].from == node || edges[i].to == node);
            };
            const bool shown = selected || hovered || edges[i].cut,
                       near = edges[i].lasting && (at(look.node) || at(look.hovered_node));
            if ((shown || near) == (pass == 1))
                drawer.draw(paths[i], edges[i], selected, hovered || near,
                            edges[i].lasting && !shown && !near);
        }
}

void draw_edge_labels(const Canvas& canvas, std::span<const EdgePath> paths, std::span<const EdgeScene> edges,
                      EdgeLook look, ImVec2 area_min, ImVec2 area_max) {
    std::vector<Box> taken;
    const float height = 15 * canvas.type, pad = 4;
    const auto try_at = [&](const EdgePath& path, float share, const std::string& text, ImU32 color) {
        const ImVec2 p = path.at(share, -11 / canvas.zoom * canvas.type); // beside the line
        const ImVec2 c = canvas.camera.to_screen(static_cast<double>(p.x), static_cast<double>(p.y));
        const float width = words_width(canvas, Weight::regular, 10.5f, text) + 2 * pad;
        const ImVec2 min{c.x - width / 2, c.y - height / 2}, max{c.x + width / 2, c.y + height / 2};
        if (max.x < area_min.x || max.y < area_min.y || min.x > area_max.x || min.y > area_max.y) return true;
        const Box box{static_cast<double>(min.x), static_cast<double>(min.y), static_cast<double>(width),
                      static_cast<double>(height)};
        for (const Box& other : taken)
            if (box.overlaps(other, 3)) return false;
        taken.push_back(box);
        canvas.list->AddRectFilled(min, max, with_alpha(canvas.theme.colors.bg, 0.7f), 4);
        draw_words(canvas, Weight::regular, 10.5f, c, color, text, At::center);
        return true;
    };
    for (std::size_t i = 0; i < std::min(paths.size(), edges.size()); ++i) {
        const bool chosen = look.selected == static_cast<int>(i) || look.hovered == static_cast<int>(i);
        if (edges[i].cut || edges[i].latency_ms <= 0 || paths[i].points.size() < 2) continue;
        if (canvas.zoom < k_label_zoom && !chosen) continue;
        const ImU32 color = chosen ? canvas.theme.colors.text : canvas.theme.colors.mute;
        const std::string text = format_milliseconds(edges[i].latency_ms);
        for (float share : {0.5f, 0.36f, 0.64f, 0.26f, 0.74f})
            if (try_at(paths[i], share, text, color)) break;
    }
}

int edge_at(std::span<const EdgePath> paths, Position point, double reach) {
    const ImVec2 p{static_cast<float>(point.x), static_cast<float>(point.y)};
    const float within = static_cast<float>(reach);
    int found = -1;
    float nearest = within;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const EdgePath& path = paths[i];
        if (path.points.size() < 2 || p.x < path.min.x - within || p.y < path.min.y - within ||
            p.x > path.max.x + within || p.y > path.max.y + within)
            continue;
        const float distance = path.distance(p);
        if (distance >= nearest) continue;
        nearest = distance;
        found = static_cast<int>(i);
    }
    return found;
}

} // namespace scale::web
