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
// Processor sharing on or off; what runs goes on with the work it has left.
void set_sharing(Sim& sim, std::uint32_t cpu, bool sharing);
void share(Sim& sim, RequestId id, std::uint32_t cpu, Time demand);
void sharing_due(Sim& sim, SlotId slot);
void unshare(Sim& sim, RequestId id, std::uint32_t cpu);
void advance_sharing(Sim& sim, Cpu& cpu);
void schedule_sharing(Sim& sim, std::uint32_t cpu);
void begin_ready(Sim& sim, std::uint32_t cpu);
// The core of a slot has no more to do, or takes the next that is ready.
void idle(Sim& sim, Cpu& cpu, SlotId slot);

inline void start(Sim& sim, Request& request, SlotId slot, Time demand) {
    sim.slots[slot].request = sim.id_of(request);
    request.slot = slot;
    request.where = Where::running;
    sim.queue.schedule(slot, sim.now + demand);
    if (sim.watch.any) sim.watch.stay(sim, request, Phase::service, sim.now, sim.now + demand);
}

inline Time stretch(Time demand, double slow) {
    return slow == 1 ? demand : core::from_ns(static_cast<double>(demand) * slow);
}

// `demand` ns of work on a core of `cpu`; Behaviour::worked follows.
inline void work(Sim& sim, Request& request, std::uint32_t cpu_index, Time demand) {
    Cpu& cpu = sim.cpus[cpu_index];
    demand = stretch(demand, cpu.slow);
    if (cpu.sharing()) {
        share(sim, sim.id_of(request), cpu_index, demand);
        return;
    }
    const SlotId idle_slot = sim.idle_slot;
    if (idle_slot != k_none && sim.slots[idle_slot].owner == cpu_index && cpu.ready.count == 0 &&
        cpu.running <= cpu.cores) {
        sim.idle_slot = k_none; // the core that has just done its work goes on without a pause
        start(sim, request, idle_slot, demand);
    } else if (cpu.running < cpu.cores) {
        cpu.busy.up(sim.now);
        ++cpu.running;
        const SlotId slot = cpu.free_slot;
        cpu.free_slot = sim.slots[slot].next_free;
        start(sim, request, slot, demand);
    } else {
        request.where = Where::ready;
        request.due = demand; // until it starts
        request.slot = cpu_index;
        sim.push_back(cpu.ready, sim.id_of(request));
    }
}

// Frame::aux: whether a worker is held, and which of the node's demands the work is drawn from.
inline std::uint8_t with_worker(unsigned demand) {
    return static_cast<std::uint8_t>(demand << 1 | k_has_worker);
}

// A request that has a worker begins its work on the instance's cores, at the speed of the instance.
inline void begin(Sim& sim, Request& request, Frame& here, const Instance& instance) {
    const Distribution& demand = sim.demand(here.node, here.aux >> 1);
    work(sim, request, instance.cpu, stretch(demand.draw(sim.streams[here.node].service), instance.slow));
}

// Takes a worker or waits for one; a full queue rejects. Behaviour::worked follows.
inline void enter(Sim& sim, Request& request, Frame& here, unsigned demand) {
    Node& node = sim.nodes[here.node];
    Instance& instance = sim.instances[node.first_instance + here.instance];
    if (instance.held < instance.workers) {
        instance.held_area.up(sim.now);
        ++instance.held;
        ++node.served;
        here.aux = with_worker(demand);
        begin(sim, request, here, instance);
    } else if (instance.waiting.count < instance.queue_limit) {
        instance.queue_area.up(sim.now);
        here.aux = static_cast<std::uint8_t>(demand << 1);
        request.where = Where::queued;
        request.due = sim.now;
        sim.push_back(instance.waiting, sim.id_of(request));
    } else {
        ++sim.caps_reached;
        sim.answer(request, here, Outcome::rejected);
    }
}

// Behaviour::arrive of stations whose work depends on the class of the request.
inline void enter_by_class(Sim& sim, Request& request, Frame& here) {
    enter(sim, request, here, request.kind);
}

// The worker that a request gives back goes to the next in the queue.
inline void hand_over(Sim& sim, NodeId id, Instance& instance) {
    const RequestId next =
        instance.last_in_first_out != 0 ? sim.pop_back(instance.waiting) : sim.pop_front(instance.waiting);
    instance.queue_area.down(sim.now);
    Node& node = sim.nodes[id];
    ++node.served;
    Request& request = sim.requests[next];
    node.wait_sum += sim.now - request.due;
    if (sim.watch.any) sim.watch.stay(sim, request, Phase::queued, request.due, sim.now);
    request.where = Where::moving;
    Frame& here = sim.top(next);
    here.aux |= k_has_worker;
    begin(sim, request, here, instance);
}

// Gives the worker back; the next in the queue begins.
inline void leave(Sim& sim, Frame& here) {
    Instance& instance = sim.instance(here.node, here.instance);
    here.aux &= static_cast<std::uint8_t>(~k_has_worker);
    if (instance.waiting.count != 0 && instance.dead == 0 && instance.held <= instance.workers) {
        hand_over(sim, here.node, instance);
        return;
    }
    instance.held_area.down(sim.now);
    --instance.held;
}

// Leaves and answers.
inline void finish(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    if ((here.aux & k_has_worker) != 0) leave(sim, here);
    sim.answer(request, here, outcome);
}

// A core is done with a request, which goes on; the core stays in use while there is more to do.
inline void cpu_due(Sim& sim, SlotId slot) {
    Slot& used = sim.slots[slot];
    const RequestId id = used.request;
    used.request = k_none;
    sim.idle_slot = slot;
    Request& request = sim.requests[id];
    request.where = Where::moving;
    request.slot = k_none;
    Frame& here = sim.frames[std::size_t{id} * sim.stride + request.depth - 1u];
    sim.behaviours[here.node]->worked(sim, request, here);
    if (sim.idle_slot == k_none) return; // nearly always under load: the next one has taken it, in place
    sim.idle_slot = k_none;
    idle(sim, sim.cpus[sim.slots[slot].owner], slot);
}

// Behaviour::dropped of every station.
void dropped(Sim& sim, Request& request, Frame& here);

} // namespace scale::sim::station
