// Resharding: data on its way from one layout to the next.
#pragma once

#include "kinds/shards_state.hpp"

namespace scale::kind::sharding {

void start_moving(Sim& sim, NodeId id);
void batch_done(Sim& sim, NodeId id, bool served);
void move_wake(Sim& sim, NodeId id, std::uint32_t token);
void size_up(Sim& sim, NodeId id); // instances for the layouts in use

} // namespace scale::kind::sharding
