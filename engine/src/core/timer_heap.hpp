// Pending events without a bound on their number (requests on the wire, timers): a 4-ary min-heap of 16-byte
// entries. Ties in time go to the lower schedule number.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/entry.hpp"
#include "core/time.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace scale::core {

class TimerHeap {
public:
    struct Timer {
        Time time = k_never;
        std::uint32_t payload = 0;
    };

    TimerHeap() : entries_(k_root) {}

    std::size_t size() const { return entries_.size() - k_root; }
    bool empty() const { return entries_.size() == k_root; }
    void reserve(std::size_t count) { entries_.reserve(count + k_root); }
    void clear() { entries_.resize(k_root); }

    // Not on an empty heap.
    Timer top() const {
        assert(!empty());
        return {entries_[k_root].time, static_cast<std::uint32_t>(entries_[k_root].order)};
    }
    Time top_time() const { return empty() ? k_never : entries_[k_root].time; }

    // The full schedule number of the top (what push() was given), to merge with another queue in order.
    std::uint64_t top_sequence() const { return base_ + (entries_[k_root].order >> 32); }

    // Schedule numbers must not decrease from push to push.
    void push(Time time, std::uint32_t payload, std::uint64_t sequence) {
        const std::uint64_t order = order_of(payload, sequence);
        entries_.emplace_back();
        rise(entries_.size() - 1, {time, order});
    }

    // Not on an empty heap.
    void pop() {
        assert(!empty());
        const detail::Held last = detail::Held::load(entries_.back());
        entries_.pop_back();
        if (!empty()) {
            sink(last);
        }
    }

    // pop() and push() in one go.
    void replace_top(Time time, std::uint32_t payload, std::uint64_t sequence) {
        sink({time, order_of(payload, sequence)});
    }

    // The entries in heap order, for digests; equal histories give equal entries.
    const Entry* begin() const { return entries_.data() + k_root; }
    const Entry* end() const { return entries_.data() + entries_.size(); }

private:
    static constexpr std::size_t k_root = 3; // so that every group of siblings starts at a multiple of 4

    static std::size_t parent_of(std::size_t node) { return (node >> 2) + 2; }
    static std::size_t child_of(std::size_t node) { return (node - 2) << 2; }

    // An entry's order is (schedule number - base_) << 32 | payload; every 2^32 numbers what is pending is
    // numbered anew.
    std::uint64_t order_of(std::uint32_t payload, std::uint64_t sequence) {
        if (sequence - base_ > 0xFFFFFFFFu) {
            renumber(sequence);
        }
        return (sequence - base_) << 32 | payload;
    }
    void renumber(std::uint64_t sequence);

    void rise(std::size_t node, detail::Held timer) {
        Entry* const entries = entries_.data();
        while (node != k_root) {
            const std::size_t parent = parent_of(node);
            const detail::Held above = detail::Held::load(entries[parent]);
            if (!detail::precedes(timer.time, timer.order, above.time, above.order)) {
                break;
            }
            above.store(entries[node]);
            node = parent;
        }
        timer.store(entries[node]);
    }

    // The hole at the root goes all the way down along the earliest children, then the timer rises into it:
    // it nearly always belongs near the bottom, and the way down has no branch to mispredict.
    void sink(detail::Held timer) {
        Entry* const entries = entries_.data();
        const std::size_t size = entries_.size();
        std::size_t hole = k_root;
        std::size_t child = child_of(hole);
        while (child + 4 <= size) {
            detail::Held left = detail::Held::load(entries[child]);
            detail::Held right = detail::Held::load(entries[child + 2]);
            std::uint64_t best = child + left.keep_earlier(detail::Held::load(entries[child + 1]));
            const std::uint64_t other =
                child + 2 + right.keep_earlier(detail::Held::load(entries[child + 3]));
            best ^= (best ^ other) & (0 - left.keep_earlier(right));
            left.store(entries[hole]);
            hole = static_cast<std::size_t>(best);
            child = child_of(hole);
        }
        if (child < size) {
            hole = close_incomplete(hole, child);
        }
        rise(hole, timer);
    }

    // The last group of siblings may have fewer than four. Returns where the hole is then.
    std::size_t close_incomplete(std::size_t hole, std::size_t child) {
        detail::Held first = detail::Held::load(entries_[child]);
        std::uint64_t best = child;
        for (std::size_t other = child + 1; other < entries_.size(); ++other) {
            best ^= (best ^ other) & (0 - first.keep_earlier(detail::Held::load(entries_[other])));
        }
        first.store(entries_[hole]);
        return static_cast<std::size_t>(best);
    }

    AlignedVector<Entry> entries_;
    std::uint64_t base_ = 0;
};

} // namespace scale::core
