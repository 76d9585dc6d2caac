#include "kinds/guards.hpp"

#include <algorithm>

namespace scale::kind {

void Breaker::trip(const Rules& rules, Time now) {
    state = open;
    open_until = now + rules.open_for;
    probing = probed = calls = failures = 0;
}

bool Breaker::allows(const Rules& rules, Time now) {
    if (state == closed || rules.share == 0) return true;
    if (state == open) {
        if (now < open_until) return false;
        state = half_open;
        probing = probed = 0;
    }
    return probing + probed < rules.probes;
}

bool Breaker::sent() {
    if (state != half_open) return false;
    ++probing;
    return true;
}

bool Breaker::ended(const Rules& rules, Time now, bool probe, bool well) {
    if (rules.share == 0) {
        state = closed;
        return false;
    }
    if (state == half_open && probe) {
        if (probing > 0) --probing;
        if (!well) {
            trip(rules, now);
            return true;
        }
        if (++probed < rules.probes) return false;
        state = closed;
        window_from = now;
        calls = failures = 0;
        return false;
    }
    if (state != closed) return false; // sent before it opened
    if (now - window_from >= rules.window) {
        window_from = now;
        calls = failures = 0;
    }
    ++calls;
    failures += well ? 0u : 1u;
    if (well || calls < rules.least || failures < rules.share * calls) return false;
    trip(rules, now);
    return true;
}

bool Shedder::admits(Time now, bool busy) {
    if (slow == 0) return true;
    if (now >= second_ends) {
        // Nothing came back in a whole second, though something is inside: that is slow too.
        const bool was_slow = answers == 0 ? busy : sum > slow * answers;
        share = was_slow ? std::max(0.05, share * 0.7) : std::min(1.0, share + 0.05);
        sum = answers = 0;
        second_ends = now + core::k_second;
    }
    credit = std::min(1.0, credit) + share;
    if (credit < 1) return false;
    credit -= 1;
    return true;
}

} // namespace scale::kind
