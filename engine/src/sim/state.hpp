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
    Random service, route, arrival, key, mix, retry, think, network;
};
inline constexpr int k_purposes = 8;
static_assert(sizeof(Streams) == k_purposes * sizeof(Random));

// What handles a due slot.
enum class Handler : std::uint8_t { free, cpu, sharing, edge_out, edge_back, timers, patience, kind };

struct Slot {
    RequestId request = k_none;
    SlotId next_free = k_none;
    std::uint32_t owner = 0;   // cpu, edge or node, by handler
    std::uint16_t channel = 0; // the kind's own number
    Handler handler = Handler::free;
    std::uint8_t padding = 0;
};
static_assert(sizeof(Slot) == 16);

// Cores that work on requests; an instance has its own, or those of its machine. Also the arms of a disk.
struct Cpu {
    Time since = 0;              // when busy_area was brought up to date
    std::uint64_t busy_area = 0; // core-ns in use since the start of measuring
    RequestList ready;           // have a worker, wait for a core
    std::uint32_t cores = 1;
    std::uint32_t running = 0; // requests on a core, or sharing the cores
    double slow = 1;           // service times are multiplied by this
    double attained = 0;       // sharing: work that a job present all the time would have had, ns
    Time attained_at = 0;
    SlotId slot = k_none;      // sharing: the next completion
    SlotId free_slot = k_none; // others: slots of idle cores
    std::uint32_t slots = 0;
    std::uint8_t sharing = 0; // processor sharing instead of one job per core
    std::uint8_t padding[3] = {};

    void settle(Time now) {
        const std::uint32_t busy = running < cores ? running : cores;
        busy_area += (now - since) * busy;
        since = now;
    }
};

struct SharedJob {
    double done_at; // in units of Cpu::attained
    RequestId request;
    std::uint32_t order; // ties by arrival
};

// One server of a tier: workers (threads, connections), the queue in front of them and the cores behind.
struct Instance {
    Time since = 0;               // when the areas were brought up to date
    std::uint64_t held_area = 0;  // worker-ns in use
    std::uint64_t queue_area = 0; // request-ns waiting for a worker
    std::uint64_t arrivals = 0;
    RequestList waiting;
    std::uint32_t workers = 1;
    std::uint32_t held = 0;
    std::uint32_t queue_limit = 0;
    std::uint32_t cpu = 0;
    double slow = 1;           // service times are multiplied by this
    std::uint16_t ejected = 0; // balancers that send nothing here
    std::uint8_t dead = 0;
    std::uint8_t last_in_first_out = 0;
    std::uint8_t padding[4] = {};

    void settle(Time now) {
        const Time passed = now - since;
        held_area += passed * held;
        queue_area += passed * waiting.count;
        since = now;
    }
};

struct Node {
    std::uint32_t first_instance = 0;
    std::uint32_t instances = 0;
    std::uint32_t instance_room = 0; // records reserved from first_instance on
    std::uint32_t first_out = 0;     // outgoing edges, in order of the scenario: out_edges[first_out ...]
    std::uint32_t outs = 0;
    std::uint32_t inside = 0;           // requests with a frame here
    std::uint32_t machine_cpu = k_none; // the shared CPU when the node stands on a machine
    std::uint32_t next_instance = 0;    // callers without a balancer take turns
    // Since the end of the warm-up:
    std::uint64_t arrivals = 0, completed = 0, failed = 0, rejected = 0;
    std::uint64_t timed_out = 0, attempts = 0, open = 0; // of clients
    std::uint64_t served = 0, wait_sum = 0;              // got a worker, and ns until then
};

struct Edge {
    NodeId from = 0, to = 0;
    std::uint8_t cut = 0;
    std::uint8_t carries = 0;  // EdgeCarries
    std::uint8_t constant = 1; // the delay does not vary: first in, first out
    std::uint8_t calls = 1;    // times a server makes this call for one request
    Time delay = 0;            // one way; mean when it varies
    Time give_up = 0;          // a caller without any sign of life fails after this
    double ns_per_byte = 0;    // 0 is unlimited
    double weight = 1;
    Distribution varying;             // when not constant
    Time out_free = 0, back_free = 0; // bandwidth: when the line is free again
    RequestList out, back;
    SlotId out_slot = k_none, back_slot = k_none;

    bool instant() const { return delay == 0 && ns_per_byte == 0 && cut == 0; }
};

// A timer that belongs to no request.
struct Wake {
    std::uint32_t token = 0;
    std::uint32_t next_free = k_none;
    std::uint32_t node = 0;
    std::uint32_t padding = 0;
};

// Requests that wait for their client's patience to end, soonest first.
struct Patience {
    RequestId head = k_none, tail = k_none;
    SlotId slot = k_none;
    std::uint32_t armed = 0; // the slot is scheduled
};

} // namespace scale::sim
