// What a session can take back: moments of the run, and steps of the user. A run is its design and its log,
// so both come down to another log from some moment on.
#include <algorithm>

#include "scale/codec.hpp"
#include "scale/lesson.hpp"
#include "session.hpp"

namespace scale::web {
namespace {

constexpr Time k_never = ~Time{0};

// Without what has no effect on the run.
Scenario bare(const Scenario& scenario) {
    Scenario out = scenario;
    out.log.clear();
    out.title = out.description = {};
    out.lesson.clear();
    out.slo = {};
    for (NodeDef& node : out.nodes) {
        node.label = {};
        node.at.reset();
    }
    return out;
}

// The time of the first command in which two logs differ.
Time first_difference(const std::vector<Command>& a, const std::vector<Command>& b) {
    std::size_t i = 0;
    while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
    Time first = k_never;
    if (i < a.size()) first = std::min(first, a[i].at);
    if (i < b.size()) first = std::min(first, b[i].at);
    return first;
}

} // namespace

Session::Page Session::page() const { return {run_with_log(), scenario_.log, before_start_}; }

void Session::remember(Page earlier) {
    undone_.push_back(std::move(earlier));
    if (undone_.size() > k_undo_most) undone_.erase(undone_.begin());
    redone_.clear();
    moved_node_ = -1;
}

// Moments -----------------------------------------------------------------------------------------------

Time Session::next_snapshot() const {
    const Time now = world_->now();
    return (now / snapshot_every_ + 1) * snapshot_every_;
}

void Session::keep_snapshot() {
    const Time now = world_->now();
    const std::size_t room = k_snapshot_bytes_most / std::max<std::size_t>(1, world_->bytes_in_use());
    if (room < 2) return; // a very large state: the way back is then from the beginning
    if (now % snapshot_every_ != 0 || (!snapshots_.empty() && snapshots_.back().at >= now)) return;
    snapshots_.push_back(world_->snapshot());
    if (snapshots_.size() <= std::min(room, k_snapshots_most)) return;
    snapshot_every_ *= 2;
    const auto odd = [this](const Snapshot& one) { return one.at % snapshot_every_ != 0; };
    snapshots_.erase(std::remove_if(snapshots_.begin(), snapshots_.end(), odd), snapshots_.end());
}

// The world as it was at a snapshot, or at the beginning, with that log ahead of it.
void Session::go_back(Time to, std::vector<Command> log) {
    const auto later = std::upper_bound(snapshots_.begin(), snapshots_.end(), to,
                                        [](Time t, const Snapshot& one) { return t < one.at; });
    if (later != snapshots_.begin()) {
        world_->rewind(*std::prev(later), std::move(log));
        return;
    }
    Scenario run = scenario_;
    run.log = std::move(log);
    world_ = std::make_unique<World>(run);
}

bool Session::seek(double seconds, ClockMs clock, double budget_ms) {
    if (empty()) return true;
    const Time to = std::min(to_time(seconds), world_->duration());
    if (to < world_->now() && world_->now() >= farthest_) {
        ahead_ = series_now();
        farthest_ = world_->now();
    }
    if (to < world_->now()) go_back(to, world_->scenario_with_log().log);
    ++revision_;
    seek_to_ = to;
    if (!run_slice(to, clock, budget_ms)) return false;
    seek_to_ = k_not_seeking;
    return true;
}

// What was done later never happens: the run that it belongs to stays as `before`.
void Session::take_other_way() {
    const Time now = world_->now();
    keep_before();
    std::vector<Command> log = world_->scenario_with_log().log;
    log.erase(std::remove_if(log.begin(), log.end(), [now](const Command& one) { return one.at > now; }),
              log.end());
    const auto later = [now](const Snapshot& one) { return one.at > now; };
    snapshots_.erase(std::remove_if(snapshots_.begin(), snapshots_.end(), later), snapshots_.end());
    const Snapshot here = world_->snapshot();
    world_->rewind(here, std::move(log));
    farthest_ = now;
}

Before Session::series_now() const {
    Before kept;
    kept.system = world_->series();
    for (std::size_t i = 0; i < scenario_.nodes.size(); ++i) {
        kept.ids.push_back(scenario_.nodes[i].id);
        kept.nodes.push_back(world_->series(static_cast<int>(i)));
    }
    return kept;
}

// Where the run had been to, for charts beside the new one.
void Session::keep_before() {
    before_ = in_the_past() && ahead_ ? std::move(ahead_) : series_now();
    ahead_.reset();
}

void Session::forget_before() {
    before_.reset();
    ++revision_;
}

// Steps of the user -------------------------------------------------------------------------------------

// The run of another page, at the moment where this one stands.
void Session::become(Page other) {
    const Time now = seeking() ? seek_to_ : world_->now();
    std::vector<Command> log = other.run.log;
    const bool same_design = bare(other.run) == bare(scenario_);
    const Time differs = first_difference(world_->scenario_with_log().log, log);
    scenario_ = std::move(other.run);
    scenario_.log = std::move(other.kept_log);
    before_start_ = std::move(other.before_start);
    if (same_design) {
        const auto later = [differs](const Snapshot& one) { return one.at >= differs; };
        snapshots_.erase(std::remove_if(snapshots_.begin(), snapshots_.end(), later), snapshots_.end());
        if (differs <= now)
            go_back(differs - 1, std::move(log));
        else if (differs != k_never)
            world_->rewind(world_->snapshot(), std::move(log));
    } else {
        Scenario run = scenario_;
        run.log = std::move(log);
        snapshots_.clear();
        snapshot_every_ = k_snapshot_every;
        world_ = std::make_unique<World>(run);
    }
    farthest_ = std::max(same_design ? farthest_ : 0, world_->now());
    if (world_->now() < now) seek_to_ = std::min(now, world_->duration());
    if (!missing().empty()) playing_ = false;
    ++revision_;
    ++link_revision_;
    ++design_revision_;
}

std::optional<Error> Session::edit(std::string_view edits_json) {
    Page changed = page();
    Result<Scenario> run = edit_scenario(changed.run, edits_json);
    if (!run) return refuse(run.error());
    if (std::optional<Error> error = validate_structure(*run)) return refuse(*error);
    Page earlier = page();
    if (!(bare(*run) == bare(changed.run)) && world_->now() > k_start_ns) keep_before();
    // Commands speak of nodes by number, which the edit may have changed; their time says which is which.
    const auto kept = [&](const std::vector<Command>& some) {
        std::vector<Command> out;
        for (const Command& one : run->log)
            if (std::any_of(some.begin(), some.end(), [&](const Command& old) { return old.at == one.at; }))
                out.push_back(one);
        return out;
    };
    Page next{*run, kept(changed.kept_log), kept(changed.before_start)};
    become(std::move(next));
    remember(std::move(earlier));
    last_error_.clear();
    return std::nullopt;
}

std::optional<Error> Session::replace(std::string_view json) {
    Result<Scenario> given = parse_draft(json);
    if (!given) return refuse(given.error());
    Page earlier = page();
    if (world_->now() > k_start_ns) keep_before();
    std::vector<Command> log = given->log;
    become({std::move(*given), std::move(log), {}});
    remember(std::move(earlier));
    last_error_.clear();
    return std::nullopt;
}

void Session::clear() {
    Page earlier = page();
    Scenario blank;
    blank.seed = scenario_.seed;
    before_.reset();
    become({std::move(blank), {}, {}});
    remember(std::move(earlier));
    playing_ = false;
}

bool Session::undo() {
    if (undone_.empty()) return false;
    redone_.push_back(page());
    Page earlier = std::move(undone_.back());
    undone_.pop_back();
    moved_node_ = -1;
    become(std::move(earlier));
    return true;
}

bool Session::redo() {
    if (redone_.empty()) return false;
    undone_.push_back(page());
    Page later = std::move(redone_.back());
    redone_.pop_back();
    become(std::move(later));
    return true;
}

} // namespace scale::web
