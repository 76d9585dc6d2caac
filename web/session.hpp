#pragma once
// One running design: its scenario, its world, how fast it goes, and what went wrong last. Knows no screen
// and no clock of its own: the time that has passed, and how to read a clock within a slice, are handed in.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scale/world.hpp"

namespace scale::web {

// Milliseconds of a monotonic clock, only ever subtracted.
using ClockMs = double (*)();

inline constexpr double k_speed_least = 0.1, k_speed_most = 1000;
inline constexpr double k_slice_ms = 8;          // of wall time in one frame
inline constexpr double k_elapsed_ms_most = 100; // a frame that took longer counts as this long

inline constexpr Time k_start_ns = 5000;

inline constexpr std::size_t k_undo_most = 200;
inline constexpr std::size_t k_snapshots_most = 48;             // then every second one goes
inline constexpr std::size_t k_snapshot_bytes_most = 128 << 20; // of all together
inline constexpr Time k_snapshot_every = 5'000'000'000;         // at first

Time to_time(double seconds);
// Tells one lesson's text from another: 16 hexadecimal digits.
std::string lesson_mark(std::string_view lesson);
double to_seconds(Time time);

// A run that another one has taken the place of: kept to be shown beside it.
struct Before {
    std::vector<std::string> ids; // of its nodes, in the order of `nodes`
    std::vector<Series> nodes;
    Series system;
    Series const* of(std::string_view id) const {
        for (std::size_t i = 0; i < ids.size(); ++i)
            if (ids[i] == id) return &nodes[i];
        return nullptr;
    }
};

struct MovedCard {
    int node = -1;
    Position to; // board units
};

// What keeps the run from going as fast as asked.
enum class SpeedLimit { none, device };

class Session {
public:
    Session(); // an empty design: one that has no nodes and never runs

    // Loading. An error leaves everything as it was.
    std::optional<Error> load_json(std::string_view json);
    std::optional<Error> load_draft(std::string_view json); // parts may be missing
    std::optional<Error> load_link(std::string_view link);
    std::optional<Error> load(Scenario scenario);
    bool empty() const { return scenario_.nodes.empty(); }

    // Running.
    void play(); // at the end of the design: from the beginning
    void pause() { playing_ = false; }
    bool playing() const { return playing_; }
    bool finished() const;
    // Has simulated anything yet; changes made before take a nanosecond each.
    bool started() const { return world_->now() >= k_start_ns; }
    // From the beginning. What was set before the first event belongs to the design and stays; what was done
    // later is dropped, unless the link that was loaded carried it.
    void restart(std::optional<std::uint64_t> seed = std::nullopt);
    std::uint64_t step_events(std::uint64_t events);
    // Runs on by so many seconds; false when the wall-time budget ended it before.
    bool step_seconds(double seconds, ClockMs clock, double budget_ms);
    // Towards a moment; false when there is more to do.
    bool run_to(double seconds, ClockMs clock, double budget_ms);
    // A frame: `elapsed_ms` of wall time have passed. True when the world moved.
    bool advance(double elapsed_ms, ClockMs clock, double budget_ms = k_slice_ms);

    void set_speed(double factor); // 0: as fast as it goes
    double speed() const { return speed_; }
    double speed_reached() const { return speed_reached_; } // simulated seconds per second, smoothed
    SpeedLimit limit() const { return limit_; }

    // Any moment of the run. Into the past it goes by the nearest snapshot; false when there is more to do,
    // which the next frames then do by themselves.
    bool seek(double seconds, ClockMs clock, double budget_ms);
    bool seeking() const { return seek_to_ != k_not_seeking; }
    double farthest_s() const { return to_seconds(std::max(farthest_, world_->now())); }

    // Changing the run: every change goes through the world's list of commands. In the past, it takes the
    // place of what was done later, and that run stays as `before`.
    std::optional<Error> apply(Command command);
    std::optional<Error> apply_json(std::string_view command_json);
    // Where cards were put; part of the design, without effect on the run.
    void move_node(int node, Position position) { move_nodes({{node, position}}); }
    void move_nodes(const std::vector<MovedCard>& cards);
    void rename_node(int node, Text label);

    // Changing the design (scale/lesson.hpp lists the edits). The run starts again with the new design and
    // goes to where it was; the old one stays as `before`.
    std::optional<Error> edit(std::string_view edits_json);
    void clear(); // an empty board
    // Another design in the place of this one, as a step that can be taken back.
    std::optional<Error> replace(std::string_view json);
    std::vector<Error> missing() const { return missing_parts(scenario_); }
    bool undo();
    bool redo();
    std::size_t undo_steps() const { return undone_.size(); }
    std::size_t redo_steps() const { return redone_.size(); }
    const Before* before() const { return before_ ? &*before_ : nullptr; }
    void forget_before();

    // Looking.
    // `look` hears of every slice of a run, also within a frame; it only looks.
    void watch(std::function<void()> look) { look_ = std::move(look); }
    const World& world() const { return *world_; }
    World& world() { return *world_; }
    const Scenario& scenario() const { return scenario_; } // with positions and labels as they are now
    std::uint64_t seed() const { return scenario_.seed; }
    double now_s() const;
    // The design, the seed and what was done: replays this run. The text of a lesson that comes with the page
    // is left out: it is read at #lesson=..., and four times as long as the rest. What somebody wrote is in
    // it.
    std::string link(bool whole = false) const;
    void know_lessons(std::vector<std::string> marks) { known_lessons_ = std::move(marks); }
    std::string scenario_text() const; // the same as JSON
    const std::string& last_error() const { return last_error_; }
    void clear_error() { last_error_.clear(); }
    // Rises with everything that changes what a link says or a screen shows.
    std::uint64_t revision() const { return revision_; }
    std::uint64_t link_revision() const { return link_revision_; }
    std::uint64_t design_revision() const { return design_revision_; }
    // How often a run began from nothing: with a load and with a restart, not with an edit.
    std::uint64_t beginnings() const { return beginnings_; }

private:
    // All that undo brings back.
    struct Page {
        Scenario run;                  // the design and its whole log
        std::vector<Command> kept_log; // of that, what a restart keeps
        std::vector<Command> before_start;
    };
    static constexpr Time k_not_seeking = ~Time{0};

    std::optional<Error> open(Scenario scenario);
    void adopt(Scenario scenario);
    bool run_slice(Time target, ClockMs clock, double budget_ms);
    std::optional<Error> refuse(Error error);
    Scenario run_with_log() const;
    Page page() const;
    void remember(Page earlier);
    void become(Page page);
    void keep_before();
    void keep_snapshot();
    bool in_the_past() const { return farthest_ > world_->now(); }
    Before series_now() const;
    void take_other_way();
    void go_back(Time to, std::vector<Command> log);
    Time next_snapshot() const;

    Scenario scenario_; // its log is what a restart keeps
    std::unique_ptr<World> world_;
    std::vector<Command> before_start_;
    std::vector<Page> undone_, redone_; // the latest last
    std::vector<Snapshot> snapshots_;   // by time
    Time snapshot_every_ = k_snapshot_every;
    Time farthest_ = 0;
    Time seek_to_ = k_not_seeking;
    int moved_node_ = -1; // by the latest step, so that a drag is one step
    std::optional<Before> before_;
    std::optional<Before> ahead_; // of the farthest moment, while the clock stands earlier
    bool playing_ = false;
    double speed_ = 1;
    double speed_reached_ = 0;
    double owed_ns_ = 0; // part of a nanosecond that a slow speed has not used yet
    SpeedLimit limit_ = SpeedLimit::none;
    std::function<void()> look_;
    std::string last_error_;
    std::vector<std::string> known_lessons_;
    std::uint64_t revision_ = 1, link_revision_ = 1, design_revision_ = 1, beginnings_ = 0;
};

} // namespace scale::web
