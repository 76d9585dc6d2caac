// What is wrong with bad input, in both languages: the common mistakes by name, the others by going through
// many broken scenarios and counting those that nobody has put into Korean.
#include <doctest/doctest.h>

#include <string>

#include "scale/analysis.hpp"
#include "scale/codec.hpp"
#include "scale/errors.hpp"
#include "scale/lesson.hpp"

using namespace scale;

namespace {

Error error_of(const std::string& nodes, const std::string& rest = "") {
    Result<Scenario> read = parse_scenario("{\"scaleground\": 1, \"nodes\": [" + nodes + "]" + rest + "}");
    if (!read) return read.error();
    const std::optional<Error> error = validate(*read);
    REQUIRE(error);
    return *error;
}

const std::string k_users = R"({"id": "u", "kind": "clients"})";
const std::string k_web = R"({"id": "w", "kind": "server"})";

bool is_korean(const std::string& text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0xEA) return true;
    return false;
}

// Each part by itself: what, hint, and a place that is more than a path.
void check_korean(const Error& error) {
    INFO(error.sentence());
    const auto said = [](const std::string& part) { return error_text(Error{"", part, ""}).ko; };
    CHECK_MESSAGE(is_korean(said(error.what)), error.what);
    CHECK_MESSAGE((error.hint.empty() || is_korean(said(error.hint))), error.hint);
    const bool words =
        error.path.find(' ') != std::string::npos && error.path[0] != '"'; // not what was given
    CHECK_MESSAGE((!words || is_korean(said(error.path))), error.path);
    CHECK(error_text(error).ko.find("{1}") == std::string::npos);
    CHECK(error_text(error).en == error.sentence());
}

template<class T>
void check_refused(const Result<T>& result) {
    REQUIRE_FALSE(result);
    check_korean(result.error());
}

Scenario small_design(const std::string& rest = "") {
    Result<Scenario> made = parse_scenario(R"({"scaleground": 1, "duration_s": 60, "nodes": [
        {"id": "u", "kind": "clients"}, {"id": "w", "kind": "server"}, {"id": "db", "kind": "database"}],
        "edges": [["u", "w"], ["w", "db"]])" +
                                           rest + "}");
    REQUIRE_MESSAGE(made, made.error().sentence());
    return *made;
}

} // namespace

TEST_CASE("common mistakes, in Korean") {
    const auto korean = [](const Error& error) { return error_text(error).ko; };
    CHECK(korean(error_of(R"({"id": "w", "kind": "server", "coers": 2})")) ==
          "$.nodes[0].coers: 알 수 없는 키; 혹시 \"cores\" 아닌가?");
    CHECK(korean(error_of(R"({"id": "w", "kind": "server", "cores": 0})")) ==
          "$.nodes[0].cores: 필요한 값: 1~256 범위의 정수, 받은 값: 0");
    CHECK(korean(error_of(R"({"id": "w", "kind": "server", "cores": "two"})"))
              .find("범위의 정수, 받은 값: \"two\"") != std::string::npos);
    CHECK(korean(error_of(k_users, R"(, "edges": [["u", "nobody"]])")).find("\"nobody\" 노드가 없다") !=
          std::string::npos);
    CHECK(korean(error_of(k_users)).find("\"u\" 노드가 아무것도 호출하지 않는다") != std::string::npos);
    CHECK(korean(error_of(k_users + "," + k_web, R"(, "edges": [["w", "u"]])"))
              .find("server 노드는 clients 노드를 호출하지 않는다(w → u)") != std::string::npos);
    CHECK(korean(error_of(k_users + "," + k_users)).find("에서 쓴다") != std::string::npos);
}

TEST_CASE("what nobody has put into Korean stays English, and English is what it was") {
    const Error odd{"$", "the moon is made of cheese", "eat it"};
    CHECK(error_text(odd).ko == odd.sentence());
    const Error known{"$.a", "unknown key", "eat it"};
    CHECK(error_text(known).en == "$.a: unknown key; eat it");
    CHECK(error_text(known).ko == "$.a: 알 수 없는 키; eat it");
}

TEST_CASE("broken scenarios of every sort are answered in Korean") {
    const char* const k_broken[] = {
        "",
        "{",
        "[]",
        "{\"scaleground\": 2, \"nodes\": []}",
        "{\"nodes\": []}",
        "{\"scaleground\": 1}",
        "{\"scaleground\": 1, \"nodes\": {}}",
        "{\"scaleground\": 1, \"nodes\": [1]}",
        R"({"scaleground": 1, "nodes": [{"id": "a"}]})",
        R"({"scaleground": 1, "nodes": [{"kind": "server"}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "sever"}]})",
        R"({"scaleground": 1, "nodes": [{"id": "1", "kind": "server"}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server"},]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server", "id": "b"}]})",
        R"({"scaleground": 1, "seed": -1, "nodes": []})",
        R"({"scaleground": 1, "duration_s": 1e99, "nodes": []})",
        R"({"scaleground": 1, "duration_s": 10, "warmup_s": 20, "nodes": [{"id": "a", "kind": "server"}]})",
        R"({"scaleground": 1, "nodes": [], "events": [{"do": "kill", "node": "x", "at_s": 1}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server"}], "events": [{"do": "kil", "node": "a", "at_s": 1}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server"}], "events": [{"do": "kill", "node": "a"}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server"}], "events": [{"do": "set", "node": "a", "at_s": 1}]})",
        R"({"scaleground": 1, "nodes": [], "slo": {"p99": 1}})",
        R"({"scaleground": 1, "nodes": [], "prices": {"x": 1}})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server", "in": "b"}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server", "queue_limit": 1.5}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server", "service": "normal"}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server", "at": [1]}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server", "label": 3}]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server"}], "edges": [["a"]]})",
        R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server"}], "edges": [["a", "a"]]})",
        R"({"scaleground": 1, "title": "a)",
    };
    for (const char* const text : k_broken) {
        CAPTURE(text);
        const Result<Scenario> read = parse_scenario(text);
        const std::optional<Error> error = read ? validate(*read) : read.error();
        REQUIRE(error);
        INFO(error->sentence());
        check_korean(*error);
    }
}

TEST_CASE("faults of JSON are answered in Korean, with their place") {
    const std::string long_string(limits::k_text_points + 1, 'x');
    const std::string deep(limits::k_depth + 1, '[');
    for (const std::string& text :
         {std::string("{\"a\": 'x'}"), std::string("{\"a\": 1 // why\n}"), std::string("{a: 1}"),
          std::string("[1 2]"), std::string("{\"a\" 1}"), std::string("nul"), std::string("\"\\q\""),
          std::string("\"\\ud800\""), std::string("\"\\u12g4\""), std::string("\"a\nb\""), std::string("01"),
          std::string("1e999"), std::string(60, '1'), "\"" + long_string + "\"", deep,
          std::string("\"\x80\""), std::string("\x80"), std::string(limits::k_json_bytes + 1, ' ')})
        check_refused(parse_scenario(text));
    const Error error = parse_scenario("{a: 1}").error();
    CHECK(error_text(error).ko.find("1행 2열: ") == 0);
    CHECK(error_text(Error{"a.json: line 1, column 2", error.what, ""}).ko.find("a.json: 1행 2열: ") == 0);
}

TEST_CASE(
    "links that do not open are answered in Korean: cut off, changed, too long, from the future, none") {
    const std::string link = encode_link(small_design());
    std::string changed = link;
    changed[link.size() / 2] = changed[link.size() / 2] == 'A' ? 'B' : 'A';
    for (const std::string& text :
         {link.substr(0, link.size() - 9), std::string("#s="), changed,
          link.substr(0, 9) + "%" + link.substr(10), std::string(limits::k_link_bytes + 1, 'A'),
          "#s=9" + link.substr(4), std::string("hello")})
        check_refused(decode_link(text));
    check_korean(*link_too_long(std::string(limits::k_link_bytes + 1, 'A')));
    CHECK(error_text(decode_link(link.substr(0, 20)).error()).ko.find("20자") == std::string::npos);
    CHECK(error_text(decode_link(link.substr(0, 20)).error()).ko.find("16자만 있다") != std::string::npos);
}

TEST_CASE("edits and commands that make no sense are answered in Korean") {
    for (const char* edits :
         {"5", "[5]", "[{}]", R"([{"move": "w"}])", R"([{"remove": "wb"}])", R"([{"add": {"id": "x"}}])",
          R"([{"add": 1}])", R"([{"add": {"id": "w", "kind": "server"}}])", R"([{"connect": ["u"]}])",
          R"([{"connect": ["u", "w"]}])", R"([{"disconnect": ["u", "db"]}])", R"([{"set": "w", "id": "x"}])",
          R"([{"set": ["u", "db"], "calls": 2}])", R"([{"set": "w", "coers": 2}])", R"([{"rename": "w"}])",
          R"([{"rename": "w", "to": "u"}])", R"([{"design": 1}])", R"([{"design": {"nodes": []}}])",
          R"([{"design": {"sed": 1}}])"})
        check_refused(edit_scenario(small_design(), edits));
    for (const char* command :
         {"{}", "5", R"({"do": "explode", "node": "w"})", R"({"do": "kill"})",
          R"({"do": "kill", "node": "nobody"})", R"({"do": "kill", "edge": ["u", "db"]})",
          R"({"do": "kill", "edge": ["u"]})", R"({"do": "set", "node": "w"})",
          R"({"do": "set", "node": "w", "cores": "many"})", R"({"do": "kill", "node": "w", "instance": -1})"})
        check_refused(parse_command(command, small_design()));
    World world(small_design());
    Result<Command> command = parse_command(R"({"do": "kill", "node": "w", "instance": 7})", small_design());
    REQUIRE(command);
    check_korean(*world.apply(*command));
    for (const char* setting : {"w", "w.coers=1", "w.cores=x", "nobody.cores=1", "u->db.calls=1", "seed=1",
                                "weigth=1", "weight=0"}) {
        Scenario scenario = small_design();
        check_korean(*set_parameter(scenario, setting));
    }
    for (const char* assertion : {"p99_ms", "p99_ms ? 3", "p99_ms <", "< 3", "p99_ms < soon"})
        check_refused(parse_assertion(assertion));
}

TEST_CASE("lessons that are not right are answered in Korean") {
    const auto lesson = [](const std::string& members) {
        return small_design(R"(, "lesson": {"id": "mine", )" + members + "}");
    };
    const std::string step = R"({"text": {"en": "a"}})";
    check_refused(read_lesson(small_design()));
    for (const std::string& members :
         {std::string(R"("steps": [], "hnts": [])"), std::string(R"("goal": {"text": "a"})"),
          std::string(R"("goal": {"text": "a", "all": ["p99_ms"]})"),
          std::string(R"("goal": {"text": "a", "all": [], "from_s": 9, "until_s": 3})"),
          std::string(R"("goal": {"text": "a", "all": ["p98_ms < 3"]})"),
          std::string(R"("steps": [{"text": "a", "predict": {"ask": "b"}}])"),
          std::string(R"("steps": [{"text": "a", "figures": ["nodes.db.utilisation"]}])"),
          std::string(R"("steps": [{"text": "a", "commands": [{"do": "kill", "node": "dbb"}]}])"),
          std::string(R"("start": [{"remove": "dbb"}])"),
          std::string(R"("start": [{"set": "db", "conections": 1}])"),
          std::string(R"("start": [], "wrong": [{"name": "a", "edits": [{"remove": "w"}]}])")}) {
        CAPTURE(members);
        check_refused(read_lesson(lesson(members)));
    }
    const std::string broken[] = {R"("steps": [{"play_to_s": 3}])", R"("steps": [5])", R"("id": "x")",
                                  R"("summary": 5)"};
    for (const std::string& members : broken)
        check_refused(
            parse_scenario(R"({"scaleground": 1, "nodes": [], "lesson": {"id": "mine", )" + members + "}}"));
    check_refused(parse_scenario(R"({"scaleground": 1, "nodes": [], "lesson": {"id": "내 것"}})"));
    check_refused(parse_scenario(R"({"scaleground": 1, "nodes": [], "lesson": {}})"));
}
