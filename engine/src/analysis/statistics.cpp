#include "analysis/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace scale::analysis {

namespace {
constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
} // namespace

double student_t_975(std::size_t degrees) {
    constexpr double k_table[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646,
                                  2.3060,  2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448,
                                  2.1314,  2.1199, 2.1098, 2.1009, 2.0930, 2.0860};
    if (degrees == 0) return k_nan;
    if (degrees <= std::size(k_table)) return k_table[degrees - 1];
    // Cornish-Fisher: the normal quantile and two corrections.
    const double z = 1.959964;
    const double n = static_cast<double>(degrees);
    const double z3 = z * z * z;
    return z + (z3 + z) / (4 * n) + (5 * z3 * z * z + 16 * z3 + 3 * z) / (96 * n * n);
}

double median(std::vector<double> values) {
    if (values.empty()) return k_nan;
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

} // namespace scale::analysis

namespace scale {

Estimate estimate(std::span<const double> values) {
    double sum = 0;
    std::size_t count = 0;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        sum += value;
        ++count;
    }
    if (count == 0) return {analysis::k_nan, analysis::k_nan};
    const double mean = sum / static_cast<double>(count);
    if (count == 1) return {mean, analysis::k_nan};
    double squares = 0;
    for (const double value : values)
        if (std::isfinite(value)) squares += (value - mean) * (value - mean);
    const double n = static_cast<double>(count);
    return {mean, analysis::student_t_975(count - 1) * std::sqrt(squares / (n - 1) / n)};
}

} // namespace scale
