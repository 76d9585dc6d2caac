// What bench times through the whole engine, and the rounds in which everything is timed.
#include <limits>
#include <memory>

#include "bench.hpp"
#include "progress.hpp"
#include "scale/world.hpp"
#include "statistics.hpp"

namespace scale::cli::bench {

namespace {

constexpr std::uint64_t k_slice_events = 20'000;
constexpr int k_slices = 10;

// The world is run in before the first round, so that every round meets it in its steady state. It is stepped
// in slices, as the page does; the requests are counted outside the timed part.
Case scenario_case(std::string id, std::string what, const Scenario& scenario, std::uint64_t run_in_events) {
    const auto world = std::make_shared<World>(scenario);
    world->step(run_in_events);
    const auto chunk = [world] {
        Work work;
        const std::uint64_t before = world->totals().requests.completed;
        const Stopwatch watch;
        for (int slice = 0; slice < k_slices; ++slice)
            work.events += static_cast<double>(world->step(k_slice_events));
        work.seconds = watch.seconds();
        work.requests = static_cast<double>(world->totals().requests.completed - before);
        return work;
    };
    return {std::move(id), std::move(what), chunk};
}

void time_round(const Case& one, double seconds, Timing& timing) {
    Work done;
    const Stopwatch watch; // also bounds cases whose preparations are long
    while (done.seconds < seconds && watch.seconds() < 4 * seconds) {
        const Work work = one.chunk();
        done.events += work.events;
        done.requests += work.requests;
        done.seconds += work.seconds;
    }
    timing.ns_per_event.push_back(done.seconds * 1e9 / done.events);
    if (done.requests > 0) timing.ns_per_request.push_back(done.seconds * 1e9 / done.requests);
}

const Timing* find(const std::vector<Timing>& timings, std::string_view id) {
    for (const Timing& timing : timings)
        if (timing.id == id) return &timing;
    return nullptr;
}

} // namespace

double Timing::request_ns() const { return median(ns_per_request); }

double Timing::event_ns() const { return median(ns_per_event); }

std::vector<Case> engine_cases() {
    std::vector<Case> cases;
    TandemShape shape;
    cases.push_back(
        scenario_case("tandem", "tandem as a scenario, 10,000 requests/s", tandem(shape), 400'000));
    shape.lognormal = true;
    cases.push_back(scenario_case("tandem-lognormal", "the same, lognormal service", tandem(shape), 400'000));
    shape.lognormal = false;
    shape.timeout = true;
    cases.push_back(scenario_case("tandem-timeout", "the same, a timeout armed on every request",
                                  tandem(shape), 400'000));
    shape.timeout = false;
    shape.rate_per_s = 400;
    cases.push_back(scenario_case("tandem-slow",
                                  "tandem at 400 requests/s (a second's books are kept more often)",
                                  tandem(shape), 400'000));
    shape.rate_per_s = 10'000;
    shape.copies = 1000;
    cases.push_back(scenario_case("tandem-1000", "1,000 tandems in one world", tandem(shape), 4'000'000));
    cases.push_back(scenario_case("wide-pool", "one tier of 1,000 workers", wide_pool(), 400'000));
    return cases;
}

std::vector<Timing> time_cases(std::vector<Case> cases, const Options& options) {
    std::vector<Timing> timings;
    for (const Case& one : cases) timings.push_back({one.id, one.what, {}, {}});
    for (const Case& one : cases) one.chunk(); // code and data warm
    for (unsigned round = 0; round < options.rounds; ++round)
        for (std::size_t i = 0; i < cases.size(); ++i) time_round(cases[i], options.seconds, timings[i]);
    return timings;
}

double median_ratio(const std::vector<Timing>& timings, std::string_view numerator,
                    std::string_view denominator, bool per_event) {
    const Timing* above = find(timings, numerator);
    const Timing* below = find(timings, denominator);
    if (!above || !below) return std::numeric_limits<double>::quiet_NaN();
    const std::vector<double>& a = per_event ? above->ns_per_event : above->ns_per_request;
    const std::vector<double>& b = per_event ? below->ns_per_event : below->ns_per_request;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < a.size(); ++i) ratios.push_back(a[i] / b[i]);
    return median(ratios);
}

} // namespace scale::cli::bench
