#include "core/winner_tree.hpp"

#include "core/entry.hpp"

#include <algorithm>
#include <bit>

namespace scale::core {

namespace {

constexpr std::uint32_t k_least = 4; // leaves

// The nodes of a tree with that many leaves: the gaps between the levels are never touched.
std::size_t nodes_for(std::uint32_t leaves) { return std::size_t{leaves} * 2; }

std::uint32_t leaves_for(std::uint32_t slots) {
    std::uint32_t leaves = k_least;
    while (leaves < slots) {
        leaves *= 4;
    }
    return leaves;
}

std::uint64_t lesser(std::uint64_t a, std::uint64_t b) {
    std::uint64_t less = a < b ? a : b;
    detail::keep_apart(less);
    return less;
}

} // namespace

void WinnerTree::resize(std::uint32_t slots) {
    assert(slots <= k_slot_mask);
    slots_.resize(slots);
    used_ = 0;
    for (const Slot& slot : slots_) {
        used_ += slot.place != k_nowhere ? 1u : 0u;
    }
    leaves_ = leaves_for(used_);
    nodes_ = AlignedVector<Key>(nodes_for(leaves_for(slots)), idle(0));
    std::uint32_t leaf = leaves_;
    for (Slot& slot : slots_) {
        if (slot.place != k_nowhere) {
            slot.place = offset_of(leaf++);
        }
    }
    play_all();
}

WinnerTree::Key WinnerTree::key_of(std::uint32_t slot, Time t) const {
    if (t == k_never) {
        return idle(leaf_of(slot));
    }
    return std::min(t - base_, k_reach) << k_slot_bits | slot;
}

WinnerTree::Key WinnerTree::earlier(Key a, Key b) const {
    if (!tied(a, b)) {
        return lesser(a, b);
    }
    const Slot& x = slots_[a & k_slot_mask];
    const Slot& y = slots_[b & k_slot_mask];
    return x.time != y.time ? (x.time < y.time ? a : b) : (x.order < y.order ? a : b);
}

std::uint32_t WinnerTree::next_order() {
    if (++order_ == 0) [[unlikely]] {
        count_anew();
    }
    return order_;
}

// What is pending gets the first numbers, in the order that it has.
void WinnerTree::count_anew() {
    std::vector<std::uint32_t> by_order;
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
        if (pending(slot)) {
            by_order.push_back(slot);
        }
    }
    std::sort(by_order.begin(), by_order.end(),
              [this](std::uint32_t a, std::uint32_t b) { return slots_[a].order < slots_[b].order; });
    for (const std::uint32_t slot : by_order) {
        slots_[slot].order = ++order_;
    }
    ++order_;
}

// Every level costs one dependent comparison: the least of the three siblings does not wait for the level
// below. Ties leave by a jump, so that the usual case has no registers to save.
[[gnu::always_inline]] inline void WinnerTree::replay(std::uintptr_t place, Key winner) {
    constexpr std::uintptr_t k_key = sizeof(Key);
    char* const nodes = reinterpret_cast<char*>(nodes_.data());
    const auto at = [nodes](std::uintptr_t offset) -> Key& {
        return *reinterpret_cast<Key*>(nodes + offset);
    };
    at(place) = winner;
    do {
        // The address of one sibling differs from another's in two bits.
        const Key one = at(place ^ k_key);
        const Key two = at(place ^ 2 * k_key);
        const Key three = at(place ^ 3 * k_key);
        const Key pair = lesser(one, two);
        const Key siblings = lesser(pair, three);
        if (tied(one, two) || tied(pair, three) || tied(winner, siblings)) [[unlikely]] {
            replay_tied(place, winner);
            return;
        }
        winner = lesser(winner, siblings);
        place = place / 4 & ~(k_key - 1);
        at(place) = winner;
    } while (place != k_root * k_key);
}

// From that place up, whoever is tied.
void WinnerTree::replay_tied(std::uintptr_t place, Key winner) {
    std::size_t node = place / sizeof(Key);
    do {
        for (const std::size_t other : {1u, 2u, 3u}) {
            winner = earlier(winner, nodes_[node ^ other]);
        }
        node /= 4;
        nodes_[node] = winner;
    } while (node != k_root);
}

void WinnerTree::schedule(std::uint32_t slot, Time t) {
    assert(slot < slots_.size());
    Slot& changed = slots_[slot];
    changed.time = t;
    changed.order = next_order();
    const Time ahead = t - base_;
    const std::uintptr_t place = changed.place;
    if (ahead >= k_reach || place == k_nowhere) [[unlikely]] {
        schedule_far(slot, t);
        return;
    }
    replay(place, ahead << k_slot_bits | slot);
}

void WinnerTree::schedule_after(std::uint32_t slot, Time now, Time delay) {
    Slot& changed = slots_[slot];
    changed.time = now + delay;
    changed.order = next_order();
    const std::uintptr_t place = changed.place;
    Key early = ((now - base_) << k_slot_bits) + slot;
    detail::keep_apart(early);
    if (changed.time - base_ >= k_reach || place == k_nowhere) [[unlikely]] {
        schedule_far(slot, changed.time);
        return;
    }
    replay(place, early + (delay << k_slot_bits));
}

void WinnerTree::cancel(std::uint32_t slot) {
    Slot& changed = slots_[slot];
    if (changed.time != k_never) {
        changed.time = k_never;
        replay(changed.place, idle(leaf_of(slot)));
    }
}

// The first time, never, beyond the reach or before the base. The base follows when what is pending next is
// half of the reach beyond it.
void WinnerTree::schedule_far(std::uint32_t slot, Time t) {
    if (slots_[slot].place == k_nowhere) {
        give_leaf(slot);
    }
    const bool follows = t - base_ >= k_reach && nodes_[k_root] >> k_slot_bits > k_reach / 2;
    if (t != k_never && (t < base_ || follows)) {
        move_base(least());
    }
    replay(slots_[slot].place, key_of(slot, t));
}

WinnerTree::Top WinnerTree::far_top(Key key) const {
    if (is_idle(key)) {
        return {};
    }
    const std::uint32_t slot = static_cast<std::uint32_t>(key) & k_slot_mask;
    return {time_of(slot), slot};
}

Time WinnerTree::least() const {
    Time first = k_never;
    for (const Slot& slot : slots_) {
        first = std::min(first, slot.time);
    }
    return first;
}

// To half of the reach before the least of all times. Times near the end of the clock stay beyond.
void WinnerTree::move_base(Time least) {
    base_ = std::min(least - std::min(least, k_reach / 2), k_never / 2);
    play_all();
}

void WinnerTree::give_leaf(std::uint32_t slot) {
    if (used_ == leaves_) {
        grow();
    }
    slots_[slot].place = offset_of(leaves_ + used_++);
}

// The leaves move one level down; there is room for them, as there is for all slots.
void WinnerTree::grow() {
    const std::uint32_t had = leaves_;
    leaves_ *= 4;
    for (Slot& slot : slots_) {
        slot.place += slot.place != k_nowhere ? offset_of(leaves_ - had) : 0;
    }
    play_all();
}

// From the slots: every leaf, and every node above.
void WinnerTree::play_all() {
    for (std::size_t leaf = leaves_; leaf < std::size_t{leaves_} * 2; ++leaf) {
        nodes_[leaf] = idle(leaf);
    }
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
        if (slots_[slot].place != k_nowhere) {
            nodes_[leaf_of(slot)] = key_of(slot, slots_[slot].time);
        }
    }
    group_shift_ = leaves_ > 64 ? static_cast<unsigned>(std::countr_zero(leaves_)) - 6u : 0u;
    for (std::uint32_t first = leaves_ / 4; first != 0; first /= 4) {
        for (std::uint32_t node = first; node < first * 2; ++node) {
            const Key* const child = &nodes_[node * 4];
            nodes_[node] = earlier(earlier(child[0], child[1]), earlier(child[2], child[3]));
        }
    }
}

} // namespace scale::core
