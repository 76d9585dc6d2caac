// The plain records that the simulated state is made of. Everything here is copied by a snapshot and hashed
// by the digest as bytes, so no record has holes and none holds a pointer.
#pragma once

#include "core/distribution.hpp"
#include "core/random.hpp"
#include "sim/request.hpp"

namespace scale::sim {

using core::Distribution;
using core::Random;

// One stream of random numbers per node and purpose, so that two designs can be compared on the same draws.
struct Streams {
    Random service, route, arrival, key, mix, retry, think, network, failure;
};
inline constexpr int k_purposes = 9;
static_assert(sizeof(Streams) == k_purposes * sizeof(Random));

// What handles a due slot.
enum class Handler : std::uint8_t { free, cpu, sharing, wire, timers, patience, kind, failure };

// What a core works on, or what is the first on a wire, and who goes on with it: known as soon as the slot
// is, as nobody can predict it and what is read of the request itself comes many cycles later. Follows from
// that request; means nothing while there is none.
struct Coming {
    std::uint64_t word = 0;
    Handling handler = nullptr; // Behaviour::worked, or one of Program::incoming

    Coming() = default;
    Coming(std::uint32_t frame, std::uint32_t home, Handling its)
        : word(frame | std::uint64_t{home} << 32), handler(its) {}
    // Slab::offset_of the top frame; and of a core, Frame::home() of it, of a wire, offset_of the request.
    std::uint32_t frame() const { return static_cast<std::uint32_t>(word); }
    std::uint32_t home() const { return static_cast<std::uint32_t>(word >> 32); }
    std::uint32_t request() const { return home(); }
};

// What is hashed of a slot; what follows from it stands beside it.
struct SlotState {
    RequestId request = k_none;
    SlotId next_free = k_none;
    std::uint32_t owner = 0;   // cpu, wire or node, by handler
    std::uint16_t channel = 0; // the kind's own number
    Handler handler = Handler::free;
    std::uint8_t program = 0; // of a kind's own slot: Node::program
};
static_assert(sizeof(SlotState) == 16);

struct Slot : SlotState {
    Coming coming;
};
static_assert(sizeof(Slot) == 32); // never in two cache lines

// Time integral of a count, in units of count x ns: only changes of the count touch it. The sum wraps around
// and comes back, so that only the value at a moment means something.
struct Area {
    std::uint64_t sum = 0;
    void up(Time now) { sum -= now; }
    void down(Time now) { sum += now; }
    std::uint64_t at(Time now, std::uint64_t count) const { return sum + count * now; }
    void restart(Time now, std::uint64_t count) { sum = 0 - count * now; }
};

// Cores that work on requests; an instance has its own, or those of its machine. Also the arms of a disk.
struct Cpu {
    Area busy; // cores in use since the start of measuring
    std::uint32_t cores = 1;
    std::uint32_t running = 0; // requests on a core, or sharing the cores
    RequestList ready;         // have a worker, wait for a core
    SlotId free_slot = k_none; // slots of idle cores
    double slow = 1;           // service times are multiplied by this
    double attained = 0;       // sharing: work that a job present all the time would have had, ns
    Time attained_at = 0;
    SlotId slot = k_none; // sharing: the next completion; none when every job has a core of its own
    std::uint32_t slots = 0;

    bool sharing() const { return slot != k_none; }
    std::uint32_t in_use() const { return running < cores ? running : cores; }
};
static_assert(sizeof(Cpu) == 64);

struct SharedJob {
    double done_at; // in units of Cpu::attained
    RequestId request;
    std::uint32_t order; // ties by arrival
};

// Instance::dead: why nobody answers there.
inline constexpr std::uint8_t k_dead = 1;       // until somebody restores it
inline constexpr std::uint8_t k_booting = 0x80; // alone: it comes up by itself; between them: failures.cpp
inline constexpr std::uint8_t k_all_causes = 0xFF;

// One server of a tier: workers (threads, connections), the queue in front of them and the cores behind.
struct Instance {
    RequestList waiting;
    std::uint32_t workers = 1;
    std::uint32_t held = 0;
    std::uint32_t queue_limit = 0;
    std::uint32_t cpu = 0;
    std::uint8_t dead = 0; // why it is down, a bit each; 0 is up
    std::uint8_t last_in_first_out : 1 = 0;
    std::uint8_t draining : 1 = 0; // takes what comes, and balancers send nothing more
    std::uint8_t boots : 6 = 0;    // how often it has begun to boot, to tell timers apart
    std::uint8_t ejected = 0;      // balancers that send nothing here
    std::uint8_t plain = 0;        // alive, in order, at full speed, a core of its own for every worker
    Area held_area;                // workers in use since the start of measuring
    Area queue_area;               // requests waiting for a worker
    std::uint64_t arrivals = 0;    // since the end of the warm-up
    double slow = 1;               // service times are multiplied by this

    bool down() const { return dead != 0 && dead != k_booting; }     // until somebody mends it
    bool away() const { return dead == k_booting || draining != 0; } // callers know and turn to others
};
static_assert(sizeof(Instance) == 64);

// Node::works_aside: its kind puts work on the cores besides that of the workers; so does who watches it.
inline constexpr std::uint16_t k_aside = 1, k_scraped = 2;

// The part of a node that every request touches.
struct Node {
    std::uint32_t first_instance = 0;
    std::uint32_t instances = 0;
    std::uint32_t instance_room = 0; // records reserved from first_instance on
    std::uint32_t first_out = 0;     // outgoing edges, in order of the scenario: out_edges[first_out ...]
    std::uint32_t outs = 0;
    std::uint32_t next_instance = 0; // callers without a balancer take turns
    std::uint32_t block = 0;         // what its kind keeps: arena[block ...]
    std::uint32_t block_words = 0;
    std::uint32_t machine_cpu = k_none; // the shared CPU when the node stands on a machine
    std::uint16_t works_aside = 0;      // k_aside, k_scraped
    std::uint16_t program = 0;          // of its kind: Sim::programs[program]
    // Since the end of the warm-up:
    std::uint64_t completed = 0;
    std::uint64_t served = 0, wait_sum = 0; // got a worker, and ns until then
};
static_assert(sizeof(Node) == 64);

// What went wrong at a node and what was changed there last; for those who watch it.
struct Care {
    Time troubled_since = 0;       // the first trouble that nobody has mended yet; 0 is none
    Time released_at = 0;          // when the latest release went live; 0 is never, or taken back
    std::uint64_t bad_release = 0; // it is slower, or fails some requests
};

// The rest of its counters, since the end of the warm-up.
struct Tally {
    std::uint64_t failed = 0, rejected = 0;
    std::uint64_t asked = 0, timed_out = 0, attempts = 0; // of clients: new requests, ...
    std::uint64_t open = 0;                               // of clients: requests without an outcome
    std::uint64_t inside_at_start = 0;                    // at the end of the warm-up
    std::uint64_t stored = 0; // things that wait there and are no requests: messages
    Area stored_area;
    double core_time = 0, worker_time = 0; // ns that there were to use, up to ...
    Time capacity_since = 0;               // ... this moment
};

// Requests that travel equally long, on whatever edges: so they arrive in the order in which they set off,
// and only the first of them is a pending event. An edge of limited bandwidth has wires of its own, one each
// way.
struct Wire {
    RequestList list;
    SlotId slot = k_none;
    Time delay = 0;          // of shared ones
    std::uint32_t uses = 0;  // ways of edges; without any it is given to another delay once it is empty
    std::uint32_t owned = 0; // by one edge
};

struct Edge {
    NodeId from = 0, to = 0;
    std::uint8_t cut = 0;      // why nothing gets through, a bit each: k_cut_itself ...
    std::uint8_t carries = 0;  // EdgeCarries
    std::uint8_t constant = 1; // the delay does not vary: first in, first out
    std::uint8_t instant = 1;  // nothing holds a request up here
    Time delay = 0;            // one way; mean when it varies
    Time distance = 0;         // part of it: between the places that its ends stand in
    std::uint32_t out_wire = k_none, back_wire = k_none;
    Time out_last = 0, back_last = 0; // when the wires were changed: the last of those on their way arrives
    Time out_free = 0;                // bandwidth: when the line is free again
    Time back_free = 0;
    Time give_up = 0;                            // a caller without any sign of life fails after this
    double ns_per_byte = 0;                      // 0 is unlimited
    std::uint64_t out_bytes = 0, back_bytes = 0; // that took time, since the end of the warm-up
    double weight = 1;
    std::uint64_t calls = 1; // times a server makes this call for one request
    Distribution varying;    // when not constant
};

inline constexpr std::uint8_t k_cut_itself = 1, k_cut_place = 2;

// Instances of a node that fail at random, each on its own.
struct Failing {
    double mtbf_ns = 0;      // mean time from a repair to the next failure; 0 is never
    double mttr_ns = 0;      // mean time to repair
    std::uint64_t whole = 0; // instances that are added later do, too
};

// How a request gets over an edge.
enum class Goes : std::uint8_t {
    at_once, // nothing holds it up, and nobody watches
    by_wire, // it takes its time, always the same and for all alike, and nobody watches
    rarely   // anything else
};

// What is looked at of an edge for every request, side by side: one load. Follows from the edge.
struct Way {
    NodeId to = 0;
    std::uint8_t carries = 0; // EdgeCarries
    Goes goes = Goes::at_once;
};
static_assert(sizeof(Way) == 4);

// What a kind has worked out beforehand, from what is hashed.
struct alignas(64) Prepared {
    std::uint8_t bytes[64] = {};
};

// What a node has and how much of it was used since the end of the warm-up.
struct Capacity {
    std::uint64_t busy_area = 0, held_area = 0, queue_area = 0; // core-ns, worker-ns, request-ns
    double cores = 0, workers = 0;                              // of the instances that are up; never 0
    double core_time = 0, worker_time = 0; // core-ns and worker-ns that there were to use
    std::uint64_t running = 0, held = 0, waiting = 0;
};

// Where a request stands for several, one core, worker or disk arm may be more than their share of the real
// ones, for there is no less than one: which part of one it stands for.
struct Parts {
    double core = 1, worker = 1, disk = 1;
    std::uint32_t instances = 1; // and how many instances each that is left stands for
};

// Service demands that a node has on hand: by class of request, and for what comes after its calls.
inline constexpr unsigned k_demands = 8;
inline constexpr unsigned k_demand_after = 4;

// A timer that belongs to no request.
struct Wake {
    std::uint32_t token = 0;
    std::uint32_t next_free = k_none;
    std::uint32_t node = 0;
    std::uint32_t boots = 0; // not for the kind: an instance comes up, `token` says which
};

// Requests that wait for their client's patience to end, soonest first.
struct Patience {
    RequestId head = k_none, tail = k_none;
    SlotId slot = k_none;
    std::uint32_t armed = 0; // the slot is scheduled
};

} // namespace scale::sim
