// XXH64 against its published values, and the digest's quality.
#include "core/hash.hpp"

#include "core/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

namespace core = scale::core;

namespace {

int changed_bits(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

} // namespace

TEST_CASE("hash_bytes is XXH64") {
    CHECK(core::hash_bytes(nullptr, 0, 0) == 0xEF46DB3751D8E999u);
    CHECK(core::hash_text("a") == 0xD24EC4F1A98C6E5Bu);
    CHECK(core::hash_text("abc") == 0x44BC2CF5AD770999u);
    CHECK(core::hash_text("The quick brown fox jumps over the lazy dog") == 0x0B242D361FDA71BCu);
}

TEST_CASE("every byte and the length matter to hash_bytes") {
    std::vector<unsigned char> bytes(100, 7);
    std::set<std::uint64_t> seen;
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        seen.insert(core::hash_bytes(bytes.data(), size, 0));
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] ^= 1;
        seen.insert(core::hash_bytes(bytes.data(), bytes.size(), 0));
        bytes[i] ^= 1;
    }
    CHECK(seen.size() == 201);
}

TEST_CASE("one changed bit changes half of the digest") {
    core::Random random = core::Random::seeded(1, 2, 3);
    constexpr int k_rounds = 2000;
    std::vector<int> flips(64 * 64);
    for (int round = 0; round < k_rounds; ++round) {
        const std::uint64_t word = random.next();
        core::Digest plain;
        plain.add(word);
        for (int in = 0; in < 64; ++in) {
            core::Digest changed;
            changed.add(word ^ std::uint64_t{1} << in);
            const std::uint64_t difference = plain.value() ^ changed.value();
            for (int out = 0; out < 64; ++out) {
                flips[static_cast<std::size_t>(in * 64 + out)] += static_cast<int>(difference >> out & 1);
            }
        }
    }
    int worst = 0;
    for (const int count : flips) {
        worst = std::max(worst, std::abs(count - k_rounds / 2));
    }
    CHECK(worst < 5.5 * std::sqrt(k_rounds / 4.0)); // of 4096 pairs: chance 2e-4
}

TEST_CASE("the digest depends on order, number and boundaries") {
    core::Digest ab, ba, zero, zeros, joined, split;
    ab.add(1);
    ab.add(2);
    ba.add(2);
    ba.add(1);
    CHECK(ab.value() != ba.value());
    zero.add(0);
    zeros.add(0);
    zeros.add(0);
    CHECK(zero.value() != zeros.value());
    CHECK(zero.value() != core::Digest{}.value());
    joined.add_bytes("abcd", 4);
    split.add_bytes("ab", 2);
    split.add_bytes("cd", 2);
    CHECK(joined.value() != split.value());
}

TEST_CASE("golden: the same digest on every platform") {
    core::Digest digest;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        digest.add(i);
    }
    digest.add_bytes("scaleground", 11);
    CHECK(digest.value() == 0xcbd97a12025380e8u);
    CHECK(core::mix(1) == 0x5692161d100b05e5u);
    CHECK(changed_bits(core::mix(1), core::mix(3)) > 16);
}
