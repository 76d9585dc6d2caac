#pragma once
// What theory and the design review say about a design. Working it out can take seconds, so the module
// without a screen does it, in a worker: outlook_json there, read_outlook here.

#include <optional>
#include <string>
#include <vector>

#include "scale/analysis.hpp"

namespace scale::web {

struct NodeOutlook {
    Trust trust = Trust::none, percentiles = Trust::none;
    bool steady = true;
    Text method;
    std::vector<Text> assumptions;
    // NaN where theory knows nothing; infinite where a queue grows without end.
    double arrivals_per_s = 0, utilization = 0, workers_busy = 0, queue_mean = 0, in_flight_mean = 0;
    double wait_ms_mean = 0;
    Latency latency_ms;
    std::vector<double> metrics; // one per metric of the kind
};

struct RuleOutlook {
    int verdict = 0; // scale::Verdict
    Text name, reason;
    std::vector<int> nodes;
};
struct TierOutlook {
    int node = -1;
    double load_per_s = 0, capacity_per_s = 0, utilization = 0;
    Text sentence;
};
struct PointOutlook {
    int node = -1;
    Text sentence;
};

struct Outlook {
    std::uint64_t mark = 0; // of the design that it is about
    std::string error;      // why there is none; the rest is empty then
    bool steady = true;
    Trust trust = Trust::none, percentiles = Trust::none;
    Latency latency_ms;
    double availability = 1, throughput_per_s = 0;
    std::vector<NodeOutlook> nodes;
    std::vector<RuleOutlook> rules;
    std::vector<PointOutlook> single_points;
    std::vector<TierOutlook> tiers; // fullest first
    std::vector<Text> data_gaps;
};

// How the measuring of the headroom goes on.
struct HeadroomNews {
    enum class State : std::uint8_t { none, measuring, measured, failed };
    State state = State::none;
    std::uint64_t mark = 0;
    double done = 0; // 0..1
    double multiple = 0;
    Text sentence;
};

// Changes with everything that theory and review look at.
std::uint64_t design_mark(const Scenario& design);

std::string outlook_json(const Scenario& design); // outlook_make.cpp; takes its time
// An outlook as outlook_json writes it, for a design of so many nodes; nothing when it is none.
std::optional<Outlook> read_outlook(const std::string& json, std::size_t nodes);

} // namespace scale::web
