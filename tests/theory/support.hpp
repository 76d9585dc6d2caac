// How a closed form is held against the simulation: independent runs with different seeds give a mean and its
// 99.9 % interval (Student's t). The closed form must lie inside, and the interval must be narrower than the
// test states, so that no test passes by being vague.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "support/design.hpp"

namespace scale::theory {

using tests::Design;
using tests::seconds;

inline constexpr int k_runs = 12; // seeds per figure

// Two-sided 99.9 % quantile of Student's t.
inline double student_t(int degrees) {
    constexpr double k_table[] = {0,     636.6, 31.60, 12.92, 8.610, 6.869, 5.959, 5.408, 5.041, 4.781, 4.587,
                                  4.437, 4.318, 4.221, 4.140, 4.073, 4.015, 3.965, 3.922, 3.883, 3.850};
    if (degrees <= 20) return k_table[degrees];
    const double z = 3.2905; // Cornish-Fisher from the normal quantile
    const double n = degrees;
    return z + (z * z * z + z) / (4 * n) + (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / (96 * n * n);
}

struct Interval {
    double mean = 0;
    double half = 0; // half the width of the 99.9 % interval
};

inline Interval interval(const std::vector<double>& values) {
    const auto count = static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) sum += value;
    const double mean = sum / count;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double deviation = std::sqrt(squares / (count - 1));
    return {mean, student_t(static_cast<int>(values.size()) - 1) * deviation / std::sqrt(count)};
}

using Figures = std::vector<double>;

// Runs the design to its end with `runs` seeds; one interval per figure that `measure` returns.
inline std::vector<Interval> over_seeds(Design& design, const std::function<Figures(const World&)>& measure,
                                        int runs = k_runs) {
    std::vector<std::vector<double>> columns;
    for (int run = 0; run < runs; ++run) {
        World world(design.scenario(static_cast<std::uint64_t>(1000 + run)));
        world.run_until(world.duration());
        tests::check_conservation(world);
        const Figures figures = measure(world);
        columns.resize(figures.size());
        for (std::size_t i = 0; i < figures.size(); ++i) columns[i].push_back(figures[i]);
    }
    std::vector<Interval> out;
    for (const std::vector<double>& column : columns) out.push_back(interval(column));
    return out;
}

// The closed form lies inside the interval, which is at most `width` of it on either side. `allowance` is a
// known and stated bias of the closed form itself, as a share of it.
inline void agrees(const char* what, const Interval& measured, double theory, double width,
                   double allowance = 0) {
    INFO(std::string(what) << ": measured " << measured.mean << " +- " << measured.half << ", theory "
                           << theory);
    CHECK(std::abs(measured.mean - theory) <= measured.half + allowance * std::abs(theory));
    CHECK(measured.half <= width * std::abs(theory));
}

// Users who ask `rate_per_s` times a second of one tier and of nothing else.
struct OneTier {
    Design design;
    int users, tier;
    OneTier(double duration_s, double warmup_s, double rate_per_s, tests::Values tier_values,
            const char* kind = "server")
        : design(duration_s, warmup_s),
          users(design.add("users", "clients", {{"rate_per_s", rate_per_s}, {"keys", 1}})),
          tier(design.add("tier", kind, tier_values)) {
        design.connect(users, tier);
    }
};

// Probability that an arrival must wait in M/M/c (Erlang C), and that it is lost in M/M/c/c (Erlang B).
inline double erlang_b(double offered, int servers) {
    double blocked = 1;
    for (int i = 1; i <= servers; ++i) blocked = offered * blocked / (i + offered * blocked);
    return blocked;
}
inline double erlang_c(double offered, int servers) {
    const double blocked = erlang_b(offered, servers);
    const double busy = offered / servers;
    return blocked / (1 - busy * (1 - blocked));
}

} // namespace scale::theory
