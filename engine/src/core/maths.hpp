// Elementary functions from + - * / and bit moves only, so that every compiler, libc and browser gives the
// same bits (libm differs in the last one). Errors are measured against long double in
// tests/engine/core_maths.cpp. Needs IEEE doubles, round to nearest, no contraction into fused multiply-add
// and no fast-math.
#pragma once

#include "core/bits.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

namespace scale::core {

constexpr double k_ln2 = 0.69314718055994530942;
constexpr double k_pi = 3.14159265358979323846;
constexpr double k_infinity = std::numeric_limits<double>::infinity();
constexpr double k_not_a_number = std::numeric_limits<double>::quiet_NaN();

// IEEE 754 prescribes the result of a square root, so the library's is the same everywhere.
inline double sqrt(double x) { return std::sqrt(x); }

namespace detail {

// ln 2 in two parts; the upper one has 32 zero bits at its end, so that it times an exponent is exact.
constexpr double k_ln2_high = 6.93147180369123816490e-01;
constexpr double k_ln2_low = 1.90821492927058770002e-10;

// 2^k for -1022 <= k <= 1023.
constexpr double power_of_two(int k) { return bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52); }

// x times 2^k where the result may be subnormal or overflow.
constexpr double scale_by_power(double x, int k) {
    if (k > 1023) {
        return k > 1100 ? x * power_of_two(1023) * power_of_two(1023)
                        : x * power_of_two(1023) * power_of_two(k - 1023);
    }
    if (k < -1022) {
        return k < -1100 ? 0.0 : x * power_of_two(-1000) * power_of_two(k + 1000);
    }
    return x * power_of_two(k);
}

// A positive normal or subnormal number as mantissa * 2^exponent with the mantissa in [sqrt(1/2), sqrt(2)).
struct Split {
    double mantissa;
    int exponent;
};

constexpr Split split(double x) {
    std::uint64_t bits = bit_cast<std::uint64_t>(x);
    int exponent = 0;
    if (bits < 0x0010000000000000u) {
        bits = bit_cast<std::uint64_t>(x * 18014398509481984.0); // 2^54
        exponent = -54;
    }
    // Adding the distance from sqrt(1/2) to 1 carries into the exponent exactly when the mantissa is >=
    // sqrt(2).
    const std::uint64_t shifted = bits + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
    exponent += static_cast<int>(shifted >> 52) - 1023;
    const std::uint64_t mantissa = (shifted & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu;
    return {bit_cast<double>(mantissa), exponent};
}

// With s = f / (2 + f), log(1 + f) = 2 atanh(s). Returned is 2 atanh(s) / s - 2, by its series, for
// 1 + f in [sqrt(1/2), sqrt(2)).
constexpr double log_tail(double s) {
    const double z = s * s;
    const double w = z * z;
    const double even = w * (2.0 / 5 + w * (2.0 / 9 + w * (2.0 / 13 + w * (2.0 / 17 + w * (2.0 / 21)))));
    const double odd = z * (2.0 / 3 + w * (2.0 / 7 + w * (2.0 / 11 + w * (2.0 / 15 + w * (2.0 / 19)))));
    return even + odd;
}

// log(1 + f) + carry + k ln 2 with one rounding of consequence.
constexpr double log_sum(double f, double carry, int k) {
    const double s = f / (2.0 + f);
    const double half_square = 0.5 * f * f;
    const double rest = s * (half_square + log_tail(s));
    const double exponent = static_cast<double>(k);
    return exponent * k_ln2_high - ((half_square - (rest + (exponent * k_ln2_low + carry))) - f);
}

// exp(r) - 1 - r for |r| <= 0.36: the Taylor series, evaluated in pairs to keep the multipliers busy.
constexpr double exp_tail(double r) {
    const double z = r * r;
    const double a = 1.0 / 2 + r * (1.0 / 6);
    const double b = 1.0 / 24 + r * (1.0 / 120);
    const double c = 1.0 / 720 + r * (1.0 / 5040);
    const double d = 1.0 / 40320 + r * (1.0 / 362880);
    const double e = 1.0 / 3628800 + r * (1.0 / 39916800);
    const double g = 1.0 / 479001600 + r * (1.0 / 6227020800);
    const double w = z * z;
    return z * ((a + z * b) + w * ((c + z * d) + w * (e + z * g)));
}

// The nearest integer of x / ln 2 for |x| < 2^20, by the rounding of an addition.
constexpr double nearest_multiple_of_ln2(double x) {
    constexpr double k_shift = 6755399441055744.0; // 1.5 * 2^52
    return (x * 1.44269504088896338700 + k_shift) - k_shift;
}

} // namespace detail

// Error <= 1 ulp. log(0) is -infinity, of negative numbers NaN.
constexpr double log(double x) {
    if (!(x > 0.0) || x == k_infinity) {
        return x == 0.0 ? -k_infinity : (x == k_infinity ? x : k_not_a_number);
    }
    const detail::Split parts = detail::split(x);
    return detail::log_sum(parts.mantissa - 1.0, 0.0, parts.exponent);
}

// log(1 + x), also exact for small x. Error <= 1 ulp.
constexpr double log1p(double x) {
    if (x > -0.29 && x < 0.41) {
        return detail::log_sum(x, 0.0, 0);
    }
    if (!(x > -1.0) || x == k_infinity) {
        return log(1.0 + x);
    }
    const double sum = 1.0 + x;
    const double lost = x >= 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
    const detail::Split parts = detail::split(sum);
    return detail::log_sum(parts.mantissa - 1.0, lost / sum, parts.exponent);
}

// Error <= 1 ulp. Overflows to infinity above 709.78, underflows through subnormal numbers to 0 below
// -745.13.
constexpr double exp(double x) {
    if (!(x > -708.0 && x < 709.0)) {
        if (x != x) {
            return x;
        }
        if (x > 710.0 || x < -746.0) {
            return x > 0.0 ? k_infinity : 0.0;
        }
    }
    const double k = detail::nearest_multiple_of_ln2(x);
    const double high = x - k * detail::k_ln2_high;
    const double low = k * detail::k_ln2_low;
    const double r = high - low;
    const double value = 1.0 + (r + (((high - r) - low) + detail::exp_tail(r)));
    const int exponent = static_cast<int>(k);
    if (exponent > -1022 && exponent < 1023) {
        return value * detail::power_of_two(exponent);
    }
    return detail::scale_by_power(value, exponent);
}

// exp(x) - 1, also exact for small x. Error <= 2 ulp.
constexpr double expm1(double x) {
    if (!(x > -40.0 && x < 40.0)) {
        return exp(x) - 1.0;
    }
    const double k = detail::nearest_multiple_of_ln2(x);
    const double high = x - k * detail::k_ln2_high;
    const double low = k * detail::k_ln2_low;
    const double r = high - low;
    const double small = r + (((high - r) - low) + detail::exp_tail(r));
    if (k == 0.0) {
        return small;
    }
    const double power = detail::power_of_two(static_cast<int>(k));
    return power * small + (power - 1.0);
}

double pow(double x, double y); // Error <= 1.5 ulp. NaN for x < 0 unless y is an integer.
double sin(double x);       // |x| <= 1e6, error <= 2 ulp away from the zeros; beyond it degrades, then NaN.
double cos(double x);       // as sin
double log_gamma(double x); // x > 0. Error <= 1e-14 of max(1, |result|).

} // namespace scale::core
