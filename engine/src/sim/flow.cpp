// The way of a request that is not instant: edges, timers, patience, and what is torn down on the way.
#include "sim/sim.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::sim {

void Sim::grow_slab() {
    const std::size_t had = requests.size();
    if (had >= k_requests_most) return;
    // Doubling a large slab would leave half of it unused: a request in flight may cost 200 bytes at most.
    const std::size_t larger = had == 0 ? 256 : had < 4096 ? had * 2 : had + had / 2;
    const std::size_t wanted = std::min<std::size_t>(k_requests_most, larger);
    requests.grow(wanted);
    watch.slab_grew(wanted);
    for (std::size_t i = wanted; i-- > had;) { // the lowest number is used first
        const auto id = static_cast<RequestId>(i);
        requests[id].next = free_request;
        free_request = id;
    }
}

void Sim::count_failure(const Request& request, NodeId node, Outcome outcome) {
    ++(outcome == Outcome::rejected ? tallies[node].rejected : tallies[node].failed);
    const bool begins_here = request.outcome == 0; // and is not passed on
    if (begins_here) watch.census.failed(*this, request, node, outcome);
}

// One of several instances, by the kind's own choice or in turn.
void Sim::arrive_at_any(Request& request, Frame& here) {
    Node& node = nodes[here.node];
    const Program& program = programs[node.program];
    if (program.route != nullptr) {
        here.instance = program.route(*this, here.node, request);
    } else {
        const std::uint32_t turn = node.next_instance < node.instances ? node.next_instance : 0;
        here.instance = static_cast<std::uint16_t>(turn);
        node.next_instance = turn + 1;
    }
    arrive_at(request, here, node, here.instance, program.arrive);
}

// Nobody listens: the connection is refused. Where the instance was chosen on setting off and is no longer
// one of them, another one takes it.
void Sim::turn_away(Request& request, Frame& here) {
    const Node& node = nodes[here.node];
    if (here.instance < node.instances || !behaviours[here.node]->expect_chooses) {
        answer(request, here, Outcome::failed);
        return;
    }
    --instances[node.first_instance + here.instance].arrivals;
    here.instance = k_any_instance;
    arrive_at_any(request, here);
}

void Sim::depart(Request& request, EdgeId number) {
    const Edge& edge = edges[number];
    if (watch.any) watch.wire(*this, request, number, now + edge.delay, false);
    if (edge.instant != 0)
        arrive(request, top(request));
    else
        transmit(request, number, false);
}

void Sim::answer_unserved(Request& request, Frame& here, Outcome outcome) {
    count_failure(request, here.node, outcome);
    request.outcome = static_cast<std::uint8_t>(outcome) & 3u;
    go_back(request, here);
}

// An answer that is watched, on a wire, or without anybody to wait for it. Its frame is off the stack.
void Sim::carry_back(Request& request, Frame& here) {
    const EdgeId number = here.edge;
    const Edge& edge = edges[number];
    if (watch.any) watch.wire(*this, request, number, now + edge.delay, true);
    if (request.depth == request.base)
        release(id_of(request)); // an orphan
    else if (edge.instant == 0)
        transmit(request, number, true);
    else
        come_back(request);
}

// The wire, when it was empty.
inline Wire* Sim::join_wire(Request& sent, std::uint32_t number, Where where, Time due) {
    sent.where = where;
    sent.slot = number;
    sent.due = due;
    Wire& wire = wires[number];
    return push_back(wire.list, sent, id_of(sent)) ? &wire : nullptr;
}

// By wire it is most of transmit(), as nothing is in the way.
void Sim::set_off(Request& sent, EdgeId number) {
    if (ways[number].goes != Goes::by_wire) [[unlikely]] {
        depart(sent, number);
        return;
    }
    Edge& edge = edges[number];
    edge.out_bytes += sent.bytes;
    if (Wire* const empty = join_wire(sent, edge.out_wire, Where::out, now + edge.delay)) {
        set_off_first(sent, *empty, number);
        return;
    }
    if (expecting[number] != nullptr) expecting[number](*this, ways[number].to, sent);
}

void Sim::set_off_first(Request& sent, Wire& wire, EdgeId number) {
    first_on_wire(wire.slot, sent);
    queue.schedule(wire.slot, sent.due);
    if (expecting[number] != nullptr) expecting[number](*this, ways[number].to, sent);
}

void Sim::set_off_back(Request& sent, Frame& here) {
    if (ways[here.edge].goes != Goes::by_wire || sent.depth == sent.base) [[unlikely]] {
        carry_back(sent, here);
        return;
    }
    Edge& edge = edges[here.edge];
    edge.back_bytes += sent.bytes;
    if (Wire* const empty = join_wire(sent, edge.back_wire, Where::back, now + edge.delay)) {
        first_on_wire(empty->slot, sent);
        queue.schedule(empty->slot, sent.due);
    }
}

void Sim::transmit(Request& sent, EdgeId number, bool back) {
    Edge& edge = edges[number];
    if (edge.cut != 0) {
        // No sign of life from the other side: the caller gives up after a while.
        sent.where = back ? Where::lost_back : Where::lost_out;
        start_timer(sent, edge.give_up);
        return;
    }
    if (!back && expecting[number] != nullptr) expecting[number](*this, edge.to, sent);
    (back ? edge.back_bytes : edge.out_bytes) += sent.bytes;
    Time leaves = now;
    if (edge.ns_per_byte > 0) {
        Time& line_free = back ? edge.back_free : edge.out_free;
        leaves = std::max(now, line_free) + core::from_ns(sent.bytes * edge.ns_per_byte);
        line_free = leaves;
    }
    // After the delay was shortened nobody overtakes those on their way.
    const Time last = back ? edge.back_last : edge.out_last;
    if (edge.constant == 0 || leaves + edge.delay < last) [[unlikely]] {
        const Time later =
            edge.constant != 0 ? last - now : leaves - now + edge.varying.draw(streams[edge.from].network);
        sent.where = back ? Where::back_timer : Where::out_timer;
        start_timer(sent, later);
        return;
    }
    const std::uint32_t joined = back ? edge.back_wire : edge.out_wire;
    const Wire& wire = wires[joined];
    Time due = leaves + edge.delay;
    if (wire.owned != 0 && wire.list.count != 0) due = std::max(due, requests[wire.list.tail].due);
    if (Wire* const empty = join_wire(sent, joined, back ? Where::back : Where::out, due)) {
        first_on_wire(empty->slot, sent);
        queue.schedule(empty->slot, due);
    }
}

void Sim::start_timer(Request& waiting, Time delay) {
    waiting.due = in(delay);
    waiting.slot = static_cast<std::uint32_t>(timer_sequence);
    timers.push(waiting.due, id_of(waiting), timer_sequence++);
    if (timers.top_time() == waiting.due) queue.schedule(timer_slot, waiting.due);
}

void Sim::wait(Request& request, Time delay) {
    request.where = Where::timer;
    start_timer(request, delay);
}

void Sim::wake(NodeId node, std::uint32_t token, Time delay, bool boots) {
    if (free_wake == k_none) {
        free_wake = static_cast<std::uint32_t>(wakes.size());
        wakes.push_back({});
    }
    const std::uint32_t index = free_wake;
    free_wake = wakes[index].next_free;
    wakes[index] = {token, k_none, node, boots ? 1u : 0u};
    const Time due = in(delay);
    timers.push(due, k_wake_bit | index, timer_sequence++);
    if (timers.top_time() == due) queue.schedule(timer_slot, due);
}

void Sim::due_timer() {
    const core::TimerHeap::Timer timer = timers.top();
    const auto number = static_cast<std::uint32_t>(timers.top_sequence());
    timers.pop();
    if (timers.empty())
        queue.cancel(timer_slot);
    else
        queue.schedule(timer_slot, timers.top_time());
    if ((timer.payload & k_wake_bit) != 0) {
        Wake& due = wakes[timer.payload & ~k_wake_bit];
        const Wake now_due = due;
        due.next_free = free_wake;
        free_wake = timer.payload & ~k_wake_bit;
        if (now_due.boots != 0) {
            come_up(static_cast<NodeId>(now_due.node), now_due.token);
            return;
        }
        behaviours[now_due.node]->wake(*this, static_cast<NodeId>(now_due.node), now_due.token);
        return;
    }
    const RequestId id = timer.payload;
    Request& request = requests[id];
    if (!in_timers(request.where) || request.slot != number) return; // it was torn down meanwhile
    const Where was = request.where;
    request.where = Where::moving;
    request.slot = k_none;
    switch (was) {
    case Where::out_timer: arrive(request, top(id)); break;
    case Where::back_timer: come_back(request); break;
    case Where::lost_out:
        --request.depth; // it never arrived
        [[fallthrough]];
    case Where::lost_back:
        watch.census.lost(*this, request, edges[frame(id, request.depth).edge].to);
        request.outcome = static_cast<std::uint8_t>(Outcome::failed);
        come_back(request);
        break;
    default: behaviours[top(id).node]->timer(*this, request, top(id)); break;
    }
}

// Patience -------------------------------------------------------------------------------------------------

void Sim::expect_by(RequestId id, Time expires, NodeId client) {
    Patience& list = patience[client];
    requests[id].expires = expires;
    RequestId before = list.tail; // constant patience: always the last one
    while (before != k_none && requests[before].expires > expires) before = requests[before].timeout_prev;
    const RequestId after = before == k_none ? list.head : requests[before].timeout_next;
    requests[id].timeout_prev = before;
    requests[id].timeout_next = after;
    if (before != k_none)
        requests[before].timeout_next = id;
    else
        list.head = id;
    if (after != k_none)
        requests[after].timeout_prev = id;
    else
        list.tail = id;
    // The slot is left alone when the head is answered; it then fires once for nothing and moves on.
    if (list.armed == 0 || queue.time_of(list.slot) > expires) {
        queue.schedule(list.slot, expires);
        list.armed = 1;
    }
}

void Sim::relax(RequestId id) {
    Request& calm = requests[id];
    if (calm.expires == 0) return;
    Patience& list = patience[frame(id, 0).node];
    const RequestId before = calm.timeout_prev;
    const RequestId after = calm.timeout_next;
    if (before != k_none)
        requests[before].timeout_next = after;
    else
        list.head = after;
    if (after != k_none)
        requests[after].timeout_prev = before;
    else
        list.tail = before;
    calm.expires = 0;
    calm.timeout_next = calm.timeout_prev = k_none;
}

void Sim::due_patience(SlotId slot) {
    const auto client = static_cast<NodeId>(slots[slot].owner);
    Patience& list = patience[client];
    const RequestId id = list.head;
    const bool due = id != k_none && requests[id].expires <= now;
    if (due) relax(id);
    if (list.head != k_none) {
        queue.schedule(slot, requests[list.head].expires);
    } else {
        queue.cancel(slot);
        list.armed = 0;
    }
    if (due) watch.census.gave_up(*this, id);
    if (due) behaviours[client]->timeout(*this, requests[id], frame(id, 0));
}

// Tearing down ---------------------------------------------------------------------------------------------

void Sim::drop_from_where(RequestId id) {
    Request& held = requests[id];
    switch (held.where) {
    case Where::out:
    case Where::back: unlink_wire(id); break;
    case Where::queued: {
        const Frame& here = top(id);
        Instance& at = instance(here.node, here.instance);
        at.queue_area.down(now);
        unlink(at.waiting, id);
        break;
    }
    case Where::ready: unlink(cpus[held.slot].ready, id); break;
    case Where::running: {
        const SlotId slot = held.slot;
        Cpu& cpu = cpus[slots[slot].owner];
        cpu.busy.down(now);
        --cpu.running;
        queue.cancel(slot);
        slots[slot].request = k_none;
        slots[slot].next_free = cpu.free_slot;
        cpu.free_slot = slot;
        station::begin_ready(*this, slots[slot].owner);
        break;
    }
    case Where::sharing: station::unshare(*this, id, slots[held.slot].owner); break;
    case Where::parked: disown(held); break;
    default: break; // entries of the timer heap go stale by themselves
    }
    held.where = Where::moving;
    held.slot = k_none;
}

void Sim::unlink_wire(RequestId id) {
    Wire& wire = wires[requests[id].slot];
    const bool first = wire.list.head == id;
    unlink(wire.list, id);
    if (wire.list.count == 0)
        queue.cancel(wire.slot);
    else if (first) {
        first_on_wire(wire.slot, requests[wire.list.head]);
        queue.schedule(wire.slot, requests[wire.list.head].due);
    }
}

void Sim::cancel(RequestId id, int depth) {
    Request& doomed = requests[id];
    const bool arrived =
        doomed.where != Where::out && doomed.where != Where::out_timer && doomed.where != Where::lost_out;
    if (doomed.where == Where::parked) cancel_branches(doomed);
    drop_from_where(id);
    if (!arrived) --doomed.depth;
    while (doomed.depth > depth) {
        const int last = doomed.depth - 1;
        const NodeId node = frame(id, last).node;
        behaviours[node]->dropped(*this, doomed, frame(id, last));
        ++tallies[node].failed;
        --doomed.depth;
    }
}

RequestId Sim::abandon(RequestId id, int depth) {
    const RequestId made = take_request();
    if (made == k_none) return k_none;
    Request& copy = requests[made];
    Request& orphan = requests[id];
    copy = orphan;
    copy.next = copy.prev = copy.slot = k_none;
    copy.timeout_next = copy.timeout_prev = k_none;
    copy.where = Where::moving;
    copy.depth = static_cast<std::uint8_t>(depth);
    // One more than it keeps: the frame that was called from its top tells what that was.
    for (int i = 0; i <= depth && i < static_cast<int>(requests.frames_each()); ++i)
        frame(made, i) = frame(id, i);
    if (orphan.expires != 0) {
        const Time expires = orphan.expires;
        relax(id);
        expect_by(made, expires, frame(made, 0).node);
    }
    orphan.base = static_cast<std::uint8_t>(depth) & 31u;
    if (watch.any) watch.follow(id, made);
    return made;
}

void Sim::unlink(RequestList& list, RequestId id) {
    Request& gone = requests[id];
    const bool first = list.head == id;
    const bool last = list.tail == id;
    if (first)
        list.head = gone.next;
    else
        requests[gone.prev].next = gone.next;
    if (last)
        list.tail = first ? k_none : gone.prev;
    else
        requests[gone.next].prev = gone.prev;
    gone.next = gone.prev = k_none;
    --list.count;
}

} // namespace scale::sim
