#pragma once
// What a run has shown, as one JSON object; the same for the command, the page and workers.

#include <string>

#include "scale/world.hpp"

namespace scale {

struct RunFacts {
    double wall_s = 0; // 0 where nobody measured it
};

// digest, events, wall_s, requests, latency_ms, throughput_per_s, availability, cost_usd_per_month, cause,
// nodes.
std::string results_json(const World& world, const RunFacts& facts = {});

// The value that a dotted name stands for: "p99_ms", "availability", "requests.failed",
// "nodes.db.utilization", "latency_ms.p50". NaN when there is none of that name.
double result_value(const World& world, std::string_view name);

// "p99_ms < 250", "availability >= 0.999", "nodes.cache.hit_ratio > 0.8".
struct Assertion {
    std::string name;
    std::string comparison; // <, <=, >, >=, ==, !=
    double bound = 0;
};
Result<Assertion> parse_assertion(std::string_view text);
bool holds(const Assertion& assertion, double measured);
// Names near to one that does not exist, for the hint.
std::string nearest_result_name(const World& world, std::string_view name);

} // namespace scale
