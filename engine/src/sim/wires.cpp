#include "sim/wires.hpp"

#include "sim/sim.hpp"

#include <algorithm>

namespace scale::sim {

namespace {

// A way of an edge more on the shared wire of that delay, or on one of its own.
std::uint32_t use_wire(Sim& sim, Time delay, bool owned) {
    std::uint32_t found = k_none;
    for (std::uint32_t i = 0; i < sim.wires.size(); ++i) {
        Wire& wire = sim.wires[i];
        if (!owned && wire.owned == 0 && wire.delay == delay) {
            ++wire.uses;
            return i;
        }
        if (found == k_none && wire.uses == 0 && wire.list.count == 0) found = i;
    }
    if (found == k_none) {
        found = static_cast<std::uint32_t>(sim.wires.size());
        sim.wires.emplace_back();
        sim.wires[found].slot = sim.add_slot(Handler::wire, found);
    }
    sim.wires[found].delay = owned ? 0 : delay;
    sim.wires[found].uses = 1;
    sim.wires[found].owned = owned ? 1 : 0;
    return found;
}

// When the last of those arrives that are on one way of the edge; 0 is nobody.
Time last_on_its_way(Sim& sim, EdgeId number, bool back) {
    Time last = 0;
    for (RequestId id = 0; id < sim.requests.size(); ++id) {
        const Request& request = sim.requests[id];
        if (request.where != (back ? Where::back : Where::out)) continue;
        // An answer on its way has given up its frame, but the frame still stands above the top.
        const Frame& on = sim.frame(id, back ? request.depth : request.depth - 1);
        if (on.edge == number) last = std::max(last, request.due);
    }
    return last;
}

} // namespace

void lay_wires(Sim& sim, EdgeId number) {
    Edge& edge = sim.edges[number];
    const bool owned = edge.ns_per_byte > 0;
    if (edge.out_wire != k_none) {
        Wire& had = sim.wires[edge.out_wire];
        if (owned ? had.owned != 0 : had.owned == 0 && had.delay == edge.delay) return;
        edge.out_last = last_on_its_way(sim, number, false);
        edge.back_last = last_on_its_way(sim, number, true);
        --had.uses;
        --sim.wires[edge.back_wire].uses;
    }
    edge.out_wire = use_wire(sim, edge.delay, owned);
    edge.back_wire = use_wire(sim, edge.delay, owned);
}

} // namespace scale::sim
