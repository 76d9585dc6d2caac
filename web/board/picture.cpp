#include "picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "edge_paths.hpp"
#include "format.hpp"
#include "picture_card.hpp"
#include "svg.hpp"
#include "words.hpp"
#include "world_map.hpp"

namespace scale::web {
namespace {

using svg::number;
using svg::paint;

constexpr float k_pad = 24, k_head = 64, k_foot = 66;
constexpr float k_zoom_most = 1.15f;
constexpr double k_tall_row = 132, k_tall_column = 192; // from card to card in a picture from top to bottom

// The same board with its columns as rows. Cards keep clear of each other: what was a row apart is now a
// column apart.
BoardLayout turned(const Scenario& design, const BoardLayout& wide) {
    BoardLayout tall = wide;
    for (std::size_t i = 0; i < tall.nodes.size(); ++i) {
        if (wide.layers[i] < 0) continue;
        Box& box = tall.nodes[i];
        const double across = wide.nodes[i].centre_y() / (k_card_height + k_row_gap) * k_tall_column;
        const double down = wide.nodes[i].centre_x() / (k_card_width + k_column_gap) * k_tall_row;
        box = {across - k_card_width / 2, down - k_card_height / 2, k_card_width, k_card_height};
    }
    close_groups(design, tall);
    return tall;
}

std::string line_svg(const PictureFrame& frame, const EdgePath& path, bool cut) {
    if (path.points.size() < 2) return {};
    std::vector<Spot> spots;
    for (const Spot& point : path.points) {
        const Spot spot{frame.left + point.x * frame.zoom, frame.top + point.y * frame.zoom};
        const bool last = &point == &path.points.back();
        if (!last && !spots.empty() && std::hypot(spot.x - spots.back().x, spot.y - spots.back().y) < 4)
            continue;
        spots.push_back(spot);
    }
    const Color color = cut ? frame.colors.bad : frame.colors.faint;
    std::string out = "<polyline fill=\"none\"" + paint("stroke", color) + " stroke-width=\"1.2\"" +
                      (cut ? " stroke-dasharray=\"5 4\"" : "") + " points=\"" + svg::points(spots) + "\"/>";
    const Spot tip = spots.back(), before = spots[spots.size() - 2];
    const float length = std::hypot(tip.x - before.x, tip.y - before.y);
    if (!path.arrow || length <= 0) return out;
    constexpr float k_size = 5.5f;
    const float dx = (tip.x - before.x) / length * k_size, dy = (tip.y - before.y) / length * k_size;
    const Spot head[] = {tip,
                         {tip.x - dx - dy * 0.55f, tip.y - dy + dx * 0.55f},
                         {tip.x - dx + dy * 0.55f, tip.y - dy - dx * 0.55f}};
    return out + "<polygon" + paint("fill", color) + " points=\"" + svg::points(head) + "\"/>\n";
}

// Up to four numbers into a text.
void add(std::string& out, const char* format, float a, float b, float c = 0, float d = 0) {
    char text[200];
    std::snprintf(text, sizeof text, format, static_cast<double>(a), static_cast<double>(b),
                  static_cast<double>(c), static_cast<double>(d));
    out += text;
}

class Picture {
public:
    Picture(const World& world, const Scenario& design, const PictureLook& look)
        : world_(world), design_(design), look_(look), colors_(palette(look.dark)) {
        measured_ = world.totals().requests.offered > 0;
        read_scene(scene_, world, design, look.language);
        layout_ = lay_out_board(design, {}, stands_on_map(design));
        if (look.tall && !layout_.map) {
            BoardLayout tall = turned(design, layout_);
            if (tall.bounds.width < layout_.bounds.width) layout_ = std::move(tall);
        }
        paths_ = edge_paths(design, layout_);
        if (layout_.map) hold_lines();
        const float room = look.width - 2 * k_pad;
        zoom_ = std::min(k_zoom_most, room / std::max(1.0f, static_cast<float>(layout_.bounds.width)));
        board_height_ = static_cast<float>(layout_.bounds.height) * zoom_;
        height_ = k_head + board_height_ + (measured_ ? k_foot + 16 : k_pad);
    }

    std::string draw() {
        const std::string w = number(look_.width), h = number(height_);
        std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + w + " " + h +
                          "\" width=\"" + w + "\" height=\"" + h + "\" data-board=\"0 " +
                          number(k_head - 12) + " " + w + " " + number(board_height_ + 24) +
                          "\" font-family=\"'Scaleground Sans', SUIT, Pretendard, 'Apple SD Gothic Neo', "
                          "'Malgun Gothic', 'Noto Sans "
                          "KR', system-ui, sans-serif\" role=\"img\"><title>" +
                          svg::escaped(title()) + "</title>\n<rect width=\"" + w + "\" height=\"" + h +
                          "\" rx=\"12\"" + paint("fill", colors_.bg) + "/>\n";
        out += head() + board();
        if (measured_) out += foot();
        return out + "</svg>\n";
    }

private:
    // Some lines lead around what stands lowest.
    void hold_lines() {
        double bottom = layout_.bounds.bottom();
        for (const EdgePath& path : paths_) bottom = std::max(bottom, static_cast<double>(path.max.y));
        layout_.bounds.height = bottom - layout_.bounds.y;
    }

    std::string title() const { return pick(design_.title, look_.language); }

    std::string head() const {
        const float room = look_.width - 2 * k_pad;
        std::string out = "<g>";
        out += text_svg({k_pad, 28, 18, colors_.text, true}, svg::fitted(title(), room / 19.5f));
        const std::string_view about = pick(design_.description, look_.language);
        out += text_svg({k_pad, 49, 12, colors_.mute},
                        svg::fitted(about.substr(0, about.find('\n')), room / 12));
        return out + "</g>\n";
    }

    std::string board() {
        const Box& bounds = layout_.bounds;
        const float width = static_cast<float>(bounds.width) * zoom_;
        PictureFrame frame{colors_, zoom_, (look_.width - width) / 2 - static_cast<float>(bounds.x) * zoom_,
                           k_head - static_cast<float>(bounds.y) * zoom_};
        std::string out;
        if (layout_.map) out += world(frame);
        for (std::size_t i = 0; i < scene_.cards.size(); ++i)
            if (is_group(design_.nodes[i])) out += group_svg(frame, layout_.nodes[i], scene_.cards[i]);
        for (std::size_t i = 0; i < paths_.size(); ++i)
            out += line_svg(frame, paths_[i], i < scene_.edges.size() && scene_.edges[i].cut);
        for (std::size_t i = 0; i < scene_.cards.size(); ++i)
            if (!is_group(design_.nodes[i]))
                out += card_svg(frame, layout_.nodes[i], scene_.cards[i], measured_, look_.language);
        return out;
    }

    // Land as dots, every run of it a dashed line without length to its dashes; then the pins.
    std::string world(const PictureFrame& frame) const {
        constexpr float k_dots_apart = 4;
        int size = 1;
        while (size < 8 && static_cast<float>(k_land_step) * static_cast<float>(size) * zoom_ < k_dots_apart)
            size *= 2;
        const float step = static_cast<float>(k_land_step) * static_cast<float>(size) * zoom_;
        const float left = frame.x(k_world.x) + step / 2, top = frame.y(k_world.y) + step / 2;
        std::string runs;
        for (int row = 0; row < k_land_rows / size; ++row) {
            const float y = top + static_cast<float>(row) * step;
            if (y < k_head - 4 || y > k_head + board_height_ + 8) continue;
            int run = 0;
            for (int column = 0; column <= k_land_columns / size; ++column) {
                const float x = left + static_cast<float>(column) * step;
                const bool dry = x > 4 && x < look_.width - 4 && mostly_land(column * size, row * size, size);
                if (!dry && run > 0)
                    add(runs, "M%.1f %.1fh%.1f", x - static_cast<float>(run) * step, y,
                        static_cast<float>(run - 1) * step + 0.1f);
                run = dry ? run + 1 : 0;
            }
        }
        std::string out = "<path fill=\"none\"" + paint("stroke", colors_.line);
        add(out, " stroke-width=\"%.1f\" stroke-linecap=\"round\" stroke-dasharray=\"0 %.2f\" d=\"",
            std::max(1.2f, step * 0.42f), step);
        out += runs + "\"/>\n";
        for (std::size_t i = 0; i < scene_.cards.size(); ++i)
            if (const auto place = point_on_globe(design_.nodes[i]))
                add_pin(out, frame, place_on_map(*place), layout_.nodes[i], scene_.cards[i]);
        return out;
    }

    void add_pin(std::string& out, const PictureFrame& frame, Position at, const Box& group,
                 const CardScene& region) const {
        const float x = frame.x(at.x), y = frame.y(at.y);
        const std::string stroke = paint("stroke", region.dead ? colors_.bad : colors_.accent);
        if (group.width > 0) {
            const float left = frame.x(group.x), right = frame.x(group.right()), top = frame.y(group.y);
            const float end = std::clamp(x, left + 12, std::max(left + 12, right - 12));
            add(out, "<path d=\"M%.1f %.1fL%.1f %.1f\"", x, y, end, top);
            out += stroke;
            add(out,
                "/><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"10\" "
                "fill-opacity=\"0.82\"",
                left, top, right - left, frame.y(group.bottom()) - top);
            out += paint("fill", colors_.bg) + "/>";
        } else {
            out += text_svg({x + 9, y, 11, colors_.mute}, region.title);
        }
        add(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" stroke-width=\"1.6\"", x, y);
        out += stroke + paint("fill", colors_.bg) + "/>\n";
    }

    std::string foot() const {
        const Totals totals = world_.totals();
        const auto say = [&](const char* key) { return std::string(word(key, look_.language)); };
        const Counts& counts = totals.requests;
        const double offered =
            totals.measured_s > 0 ? static_cast<double>(counts.offered) / totals.measured_s : 0;
        // Before the run and right after the warm-up there is nothing to tell yet: no figure, not zero.
        const auto once = [](bool any, std::string figure) { return any ? figure : std::string("–"); };
        const bool answered = counts.completed > 0;
        const bool over = answered || counts.failed + counts.rejected + counts.timed_out > 0;
        const std::pair<std::string, std::string> figures[] = {
            {say("page.load"), once(totals.measured_s > 0, format_rate(offered))},
            {"p50", once(answered, format_milliseconds(totals.latency_ms.p50))},
            {"p99", once(answered, format_milliseconds(totals.latency_ms.p99))},
            {say("page.failed"), once(over, format_percent(1 - totals.availability))},
            {say("page.cost"), format_usd(totals.cost_usd_per_month)}};
        const float top = height_ - k_foot, room = look_.width - 2 * k_pad;
        const bool narrow = look_.width < 520; // the note of what was measured then has no room beside them
        const float step = (narrow ? room : room * 0.74f) / 5;
        std::string out = "<g><path d=\"M" + number(k_pad) + " " + number(top) + "h" + number(room) + "\"" +
                          paint("stroke", colors_.line) + "/>";
        float x = k_pad;
        for (const auto& [name, value] : figures) {
            out += text_svg({x, top + 21, narrow ? 10.0f : 11.0f, colors_.mute}, name);
            out += text_svg({x, top + 41, narrow ? 12.0f : 15.0f, colors_.text, true}, value);
            x += step;
        }
        const float right = look_.width - k_pad;
        if (narrow) return out + "</g>\n";
        out += text_svg({right, top + 21, 11, colors_.mute, false, Anchor::end},
                        phrase("picture.measured", look_.language, {format_clock(scene_.now_s)}));
        out += text_svg({right, top + 41, 12, colors_.accent, true, Anchor::end}, "Scaleground");
        return out + "</g>\n";
    }

    const World& world_;
    const Scenario& design_;
    PictureLook look_;
    const Palette& colors_;
    BoardScene scene_;
    BoardLayout layout_;
    std::vector<EdgePath> paths_;
    bool measured_ = false;
    float zoom_ = 1, board_height_ = 0, height_ = 0;
};

} // namespace

std::string board_picture(const World& world, const Scenario& design, const PictureLook& look) {
    return Picture(world, design, look).draw();
}

} // namespace scale::web
