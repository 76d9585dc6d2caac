// The closed form of servers: queues for workers and cores, and calls one after the other.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::server {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::server
