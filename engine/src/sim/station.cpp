#include "sim/station.hpp"

#include <algorithm>
#include <numeric>

namespace scale::sim::station {

namespace {

// Moves the node's instance records to the end of the list when more are asked for than there is room.
void make_room(Sim& sim, NodeId id, std::uint32_t wanted) {
    Node& node = sim.nodes[id];
    if (wanted <= node.instance_room) return;
    const auto first = static_cast<std::uint32_t>(sim.instances.size());
    sim.instances.resize(first + wanted);
    for (std::uint32_t i = 0; i < wanted; ++i) {
        if (i < node.instance_room) {
            sim.instances[first + i] = sim.instances[node.first_instance + i];
        } else {
            const std::uint32_t cpu = node.machine_cpu != k_none ? node.machine_cpu : sim.add_cpu(1, false);
            sim.instances[first + i].cpu = cpu;
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

void add_running(Sim& sim, Cpu& cpu) {
    if (cpu.running < cpu.cores) cpu.busy.up(sim.now);
    ++cpu.running;
}

void remove_running(Sim& sim, Cpu& cpu) {
    --cpu.running;
    if (cpu.running < cpu.cores) cpu.busy.down(sim.now);
}

void to_sharing(Sim& sim, std::uint32_t index) {
    const SlotId slot = sim.add_slot(Handler::sharing, index);
    sim.shared_jobs[index].reserve(64);
    Cpu& cpu = sim.cpus[index];
    std::vector<std::pair<RequestId, Time>> running;
    for (SlotId used = 0; used < sim.slots.size(); ++used) {
        Slot& seen = sim.slots[used];
        if (seen.handler != Handler::cpu || seen.owner != index || seen.request == k_none) continue;
        running.push_back({seen.request, sim.queue.time_of(used) - sim.now});
        sim.queue.cancel(used);
        seen.request = k_none;
        seen.next_free = cpu.free_slot;
        cpu.free_slot = used;
        remove_running(sim, cpu);
    }
    cpu.slot = slot;
    cpu.attained = 0;
    cpu.attained_at = sim.now;
    for (const auto& [id, left] : running) share(sim, id, index, left);
    while (sim.cpus[index].ready.count != 0) {
        const RequestId id = sim.pop_front(sim.cpus[index].ready);
        share(sim, id, index, sim.requests[id].due);
    }
}

void from_sharing(Sim& sim, std::uint32_t index) {
    Cpu& cpu = sim.cpus[index];
    advance_sharing(sim, cpu);
    std::vector<SharedJob> jobs;
    jobs.swap(sim.shared_jobs[index]);
    std::sort(jobs.begin(), jobs.end(), [](const SharedJob& a, const SharedJob& b) { return later(b, a); });
    sim.queue.cancel(cpu.slot);
    // The slot of the sharing goes on as that of a core.
    sim.slots[cpu.slot].handler = Handler::cpu;
    sim.slots[cpu.slot].next_free = cpu.free_slot;
    cpu.free_slot = cpu.slot;
    ++cpu.slots;
    cpu.slot = k_none;
    for (std::size_t i = 0; i < jobs.size(); ++i) remove_running(sim, cpu);
    const double attained = cpu.attained;
    sim.set_cores(index, cpu.cores);
    for (const SharedJob& job : jobs)
        work_on(sim, sim.requests[job.request], index, core::from_ns(job.done_at - attained));
}

// What is left of so many where a request stands for several: rounded up, so that none is busier than the
// real ones. What is left then is quicker than they are, and part of it is not theirs.
std::uint32_t fewer(std::uint32_t all, std::uint32_t times, double& part_of_one) {
    const std::uint32_t left = std::max(1u, (all + times - 1) / times);
    part_of_one = std::max(1e-9, static_cast<double>(all) / times / left);
    return left;
}

// A node is as many times smaller as a request stands for several: first in instances, as far as they divide,
// then in what each of them has.
Size thinned(Size size, std::uint32_t weight, Parts& parts) {
    const std::uint32_t divisor = size.thin_by != 0 ? size.thin_by : std::gcd(size.instances, weight);
    const std::uint32_t whole = size.whole ? 1 : divisor;
    const std::uint32_t rest = weight / whole;
    size.instances /= whole;
    parts.instances = whole;
    size.workers = fewer(size.workers, rest, parts.worker);
    size.cores = fewer(size.cores, rest, parts.core);
    size.queue_limit = (size.queue_limit + rest / 2) / rest;
    return size;
}

// Whether a core is free, or is the one that has just done its work and nobody else waits for it.
inline bool takes_more(const Sim& sim, std::uint32_t index, const Cpu& cpu) {
    const bool goes_on = sim.idle_slot != k_none && sim.slots[sim.idle_slot].owner == index;
    if (cpu.sharing()) return false;
    return goes_on ? cpu.ready.count == 0 && cpu.running <= cpu.cores : cpu.running < cpu.cores;
}

// The cores are shared, or all at work.
[[gnu::noinline]] void wait_for_core(Sim& sim, Request& request, std::uint32_t index, Time demand) {
    Cpu& cpu = sim.cpus[index];
    if (cpu.sharing()) {
        share(sim, sim.id_of(request), index, demand);
        return;
    }
    request.where = Where::ready;
    request.due = demand; // until it starts
    request.slot = index;
    if (sim.watch.any) sim.watch.readied(sim.id_of(request), sim.now);
    sim.push_back(cpu.ready, sim.id_of(request));
}

inline void work_or_wait(Sim& sim, Request& request, const Frame& here, std::uint32_t cpu, bool starts,
                         Time demand) {
    if (starts)
        start(sim, sim.id_of(request), request, here, here.home(), sim.nodes[here.node], take_core(sim, cpu),
              demand);
    else
        wait_for_core(sim, request, cpu, demand);
}

// With a worker already; `due` says how long the work takes.
void start_ready(Sim& sim, RequestId id, SlotId slot) {
    Request& request = sim.requests[id];
    if (sim.watch.any) sim.watch.started(sim, request, id);
    const Frame& here = Sim::top(request);
    start(sim, id, request, here, here.home(), sim.nodes[here.node], slot, request.due);
}

} // namespace

void resize(Sim& sim, NodeId id, const Size& wanted) {
    const double of_machine = sim.parts[id].core;
    const Size size = thinned(wanted, sim.scenario.weight, sim.parts[id]);
    if (sim.nodes[id].machine_cpu != k_none) sim.parts[id].core = of_machine;
    make_room(sim, id, std::max(size.instances, size.room));
    Node& node = sim.nodes[id];
    node.instances = size.instances;
    sim.refresh_alone(id);
    const auto scraped = static_cast<std::uint16_t>(node.works_aside & k_scraped);
    node.works_aside = size.aside ? scraped | k_aside : scraped;
    for (std::uint32_t i = 0; i < node.instance_room; ++i) {
        Instance& instance = sim.instances[node.first_instance + i];
        instance.workers = size.workers;
        instance.queue_limit = size.queue_limit;
        instance.last_in_first_out = size.last_in_first_out ? 1 : 0;
        if (node.machine_cpu != k_none) continue;
        set_sharing(sim, instance.cpu, size.sharing);
        sim.set_cores(instance.cpu, size.cores);
    }
    refresh_plain(sim, id);
    for (std::uint32_t i = 0; i < node.instance_room; ++i) fill(sim, id, sim.instance(id, i));
    sim.include_new_in_failures(id);
}

void set_machine_cores(Sim& sim, NodeId machine, std::uint32_t cores) {
    Size size;
    size.cores = cores;
    Parts parts;
    sim.set_cores(sim.nodes[machine].machine_cpu, thinned(size, sim.scenario.weight, parts).cores);
    sim.parts[machine].core = parts.core;
    for (const NodeId member : sim.members[machine]) sim.parts[member].core = parts.core;
}

void set_disk(Sim& sim, NodeId id, std::uint32_t cpu, std::uint32_t at_once) {
    sim.set_cores(cpu, fewer(at_once, sim.scenario.weight, sim.parts[id].disk));
}

void set_sharing(Sim& sim, std::uint32_t index, bool sharing) {
    if (sim.cpus[index].sharing() == sharing) return;
    if (sharing)
        to_sharing(sim, index);
    else
        from_sharing(sim, index);
}

void fill(Sim& sim, NodeId id, Instance& instance) {
    while (instance.dead == 0 && instance.waiting.count != 0 && instance.held < instance.workers) {
        instance.held_area.up(sim.now);
        ++instance.held;
        leave_waiting(sim, id, instance);
    }
}

void leave_waiting(Sim& sim, NodeId id, Instance& instance) {
    if (instance.dead != 0 || instance.held > instance.workers) {
        instance.held_area.down(sim.now);
        --instance.held;
        if (instance.held == instance.workers) refresh_plain(sim, id);
        return;
    }
    const bool last = instance.last_in_first_out != 0;
    const auto index = static_cast<std::uint32_t>(&instance - &sim.instance(id, 0));
    hand_over(sim, id | index << 16, sim.nodes[id], instance,
              last ? sim.pop_back(instance.waiting) : sim.pop_front(instance.waiting));
}

void work_on(Sim& sim, Request& request, std::uint32_t cpu_index, Time demand) {
    const Cpu& cpu = sim.cpus[cpu_index];
    work_or_wait(sim, request, Sim::top(request), cpu_index, takes_more(sim, cpu_index, cpu),
                 stretch(demand, cpu.slow));
}

void refresh_plain(Sim& sim, NodeId id) {
    const Node& node = sim.nodes[id];
    for (std::uint32_t i = 0; i < node.instance_room; ++i) {
        Instance& instance = sim.instance(id, i);
        const Cpu& cpu = sim.cpus[instance.cpu];
        const bool shared = node.machine_cpu != k_none || node.works_aside != 0 || cpu.sharing();
        const bool own = !shared && cpu.cores >= instance.workers;
        // After the workers became fewer, more may be held than there are cores.
        const bool fits = instance.held <= instance.workers;
        const bool calm = fits && instance.dead == 0 && instance.last_in_first_out == 0;
        instance.plain = own && calm && instance.slow == 1 && cpu.slow == 1 ? 1 : 0;
    }
}

void start_watched(Sim& sim, const Request& request, SlotId slot, Time demand) {
    sim.queue.schedule(slot, sim.now + demand);
    sim.watch.stay(sim, request, Phase::service, sim.now, sim.now + demand);
}

void begin_rarely(Sim& sim, Request& request, const Instance& instance, std::uint64_t bits) {
    const Frame& here = Sim::top(request);
    const double variate = sim.streams[here.node].service.rare_exponential(bits);
    const double mean = sim.demands[std::size_t{here.node} * k_demands + (here.aux >> 1)].mean;
    start(sim, sim.id_of(request), request, here, here.home(), sim.nodes[here.node],
          take_core(sim, instance.cpu), Distribution::whole(mean * variate));
}

void leave_elsewhere(Sim& sim, Frame& here) { leave_home(sim, here, here.home()); }

void leave_and_answer(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    leave(sim, here);
    sim.answer(request, here, outcome);
}

void hand_over_watched(Sim& sim, Request& request, const Instance& instance) {
    sim.watch.stay(sim, request, Phase::queued, request.due, sim.now);
    begin(sim, request, Sim::top(request), instance);
}

// Another shape, or an instance that is not plain.
void begin_otherwise(Sim& sim, Request& request, const Instance& instance, unsigned which) {
    const Frame& here = Sim::top(request);
    const NodeId at = here.node;
    const Cpu& cpu = sim.cpus[instance.cpu];
    Time demand = sim.demand(at, which).draw(sim.streams[at].service);
    if (instance.slow != 1 || cpu.slow != 1) [[unlikely]]
        demand = stretch(stretch(demand, instance.slow), cpu.slow);
    const bool starts = instance.plain != 0 || takes_more(sim, instance.cpu, cpu);
    work_or_wait(sim, request, here, instance.cpu, starts, demand);
}

void idle(Sim& sim, SlotId slot) {
    sim.idle_slot = k_none;
    Cpu& cpu = sim.cpus[sim.slots[slot].owner];
    sim.slots[slot].request = k_none;
    if (cpu.ready.count != 0 && cpu.running <= cpu.cores) {
        const RequestId next = sim.pop_front(cpu.ready);
        start_ready(sim, next, slot);
        return;
    }
    remove_running(sim, cpu);
    sim.slots[slot].next_free = cpu.free_slot;
    cpu.free_slot = slot;
    sim.queue.cancel(slot);
}

void begin_ready(Sim& sim, std::uint32_t index) {
    Cpu& cpu = sim.cpus[index];
    while (cpu.ready.count != 0 && cpu.running < cpu.cores) {
        const RequestId next = sim.pop_front(cpu.ready);
        add_running(sim, cpu);
        const SlotId slot = cpu.free_slot;
        cpu.free_slot = sim.slots[slot].next_free;
        start_ready(sim, next, slot);
    }
}

void advance_sharing(Sim& sim, Cpu& cpu) {
    cpu.attained += static_cast<double>(sim.now - cpu.attained_at) * rate(cpu);
    cpu.attained_at = sim.now;
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

void share(Sim& sim, RequestId id, std::uint32_t index, Time demand) {
    Cpu& cpu = sim.cpus[index];
    advance_sharing(sim, cpu);
    add_running(sim, cpu);
    std::vector<SharedJob>& jobs = sim.shared_jobs[index];
    const double done_at = cpu.attained + static_cast<double>(demand);
    jobs.push_back({done_at, id, static_cast<std::uint32_t>(sim.sharing_count++)});
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
    remove_running(sim, cpu);
    schedule_sharing(sim, index);
    Request& request = sim.requests[id];
    if (sim.watch.any) sim.watch.stay(sim, request, Phase::service, request.due, sim.now);
    request.where = Where::moving;
    request.slot = k_none;
    Frame& here = sim.top(id);
    sim.behaviours[here.node]->worked(sim, request, here);
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
    remove_running(sim, cpu);
    schedule_sharing(sim, index);
}

void dropped(Sim& sim, Request&, Frame& here) {
    if ((here.aux & k_has_worker) != 0) leave(sim, here);
}

} // namespace scale::sim::station
