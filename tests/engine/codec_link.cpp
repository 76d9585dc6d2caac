// Links: what goes in comes out, whatever else comes in is refused with a sentence.
#include <doctest/doctest.h>

#include <string>

#include "codec/link.hpp"
#include "codec/link_text.hpp"
#include "core/bits.hpp"
#include "scale/codec.hpp"
#include "support/random_scenario.hpp"
#include "support/wrapped_link.hpp"

using namespace scale;
using namespace scale::codec;

namespace {

std::string refusal(std::string_view link) {
    const Result<Scenario> scenario = decode_link(link);
    return scenario ? "" : scenario.error().sentence();
}

Scenario opened(const std::string& link) {
    const Result<Scenario> scenario = decode_link(link);
    REQUIRE_MESSAGE(scenario, (scenario ? "" : scenario.error().sentence()));
    return *scenario;
}

std::string refusal_of(const ByteWriter& content) { return refusal(tests::wrapped_link(content.bytes())); }

Scenario small() {
    Scenario scenario;
    scenario.title = {"A design", "설계"};
    scenario.nodes.push_back(make_node("clients", *find_kind("clients")));
    scenario.nodes.push_back(make_node("server", *find_kind("server")));
    scenario.edges.push_back(make_edge(0, 1));
    return scenario;
}

constexpr const char* k_newer_said = "this link cannot be opened: it was made with a newer Scaleground";
constexpr const char* k_damaged_said =
    "this link cannot be opened: its content is damaged; copy it again, whole";

} // namespace

TEST_CASE("thousands of random scenarios survive a link, to the last bit") {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        CAPTURE(seed);
        const Scenario scenario = tests::random_scenario(seed);
        const std::string link = encode_link(scenario);
        const Scenario again = opened(link);
        CHECK(again == scenario);
        CHECK(write_scenario(again) == write_scenario(scenario));
    }
}

TEST_CASE("figures come back to the same bits") {
    tests::Dice dice(7);
    ByteWriter out;
    std::vector<double> values = {0,         0.001,
                                  126,       127,
                                  250,       1000,
                                  1e9,       1e10,
                                  1e11,      0.9,
                                  5e-324,    1.7976931348623157e308,
                                  -1,        -0.5,
                                  -1.0 / 3,  123456789012345.0,
                                  0.1 + 0.2, 9007199254740993.0};
    for (int i = 0; i < 5000; ++i) {
        const double value = core::bit_cast<double>(dice.bits());
        if (value - value == 0.0 && value != 0.0) values.push_back(value);
        values.push_back(static_cast<double>(dice.below(100'000)) / 1000);
    }
    for (const double value : values) out.number(value);
    ByteReader in(out.bytes());
    for (const double value : values)
        CHECK(core::bit_cast<std::uint64_t>(in.number()) == core::bit_cast<std::uint64_t>(value));
    CHECK(in.at_end());
    CHECK_FALSE(in.failed());
}

TEST_CASE("whole numbers and times come back") {
    tests::Dice dice(8);
    std::vector<std::uint64_t> values = {0, 1, 127, 128, ~std::uint64_t{0}, std::uint64_t{1} << 63};
    for (int i = 0; i < 1000; ++i) values.push_back(dice.bits() >> dice.below(64));
    ByteWriter out;
    for (const std::uint64_t value : values) {
        out.whole(value);
        out.signed_whole(static_cast<std::int64_t>(value));
        out.time(value >> 8);
    }
    ByteReader in(out.bytes());
    for (const std::uint64_t value : values) {
        CHECK(in.whole() == value);
        CHECK(in.signed_whole() == static_cast<std::int64_t>(value));
        CHECK(in.time() == value >> 8);
    }
    CHECK(in.at_end());
}

TEST_CASE("every character that a label may have comes back") {
    std::string all;
    for (std::uint32_t point = 0x20; point < 0x11000; ++point) {
        if (point == 0x7F || (point >= 0xD800 && point < 0xE000)) continue;
        const auto tail = [&](int shift) { return static_cast<char>(0x80u | ((point >> shift) & 0x3Fu)); };
        if (point < 0x80)
            all += static_cast<char>(point);
        else if (point < 0x800)
            (all += static_cast<char>(0xC0u | (point >> 6))) += tail(0);
        else if (point < 0x10000)
            ((all += static_cast<char>(0xE0u | (point >> 12))) += tail(6)) += tail(0);
        else
            (((all += static_cast<char>(0xF0u | (point >> 18))) += tail(12)) += tail(6)) += tail(0);
    }
    ByteWriter out;
    out.text(all);
    ByteReader in(out.bytes());
    CHECK(in.text() == all);
    CHECK(in.at_end());
    std::vector<std::uint8_t> syllable;
    append_coded(syllable, "서");
    CHECK(syllable.size() == 1);
    append_coded(syllable, "쀍");
    CHECK(syllable.size() == 3);
}

TEST_CASE("a link is found within an address, with blanks around it") {
    const Scenario scenario = small();
    const std::string link = encode_link(scenario);
    CHECK(opened(link) == scenario);
    CHECK(opened(link.substr(1)) == scenario);
    CHECK(opened("https://example.org/play/?lang=ko" + link) == scenario);
    CHECK(opened("  " + link + "\n") == scenario);
    CHECK(opened(link + "&step=2") == scenario);
}

TEST_CASE("text that is no link is told so") {
    const char* no_link = "this is not a Scaleground link; a link holds #s=1 and letters, digits, - and _";
    for (const char* text : {"", "hello", "#lesson=cache", "https://example.org/", "#s=!abc", "#s=0abc"})
        CHECK(refusal(text) == no_link);
    CHECK(refusal("#s=2AAAA") == k_newer_said);
    CHECK(refusal("#s=") == "this link is cut off; copy it again, whole");
    CHECK(refusal("#s=1AB%CD") == "character 4 after #s=: \"%\" is no part of a link; copy it again, whole");
    CHECK(refusal(std::string(limits::k_link_bytes + 1, 'A')) ==
          "this link has 32769 characters; at most 32768 are allowed");
}

TEST_CASE("a link that is cut off anywhere says so") {
    const std::string link = encode_link(tests::random_scenario(5));
    for (std::size_t size = 4; size < link.size(); ++size) {
        const std::string said = refusal(link.substr(0, size));
        CAPTURE(size);
        CHECK(said.find("this link is cut off") == 0);
        const std::string counts = std::to_string(size - 4) + " of its " + std::to_string(link.size() - 4);
        if (size >= 8) CHECK(said.find(counts) != std::string::npos);
    }
}

TEST_CASE("any single bit that changes is noticed") {
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
        const std::string link = encode_link(tests::random_scenario(seed));
        for (std::size_t i = 0; i < link.size(); ++i) {
            for (int bit = 0; bit < 8; ++bit) {
                std::string wrong = link;
                wrong[i] = static_cast<char>(wrong[i] ^ (1 << bit));
                CAPTURE(i);
                CAPTURE(bit);
                CHECK(refusal(wrong) != "");
            }
        }
    }
    const std::string link = encode_link(small());
    CHECK(refusal(link + "A") == k_damaged_said);
}

TEST_CASE("what a newer Scaleground may add is recognised as such") {
    ByteWriter part;
    part.whole(std::uint64_t{part_all} + 1);
    for (int i = 0; i < 20; ++i) part.byte(0);
    CHECK(refusal_of(part) == k_newer_said);
    ByteWriter kind;
    for (int value : {0, 1, 0, 255})
        kind.byte(static_cast<std::size_t>(value)); // no part, one node, no edge, its kind
    CHECK(refusal_of(kind) == k_newer_said);
    ByteWriter param;
    for (int value : {0, 1, 0, int{find_kind("server")->code}, 1, 255})
        param.byte(static_cast<std::size_t>(value));
    CHECK(refusal_of(param) == k_newer_said);
    ByteWriter more;
    for (int value : {0, 1, 0, int{find_kind("server")->code}, 0, 0, 0, 77})
        more.byte(static_cast<std::size_t>(value));
    CHECK(refusal_of(more) == k_newer_said);
}

TEST_CASE("hostile counts and references are refused before anything is built") {
    ByteWriter nodes;
    for (int value : {0, 0x81, 2, 0}) nodes.byte(static_cast<std::size_t>(value)); // 257 nodes
    CHECK(refusal_of(nodes) == k_damaged_said);
    ByteWriter edges;
    for (int value : {0, 1, 0x81, 8, 4, 0}) edges.byte(static_cast<std::size_t>(value)); // 1025 edges
    CHECK(refusal_of(edges) == k_damaged_said);
    ByteWriter end;
    for (int value : {0, 1, 1, int{find_kind("server")->code}, 2, 0})
        end.byte(static_cast<std::size_t>(value)); // from node 1
    CHECK(refusal_of(end) == k_damaged_said);
    ByteWriter endless;
    for (int i = 0; i < 12; ++i) endless.byte(255);
    CHECK(refusal_of(endless) == k_damaged_said);
    CHECK(refusal_of(ByteWriter()) == k_damaged_said);
}

TEST_CASE("a bomb stops at the end of its buffer") {
    std::vector<std::uint8_t> zeros(10'000'000, 0);
    const std::string bomb = tests::wrapped_link(zeros);
    CHECK(bomb.size() < limits::k_link_bytes);
    CHECK(refusal(bomb) == k_damaged_said);
}

TEST_CASE("values from a link are held to the parser's ranges") {
    Scenario scenario = small();
    const auto said = [](const Scenario& wrong) { return refusal(encode_link(wrong)); };
    const auto with = [&](auto change) {
        Scenario wrong = scenario;
        change(wrong);
        return said(wrong);
    };
    CHECK(said(scenario) == "");
    CHECK(with([](Scenario& s) { set_value(s.nodes[0], "rate_per_s", -1); }) ==
          "$.nodes[0].rate_per_s: expected a number from 0 to 10000000, got -1");
    CHECK(with([](Scenario& s) {
              set_value(s.nodes[0], "mode", 7);
          }).find("$.nodes[0].mode: expected \"open\" or \"closed\"") == 0);
    CHECK(with([](Scenario& s) { set_value(s.nodes[0], "retries", 1.5); }).find("$.nodes[0].retries") == 0);
    CHECK(with([](Scenario& s) { s.nodes[1].id = "no good"; }).find("$.nodes[1].id") == 0);
    CHECK(with([](Scenario& s) { s.nodes[1].id = "clients"; }).find("$.nodes[1].id") == 0);
    CHECK(with([](Scenario& s) { s.seed = (std::uint64_t{1} << 53) + 1; }).find("$.seed") == 0);
    CHECK(with([](Scenario& s) { s.duration_s = 1e8; }).find("$.duration_s") == 0);
    CHECK(with([](Scenario& s) { s.nodes[0].label.en = std::string(65, 'x'); }).find("$.nodes[0].label") ==
          0);
    CHECK(with([](Scenario& s) { s.slo.availability = 2; }).find("$.slo.availability") == 0);
    CHECK(with([](Scenario& s) { s.edges.push_back(s.edges[0]); }).find("$.edges[1]") == 0);
    CHECK(with([](Scenario& s) { s.lesson = "{\"id\": 1}"; }).find("$.id") == 0);
    CHECK(with([](Scenario& s) { s.lesson = "{"; }).find("line 1") == 0);
}

TEST_CASE("a lesson and a log travel in a link") {
    Scenario scenario = small();
    scenario.lesson =
        R"({"id": "first", "steps": [{"text": {"en": "Press play.\n", "ko": "재생을 누르세요."}}]})";
    Command kill;
    kill.at = 12'345'678'901;
    kill.verb = &node_verbs()[0];
    kill.node = 1;
    scenario.log.push_back(kill);
    CHECK(opened(encode_link(scenario)) == scenario);
}

TEST_CASE("what was made before contradictions were refused opens as it was run: the larger one counted") {
    Scenario old = small();
    set_value(old.nodes[1], "instances_least", 5);
    set_value(old.nodes[1], "instances_most", 3);
    const auto number = [&](const char* id) {
        return static_cast<std::uint8_t>(old.nodes[1].kind->param_index(id));
    };
    const auto set = [&](Time at, const char* id, double value) {
        Command command;
        command.at = at;
        command.verb = &node_verbs()[3];
        REQUIRE(std::string(command.verb->id) == "set");
        command.node = 1;
        command.settings = {{number(id), value}};
        old.events.push_back(command);
    };
    set(10, "instances_most", 4);
    set(20, "instances_least", 8);
    set(30, "instances_least", 2);
    const Scenario again = opened(encode_link(old));
    CHECK(get_value(again.nodes[1], "instances_least") == 5);
    CHECK(get_value(again.nodes[1], "instances_most") == 5);
    const std::vector<Setting> both = {{number("instances_least"), 8}, {number("instances_most"), 8}};
    const std::vector<Setting> back = {{number("instances_least"), 2}, {number("instances_most"), 4}};
    CHECK(again.events[0].settings == std::vector<Setting>{{number("instances_most"), 5}});
    CHECK(again.events[1].settings == both);
    CHECK(again.events[2].settings == back);
    CHECK(parse_scenario(write_scenario(again)));
}
