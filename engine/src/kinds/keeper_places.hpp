// Who holds what on a tier that keeps answers, and the writes that it keeps back: what keeper.cpp asks
// keeper_places.cpp for.
#pragma once

#include "kinds/keeper.hpp"

namespace scale::kind {

namespace keep_inner {
inline constexpr std::uint8_t k_at_flush = 7; // Frame::stage of a write that was kept back
// The number of the instance that stands nearest to the user who asks, dead or alive.
std::uint32_t nearest(const sim::Sim& sim, sim::NodeId id, const sim::Request& request);
inline std::uint64_t hash_of_key(std::uint32_t key) { return core::mix(key + 0xCAC4Eu); }
// Numbers of the instances that hold a key, at most `most`, the first first.
std::uint32_t holders(const sim::Sim& sim, sim::NodeId id, std::uint32_t key, std::uint32_t most,
                      std::uint32_t* out);
// The usual case of it: a ring, and one copy of each key.
inline bool has_owner(const sim::Sim& sim, const Keeper& state) {
    return state.rules.scope == Scope::by_ring && state.rules.replicas == 1 &&
           !sim.rings[state.ring - 1].empty();
}
inline std::uint32_t owner(const sim::Sim& sim, const Keeper& state, std::uint32_t key) {
    return sim.rings[state.ring - 1].owner(hash_of_key(key));
}
void write_back(sim::Sim& sim, sim::Request& request, sim::Frame& here, std::uint64_t object);
void flushed(sim::Sim& sim, sim::Request& request, sim::Frame& here);
sim::EdgeId way_back(const sim::Sim& sim, sim::NodeId id, const sim::Request& request);
void put_everywhere(sim::Sim& sim, const sim::Request& request, const sim::Frame& here, std::uint64_t object);
void drop_everywhere(sim::Sim& sim, const sim::Request& request, const sim::Frame& here,
                     std::uint64_t object);
} // namespace keep_inner

} // namespace scale::kind
