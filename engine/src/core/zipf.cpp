#include "core/zipf.hpp"

namespace scale::core {

namespace {

// 1 - 0.9 is not quite 0.1: what differs from an integer by rounding only counts as that integer.
std::int64_t half_powers_of(double inverse_rest) {
    const double doubled = 2.0 * inverse_rest;
    if (!(doubled > -256.5 && doubled < 256.5)) {
        return 0;
    }
    const std::int64_t nearest = static_cast<std::int64_t>(doubled + (doubled < 0.0 ? -0.5 : 0.5));
    const double difference = doubled - static_cast<double>(nearest);
    return difference < 1e-11 && difference > -1e-11 ? nearest : 0;
}

} // namespace

double Zipf::area_up_to(double x) const {
    const double logarithm = log(x);
    const double t = rest * logarithm;
    return t == 0.0 ? logarithm : expm1(t) / t * logarithm;
}

double Zipf::position_near_one(double area, double t) const {
    return exp(t == 0.0 ? area : log1p(t) / t * area);
}

// The first terms one by one, the others by Euler and Maclaurin; the first term left out is below 1e-15.
double Zipf::sum_up_to(std::uint64_t count) const {
    constexpr std::uint64_t k_exact = 64;
    double sum = 0.0;
    for (std::uint64_t rank = count < k_exact ? count : k_exact; rank > 0; --rank) {
        sum += weight(static_cast<double>(rank));
    }
    if (count <= k_exact) {
        return sum;
    }
    const double first = static_cast<double>(k_exact);
    const double last = static_cast<double>(count);
    const double s = exponent;
    const auto derivatives = [&](double x) { // f/2 + B2/2! f' + B4/4! f''' + B6/6! f'''''
        const double z = 1.0 / (x * x);
        const double fifth = s * (s + 1) * (s + 2) * (s + 3) * (s + 4) * z / 30240.0;
        const double third = s * (s + 1) * (s + 2) / 720.0;
        return weight(x) / x * (-s / 12.0 + z * (third - fifth));
    };
    const double integral = area_up_to(last) - area_up_to(first);
    return sum + integral + 0.5 * (weight(last) - weight(first)) + derivatives(last) - derivatives(first);
}

Zipf Zipf::make(std::uint64_t keys, double exponent) {
    constexpr std::uint64_t k_keys_max = std::uint64_t{1} << 53;
    Zipf made;
    made.keys = keys < 1 ? 1 : (keys > k_keys_max ? k_keys_max : keys);
    made.exponent = exponent > 0.0 ? (exponent < 3.0 ? exponent : 3.0) : 0.0;
    made.rest = 1.0 - made.exponent;
    made.inverse_rest = made.rest == 0.0 ? 0.0 : 1.0 / made.rest;
    made.half_powers = half_powers_of(made.inverse_rest);
    made.area_first = made.area_up_to(1.5) - 1.0;
    made.area_all = made.area_up_to(static_cast<double>(made.keys) + 0.5);
    made.shortcut = 2.0 - made.position(made.area_up_to(2.5) - made.weight(2.0));
    made.total = made.sum_up_to(made.keys);
    return made;
}

double Zipf::probability(std::uint64_t rank) const {
    return rank < keys ? weight(static_cast<double>(rank) + 1.0) / total : 0.0;
}

double Zipf::probability_of_top(std::uint64_t count) const {
    return count < keys ? sum_up_to(count) / total : 1.0;
}

} // namespace scale::core
