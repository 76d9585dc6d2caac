// The replication log and its way to the copies: to instances of the same node after a while, to other
// databases as messages over their edge. A copy applies what it has received one after the other.
#pragma once

#include "kinds/database.hpp"

namespace scale::kind::database {

inline bool is_link(std::uint32_t index) { return index >= k_instances_most; }
inline EdgeId edge_of(const Sim& sim, NodeId id, std::uint32_t index) {
    return sim.out_edge(id, index - k_instances_most);
}

// Where a copy is.
struct Place {
    NodeId node;
    std::uint32_t instance;
};
inline Place place_of(Sim& sim, NodeId id, std::uint32_t index) {
    if (!is_link(index)) return {id, index};
    const NodeId to = sim.edges[edge_of(sim, id, index)].to;
    return {to, sim.state<State>(to).primary};
}

inline bool primary_alive(Sim& sim, NodeId id) {
    return sim.instance(id, sim.state<State>(id).primary).dead == 0;
}
inline bool shipping(Sim& sim, NodeId id) {
    return primary_alive(sim, id) && sim.state<State>(id).promoting == 0;
}

// A position that a message carries the low half of.
inline std::uint64_t whole_position(std::uint64_t head, std::uint32_t low) {
    return head - static_cast<std::uint32_t>(static_cast<std::uint32_t>(head) - low);
}

// The log no longer holds what the copy lacks.
inline bool too_far_behind(const State& state, const Member& member) {
    return member.fresh != 0 || member.applied < oldest_missing(state);
}

std::uint64_t append(Sim& sim, NodeId id, const LogEntry& entry);
void ship(Sim& sim, NodeId id);
void write_done(Sim& sim, Request& request, Frame& here);
void read_done(Sim& sim, Request& request, const Frame& here);
void replay(Sim& sim, NodeId id, std::uint32_t index);
void replay_done(Sim& sim, Request& request);
void stop_replay(Sim& sim, Member& member);
void own_timer(Sim& sim, Request& request, const Frame& here);
void arrived_at_replica(Sim& sim, NodeId id, SlotId slot, std::uint32_t index);
void connect(Sim& sim, NodeId id, std::uint32_t index);
void disconnect(Sim& sim, Member& member);
void connect_all(Sim& sim, NodeId id);
void start_copy(Sim& sim, NodeId id, std::uint32_t index);
void finish_copy(Sim& sim, NodeId id, std::uint32_t index);
void make_safe(Sim& sim, NodeId id, std::uint64_t position); // some copy has everything up to it
void acked_by(Sim& sim, NodeId id, std::uint32_t index, std::uint64_t position);
void settle(Sim& sim, NodeId id); // answers the writes that have waited long enough
void answer_write(Sim& sim, NodeId id, std::uint64_t position, RequestId waiting);
void forget_waiting(Sim& sim, Request& request, const Frame& here);

} // namespace scale::kind::database
