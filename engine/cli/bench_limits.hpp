// The reference loops of the benchmark: the systems of docs/performance.md written by hand, with the same
// random numbers and histogram as the engine, so that a ratio to them says what generality costs. They are
// called in slices like the engine: one long call would stay in the baseline compiler of a browser.
#pragma once

#include <cstdint>

namespace scale::bench {

struct LoopResult {
    std::uint64_t requests = 0; // completed; in the loops of single operations: operations
    std::uint64_t events = 0;
    std::uint64_t checksum = 0; // of what was computed: equal on every platform
    double seconds = 0.0;       // by bench_clock.hpp
};

// The tandem: Poisson arrivals (mean 1 ms) -> 1 balancer -> 4 web workers -> 2 database workers, exponential
// service, each tier at 0.8 load, FIFO queues, a response-time histogram; 4 events a request. Nobody waits
// downstream.
LoopResult limit_tandem(std::uint64_t requests,
                        std::uint64_t seed); // limit L: 8 fixed slots, branch-free minimum
LoopResult ahead_tandem(std::uint64_t requests, std::uint64_t seed);     // L, each delay drawn an event ahead
LoopResult heap_tandem(std::uint64_t requests, std::uint64_t seed);      // the same events in a 4-ary heap
LoopResult recursion_tandem(std::uint64_t requests, std::uint64_t seed); // no event list: Lindley's recursion

// The event queue alone: the earliest of `pending` events happens and is scheduled anew (hold model).
LoopResult hold_winner_tree(std::uint32_t pending, std::uint64_t events, std::uint64_t seed);
LoopResult hold_timer_heap(std::uint32_t pending, std::uint64_t events, std::uint64_t seed);

// Single operations; `requests` counts them.
LoopResult record_latencies(std::uint64_t count, std::uint64_t seed);
LoopResult draw_raw(std::uint64_t count, std::uint64_t seed);
LoopResult draw_exponential(std::uint64_t count, std::uint64_t seed);
LoopResult draw_lognormal(std::uint64_t count, std::uint64_t seed);
LoopResult draw_gamma(std::uint64_t count, std::uint64_t seed);
LoopResult draw_zipf(std::uint64_t count, std::uint64_t keys, double exponent, std::uint64_t seed);

// Uniform look-ups with touch in a full LRU store; every one hits.
LoopResult look_up_lru(std::uint32_t keys, std::uint64_t count, std::uint64_t seed);

} // namespace scale::bench
