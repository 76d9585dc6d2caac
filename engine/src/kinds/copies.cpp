#include "kinds/copies.hpp"

#include "core/hash.hpp"
#include "kinds/failover.hpp"
#include "kinds/replication.hpp"
#include "kinds/stand_in.hpp"

namespace scale::kind::database {

namespace {

void add_tables(Sim& sim, State& state) {
    state.active = 1;
    if (state.truth == 0) {
        sim.copies.emplace_back();
        state.truth = static_cast<std::uint32_t>(sim.copies.size());
    }
    state.log = sim.add_table() + 1;
    state.tail = sim.add_table() + 1;
    state.seen = sim.add_table();
    sim.tables[state.seen].resize((2 * k_users_seen * sizeof(SeenBy) + 7) / 8);
}

// Databases that are linked, over however many others, have one truth.
void share_truth(Sim& sim, NodeId id) {
    const std::uint32_t shared = sim.state<State>(id).truth;
    for (const Edge& edge : sim.edges) {
        if ((edge.from != id && edge.to != id) || !is_database(sim, edge.from) || !is_database(sim, edge.to))
            continue;
        const NodeId other = edge.from == id ? edge.to : edge.from;
        sim.reserve_state(other, sizeof(State));
        if (sim.state<State>(other).truth == shared) continue;
        sim.state<State>(other).truth = shared;
        share_truth(sim, other);
    }
}

// Keeps the latest writes when the log gets another length.
void size_log(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    const auto wanted = static_cast<std::uint32_t>(sim.value(id, log_entries));
    if (wanted == state.log_room) return;
    const std::uint64_t had_from = oldest_missing(state);
    const std::uint64_t from = std::max(had_from, state.head > wanted ? state.head - wanted : 0);
    std::vector<LogEntry> kept;
    for (std::uint64_t position = had_from + 1; position <= state.head; ++position) {
        const LogEntry entry = entry_at(sim, id, position);
        if (position > from) {
            kept.push_back(entry);
            continue;
        }
        if (entry.request != 0) answer_write(sim, id, position, entry.request - 1);
        const bool mine = entry_at(sim, id, position).acked != 0 && entry.origin == id;
        if (mine && position > state.safe) ++state.unlogged;
    }
    state.log_room = wanted;
    state.forgotten = from;
    sim.tables[state.log - 1].assign(wanted * sizeof(LogEntry) / 8, 0);
    sim.tables[state.tail - 1].resize(wanted * sizeof(Orphan) / 8);
    state.tail_count = std::min(state.tail_count, wanted);
    for (std::size_t i = 0; i < kept.size(); ++i) entry_at(sim, id, from + 1 + i) = kept[i];
}

void read_rules(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    const auto value = [&](Param param) { return static_cast<std::uint32_t>(sim.value(id, param)); };
    state.mode = value(replication);
    state.reads_from = value(reads_from);
    state.when_dead = value(when_dead);
    if (state.given_writes != value(takes_writes) + 1) state.stood_in = 0; // somebody decided by hand
    state.given_writes = value(takes_writes) + 1;
    state.takes_writes = writes_here(sim, id, state) ? 1 : 0;
    state.has_replay = sim.value(id, replay_ms) > 0 ? 1 : 0;
    state.ship = core::from_ms(sim.value(id, ship_ms));
    state.links = sim.nodes[id].outs;
}

// A copy that was not there before has everything at the start of the world, and nothing later.
void add_copy(Sim& sim, NodeId id, std::uint32_t index, bool from_the_start) {
    Member& member = members(sim, id)[index];
    const bool instance = index < k_instances_most;
    if (instance && member.copy == 0) {
        sim.copies.emplace_back();
        member.copy = static_cast<std::uint32_t>(sim.copies.size());
    }
    if (instance && member.has_slot == 0) {
        member.slot = sim.add_slot(Handler::kind, id, static_cast<std::uint16_t>(index));
        member.has_slot = 1;
    }
    if (!instance) member.waiting = RequestList{};
    member.live = !instance || sim.instance(id, index).dead == 0 ? 1 : 0;
    member.fresh = from_the_start ? 0 : 1;
    member.in_sync = from_the_start ? 1 : 0;
    member.copying = 0;
}

void remove_copy(Sim& sim, NodeId id, std::uint32_t index) {
    Member& member = members(sim, id)[index];
    stop_replay(sim, member);
    disconnect(sim, member);
    member.live = member.copying = 0;
}

bool serves(const State& state, const Member& member) {
    return member.live != 0 && member.copying == 0 && member.fresh == 0 && state.active != 0;
}

std::uint32_t next_replica(Sim& sim, NodeId id, const Request& request) {
    State& state = sim.state<State>(id);
    const std::uint32_t others = state.instances - 1;
    const bool sticky = static_cast<ReadsFrom>(state.reads_from) == ReadsFrom::sticky;
    const std::uint32_t turn =
        sticky ? static_cast<std::uint32_t>(core::mix(request.user) % others) : state.turn++ % others;
    for (std::uint32_t tried = 0; tried < others; ++tried) {
        const std::uint32_t place = (turn + tried) % others;
        const std::uint32_t index = place < state.primary ? place : place + 1;
        if (serves(state, members(sim, id)[index])) return index;
        if (state.when_dead != 0) break; // the primary takes its part
    }
    return state.primary;
}

std::uint32_t least_loaded(Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    std::uint32_t best = state.primary;
    std::uint32_t least = k_none;
    for (std::uint32_t i = 0; i < state.instances; ++i) {
        if (i == state.primary || !serves(state, members(sim, id)[i])) continue;
        const Instance& instance = sim.instance(id, i);
        const std::uint32_t load = instance.held + instance.waiting.count;
        if (load < least) {
            least = load;
            best = i;
        }
    }
    return best;
}

} // namespace

void configure_copies(Sim& sim, NodeId id, std::uint32_t before) {
    const bool first = sim.state<State>(id).active == 0;
    const bool loading = first && before == 0;
    if (first) add_tables(sim, sim.state<State>(id));
    if (loading) share_truth(sim, id);
    read_rules(sim, id);
    size_log(sim, id);
    State& state = sim.state<State>(id);
    const std::uint32_t had = first ? 0 : before;
    for (std::uint32_t i = had; i < state.instances; ++i)
        add_copy(sim, id, i, loading || (first && i == state.primary));
    if (first && !loading)
        sim.copies[members(sim, id)[state.primary].copy - 1] = sim.copies[state.truth - 1] =
            sim.truths[sim.homes[id]];
    for (std::uint32_t i = 0; i < state.links && first; ++i) add_copy(sim, id, k_instances_most + i, true);
    if (state.primary >= state.instances) move_primary(sim, id, 0);
    for (std::uint32_t i = state.instances; i < had; ++i) remove_copy(sim, id, i);
    for (std::uint32_t i = had; i < state.instances; ++i)
        if (i != sim.state<State>(id).primary) connect(sim, id, i);
    settle(sim, id);
}

std::uint32_t choose_reader(Sim& sim, NodeId id, const Request& request) {
    State& state = sim.state<State>(id);
    switch (static_cast<ReadsFrom>(state.reads_from)) {
    case ReadsFrom::primary: return state.primary;
    case ReadsFrom::least: return least_loaded(sim, id);
    case ReadsFrom::all:
        if (state.turn++ % state.instances == 0 && sim.instance(id, state.primary).dead == 0)
            return state.primary;
        return next_replica(sim, id, request);
    default: return next_replica(sim, id, request);
    }
}

double mean_lag_ms(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    if (state.active == 0) return 0;
    double sum = 0, count = 0;
    for (std::uint32_t i = 0; i < k_instances_most + state.links; ++i) {
        sum += members(sim, id)[i].lag_ns;
        count += static_cast<double>(members(sim, id)[i].lag_count);
    }
    return count > 0 ? sum / count / 1e6 : 0;
}

std::uint64_t writes_behind(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    std::uint64_t most = 0;
    if (state.active == 0) return most;
    for (std::uint32_t i = 0; i < k_instances_most + state.links; ++i) {
        const bool counts = i >= k_instances_most || (i < state.instances && i != state.primary);
        if (counts) most = std::max(most, state.head - members(sim, id)[i].applied);
    }
    return most;
}

} // namespace scale::kind::database
