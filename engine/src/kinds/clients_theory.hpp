// The closed form of clients: what they ask for, open or closed, tries and patience, names from caches.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::clients {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::clients
