#include "core/winner_tree.hpp"

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

} // namespace

void WinnerTree::resize(std::uint32_t slots) {
    AlignedVector<Entry> nodes(nodes_for(leaves_for(slots)));
    std::vector<std::uint32_t> places(slots, k_nowhere);
    std::uint32_t used = 0;
    for (std::uint32_t slot = 0; slot < slots && slot < places_.size(); ++slot) {
        used += places_[slot] != k_nowhere ? 1u : 0u;
    }
    const std::uint32_t leaves = leaves_for(used);
    used = 0;
    for (std::uint32_t slot = 0; slot < slots && slot < places_.size(); ++slot) {
        if (places_[slot] == k_nowhere) {
            continue;
        }
        places[slot] = offset_of(leaves + used++);
        nodes[places[slot] / sizeof(Entry)] = entry_of(slot);
    }
    nodes_ = std::move(nodes);
    places_ = std::move(places);
    leaves_ = leaves;
    used_ = used;
    play_all();
}

// Every level costs one dependent comparison: the best of the three siblings does not wait for the level
// below.
void WinnerTree::replay(std::uint32_t slot, detail::Held winner) {
    // Together in a vector register they would come through memory, and late.
    detail::keep_apart(winner.time);
    detail::keep_apart(winner.order);
    std::uintptr_t offset = places_[slot];
    if (offset == k_nowhere) [[unlikely]] {
        replay_first(slot, winner);
        return;
    }
    constexpr std::uintptr_t k_entry = sizeof(Entry);
    char* const nodes = reinterpret_cast<char*>(nodes_.data());
    const auto at = [nodes](std::uintptr_t place) -> Entry& {
        return *reinterpret_cast<Entry*>(nodes + place);
    };
    winner.store(at(offset));
    do {
        // The address of one sibling differs from another's in two bits.
        detail::Held sibling = detail::Held::load(at(offset ^ k_entry));
        sibling.keep_earlier(detail::Held::load(at(offset ^ 2 * k_entry)));
        sibling.keep_earlier(detail::Held::load(at(offset ^ 3 * k_entry)));
        winner.keep_earlier(sibling);
        offset = offset / 4 & ~(k_entry - 1);
        winner.store(at(offset));
    } while (offset != k_root * k_entry);
}

// The slot gets a leaf.
void WinnerTree::replay_first(std::uint32_t slot, detail::Held winner) {
    if (used_ == leaves_) {
        grow();
    }
    places_[slot] = offset_of(leaves_ + used_++);
    replay(slot, winner);
}

// The leaves move one level down; there is room for them, as there is for all slots.
void WinnerTree::grow() {
    const std::uint32_t had = leaves_;
    leaves_ *= 4;
    for (std::uint32_t leaf = 0; leaf < had; ++leaf) {
        nodes_[leaves_ + leaf] = nodes_[had + leaf];
    }
    std::fill_n(nodes_.begin() + had, had, Entry{});
    for (std::uint32_t& place : places_) {
        place += place != k_nowhere ? offset_of(leaves_ - had) : 0;
    }
    play_all();
}

void WinnerTree::play_all() {
    group_shift_ = leaves_ > 64 ? static_cast<unsigned>(std::countr_zero(leaves_)) - 6u : 0u;
    for (std::uint32_t first = leaves_ / 4; first != 0; first /= 4) {
        for (std::uint32_t node = first; node < first * 2; ++node) {
            detail::Held winner = detail::Held::load(nodes_[node * 4]);
            for (std::uint32_t child = 1; child < 4; ++child) {
                winner.keep_earlier(detail::Held::load(nodes_[node * 4 + child]));
            }
            winner.store(nodes_[node]);
        }
    }
}

} // namespace scale::core
