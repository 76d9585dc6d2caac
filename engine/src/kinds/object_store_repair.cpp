// Copies that are made anew: a server that was down or lost its disks looks through its objects and gets what
// it lacks from another one, by real reads and writes of their disks.
#include "kinds/object_store_repair.hpp"

#include <algorithm>

namespace scale::kind::files {

namespace {

// Objects that a server may lack: all that were ever written, and the rest where somebody lost them.
std::uint32_t objects_known(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    std::size_t known = 0;
    bool lost = false;
    for (std::uint32_t i = 0; i < state.keep; ++i)
        known = std::max(known, sim.copies[state.copy[i] - 1].size());
    for (std::uint32_t i = 0; i < state.servers; ++i) lost = lost || state.server[i].lost != 0;
    const double all = std::min(sim.value(id, objects), static_cast<double>(k_told_apart));
    return std::max(static_cast<std::uint32_t>(known), lost ? static_cast<std::uint32_t>(all) : 0u);
}

// The next object that the server lacks and that another one has, from its cursor on.
bool find_gap(Sim& sim, NodeId id, std::uint32_t server, std::uint32_t& key, std::uint32_t& source) {
    State& state = sim.state<State>(id);
    std::uint32_t& cursor = state.server[server].cursor;
    const double there = std::min(sim.value(id, objects), static_cast<double>(k_told_apart));
    const auto first_written = static_cast<std::uint32_t>(there); // objects from here on only when written
    for (const std::uint32_t end = objects_known(sim, id); cursor < end; ++cursor) {
        const std::uint32_t which = share_of(state, cursor, server);
        if (cursor >= first_written && sim.latest(id, cursor) == state.origin)
            continue; // there is no such object
        if (which == state.keep || is_current(sim, id, cursor, which)) continue;
        bool others = false;
        source = source_of(sim, id, cursor, others);
        if (source == k_nowhere) {
            if (others) state.server[server].waiting = 1;
            continue;
        }
        key = cursor++;
        return true;
    }
    return false;
}

bool begin_one(Sim& sim, NodeId id, std::uint32_t server) {
    std::uint32_t key = 0, source = 0;
    if (!find_gap(sim, id, server, key, source)) return false;
    const RequestId made = sim.launch(id);
    if (made == k_none) return false;
    State& state = sim.state<State>(id);
    ++state.server[server].at_work;
    Request& request = sim.requests[made];
    request.key = key;
    request.kind = static_cast<std::uint8_t>(RequestClass::page);
    request.user = server; // whom it is for
    Frame& origin = sim.frame(made, 0);
    origin.instance = k_any_instance; // it dies with the server that it is at, and with no other
    origin.stage = at_fetch;
    sim.send(request, origin, static_cast<EdgeId>(state.self_edge), static_cast<std::uint16_t>(source));
    return true;
}

} // namespace

std::uint32_t source_of(Sim& sim, NodeId id, std::uint32_t key, bool& others) {
    State& state = sim.state<State>(id);
    std::uint32_t best = k_nowhere;
    std::uint64_t least = 0;
    const std::uint32_t first = state.reads_from == 1 ? state.turn++ % state.keep : 0;
    for (std::uint32_t i = 0; i < state.keep; ++i) {
        const std::uint32_t which = (first + i) % state.keep;
        if (!is_current(sim, id, key, which)) continue;
        const std::uint32_t server = server_of(state, key, which);
        others = true;
        if (!up(sim, id, server)) continue;
        const Instance& there = sim.instance(id, server);
        const std::uint64_t load = std::uint64_t{there.held} + there.waiting.count;
        if (best != k_nowhere && (state.reads_from != 2 || load >= least)) continue;
        best = server;
        least = load;
    }
    return best;
}

void look_for_gaps(Sim& sim, NodeId id, std::uint32_t server, std::uint32_t from, Time after) {
    State& state = sim.state<State>(id);
    if (state.repairs == 0 || server >= state.servers) return;
    Server& own = state.server[server];
    own.cursor = own.repairing != 0 ? std::min(own.cursor, from) : from;
    if (own.repairing != 0 && after != 0) return; // it is at it, or will be
    own.repairing = 1;
    sim.wake(id, server, after);
}

void repair_next(Sim& sim, NodeId id, std::uint32_t server) {
    State& state = sim.state<State>(id);
    if (server >= state.servers || !up(sim, id, server)) return;
    Server& own = state.server[server];
    while (own.repairing != 0 && own.pausing == 0 && own.at_work < state.repairs)
        if (!begin_one(sim, id, server)) break;
    if (own.at_work == 0 && own.pausing == 0 && own.cursor >= objects_known(sim, id)) own.repairing = 0;
}

// It has been read, or written, or neither; then the server looks once more, a little later.
void repair_returned(Sim& sim, Request& request, Frame& origin) {
    const NodeId id = origin.node;
    State& state = sim.state<State>(id);
    const std::uint32_t server = request.user;
    const bool served = static_cast<Outcome>(request.outcome) == Outcome::served;
    if (served && origin.stage == at_fetch && server < state.servers && up(sim, id, server)) {
        origin.stage = at_store;
        sim.send(request, origin, static_cast<EdgeId>(state.self_edge), static_cast<std::uint16_t>(server));
        return;
    }
    const bool done = served && origin.stage == at_store;
    const std::uint32_t key = request.key;
    sim.release(sim.id_of(request));
    Server& own = state.server[server];
    --own.at_work;
    if (done) {
        ++state.repaired;
        repair_next(sim, id, server);
    } else {
        own.cursor = std::min(own.cursor, key);
        own.repairing = 1;
        if (own.pausing == 0) sim.wake(id, server, core::k_second);
        own.pausing = 1;
    }
}

void repair_woken(Sim& sim, NodeId id, std::uint32_t server) {
    sim.state<State>(id).server[server].pausing = 0;
    repair_next(sim, id, server);
}

void lose_data(Sim& sim, NodeId id, std::uint32_t server) {
    State& state = sim.state<State>(id);
    for (std::uint32_t i = 0; i < state.keep; ++i) {
        std::vector<std::uint32_t>& written = sim.copies[state.copy[i] - 1];
        for (std::uint32_t key = 0; key < written.size(); ++key)
            if (server_of(state, key, i) == server) written[key] = 0;
    }
    state.server[server].lost = 1;
    if (state.server[server].shelf.store != 0) clear(sim, state.server[server].shelf);
    look_for_gaps(sim, id, server, 0, 0);
}

} // namespace scale::kind::files
