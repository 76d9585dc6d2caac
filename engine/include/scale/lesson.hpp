#pragma once
// Changes to a design as data, and lessons: a design to end with, one to start from, steps that lead from
// here to there, and goals that a run decides.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scale/results.hpp"
#include "scale/scenario.hpp"

namespace scale {

// Applies a JSON list of edits, in order. An error names the edit ("$[2]"). What comes out is a draft:
// whether all is there that it takes to run is for missing_parts() to say.
//   {"add": {"id": "cache", "kind": "cache", ...}}   a node as in "nodes"
//   {"remove": "cache"}                              with its edges, events and members' places
//   {"connect": ["web", "cache"], "latency_ms": 1}   an edge with its parameters
//   {"disconnect": ["web", "db"]}
//   {"set": "web", "cores": 8} or {"set": ["web", "db"], "calls": 2}   null goes back to the default
//   {"rename": "web", "to": "app"}
//   {"design": {"seed": 3, "events": [...]}}         keys beside "nodes" and "edges"
Result<Scenario> edit_scenario(const Scenario& scenario, std::string_view edits_json);

// One condition of a goal.
struct GoalPart {
    Assertion assertion;
    double measured = 0; // NaN where nothing was
    bool met = false;
};

// What a design has to show, measured from `from_s` to `until_s` of its run.
struct Goal {
    Text text;
    std::vector<Assertion> all;
    double from_s = 0, until_s = 0;
};

// Asked before the learner sees it; answered by a run, never by the file.
struct Question {
    Text ask;
    struct Answer {
        Text text;
        Assertion when; // it is right where this holds
    };
    std::vector<Answer> answers; // or, without any, a number:
    std::string figure;          // "p99_ms"
    double within = 0.25;        // right when it is off by no more than this share
    bool of_start = false;       // of the run of the starting design, not of the reference
};

struct LessonStep {
    Text text;
    std::vector<std::string> highlight; // ids of nodes
    double play_to_s = 0;               // the player runs to this moment; 0 leaves the clock alone
    bool start = false;                 // begins again with the starting design
    std::string commands;               // JSON list, applied to the running system
    std::optional<Question> predict;
    bool build = false;               // the learner changes the design until the goal is reached
    std::vector<std::string> figures; // shown before and after
};

// What to say to a design that does not reach the goal.
struct Feedback {
    Assertion when;
    Text text;
};

// Edits from the starting design, with what they are called.
struct Attempt {
    Text name;
    std::string edits; // JSON list
};

struct Lesson {
    std::string id;
    int order = 0;
    Text summary;
    std::string start;     // JSON list of edits that lead from the design to where the lesson starts
    std::string announced; // the same from the design of the lesson before: what its texts say is new
    std::optional<Goal> goal;
    std::vector<LessonStep> steps;
    std::vector<Text> hints; // from a nudge to nearly the answer
    std::vector<Feedback> feedback;
    std::vector<Attempt> solutions; // others that reach the goal; the design itself always does
    std::vector<Attempt> wrong;     // plausible, and not enough
};

// The lesson of a scenario, every figure's name and every edit checked. An error names its place
// ("$.lesson...").
Result<Lesson> read_lesson(const Scenario& scenario);
// The same without looking at the design: what a learner has made of it need not fit its figures and edits.
Result<Lesson> read_lesson_alone(const Scenario& scenario);
// The design that it starts from; the lesson travels with it.
Result<Scenario> lesson_start(const Scenario& scenario, const Lesson& lesson);
// The same run, measured over the goal's time.
Scenario goal_run(const Scenario& scenario, const Goal& goal);
// After that run: what was reached.
std::vector<GoalPart> judge_goal(const World& world, const Goal& goal);
// The first feedback whose condition holds; null when none does.
const Feedback* feedback_for(const World& world, const Lesson& lesson);

// result_value, but NaN for a latency of nothing: no promise is kept where no request was completed.
double measured_value(const World& world, std::string_view name);

} // namespace scale
