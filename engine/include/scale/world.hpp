#pragma once
// A scenario, running. The world advances only when asked (`step`, `run_until`), always in slices; the same
// scenario and commands give the same digest however it was sliced, drawn or watched.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scale/scenario.hpp"

namespace scale {

namespace sim {
class Sim;
}

enum class Outcome : std::uint8_t { served, failed, rejected, timed_out };

enum class InstanceState : std::uint8_t { up, slow, ejected, booting, draining, dead };

// Requests since the end of the warm-up. offered = completed + failed + timed_out + rejected + in_flight.
struct Counts {
    std::uint64_t offered = 0;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t timed_out = 0;
    std::uint64_t rejected = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t attempts = 0; // first tries and retries that were sent
};

struct Latency { // milliseconds; percentiles are within 0.5 % of the exact order statistic
    double mean = 0, p50 = 0, p90 = 0, p95 = 0, p99 = 0, p999 = 0, max = 0;
};

struct Totals {
    Counts requests;
    Latency latency_ms;          // of completed requests, first try to answer
    double measured_s = 0;       // simulated time behind the figures (after warm-up)
    double throughput_per_s = 0; // completed
    double availability = 1;     // completed / finished
    double cost_usd_per_month = 0;
    std::uint64_t events = 0;       // simulated events since time 0
    std::uint64_t caps_reached = 0; // how often a bounded pool was full; never silent
};

// What a node is doing at this moment.
struct NodeNow {
    InstanceState state =
        InstanceState::up;          // the worst that all instances share, or slow/ejected when some are
    std::uint32_t instances = 1;    // as they are simulated
    std::uint32_t instances_up = 1; // of these
    std::uint32_t stands_for = 1;   // so many of the design does each stand for: more with a weight
    double busy = 0;                // share of cores or of workers in use now, whichever is more, 0..1
    std::uint64_t queue = 0;        // requests waiting, and what is stored
    std::uint64_t stored = 0;       // waiting, and no requests: messages
    std::uint64_t in_flight = 0;    // requests inside, waiting ones included
    double rate_per_s = 0;          // arrivals in the last whole second
    double failed_per_s = 0;
    double busy_last_s = 0; // mean over the last whole second

    std::uint64_t designed() const { return std::uint64_t{instances} * stands_for; }
    std::uint64_t designed_up() const { return std::uint64_t{instances_up} * stands_for; }
};

struct InstanceNow {
    InstanceState state = InstanceState::up;
    double busy = 0;
    std::uint64_t queue = 0;
};

// A node since the end of the warm-up.
struct NodeTotals {
    std::uint64_t arrivals = 0, completed = 0, failed = 0, rejected = 0;
    double utilization = 0;    // mean share of the cores in use, 0..1
    double workers_busy = 0;   // mean share of the workers (threads, connections) held, 0..1
    double queue_mean = 0;     // mean number waiting
    double in_flight_mean = 0; // mean number inside
    double wait_ms_mean = 0;   // mean time in the queue, of those that were served
    double throughput_per_s = 0;
    Latency latency_ms; // arrival at the node to its answer
    double cost_usd_per_month = 0;
};

// One point of a series: one second of simulated time, or 2, 4, 8... once the history is full.
struct Point {
    float arrivals_per_s = 0, completed_per_s = 0, failed_per_s = 0; // failed: failed, rejected and timed out
    float busy = 0, queue = 0, in_flight = 0;                        // means over the point
    float p50_ms = 0, p90_ms = 0, p99_ms = 0;                        // 0 when nothing completed
};

struct Series {
    double start_s = 0;
    double step_s = 1;         // seconds per point; doubles when the history is full
    std::vector<Point> points; // at most k_series_points
};
inline constexpr std::size_t k_series_points = 1200;

enum class Phase : std::uint8_t {
    wire,    // on an edge towards `node`
    reply,   // on an edge, on its way back
    queued,  // waiting at `node`
    service, // being worked on at `node`
    held,    // a worker of `node` waits for an answer from further down
    backoff, // the caller waits before it tries again
    lookup   // a name is looked up
};

// A piece of a sampled request's life; drawn as a particle (wire, reply) or a bar of the waterfall.
struct Span {
    Time start = 0, end = 0;
    std::uint64_t request = 0; // number of the request
    std::uint16_t node = 0, edge = 0, instance = 0;
    Phase phase = Phase::wire;
    Outcome outcome = Outcome::served; // of a reply; served otherwise
    std::uint8_t attempt = 0;          // 0 is the first try
    std::uint8_t hit = 0;              // a reply from a cache that had the key
    std::uint8_t behind = 0; // writes of the key that a reply to a read did not know of, at most 255
    std::uint32_t key = 0;
};

enum class Happening : std::uint8_t {
    command,
    died,
    restored,
    slowed,
    ejected,
    readmitted,
    saturated,
    relieved,
    cap_reached,
    promoted,
    scaled,      // instances were added or taken away; `instance` is how many there are
    released,    // a release is on its way
    rolled_back, // ... and back
    alerted,     // a rule of a monitoring was broken at the node
    calmed,      // ... and no longer is
    not_done     // a command came when it could not be done: World::not_done()
};

struct LogEntry {
    Time at = 0;
    Happening what = Happening::command;
    int node = -1, edge = -1, instance = -1;
    int command = -1; // index into commands() when it was one
};

// A command whose time came when it could not be done: for an instance that was not there.
struct NotDone {
    int command = -1; // index into commands()
    Error why;
};

struct Snapshot {
    std::shared_ptr<const sim::Sim> state; // a full copy; cheap to keep, opaque
    Time at = 0;
};

class World {
public:
    // The scenario must be valid (scale::validate). The world keeps a copy of it.
    explicit World(const Scenario& scenario);
    ~World();
    World(World&&) noexcept;
    World& operator=(World&&) noexcept;

    // Running --------------------------------------------------------------------------------------
    // Handles up to that many events; returns how many there were (fewer when the duration is over).
    std::uint64_t step(std::uint64_t events);
    // Runs until `t` or until the budget of events is used up. True when `t` is reached.
    bool run_until(Time t, std::uint64_t event_budget = ~0ull);
    Time now() const;
    Time duration() const; // of the scenario; a world may be run on beyond it

    // Changing -------------------------------------------------------------------------------------
    // Applies a command at the current moment and writes it into the log with the time it got.
    // A command that makes no sense is refused with a sentence and changes nothing.
    std::optional<Error> apply(Command command);
    std::span<const Command> commands() const; // scheduled events and applied commands that have happened
    std::span<const NotDone> not_done() const; // ... and those of them that could not be done
    Scenario scenario_with_log() const; // the scenario, and in `log` what was applied: replays this run

    Snapshot snapshot() const;
    void restore(const Snapshot& snapshot);
    // Back to a moment of this run, for another log from there on; up to the snapshot the log must be the
    // same.
    void rewind(const Snapshot& snapshot, std::vector<Command> log);
    // 64 bits over the simulated state and results at this moment.
    std::uint64_t digest() const;

    // Looking --------------------------------------------------------------------------------------
    const Scenario& scenario() const;
    double value(int node, int param) const; // a parameter as it is now
    double edge_value(int edge, int param) const;
    Totals totals() const;
    NodeNow node_now(int node) const;
    InstanceNow instance_now(int node, int instance) const;
    NodeTotals node_totals(int node) const;
    double metric(int node, int metric) const; // by index into kind->metrics
    bool edge_cut(int edge) const;
    const Series& series(int node) const;  // per node
    const Series& series() const;          // the whole system, as its clients see it
    std::span<const LogEntry> log() const; // bounded: the latest k_log_entries
    std::uint64_t log_total() const;       // entries ever written
    const Point& last_second() const;      // the whole system in the latest whole second
    // Latency distribution of the clients: counts per bucket of the engine's histogram, and bucket values.
    void latency_buckets(std::vector<double>& upper_ms, std::vector<std::uint64_t>& counts) const;

    // Watching: one request in `every` leaves spans; 0 watches none. Never changes results.
    void watch_every(std::uint32_t every);
    std::uint64_t spans_total() const;               // spans ever recorded
    const Span& span(std::uint64_t number) const;    // numbers spans_total() - k_spans .. spans_total() - 1
    std::size_t bytes_in_use() const;                // memory of the state
    const sim::Sim& inside() const { return *sim_; } // opaque; for the analysis

private:
    std::unique_ptr<sim::Sim> sim_;
};
inline constexpr std::size_t k_spans = 16384;
inline constexpr std::size_t k_log_entries = 1024;

} // namespace scale
