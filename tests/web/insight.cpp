// What the instrument says beyond figures: the cause, theory beside measurement, the review, incidents.

#include <doctest/doctest.h>

#include <cmath>

#include "board/scene.hpp"
#include "instrument.hpp"
#include "paint.hpp"
#include "spread.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

void run(Instrument& ui, double seconds) {
    REQUIRE(ui.app->session.run_to(seconds, instrument::fake_clock, 1e9));
}

void apply(Instrument& ui, const char* command) {
    const std::optional<Error> error = ui.app->session.apply_json(command);
    REQUIRE_MESSAGE(!error, (error ? error->sentence() : ""));
}

void show(Instrument& ui, int frames = 3) {
    for (int i = 0; i < frames; ++i) {
        ui.app->touch();
        REQUIRE(ui.frame());
    }
}

// Presses down the panel until something happens.
template<class Happened>
bool press_somewhere(Instrument& ui, Happened happened) {
    const Rect area = ui.app->view.layout[Region::inspector];
    for (float y = area.y + 50; y < area.y + area.height - 8; y += 10) {
        ui.press(area.x + 50, y);
        if (happened()) return true;
    }
    return false;
}

} // namespace

TEST_CASE("every face of the inspector draws in both languages, with and without theory") {
    const std::size_t missing = words_missing();
    for (const ImVec2 size : {ImVec2{1124, 848}, ImVec2{390, 700}})
        for (const bool broken : {false, true}) {
            Instrument ui(size.x, size.y);
            ui.load();
            run(ui, 15);
            if (broken) apply(ui, R"({"do": "kill", "node": "db"})");
            if (broken) run(ui, 25);
            ui.app->view.inspector_open = true;
            for (const Side side : {Side::figures, Side::review, Side::incidents})
                for (const Language language : {Language::english, Language::korean})
                    for (int node = -1; node < 3; ++node) {
                        ui.app->select(node);
                        ui.app->view.inspector_open = true;
                        ui.app->view.side = side;
                        ui.app->view.language = language;
                        show(ui, 2);
                        ui.answer_wishes();
                        const unsigned long long cut = texts_cut();
                        show(ui, 2);
                        CAPTURE(last_text_cut());
                        if (size.x > 1000) CHECK(texts_cut() == cut);
                    }
            CHECK(ui.app->known_outlook() != nullptr);
        }
    CHECK(words_missing() == missing);
}

TEST_CASE("an interval that would cut the name of its figure stands in the help instead") {
    Instrument ui(964, 748);
    ui.load(R"({"scaleground": 1, "seed": 3, "duration_s": 120, "warmup_s": 5, "weight": 200,
        "nodes": [{"id": "users", "kind": "clients", "rate_per_s": 60000},
            {"id": "web", "kind": "server", "instances": 800, "cores": 2}],
        "edges": [["users", "web"]]})");
    run(ui, 40);
    apply(ui, R"({"do": "kill", "node": "web"})");
    run(ui, 80);
    for (const Language language : {Language::english, Language::korean}) {
        ui.app->view.language = language;
        ui.app->select(1);
        show(ui, 2);
        ui.answer_wishes();
        const unsigned long long cut = texts_cut();
        show(ui, 2);
        CAPTURE(last_text_cut());
        CHECK(texts_cut() == cut);
    }
}

TEST_CASE("theory is asked for once per design, and only when it is looked at") {
    Instrument ui(390, 700);
    ui.load();
    show(ui);
    CHECK_FALSE(ui.answer_wishes()); // a small screen shows no inspector at first
    ui.app->view.inspector_open = true;
    show(ui);
    CHECK(ui.answer_wishes());
    show(ui);
    CHECK_FALSE(ui.answer_wishes());
    REQUIRE(ui.app->known_outlook());
    CHECK(ui.app->known_outlook()->rules.size() == 8);
    CHECK(ui.app->known_outlook()->nodes.size() == 3);
    run(ui, 5);
    show(ui);
    CHECK_FALSE(ui.answer_wishes()); // running changes no design
    apply(ui, R"({"do": "set", "node": "users", "rate_per_s": 60})");
    show(ui);
    CHECK(ui.app->known_outlook() == nullptr);
    CHECK(ui.answer_wishes());
    CHECK(ui.app->known_outlook()->nodes[0].arrivals_per_s == doctest::Approx(60));
}

TEST_CASE("whatever an outlook tells of a design makes it another one; where cards lie does not") {
    Instrument ui;
    ui.load();
    const Scenario design = current_design(ui.app->session.world());
    const std::uint64_t mark = design_mark(design);
    const auto differs = [&](auto change) {
        Scenario other = design;
        change(other);
        return design_mark(other) != mark;
    };
    CHECK(differs([](Scenario& one) { one.nodes[0].values[0] += 1; }));
    CHECK(differs([](Scenario& one) { one.nodes[0].label.ko = "손님"; }));
    CHECK(differs([](Scenario& one) { one.weight = 7; }));
    CHECK(differs([](Scenario& one) { one.slo.p99_ms = 17; }));
    CHECK(differs([](Scenario& one) { one.prices.push_back({1, 3}); }));
    CHECK_FALSE(differs([](Scenario& one) { one.nodes[0].at = Position{3, 4}; }));
}

TEST_CASE("an outlook survives its way through JSON, the unknown and the endless too") {
    Instrument ui;
    ui.load();
    apply(ui, R"({"do": "set", "node": "users", "rate_per_s": 90})");
    const Scenario design = current_design(ui.app->session.world());
    const Prediction told = predict(design);
    const std::optional<Outlook> read = read_outlook(outlook_json(design), design.nodes.size());
    REQUIRE(read);
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    for (std::size_t i = 0; i < told.nodes.size(); ++i) {
        CHECK(same(read->nodes[i].utilization, told.nodes[i].utilization));
        CHECK(same(read->nodes[i].latency_ms.p99, told.nodes[i].latency_ms.p99));
        CHECK(read->nodes[i].trust == told.nodes[i].trust);
        CHECK(read->nodes[i].method.ko == told.nodes[i].method.ko);
    }
    CHECK_FALSE(read_outlook("{}", 3));
    CHECK_FALSE(read_outlook("nonsense", 3));
    CHECK_FALSE(read_outlook(outlook_json(design), 4));
}

TEST_CASE("the sentence leads to the node, and to the moment that it names") {
    Instrument ui;
    ui.load();
    run(ui, 10);
    apply(ui, R"({"do": "kill", "node": "db"})");
    run(ui, 25);
    show(ui);
    const Rect strip = ui.app->view.layout[Region::status];
    ui.press(strip.x + 120, strip.y + strip.height / 2);
    CHECK(ui.app->view.selected_node == 2);
    CHECK(ui.app->session.now_s() == doctest::Approx(25));
    ui.press(strip.x + strip.width - 40, strip.y + strip.height / 2);
    CHECK(ui.app->session.now_s() == doctest::Approx(10).epsilon(0.01));
}

TEST_CASE("while it runs the cause is looked at a few times a second, not in every frame") {
    Instrument ui;
    ui.load();
    run(ui, 20);
    ui.app->session.play();
    int fresh = 0;
    double busy_before = -1;
    for (int i = 0; i < 50; ++i) {
        instrument::g_clock_ms += 10;
        ui.frame(10);
        const Status& status = ui.app->status();
        const double now = static_cast<double>(reinterpret_cast<std::uintptr_t>(status.sentence.data()));
        fresh += now != busy_before;
        busy_before = now;
    }
    CHECK(fresh <= 4);
}

TEST_CASE("incidents break with one press, and everything is mended with one") {
    Instrument ui(1124, 1400);
    ui.load();
    run(ui, 5);
    ui.app->view.side = Side::incidents;
    show(ui);
    const auto broken = [&] {
        for (int node = 0; node < 3; ++node)
            if (ui.app->session.world().node_now(node).instances_up == 0) return true;
        return false;
    };
    CHECK(press_somewhere(ui, broken));
    CHECK(ui.app->session.world().commands().size() == 1);
    CHECK(press_somewhere(ui, [&] { return !broken(); }));
}

TEST_CASE("several parts are selected, duplicated and removed together, and come back with one undo") {
    Instrument ui;
    ui.load();
    show(ui);
    ui.app->select_many({2, 1, 1, 99});
    CHECK(ui.app->view.selected_many == std::vector<int>{1, 2});
    show(ui);
    ui.app->duplicate(1);
    CHECK(ui.app->session.scenario().nodes.size() == 5);
    CHECK(ui.app->session.scenario().edges.size() == 3); // the edge between them too
    CHECK(ui.app->view.selected_many == std::vector<int>{3, 4});
    show(ui);
    ui.key(ImGuiKey_Delete);
    CHECK(ui.app->session.scenario().nodes.size() == 3);
    ui.app->session.undo();
    CHECK(ui.app->session.scenario().nodes.size() == 5);
    ui.app->session.move_nodes({{1, {16, 16}}, {2, {32, 32}}});
    ui.app->session.undo();
    CHECK_FALSE(ui.app->session.scenario().nodes[1].at);
    CHECK_FALSE(ui.app->session.scenario().nodes[2].at);
}

TEST_CASE("the distribution holds every answered request once") {
    Instrument ui;
    ui.load();
    run(ui, 30);
    const Spread spread = spread_of(ui.app->session.world(), 1, 2);
    CHECK(spread.count == ui.app->session.world().totals().requests.completed);
    float sum = 0;
    for (float share : spread.shares) sum += share;
    CHECK(sum == doctest::Approx(1));
    const ChartBox box{0, 0, 500, 200};
    const ChartBox plot = spread_area(box);
    CHECK(read_spread(spread, box, plot.right() - 0.5f).below == doctest::Approx(1));
    CHECK_FALSE(read_spread(spread, box, plot.x - 5).any);
}

TEST_CASE("instances leave a trace while they are watched, and lose it with the run that it belongs to") {
    Instrument ui;
    ui.load();
    ui.app->session.play();
    for (int i = 0; i < 600; ++i) ui.frame(20);
    const std::vector<HeatColumn>& seen = ui.app->heat.of(1);
    REQUIRE(seen.size() > 10);
    CHECK(seen[5].sum.size() == 3);
    CHECK(seen[5].cell(0) <= heat_most);
    CHECK(seen[5].cell(40) == heat_none);
    CHECK(ui.app->heat.of(2).empty()); // one instance
    ui.app->session.pause();
    ui.app->seek(4);
    ui.frames_until_idle();
    CHECK(ui.app->heat.of(1).size() > 10); // going back forgets nothing
    apply(ui, R"({"do": "kill", "node": "web", "instance": 1})");
    ui.frame();
    CHECK(ui.app->heat.of(1).back().at_s <= 4);
    ui.app->session.play();
    for (int i = 0; i < 100; ++i) ui.frame(20);
    CHECK(ui.app->heat.of(1).back().cell(1) == heat_dead);
}
