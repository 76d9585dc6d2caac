#include "core/maths.hpp"

namespace scale::core {

namespace {

// A number as an unevaluated sum, about 106 bits.
struct Pair {
    double high;
    double low;
};

Pair sum_of(double a, double b) { // |a| >= |b|
    const double high = a + b;
    return {high, b - (high - a)};
}

// Dekker's exact product: both factors are halved into 26 bits.
Pair product_of(double a, double b) {
    constexpr double k_splitter = 134217729.0; // 2^27 + 1
    const double a_big = a * k_splitter;
    const double b_big = b * k_splitter;
    const double a_high = a_big - (a_big - a);
    const double b_high = b_big - (b_big - b);
    const double a_low = a - a_high;
    const double b_low = b - b_high;
    const double high = a * b;
    return {high, ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

Pair multiply(Pair a, Pair b) {
    const Pair product = product_of(a.high, b.high);
    return sum_of(product.high, product.low + (a.high * b.low + a.low * b.high));
}

Pair add(Pair a, Pair b) { // |a| >= |b|
    const Pair sum = sum_of(a.high, b.high);
    return sum_of(sum.high, sum.low + (a.low + b.low));
}

// log(x) to about 65 bits, for pow.
Pair log_pair(double x) {
    const detail::Split parts = detail::split(x);
    const double f = parts.mantissa - 1.0;
    const Pair divisor = sum_of(2.0, f);
    const double quotient = f / divisor.high;
    const Pair back = product_of(quotient, divisor.high);
    const double remainder = ((f - back.high) - back.low) - quotient * divisor.low;
    const Pair s = sum_of(quotient, remainder / divisor.high);
    const Pair z = multiply(s, s);
    const Pair cubic = multiply(multiply(s, z), {2.0 / 3, 2.0 / 3 * 0x1p-54});
    const double rest = s.high * (detail::log_tail(s.high) - z.high * (2.0 / 3));
    Pair sum = add({2.0 * s.high, 2.0 * s.low}, add(cubic, {rest, 0.0}));
    if (parts.exponent != 0) {
        const double k = static_cast<double>(parts.exponent);
        const Pair shift = sum_of(k * detail::k_ln2_high, k * detail::k_ln2_low);
        sum = add(shift, sum);
    }
    return sum;
}

bool is_odd_integer(double y) {
    return y == std::floor(y) && std::abs(y) < 9007199254740992.0 && std::floor(y * 0.5) * 2.0 != y;
}

double pow_of_special(double x, double y) {
    if (y == 0.0 || x == 1.0) {
        return 1.0;
    }
    if (x != x || y != y || (x < 0.0 && y != std::floor(y))) {
        return k_not_a_number;
    }
    if (x < 0.0) {
        const double size = pow(-x, y);
        return is_odd_integer(y) ? -size : size;
    }
    if (std::abs(y) == k_infinity) {
        return (x > 1.0) == (y > 0.0) ? k_infinity : 0.0;
    }
    return (x == 0.0) == (y > 0.0) ? 0.0 : k_infinity; // x is 0 or infinity
}

// sin and cos on |x| <= pi/4, x + low being the argument: Taylor series.
double sin_near(double x, double low) {
    const double z = x * x;
    const double w = z * z;
    const double odd = -1.0 / 6 + w * (-1.0 / 5040 + w * (-1.0 / 39916800 + w * (-1.0 / 1307674368000)));
    const double even = 1.0 / 120 + w * (1.0 / 362880 + w * (1.0 / 6227020800 + w * (1.0 / 355687428096000)));
    return x + (low * (1.0 - 0.5 * z) + x * z * (odd + z * even));
}

double cos_near(double x, double low) {
    const double z = x * x;
    const double w = z * z;
    const double even = 1.0 / 24 + w * (1.0 / 40320 + w * (1.0 / 479001600 + w * (1.0 / 20922789888000)));
    const double odd = -1.0 / 720 + w * (-1.0 / 3628800 + w * (-1.0 / 87178291200));
    const double half = 0.5 * z;
    const double high = 1.0 - half;
    return high + (((1.0 - high) - half) + (w * (even + z * odd) - x * low));
}

// Both functions at once by quadrant; pi/2 in three parts of 33 bits each.
double circular(double x, unsigned quadrant_shift) {
    if (!(std::abs(x) <= 1e9)) {
        return k_not_a_number;
    }
    constexpr double k_shift = 6755399441055744.0;
    const double k = (x * (2.0 / k_pi) + k_shift) - k_shift;
    const double first = x - k * 1.57079632673412561417e+00;
    const double second = k * 6.07710050630396597660e-11;
    const double middle = first - second;
    const double third = k * 2.02226624879595063154e-21 - ((first - middle) - second);
    const double near = middle - third;
    const double low = (middle - near) - third;
    const unsigned quadrant = (static_cast<unsigned>(static_cast<std::int64_t>(k)) + quadrant_shift) & 3u;
    const double value = (quadrant & 1u) != 0 ? cos_near(near, low) : sin_near(near, low);
    return (quadrant & 2u) != 0 ? -value : value;
}

} // namespace

double pow(double x, double y) {
    if (!(x > 0.0) || x == k_infinity || !(std::abs(y) < k_infinity) || x == 1.0 || y == 0.0) {
        return pow_of_special(x, y);
    }
    const Pair logarithm = log_pair(x);
    const double estimate = logarithm.high * y;
    if (!(estimate > -746.0 && estimate < 710.0)) {
        return estimate > 0.0 ? k_infinity : 0.0;
    }
    const Pair exact = product_of(logarithm.high, y);
    const double low = exact.low + logarithm.low * y;
    const double value = exp(exact.high);
    return value == k_infinity || value == 0.0 ? value : value + value * low;
}

double sin(double x) { return circular(x, 0); }

double cos(double x) { return circular(x, 1); }

// Stirling's series from 12 upwards; below, the recurrence brings the argument there.
double log_gamma(double x) {
    if (!(x > 0.0) || x == k_infinity) {
        return x == 0.0 || x == k_infinity ? k_infinity : k_not_a_number;
    }
    if (x == 1.0 || x == 2.0) {
        return 0.0;
    }
    double product = 1.0;
    while (x < 12.0) {
        product *= x;
        x += 1.0;
    }
    constexpr double k_half_log_two_pi = 0.91893853320467274178;
    const double inverse = 1.0 / x;
    const double z = inverse * inverse;
    const double series =
        inverse *
        (1.0 / 12 -
         z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * (691.0 / 360360))))));
    return ((x - 0.5) * log(x) - x) + (k_half_log_two_pi + series - log(product));
}

} // namespace scale::core
