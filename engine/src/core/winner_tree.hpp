// The pending events of a fixed set of slots (a worker, a source, a timer), at most one per slot: a 4-ary
// winner tree. Rescheduling and cancelling happen in place. Ties in time go to the one scheduled first.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/entry.hpp"
#include "core/fetch.hpp"
#include "core/time.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace scale::core {

// The `order` of an entry is (schedule number << 24 | slot): it breaks ties and names the slot. Up to 2^24 -
// 1 slots and 2^40 schedulings (1.1e12: a day at 12 million events a second); beyond, ties are no longer in
// order.
class WinnerTree {
public:
    static constexpr unsigned k_slot_bits = 24;
    static constexpr std::uint32_t k_slot_mask = (1u << k_slot_bits) - 1;

    WinnerTree() { resize(0); }

    // Keeps what is pending in the slots that remain. May allocate, as nothing else here does.
    void resize(std::uint32_t slots);

    // The slot's event happens at t instead of whenever it was to happen; k_never cancels.
    void schedule(std::uint32_t slot, Time t) {
        assert(slot < places_.size());
        replay(slot, {t, (sequence_++ << k_slot_bits) | slot});
    }

    void cancel(std::uint32_t slot) {
        if (pending(slot)) {
            replay(slot, detail::Held{k_never, ~std::uint64_t{0}});
        }
    }

    // time == k_never when nothing is pending.
    Entry top() const {
        const detail::Held top = detail::Held::load(nodes_[k_root]);
        return {top.time, top.order};
    }
    bool empty() const { return nodes_[k_root].time == k_never; }

    static std::uint32_t slot_of(Entry entry) {
        return static_cast<std::uint32_t>(entry.order) & k_slot_mask;
    }

    bool pending(std::uint32_t slot) const { return time_of(slot) != k_never; }
    Time time_of(std::uint32_t slot) const { return entry_of(slot).time; }
    const Entry& entry_of(std::uint32_t slot) const { return nodes_[places_[slot] / sizeof(Entry)]; }

    // The slot that is due first of those around this one, one part in 64 of a large tree; may be any number
    // where there is none.
    std::uint32_t next_around(std::uint32_t slot) const {
        const std::uint32_t leaf = places_[slot] / static_cast<std::uint32_t>(sizeof(Entry));
        return slot_of(nodes_[leaf >> group_shift_]);
    }

    // Ask the memory for what scheduling the slot begins with: the second once the first has come.
    void fetch_place(std::uint32_t slot) const { fetch(&places_[slot]); }
    void fetch_leaf(std::uint32_t slot) const { fetch(&entry_of(slot)); }

    // How many schedulings there were. take_sequence() numbers an event kept elsewhere in the same order.
    std::uint64_t sequence() const { return sequence_; }
    std::uint64_t take_sequence() { return sequence_++; }

    std::uint32_t slots() const { return static_cast<std::uint32_t>(places_.size()); }
    std::size_t memory_bytes() const { return nodes_.size() * sizeof(Entry) + places_.size() * 4; }

private:
    // Nodes are counted from 1, the root; the four children of n are 4 n to 4 n + 3, so that siblings fill a
    // cache line. Node 0 is that of slots which were never scheduled: it says that nothing is pending.
    static constexpr std::uint32_t k_root = 1;
    static constexpr std::uint32_t k_nowhere = 0;
    static std::uint32_t offset_of(std::uint32_t node) {
        return node * static_cast<std::uint32_t>(sizeof(Entry));
    }

    [[gnu::noinline]] void replay_first(std::uint32_t slot, detail::Held winner);
    void grow();
    void play_all();

    // Not inline: where it is the last thing done, it is a jump, and the caller has no registers to save.
    void replay(std::uint32_t slot, detail::Held winner);

    AlignedVector<Entry> nodes_;
    // Per slot: the offset of its leaf. Leaves are handed out when a slot is first scheduled, as many slots
    // never are: a machine has cores that idle and edges without delay, and the tree is as deep as what
    // happens.
    std::vector<std::uint32_t> places_;
    unsigned group_shift_ = 0;
    std::uint32_t leaves_ = 4; // the number of the first one, too
    std::uint32_t used_ = 0;
    std::uint64_t sequence_ = 0;
};

} // namespace scale::core
