// Links from one database to another: messages over an edge, and what the other end makes of them.
#pragma once

#include "kinds/database.hpp"

namespace scale::kind::database {

void ship_over(Sim& sim, NodeId id, std::uint32_t index);
void message_arrived(Sim& sim, Request& request, Frame& here);
void message_returned(Sim& sim, Request& request);
// Takes in what another database has written: one write, or all that it has. The last writer wins.
void merge(Sim& sim, NodeId id, const LogEntry& entry);
void merge_all(Sim& sim, NodeId id, std::uint32_t source);
void answer_applied(Sim& sim, NodeId id, std::uint32_t index);
std::uint32_t link_index(const Sim& sim, NodeId from, EdgeId edge);

} // namespace scale::kind::database
