// Where keys lie: which shard has which part of the key space.
#pragma once

#include "kinds/shards_state.hpp"

#include <vector>

namespace scale::kind::sharding {

Layout wanted_layout(const Sim& sim, NodeId id);
bool same(const Layout& a, const Layout& b);
// Fills the layout's table or ring; from `before` on, where the method moves only what it must.
void lay_out(Sim& sim, NodeId id, const Layout& layout, const Layout* before);
// Where a row stands in the key space, and whose that is.
inline std::uint64_t token_of_row(std::uint32_t row) { return core::mix(row + 0x4E3Du); }
std::uint64_t token(Sim& sim, const State& state, const Layout& layout, const Request& request);
std::uint64_t token_of_item(const State& state, const Layout& layout, std::uint32_t item,
                            const std::vector<NodeId>& homes);
std::vector<NodeId> homes_of_users(const Sim& sim);
std::uint32_t owner(const Sim& sim, const Layout& layout, std::uint64_t token);
void weigh(Sim& sim, NodeId id); // State::bytes anew, key by key

} // namespace scale::kind::sharding
