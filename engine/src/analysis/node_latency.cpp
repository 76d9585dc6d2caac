// How long a node took, as a distribution.
#include "scale/node_latency.hpp"

#include "sim/sim.hpp"

namespace scale {

void node_latency_buckets(const World& world, int node, std::vector<double>& upper_ms,
                          std::vector<std::uint64_t>& counts) {
    const core::Histogram& seen = world.inside().latency[static_cast<std::size_t>(node)];
    upper_ms.clear();
    counts.clear();
    for (std::uint32_t i = seen.lowest_used(); i <= seen.highest_used() && seen.count != 0; ++i) {
        upper_ms.push_back(core::to_ms(core::Histogram::bucket_value(i)));
        counts.push_back(seen.counters[i]);
    }
}

} // namespace scale
