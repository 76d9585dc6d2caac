// Own maths against the C library in long double (64-bit mantissa on x86; elsewhere long double may be
// double, and then the libm error of half an ulp is part of what is measured).
#include "core/maths.hpp"

#include "core/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace core = scale::core;

namespace {

double ulp_error(double value, long double exact) {
    if (value == static_cast<double>(exact)) {
        return 0.0;
    }
    const double size = std::max(std::abs(static_cast<double>(exact)), std::numeric_limits<double>::min());
    const double ulp = std::nextafter(size, core::k_infinity) - size;
    return static_cast<double>(std::abs(static_cast<long double>(value) - exact)) / ulp;
}

// The largest error over arguments spread evenly in [low, high].
template<class Function, class Exact>
double largest_error(double low, double high, Function function, Exact exact) {
    core::Random random = core::Random::seeded(7, 11, 13);
    double largest = 0.0;
    for (int i = 0; i < 200'000; ++i) {
        const double x = low + (high - low) * random.uniform();
        largest = std::max(largest, ulp_error(function(x), exact(static_cast<long double>(x))));
    }
    return largest;
}

constexpr auto k_log = [](long double x) { return std::log(x); };
constexpr auto k_exp = [](long double x) { return std::exp(x); };
constexpr auto k_log1p = [](long double x) { return std::log1p(x); };
constexpr auto k_expm1 = [](long double x) { return std::expm1(x); };
constexpr auto k_sin = [](long double x) { return std::sin(x); };
constexpr auto k_cos = [](long double x) { return std::cos(x); };

// How far the reference itself may be off, in ulp.
const double k_slack =
    std::log(3.0L) == static_cast<long double>(static_cast<double>(std::log(3.0L))) ? 0.6 : 0.0;

} // namespace

TEST_CASE("log is within 1 ulp") {
    CHECK(largest_error(
              0.5, 2.0, [](double x) { return core::log(x); }, k_log) < 1.0 + k_slack);
    CHECK(largest_error(
              0.99, 1.01, [](double x) { return core::log(x); }, k_log) < 1.0 + k_slack);
    CHECK(largest_error(
              0.0, 1e18, [](double x) { return core::log(x); }, k_log) < 1.0 + k_slack);
    CHECK(largest_error(
              0.0, 1e-300, [](double x) { return core::log(x); }, k_log) < 1.0 + k_slack);
    CHECK(core::log(1.0) == 0.0);
    CHECK(core::log(0.0) == -core::k_infinity);
    CHECK(core::log(core::k_infinity) == core::k_infinity);
    CHECK(std::isnan(core::log(-1.0)));
    CHECK(std::isnan(core::log(core::k_not_a_number)));
    CHECK(ulp_error(core::log(5e-324), std::log(static_cast<long double>(5e-324))) < 1.0 + k_slack);
}

TEST_CASE("exp is within 1 ulp") {
    CHECK(largest_error(
              -1.0, 1.0, [](double x) { return core::exp(x); }, k_exp) < 1.0 + k_slack);
    CHECK(largest_error(
              -700.0, 700.0, [](double x) { return core::exp(x); }, k_exp) < 1.0 + k_slack);
    CHECK(core::exp(0.0) == 1.0);
    CHECK(core::exp(710.0) == core::k_infinity);
    CHECK(core::exp(709.7) < core::k_infinity);
    CHECK(core::exp(-746.0) == 0.0);
    CHECK(core::exp(-745.0) == 5e-324);
    CHECK(std::isnan(core::exp(core::k_not_a_number)));
    CHECK(ulp_error(core::exp(709.78), std::exp(static_cast<long double>(709.78))) < 1.0 + k_slack);
}

TEST_CASE("log1p and expm1 keep small arguments") {
    CHECK(largest_error(
              -0.9999, 10.0, [](double x) { return core::log1p(x); }, k_log1p) < 1.5 + k_slack);
    CHECK(largest_error(
              -1e-9, 1e-9, [](double x) { return core::log1p(x); }, k_log1p) < 1.0 + k_slack);
    CHECK(largest_error(
              -1.0, 1.0, [](double x) { return core::expm1(x); }, k_expm1) < 2.0 + k_slack);
    CHECK(largest_error(
              -1e-9, 1e-9, [](double x) { return core::expm1(x); }, k_expm1) < 1.0 + k_slack);
    CHECK(largest_error(
              -50.0, 50.0, [](double x) { return core::expm1(x); }, k_expm1) < 2.0 + k_slack);
    CHECK(core::log1p(-1.0) == -core::k_infinity);
    CHECK(core::expm1(-1000.0) == -1.0);
    CHECK(core::expm1(0.0) == 0.0);
}

TEST_CASE("pow is within 1.5 ulp over its whole range") {
    core::Random random = core::Random::seeded(1, 2, 3);
    double largest = 0.0;
    for (int i = 0; i < 200'000; ++i) {
        const double x = std::exp(40.0 * (random.uniform() - 0.5));
        const double y = 60.0 * (random.uniform() - 0.5);
        const long double exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
        if (exact > 1e-300L && exact < 1e300L) {
            largest = std::max(largest, ulp_error(core::pow(x, y), exact));
        }
    }
    CHECK(largest < 1.5 + k_slack);
    CHECK(core::pow(2.0, 10.0) == 1024.0);
    CHECK(core::pow(10.0, 15.0) == 1e15);
    CHECK(core::pow(0.0, 2.0) == 0.0);
    CHECK(core::pow(0.0, -1.0) == core::k_infinity);
    CHECK(core::pow(0.0, 0.0) == 1.0);
    CHECK(core::pow(-2.0, 3.0) == -8.0);
    CHECK(core::pow(-2.0, 2.0) == 4.0);
    CHECK(std::isnan(core::pow(-2.0, 0.5)));
    CHECK(core::pow(2.0, core::k_infinity) == core::k_infinity);
    CHECK(core::pow(0.5, core::k_infinity) == 0.0);
    CHECK(core::pow(2.0, 2000.0) == core::k_infinity);
    CHECK(core::pow(2.0, -2000.0) == 0.0);
}

TEST_CASE("sin and cos are within 2 ulp") {
    CHECK(largest_error(
              -0.7, 0.7, [](double x) { return core::sin(x); }, k_sin) < 1.0 + k_slack);
    CHECK(largest_error(
              -0.7, 0.7, [](double x) { return core::cos(x); }, k_cos) < 1.0 + k_slack);
    CHECK(largest_error(
              -1000.0, 1000.0, [](double x) { return core::sin(x); }, k_sin) < 2.0 + k_slack);
    CHECK(largest_error(
              -1000.0, 1000.0, [](double x) { return core::cos(x); }, k_cos) < 2.0 + k_slack);
    CHECK(std::abs(core::sin(core::k_pi)) < 2e-16);
    CHECK(std::isnan(core::sin(core::k_infinity)));
    for (double x = 1e4; x < 1e6; x += 997.3) {
        CHECK(std::abs(core::sin(x) - std::sin(x)) < 3e-16);
        CHECK(std::abs(core::cos(x) - std::cos(x)) < 3e-16);
    }
}

TEST_CASE("log_gamma is within 1e-14") {
    for (double x = 0.001; x < 400.0; x *= 1.003) {
        const double exact = static_cast<double>(std::lgamma(static_cast<long double>(x)));
        CHECK(std::abs(core::log_gamma(x) - exact) <= 1e-14 * std::max(1.0, std::abs(exact)));
    }
    CHECK(core::log_gamma(1.0) == 0.0);
    CHECK(core::log_gamma(2.0) == 0.0);
    CHECK(core::log_gamma(0.0) == core::k_infinity);
    CHECK(std::isnan(core::log_gamma(-1.0)));
}
