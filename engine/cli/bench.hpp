// scaleground bench: what is timed, how it is timed, and which promises the figures are held to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scale/scenario.hpp"

namespace scale::cli::bench {

// What a piece of work was and how long it took.
struct Work {
    double events = 0;   // or operations
    double requests = 0; // completed; 0 where nothing is requested
    double seconds = 0;  // by bench_clock.hpp
};

// Does some milliseconds of work and times itself, without its preparations; goes on where it stopped.
using Chunk = std::function<Work()>;

// One thing that is timed.
struct Case {
    std::string id;
    std::string what;
    std::function<Chunk()> prepare; // builds what is needed; may take long
};

// One case after all rounds; per-round figures are kept because ratios are taken within a round.
struct Timing {
    std::string id, what;
    std::vector<double> ns_per_event;   // one per round
    std::vector<double> ns_per_request; // empty where nothing is requested

    double request_ns() const;
    double event_ns() const;
};

// A figure with the bound it is held to.
struct Promise {
    std::string id, what;
    double measured = 0; // NaN: not measured in this run
    double floor = 0, target = 0;
    bool more_is_better = true;
    std::string unit; // "" for ratios
    std::string note; // where it is measured, when not here

    bool measured_here() const { return measured == measured; }
    bool kept() const { return !measured_here() || (more_is_better ? measured >= floor : measured <= floor); }
};

struct Options {
    bool quick = false;
    bool full = false;
    std::vector<std::string> only; // ids of cases; empty is all
    unsigned rounds = 7;
    double seconds = 0.25; // of work per case and round
};

// Scenarios (bench_designs.cpp), built in code: one of them is larger than scenarios from outside may be.
struct TandemShape {
    unsigned copies = 1;
    double rate_per_s = 1000;
    bool lognormal = false; // service of all three stations, cv 1
    bool timeout = false;   // armed on every request; long enough that it never fires
};
Scenario tandem(const TandemShape& shape);
Scenario wide_pool();
Scenario overloaded();
Scenario thirteen_nodes();

std::vector<Case> engine_cases();    // bench_cases.cpp: scenarios through the whole engine
std::vector<Case> part_cases();      // bench_parts.cpp: event queue, histogram, random numbers
std::vector<Case> reference_cases(); // bench_parts.cpp: the hand-written loops

// Interleaved: round 1 of every case, then round 2 of every case, ...
std::vector<Timing> time_cases(const std::vector<Case>& cases, const Options& options);

// Facts about memory and start-up (bench_facts.cpp).
std::vector<Promise> facts(const Options& options);

// Median over the rounds of one case's time over another's; NaN when either was left out.
double median_ratio(const std::vector<Timing>& timings, std::string_view numerator,
                    std::string_view denominator, bool per_event);

} // namespace scale::cli::bench
