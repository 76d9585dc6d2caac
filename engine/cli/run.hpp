// What `scaleground run` asks for and what came out; the report and the JSON are made from this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scale/analysis.hpp"
#include "scale/lesson.hpp"
#include "scale/results.hpp"
#include "scale/world.hpp"
#include "source.hpp"

namespace scale::cli {

enum class Ending : unsigned char { complete, interrupted, event_limit };

// A comparison on the results: an --assert, a promise of the design's slo, or a part of its lesson's goal.
struct Check {
    std::string text; // "p99_ms < 250"
    Assertion assertion;
    bool promised = false; // from the slo
    bool goal = false;     // from the lesson, measured over the goal's own time
    Estimate measured{};   // filled in after the run
    bool held = false;
};

struct RunRequest {
    Source source;
    Time until = 0;
    std::uint64_t seeds = 1;
    std::uint64_t event_limit = ~std::uint64_t{0};
    std::vector<Check> checks;
    std::optional<Lesson> lesson; // with a goal
    bool slo_decides = false;     // --assert slo: a broken promise decides the exit status too
    bool json = false;
    bool quiet = false;
    Language language = Language::english;
};

// One seed's run, copied out of its world.
struct RunFigures {
    std::uint64_t seed = 0;
    std::string digest; // 16 hex digits
    double wall_s = 0;
    double now_s = 0;
    Ending ending = Ending::complete;
    Totals totals;
    Text cause;                 // one sentence
    double usd_per_million = 0; // NaN where nothing was completed
    std::vector<NodeTotals> nodes;
    std::vector<NodeNow> now;
    std::vector<double> workers_busy; // per node; NaN where the kind declares no such metric
    std::vector<double> checked;      // one per check
    std::vector<Text> not_done;       // planned, and could not be done when its time came
    std::string feedback;             // the lesson's, to a goal that was missed; in the asked language
    std::string json;                 // results_json; empty unless asked for
};

std::string digest_text(std::uint64_t digest);
// The digests of several runs as one.
std::string combined_digest(const std::vector<RunFigures>& runs);

std::string report_text(const RunRequest& request, const std::vector<RunFigures>& runs);
std::string report_json(const RunRequest& request, const std::vector<RunFigures>& runs);

} // namespace scale::cli
