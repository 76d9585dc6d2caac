// The session: loading, running in slices, changing, replaying.

#include <doctest/doctest.h>

#include "chart_data.hpp"
#include "instrument.hpp"
#include "scale/codec.hpp"
#include "session.hpp"

using namespace scale;
using namespace scale::web;
using instrument::fake_clock;
using instrument::k_shop;

namespace {

constexpr double k_unhurried_ms = 1e9;

Session shop() {
    Session session;
    REQUIRE_FALSE(session.load_json(k_shop));
    return session;
}

} // namespace

TEST_CASE("a design that cannot be read leaves the running one as it was") {
    Session session = shop();
    session.run_to(12, fake_clock, k_unhurried_ms);
    const std::uint64_t digest = session.world().digest();
    for (const char* bad : {"", "{", "{\"scaleground\": 1, \"nodez\": []}", R"({"scaleground": 99})"}) {
        const std::optional<Error> error = session.load_json(bad);
        REQUIRE(error);
        CHECK(error->sentence().size() > 10);
        CHECK(session.last_error() == error->sentence());
        CHECK(session.world().digest() == digest);
    }
    REQUIRE(session.load_link("#s=1zzzz"));
    CHECK(session.world().digest() == digest);
    CHECK(session.now_s() == doctest::Approx(12));
}

TEST_CASE("the link of a run replays it to the same digest") {
    Session session = shop();
    session.run_to(10, fake_clock, k_unhurried_ms);
    REQUIRE_FALSE(session.apply_json(R"({"do": "kill", "node": "db"})"));
    session.run_to(14.5, fake_clock, k_unhurried_ms);
    REQUIRE_FALSE(session.apply_json(R"({"do": "restore", "node": "db"})"));
    REQUIRE_FALSE(session.apply_json(R"({"do": "set", "node": "users", "rate_per_s": 200})"));
    session.run_to(40, fake_clock, k_unhurried_ms);
    Session other;
    REQUIRE_FALSE(other.load_link("https://example.org/" + session.link()));
    other.run_to(40, fake_clock, k_unhurried_ms);
    CHECK(other.world().digest() == session.world().digest());
    CHECK(other.link() == session.link());
}

TEST_CASE("a planned command for an instance that is not there is marked as what it is") {
    const std::string_view shop = k_shop;
    const std::string json = std::string(shop.substr(0, shop.rfind('}'))) +
                             R"(, "events": [{"at_s": 8, "do": "kill", "node": "web", "instance": 2},
                        {"at_s": 9, "do": "kill", "node": "web", "instance": 3}]})";
    Session session;
    REQUIRE_FALSE(session.load_json(json));
    session.run_to(20, fake_clock, k_unhurried_ms);
    const Palette colors = palette(true);
    const auto marks = [&](Language language) {
        return chart_data(session, colors, language, ChartTab::rate, -1, {0, 20}).markers;
    };
    const std::vector<ChartMarker> shown = marks(Language::english);
    REQUIRE(shown.size() == 2);
    CHECK(shown[0].label == "web");
    CHECK(shown[0].color == colors.bad);
    CHECK(shown[1].label == "web · not there");
    CHECK(shown[1].color == colors.mute);
    CHECK(marks(Language::korean)[1].label == "web · 대상 없음");
}

TEST_CASE("slices of any size, and frames, give the run of one go") {
    Session whole = shop();
    whole.run_to(30, fake_clock, k_unhurried_ms);
    Session sliced = shop();
    int slices = 0;
    while (!sliced.run_to(30, fake_clock, 0.001)) ++slices;
    CAPTURE(sliced.world().totals().events);
    CHECK(slices >= 2); // of 4096 events each
    CHECK(sliced.world().digest() == whole.world().digest());
    Session played = shop();
    played.set_speed(7);
    played.play();
    while (played.playing() && played.now_s() < 30) played.advance(3.7, fake_clock, k_unhurried_ms);
    Session again = shop();
    again.run_to(played.now_s(), fake_clock, k_unhurried_ms);
    CHECK(played.world().digest() == again.world().digest());
}

TEST_CASE("a frame advances by its time and speed, long frames are cut, budgets are kept") {
    Session session = shop();
    session.set_speed(2);
    session.play();
    session.advance(50, fake_clock, k_unhurried_ms);
    CHECK(session.now_s() == doctest::Approx(0.1));
    session.advance(60000, fake_clock, k_unhurried_ms);
    CHECK(session.now_s() == doctest::Approx(0.1 + 2 * k_elapsed_ms_most / 1000));
    CHECK(session.limit() == SpeedLimit::none);
    session.set_speed(0);
    session.advance(16, fake_clock, 0.05);
    CHECK(session.limit() == SpeedLimit::device);
    CHECK(session.now_s() < 120);
}

TEST_CASE("speeds are held between their bounds") {
    Session session = shop();
    session.set_speed(1e9);
    CHECK(session.speed() == k_speed_most);
    session.set_speed(1e-9);
    CHECK(session.speed() == k_speed_least);
    session.set_speed(0);
    CHECK(session.speed() == 0);
    session.set_speed(-3);
    CHECK(session.speed() == 0);
}

TEST_CASE("the run ends with the design, and play starts it again") {
    Session session = shop();
    session.set_speed(0);
    session.play();
    for (int i = 0; i < 100'000 && session.playing(); ++i) session.advance(16, fake_clock, 5);
    CHECK(session.finished());
    CHECK(session.now_s() == doctest::Approx(120));
    const std::uint64_t digest = session.world().digest();
    session.play();
    CHECK(session.now_s() == 0);
    session.run_to(1000, fake_clock, k_unhurried_ms);
    CHECK(session.world().digest() == digest);
}

TEST_CASE("restart keeps what was set before the start, drops what was done later, and takes a seed") {
    Session session = shop();
    REQUIRE_FALSE(session.apply_json(R"({"do": "set", "node": "users", "rate_per_s": 60})"));
    session.run_to(20, fake_clock, k_unhurried_ms);
    const std::uint64_t digest = session.world().digest();
    REQUIRE_FALSE(session.apply_json(R"({"do": "kill", "node": "web"})"));
    session.run_to(30, fake_clock, k_unhurried_ms);
    session.restart();
    session.run_to(20, fake_clock, k_unhurried_ms);
    CHECK(session.world().digest() == digest);
    session.restart(7);
    CHECK(session.seed() == 7);
    session.run_to(20, fake_clock, k_unhurried_ms);
    CHECK(session.world().digest() != digest);
    CHECK(session.world().commands().size() == 1);
}

TEST_CASE("a command that makes no sense is refused with a sentence") {
    Session session = shop();
    const std::uint64_t digest = session.world().digest();
    CHECK(session.apply_json(R"({"do": "kill", "node": "nobody"})"));
    CHECK(session.apply_json(R"({"do": "set", "node": "web", "cores": -4})"));
    CHECK(session.apply_json("nonsense"));
    CHECK_FALSE(session.last_error().empty());
    CHECK(session.world().digest() == digest);
    Session nothing;
    CHECK(nothing.apply_json(R"({"do": "kill", "node": "web"})"));
    CHECK(nothing.link().empty());
}

TEST_CASE("places and names travel in the link and do not touch the run") {
    Session session = shop();
    session.run_to(5, fake_clock, k_unhurried_ms);
    const std::uint64_t digest = session.world().digest();
    session.move_node(1, {120, -40});
    session.rename_node(1, {"front", "앞단"});
    CHECK(session.world().digest() == digest);
    Session other;
    REQUIRE_FALSE(other.load_link(session.link()));
    REQUIRE(other.scenario().nodes[1].at);
    CHECK(other.scenario().nodes[1].at->x == doctest::Approx(120));
    CHECK(other.scenario().nodes[1].label.ko == "앞단");
}
