// Edits of a design, and every lesson that comes with Scaleground: doing nothing misses the goal, the
// reference reaches it, so does every other solution, and what is plausible but wrong gets feedback that says
// why.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "scale/codec.hpp"
#include "scale/insight.hpp"
#include "scale/lesson.hpp"
#include "scenario_files.hpp"

namespace scale {

namespace {

Scenario small_design() {
    const auto scenario = parse_scenario(R"({"scaleground": 1, "duration_s": 30, "warmup_s": 5, "nodes": [
        {"id": "users", "kind": "clients", "rate_per_s": 50},
        {"id": "web", "kind": "server", "in": "host"}, {"id": "db", "kind": "database", "in": "host"},
        {"id": "host", "kind": "machine"}],
        "edges": [["users", "web"], ["web", "db", {"latency_ms": 2}]],
        "events": [{"at_s": 3, "do": "kill", "node": "db"}, {"at_s": 4, "do": "kill", "edge": ["web", "db"]}]})");
    REQUIRE_MESSAGE(scenario, scenario.error().sentence());
    return *scenario;
}

Scenario edited(const Scenario& scenario, const char* edits) {
    const auto made = edit_scenario(scenario, edits);
    REQUIRE_MESSAGE(made, made.error().sentence());
    return *made;
}

std::string refused(const char* edits) {
    const auto made = edit_scenario(small_design(), edits);
    REQUIRE_FALSE(made);
    return made.error().sentence();
}

World run_for(const Scenario& design, const Lesson& lesson) {
    World world(goal_run(design, *lesson.goal));
    world.run_until(world.duration());
    return world;
}

bool reaches(const World& world, const Lesson& lesson, std::string* feedback = nullptr) {
    const std::vector<GoalPart> parts = judge_goal(world, *lesson.goal);
    for (const GoalPart& part : parts)
        INFO(part.assertion.name << " " << part.assertion.comparison << " " << part.assertion.bound << ": "
                                 << part.measured);
    if (feedback != nullptr) {
        const Feedback* found = feedback_for(world, lesson);
        *feedback = found ? found->text.en : "";
    }
    return std::all_of(parts.begin(), parts.end(), [](const GoalPart& part) { return part.met; });
}

bool reaches(const Scenario& design, const Lesson& lesson, std::string* feedback = nullptr) {
    return reaches(run_for(design, lesson), lesson, feedback);
}

// A question is one: something that is offered is right, and something is not.
void check_questions(const Lesson& lesson, const World& start, const World& reference) {
    for (const LessonStep& step : lesson.steps) {
        if (!step.predict) continue;
        CAPTURE(step.predict->ask.en);
        const World& asked = step.predict->of_start ? start : reference;
        if (step.predict->answers.empty()) {
            CHECK(std::isfinite(measured_value(asked, step.predict->figure)));
            continue;
        }
        std::size_t right = 0;
        for (const Question::Answer& answer : step.predict->answers)
            right += holds(answer.when, measured_value(asked, answer.when.name)) ? 1 : 0;
        CHECK(right >= 1);
        CHECK(right < step.predict->answers.size());
    }
}

std::size_t words_in(const std::string& text) {
    std::size_t count = 0;
    bool inside = false;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\n';
        if (!blank && !inside) ++count;
        inside = !blank;
    }
    return count;
}

// What a design is made of, without the load that it is under and without names for people to read.
std::vector<std::string> parts_of(const Scenario& scenario) {
    constexpr std::string_view k_load[] = {"rate_per_s",   "users",          "profile", "step_per_s",
                                           "step_every_s", "rate_end_per_s", "from_s",  "lasts_s",
                                           "spike_factor", "daily_swing",    "day_s"};
    std::vector<std::string> parts;
    for (const NodeDef& node : scenario.nodes) {
        parts.push_back(node.id + " is a " + std::string(node.kind->id) + " in \"" + node.in + "\"");
        for (std::size_t i = 0; i < node.values.size(); ++i) {
            const std::string_view param = node.kind->params[i].id;
            const bool load = std::find(std::begin(k_load), std::end(k_load), param) != std::end(k_load);
            if (node.kind->id == std::string_view("clients") && load) continue;
            parts.push_back(node.id + "." + std::string(param) + " = " + std::to_string(node.values[i]));
        }
    }
    for (const EdgeDef& edge : scenario.edges) {
        std::string text = scenario.nodes[edge.from].id + " -> " + scenario.nodes[edge.to].id;
        for (const double value : edge.values) text += " " + std::to_string(value);
        parts.push_back(text);
    }
    std::sort(parts.begin(), parts.end());
    return parts;
}

// What one of them has and the other has not.
std::string differences(const Scenario& before, const Scenario& after) {
    const std::vector<std::string> a = parts_of(before);
    const std::vector<std::string> b = parts_of(after);
    std::vector<std::string> gone, come;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(gone));
    std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(come));
    std::string text;
    for (const std::string& part : gone) text += "\n  only before: " + part;
    for (const std::string& part : come) text += "\n  only at the start: " + part;
    return text;
}

// The lessons of the ladder by their place in it; a place may still be empty.
std::vector<std::pair<Scenario, Lesson>> ladder() {
    std::vector<std::pair<Scenario, Lesson>> steps;
    for (const scenario_files::File& file : scenario_files::k_files) {
        const auto scenario = parse_scenario(file.text);
        REQUIRE(scenario);
        if (scenario->lesson.empty()) continue;
        const auto lesson = read_lesson(*scenario);
        REQUIRE_MESSAGE(lesson, lesson.error().sentence());
        if (lesson->order > 0) steps.emplace_back(*scenario, *lesson);
    }
    std::sort(steps.begin(), steps.end(),
              [](const auto& a, const auto& b) { return a.second.order < b.second.order; });
    return steps;
}

} // namespace

TEST_CASE("Edits add, connect, set, disconnect, remove and rename") {
    const Scenario start = small_design();
    const Scenario grown = edited(start, R"([{"add": {"id": "lb", "kind": "balancer"}},
        {"disconnect": ["users", "web"]}, {"connect": ["users", "lb"], "latency_ms": 20},
        {"connect": ["lb", "web"]}, {"set": "web", "instances": 3}, {"set": ["web", "db"], "calls": 2}])");
    CHECK(grown.nodes.size() == 5);
    CHECK_FALSE(validate(grown));
    CHECK(get_value(grown.nodes[1], "instances") == 3);
    const int edge = grown.find_edge(1, 2);
    REQUIRE(edge >= 0);
    CHECK(grown.edges[static_cast<std::size_t>(edge)].values[0] == 2); // the latency stays
    const Scenario back = edited(grown, R"([{"remove": "lb"}, {"connect": ["users", "web"]},
        {"set": "web", "instances": null}, {"set": ["web", "db"], "calls": null}])");
    CHECK(back.nodes == start.nodes);
    CHECK(back.events.size() == 2); // the cut edge is now the first: events hold on to what they meant
    const Scenario named =
        edited(start, R"([{"rename": "db", "to": "store"}, {"rename": "host", "to": "box"}])");
    CHECK(named.find_node("db") == -1);
    CHECK(named.nodes[1].in == "box");
    CHECK(named.events.size() == 2);
    CHECK(edited(named, R"([{"rename": "store", "to": "db"}, {"rename": "box", "to": "host"}])") == start);
}

TEST_CASE("What is removed takes its edges, events and members' places along") {
    const Scenario start = small_design();
    const Scenario without = edited(start, R"([{"remove": "db"}])");
    CHECK(without.edges.size() == 1);
    CHECK(without.events.empty());
    CHECK(edited(start, R"([{"disconnect": ["web", "db"]}])").events.size() == 1);
    CHECK(edited(start, R"([{"remove": "host"}])").nodes[1].in.empty());
    CHECK(edited(start, R"([{"design": {"seed": 9, "events": null}}])").events.empty());
}

TEST_CASE("An edit that makes no sense is answered with its place and a reason") {
    CHECK(refused("{}").find("a list of edits") != std::string::npos);
    CHECK(refused("[1]").find("$[0]") == 0);
    CHECK(refused(R"([{"paint": "web"}])").find("known: add") != std::string::npos);
    CHECK(refused(R"([{"remove": "web"}, {"remove": "wbe"}])").find("$[1]") == 0);
    CHECK(refused(R"([{"remove": "wbe"}])").find("did you mean \"web\"") != std::string::npos);
    CHECK(refused(R"([{"add": {"id": 5}}])").find("with id and kind") != std::string::npos);
    CHECK(refused(R"([{"add": {"id": "web", "kind": "server"}}])").find("already") != std::string::npos);
    CHECK(refused(R"([{"add": {"id": "x", "kind": "sever"}}])").find("server") != std::string::npos);
    CHECK(refused(R"([{"connect": ["users", "nobody"]}])").find("no node") != std::string::npos);
    CHECK(refused(R"([{"connect": ["users", "web"]}])").find("already") != std::string::npos);
    CHECK(refused(R"([{"disconnect": ["db", "web"]}])").find("no edge") != std::string::npos);
    CHECK(refused(R"([{"set": "web", "coers": 2}])").find("cores") != std::string::npos);
    CHECK(refused(R"([{"set": "web", "id": "w"}])").find("rename") != std::string::npos);
    CHECK(refused(R"([{"set": ["web"], "calls": 2}])").find("no edge") != std::string::npos);
    CHECK(refused(R"([{"rename": "web", "to": "db"}])").find("already") != std::string::npos);
    CHECK(refused(R"([{"design": {"nodes": []}}])").find("leaves nodes alone") != std::string::npos);
}

TEST_CASE("A lesson that cannot be played is refused with its place") {
    const auto lesson_of = [](const char* lesson) {
        Scenario scenario = small_design();
        scenario.lesson = lesson;
        const auto read = read_lesson(scenario);
        return read ? std::string("fine") : read.error().sentence();
    };
    CHECK(lesson_of(R"({"id": "a"})") == "fine");
    CHECK(lesson_of(R"({"id": "a", "stpes": []})").find("steps") != std::string::npos);
    CHECK(
        lesson_of(R"({"id": "a", "goal": {"text": "t", "all": ["p99_ms"]}})").find("$.lesson.goal.all[0]") ==
        0);
    CHECK(lesson_of(R"({"id": "a", "goal": {"text": "t", "all": ["p98_ms < 3"]}})").find("p9") !=
          std::string::npos);
    CHECK(lesson_of(R"({"id": "a", "start": [{"remove": "x"}]})").find("$.lesson.start[0]") == 0);
    CHECK(lesson_of(R"({"id": "a", "start": [{"remove": "web"}]})").find("leads nowhere") !=
          std::string::npos);
    CHECK(
        lesson_of(R"({"id": "a", "wrong": [{"name": "n", "edits": [{"remove": "x"}]}]})").find("wrong[0]") !=
        std::string::npos);
    CHECK(lesson_of(R"({"id": "a", "steps": [{"text": "t", "predict": {"ask": "?"}}]})").find("predict") !=
          std::string::npos);
}

TEST_CASE(
    "Every lesson: doing nothing misses the goal, the solutions reach it, the wrong ways are told why") {
    for (const scenario_files::File& file : scenario_files::k_files) {
        CAPTURE(file.id);
        const auto scenario = parse_scenario(file.text);
        REQUIRE(scenario);
        if (scenario->lesson.empty()) continue;
        const auto lesson = read_lesson(*scenario);
        REQUIRE_MESSAGE(lesson, lesson.error().sentence());
        CHECK(lesson->id == file.id);
        if (!lesson->goal) continue;
        const auto start = lesson_start(*scenario, *lesson);
        REQUIRE_MESSAGE(start, start.error().sentence());
        const World begun = run_for(*start, *lesson);
        const World ended = run_for(*scenario, *lesson);
        CHECK_FALSE(reaches(begun, *lesson));
        CHECK(reaches(ended, *lesson));
        check_questions(*lesson, begun, ended);
        for (const Attempt& attempt : lesson->solutions) {
            CAPTURE(attempt.name.en);
            CHECK(reaches(edited(*start, attempt.edits.c_str()), *lesson));
        }
        for (const Attempt& attempt : lesson->wrong) {
            CAPTURE(attempt.name.en);
            std::string feedback;
            CHECK_FALSE(reaches(edited(*start, attempt.edits.c_str()), *lesson, &feedback));
            CHECK_MESSAGE(!feedback.empty(), "nothing tells the learner why");
        }
    }
}

TEST_CASE("The ladder is one story: every step starts where the one before ends, but for what it announces") {
    const auto steps = ladder();
    REQUIRE(steps.size() >= 9);
    for (std::size_t i = 1; i < steps.size(); ++i) {
        const auto& [before, lesson_before] = steps[i - 1];
        const Scenario& design = steps[i].first;
        const Lesson& lesson = steps[i].second;
        CAPTURE(lesson.id);
        CHECK(design.seed == before.seed);
        if (lesson.order != lesson_before.order + 1) continue;
        const auto start = lesson_start(design, lesson);
        REQUIRE_MESSAGE(start, start.error().sentence());
        const Scenario expected = edited(before, lesson.announced.empty() ? "[]" : lesson.announced.c_str());
        const std::string differs = differences(expected, *start);
        CHECK_MESSAGE(differs.empty(),
                      "what the step before ends in, with \"announced\" applied, is not "
                      "where this one starts:",
                      differs);
    }
}

TEST_CASE("Lessons speak both languages, shortly") {
    constexpr std::size_t k_words_most = 120;
    for (const scenario_files::File& file : scenario_files::k_files) {
        CAPTURE(file.id);
        const auto scenario = parse_scenario(file.text);
        REQUIRE(scenario);
        if (scenario->lesson.empty()) continue;
        const auto lesson = read_lesson(*scenario);
        REQUIRE(lesson);
        const auto start = lesson_start(*scenario, *lesson);
        REQUIRE(start);
        const auto check = [&](const Text& text) {
            CAPTURE(text.en);
            CHECK_FALSE(text.en.empty());
            CHECK_FALSE(text.ko.empty());
            CHECK(words_in(text.en) <= k_words_most);
        };
        check(lesson->summary);
        for (const LessonStep& step : lesson->steps) {
            check(step.text);
            for (const std::string& id : step.highlight)
                CHECK(std::max(scenario->find_node(id), start->find_node(id)) >= 0);
            if (!step.predict) continue;
            check(step.predict->ask);
            for (const Question::Answer& answer : step.predict->answers) check(answer.text);
        }
        for (const Text& hint : lesson->hints) check(hint);
        for (const Feedback& feedback : lesson->feedback) check(feedback.text);
        for (const Attempt& attempt : lesson->wrong) check(attempt.name);
    }
}

TEST_CASE("The ladder ends in a design that keeps all eight rules, with nothing that stands alone") {
    for (const scenario_files::File& file : scenario_files::k_files) {
        if (std::string_view(file.id) != "13-millions") continue;
        const auto scenario = parse_scenario(file.text);
        REQUIRE(scenario);
        const Review seen = review(*scenario);
        CHECK(seen.rules.size() == 8);
        for (const RuleCheck& rule : seen.rules) {
            CAPTURE(rule.id);
            CHECK(rule.verdict == Verdict::yes);
        }
        CHECK(seen.single_points.empty());
        return;
    }
    FAIL("13-millions is gone");
}

} // namespace scale
