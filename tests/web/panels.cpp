// Every panel, in every state, language, theme and size: drawn, in its words, within its bounds.

#include <cmath>

#include <doctest/doctest.h>

#include "chart_data.hpp"
#include "imgui_internal.h"
#include "instrument.hpp"
#include "paint.hpp"
#include "panel.hpp"
#include "panels/inspector.hpp"
#include "status.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

void apply(Instrument& ui, const char* command) {
    const std::optional<Error> error = ui.app->session.apply_json(command);
    REQUIRE_MESSAGE(!error, (error ? error->sentence() : ""));
}

void run(Instrument& ui, double seconds) {
    REQUIRE(ui.app->session.run_to(seconds, instrument::fake_clock, 1e9));
}

void empty(Instrument&) {}
void fresh(Instrument& ui) { ui.load(); }
void running(Instrument& ui) {
    ui.load();
    run(ui, 20);
    ui.app->session.play();
}
void zoomed(Instrument& ui) {
    ui.load();
    run(ui, 50);
    ui.app->zoom.look(ui.app->session);
    ui.app->zoom.choose(20, 32);
    REQUIRE_FALSE(ui.app->zoom.whole());
    run(ui, 51);
}
void overloaded(Instrument& ui) {
    ui.load();
    apply(ui, R"({"do": "set", "node": "users", "rate_per_s": 4000})");
    run(ui, 25);
}
void failed(Instrument& ui) {
    ui.load();
    run(ui, 10);
    apply(ui, R"({"do": "kill", "node": "db"})");
    run(ui, 25);
}

struct State {
    const char* name;
    void (*prepare)(Instrument&);
    Health health;
};
const State k_states[] = {{"empty", empty, Health::idle},
                          {"fresh", fresh, Health::idle},
                          {"running", running, Health::fine},
                          {"zoomed", zoomed, Health::fine},
                          {"overloaded", overloaded, Health::broken},
                          {"failed", failed, Health::broken}};

// Everything that stands selected once: nothing, each node, each edge.
void each_selection(Instrument& ui, void (*look)(Instrument&)) {
    const Scenario& scenario = ui.app->session.scenario();
    ui.app->select(-1);
    look(ui);
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        ui.app->select(static_cast<int>(i));
        look(ui);
    }
    for (std::size_t i = 0; i < scenario.edges.size(); ++i) {
        ui.app->select(-1, static_cast<int>(i));
        look(ui);
    }
    ui.app->select(-1);
}

void draw_all_tabs(Instrument& ui) {
    for (ChartTab tab : k_chart_tabs) {
        ui.app->view.chart_tab = tab;
        ui.app->touch();
        REQUIRE(ui.frame());
        CHECK(ui.vertices() > 300);
    }
}

const ImGuiWindow* window(const char* name) { return ImGui::FindWindowByName(name); }

// No vertex of a panel's own list lies left or right of its region. (Text outside is not even emitted by
// ImGui, but what crosses the edge is.)
void check_bounds(const ImGuiWindow* panel, const Rect& area) {
    REQUIRE(panel);
    for (const ImDrawVert& vertex : panel->DrawList->VtxBuffer) {
        REQUIRE(vertex.pos.x >= area.x - 2);
        REQUIRE(vertex.pos.x <= area.x + area.width + 2);
    }
}

} // namespace

TEST_CASE("every panel draws in every state, language, theme and size") {
    const std::size_t missing = words_missing();
    for (const ImVec2 size : {ImVec2{1124, 848}, ImVec2{760, 560}, ImVec2{390, 700}, ImVec2{200, 120}}) {
        for (const State& state : k_states) {
            Instrument ui(size.x, size.y);
            state.prepare(ui);
            INFO(state.name);
            CAPTURE(size.x);
            for (const bool dark : {true, false})
                for (const Language language : {Language::english, Language::korean}) {
                    ui.app->set_theme(dark);
                    ui.app->view.language = language;
                    each_selection(ui, draw_all_tabs);
                }
        }
    }
    CHECK(words_missing() == missing);
}

TEST_CASE("the status sentence says how the system is") {
    for (const State& state : k_states) {
        Instrument ui;
        state.prepare(ui);
        INFO(state.name);
        for (const Language language : {Language::english, Language::korean}) {
            const Status status = status_of(ui.app->session, language);
            CAPTURE(status.sentence);
            CHECK(status.health == state.health);
            CHECK(status.sentence.size() > 8);
            CHECK(status.sentence.find('{') == std::string::npos);
        }
    }
}

TEST_CASE("the sentence names the node at fault and the moment when it began") {
    Instrument ui;
    failed(ui);
    const Status status = status_of(ui.app->session, Language::english);
    CAPTURE(status.sentence);
    CHECK(status.sentence.find("requests fail since 10 s") != std::string::npos);
    CHECK(status.node == ui.app->session.scenario().find_node("db"));
    CHECK(status.at_s == doctest::Approx(10).epsilon(0.01));
}

TEST_CASE("nothing is cut and nothing crosses a panel's edge on a wide screen") {
    for (const State& state : k_states)
        for (const Language language : {Language::english, Language::korean}) {
            Instrument ui;
            state.prepare(ui);
            INFO(state.name);
            ui.app->view.language = language;
            ui.app->touch();
            ui.frame();
            const unsigned long long before = texts_cut();
            each_selection(ui, [](Instrument& shown) {
                shown.app->touch();
                REQUIRE(shown.frame());
                const Layout& layout = shown.app->view.layout;
                for (const char* id : {"status", "charts", "transport"})
                    for (const Panel* panel : panels())
                        if (std::string_view(panel->id) == id)
                            check_bounds(window(id), layout[panel->region]);
            });
            CAPTURE(last_text_cut());
            CHECK(texts_cut() == before);
        }
}

TEST_CASE("paused and unchanged is not drawn; input, resize, calls and play are") {
    Instrument ui;
    ui.load();
    run(ui, 10);
    CHECK(ui.frames_until_idle() < 200);
    const std::uint64_t draws = ui.app->counters.draws;
    for (int i = 0; i < 50; ++i) CHECK_FALSE(ui.frame());
    CHECK(ui.app->counters.draws == draws);
    ui.app->call("state", "{}");
    CHECK_FALSE(ui.frame());
    ui.app->touch();
    CHECK(ui.frame());
    ui.frames_until_idle();
    ui.app->call("theme", R"({"theme": "light"})");
    CHECK(ui.frame());
    ui.frames_until_idle();
    ui.app->session.play();
    for (int i = 0; i < 20; ++i) CHECK(ui.frame());
}

TEST_CASE("a hidden page neither runs nor draws") {
    Instrument ui;
    running(ui);
    ui.app->call("visible", R"({"visible": false})");
    const double before = ui.app->session.now_s();
    for (int i = 0; i < 10; ++i) CHECK_FALSE(ui.frame());
    CHECK(ui.app->session.now_s() == before);
    ui.app->call("visible", R"({"visible": true})");
    CHECK(ui.frame());
    CHECK(ui.app->session.now_s() > before);
}

TEST_CASE("space plays and pauses, arrows walk over the nodes, escape lets go") {
    Instrument ui;
    ui.load();
    ui.frame();
    ui.key(ImGuiKey_Space);
    CHECK(ui.app->session.playing());
    ui.key(ImGuiKey_Space);
    CHECK_FALSE(ui.app->session.playing());
    ui.key(ImGuiKey_RightArrow);
    CHECK(ui.app->view.selected_node == 0);
    ui.key(ImGuiKey_LeftArrow);
    CHECK(ui.app->view.selected_node == 2);
    ui.key(ImGuiKey_Escape);
    CHECK(ui.app->view.selected_node == -1);
}

TEST_CASE("the play button plays") {
    Instrument ui;
    ui.load();
    ui.frame();
    const Rect strip = ui.app->view.layout[Region::transport];
    ui.press(strip.x + 30, strip.y + 24);
    CHECK(ui.app->session.playing());
}

TEST_CASE("dragging a parameter's row changes the running system once, when it is let go") {
    Instrument ui;
    ui.load();
    run(ui, 5);
    ui.app->select(0);
    ui.frame();
    ui.frame();
    const std::size_t before = ui.app->session.world().commands().size();
    const Rect area = ui.app->view.layout[Region::inspector];
    ImGuiIO& io = ImGui::GetIO();
    bool changed = false;
    // The rows of the clients: one of the first is a number that can be dragged.
    for (float y = area.y + 280; y < area.y + area.height && !changed; y += 12) {
        io.AddMousePosEvent(area.x + 60, y);
        ui.frame();
        io.AddMouseButtonEvent(0, true);
        ui.app->touch();
        ui.frame();
        io.AddMousePosEvent(area.x + 120, y);
        ui.app->touch();
        ui.frame();
        ui.frame();
        io.AddMouseButtonEvent(0, false);
        ui.app->touch(3);
        ui.frame();
        ui.frame();
        changed = ui.app->session.world().commands().size() > before;
        if (!changed) ui.key(ImGuiKey_Escape), ui.app->select(0), ui.frame();
    }
    CHECK(changed);
    CHECK(ui.app->session.world().commands().size() == before + 1);
    CHECK(ui.app->session.last_error().empty());
}

TEST_CASE("text is rasterised for the pixels of the screen") {
    Instrument ui(800, 600, 2);
    running(ui);
    ui.frame();
    for (const ImFont* font : ImGui::GetIO().Fonts->Fonts) CHECK(font->CurrentRasterizerDensity == 2);
}

TEST_CASE("fonts that come again are taken in") {
    Instrument ui;
    running(ui);
    ui.frame();
    ui.app->set_fonts(instrument::fonts());
    CHECK(ui.frame());
    CHECK(ui.frame());
    CHECK(ui.vertices() > 300);
}

TEST_CASE("figures are as wide as each other, whatever their digits") {
    Instrument ui;
    ui.frame();
    const Theme& theme = ui.app->view.theme;
    CHECK(figure_width(theme, TextStyle::figure, "11,111") ==
          doctest::Approx(figure_width(theme, TextStyle::figure, "88,888")));
    CHECK(text_width(theme, TextStyle::figure, "11,111") < text_width(theme, TextStyle::figure, "88,888"));
}

TEST_CASE("panels are listed once, and every region has one that is always wanted") {
    Instrument ui;
    bool served[k_regions] = {};
    for (const Panel* panel : panels()) {
        CHECK(std::string_view(panel->id).size() > 0);
        int same = 0;
        for (const Panel* other : panels()) same += std::string_view(panel->id) == other->id;
        CHECK(same == 1);
        if (panel->wanted(*ui.app)) served[static_cast<int>(panel->region)] = true;
    }
    for (bool region : served) CHECK(region);
}

TEST_CASE("what has no sample yet is unknown, not 0 ms: before the start, and right after the warm-up") {
    Instrument ui;
    ui.load();
    const World& world = ui.app->session.world();
    const int db = world.scenario().find_node("db");
    const auto unknown = [&] {
        const Totals all = sampled(world.totals());
        const NodeTotals node = sampled(world.node_totals(db), all.measured_s);
        return std::isnan(all.latency_ms.p50) && std::isnan(all.availability) &&
               std::isnan(node.latency_ms.p99) && std::isnan(node.wait_ms_mean);
    };
    CHECK(unknown());
    run(ui, 4);
    CHECK_FALSE(unknown()); // the warm-up is shown while it runs
    run(ui, world.scenario().warmup_s);
    CHECK(unknown());
    CHECK(std::isnan(sampled(world.totals()).throughput_per_s));
    CHECK(std::isnan(sampled(world.node_totals(db), 0).utilization));
    run(ui, 6);
    CHECK_FALSE(unknown());
    CHECK(sampled(world.totals()).latency_ms.p50 == world.totals().latency_ms.p50);
    CHECK(sampled(world.node_totals(db), 1).utilization == world.node_totals(db).utilization);
}

TEST_CASE("on a phone the run's controls and the charts' tabs take a finger on 44 px") {
    for (const float reach : {-21.0f, 21.0f}) {
        CAPTURE(reach);
        Instrument ui(360, 474);
        ui.load();
        ui.frames_until_idle();
        App& app = *ui.app;
        const Rect transport = app.view.layout[Region::transport], charts = app.view.layout[Region::charts];
        REQUIRE(charts.height > 100);
        app.session.pause();
        ui.press(34, transport.y + 24 + reach);
        CHECK(app.session.playing());
        ui.press(34 + reach, transport.y + 24);
        CHECK_FALSE(app.session.playing());
        ui.press(326, transport.y + 24 + reach);
        CHECK(app.view.inspector_open);
        app.view.inspector_open = false;
        app.touch();
        ui.frames_until_idle();
    }
    Instrument ui(360, 474);
    ui.load();
    ui.frames_until_idle();
    const Rect charts = ui.app->view.layout[Region::charts];
    ui.press(88, charts.y + 48 + 32 + 5); // below the word for the rate
    CHECK(ui.app->view.chart_tab == ChartTab::rate);
}
