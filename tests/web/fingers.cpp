// Menus and lists under a finger: rows high enough, all of them reachable, and what scrolls presses nothing.

#include <algorithm>
#include <map>
#include <vector>

#include <doctest/doctest.h>

#include "imgui_internal.h"
#include "instrument.hpp"
#include "scale/kind.hpp"
#include "widgets.hpp"

using namespace scale;
using namespace scale::web;
using instrument::Instrument;

namespace {

constexpr float k_wide = 360;

const ImGuiWindow* open_popup() {
    const ImVector<ImGuiPopupData>& stack = ImGui::GetCurrentContext()->OpenPopupStack;
    return stack.empty() ? nullptr : stack.back().Window;
}

void settle(Instrument& ui) {
    for (int i = 0; i < 3; ++i) {
        ui.app->touch();
        ui.frame();
    }
}

void move_to(Instrument& ui, float x, float y) {
    ImGui::GetIO().AddMousePosEvent(x, y);
    settle(ui);
}

// A finger put down, moved in steps and lifted.
void drag(Instrument& ui, ImVec2 from, ImVec2 to) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
    move_to(ui, from.x, from.y);
    io.AddMouseButtonEvent(0, true);
    settle(ui);
    constexpr int k_steps = 8;
    for (int i = 1; i <= k_steps; ++i) {
        const float share = static_cast<float>(i) / k_steps;
        move_to(ui, from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share);
    }
    io.AddMouseButtonEvent(0, false);
    settle(ui);
}

// How many pixels of its height each row of the open popup takes a press on, where it is seen whole or in
// part.
std::map<ImGuiID, int> heights(Instrument& ui, const ImGuiWindow& popup) {
    std::map<ImGuiID, int> out;
    const ImRect box = popup.Rect();
    for (float x = box.Min.x + 50; x < box.Max.x - 12; x += 60) {
        std::map<ImGuiID, int> column;
        for (float y = std::floor(box.Min.y); y <= box.Max.y; ++y) {
            ImGui::GetIO().AddMousePosEvent(x, y + 0.5f);
            ui.app->touch();
            ui.frame();
            if (const ImGuiID over = ImGui::GetCurrentContext()->HoveredId) ++column[over];
        }
        for (const auto& [id, high] : column) out[id] = std::max(out[id], high);
    }
    return out;
}

// Every row at least 44 high, on the screen, and so many of them; scrolls by finger to those that are not
// seen.
void check_rows(Instrument& ui, std::size_t count) {
    settle(ui);
    const ImGuiWindow* popup = open_popup();
    REQUIRE(popup != nullptr);
    const ImRect box = popup->Rect();
    CHECK(box.Min.x >= 0);
    CHECK(box.Min.y >= k_tools_height); // the page's buttons lie on what is above
    CHECK(box.Max.x <= ImGui::GetIO().DisplaySize.x);
    CHECK(box.Max.y <= ImGui::GetIO().DisplaySize.y);
    CHECK(popup->ContentSize.x <= popup->InnerRect.GetWidth());
    const float middle = box.GetCenter().x;
    for (int i = 0; i < 40 && popup->Scroll.y > 0; ++i) // one that was open before stands where it was left
        drag(ui, {middle, box.Max.y - 70}, {middle, box.Max.y - 20});
    std::map<ImGuiID, int> seen = heights(ui, *popup);
    for (int i = 0; i < 40 && popup->Scroll.y < popup->ScrollMax.y; ++i) {
        const float before = popup->Scroll.y;
        drag(ui, {middle, box.Max.y - 20}, {middle, box.Max.y - 70}); // less than is seen at once
        REQUIRE(open_popup() == popup);                               // nothing was chosen
        REQUIRE(popup->Scroll.y > before);
        for (const auto& [id, high] : heights(ui, *popup)) seen[id] = std::max(seen[id], high);
    }
    CHECK(seen.size() >= count);
    for (const auto& [id, high] : seen) CHECK(high >= 44);
}

struct Phone : Instrument {
    Phone(Language language, float height) : Instrument(k_wide, height) {
        app->view.language = language;
        load();
        frames_until_idle();
        ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
    }
    float transport_y() const { return app->view.layout[Region::transport].y + 24; }
    // A list of parameters: the server's.
    const ImGuiWindow* inspector() {
        app->select(1);
        app->view.inspector_open = true;
        app->touch();
        frames_until_idle();
        const ImGuiWindow* found = nullptr;
        const Rect area = app->view.layout[Region::inspector];
        for (const ImGuiWindow* each : ImGui::GetCurrentContext()->Windows)
            if (each->Active && each->Pos.y == area.y && each->Size.y == area.height) found = each;
        return found;
    }
};

constexpr float k_heights[] = {474, 355, 200};
constexpr Language k_languages[] = {Language::english, Language::korean};

} // namespace

TEST_CASE("every row of the run's menus takes a finger on 44 px, on a phone in both languages") {
    for (const Language language : k_languages)
        for (const float height : k_heights) {
            CAPTURE(height);
            for (const bool speeds : {false, true}) {
                Phone ui(language, height);
                ui.press(34 + (speeds ? 4 : 3) * 44, ui.transport_y());
                check_rows(ui, speeds ? 11 : 2);
            }
        }
}

TEST_CASE("every row of a card's menu takes a finger on 44 px, on a phone in both languages") {
    for (const Language language : k_languages)
        for (const float height : k_heights) {
            CAPTURE(height);
            Phone ui(language, height);
            const Rect board = ui.app->view.layout[Region::board];
            ImGuiIO& io = ImGui::GetIO();
            int asked = 0;
            for (float y = board.y + 8; y < board.y + board.height && asked < 3; y += 12)
                for (float x = 8; x < k_wide && asked < 3; x += 24) {
                    move_to(ui, x, y);
                    io.AddMouseButtonEvent(1, true);
                    settle(ui);
                    io.AddMouseButtonEvent(1, false);
                    settle(ui);
                    if (open_popup() == nullptr) continue;
                    check_rows(ui, 3);
                    ++asked;
                    ui.key(ImGuiKey_Escape);
                    settle(ui);
                    x += 60;
                }
            CHECK(asked > 0);
        }
}

TEST_CASE("a finger along the inspector scrolls it and changes nothing; across a row it changes the value") {
    Phone ui(Language::english, 474);
    const ImGuiWindow* list = ui.inspector();
    REQUIRE(list != nullptr);
    REQUIRE(list->ScrollMax.y > 200);
    const auto values = [&] {
        std::vector<double> out;
        const World& world = ui.app->session.world();
        const std::size_t count = ui.app->session.scenario().nodes[1].kind->params.size();
        for (std::size_t i = 0; i < count; ++i) out.push_back(world.value(1, static_cast<int>(i)));
        return out;
    };
    const std::vector<double> at_first = values();
    const float bottom = list->Pos.y + list->Size.y;
    float before = -1;
    while (list->Scroll.y < list->ScrollMax.y && list->Scroll.y > before) { // from wherever the finger lands
        before = list->Scroll.y;
        drag(ui, {180, bottom - 30}, {196, bottom - 103});
        CHECK(open_popup() == nullptr);
        CHECK_FALSE(ImGui::GetIO().WantTextInput);
    }
    CHECK(list->Scroll.y == list->ScrollMax.y);
    CHECK(values() == at_first);
    drag(ui, {180, list->Pos.y + 80}, {180, bottom - 8});
    CHECK(list->Scroll.y < list->ScrollMax.y - 100);
    CHECK(values() == at_first);
    for (int page = 0; page < 12 && values() == at_first; ++page) {
        for (float y = list->Pos.y + 70; y < bottom && values() == at_first; y += 22)
            drag(ui, {120, y}, {220, y + 12});
        drag(ui, {180, list->Pos.y + 80}, {180, bottom - 8});
    }
    CHECK(values() != at_first);
}

TEST_CASE("rows of parameters, their reset and their steps take a finger on 44 px") {
    Instrument ui(k_wide, 474);
    ui.frame();
    const KindRecord& kind = *find_kind("server");
    std::vector<double> values;
    for (const ParamRecord& record : kind.params) values.push_back(record.fallback);
    const auto frame = [&] {
        ImGui::GetIO().DeltaTime = 1.0f / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize({k_wide, 4000});
        ImGui::Begin("rows", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
        for (std::size_t i = 0; i < kind.params.size(); ++i)
            param_row(*ui.app, kind.params[i], values[i], kind.params[i].fallback);
        ImGui::End();
        ImGui::Render();
    };
    const auto hit = [&](float x, float y) {
        ImGui::GetIO().AddMousePosEvent(x, y);
        frame();
        frame(); // what lies on a row is known in the next frame
        return ImGui::GetCurrentContext()->HoveredId;
    };
    frame();
    frame();
    std::map<ImGuiID, int> high;
    for (float y = 0.5f; y < 440; ++y)
        if (const ImGuiID id = hit(30, y)) ++high[id];
    REQUIRE(high.size() >= 9);
    int whole = 0;
    for (const auto& [id, pixels] : high) whole += pixels >= 44 ? 1 : 0;
    CHECK(whole >= static_cast<int>(high.size()) - 1); // the last one is cut by the measure
    REQUIRE(kind.params[0].type != ValueType::flag);
    values[0] = kind.params[0].most; // so that there is something to reset
    frame();
    std::map<ImGuiID, int> wide;
    for (float x = 0.5f; x < k_wide; ++x)
        if (const ImGuiID id = hit(x, 22 + 8)) ++wide[id];
    CHECK(wide.size() == 2);
    for (const auto& [id, pixels] : wide) CHECK(pixels >= 44);
    values[0] = kind.params[0].fallback;
    hit(60, 30);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    frame();
    frame();
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    for (int i = 0; i < 4; ++i) frame();
    std::map<ImGuiID, int> parts;
    for (float x = 150.5f; x < k_wide; ++x)
        if (const ImGuiID id = hit(x, 30)) ++parts[id];
    CHECK(parts.size() == 3); // less, the field, more
    for (const auto& [id, pixels] : parts) CHECK(pixels >= 44);
}

TEST_CASE("whatever stands on the left of the inspector can be hit, the squares of instances too") {
    for (const bool finger : {false, true}) {
        CAPTURE(finger);
        Instrument ui(1124, 4000);
        ui.load();
        ui.app->select(1); // three instances
        settle(ui);
        if (finger) ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
        const Rect area = lay_out(1124, 4000, true)[Region::inspector];
        std::map<ImGuiID, int> high;
        ImGuiID last = 0; // cut by the measure
        for (float y = area.y + 0.5f; y < area.y + 1600; ++y) {
            ImGui::GetIO().AddMousePosEvent(area.x + 24, y);
            ui.app->touch();
            ui.frame();
            last = ImGui::GetCurrentContext()->HoveredId;
            if (last != 0) ++high[last];
        }
        high.erase(last);
        CHECK(high.size() > 12);
        for (const auto& [id, pixels] : high) CHECK(pixels >= (finger ? 44 : 24));
    }
}
