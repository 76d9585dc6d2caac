// Where regions stand on canvases of any size; and the words that stand in them.

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

#include "instrument.hpp"
#include "status.hpp"
#include "word_table.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

constexpr Region k_all[] = {Region::board, Region::status, Region::charts, Region::transport,
                            Region::inspector};

bool is_whole(float value) { return value == std::floor(value); }

std::set<std::string> slots(std::string_view words) {
    std::set<std::string> found;
    for (std::size_t at = words.find('{'); at != std::string_view::npos; at = words.find('{', at + 1))
        found.emplace(words.substr(at, words.find('}', at) - at + 1));
    return found;
}

} // namespace

TEST_CASE("regions stand on whole pixels, within the canvas, and tile it") {
    for (float width : {200.0f, 390.0f, 699.0f, 700.0f, 1124.4f, 2560.0f})
        for (float height : {120.0f, 434.0f, 700.3f, 848.0f, 1400.0f})
            for (bool open : {false, true}) {
                CAPTURE(width);
                CAPTURE(height);
                const Layout layout = lay_out(width, height, open);
                for (Region region : k_all) {
                    const Rect& area = layout[region];
                    if (area.empty()) continue;
                    CHECK(is_whole(area.x));
                    CHECK(is_whole(area.y));
                    CHECK(area.x >= 0);
                    CHECK(area.y >= 0);
                    CHECK(area.x + area.width <= width + 0.01f);
                    CHECK(area.y + area.height <= height + 0.01f);
                }
                CHECK(layout[Region::board].height + layout[Region::charts].height ==
                      doctest::Approx(height));
                if (!layout.narrow)
                    CHECK(layout[Region::board].width + layout[Region::inspector].width ==
                          doctest::Approx(width));
                else
                    CHECK(layout[Region::inspector].empty() == !open);
            }
}

TEST_CASE("charts grow by the strip below them, so that a finger's costs the plot nothing") {
    constexpr float k_axes = 36, k_rows = 80; // of a plot, and above it on a phone
    for (const ImVec2 size :
         {ImVec2{360, 413}, ImVec2{390, 512}, ImVec2{320, 412}, ImVec2{740, 300}, ImVec2{1124, 848}})
        for (const bool all : {false, true}) {
            CAPTURE(size.x);
            const Layout plain = lay_out(size.x, size.y, false, k_status_height, all);
            const Layout zoomed = lay_out(size.x, size.y, false, k_status_height, all, k_time_strip_finger);
            const float more = zoomed[Region::charts].height - plain[Region::charts].height;
            // All of them on a phone have grown already: the board gives only half.
            const float whole = k_time_strip_finger - k_charts_below;
            CHECK(std::abs(more - (all && plain.narrow ? whole / 2 : whole)) <= 1);
            CHECK(zoomed[Region::board].height >= 60);
            CHECK(zoomed[Region::charts].height - k_rows - k_axes - k_time_strip_finger >= 24);
        }
    const Layout low =
        lay_out(360, 180, false, k_status_height, false, k_time_strip_finger); // no charts at all
    CHECK(low[Region::charts].height == lay_out(360, 180, false)[Region::charts].height);
}

TEST_CASE("on a narrow screen a selection opens the sheet and escape closes it") {
    Instrument ui(390, 434);
    ui.load();
    ui.frame();
    CHECK(ui.app->view.layout[Region::inspector].empty());
    ui.app->select(1);
    ui.frame();
    CHECK_FALSE(ui.app->view.layout[Region::inspector].empty());
    ui.key(ImGuiKey_Escape);
    ui.frame();
    CHECK(ui.app->view.layout[Region::inspector].empty());
}

TEST_CASE("words have both languages, and the same slots in both") {
    for (const words::Word& row : words::k_words) {
        CAPTURE(row.key);
        CHECK(std::string_view(row.en).size() > 0);
        CHECK(std::string_view(row.ko).size() > 0);
        CHECK(slots(row.en) == slots(row.ko));
    }
}

TEST_CASE("a part of a node's instances that is gone is told, as a strain or as the cause") {
    Instrument ui;
    ui.load();
    ui.app->session.run_to(20, instrument::fake_clock, 1e9);
    REQUIRE_FALSE(ui.app->session.apply_json(R"({"do": "kill", "node": "web", "instance": 1})"));
    ui.app->session.run_to(24, instrument::fake_clock, 1e9);
    const Status status = status_of(ui.app->session, Language::english);
    CAPTURE(status.sentence);
    const bool strain = status.sentence.find("web: 2 of 3 instances up") != std::string::npos;
    CHECK((strain || status.sentence.find("since server 2 of web died at 20 s") != std::string::npos));
    CHECK((status.health == Health::strained || status.health == Health::broken));
}

TEST_CASE("where one waits for the other, both are named") {
    Instrument ui;
    ui.load(R"({
  "scaleground": 1, "seed": 3, "duration_s": 60,
  "nodes": [
    {"id": "users", "kind": "clients", "rate_per_s": 300},
    {"id": "web", "kind": "server", "cores": 2, "workers": 4, "service_ms": 1},
    {"id": "db", "kind": "database", "connections": 2, "read_ms": 40}
  ],
  "edges": [["users", "web"], ["web", "db"]]})");
    REQUIRE(ui.app->session.last_error().empty());
    ui.app->session.run_to(20, instrument::fake_clock, 1e9);
    const Status status = status_of(ui.app->session, Language::english);
    CAPTURE(status.sentence);
    CHECK(status.health == Health::broken);
    CHECK(status.sentence.find("at web") != std::string::npos);
    CHECK(status.sentence.find("wait for db") != std::string::npos);
}
