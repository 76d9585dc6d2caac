// The stretch of time that the timeline and all charts share: its arithmetic, and the hands on it.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "chart_data.hpp"
#include "imgui_internal.h"
#include "instrument.hpp"
#include "paint.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

void run(Session& session, double seconds) { REQUIRE(session.run_to(seconds, instrument::fake_clock, 1e9)); }

// A pointer, or a finger, over the charts of the shop at 50 s; places are shares of the region.
struct Hands {
    explicit Hands(ChartTab tab = ChartTab::latency, float width = 1124, float height = 848)
        : ui(width, height) {
        ui.load();
        run(ui.app->session, 50);
        ui.app->view.chart_tab = tab;
        ui.frames_until_idle();
    }
    ImVec2 place(float x, float y = 0.6f) const {
        const Rect& area = ui.app->view.layout[Region::charts];
        return {area.x + area.width * x, area.y + area.height * y};
    }
    void frame(int count = 1) {
        for (int i = 0; i < count; ++i) {
            ui.app->touch();
            ui.frame();
        }
    }
    // Returns the moment that lies there.
    double point(ImVec2 at) {
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
        frame(2);
        return ui.app->view.crosshair_s;
    }
    void button(bool down, int which = 0) {
        ImGui::GetIO().AddMouseButtonEvent(which, down);
        frame(2);
    }
    void wheel(float across, float along) {
        ImGui::GetIO().AddMouseWheelEvent(across, along);
        frame(2);
    }
    void shift(bool down) {
        ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, down);
        frame();
    }
    void rest() { // longer than between the presses of a double one
        for (int i = 0; i < 5; ++i) ui.app->touch(), ui.frame(100);
    }
    double now_s() const { return ui.app->session.now_s(); }
    Stretch shown() const { return ui.app->zoom.shown(); }
    bool whole() const { return ui.app->zoom.whole(); }
    Instrument ui;
};

bool same(const Stretch& a, const Stretch& b) {
    return std::abs(a.from_s - b.from_s) < 1e-6 && std::abs(a.to_s - b.to_s) < 1e-6;
}

// The shop at a moment, paused, looked at.
struct Shop {
    explicit Shop(double seconds) {
        session.load_json(instrument::k_shop);
        zoom.look(session);
        run(session, seconds);
        zoom.look(session);
    }
    void go(double seconds) {
        REQUIRE(session.seek(seconds, instrument::fake_clock, 1e9));
        zoom.look(session);
    }
    void check(double from_s, double to_s) const {
        CHECK(zoom.shown().from_s == doctest::Approx(from_s));
        CHECK(zoom.shown().to_s == doctest::Approx(to_s));
    }
    Session session;
    TimeZoom zoom;
};

} // namespace

TEST_CASE("a stretch is chosen, moved and given up within the run") {
    Shop shop(50);
    shop.check(0, 60); // the axis that the run grows into
    CHECK(shop.zoom.whole());
    shop.zoom.choose(30, 20);
    shop.check(20, 30);
    CHECK_FALSE(shop.zoom.whole());
    shop.zoom.move(100);
    shop.check(50, 60);
    shop.zoom.move(-100);
    shop.check(0, 10);
    shop.zoom.about(5, 100); // never shorter than what can be seen in it
    shop.check(2.5, 2.5 + k_stretch_least_s);
    shop.zoom.about(2.5, 0.5); // the moment under the pointer stays where it is
    shop.check(2.5, 12.5);
    shop.zoom.about(7.5, 0.01);
    CHECK(shop.zoom.whole());
    shop.zoom.move(5); // nothing to move
    CHECK(shop.zoom.whole());
    shop.zoom.choose(58, 59);
    shop.check(55, 60);
    shop.zoom.show(10);
    shop.check(7.5, 12.5);
    shop.zoom.show_all();
    shop.check(0, 60);
}

TEST_CASE("before anything has run there is no stretch to choose") {
    Session session;
    TimeZoom zoom;
    zoom.look(session);
    zoom.choose(1, 20);
    zoom.about(3, 2);
    CHECK(zoom.whole());
    session.load_json(instrument::k_shop);
    zoom.look(session);
    zoom.choose(1, 20);
    CHECK(zoom.whole());
}

TEST_CASE("the clock takes the stretch along from its end; the past stays") {
    Shop shop(50);
    shop.zoom.choose(40, 52);
    run(shop.session, 51);
    shop.zoom.look(shop.session);
    shop.check(40, 52);
    run(shop.session, 70); // past a new end of the axis
    shop.zoom.look(shop.session);
    shop.check(58, 70);
    shop.zoom.choose(20, 40);
    run(shop.session, 75);
    shop.zoom.look(shop.session);
    shop.check(20, 40);
    shop.go(30); // into what is looked at: from here on it goes along again
    shop.check(20, 40);
    shop.go(5); // and back
    shop.check(0, 20);
}

TEST_CASE("another design and a restart are shown whole; an edit and another way keep the stretch") {
    Shop shop(50);
    shop.zoom.choose(20, 30);
    shop.go(25);
    REQUIRE_FALSE(shop.session.apply_json(R"({"do": "kill", "node": "db"})")); // what came later is gone
    shop.zoom.look(shop.session);
    shop.check(20, 30);
    run(shop.session, 28);
    REQUIRE_FALSE(shop.session.edit(R"([{"set": "web", "cores": 4}])"));
    shop.zoom.look(shop.session);
    shop.check(20, 30);
    while (shop.session.seeking()) {
        shop.session.advance(16, instrument::fake_clock, 1);
        shop.zoom.look(shop.session);
        shop.check(20, 30);
    }
    CHECK(shop.session.now_s() == doctest::Approx(28));
    shop.session.restart();
    run(shop.session, 26); // even before anybody looked
    shop.zoom.look(shop.session);
    CHECK(shop.zoom.whole());
    shop.zoom.choose(20, 30);
    shop.session.load_json(instrument::k_shop);
    run(shop.session, 26);
    shop.zoom.look(shop.session);
    CHECK(shop.zoom.whole());
    shop.zoom.choose(20, 30);
    shop.session.clear();
    shop.zoom.look(shop.session);
    CHECK(shop.zoom.whole());
}

TEST_CASE("a stretch that is left beyond the run comes back to it") {
    Shop shop(110);
    shop.zoom.choose(90, 100);
    shop.go(20);
    shop.zoom.choose(90, 100);
    shop.session.apply_json(R"({"do": "kill", "node": "db"})"); // the run ends here now
    shop.zoom.look(shop.session);
    shop.check(20, 30);
}

TEST_CASE("a long run keeps a value for several seconds, and is not looked at closer than that") {
    Session session;
    session.load_json(R"({"scaleground": 1, "seed": 1, "duration_s": 9000, "nodes": [
        {"id": "users", "kind": "clients", "rate_per_s": 0.1}, {"id": "web", "kind": "server"}],
        "edges": [["users", "web"]]})");
    run(session, 3000);
    TimeZoom zoom;
    zoom.look(session);
    const double step_s = session.world().series().step_s;
    REQUIRE(step_s > 1);
    zoom.choose(1000, 1001);
    CHECK(zoom.shown().span_s() == doctest::Approx(5 * step_s));
}

TEST_CASE("the wheel zooms about the pointer and moves sideways, in every chart") {
    for (const ChartTab tab : {ChartTab::latency, ChartTab::rate, ChartTab::all, ChartTab::instances}) {
        CAPTURE(static_cast<int>(tab));
        Hands hands(tab);
        if (tab == ChartTab::instances) {
            hands.ui.app->select(1);
            for (double at_s = 50; at_s < 52; at_s += 0.2) {
                run(hands.ui.app->session, at_s);
                hands.ui.app->heat.look(hands.ui.app->session);
            }
            hands.frame();
        }
        const double now_s = hands.now_s(), at_s = hands.point(hands.place(0.3f));
        REQUIRE(at_s > 0);
        hands.wheel(0, 2);
        CHECK(hands.shown().span_s() == doctest::Approx(60 / std::exp2(0.6)));
        CHECK(hands.ui.app->view.crosshair_s == doctest::Approx(at_s));
        const Stretch before = hands.shown();
        hands.rest(); // what follows is another gesture
        hands.wheel(-1, 0);
        CHECK(hands.shown().from_s > before.from_s);
        CHECK(hands.shown().span_s() == doctest::Approx(before.span_s()));
        hands.rest();
        hands.shift(true);
        hands.wheel(0, 1);
        hands.shift(false);
        CHECK(same(hands.shown(), before));
        hands.wheel(0.2f, -1); // fingers on a pad never go straight
        CHECK(hands.shown().span_s() > before.span_s() * 1.2);
        hands.wheel(0, -4);
        CHECK(hands.whole());
        CHECK(hands.now_s() == now_s); // no hand on the clock
    }
}

TEST_CASE("a gesture on a pad goes the way that most of it goes, in charts and on the strip below them") {
    for (const bool strip : {false, true}) {
        CAPTURE(strip);
        Hands hands;
        App& app = *hands.ui.app;
        app.zoom.choose(20, 40);
        hands.frame(2);
        const ImVec2 on_strip{hands.place(0.3f).x, hands.place(0, 1).y - app.time_strip_height() / 2};
        hands.point(strip ? on_strip : hands.place(0.3f));
        const auto pause = [&] { // nothing is drawn meanwhile
            hands.ui.frames_until_idle();
            const auto draws = app.counters.draws;
            for (int i = 0; i < 40; ++i) hands.ui.frame();
            REQUIRE(app.counters.draws == draws);
        };
        hands.wheel(0.1f, 0.4f);
        const double nearer_s = hands.shown().span_s();
        CHECK(nearer_s < 20);
        const Stretch before = hands.shown();
        hands.wheel(0.3f, 0.2f); // one event goes astray
        CHECK(hands.shown().span_s() < nearer_s);
        pause();
        const double span_s = hands.shown().span_s(), from_s = hands.shown().from_s;
        hands.wheel(-0.5f, 0.1f); // another gesture: sideways
        hands.wheel(-0.1f, 0.3f);
        hands.wheel(-0.5f, 0.1f);
        CHECK(hands.shown().span_s() == doctest::Approx(span_s));
        CHECK(hands.shown().from_s > from_s);
        pause();
        hands.wheel(0.1f, -0.6f); // and another one: further away
        CHECK(hands.shown().span_s() > span_s);
        CHECK(before.from_s >= 20);
    }
}

TEST_CASE("a drag with Shift marks a stretch in all charts and zooms to it; the clock stands") {
    Hands hands(ChartTab::all);
    const double from_s = hands.point(hands.place(0.1f, 0.4f)), now_s = hands.now_s();
    hands.shift(true);
    hands.button(true);
    const double to_s = hands.point(hands.place(0.3f, 0.4f));
    CHECK(hands.ui.app->view.marked);
    CHECK(hands.whole());
    hands.button(false);
    hands.shift(false);
    CHECK(same(hands.shown(), {from_s, to_s}));
    CHECK_FALSE(hands.ui.app->view.marked);
    CHECK(hands.now_s() == now_s);
    hands.shift(true);
    hands.button(true);
    hands.point(hands.place(0.2f, 0.4f));
    CHECK(hands.ui.app->view.marked);
    hands.ui.key(ImGuiKey_Escape); // thought better of it
    CHECK_FALSE(hands.ui.app->view.marked);
    hands.button(false);
    CHECK(same(hands.shown(), {from_s, to_s}));
    hands.button(true); // and a press with it that goes nowhere changes nothing
    hands.button(false);
    hands.shift(false);
    CHECK(same(hands.shown(), {from_s, to_s}));
    CHECK(hands.now_s() == now_s);
}

TEST_CASE("in a zoomed chart a press and a drag go to the moment that lies there, and not beside it") {
    Hands hands;
    hands.ui.app->zoom.choose(10, 30);
    const double at_s = hands.point(hands.place(0.5f));
    CHECK(at_s == doctest::Approx(20).epsilon(0.1));
    hands.button(true);
    CHECK(hands.now_s() == doctest::Approx(at_s).epsilon(0.01));
    hands.point(hands.place(0.99f));
    CHECK(hands.now_s() == doctest::Approx(30).epsilon(0.01));
    hands.frame(20);
    CHECK(same(hands.shown(), {10, 30}));
    hands.button(false);
    hands.point(hands.place(0.9f));
    hands.button(true, 2); // the middle button moves what is shown
    hands.point(hands.place(0.7f));
    hands.button(false, 2);
    CHECK(hands.shown().from_s > 10);
    CHECK(hands.now_s() == doctest::Approx(30).epsilon(0.01));
}

TEST_CASE("a double press looks closer, and again at all") {
    Hands hands;
    const double at_s = hands.point(hands.place(0.3f));
    for (int i = 0; i < 2; ++i) hands.button(true), hands.button(false);
    CHECK(hands.shown().span_s() == doctest::Approx(15));
    CHECK(hands.ui.app->view.crosshair_s == doctest::Approx(at_s));
    CHECK(hands.now_s() == doctest::Approx(at_s).epsilon(0.01));
    hands.rest();
    hands.button(true), hands.button(false);
    hands.button(true);
    CHECK(hands.whole());
    hands.point(hands.place(0.32f)); // what is still held down has done its work
    hands.button(false);
    CHECK(hands.now_s() == doctest::Approx(at_s).epsilon(0.01));
}

TEST_CASE(
    "the strip's outline of the run is worked out once a recorded second, and anew for whatever changes it") {
    Hands hands(ChartTab::latency);
    App& app = *hands.ui.app;
    app.zoom.choose(40, 46);
    hands.frame(2);
    const std::uint64_t before = app.counters.outlines;
    CHECK(before > 0);
    for (int i = 0; i < 40; ++i) hands.point(hands.place(0.3f + 0.01f * static_cast<float>(i)));
    app.zoom.choose(30, 40);
    hands.frame(2);
    CHECK(app.counters.outlines == before); // another part is shown, of the same run
    const auto anew = [&](const char* what) {
        INFO(what);
        const std::uint64_t seen = app.counters.outlines;
        hands.frame(2);
        CHECK(app.counters.outlines == seen + 1);
    };
    app.view.language = Language::korean;
    anew("language");
    app.view.chart_tab = ChartTab::rate;
    anew("tab");
    app.select(1);
    anew("node");
    REQUIRE(app.session.run_to(52.5, instrument::fake_clock, 1e9));
    anew("time");
    REQUIRE_FALSE(app.session.apply_json(R"({"do": "kill", "node": "db"})"));
    REQUIRE(app.session.run_to(52.6, instrument::fake_clock, 1e9));
    anew("command");
    app.session.play();
    const std::uint64_t seen = app.counters.outlines;
    const double from_s = app.session.now_s();
    int drawn = 0;
    for (; drawn < 240; ++drawn) hands.frame();
    const double passed_s = app.session.now_s() - from_s;
    CHECK(passed_s > 1);
    CHECK(static_cast<double>(app.counters.outlines - seen) <= passed_s + 2);
}

TEST_CASE("the strip below leads to other parts of the run and back to the whole") {
    for (const float width : {1124.0f, 390.0f}) {
        CAPTURE(width);
        Hands hands(ChartTab::latency, width);
        hands.ui.app->zoom.choose(40, 46);
        hands.frame(2);
        const Rect& area = hands.ui.app->view.layout[Region::charts];
        const float y = area.y + area.height - 14;
        hands.point({area.x + 18, y});
        hands.button(true);
        CHECK(same(hands.shown(), {0, 6}));
        hands.point({area.x + 60, y});
        hands.button(false);
        CHECK(hands.shown().from_s > 0);
        CHECK(hands.now_s() == 50);
        const double held_s = hands.shown().from_s;
        hands.point({area.x + 61, y}); // taken hold of, it does not jump
        hands.button(true);
        CHECK(hands.shown().from_s == doctest::Approx(held_s));
        hands.button(false);
        hands.wheel(0, -1);
        CHECK(hands.shown().span_s() > 6);
        hands.point({area.x + area.width - 30, y});
        hands.button(true);
        hands.button(false);
        CHECK(hands.whole());
    }
}

TEST_CASE("a finger goes to a moment when it is lifted or drawn; two zoom and leave the clock") {
    Hands hands(ChartTab::all, 390, 700);
    ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
    const double at_s = hands.point(hands.place(0.5f));
    hands.button(true);
    CHECK(hands.now_s() == 50);
    hands.button(false);
    CHECK(hands.now_s() == doctest::Approx(at_s).epsilon(0.02));
    hands.rest();
    hands.button(true);
    const double drawn_s = hands.point(hands.place(0.7f));
    CHECK(hands.now_s() == doctest::Approx(drawn_s).epsilon(0.02));
    hands.button(false);
    hands.rest();
    const double under_s = hands.point(hands.place(0.4f)), before_s = hands.now_s();
    hands.button(true);
    hands.ui.app->pinch(hands.place(0.4f), 1);
    hands.frame();
    hands.ui.app->pinch(hands.place(0.4f), 1.5f);
    hands.ui.app->pinch(hands.place(0.4f), 2);
    hands.frame();
    CHECK(hands.shown().span_s() == doctest::Approx(20));
    CHECK(hands.point(hands.place(0.4f)) == doctest::Approx(under_s));
    const double from_s = hands.shown().from_s;
    hands.ui.app->pinch(hands.place(0.3f), 1); // both go left: later comes into view
    hands.point(hands.place(0.2f));
    CHECK(hands.shown().from_s > from_s);
    hands.button(false);
    CHECK(hands.now_s() == before_s);
    hands.ui.app->pinch(hands.place(0.9f), 1); // the next pair begins where it is
    hands.frame();
    CHECK(hands.shown().span_s() == doctest::Approx(20));
}

TEST_CASE("keys: shorter, longer, later, earlier, all") {
    Hands hands;
    hands.ui.key(ImGuiKey_LeftBracket);
    CHECK(hands.shown().span_s() == doctest::Approx(40));
    CHECK(hands.shown().has(hands.now_s()));
    hands.ui.key(ImGuiKey_Comma);
    CHECK(hands.shown().to_s == doctest::Approx(46 + 2.0 / 3));
    hands.ui.key(ImGuiKey_Period);
    CHECK(hands.shown().to_s == doctest::Approx(56 + 2.0 / 3));
    hands.ui.key(ImGuiKey_LeftBracket);
    hands.ui.key(ImGuiKey_RightBracket);
    CHECK(hands.shown().span_s() == doctest::Approx(40));
    hands.ui.key(ImGuiKey_Backslash);
    CHECK(hands.whole());
}

TEST_CASE("the moment that somebody asks for comes into view") {
    Hands hands;
    hands.ui.app->zoom.choose(40, 50);
    hands.ui.app->zoom.move(-100);
    hands.ui.app->seek(33); // as from the sentence over the board
    hands.frame(3);
    CHECK(same(hands.shown(), {28, 38}));
}

TEST_CASE("marks: as many as there is room for of what is shown, and faint what lies ahead of the clock") {
    Shop shop(10);
    for (int i = 0; i < 50; ++i) {
        REQUIRE_FALSE(shop.session.apply_json(R"({"do": "set", "node": "users", "rate_per_s": 100})"));
        run(shop.session, 11 + i);
    }
    const auto marks = [&](const Stretch& stretch) {
        return chart_data(shop.session, palette(true), Language::english, ChartTab::rate, -1, stretch)
            .markers;
    };
    CHECK(marks({0, 120}).size() == 40);
    CHECK(marks({0, 120}).back().at_s == doctest::Approx(59));
    CHECK(marks({9.5, 14.5}).size() == 5); // the earliest, though the latest 40 are others
    const ChartColor plain = marks({0, 120}).back().color;
    shop.go(30.5);
    const std::vector<ChartMarker> back = marks({25.5, 35.5});
    REQUIRE(back.size() == 10); // also those that the run still comes to
    CHECK(back.front().color == plain);
    CHECK(back.back().color != plain);
    CHECK(std::is_sorted(back.begin(), back.end(),
                         [](const ChartMarker& a, const ChartMarker& b) { return a.at_s < b.at_s; }));
}

TEST_CASE("theory stands where it holds, and nowhere before") {
    Hands hands;
    App& app = *hands.ui.app;
    REQUIRE_FALSE(app.session.apply_json(R"({"do": "set", "node": "users", "rate_per_s": 90})"));
    run(app.session, 60);
    app.outlook();
    REQUIRE(hands.ui.answer_wishes());
    const auto rules = [&](const Stretch& stretch) {
        return chart_data(app.session, palette(true), Language::english, ChartTab::latency, -1, stretch,
                          app.known_outlook())
            .rules.size();
    };
    CHECK(rules({0, 60}) == 3); // and what was promised
    CHECK(rules({40, 55}) == 3);
    CHECK(rules({20, 40}) == 1);
}

TEST_CASE("the stretch by call, and the picture of a chart over it") {
    Hands hands;
    App& app = *hands.ui.app;
    CHECK(app.call("stretch", "{}") == std::string(R"({"ok":{"from_s":0.0,"to_s":60.0,"whole":true}})"));
    CHECK(app.call("stretch", R"({"from_s": 20, "to_s": 40})") ==
          std::string(R"({"ok":{"from_s":20.0,"to_s":40.0,"whole":false}})"));
    const std::string svg = app.call("chart", "{}");
    CHECK(svg.find(">00:20<") != std::string::npos);
    CHECK(svg.find(">00:40<") != std::string::npos);
    CHECK(svg.find(">00:00<") == std::string::npos);
    for (const char* bad : {R"({"from_s": 20})", R"({"to_s": 20})", R"({"from_s": 20, "to_s": 20})"})
        CHECK(std::string(app.call("stretch", bad)).find("error") != std::string::npos);
    CHECK(same(hands.shown(), {20, 40}));
    app.call("stretch", R"({"whole": true})");
    CHECK(hands.whole());
    CHECK(std::string(app.call("chart", "{}")).find(">00:00<") != std::string::npos);
}

TEST_CASE("the words where nothing completes stand beside the playhead, wherever it is") {
    for (const Language language : {Language::english, Language::korean})
        for (const float width : {1124.0f, 360.0f}) {
            CAPTURE(static_cast<int>(language));
            CAPTURE(width);
            Hands hands(ChartTab::latency, width);
            App& app = *hands.ui.app;
            app.view.language = language;
            REQUIRE_FALSE(app.session.apply_json(R"({"do": "kill", "node": "db"})"));
            const auto words = [&] { // from where to where the ground below them reaches
                Stretch found{1e9, -1e9};
                const ImU32 ground = with_alpha(app.view.theme.colors.panel, 0.85f);
                for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
                    for (const ImDrawVert& at : list->VtxBuffer) {
                        if (at.col != ground || at.pos.y < hands.place(0, 0.3f).y) continue;
                        found.from_s = std::min(found.from_s, static_cast<double>(at.pos.x));
                        found.to_s = std::max(found.to_s, static_cast<double>(at.pos.x));
                    }
                return found;
            };
            const auto check_beside = [&](float line) {
                const Stretch now = words();
                CHECK(now.span_s() > 20);
                const double middle = (now.from_s + now.to_s) / 2;
                CHECK(std::abs(static_cast<double>(line) - middle) > now.span_s() / 2 - 2);
            };
            run(app.session, 54); // as far as it has been: the gap has no room yet
            hands.frame(2);
            const double left_s = hands.point(hands.place(0.3f)), right_s = hands.point(hands.place(0.7f));
            const float left = hands.place(0.3f).x, right = hands.place(0.7f).x;
            hands.point({left, 1}); // the crosshair goes
            check_beside(left + (right - left) * static_cast<float>((54 - left_s) / (right_s - left_s)));
            run(app.session, 110);
            hands.frame(2);
            const Stretch ahead = words();
            REQUIRE(ahead.span_s() > 20);
            for (const double share : {0.1, 0.3, 0.5, 0.7, 0.9}) {
                const auto x = static_cast<float>(ahead.from_s + share * ahead.span_s());
                hands.ui.press(x, hands.place(0).y);
                hands.rest();
                hands.point({x, 1});
                REQUIRE(app.session.now_s() < app.session.farthest_s());
                check_beside(x);
            }
        }
}
