// What one instance of a cache or CDN holds: real keys with a version, a size and a moment of expiry, bounded
// in items or in bytes. 40 bytes a key (60 under LFU), growing with the keys; the stores are numbers into
// Sim::stores, so that a copy of the state is a snapshot.
#pragma once

#include "sim/sim.hpp"

namespace scale::kind {

// How things are kept; plain data, from the parameters.
struct ShelfRules {
    core::Distribution size = {}; // of an object, in bytes; deterministic 0 takes what the answer weighs
    std::uint64_t bytes_most = 0; // per instance; 0 counts items
    double ttl_ns = 0;            // 0 is for ever
    double jitter = 0;            // share of the TTL that is drawn at random
    std::uint32_t items = 0;      // per instance
    std::uint32_t largest = 0;    // bytes of the largest object that is kept; 0 takes all
    std::uint32_t policy = 0;     // core::Eviction
    std::uint32_t sized = 0;      // objects have sizes of their own
};

struct Shelf {
    std::uint32_t store = 0;   // numbers into Sim::stores + 1; 0 is none
    std::uint32_t pending = 0; // keys that are being fetched
    std::uint32_t dirty = 0;   // writes that the store has not got yet
    std::uint32_t member = 0;  // of the n-th shelf: the n-th instance that takes part
    std::uint64_t bytes = 0;
    sim::Time died_at = 0; // of the instance, when it is dead
};

// KeyValue::size holds the bytes and a mark that the key is being fetched anew before it expires.
inline constexpr std::uint32_t k_refreshing = 1u << 31;
inline constexpr std::uint32_t k_size_most = (1u << 30) - 1;
inline constexpr std::uint32_t k_keys_most = 1u << 22; // of all instances of a node together; 170 MB

inline std::uint32_t size_of(const core::KeyValue& kept) { return kept.size & k_size_most; }

// Entries for so many bytes: room for twice as many objects of the median size (1 kB where nobody says), so
// that the bytes decide and not the entries.
std::uint32_t items_for(double bytes, double mean_size, double cv);
// Puts the store of one shelf in order after the rules have changed; what it holds stays as far as it fits.
void size_shelf(sim::Sim& sim, sim::NodeId id, Shelf& shelf, const ShelfRules& rules, std::uint32_t items);
// A store for other purposes, in the order of coming in: keys that are being fetched, or not yet written.
void size_list(sim::Sim& sim, std::uint32_t& number, std::uint32_t capacity);

// The same for a key for ever: large objects are always large.
std::uint32_t own_size(const ShelfRules& rules, std::uint64_t object);

struct Put {
    bool kept = false;
    std::uint32_t evicted = 0; // others that had to go
};
Put put(sim::Sim& sim, sim::NodeId id, Shelf& shelf, const ShelfRules& rules, std::uint64_t object,
        std::uint32_t version, std::uint32_t bytes);
bool drop(sim::Sim& sim, Shelf& shelf, std::uint64_t object);
void clear(sim::Sim& sim, Shelf& shelf);

} // namespace scale::kind
