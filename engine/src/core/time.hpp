// Simulated time: unsigned 64-bit nanoseconds since the start of the run. 2^64 ns are 584 years.
#pragma once

#include <cstdint>

namespace scale::core {

using Time = std::uint64_t; // ns

constexpr Time k_ms = 1'000'000;
constexpr Time k_second = 1'000'000'000;
constexpr Time k_never = ~Time{0}; // "not scheduled"; also what saturates

// Rounds to the nearest nanosecond. NaN and negative values give 0; from 2^64 ns on it is k_never.
constexpr Time from_ns(double nanoseconds) {
    if (!(nanoseconds > 0.0)) {
        return 0;
    }
    if (nanoseconds >= 18446744073709549568.0) {
        return k_never;
    }
    const Time whole = static_cast<Time>(nanoseconds);
    return nanoseconds - static_cast<double>(whole) >= 0.5 ? whole + 1 : whole;
}

constexpr Time from_seconds(double seconds) { return from_ns(seconds * 1e9); }

constexpr Time from_ms(double milliseconds) { return from_ns(milliseconds * 1e6); }

constexpr double to_seconds(Time time) { return static_cast<double>(time) / 1e9; }

constexpr double to_ms(Time time) { return static_cast<double>(time) / 1e6; }

} // namespace scale::core
