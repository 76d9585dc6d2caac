// Holding a cause against what is known of a design.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "scale/insight.hpp"
#include "support/design.hpp"

namespace scale::tests {

struct Known {
    const char* mechanism;
    const char* node;
    double share_least = 0, share_most = 1;
    const char* start = "entry";
    double at_s = -1; // of the entry that began it
    const char* through = "";
    const char* of = ""; // "latency", "failures" or "data"
};

inline const char* id_of(const World& world, int node) {
    return node < 0 ? "" : world.scenario().nodes[static_cast<std::size_t>(node)].id.c_str();
}

inline void check_cause(const World& world, const Cause& cause, const Known& known) {
    INFO(cause.sentence.en);
    INFO(cause.sentence.ko);
    CHECK(std::string(mechanism_id(cause.mechanism)) == known.mechanism);
    CHECK(std::string(id_of(world, cause.node)) == known.node);
    CHECK(cause.share >= known.share_least);
    CHECK(cause.share <= known.share_most + 1e-9);
    CHECK(std::string(start_id(cause.start)) == known.start);
    if (known.at_s >= 0)
        CHECK(static_cast<double>(cause.trigger.at) / k_ns_per_s ==
              doctest::Approx(known.at_s).epsilon(0.02));
    if (known.through[0] != 0) CHECK(std::string(id_of(world, cause.through)) == known.through);
    if (known.of[0] != 0)
        CHECK((cause.concern == Concern::latency    ? "latency"
               : cause.concern == Concern::failures ? "failures"
                                                    : "data") == std::string(known.of));
    CHECK(cause.sentence.en.find(known.node) != std::string::npos);
    CHECK(cause.sentence.ko.find(known.node) != std::string::npos);
    CHECK(cause.sentence.en.find('{') == std::string::npos);
    CHECK(cause.sentence.ko.find('{') == std::string::npos);
}

// The worst of the whole run, for two seeds.
inline void check_run(Design& design, const Known& known) {
    for (const std::uint64_t seed : {1u, 2u}) {
        CAPTURE(seed);
        World world(design.scenario(seed));
        world.run_until(seconds(design.raw().duration_s));
        check_cause(world, cause_of_run(world), known);
    }
}

inline void check_healthy(Design& design, const char* busiest, double least, double most) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        CAPTURE(seed);
        World world(design.scenario(seed));
        world.run_until(seconds(design.raw().duration_s));
        const Cause cause = cause_of_run(world);
        CAPTURE(cause.sentence.en);
        CHECK(cause.mechanism == Mechanism::healthy);
        CHECK(std::string(id_of(world, cause.node)) == busiest);
        CHECK(cause.busy >= least);
        CHECK(cause.busy <= most);
    }
}

} // namespace scale::tests
