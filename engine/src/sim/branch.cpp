// Requests that a node makes itself: branches that their parent waits for, and work that nobody waits for.
#include "sim/sim.hpp"

#include <algorithm>
#include <bit>

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

namespace {

// Grown to powers of two, so that a growing range of keys seldom allocates.
std::uint32_t& at_key(std::vector<std::uint32_t>& versions, std::uint32_t key) {
    if (key >= versions.size()) versions.resize(std::size_t{1} << std::bit_width(key | 1023u));
    return versions[key];
}

} // namespace

std::uint32_t Sim::commit(std::uint32_t key) {
    if (key < issued.size()) {
        const std::uint32_t version = issue(key);
        acknowledge(key, version);
        return version;
    }
    return ++at_key(truth, key);
}

std::uint32_t Sim::issue(std::uint32_t key) {
    std::uint32_t& highest = at_key(issued, key);
    highest = std::max(highest, latest(key)) + 1;
    return highest;
}

void Sim::acknowledge(std::uint32_t key, std::uint32_t version) {
    std::uint32_t& now_true = at_key(truth, key);
    now_true = std::max(now_true, version);
}

void Sim::retract(std::uint32_t key, std::uint32_t version) {
    std::uint32_t& highest = at_key(issued, key);
    highest = std::max(highest, latest(key));
    at_key(truth, key) = version;
}

void Sim::learn(std::uint32_t copy, std::uint32_t key, std::uint32_t version) {
    at_key(copies[copy], key) = version;
}

} // namespace scale::sim
