#include "session.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "scale/codec.hpp"

namespace scale::web {
namespace {

// Between two looks at the clock: a fraction of a millisecond.
constexpr std::uint64_t k_events_between_looks = 4096;
constexpr double k_time_most_s = 1e10; // about 317 years; 2^64 ns are 584

} // namespace

Time to_time(double seconds) {
    const double held = std::clamp(seconds, 0.0, k_time_most_s);
    return static_cast<Time>(std::llround(held * 1e9));
}

std::string lesson_mark(std::string_view lesson) {
    std::uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
    for (char c : lesson) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    char out[17];
    std::snprintf(out, sizeof out, "%016llx", static_cast<unsigned long long>(hash));
    return out;
}

double to_seconds(Time time) { return static_cast<double>(time) / 1e9; }

Session::Session() : world_(std::make_unique<World>(scenario_)) {}

std::optional<Error> Session::refuse(Error error) {
    last_error_ = error.sentence();
    ++revision_;
    return error;
}

std::optional<Error> Session::load_json(std::string_view json) {
    Result<Scenario> parsed = parse_scenario(json);
    if (!parsed) return refuse(parsed.error());
    return load(std::move(*parsed));
}

std::optional<Error> Session::load_draft(std::string_view json) {
    Result<Scenario> parsed = parse_draft(json);
    if (!parsed) return refuse(parsed.error());
    return open(std::move(*parsed));
}

std::optional<Error> Session::load_link(std::string_view link) {
    Result<Scenario> decoded = decode_link(link);
    if (!decoded) return refuse(decoded.error());
    return load(std::move(*decoded));
}

std::optional<Error> Session::load(Scenario scenario) {
    if (std::optional<Error> error = validate(scenario)) return refuse(*error);
    return open(std::move(scenario));
}

std::optional<Error> Session::open(Scenario scenario) {
    before_start_.clear();
    undone_.clear();
    redone_.clear();
    before_.reset();
    moved_node_ = -1;
    adopt(std::move(scenario));
    playing_ = false;
    last_error_.clear();
    ++design_revision_;
    return std::nullopt;
}

void Session::adopt(Scenario scenario) {
    scenario_ = std::move(scenario);
    world_ = std::make_unique<World>(scenario_);
    snapshots_.clear();
    snapshot_every_ = k_snapshot_every;
    farthest_ = 0;
    seek_to_ = k_not_seeking;
    owed_ns_ = 0;
    speed_reached_ = 0;
    limit_ = SpeedLimit::none;
    ++beginnings_;
    ++revision_;
    ++link_revision_;
}

void Session::play() {
    if (empty()) return;
    if (finished()) restart();
    playing_ = true;
    ++revision_;
}

bool Session::finished() const { return !empty() && world_->now() >= world_->duration(); }

void Session::restart(std::optional<std::uint64_t> seed) {
    // What was done is taken back like any step, and stays to be compared with.
    const bool other_run =
        (seed && *seed != scenario_.seed) ||
        world_->scenario_with_log().log.size() > scenario_.log.size() + before_start_.size();
    if (other_run && started()) {
        keep_before();
        remember(page());
    }
    if (seed) scenario_.seed = *seed;
    adopt(std::move(scenario_));
    for (const Command& command : before_start_) world_->apply(command);
}

std::uint64_t Session::step_events(std::uint64_t events) {
    if (empty()) return 0;
    ++revision_;
    return world_->step(events);
}

bool Session::run_slice(Time target, ClockMs clock, double budget_ms) {
    const double start_ms = clock();
    bool reached = world_->now() >= target;
    while (!reached) {
        // In steps from snapshot to snapshot, which are never taken while something happens.
        const Time stop = std::min(target, next_snapshot());
        reached = world_->run_until(stop, k_events_between_looks);
        if (reached && world_->now() == stop) keep_snapshot();
        if (look_) look_();
        reached = reached && stop == target;
        if (clock() - start_ms >= budget_ms) break;
    }
    ++revision_;
    return reached;
}

bool Session::step_seconds(double seconds, ClockMs clock, double budget_ms) {
    return run_to(now_s() + seconds, clock, budget_ms);
}

bool Session::run_to(double seconds, ClockMs clock, double budget_ms) {
    if (empty()) return true;
    return run_slice(std::min(to_time(seconds), world_->duration()), clock, budget_ms);
}

bool Session::advance(double elapsed_ms, ClockMs clock, double budget_ms) {
    if (seeking()) {
        if (run_slice(seek_to_, clock, budget_ms)) seek_to_ = k_not_seeking;
        return true;
    }
    if (!playing_) return false;
    const double held_ms = std::clamp(elapsed_ms, 0.0, k_elapsed_ms_most);
    const Time before = world_->now();
    Time target = world_->duration();
    if (speed_ > 0) {
        owed_ns_ += held_ms * 1e6 * speed_;
        const double whole = std::floor(owed_ns_);
        owed_ns_ -= whole;
        target = std::min(target, before + static_cast<Time>(whole));
    }
    const bool reached = run_slice(target, clock, budget_ms);
    limit_ = reached ? SpeedLimit::none : SpeedLimit::device;
    if (held_ms > 0) {
        const double measured = static_cast<double>(world_->now() - before) / (held_ms * 1e6);
        speed_reached_ = speed_reached_ > 0 ? speed_reached_ + (measured - speed_reached_) * 0.1 : measured;
    }
    if (finished()) playing_ = false;
    return true;
}

void Session::set_speed(double factor) {
    speed_ = factor > 0 ? std::clamp(factor, k_speed_least, k_speed_most) : 0;
    speed_reached_ = 0;
    ++revision_;
}

std::optional<Error> Session::apply(Command command) {
    if (empty()) return refuse({"", "there is no design to change", ""});
    const bool before_start = !started();
    Page earlier = page();
    const bool past = in_the_past();
    if (past) take_other_way();
    if (std::optional<Error> error = world_->apply(command)) {
        if (past) become(std::move(earlier));
        return refuse(*error);
    }
    if (before_start) before_start_.push_back(world_->scenario_with_log().log.back());
    remember(std::move(earlier));
    farthest_ = world_->now();
    last_error_.clear();
    ++revision_;
    ++link_revision_;
    return std::nullopt;
}

std::optional<Error> Session::apply_json(std::string_view command_json) {
    Result<Command> command = parse_command(command_json, scenario_);
    if (!command) return refuse(command.error());
    return apply(std::move(*command));
}

void Session::move_nodes(const std::vector<MovedCard>& cards) {
    if (cards.empty()) return;
    // A drag is one step, however often the same card lands.
    const int moved = cards.size() == 1 ? cards.front().node : -1;
    if (moved < 0 || moved_node_ != moved) remember(page());
    moved_node_ = moved;
    for (const MovedCard& card : cards) scenario_.nodes[static_cast<std::size_t>(card.node)].at = card.to;
    ++revision_;
    ++link_revision_;
}

void Session::rename_node(int node, Text label) {
    remember(page());
    scenario_.nodes[static_cast<std::size_t>(node)].label = std::move(label);
    ++revision_;
    ++link_revision_;
    ++design_revision_;
}

double Session::now_s() const { return to_seconds(world_->now()); }

// The run as a link carries it; what has no effect on it (bare() in session_history.cpp) as it is now.
Scenario Session::run_with_log() const {
    Scenario run = world_->scenario_with_log();
    run.title = scenario_.title;
    run.description = scenario_.description;
    run.lesson = scenario_.lesson;
    run.slo = scenario_.slo;
    for (std::size_t i = 0; i < run.nodes.size(); ++i) {
        run.nodes[i].at = scenario_.nodes[i].at;
        run.nodes[i].label = scenario_.nodes[i].label;
    }
    return run;
}

std::string Session::link(bool whole) const {
    if (empty()) return {};
    Scenario run = run_with_log();
    if (!whole && !run.lesson.empty() &&
        std::find(known_lessons_.begin(), known_lessons_.end(), lesson_mark(run.lesson)) !=
            known_lessons_.end())
        run.lesson.clear();
    return encode_link(run);
}

std::string Session::scenario_text() const { return write_scenario(run_with_log()); }

} // namespace scale::web
