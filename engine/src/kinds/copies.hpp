// How many copies of a database's data there are, where reads go, and how far the copies are behind.
#pragma once

#include "kinds/database.hpp"

namespace scale::kind::database {

void configure_copies(Sim& sim, NodeId id, std::uint32_t instances_before);
std::uint32_t choose_reader(Sim& sim, NodeId id, const Request& request);
double mean_lag_ms(const Sim& sim, NodeId id);
std::uint64_t writes_behind(const Sim& sim, NodeId id);

} // namespace scale::kind::database
