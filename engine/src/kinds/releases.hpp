// How a release reaches the instances of a tier, and how it is taken back.
#pragma once

#include "kinds/fleet.hpp"

namespace scale::kind::fleet {

struct Deploy {
    Release release;
    Time restart = 0, observe = 0;
    std::uint32_t strategy = 0, batch = 1;
};
void deploy(Sim& sim, NodeId id, const Deploy& wanted);
void roll_back(Sim& sim, NodeId id);
void roll_on(Sim& sim, NodeId id); // the roll's timer is due
void went_live(Sim& sim, NodeId id, std::uint32_t index);
// Whether the code that this request needs is broken in the release that it has met; counts it.
bool meets_broken_code(Sim& sim, NodeId id, std::uint32_t index, const sim::Request& request);
std::uint16_t release_for_new_ones(const Fleet& fleet);

} // namespace scale::kind::fleet
