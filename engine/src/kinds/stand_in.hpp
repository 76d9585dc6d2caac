// A database that takes the writes while those that feed it over links are down, and hands them back.
#pragma once

#include "kinds/database.hpp"

namespace scale::kind::database {

void look_for_dead_feeders(Sim& sim, NodeId id);
void stand_in_woken(Sim& sim, NodeId id, std::uint32_t what, std::uint32_t number);
// Whether it takes writes now: as set, or as standing in has it.
bool writes_here(const Sim& sim, NodeId id, const State& state);

} // namespace scale::kind::database
