// The closed form of CDNs: every point of presence a cache of its own, hits by Che's approximation.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::cdn {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::cdn
