#pragma once
// How long requests took, as a distribution: bars over a logarithmic axis of time, percentiles as lines.

#include "chart.hpp"
#include "scale/world.hpp"

namespace scale::web {

struct SpreadLine {
    double ms = 0;
    std::string label;
    ChartColor color = 0;
};

struct Spread {
    double least_ms = 1, most_ms = 10; // the axis
    std::vector<float> shares;         // of all requests, bar by bar; equally wide on the logarithmic axis
    std::vector<SpreadLine> lines;
    std::uint64_t count = 0;
    double bar_start_ms(std::size_t bar) const;
};

// Of all answered requests since the warm-up; no bars where there was none.
Spread spread_of(const World& world, ChartColor line, ChartColor promise);
ChartBox spread_area(const ChartBox& box);
void draw_spread(ChartCanvas& canvas, const Spread& spread, const ChartColors& colors, ChartColor bar,
                 const ChartBox& box);
// The bar under `x`, and how many requests were faster than its end.
struct SpreadReadout {
    bool any = false;
    double from_ms = 0, to_ms = 0, share = 0, below = 0;
};
SpreadReadout read_spread(const Spread& spread, const ChartBox& box, float x);

} // namespace scale::web
