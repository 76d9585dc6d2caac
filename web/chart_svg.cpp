// Charts as SVG: for pictures in notes. Fonts are named, never embedded; widths of text are estimates.

#include "chart.hpp"
#include "svg.hpp"

namespace scale::web {
namespace {

class SvgCanvas : public ChartCanvas {
public:
    void line(std::span<const Spot> spots, ChartColor color, float width) override {
        body_ += "<polyline fill=\"none\"" + svg::paint("stroke", color) + " stroke-width=\"" +
                 svg::number(width) + "\" stroke-linejoin=\"round\" points=\"" + svg::points(spots) +
                 "\"/>\n";
    }
    void rule(Spot from, Spot to, ChartColor color, float width, bool dashed) override {
        body_ += "<line x1=\"" + svg::number(from.x) + "\" y1=\"" + svg::number(from.y) + "\" x2=\"" +
                 svg::number(to.x) + "\" y2=\"" + svg::number(to.y) + "\"" + svg::paint("stroke", color) +
                 " stroke-width=\"" + svg::number(width) + "\"" +
                 (dashed ? " stroke-dasharray=\"2 3\"" : "") + "/>\n";
    }
    void band(std::span<const Spot> upper, std::span<const Spot> lower, ChartColor color) override {
        const std::vector<Spot> back(lower.rbegin(), lower.rend());
        body_ += "<polygon" + svg::paint("fill", color) + " points=\"" + svg::points(upper) + " " +
                 svg::points(back) + "\"/>\n";
    }
    void marker(Spot center, ChartColor color, MarkerShape shape) override {
        const std::string x = svg::number(center.x), y = svg::number(center.y);
        if (shape == MarkerShape::dot)
            body_ +=
                "<circle cx=\"" + x + "\" cy=\"" + y + "\" r=\"3.5\"" + svg::paint("fill", color) + "/>\n";
        else if (shape == MarkerShape::cross)
            body_ += "<path d=\"M" + svg::number(center.x - 3.5f) + " " + svg::number(center.y - 3.5f) +
                     "l7 7m0 -7l-7 7\"" + svg::paint("stroke", color) + " stroke-width=\"1.6\"/>\n";
        else
            body_ += "<path d=\"M" + x + " " + svg::number(center.y - 5) + "l5 5l-5 5l-5 -5z\"" +
                     svg::paint("fill", color) + "/>\n";
    }
    void text(Spot at, ChartAnchor anchor, ChartColor color, std::string_view words) override {
        const char* side = anchor == ChartAnchor::left    ? "start"
                           : anchor == ChartAnchor::right ? "end"
                                                          : "middle";
        body_ += "<text x=\"" + svg::number(at.x) + "\" y=\"" + svg::number(at.y + 10) + "\" text-anchor=\"" +
                 side + "\"" + svg::paint("fill", color) + ">" + svg::escaped(words) + "</text>\n";
    }
    float text_width(std::string_view words) override {
        float width = 0; // a Hangul syllable is an em wide, a Latin letter about half
        for (char c : words) width += (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? 2.4f : 5.7f;
        return width;
    }
    std::string take(float width, float height, ChartColor ground) const {
        const std::string w = svg::number(width), h = svg::number(height);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + w + " " + h + "\" width=\"" + w +
               "\" height=\"" + h +
               "\" font-family=\"SUIT, sans-serif\" font-size=\"10.5\">\n<rect width=\"" + w +
               "\" height=\"" + h + "\"" + svg::paint("fill", ground) + "/>\n" + body_ + "</svg>\n";
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
