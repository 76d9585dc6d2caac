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
    bool sharing = false;      // the cores are shared by all that have a worker
    bool aside = false;        // the kind puts other work on the cores too
    bool whole = false;        // each instance has a part of its own: weight takes none of them away
    std::uint32_t thin_by = 0; // what weight divides the number of instances by; 0 is as far as it goes
    std::uint32_t room = 0;    // instances that there may ever be, as they are simulated
};

// Builds or resizes the node's instances. Shrinking lets what is inside finish.
void resize(Sim& sim, NodeId node, const Size& size);
// The cores that a machine's tiers share, as many times fewer as a request stands for several.
void set_machine_cores(Sim& sim, NodeId machine, std::uint32_t cores);
// What one of the node's disks, each part of a whole instance, reads at once: as many times less, likewise.
void set_disk(Sim& sim, NodeId node, std::uint32_t cpu, std::uint32_t at_once);
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
void idle(Sim& sim, SlotId slot);

// Instance::plain anew, after anything that it depends on has changed.
void refresh_plain(Sim& sim, NodeId node);
// The general case of work and of leave.
void work_on(Sim& sim, Request& request, std::uint32_t cpu, Time demand);
void leave_waiting(Sim& sim, NodeId node, Instance& instance);

void start_watched(Sim& sim, const Request& request, SlotId slot, Time demand);

[[gnu::always_inline]] inline void start(Sim& sim, RequestId id, Request& request, const Frame& here,
                                         std::uint32_t home, const Node& node, SlotId slot, Time demand) {
    Slot& core = sim.slots[slot];
    core.coming = Coming(sim.requests.offset_of(here), home, sim.programs[node.program].worked);
    core.request = id;
    request.slot = slot;
    request.where = Where::running;
    if (sim.watch.any) [[unlikely]]
        start_watched(sim, request, slot, demand);
    else
        sim.queue.schedule_after(slot, sim.now, demand);
}

// The core that has just done its work goes on without a pause; otherwise an idle one starts. There is one.
[[gnu::always_inline]] inline SlotId take_core(Sim& sim, std::uint32_t cpu_index) {
    const SlotId goes_on = sim.idle_slot;
    if (goes_on != k_none && sim.slots[goes_on].owner == cpu_index) {
        sim.idle_slot = k_none;
        return goes_on;
    }
    Cpu& cpu = sim.cpus[cpu_index];
    cpu.busy.up(sim.now);
    ++cpu.running;
    const SlotId slot = cpu.free_slot;
    cpu.free_slot = sim.slots[slot].next_free;
    return slot;
}

inline bool same(double a, double b) {
    return core::bit_cast<std::uint64_t>(a) == core::bit_cast<std::uint64_t>(b);
}

inline Time stretch(Time demand, double slow) {
    return slow == 1 ? demand : core::from_ns(static_cast<double>(demand) * slow);
}

// Frame::aux: whether a worker is held, and which of the node's demands the work is drawn from.
inline std::uint8_t with_worker(unsigned demand) {
    return static_cast<std::uint8_t>(demand << 1 | k_has_worker);
}

// The rest of begin().
void begin_otherwise(Sim& sim, Request& request, const Instance& instance, unsigned demand);
void begin_rarely(Sim& sim, Request& request, const Instance& instance, std::uint64_t bits);
void hand_over_watched(Sim& sim, Request& request, const Instance& instance);

// A request that has a worker begins its work on the instance's cores, at the speed of the instance;
// Behaviour::worked follows. Most demands of a node are like the first: then how long it takes is worked out
// without waiting for the request to say which.
[[gnu::always_inline]] inline void begin(Sim& sim, RequestId id, Request& request, const Frame& here,
                                         std::uint32_t home, const Node& node, const Instance& instance,
                                         unsigned which) {
    const std::uint32_t at = home & 0xFFFF;
    const Distribution* const list = &sim.demands[std::size_t{at} * k_demands];
    const double mean = list[0].mean;
    const bool usual = instance.plain != 0 && list[which].shape == core::Shape::exponential;
    if (!usual || !same(list[which].mean, mean)) {
        begin_otherwise(sim, request, instance, which);
        return;
    }
    const std::uint64_t bits = sim.streams[at].service.next();
    double ns = 0;
    if (Random::common_exponential(bits, mean, ns)) [[likely]]
        start(sim, id, request, here, home, node, take_core(sim, instance.cpu), Distribution::whole(ns));
    else
        begin_rarely(sim, request, instance, bits);
}
inline void begin(Sim& sim, Request& request, const Frame& here, const Instance& instance) {
    begin(sim, sim.id_of(request), request, here, here.home(), sim.nodes[here.node], instance, here.aux >> 1);
}

// Takes a worker or waits for one; a full queue rejects.
SCALE_COPIED_IN_WASM inline void enter(Sim& sim, Request& request, Frame& here, unsigned demand) {
    Node& node = sim.nodes[here.node];
    Instance& instance = sim.instances[node.first_instance + here.instance];
    if (instance.held < instance.workers) {
        instance.held_area.up(sim.now);
        ++instance.held;
        ++node.served;
        here.aux = with_worker(demand);
        begin(sim, sim.id_of(request), request, here, here.home(), node, instance, demand);
    } else if (instance.waiting.count < instance.queue_limit) {
        instance.queue_area.up(sim.now);
        here.aux = static_cast<std::uint8_t>(demand << 1);
        request.where = Where::queued;
        request.due = sim.now;
        sim.push_back(instance.waiting, request, sim.id_of(request));
    } else {
        sim.cap_reached(here.node);
        sim.answer(request, here, Outcome::rejected);
    }
}

// Behaviour::arrive of stations whose work depends on the class of the request.
inline void enter_by_class(Sim& sim, Request& request, Frame& here) {
    enter(sim, request, here, request.kind);
}

// A waiting request gets the worker that another one has given back.
[[gnu::always_inline]] inline void hand_over(Sim& sim, std::uint32_t home, Node& node, Instance& instance,
                                             RequestId next) {
    Request& request = sim.requests[next];
    instance.queue_area.down(sim.now);
    ++node.served;
    node.wait_sum += sim.now - request.due;
    Frame& here = Sim::top(request);
    here.aux |= k_has_worker;
    if (sim.watch.any) [[unlikely]]
        hand_over_watched(sim, request, instance);
    else
        begin(sim, next, request, here, home, node, instance, here.aux >> 1);
}

SCALE_COPIED_IN_WASM inline void leave_home(Sim& sim, Frame& here, std::uint32_t home) {
    Node& node = sim.nodes[home & 0xFFFF];
    Instance& instance = sim.instances[node.first_instance + (home >> 16)];
    here.aux &= static_cast<std::uint8_t>(~k_has_worker);
    if (instance.waiting.count == 0) {
        instance.held_area.down(sim.now);
        --instance.held;
    } else if (instance.plain != 0 && instance.held <= instance.workers) {
        hand_over(sim, home, node, instance, sim.pop_front(instance.waiting));
    } else {
        leave_waiting(sim, here.node, instance);
    }
}
[[gnu::noinline]] void leave_elsewhere(Sim& sim, Frame& here);

// Gives the worker back; the next in the queue begins. Nearly always it is one of the core that is due: what
// is known of that need not be read from the frame.
inline void leave(Sim& sim, Frame& here) {
    std::uint64_t home = sim.due_home;
    core::detail::keep_apart(home);
    if (here.home() == sim.due_home) [[likely]]
        leave_home(sim, here, static_cast<std::uint32_t>(home));
    else
        leave_elsewhere(sim, here);
}

// Leaves and answers.
void leave_and_answer(Sim& sim, Request& request, Frame& here, Outcome outcome);
inline void finish(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    if ((here.aux & k_has_worker) != 0)
        leave_and_answer(sim, request, here, outcome);
    else
        sim.answer(request, here, outcome);
}

// A core is done with a request, which goes on; the core stays in use while there is more to do.
inline void cpu_due(Sim& sim, SlotId slot) {
    const Slot& core = sim.slots[slot];
    const Coming next = core.coming;
    sim.idle_slot = slot;
    sim.due_home = next.home();
    next.handler(sim, sim.requests[core.request], sim.requests.frame_at(next.frame()));
    // Nearly always under load: the next one has taken it, in place.
    if (sim.idle_slot != k_none) idle(sim, slot);
}

// Behaviour::dropped of every station.
void dropped(Sim& sim, Request& request, Frame& here);

} // namespace scale::sim::station
