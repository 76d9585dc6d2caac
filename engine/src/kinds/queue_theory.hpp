// The closed forms of message queues and of the workers that they feed: one queue in front of all workers.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind::queue {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::queue

namespace scale::kind::workers {

void flows(sim::Forecast& here);
void times(sim::Forecast& here);
inline constexpr sim::ClosedForm k_theory{flows, times};

} // namespace scale::kind::workers
