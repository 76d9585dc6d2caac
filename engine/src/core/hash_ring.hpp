// Consistent hashing: every node stands at several points of a circle of hashes, and a hash belongs to the
// next point clockwise. A node that joins or leaves moves about 1 / nodes of the hashes and no others.
// 12 to 16 bytes a point; a look-up goes to the right part of the circle at once. Plain data: a copy is a
// snapshot.
#pragma once

#include "core/fetch.hpp"

#include <cstdint>
#include <vector>

namespace scale::core {

class HashRing {
public:
    static constexpr std::uint32_t k_none = ~std::uint32_t{0};
    static constexpr std::uint32_t k_nodes_most = 1u << 16;

    // Room for that many points, so that add() does not allocate.
    void reserve(std::size_t points);
    // Puts a node (below k_nodes_most) at so many points; where they are depends on nothing but its number.
    // One that is there already is put anew.
    void add(std::uint32_t node, std::uint32_t points);
    void remove(std::uint32_t node);
    void clear();

    bool empty() const { return points() == 0; }
    bool has(std::uint32_t node) const;
    std::size_t points() const { return points_.empty() ? 0 : points_.size() - 1; }

    // Whose a hash is; k_none while there is no node. Keys must be hashed before (core::mix): the circle is
    // the upper 48 bits.
    std::uint32_t owner(std::uint64_t hash) const { return empty() ? k_none : node_of(first(hash)); }
    // Asks the memory for what owner() will read.
    void fetch_owner(std::uint64_t hash) const {
        if (k_can_fetch && !empty()) fetch(&points_[guide_[static_cast<std::size_t>(hash >> guide_shift_)]]);
    }
    // The owner and the next different nodes clockwise: writes at most `wanted` numbers, returns how many.
    std::uint32_t owners(std::uint64_t hash, std::uint32_t wanted, std::uint32_t* out) const;

    // Share of all hashes that belong to a node: exact, from the lengths of its arcs.
    double share_of(std::uint32_t node) const;
    // Share of all hashes whose owner differs between the two rings.
    static double moved(const HashRing& before, const HashRing& after);

    std::size_t memory_bytes() const {
        return points_.capacity() * sizeof(std::uint64_t) + guide_.capacity() * sizeof(std::uint32_t);
    }
    std::uint64_t hash() const;

private:
    static constexpr std::uint64_t k_node_mask = 0xFFFF;
    static constexpr std::uint64_t k_end = ~std::uint64_t{0}; // stands behind the last point

    std::uint32_t node_of(std::size_t place) const {
        return static_cast<std::uint32_t>(points_[place] & k_node_mask);
    }
    // The place of the first point at or after a hash, the first of all when there is none. How many points
    // of its part of the circle stand before it nobody can predict: two steps are made without a branch, and
    // a third is rare.
    std::size_t first(std::uint64_t hash) const {
        const std::uint64_t wanted = hash & ~k_node_mask;
        std::size_t place = guide_[static_cast<std::size_t>(wanted >> guide_shift_)];
        place += points_[place] < wanted ? 1 : 0;
        place += points_[place] < wanted ? 1 : 0;
        while (points_[place] < wanted) ++place;
        return place == points() ? 0 : place;
    }

    void set_guide();

    std::vector<std::uint64_t>
        points_; // position in the upper 48 bits, node in the lower 16; ascending; k_end
    // The circle in equal parts, at least as many as there are points: the first point in each part or after
    // it.
    std::vector<std::uint32_t> guide_;
    unsigned guide_shift_ = 63;
};

} // namespace scale::core
