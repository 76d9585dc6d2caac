// The slowest, or the k-th, of several random times.
#include "core/law.hpp"

#include "core/maths.hpp"

#include <algorithm>

namespace scale::core {

namespace {

// Mean and variance by the simplest law that has them: late by a constant and exponential from there, or one
// of two exponential ones.
struct TwoMoments {
    double shift = 0, first = 1, mean = 0, other = 0;

    TwoMoments(double mean_of, double variance) : mean(mean_of), other(mean_of) {
        const double cv2 = mean_of > 0 ? variance / (mean_of * mean_of) : 0;
        if (cv2 <= 1) {
            mean = other = sqrt(variance);
            shift = mean_of - mean;
            return;
        }
        first = (1 + sqrt((cv2 - 1) / (cv2 + 1))) / 2;
        mean = mean_of / (2 * first);
        other = mean_of / (2 * (1 - first));
    }

    double at_most(double t) const {
        if (t < shift) return 0;
        if (mean == 0) return 1;
        const double one = -expm1(-(t - shift) / mean);
        return first == 1 ? one : first * one + (1 - first) * -expm1(-(t - shift) / other);
    }
};

// That at least `rank` of them are there.
double arrived(std::span<const TwoMoments> all, std::size_t rank, double t, std::vector<double>& chance) {
    if (rank == all.size()) {
        double product = 1;
        for (const TwoMoments& one : all) product *= one.at_most(t);
        return product;
    }
    chance.assign(rank + 1, 0.0); // of so many; the last: that many or more
    chance[0] = 1;
    for (const TwoMoments& one : all) {
        const double here = one.at_most(t);
        chance[rank] += chance[rank - 1] * here;
        for (std::size_t k = rank - 1; k > 0; --k) chance[k] = chance[k] * (1 - here) + chance[k - 1] * here;
        chance[0] *= 1 - here;
    }
    return chance[rank];
}

} // namespace

LawId Laws::in_order(std::span<const LawId> laws, std::size_t rank) {
    if (laws.empty() || rank == 0) return 0;
    if (laws.size() == 1) return laws[0];
    std::vector<TwoMoments> all;
    double least = k_infinity, longest = 0;
    for (const LawId law : laws) {
        const double spread = variance(law);
        if (!(mean(law) < k_infinity)) return vague(mean(law));
        all.emplace_back(mean(law), spread == spread ? spread : mean(law) * mean(law));
        least = std::min(least, all.back().shift);
        longest = std::max(longest, mean(law));
    }
    if (longest == 0) return 0;
    std::vector<double> scratch;
    double most = longest * 2;
    while (arrived(all, rank, most, scratch) < 1 - 1e-6 && most < 1e9 * longest) most *= 1.5;
    // Mean and mean square beyond the least, as integrals of what is still out.
    constexpr int k_steps = 200;
    const double step = (most - least) / k_steps;
    double first = 0, second = 0;
    for (int i = 0; i < k_steps; ++i) {
        const double t = (i + 0.5) * step;
        const double out = 1 - arrived(all, rank, least + t, scratch);
        first += out * step;
        second += 2 * t * out * step;
    }
    if (!(first > 0)) return constant(least);
    const double spread = std::max(0.0, second - first * first);
    return sum(constant(least), gamma(first, spread / (first * first)));
}

} // namespace scale::core
