// What a sharded database keeps while it runs.
#pragma once

#include "kinds/shards_record.hpp"
#include "sim/sim.hpp"

namespace scale::kind::sharding {

using sim::EdgeId;
using sim::NodeId;
using sim::Request;
using sim::RequestId;
using sim::Sim;
using sim::Time;

inline constexpr std::uint32_t k_slots = 1024;   // parts of the key space, for ranges, directory and growth
inline constexpr std::uint32_t k_chunks = 64;    // steps of a resharding
inline constexpr std::uint32_t k_instances = 64; // shards, and one for celebrities
inline constexpr unsigned k_demand_part = 4, k_demand_move = 5;
inline constexpr double k_batch_ms = 10; // CPU time of one batch of rows on the move

enum Method : std::uint32_t { by_modulo, by_range, by_ring, by_directory };
enum Key : std::uint32_t { of_row, of_user, of_region, of_time };
enum Cure : std::uint32_t { no_cure, own_shard, split, local_cache };

struct Layout {
    std::uint32_t method = 0, shards = 1, key = 0, points = 1;
    std::uint32_t table = 0, ring = 0; // in Sim::tables (owner of each slot) and Sim::rings
};

struct State {
    Layout now, next;          // next: while data is moving there
    double bytes[k_instances]; // that each shard holds
    std::uint64_t asked[k_instances];
    std::uint64_t double_reads, refused, local_hits, stale;
    std::uint64_t fed, on_the_way, behind, not_found; // over links to other stores
    double moved_share, moved_bytes;
    double row_bytes, capacity;
    Time lookup, local_ttl;
    std::uint32_t keys, answer_bytes;
    std::uint32_t added;                     // table: bytes that writes added to each slot (double)
    std::uint32_t plan;                      // table: what each chunk moves; see Plan
    std::uint32_t chunk, batches;            // done, and of this one still under way
    std::uint32_t moving, failed, line_busy; // flags
    std::uint32_t turn, store;               // store: number in Sim::stores + 1
    std::uint32_t celebrities, cure, parts, joins, copies, adds;
    std::uint32_t self_edge, ready;
    std::uint32_t copy, padding; // copy: number in Sim::copies + 1, where there are links
};

// Rows and bytes that one chunk takes from and gives to a shard.
struct Plan {
    std::uint64_t rows_out, rows_in;
    double bytes_out, bytes_in;
};

inline std::uint32_t slot_of(std::uint64_t token) { return static_cast<std::uint32_t>(token >> 54); }
inline std::uint32_t chunk_of(std::uint64_t token) { return static_cast<std::uint32_t>(token >> 58); }

enum Stage : std::uint8_t {
    at_work,
    at_lookup,
    at_first,                // asks the new shard, and the old one after it
    at_gather,               // parked; parts are out
    at_part,                 // of a branch's lowest frame: part of a join ...
    at_copy,                 // ... or a query like any other
    at_move,                 // of a batch of rows
    at_feed,                 // of a write on its way to another store
    gathering_failed = 0x40, // with at_gather: a part has failed
    sending = 0x80           // with at_gather: not all parts are out yet
};

} // namespace scale::kind::sharding
