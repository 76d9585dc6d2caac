#pragma once
// Numbers about a design beyond one run of it: what theory predicts, two designs compared, how much load it
// takes, a grid of parameters. Everything that simulates is a job that is run in slices: step(events) until
// it says true; done() is how far it is, 0..1; leaving a job unfinished is how it is cancelled.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scale/results.hpp"
#include "scale/world.hpp"

namespace scale {

// Intervals ------------------------------------------------------------------------------------------

// A mean over runs with different seeds.
struct Estimate {
    double mean = 0;
    double ci95 = 0; // half-width of the 95 % interval (Student's t); NaN from fewer than two values
};
// Values that are not finite are left out; all of them missing gives NaN.
Estimate estimate(std::span<const double> values);

// Theory ---------------------------------------------------------------------------------------------

// How far a predicted figure may be trusted.
enum class Trust : std::uint8_t {
    exact,       // the closed form of exactly this system
    approximate, // a formula for a system like it
    bound,       // it cannot be better than this
    none         // no closed form
};
Words trust_words(Trust trust);

// Figures are NaN where no closed form is known; infinite where a queue grows without end.
struct NodePrediction {
    double arrivals_per_s = 0;
    double utilization = 0, workers_busy = 0; // mean share of cores and of workers in use, 0..1
    double queue_mean = 0, in_flight_mean = 0;
    double wait_ms_mean = 0;
    Latency latency_ms;          // max is never known
    std::vector<double> metrics; // one per kind->metrics
    bool steady = true;          // false: more comes than it can do
    Trust trust = Trust::none;   // of the means
    Trust percentiles = Trust::none;
    Words method; // "M/M/c (Erlang C)"
    std::vector<Words> assumptions;
};

struct Prediction {
    double offered_per_s = 0, attempts_per_s = 0, throughput_per_s = 0;
    double availability = 1;
    Latency latency_ms; // of completed requests
    bool steady = true;
    Trust trust = Trust::none;
    Trust percentiles = Trust::none;
    int busiest = -1; // node with the largest share of cores or workers in use
    std::vector<NodePrediction> nodes;
    std::vector<Words> assumptions; // of the whole
};

// What to expect of a design in the long run, as it stands at its beginning: events are left out, weight is
// 1, every load is possible. Takes milliseconds; fewer without the percentiles of single nodes.
Prediction predict(const Scenario& scenario, bool node_percentiles = true);
// The design as it is at this moment of a run: parameters as they are now, and no events.
Scenario current_design(const World& world);

// Measuring ------------------------------------------------------------------------------------------

// Runs of one design to its end, with the seeds N, N+1, ...; the figures are those of results_json by their
// dotted names. A latency is NaN where nothing was completed.
class Measurement {
public:
    Measurement(const Scenario& scenario, std::uint64_t seeds);
    ~Measurement();
    Measurement(Measurement&&) noexcept;
    Measurement& operator=(Measurement&&) noexcept;
    bool step(std::uint64_t events);
    double done() const;

    const std::vector<std::string>& names() const { return names_; }
    const std::vector<std::vector<double>>& runs() const { return runs_; } // finished ones, in order of names
    int find(std::string_view name) const;                                 // -1 when there is none
    Estimate figure(std::string_view name) const;                          // short names too: "p99_ms"
    std::uint64_t seeds() const { return seeds_; }
    const World* world() const { return world_.get(); } // the one that is running, or the last one

private:
    void finish();
    Scenario scenario_;
    std::uint64_t seeds_ = 1;
    std::unique_ptr<World> world_;
    std::vector<std::string> names_;
    std::vector<std::vector<double>> runs_;
};

// The design as theory sees it: without its events and log, its rates constant.
Scenario without_events(const Scenario& scenario);

// One figure that theory and the measurement both know. Latency figures are "latency_ms.p50" and so on.
struct Beside {
    std::string name; // of results_json
    double theory = 0;
    Trust trust = Trust::none;
    Estimate measured;
};
// Of the whole (node -1) or of one node, in a fixed order; only what theory knows.
std::vector<Beside> beside(const Scenario& scenario, const Prediction& prediction,
                           const Measurement& measured, int node);

std::string prediction_json(const Scenario& scenario, const Prediction& prediction);
std::string theory_json(const Scenario& scenario, const Prediction& prediction, const Measurement& measured);

// Comparing ------------------------------------------------------------------------------------------

// One figure in two designs, on the same random numbers.
struct Change {
    std::string name;                   // "latency_ms.p99", "nodes.db.utilization"
    Estimate before, after, difference; // the difference is paired by seed
    double relative = 0;                // |difference| / the larger of both, 0..2
    bool significant = false;           // the interval of the difference leaves out 0
};

class Comparison {
public:
    Comparison(const Scenario& before, const Scenario& after, std::uint64_t seeds);
    bool step(std::uint64_t events);
    double done() const { return (before_.done() + after_.done()) / 2; }
    // Figures that both have: significant ones first; of them those of the whole, then those of nodes; the
    // largest relative change first.
    std::vector<Change> changes() const;
    const Measurement& before() const { return before_; }
    const Measurement& after() const { return after_; }

private:
    Measurement before_, after_;
};

// "p99 falls from 512 ms to 88 ms (-424 ± 12)".
std::string change_sentence(const Scenario& design, const Change& change, Language language);
std::string comparison_json(const Scenario& after, const Comparison& comparison);

// Headroom -------------------------------------------------------------------------------------------

// What a design promises, as assertions. Empty when it promises nothing.
std::vector<Assertion> promises(const Slo& slo);
// The same design under that many times the load: rates of open clients, users of closed ones.
Scenario with_load(const Scenario& scenario, double multiple);

struct Headroom {
    double multiple = 0;       // the largest that was seen to keep every promise; 0 when none was
    double beyond = 0;         // the smallest that was seen to break one; 0 when none was
    double expected = 0;       // where theory saw the limit; 0 where it sees none
    double requests_per_s = 0; // at `multiple`
    double users = 0;          // of all clients, at `multiple`
    bool measured = true;      // false: more than can be simulated; theory alone
    Assertion broken;          // the promise that breaks first ...
    double broken_value = 0;   // ... what was measured beyond
    // Where every promise held, but this node's copies fell behind, or its messages piled up, without end.
    int behind = -1;
    Mechanism behind_by = Mechanism::unknown; // replica_lag or backlog
    int node = -1;                            // the busiest node beyond
    double node_busy = 0;                     // share of its cores or workers in use, 0..1
    int runs = 0;
};

class HeadroomSearch {
public:
    // The promises must name figures that exist. Events are left out.
    HeadroomSearch(const Scenario& scenario, std::vector<Assertion> promised, std::uint64_t seeds = 3);
    bool step(std::uint64_t events);
    double done() const;
    const Headroom& result() const { return result_; }

private:
    void start(double multiple);
    void judge();
    bool judge_backlogs();
    void choose();
    double expected_limit() const;
    bool expected_to_hold(double multiple) const;

    Scenario scenario_;
    std::vector<Assertion> promised_;
    std::uint64_t seeds_ = 3;
    Headroom result_;
    double trying_ = 0;
    bool over_ = false;
    std::optional<Measurement> runs_;
};
// "Keeps its promises up to 2.4 times the load (620 requests/s, 3,600 users); beyond that p99 ... : db is
// busy".
std::string headroom_sentence(const Scenario& scenario, const Headroom& headroom, Language language);
std::string headroom_json(const Scenario& scenario, const Headroom& headroom);

// Sweeping -------------------------------------------------------------------------------------------

struct Axis {
    std::string name;                // "db.connections", "web->db.latency_ms", "duration_s"
    std::vector<std::string> values; // as text
};
// "db.connections=4,8,16"; what is no parameter is an error.
Result<Axis> parse_axis(const Scenario& scenario, std::string_view text);

struct SweepRow {
    std::uint64_t index = 0; // of the grid point; the last axis changes fastest
    std::vector<std::string> values;
    std::vector<Estimate> figures;
};

struct SweepPlan {
    std::vector<Axis> axes;
    std::vector<std::string> figures;    // names; empty for the usual ones
    std::uint64_t seeds = 1;             // every grid point gets the same ones: common random numbers
    std::uint64_t shard = 0, shards = 1; // of the points index % shards == shard are run
};

class Sweep {
public:
    // Every point of the grid must be valid: sweep_error says which is not.
    Sweep(const Scenario& scenario, SweepPlan plan);
    bool step(std::uint64_t events);
    double done() const;
    std::uint64_t points() const; // of the whole grid
    const std::vector<SweepRow>& rows() const { return rows_; }
    const SweepPlan& plan() const { return plan_; }

private:
    void start();
    std::vector<std::string> values_of(std::uint64_t index) const;
    Scenario scenario_;
    SweepPlan plan_;
    std::uint64_t next_ = 0;
    std::optional<Measurement> runs_;
    std::vector<SweepRow> rows_;
};
std::optional<Error> sweep_error(const Scenario& scenario, const SweepPlan& plan);
std::string sweep_csv(const Sweep& sweep);
std::string sweep_json(const Sweep& sweep);

} // namespace scale
