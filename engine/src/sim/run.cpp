// The main loop: takes the earliest event, hands it to whom it belongs, and stops at boundaries (scheduled
// commands, the end of the warm-up, whole seconds) that are kept out of the event queue.
#include "sim/sim.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::sim {

[[gnu::always_inline]] inline void Sim::due_wire(SlotId slot) {
    const Coming comes = slots[slot].coming;
    RequestList& list = wires[slots[slot].owner].list;
    Request& request = requests.request_at(comes.request());
    assert(&request == &requests[list.head]);
    list.head = request.next; // the `prev` of the next one is left alone: nobody looks at it
    --list.count;
    if (list.head != k_none) {
        const Request& next = requests[list.head];
        first_on_wire(slot, next);
        queue.schedule(slot, next.due);
    } else {
        list.tail = k_none;
        queue.cancel(slot);
    }
    request.where = Where::moving;
    request.slot = k_none;
    if (request.depth == request.base) [[unlikely]] {
        come_back(request);
        return;
    }
    Frame& here = requests.frame_at(comes.frame());
    assert(&here == &top(request));
    comes.handler(*this, request, here);
}

std::uint64_t Sim::run(Time until, std::uint64_t event_budget) {
    std::uint64_t done = 0;
    const Time end = until == core::k_never ? until : until + 1; // exclusive
    Time stop = std::min(boundary_at, end);
    while (done < event_budget) {
        const core::WinnerTree::Top next = queue.top();
        if (next.time >= stop) {
            if (boundary_at > until || boundary_at == core::k_never) break;
            boundary();
            stop = std::min(boundary_at, end);
            continue;
        }
        now = next.time;
        ++done;
        const SlotId slot = next.slot;
        if (is_large_) [[unlikely]]
            ahead_.look(*this, slot);
        const Slot& due = slots[slot];
        if (due.handler == Handler::cpu)
            station::cpu_due(*this, slot);
        else if (due.handler == Handler::wire)
            due_wire(slot);
        else if (due.handler == Handler::kind)
            programs[due.program].fire(*this, static_cast<NodeId>(due.owner), slot, due.channel);
        else
            dispatch_rarely(slot);
    }
    events += done;
    return done;
}

void Sim::dispatch_rarely(SlotId slot) {
    switch (slots[slot].handler) {
    case Handler::cpu: // the main loop does these
    case Handler::wire:
    case Handler::kind: break;
    case Handler::timers: due_timer(); break;
    case Handler::patience: due_patience(slot); break;
    case Handler::sharing: station::sharing_due(*this, slot); break;
    case Handler::failure: due_failure(slot); break;
    case Handler::free: queue.cancel(slot); break;
    }
}

Time Sim::next_boundary() const {
    Time next = std::min(watch.next_second, watch.census.next);
    if (next_command < schedule.size()) next = std::min(next, schedule[next_command].at);
    if (!warm) next = std::min(next, core::from_seconds(scenario.warmup_s));
    return next;
}

// Everything before this moment is done; nothing at it is.
void Sim::boundary() {
    if (boundary_at >= watch.census.next) {
        watch.census.take(*this);
        const Time next = next_boundary();
        if (next > boundary_at) { // nothing else is due: the clock stays where it was
            boundary_at = next;
            return;
        }
    }
    now = boundary_at;
    // The second that ends here still belongs to what was before.
    if (now >= watch.next_second) {
        watch.second(*this);
        watch.next_second += core::k_second;
    }
    if (!warm && now >= core::from_seconds(scenario.warmup_s)) {
        warm = true;
        start_measuring();
    }
    while (next_command < schedule.size() && schedule[next_command].at <= now) {
        const Command command = schedule[next_command++];
        perform(command);
    }
    boundary_at = next_boundary();
}

bool Sim::pending_by(Time t) const { return queue.top().time <= t || boundary_at <= t; }

void Sim::reach(Time t) {
    assert(!pending_by(t));
    now = std::max(now, t);
}

void Sim::start_measuring() {
    measured_from = now;
    caps_reached = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        Tally fresh;
        fresh.inside_at_start = inside(static_cast<NodeId>(i));
        fresh.open = fresh.asked = tallies[i].open; // what is on its way counts as asked: the sums balance
        fresh.stored = tallies[i].stored;
        fresh.stored_area.restart(now, fresh.stored);
        tallies[i] = fresh;
        nodes[i].completed = nodes[i].served = nodes[i].wait_sum = 0;
    }
    for (Instance& instance : instances) {
        instance.held_area.restart(now, instance.held);
        instance.queue_area.restart(now, instance.waiting.count);
        instance.arrivals = 0;
    }
    for (Edge& edge : edges) edge.out_bytes = edge.back_bytes = 0;
    for (Cpu& cpu : cpus) cpu.busy.restart(now, cpu.in_use());
    for (core::Histogram& histogram : latency) histogram.clear();
    for (std::size_t i = 0; i < behaviours.size(); ++i)
        if (behaviours[i]->measure) behaviours[i]->measure(*this, static_cast<NodeId>(i));
    watch.restart(*this);
}

} // namespace scale::sim
