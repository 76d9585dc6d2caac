// The closed form of databases: connections, cores, a buffer pool by Che, and the disk as a second station.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::database {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::database
