// The pending events of a fixed set of slots (a worker, a source, a timer), at most one per slot: a 4-ary
// winner tree. Rescheduling and cancelling happen in place. Of equal times the one scheduled first goes
// first. Slots that are scheduled often stand nearer to the root, as the letters of a Huffman code do.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/fetch.hpp"
#include "core/time.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace scale::core {

// An entry of the tree is one word, a key: time since a base, number of the scheduling, slot, from the upper
// bits down. So the lesser of two keys is the earlier event, and no two are ever equal. How many bits each
// part has follows from the number of slots: up to 64 slots reach 4 minutes beyond the base, 16,384 reach a
// second. The base follows the clock and the numbers start again when they run out, which both cost a look at
// every leaf, less than once in half a million schedulings of a busy design. What lies beyond the reach is
// known to be late only: its order is found out when the base comes near.
//
// When the numbers start again the leaves are arranged anew, by how often each slot was scheduled. Where a
// leaf stands decides nothing but the time that an update takes.
class WinnerTree {
public:
    static constexpr std::uint32_t k_slots_most = 1u << 24;
    static constexpr std::uint32_t k_no_slot = ~std::uint32_t{0};

    struct Top {
        Time time = k_never; // when nothing is pending
        std::uint32_t slot = k_no_slot;
    };

    WinnerTree() { resize(0); }

    // Keeps what is pending in the slots that remain. May allocate, as nothing else here does.
    void resize(std::uint32_t slots);

    // The slot's event happens at t instead of whenever it was to happen; k_never cancels. Not inline: where
    // it is the last thing done, it is a jump, and the caller has no registers to save.
    void schedule(std::uint32_t slot, Time t);
    // The same, `delay` after now, for where the delay is known late: little is left to do then.
    void schedule_after(std::uint32_t slot, Time now, Time delay);
    void cancel(std::uint32_t slot);

    Top top() const {
        const Key key = nodes_[k_root];
        Top first{base_ + (key >> time_shift_), slot_of(key)};
        if (key >= far_) [[unlikely]] {
            first.slot = far_slot();
            first.time = first.slot == k_no_slot ? k_never : time_of(first.slot);
        }
        return first;
    }
    bool empty() const { return nodes_[k_root] == k_idle; }

    bool pending(std::uint32_t slot) const { return time_of(slot) != k_never; }
    Time time_of(std::uint32_t slot) const { return slots_[slot].time; }

    // The slot that is due first of those around this one, one part in 64 of a large tree; may be any number
    // where there is none.
    std::uint32_t next_around(std::uint32_t slot) const {
        return slot_of(nodes_[leaf_of(slot) >> group_shift_]);
    }

    // Ask the memory for what scheduling the slot begins with: the second once the first has come.
    void fetch_place(std::uint32_t slot) const { fetch(&slots_[slot]); }
    void fetch_leaf(std::uint32_t slot) const { fetch(&nodes_[leaf_of(slot)]); }

    std::uint32_t slots() const { return static_cast<std::uint32_t>(slots_.size()); }
    std::size_t memory_bytes() const {
        return (nodes_.size() + order_.size()) * sizeof(Key) + slots_.size() * sizeof(Slot);
    }
    // How many levels below the root the slot's leaf stands; 0 if it has none.
    unsigned depth_of(std::uint32_t slot) const;

private:
    using Key = std::uint64_t;

    // Leaves are handed out when a slot is first scheduled, as many slots never are: a machine has cores that
    // idle and edges without delay, and the tree is as deep as what happens.
    struct Slot {
        Time time = k_never;
        std::uint32_t place = k_nowhere; // offset of the leaf
        std::uint32_t changes = 0;       // halved whenever the leaves are arranged by it
    };

    // The first nodes of one level are leaves, the others stand on the last, below the other nodes of that
    // level. Two depths and no more: how many levels a slot climbs is then seldom mispredicted.
    struct Shape {
        std::uint32_t high = 0; // leaves on `level`, which has more nodes than that
        unsigned level = 0;     // 0 is the root, which is none
        unsigned depth = 1;     // the last level
    };
    static constexpr std::uint32_t k_high_most = 15;

    // Nodes are counted from 1, the root; the four children of n are 4 n to 4 n + 3, so that siblings share a
    // cache line.
    static constexpr std::uint32_t k_root = 1;
    static constexpr std::uint32_t k_nowhere = 0;
    static constexpr Key k_idle = ~Key{0}; // nothing is pending there

    static std::uint32_t offset_of(std::uint32_t node) {
        return node * static_cast<std::uint32_t>(sizeof(Key));
    }
    std::uint32_t leaf_of(std::uint32_t slot) const {
        return slots_[slot].place / static_cast<std::uint32_t>(sizeof(Key));
    }
    std::uint32_t slot_of(Key key) const { return static_cast<std::uint32_t>(key & (number_step_ - 1)); }
    Key key_at(Time t, Key number_and_slot) const;

    // The nodes of a level are those from 4^level to twice that.
    static std::uint32_t level_begin(unsigned level) { return 1u << 2 * level; }
    static std::uint32_t level_end(unsigned level) { return 2u << 2 * level; }
    std::uint32_t inner_from(unsigned level) const;

    void divide_bits(std::uint32_t slots);
    [[gnu::noinline]] void schedule_rarely(std::uint32_t slot, Time t);
    // Of the earliest where all are beyond the reach. Not all of Top, which would come through memory.
    [[gnu::noinline]] std::uint32_t far_slot() const;
    void give_leaf(std::uint32_t slot);
    void arrange(const Shape& shape, const std::uint32_t* high);
    void arrange_by_changes();
    void move_base(Time first);
    void number_anew();
    void play_all();
    void replay(std::uintptr_t place, Key winner);

    AlignedVector<Key> nodes_;
    AlignedVector<Slot> slots_;
    AlignedVector<Key> order_; // for what is arranged anew
    Time base_ = 0;
    Time reach_ = 0;      // from the base on; this and what is later is beyond
    Key far_ = 0;         // the least key of those
    Key number_ = 0;      // of the last scheduling, in its place within a key
    Key number_step_ = 1; // one, there: above the bits of the slot
    Key number_last_ = 0; // the last that is given
    unsigned time_shift_ = 0;
    unsigned group_shift_ = 0;
    Shape shape_;
    std::uint32_t next_leaf_ = 4; // the next that is given
    std::uint32_t used_ = 0;      // slots with a leaf
};

} // namespace scale::core
