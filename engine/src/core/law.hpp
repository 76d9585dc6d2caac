// Random times as expressions: built from simple ones by sums and mixtures, known by mean, variance and
// Laplace transform, which gives every percentile by numerical inversion (Abate and Whitt 1995, error below
// 1e-7 of the probability where the distribution is smooth).
#pragma once

#include "core/distribution.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace scale::core {

using LawId = std::uint32_t; // of one pool of laws; 0 takes no time

struct Part {
    double chance = 0;
    LawId law = 0;
};

// A pool of laws. What is built later may use what was built before. All times in seconds.
class Laws {
public:
    Laws() { clear(); }
    void clear();

    LawId constant(double seconds);
    LawId exponential(double mean);
    LawId gamma(double mean, double cv_squared); // Erlang where 1 / cv_squared is whole
    LawId of(const Distribution& service);       // of ns
    LawId scaled(const Distribution& service, double factor);
    LawId sum(LawId a, LawId b);
    LawId mix(std::span<const Part> parts); // the chances are brought to 1 together
    // No wait at all, or with that chance an exponential one.
    LawId delayed(double chance, double mean_if);
    // Wait of M/G/1, first come first served (Pollaczek and Khinchine); rate * mean service < 1.
    LawId wait_for_one(double rate, LawId service);
    // The `rank`-th to come of so many that start together (1: the first), independent of one another:
    // exactly in mean and variance where they are of three laws at most, otherwise by the first two moments
    // of each. A gamma distribution stands for it.
    LawId in_order(std::span<const LawId> laws, std::size_t rank);
    // Only the mean (or nothing: NaN) is known.
    LawId vague(double mean);

    double mean(LawId law) const { return nodes_[law].mean; }
    double variance(LawId law) const { return nodes_[law].variance; }
    double least(LawId law) const { return nodes_[law].least; }
    bool known(LawId law) const { return nodes_[law].known; } // has percentiles
    double at_most(LawId law, double seconds) const;          // probability
    double quantile(LawId law, double share) const;           // NaN when only the mean is known
    // Mean of those that take no longer than `seconds`.
    double mean_within(LawId law, double seconds) const;

private:
    struct Complex {
        double re = 0, im = 0;
    };
    enum class Form : std::uint8_t { constant, exponential, gamma, uniform, sum, mix, delayed, wait, vague };
    struct Node {
        Form form = Form::constant;
        bool known = true;
        std::uint32_t first = 0, count = 0; // into parts_
        double mean = 0, variance = 0;
        double third = 0;    // central moment; of waits as if those who wait did so for an exponential time
        double least = 0;    // no time is shorter
        double a = 0, b = 0; // parameters of the form
    };

    LawId add(const Node& node);
    static double cube_of(const Node& law);
    LawId lognormal(double mean, double cv, double factor);
    std::vector<LawId> needed(LawId law) const; // what it is made of, itself last
    void transform(std::span<const LawId> order, Complex s, std::vector<Complex>& out) const;
    Complex transform_of(const Node& node, Complex s, const std::vector<Complex>& out) const;
    double above(LawId law, std::span<const LawId> order, double seconds) const;

    // What in_order() has found: kept when the pool is cleared, for the next round asks nearly the same.
    struct Ordered {
        std::size_t rank = 0;
        std::vector<Node> laws;
        double least = 0, mean = 0, cv_squared = 0;
    };
    bool alike(const Ordered& known, std::span<const LawId> laws, std::size_t rank) const;

    std::vector<Node> nodes_;
    std::vector<Part> parts_;
    std::vector<Ordered> ordered_;
    std::size_t oldest_ = 0; // of ordered_, where it is full
    mutable std::vector<Complex> scratch_;
};

} // namespace scale::core
