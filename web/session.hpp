#pragma once
// One running design: its scenario, its world, how fast it goes, and what went wrong last. Knows no screen
// and no clock of its own: the time that has passed, and how to read a clock within a slice, are handed in.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "scale/world.hpp"

namespace scale::web {

// Milliseconds of a monotonic clock, only ever subtracted.
using ClockMs = double (*)();

inline constexpr double k_speed_least = 0.1, k_speed_most = 1000;
inline constexpr double k_slice_ms = 8;          // of wall time in one frame
inline constexpr double k_elapsed_ms_most = 100; // a frame that took longer counts as this long

inline constexpr Time k_start_ns = 5000;

// What keeps the run from going as fast as asked.
enum class SpeedLimit { none, device };

class Session {
public:
    Session(); // an empty design: one that has no nodes and never runs

    // Loading. An error leaves everything as it was.
    std::optional<Error> load_json(std::string_view json);
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

    // Changing: every change goes through the world's list of commands.
    std::optional<Error> apply(Command command);
    std::optional<Error> apply_json(std::string_view command_json);
    // Where a card was put; part of the design, without effect on the run.
    void move_node(int node, Position position);
    void rename_node(int node, Text label);

    // Looking.
    const World& world() const { return *world_; }
    World& world() { return *world_; }
    const Scenario& scenario() const { return scenario_; } // with positions and labels as they are now
    std::uint64_t seed() const { return scenario_.seed; }
    double now_s() const;
    std::string link() const;          // the design, the seed and what was done: replays this run
    std::string scenario_text() const; // the same as JSON
    const std::string& last_error() const { return last_error_; }
    void clear_error() { last_error_.clear(); }
    // Rises with everything that changes what a link says or a screen shows.
    std::uint64_t revision() const { return revision_; }
    std::uint64_t link_revision() const { return link_revision_; }
    std::uint64_t design_revision() const { return design_revision_; }

private:
    void adopt(Scenario scenario);
    bool run_slice(Time target, ClockMs clock, double budget_ms);
    std::optional<Error> refuse(Error error);

    Scenario scenario_;
    std::unique_ptr<World> world_;
    std::vector<Command> before_start_;
    bool playing_ = false;
    double speed_ = 1;
    double speed_reached_ = 0;
    double owed_ns_ = 0; // part of a nanosecond that a slow speed has not used yet
    SpeedLimit limit_ = SpeedLimit::none;
    std::string last_error_;
    std::uint64_t revision_ = 1, link_revision_ = 1, design_revision_ = 1;
};

Time to_time(double seconds);
double to_seconds(Time time);

} // namespace scale::web
