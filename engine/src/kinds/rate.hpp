// A rate of arrivals that changes over time, as pieces of constant rate: exact for constants, steps and
// spikes; ramps hold their rate for a second, days for 1/288 of their length.
#pragma once

#include "core/time.hpp"

#include <cstdint>

namespace scale::kind {

using core::Time;

struct RateProfile {
    enum Shape : std::uint64_t { constant, steps, ramp, spike, daily };
    struct Piece {
        double per_ns;
        Time end; // exclusive
    };

    std::uint64_t shape = constant;
    double base = 0, step = 0, end = 0; // per second
    Time every = core::k_second;        // between steps; the length of a day
    Time from = 0, lasts = 0;
    double factor = 1, swing = 0;
    double gap = 0; // ns between arrivals, of a constant rate that is not 0

    Piece piece(Time t) const;
    // The moment at which `need` arrivals have come since `since`, on average; k_never if that does not
    // happen.
    Time when(Time since, double need) const {
        if (gap > 0) return after(since, need * gap);
        return shape == constant ? core::k_never : when_varying(since, need);
    }
    // Mean number of arrivals in [since, until).
    double expected(Time since, Time until) const;

private:
    // Rates so small that nobody comes within a century are possible: the sum must not go round.
    static Time after(Time since, double ns) {
        constexpr double k_ever = 0x1p62;
        return ns < k_ever ? since + core::from_ns(ns) : core::k_never;
    }
    Time when_varying(Time since, double need) const;
};

} // namespace scale::kind
