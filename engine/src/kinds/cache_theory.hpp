// The closed form of caches: hits by Che's approximation, a queue for its cores, fetches of what is missing.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::cache {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::cache
