// The pending events of a fixed set of slots (a worker, a source, a timer), at most one per slot: a 4-ary
// winner tree. Rescheduling and cancelling happen in place. Of equal times the one scheduled first goes
// first.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/fetch.hpp"
#include "core/time.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace scale::core {

// An entry of the tree is one word, a key: (time - base) << 24 | slot. So it reaches 18 minutes beyond the
// base; then the base follows, which costs a look at every slot once in 9 minutes of simulated time. Times
// that are equal, or both beyond the reach, are rare: only then the slots themselves are asked. Up to 2^24 -
// 1 slots.
class WinnerTree {
public:
    static constexpr unsigned k_slot_bits = 24;
    static constexpr std::uint32_t k_slot_mask = (1u << k_slot_bits) - 1;

    struct Top {
        Time time = k_never; // when nothing is pending
        std::uint32_t slot = k_slot_mask;
    };

    // The number of the last scheduling, for tests.
    explicit WinnerTree(std::uint32_t order = 0) : order_(order) { resize(0); }

    // Keeps what is pending in the slots that remain. May allocate, as nothing else here does.
    void resize(std::uint32_t slots);

    // The slot's event happens at t instead of whenever it was to happen; k_never cancels. Not inline: where
    // it is the last thing done, it is a jump, and the caller has no registers to save.
    void schedule(std::uint32_t slot, Time t);
    // The same, `delay` after now, for where the delay is known late: little is left to do then.
    void schedule_after(std::uint32_t slot, Time now, Time delay);
    void cancel(std::uint32_t slot);

    Top top() const {
        const std::uint64_t key = nodes_[k_root];
        if (key >= k_far) [[unlikely]] {
            return far_top(key);
        }
        return {base_ + (key >> k_slot_bits), static_cast<std::uint32_t>(key) & k_slot_mask};
    }
    bool empty() const { return is_idle(nodes_[k_root]); }

    bool pending(std::uint32_t slot) const { return time_of(slot) != k_never; }
    Time time_of(std::uint32_t slot) const { return slots_[slot].time; }

    // The slot that is due first of those around this one, one part in 64 of a large tree; may be any number
    // where there is none.
    std::uint32_t next_around(std::uint32_t slot) const {
        return static_cast<std::uint32_t>(nodes_[leaf_of(slot) >> group_shift_]) & k_slot_mask;
    }

    // Ask the memory for what scheduling the slot begins with: the second once the first has come.
    void fetch_place(std::uint32_t slot) const { fetch(&slots_[slot]); }
    void fetch_leaf(std::uint32_t slot) const { fetch(&nodes_[leaf_of(slot)]); }

    std::uint32_t slots() const { return static_cast<std::uint32_t>(slots_.size()); }
    std::size_t memory_bytes() const { return nodes_.size() * sizeof(Key) + slots_.size() * sizeof(Slot); }

private:
    using Key = std::uint64_t;

    // Leaves are handed out when a slot is first scheduled, as many slots never are: a machine has cores that
    // idle and edges without delay, and the tree is as deep as what happens.
    struct Slot {
        Time time = k_never;
        std::uint32_t place = k_nowhere; // offset of the leaf
        std::uint32_t order = 0;         // of scheduling
    };

    // Nodes are counted from 1, the root; the four children of n are 4 n to 4 n + 3, so that siblings share a
    // cache line.
    static constexpr std::uint32_t k_root = 1;
    static constexpr std::uint32_t k_nowhere = 0;
    static constexpr Time k_last = (Time{1} << (64 - k_slot_bits)) - 1; // ns
    static constexpr Time k_reach = k_last - (Time{1} << 26);           // the rest is for idle leaves
    static constexpr Key k_far = k_reach << k_slot_bits;                // | slot: beyond that
    static bool is_idle(Key key) { return key > (k_far | k_slot_mask); }
    // What stands at a leaf where nothing is pending. Every leaf has its own, so that no two are ever equal.
    static Key idle(std::size_t leaf) { return (k_last - leaf) << k_slot_bits | k_slot_mask; }
    static bool tied(Key a, Key b) { return (a ^ b) <= k_slot_mask; }
    static std::uint32_t offset_of(std::uint32_t node) {
        return node * static_cast<std::uint32_t>(sizeof(Key));
    }
    std::uint32_t leaf_of(std::uint32_t slot) const {
        return slots_[slot].place / static_cast<std::uint32_t>(sizeof(Key));
    }
    Key key_of(std::uint32_t slot, Time t) const;

    [[gnu::noinline]] void schedule_far(std::uint32_t slot, Time t);
    [[gnu::noinline]] Top far_top(Key key) const;
    Time least() const;
    [[gnu::noinline]] void give_leaf(std::uint32_t slot);
    void move_base(Time least);
    void grow();
    void play_all();
    void replay(std::uintptr_t place, Key winner);
    [[gnu::noinline]] void replay_tied(std::uintptr_t place, Key winner);
    Key earlier(Key a, Key b) const;
    std::uint32_t next_order();
    [[gnu::noinline]] void count_anew();

    AlignedVector<Key> nodes_;
    AlignedVector<Slot> slots_;
    unsigned group_shift_ = 0;
    Time base_ = 0;
    std::uint32_t leaves_ = 4; // the number of the first one, too
    std::uint32_t used_ = 0;
    std::uint32_t order_;
};

} // namespace scale::core
