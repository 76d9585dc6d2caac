#include "core/winner_tree.hpp"

#include "core/entry.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace scale::core {

namespace {

constexpr std::uint32_t k_least = 4; // leaves
constexpr unsigned k_number_bits = 20;

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

// Several times as many numbers as slots, so that they do not run out often.
void WinnerTree::divide_bits(std::uint32_t slots) {
    const auto slot_bits = static_cast<unsigned>(std::bit_width(std::max(1u, slots) - 1));
    const unsigned number_bits = std::max(k_number_bits, slot_bits + 2);
    number_step_ = Key{1} << slot_bits;
    time_shift_ = slot_bits + number_bits;
    number_last_ = (Key{1} << time_shift_) - 2 * number_step_; // all ones would make the idle key possible
    far_ = ~Key{0} << time_shift_;
    reach_ = far_ >> time_shift_;
}

void WinnerTree::resize(std::uint32_t slots) {
    assert(slots <= k_slots_most);
    struct Pending {
        Key key;
        std::uint32_t slot;
    };
    std::vector<Pending> pending;
    for (std::uint32_t slot = 0; slot < std::min(slots, this->slots()); ++slot) {
        if (slots_[slot].place != k_nowhere) {
            pending.push_back({nodes_[leaf_of(slot)] & ~far_, slot});
        }
    }
    std::sort(pending.begin(), pending.end(),
              [](const Pending& a, const Pending& b) { return a.key < b.key; });
    slots_.resize(slots);
    divide_bits(slots);
    used_ = static_cast<std::uint32_t>(pending.size());
    leaves_ = leaves_for(used_);
    nodes_ = AlignedVector<Key>(nodes_for(leaves_for(slots)), k_idle);
    number_ = 0;
    std::uint32_t leaf = leaves_;
    for (const Pending& one : pending) {
        slots_[one.slot].place = offset_of(leaf);
        nodes_[leaf++] = key_at(slots_[one.slot].time, (number_ += number_step_) | one.slot);
    }
    play_all();
}

WinnerTree::Key WinnerTree::key_at(Time t, Key number_and_slot) const {
    if (t == k_never) {
        return k_idle;
    }
    return std::min(t - base_, reach_) << time_shift_ | number_and_slot;
}

// Every level costs one dependent comparison: the least of the three siblings does not wait for the level
// below.
[[gnu::always_inline]] inline void WinnerTree::replay(std::uintptr_t place, Key winner) {
    constexpr std::uintptr_t k_key = sizeof(Key);
    char* const nodes = reinterpret_cast<char*>(nodes_.data());
    const auto at = [nodes](std::uintptr_t offset) -> Key& {
        return *reinterpret_cast<Key*>(nodes + offset);
    };
    at(place) = winner;
    do {
        // The address of one sibling differs from another's in two bits.
        const Key siblings = lesser(lesser(at(place ^ k_key), at(place ^ 2 * k_key)), at(place ^ 3 * k_key));
        winner = lesser(winner, siblings);
        place = place / 4 & ~(k_key - 1);
        at(place) = winner;
    } while (place != k_root * k_key);
}

void WinnerTree::schedule(std::uint32_t slot, Time t) {
    assert(slot < slots_.size());
    Slot& changed = slots_[slot];
    changed.time = t;
    const Time ahead = t - base_;
    const std::uintptr_t place = changed.place;
    if (ahead >= reach_ || place == k_nowhere || number_ >= number_last_) [[unlikely]] {
        schedule_rarely(slot, t);
        return;
    }
    number_ += number_step_;
    replay(place, ahead << time_shift_ | number_ | slot);
}

void WinnerTree::schedule_after(std::uint32_t slot, Time now, Time delay) {
    Slot& changed = slots_[slot];
    changed.time = now + delay;
    const std::uintptr_t place = changed.place;
    Key early = ((now - base_) << time_shift_) + number_ + number_step_ + slot;
    detail::keep_apart(early);
    if (changed.time - base_ >= reach_ || place == k_nowhere || number_ >= number_last_) [[unlikely]] {
        schedule_rarely(slot, changed.time);
        return;
    }
    number_ += number_step_;
    replay(place, early + (delay << time_shift_));
}

void WinnerTree::cancel(std::uint32_t slot) {
    Slot& changed = slots_[slot];
    if (changed.time != k_never) {
        changed.time = k_never;
        replay(changed.place, k_idle);
    }
}

// The first time, never, beyond the reach, before the base, or the numbers have run out. The base follows
// when what is pending next is half of the reach beyond it.
void WinnerTree::schedule_rarely(std::uint32_t slot, Time t) {
    if (slots_[slot].place == k_nowhere) {
        give_leaf(slot);
    }
    if (number_ >= number_last_) {
        number_anew();
    }
    const bool late = t - base_ >= reach_ && nodes_[k_root] >> time_shift_ > reach_ / 2;
    if (t != k_never && (t < base_ || late)) {
        move_base(t);
    }
    number_ += number_step_;
    replay(slots_[slot].place, key_at(t, number_ | slot));
}

// Everything that is pending is beyond the reach, in whatever order, or nothing is.
WinnerTree::Top WinnerTree::far_top() const {
    Top first;
    Key number = k_idle;
    for (std::uint32_t leaf = leaves_; leaf < leaves_ + used_; ++leaf) {
        const Key key = nodes_[leaf];
        if (key == k_idle) {
            continue;
        }
        const Time t = time_of(slot_of(key));
        if (t < first.time || (t == first.time && key < number)) {
            first = {t, slot_of(key)};
            number = key;
        }
    }
    return first;
}

// To an eighth of the reach before the first of all times, so that it is long until the next move. Times near
// the end of the clock stay beyond. The leaf of what is being scheduled, for `first`, may not know it yet.
void WinnerTree::move_base(Time first) {
    for (std::uint32_t leaf = leaves_; leaf < leaves_ + used_; ++leaf) {
        if (nodes_[leaf] != k_idle) {
            first = std::min(first, time_of(slot_of(nodes_[leaf])));
        }
    }
    base_ = std::min(first - std::min(first, reach_ / 8), k_never / 2);
    for (std::uint32_t leaf = leaves_; leaf < leaves_ + used_; ++leaf) {
        Key& key = nodes_[leaf];
        if (key != k_idle) {
            key = key_at(time_of(slot_of(key)), key & ~far_);
        }
    }
    play_all();
}

// What is pending gets the first numbers, in the order that it has. The nodes above the leaves are made anew
// afterwards, so there is room.
void WinnerTree::number_anew() {
    Key* const order = nodes_.data();
    std::uint32_t count = 0;
    for (std::uint32_t leaf = leaves_; leaf < leaves_ + used_; ++leaf) {
        if (nodes_[leaf] != k_idle) {
            order[count++] = nodes_[leaf] & ~far_;
        }
    }
    std::sort(order, order + count);
    number_ = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t slot = slot_of(order[i]);
        Key& key = nodes_[leaf_of(slot)];
        number_ += number_step_;
        key = (key & far_) | number_ | slot;
    }
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
    std::copy_n(nodes_.begin() + had, had, nodes_.begin() + leaves_);
    std::fill_n(nodes_.begin() + leaves_ + had, leaves_ - had, k_idle);
    for (Slot& slot : slots_) {
        slot.place += slot.place != k_nowhere ? offset_of(leaves_ - had) : 0;
    }
    play_all();
}

// From the leaves: every node above.
void WinnerTree::play_all() {
    group_shift_ = leaves_ > 64 ? static_cast<unsigned>(std::countr_zero(leaves_)) - 6u : 0u;
    for (std::uint32_t first = leaves_ / 4; first != 0; first /= 4) {
        for (std::uint32_t node = first; node < first * 2; ++node) {
            const Key* const child = &nodes_[node * 4];
            nodes_[node] = std::min(std::min(child[0], child[1]), std::min(child[2], child[3]));
        }
    }
}

} // namespace scale::core
