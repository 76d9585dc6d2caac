#include "kinds/fleet.hpp"

#include "kinds/releases.hpp"

#include <algorithm>
#include <numeric>

namespace scale::kind::fleet {

using namespace sim;

namespace {

enum Channel : std::uint16_t { looks = 0, rolls = 1 };

std::uint32_t booting(const Sim& sim, NodeId id) {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i)
        count += sim.instance(id, i).dead == k_booting ? 1 : 0;
    return count;
}

// Up and here to stay.
std::uint32_t serving(Sim& sim, NodeId id) {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i) {
        const bool leaves =
            seat(sim, id, i).phase == Phase::draining && seat(sim, id, i).after == After::retire;
        count += sim.instance(id, i).dead == 0 && !leaves ? 1 : 0;
    }
    return count;
}

void stay(Sim& sim, NodeId id, std::uint32_t index) {
    seat(sim, id, index).phase = Phase::settled;
    sim.instance(id, index).draining = 0;
}

// One more: first those that were about to leave, then the dead, then new machines.
bool add(Sim& sim, NodeId id) {
    Fleet& fleet = of(sim, id);
    Node& node = sim.nodes[id];
    for (std::uint32_t i = 0; i < node.instances; ++i) {
        const Seat& known = seat(sim, id, i);
        if (known.phase != Phase::draining || known.after != After::retire) continue;
        stay(sim, id, i);
        sim.refresh_callers(id);
        return true;
    }
    std::uint32_t chosen = 0;
    while (chosen < node.instances && !sim.instance(id, chosen).down()) ++chosen;
    if (chosen == fleet.seats) return false;
    if (chosen == node.instances) {
        seat(sim, id, chosen) = {0, 1, seat(sim, id, chosen).restarts, release_for_new_ones(fleet),
                                 Phase::settled};
        sim.instance(id, chosen).dead = k_dead;
        sim.instance(id, chosen).ejected = 0; // of balancers that have forgotten the one before
        ++node.instances;
        sim.refresh_alone(id);
        sim.include_new_in_failures(id);
    }
    stay(sim, id, chosen);
    sim.boot(id, static_cast<int>(chosen), fleet.rules.boot);
    return true;
}

// The machines with the highest numbers go.
void shed(Sim& sim, NodeId id, std::uint32_t count) {
    for (std::uint32_t i = sim.nodes[id].instances; i-- > 0 && count > 0;) {
        if (seat(sim, id, i).phase == Phase::draining) continue;
        take_out(sim, id, i, After::retire);
        if (sim.instance(id, i).dead == 0) --count;
    }
    sim.refresh_callers(id);
}

// What it follows, as a share of the target, since the latest look.
double reading(Sim& sim, NodeId id, Fleet& fleet) {
    const Capacity capacity = sim.capacity(id);
    const double core_time = capacity.core_time - fleet.core_mark;
    const double busy = static_cast<double>(capacity.busy_area - fleet.busy_mark);
    const double waiting = static_cast<double>(capacity.queue_area - fleet.queue_mark);
    const auto passed = static_cast<double>(sim.now - fleet.looked_at);
    fleet.core_mark = capacity.core_time;
    fleet.busy_mark = capacity.busy_area;
    fleet.queue_mark = capacity.queue_area;
    fleet.looked_at = sim.now;
    if (passed <= 0) return 1;
    if (static_cast<Follow>(fleet.rules.follow) == Follow::queue)
        return waiting / passed / std::max(1u, serving(sim, id)) / fleet.rules.target;
    return core_time > 0 ? std::min(1.0, busy / core_time) / fleet.rules.target : 1;
}

// Target tracking: as many as would bring the reading to the target, within a tenth of it nothing changes.
void decide(Sim& sim, NodeId id, Fleet& fleet, double share) {
    const std::uint32_t now_serving = serving(sim, id);
    const std::uint32_t there = now_serving + booting(sim, id);
    const double exact = now_serving * share;
    auto asked = static_cast<std::uint32_t>(std::min(exact, 1e6));
    if (asked < exact) ++asked;
    asked = std::clamp(asked, fleet.rules.least, fleet.rules.most);
    const Time cool_in = std::max(fleet.scaled_out_at, fleet.scaled_in_at) + fleet.rules.cool_in;
    if (share > 1.1 && asked > there &&
        (fleet.scaled_out_at == 0 || sim.now >= fleet.scaled_out_at + fleet.rules.cool_out)) {
        fleet.wanted = asked;
        fleet.scaled_out_at = sim.now;
        ++fleet.scale_outs;
        sim.note(Happening::scaled, id, -1, static_cast<int>(asked));
    } else if (share < 0.9 && asked < now_serving && there == now_serving && sim.now >= cool_in &&
               fleet.roll == 0) {
        fleet.wanted = asked;
        fleet.scaled_in_at = sim.now;
        ++fleet.scale_ins;
        sim.note(Happening::scaled, id, -1, static_cast<int>(asked));
    }
}

void look(Sim& sim, NodeId id) {
    Fleet& fleet = of(sim, id);
    sim.queue.schedule(fleet.look_slot, sim.now + fleet.rules.every);
    const double share = reading(sim, id, fleet);
    if (!sim.group_alive(id)) return;
    decide(sim, id, fleet, share);
    sim.settle_capacity();
    settle(sim, id);
    std::uint32_t there = serving(sim, id) + booting(sim, id);
    for (; there < of(sim, id).wanted && add(sim, id); ++there) {}
    if (there > of(sim, id).wanted && of(sim, id).roll == 0) shed(sim, id, there - of(sim, id).wanted);
}

// Takes those that have left off the end of the list.
void forget_gone(Sim& sim, NodeId id) {
    Node& node = sim.nodes[id];
    settle(sim, id);
    while (node.instances > 1 && seat(sim, id, node.instances - 1).phase == Phase::gone) {
        --node.instances;
        sim.refresh_alone(id);
        stay(sim, id, node.instances);
    }
    sim.refresh_callers(id);
}

std::uint32_t divisor(const FleetRules& rules, std::uint32_t weight) {
    const std::uint32_t all = std::gcd(weight, rules.wanted);
    return rules.follow == 0 ? all : std::gcd(all, std::gcd(rules.least, rules.most));
}

// Instances that there are to be after the rules have changed.
std::uint32_t count_for(Sim& sim, NodeId id, Fleet& fleet, bool asked_anew) {
    const FleetRules& rules = fleet.rules;
    if (rules.follow == 0) {
        for (std::uint32_t i = 0; i < fleet.seats; ++i)
            if (seat(sim, id, i).phase == Phase::gone ||
                (seat(sim, id, i).phase == Phase::draining && seat(sim, id, i).after == After::retire))
                stay(sim, id, i);
        return rules.wanted / fleet.whole;
    }
    const std::uint32_t least = rules.least / fleet.whole;
    const std::uint32_t most = rules.most / fleet.whole;
    fleet.wanted = std::clamp(asked_anew ? rules.wanted / fleet.whole : fleet.wanted, least, most);
    return asked_anew ? fleet.wanted : std::min(sim.nodes[id].instances, most);
}

} // namespace

void settle(Sim& sim, NodeId id) {
    Fleet& fleet = of(sim, id);
    const Time since = std::max(fleet.counted_at, sim.measured_from);
    const auto passed = static_cast<double>(sim.now - since);
    fleet.there_ns += passed * (sim.nodes[id].instances + fleet.beside);
    fleet.beyond_ns += passed * fleet.beside;
    fleet.counted_at = sim.now;
}

double instances_mean(const Sim& sim, NodeId id) {
    const Fleet& fleet = of(sim, id);
    const double there = sim.nodes[id].instances + fleet.beside;
    const double all = sim.measured_ns();
    if (all <= 0) return there * fleet.whole;
    const Time since = std::max(fleet.counted_at, sim.measured_from);
    return (fleet.there_ns + static_cast<double>(sim.now - since) * there) / all * fleet.whole;
}

double instances_paid(const Sim& sim, NodeId id) {
    const Fleet& fleet = of(sim, id);
    if (fleet.rules.follow != 0) return instances_mean(sim, id);
    const double all = sim.measured_ns();
    const Time since = std::max(fleet.counted_at, sim.measured_from);
    const double beside = fleet.beyond_ns + static_cast<double>(sim.now - since) * fleet.beside;
    return fleet.rules.wanted + (all > 0 ? beside / all : fleet.beside) * fleet.whole;
}

void configure(Sim& sim, NodeId id, const FleetRules& rules, station::Size size, std::size_t seats_at) {
    const bool first = of(sim, id).ready == 0;
    if (first) {
        const SlotId slots[] = {sim.add_slot(Handler::kind, id, looks),
                                sim.add_slot(Handler::kind, id, rolls)};
        of(sim, id) = {};
        of(sim, id).look_slot = slots[0];
        of(sim, id).roll_slot = slots[1];
        of(sim, id).ready = 1;
    } else {
        settle(sim, id);
    }
    const bool anew =
        first || of(sim, id).rules.wanted != rules.wanted || of(sim, id).rules.follow != rules.follow;
    const std::uint32_t whole = divisor(rules, sim.scenario.weight);
    const std::uint32_t most = (rules.follow == 0 ? rules.wanted : rules.most) / whole;
    const std::uint32_t seats = std::max(most, sim.nodes[id].instances);
    sim.reserve_state(id, seats_at + seats * sizeof(Seat));
    Fleet& fleet = of(sim, id);
    fleet.rules = rules;
    fleet.rules.every = std::max<Time>(rules.every, core::k_ms);
    fleet.whole = whole;
    fleet.seats_at = static_cast<std::uint32_t>(seats_at);
    for (; fleet.seats < seats; ++fleet.seats) {
        seat(sim, id, fleet.seats) = {};
        seat(sim, id, fleet.seats).release = release_for_new_ones(fleet);
    }
    size.instances = count_for(sim, id, fleet, anew) * whole;
    size.thin_by = whole;
    size.room = seats;
    station::resize(sim, id, size);
    fleet.rules.least /= whole;
    fleet.rules.most /= whole;
    for (std::uint32_t i = 0; i < seats; ++i) set_speed(sim, id, i);
    if (rules.follow == 0)
        sim.queue.cancel(fleet.look_slot);
    else if (!sim.queue.pending(fleet.look_slot))
        sim.queue.schedule(fleet.look_slot, sim.now + fleet.rules.every);
}

void take_out(Sim& sim, NodeId id, std::uint32_t index, After after) {
    Seat& leaving = seat(sim, id, index);
    leaving.phase = Phase::draining;
    leaving.after = after;
    leaving.until = sim.now + of(sim, id).rules.drain;
    sim.instance(id, index).draining = 1;
    sim.wake(id, index, of(sim, id).rules.drain);
}

void set_speed(Sim& sim, NodeId id, std::uint32_t index) {
    const Fleet& fleet = of(sim, id);
    const Seat& known = seat(sim, id, index);
    Instance& instance = sim.instance(id, index);
    const double cold = known.phase == Phase::cold ? fleet.rules.cold : 1;
    const double slow = known.slow * cold * fleet.releases[known.release].slower;
    if (slow == instance.slow) return;
    instance.slow = slow;
    station::refresh_plain(sim, id);
}

void slowed(Sim& sim, NodeId id, std::uint32_t index, double factor) {
    seat(sim, id, index).slow = factor;
    set_speed(sim, id, index);
}

// The phase of an instance is over, unless it has begun another one meanwhile.
void wake(Sim& sim, NodeId id, std::uint32_t index) {
    if (index >= of(sim, id).seats) return;
    Seat& known = seat(sim, id, index);
    if (known.until != sim.now) return;
    if (known.phase == Phase::cold) {
        known.phase = Phase::settled;
        set_speed(sim, id, index);
        sim.mended(id);
        return;
    }
    if (known.phase != Phase::draining) return;
    sim.settle_capacity();
    if (known.after == After::retire) {
        sim.take_down(id, index, k_dead);
        seat(sim, id, index).phase = Phase::gone;
        forget_gone(sim, id);
        return;
    }
    stay(sim, id, index);
    known.release = static_cast<std::uint16_t>(of(sim, id).target);
    if (sim.instance(id, index).dead == 0) sim.boot(id, static_cast<int>(index), of(sim, id).restart);
}

void life(Sim& sim, NodeId id, std::uint32_t index, bool alive) {
    const Fleet& fleet = of(sim, id);
    Seat& known = seat(sim, id, index);
    if (!alive) {
        ++known.restarts;
        if (known.phase == Phase::cold) known.phase = Phase::settled;
        return;
    }
    stay(sim, id, index);
    if (fleet.rules.warm > 0 && fleet.rules.cold != 1) {
        known.phase = Phase::cold;
        known.until = sim.now + fleet.rules.warm;
        sim.wake(id, index, fleet.rules.warm);
    }
    went_live(sim, id, index);
    set_speed(sim, id, index);
}

void fire(Sim& sim, NodeId id, std::uint16_t channel) {
    if (channel == looks)
        look(sim, id);
    else
        roll_on(sim, id);
}

void measure(Sim& sim, NodeId id) {
    Fleet& fleet = of(sim, id);
    fleet.there_ns = fleet.beyond_ns = 0;
    fleet.counted_at = sim.now;
    fleet.core_mark = 0;
    fleet.busy_mark = fleet.queue_mark = 0;
    fleet.looked_at = sim.now;
    fleet.new_served = fleet.new_failed = fleet.scale_outs = fleet.scale_ins = 0;
}

} // namespace scale::kind::fleet
