// What a database keeps. Its block: [State][Member ...], an instance each, then
// one per link to another database; the replication log and what users have
// seen are tables.
#pragma once

#include "kinds/database_record.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind::database {

using namespace sim;

inline constexpr unsigned k_demand_replay = 5;
inline constexpr std::uint32_t k_instances_most = 17; // the primary and its replicas; links come after
inline constexpr std::uint32_t k_users_seen = 1024;   // whose latest read and write are remembered

enum Stage : std::uint8_t {
    at_cpu = 0,
    at_disk,
    at_acks,    // a write, parked until enough copies have it
    at_apply,   // another database's message, parked until what it brings is
                // applied
    at_replay,  // own work: a copy applies a write
    at_ship,    // own work: a message to another database
    at_ack_way, // own work: an acknowledgement on its way from a replica
};

enum class Replication : std::uint32_t { async, semi_sync, sync };
enum class ReadsFrom : std::uint32_t { replicas, least, sticky, all, primary };

struct LogEntry {
    Time at = 0;
    std::uint32_t key = 0, version = 0;
    std::uint32_t base = 0;    // the version that its author had
    std::uint32_t request = 0; // + 1: who waits for acknowledgements
    std::uint16_t origin = 0;  // node that took the write
    std::uint8_t acked = 0;
    std::uint8_t padding[5] = {};
};
static_assert(sizeof(LogEntry) == 32);

// A write that only a dead primary had.
struct Orphan {
    std::uint32_t key = 0, version = 0;
};

struct SeenBy { // a user's latest read or write
    std::uint32_t user = 0, key = 0, version = 0;
};

// A copy of the data: an instance, or the far end of a link. Positions are
// those of the log.
struct Member {
    std::uint64_t sent, received, applied, acked;
    Time since;      // connected since
    Time copy_until; // a full copy is being made
    double lag_ns;
    std::uint64_t lag_count;
    RequestList waiting;           // messages that are answered once applied
    std::uint32_t work;            // + 1: the request that replays a write
    std::uint32_t copy;            // + 1: number in Sim::copies
    SlotId slot;                   // instances: the next write arrives
    std::uint32_t disk_cpu, store; // store: number in Sim::stores + 1, 0 is none
    std::uint8_t has_disk, has_slot, live, in_sync, copying, fresh, broken, blocked;
    std::uint8_t probing, padding[7];
};
static_assert(sizeof(Member) % 8 == 0);

struct State {
    Distribution disk;      // of a row that is not in memory
    Distribution search[2]; // on the disk, of reads and of writes, where rows are
                            // found by a plan
    std::uint64_t hits, misses, reads, writes;
    double disk_time; // ns that there were to read in, up to disk_since
    Time disk_since;
    std::uint32_t answer_bytes, capacity; // rows in memory, per instance
    std::uint32_t instances, links;
    std::uint32_t planned, searches[2];
    std::uint32_t truth; // + 1: number in Sim::copies; what is true in all that is linked
    double index_bytes, index_levels, disk_reads;
    // Replication:
    std::uint32_t active; // there are copies of the data
    std::uint32_t primary;
    std::uint32_t log, log_room; // table of the log + 1, and how many it holds
    std::uint32_t tail, tail_count, tail_owner;
    std::uint32_t seen, turn;
    std::uint32_t mode, reads_from, when_dead, takes_writes, has_replay;
    std::uint32_t stood_in, stand_epoch, given_writes, has_twins; // for those that feed it: stand_in.cpp
    std::uint32_t epoch, detecting, promoting, candidate, promotion_due, down;
    Time ship, down_since;
    std::uint64_t head, settled,
        safe;                // last position; nobody waits up to; some copy has up to
    std::uint64_t forgotten; // the log is empty up to here, besides what it has no room for
    double unwritable_ns;
    std::uint64_t stale, own_missed, went_back;
    std::uint64_t replicated, on_the_way, unlogged, lost, recovered, conflicts, promotions, copies;
    std::uint64_t not_found, refused;
};

// True from now on, here and for whoever else looks at the key.
inline void acknowledge(Sim& sim, NodeId id, const State& state, std::uint32_t key, std::uint32_t version) {
    sim.acknowledge(id, key, version);
    if (version > sim.known(state.truth - 1, key)) sim.learn(state.truth - 1, key, version);
}

inline Member* members(Sim& sim, NodeId id) { return reinterpret_cast<Member*>(&sim.state<State>(id) + 1); }
inline const Member* members(const Sim& sim, NodeId id) {
    return reinterpret_cast<const Member*>(&sim.state<State>(id) + 1);
}
inline bool is_database(const Sim& sim, NodeId id) {
    return (sim.scenario.nodes[id].kind->role & role_database) != 0;
}

inline std::uint64_t oldest_missing(const State& state) { // positions up to here have left the log
    return std::max(state.forgotten, state.head > state.log_room ? state.head - state.log_room : 0);
}
inline LogEntry& entry_at(Sim& sim, NodeId id, std::uint64_t position) {
    const State& state = sim.state<State>(id);
    return sim.table<LogEntry>(state.log - 1)[position % state.log_room];
}

} // namespace scale::kind::database
