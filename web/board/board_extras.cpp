// What lies over the board: zoom buttons, the legend of the moment, the numbers under the pointer, and words
// where there is no design.

#include <algorithm>
#include <cmath>
#include <span>

#include "board.hpp"
#include "canvas.hpp"
#include "paint.hpp"
#include "words.hpp"

namespace scale::web {

namespace {

constexpr float k_edge = 16;  // from the edges of the area
constexpr float k_handle = 9; // radius of the handle for new edges, CSS pixels
constexpr double k_hover_after_s = 0.3;
constexpr float k_hover_pad = 12, k_hover_row = 20;
constexpr float k_tools_edge = 12; // the page's tools from the board's upper corners

struct LegendWord {
    ParticleShape shape;
    const char* key;
};
constexpr LegendWord k_legend[] = {
    {ParticleShape::dot, "board.served"},      {ParticleShape::diamond, "board.cache_hit"},
    {ParticleShape::ring, "board.retry"},      {ParticleShape::triangle, "board.failed"},
    {ParticleShape::cross, "board.timed_out"}, {ParticleShape::square, "board.rejected"},
};

void draw_surface(ImDrawList* list, const Theme& theme, ImVec2 min, ImVec2 max, ImU32 border) {
    list->AddRectFilled(min, max, theme.colors.panel, Theme::k_radius_small);
    list->AddRect(min, max, border, Theme::k_radius_small, 0, Theme::k_hairline);
}

// Plus, minus, or the corners of a frame.
void draw_button_sign(ImDrawList* list, ImVec2 c, double factor, ImU32 color) {
    constexpr float k_half = 5.5f, k_line = 1.6f, k_corner = 3.5f;
    if (factor > 0) {
        list->AddLine({c.x - k_half, c.y}, {c.x + k_half, c.y}, color, k_line);
        if (factor > 1) list->AddLine({c.x, c.y - k_half}, {c.x, c.y + k_half}, color, k_line);
        return;
    }
    for (float x : {-1.0f, 1.0f})
        for (float y : {-1.0f, 1.0f}) {
            const ImVec2 corner{c.x + x * k_half, c.y + y * k_half};
            list->PathLineTo({corner.x - x * k_corner, corner.y});
            list->PathLineTo(corner);
            list->PathLineTo({corner.x, corner.y - y * k_corner});
            list->PathStroke(color, 0, k_line);
        }
}

} // namespace

void Board::draw_buttons(const BoardInput& input, ImDrawList* list, BoardActions& actions) {
    struct Button {
        const char* id;
        double factor; // 0 fits, below that is the map
    };
    constexpr Button k_map{"map", -1}, k_nearer{"nearer", 1.35}, k_further{"further", 1 / 1.35},
        k_fit{"fit", 0};
    const bool narrow = is_narrow();
    const float size = narrow ? 44.0f : 32.0f;
    if (area_max_.y - area_min_.y - covered_bottom_ < 4 * size) return;
    std::vector<Button> shown;
    // On a phone they stand beside the tools, above all cards; a small figure in a page has no such place.
    const bool above = narrow && keep_free_top_ >= size;
    if (map_offered_ && (above || !narrow)) shown.push_back(k_map);
    if (!narrow) shown.insert(shown.end(), {k_nearer, k_further});
    // Fingers need the room: what is in view as a whole need not be fitted.
    if (!narrow || !fitted_ || near_) shown.push_back(k_fit);
    if (shown.empty()) return;
    const float width = size * static_cast<float>(shown.size());
    ImVec2 at{area_max_.x - (narrow ? k_tools_edge : k_edge) - width,
              above ? area_min_.y + k_tools_edge : area_max_.y - covered_bottom_ - k_edge / 2 - size};
    const ImVec2 middle{(area_min_.x + area_max_.x) / 2, (area_min_.y + area_max_.y - keep_free_bottom_) / 2};
    draw_surface(list, input.theme, at, {at.x + width, at.y + size}, input.theme.colors.line);
    for (const Button& button : shown) {
        ImGui::SetCursorScreenPos(at);
        const bool pressed = ImGui::InvisibleButton(button.id, {size, size});
        const bool over = ImGui::IsItemHovered();
        const ImVec2 centre{std::floor(at.x + size / 2) + 0.5f, std::floor(at.y + size / 2) + 0.5f};
        const ImU32 color = over                        ? input.theme.colors.text
                            : button.factor < 0 && map_ ? input.theme.colors.accent
                                                        : input.theme.colors.mute;
        if (button.factor < 0)
            draw_icon(list, input.theme, {centre.x - 8, centre.y - 8}, 16, color, icon_named("globe"));
        else
            draw_button_sign(list, centre, button.factor, color);
        if (over) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (over && button.factor < 0 && !narrow)
            draw_text(list, input.theme, TextStyle::label, {area_max_.x - k_edge, at.y - 22},
                      input.theme.colors.text, word(map_ ? "board.tiers" : "board.map", input.language),
                      Align::right);
        if (pressed && button.factor > 0) {
            camera_.zoom_about(middle, button.factor);
            fitted_ = false;
        } else if (pressed && button.factor < 0) {
            show_map(!map_);
        } else if (pressed) {
            fit();
        }
        if (pressed) actions.animating = true;
        at.x += size;
    }
}

ImVec2 Board::handle_of(int node) const {
    const Box& box = layout_.nodes[static_cast<std::size_t>(node)];
    const ImVec2 at = camera_.to_screen(box.right(), box.y + box.height / 2);
    return {at.x + k_handle, at.y};
}

int Board::handle_at(ImVec2 pointer) const {
    if (handled_ < 0 || static_cast<std::size_t>(handled_) >= layout_.nodes.size()) return -1;
    const ImVec2 at = handle_of(handled_);
    const float x = pointer.x - at.x, y = pointer.y - at.y;
    return x * x + y * y <= 4 * k_handle * k_handle ? handled_ : -1;
}

// A round handle with a plus, and while it is held the line that would become an edge: plain where it makes
// sense.
void Board::draw_new_edge(const BoardInput& input, const Scenario& design, ImDrawList* list) {
    if (handled_ < 0 || static_cast<std::size_t>(handled_) >= design.nodes.size()) return;
    if (layout_.layers[static_cast<std::size_t>(handled_)] < 0) return;
    if (design.nodes[static_cast<std::size_t>(handled_)].kind->calls == 0) return;
    const Palette& colors = input.theme.colors;
    const ImVec2 at = handle_of(handled_);
    ImU32 color = colors.accent;
    if (grip_ == Grip::line) {
        const Hit over = hit(design, pointer_);
        const bool there = over.node >= 0 && !over.group && over.node != handled_;
        if (there && refuse_edge(design, handled_, over.node)) color = colors.bad;
        list->AddLine(at, pointer_, color, there ? 2.5f : 1.5f);
    }
    list->AddCircleFilled(at, k_handle, colors.panel);
    list->AddCircle(at, k_handle, color, 0, 1.5f);
    draw_button_sign(list, {std::floor(at.x) + 0.5f, std::floor(at.y) + 0.5f}, 2, color);
}

// Only while something other than plain requests is on its way: a calm system needs no legend.
void Board::draw_legend(const BoardInput& input, ImDrawList* list) {
    bool needed = false;
    for (const LegendWord& entry : k_legend)
        needed = needed || (entry.shape != ParticleShape::dot && stream_.seen(entry.shape));
    if (!needed || is_narrow()) return;
    float width = 12;
    for (const LegendWord& entry : k_legend)
        if (stream_.seen(entry.shape))
            width += 28 + text_width(input.theme, TextStyle::axis, word(entry.key, input.language));
    const float y = area_max_.y - covered_bottom_ - k_edge / 2 - 16;
    float x = area_min_.x + k_edge;
    list->AddRectFilled({x, y - 13}, {x + width, y + 13}, with_alpha(input.theme.colors.bg, 0.92f), 13);
    x += 14;
    std::vector<Particle> signs;
    for (const LegendWord& entry : k_legend) {
        if (!stream_.seen(entry.shape)) continue;
        signs.push_back({x, y, 7.5f, particle_color(input.theme.colors, entry.shape),
                         static_cast<std::uint32_t>(entry.shape)});
        x += 9;
        x += draw_text(list, input.theme, TextStyle::axis,
                       {x, y - line_height(input.theme, TextStyle::axis) / 2}, input.theme.colors.mute,
                       word(entry.key, input.language)) +
             19;
    }
    draw_particles(list, signs);
}

// Where a part of the design is shown: on which sides there is more of it.
void Board::draw_beyond(const BoardInput& input, ImDrawList* list) const {
    if (!near_) return;
    const float top = area_min_.y + keep_free_top_, bottom = area_max_.y - covered_bottom_;
    const Position min = camera_.to_board({area_min_.x, top}), max = camera_.to_board({area_max_.x, bottom});
    const auto sign = [&](bool there, ImVec2 at, float x, float y) {
        if (!there) return;
        list->PathLineTo({at.x - 4 * x - 6 * y, at.y - 4 * y - 6 * x});
        list->PathLineTo(at);
        list->PathLineTo({at.x - 4 * x + 6 * y, at.y - 4 * y + 6 * x});
        list->PathStroke(input.theme.colors.mute, 0, 2);
    };
    const ImVec2 middle{(area_min_.x + area_max_.x) / 2, (top + bottom) / 2};
    const Box& all = layout_.bounds;
    sign(all.x < min.x, {area_min_.x + 6, middle.y}, -1, 0);
    sign(all.right() > max.x, {area_max_.x - 6, middle.y}, 1, 0);
    sign(all.y < min.y, {middle.x, top + 6}, 0, -1);
    sign(all.bottom() > max.y, {middle.x, bottom - 6}, 0, 1);
}

bool Board::draw_hover(const BoardInput& input, ImDrawList* list) {
    const bool card = hovered_.node >= 0 && !hovered_.group, line = hovered_.edge >= 0;
    if (!pointer_here_ || grip_ != Grip::none || (!card && !line)) return false;
    if (ui_s_ - hovered_since_s_ < k_hover_after_s) return true;
    const auto rows = card ? node_figures(input.world, hovered_.node, input.language)
                           : edge_figures(input.world, hovered_.edge, input.language);
    if (rows.empty()) return false;
    std::string title;
    if (card) {
        title = scene_.cards[static_cast<std::size_t>(hovered_.node)].title;
    } else {
        const EdgeScene& edge = scene_.edges[static_cast<std::size_t>(hovered_.edge)];
        title = scene_.cards[edge.from].title + " \xE2\x86\x92 " + scene_.cards[edge.to].title;
    }
    const Theme& theme = input.theme;
    float names = 0, values = 0;
    for (const HoverRow& row : rows) {
        names = std::max(names, text_width(theme, TextStyle::label, row.name));
        values = std::max(values, figure_width(theme, TextStyle::label, row.value) +
                                      (row.tone >= Tone::warn ? 12 : 0));
    }
    const float width =
        std::max(names + values + 24, text_width(theme, TextStyle::strong, title)) + 2 * k_hover_pad;
    const float height = 2 * k_hover_pad + 24 + k_hover_row * static_cast<float>(rows.size());
    ImVec2 at{pointer_.x + 18, pointer_.y + 14};
    if (card) {
        const Box& box = layout_.nodes[static_cast<std::size_t>(hovered_.node)];
        const ImVec2 min = camera_.to_screen(box.x, box.y),
                     max = camera_.to_screen(box.right(), box.bottom());
        at = {max.x + 10, min.y};
        if (at.x + width > area_max_.x - 8) at.x = min.x - 10 - width;
        if (at.x < area_min_.x + 8) at = {min.x, max.y + 10};
    }
    at.x = std::clamp(at.x, area_min_.x + 8, std::max(area_min_.x + 8, area_max_.x - width - 8));
    at.y = std::clamp(at.y, area_min_.y + 8,
                      std::max(area_min_.y + 8, area_max_.y - covered_bottom_ - height - 4));
    draw_surface(list, theme, at, {at.x + width, at.y + height}, theme.colors.faint);
    draw_text(list, theme, TextStyle::strong, {at.x + k_hover_pad, at.y + k_hover_pad - 2}, theme.colors.text,
              title);
    float y = at.y + k_hover_pad + 24;
    for (const HoverRow& row : rows) {
        draw_text(list, theme, TextStyle::label, {at.x + k_hover_pad, y}, theme.colors.mute, row.name);
        const ImU32 color = row.tone >= Tone::warn ? tone_color(theme.colors, row.tone) : theme.colors.text;
        const float right = at.x + width - k_hover_pad;
        const float used =
            draw_figure(list, theme, TextStyle::label, {right, y}, color, row.value, Align::right);
        draw_sign(list, {right - used - 8, y + line_height(theme, TextStyle::label) / 2}, 7, row.tone, color);
        y += k_hover_row;
    }
    return false;
}

void Board::draw_empty(const BoardInput& input, ImDrawList* list) {
    const ImVec2 middle{(area_min_.x + area_max_.x) / 2, (area_min_.y + area_max_.y - keep_free_bottom_) / 2};
    draw_text(list, input.theme, TextStyle::strong, {middle.x, middle.y - 24}, input.theme.colors.mute,
              word("board.empty", input.language), Align::center);
    draw_text(list, input.theme, TextStyle::label, {middle.x, middle.y + 2}, input.theme.colors.faint,
              word("board.empty_hint", input.language), Align::center);
}

} // namespace scale::web
