// The closed form of a sharded database: every shard a station with its own part of the load, by where the
// keys lie; joins and copies wait for the slowest.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::sharding {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::sharding
