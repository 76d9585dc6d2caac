#include "picture_card.hpp"

#include <algorithm>
#include <cmath>

#include "format.hpp"
#include "svg.hpp"

namespace scale::web {
namespace {

using svg::number;
using svg::paint;

constexpr float k_full_zoom = 0.62f; // from which a card shows more than its name
constexpr float k_least_type = 10.5f;
constexpr std::size_t k_marks_shown = 8;

// Outlines in a square of 24, by the name that a kind gives its icon.
struct Icon {
    std::string_view name;
    const char* path;
};
constexpr Icon k_icons[] = {
    {"users",
     "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M9 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M22 21v-2a4 4 0 0 0-3-4M16 "
     "3a4 4 0 0 1 0 8"},
    {"globe", "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M2 12h20M12 2a15 15 0 0 0 0 20M12 2a15 15 0 0 1 0 20"},
    {"split", "M16 3h5v5M8 3H3v5M12 22v-8a4 4 0 0 0-1-3L3 3M15 9l6-6"},
    {"server",
     "M4 2h16a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zM4 14h16a2 2 0 0 1 2 2v4a2 2 "
     "0 0 1-2 2H4a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2zM6 6h.1M6 18h.1"},
    {"database", "M3 5a9 3 0 0 0 18 0 9 3 0 0 0-18 0v14a9 3 0 0 0 18 0V5M3 12a9 3 0 0 0 18 0"},
    {"zap", "M13 2 3 14h9l-1 8 10-12h-9z"},
    {"cloud", "M17.5 19H9a7 7 0 1 1 6.7-9h1.8a4.5 4.5 0 1 1 0 9z"},
    {"layers", "m12 2 10 5-10 5L2 7zM2 12l10 5 10-5M2 17l10 5 10-5"},
    {"mail", "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM22 7l-10 6L2 7"},
    {"cog",
     "M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12M12 2v4M12 18v4M5 5l3 3M16 16l3 3M2 12h4M18 12h4M5 19l3-3M16 8l3-3"},
    {"activity", "M22 12h-4l-3 9L9 3l-3 9H2"},
    {"hard-drive",
     "M22 12H2M5.5 5 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.500-7a2 2 0 0 0-1.800-1H7.300a2 2 0 0 "
     "0-1.800 1zM6 16h.1M10 16h.1"},
    {"map-pin", "M20 10c0 5-8 12-8 12s-8-7-8-12a8 8 0 0 1 16 0zM12 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6"},
    {"key-round",
     "M15.500 2a6.500 6.500 0 0 0-6 9L2 18.500V22h5v-3h3v-3l2-2a6.500 6.500 0 1 0 3.500-12M16.500 7.500h.1"},
    {"boxes", "M3 13h8v8H3zM13 13h8v8h-8zM8 3h8v8H8z"},
    {"search", "M11 3a8 8 0 1 0 0 16 8 8 0 0 0 0-16M21 21l-4.300-4.300"},
    {"git-fork",
     "M12 15a3 3 0 1 0 0 6 3 3 0 0 0 0-6M6 3a3 3 0 1 0 0 6 3 3 0 0 0 0-6M18 3a3 3 0 1 0 0 6 3 3 0 0 0 "
     "0-6M18 9v2a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V9M12 12v3"},
};

std::string icon_svg(std::string_view name, float x, float y, float size, Color color) {
    for (const Icon& icon : k_icons)
        if (icon.name == name)
            return "<path transform=\"translate(" + number(x) + " " + number(y) + ") scale(" +
                   std::to_string(size / 24) + ")\" fill=\"none\"" + paint("stroke", color) +
                   " stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"" + icon.path +
                   "\"/>";
    return {};
}

Color tone_color(const Palette& colors, Tone tone) {
    return tone == Tone::bad ? colors.bad : tone == Tone::warn ? colors.warn : colors.ok;
}

std::string rect(float x, float y, float width, float height, float radius, const std::string& look) {
    return "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\"" +
           number(height) + "\" rx=\"" + number(radius) + "\"" + look + "/>";
}

// Triangle for warn, cross for bad: never by colour alone.
std::string sign_svg(float x, float y, float size, Tone tone, Color color) {
    const float half = size / 2;
    if (tone == Tone::bad)
        return "<path d=\"M" + number(x - half) + " " + number(y - half) + "l" + number(size) + " " +
               number(size) + "m0 " + number(-size) + "l" + number(-size) + " " + number(size) + "\"" +
               paint("stroke", color) + " stroke-width=\"1.8\" stroke-linecap=\"round\"/>";
    return "<path d=\"M" + number(x) + " " + number(y - half) + "l" + number(half) + " " + number(size) +
           "h" + number(-size) + "z\"" + paint("fill", color) + "/>";
}

// One card being drawn; lengths in pixels of the picture.
struct Drawn {
    const PictureFrame& frame;
    const CardScene& card;
    float left, top, width, height;
    bool measured;
    Language language;
    std::string out{};

    float px(float board) const { return board * frame.zoom; }
    float type(float board) const { return std::max(k_least_type, board * frame.zoom); }
    const Palette& colors() const { return frame.colors; }
    Color tone() const { return tone_color(frame.colors, card.tone); }
    bool alarming() const { return measured && card.tone >= Tone::warn; }

    void words(PictureText look, std::string_view text, float room) {
        out += text_svg(look, svg::fitted(text, room / look.size / (look.strong ? 1.06f : 1)));
    }

    void ground() {
        const bool bad = measured && card.tone == Tone::bad;
        out += rect(left, top, width, height, std::max(4.0f, px(10)),
                    paint("fill", colors().panel) + paint("stroke", bad ? colors().bad : colors().line) +
                        " stroke-width=\"" + (bad ? "1.8" : "1") + "\"");
    }

    void ring() {
        const float radius = px(11.5f), x = left + width - px(22), y = top + px(21);
        const float around = 2 * 3.14159265f * radius, share = std::clamp(card.busy, 0.0f, 1.0f);
        const std::string circle = "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" +
                                   number(radius) + "\" fill=\"none\" stroke-width=\"" +
                                   number(std::max(2.0f, px(3.4f))) + "\"";
        out += circle + paint("stroke", colors().line) + "/>";
        if (share > 0.004f)
            out += circle + paint("stroke", tone()) + " stroke-dasharray=\"" + number(around * share) + " " +
                   number(around) + "\" transform=\"rotate(-90 " + number(x) + " " + number(y) + ")\"/>";
        out += text_svg(
            {x, y, std::max(8.0f, px(share >= 0.995f ? 9 : 10.5f)), colors().text, true, Anchor::middle},
            std::to_string(static_cast<int>(std::lround(share * 100))));
    }

    float corner() {
        float right = left + width - px(12);
        if (card.ring && measured && !card.dead) {
            ring();
            right -= px(29);
        }
        if (card.badge.empty() || !measured) return right;
        const float size = type(11.5f), badge = svg::ems(card.badge) * size * 0.95f;
        const Tone shown = card.dead ? Tone::bad : Tone::warn;
        const Color color = tone_color(colors(), shown);
        out += text_svg({right, top + px(20), size, color, false, Anchor::end}, card.badge);
        out += sign_svg(right - badge - px(7), top + px(20), px(8), shown, color);
        return right - badge - px(16);
    }

    void line() {
        float x = left + px(12);
        const float y = top + px(41);
        if (alarming() && card.badge.empty()) {
            out += sign_svg(x + px(4), y, px(8), card.tone, tone());
            x += px(13);
        }
        const char* kind = pick(card.kind->name, language);
        const std::string said = measured             ? card.line
                                 : card.title == kind ? std::string()
                                                      : std::string(kind);
        words({x, y, type(12), colors().mute, false, Anchor::start}, said, left + width - px(12) - x);
    }

    void instances() {
        if (card.instances < 2 && !card.ring) return;
        const float size = px(8.5f), y = top + px(59) - size / 2;
        if (card.instances > k_marks_shown || card.marks.size() != card.instances) {
            const auto real = [&](std::uint32_t some) {
                return std::to_string(std::uint64_t{some} * card.stands_for);
            };
            const std::string count = real(card.instances_up) +
                                      (card.instances_up < card.instances ? "/" + real(card.instances) : "");
            out += text_svg({left + px(12), top + px(59), type(11), colors().mute, true, Anchor::start},
                            "\xC3\x97 " + count);
            return;
        }
        for (std::size_t i = 0; i < card.marks.size(); ++i) {
            const float x = left + px(12) + px(11.5f) * static_cast<float>(i);
            const bool up = card.marks[i].state == InstanceState::up;
            out += rect(x, y, size, size, px(2),
                        up ? paint("fill", tone()) : " fill=\"none\"" + paint("stroke", colors().bad));
            if (!up) out += sign_svg(x + size / 2, y + size / 2, size * 0.5f, Tone::bad, colors().bad);
        }
        if (card.stands_for > 1) {
            const float after = left + px(13) + px(11.5f) * static_cast<float>(card.marks.size());
            out += text_svg({after, top + px(59), type(11), colors().mute, true, Anchor::start},
                            "\xC3\x97" + std::to_string(card.stands_for));
        }
    }

    void spark() {
        if (!measured || card.spark.size() < 2) return;
        const float most = std::max(1e-6f, *std::max_element(card.spark.begin(), card.spark.end()));
        std::vector<Spot> spots;
        for (std::size_t i = 0; i < card.spark.size(); ++i)
            spots.push_back({left + width - px(70) +
                                 px(58) * static_cast<float>(i) / static_cast<float>(card.spark.size() - 1),
                             top + px(66) - px(11) * card.spark[i] / most});
        out += "<polyline fill=\"none\"" + paint("stroke", colors().faint) +
               " stroke-width=\"1.2\" stroke-linejoin=\"round\" points=\"" + svg::points(spots) + "\"/>";
    }

    void queue() {
        if (!measured || card.queue < 0.5) return;
        const std::string count = format_count(card.queue);
        const float room = width - px(24) - px(10) - svg::ems(count) * type(10);
        const float share = static_cast<float>(std::clamp(std::log10(1 + card.queue) / 4, 0.02, 1.0));
        const float height_px = std::max(2.0f, px(4));
        out += rect(left + px(12), top + px(72) - height_px / 2, room * share, height_px, height_px / 2,
                    paint("fill", tone()));
        out += text_svg(
            {left + px(17) + room * share, top + px(72), type(10), colors().mute, true, Anchor::start},
            count);
    }

    void full() {
        const float end = corner();
        out += icon_svg(card.kind->icon, left + px(11), top + px(12), px(16), colors().mute);
        const float x = left + px(34);
        words({x, top + px(20), type(14), colors().text, true, Anchor::start}, card.title, end - x);
        line();
        instances();
        spark();
        queue();
    }

    // The name in up to two lines.
    void name(float x, float room) {
        const float size = k_least_type;
        std::string first = card.title, second;
        if (svg::ems(first) * size > room && height > 34) {
            for (std::size_t at = first.rfind(' '); at != std::string::npos && at > 0;
                 at = first.rfind(' ', at - 1))
                if (svg::ems(std::string_view(first).substr(0, at)) * size <= room) {
                    second = first.substr(at + 1);
                    first.resize(at);
                    break;
                }
        }
        const bool lower = !second.empty() || (height > 34 && measured && !card.line.empty());
        const float middle = top + (height - (card.ring ? 5 : 0)) / 2, apart = lower ? size * 0.62f : 0;
        words({x, middle - apart, size, colors().text, true, Anchor::start}, first, room);
        if (!second.empty())
            words({x, middle + apart, size, colors().text, true, Anchor::start}, second, room);
        else if (lower)
            words({x, middle + apart + 1, 9.5f, colors().mute, false, Anchor::start}, card.line, room);
    }

    void small() {
        const float pad = std::max(4.0f, px(10)), sign = alarming() ? 11.0f : 0;
        if (height >= 18) name(left + pad, width - 2 * pad - sign);
        if (sign > 0) out += sign_svg(left + width - pad - 2, top + pad + 2, 7, card.tone, tone());
        if (!card.ring || card.dead || !measured) return;
        const float y = top + height - 6, room = width - 2 * pad;
        out += rect(left + pad, y, room, 2.5f, 1.2f, paint("fill", colors().line));
        out += rect(left + pad, y, std::max(2.5f, room * card.busy), 2.5f, 1.2f, paint("fill", tone()));
    }
};

} // namespace

std::string text_svg(const PictureText& look, std::string_view words) {
    if (words.empty()) return {};
    constexpr const char* k_anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    return "<text x=\"" + number(look.x) + "\" y=\"" + number(look.middle + look.size * 0.35f) +
           "\" font-size=\"" + number(look.size) + "\"" + (look.strong ? " font-weight=\"600\"" : "") +
           k_anchors[static_cast<int>(look.anchor)] + paint("fill", look.color) + ">" + svg::escaped(words) +
           "</text>";
}

std::string card_svg(const PictureFrame& frame, const Box& box, const CardScene& card, bool measured,
                     Language language) {
    Drawn drawn{frame,
                card,
                frame.x(box.x),
                frame.y(box.y),
                static_cast<float>(box.width) * frame.zoom,
                static_cast<float>(box.height) * frame.zoom,
                measured,
                language};
    drawn.out = "<g>";
    drawn.ground();
    if (frame.zoom >= k_full_zoom)
        drawn.full();
    else
        drawn.small();
    return drawn.out + "</g>\n";
}

std::string group_svg(const PictureFrame& frame, const Box& box, const CardScene& card) {
    if (box.width <= 0) return {};
    const float width = static_cast<float>(box.width) * frame.zoom;
    const float size = std::max(k_least_type, 12 * frame.zoom);
    return rect(frame.x(box.x), frame.y(box.y), width, static_cast<float>(box.height) * frame.zoom, 10,
                " fill=\"none\" stroke-dasharray=\"4 4\"" + paint("stroke", frame.colors.faint)) +
           text_svg({frame.x(box.x) + 8, frame.y(box.y) + std::max(9.0f, 20 * frame.zoom), size,
                     frame.colors.mute},
                    svg::fitted(card.title, (width - 16) / size)) +
           "\n";
}

} // namespace scale::web
