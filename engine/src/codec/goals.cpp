// Goals, decided by a run.
#include <cmath>

#include "scale/lesson.hpp"

namespace scale {

double measured_value(const World& world, std::string_view name) {
    const bool latency = name.ends_with("_ms") || name.starts_with("latency_ms.");
    const bool of_clients = latency && !name.starts_with("nodes.");
    if (of_clients && world.totals().requests.completed == 0) return NAN;
    return result_value(world, name);
}

Scenario goal_run(const Scenario& scenario, const Goal& goal) {
    Scenario run = scenario;
    run.warmup_s = goal.from_s;
    run.duration_s = goal.until_s;
    return run;
}

std::vector<GoalPart> judge_goal(const World& world, const Goal& goal) {
    std::vector<GoalPart> parts;
    for (const Assertion& assertion : goal.all) {
        const double measured = measured_value(world, assertion.name);
        parts.push_back({assertion, measured, holds(assertion, measured)});
    }
    return parts;
}

const Feedback* feedback_for(const World& world, const Lesson& lesson) {
    for (const Feedback& feedback : lesson.feedback)
        if (holds(feedback.when, measured_value(world, feedback.when.name))) return &feedback;
    return nullptr;
}

} // namespace scale
