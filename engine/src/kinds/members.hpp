// What groups (machines, places) hand down to what stands in them.
#pragma once

#include "sim/sim.hpp"

namespace scale::kind {

// Carries a verb out on all members, also those of groups inside, that have it in their own records. False
// when none has.
bool pass_down(sim::Sim& sim, sim::NodeId group, const Command& command);

} // namespace scale::kind
