// A station: instances with workers, a queue in front and cores behind. Servers, databases, balancers and the
// like are programs on top of it. A worker stays with its request until `leave`, also while the request waits
// for an answer from further down.
#pragma once

#include "sim/sim.hpp"

namespace scale::sim::station {

inline constexpr std::uint8_t k_has_worker = 1; // Frame::aux

struct Size {
    std::uint32_t instances = 1;
    std::uint32_t workers = 1; // per instance
    std::uint32_t cores = 1;   // per instance; a machine's own cores count instead when it stands on one
    std::uint32_t queue_limit = 1000;
    bool last_in_first_out = false;
    bool sharing = false; // the cores are shared by all that have a worker
};

// Builds or resizes the node's instances. Shrinking lets what is inside finish.
void resize(Sim& sim, NodeId node, const Size& size);
// Starts waiting requests where workers are free.
void fill(Sim& sim, NodeId node, Instance& instance);
void share(Sim& sim, RequestId id, std::uint32_t cpu, Time demand);
void sharing_due(Sim& sim, SlotId slot);
void unshare(Sim& sim, RequestId id, std::uint32_t cpu);
void advance_sharing(Sim& sim, Cpu& cpu);
void schedule_sharing(Sim& sim, std::uint32_t cpu);
void begin_ready(Sim& sim, std::uint32_t cpu);

inline void start(Sim& sim, RequestId id, std::uint32_t cpu_index, Time demand) {
    Cpu& cpu = sim.cpus[cpu_index];
    cpu.settle(sim.now);
    ++cpu.running;
    const SlotId slot = cpu.free_slot;
    Slot& used = sim.slots[slot];
    cpu.free_slot = used.next_free;
    used.request = id;
    Request& request = sim.requests[id];
    request.slot = slot;
    request.where = Where::running;
    sim.queue.schedule(slot, sim.now + demand);
    if (sim.watch.any) sim.watch.stay(sim, id, Phase::service, sim.now, sim.now + demand);
}

inline Time stretch(Time demand, double slow) {
    return slow == 1 ? demand : core::from_ns(static_cast<double>(demand) * slow);
}

// `demand` ns of work on a core of `cpu`; Behaviour::worked follows.
inline void work(Sim& sim, RequestId id, std::uint32_t cpu_index, Time demand) {
    Cpu& cpu = sim.cpus[cpu_index];
    demand = stretch(demand, cpu.slow);
    if (cpu.sharing != 0) {
        share(sim, id, cpu_index, demand);
    } else if (cpu.running < cpu.cores) {
        start(sim, id, cpu_index, demand);
    } else {
        Request& request = sim.requests[id];
        request.where = Where::ready;
        request.due = demand; // until it starts
        request.slot = cpu_index;
        sim.push_back(cpu.ready, id);
    }
}

// Work on the instance's own cores, at the speed of the instance.
inline void work(Sim& sim, RequestId id, const Instance& instance, Time demand) {
    work(sim, id, instance.cpu, stretch(demand, instance.slow));
}

// Takes a worker or waits for one; a full queue rejects. Behaviour::begin follows.
inline void enter(Sim& sim, RequestId id) {
    Frame& here = sim.top(id);
    Node& node = sim.nodes[here.node];
    Instance& instance = sim.instances[node.first_instance + here.instance];
    if (instance.held < instance.workers) {
        instance.settle(sim.now);
        ++instance.held;
        ++node.served;
        here.aux |= k_has_worker;
        sim.behaviours[here.node]->begin(sim, id);
    } else if (instance.waiting.count < instance.queue_limit) {
        instance.settle(sim.now);
        Request& request = sim.requests[id];
        request.where = Where::queued;
        request.due = sim.now;
        sim.push_back(instance.waiting, id);
    } else {
        ++sim.caps_reached;
        sim.answer(id, Outcome::rejected);
    }
}

// Gives the worker back; the next in the queue begins.
inline void leave(Sim& sim, Frame& here) {
    Instance& instance = sim.instance(here.node, here.instance);
    here.aux &= static_cast<std::uint8_t>(~k_has_worker);
    instance.settle(sim.now);
    --instance.held;
    if (instance.waiting.count != 0) fill(sim, here.node, instance);
}

// Leaves and answers.
inline void finish(Sim& sim, RequestId id, Outcome outcome) {
    Frame& here = sim.top(id);
    if ((here.aux & k_has_worker) != 0) leave(sim, here);
    sim.answer(id, outcome);
}

// A core is done with a request: it goes on, and the core takes the next.
inline void cpu_due(Sim& sim, SlotId slot) {
    Slot& used = sim.slots[slot];
    const RequestId id = used.request;
    const std::uint32_t cpu_index = used.owner;
    Cpu& cpu = sim.cpus[cpu_index];
    cpu.settle(sim.now);
    --cpu.running;
    used.request = k_none;
    used.next_free = cpu.free_slot;
    cpu.free_slot = slot;
    if (cpu.ready.count != 0) begin_ready(sim, cpu_index);
    Request& request = sim.requests[id];
    request.where = Where::moving;
    request.slot = k_none;
    sim.behaviours[sim.top(id).node]->worked(sim, id);
    // Nearly always the next request has taken the same slot by now, in place.
    if (sim.slots[slot].request == k_none) sim.queue.cancel(slot);
}

// Behaviour::dropped of every station.
void dropped(Sim& sim, RequestId id, int depth);

} // namespace scale::sim::station
