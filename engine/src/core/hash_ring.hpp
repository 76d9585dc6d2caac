// Consistent hashing: every node stands at several points of a circle of hashes, and a hash belongs to the
// next point clockwise. A node that joins or leaves moves about 1 / nodes of the hashes and no others.
// 8 bytes a point; a look-up is a binary search. Plain data: a copy is a snapshot.
#pragma once

#include <cstdint>
#include <vector>

namespace scale::core {

class HashRing {
public:
    static constexpr std::uint32_t k_none = ~std::uint32_t{0};
    static constexpr std::uint32_t k_nodes_most = 1u << 16;

    // Room for that many points, so that add() does not allocate.
    void reserve(std::size_t points) { points_.reserve(points); }
    // Puts a node (below k_nodes_most) at so many points; where they are depends on nothing but its number.
    // One that is there already is put anew.
    void add(std::uint32_t node, std::uint32_t points);
    void remove(std::uint32_t node);
    void clear() { points_.clear(); }

    bool empty() const { return points_.empty(); }
    bool has(std::uint32_t node) const;
    std::size_t points() const { return points_.size(); }

    // Whose a hash is; k_none while there is no node. Keys must be hashed before (core::mix): the circle is
    // the upper 48 bits.
    std::uint32_t owner(std::uint64_t hash) const { return points_.empty() ? k_none : node_of(first(hash)); }
    // The owner and the next different nodes clockwise: writes at most `wanted` numbers, returns how many.
    std::uint32_t owners(std::uint64_t hash, std::uint32_t wanted, std::uint32_t* out) const;

    // Share of all hashes that belong to a node: exact, from the lengths of its arcs.
    double share_of(std::uint32_t node) const;
    // Share of all hashes whose owner differs between the two rings.
    static double moved(const HashRing& before, const HashRing& after);

    std::size_t memory_bytes() const { return points_.capacity() * sizeof(std::uint64_t); }
    std::uint64_t hash() const;

private:
    static constexpr std::uint64_t k_node_mask = 0xFFFF;

    std::uint32_t node_of(std::size_t place) const {
        return static_cast<std::uint32_t>(points_[place] & k_node_mask);
    }
    // The place of the first point at or after a hash, the first of all when there is none.
    std::size_t first(std::uint64_t hash) const {
        const std::uint64_t wanted = hash & ~k_node_mask;
        std::size_t low = 0;
        std::size_t count = points_.size();
        while (count != 0) {
            const std::size_t half = count / 2;
            const bool before = points_[low + half] < wanted;
            low = before ? low + half + 1 : low;
            count = before ? count - half - 1 : half;
        }
        return low == points_.size() ? 0 : low;
    }

    std::vector<std::uint64_t> points_; // position in the upper 48 bits, node in the lower 16; ascending
};

} // namespace scale::core
