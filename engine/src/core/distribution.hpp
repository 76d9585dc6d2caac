// Durations drawn from a distribution given by its mean and its coefficient of variation (cv = deviation /
// mean).
#pragma once

#include "core/random.hpp"
#include "core/time.hpp"

#include <cstdint>

namespace scale::core {

enum class Shape : std::uint8_t { deterministic, exponential, uniform, gamma, lognormal, hyper_exponential };

// Plain data of 64 bytes without holes, so that it may be copied and hashed as bytes. Draws are rounded to
// the nearest ns and cut off at 2^62 ns; the mean may be up to 2^53 ns (104 days), the cv up to 100.
struct Distribution {
    Shape shape = Shape::deterministic;
    std::uint8_t unused[7] = {};
    double mean = 0.0;      // ns
    double deviation = 0.0; // cv
    GammaShape gamma = {};  // of shape 1 / cv^2
    double first = 0.0;     // what these two are depends on the shape: see make()
    double second = 0.0;

    // Values out of range are brought into it. deterministic ignores the cv; exponential has 1; uniform
    // reaches at most 0 .. 2 mean (cv 0.577); hyper-exponential below cv 1 is exponential; cv 0 is
    // deterministic. Erlang with k stages is gamma with cv = 1 / sqrt(k).
    static Distribution make(Shape shape, double mean_ns, double cv);

    Time draw(Random& random) const {
        if (shape == Shape::exponential) [[likely]] {
            return whole(random.exponential(mean));
        }
        return shape == Shape::deterministic ? round(mean) : draw_other(random);
    }

    // To the nearest ns, half to even; up to 2^62 ns. The sum's last bit is worth one: the addition rounds,
    // and its lower bits are the result. A conversion takes twice as long, and in wasm, where it must not be
    // out of range, four times.
    static Time whole(double ns) {
        constexpr double k_unit = 4503599627370496.0; // 2^52
        if (ns >= k_unit) [[unlikely]] {
            return static_cast<Time>(static_cast<std::int64_t>(ns)); // has no fraction
        }
        return bit_cast<std::uint64_t>(ns + k_unit) - bit_cast<std::uint64_t>(k_unit);
    }

    double mean_ns() const { return mean; }
    double cv() const { return deviation; }
    double second_moment_ns2() const { return mean * mean * (1.0 + deviation * deviation); }

private:
    static Time round(double ns) {
        constexpr double k_longest = 4611686018427387904.0; // 2^62
        return whole(ns < k_longest ? ns : k_longest);
    }

    Time draw_other(Random& random) const {
        switch (shape) {
        case Shape::uniform: return round(first + second * random.uniform());
        case Shape::gamma: return round(first * random.gamma(gamma));
        case Shape::lognormal: return round(exp(first + second * random.normal()));
        case Shape::hyper_exponential: {
            const double branch = random.uniform();
            const double chance = 0.5 * mean / first; // balanced means: each branch carries half of the mean
            return round((branch < chance ? first : second) * random.exponential());
        }
        case Shape::deterministic:
        case Shape::exponential: break;
        }
        return round(mean);
    }
};

static_assert(sizeof(Distribution) == 64);

} // namespace scale::core
