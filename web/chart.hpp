#pragma once
// Charts over simulated time, drawn through a tiny interface, so that the same data becomes pixels
// (chart_screen.hpp) or a picture file (chart_svg). Knows no ImGui.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spot.hpp"

namespace scale::web {

struct ChartBox {
    float x = 0, y = 0, width = 0, height = 0;
    float right() const { return x + width; }
    float bottom() const { return y + height; }
};
using ChartColor = std::uint32_t; // red in the lowest byte, then green, blue, alpha: as ImGui packs them

enum class ChartAnchor : std::uint8_t { left, center, right };
enum class MarkerShape : std::uint8_t { diamond, cross, dot };

// A strip is one of several charts under each other that share the time: low, and only the last one says it.
// An outline fills its box, without axes.
enum class ChartShape : std::uint8_t { full, strip, last_strip, outline };

// What a chart needs from whatever it is drawn on.
class ChartCanvas {
public:
    virtual ~ChartCanvas() = default;
    virtual void line(std::span<const Spot> spots, ChartColor color, float width) = 0;
    virtual void rule(Spot from, Spot to, ChartColor color, float width, bool dashed) = 0;
    // Between two lines of as many spots, x by x.
    virtual void band(std::span<const Spot> upper, std::span<const Spot> lower, ChartColor color) = 0;
    virtual void marker(Spot center, ChartColor color, MarkerShape shape) = 0;
    // In the size of axes; `at` is the top of the line.
    virtual void text(Spot at, ChartAnchor anchor, ChartColor color, std::string_view words) = 0;
    virtual float text_width(std::string_view words) = 0;
};

struct ChartColors {
    ChartColor grid, axis, head, ground;
};

// Values stand at start_s + (index + 0.5) * step_s. A value below zero is a gap: nothing was measured there.
struct ChartCurve {
    std::string name;
    std::vector<float> values;
    ChartColor color = 0;
    float width = 1.6f;
    bool drawn = true; // false: only in the readout (the edge of a band)
};
struct ChartBand {
    int upper = 0, lower = -1; // indexes of curves; -1 is the zero line
    ChartColor color = 0;
};
struct ChartRule {
    double value = 0;
    std::string label;
    ChartColor color = 0;
    double from_s = -1; // it holds from that moment on
};
struct ChartMarker {
    double at_s = 0;
    std::string label;
    ChartColor color = 0;
    MarkerShape shape = MarkerShape::diamond;
    std::string brief; // stands where the label has no room before the next mark; may be empty
};

struct ChartData {
    double start_s = 0, step_s = 1;
    double x_least_s = 0, x_most_s = 60;
    double y_most = 1; // least is always 0
    std::string unit;  // over the axis
    std::vector<ChartCurve> curves;
    std::vector<ChartBand> bands;
    std::vector<ChartRule> rules;
    std::vector<ChartMarker> markers;
    double now_s = 0;
    ChartShape shape = ChartShape::full;
    float marks_start = 0, marks_end = 0;    // so much over the plot's ends is not for labels of marks
    std::string (*format)(double) = nullptr; // a value with its unit, for the readout
    std::string (*tick)(double) = nullptr;   // a value on the axis
};

// Of so many values those that stand within the axis of time, and a neighbour on either side for the lines.
struct ChartColumns {
    std::size_t first = 0, end = 0;
};
ChartColumns shown_columns(const ChartData& data, std::size_t count);

// What stands under the crosshair; a value is the mean of `step_s` from `at_s` on.
struct ChartReadout {
    double at_s = 0, step_s = 1;
    std::vector<std::string> lines;
    std::vector<ChartColor> colors;
};

// The area of the curves within `box`: below the markers' labels, right of the axis, above the time.
ChartBox plot_area(ChartCanvas& canvas, const ChartData& data, const ChartBox& box);
void draw_chart(ChartCanvas& canvas, const ChartData& data, const ChartColors& colors, const ChartBox& box,
                std::optional<float> crosshair_x = std::nullopt);
// The times of a clock below a plot.
void draw_times(ChartCanvas& canvas, const ChartBox& plot, double from_s, double to_s, ChartColor color);
// With the marks that stand so near; below zero: without.
ChartReadout read_chart(const ChartData& data, double at_s, double near_s = -1);

// The least of 1, 2, 2.5, 5 times a power of ten that cuts `span` into at most `parts`.
double nice_step(double span, int parts);
// The same in whole seconds, as a clock divides them.
double time_step(double span_s, int parts);
// The next round end of the axis of time: the run grows into it.
double nice_end_s(double now_s, double duration_s);
// Room above the largest value, rounded up to a whole tick.
double nice_top(double largest);

std::string chart_svg(const ChartData& data, const ChartColors& colors, float width, float height);

} // namespace scale::web
