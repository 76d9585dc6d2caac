// The public face of the simulation.
#include "scale/world.hpp"

#include "sim/sim.hpp"

#include <algorithm>

namespace scale {

using sim::NodeId;

namespace {

// What the command would set, beside what is set.
std::optional<Error> contradicts(const sim::Sim& sim, const Command& command) {
    if (command.node < 0 || std::string_view(command.verb->id) != "set") return std::nullopt;
    const auto node = static_cast<std::size_t>(command.node);
    std::vector<double> values = sim.values[node];
    for (const Setting& setting : command.settings) values[setting.param] = setting.value;
    return contradiction(sim.scenario.nodes[node].kind->params, values, "");
}

} // namespace

World::World(const Scenario& scenario) : sim_(std::make_unique<sim::Sim>(scenario)) {}
World::~World() = default;
World::World(World&&) noexcept = default;
World& World::operator=(World&&) noexcept = default;

std::uint64_t World::step(std::uint64_t events) { return sim_->run(duration(), events); }

bool World::run_until(Time t, std::uint64_t event_budget) {
    if (t < sim_->now) return true;
    sim_->run(t, event_budget);
    if (sim_->pending_by(t)) return false;
    sim_->reach(t);
    return true;
}

Time World::now() const { return sim_->now; }
Time World::duration() const { return core::from_seconds(sim_->scenario.duration_s); }

std::optional<Error> World::apply(Command command) {
    if (auto error = sim_->refuse(command)) return error;
    if (auto error = contradicts(*sim_, command)) return error;
    // The moment after everything that has happened, so that a replay puts it in the same place.
    run_until(sim_->now);
    command.at = sim_->now + 1;
    sim_->insert(command);
    run_until(command.at);
    return std::nullopt;
}

std::span<const Command> World::commands() const { return sim_->applied; }

std::span<const NotDone> World::not_done() const { return sim_->not_done; }

Scenario World::scenario_with_log() const {
    Scenario out = sim_->scenario;
    out.log = sim_->by_user;
    return out;
}

Snapshot World::snapshot() const { return {std::make_shared<const sim::Sim>(*sim_), sim_->now}; }

void World::restore(const Snapshot& snapshot) { *sim_ = *snapshot.state; }

void World::rewind(const Snapshot& snapshot, std::vector<Command> log) {
    const std::uint32_t every = sim_->watch.every;
    restore(snapshot);
    sim_->scenario.log = log;
    sim_->plan(std::move(log));
    watch_every(every);
}

std::uint64_t World::digest() const { return sim_->digest(); }

const Scenario& World::scenario() const { return sim_->scenario; }
double World::value(int node, int param) const { return sim_->value(static_cast<NodeId>(node), param); }
double World::edge_value(int edge, int param) const {
    return sim_->edge_values[static_cast<std::size_t>(edge)][static_cast<std::size_t>(param)];
}
bool World::edge_cut(int edge) const { return sim_->edges[static_cast<std::size_t>(edge)].cut != 0; }
const Series& World::series(int node) const {
    return sim_->watch.nodes[static_cast<std::size_t>(node)].series();
}
const Series& World::series() const { return sim_->watch.system.series(); }
const Point& World::last_second() const { return sim_->watch.system_last_second; }
std::span<const LogEntry> World::log() const { return sim_->watch.log; }
std::uint64_t World::log_total() const { return sim_->watch.log_total; }
void World::watch_every(std::uint32_t every) { sim_->watch.set_every(*sim_, every); }
std::uint64_t World::spans_total() const { return sim_->watch.spans_total; }
const Span& World::span(std::uint64_t number) const { return sim_->watch.spans[number % k_spans]; }
std::size_t World::bytes_in_use() const { return sim_->bytes_in_use(); }

} // namespace scale
