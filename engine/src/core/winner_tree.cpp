#include "core/winner_tree.hpp"

#include "core/entry.hpp"
#include "core/in_wasm.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace scale::core {

namespace {

constexpr unsigned k_number_bits = 20;

// So many schedulings after the slots were counted, the leaves are arranged for the first time.
constexpr std::uint64_t k_first_look = 1 << 14;

// The levels below the root that hold all of them when none stands higher than another.
unsigned levels_for(std::uint32_t slots) {
    unsigned levels = 1;
    while ((std::uint64_t{1} << 2 * levels) < slots) ++levels;
    return levels;
}

// One more than that while it is little memory, so that some can stand higher where the tree is full.
unsigned levels_most(std::uint32_t slots) { return levels_for(slots) + (slots <= 1024 ? 1 : 0); }

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
    order_.resize(slots);
    divide_bits(slots);
    nodes_.assign(level_end(levels_most(slots)), k_idle);
    for (Slot& slot : slots_) slot.place = k_nowhere;
    used_ = static_cast<std::uint32_t>(pending.size());
    const Key before_look = (k_first_look + pending.size()) * number_step_;
    number_ = number_last_ > before_look ? number_last_ - before_look : 0;
    shape_ = {0, 0, levels_for(used_)};
    next_leaf_ = inner_from(shape_.depth);
    for (const Pending& one : pending) {
        slots_[one.slot].place = offset_of(next_leaf_);
        nodes_[next_leaf_++] = key_at(slots_[one.slot].time, (number_ += number_step_) | one.slot);
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
    ++changed.changes;
    const Time ahead = t - base_;
    const std::uintptr_t place = changed.place;
    if (ahead >= reach_ || place == k_nowhere || number_ >= number_last_) [[unlikely]] {
        schedule_rarely(slot, t);
        return;
    }
    number_ += number_step_;
    replay(place, ahead << time_shift_ | number_ | slot);
}

SCALE_COPIED_IN_WASM void WinnerTree::schedule_after(std::uint32_t slot, Time now, Time delay) {
    Slot& changed = slots_[slot];
    changed.time = now + delay;
    ++changed.changes;
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
        ++changed.changes;
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
std::uint32_t WinnerTree::far_slot() const {
    Top first;
    Key number = k_idle;
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
        const Key key = nodes_[leaf_of(slot)];
        const Time t = time_of(slot);
        if (key != k_idle && (t < first.time || (t == first.time && key < number))) {
            first = {t, slot};
            number = key;
        }
    }
    return first.slot;
}

// To an eighth of the reach before the first of all times, so that it is long until the next move. Times near
// the end of the clock stay beyond. The leaf of what is being scheduled, for `first`, may not know it yet.
void WinnerTree::move_base(Time first) {
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
        if (nodes_[leaf_of(slot)] != k_idle) first = std::min(first, time_of(slot));
    }
    base_ = std::min(first - std::min(first, reach_ / 8), k_never / 2);
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
        Key& key = nodes_[leaf_of(slot)];
        if (key != k_idle) key = key_at(time_of(slot), key & ~far_);
    }
    play_all();
}

// What is pending gets the first numbers, in the order that it has.
void WinnerTree::number_anew() {
    std::uint32_t count = 0;
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
        const Key key = nodes_[leaf_of(slot)];
        if (key != k_idle) order_[count++] = key & ~far_;
    }
    std::sort(order_.begin(), order_.begin() + count);
    number_ = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t slot = slot_of(order_[i]);
        Key& key = nodes_[leaf_of(slot)];
        number_ += number_step_;
        key = (key & far_) | number_ | slot;
    }
    arrange_by_changes();
}

void WinnerTree::give_leaf(std::uint32_t slot) {
    if (next_leaf_ == level_end(shape_.depth)) {
        arrange({0, 0, shape_.high == 0 ? shape_.depth + 1 : levels_for(used_ + 1)}, nullptr);
    }
    slots_[slot].place = offset_of(next_leaf_++);
    ++used_;
}

// The nodes of a level that are no high leaves, nor below any, begin here.
std::uint32_t WinnerTree::inner_from(unsigned level) const {
    const std::uint32_t first = level_begin(level);
    return level < shape_.level ? first : first + (shape_.high << 2 * (level - shape_.level));
}

unsigned WinnerTree::depth_of(std::uint32_t slot) const {
    const std::uint32_t leaf = leaf_of(slot);
    return leaf == 0 ? 0 : (static_cast<unsigned>(std::bit_width(leaf)) - 1) / 2;
}

// Of those that have a leaf, the ones in `high` get the high ones.
void WinnerTree::arrange(const Shape& shape, const std::uint32_t* high) {
    for (std::uint32_t slot = 0; slot < slots(); ++slot) order_[slot] = nodes_[leaf_of(slot)];
    std::fill(nodes_.begin(), nodes_.end(), k_idle);
    shape_ = shape;
    const auto settle = [this](std::uint32_t slot, std::uint32_t leaf) {
        slots_[slot].place = offset_of(leaf);
        nodes_[leaf] = order_[slot];
    };
    next_leaf_ = inner_from(shape.depth);
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
        const bool has_leaf = slots_[slot].place != k_nowhere;
        if (has_leaf && std::find(high, high + shape.high, slot) == high + shape.high)
            settle(slot, next_leaf_++);
    }
    for (std::uint32_t i = 0; i < shape.high; ++i) settle(high[i], level_begin(shape.level) + i);
    play_all();
}

// The shape in which leaves are the fewest levels below the root, each counted as often as its slot was
// scheduled.
void WinnerTree::arrange_by_changes() {
    std::uint32_t high[k_high_most]; // those that were scheduled most often
    std::uint32_t high_count = 0;
    std::uint64_t all = 0;
    const auto more = [this](std::uint32_t a, std::uint32_t b) {
        return slots_[a].changes > slots_[b].changes;
    };
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
        if (slots_[slot].place == k_nowhere) continue;
        all += slots_[slot].changes;
        if (high_count == k_high_most && !more(slot, high[high_count - 1])) continue;
        std::uint32_t at = high_count < k_high_most ? high_count++ : high_count - 1;
        for (; at > 0 && more(slot, high[at - 1]); --at) high[at] = high[at - 1];
        high[at] = slot;
    }
    Shape best{0, 0, levels_for(used_)};
    std::uint64_t least = all * best.depth;
    for (unsigned depth = 2; depth <= levels_most(slots()); ++depth) {
        for (unsigned level = 1; level < depth; ++level) {
            std::uint64_t changes = 0;
            for (std::uint32_t count = 1; count <= high_count && count < level_begin(level); ++count) {
                changes += slots_[high[count - 1]].changes;
                // Room for some that were not scheduled yet: growing makes the tree flat.
                const std::uint32_t low = used_ - count;
                const std::uint32_t wanted = std::min(slots() - count, low + low / 8 + 1);
                if ((level_begin(level) - count) << 2 * (depth - level) < wanted) break;
                const std::uint64_t levels = level * changes + depth * (all - changes);
                if (levels >= least) continue;
                least = levels;
                best = {count, level, depth};
            }
        }
    }
    arrange(best, high);
    for (Slot& slot : slots_) slot.changes /= 2;
}

// From the leaves: every node above.
void WinnerTree::play_all() {
    const unsigned depth = shape_.depth;
    group_shift_ = depth > 3 ? 2 * depth - 6 : 0;
    for (unsigned level = depth; level-- > 0;) {
        for (std::uint32_t node = inner_from(level); node < level_end(level); ++node) {
            const Key* const child = &nodes_[node * 4];
            nodes_[node] = std::min(std::min(child[0], child[1]), std::min(child[2], child[3]));
        }
    }
}

} // namespace scale::core
