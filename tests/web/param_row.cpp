// The row of one parameter beside another one that it must not be above.

#include <doctest/doctest.h>

#include <string_view>

#include "instrument.hpp"
#include "scale/kind.hpp"
#include "widgets.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

const ParamRecord& parameter(const char* kind, std::string_view id) {
    const KindRecord& record = *find_kind(kind);
    return record.params[static_cast<std::size_t>(record.param_index(id))];
}

// "At least" of an autoscaler, in a window of its own.
struct Table {
    Instrument ui{400, 200};
    const ParamRecord& least = parameter("server", "instances_least");
    const ParamRecord& most = parameter("server", "instances_most");
    ParamBounds bounds{.high = &most, .most = 10};
    double value = 4, designed = 4;
    int applied = 0;

    Table() {
        ui.frame();
        frame();
        frame();
    }
    void frame() {
        ImGui::GetIO().DeltaTime = 1.0f / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize({400, 200});
        ImGui::Begin("table", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
        applied += param_row(*ui.app, least, value, designed, bounds) ? 1 : 0;
        ImGui::End();
        ImGui::Render();
    }
    void move(float x) {
        ImGui::GetIO().AddMousePosEvent(x, 24);
        frame();
    }
    void button(bool down) {
        ImGui::GetIO().AddMouseButtonEvent(0, down);
        frame();
        frame();
    }
};

} // namespace

TEST_CASE("a parameter that must not be above another one stops there, dragged, typed or reset") {
    Table table;
    table.move(60);
    table.button(true);
    for (float x = 80; x <= 390; x += 30) {
        table.move(x);
        CHECK(table.value == 4); // applied when it is let go
    }
    table.button(false);
    CHECK(table.value == 10);
    CHECK(table.applied == 1);

    table.move(60); // a click opens the field
    table.button(true);
    table.button(false);
    for (int i = 0; i < 3; ++i) table.frame();
    ImGui::GetIO().AddInputCharactersUTF8("500");
    table.frame();
    ImGui::GetIO().AddKeyEvent(ImGuiKey_Enter, true);
    table.frame();
    ImGui::GetIO().AddKeyEvent(ImGuiKey_Enter, false);
    table.frame();
    CHECK(table.value == 10);
    CHECK(table.applied == 1); // nothing else was given

    table.bounds = {};
    table.move(60);
    table.button(true);
    table.move(380);
    table.button(false);
    CHECK(table.value > 10); // without it, as far as the range goes
}
