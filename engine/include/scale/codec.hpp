#pragma once
// Scenarios as text: JSON for files, links for sharing. Both strict; both answer bad input with a sentence.

#include <string>
#include <string_view>

#include "scale/scenario.hpp"

namespace scale {

// JSON, version 1. The parser holds every limit of scale::limits before it builds anything.
Result<Scenario> parse_scenario(std::string_view json);
// The same, but parts may be missing: a design that somebody is still building.
Result<Scenario> parse_draft(std::string_view json);
// Canonical: fixed key order, defaults left out, numbers shortest; parse(write(s)) == s.
std::string write_scenario(const Scenario& scenario);
// JSON Schema (2020-12) generated from the kind records.
std::string scenario_schema();

// One event or command as in "events" ({"do": "kill", "node": "cache"}); at_s may be left out and is then 0.
Result<Command> parse_command(std::string_view json, const Scenario& scenario);
std::string write_command(const Command& command, const Scenario& scenario);

// "node.param=value", "from->to.param=value", "duration_s=60": sets one parameter. The scenario is not
// validated again here.
std::optional<Error> set_parameter(Scenario& scenario, std::string_view assignment);

// Links: "#s=1<payload>", the part from '#' on. decode takes a whole URL, the part from '#', or from "s=".
std::string encode_link(const Scenario& scenario);
Result<Scenario> decode_link(std::string_view link);
// A run with a very long log makes a link that decode_link would refuse: nobody should be given that one.
std::optional<Error> link_too_long(std::string_view link);

// Every kind, its parameters and metrics as JSON (what `scaleground kinds --json` prints).
std::string kinds_json(std::string_view kind_id = {});

} // namespace scale
