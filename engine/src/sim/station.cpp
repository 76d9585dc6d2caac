#include "sim/station.hpp"

#include <algorithm>

namespace scale::sim::station {

namespace {

// Moves the node's instance records to the end of the list when more are asked for than there is room.
void make_room(Sim& sim, NodeId id, std::uint32_t wanted) {
    Node& node = sim.nodes[id];
    if (wanted <= node.instance_room) return;
    const auto first = static_cast<std::uint32_t>(sim.instances.size());
    sim.instances.resize(first + wanted);
    for (std::uint32_t i = 0; i < wanted; ++i) {
        Instance& made = sim.instances[first + i];
        if (i < node.instance_room) {
            made = sim.instances[node.first_instance + i];
        } else {
            made.since = sim.now;
            made.cpu = node.machine_cpu != k_none ? node.machine_cpu : sim.add_cpu(1, false);
        }
    }
    node.first_instance = first;
    node.instance_room = wanted;
}

bool later(const SharedJob& a, const SharedJob& b) {
    if (a.done_at != b.done_at) return a.done_at > b.done_at;
    return a.order > b.order;
}

// Work that each of the sharing jobs gets per ns.
double rate(const Cpu& cpu) {
    return cpu.running <= cpu.cores ? 1.0 : static_cast<double>(cpu.cores) / static_cast<double>(cpu.running);
}

} // namespace

void advance_sharing(Sim& sim, Cpu& cpu) {
    cpu.attained += static_cast<double>(sim.now - cpu.attained_at) * rate(cpu);
    cpu.attained_at = sim.now;
    cpu.settle(sim.now);
}

void schedule_sharing(Sim& sim, std::uint32_t index) {
    Cpu& cpu = sim.cpus[index];
    const std::vector<SharedJob>& jobs = sim.shared_jobs[index];
    if (jobs.empty()) {
        cpu.attained = 0; // keeps the numbers small, so that no precision is lost over a long run
        sim.queue.cancel(cpu.slot);
        return;
    }
    const double left = (jobs.front().done_at - cpu.attained) / rate(cpu);
    sim.queue.schedule(cpu.slot, sim.now + core::from_ns(left));
}

void resize(Sim& sim, NodeId id, const Size& size) {
    make_room(sim, id, size.instances);
    Node& node = sim.nodes[id];
    for (std::uint32_t i = 0; i < node.instance_room; ++i) {
        Instance& instance = sim.instances[node.first_instance + i];
        instance.settle(sim.now);
        instance.workers = size.workers;
        instance.queue_limit = size.queue_limit;
        instance.last_in_first_out = size.last_in_first_out ? 1 : 0;
        if (node.machine_cpu == k_none) {
            if (sim.cpus[instance.cpu].running == 0) sim.cpus[instance.cpu].sharing = size.sharing ? 1 : 0;
            sim.set_cores(instance.cpu, size.cores);
        }
    }
    node.instances = size.instances;
    for (std::uint32_t i = 0; i < node.instances; ++i) {
        Instance& instance = sim.instance(id, i);
        if (instance.waiting.count != 0) fill(sim, id, instance);
    }
}

void fill(Sim& sim, NodeId id, Instance& instance) {
    if (instance.dead != 0) return;
    Node& node = sim.nodes[id];
    while (instance.waiting.count != 0 && instance.held < instance.workers) {
        instance.settle(sim.now);
        const RequestId next = instance.last_in_first_out != 0 ? sim.pop_back(instance.waiting)
                                                               : sim.pop_front(instance.waiting);
        ++instance.held;
        ++node.served;
        Request& request = sim.requests[next];
        node.wait_sum += sim.now - request.due;
        if (sim.watch.any) sim.watch.stay(sim, next, Phase::queued, request.due, sim.now);
        request.where = Where::moving;
        sim.top(next).aux |= k_has_worker;
        sim.behaviours[id]->begin(sim, next);
    }
}

void begin_ready(Sim& sim, std::uint32_t index) {
    Cpu& cpu = sim.cpus[index];
    while (cpu.ready.count != 0 && cpu.running < cpu.cores) {
        const RequestId next = sim.pop_front(cpu.ready);
        start(sim, next, index, sim.requests[next].due);
    }
}

void share(Sim& sim, RequestId id, std::uint32_t index, Time demand) {
    Cpu& cpu = sim.cpus[index];
    advance_sharing(sim, cpu);
    ++cpu.running;
    std::vector<SharedJob>& jobs = sim.shared_jobs[index];
    const double done_at = cpu.attained + static_cast<double>(demand);
    jobs.push_back({done_at, id, static_cast<std::uint32_t>(sim.queue.take_sequence())});
    std::push_heap(jobs.begin(), jobs.end(), later);
    Request& request = sim.requests[id];
    request.where = Where::sharing;
    request.slot = cpu.slot;
    request.due = sim.now; // for the span
    schedule_sharing(sim, index);
}

void sharing_due(Sim& sim, SlotId slot) {
    const std::uint32_t index = sim.slots[slot].owner;
    Cpu& cpu = sim.cpus[index];
    advance_sharing(sim, cpu);
    std::vector<SharedJob>& jobs = sim.shared_jobs[index];
    const RequestId id = jobs.front().request;
    // The clock has whole ns: what is due now has attained its demand, whatever the last bits say.
    cpu.attained = std::max(cpu.attained, jobs.front().done_at);
    std::pop_heap(jobs.begin(), jobs.end(), later);
    jobs.pop_back();
    --cpu.running;
    schedule_sharing(sim, index);
    Request& request = sim.requests[id];
    if (sim.watch.any) sim.watch.stay(sim, id, Phase::service, request.due, sim.now);
    request.where = Where::moving;
    request.slot = k_none;
    sim.behaviours[sim.top(id).node]->worked(sim, id);
}

void unshare(Sim& sim, RequestId id, std::uint32_t index) {
    Cpu& cpu = sim.cpus[index];
    advance_sharing(sim, cpu);
    std::vector<SharedJob>& jobs = sim.shared_jobs[index];
    const auto found =
        std::find_if(jobs.begin(), jobs.end(), [id](const SharedJob& job) { return job.request == id; });
    assert(found != jobs.end());
    jobs.erase(found);
    std::make_heap(jobs.begin(), jobs.end(), later);
    --cpu.running;
    schedule_sharing(sim, index);
}

void dropped(Sim& sim, RequestId id, int depth) {
    Frame& here = sim.frame(id, depth);
    if ((here.aux & k_has_worker) != 0) leave(sim, here);
}

} // namespace scale::sim::station
