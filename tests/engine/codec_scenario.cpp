// Scenarios as JSON: round trips, the canonical form, and sentences for what is wrong.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "codec/json_reader.hpp"
#include "codec/reader.hpp"
#include "scale/codec.hpp"
#include "scale/errors.hpp"
#include "scale/lesson.hpp"
#include "support/random_scenario.hpp"

using namespace scale;

namespace {

constexpr const char* k_small = R"({
  "scaleground": 1,
  "title": {"en": "Two tiers", "ko": "두 계층"},
  "seed": 42, "duration_s": 300, "warmup_s": 30,
  "nodes": [
    {"id": "users", "kind": "clients", "rate_per_s": 400},
    {"id": "web", "kind": "server", "label": {"ko": "웹 서버"}, "at": [120, -40.5]},
    {"id": "db", "kind": "database"}
  ],
  "edges": [
    ["users", "web"],
    ["web", "db", {"latency_ms": 0.25}]
  ],
  "events": [
    {"at_s": 120, "do": "kill", "node": "db"},
    {"at_s": 180.000000001, "do": "restore", "node": "db"},
    {"at_s": 190, "do": "kill", "edge": ["web", "db"]},
    {"at_s": 200, "do": "set", "node": "users", "rate_per_s": 1200},
    {"at_s": 210, "do": "slow", "node": "web", "instance": 0, "factor": 3}
  ],
  "slo": {"p99_ms": 250, "availability": 0.999}
}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& json) {
    const Result<Scenario> scenario = parse_scenario(json);
    return scenario ? "" : scenario.error().sentence();
}

// What the parser says when one place of the small scenario is changed.
std::string refusal_after(const std::string& from, const std::string& to) {
    return refusal(replaced(k_small, from, to));
}

Scenario parsed(const std::string& json) {
    const Result<Scenario> scenario = parse_scenario(json);
    REQUIRE_MESSAGE(scenario, (scenario ? "" : scenario.error().sentence() + "\n" + json));
    return *scenario;
}

void check_round_trip(const Scenario& scenario) {
    const std::string written = write_scenario(scenario);
    const Scenario again = parsed(written);
    CHECK(again == scenario);
    CHECK(write_scenario(again) == written);
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("a scenario is read and written in its canonical form") {
    const Scenario scenario = parsed(k_small);
    CHECK(write_scenario(scenario) == k_small);
    CHECK(scenario.title == Text{"Two tiers", "두 계층"});
    CHECK(scenario.seed == 42);
    CHECK(scenario.nodes.size() == 3);
    CHECK(get_value(scenario.nodes[0], "rate_per_s") == 400);
    CHECK(scenario.nodes[1].label == Text{"", "웹 서버"});
    CHECK(scenario.nodes[1].at == Position{120, -40.5});
    CHECK(scenario.edges[1].values[0] == 0.25);
    REQUIRE(scenario.events.size() == 5);
    CHECK(scenario.events[1].at == 180'000'000'001);
    CHECK(scenario.events[2].edge == 1);
    CHECK(scenario.events[4].instance == 0);
    CHECK(scenario.slo.p99_ms == 250);
    CHECK_FALSE(scenario.slo.p50_ms.has_value());
}

TEST_CASE("events are put in order of time, those of one moment as they stand") {
    const Scenario scenario = parsed(replaced(k_small, "\"at_s\": 120", "\"at_s\": 200"));
    CHECK(std::string_view(scenario.events[0].verb->id) == "restore");
    CHECK(std::string_view(scenario.events[2].verb->id) == "kill");
    CHECK(std::string_view(scenario.events[3].verb->id) == "set");
}

TEST_CASE("defaults are left out, spelled out they mean the same") {
    for (const KindRecord* kind : kinds()) {
        CAPTURE(kind->id);
        Scenario scenario;
        scenario.nodes.push_back(make_node("it", *kind));
        const std::string line = "{\"id\": \"it\", \"kind\": \"" + std::string(kind->id) + "\"}";
        CHECK(write_scenario(scenario).find(line) != std::string::npos);
    }
}

TEST_CASE("every scenario file survives a round trip") {
    int files = 0;
    const std::filesystem::path folder = std::filesystem::path(SCALE_SOURCE_DIR) / "scenarios";
    if (!std::filesystem::exists(folder)) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".json") continue;
        CAPTURE(entry.path().string());
        check_round_trip(parsed(read_file(entry.path())));
        ++files;
    }
    MESSAGE(files << " scenario files");
}

TEST_CASE("what the manual shows is true") {
    const std::string manual =
        read_file(std::filesystem::path(SCALE_SOURCE_DIR) / "docs" / "scenario-format.md");
    const std::size_t start = manual.find("```json\n") + 8;
    const std::string example = manual.substr(start, manual.find("```", start) - start);
    CHECK(write_scenario(parsed(example)) == example);
    const auto promised = [&](const std::string& said) {
        CHECK_MESSAGE(manual.find(said) != std::string::npos, said);
    };
    promised(refusal(replaced(example, "\"cores\": 4", "\"corse\": 4")));
    promised(refusal(replaced(example, "\"cores\": 4", "\"cores\": 0")));
    promised(refusal(replaced(example, "[\"users\", \"web\"", "[\"users\", \"wed\"")));
}

TEST_CASE("thousands of random scenarios survive a round trip") {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        CAPTURE(seed);
        check_round_trip(tests::random_scenario(seed));
    }
}

TEST_CASE("the largest scenario is read") {
    Scenario scenario;
    const KindRecord& clients = *find_kind("clients");
    const KindRecord& server = *find_kind("server");
    for (std::size_t i = 0; i < limits::k_nodes; ++i)
        scenario.nodes.push_back(make_node("n" + std::to_string(i), i < 128 ? clients : server));
    for (int i = 0; i < 1024; ++i) scenario.edges.push_back(make_edge(i / 8, 128 + (i / 8 + i % 8) % 128));
    check_round_trip(scenario);
    Scenario more = scenario;
    more.nodes.push_back(make_node("one-more", server));
    CHECK(refusal(write_scenario(more)).find("too many entries in \"nodes\": at most 256 are allowed") !=
          std::string::npos);
}

TEST_CASE("typical mistakes get an exact answer") {
    CHECK(refusal("[]") == "$: expected an object, got a list");
    CHECK(refusal("{}") == "$: \"scaleground\" is missing; a scenario begins with \"scaleground\": 1");
    CHECK(refusal_after("\"scaleground\": 1", "\"scaleground\": 2") ==
          "$.scaleground: expected version 1, got 2; it was made with a newer Scaleground");
    CHECK(refusal_after("\"duration_s\"", "\"duraton_s\"") ==
          "$.duraton_s: unknown key; did you mean \"duration_s\"?");
    CHECK(refusal_after("\"rate_per_s\": 400", "\"rate_per_sec\": 400") ==
          "$.nodes[0].rate_per_sec: unknown key; did you mean \"rate_per_s\"?");
    CHECK(refusal_after("\"rate_per_s\": 400", "\"rate_per_s\": \"400\"") ==
          "$.nodes[0].rate_per_s: expected a number from 0 to 10000000, got \"400\"");
    CHECK(refusal_after("\"rate_per_s\": 400", "\"rate_per_s\": -1") ==
          "$.nodes[0].rate_per_s: expected a number from 0 to 10000000, got -1");
    CHECK(refusal_after("\"rate_per_s\": 400", "\"mode\": \"opne\"") ==
          "$.nodes[0].mode: expected \"open\" or \"closed\", got \"opne\"; did you mean \"open\"?");
    CHECK(refusal_after("\"rate_per_s\": 400", "\"cancels\": 1") ==
          "$.nodes[0].cancels: expected true or false, got 1");
    CHECK(refusal_after("\"rate_per_s\": 400", "\"retries\": 1.5") ==
          "$.nodes[0].retries: expected a whole number from 0 to 10, got 1.5");
    CHECK(refusal_after("\"kind\": \"database\"", "\"kind\": \"databse\"") ==
          "$.nodes[2].kind: expected the kind of this node, got \"databse\"; did you mean \"database\"?");
    CHECK(refusal_after("\"kind\": \"database\"", "\"knid\": \"database\"") ==
          "$.nodes[2]: \"kind\" is missing; "
          "did you mean \"kind\" where it says \"knid\"?");
    CHECK(refusal_after("{\"id\": \"db\", ", "{") == "$.nodes[2]: \"id\" is missing");
    CHECK(refusal_after("\"id\": \"db\"", "\"id\": \"web\"") == "$.edges[1][1]: there is no node \"db\"");
    CHECK(refusal_after("\"id\": \"db\"", "\"id\": \"디비\"").find("$.edges[1][1]: there is no node") == 0);
    CHECK(refusal_after("[\"users\", \"web\"]", "[\"user\", \"web\"]") ==
          "$.edges[0][0]: there is no node \"user\"; did you mean \"users\"?");
    CHECK(refusal_after("[\"users\", \"web\"]", "[\"users\"]") ==
          "$.edges[0]: expected [\"from\", \"to\"], got a list");
    CHECK(refusal_after("\"latency_ms\": 0.25", "\"latency\": 0.25") ==
          "$.edges[1][2].latency: unknown key; did you mean \"latency_ms\"?");
    CHECK(refusal_after("\"do\": \"kill\", \"node\"", "\"do\": \"kil\", \"node\"")
              .find("$.events[0].do: expected \"kill\", \"restore\"") == 0);
    CHECK(refusal_after("\"do\": \"set\", \"node\": \"users\", \"rate_per_s\": 1200",
                        "\"do\": \"set\", \"node\": \"users\"")
              .find("$.events[3]: nothing to set; name a parameter and its new value") == 0);
    CHECK(refusal_after("\"at_s\": 120, ", "") ==
          "$.events[0]: \"at_s\" is missing; seconds from the start of the run");
    CHECK(refusal_after("\"at_s\": 120", "\"at_s\": -1") ==
          "$.events[0].at_s: expected a number from 0 to 10000000, got -1");
    CHECK(refusal_after("\"node\": \"db\"}", "\"node\": \"db\", \"edge\": [\"web\", \"db\"]}") ==
          "$.events[0]: expected either \"node\" or \"edge\"");
    CHECK(refusal_after("\"edge\": [\"web\", \"db\"]", "\"edge\": [\"users\", \"db\"]") ==
          "$.events[2].edge: there is no edge from \"users\" to \"db\"");
    CHECK(refusal_after("\"instance\": 0", "\"instance\": -1") ==
          "$.events[4].instance: expected a whole number from 0 to 65535, got -1");
    CHECK(refusal_after("\"availability\": 0.999", "\"availability\": 99.9") ==
          "$.slo.availability: expected a number from 0 to 1, got 99.9");
    CHECK(refusal_after("\"p99_ms\"", "\"p99\"") == "$.slo.p99: unknown key; did you mean \"p99_ms\"?");
    CHECK(refusal_after("\"warmup_s\": 30", "\"warmup_s\": 300") ==
          "$.warmup_s: expected less than duration_s (300), got 300");
    CHECK(refusal_after("\"seed\": 42", "\"seed\": 9007199254740994") ==
          "$.seed: expected a whole number from 0 to 9007199254740992, got 9007199254740994");
    CHECK(refusal_after("\"at\": [120, -40.5]", "\"at\": [120]") ==
          "$.nodes[1].at: expected [x, y], got a list");
    CHECK(refusal_after("\"at\": [120, -40.5]", "\"at\": [1e6, 0]") ==
          "$.nodes[1].at: expected a number from -100000 to 100000, got 1000000");
    CHECK(refusal_after("\"at\": [120, -40.5]", "\"in\": \"machine\"") ==
          "$.nodes[1].in: expected the id of another node, got \"machine\"");
}

TEST_CASE("ids and words are held to their limits") {
    const std::string id_32(32, 'a');
    const auto with_id = [](const std::string& id) {
        return refusal("{\"scaleground\": 1, \"nodes\": [{\"id\": \"" + id + "\", \"kind\": \"server\"}]}");
    };
    CHECK(with_id(id_32) == "");
    for (const std::string& id : {id_32 + "a", std::string(), std::string("1a"), std::string("-a"),
                                  std::string("a b"), std::string("a.b"), std::string("웹")})
        CHECK_MESSAGE(with_id(id).find("$.nodes[0].id: expected 1 to 32 letters") == 0, id);
    const auto with_label = [](const std::string& label) {
        return refusal(
            "{\"scaleground\": 1, \"nodes\": [{\"id\": \"a\", \"kind\": \"server\", \"label\": \"" + label +
            "\"}]}");
    };
    std::string label;
    for (std::size_t i = 0; i < limits::k_label_points; ++i) label += "한";
    CHECK(with_label(label) == "");
    CHECK(with_label(label + "x") == "$.nodes[0].label: expected at most 64 characters, got 65");
    CHECK(with_label("two\\nlines") == "$.nodes[0].label: expected one line without control characters");
    CHECK(with_label("\\u0000").find("control characters") != std::string::npos);
    const std::string twice = "{\"scaleground\": 1, \"nodes\": [{\"id\": \"a\", \"kind\": \"server\"}, "
                              "{\"id\": \"a\", \"kind\": \"server\"}]}";
    CHECK(refusal(twice) == "$.nodes[1].id: the id \"a\" is already that of nodes[0]");
}

TEST_CASE("a misspelt key is recognised for every parameter of every kind") {
    for (const KindRecord* kind : kinds()) {
        for (const ParamRecord& param : kind->params) {
            const std::string id = param.id;
            const std::string wrong = id + "x";
            const std::string said = refusal("{\"scaleground\": 1, \"nodes\": [{\"id\": \"a\", \"kind\": \"" +
                                             std::string(kind->id) + "\", \"" + wrong + "\": 1}]}");
            CHECK(said == "$.nodes[0]." + wrong + ": unknown key; did you mean \"" + id + "\"?");
        }
    }
}

TEST_CASE("every parameter is held to its range, both ends included") {
    for (const KindRecord* kind : kinds()) {
        for (const ParamRecord& param : kind->params) {
            if (param.type != ValueType::number && param.type != ValueType::whole) continue;
            CAPTURE(kind->id);
            CAPTURE(param.id);
            NodeDef node = make_node("a", *kind);
            const auto said = [&](double value) {
                set_value(node, param.id, value);
                Scenario scenario;
                scenario.nodes.push_back(node);
                return refusal(write_scenario(scenario));
            };
            const std::string path = "$.nodes[0]." + std::string(param.id) + ": expected a ";
            CHECK(said(param.least).find(path) == std::string::npos);
            CHECK(said(param.most).find(path) == std::string::npos);
            CHECK(said(param.least - 1).find(path) == 0);
            CHECK(said(param.most + std::max(1.0, param.most * 0.01)).find(path) == 0);
        }
    }
}

TEST_CASE("a parameter that must not be below another one: at the beginning, by an event, by an edit") {
    const std::string said = "expected not less than \"instances_least\" (5), got 3; "
                             "raise it, or lower \"instances_least\"";
    const std::string web = "\"kind\": \"server\", \"instances_least\": ";
    const auto design = [&](const std::string& least, const std::string& events = "") {
        return "{\"scaleground\": 1, \"nodes\": [{\"id\": \"users\", \"kind\": \"clients\"}, {\"id\": "
               "\"web\", " +
               web + least + ", \"instances_most\": 3}], \"edges\": [[\"users\", \"web\"]], \"events\": [" +
               events + "]}";
    };
    CHECK(refusal(design("3")) == "");
    CHECK(refusal(design("5")) == "$.nodes[1].instances_most: " + said);
    const std::string sets_both = R"({"at_s": 9, "do": "set", "node": "web", "instances_least": 5, )"
                                  R"("instances_most": 7})";
    const std::string sets_most = R"({"at_s": 10, "do": "set", "node": "web", "instances_most": 3})";
    CHECK(refusal(design("1", sets_both)) == "");
    CHECK(refusal(design("1", sets_most)) == "");
    // The path is that of the file, whatever comes first in time.
    CHECK(refusal(design("1", sets_most + ", " + sets_both)) == "$.events[0].instances_most: " + said);
    const Result<Scenario> edited =
        edit_scenario(parsed(design("1")), R"([{"set": "web", "instances_least": 5}])");
    REQUIRE_FALSE(edited);
    CHECK(edited.error().sentence() == "after the edits, $.nodes[1].instances_most: " + said);
    CHECK(error_text(edited.error()).ko.find("\"instances_least\"(5) 이상이어야 하는데 3; 이 값을") !=
          std::string::npos);
}

TEST_CASE("a lesson is kept as canonical text") {
    const std::string lesson =
        R"({"id": "cache", "order": 3, "summary": {"en": "A cache", "ko": "캐시"}, )"
        R"("steps": [{"text": {"en": "Look.", "ko": "보자."}, "predict": [1, 2.50, null, true]}]})";
    const Scenario scenario = parsed(replaced(k_small, "\"slo\":", "\"lesson\": " + lesson + ", \"slo\":"));
    CHECK(scenario.lesson ==
          R"({"id": "cache", "order": 3, "summary": {"en": "A cache", "ko": "캐시"}, )"
          R"("steps": [{"text": {"en": "Look.", "ko": "보자."}, "predict": [1, 2.5, null, true]}]})");
    check_round_trip(scenario);
    const auto said = [&](const std::string& text) {
        return refusal(replaced(k_small, "\"slo\":", "\"lesson\": " + text + ", \"slo\":"));
    };
    CHECK(said("[]") == "$.lesson: expected an object, got a list");
    CHECK(said("{}") == "$.lesson: \"id\" is missing");
    CHECK(said("{\"id\": \"a\", \"steps\": [{}]}") == "$.lesson.steps[0]: \"text\" is missing");
    CHECK(said("{\"id\": \"a\", \"steps\": [{\"text\": {\"kr\": \"x\"}}]}") ==
          "$.lesson.steps[0].text.kr: unknown key; did you mean \"ko\"?");
}

TEST_CASE("one command alone is read and written") {
    const Scenario scenario = parsed(k_small);
    for (const Command& command : scenario.events) {
        const Result<Command> again = parse_command(write_command(command, scenario), scenario);
        REQUIRE(again);
        CHECK(*again == command);
    }
    const Result<Command> now = parse_command("{\"do\": \"kill\", \"node\": \"db\"}", scenario);
    REQUIRE(now);
    CHECK(now->at == 0);
    CHECK(now->node == 2);
    const Result<Command> wrong = parse_command("{\"do\": \"kill\", \"node\": \"dbb\"}", scenario);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().sentence() == "$.node: there is no node \"dbb\"; did you mean \"db\"?");
}
