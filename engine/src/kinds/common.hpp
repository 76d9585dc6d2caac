// What several kinds share: the shapes of service times, and list prices.
#pragma once

#include "core/distribution.hpp"
#include "kinds/prices.hpp"
#include "scale/kind.hpp"

namespace scale::kind {

inline constexpr Choice k_shapes[] = {
    {"deterministic", {"always the same", "고정"}},
    {"exponential", {"exponential", "지수"}},
    {"uniform", {"uniform", "균등"}},
    {"gamma", {"gamma (Erlang)", "감마(얼랑)"}},
    {"lognormal", {"lognormal", "로그 정규"}},
    {"hyper-exponential", {"hyper-exponential", "초지수"}},
};
inline constexpr int k_deterministic = 0;
inline constexpr int k_exponential = 1;

// A choice of k_shapes, in the order of core::Shape.
inline core::Distribution distribution(double shape, double mean_ms, double cv) {
    return core::Distribution::make(static_cast<core::Shape>(static_cast<int>(shape)), mean_ms * 1e6, cv);
}

} // namespace scale::kind
