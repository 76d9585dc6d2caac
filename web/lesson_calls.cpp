// The calls of the lesson player: what a lesson says, and trials of designs, measured over its goal's time. A
// worker makes the trials; the instrument goes on meanwhile.
#include <cmath>

#include "call_rows.hpp"
#include "scale/codec.hpp"
#include "scale/lesson.hpp"

namespace scale::web {
namespace {

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::string assertion_text(const Assertion& assertion) {
    Json bound = assertion.bound;
    return assertion.name + " " + assertion.comparison + " " + bound.dump();
}

// The scenario that a call brings along, as JSON or as a link, or the one that is open.
Result<Scenario> given_scenario(CallContext& context, const Json& arguments) {
    if (arguments.contains("link")) return decode_link(text(arguments, "link"));
    if (!arguments.contains("json")) {
        if (context.session.empty()) return Error{"", "there is no design", ""};
        return context.session.scenario();
    }
    return parse_scenario(arguments["json"].is_string() ? text(arguments, "json")
                                                        : dumped(arguments["json"]));
}

// The lesson as it is written, the designs that it starts and ends with, and by what it is known and passed
// on.
std::string call_lesson(CallContext& context, const Json& arguments) {
    Result<Scenario> scenario = given_scenario(context, arguments);
    if (!scenario) return refused(scenario.error());
    scenario->log.clear(); // it begins anew, whatever was done to the design
    const Result<Lesson> lesson = read_lesson(*scenario);
    if (!lesson) return refused(lesson.error());
    const Result<Scenario> start = lesson_start(*scenario, *lesson);
    if (!start) return refused(start.error());
    Json goal = Json::array();
    if (lesson->goal)
        for (const Assertion& part : lesson->goal->all) goal.push_back(assertion_text(part));
    const std::string link = encode_link(*scenario);
    return ok({{"lesson", Json::parse(scenario->lesson, nullptr, false)},
               {"goal", goal},
               {"start", write_scenario(*start)},
               {"design", write_scenario(*scenario)},
               {"mark", lesson_mark(scenario->lesson)},
               {"link", link_too_long(link) ? Json() : Json(link)}});
}

// What was set while the run went on becomes part of the design; what was broken by hand is whole again.
void settle_log(Scenario& scenario) {
    for (const Command& command : scenario.log) {
        if (std::string_view(command.verb->id) != "set") continue;
        std::vector<double>& values = command.node >= 0
                                          ? scenario.nodes[static_cast<std::size_t>(command.node)].values
                                          : scenario.edges[static_cast<std::size_t>(command.edge)].values;
        for (const Setting& setting : command.settings) values[setting.param] = setting.value;
    }
    scenario.log.clear();
}

// Opens the run that decides the goal of the design's lesson, or the design as it is where there is none.
std::string call_trial(CallContext& context, const Json& arguments) {
    Result<Scenario> scenario = given_scenario(context, arguments);
    if (!scenario) return refused(scenario.error());
    settle_log(*scenario);
    const Result<Lesson> lesson = read_lesson_alone(*scenario);
    if (lesson && lesson->goal) *scenario = goal_run(*scenario, *lesson->goal);
    const double until_s = scenario->duration_s;
    if (std::optional<Error> error = context.session.load(std::move(*scenario))) return refused(*error);
    return ok({{"until_s", until_s}});
}

// After a trial: what was reached, and what to say where it was not.
std::string call_verdict(CallContext& context, const Json&) {
    if (context.session.empty()) return answer_error("there is no design");
    const World& world = context.session.world();
    const Result<Lesson> lesson = read_lesson_alone(context.session.scenario());
    Json out = {{"met", true}, {"parts", Json::array()}, {"feedback", nullptr}};
    if (lesson && lesson->goal) {
        for (const GoalPart& part : judge_goal(world, *lesson->goal)) {
            out["parts"].push_back({{"text", assertion_text(part.assertion)},
                                    {"name", part.assertion.name},
                                    {"measured", finite(part.measured)},
                                    {"met", part.met}});
            if (!part.met) out["met"] = false;
        }
        const Feedback* feedback = out["met"].get<bool>() ? nullptr : feedback_for(world, *lesson);
        if (feedback) out["feedback"] = words_json(feedback->text);
    }
    return ok(out);
}

// Which assertions hold of the run as it is, and the values of figures by name.
std::string call_judge(CallContext& context, const Json& arguments) {
    if (context.session.empty()) return answer_error("there is no design");
    const World& world = context.session.world();
    Json out = {{"assertions", Json::array()}, {"figures", Json::object()}};
    if (arguments.contains("assertions") && arguments["assertions"].is_array())
        for (const Json& one : arguments["assertions"]) {
            const Result<Assertion> parsed = parse_assertion(one.is_string() ? one.get<std::string>() : "");
            if (!parsed) return refused(parsed.error());
            const double measured = measured_value(world, parsed->name);
            out["assertions"].push_back({{"measured", finite(measured)}, {"held", holds(*parsed, measured)}});
        }
    if (arguments.contains("figures") && arguments["figures"].is_array())
        for (const Json& one : arguments["figures"])
            if (one.is_string()) {
                const std::string name = one.get<std::string>();
                out["figures"][name] = finite(measured_value(world, name));
            }
    return ok(out);
}

// Which lesson the open design has, and which ones everybody has at hand: links leave those out.
std::string call_lesson_mark(CallContext& context, const Json&) {
    const std::string& lesson = context.session.scenario().lesson;
    return ok(lesson.empty() ? Json() : Json(lesson_mark(lesson)));
}

std::string call_know_lessons(CallContext& context, const Json& arguments) {
    std::vector<std::string> marks;
    if (arguments.contains("marks") && arguments["marks"].is_array())
        for (const Json& mark : arguments["marks"])
            if (mark.is_string()) marks.push_back(mark.get<std::string>());
    context.session.know_lessons(std::move(marks));
    return done();
}

constexpr CallRow k_calls[] = {
    {"lesson", call_lesson},          {"trial", call_trial},
    {"verdict", call_verdict},        {"judge", call_judge},
    {"lessonMark", call_lesson_mark}, {"knowLessons", call_know_lessons},
};

} // namespace

std::span<const CallRow> lesson_calls() { return k_calls; }

} // namespace scale::web
