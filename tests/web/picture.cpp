// The board as a picture file: what is on it, in both languages, and that it is well-formed.

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "board/scene.hpp"
#include "instrument.hpp"
#include "scale/codec.hpp"
#include "svg.hpp"

using Json = nlohmann::json;
using instrument::Instrument;
using namespace scale::web;

namespace {

std::string picture(Instrument& ui, const Json& arguments = Json::object()) {
    const Json answer = Json::parse(ui.app->call("picture", arguments.dump()));
    REQUIRE_MESSAGE(answer.contains("ok"), answer.dump());
    return answer["ok"].get<std::string>();
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

// Every element that is opened is closed, in order.
bool well_formed(const std::string& svg) {
    std::vector<std::string> open;
    for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
        const std::size_t end = svg.find('>', at);
        if (end == std::string::npos) return false;
        const std::string tag = svg.substr(at + 1, end - at - 1);
        const std::string name =
            tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" /", 1) - (tag[0] == '/' ? 1 : 0));
        if (tag[0] == '/') {
            if (open.empty() || open.back() != name) return false;
            open.pop_back();
        } else if (tag.back() != '/') {
            open.push_back(name);
        }
    }
    return open.empty();
}

double attribute(const std::string& svg, const std::string& name) {
    const std::size_t at = svg.find(" " + name + "=\"");
    return std::stod(svg.substr(at + name.size() + 3));
}

} // namespace

TEST_CASE("a picture names every part, in the language that is asked for") {
    Instrument ui;
    REQUIRE(Json::parse(ui.app->call("load", Json{{"json", instrument::k_shop}}.dump())).contains("ok"));
    const std::string english = picture(ui), korean = picture(ui, {{"language", "ko"}});
    CHECK(count(english, "One server and its database") == 2); // heading, and title for those who listen
    CHECK(count(korean, "서버 한 대와 데이터베이스") == 2);
    CHECK(count(english, "<g>") >= 1 + ui.app->session.scenario().nodes.size());
    for (const std::string& svg : {english, korean}) {
        CHECK(well_formed(svg));
        CHECK(count(svg, "nan") == 0);
        CHECK(count(svg, "style=") == 0); // the page's policy allows none
    }
    CHECK(picture(ui) == english);
    CHECK(picture(ui, {{"theme", "light"}}) != english);
}

TEST_CASE("a picture has figures once there are some") {
    Instrument ui;
    ui.app->call("load", Json{{"json", instrument::k_shop}}.dump());
    CHECK(count(picture(ui), "p99") == 0);
    ui.app->call("step", R"({"seconds": 5})");
    const std::string svg = picture(ui);
    CHECK(count(svg, ">p99<") == 1);
    CHECK(count(svg, "over 00:05") == 1);
    ui.app->call("command", R"({"do": "kill", "node": "db"})");
    ui.app->call("step", R"({"seconds": 1})");
    CHECK(count(picture(ui), ">dead<") == 1);
}

TEST_CASE("what was not measured yet is no zero in a picture") {
    Instrument ui;
    ui.app->call("load", Json{{"json", instrument::k_shop}}.dump());
    ui.app->call("step", R"({"seconds": 5})"); // the warm-up is just over
    const std::string svg = picture(ui);
    CHECK(count(svg, ">–<") == 4); // load, p50, p99, failed
    CHECK(count(svg, ">0 ms<") == 0);
}

TEST_CASE("where a request stands for several, machines are counted as they were designed") {
    Json shop = Json::parse(instrument::k_shop);
    shop["weight"] = 10;
    for (Json& node : shop["nodes"])
        if (node["id"] == "web") node["instances"] = 40;
    Instrument ui;
    REQUIRE(Json::parse(ui.app->call("load", Json{{"json", shop.dump()}}.dump())).contains("ok"));
    ui.app->call("step", R"({"seconds": 2})");
    const auto rows = [&] {
        std::string all;
        for (const HoverRow& row : node_figures(ui.app->session.world(), 1, scale::Language::english))
            all += row.name + " " + row.value + "\n";
        return all;
    };
    CHECK(count(picture(ui), ">\xC3\x97"
                             "10<") == 1); // four squares, ten each
    CHECK(count(rows(), "40 / 40\n") == 1);
    CHECK(count(rows(), "10 instances\n") == 1);
    ui.app->call("command", R"({"do": "kill", "node": "web", "instance": 1})");
    ui.app->call("step", R"({"seconds": 1})");
    CHECK(count(rows(), "30 / 40\n") == 1);
    CHECK(count(picture(ui), ">30/40<") == 1);
    const Json state = Json::parse(ui.app->call("state", "{}"))["ok"];
    CHECK(state.dump().find("30 of 40 up") != std::string::npos);
}

TEST_CASE("a tall picture is no wider than asked and taller than the wide one") {
    Instrument ui;
    ui.app->call("load", Json{{"json", instrument::k_shop}}.dump());
    const std::string wide = picture(ui, {{"width", 340}}),
                      tall = picture(ui, {{"width", 340}, {"tall", true}});
    CHECK(attribute(tall, "width") == 340);
    CHECK(attribute(tall, "height") > attribute(wide, "height"));
    CHECK(well_formed(tall));
    CHECK(Json::parse(ui.app->call("picture", R"({"width": 9})"))["path"] == "width");
    CHECK(Json::parse(ui.app->call("picture", R"({"theme": "pink"})"))["path"] == "theme");
}

TEST_CASE("names with signs of XML stay names") {
    Instrument ui;
    ui.app->call("load", Json{{"json", instrument::k_shop}}.dump());
    ui.app->call("rename", R"({"node": "db", "label": "<a & b>"})");
    const std::string svg = picture(ui);
    CHECK(count(svg, "&lt;a &amp; b&gt;") == 1);
    CHECK(well_formed(svg));
}

TEST_CASE("words are cut where they are likely to be too wide") {
    CHECK(svg::fitted("short", 10) == "short");
    CHECK(svg::fitted("a rather long name", 5) == "a rathe…");
    CHECK(svg::fitted("데이터베이스", 4) == "데이터…");
    CHECK(svg::fitted("x", 0) == "…");
}

TEST_CASE("a link that would open nowhere is not given out") {
    Instrument ui;
    Json design = Json::parse(instrument::k_shop);
    design["log"] = Json::array();
    for (int i = 0; i < 2400; ++i) // values of no pattern, which do not deflate
        design["log"].push_back({{"at_s", 1 + i * 0.5},
                                 {"do", "set"},
                                 {"node", "db"},
                                 {"read_ms", 1 + 17 * std::fmod(i * 0.6180339887498949, 1.0)},
                                 {"write_ms", 1 + 17 * std::fmod(i * 0.4142135623730951, 1.0)}});
    design["duration_s"] = 2000;
    const Json loaded = Json::parse(ui.app->call("load", Json{{"json", design.dump()}}.dump()));
    REQUIRE_MESSAGE(loaded.contains("ok"), loaded.dump());
    const Json answer = Json::parse(ui.app->call("link", "{}"));
    REQUIRE(answer.contains("error"));
    CHECK(answer["error"].get<std::string>().find("JSON file") != std::string::npos);
}
