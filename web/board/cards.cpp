#include "cards.hpp"

#include <algorithm>
#include <cmath>

#include "format.hpp"
#include "paint.hpp"

namespace scale::web {

namespace {

// Zooms from which a card shows more: its title, everything, a second line of figures.
constexpr float k_title_zoom = 0.3f, k_full_zoom = 0.6f, k_detail_zoom = 1.45f;
constexpr float k_pad = 12;

struct Card {
    const Canvas& canvas;
    const CardScene& scene;
    ImVec2 min, max;
    const Palette& colors;

    float px(float board) const { return canvas.px(board); }
    ImU32 tone() const { return tone_color(colors, scene.tone); }
    float left() const { return min.x + px(k_pad); }
    float right() const { return max.x - px(k_pad); }
    float row(float board_y) const { return min.y + px(board_y); }
};

// A wide soft ring in the accent colour, outside of every other frame.
void draw_pointer_ring(ImDrawList* list, ImVec2 min, ImVec2 max, float radius, const Palette& colors) {
    constexpr float k_out = 7, k_width = 5;
    list->AddRect({min.x - k_out, min.y - k_out}, {max.x + k_out, max.y + k_out},
                  with_alpha(colors.accent, 0.45f), radius + k_out, 0, k_width);
}

void draw_frame(const Card& card, CardLook look) {
    ImDrawList* list = card.canvas.list;
    const float radius = std::max(2.0f, card.px(Theme::k_radius));
    if (look.pointed_at) draw_pointer_ring(list, card.min, card.max, radius, card.colors);
    list->AddRectFilled(card.min, card.max, card.colors.panel, radius);
    const bool bad = card.scene.tone == Tone::bad;
    if (bad)
        list->AddRect(card.min, card.max, card.colors.bad, radius, 0, std::clamp(card.px(1.6f), 1.2f, 2.5f));
    else if (!look.selected)
        list->AddRect(card.min, card.max, look.hovered ? card.colors.faint : card.colors.line, radius, 0, 1);
    if (!look.selected) return;
    const float out = bad ? 3.5f : 0;
    list->AddRect({card.min.x - out, card.min.y - out}, {card.max.x + out, card.max.y + out},
                  card.colors.accent, radius + out, 0, 2);
}

constexpr float k_title_size = 14;
float title_left(const Card& card) { return card.left() + card.px(16 + 7); } // after the icon

// The word of a state, with its sign, ending at `right`; returns how wide it is. Where the word would cut the
// name, the sign alone, or nothing where it is a count, which stands below.
float draw_badge(const Card& card, float right, float y) {
    const Tone tone = card.scene.dead ? Tone::bad : Tone::warn;
    const ImU32 color = tone_color(card.colors, tone);
    const float sign = 8 * card.canvas.type, gap = card.px(4);
    const float word = words_width(card.canvas, Weight::regular, 11.5f, card.scene.badge);
    const float room = right - title_left(card);
    const float name = words_width(card.canvas, Weight::strong, k_title_size, card.scene.title);
    const bool cuts = name <= room && name > room - word - sign * 1.6f - gap;
    const bool alone = cuts && name <= room - sign * 1.6f - gap;
    if (cuts && !alone && card.scene.badge_counts) return 0;
    const float width = alone ? 0
                              : draw_words(card.canvas, Weight::regular, 11.5f, {right, y}, color,
                                           card.scene.badge, At::right);
    draw_sign(card.canvas.list, {right - width - sign * 0.95f, y}, sign, tone, color);
    return width + sign * 1.6f;
}

// Ring and word of the state in the upper right corner; returns where the title has to end.
float draw_corner(const Card& card) {
    const float y = card.row(20);
    float right = card.right();
    if (card.scene.ring && !card.scene.dead) {
        const float radius = card.px(11.5f);
        const ImVec2 centre{card.max.x - card.px(21), card.row(21)};
        draw_ring(card.canvas.list, centre, radius, std::max(2.0f, card.px(3.4f)), card.scene.busy,
                  card.tone(), card.colors.line);
        char number[8];
        std::snprintf(number, sizeof number, "%d", static_cast<int>(std::lround(card.scene.busy * 100)));
        const float size = card.scene.busy >= 0.995f ? 9.0f : 10.5f;
        draw_words(card.canvas, Weight::strong, size, centre, card.colors.text, number, At::center);
        right = centre.x - radius - card.px(6);
    }
    if (!card.scene.badge.empty())
        if (const float width = draw_badge(card, right, y); width > 0) right -= width + card.px(4);
    return right;
}

void draw_title(const Card& card, float end, float y) {
    const float icon = card.px(16);
    draw_icon(card.canvas.list, card.canvas.theme, {card.left() - card.px(1), y - icon / 2}, icon,
              card.colors.mute, icon_named(card.scene.kind->icon));
    const float x = title_left(card);
    draw_words(card.canvas, Weight::strong, k_title_size, {x, y}, card.colors.text, card.scene.title,
               At::left, std::max(1.0f, end - x));
}

// One square per instance, in two rows of small ones when there are many.
void draw_squares(const Card& card, float y, int rows, float size, float step) {
    const std::size_t count = card.scene.marks.size();
    const std::size_t in_row = (count + static_cast<std::size_t>(rows) - 1) / static_cast<std::size_t>(rows);
    const float top = y - (static_cast<float>(rows - 1) * step + size) / 2;
    for (std::size_t i = 0; i < count; ++i) {
        const ImVec2 at{card.left() + step * static_cast<float>(i % in_row),
                        top + step * static_cast<float>(i / in_row)};
        draw_instance(card.canvas.list, card.colors, at, size, card.scene.marks[i], card.tone());
    }
}

// Squares where they fit, and for how many each stands; else a strip of the share that is up, and the count.
void draw_instances(const Card& card, float y, float right) {
    const CardScene& scene = card.scene;
    const float size = card.px(8.5f), x = card.left();
    const std::string each = scene.stands_for > 1 ? "\xC3\x97" + std::to_string(scene.stands_for) : "";
    const float each_width =
        each.empty() ? 0 : words_width(card.canvas, Weight::strong, 11, each) + card.px(4);
    const auto fit = [&](float square, float step) {
        return static_cast<std::size_t>(std::max(1.0f, (right - each_width - x + step - square) / step));
    };
    const auto draw_each = [&](std::size_t in_row, float step) {
        if (each.empty()) return;
        const float after = x + step * static_cast<float>(in_row) + card.px(1);
        draw_words(card.canvas, Weight::strong, 11, {after, y}, card.colors.mute, each);
    };
    const bool all = scene.marks.size() == scene.instances;
    if (all && scene.instances <= fit(size, card.px(11.5f))) {
        draw_squares(card, y, 1, size, card.px(11.5f));
        draw_each(scene.instances, card.px(11.5f));
        return;
    }
    const float small = card.px(6), small_step = card.px(8);
    if (all && card.canvas.zoom >= 0.75f && scene.instances <= 2 * fit(small, small_step)) {
        draw_squares(card, y, 2, small, small_step);
        draw_each((scene.instances + 1) / 2, small_step);
        return;
    }
    // Too many: a strip of the shares, and the count.
    const std::string up_count = std::to_string(std::uint64_t{scene.instances_up} * scene.stands_for);
    const std::string all_count = std::to_string(std::uint64_t{scene.instances} * scene.stands_for);
    const std::string count = scene.instances_up < scene.instances ? up_count + "/" + all_count : all_count;
    const float words = words_width(card.canvas, Weight::strong, 11, count);
    const float width = std::max(size, right - x - words - card.px(6));
    const float up =
        width * static_cast<float>(scene.instances_up) / static_cast<float>(std::max(1u, scene.instances));
    const float radius = size * 0.25f;
    card.canvas.list->AddRect({x, y - size / 2}, {x + width, y + size / 2}, card.colors.line, radius);
    card.canvas.list->AddRectFilled({x, y - size / 2}, {x + up, y + size / 2}, card.tone(), radius);
    draw_words(card.canvas, Weight::strong, 11, {x + width + card.px(6), y}, card.colors.mute, count);
}

// Grows with every tenfold: 10 waiting is a quarter of the card, 10,000 all of it.
void draw_queue(const Card& card, float y) {
    if (card.scene.queue < 0.5) return;
    const std::string count = format_count(card.scene.queue);
    const float words = words_width(card.canvas, Weight::strong, 10, count) + card.px(6);
    const float room = card.right() - card.left() - words;
    const float share = static_cast<float>(std::clamp(std::log10(1 + card.scene.queue) / 4, 0.02, 1.0));
    const float height = std::max(2.0f, card.px(4));
    const ImVec2 min{card.left(), y - height / 2};
    card.canvas.list->AddRectFilled(min, {min.x + room * share, min.y + height}, card.tone(), height / 2);
    draw_words(card.canvas, Weight::strong, 10, {min.x + room * share + card.px(5), y}, card.colors.mute,
               count);
}

// Where a name that is too long for one line goes on: after a space or before a bracket, as late as fits.
std::size_t second_line(const Card& card, float size, float room) {
    const std::string_view title = card.scene.title;
    std::size_t found = std::string_view::npos;
    for (std::size_t i = 1; i < title.size(); ++i) {
        const bool after_space = title[i - 1] == ' ';
        if (!after_space && title[i] != '(') continue;
        const std::string_view first = title.substr(0, after_space ? i - 1 : i);
        if (words_width(card.canvas, Weight::strong, size, first) > room) break;
        found = i;
    }
    return found;
}

// On two lines where one is too short and the card high enough.
void draw_small_title(const Card& card, float room) {
    constexpr float k_apart = 22; // between lines, on the board
    const float size = std::max(15.0f, 9 / card.canvas.type);
    const auto draw = [&](float row, std::string_view words) {
        draw_words(card.canvas, Weight::strong, size, {card.left(), card.row(row)}, card.colors.text, words,
                   At::left, room);
    };
    const std::string_view title = card.scene.title;
    const bool too_long = words_width(card.canvas, Weight::strong, size, title) > room;
    const bool high_enough = card.px(k_apart) >= 0.95f * size * card.canvas.type;
    const std::size_t at = too_long && high_enough ? second_line(card, size, room) : std::string_view::npos;
    if (at == std::string_view::npos) {
        draw(28, title);
        return;
    }
    draw(29 - k_apart / 2, title.substr(0, at));
    draw(29 + k_apart / 2, title.substr(at));
}

void draw_small(const Card& card) {
    const float height = card.max.y - card.min.y;
    if (card.canvas.zoom < k_title_zoom) {
        const float icon = std::min(16.0f, height * 0.5f);
        const ImVec2 mid{(card.min.x + card.max.x) / 2,
                         card.min.y + height * (card.scene.ring ? 0.4f : 0.5f)};
        if (icon >= 8)
            draw_icon(card.canvas.list, card.canvas.theme, {mid.x - icon / 2, mid.y - icon / 2}, icon,
                      card.scene.tone >= Tone::warn ? card.tone() : card.colors.mute,
                      icon_named(card.scene.kind->icon));
        return;
    }
    const float room = card.right() - card.left();
    const float sign = card.scene.tone >= Tone::warn ? card.px(22) : 0;
    draw_small_title(card, room - sign);
    if (sign > 0)
        draw_sign(card.canvas.list, {card.right() - card.px(7), card.row(28)}, card.px(14), card.scene.tone,
                  card.tone());
}

// The share of the capacity in use, along the lower edge of a card that is too small for a ring.
void draw_small_busy(const Card& card) {
    if (!card.scene.ring || card.scene.dead || card.canvas.zoom < 0.16f) return;
    const float height = std::max(2.0f, card.px(7)), y = card.row(62), width = card.right() - card.left();
    card.canvas.list->AddRectFilled({card.left(), y - height / 2}, {card.right(), y + height / 2},
                                    card.colors.line, height / 2);
    if (card.scene.busy > 0.01f)
        card.canvas.list->AddRectFilled(
            {card.left(), y - height / 2},
            {card.left() + std::max(height, width * card.scene.busy), y + height / 2}, card.tone(),
            height / 2);
}

void draw_full(const Card& card) {
    const bool detailed = card.canvas.zoom >= k_detail_zoom;
    const float room = card.right() - card.left();
    draw_title(card, draw_corner(card), card.row(20));
    const float y = card.row(detailed ? 35 : 40), sign = 8 * card.canvas.type;
    const bool signed_line = card.scene.badge.empty() && card.scene.tone >= Tone::warn;
    const float indent = signed_line ? sign * 1.6f : 0;
    if (signed_line)
        draw_sign(card.canvas.list, {card.left() + sign / 2, y}, sign, card.scene.tone, card.tone());
    draw_words(card.canvas, Weight::regular, 12, {card.left() + indent, y},
               card.scene.tone == Tone::bad ? card.colors.text : card.colors.mute, card.scene.line, At::left,
               room - indent - (detailed ? card.px(36) : 0));
    if (detailed)
        draw_words(card.canvas, Weight::regular, 11, {card.left(), card.row(46)}, card.colors.mute,
                   card.scene.details, At::left, room);
    const float spark_left = card.right() - card.px(58);
    if (card.scene.ring || card.scene.instances > 1)
        draw_instances(card, card.row(59), spark_left - card.px(8));
    const ImU32 spark = card.scene.tone == Tone::bad ? with_alpha(card.colors.bad, 0.9f) : card.colors.faint;
    draw_spark(card.canvas.list, {spark_left, card.row(detailed ? 54 : 52)}, {card.right(), card.row(66)},
               card.scene.spark, spark, std::clamp(card.px(1.3f), 1.0f, 2.0f));
    draw_queue(card, card.row(72));
}

} // namespace

void draw_card(const Canvas& canvas, const Box& box, const CardScene& scene, CardLook look) {
    const ImVec2 min = canvas.camera.to_screen(box.x, box.y),
                 max = canvas.camera.to_screen(box.right(), box.bottom());
    const Card card{canvas,
                    scene,
                    {std::round(min.x), std::round(min.y)},
                    {std::round(max.x), std::round(max.y)},
                    canvas.theme.colors};
    draw_frame(card, look);
    if (canvas.zoom >= k_full_zoom) {
        draw_full(card);
        return;
    }
    draw_small(card);
    draw_small_busy(card);
}

void draw_group(const Canvas& canvas, const Box& box, const CardScene& scene, CardLook look, bool on_map) {
    if (box.width <= 0) return;
    const ImVec2 min = canvas.camera.to_screen(box.x, box.y),
                 max = canvas.camera.to_screen(box.right(), box.bottom());
    const Palette& colors = canvas.theme.colors;
    const ImU32 color = look.selected ? colors.accent : look.hovered ? colors.faint : colors.line;
    const float radius = std::max(3.0f, canvas.px(14));
    if (on_map) canvas.list->AddRectFilled(min, max, with_alpha(colors.bg, 0.82f), radius);
    draw_dashed_frame(canvas.list, min, max, radius, 4, 4, color, look.selected ? 2.0f : 1.0f);
    if (look.pointed_at) draw_pointer_ring(canvas.list, min, max, radius, colors);
    if (canvas.zoom < 0.2f) return;
    const float width = max.x - min.x - canvas.px(2 * k_pad);
    draw_words(canvas, Weight::regular, std::max(12.5f, 9.5f / canvas.type),
               {min.x + canvas.px(16), min.y + canvas.px(20)}, look.selected ? colors.accent : colors.mute,
               scene.title, At::left, width);
}

void draw_dots(ImDrawList* list, const Theme& theme, const Camera& camera, ImVec2 min, ImVec2 max) {
    double step = 3 * k_board_grid;
    while (step * camera.zoom() < 18) step *= 2;
    while (step * camera.zoom() > 44) step /= 2;
    const Position corner = camera.to_board(min);
    const ImVec2 first =
        camera.to_screen(std::ceil(corner.x / step) * step, std::ceil(corner.y / step) * step);
    const float apart = static_cast<float>(step * camera.zoom());
    const ImU32 color = with_alpha(theme.colors.line, 0.75f);
    for (float y = first.y; y < max.y; y += apart)
        for (float x = first.x; x < max.x; x += apart)
            list->AddRectFilled({x - 0.75f, y - 0.75f}, {x + 0.75f, y + 0.75f}, color);
}

} // namespace scale::web
