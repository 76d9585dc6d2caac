#include "sim/ahead.hpp"

#include "core/fetch.hpp"
#include "sim/sim.hpp"

namespace scale::sim {

using core::fetch;

namespace {

// Whether somebody waits is anybody's guess: another record instead of none costs less than a branch.
std::uint32_t or_first(std::uint32_t number, std::size_t count) {
    std::uint64_t chosen = number < count ? number : 0;
    core::detail::keep_apart(chosen);
    return static_cast<std::uint32_t>(chosen);
}

void fetch_request(const Sim& sim, RequestId id) {
    fetch<2>(&sim.requests[or_first(id, sim.requests.size())]); // with its first frames
}

// What the kind keeps, as far as every request touches it.
void fetch_block(const Sim& sim, const Node& node) { fetch<7>(sim.arena.data() + node.block); }

// Nobody is called from here: the answer goes all the way back, and every node on it counts how long it took.
void fetch_answers(const Sim& sim, const Request& request, Time when) {
    const Frame* const frames = Slab::frames_of(request);
    for (unsigned depth = 0; depth < request.depth; ++depth) {
        const core::Histogram& seen = sim.latency[frames[depth].node];
        fetch(&seen);
        fetch(&seen.counters[core::Histogram::index_of(when - frames[depth].entered)]);
        fetch(&sim.nodes[frames[depth].node]);
    }
}

} // namespace

void Ahead::look(Sim& sim, SlotId due) {
    if (sim.requests.size() == 0) return; // nothing has begun
    const SlotId slot = sim.queue.next_around(due_);
    due_ = due;
    for (int step = k_steps - 1; step > 0; --step) next_[step] = next_[step - 1];
    next_[0] = {slot < sim.slots.size() ? slot : due};
    fetch(&sim.slots[next_[0].slot]);
    sim.queue.fetch_place(next_[0].slot);
    fetch_node(sim, next_[1]);
    if (next_[2].node != k_no_node) fetch_station(sim, next_[2]);
    if (next_[3].node != k_no_node) fetch_queue(sim, next_[3]);
}

inline void Ahead::fetch_node(Sim& sim, Next& next) const {
    sim.queue.fetch_leaf(next.slot);
    const Slot& slot = sim.slots[next.slot];
    if (slot.handler == Handler::cpu) {
        next.node = static_cast<NodeId>(slot.coming.home());
        fetch(&sim.streams[next.node].service);
        fetch_request(sim, slot.request);
    } else if (slot.handler == Handler::kind) {
        next.node = static_cast<NodeId>(slot.owner);
        fetch<3>(&sim.streams[next.node]);
        fetch<2>(&sim.tallies[next.node]);
    } else {
        return;
    }
    fetch(&sim.nodes[next.node]);
    fetch(&sim.demand(next.node, 0));
}

inline void Ahead::fetch_station(Sim& sim, Next& next) const {
    const Node& node = sim.nodes[next.node];
    fetch(&sim.instances[node.first_instance]);
    fetch_block(sim, node);
    if (node.outs != 0) {
        next.to = sim.ways[sim.out_edges[node.first_out]].to;
        fetch(&sim.nodes[next.to]);
        fetch(&sim.demand(next.to, 0));
        fetch(&sim.streams[next.to].service);
    } else if (sim.slots[next.slot].request < sim.requests.size()) {
        fetch_answers(sim, sim.requests[sim.slots[next.slot].request], sim.queue.time_of(next.slot));
    }
}

inline void Ahead::fetch_queue(Sim& sim, const Next& next) const {
    const Instance& instance = sim.instances[sim.nodes[next.node].first_instance];
    fetch_request(sim, instance.waiting.head);
    fetch(&sim.cpus[instance.cpu]);
    if (next.to == k_no_node) return;
    fetch(&sim.instances[sim.nodes[next.to].first_instance]);
    fetch_block(sim, sim.nodes[next.to]);
}

} // namespace scale::sim
