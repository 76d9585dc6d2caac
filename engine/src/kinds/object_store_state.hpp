// What a store of objects keeps while it runs. Its block: [State], with a Server each.
#pragma once

#include "core/hash.hpp"
#include "kinds/object_store_record.hpp"
#include "kinds/shelf.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind::files {

using namespace sim;

inline constexpr unsigned k_demand_repair = 4;             // CPU time of a copy that is made anew
inline constexpr std::uint32_t k_told_apart = 1u << 20;    // objects that are repaired one by one
inline constexpr std::uint32_t k_nowhere = k_servers_most; // no server

enum Stage : std::uint8_t {
    at_work = 0,
    at_lookup,
    at_disk,
    at_gather,     // parked: copies are being written
    at_copy,       // of a branch's lowest frame: one of those copies; Frame::aux is which, times two
    at_fetch,      // of own work: a copy that is read for a server that lacks it
    at_store,      // ... and written there
    sending = 0x80 // with at_gather: not all copies are on their way yet
};

struct Server {
    Shelf shelf;                       // page cache
    std::uint32_t disks[k_disks_most]; // + 1: cpu
    std::uint32_t cursor, at_work;     // of its repair: the object to look at next, and copies under way
    std::uint32_t repairing, lost;     // flags: it may lack something; it has lost what it had once
    std::uint32_t waiting, pausing;    // flags: only servers that are down have it; again after a while
};

struct State {
    ShelfRules page_cache;
    Distribution seek;
    std::uint64_t reads, writes, hits, misses, unavailable, too_few, lost_reads, repaired, accesses,
        not_found;
    double first_byte_ns, ns_per_byte;
    Time lookup;
    std::uint32_t servers, keep, waits, reads_from, disks, seeks, repairs;
    std::uint32_t copy[k_copies_most]; // + 1: number in Sim::copies; version + 1 of each key
    std::uint32_t turn, self_edge;
    std::uint32_t origin, padding; // the version of what was there from the beginning
    Server server[k_servers_most];
};
static_assert(sizeof(Server) % 8 == 0 && sizeof(State) % 8 == 0);

inline std::uint32_t home_of(const State& state, std::uint32_t key) {
    return static_cast<std::uint32_t>(core::mix(key + 0x0B7Eu) % state.servers);
}
// The server of a copy of the object.
inline std::uint32_t server_of(const State& state, std::uint32_t key, std::uint32_t which) {
    return (home_of(state, key) + which) % state.servers;
}
inline bool up(const Sim& sim, NodeId id, std::uint32_t server) { return sim.instance(id, server).dead == 0; }

// Version + 1 of the copy; 0 where there is none. What nobody has written is there from the beginning.
inline std::uint32_t held(const Sim& sim, const State& state, std::uint32_t key, std::uint32_t which) {
    const std::uint32_t written = sim.known(state.copy[which] - 1, key);
    return written != 0                                           ? written
           : state.server[server_of(state, key, which)].lost == 0 ? state.origin + 1
                                                                  : 0;
}
inline bool is_current(const Sim& sim, NodeId id, std::uint32_t key, std::uint32_t which) {
    return held(sim, sim.state<State>(id), key, which) > sim.latest(id, key);
}
// Which copy of the object a server should have; none is `keep`.
inline std::uint32_t share_of(const State& state, std::uint32_t key, std::uint32_t server) {
    return std::min(state.keep, (server + state.servers - home_of(state, key)) % state.servers);
}
// A server that is up and has the latest of the object; k_nowhere. `others`: somebody has it who is down.
std::uint32_t source_of(Sim& sim, NodeId id, std::uint32_t key, bool& others);

std::uint64_t bytes_of(const State& state, std::uint32_t key);
void work_on_disk(Sim& sim, Request& request, Frame& here, std::uint32_t seeks);

} // namespace scale::kind::files
