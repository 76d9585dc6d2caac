// A tier that keeps answers: what caches and CDNs have in common. Each instance has a shelf of real keys;
// what is not on it is fetched from behind (or the caller is told to), once for all who ask at the same time
// if so wished. A kind fills in the rules, says which instance a request reaches, and shows the counters.
#pragma once

#include "kinds/shelf.hpp"
#include "sim/station.hpp"

namespace scale::kind {

enum class Strategy : std::uint8_t {
    look_aside,    // the caller fetches and fills, and makes it forget after a write
    read_through,  // it fetches itself; a write passes through and drops the copy
    write_through, // a write passes through and is kept
    write_back,    // a write is kept and answered; the store gets it later
    write_around   // a write passes by: the copy stays as it was until it expires
};

enum class Coalesce : std::uint8_t { none, wait, stale };

// Which instance holds a key.
enum class Scope : std::uint8_t { by_caller, one, by_ring, by_modulo, by_user };

struct KeeperRules {
    ShelfRules shelf = {};
    double early = 0;          // factor of refreshing early by chance; 0 is off
    double ahead = 0;          // share of the TTL before its end at which it is fetched anew; 0 is off
    sim::Time lease = 0;       // one that fetches is given so long
    sim::Time flush_after = 0; // write-back: age of a write when the store gets it
    sim::Time detect = 0;      // until a dead instance is left out
    std::uint32_t dirty_most = 0, replicas = 1, points = 64;
    std::uint32_t instances = 1;
    Strategy strategy = Strategy::look_aside;
    Coalesce coalesce = Coalesce::none;
    Scope scope = Scope::one;
    std::uint8_t keeps = 0xF; // a bit per RequestClass
    std::uint8_t stale_on_error = 0;
    std::uint8_t apart = 0;     // assets are other objects than the data of the same key
    std::uint8_t versioned = 0; // a new version is a new object
    std::uint8_t has_work = 0;
};

// Since the end of the warm-up.
struct KeeperCounts {
    std::uint64_t hits = 0, misses = 0, stale = 0, expired = 0, evicted = 0, fetches = 0, coalesced = 0,
                  refreshed = 0, lost = 0, flushed = 0, passed = 0, requests = 0;
    std::uint64_t bytes_out = 0, bytes_kept = 0, bytes_fetched = 0; // bytes_kept: answered from the shelf
};

inline constexpr std::uint32_t k_callers_most = 16;

// Without holes: the digest reads it as bytes.
struct Keeper {
    KeeperRules rules = {};
    KeeperCounts counts = {};
    double fetch_ns = 0;             // of late, on average
    double moved = 0;                // share of the keys that the last change of the ring gave to another
    sim::RequestList releasing = {}; // waited for a fetch that is now back
    std::uint32_t shelves = 0;       // there are
    std::uint32_t members = 0;       // instances among which the keys are spread
    std::uint32_t ring = 0;          // number into Sim::rings + 1
    std::uint32_t points = 0;        // of each member on it
    sim::SlotId flush_slot = sim::k_none;
    std::uint32_t ready = 0, has_back = 0, clipped = 0;
    std::uint32_t caller_count = 0;
    sim::EdgeId callers[k_callers_most] = {};
};
static_assert(sizeof(Keeper) == sizeof(KeeperRules) + sizeof(KeeperCounts) + 96 &&
              sizeof(KeeperRules) == 168);

inline Keeper& keeper(sim::Sim& sim, sim::NodeId id) { return sim.state<Keeper>(id); }
inline const Keeper& keeper(const sim::Sim& sim, sim::NodeId id) { return sim.state<Keeper>(id); }
inline const Shelf* shelves(const sim::Sim& sim, sim::NodeId id) {
    return reinterpret_cast<const Shelf*>(&sim.state<Keeper>(id) + 1);
}
inline Shelf* shelves(sim::Sim& sim, sim::NodeId id) {
    return reinterpret_cast<Shelf*>(&sim.state<Keeper>(id) + 1);
}

// In configure(), with the rules read: instances, shelves, ring.
void settle(sim::Sim& sim, sim::NodeId id, const KeeperRules& rules, sim::station::Size size);
// Empties every shelf; `hottest` > 0 only of that many of the most popular keys.
void purge(sim::Sim& sim, sim::NodeId id, std::uint32_t hottest);
std::uint64_t items_held(const sim::Sim& sim, sim::NodeId id);
std::uint64_t bytes_held(const sim::Sim& sim, sim::NodeId id);
std::uint64_t writes_held(const sim::Sim& sim, sim::NodeId id);

// Handlers, see sim::Behaviour.
namespace keep {
void arrive(sim::Sim& sim, sim::Request& request, sim::Frame& here);
void expect(const sim::Sim& sim, sim::NodeId id, sim::Request& request);
void worked(sim::Sim& sim, sim::Request& request, sim::Frame& here);
void returned(sim::Sim& sim, sim::Request& request, sim::Frame& here);
void dropped(sim::Sim& sim, sim::Request& request, sim::Frame& here);
void timer(sim::Sim& sim, sim::Request& request, sim::Frame& here);
void fire(sim::Sim& sim, sim::NodeId id, sim::SlotId slot, std::uint16_t channel);
void life(sim::Sim& sim, sim::NodeId id, int instance, bool alive);
void above(sim::Sim& sim, sim::NodeId id, sim::EdgeId edge, int instance);
void leave_ring(sim::Sim& sim, sim::NodeId id, std::uint32_t instance);
void measure(sim::Sim& sim, sim::NodeId id);
std::uint16_t route(sim::Sim& sim, sim::NodeId id, const sim::Request& request);
} // namespace keep

} // namespace scale::kind
