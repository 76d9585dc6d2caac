// Memory and start-up: bytes per request in flight, memory over a long run, time until a design is ready.
#include <algorithm>
#include <cmath>

#include "analysis/statistics.hpp"
#include "bench.hpp"
#include "bench_clock.hpp"
#include "scale/codec.hpp"
#include "scale/world.hpp"

namespace scale::cli::bench {

namespace {

// In an overloaded world the requests in flight only grow; the bytes beyond those of the empty world are
// theirs.
double bytes_per_request_in_flight() {
    World world(overloaded());
    const double before = static_cast<double>(world.bytes_in_use());
    double most = 0;
    while (world.totals().requests.in_flight < 400'000) {
        if (world.step(50'000) == 0) break;
        const auto in_flight = static_cast<double>(world.totals().requests.in_flight);
        if (in_flight >= 20'000)
            most = std::max(most, (static_cast<double>(world.bytes_in_use()) - before) / in_flight);
    }
    return most;
}

double ready_ms() {
    const std::string json = write_scenario(thirteen_nodes());
    std::vector<double> times;
    for (int i = 0; i < 21; ++i) {
        const double start = scale::bench::seconds_now();
        Result<Scenario> scenario = parse_scenario(json);
        if (!scenario || validate(*scenario)) return INFINITY;
        World world(*scenario);
        world.step(1);
        times.push_back((scale::bench::seconds_now() - start) * 1e3);
    }
    return analysis::median(times);
}

// How many times the memory after 10^6 requests is in use after 10^7 (10^8 with --full).
double growth(bool full) {
    World world(tandem({}));
    const auto run_to = [&](std::uint64_t requests) {
        while (world.totals().requests.offered < requests) world.step(500'000);
        return static_cast<double>(world.bytes_in_use());
    };
    const double early = run_to(1'000'000);
    const double late = run_to(full ? 100'000'000 : 10'000'000);
    return late / early;
}

} // namespace

std::vector<Promise> facts(const Options& options) {
    std::vector<Promise> out;
    out.push_back({"bytes-in-flight", "bytes per request in flight, at worst", bytes_per_request_in_flight(),
                   200, 128, false, "B", ""});
    out.push_back({"ready", "13 nodes: from JSON to the first event", ready_ms(), 5, 1, false, "ms", ""});
    const char* what = options.full ? "memory after 10^8 requests over that after 10^6"
                                    : "memory after 10^7 requests over that after 10^6";
    const double grown = options.quick ? NAN : growth(options.full);
    out.push_back({"memory-flat", what, grown, 1, 1, false, "", options.quick ? "left out by --quick" : ""});
    return out;
}

} // namespace scale::cli::bench
