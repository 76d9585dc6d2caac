#include "kinds/replication.hpp"

#include "kinds/failover.hpp"
#include "kinds/replica_links.hpp"

#include <algorithm>

namespace scale::kind::database {

namespace {

template<class Do>
void each_copy(Sim& sim, NodeId id, Do&& visit) {
    const State& state = sim.state<State>(id);
    for (std::uint32_t i = 0; i < state.instances; ++i)
        if (i != state.primary) visit(i);
    for (std::uint32_t i = 0; i < state.links; ++i) visit(k_instances_most + i);
}

void await_next(Sim& sim, NodeId id, Member& member) {
    const State& state = sim.state<State>(id);
    if (member.received >= state.head || sim.queue.pending(member.slot)) return;
    const Time left = std::max(entry_at(sim, id, member.received + 1).at, member.since);
    sim.queue.schedule(member.slot, std::max(sim.now, left + state.ship));
}

// Everything up to here has been acknowledged by as many copies as the mode asks for.
std::uint64_t acknowledged_up_to(Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    const bool all = static_cast<Replication>(state.mode) == Replication::sync;
    std::uint64_t least = state.head, most = 0;
    bool any = false;
    each_copy(sim, id, [&](std::uint32_t i) {
        const Member& member = members(sim, id)[i];
        if (member.in_sync == 0) return;
        any = true;
        least = std::min(least, member.acked);
        most = std::max(most, member.acked);
    });
    return !any ? state.head : all ? least : most;
}

// An instance tells the primary.
void acknowledge_from(Sim& sim, NodeId id, std::uint32_t index, std::uint64_t position) {
    const State& state = sim.state<State>(id);
    if (state.ship == 0) {
        acked_by(sim, id, index, position);
        return;
    }
    const RequestId made = sim.launch(id, static_cast<std::uint16_t>(index));
    if (made == k_none) return;
    Request& request = sim.requests[made];
    request.user = static_cast<std::uint32_t>(position);
    request.version = index;
    sim.frame(made, 0).stage = at_ack_way;
    sim.wait(request, state.ship);
}

// The write is true from now on.
void confirm(Sim& sim, NodeId id, std::uint64_t position) {
    State& state = sim.state<State>(id);
    LogEntry& entry = entry_at(sim, id, position);
    entry.acked = 1;
    acknowledge(sim, id, state, entry.key, entry.version);
    ++(position <= state.safe ? state.replicated : state.on_the_way);
}

void finish_write(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    sim.wrote(here.node, request);
    ++state.writes;
    sim.table<SeenBy>(state.seen)[request.user % k_users_seen] = {request.user, request.key, request.version};
    request.bytes = state.answer_bytes;
    station::finish(sim, request, here, Outcome::served);
}

void apply(Sim& sim, NodeId id, std::uint32_t index) {
    State& state = sim.state<State>(id);
    Member& member = members(sim, id)[index];
    const LogEntry entry = entry_at(sim, id, ++member.applied);
    const std::uint64_t position = member.applied;
    member.lag_ns += static_cast<double>(sim.now - entry.at);
    ++member.lag_count;
    if (position == state.head) member.in_sync = 1;
    if (is_link(index)) {
        merge(sim, sim.edges[edge_of(sim, id, index)].to, entry);
        answer_applied(sim, id, index);
        return;
    }
    sim.learn(member.copy - 1, entry.key, entry.version);
    if (static_cast<Replication>(state.mode) == Replication::sync) acknowledge_from(sim, id, index, position);
    if (state.promotion_due != 0 && index == state.candidate && member.applied == member.received)
        promote(sim, id);
}

} // namespace

void start_copy(Sim& sim, NodeId id, std::uint32_t index) {
    Member& member = members(sim, id)[index];
    if (member.copying != 0) return;
    member.copying = 1;
    member.in_sync = 0;
    const Time lasts = core::from_seconds(sim.value(id, copy_s));
    member.copy_until = sim.now + lasts;
    sim.wake(id, wake_token(k_wake_copy, index), lasts);
    settle(sim, id); // nobody waits for it any longer
}

void acked_by(Sim& sim, NodeId id, std::uint32_t index, std::uint64_t position) {
    Member& member = members(sim, id)[index];
    member.acked = std::max(member.acked, std::min(position, sim.state<State>(id).head));
    settle(sim, id);
}

void own_timer(Sim& sim, Request& request, const Frame& here) {
    const NodeId id = here.node;
    const std::uint32_t index = request.version;
    const std::uint64_t position = whole_position(sim.state<State>(id).head, request.user);
    const bool acknowledgement = here.stage == at_ack_way;
    sim.release(sim.id_of(request));
    if (acknowledgement) {
        acked_by(sim, id, index, position);
        return;
    }
    connect(sim, id, index);
    replay(sim, id, index);
}

void forget_waiting(Sim& sim, Request& request, const Frame& here) {
    if (here.stage == at_acks && request.where == Where::moving) {
        LogEntry& entry = entry_at(sim, here.node, request.due);
        if (entry.request == sim.id_of(request) + 1) entry.request = 0;
    } else if (here.stage == at_apply) {
        const NodeId from = sim.edges[here.edge].from;
        sim.unlink(members(sim, from)[link_index(sim, from, here.edge)].waiting, sim.id_of(request));
    }
}

// A write that has waited for its acknowledgements.
void answer_write(Sim& sim, NodeId id, std::uint64_t position, RequestId waiting) {
    entry_at(sim, id, position).request = 0;
    confirm(sim, id, position);
    Request& request = sim.requests[waiting];
    sim.take_up(request);
    finish_write(sim, request, sim.top(waiting));
}

void make_safe(Sim& sim, NodeId id, std::uint64_t position) {
    State& state = sim.state<State>(id);
    if (position <= state.safe) return;
    const std::uint64_t oldest = oldest_missing(state);
    if (state.safe < oldest) { // only a full copy has brought these
        state.replicated += state.unlogged;
        state.on_the_way -= state.unlogged;
        state.unlogged = 0;
        state.safe = oldest;
    }
    while (state.safe < position) {
        const LogEntry& entry = entry_at(sim, id, ++state.safe);
        if (entry.acked == 0 || entry.origin != id) continue;
        ++state.replicated;
        --state.on_the_way;
    }
}

std::uint64_t append(Sim& sim, NodeId id, const LogEntry& entry) {
    State& state = sim.state<State>(id);
    const std::uint32_t waiting = entry_at(sim, id, state.head + 1).request;
    if (waiting != 0) answer_write(sim, id, state.head + 1 - state.log_room, waiting - 1); // no room to wait
    const std::uint64_t position = ++state.head;
    LogEntry& place = entry_at(sim, id, position);
    if (position > state.log_room) { // what it replaces
        const bool unsafe = position - state.log_room > state.safe;
        if (unsafe && place.acked != 0 && place.origin == id) ++state.unlogged;
    }
    place = entry;
    return position;
}

void ship(Sim& sim, NodeId id) {
    if (!shipping(sim, id)) return;
    const std::uint32_t instances = sim.state<State>(id).instances;
    for (std::uint32_t i = 0; i < instances; ++i) {
        Member& member = members(sim, id)[i];
        if (i == sim.state<State>(id).primary || member.live == 0 || member.copying != 0) continue;
        if (too_far_behind(sim.state<State>(id), member))
            start_copy(sim, id, i);
        else
            await_next(sim, id, member);
    }
    for (std::uint32_t i = 0; i < sim.state<State>(id).links; ++i) ship_over(sim, id, k_instances_most + i);
}

void write_done(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    State& state = sim.state<State>(id);
    if (here.instance != state.primary) { // the primary is another one by now
        station::finish(sim, request, here, Outcome::failed);
        return;
    }
    if (entry_at(sim, id, state.head + 1).request != 0) { // the log is full of writes that wait
        sim.cap_reached(id);
        station::finish(sim, request, here, Outcome::rejected);
        return;
    }
    const std::uint32_t copy = members(sim, id)[state.primary].copy - 1;
    LogEntry entry;
    entry.at = sim.now;
    entry.key = request.key;
    entry.base = sim.known(copy, request.key);
    // A cache may have acknowledged it long ago, with a version of its own.
    const bool known = sim.is_of(here.node, request.version) && request.version > entry.base;
    if (!known) request.version = sim.issue(here.node, request.key);
    entry.version = request.version;
    entry.origin = id;
    const std::uint64_t position = append(sim, id, entry);
    sim.learn(copy, entry.key, entry.version);
    // `settled` follows the log where nobody waits.
    const bool waits =
        static_cast<Replication>(state.mode) != Replication::async && acknowledged_up_to(sim, id) < position;
    if (!waits) {
        confirm(sim, id, position);
        finish_write(sim, request, here);
    } else {
        here.stage = at_acks;
        sim.park(request);
        request.due = position;
        entry_at(sim, id, position).request = sim.id_of(request) + 1;
    }
    ship(sim, id);
}

void settle(Sim& sim, NodeId id) {
    for (;;) {
        State& state = sim.state<State>(id);
        const bool waits = static_cast<Replication>(state.mode) != Replication::async;
        const std::uint64_t up_to = waits ? acknowledged_up_to(sim, id) : state.head;
        if (state.settled >= up_to) return;
        const std::uint64_t position = ++state.settled;
        if (position <= oldest_missing(state)) continue;
        const std::uint32_t waiting = entry_at(sim, id, position).request;
        if (waiting == 0) continue;
        answer_write(sim, id, position, waiting - 1);
    }
}

void read_done(Sim& sim, Request& request, const Frame& here) {
    State& state = sim.state<State>(here.node);
    const std::uint32_t copy = members(sim, here.node)[here.instance].copy - 1;
    request.version = sim.stamp(here.node, sim.known(copy, request.key));
    if (request.version < sim.known(state.truth - 1, request.key)) ++state.stale;
    const SeenBy* const wrote = sim.table<SeenBy>(state.seen) + request.user % k_users_seen;
    if (wrote->user == request.user && wrote->key == request.key && request.version < wrote->version)
        ++state.own_missed;
    SeenBy* const read = sim.table<SeenBy>(state.seen) + k_users_seen + request.user % k_users_seen;
    if (read->user == request.user && read->key == request.key && request.version < read->version)
        ++state.went_back;
    *read = {request.user, request.key, request.version};
}

void arrived_at_replica(Sim& sim, NodeId id, SlotId slot, std::uint32_t index) {
    State& state = sim.state<State>(id);
    Member& member = members(sim, id)[index];
    sim.queue.cancel(slot);
    if (too_far_behind(state, member)) {
        start_copy(sim, id, index);
        return;
    }
    while (member.received < state.head) {
        const Time left = std::max(entry_at(sim, id, member.received + 1).at, member.since);
        if (left + state.ship > sim.now) break;
        ++member.received;
    }
    make_safe(sim, id, member.received);
    await_next(sim, id, member);
    if (static_cast<Replication>(state.mode) == Replication::semi_sync)
        acknowledge_from(sim, id, index, member.received);
    replay(sim, id, index);
}

void replay(Sim& sim, NodeId id, std::uint32_t index) {
    for (;;) {
        Member& member = members(sim, id)[index];
        if (member.live == 0 || member.copying != 0 || member.work != 0) return;
        if (member.applied >= member.received) return;
        if (too_far_behind(sim.state<State>(id), member)) {
            start_copy(sim, id, index);
            return;
        }
        const Place at = place_of(sim, id, index);
        const Instance& instance = sim.instance(at.node, at.instance);
        if (instance.dead != 0) return;
        if (sim.state<State>(at.node).has_replay == 0) {
            apply(sim, id, index);
            continue;
        }
        const RequestId made = sim.launch(at.node, static_cast<std::uint16_t>(at.instance));
        if (made == k_none) return;
        member.work = made + 1;
        Request& request = sim.requests[made];
        request.user = id;
        request.version = index;
        sim.frame(made, 0).stage = at_replay;
        const Time demand = sim.demand(at.node, k_demand_replay).draw(sim.streams[at.node].service);
        station::work_on(sim, request, instance.cpu, station::stretch(demand, instance.slow));
        return;
    }
}

void replay_done(Sim& sim, Request& request) {
    const auto id = static_cast<NodeId>(request.user);
    const std::uint32_t index = request.version;
    sim.release(sim.id_of(request));
    members(sim, id)[index].work = 0;
    if (!too_far_behind(sim.state<State>(id), members(sim, id)[index])) apply(sim, id, index);
    replay(sim, id, index);
}

// Connections ----------------------------------------------------------------------------------------------

void connect(Sim& sim, NodeId id, std::uint32_t index) {
    Member& member = members(sim, id)[index];
    member.since = sim.now;
    if (is_link(index)) {
        member.broken = member.blocked = member.probing = 0;
        member.sent = member.received;
        if (shipping(sim, id)) ship_over(sim, id, index);
    } else if (member.live != 0 && member.copying == 0 && shipping(sim, id)) {
        if (too_far_behind(sim.state<State>(id), member)) {
            start_copy(sim, id, index);
        } else {
            member.in_sync = member.applied == sim.state<State>(id).head ? 1 : 0;
            await_next(sim, id, member);
            replay(sim, id, index);
        }
    }
}

void disconnect(Sim& sim, Member& member) {
    member.in_sync = 0;
    if (member.has_slot != 0) sim.queue.cancel(member.slot);
}

void connect_all(Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    for (std::uint32_t i = 0; i < state.instances; ++i)
        if (i != state.primary) connect(sim, id, i);
    for (std::uint32_t i = k_instances_most; i < k_instances_most + state.links; ++i)
        if (members(sim, id)[i].broken == 0 && members(sim, id)[i].blocked == 0) ship_over(sim, id, i);
    for (const Edge& edge : sim.edges) {
        if (edge.to != id || !is_database(sim, edge.from)) continue;
        replay(sim, edge.from, link_index(sim, edge.from, static_cast<EdgeId>(&edge - sim.edges.data())));
    }
}

void finish_copy(Sim& sim, NodeId id, std::uint32_t index) {
    Member& member = members(sim, id)[index];
    if (member.copying == 0 || member.copy_until != sim.now) return;
    member.copying = 0;
    if (member.live == 0 || !shipping(sim, id)) return; // begins anew when both are there
    const Place to = place_of(sim, id, index);
    if (is_link(index) && (sim.edges[edge_of(sim, id, index)].cut != 0 || !primary_alive(sim, to.node))) {
        start_copy(sim, id, index);
        return;
    }
    State& state = sim.state<State>(id);
    const std::uint32_t source = members(sim, id)[state.primary].copy - 1;
    member.sent = member.received = member.applied = member.acked = state.head;
    member.fresh = 0;
    member.in_sync = 1;
    ++state.copies;
    make_safe(sim, id, state.head);
    if (is_link(index)) {
        merge_all(sim, to.node, source);
        answer_applied(sim, id, index);
    } else {
        sim.copies[member.copy - 1] = sim.copies[source];
    }
    settle(sim, id);
}

} // namespace scale::kind::database
