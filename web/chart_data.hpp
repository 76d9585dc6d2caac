#pragma once
// What the tabs of the chart panel show, as data.

#include <optional>

#include "app.hpp"
#include "chart.hpp"

namespace scale::web {

// Of a node (its own series), or of the whole system where node is -1, over a stretch of the run. Theory
// where it is known.
ChartData chart_data(const Session& session, const Palette& colors, Language language, ChartTab tab, int node,
                     const Stretch& stretch, const Outlook* outlook = nullptr);
inline constexpr ChartTab k_chart_tabs[] = {ChartTab::latency,  ChartTab::rate, ChartTab::errors,
                                            ChartTab::busy,     ChartTab::all,  ChartTab::spread,
                                            ChartTab::instances};
const char* tab_key(ChartTab tab); // of its word

// The longest time within a stretch in which requests came and none was answered; empty where that never took
// three columns.
struct Gap {
    double start_s = 0, end_s = 0;
    bool still = false; // it lasts
};
Gap longest_gap(const Series& series, const Stretch& stretch);

// Where the middle of something stands that reaches `half` to either side: between two ends, as near as can
// be to where it is wanted, and on neither side over the line. Nowhere where there is no room for it.
std::optional<float> free_middle(float from, float to, float half, float wanted, std::optional<float> line);

} // namespace scale::web
