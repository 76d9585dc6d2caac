// Pointer, wheel and keys on the board, and what it answers.

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "board/board.hpp"
#include "board_designs.hpp"
#include "instrument.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

constexpr ImVec2 k_area{900, 600};

// A board in a window of its own, driven frame by frame.
struct Desk {
    ImVec2 area = k_area;
    Instrument ui{k_area.x, k_area.y};
    Board board;
    Wheel wheel;
    double ui_s = 0;
    int selected_node = -1, selected_edge = -1;
    std::vector<int> selected_many, pointed_at;
    BoardActions all; // gathered over the frames since clear()

    Desk() {
        ui.load();
        ui.frame();
        ui.frame();
        frames(3);
    }
    const Scenario& scenario() const { return ui.app->session.scenario(); }
    void frame() {
        ui_s += 1.0 / 60;
        ImGui::GetIO().DeltaTime = 1.0f / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(area);
        ImGui::SetNextWindowFocus();
        ImGui::Begin("desk", nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav);
        BoardInput input{.world = ui.app->session.world(), .theme = ui.app->view.theme};
        input.area_max = area;
        input.pointed_at = pointed_at;
        input.keep_free_bottom = 60;
        input.ui_s = ui_s;
        wheel.pass(1.0 / 60);
        const ImGuiIO& io = ImGui::GetIO();
        input.wheel =
            wheel.turn(static_cast<double>(io.MouseWheelH), static_cast<double>(io.MouseWheel), io.KeyShift);
        input.selected_node = selected_node;
        input.selected_edge = selected_edge;
        input.selected_many = selected_many;
        const BoardActions actions = board.draw(input, ImGui::GetWindowDrawList());
        ImGui::End();
        ImGui::Render();
        if (actions.select) {
            all.select = true;
            selected_node = all.node = actions.node;
            selected_edge = all.edge = actions.edge;
        }
        if (!actions.moved.empty()) all.moved = actions.moved;
        if (actions.toggled_node >= 0) all.toggled_node = actions.toggled_node;
        if (!actions.enclosed.empty()) all.enclosed = actions.enclosed;
        if (actions.menu)
            all.menu = true, all.menu_node = actions.menu_node, all.menu_edge = actions.menu_edge;
        if (actions.renamed_node >= 0) all.renamed_node = actions.renamed_node;
        all.animating = actions.animating;
    }
    void frames(int count) {
        for (int i = 0; i < count; ++i) frame();
    }
    void clear() { all = {}; }
    void move(ImVec2 to) {
        ImGui::GetIO().AddMousePosEvent(to.x, to.y);
        frame();
    }
    void button(int which, bool down) {
        ImGui::GetIO().AddMouseButtonEvent(which, down);
        frame();
    }
    void click(ImVec2 at, int which = 0) {
        move(at);
        button(which, true);
        button(which, false);
        frame();
    }
    void drag(ImVec2 from, ImVec2 to) {
        move(from);
        button(0, true);
        move({(from.x + to.x) / 2, (from.y + to.y) / 2});
        move(to);
        button(0, false);
        frame();
    }
    void settle() {
        for (int i = 0; i < 200; ++i) frame();
    }
    const Box& box(const char* id) const {
        return board.layout().nodes[static_cast<std::size_t>(scenario().find_node(id))];
    }
    ImVec2 middle(const char* id) const {
        return board.camera().to_screen(box(id).centre_x(), box(id).y + 50);
    }
};

} // namespace

TEST_CASE("board hands: a click chooses a card, a line, or nothing") {
    Desk desk;
    desk.click(desk.middle("web"));
    CHECK(desk.all.select);
    CHECK(desk.all.node == desk.scenario().find_node("web"));
    desk.clear();
    const Box a = desk.box("users"), b = desk.box("web");
    desk.click(desk.board.camera().to_screen((a.right() + b.x) / 2, (a.centre_y() + b.centre_y()) / 2));
    CHECK(desk.all.select);
    CHECK(desk.all.node == -1);
    CHECK(desk.all.edge == 0);
    desk.clear();
    desk.click({20, 20});
    CHECK(desk.all.select);
    CHECK(desk.all.node == -1);
    CHECK(desk.all.edge == -1);
}

TEST_CASE("board hands: a card is dragged on the grid and reported once it is dropped") {
    Desk desk;
    const Box before = desk.box("db");
    const ImVec2 from = desk.middle("db");
    desk.clear();
    desk.drag(from, {from.x - 60, from.y + 90});
    REQUIRE(desk.all.moved.size() == 1);
    CHECK(desk.all.moved[0].node == desk.scenario().find_node("db"));
    CHECK_FALSE(desk.all.select);
    CHECK(desk.all.moved[0].to.y > before.y + 60);
    CHECK(std::fmod(desk.all.moved[0].to.x, 8.0) == 0);
    CHECK(std::fmod(desk.all.moved[0].to.y, 8.0) == 0);
    desk.frames(5);
    CHECK(desk.box("db").y == desk.all.moved[0].to.y); // it stays although the design has not been told
    CHECK(desk.ui.app->session.world().scenario().nodes[2].at == std::nullopt);
}

TEST_CASE("board hands: escape puts a dragged card back") {
    Desk desk;
    const Box before = desk.box("db");
    const ImVec2 from = desk.middle("db");
    desk.clear();
    desk.move(from);
    desk.button(0, true);
    desk.move({from.x + 80, from.y + 80});
    CHECK(desk.box("db").y > before.y);
    ImGui::GetIO().AddKeyEvent(ImGuiKey_Escape, true);
    desk.frame();
    CHECK(desk.box("db") == before);
    desk.button(0, false);
    CHECK(desk.all.moved.empty());
}

TEST_CASE("board hands: the ground is dragged, and held near the design") {
    Desk desk;
    const ImVec2 before = desk.middle("web");
    desk.drag({20, 20}, {70, 60});
    const ImVec2 after = desk.middle("web");
    CHECK(after.x == doctest::Approx(before.x + 50).epsilon(0.02));
    CHECK(after.y == doctest::Approx(before.y + 40).epsilon(0.02));
    for (int i = 0; i < 40; ++i) desk.drag({20, 20}, {880, 580});
    const ImVec2 corner =
        desk.board.camera().to_screen(desk.board.layout().bounds.x, desk.board.layout().bounds.y);
    CHECK(corner.x < k_area.x);
    CHECK(corner.y < k_area.y);
}

TEST_CASE("board hands: a gesture on a pad goes the way that most of it goes, whatever drifts") {
    Desk desk;
    desk.settle();
    const auto wheel = [&](float across, float along) {
        ImGui::GetIO().AddMouseWheelEvent(across, along);
        desk.frame();
    };
    const auto pause = [&] {
        for (int i = 0; i < 30; ++i) desk.frame();
    };
    const ImVec2 at = desk.middle("web");
    desk.move(at);
    const double fitted = desk.board.camera().zoom();
    const Position under = desk.board.camera().to_board(at);
    wheel(0.1f, 0.4f);
    wheel(0.3f, 0.2f); // one event goes astray
    for (int i = 0; i < 6; ++i) wheel(0.15f, 0.4f);
    pause();
    const Position zoomed = desk.board.camera().to_board(at);
    const double nearer = desk.board.camera().zoom();
    CHECK(nearer > fitted * 1.5);
    CHECK(zoomed.x == doctest::Approx(under.x).epsilon(0.01));
    wheel(-0.5f, 0.1f); // another gesture: sideways
    wheel(-0.1f, 0.3f);
    wheel(-0.5f, 0.1f);
    pause();
    CHECK(desk.board.camera().zoom() == nearer);
    CHECK(desk.board.camera().to_board(at).x > zoomed.x + 10);
    CHECK(desk.board.camera().to_board(at).y == doctest::Approx(zoomed.y).epsilon(0.01));
}

TEST_CASE("board hands: the wheel zooms about the pointer, within limits, and a double click fits again") {
    Desk desk;
    desk.settle();
    const double fitted = desk.board.camera().zoom();
    const ImVec2 at = desk.middle("web");
    desk.move(at);
    const Position under = desk.board.camera().to_board(at);
    for (int i = 0; i < 3; ++i) {
        ImGui::GetIO().AddMouseWheelEvent(0, 1);
        desk.frame();
    }
    CHECK(desk.all.animating);
    desk.settle();
    CHECK_FALSE(desk.all.animating);
    CHECK(desk.board.camera().zoom() > fitted * 1.5);
    const Position now = desk.board.camera().to_board(at);
    CHECK(now.x == doctest::Approx(under.x).epsilon(0.01));
    CHECK(now.y == doctest::Approx(under.y).epsilon(0.01));
    for (int i = 0; i < 60; ++i) {
        ImGui::GetIO().AddMouseWheelEvent(0, 4);
        desk.frame();
    }
    CHECK(desk.board.camera().zoom() <= k_zoom_most + 1e-9);
    for (int i = 0; i < 120; ++i) {
        ImGui::GetIO().AddMouseWheelEvent(0, -4);
        desk.frame();
    }
    desk.settle();
    CHECK(desk.board.camera().zoom() >= k_zoom_least - 1e-9);
    desk.move({10, 10});
    for (const bool down : {true, false, true, false}) desk.button(0, down);
    desk.settle();
    CHECK(desk.board.camera().zoom() == doctest::Approx(fitted).epsilon(0.001));
}

TEST_CASE("board hands: keys zoom and move the view, buttons do too") {
    Desk desk;
    desk.settle();
    const auto press = [&](ImGuiKey key) {
        ImGui::GetIO().AddKeyEvent(key, true);
        desk.frame();
        ImGui::GetIO().AddKeyEvent(key, false);
        desk.settle();
    };
    const double before = desk.board.camera().zoom();
    press(ImGuiKey_Equal);
    CHECK(desk.board.camera().zoom() > before * 1.2);
    press(ImGuiKey_0);
    CHECK(desk.board.camera().zoom() == doctest::Approx(before));
    const ImVec2 web = desk.middle("web");
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, true);
    press(ImGuiKey_LeftArrow);
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
    desk.frame();
    CHECK(desk.middle("web").x > web.x + 40);
    desk.click({k_area.x - 16 - 80, k_area.y - 60 - 8 - 16}); // nearer
    desk.settle();
    CHECK(desk.board.camera().zoom() > before * 1.2);
    desk.click({k_area.x - 16 - 16, k_area.y - 60 - 8 - 16}); // fit
    desk.settle();
    CHECK(desk.board.camera().zoom() == doctest::Approx(before));
}

TEST_CASE("board hands: the menu of a card, the name by a double click on its title") {
    Desk desk;
    desk.clear();
    desk.click(desk.middle("web"), 1);
    CHECK(desk.all.menu);
    CHECK(desk.all.menu_node == desk.scenario().find_node("web"));
    desk.clear();
    const Box& db = desk.box("db");
    desk.move(desk.board.camera().to_screen(db.centre_x(), db.y + 12));
    for (const bool down : {true, false, true, false}) desk.button(0, down);
    CHECK(desk.all.renamed_node == desk.scenario().find_node("db"));
}

TEST_CASE("board hands: resting on a card shows its numbers, and then asks for no more frames") {
    Desk desk;
    desk.ui.app->session.run_to(5, instrument::fake_clock, 1e9);
    desk.settle();
    desk.move({20, 20});
    desk.settle();
    const int plain = ImGui::GetDrawData()->TotalVtxCount;
    desk.move(desk.middle("db"));
    CHECK(desk.all.animating);
    desk.frames(40);
    CHECK_FALSE(desk.all.animating);
    CHECK(ImGui::GetDrawData()->TotalVtxCount > plain + 200);
}

TEST_CASE("board hands: another design fits the view; one more card leaves it alone") {
    Board board;
    Scenario scenario = board_designs::journey();
    board.set_design(scenario);
    const BoardLayout before = board.layout();
    board_designs::add(scenario, "web-4", Tier::compute, "us-east");
    board_designs::connect(scenario, "balancer", "web-4");
    board.set_design(scenario);
    for (std::size_t i = 1; i < before.nodes.size(); ++i) CHECK(board.layout().nodes[i] == before.nodes[i]);
    const auto hit =
        board.hit(scenario, board.camera().to_screen(before.nodes[4].centre_x(), before.nodes[4].centre_y()));
    CHECK(hit.node == 4);
}

TEST_CASE(
    "board hands: a large design on a phone begins with a part that can be read; fitting shows all of it") {
    Desk desk;
    desk.area = {390, 300};
    std::ifstream file(std::string(SCALE_SOURCE_DIR) + "/scenarios/ladder/13-millions.json");
    const std::string json{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    REQUIRE_FALSE(desk.ui.app->session.load_json(json));
    desk.settle();
    const auto in_view = [&](const char* id) {
        const Box& box = desk.box(id);
        const ImVec2 from = desk.board.camera().to_screen(box.x, box.y),
                     to = desk.board.camera().to_screen(box.right(), box.bottom());
        return from.x >= 0 && from.y >= 0 && to.x <= desk.area.x && to.y <= desk.area.y;
    };
    CHECK(desk.board.camera().zoom() > 0.3);
    for (const char* id : {"shards-seoul", "users-virginia"}) {
        desk.pointed_at = {desk.scenario().find_node(id)};
        REQUIRE(desk.pointed_at.front() >= 0);
        desk.settle();
        CHECK_MESSAGE(in_view(id), id);
        CHECK(desk.board.camera().zoom() > 0.3);
    }
    desk.board.fit();
    desk.settle();
    CHECK(desk.board.camera().zoom() < 0.26);
    CHECK(in_view("shards-seoul"));
    CHECK(in_view("users-virginia"));
    desk.pointed_at = {desk.scenario().find_node("shards-seoul")}; // whoever wanted all keeps it
    desk.settle();
    CHECK(in_view("users-virginia"));
}

TEST_CASE("board hands: cards that are selected together move together") {
    Desk desk;
    desk.selected_node = 1;
    desk.selected_many = {1, 2};
    desk.frames(2);
    const Box web = desk.box("web"), db = desk.box("db"), users = desk.box("users");
    const ImVec2 from = desk.middle("web");
    desk.clear();
    desk.drag(from, {from.x, from.y + 96});
    REQUIRE(desk.all.moved.size() == 2);
    CHECK(desk.box("web").y - web.y == desk.box("db").y - db.y);
    CHECK(desk.box("web").y > web.y + 40);
    CHECK(desk.box("users").y == users.y);
}

TEST_CASE("board hands: with shift a press joins a card, and a rectangle all that it touches") {
    Desk desk;
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, true);
    desk.frame();
    desk.clear();
    desk.click(desk.middle("db"));
    CHECK(desk.all.toggled_node == desk.scenario().find_node("db"));
    CHECK_FALSE(desk.all.select);
    desk.clear();
    const Position centre = desk.board.camera().to_board({0, 0});
    desk.drag({8, 8}, {k_area.x - 8, k_area.y - 70});
    CHECK(desk.all.enclosed == std::vector<int>{0, 1, 2});
    CHECK(desk.board.camera().to_board({0, 0}).x == centre.x); // the view stays
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
}
