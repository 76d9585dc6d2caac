// What is wrong with bad input, in both languages: the common mistakes by name, the others by going through
// many broken scenarios and counting those that nobody has put into Korean.
#include <doctest/doctest.h>

#include <string>

#include "scale/codec.hpp"
#include "scale/errors.hpp"

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
        const std::string said = error_text(*error).ko;
        CHECK_MESSAGE(is_korean(said), said);
        CHECK(said.find("{1}") == std::string::npos);
    }
}
