// What bench times through the whole engine, and the rounds in which everything is timed.
#include <algorithm>
#include <limits>
#include <memory>

#include "analysis/statistics.hpp"
#include "bench.hpp"
#include "bench_clock.hpp"
#include "embedded.hpp"
#include "progress.hpp"
#include "scale/codec.hpp"
#include "scale/world.hpp"

namespace scale::cli::bench {

namespace {

constexpr std::uint64_t k_slice_events = 20'000;
constexpr int k_slices = 10;
constexpr double k_warm = 0.4; // of the time of a round, before it

// The world is run in before the first round, so that every round meets it in its steady state. It is stepped
// in slices, as the page does; the requests are counted outside the timed part.
Chunk run_scenario(const Scenario& scenario, std::uint64_t run_in_events) {
    const auto world = std::make_shared<World>(scenario);
    world->step(run_in_events);
    return [world] {
        Work work;
        const std::uint64_t before = world->totals().requests.completed;
        const double start = scale::bench::seconds_now();
        for (int slice = 0; slice < k_slices; ++slice)
            work.events += static_cast<double>(world->step(k_slice_events));
        work.seconds = scale::bench::seconds_now() - start;
        work.requests = static_cast<double>(world->totals().requests.completed - before) /
                        static_cast<double>(world->scenario().weight);
        return work;
    };
}

// The first step of the ladder with a node of that kind; without one, the largest of all.
Scenario step_with(std::string_view kind) {
    Scenario found;
    for (const EmbeddedScenario& one : embedded_scenarios()) {
        if (one.path.find("/ladder/") == std::string_view::npos) continue;
        const Result<Scenario> read = parse_scenario(one.text);
        const auto has = [&](const NodeDef& node) { return kind == node.kind->id; };
        const bool fits =
            kind.empty() ? read->nodes.size() > found.nodes.size()
                         : found.nodes.empty() && std::any_of(read->nodes.begin(), read->nodes.end(), has);
        if (fits) found = *read;
    }
    found.events.clear();
    found.warmup_s = 0;
    found.duration_s = limits::k_duration_s;
    return found;
}

// The largest designs of the ladder, as they begin.
struct Large {
    const char* id;
    const char* kind;
    const char* what;
};
constexpr Large k_large[] = {
    {"queue", "queue", "the ladder's step with a queue and workers"},
    {"shards", "shards", "the ladder's step with shards"},
    {"data-centers", "", "the ladder's largest step: data centers"},
};

Case tandem_case(std::string id, std::string what, const TandemShape& shape) {
    const std::uint64_t run_in_events = shape.copies > 1 ? 4'000'000 : 400'000;
    return {std::move(id), std::move(what), [=] { return run_scenario(tandem(shape), run_in_events); }};
}

void time_round(const Chunk& chunk, double seconds, Timing& timing) {
    // What the other cases have pushed out of the caches comes back: a large design has tens of MB.
    for (double warm = 0; warm < seconds * k_warm;) warm += chunk().seconds;
    Work done;
    const Stopwatch watch; // also bounds cases whose preparations are long
    while (done.seconds < seconds && watch.seconds() < 4 * seconds) {
        const Work work = chunk();
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

double Timing::request_ns() const { return analysis::median(ns_per_request); }

double Timing::event_ns() const { return analysis::median(ns_per_event); }

std::vector<Case> engine_cases() {
    std::vector<Case> cases;
    TandemShape shape;
    cases.push_back(tandem_case("tandem", "the tandem as a scenario, every metric on", shape));
    shape.lognormal = true;
    cases.push_back(tandem_case("tandem-lognormal", "the same, lognormal service", shape));
    shape.lognormal = false;
    shape.timeout = true;
    cases.push_back(tandem_case("tandem-timeout", "the same, a timeout armed on every request", shape));
    shape.timeout = false;
    shape.copies = 1000;
    cases.push_back(tandem_case("tandem-1000", "1,000 tandems in one world", shape));
    cases.push_back(
        {"wide-pool", "one tier of 1,000 workers", [] { return run_scenario(wide_pool(), 400'000); }});
    for (const Large& one : k_large)
        cases.push_back({one.id, one.what, [one] { return run_scenario(step_with(one.kind), 1'000'000); }});
    return cases;
}

std::vector<Timing> time_cases(const std::vector<Case>& cases, const Options& options) {
    std::vector<Timing> timings;
    std::vector<Chunk> chunks;
    for (const Case& one : cases) {
        timings.push_back({one.id, one.what, {}, {}});
        chunks.push_back(one.prepare());
        chunks.back()(); // code and data warm
    }
    for (unsigned round = 0; round < options.rounds; ++round)
        for (std::size_t i = 0; i < cases.size(); ++i) time_round(chunks[i], options.seconds, timings[i]);
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
    return analysis::median(ratios);
}

} // namespace scale::cli::bench
