#include "charts_time.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "chart_data.hpp"
#include "chart_screen.hpp"
#include "format.hpp"
#include "icons.hpp"
#include "paint.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr float k_wander = 6; // CSS pixels that a finger may move and still be a tap
constexpr float k_marked_least = 4;
constexpr double k_wheel_px = 48;  // per notch, sideways
constexpr double k_press_zoom = 4; // of a double press

// Never farther than the run has been.
void travel(App& app, const TimePlot& plot) {
    if (app.session.empty()) return;
    const double to_s = std::min(plot.at_s(ImGui::GetIO().MousePos.x), app.session.farthest_s());
    if (std::abs(to_s - app.session.now_s()) < plot.pixel_s()) return;
    app.session.pause();
    app.seek(to_s);
}

void press(App& app, const TimePlot& plot) {
    const ImGuiIO& io = ImGui::GetIO();
    View& view = app.view;
    const double at_s = plot.at_s(io.MousePos.x);
    view.marked.reset();
    view.grip_s = at_s;
    view.time_grip = TimeGrip::travel;
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Middle)) {
        view.time_grip = TimeGrip::pan;
    } else if (io.KeyShift) {
        view.time_grip = TimeGrip::mark;
    } else if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
        view.time_grip = TimeGrip::over;
        if (app.zoom.whole())
            app.zoom.about(at_s, k_press_zoom);
        else
            app.zoom.show_all();
    } else if (io.MouseSource == ImGuiMouseSource_TouchScreen) {
        view.time_grip = TimeGrip::waiting;
    }
}

void drag(App& app, const TimePlot& plot) {
    const ImGuiIO& io = ImGui::GetIO();
    View& view = app.view;
    const double at_s = plot.at_s(io.MousePos.x);
    if (view.time_grip == TimeGrip::waiting &&
        io.MouseDragMaxDistanceSqr[ImGuiMouseButton_Left] > k_wander * k_wander)
        view.time_grip = TimeGrip::travel;
    if (view.time_grip == TimeGrip::travel) travel(app, plot);
    if (view.time_grip == TimeGrip::pan)
        app.zoom.move(-static_cast<double>(io.MouseDelta.x) * plot.pixel_s());
    if (view.time_grip == TimeGrip::mark && ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
        view.time_grip = TimeGrip::over;
        view.marked.reset();
    }
    if (view.time_grip == TimeGrip::mark)
        view.marked = Stretch{std::min(view.grip_s, at_s), std::max(view.grip_s, at_s)};
}

void release(App& app, const TimePlot& plot) {
    View& view = app.view;
    if (view.time_grip == TimeGrip::waiting) travel(app, plot);
    if (view.time_grip == TimeGrip::mark && view.marked &&
        view.marked->span_s() >= plot.pixel_s() * static_cast<double>(k_marked_least))
        app.zoom.choose(view.marked->from_s, view.marked->to_s);
    view.marked.reset();
    view.time_grip = TimeGrip::none;
}

void take_wheel(App& app, const TimePlot& plot, double about_s) {
    const WheelTurn& turn = app.view.wheel;
    if (turn.sideways != 0) app.zoom.move(-turn.sideways * k_wheel_px * plot.pixel_s());
    if (turn.nearer != 1) app.zoom.about(about_s, turn.nearer);
}

void take_fingers(App& app, const TimePlot& plot) {
    TwoFingers& fingers = app.view.fingers;
    app.view.time_grip = TimeGrip::over; // the first finger's press is none
    app.zoom.about(plot.at_s(fingers.at.x), static_cast<double>(fingers.factor));
    app.zoom.move(-static_cast<double>(fingers.by.x) * plot.pixel_s());
    fingers.by = {0, 0};
    fingers.factor = 1;
}

const ChartData& run_outline(App& app, ChartTab tab, const Stretch& run) {
    const Session& session = app.session;
    const Palette& colors = app.view.theme.colors;
    const int node = app.view.selected_node;
    const Series& series = node >= 0 ? session.world().series(node) : session.world().series();
    const RunOutline::Of of{tab,
                            node,
                            app.view.language,
                            colors.ok,
                            run,
                            series.step_s,
                            static_cast<std::int64_t>(session.now_s()),
                            series.points.size(),
                            session.world().commands().size(),
                            session.beginnings(),
                            session.design_revision(),
                            session.link_revision(),
                            session.before()};
    ChartData& data = app.outline.data;
    if (!(of == app.outline.of)) {
        app.outline.of = of;
        ++app.counters.outlines;
        data = chart_data(session, colors, app.view.language, tab, node, run);
        data.shape = ChartShape::outline;
        data.y_most = 0; // as high as what was measured
        for (const ChartCurve& curve : data.curves)
            for (const float value : curve.values)
                data.y_most = std::max(data.y_most, static_cast<double>(value));
    }
    data.now_s = session.now_s();
    return data;
}

// The whole run, small: pressed or dragged, the shown part goes there.
void draw_track(App& app, const ChartBox& hit, ChartTab tab) {
    const Stretch run = app.zoom.run(), shown = app.zoom.shown();
    const Theme& theme = app.view.theme;
    const Palette& colors = theme.colors;
    ImDrawList* list = ImGui::GetWindowDrawList();
    constexpr float k_height = 18;
    const TimePlot track{{hit.x, std::round(hit.y + (hit.height - k_height) / 2), hit.width, k_height}, run};
    const ImVec2 from{track.box.x, track.box.y}, to{track.box.right(), track.box.bottom()};
    list->AddRectFilled(from, to, colors.raise, 4);
    ScreenCanvas canvas(list, theme);
    draw_chart(canvas, run_outline(app, tab, run), chart_colors(theme), track.box);
    const float left = track.x(shown.from_s), right = std::max(track.x(shown.to_s), left + 3);
    list->AddRectFilled(from, {left, to.y}, with_alpha(colors.panel, 0.65f));
    list->AddRectFilled({right, from.y}, to, with_alpha(colors.panel, 0.65f));
    list->AddRect(from, to, colors.line, 4);
    list->AddRect({left, from.y}, {right, to.y}, colors.accent, 3, 0, 1.5f);
    const float now = std::round(track.x(app.session.now_s())) + 0.5f;
    list->AddLine({now, from.y}, {now, to.y}, colors.text, 1.5f);

    ImGui::SetCursorScreenPos({hit.x, hit.y});
    ImGui::InvisibleButton("track", {hit.width, hit.height});
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    const double at_s = track.at_s(ImGui::GetIO().MousePos.x);
    if (ImGui::IsItemActivated()) // beside the part: its middle comes here
        app.view.grip_s = shown.has(at_s) ? at_s - shown.from_s : shown.span_s() / 2;
    if (ImGui::IsItemActive()) app.zoom.move(at_s - app.view.grip_s - shown.from_s);
    if (ImGui::IsItemHovered())
        take_wheel(app, track, shown.has(at_s) ? at_s : (shown.from_s + shown.to_s) / 2);
}

std::string shown_words(const App& app) {
    const Stretch shown = app.zoom.shown();
    return format_clock(shown.from_s) + " – " + format_clock(shown.to_s);
}

} // namespace

bool time_hands(App& app, const char* id, const ChartBox& box, const TimePlot& plot) {
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::InvisibleButton(id, {box.width, box.height},
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle);
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const TwoFingers& fingers = app.view.fingers;
    const bool over = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
    if (ImGui::IsItemActivated()) press(app, plot);
    if (fingers.down && fingers.at.y >= box.y && fingers.at.y < box.bottom() && plot.across(fingers.at.x))
        take_fingers(app, plot);
    else if (active)
        drag(app, plot);
    if (ImGui::IsItemDeactivated()) release(app, plot);
    if (over) take_wheel(app, plot, plot.at_s(pointer.x));
    const bool here = over && plot.across(pointer.x);
    if (here) app.view.crosshair_s = plot.at_s(pointer.x);
    return here;
}

void draw_marked(const App& app, const TimePlot& plot) {
    if (!app.view.marked) return;
    const float left = std::max(plot.x(app.view.marked->from_s), plot.box.x);
    const float right = std::min(plot.x(app.view.marked->to_s), plot.box.right());
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 color = app.view.theme.colors.accent;
    list->AddRectFilled({left, plot.box.y}, {right, plot.box.bottom()}, with_alpha(color, 0.16f));
    for (const float x : {left, right}) list->AddLine({x, plot.box.y}, {x, plot.box.bottom()}, color);
}

void draw_time_strip(App& app, const ChartBox& box, ChartTab tab) {
    constexpr float k_gap = 12, k_icon = 16, k_track_least = 60;
    const Theme& theme = app.view.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float words_y = std::round(box.y + (box.height - line_height(theme, TextStyle::label)) / 2);
    // The way back: the strip's whole height takes a press.
    const char* label = app.view.layout.narrow ? nullptr : app.word("chart.whole");
    const float width = label ? text_width(theme, TextStyle::label, label) + k_icon + 23 : box.height;
    float right = box.right() - width;
    ImGui::SetCursorScreenPos({right, box.y});
    const bool pressed = ImGui::InvisibleButton("whole", {width, box.height});
    const bool over = ImGui::IsItemHovered();
    const float inset = label ? 2.0f : 5.0f;
    const ImVec2 from{right, box.y + inset}, to{box.right(), box.bottom() - inset};
    list->AddRectFilled(from, to, theme.colors.raise, Theme::k_radius_small);
    list->AddRect(from, to, over ? theme.colors.faint : theme.colors.line, Theme::k_radius_small);
    const float icon_x = label ? right + 8 : right + (width - k_icon) / 2;
    draw_icon(list, theme, {icon_x, std::round(box.y + (box.height - k_icon) / 2)}, k_icon, theme.colors.text,
              icons::maximize);
    if (label)
        draw_text(list, theme, TextStyle::label, {icon_x + k_icon + 6, words_y}, theme.colors.text, label);
    help_on_hover(app, app.word("chart.whole_help"));

    std::string words = shown_words(app);
    const double step_s =
        tab == ChartTab::instances ? app.heat.every_s() : app.session.world().series().step_s;
    if (step_s > 1 && label)
        words += "   " + phrase("chart.every", app.view.language, {format_plain(step_s)});
    const float words_width = figure_width(theme, TextStyle::label, words);
    right -= k_gap;
    if (right - words_width - k_gap - box.x >= k_track_least) {
        draw_figure(list, theme, TextStyle::label, {right, words_y}, theme.colors.text, words, Align::right);
        right -= words_width + k_gap;
    }
    draw_track(app, {box.x, box.y, std::max(1.0f, right - box.x), box.height}, tab);
    if (pressed) app.zoom.show_all();
}

} // namespace scale::web
