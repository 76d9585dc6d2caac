// The board drawn without a screen: every state of a card, every size, and what a frame costs.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "board/board.hpp"
#include "board/cards.hpp"
#include "board_designs.hpp"
#include "instrument.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

// Three entries with sixteen servers and two databases each.
std::string sixty_nodes() {
    std::string nodes =
        R"({"id": "users", "kind": "clients", "rate_per_s": 3000},{"id": "dns", "kind": "dns"})";
    std::string edges = R"(["users", "dns"])";
    for (int r = 1; r <= 3; ++r) {
        const std::string end = std::to_string(r);
        nodes += R"(,{"id": "lb-)" + end + R"(", "kind": "balancer"})";
        edges += R"(,["users", "lb-)" + end + R"("])";
        for (const char* store : {"orders-", "people-"})
            nodes += std::string(R"(,{"id": ")") + store + end + R"(", "kind": "database"})";
        for (int i = 1; i <= 16; ++i) {
            const std::string web = "web-" + end + "-" + std::to_string(i);
            nodes += R"(,{"id": ")" + web + R"(", "kind": "server", "instances": 4})";
            edges += R"(,["lb-)" + end + R"(", ")" + web + R"("],[")" + web + R"(", "orders-)" + end +
                     R"("],[")" + web + R"(", "people-)" + end + R"("])";
        }
    }
    return R"({"scaleground": 1, "duration_s": 600, "nodes": [)" + nodes + R"(], "edges": [)" + edges + "]}";
}

// Remembers what it was given.
class RecordingSink final : public ParticleSink {
public:
    void submit(ImDrawList*, std::span<const Particle> particles, ImVec2, ImVec2) override {
        given.assign(particles.begin(), particles.end());
        ++calls;
    }
    std::vector<Particle> given;
    int calls = 0;
};

int draw_calls() {
    int calls = 0;
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) calls += list->CmdBuffer.Size;
    return calls;
}

// On one card.
Camera close_up(double zoom) {
    Camera camera;
    camera.set_area({0, 0}, {800, 600}, 0);
    camera.set_bounds({0, 0, 160, 80});
    camera.fit(true);
    camera.zoom_about({400, 300}, zoom / camera.zoom(), true);
    return camera;
}

} // namespace

TEST_CASE("board draw: a card in every state, tone and size") {
    Instrument ui;
    ui.frame();
    ui.frame();
    ImGui::NewFrame();
    ImDrawList* list = ImGui::GetBackgroundDrawList();
    for (double zoom : {0.1, 0.2, 0.4, 0.7, 1.0, 2.0, 4.0}) {
        const Camera camera = close_up(zoom);
        const Canvas canvas(list, ui.app->view.theme, camera);
        for (const InstanceState state :
             {InstanceState::up, InstanceState::slow, InstanceState::ejected, InstanceState::booting,
              InstanceState::draining, InstanceState::dead})
            for (const Tone tone : {Tone::calm, Tone::ok, Tone::warn, Tone::bad})
                for (const std::uint32_t instances : {1u, 6u, 20u, 1000u}) {
                    CardScene card;
                    card.kind = &board_designs::kind(Tier::compute);
                    card.title = "주문 데이터베이스 orders-primary-with-a-long-name";
                    card.line = "4 cores · 413 /s";
                    card.details = "12 inside · p99 41 ms";
                    card.tone = tone;
                    card.ring = true;
                    card.busy = tone == Tone::bad ? 1.0f : 0.42f;
                    card.dead = state == InstanceState::dead;
                    card.badge = state == InstanceState::up ? "" : "draining";
                    card.queue = tone == Tone::bad ? 23411 : 0;
                    card.instances = card.instances_up = instances;
                    card.marks.assign(std::min<std::size_t>(instances, k_marks), {state, 0.5f});
                    card.spark = {1, 4, 2, 0, 3};
                    const int before = list->VtxBuffer.Size;
                    draw_card(canvas, {0, 0, 160, 80}, card, {tone == Tone::warn, tone == Tone::ok, false});
                    REQUIRE(list->VtxBuffer.Size > before + 8);
                    for (int i = before; i < list->VtxBuffer.Size; ++i) {
                        REQUIRE(std::isfinite(list->VtxBuffer[i].pos.x));
                        REQUIRE(std::isfinite(list->VtxBuffer[i].pos.y));
                    }
                }
        CardScene group;
        group.kind = &board_designs::kind(Tier::group);
        group.title = "us-east";
        draw_group(canvas, {0, 0, 600, 400}, group, {});
    }
    ImGui::EndFrame();
}

TEST_CASE("board draw: a long name on a small card goes on in a second line") {
    Instrument ui;
    ui.frame();
    ImGui::NewFrame();
    ImDrawList* list = ImGui::GetBackgroundDrawList();
    const Camera camera = close_up(0.4);
    const Canvas canvas(list, ui.app->view.theme, camera);
    const auto vertices = [&](const char* title) {
        CardScene card;
        card.kind = &board_designs::kind(Tier::compute);
        card.title = title;
        const int before = list->VtxBuffer.Size;
        draw_card(canvas, {0, 0, 160, 80}, card, {});
        return list->VtxBuffer.Size - before;
    };
    const int bare = vertices("");
    const auto letters = [&](const char* title) { return (vertices(title) - bare) / 4; };
    CHECK(letters("Users, Virginia") == 14); // all of them; the space is none
    CHECK(letters("Balancer(Virginia)") == 18);
    CHECK(letters("사용자(버지니아)") == 9);
    CHECK(letters("Loadbalancer-Virginia") < 15); // nowhere to go on: cut
    ImGui::EndFrame();
}

TEST_CASE("board draw: instances tell their state by shape, not by colour alone") {
    Instrument ui;
    ui.frame();
    ImGui::NewFrame();
    ImDrawList* list = ImGui::GetBackgroundDrawList();
    std::vector<std::vector<float>> outlines;
    for (const InstanceState state : {InstanceState::up, InstanceState::slow, InstanceState::ejected,
                                      InstanceState::booting, InstanceState::draining, InstanceState::dead}) {
        const int before = list->VtxBuffer.Size;
        draw_instance(list, ui.app->view.theme.colors, {10, 10}, 10, {state, 0.5f},
                      ui.app->view.theme.colors.ok);
        std::vector<float> outline;
        for (int i = before; i < list->VtxBuffer.Size; ++i) {
            outline.push_back(list->VtxBuffer[i].pos.x);
            outline.push_back(list->VtxBuffer[i].pos.y);
        }
        for (const auto& other : outlines) CHECK(other != outline);
        outlines.push_back(outline);
    }
    ImGui::EndFrame();
}

TEST_CASE("board draw: 60 nodes in 4 ms of CPU and 50 draw calls") {
    Instrument ui(1440, 900);
    const auto error = ui.app->session.load_json(sixty_nodes());
    REQUIRE_MESSAGE(!error, error->sentence());
    REQUIRE(ui.app->session.scenario().nodes.size() >= 59);
    RecordingSink sink;
    ui.app->particles = &sink;
    ui.app->session.play();
    for (int i = 0; i < 120; ++i) ui.frame();
    // The board alone, in a window of its own.
    Board board;
    std::vector<double> took;
    std::uint32_t every = 1;
    int calls = 0;
    for (int i = 0; i < 240; ++i) {
        ui.app->session.world().watch_every(every);
        ui.app->session.advance(16, instrument::fake_clock, 1e9);
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize({1440, 900});
        ImGui::Begin("board alone", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground);
        BoardInput input{.world = ui.app->session.world(), .theme = ui.app->view.theme};
        input.area_max = {1440, 900};
        input.ui_s = i / 60.0;
        input.playing = true;
        input.speed = 1;
        const auto start = std::chrono::steady_clock::now();
        every = board.draw(input, ImGui::GetWindowDrawList()).watch_every;
        took.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        ImGui::End();
        ImGui::Render();
        calls = draw_calls();
    }
    std::sort(took.begin(), took.end());
    const double median = took[took.size() / 2];
    std::printf(
        "board, %zu nodes: %.2f ms a frame (median; 90 %% under %.2f), %d draw calls, %zu particles\n",
        ui.app->session.scenario().nodes.size(), median, took[took.size() * 9 / 10], calls,
        board.particles().alive());
    CHECK(median <= 4);
    CHECK(calls <= 50);
    CHECK(sink.calls > 0);
    CHECK(board.particles().alive() > 20);
    CHECK(board.particles().alive() < 1500);
}

TEST_CASE("board draw: 10,000 particles are placed in a few milliseconds") {
    const Scenario scenario = board_designs::regions(3, 13);
    const BoardLayout layout = lay_out_board(scenario);
    const auto paths = edge_paths(scenario, layout);
    Camera camera;
    camera.set_area({0, 0}, {1440, 900}, 0);
    camera.set_bounds(layout.bounds);
    camera.fit(true);
    ParticleStream stream;
    stream.reset(scenario);
    stream.set_paths(paths);
    stream.advance(1'000'000'000, 0.016, true);
    const std::uint16_t first = static_cast<std::uint16_t>(
        scenario.find_edge(scenario.find_node("users"), scenario.find_node("cdn")));
    Span span;
    span.request = 1;
    span.edge = first;
    span.end = 1;
    for (int i = 0; i < 20000; ++i) stream.take(span);
    CHECK(stream.held() == k_flights_most);
    std::vector<Particle> drawn;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i) stream.place(camera, palette(true), {0, 0}, {1440, 900}, paths, drawn);
    const double ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() / 10;
    std::printf("board, %zu particles placed in %.2f ms\n", stream.held(), ms);
    CHECK(ms < 8);
}

TEST_CASE("board draw: both languages, both themes, all sizes, and nothing to draw") {
    for (const bool dark : {true, false})
        for (const Language language : {Language::english, Language::korean})
            for (const auto& [width, height] :
                 {std::pair{360.0f, 640.0f}, {1124.0f, 848.0f}, {200.0f, 120.0f}}) {
                Instrument ui(width, height, 2);
                ui.app->set_theme(dark);
                ui.app->view.language = language;
                ui.frame();
                CHECK(ui.frames_until_idle() < 100);
                ui.load();
                ui.app->session.run_to(10, instrument::fake_clock, 1e9);
                ui.frame();
                CHECK(ui.vertices() > 500);
                ui.app->session.apply_json(R"({"do": "kill", "node": "db"})");
                ui.app->session.run_to(14, instrument::fake_clock, 1e9);
                ui.frame();
                CHECK(ui.vertices() > 500);
            }
}

TEST_CASE("board draw: paused and untouched, no further frame is asked for") {
    Instrument ui;
    ui.load();
    ui.app->session.play();
    for (int i = 0; i < 60; ++i) ui.frame();
    ui.app->session.pause();
    CHECK(ui.frames_until_idle() < 100);
    CHECK_FALSE(ui.frame());
}
