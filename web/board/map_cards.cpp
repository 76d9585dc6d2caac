// The map behind the cards: land as dots, and pins where regions are.

#include <algorithm>
#include <cmath>

#include "board.hpp"
#include "cards.hpp"
#include "world_map.hpp"

namespace scale::web {

namespace {

constexpr double k_dots_apart = 3.6;                // CSS pixels, at least: nearer ones are drawn together
constexpr float k_pin_least = 2.5f, k_pin_most = 5; // radius, CSS pixels
constexpr float k_leader_inset = 24;

} // namespace

void draw_world(ImDrawList* list, const Theme& theme, const Camera& camera, ImVec2 min, ImVec2 max) {
    int size = 1;
    while (size < 4 && k_land_step * size * camera.zoom() < k_dots_apart) size *= 2;
    const double step = k_land_step * size;
    const float half = std::clamp(static_cast<float>(step * camera.zoom()) * 0.21f, 0.7f, 4.0f);
    const Position from = camera.to_board(min), to = camera.to_board(max);
    const auto first = [&](double edge, double origin) {
        return std::max(0, static_cast<int>(std::floor((edge - origin) / step))) * size;
    };
    const int left = first(from.x, k_world.x), top = first(from.y, k_world.y);
    const ImU32 color = theme.colors.line;
    for (int row = top; row < k_land_rows; row += size) {
        const double y = k_world.y + row * k_land_step + step / 2;
        if (y > to.y + step) break;
        for (int column = left; column < k_land_columns; column += size) {
            const double x = k_world.x + column * k_land_step + step / 2;
            if (x > to.x + step) break;
            if (!mostly_land(column, row, size)) continue;
            const ImVec2 at = camera.to_screen(x, y);
            list->AddRectFilled({at.x - half, at.y - half}, {at.x + half, at.y + half}, color);
        }
    }
}

void draw_pin(const Canvas& canvas, Position at, const Box& group, const CardScene& region) {
    const Palette& colors = canvas.theme.colors;
    const ImVec2 pin = canvas.camera.to_screen(at);
    const ImU32 color = region.dead ? colors.bad : colors.accent;
    const float radius = std::clamp(canvas.px(14), k_pin_least, k_pin_most);
    if (group.width > 0) {
        const ImVec2 min = canvas.camera.to_screen(group.x, group.y),
                     max = canvas.camera.to_screen(group.right(), group.bottom());
        const float inset = std::min(k_leader_inset, (max.x - min.x) / 2);
        const ImVec2 end{std::clamp(pin.x, min.x + inset, max.x - inset), pin.y < min.y ? min.y : max.y};
        if (pin.y < min.y || pin.y > max.y) canvas.list->AddLine(pin, end, with_alpha(color, 0.7f), 1.5f);
    } else {
        draw_words(canvas, Weight::strong, 12.5f, {pin.x + radius + 5, pin.y}, colors.text, region.title);
    }
    canvas.list->AddCircleFilled(pin, radius + 2, colors.bg);
    canvas.list->AddCircle(pin, radius, color, 0, 1.8f);
    if (region.dead)
        draw_sign(canvas.list, pin, radius, Tone::bad, color);
    else
        canvas.list->AddCircleFilled(pin, radius * 0.45f, color);
}

void Board::draw_regions(const BoardInput& input, const Scenario& design, const Canvas& canvas) const {
    draw_world(canvas.list, input.theme, camera_, area_min_, area_max_);
    const std::size_t count = std::min({design.nodes.size(), layout_.nodes.size(), scene_.cards.size()});
    for (std::size_t i = 0; i < count; ++i)
        if (const auto place = point_on_globe(design.nodes[i]))
            draw_pin(canvas, place_on_map(*place), layout_.nodes[i], scene_.cards[i]);
}

} // namespace scale::web
