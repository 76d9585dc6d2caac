// Zipf draws against exact probabilities, and the closed sums against summing term by term.
#include "core/zipf.hpp"

#include "core/hash.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace core = scale::core;
using core::Random;
using core::Zipf;

namespace {

double exact_sum(std::uint64_t keys, double exponent) {
    long double sum = 0.0L;
    for (std::uint64_t k = keys; k > 0; --k) {
        sum += std::pow(static_cast<long double>(k), -static_cast<long double>(exponent));
    }
    return static_cast<double>(sum);
}

// Chi square over the first ranks one by one and the others in growing groups; degrees of freedom = groups
// - 1.
double excess_chi_square(const Zipf& zipf, std::uint64_t seed, int draws) {
    std::vector<std::uint64_t> first_of_group;
    for (std::uint64_t rank = 0; rank < zipf.keys; rank += 1 + rank / 4) {
        first_of_group.push_back(rank);
    }
    std::vector<double> counts(first_of_group.size());
    Random random = Random::seeded(seed, 1, 9);
    for (int i = 0; i < draws; ++i) {
        const std::uint64_t rank = zipf.draw(random);
        if (rank >= zipf.keys) {
            return 1e9;
        }
        const auto after = std::upper_bound(first_of_group.begin(), first_of_group.end(), rank);
        counts[static_cast<std::size_t>(after - first_of_group.begin()) - 1] += 1;
    }
    double chi_square = 0.0;
    double freedom = -1.0;
    for (std::size_t group = 0; group < counts.size(); ++group) {
        const std::uint64_t end = group + 1 < counts.size() ? first_of_group[group + 1] : zipf.keys;
        const double chance = zipf.probability_of_top(end) - zipf.probability_of_top(first_of_group[group]);
        const double expected = chance * draws;
        if (expected > 5.0) {
            chi_square += (counts[group] - expected) * (counts[group] - expected) / expected;
            freedom += 1.0;
        }
    }
    return (chi_square - freedom) / std::sqrt(2.0 * std::max(freedom, 1.0));
}

std::uint64_t digest_of(std::uint64_t keys, double exponent) {
    const Zipf zipf = Zipf::make(keys, exponent);
    Random random = Random::seeded(42, 3, 3);
    core::Digest digest;
    for (int i = 0; i < 100'000; ++i) {
        digest.add(zipf.draw(random));
    }
    return digest.value();
}

} // namespace

TEST_CASE("probabilities are exact") {
    for (const double exponent : {0.0, 0.3, 0.6, 0.9, 0.999999, 1.0, 1.000001, 1.2, 2.0, 3.0}) {
        for (const std::uint64_t keys : {1u, 2u, 63u, 64u, 65u, 1000u, 300'000u}) {
            const Zipf zipf = Zipf::make(keys, exponent);
            CAPTURE(exponent);
            CAPTURE(keys);
            CHECK(zipf.total == doctest::Approx(exact_sum(keys, exponent)).epsilon(1e-12));
            CHECK(zipf.probability(0) == doctest::Approx(1.0 / exact_sum(keys, exponent)).epsilon(1e-12));
            CHECK(zipf.probability(keys) == 0.0);
            CHECK(zipf.probability_of_top(keys) == 1.0);
            CHECK(zipf.probability_of_top((keys + 1) / 2) ==
                  doctest::Approx(exact_sum((keys + 1) / 2, exponent) / exact_sum(keys, exponent))
                      .epsilon(1e-12));
        }
    }
}

TEST_CASE("draws follow the probabilities") {
    for (const double exponent : {0.0, 0.3, 0.6, 0.9, 0.9999, 1.0, 1.2, 2.0, 3.0}) {
        for (const std::uint64_t keys : {1u, 2u, 3u, 10u, 1000u, 10'000'000u}) {
            CAPTURE(exponent);
            CAPTURE(keys);
            CHECK(excess_chi_square(Zipf::make(keys, exponent), 17, 300'000) < 4.5);
        }
    }
}

TEST_CASE("limits of the arguments") {
    CHECK(Zipf::make(0, 1.0).keys == 1);
    CHECK(Zipf::make(10, -1.0).exponent == 0.0);
    CHECK(Zipf::make(10, 99.0).exponent == 3.0);
    CHECK(Zipf::make(10, std::nan("")).exponent == 0.0);
    const Zipf largest = Zipf::make(~std::uint64_t{0}, 0.5);
    CHECK(largest.keys == std::uint64_t{1} << 53);
    Random random = Random::seeded(1, 1, 1);
    for (int i = 0; i < 10'000; ++i) {
        CHECK_UNARY(largest.draw(random) < largest.keys);
    }
}

TEST_CASE("golden: the same keys on every compiler and platform") {
    CHECK(digest_of(10'000'000, 0.0) == 0x32e47c5d10f56651u);
    CHECK(digest_of(10'000'000, 0.6) == 0x6eb20359b49f84f9u);
    CHECK(digest_of(10'000'000, 0.9) == 0x1d0fb7152d05d86du);
    CHECK(digest_of(10'000'000, 1.0) == 0x375c2a409411a651u);
    CHECK(digest_of(10'000'000, 1.2) == 0x0d17ed99522a535au);
    CHECK(digest_of(10'000'000, 3.0) == 0x37b2c9089917fc33u);
}
