#include "chart.hpp"

#include <algorithm>
#include <cmath>

#include "format.hpp"

namespace scale::web {
namespace {

constexpr float k_marker_room = 18; // above the curves, for what was done
constexpr float k_time_room = 18;   // below them
constexpr float k_strip_room = 4;   // above and below the curves of a strip
constexpr float k_strip_axis = 44;  // as wide in all of them, so that they share the time
constexpr int k_ticks_y = 4;
constexpr float k_pixels_per_tick_x = 96;
constexpr float k_text_height = 13;
constexpr float k_values_apart = 14; // from there on each one is marked: between them nothing was measured

bool strip(const ChartData& data) { return data.shape != ChartShape::full; }
bool outline(const ChartData& data) { return data.shape == ChartShape::outline; }
bool says_time(const ChartData& data) { return data.shape != ChartShape::strip && !outline(data); }

// From tick to tick on the axis of values; a strip has room for its least and its most.
double values_step(const ChartData& data) {
    return strip(data) ? data.y_most : nice_step(data.y_most, k_ticks_y);
}

struct Frame {
    const ChartData& data;
    ChartBox plot;
    float x(double seconds) const {
        const double span = data.x_most_s - data.x_least_s;
        return plot.x + static_cast<float>((seconds - data.x_least_s) / (span > 0 ? span : 1)) * plot.width;
    }
    float y(double value) const {
        const double share = std::clamp(value / (data.y_most > 0 ? data.y_most : 1), 0.0, 1.0);
        return plot.bottom() - static_cast<float>(share) * plot.height;
    }
    double middle_s(std::size_t index) const {
        return data.start_s + (static_cast<double>(index) + 0.5) * data.step_s;
    }
};

void draw_values_axis(ChartCanvas& canvas, const Frame& frame, const ChartColors& colors) {
    const ChartData& data = frame.data;
    const double step = values_step(data);
    for (int i = 0; i <= k_ticks_y + 1; ++i) {
        const double value = step * i;
        if (value > data.y_most * 1.001) break;
        const float y = std::round(frame.y(value)) + 0.5f;
        canvas.rule({frame.plot.x, y}, {frame.plot.right(), y}, colors.grid, 1, false);
        const std::string label = data.tick ? data.tick(value) : format_count(value);
        if (strip(data) && i == 0) continue;
        const float top = strip(data) ? y - 3 : y - k_text_height * 0.5f;
        canvas.text({frame.plot.x - 8, top}, ChartAnchor::right, colors.axis, label);
    }
    if (!data.unit.empty() && !strip(data))
        canvas.text({frame.plot.x - 8, frame.plot.y - k_marker_room - 1}, ChartAnchor::right, colors.axis,
                    data.unit);
}

// Between the plot's left and right edge; a line that crosses one ends there.
std::vector<Spot> within(const ChartBox& plot, std::vector<Spot> run) {
    if (run.empty() || (run.front().x >= plot.x && run.back().x <= plot.right())) return run;
    std::vector<Spot> kept;
    for (std::size_t i = 0; i < run.size(); ++i) {
        const Spot here = run[i], before = run[i > 0 ? i - 1 : 0];
        for (const float edge : {plot.x, plot.right()})
            if (before.x < edge && edge < here.x)
                kept.push_back(
                    {edge, before.y + (here.y - before.y) * (edge - before.x) / (here.x - before.x)});
        if (here.x >= plot.x && here.x <= plot.right()) kept.push_back(here);
    }
    return kept;
}

// Calls `draw(first, end)` for every run of measured values that reaches into the plot.
template<class Draw>
void each_run(const Frame& frame, const std::vector<float>& values, Draw draw) {
    const ChartColumns shown = shown_columns(frame.data, values.size());
    std::size_t first = shown.first;
    for (std::size_t i = shown.first; i <= shown.end; ++i) {
        if (i < shown.end && values[i] >= 0) continue;
        if (i > first) draw(first, i);
        first = i + 1;
    }
}

std::vector<Spot> spots_of(const Frame& frame, const std::vector<float>& values, std::size_t first,
                           std::size_t end) {
    std::vector<Spot> spots;
    spots.reserve(end - first);
    for (std::size_t i = first; i < end; ++i)
        spots.push_back({frame.x(frame.middle_s(i)), frame.y(values[i])});
    return within(frame.plot, std::move(spots));
}

void draw_bands(ChartCanvas& canvas, const Frame& frame) {
    for (const ChartBand& band : frame.data.bands) {
        const std::vector<float>& upper = frame.data.curves[static_cast<std::size_t>(band.upper)].values;
        each_run(frame, upper, [&](std::size_t first, std::size_t end) {
            const std::vector<Spot> top = spots_of(frame, upper, first, end);
            std::vector<Spot> low = top;
            for (Spot& spot : low) spot.y = frame.plot.bottom();
            if (band.lower >= 0) {
                const ChartCurve& lower = frame.data.curves[static_cast<std::size_t>(band.lower)];
                if (lower.values.size() < end) return;
                low = spots_of(frame, lower.values, first, end);
            }
            canvas.band(top, low, band.color);
        });
    }
}

void draw_curves(ChartCanvas& canvas, const Frame& frame) {
    const bool apart = frame.x(frame.data.step_s) - frame.x(0) >= k_values_apart && !strip(frame.data);
    for (const ChartCurve& curve : frame.data.curves) {
        if (!curve.drawn) continue;
        each_run(frame, curve.values, [&](std::size_t first, std::size_t end) {
            const std::vector<Spot> run = spots_of(frame, curve.values, first, end);
            if (run.size() > 1)
                canvas.line(run, curve.color, curve.width);
            else if (run.size() == 1)
                canvas.marker(run[0], curve.color, MarkerShape::dot);
            for (std::size_t i = 0; apart && i < run.size(); ++i)
                if (run[i].x > frame.plot.x && run[i].x < frame.plot.right())
                    canvas.rule({run[i].x, run[i].y - 2}, {run[i].x, run[i].y + 2}, curve.color, 4, false);
        });
    }
}

// The lines, or, given a ground for them, the labels: over all that is drawn between.
void draw_rules(ChartCanvas& canvas, const Frame& frame, std::optional<ChartColor> label_ground = {}) {
    std::vector<float> labels; // where some stand already
    for (const ChartRule& rule : frame.data.rules) {
        if (rule.value > frame.data.y_most) continue;
        const float y = std::round(frame.y(rule.value)) + 0.5f;
        const float left = std::max(frame.plot.x, frame.x(rule.from_s));
        if (left >= frame.plot.right()) continue;
        if (!label_ground) {
            canvas.rule({left, y}, {frame.plot.right(), y}, rule.color, 1, true);
            continue;
        }
        const bool below = y - frame.plot.y < k_text_height + 2;
        const float top = below ? y + 2 : y - k_text_height - 2;
        if (std::any_of(labels.begin(), labels.end(),
                        [top](float label) { return std::abs(label - top) < k_text_height; }))
            continue;
        labels.push_back(top);
        const float right = frame.plot.right() - 2, from = right - canvas.text_width(rule.label) - 5;
        const Spot upper[] = {{from, top}, {right, top}};
        const Spot lower[] = {{from, top + k_text_height}, {right, top + k_text_height}};
        canvas.band(upper, lower, (*label_ground & 0xFFFFFFu) | 0xD0000000u);
        canvas.text({frame.plot.right() - 4, top}, ChartAnchor::right, rule.color, rule.label);
    }
}

// Of its label and its brief the first that fits before the next mark; nothing where neither does.
std::string_view fitting_label(ChartCanvas& canvas, const ChartMarker& marker, float room) {
    if (canvas.text_width(marker.label) <= room) return marker.label;
    if (canvas.text_width(marker.brief) <= room) return marker.brief;
    return {};
}

void draw_markers(ChartCanvas& canvas, const Frame& frame) {
    const std::vector<ChartMarker>& markers = frame.data.markers;
    for (std::size_t i = 0; i < markers.size(); ++i) {
        const ChartMarker& marker = markers[i];
        if (marker.at_s < frame.data.x_least_s || marker.at_s > frame.data.x_most_s) continue;
        const float x = std::round(frame.x(marker.at_s)) + 0.5f;
        const float y = frame.plot.y - k_marker_room * 0.5f;
        if (strip(frame.data)) {
            canvas.rule({x, frame.plot.y}, {x, frame.plot.bottom()}, marker.color, 1, true);
            continue;
        }
        canvas.rule({x, y + 5}, {x, frame.plot.bottom()}, marker.color, 1, true);
        canvas.marker({x, y}, marker.color, marker.shape);
        float end = frame.plot.right() - frame.data.marks_end;
        if (i + 1 < markers.size()) end = std::min(end, frame.x(markers[i + 1].at_s) - 8);
        const std::string_view label = fitting_label(canvas, marker, end - x - 9);
        if (!label.empty() && x >= frame.plot.x + frame.data.marks_start)
            canvas.text({x + 9, y - k_text_height * 0.5f}, ChartAnchor::left, marker.color, label);
    }
}

void draw_head(ChartCanvas& canvas, const Frame& frame, const ChartColors& colors) {
    if (frame.data.now_s < frame.data.x_least_s || frame.data.now_s > frame.data.x_most_s) return;
    const float x = std::round(frame.x(frame.data.now_s)) + 0.5f;
    canvas.rule({x, frame.plot.y - 2}, {x, frame.plot.bottom()}, colors.head, 1.5f, false);
    canvas.marker({x, frame.plot.bottom()}, colors.head, MarkerShape::dot);
}

} // namespace

double nice_step(double span, int parts) {
    if (!(span > 0) || parts < 1) return 1;
    double power = 1;
    while (power * 10 <= span / parts) power *= 10;
    while (power > span / parts) power /= 10;
    for (double factor : {1.0, 2.0, 2.5, 5.0, 10.0})
        if (span / (power * factor) <= parts + 1e-9) return power * factor;
    return power * 10;
}

double time_step(double span_s, int parts) {
    for (double step : {1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0,
                        7200.0, 14400.0, 43200.0})
        if (span_s / step <= parts) return step;
    return 86400 * std::max(1.0, std::ceil(nice_step(span_s / 86400, parts)));
}

ChartColumns shown_columns(const ChartData& data, std::size_t count) {
    const auto column = [&](double at_s) {
        const double place = std::floor((at_s - data.start_s) / (data.step_s > 0 ? data.step_s : 1) - 0.5);
        return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(count)));
    };
    return {column(data.x_least_s), std::min(count, column(data.x_most_s) + 2)};
}

double nice_top(double largest) {
    if (!(largest > 0)) return 1;
    const double step = nice_step(largest * 1.08, k_ticks_y);
    return std::ceil(largest * 1.08 / step) * step;
}

double nice_end_s(double now_s, double duration_s) {
    for (double end :
         {30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 14400.0, 43200.0, 86400.0})
        if (now_s <= end && end < duration_s) return end;
    return duration_s > 0 ? duration_s : 1;
}

ChartBox plot_area(ChartCanvas& canvas, const ChartData& data, const ChartBox& box) {
    if (outline(data)) return box;
    float widest = canvas.text_width(data.unit);
    const double step = values_step(data);
    for (int i = 0; i <= k_ticks_y + 1; ++i)
        widest =
            std::max(widest, canvas.text_width(data.tick ? data.tick(step * i) : format_count(step * i)));
    const float left = std::max(strip(data) ? k_strip_axis : 32.0f, std::ceil(widest) + 8);
    const float above = strip(data) ? k_strip_room : k_marker_room;
    const float below = says_time(data) ? k_time_room : k_strip_room;
    return {box.x + left, box.y + above, box.width - left - 8, box.height - above - below};
}

void draw_chart(ChartCanvas& canvas, const ChartData& data, const ChartColors& colors, const ChartBox& box,
                std::optional<float> crosshair_x) {
    const Frame frame{data, plot_area(canvas, data, box)};
    if (frame.plot.width < 40 || frame.plot.height < (strip(data) ? 12 : 24)) return;
    if (!outline(data)) draw_values_axis(canvas, frame, colors);
    if (says_time(data)) draw_times(canvas, frame.plot, data.x_least_s, data.x_most_s, colors.axis);
    draw_bands(canvas, frame);
    draw_curves(canvas, frame);
    if (!strip(data)) draw_rules(canvas, frame);
    draw_markers(canvas, frame);
    if (!strip(data)) draw_rules(canvas, frame, colors.ground);
    if (!outline(data)) draw_head(canvas, frame, colors);
    if (!crosshair_x || *crosshair_x < frame.plot.x || *crosshair_x > frame.plot.right()) return;
    const float x = std::round(*crosshair_x) + 0.5f;
    canvas.rule({x, frame.plot.y}, {x, frame.plot.bottom()}, colors.axis, 1, false);
}

void draw_times(ChartCanvas& canvas, const ChartBox& plot, double from_s, double to_s, ChartColor color) {
    const double span_s = to_s - from_s;
    const double step = time_step(span_s, std::max(1, static_cast<int>(plot.width / k_pixels_per_tick_x)));
    for (double at = std::ceil(from_s / step) * step; at <= to_s + span_s * 0.0001; at += step) {
        const std::string label = format_clock(at);
        const float half = canvas.text_width(label) * 0.5f;
        const float x = plot.x + static_cast<float>((at - from_s) / span_s) * plot.width;
        canvas.text({std::clamp(x, plot.x + half - 20, plot.right() - half + 4), plot.bottom() + 5},
                    ChartAnchor::center, color, label);
    }
}

ChartReadout read_chart(const ChartData& data, double at_s, double near_s) {
    ChartReadout readout;
    readout.at_s = at_s;
    readout.step_s = data.step_s;
    const double place = (at_s - data.start_s) / (data.step_s > 0 ? data.step_s : 1);
    if (place < 0) return readout;
    const auto index = static_cast<std::size_t>(place);
    if (data.step_s > 1) readout.at_s = data.start_s + static_cast<double>(index) * data.step_s;
    for (const ChartCurve& curve : data.curves) {
        if (index >= curve.values.size() || curve.values[index] < 0) continue;
        const std::string value =
            data.format ? data.format(curve.values[index]) : format_count(curve.values[index]);
        readout.lines.push_back(curve.name + "  " + value);
        readout.colors.push_back(curve.color);
    }
    for (const ChartMarker& marker : data.markers) {
        if (std::abs(marker.at_s - at_s) > near_s || marker.label.empty()) continue;
        readout.lines.push_back(marker.label);
        readout.colors.push_back(marker.color);
    }
    return readout;
}

} // namespace scale::web
