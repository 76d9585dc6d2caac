// What several kinds share: the shapes of service times, and list prices.
#pragma once

#include "core/distribution.hpp"
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

// Round list prices of general-purpose cloud machines, USD per month, on demand. Changeable per node.
namespace price {
inline constexpr double k_core = 35;          // one core of a server with its memory
inline constexpr double k_database_core = 70; // managed database: licence, backups and storage included
inline constexpr double k_memory_million_items = 12; // 1 GB of memory per million items of 1 kB
inline constexpr double k_cache_node = 15; // the small machine that a cache runs on, without its memory
inline constexpr double k_balancer = 25;
inline constexpr double k_broker = 60; // a message broker with its disk
inline constexpr double k_dns_zone = 1;
} // namespace price

} // namespace scale::kind
