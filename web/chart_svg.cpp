// Charts as SVG: for pictures in notes. Fonts are named, never embedded; widths of text are estimates.

#include <cstdio>

#include "chart.hpp"

namespace scale::web {
namespace {

std::string number(float value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", static_cast<double>(value));
    return buffer;
}

std::string paint(const char* attribute, ChartColor color) {
    char buffer[96];
    const unsigned alpha = color >> 24;
    std::snprintf(buffer, sizeof buffer, " %s=\"#%02x%02x%02x\"", attribute, color & 0xFF, color >> 8 & 0xFF,
                  color >> 16 & 0xFF);
    std::string out = buffer;
    if (alpha == 255) return out;
    std::snprintf(buffer, sizeof buffer, " %s-opacity=\"%.3f\"", attribute, alpha / 255.0);
    return out + buffer;
}

std::string escaped(std::string_view words) {
    std::string out;
    for (char c : words) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string points(std::span<const Spot> spots) {
    std::string out;
    for (const Spot& spot : spots) out += (out.empty() ? "" : " ") + number(spot.x) + "," + number(spot.y);
    return out;
}

class SvgCanvas : public ChartCanvas {
public:
    void line(std::span<const Spot> spots, ChartColor color, float width) override {
        body_ += "<polyline fill=\"none\"" + paint("stroke", color) + " stroke-width=\"" + number(width) +
                 "\" stroke-linejoin=\"round\" points=\"" + points(spots) + "\"/>\n";
    }
    void rule(Spot from, Spot to, ChartColor color, float width, bool dashed) override {
        body_ += "<line x1=\"" + number(from.x) + "\" y1=\"" + number(from.y) + "\" x2=\"" + number(to.x) +
                 "\" y2=\"" + number(to.y) + "\"" + paint("stroke", color) + " stroke-width=\"" +
                 number(width) + "\"" + (dashed ? " stroke-dasharray=\"2 3\"" : "") + "/>\n";
    }
    void band(std::span<const Spot> upper, std::span<const Spot> lower, ChartColor color) override {
        const std::vector<Spot> back(lower.rbegin(), lower.rend());
        body_ +=
            "<polygon" + paint("fill", color) + " points=\"" + points(upper) + " " + points(back) + "\"/>\n";
    }
    void marker(Spot center, ChartColor color, MarkerShape shape) override {
        const std::string x = number(center.x), y = number(center.y);
        if (shape == MarkerShape::dot)
            body_ += "<circle cx=\"" + x + "\" cy=\"" + y + "\" r=\"3.5\"" + paint("fill", color) + "/>\n";
        else if (shape == MarkerShape::cross)
            body_ += "<path d=\"M" + number(center.x - 3.5f) + " " + number(center.y - 3.5f) +
                     "l7 7m0 -7l-7 7\"" + paint("stroke", color) + " stroke-width=\"1.6\"/>\n";
        else
            body_ += "<path d=\"M" + x + " " + number(center.y - 5) + "l5 5l-5 5l-5 -5z\"" +
                     paint("fill", color) + "/>\n";
    }
    void text(Spot at, ChartAnchor anchor, ChartColor color, std::string_view words) override {
        const char* side = anchor == ChartAnchor::left    ? "start"
                           : anchor == ChartAnchor::right ? "end"
                                                          : "middle";
        body_ += "<text x=\"" + number(at.x) + "\" y=\"" + number(at.y + 10) + "\" text-anchor=\"" + side +
                 "\"" + paint("fill", color) + ">" + escaped(words) + "</text>\n";
    }
    float text_width(std::string_view words) override {
        float width = 0; // a Hangul syllable is an em wide, a Latin letter about half
        for (char c : words) width += (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? 2.4f : 5.7f;
        return width;
    }
    std::string take(float width, float height, ChartColor ground) const {
        const std::string w = number(width), h = number(height);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + w + " " + h + "\" width=\"" + w +
               "\" height=\"" + h +
               "\" font-family=\"SUIT, sans-serif\" font-size=\"10.5\">\n<rect width=\"" + w +
               "\" height=\"" + h + "\"" + paint("fill", ground) + "/>\n" + body_ + "</svg>\n";
    }

private:
    std::string body_;
};

} // namespace

std::string chart_svg(const ChartData& data, const ChartColors& colors, float width, float height) {
    SvgCanvas canvas;
    draw_chart(canvas, data, colors, {16, 12, width - 32, height - 24});
    return canvas.take(width, height, colors.ground);
}

} // namespace scale::web
