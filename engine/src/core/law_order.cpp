// The slowest, or the k-th, of several random times.
#include "core/law.hpp"

#include "core/maths.hpp"

#include <algorithm>
#include <cmath>

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

// That at least `rank` of them are there, when each is with the chance that is given for it.
double arrived(std::span<const double> there, std::size_t rank, std::vector<double>& chance) {
    if (rank == there.size()) {
        double product = 1;
        for (const double here : there) product *= here;
        return product;
    }
    chance.assign(rank + 1, 0.0); // of so many; the last: that many or more
    chance[0] = 1;
    for (const double here : there) {
        chance[rank] += chance[rank - 1] * here;
        for (std::size_t k = rank - 1; k > 0; --k) chance[k] = chance[k] * (1 - here) + chance[k - 1] * here;
        chance[0] *= 1 - here;
    }
    return chance[rank];
}

// Chances of several laws, each different one looked up once.
class Together {
public:
    Together(const Laws& laws, std::span<const LawId> which) : laws_(laws), which_(which) {
        constexpr std::size_t k_looked_up = 3; // a percentile takes a while
        bool known = true;
        for (const LawId law : which) {
            known = known && laws.known(law);
            const double spread = laws.variance(law);
            rough_.emplace_back(laws.mean(law), spread == spread ? spread : laws.mean(law) * laws.mean(law));
            auto at = std::find(kinds_.begin(), kinds_.end(), law);
            if (at == kinds_.end()) at = kinds_.insert(at, law);
            of_.push_back(static_cast<std::size_t>(at - kinds_.begin()));
        }
        exact_ = known && kinds_.size() <= k_looked_up;
        chances_.resize(kinds_.size());
        there_.resize(which.size());
    }

    double arrived_by(double t, std::size_t rank) {
        for (std::size_t i = 0; exact_ && i < kinds_.size(); ++i) chances_[i] = laws_.at_most(kinds_[i], t);
        for (std::size_t i = 0; i < there_.size(); ++i)
            there_[i] = exact_ ? chances_[of_[i]] : rough_[i].at_most(t);
        return arrived(there_, rank, scratch_);
    }

    double least() const {
        double least = k_infinity;
        for (std::size_t i = 0; i < which_.size(); ++i)
            least = std::min(least, exact_ ? laws_.least(which_[i]) : rough_[i].shift);
        return least;
    }

private:
    const Laws& laws_;
    std::span<const LawId> which_;
    std::vector<TwoMoments> rough_;
    std::vector<LawId> kinds_;
    std::vector<std::size_t> of_;
    bool exact_ = false;
    std::vector<double> chances_, there_, scratch_;
};

} // namespace

// By their forms and moments, to within what no figure shows.
bool Laws::alike(const Ordered& known, std::span<const LawId> laws, std::size_t rank) const {
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-7 * std::abs(a) || a == b; };
    if (known.rank != rank || known.laws.size() != laws.size()) return false;
    for (std::size_t i = 0; i < laws.size(); ++i) {
        const Node &a = known.laws[i], &b = nodes_[laws[i]];
        if (a.form != b.form || a.count != b.count || !near(a.mean, b.mean) || !near(a.least, b.least))
            return false;
        if (!near(a.variance, b.variance) || !near(a.third, b.third)) return false;
    }
    return true;
}

LawId Laws::in_order(std::span<const LawId> laws, std::size_t rank) {
    if (laws.empty() || rank == 0) return 0;
    if (laws.size() == 1) return laws[0];
    double longest = 0;
    for (const LawId law : laws) {
        if (!(mean(law) < k_infinity)) return vague(mean(law));
        longest = std::max(longest, mean(law));
    }
    if (longest == 0) return 0;
    for (const Ordered& known : ordered_)
        if (alike(known, laws, rank)) return sum(constant(known.least), gamma(known.mean, known.cv_squared));
    Together all(*this, laws);
    const double least = all.least();
    double most = longest * 2;
    while (all.arrived_by(most, rank) < 1 - 1e-5 && most < 1e4 * longest) most *= 1.3;
    // Mean and mean square beyond the least, as integrals of what is still out: Gauss's rule of eight points
    // in each part, the parts shorter near the beginning.
    constexpr double k_at[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                               0.9602898564975363};
    constexpr double k_weight[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                   0.1012285362903763};
    constexpr int k_parts = 4;
    double first = 0, second = 0;
    for (int i = 0; i < 8 * k_parts; ++i) {
        const double at = (i % 2 == 0 ? 1 : -1) * k_at[i / 2 % 4];
        const double u = (i / 8 + (1 + at) / 2) / k_parts; // t grows as its square
        const double t = (most - least) * u * u;
        const double share = k_weight[i / 2 % 4] / (2 * k_parts) * 2 * u * (most - least);
        const double out = 1 - all.arrived_by(least + t, rank);
        first += out * share;
        second += 2 * t * out * share;
    }
    if (!(first > 0)) return constant(least);
    const double spread = std::max(0.0, second - first * first);
    constexpr std::size_t k_kept = 32;
    const std::size_t place = ordered_.size() < k_kept ? ordered_.size() : oldest_++ % k_kept;
    if (place == ordered_.size()) ordered_.emplace_back();
    Ordered& kept = ordered_[place];
    kept = {rank, {}, least, first, spread / (first * first)};
    for (const LawId law : laws) kept.laws.push_back(nodes_[law]);
    return sum(constant(least), gamma(first, spread / (first * first)));
}

} // namespace scale::core
