// What a message queue keeps while it runs, how that follows from its parameters, and its figures.
#pragma once

#include "kinds/consumers.hpp"
#include "kinds/messages.hpp"
#include "kinds/queue_record.hpp"

namespace scale::kind::queue {

using namespace sim;

struct Counters {
    std::uint64_t published, acknowledged, dead, lost, redelivered, duplicates, out_of_order;
    std::uint64_t first_deliveries, wait_sum, done_sum; // ns
};

struct State {
    MessageBook book;
    Counters counted;
    Distribution copying;
    std::uint64_t last_number, newest_done;
    Time visibility, retry_delay;
    RequestList blocked; // producers that wait for room
    SlotId visibility_slot, delay_slot;
    std::uint32_t capacity, prefetch, deliveries_most, copies, further; // further copies to wait for
    std::uint32_t copying_now;                                          // producers that wait for copies
    std::uint8_t blocks, last_in_first_out, durable, once, ready, padding[3];
    ConsumerLine line;
};

inline Messages messages(Sim& sim, State& state) { return Messages(sim, state.book); }
inline Consumer* consumer_records(Sim& sim, NodeId id) {
    return reinterpret_cast<Consumer*>(&sim.state<State>(id) + 1);
}
inline Consumers consumers(Sim& sim, NodeId id) {
    return Consumers(sim, sim.state<State>(id).line, consumer_records(sim, id));
}

inline bool is_up(const Sim& sim, NodeId id) { return sim.instance(id, 0).dead == 0; }

// The list of consumers anew; those that were there keep what they have.
void list_consumers(Sim& sim, NodeId id);
void read_params(const Sim& sim, NodeId id, State& state);
void measure(Sim& sim, NodeId id);
double metric(const Sim& sim, NodeId id, int index);

} // namespace scale::kind::queue
