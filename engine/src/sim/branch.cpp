// Requests that a node makes itself: branches that their parent waits for, and work that nobody waits for.
#include "sim/sim.hpp"

namespace scale::sim {

RequestId Sim::launch(NodeId node, std::uint16_t at_instance) {
    const RequestId id = create(node);
    if (id == k_none)
        cap_reached(node);
    else
        frame(id, 0).instance = at_instance;
    return id;
}

RequestId Sim::branch(RequestId parent) {
    const Frame here = top(parent);
    const RequestId id = launch(here.node, here.instance);
    if (id == k_none) return k_none;
    Request& from = requests[parent];
    Request& made = requests[id];
    made.key = from.key;
    made.user = from.user;
    made.bytes = from.bytes;
    made.kind = from.kind;
    made.timeout_prev = parent;
    made.timeout_next = from.slot;
    from.slot = id;
    if (watch.any) watch.follow(parent, id);
    return id;
}

RequestId Sim::join(RequestId child) {
    const RequestId parent = requests[child].timeout_prev;
    const RequestId after = requests[child].timeout_next;
    if (parent != k_none) {
        std::uint32_t* link = &requests[parent].slot;
        while (*link != child) link = &requests[*link].timeout_next;
        *link = after;
    }
    release(child);
    return parent;
}

void Sim::park(Request& request) {
    request.where = Where::parked;
    request.slot = k_none;
}

void Sim::take_up(Request& request) {
    disown(request);
    request.where = Where::moving;
}

void Sim::disown(Request& parent) {
    for (RequestId id = parent.slot; id != k_none;) {
        Request& child = requests[id];
        id = child.timeout_next;
        child.timeout_next = child.timeout_prev = k_none;
    }
    parent.slot = k_none;
}

void Sim::cancel_branches(Request& parent) {
    while (parent.slot != k_none) {
        const RequestId id = parent.slot;
        parent.slot = requests[id].timeout_next;
        requests[id].timeout_next = requests[id].timeout_prev = k_none;
        cancel(id, 1);
        release(id);
    }
}

} // namespace scale::sim
