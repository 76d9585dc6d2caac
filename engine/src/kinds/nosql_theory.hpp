// The closed form of a NoSQL store: nodes that all do their part of every request; a quorum is an order
// statistic.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::nosql {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::nosql
