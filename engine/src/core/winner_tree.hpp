// The pending events of a fixed set of slots (a worker, a source, a timer), at most one per slot: a 4-ary
// winner tree. Rescheduling and cancelling happen in place. Ties in time go to the one scheduled first.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/entry.hpp"
#include "core/time.hpp"

#include <cassert>
#include <cstdint>

namespace scale::core {

// The `order` of an entry is (schedule number << 24 | slot): it breaks ties and names the slot. Up to 2^24 -
// 1 slots and 2^40 schedulings (1.1e12: a day at 12 million events a second); beyond, ties are no longer in
// order.
class WinnerTree {
public:
    static constexpr unsigned k_slot_bits = 24;
    static constexpr std::uint32_t k_slot_mask = (1u << k_slot_bits) - 1;

    WinnerTree() { resize(0); }

    // Keeps what is pending in the slots that remain.
    void resize(std::uint32_t slots);

    // The slot's event happens at t instead of whenever it was to happen; k_never cancels.
    void schedule(std::uint32_t slot, Time t) {
        assert(slot < slots_);
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

    bool pending(std::uint32_t slot) const { return nodes_[leaves_ + slot].time != k_never; }
    Time time_of(std::uint32_t slot) const { return nodes_[leaves_ + slot].time; }
    const Entry& entry_of(std::uint32_t slot) const { return nodes_[leaves_ + slot]; }

    // How many schedulings there were. take_sequence() numbers an event kept elsewhere in the same order.
    std::uint64_t sequence() const { return sequence_; }
    std::uint64_t take_sequence() { return sequence_++; }

    std::uint32_t slots() const { return slots_; }

    // The leaves of the slots in order, for digests: everything else follows from them and from sequence().
    const Entry* leaves() const { return &nodes_[leaves_]; }

private:
    static constexpr std::uint32_t k_root = 3; // so that every group of siblings starts at a multiple of 4

    // Every level costs one dependent comparison: the best of the three siblings does not wait for the level
    // below.
    // Never inlined: where it is the last thing done, it is a jump, and the caller has no registers to save.
    [[gnu::noinline]] void replay(std::uint32_t slot, detail::Held winner) {
        // Together in a vector register they would come through memory, and late.
        detail::keep_apart(winner.time);
        detail::keep_apart(winner.order);
        // A group of siblings fills a cache line, so that the address of one differs from another's in two
        // bits.
        constexpr std::uintptr_t k_entry = sizeof(Entry);
        const auto at = [](std::uintptr_t address) -> Entry& { return *reinterpret_cast<Entry*>(address); };
        const auto nodes = reinterpret_cast<std::uintptr_t>(nodes_.data());
        const std::uintptr_t root = nodes + k_root * k_entry;
        std::uintptr_t place = nodes + (std::size_t{leaves_} + slot) * k_entry;
        winner.store(at(place));
        do {
            detail::Held sibling = detail::Held::load(at(place ^ k_entry));
            sibling.keep_earlier(detail::Held::load(at(place ^ 2 * k_entry)));
            sibling.keep_earlier(detail::Held::load(at(place ^ 3 * k_entry)));
            winner.keep_earlier(sibling);
            // The parent of node n is n / 4 + 2.
            place = nodes + (place - nodes) / 4 / k_entry * k_entry + 2 * k_entry;
            winner.store(at(place));
        } while (place != root);
    }

    AlignedVector<Entry> nodes_;
    std::uint32_t leaves_ = 0; // index of slot 0's leaf
    std::uint32_t slots_ = 0;
    std::uint64_t sequence_ = 0;
};

} // namespace scale::core
