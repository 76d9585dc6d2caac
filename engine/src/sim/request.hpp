// A request in flight: a record of 64 bytes and behind it, in the slab, a small stack of frames, one per node
// that it is inside.
#pragma once

#include "core/entry.hpp"
#include "core/time.hpp"

#include <cstdint>

namespace scale::sim {

using core::Time;
using NodeId = std::uint16_t;
using EdgeId = std::uint16_t;
using RequestId = std::uint32_t;
using SlotId = std::uint32_t;

inline constexpr std::uint32_t k_none = 0xFFFFFFFFu;
inline constexpr NodeId k_no_node = 0xFFFF;
inline constexpr EdgeId k_no_edge = 0xFFFF;
inline constexpr std::uint16_t k_any_instance = 0xFFFF;

// What a request is doing now: exactly one thing, and that says which list or slot holds it.
enum class Where : std::uint8_t {
    free,      // not a request: on the slab's free list
    moving,    // between two handlers of the same moment
    out,       // on an edge, in the list of the wire whose number is in `slot`
    back,      // the same, with an answer
    timer,     // in the timer heap for its node; `slot` is the low half of the entry's number
    out_timer, // in the timer heap, on an edge whose delay varies
    back_timer,
    lost_out, // in the timer heap: sent into a cut edge, the caller will give up
    lost_back,
    queued,  // waits for a worker of the instance in its top frame
    ready,   // has a worker, waits for a core of the CPU (or disk) whose number is in `slot`
    running, // has a core: `slot` is its event
    sharing, // one of several that share a CPU (processor sharing)
    parked   // rests in its node until the kind takes it up again: `slot` is the first of its branches
};

inline bool in_timers(Where where) { return where >= Where::timer && where <= Where::lost_back; }

// The first four are what users ask for; a fill gives a cache a value to keep, a forget tells it to drop one.
enum class RequestClass : std::uint8_t { page, write, asset, api, fill, forget };
inline constexpr int k_classes = 4;

// Work that is left behind for later: how it stands, in Frame::aux of a client's own frame (the lowest). A
// client that will ask for the result says so before it sends; whoever takes the work in leaves a receipt in
// Frame::entered of that frame, and answers by it later.
enum class Errand : std::uint8_t { none, wanted, left, asks, pending, done, failed };

struct Frame {
    Time entered = 0; // when the request arrived at the node
    NodeId node = 0;
    std::uint16_t instance = 0;
    EdgeId edge = k_no_edge; // the way it came, and the way its answer takes
    std::uint8_t stage = 0;  // how far the node's own program has got; the kind's business
    std::uint8_t aux = 0;

    // Node and instance. Read one by one, as they were written: together they would have to wait until the
    // writing is over.
    std::uint32_t home() const {
        std::uint64_t lower = node;
        core::detail::keep_apart(lower);
        return static_cast<std::uint32_t>(lower) | std::uint32_t{instance} << 16;
    }
};
static_assert(sizeof(Frame) == 16);

class Sim;
struct Request;
using Handling = void (*)(Sim&, Request&, Frame&); // by its kind: Behaviour::arrive, worked or returned
using Expecting = void (*)(const Sim&, NodeId, Request&); // Behaviour::expect

struct Request {
    Time born = 0; // when the user asked first; retries keep it
    std::uint32_t key = 0;
    std::uint32_t version = 0;              // of a read: what it saw of the key; of a write: what it made
    Time due = 0;                           // when it leaves the edge or timer; while queued, when it joined
    Time expires = 0;                       // when its client gives up; 0 is never
    RequestId next = k_none, prev = k_none; // the list that `where` names
    // In its client's patience. Of a branch, which has none: the next of its parent's branches, and the
    // parent.
    RequestId timeout_next = k_none, timeout_prev = k_none;
    SlotId slot = k_none;
    std::uint32_t user = 0;
    std::uint32_t bytes = 0; // of what it carries now
    Where where = Where::free;
    std::uint8_t depth = 0;                     // frames in use
    std::uint8_t attempt : 4 = 0, kind : 4 = 0; // retry number; RequestClass
    std::uint8_t outcome : 2 = 0, hit : 1 = 0;
    std::uint8_t base : 5 = 0; // frames below this one belong to somebody else: their caller gave up

    RequestClass request_class() const { return static_cast<RequestClass>(kind); }
    bool is_write() const { return request_class() == RequestClass::write; }
    bool tells_cache() const { return request_class() >= RequestClass::fill; }
};
static_assert(sizeof(Request) == 64);
inline constexpr std::uint32_t k_frames_most = 32; // as Request::base counts

// A list threaded through requests. Plain data: the requests are found in the slab.
struct RequestList {
    RequestId head = k_none;
    RequestId tail = k_none;
    std::uint32_t count = 0;
};

} // namespace scale::sim
