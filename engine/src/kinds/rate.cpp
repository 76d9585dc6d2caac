#include "kinds/rate.hpp"

#include "core/maths.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

constexpr Time k_pieces_a_day = 288;

double ramp_rate(const RateProfile& rate, Time t) {
    const double done = static_cast<double>(t - rate.from) / static_cast<double>(rate.lasts);
    return rate.base + (rate.end - rate.base) * done;
}

} // namespace

RateProfile::Piece RateProfile::piece(Time t) const {
    constexpr double k_per_ns = 1e-9;
    const Time over = from + lasts;
    switch (static_cast<Shape>(shape)) {
    case steps: {
        const Time number = t / every;
        return {(base + step * static_cast<double>(number)) * k_per_ns, (number + 1) * every};
    }
    case ramp: {
        if (t < from) return {base * k_per_ns, from};
        if (t >= over) return {end * k_per_ns, core::k_never};
        const Time start = from + (t - from) / core::k_second * core::k_second;
        const Time stop = std::min(start + core::k_second, over);
        return {ramp_rate(*this, start + (stop - start) / 2) * k_per_ns, stop};
    }
    case spike: {
        if (t < from) return {base * k_per_ns, from};
        if (t < over) return {base * factor * k_per_ns, over};
        return {base * k_per_ns, core::k_never};
    }
    case daily: {
        const Time length = std::max<Time>(every / k_pieces_a_day, 1);
        const Time number = t / length;
        const double phase = (static_cast<double>(number % k_pieces_a_day) + 0.5) / k_pieces_a_day;
        constexpr double k_turn = 6.283185307179586;
        // A day begins at its quietest.
        return {base * (1 - swing * core::cos(k_turn * phase)) * k_per_ns, (number + 1) * length};
    }
    case constant: break;
    }
    return {base * k_per_ns, core::k_never};
}

Time RateProfile::when_varying(Time since, double need) const {
    constexpr int k_pieces_most = 1000000; // nobody comes for that long: nobody comes
    Time t = since;
    for (int i = 0; i < k_pieces_most; ++i) {
        const Piece here = piece(t);
        if (here.end == core::k_never) return here.per_ns > 0 ? after(t, need / here.per_ns) : core::k_never;
        const double room = static_cast<double>(here.end - t) * here.per_ns;
        if (room >= need && here.per_ns > 0) return after(t, need / here.per_ns);
        need -= room;
        t = here.end;
    }
    return core::k_never;
}

double RateProfile::expected(Time since, Time until) const {
    double sum = 0;
    for (Time t = since; t < until;) {
        const Piece here = piece(t);
        const Time end_here = std::min(here.end, until);
        sum += static_cast<double>(end_here - t) * here.per_ns;
        t = end_here;
    }
    return sum;
}

} // namespace scale::kind
