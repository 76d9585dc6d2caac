// The way of a request from handler to handler, inline: sim.hpp ends with it, and nobody else includes it.
#pragma once

#include "sim/sim.hpp"

namespace scale::sim {

inline bool Sim::push_back(RequestList& list, Request& added, RequestId id) {
    const RequestId last = list.tail;
    added.next = k_none;
    added.prev = last;
    list.tail = id;
    ++list.count;
    if (last != k_none) {
        requests[last].next = id;
        return false;
    }
    list.head = id;
    return true;
}

inline RequestId Sim::pop_front(RequestList& list) {
    const RequestId id = list.head; // the `prev` of the next one is left alone: nobody looks at it
    list.head = requests[id].next;
    if (list.head == k_none) list.tail = k_none;
    --list.count;
    return id;
}

inline RequestId Sim::pop_back(RequestList& list) {
    const RequestId id = list.tail;
    if (--list.count != 0) {
        list.tail = requests[id].prev;
        requests[list.tail].next = k_none;
    } else {
        list.head = list.tail = k_none;
    }
    return id;
}

inline RequestId Sim::take_request() {
    if (free_request == k_none) grow_slab();
    const RequestId id = free_request;
    if (id == k_none) return k_none;
    free_request = requests[id].next;
    if (id >= request_end) request_end = id + 1;
    return id;
}

inline RequestId Sim::create(NodeId client) {
    const RequestId id = take_request();
    if (id == k_none) return k_none;
    Request& made = requests[id];
    made = Request{};
    made.where = Where::moving;
    made.born = now;
    made.depth = 1;
    *Slab::frames_of(made) = Frame{now, client, 0, k_no_edge, 0, 0};
    ++request_count;
    if (watch.every != 0) watch.consider(id, request_count);
    return id;
}

inline void Sim::release(Request& gone, RequestId id) {
    gone.where = Where::free;
    gone.next = free_request;
    free_request = id;
    if (watch.any) watch.forget(id);
}

// The usual case of these is a few instructions that end in a jump to the next; the others are calls that end
// them, so that nothing has to be kept across a call (measured: a quarter of all instructions were saving
// registers).
[[gnu::always_inline]] inline void Sim::arrive(Request& request, Frame& here, Handling handler) {
    here.entered = now;
    Node& node = nodes[here.node];
    std::uint32_t index = here.instance;
    if (index == k_any_instance) {
        if (alone[here.node] == 0) {
            arrive_at_any(request, here);
            return;
        }
        here.instance = 0;
        index = 0;
    }
    arrive_at(request, here, node, index, handler);
}

[[gnu::always_inline]] inline void Sim::arrive_at(Request& request, Frame& here, Node& node,
                                                  std::uint32_t index, Handling handler) {
    Instance& instance = instances[node.first_instance + index];
    ++instance.arrivals;
    if (instance.dead != 0 || index >= node.instances) [[unlikely]] {
        turn_away(request, here);
        return;
    }
    handler(*this, request, here);
}

// Behaviour::come_in.
template<Handling handler>
void come_in(Sim& sim, Request& request, Frame& here) {
    sim.arrive(request, here, handler);
}

inline void Sim::send(Request& request, Frame& from, EdgeId number, std::uint16_t instance) {
    const Way way = ways[number];
    Frame& next = *(&from + 1);
    ++request.depth;
    next = Frame{now, way.to, instance, number, 0, 0};
    request.hit = 0;
    request.outcome = 0;
    if (way.goes == Goes::at_once)
        arrive(request, next);
    else
        set_off(request, number);
}

inline void Sim::come_back(Request& request) {
    if (request.depth == request.base) {
        release(id_of(request)); // its caller gave up while the answer was on its way
        return;
    }
    Frame& here = top(request);
    programs[nodes[here.node].program].returned(*this, request, here);
}

inline void Sim::go_back(Request& request, Frame& here) {
    --request.depth;
    if (ways[here.edge].goes != Goes::at_once || request.depth == request.base) {
        set_off_back(request, here);
        return;
    }
    Frame& caller = *(&here - 1);
    programs[nodes[caller.node].program].returned(*this, request, caller);
}

SCALE_COPIED_IN_WASM inline void Sim::answer(Request& request, Frame& here, Outcome outcome) {
    if (outcome != Outcome::served) [[unlikely]] {
        answer_unserved(request, here, outcome);
        return;
    }
    ++nodes[here.node].completed;
    latency[here.node].record(now - here.entered);
    request.outcome = 0;
    go_back(request, here);
}

inline void Sim::first_on_wire(SlotId slot, const Request& first) {
    const Frame& here = Slab::frames_of(first)[first.depth - 1u];
    const Program& program = programs[nodes[here.node].program];
    slots[slot].coming = Coming(requests.offset_of(here), requests.offset_of(first),
                                program.incoming[first.where == Where::back ? 1 : 0]);
}

} // namespace scale::sim
