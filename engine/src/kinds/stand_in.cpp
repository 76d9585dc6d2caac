#include "kinds/stand_in.hpp"

#include "kinds/failover.hpp"
#include "kinds/replica_links.hpp"
#include "kinds/replication.hpp"

namespace scale::kind::database {

namespace {

enum StoodIn : std::uint32_t { as_set, stands_for_another, has_given_way, hands_back };

constexpr Time k_look_again = core::k_second / 10;

template<class Visit>
void each_feeder(Sim& sim, NodeId id, Visit visit) {
    for (std::size_t i = 0; i < sim.edges.size(); ++i) {
        const NodeId from = sim.edges[i].from;
        if (sim.edges[i].to != id || !is_database(sim, from)) continue;
        visit(from, link_index(sim, from, static_cast<EdgeId>(i)));
    }
}

// There are some, and none of them can take a write.
bool feeders_dead(Sim& sim, NodeId id) {
    bool any = false, alive = false;
    each_feeder(sim, id, [&](NodeId feeder, std::uint32_t) {
        any = true;
        alive = alive || sim.alive(feeder);
    });
    return any && !alive;
}

// What it has received it has applied as well.
bool has_replayed(Sim& sim, NodeId id) {
    bool all = true;
    each_feeder(sim, id, [&](NodeId feeder, std::uint32_t index) {
        const Member& member = members(sim, feeder)[index];
        all = all && member.applied >= member.received;
    });
    return all;
}

void begin(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    const std::uint32_t copy = members(sim, id)[state.primary].copy - 1;
    each_feeder(sim, id, [&](NodeId feeder, std::uint32_t index) {
        cut_log(sim, feeder, members(sim, feeder)[index].received, copy, index);
        sim.state<State>(feeder).stood_in = has_given_way;
        sim.state<State>(feeder).takes_writes = 0;
    });
    state.stood_in = stands_for_another;
    state.takes_writes = 1;
    ++state.promotions;
    sim.note(Happening::promoted, id, -1, static_cast<int>(state.primary));
    sim.wake(id, wake_token(k_wake_hand_back, ++state.stand_epoch), core::k_second);
}

// Lacks no write that is older than a moment: the rest is on its way.
bool nearly_caught_up(Sim& sim, NodeId id, const Member& member) {
    const State& state = sim.state<State>(id);
    if (member.broken != 0 || member.copying != 0 || too_far_behind(state, member)) return false;
    return member.applied == state.head ||
           entry_at(sim, id, member.applied + 1).at + core::k_second > sim.now;
}

void return_writes(Sim& sim, NodeId id, NodeId to) {
    State& state = sim.state<State>(id);
    State& other = sim.state<State>(to);
    other.stood_in = state.stood_in = as_set;
    other.takes_writes = static_cast<std::uint32_t>(sim.value(to, takes_writes));
    state.takes_writes = static_cast<std::uint32_t>(sim.value(id, takes_writes));
    ++other.promotions;
    sim.note(Happening::promoted, to, -1, static_cast<int>(other.primary));
}

// To the first of those it stands for that has caught up, over a link of its own. Nobody takes writes while
// the last of them are on their way.
void hand_back(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    bool near = false;
    for (std::uint32_t i = k_instances_most; i < k_instances_most + state.links; ++i) {
        const NodeId to = sim.edges[edge_of(sim, id, i)].to;
        const Member& member = members(sim, id)[i];
        if (sim.state<State>(to).stood_in != has_given_way || !primary_alive(sim, to)) continue;
        near = near || nearly_caught_up(sim, id, member);
        if (state.stood_in != hands_back || member.applied != state.head) continue;
        return_writes(sim, id, to);
        return;
    }
    state.stood_in = near ? hands_back : stands_for_another;
    state.takes_writes = near ? 0 : 1;
    sim.wake(id, wake_token(k_wake_hand_back, state.stand_epoch), near ? k_look_again : core::k_second);
}

} // namespace

void look_for_dead_feeders(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    const bool may = sim.value(id, stands_in) != 0 && state.active != 0 && state.stood_in == as_set;
    if (!may || state.takes_writes != 0 || !feeders_dead(sim, id)) return;
    sim.wake(id, wake_token(k_wake_stand_detect, ++state.stand_epoch),
             core::from_seconds(sim.value(id, detect_s)));
}

void stand_in_woken(Sim& sim, NodeId id, std::uint32_t what, std::uint32_t number) {
    State& state = sim.state<State>(id);
    if (number != (state.stand_epoch & 0xFFFFFu)) return;
    if (what == k_wake_hand_back) {
        if (state.stood_in == stands_for_another || state.stood_in == hands_back) hand_back(sim, id);
        return;
    }
    if (state.stood_in != as_set || !feeders_dead(sim, id)) return; // they are back
    if (what == k_wake_stand_detect) {
        sim.wake(id, wake_token(k_wake_stand_in, number), core::from_seconds(sim.value(id, promote_s)));
    } else if (!primary_alive(sim, id) || state.promoting != 0 || !has_replayed(sim, id)) {
        sim.wake(id, wake_token(k_wake_stand_in, number), k_look_again);
    } else {
        begin(sim, id);
    }
}

bool writes_here(const Sim& sim, NodeId id, const State& state) {
    if (state.stood_in == stands_for_another) return true;
    return state.stood_in == as_set && sim.value(id, takes_writes) != 0;
}

} // namespace scale::kind::database
