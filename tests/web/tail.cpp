// Intervals of measured latencies: they hold the truth as often as they promise.

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "instrument.hpp"
#include "tail.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

// One server at 60 %: there are waits, and those that follow each other are alike.
std::string queue(int seed, int wire_ms) {
    return R"({"scaleground": 1, "seed": )" + std::to_string(seed) + R"(, "duration_s": 400, "warmup_s": 20,
      "nodes": [{"id": "users", "kind": "clients", "rate_per_s": 60},
                {"id": "web", "kind": "server", "cores": 1, "workers": 1, "service_ms": 10, "service": "exponential"}],
      "edges": [["users", "web", {"latency_ms": )" +
           std::to_string(wire_ms) + "}]]}";
}

struct Measured {
    Latency latency;
    LatencyHalves halves;
    Latency node_latency; // of "web"
    LatencyHalves node_halves;
    std::uint64_t answers = 0;
};

Measured measure(int seed, double until_s = 320, int wire_ms = 0) {
    Session session;
    LatencyTail tail;
    session.watch([&] { tail.look(session); });
    REQUIRE(!session.load_json(queue(seed, wire_ms)));
    for (double at = 0.5; at <= until_s; at += 0.5) {
        session.run_to(at, instrument::fake_clock, 1e9);
        tail.look(session);
    }
    const Totals totals = session.world().totals();
    return {totals.latency_ms, tail.halves(), session.world().node_totals(1).latency_ms,
            tail.node_halves(session.world(), 1), totals.requests.completed};
}

// Half the width that counting single answers would give, as if each were independent of the one before.
double naive_half(double share, double answers) { return 1.96 * std::sqrt(share * (1 - share) / answers); }

} // namespace

TEST_CASE("tail: the interval of a percentile holds the true value about as often as it says") {
    constexpr int k_runs = 24;
    // The time in an M/M/1 queue is exponential, with mean 1 / (100 - 60) s.
    const double mean = 25, p50 = mean * std::log(2.0), p90 = mean * std::log(10.0),
                 p99 = mean * std::log(100.0);
    int held_mean = 0, held_p50 = 0, held_p90 = 0, held_p99 = 0;
    double widest = 0, width = 0;
    for (int seed = 1; seed <= k_runs; ++seed) {
        const Measured run = measure(seed);
        const auto holds = [](double measured, double half, double truth) {
            REQUIRE(half > 0);
            return std::abs(measured - truth) <= half * 1.005 + truth * 0.005; // buckets are 0.5 % wide
        };
        held_mean += holds(run.latency.mean, run.halves.mean, mean);
        held_p50 += holds(run.latency.p50, run.halves.p50, p50);
        held_p90 += holds(run.latency.p90, run.halves.p90, p90);
        held_p99 += holds(run.latency.p99, run.halves.p99, p99);
        widest = std::max(widest, run.halves.p99 / run.latency.p99);
        width += run.halves.p99 / run.latency.p99 / k_runs;
    }
    std::printf("tail: of %d runs the interval held mean %d, p50 %d, p90 %d, p99 %d; p99 +-%.0f %% (widest "
                "%.0f %%)\n",
                k_runs, held_mean, held_p50, held_p90, held_p99, 100 * width, 100 * widest);
    for (int held : {held_mean, held_p50, held_p90, held_p99}) CHECK(held >= 19);
    CHECK(width < 0.4); // an interval that holds everything says nothing
}

TEST_CASE("tail: so does the interval of a node's percentile") {
    constexpr int k_runs = 24;
    const double mean = 25, p50 = mean * std::log(2.0), p90 = mean * std::log(10.0),
                 p99 = mean * std::log(100.0); // without the 40 ms of the wire, which the users wait for, too
    int held_p50 = 0, held_p90 = 0, held_p99 = 0;
    double width = 0, system_width = 0;
    for (int seed = 1; seed <= k_runs; ++seed) {
        const Measured run = measure(seed, 320, 20);
        const auto holds = [](double measured, double half, double truth) {
            REQUIRE(half > 0);
            return std::abs(measured - truth) <= half * 1.005 + truth * 0.005;
        };
        held_p50 += holds(run.node_latency.p50, run.node_halves.p50, p50);
        held_p90 += holds(run.node_latency.p90, run.node_halves.p90, p90);
        held_p99 += holds(run.node_latency.p99, run.node_halves.p99, p99);
        width += run.node_halves.p99 / k_runs;
        system_width += run.halves.p99 / k_runs;
    }
    std::printf("tail: of %d runs a node's interval held p50 %d, p90 %d, p99 %d; p99 +-%.1f ms, the system's "
                "+-%.1f\n",
                k_runs, held_p50, held_p90, held_p99, width, system_width);
    for (int held : {held_p50, held_p90, held_p99}) CHECK(held >= 19);
    // The same requests wait in the same queue: coarse counts make it neither surer nor less sure.
    CHECK(width == doctest::Approx(system_width).epsilon(0.1));
}

TEST_CASE("tail: answers that follow each other count for less than independent ones") {
    const Measured run = measure(3);
    const double density = 0.01 / 25; // of the exponential at its p99, per ms
    const double naive_ms = naive_half(0.99, static_cast<double>(run.answers)) / density;
    CHECK(run.halves.p99 > 1.5 * naive_ms);
}

TEST_CASE("tail: too little measured has no interval, and a run that goes another way loses the old one") {
    CHECK(std::isnan(measure(1, 21).halves.p99));
    CHECK(std::isnan(measure(1, 60).halves.p999)); // three answers beyond it
    Instrument ui;
    ui.load();
    for (int i = 0; i < 80; ++i)
        ui.app->session.run_to(0.5 * i, instrument::fake_clock, 1e9), ui.app->tail.look(ui.app->session);
    CHECK(ui.app->tail.stretches() >= 10);
    CHECK(ui.app->tail.stretches() <= 40);
    CHECK(std::isfinite(ui.app->tail.halves().p50));
    const nlohmann::json said = nlohmann::json::parse(ui.app->call("metrics", "{}"));
    CHECK(said["ok"]["ci95"]["latency_ms"]["p50"] == ui.app->tail.halves().p50);
    CHECK(said["ok"]["ci95"]["nodes"]["web"]["p50"] > 0);
    CHECK(said["ok"]["digest"].is_string());
    ui.app->seek(7);
    for (int i = 0; i < 40 && ui.app->session.now_s() > 7.01; ++i) ui.frame();
    ui.app->tail.look(ui.app->session);
    CHECK(ui.app->tail.stretches() < 10);
    CHECK(std::isnan(ui.app->tail.halves().p50));
    ui.load();
    ui.app->tail.look(ui.app->session);
    CHECK(ui.app->tail.stretches() == 0);
}
