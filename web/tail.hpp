#pragma once
// How sure the measured latencies are: the distribution as it stood at moments of the run, and from it the
// interval of every percentile and of the mean.
//
// The measured time is cut into stretches. For a percentile it is the share of answers above the measured
// value that differs from stretch to stretch; how much it does gives the 95 % interval of that share (a ratio
// of two sums, Student's t), and the distribution itself says which latencies lie at its ends. Answers that
// follow each other wait for the same queue and are not independent: counting by stretches allows for that,
// counting single answers would not.
//
// The same for every node. What is kept of it is coarse (eight steps an octave, 1 kB a node and stretch): it
// only says how much the share differs; the latencies come from the node's distribution as it is.

#include <vector>

#include "session.hpp"

namespace scale::web {

struct LatencyHalves { // half the width of each interval, the wider side; NaN where too little was measured
    double mean = 0, p50 = 0, p90 = 0, p99 = 0, p999 = 0;
};

class LatencyTail {
public:
    // Looks at the run; once a frame, and at the stops of a fast one.
    void look(const Session& session);
    LatencyHalves halves() const;
    LatencyHalves node_halves(const World& world, int node) const; // its mean is not known
    std::size_t stretches() const { return kept_.empty() ? 0 : kept_.size() - 1; }

private:
    struct Distribution {
        std::vector<double> upper_ms;
        std::vector<std::uint64_t> below; // answers up to and in each bucket
        std::uint64_t count() const { return below.empty() ? 0 : below.back(); }
        std::uint64_t up_to(double ms) const;
        double quantile(double share) const;
    };
    struct Coarse {
        std::vector<std::uint32_t> below; // up to the end of each step
        double count() const { return below.empty() ? 0 : below.back(); }
        double up_to(double ms) const;
    };
    struct Kept : Distribution {
        double at_s = 0;
        double sum_ms = 0;
        std::vector<Coarse> nodes;
    };
    // How many answers each stretch has seen, and how many of them were above a value.
    struct Shares {
        std::vector<double> above, all;
    };
    Shares system_shares(double above_ms) const;
    Shares node_shares(std::size_t node, double above_ms) const;
    static Coarse coarse(const Distribution& all);
    static Distribution distribution(const World& world, int node);
    static double half_of_quantile(double share, const Distribution& all, const Shares& shares);
    double half_of_quantile(double share) const;
    double half_of_mean() const;
    void forget_after(double at_s);

    std::vector<Kept> kept_;
    std::uint64_t design_ = 0, link_ = 0;
    double every_s_ = 0.25;
};

} // namespace scale::web
