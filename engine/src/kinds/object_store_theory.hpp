// The closed form of a store of objects.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::files {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{.flows = flows, .times = times};

} // namespace scale::kind::files
