// What monitoring itself asks for: readings, as work on the cores of whoever is watched.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::monitoring {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::monitoring
