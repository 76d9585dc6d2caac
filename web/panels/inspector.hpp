#pragma once
// What the panels of the inspector share.

#include <limits>

#include "panel.hpp"

namespace scale::web {

// Every parameter of the list as a row, under the headings of the records. Changes become a "set" command.
void param_rows(App& app, std::span<const ParamRecord> params, int node, int edge);
// One button per verb but "set"; a verb that takes figures asks for them first.
void verb_buttons(App& app, std::span<const VerbRecord> verbs, int node, int edge);
// Every row with its interval, and with what theory says where it says something; null leaves that column
// out.
void latency_rows(App& app, const Latency& latency, const Latency* theory = nullptr);

// A figure, what theory says about it, and half the width of its 95 % interval; NaN where there is none.
struct Beside {
    double measured = 0, theory = 0, half = 0;
};
inline constexpr double k_unknown = std::numeric_limits<double>::quiet_NaN();
// What has no sample yet is unknown, not 0: right after the warm-up everything is counted anew.
Totals sampled(Totals totals);
NodeTotals sampled(NodeTotals totals, double measured_s);
// "measured    theory" over the columns of beside_row.
void beside_head(App& app);
void beside_row(App& app, std::string_view label, Beside figure, std::string (*format)(double),
                std::string_view help = {});
// Half the width of the 95 % interval of a figure's mean since the warm-up: from the means of ten stretches.
double half_width(const App& app, const Series& series, float Point::*figure);
// The run's digest, at the foot of the inspector. Fresh while paused, at most twice a second while it runs.
void digest_line(App& app);
void close_button(App& app, const Rect& area);
const VerbRecord* find_verb(std::span<const VerbRecord> verbs, std::string_view id);
// Words of a state: "up", "2 of 3 up", "dead".
std::string state_words(const App& app, const NodeNow& now);

} // namespace scale::web
