// What bench times beside the engine: the hand-written loops that set the limit, and parts of the engine
// alone.
#include "bench.hpp"
#include "bench_limits.hpp"
#include "format.hpp"

namespace scale::cli::bench {

namespace {

using scale::bench::LoopResult;

constexpr std::uint64_t k_requests = 200'000;     // per chunk
constexpr std::uint64_t k_operations = 1'000'000; // per chunk
constexpr std::uint64_t k_seed = 1;

template<class Loop>
Case loop_case(std::string id, std::string what, Loop loop, bool requests) {
    const Chunk chunk = [loop, requests] {
        const LoopResult result = loop();
        const auto operations = static_cast<double>(result.events ? result.events : result.requests);
        return Work{operations, requests ? static_cast<double>(result.requests) : 0, result.seconds};
    };
    return {std::move(id), std::move(what), [chunk] { return chunk; }};
}

} // namespace

std::vector<Case> reference_cases() {
    std::vector<Case> cases;
    cases.push_back(loop_case(
        "limit", "limit L: the tandem by hand, 8 fixed slots, branch-free",
        [] { return scale::bench::limit_tandem(k_requests, k_seed); }, true));
    cases.push_back(loop_case(
        "limit-ahead", "the same, each delay drawn an event before it is needed",
        [] { return scale::bench::ahead_tandem(k_requests, k_seed); }, true));
    cases.push_back(loop_case(
        "heap", "the tandem by hand, 4-ary heap",
        [] { return scale::bench::heap_tandem(k_requests, k_seed); }, true));
    cases.push_back(loop_case(
        "recursion", "the tandem without an event list (Lindley)",
        [] { return scale::bench::recursion_tandem(k_requests, k_seed); }, true));
    return cases;
}

std::vector<Case> part_cases() {
    std::vector<Case> cases;
    for (std::uint32_t pending = 10; pending <= 1'000'000; pending *= 10) {
        const std::string count = std::to_string(pending);
        const std::string what = " alone, " + grouped(pending) + " pending";
        cases.push_back(loop_case(
            "slots-" + count, "winner tree" + what,
            [pending] { return scale::bench::hold_winner_tree(pending, k_operations, k_seed); }, false));
        cases.push_back(loop_case(
            "timers-" + count, "timer heap" + what,
            [pending] { return scale::bench::hold_timer_heap(pending, k_operations, k_seed); }, false));
    }
    cases.push_back(loop_case(
        "record", "recording one latency",
        [] { return scale::bench::record_latencies(k_operations, k_seed); }, false));
    cases.push_back(loop_case(
        "draw-exponential", "drawing one exponential time",
        [] { return scale::bench::draw_exponential(k_operations, k_seed); }, false));
    cases.push_back(loop_case(
        "draw-lognormal", "drawing one lognormal time",
        [] { return scale::bench::draw_lognormal(k_operations, k_seed); }, false));
    cases.push_back(loop_case(
        "draw-zipf", "drawing one of 10^7 keys, Zipf 0.9",
        [] { return scale::bench::draw_zipf(k_operations, 10'000'000, 0.9, k_seed); }, false));
    cases.push_back(loop_case(
        "lru", "look-up and touch in an LRU store of 100,000 keys",
        [] { return scale::bench::look_up_lru(100'000, k_operations, k_seed); }, false));
    cases.push_back(loop_case(
        "lru-million", "the same, 1,000,000 keys",
        [] { return scale::bench::look_up_lru(1'000'000, k_operations, k_seed); }, false));
    return cases;
}

} // namespace scale::cli::bench
