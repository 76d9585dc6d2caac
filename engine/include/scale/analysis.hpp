#pragma once
// Numbers about a design beyond one run of it: what theory predicts, two designs compared, how much load it
// takes, a grid of parameters. Everything that simulates is a job that is run in slices: step(events) until
// it says true; done() is how far it is, 0..1; leaving a job unfinished is how it is cancelled.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scale/results.hpp"
#include "scale/world.hpp"

namespace scale {

// Intervals ------------------------------------------------------------------------------------------

// A mean over runs with different seeds.
struct Estimate {
    double mean = 0;
    double ci95 = 0; // half-width of the 95 % interval (Student's t); NaN from fewer than two values
};
// Values that are not finite are left out; all of them missing gives NaN.
Estimate estimate(std::span<const double> values);

// Theory ---------------------------------------------------------------------------------------------

// How far a predicted figure may be trusted.
enum class Trust : std::uint8_t {
    exact,       // the closed form of exactly this system
    approximate, // a formula for a system like it
    bound,       // it cannot be better than this
    none         // no closed form
};
Words trust_words(Trust trust);

// Figures are NaN where no closed form is known; infinite where a queue grows without end.
struct NodePrediction {
    double arrivals_per_s = 0;
    double utilization = 0, workers_busy = 0; // mean share of cores and of workers in use, 0..1
    double queue_mean = 0, in_flight_mean = 0;
    double wait_ms_mean = 0;
    Latency latency_ms;          // max is never known
    std::vector<double> metrics; // one per kind->metrics
    bool steady = true;          // false: more comes than it can do
    Trust trust = Trust::none;   // of the means
    Trust percentiles = Trust::none;
    Words method; // "M/M/c (Erlang C)"
    std::vector<Words> assumptions;
};

struct Prediction {
    double offered_per_s = 0, attempts_per_s = 0, throughput_per_s = 0;
    double availability = 1;
    Latency latency_ms; // of completed requests
    bool steady = true;
    Trust trust = Trust::none;
    Trust percentiles = Trust::none;
    int busiest = -1; // node with the largest share of cores or workers in use
    std::vector<NodePrediction> nodes;
    std::vector<Words> assumptions; // of the whole
};

// What to expect of a design in the long run, as it stands at its beginning: events are left out, weight is
// 1, every load is possible. Takes milliseconds.
Prediction predict(const Scenario& scenario);
// The design as it is at this moment of a run: parameters as they are now, and no events.
Scenario current_design(const World& world);

} // namespace scale
