#pragma once
// The time of the charts: the hands on it, which are the same in each, and the strip below that tells which
// part of the run they show.

#include "chart.hpp"
#include "panel.hpp"

namespace scale::web {

// Where a chart's time stands on the screen.
struct TimePlot {
    ChartBox box;
    Stretch shown;
    float x(double at_s) const {
        return box.x + static_cast<float>((at_s - shown.from_s) / shown.span_s()) * box.width;
    }
    double at_s(float x) const { // never beside the plot
        const double share = static_cast<double>((x - box.x) / box.width);
        return shown.from_s + std::clamp(share, 0.0, 1.0) * shown.span_s();
    }
    double pixel_s() const { return shown.span_s() / static_cast<double>(box.width); }
    bool across(float x) const { return x >= box.x && x <= box.right(); }
};

// A button over all of `box`, and what is done on it: a press or a drag goes to that moment, a drag with
// Shift marks a stretch, the wheel and two fingers zoom and move. Leaves the crosshair where the pointer is;
// true while the pointer is over the plot.
bool time_hands(App& app, const char* id, const ChartBox& box, const TimePlot& plot);
void draw_marked(const App& app, const TimePlot& plot); // the stretch that is being marked

// The run in small, the part that is shown, and the way back.
void draw_time_strip(App& app, const ChartBox& box, ChartTab tab);

} // namespace scale::web
