// The hash ring against a slow, obvious model, and what joins and leaves move.
#include "core/hash_ring.hpp"

#include "core/hash.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace core = scale::core;
using core::HashRing;

namespace {

constexpr std::uint32_t k_points = 64;

HashRing ring_of(std::uint32_t nodes, std::uint32_t points = k_points) {
    HashRing ring;
    for (std::uint32_t node = 0; node < nodes; ++node) ring.add(node, points);
    return ring;
}

double moved_of_keys(const HashRing& before, const HashRing& after, std::uint32_t keys) {
    std::uint32_t moved = 0;
    for (std::uint32_t key = 0; key < keys; ++key)
        moved += before.owner(core::mix(key)) != after.owner(core::mix(key)) ? 1 : 0;
    return static_cast<double>(moved) / keys;
}

} // namespace

TEST_CASE("Hash ring: an empty one owns nothing, a single node everything") {
    HashRing ring;
    std::uint32_t out[4];
    CHECK(ring.owner(12345) == HashRing::k_none);
    CHECK(ring.owners(12345, 4, out) == 0);
    ring.add(7, 1);
    CHECK(ring.share_of(7) == 1.0);
    for (std::uint64_t hash : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{1} << 63})
        CHECK(ring.owner(hash) == 7);
    ring.remove(7);
    CHECK(ring.empty());
}

TEST_CASE("Hash ring: order of joining decides nothing, and coming back restores everything") {
    HashRing forwards = ring_of(9);
    HashRing backwards;
    for (std::uint32_t node = 9; node-- > 0;) backwards.add(node, k_points);
    CHECK(forwards.hash() == backwards.hash());
    const std::uint64_t before = forwards.hash();
    forwards.remove(4);
    CHECK(forwards.hash() != before);
    CHECK(!forwards.has(4));
    forwards.add(4, k_points);
    CHECK(forwards.has(4));
    CHECK(forwards.hash() == before);
}

TEST_CASE("Hash ring: a node that leaves gives its keys away and moves no other") {
    const HashRing before = ring_of(8);
    HashRing after = before;
    after.remove(3);
    for (std::uint32_t key = 0; key < 20000; ++key) {
        const std::uint64_t hash = core::mix(key);
        if (before.owner(hash) == 3) {
            std::uint32_t next[2];
            CHECK(before.owners(hash, 2, next) == 2);
            CHECK(after.owner(hash) == next[1]);
        } else {
            CHECK(after.owner(hash) == before.owner(hash));
        }
    }
}

TEST_CASE("Hash ring: owners are different, begin with the owner and end with the nodes") {
    const HashRing ring = ring_of(5);
    for (std::uint32_t key = 0; key < 2000; ++key) {
        std::uint32_t out[8];
        CHECK(ring.owners(core::mix(key), 8, out) == 5);
        CHECK(out[0] == ring.owner(core::mix(key)));
        std::sort(out, out + 5);
        CHECK(std::adjacent_find(out, out + 5) == out + 5);
    }
}

TEST_CASE("Hash ring: shares by arcs are the shares of keys, and add up") {
    const std::uint32_t keys = 200000;
    const HashRing ring = ring_of(6);
    std::vector<double> counted(6);
    for (std::uint32_t key = 0; key < keys; ++key) counted[ring.owner(core::mix(key))] += 1.0 / keys;
    double sum = 0;
    for (std::uint32_t node = 0; node < 6; ++node) {
        CHECK(ring.share_of(node) == doctest::Approx(counted[node]).epsilon(0.03));
        sum += ring.share_of(node);
    }
    CHECK(sum == doctest::Approx(1.0));
    HashRing fewer = ring;
    fewer.remove(2);
    CHECK(HashRing::moved(ring, fewer) == doctest::Approx(ring.share_of(2)));
    CHECK(HashRing::moved(ring, fewer) == doctest::Approx(moved_of_keys(ring, fewer, keys)).epsilon(0.03));
    CHECK(HashRing::moved(ring, ring) == 0);
}
