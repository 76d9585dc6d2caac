#pragma once
// How long a node took, as a distribution: from arrival at it to its answer.

#include <cstdint>
#include <vector>

#include "scale/world.hpp"

namespace scale {

// Counts per bucket of the engine's histogram, and bucket values; of the whole system:
// World::latency_buckets.
void node_latency_buckets(const World& world, int node, std::vector<double>& upper_ms,
                          std::vector<std::uint64_t>& counts);

} // namespace scale
