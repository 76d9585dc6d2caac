#pragma once
// What the panels of the inspector share.

#include "panel.hpp"

namespace scale::web {

// Every parameter of the list as a row, under the headings of the records. Changes become a "set" command.
void param_rows(App& app, std::span<const ParamRecord> params, int node, int edge);
// One button per verb but "set"; a verb that takes figures asks for them first.
void verb_buttons(App& app, std::span<const VerbRecord> verbs, int node, int edge);
void latency_rows(App& app, const Latency& latency);
// The run's digest, at the foot of the inspector. Fresh while paused, at most twice a second while it runs.
void digest_line(App& app);
void close_button(App& app, const Rect& area);
const VerbRecord* find_verb(std::span<const VerbRecord> verbs, std::string_view id);
// Words of a state: "up", "2 of 3 up", "dead".
std::string state_words(const App& app, const NodeNow& now);

} // namespace scale::web
