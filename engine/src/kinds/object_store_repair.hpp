// Copies that are made anew: for servers that were down, were full, or lost their disks.
#pragma once

#include "kinds/object_store_state.hpp"

namespace scale::kind::files {

// The server looks for what it lacks, from that object on, after so long.
void look_for_gaps(Sim& sim, NodeId id, std::uint32_t server, std::uint32_t from, Time after);
void repair_next(Sim& sim, NodeId id, std::uint32_t server);
void repair_returned(Sim& sim, Request& request, Frame& origin);
void repair_woken(Sim& sim, NodeId id, std::uint32_t server);
void lose_data(Sim& sim, NodeId id, std::uint32_t server);

} // namespace scale::kind::files
