#include "spread.hpp"

#include <algorithm>
#include <cmath>

#include "format.hpp"

namespace scale::web {
namespace {

constexpr std::size_t k_bars = 56;
constexpr float k_top = 20, k_bottom = 18, k_side = 12; // room around the bars
constexpr float k_text_height = 13;

float x_of(const Spread& spread, const ChartBox& plot, double ms) {
    const double span = std::log(spread.most_ms / spread.least_ms);
    const double share = std::log(std::max(ms, 1e-9) / spread.least_ms) / (span > 0 ? span : 1);
    return plot.x + static_cast<float>(std::clamp(share, 0.0, 1.0)) * plot.width;
}

void draw_axis(ChartCanvas& canvas, const Spread& spread, const ChartColors& colors, const ChartBox& plot) {
    canvas.rule({plot.x, plot.bottom()}, {plot.right(), plot.bottom()}, colors.grid, 1, false);
    float free_from = plot.x - 20;
    for (double power = 1e-3; power < 1e8; power *= 10)
        for (double factor : {1.0, 2.0, 5.0}) {
            const double ms = power * factor;
            if (ms < spread.least_ms || ms > spread.most_ms) continue;
            const std::string label = format_milliseconds(ms);
            const float x = x_of(spread, plot, ms), half = canvas.text_width(label) * 0.5f;
            if (x - half < free_from || x + half > plot.right() + 12) continue;
            canvas.text({x, plot.bottom() + 5}, ChartAnchor::center, colors.axis, label);
            free_from = x + half + 14;
        }
}

void draw_lines(ChartCanvas& canvas, const Spread& spread, const ChartBox& plot) {
    float free_from = plot.x - k_side;
    for (const SpreadLine& line : spread.lines) {
        if (line.ms < spread.least_ms || line.ms > spread.most_ms) continue;
        const float x = std::round(x_of(spread, plot, line.ms)) + 0.5f;
        canvas.rule({x, plot.y - 2}, {x, plot.bottom()}, line.color, 1, true);
        const float width = canvas.text_width(line.label);
        const float at = std::min(x + 4, plot.right() + k_side - width);
        if (at < free_from) continue;
        canvas.text({at, plot.y - k_text_height - 5}, ChartAnchor::left, line.color, line.label);
        free_from = at + width + 8;
    }
}

} // namespace

double Spread::bar_start_ms(std::size_t bar) const {
    return least_ms * std::pow(most_ms / least_ms, static_cast<double>(bar) / static_cast<double>(k_bars));
}

Spread spread_of(const World& world, ChartColor line, ChartColor promise) {
    Spread out;
    std::vector<double> upper;
    std::vector<std::uint64_t> counts;
    world.latency_buckets(upper, counts);
    for (std::uint64_t count : counts) out.count += count;
    if (out.count == 0) return out;
    out.least_ms = std::max(1e-3, upper.front()) * 0.9;
    out.most_ms = std::max(upper.back() * 1.1, out.least_ms * 4);
    out.shares.assign(k_bars, 0);
    const double span = std::log(out.most_ms / out.least_ms);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double place = std::log(std::max(upper[i], out.least_ms) / out.least_ms) / span;
        const auto bar = static_cast<std::size_t>(place * static_cast<double>(k_bars));
        out.shares[std::min(bar, k_bars - 1)] +=
            static_cast<float>(counts[i]) / static_cast<float>(out.count);
    }
    const Latency latency = world.totals().latency_ms;
    const auto add = [&](const char* name, double ms, ChartColor color) {
        out.lines.push_back({ms, name + (" " + format_milliseconds(ms)), color});
    };
    add("p50", latency.p50, line);
    add("p90", latency.p90, line);
    add("p99", latency.p99, line);
    add("p99.9", latency.p999, line);
    if (const std::optional<double> promised = world.scenario().slo.p99_ms)
        add("SLO p99", *promised, promise);
    std::stable_sort(out.lines.begin(), out.lines.end(),
                     [](const SpreadLine& a, const SpreadLine& b) { return a.ms < b.ms; });
    return out;
}

ChartBox spread_area(const ChartBox& box) {
    return {box.x + k_side, box.y + k_top, box.width - 2 * k_side, box.height - k_top - k_bottom};
}

void draw_spread(ChartCanvas& canvas, const Spread& spread, const ChartColors& colors, ChartColor bar,
                 const ChartBox& box) {
    const ChartBox plot = spread_area(box);
    if (spread.shares.empty() || plot.width < 40 || plot.height < 24) return;
    draw_axis(canvas, spread, colors, plot);
    const float most = *std::max_element(spread.shares.begin(), spread.shares.end());
    const float step = plot.width / static_cast<float>(k_bars);
    for (std::size_t i = 0; i < spread.shares.size(); ++i) {
        if (spread.shares[i] <= 0) continue;
        const float x = plot.x + step * static_cast<float>(i);
        const float height = std::max(1.0f, plot.height * spread.shares[i] / most); // a single one shows too
        const Spot upper[] = {{x, plot.bottom() - height}, {x + step - 1, plot.bottom() - height}};
        const Spot lower[] = {{x, plot.bottom()}, {x + step - 1, plot.bottom()}};
        canvas.band(upper, lower, bar);
    }
    draw_lines(canvas, spread, plot);
}

SpreadReadout read_spread(const Spread& spread, const ChartBox& box, float x) {
    const ChartBox plot = spread_area(box);
    SpreadReadout out;
    if (spread.shares.empty() || x < plot.x || x >= plot.right()) return out;
    const auto bar = std::min(k_bars - 1, static_cast<std::size_t>((x - plot.x) / plot.width * k_bars));
    out.any = true;
    out.from_ms = spread.bar_start_ms(bar);
    out.to_ms = spread.bar_start_ms(bar + 1);
    out.share = static_cast<double>(spread.shares[bar]);
    for (std::size_t i = 0; i <= bar; ++i) out.below += static_cast<double>(spread.shares[i]);
    return out;
}

} // namespace scale::web
