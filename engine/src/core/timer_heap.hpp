// Pending events without a bound on their number (requests on the wire, timers): a 4-ary min-heap of 16-byte
// entries. Ties in time go to the lower schedule number.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>

namespace scale::core {

class TimerHeap {
public:
    // `sequence` is the low half of the schedule number, compared with wrap-around: exact as long as two
    // entries of the same ns were pushed less than 2^31 numbers apart.
    struct Timer {
        Time time = k_never;
        std::uint32_t sequence = 0;
        std::uint32_t payload = 0;
    };

    TimerHeap() : timers_(k_root) {}

    std::size_t size() const { return timers_.size() - k_root; }
    bool empty() const { return timers_.size() == k_root; }
    void reserve(std::size_t count) { timers_.reserve(count + k_root); }
    void clear() { timers_.resize(k_root); }

    // Not on an empty heap.
    const Timer& top() const { return timers_[k_root]; }
    Time top_time() const { return empty() ? k_never : timers_[k_root].time; }

    void push(Time time, std::uint32_t payload, std::uint64_t sequence) {
        timers_.emplace_back();
        rise(timers_.size() - 1, {time, static_cast<std::uint32_t>(sequence), payload});
    }

    // Not on an empty heap.
    void pop() {
        const Timer last = timers_.back();
        timers_.pop_back();
        if (!empty()) {
            sink(last);
        }
    }

    // pop and push in one go.
    void replace_top(Time time, std::uint32_t payload, std::uint64_t sequence) {
        sink({time, static_cast<std::uint32_t>(sequence), payload});
    }

    // In heap order, for snapshots and digests.
    const Timer* begin() const { return timers_.data() + k_root; }
    const Timer* end() const { return timers_.data() + timers_.size(); }

private:
    static constexpr std::size_t k_root = 3; // so that every group of siblings starts at a multiple of 4

    static std::size_t parent_of(std::size_t node) { return (node >> 2) + 2; }
    static std::size_t child_of(std::size_t node) { return (node - 2) << 2; }

    // Branch-free on purpose.
    static bool precedes(const Timer& a, const Timer& b) {
        return (a.time < b.time) |
               ((a.time == b.time) & (static_cast<std::int32_t>(a.sequence - b.sequence) < 0));
    }

    void rise(std::size_t node, Timer timer) {
        Timer* const timers = timers_.data();
        while (node != k_root) {
            const std::size_t parent = parent_of(node);
            if (!precedes(timer, timers[parent])) {
                break;
            }
            timers[node] = timers[parent];
            node = parent;
        }
        timers[node] = timer;
    }

    // The hole at the root goes all the way down along the earliest children, then the timer rises into it:
    // it nearly always belongs near the bottom, and the way down has no branch to mispredict.
    void sink(Timer timer) {
        Timer* const timers = timers_.data();
        const std::size_t size = timers_.size();
        std::size_t hole = k_root;
        std::size_t child = child_of(hole);
        while (child + 4 <= size) {
            const std::size_t left = child + (precedes(timers[child + 1], timers[child]) ? 1u : 0u);
            const std::size_t right = child + 2 + (precedes(timers[child + 3], timers[child + 2]) ? 1u : 0u);
            const std::size_t best = precedes(timers[right], timers[left]) ? right : left;
            timers[hole] = timers[best];
            hole = best;
            child = child_of(hole);
        }
        if (child < size) {
            std::size_t best = child;
            for (std::size_t other = child + 1; other < size; ++other) {
                best = precedes(timers[other], timers[best]) ? other : best;
            }
            timers[hole] = timers[best];
            hole = best;
        }
        rise(hole, timer);
    }

    AlignedVector<Timer> timers_;
};

} // namespace scale::core
