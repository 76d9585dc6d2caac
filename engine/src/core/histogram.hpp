// A log-linear histogram of durations in ns: integers only, exact counts, relative error of a value <= 0.4 %.
// Values below 256 have a counter each; above, every octave has 128. 18.5 KB, trivially copyable, mergeable.
// Known inaccuracies: from 2^42 ns (73 min) values share the last counter (the maximum stays exact); a
// counter stands still at 2^32 - 1; the sum wraps at 2^64 ns (10^10 values of 1.8 s).
#pragma once

#include "core/time.hpp"

#include <bit>
#include <cstdint>
#include <span>

namespace scale::core {

struct Histogram {
    static constexpr std::uint32_t k_buckets = 36 * 128;
    static constexpr Time k_largest = (Time{1} << 42) - 1;

    std::uint64_t count = 0;
    std::uint64_t sum = 0; // ns
    Time min = k_never;    // ns, of all values; k_never while empty
    Time max = 0;          // ns, of all values
    std::uint32_t counters[k_buckets] = {};

    void record(Time value) {
        std::uint32_t& counter = counters[index_of(value)];
        ++counter;
        sum += value;
        if (value < min) [[unlikely]] {
            min = value;
        }
        if (value > max) [[unlikely]] {
            max = value;
        }
        if (++count > 0xFFFFFFFFu && counter == 0) [[unlikely]] {
            counter = 0xFFFFFFFFu; // only now can a counter have gone round
        }
    }

    static std::uint32_t index_of(Time value) {
        const Time bounded = value < k_largest ? value : k_largest;
        const unsigned shift = 56u - static_cast<unsigned>(std::countl_zero(bounded | 128u));
        return shift * 128u + static_cast<std::uint32_t>(bounded >> shift);
    }

    // The middle of what a bucket covers, rounded down.
    static Time bucket_value(std::uint32_t index) {
        if (index < 256) {
            return index;
        }
        const unsigned shift = index / 128u - 1u;
        return (Time{index - shift * 128u} << shift) + (Time{1} << (shift - 1)) - 1;
    }

    double mean() const { return count == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(count); }

    // The value that a share q (0 .. 1) of all values does not exceed: q = 0 is the minimum, q = 1 the
    // maximum, both exact. 0 while empty.
    Time quantile(double q) const;

    // Several at once, q ascending, in one pass over the buckets: of what was recorded in all these together,
    // each since a former state of its own.
    struct Since {
        const Histogram* now;
        const Histogram* earlier;
    };
    static void quantiles_of_differences(std::span<const Since> all, const double* q, Time* out,
                                         int how_many);

    void merge(const Histogram& other);
    void clear();

    // The buckets in use lie within [lowest_used, highest_used]; empty: lowest > highest.
    std::uint32_t lowest_used() const { return count == 0 ? 1 : index_of(min); }
    std::uint32_t highest_used() const { return count == 0 ? 0 : index_of(max); }

    std::uint64_t hash() const;
};

} // namespace scale::core
