// The JSON reader: strict about the text, bounded before it builds.
#include <doctest/doctest.h>

#include <string>

#include "codec/json_reader.hpp"
#include "codec/reader.hpp"

using namespace scale;
using namespace scale::codec;

namespace {

std::string refusal(std::string_view text) {
    const Result<JsonDocument> document = JsonDocument::read(text, scenario_limits());
    return document ? "" : document.error().sentence();
}

std::string canonical(std::string_view text) {
    const Result<JsonDocument> document = JsonDocument::read(text, scenario_limits());
    if (!document) return document.error().sentence();
    std::string out;
    append_canonical(out, *document, document->root());
    return out;
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += part;
    return out;
}

std::string list_of(std::string_view key, std::size_t count) {
    return "{\"" + std::string(key) + "\": [" + repeated("0,", count - 1) + "0]}";
}

} // namespace

TEST_CASE("JSON is read as it is meant") {
    CHECK(canonical(" [1, 2.50 ,\t-3e2, true,false , null, \"a\"]\r\n") ==
          "[1, 2.5, -300, true, false, null, \"a\"]");
    CHECK(canonical("{\"b\": {}, \"a\": []}") == "{\"b\": {}, \"a\": []}");
    CHECK(canonical("\"\\u0041\\n\\\\\\/\\ud55c\\ud83d\\ude42\\u0001\"") == "\"A\\n\\\\/한🙂\\u0001\"");
    CHECK(canonical("\xEF\xBB\xBF"
                    "1") == "1");
}

TEST_CASE("text that is not JSON is refused with its place") {
    const std::pair<const char*, const char*> cases[] = {
        {"", "line 1, column 1: expected a value, but the text ends here"},
        {"{\"a\": 1,}", "line 1, column 9: a comma before \"}\"; remove it"},
        {"[1,\n 2,]", "line 2, column 4: a comma before \"]\"; remove it"},
        {"{\"a\" 1}", "line 1, column 6: expected \":\", found \"1\""},
        {"{\"a\": 1 \"b\": 2}", "line 1, column 9: expected \",\" or \"}\", found \"\\\"\""},
        {"{a: 1}", "line 1, column 2: expected a key in double quotes, found \"a\""},
        {"{'a': 1}",
         "line 1, column 2: expected a key in double quotes, found \"'\"; strings stand in double quotes"},
        {"[1] // x", "line 1, column 5: expected the end of the text"},
        {"[// x\n1]", "line 1, column 2: expected a value, found \"/\"; JSON has no comments"},
        {"[NaN]", "line 1, column 2: expected a value, found \"N\""},
        {"[-Infinity]", "line 1, column 2: \"-\" is not a number"},
        {"[01]", "line 1, column 2: \"01\" is not a number"},
        {"[1e999]", "line 1, column 2: \"1e999\" is too large for a number"},
        {"{\"a\": 1, \"한\": 2, \"a\": 3}", "line 1, column 18: the key \"a\" is there twice"},
        {"{\"a\": 1, \"\\u0061\": 3}", "line 1, column 10: the key \"a\" is there twice"},
        {"[\"ab\ncd\"]", "line 1, column 5: a string cannot hold a line break or control character; "
                         "write it as an escape: \\n"},
        {"[\"\\x\"]", "line 1, column 4: an unknown escape in a string"},
        {"[\"\\ud800\"]", "line 1, column 9: half of a surrogate pair stands alone"},
        {"[\"\\udc00\"]", "line 1, column 9: half of a surrogate pair stands alone"},
        {"[\"\\u12g4\"]", "line 1, column 7: expected four hexadecimal digits after \\u"},
        {"[\"abc", "line 1, column 6: the text ends within a string"},
        {"[tru]", "line 1, column 2: expected a value, found \"t\""},
    };
    for (const auto& [text, sentence] : cases) CHECK(refusal(text) == sentence);
}

TEST_CASE("invalid UTF-8 is refused, in strings and outside") {
    for (const char* bytes : {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                              "\xF5\x80\x80\x80", "\xE3\x81", "\xFF"}) {
        CHECK(refusal("[\"" + std::string(bytes) + "\"]").find("not valid UTF-8") != std::string::npos);
        CHECK(refusal("[" + std::string(bytes) + "]").find("not valid UTF-8") != std::string::npos);
    }
    CHECK(refusal(std::string_view("[1]\0", 4)).find("expected the end") != std::string::npos);
    CHECK(refusal(std::string_view("[\"\0\"]", 5)).find("control character") != std::string::npos);
}

TEST_CASE("each limit holds exactly") {
    CHECK(refusal(repeated("[", limits::k_depth) + repeated("]", limits::k_depth)) == "");
    CHECK(refusal(repeated("[", limits::k_depth + 1) + repeated("]", limits::k_depth + 1)) ==
          "line 1, column 17: nested too deeply: at most 16 levels are allowed");
    CHECK(refusal(repeated("[", 200'000)).find("nested too deeply") != std::string::npos);
    CHECK(refusal("\"" + repeated("한", limits::k_text_points) + "\"") == "");
    CHECK(refusal("\"" + repeated("한", limits::k_text_points + 1) + "\"").find("at most 2000 characters") !=
          std::string::npos);
    CHECK(refusal("\"" + std::string(limits::k_json_bytes - 2, ' ') + "\"").find("at most 2000") !=
          std::string::npos);
    CHECK(refusal("1" + std::string(limits::k_json_bytes - 1, ' ')) == "");
    CHECK(refusal("1" + std::string(limits::k_json_bytes, ' ')) ==
          "the text has 262145 bytes; at most 262144 are allowed");
    CHECK(refusal(list_of("nodes", limits::k_nodes)) == "");
    CHECK(refusal(list_of("nodes", limits::k_nodes + 1))
              .find("too many entries in \"nodes\": at most 256 are allowed") != std::string::npos);
    CHECK(refusal(list_of("edges", limits::k_edges)) == "");
    CHECK(
        refusal(list_of("edges", limits::k_edges + 1)).find("too many entries in \"edges\": at most 1024") !=
        std::string::npos);
    CHECK(refusal(list_of("log", limits::k_commands)) == "");
    CHECK(refusal(list_of("log", limits::k_commands + 1)).find("too many entries in \"log\": at most 4096") !=
          std::string::npos);
    const std::string events = "\"events\": [" + repeated("0,", 2999) + "0]";
    const std::string log = "\"log\": [" + repeated("0,", 1095) + "0";
    CHECK(refusal("{" + events + ", " + log + "]}") == "");
    CHECK(refusal("{" + events + ", " + log + ",0]}").find("too many entries in \"log\"") !=
          std::string::npos);
    CHECK(refusal("[" + repeated("0,", 70'000) + "0]").find("too many values") != std::string::npos);
    std::string members = "{\"k\": 0";
    for (int i = 0; i < 400; ++i) members += ", \"k" + std::to_string(i) + "\": 0";
    CHECK(refusal(members + "}").find("too many keys in one object") != std::string::npos);
}
