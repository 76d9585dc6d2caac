// The instances of a tier as machines that come and go: autoscaling, boot and warm-up, taking out gently, and
// releases that reach them one after the other. Plain data in the node's block: the Fleet first, then what
// else the kind keeps, then a Seat per instance that there may be.
#pragma once

#include "sim/station.hpp"

namespace scale::kind {

using sim::NodeId;
using sim::Sim;
using sim::Time;

enum class Follow : std::uint32_t { nothing, cpu, queue };
enum class Strategy : std::uint32_t { rolling, blue_green, canary };

struct FleetRules {
    double target = 0.6; // busy share of the cores, or requests waiting per instance
    double cold = 1;     // times slower while it warms up
    Time every = 0, boot = 0, drain = 0, warm = 0, cool_out = 0, cool_in = 0;
    std::uint32_t follow = 0; // Follow
    std::uint32_t least = 1, most = 1;
    std::uint32_t wanted = 1; // instances as configured
};

struct Release {
    double slower = 1;  // service times are multiplied by this
    double failing = 0; // share of the users whose requests fail on it, always the same ones
};

struct Fleet {
    FleetRules rules;
    Release releases[2]; // the one before, and the latest
    // Since the end of the warm-up, in ns x instances: that there were, and beyond those of the design.
    double there_ns = 0, beyond_ns = 0;
    Time counted_at = 0;
    // At the latest look of the autoscaler.
    double core_mark = 0;
    std::uint64_t busy_mark = 0, queue_mark = 0;
    Time looked_at = 0, scaled_out_at = 0, scaled_in_at = 0;
    Time restart = 0, observe = 0; // of the roll
    std::uint64_t new_served = 0, new_failed = 0, scale_outs = 0, scale_ins = 0;
    sim::SlotId look_slot = sim::k_none, roll_slot = sim::k_none;
    std::uint32_t whole = 1;    // real instances that one stands for
    std::uint32_t seats_at = 0; // offset in the block
    std::uint32_t seats = 0;
    std::uint32_t wanted = 0;   // instances that there should be now
    std::uint32_t beside = 0;   // machines of the other colour
    std::uint32_t strategy = 0; // Strategy
    std::uint32_t batch = 1;
    std::uint32_t roll = 0;    // Roll
    std::uint32_t target = 0;  // release that the roll leads to: 0 or 1
    std::uint32_t settled = 0; // release that the latest finished roll has led to
    std::uint32_t observed = 0;
    std::uint32_t number = 1; // of the latest release; 1 is what was there at first
    std::uint32_t tracked = 0;
    std::uint32_t ready = 0;
};

enum class Roll : std::uint32_t { idle, batches, observing, booting_green, keeping_blue };
enum class Phase : std::uint8_t { settled, draining, cold, gone };
enum class After : std::uint8_t { retire, release };

struct Seat {
    Time until = 0;             // when its phase ends
    double slow = 1;            // what somebody has made of it
    std::uint32_t restarts = 0; // what was in its memory before the latest one is lost
    std::uint16_t release = 0;
    Phase phase = Phase::settled;
    After after = After::retire; // what follows the draining
};
static_assert(sizeof(Seat) == 24);

namespace fleet {

// The kind's state begins with a Fleet; its own part ends at `seats_at`.
inline Fleet& of(Sim& sim, NodeId id) { return sim.state<Fleet>(id); }
inline const Fleet& of(const Sim& sim, NodeId id) { return sim.state<Fleet>(id); }
inline Seat& seat(Sim& sim, NodeId id, std::uint32_t index) {
    auto* const block = reinterpret_cast<unsigned char*>(sim.arena.data() + sim.nodes[id].block);
    return reinterpret_cast<Seat*>(block + of(sim, id).seats_at)[index];
}

// Sizes the tier by its rules; the block grows.
void configure(Sim& sim, NodeId id, const FleetRules& rules, sim::station::Size size, std::size_t seats_at);
// Handlers of the kind pass these on.
void fire(Sim& sim, NodeId id, std::uint16_t channel);
void wake(Sim& sim, NodeId id, std::uint32_t index);
void life(Sim& sim, NodeId id, std::uint32_t index, bool alive);
void slowed(Sim& sim, NodeId id, std::uint32_t index, double factor);
void measure(Sim& sim, NodeId id);

double instances_paid(const Sim& sim, NodeId id); // mean over the run, real ones
double instances_mean(const Sim& sim, NodeId id);

// For releases.
void take_out(Sim& sim, NodeId id, std::uint32_t index, After after);
void set_speed(Sim& sim, NodeId id, std::uint32_t index);
void settle(Sim& sim, NodeId id); // before the number of machines changes

} // namespace fleet

} // namespace scale::kind
