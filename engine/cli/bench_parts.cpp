// Parts of the engine alone: event queue, histogram; and the hand-written loops that set the limit.
#include <array>
#include <memory>

#include "bench.hpp"
#include "core/histogram.hpp"
#include "core/random.hpp"
#include "core/timer_heap.hpp"
#include "core/winner_tree.hpp"
#include "format.hpp"

namespace scale::cli::bench {

namespace {

constexpr int k_operations = 100'000; // per chunk

// The hold model: the earliest of n pending events happens and is scheduled again, exponentially later.
struct TreeHold {
    core::WinnerTree tree;
    core::Random random;
    explicit TreeHold(std::uint32_t pending) {
        tree.resize(pending);
        for (std::uint32_t slot = 0; slot < pending; ++slot) tree.schedule(slot, later(0));
    }
    core::Time later(core::Time now) { return now + core::from_ns(random.exponential() * 1e6); }
    double operator()() {
        for (int i = 0; i < k_operations; ++i) {
            const core::Entry due = tree.top();
            tree.schedule(core::WinnerTree::slot_of(due), later(due.time));
        }
        return k_operations;
    }
};

struct HeapHold {
    core::TimerHeap heap;
    core::Random random;
    std::uint64_t sequence = 0;
    explicit HeapHold(std::uint32_t pending) {
        for (std::uint32_t i = 0; i < pending; ++i) heap.push(later(0), i, sequence++);
    }
    core::Time later(core::Time now) { return now + core::from_ns(random.exponential() * 1e6); }
    double operator()() {
        for (int i = 0; i < k_operations; ++i) {
            const core::TimerHeap::Timer due = heap.top();
            heap.replace_top(later(due.time), due.payload, sequence++);
        }
        return k_operations;
    }
};

// Latencies drawn beforehand, so that only the recording is timed.
struct Recording {
    static constexpr std::size_t k_values = 4096;
    core::Histogram histogram;
    std::array<core::Time, k_values> values{};
    Recording() {
        core::Random random;
        for (core::Time& value : values) value = core::from_ms(random.exponential() * 20);
    }
    double operator()() {
        for (int pass = 0; pass < 256; ++pass)
            for (const core::Time value : values) histogram.record(value);
        constexpr double k_recorded = 256.0 * k_values;
        return k_recorded;
    }
};

template<class State>
Case part(std::string id, std::string what, std::shared_ptr<State> state) {
    return {std::move(id), std::move(what), [state] { return (*state)(); }};
}

} // namespace

std::vector<Case> part_cases() {
    std::vector<Case> cases;
    for (std::uint32_t pending = 10; pending <= 1'000'000; pending *= 10) {
        const std::string count = std::to_string(pending);
        const std::string what = " alone, " + grouped(pending) + " pending";
        cases.push_back(part("slots-" + count, "event slots" + what, std::make_shared<TreeHold>(pending)));
        cases.push_back(part("timers-" + count, "timer heap" + what, std::make_shared<HeapHold>(pending)));
    }
    cases.push_back(part("record", "recording one latency", std::make_shared<Recording>()));
    return cases;
}

} // namespace scale::cli::bench
