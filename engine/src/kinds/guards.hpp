// How a proxy protects itself and what stands behind it: circuit breakers, token buckets, shedding by
// latency. Plain data.
#pragma once

#include "core/key_store.hpp"
#include "core/time.hpp"

namespace scale::kind {

using core::Time;

// Of one way down. Closed: all calls go. Open: none. Half open: a few probe it.
struct Breaker {
    struct Rules {
        double share = 0; // 0: never opens
        Time window = 0, open_for = 0, slow = 0;
        std::uint32_t least = 1, probes = 1;
    };
    enum State : std::uint32_t { closed, open, half_open };

    Time window_from = 0, open_until = 0;
    std::uint32_t calls = 0, failures = 0; // within the window
    std::uint32_t state = closed;
    std::uint32_t probing = 0, probed = 0; // half open: on their way, and come back well
    std::uint32_t padding = 0;

    // Whether a call may go now.
    bool allows(const Rules& rules, Time now);
    // One goes; whether it is a probe.
    bool sent();
    // One has ended. True when this opened the breaker.
    bool ended(const Rules& rules, Time now, bool probe, bool well);

private:
    void trip(const Rules& rules, Time now);
};
static_assert(sizeof(Breaker) == 40); // no holes: it is hashed as bytes

// Tokens come at a rate up to the size of the bucket; a request takes one. Kept as the time at which the
// bucket will be full again (the generic cell rate algorithm), which is the same thing.
struct TokenBucket {
    Time per_token = 0; // 0: no limit
    Time depth = 0;     // (size - 1) tokens, in time

    bool take(Time now, Time& full_at) const {
        const Time from = full_at > now ? full_at : now;
        if (from - now > depth) return false;
        full_at = from + per_token;
        return true;
    }
};

// Lets a share of the requests in that shrinks in every second whose answers were slow, and grows again.
struct Shedder {
    Time slow = 0; // mean of a second; 0: lets all in
    Time second_ends = 0, sum = 0;
    std::uint64_t answers = 0;
    double share = 1, credit = 1;

    bool admits(Time now, bool busy);
    void answered(Time took) {
        ++answers;
        sum += took;
    }
};

} // namespace scale::kind
