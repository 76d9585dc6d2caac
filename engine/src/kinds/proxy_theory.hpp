// The closed form of proxies: own work, ways by weight, and one fetch for equal reads (collapsed forwarding).
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::proxy {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::proxy
