// Every shape has the mean, the coefficient of variation and the law it was asked for.
#include "core/distribution.hpp"

#include "core/hash.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <vector>

namespace core = scale::core;
using core::Distribution;
using core::Random;
using core::Shape;

namespace {

struct Moments {
    double mean;
    double cv;
};

Moments measure(const Distribution& distribution, int draws) {
    Random random = Random::seeded(11, 22, 33);
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < draws; ++i) {
        const double value = static_cast<double>(distribution.draw(random)) / 1e6;
        sum += value;
        squares += value * value;
    }
    const double mean = sum / draws;
    return {mean * 1e6, std::sqrt(squares / draws - mean * mean) / mean};
}

std::uint64_t digest_of(const Distribution& distribution) {
    Random random = Random::seeded(42, 2, 2);
    core::Digest digest;
    for (int i = 0; i < 200'000; ++i) {
        digest.add(distribution.draw(random));
    }
    return digest.value();
}

template<class Law>
double distance_from(const Distribution& distribution, Law law) {
    constexpr std::size_t k_count = 200'000;
    Random random = Random::seeded(1, 2, 3);
    std::vector<double> values(k_count);
    for (double& value : values) {
        value = static_cast<double>(distribution.draw(random));
    }
    std::sort(values.begin(), values.end());
    double largest = 0.0;
    for (std::size_t i = 0; i < k_count; ++i) {
        const double expected = law(values[i]);
        largest = std::max({largest, expected - static_cast<double>(i) / k_count,
                            static_cast<double>(i + 1) / k_count - expected});
    }
    return largest * std::sqrt(static_cast<double>(k_count));
}

} // namespace

static_assert(std::is_trivially_copyable_v<Distribution>);

TEST_CASE("mean and variation are what was asked for") {
    struct Case {
        Shape shape;
        double cv;
        double tolerance; // of both, from the spread of 2 million draws with a factor of 4
    };
    for (const Case& c :
         {Case{Shape::exponential, 1.0, 0.006}, Case{Shape::uniform, 0.3, 0.003},
          Case{Shape::gamma, 0.1, 0.003}, Case{Shape::gamma, 0.5, 0.004}, Case{Shape::gamma, 2.0, 0.02},
          Case{Shape::lognormal, 0.5, 0.006}, Case{Shape::lognormal, 1.5, 0.06},
          Case{Shape::hyper_exponential, 1.5, 0.01}, Case{Shape::hyper_exponential, 4.0, 0.04}}) {
        const Distribution distribution = Distribution::make(c.shape, 6e6, c.cv);
        const Moments moments = measure(distribution, 2'000'000);
        CAPTURE(static_cast<int>(c.shape));
        CAPTURE(c.cv);
        CHECK(distribution.mean_ns() == 6e6);
        CHECK(distribution.cv() == doctest::Approx(c.cv).epsilon(1e-12));
        CHECK(distribution.second_moment_ns2() == doctest::Approx(36e12 * (1 + c.cv * c.cv)).epsilon(1e-12));
        CHECK(moments.mean == doctest::Approx(6e6).epsilon(c.tolerance));
        CHECK(moments.cv == doctest::Approx(c.cv).epsilon(c.tolerance));
    }
}

TEST_CASE("draws follow their laws") {
    const double mean = 6e6;
    CHECK(distance_from(Distribution::make(Shape::exponential, mean, 0.2),
                        [&](double x) { return 1.0 - std::exp(-x / mean); }) < 1.95);
    CHECK(distance_from(Distribution::make(Shape::uniform, mean, 0.5 / std::sqrt(3.0)),
                        [&](double x) { return std::clamp((x / mean - 0.5), 0.0, 1.0); }) < 1.95);
    CHECK(distance_from(Distribution::make(Shape::gamma, mean, std::sqrt(0.5)), // Erlang with two stages
                        [&](double x) { return 1.0 - std::exp(-2 * x / mean) * (1 + 2 * x / mean); }) < 1.95);
    const double variance = std::log(2.0);
    CHECK(distance_from(Distribution::make(Shape::lognormal, mean, 1.0), [&](double x) {
              return 0.5 * std::erfc(-(std::log(x / mean) + 0.5 * variance) / std::sqrt(2.0 * variance));
          }) < 1.95);
    const double chance = 0.5 * (1.0 + std::sqrt(3.0 / 5.0)); // cv 2
    CHECK(distance_from(Distribution::make(Shape::hyper_exponential, mean, 2.0), [&](double x) {
              return 1.0 - chance * std::exp(-2 * chance * x / mean) -
                     (1 - chance) * std::exp(-2 * (1 - chance) * x / mean);
          }) < 1.95);
}

TEST_CASE("a duration is the nearest whole number of ns, at any length") {
    const double k_unit = 4503599627370496.0; // 2^52: from here on a double has no fraction
    for (const double ns : {0.0, 0.25, 0.4999999999999999, 0.5000000000000001, 1.5, 3.75, 1e6 + 0.25,
                            1e9 + 0.75, k_unit / 2 + 0.5, k_unit - 1, k_unit, k_unit + 1, k_unit * 2 + 2,
                            k_unit * 1000, 4611686018427387904.0}) {
        CAPTURE(ns);
        CHECK(static_cast<double>(Distribution::whole(ns)) == std::nearbyint(ns));
    }
    CHECK(Distribution::whole(2.5) == 2); // half to even
    CHECK(Distribution::whole(k_unit - 0.5) == 4503599627370496);
}

TEST_CASE("what cannot be is brought to the nearest that can") {
    Random random = Random::seeded(1, 1, 1);
    CHECK(Distribution::make(Shape::deterministic, 1234.4, 3.0).draw(random) == 1234);
    CHECK(Distribution::make(Shape::deterministic, 1234.5, 3.0).cv() == 0.0);
    CHECK(Distribution::make(Shape::gamma, 1e6, 0.0).shape == Shape::deterministic);
    CHECK(Distribution::make(Shape::hyper_exponential, 1e6, 0.5).shape == Shape::exponential);
    CHECK(Distribution::make(Shape::exponential, 1e6, 0.0).cv() == 1.0);
    CHECK(Distribution::make(Shape::uniform, 1e6, 5.0).cv() == doctest::Approx(1.0 / std::sqrt(3.0)));
    CHECK(Distribution::make(Shape::lognormal, -5.0, 1.0).draw(random) == 0);
    CHECK(Distribution::make(Shape::lognormal, std::nan(""), std::nan("")).draw(random) == 0);
    CHECK(Distribution::make(Shape::exponential, 0.0, 1.0).draw(random) == 0);
    const Distribution endless = Distribution::make(Shape::lognormal, 1e300, 1e300);
    core::Time longest = 0;
    for (int i = 0; i < 100'000; ++i) {
        longest = std::max(longest, endless.draw(random));
    }
    CHECK(longest == core::Time{1} << 62);
}

TEST_CASE("equal distributions are equal as bytes") {
    const Distribution first = Distribution::make(Shape::lognormal, 5e6, 0.7);
    const Distribution second = Distribution::make(Shape::lognormal, 5e6, 0.7);
    CHECK(std::memcmp(&first, &second, sizeof first) == 0);
}

TEST_CASE("golden: the same draws on every compiler and platform") {
    CHECK(digest_of(Distribution::make(Shape::deterministic, 6e6, 0.0)) == 0x61d78a3d95b7e730u);
    CHECK(digest_of(Distribution::make(Shape::exponential, 6e6, 1.0)) == 0x75e2795cf1a4ef87u);
    CHECK(digest_of(Distribution::make(Shape::uniform, 6e6, 0.5)) == 0xd2976f830145e0edu);
    CHECK(digest_of(Distribution::make(Shape::gamma, 6e6, 0.5)) == 0x1d055aac10031d5cu);
    CHECK(digest_of(Distribution::make(Shape::gamma, 6e6, 1.5)) == 0x9421c4156fe9fb30u);
    CHECK(digest_of(Distribution::make(Shape::lognormal, 6e6, 1.0)) == 0x46fe269bcd1eb6feu);
    CHECK(digest_of(Distribution::make(Shape::hyper_exponential, 6e6, 2.5)) == 0x8bdec022d9cc241au);
}
