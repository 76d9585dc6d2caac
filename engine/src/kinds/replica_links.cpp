#include "kinds/replica_links.hpp"

#include "kinds/replication.hpp"

namespace scale::kind::database {

namespace {

constexpr double k_write_bytes = 500; // of a log record on the wire

// Two primaries wrote without knowing of each other, and this one's write is the later: the other is lost.
// Counted where the winner was written.
bool lost_to_mine(Sim& sim, NodeId id, const LogEntry& entry, std::uint32_t mine) {
    const State& state = sim.state<State>(id);
    const std::uint64_t oldest = oldest_missing(state);
    for (std::uint64_t position = state.head; position > oldest; --position) {
        const LogEntry& own = entry_at(sim, id, position);
        if (own.key == entry.key && own.version == mine) return own.origin == id && own.base < entry.version;
    }
    return false;
}

} // namespace

void ship_over(Sim& sim, NodeId id, std::uint32_t index) {
    Member& member = members(sim, id)[index];
    State& state = sim.state<State>(id);
    if (member.broken != 0 || member.blocked != 0 || member.copying != 0) return;
    if (too_far_behind(state, member)) start_copy(sim, id, index);
    if (member.copying != 0 || member.sent >= state.head) return;
    const RequestId made = sim.launch(id, static_cast<std::uint16_t>(state.primary));
    if (made == k_none) return;
    Request& request = sim.requests[made];
    request.kind = static_cast<unsigned>(RequestClass::write) & 15u;
    request.key = entry_at(sim, id, state.head).key;
    request.user = static_cast<std::uint32_t>(state.head);
    request.version = index;
    request.bytes = static_cast<std::uint32_t>(
        std::min(1e9, static_cast<double>(state.head - member.sent) * k_write_bytes));
    member.sent = state.head;
    Frame& here = sim.frame(made, 0);
    here.stage = at_ship;
    const Place to = place_of(sim, id, index);
    sim.send(request, here, edge_of(sim, id, index), static_cast<std::uint16_t>(to.instance));
    // Nothing overtakes what is lost: the connection stands still until the loss is noticed.
    const Request& after = sim.requests[made];
    const bool same = after.version == index && sim.frame(made, 0).node == id;
    if (same && after.where == Where::lost_out) members(sim, id)[index].blocked = 1;
}

void merge(Sim& sim, NodeId id, const LogEntry& entry) {
    State& state = sim.state<State>(id);
    const std::uint32_t copy = members(sim, id)[state.primary].copy - 1;
    const std::uint32_t mine = sim.known(copy, entry.key);
    if (entry.version <= mine) {
        if (entry.version < mine && lost_to_mine(sim, id, entry, mine)) ++state.conflicts;
        return;
    }
    sim.learn(copy, entry.key, entry.version);
    LogEntry passed_on = entry;
    passed_on.at = sim.now;
    passed_on.request = 0;
    passed_on.acked = 1;
    append(sim, id, passed_on);
    ship(sim, id);
}

// The whole of another database's data.
void merge_all(Sim& sim, NodeId id, std::uint32_t source) {
    const std::uint32_t copy = members(sim, id)[sim.state<State>(id).primary].copy - 1;
    for (std::uint32_t key = 0; key < sim.copies[source].size(); ++key) {
        LogEntry entry;
        entry.version = sim.known(source, key);
        if (entry.version <= sim.known(copy, key)) continue;
        entry.at = sim.now;
        entry.key = key;
        entry.base = entry.version;
        entry.origin = id;
        sim.learn(copy, key, entry.version);
        append(sim, id, entry);
    }
    ship(sim, id);
}

void answer_applied(Sim& sim, NodeId id, std::uint32_t index) {
    for (;;) {
        Member& member = members(sim, id)[index];
        if (member.waiting.count == 0 || sim.requests[member.waiting.head].due > member.applied) return;
        const RequestId first = sim.pop_front(member.waiting);
        Request& request = sim.requests[first];
        sim.take_up(request);
        sim.answer(request, sim.top(first), Outcome::served);
    }
}

std::uint32_t link_index(const Sim& sim, NodeId from, EdgeId edge) {
    for (std::uint32_t i = 0; i < sim.nodes[from].outs; ++i)
        if (sim.out_edge(from, i) == edge) return k_instances_most + i;
    return k_instances_most;
}

void message_arrived(Sim& sim, Request& request, Frame& here) {
    const NodeId from = sim.edges[here.edge].from;
    const std::uint32_t index = link_index(sim, from, here.edge);
    const State& state = sim.state<State>(here.node);
    if (here.instance != state.primary || state.promoting != 0) {
        sim.answer(request, here, Outcome::failed);
        return;
    }
    const State& source = sim.state<State>(from);
    Member& member = members(sim, from)[index];
    const std::uint64_t position = std::min(whole_position(source.head, request.user), source.head);
    member.received = std::max(member.received, position);
    make_safe(sim, from, member.received);
    if (static_cast<Replication>(source.mode) == Replication::sync && member.applied < position) {
        here.stage = at_apply;
        sim.park(request);
        request.due = position;
        sim.push_back(member.waiting, sim.id_of(request));
    } else {
        sim.answer(request, here, Outcome::served);
    }
    replay(sim, from, index);
}

void message_returned(Sim& sim, Request& request) {
    const NodeId id = sim.frame(sim.id_of(request), 0).node;
    const std::uint32_t index = request.version;
    Member& member = members(sim, id)[index];
    if (static_cast<Outcome>(request.outcome) == Outcome::served) {
        const std::uint64_t position = whole_position(sim.state<State>(id).head, request.user);
        sim.release(sim.id_of(request));
        acked_by(sim, id, index, position);
        return;
    }
    member.broken = 1;
    member.in_sync = 0;
    if (member.probing != 0) {
        sim.release(sim.id_of(request));
    } else { // this one tries again after a while
        member.probing = 1;
        sim.wait(request, core::k_second);
    }
    settle(sim, id);
}

} // namespace scale::kind::database
