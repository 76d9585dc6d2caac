// Who is logged in: real users in a table of bounded size, the one unused for longest out first. Kept by a
// server, by a session store, or (as tokens) by the browsers.
#pragma once

#include "sim/sim.hpp"

namespace scale::kind {

// Part of a kind's state.
struct Sessions {
    sim::Time idle = 0; // a session that nobody used for so long is over
    std::uint64_t found = 0, missed = 0;
    std::uint64_t lost = 0;    // were there, on a server or in a memory that is gone
    std::uint64_t expired = 0; // were there, too long ago
    std::uint64_t evicted = 0; // had to make room
    std::uint32_t table = 0;   // number in Sim::stores + 1; 0 is none
    std::uint32_t room = 0;

    void restart() { found = missed = lost = expired = evicted = 0; }
};

// The table, with room for that many sessions; one of another size starts empty.
void keep_sessions(sim::Sim& sim, sim::NodeId id, Sessions& sessions, double room);
// Ask the memory for it, in two steps; see core::KeyStore.
void fetch_session_cell(const sim::Sim& sim, const Sessions& sessions, const sim::Request& request);
void fetch_session(const sim::Sim& sim, const Sessions& sessions, const sim::Request& request);
// Both, where nothing comes between: waits for the first.
void fetch_session_at_once(const sim::Sim& sim, const Sessions& sessions, const sim::Request& request);
// Whether the user who asks has a session at this place; it then is in use anew. Without one it begins.
bool use_session(sim::Sim& sim, Sessions& sessions, const sim::Request& request, std::uint32_t place = 0);
// Forgets those that began after a moment; how many there were.
std::uint64_t lose_sessions(sim::Sim& sim, Sessions& sessions, sim::Time since);
double session_count(const sim::Sim& sim, const Sessions& sessions);

} // namespace scale::kind
