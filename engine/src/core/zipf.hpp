// Keys whose popularity follows Zipf's law: rank r (from 0) is asked for in proportion to 1 / (r +
// 1)^exponent. Rejection-inversion (Hoermann and Derflinger 1996): no memory per key, about 1.1 tries a draw.
#pragma once

#include "core/random.hpp"

#include <cstdint>

namespace scale::core {

struct Zipf {
    std::uint64_t keys = 1;
    double exponent = 0.0;
    double rest = 1.0;            // 1 - exponent
    double inverse_rest = 1.0;    // 1 / rest, 0 where the exponent is 1
    double area_first = 0.0;      // the integral up to the left edge of rank 0
    double area_all = 0.0;        // and up to the right edge of the last rank
    double shortcut = 0.0;        // a draw no further than this below its rank needs no test
    double total = 1.0;           // sum of all weights
    std::int64_t half_powers = 0; // 2 * inverse_rest if that is an integer up to 256, else 0

    // keys 1 .. 2^53, exponent 0 .. 3; values beyond are brought into the range.
    static Zipf make(std::uint64_t keys, double exponent);

    // 0 .. keys - 1, 0 the most popular.
    std::uint64_t draw(Random& random) const {
        if (exponent == 0.0) {
            return static_cast<std::uint64_t>(random.uniform() * static_cast<double>(keys));
        }
        for (;;) {
            const double area = area_all + random.uniform_open() * (area_first - area_all);
            const double x = position(area);
            std::uint64_t rank = static_cast<std::uint64_t>(static_cast<std::int64_t>(x + 0.5));
            rank = rank < 1 ? 1 : (rank > keys ? keys : rank);
            const double k = static_cast<double>(rank);
            if (k - x <= shortcut || area >= area_up_to(k + 0.5) - weight(k)) {
                return rank - 1;
            }
        }
    }

    // Of one rank; 0 from `keys` on.
    double probability(std::uint64_t rank) const;

    // Of the `count` most popular ranks together. Relative error below 1e-12.
    double probability_of_top(std::uint64_t count) const;

private:
    double weight(double k) const { return exp(-exponent * log(k)); }
    double area_up_to(double x) const; // integral of t^-exponent from 1 to x
    double sum_up_to(std::uint64_t count) const;

    // The inverse of area_up_to: (1 + area * rest)^(1 / rest).
    double position(double area) const {
        const double t = area * rest;
        if (!(t > -1.0)) {
            return static_cast<double>(keys);
        }
        if (half_powers != 0) {
            return half_power(1.0 + t);
        }
        return t > 0.01 || t < -0.01 ? exp(log(1.0 + t) * inverse_rest) : position_near_one(area, t);
    }

    // base^(half_powers / 2): the usual exponents (0.5, 0.6, 0.8, 0.9, 0.99, 1.2 ...) need no logarithm.
    double half_power(double base) const {
        const std::uint64_t size = static_cast<std::uint64_t>(half_powers < 0 ? -half_powers : half_powers);
        double power = (size & 1) != 0 ? sqrt(base) : 1.0;
        for (std::uint64_t left = size >> 1; left != 0; left >>= 1) {
            power *= (left & 1) != 0 ? base : 1.0;
            base *= base;
        }
        return half_powers < 0 ? 1.0 / power : power;
    }
    double position_near_one(double area, double t) const;
};

} // namespace scale::core
