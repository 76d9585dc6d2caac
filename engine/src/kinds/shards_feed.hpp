// Links from shards to other stores: every write is sent on there, once it is acknowledged.
#pragma once

#include "kinds/shards_state.hpp"

namespace scale::kind::sharding {

// Whoever has such links, or is fed over them, knows only what has come in; others know the truth.
void set_up_feeds(Sim& sim, NodeId id);
bool is_feed(const Sim& sim, EdgeId edge); // a link between stores
// A write is done here: of a client's, `version` is new and goes on; a fed one is learnt.
void feed(Sim& sim, NodeId id, std::uint32_t key, std::uint32_t user, std::uint32_t version);
void take_in(Sim& sim, NodeId id, std::uint32_t key, std::uint32_t version);
// What a read finds here.
std::uint32_t version_here(Sim& sim, NodeId id, std::uint32_t key);
// A write that was sent on has come back, or its wait is over.
void feed_returned(Sim& sim, Request& request);
void feed_again(Sim& sim, Request& request);

} // namespace scale::kind::sharding
