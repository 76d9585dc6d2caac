#include "kinds/failover.hpp"

#include "kinds/replication.hpp"
#include "kinds/stand_in.hpp"

namespace scale::kind::database {

namespace {

bool primary_dead(Sim& sim, NodeId id) { return sim.instance(id, sim.state<State>(id).primary).dead != 0; }

// The replica that has received the most; k_none when there is none to promote.
std::uint32_t best_replica(Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    const Member* const list = members(sim, id);
    std::uint32_t best = k_none;
    for (std::uint32_t i = 0; i < state.instances; ++i) {
        const Member& member = list[i];
        if (i == state.primary || member.live == 0 || member.copying != 0 || member.fresh != 0) continue;
        if (member.applied < oldest_missing(state)) continue;
        if (best == k_none || member.received > list[best].received) best = i;
    }
    return best;
}

void look_for_failure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    if (sim.value(id, failover) != 0 || state.detecting != 0 || state.promoting != 0) return;
    state.detecting = 1;
    ++state.epoch;
    sim.wake(id, wake_token(k_wake_detect, state.epoch), core::from_seconds(sim.value(id, detect_s)));
}

void begin_promotion(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.detecting = state.promoting = state.promotion_due = 0;
    state.candidate = best_replica(sim, id);
    if (state.candidate == k_none) return; // until one comes back
    state.promoting = 1;
    ++state.epoch;
    sim.wake(id, wake_token(k_wake_promote, state.epoch), core::from_seconds(sim.value(id, promote_s)));
}

void up_again(Sim& sim, State& state) {
    if (state.down == 0) return;
    state.down = 0;
    state.unwritable_ns += static_cast<double>(sim.now - std::max(state.down_since, sim.measured_from));
}

// Takes what only the old primary had out of the truth; the recovery script may find it on its disk.
void lose(Sim& sim, NodeId id, const LogEntry& entry, std::uint64_t position, std::uint32_t copy) {
    State& state = sim.state<State>(id);
    const std::uint32_t kept = sim.known(copy, entry.key);
    if (sim.latest(id, entry.key) == entry.version) sim.retract(id, entry.key, kept);
    if (sim.known(state.truth - 1, entry.key) == entry.version) sim.learn(state.truth - 1, entry.key, kept);
    sim.learn(members(sim, id)[state.primary].copy - 1, entry.key, kept);
    if (entry.acked == 0 || entry.origin != id) return;
    --(position <= state.safe ? state.replicated : state.on_the_way);
    ++state.lost;
    sim.table<Orphan>(state.tail - 1)[state.tail_count++] = {entry.key, entry.version};
}

void run_recovery_script(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    if (state.tail_count == 0 || sim.instance(id, state.tail_owner).dead != 0) return;
    if (primary_dead(sim, id) || state.promoting != 0) { // again when there is somewhere to bring it
        sim.wake(id, wake_token(k_wake_recover, 0), core::from_seconds(sim.value(id, recovery_s)));
        return;
    }
    const std::uint32_t copy = members(sim, id)[state.primary].copy - 1;
    const std::uint32_t count = state.tail_count;
    state.tail_count = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const Orphan found = sim.table<Orphan>(state.tail - 1)[i];
        LogEntry entry;
        entry.base = sim.known(copy, found.key);
        if (entry.base >= found.version) continue; // written anew meanwhile
        entry.at = sim.now;
        entry.key = found.key;
        entry.version = found.version;
        entry.origin = id;
        entry.acked = 1;
        append(sim, id, entry);
        sim.learn(copy, found.key, found.version);
        acknowledge(sim, id, state, found.key, found.version);
        ++state.on_the_way;
        ++state.recovered;
        --state.lost;
    }
    ship(sim, id);
}

// What other databases had begun to apply here.
void stop_incoming(Sim& sim, NodeId id) {
    for (const Edge& edge : sim.edges) {
        if (edge.to != id || !is_database(sim, edge.from)) continue;
        for (std::uint32_t i = 0; i < sim.nodes[edge.from].outs; ++i)
            if (&sim.edges[sim.out_edge(edge.from, i)] == &edge)
                stop_replay(sim, members(sim, edge.from)[k_instances_most + i]);
    }
}

} // namespace

void stop_replay(Sim& sim, Member& member) {
    if (member.work == 0) return;
    sim.cancel(member.work - 1, 1);
    sim.release(member.work - 1);
    member.work = 0;
}

void copy_died(Sim& sim, NodeId id, std::uint32_t instance) {
    State& state = sim.state<State>(id);
    Member& member = members(sim, id)[instance];
    stop_replay(sim, member);
    member.live = 0;
    disconnect(sim, member);
    if (instance == state.primary) {
        for (std::uint32_t i = 0; i < state.instances; ++i) sim.queue.cancel(members(sim, id)[i].slot);
        stop_incoming(sim, id);
        if (state.down == 0) state.down_since = sim.now;
        state.down = 1;
        look_for_failure(sim, id);
    } else if (state.promoting != 0 && instance == state.candidate) {
        begin_promotion(sim, id); // of another one
    }
    settle(sim, id);
}

void copy_came_back(Sim& sim, NodeId id, std::uint32_t instance) {
    State& state = sim.state<State>(id);
    if (state.tail_count != 0 && instance == state.tail_owner && sim.value(id, recovery_s) > 0)
        sim.wake(id, wake_token(k_wake_recover, 0), core::from_seconds(sim.value(id, recovery_s)));
    if (instance == state.primary) {
        if (state.promoting != 0) return; // too late: it will be a replica
        state.detecting = 0;
        ++state.epoch;
        members(sim, id)[instance].live = 1;
        up_again(sim, state);
        connect_all(sim, id);
        return;
    }
    members(sim, id)[instance].live = 1;
    replay(sim, id, instance);
    if (!primary_dead(sim, id))
        connect(sim, id, instance);
    else
        look_for_failure(sim, id);
}

void woken(Sim& sim, NodeId id, std::uint32_t token) {
    const std::uint32_t what = token >> 20;
    const std::uint32_t number = token & 0xFFFFFu;
    State& state = sim.state<State>(id);
    if (what == k_wake_copy) {
        finish_copy(sim, id, number);
    } else if (what == k_wake_recover) {
        run_recovery_script(sim, id);
    } else if (what >= k_wake_stand_detect) {
        stand_in_woken(sim, id, what, number);
    } else if (number == (state.epoch & 0xFFFFFu)) {
        if (what == k_wake_detect && state.detecting != 0) begin_promotion(sim, id);
        if (what != k_wake_promote || state.promoting == 0) return;
        const Member& chosen = members(sim, id)[state.candidate];
        state.promotion_due = 1;
        if (chosen.applied == chosen.received) promote(sim, id); // or once it has replayed what it has
    }
}

void cut_log(Sim& sim, NodeId id, std::uint64_t kept, std::uint32_t copy, std::uint32_t goes_on) {
    State& state = sim.state<State>(id);
    Member* const list = members(sim, id);
    state.tail_count = 0;
    state.tail_owner = state.primary;
    if (kept < oldest_missing(state)) { // some have left the log, and nobody has them
        kept = oldest_missing(state);
        state.on_the_way -= state.unlogged;
        state.lost += state.unlogged;
        state.unlogged = 0;
    }
    for (std::uint64_t position = kept + 1; position <= state.head; ++position)
        lose(sim, id, entry_at(sim, id, position), position, copy);
    for (std::uint64_t position = kept + 1; position <= state.head; ++position)
        entry_at(sim, id, position) = LogEntry{};
    state.head = state.settled = kept;
    state.safe = std::min(state.safe, kept);
    const std::uint32_t count = k_instances_most + state.links;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i >= state.instances && i < k_instances_most) continue;
        const bool has_lost_ones = i != goes_on && i != state.primary && list[i].received > kept;
        if (has_lost_ones) list[i].fresh = 1;
        for (std::uint64_t* position : {&list[i].sent, &list[i].received, &list[i].applied, &list[i].acked})
            *position = std::min(*position, kept);
    }
}

void promote(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    Member* const list = members(sim, id);
    const std::uint32_t old = state.primary;
    const std::uint32_t chosen = state.candidate;
    const std::uint64_t kept = list[chosen].received;
    cut_log(sim, id, kept, list[chosen].copy - 1, chosen);
    Member& before = list[old];
    before.sent = before.received = before.applied = before.acked = kept;
    before.live = sim.instance(id, old).dead == 0 ? 1 : 0;
    state.primary = chosen;
    state.detecting = state.promoting = state.promotion_due = 0;
    ++state.epoch;
    ++state.promotions;
    up_again(sim, state);
    sim.note(Happening::promoted, id, -1, static_cast<int>(chosen));
    connect_all(sim, id);
}

void move_primary(Sim& sim, NodeId id, std::uint32_t to) {
    State& state = sim.state<State>(id);
    Member* const list = members(sim, id);
    const std::uint32_t from = state.primary;
    stop_replay(sim, list[to]);
    sim.copies[list[to].copy - 1] = sim.copies[list[from].copy - 1];
    list[to].sent = list[to].received = list[to].applied = list[to].acked = state.head;
    list[to].fresh = list[to].copying = 0;
    state.primary = to;
    state.detecting = state.promoting = state.promotion_due = 0;
    ++state.epoch;
    if (sim.instance(id, to).dead == 0) {
        list[to].live = 1;
        up_again(sim, state);
        connect_all(sim, id);
    } else if (state.down == 0) {
        state.down = 1;
        state.down_since = sim.now;
    }
}

} // namespace scale::kind::database
