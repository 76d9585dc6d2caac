#include "kinds/releases.hpp"

namespace scale::kind::fleet {

using namespace sim;

namespace {

Roll roll_of(const Fleet& fleet) { return static_cast<Roll>(fleet.roll); }

void set_roll(Sim& sim, NodeId id, Roll roll, Time due) {
    Fleet& fleet = of(sim, id);
    fleet.roll = static_cast<std::uint32_t>(roll);
    if (roll == Roll::idle)
        sim.queue.cancel(fleet.roll_slot);
    else
        sim.queue.schedule(fleet.roll_slot, sim.now + due);
}

bool is_bad(const Release& release) { return release.slower > 1 || release.failing > 0; }

void finish(Sim& sim, NodeId id) {
    Fleet& fleet = of(sim, id);
    fleet.settled = fleet.target;
    fleet.tracked = fleet.settled == 1 && is_bad(fleet.releases[1]) ? 1 : 0;
    set_roll(sim, id, Roll::idle, 0);
    if (fleet.settled == 1) return;
    sim.cares[id].released_at = 0;
    sim.cares[id].bad_release = 0;
    sim.mended(id);
}

// Out for the release, or booting for whatever reason.
bool is_out(Sim& sim, NodeId id, std::uint32_t index) {
    const Seat& known = seat(sim, id, index);
    if (sim.instance(id, index).dead != 0) return sim.instance(id, index).dead == k_booting;
    return known.phase == Phase::draining && known.after == After::release;
}

std::uint32_t on_release(Sim& sim, NodeId id, std::uint32_t release) {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i)
        count += seat(sim, id, i).release == release ? 1 : 0;
    return count;
}

// The dead get it when they come back; those that leave need none.
bool needs_taking_out(Sim& sim, NodeId id, std::uint32_t index) {
    Seat& known = seat(sim, id, index);
    const std::uint32_t target = of(sim, id).target;
    if (known.release == target) return false;
    known.release = static_cast<std::uint16_t>(target);
    return sim.instance(id, index).dead == 0 && known.phase != Phase::draining;
}

void next_batch(Sim& sim, NodeId id) {
    const Fleet& fleet = of(sim, id);
    const std::uint32_t count = sim.nodes[id].instances;
    for (std::uint32_t i = 0; i < count; ++i)
        if (is_out(sim, id, i)) return set_roll(sim, id, Roll::batches, core::k_second);
    const bool tries = static_cast<Strategy>(fleet.strategy) == Strategy::canary && fleet.target == 1;
    if (tries && fleet.observed == 0 && on_release(sim, id, 1) > 0)
        return set_roll(sim, id, Roll::observing, fleet.observe);
    std::uint32_t out = 0;
    for (std::uint32_t i = 0; i < count && out < fleet.batch; ++i) {
        const std::uint16_t before = seat(sim, id, i).release;
        if (!needs_taking_out(sim, id, i)) continue;
        // Until it has drained it runs what it ran.
        seat(sim, id, i).release = before;
        take_out(sim, id, i, After::release);
        ++out;
    }
    if (out == 0) return finish(sim, id);
    sim.refresh_callers(id);
    set_roll(sim, id, Roll::batches, core::k_second);
}

// Everybody at once: the other colour takes the traffic, what is inside finishes.
void switch_over(Sim& sim, NodeId id) {
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i) {
        Seat& known = seat(sim, id, i);
        known.release = static_cast<std::uint16_t>(of(sim, id).target);
        if (sim.instance(id, i).dead != 0) continue;
        life(sim, id, i, false); // what the other machine had in its memory is not here
        life(sim, id, i, true);
    }
}

void boot_green(Sim& sim, NodeId id) {
    settle(sim, id);
    of(sim, id).beside = sim.nodes[id].instances;
    set_roll(sim, id, Roll::booting_green, of(sim, id).restart);
}

void end_blue(Sim& sim, NodeId id) {
    settle(sim, id);
    of(sim, id).beside = 0;
    finish(sim, id);
}

} // namespace

std::uint16_t release_for_new_ones(const Fleet& fleet) {
    if (roll_of(fleet) == Roll::idle || roll_of(fleet) == Roll::booting_green)
        return static_cast<std::uint16_t>(fleet.settled);
    const bool trial = static_cast<Strategy>(fleet.strategy) == Strategy::canary && fleet.observed == 0;
    return static_cast<std::uint16_t>(trial ? 0 : fleet.target);
}

void deploy(Sim& sim, NodeId id, const Deploy& wanted) {
    if (roll_of(of(sim, id)) == Roll::keeping_blue) end_blue(sim, id);
    Fleet& fleet = of(sim, id);
    if (roll_of(fleet) != Roll::idle) return; // one at a time
    fleet.releases[0] = fleet.releases[fleet.settled];
    fleet.releases[1] = wanted.release;
    for (std::uint32_t i = 0; i < fleet.seats; ++i) seat(sim, id, i).release = 0;
    fleet.settled = 0;
    fleet.target = 1;
    fleet.observed = 0;
    fleet.tracked = 1;
    ++fleet.number;
    fleet.strategy = wanted.strategy;
    fleet.batch = std::max(1u, (wanted.batch + fleet.whole / 2) / fleet.whole); // of those simulated
    fleet.restart = wanted.restart;
    fleet.observe = wanted.observe;
    sim.cares[id].released_at = 0;
    sim.cares[id].bad_release = 0;
    sim.note(Happening::released, id);
    if (static_cast<Strategy>(fleet.strategy) == Strategy::blue_green)
        boot_green(sim, id);
    else
        set_roll(sim, id, Roll::batches, 0);
}

void roll_back(Sim& sim, NodeId id) {
    Fleet& fleet = of(sim, id);
    const Roll roll = roll_of(fleet);
    const bool nothing_new = roll == Roll::idle && fleet.settled == 0;
    if (nothing_new || (roll != Roll::idle && fleet.target == 0)) return;
    fleet.target = 0;
    fleet.observed = 1;
    sim.note(Happening::rolled_back, id);
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i)
        if (sim.instance(id, i).dead != 0) seat(sim, id, i).release = 0;
    if (static_cast<Strategy>(fleet.strategy) != Strategy::blue_green) {
        set_roll(sim, id, Roll::batches, 0);
    } else if (roll == Roll::idle) {
        boot_green(sim, id); // the other colour is gone
    } else {
        if (roll == Roll::keeping_blue) switch_over(sim, id);
        end_blue(sim, id);
    }
}

void roll_on(Sim& sim, NodeId id) {
    switch (roll_of(of(sim, id))) {
    case Roll::idle: sim.queue.cancel(of(sim, id).roll_slot); break;
    case Roll::observing: of(sim, id).observed = 1; [[fallthrough]];
    case Roll::batches: next_batch(sim, id); break;
    case Roll::booting_green:
        switch_over(sim, id);
        set_roll(sim, id, Roll::keeping_blue, of(sim, id).observe);
        break;
    case Roll::keeping_blue: end_blue(sim, id); break;
    }
}

void went_live(Sim& sim, NodeId id, std::uint32_t index) {
    const Fleet& fleet = of(sim, id);
    if (roll_of(fleet) == Roll::batches) sim.queue.schedule(fleet.roll_slot, sim.now);
    if (seat(sim, id, index).release != 1 || fleet.target != 1) return;
    Care& care = sim.cares[id];
    if (care.released_at == 0) care.released_at = sim.now;
    if (!is_bad(fleet.releases[1])) return;
    care.bad_release = 1;
    if (care.troubled_since == 0) care.troubled_since = sim.now;
}

bool meets_broken_code(Sim& sim, NodeId id, std::uint32_t index, const Request& request) {
    Fleet& fleet = of(sim, id);
    const Seat& known = seat(sim, id, index);
    if (known.release == 1) ++fleet.new_served;
    const Release& release = fleet.releases[known.release];
    if (release.failing <= 0) return false;
    const std::uint64_t path = core::mix((std::uint64_t{fleet.number} << 32 | request.user) + 0x5CA1Eu);
    if (static_cast<double>(path >> 11) * 0x1p-53 >= release.failing) return false;
    ++fleet.new_failed;
    return true;
}

} // namespace scale::kind::fleet
