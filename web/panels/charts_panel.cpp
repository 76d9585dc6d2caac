// What was measured, over simulated time: latency, rate, errors, busy, one by one or all at once; what was
// done stands on the same axis. The other faces of the region are in charts_faces.cpp.

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chart_data.hpp"
#include "chart_screen.hpp"
#include "charts_faces.hpp"
#include "charts_time.hpp"
#include "format.hpp"
#include "paint.hpp"
#include "panel.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr float k_strip_height = 48; // the row that the transport shares with the tabs
constexpr float k_side = 16;

bool wanted(const App&) { return true; }

// Only a node with several instances can show them.
bool offers(const App& app, ChartTab tab) {
    return tab != ChartTab::instances || app.heat.any(app.view.selected_node);
}

// What is shown: the tab that was chosen, or the first where that one has nothing to show now.
ChartTab shown_tab(const App& app) {
    return offers(app, app.view.chart_tab) ? app.view.chart_tab : ChartTab::latency;
}

void draw_tabs(App& app, const Rect& area) {
    std::vector<ChartTab> offered;
    std::vector<const char*> labels;
    int chosen = 0;
    for (ChartTab tab : k_chart_tabs) {
        if (!offers(app, tab)) continue;
        if (tab == shown_tab(app)) chosen = static_cast<int>(offered.size());
        offered.push_back(tab);
        labels.push_back(app.word(tab_key(tab)));
    }
    const float top = area.y + (app.view.layout.narrow ? k_strip_height : 10);
    const float right =
        app.view.layout.narrow ? area.x + k_side + tabs_width(app, labels) : area.x + area.width - k_side;
    const int pressed = tabs(app, "tabs", labels, chosen, {right, top});
    if (pressed != chosen) app.view.chart_tab = offered[static_cast<std::size_t>(pressed)];
}

// In a line over the chart, where there is no room for more.
std::string readout_line(const ChartReadout& readout) {
    std::string words;
    for (const std::string& text : readout.lines) words += (words.empty() ? "" : "   ") + text;
    return words;
}

void draw_readout(App& app, const ChartReadout& readout, ImVec2 at, float right_end) {
    const Theme& theme = app.view.theme;
    const float line = line_height(theme, TextStyle::label) + 2;
    float width = 60;
    for (const std::string& text : readout.lines)
        width = std::max(width, figure_width(theme, TextStyle::label, text) + 16);
    const float height = line * static_cast<float>(readout.lines.size() + 1) + 14;
    const ImVec2 box{at.x + 12 + width + 16 > right_end ? at.x - 28 - width : at.x + 12, at.y};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(box, {box.x + width + 16, box.y + height}, theme.colors.raise, Theme::k_radius_small);
    list->AddRect(box, {box.x + width + 16, box.y + height}, theme.colors.line, Theme::k_radius_small);
    float y = box.y + 7;
    std::string when = format_clock(readout.at_s);
    if (readout.step_s > 1) when += " – " + format_clock(readout.at_s + readout.step_s);
    draw_figure(list, theme, TextStyle::label, {box.x + 8, y}, theme.colors.mute, when);
    for (std::size_t i = 0; i < readout.lines.size(); ++i) {
        y += line;
        list->AddCircleFilled({box.x + 13, y + line * 0.5f - 1}, 3.5f, readout.colors[i], 16);
        draw_figure(list, theme, TextStyle::label, {box.x + 24, y}, theme.colors.text, readout.lines[i]);
    }
}

// In the middle of the plot: why there is nothing to see.
void draw_nothing(App& app, const ChartBox& box) {
    const Theme& theme = app.view.theme;
    const char* words = app.word("chart.empty");
    const float half = text_width(theme, TextStyle::label, words) / 2 + 6;
    const ImVec2 at{box.x + box.width * 0.5f, std::round(box.y + box.height * 0.45f)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled({at.x - half, at.y}, {at.x + half, at.y + line_height(theme, TextStyle::label)},
                        theme.colors.panel);
    draw_text(list, theme, TextStyle::label, at, theme.colors.mute, words, Align::center);
}

// Where the clock stands.
std::optional<float> playhead(const App& app, const TimePlot& time) {
    const double now_s = app.session.now_s();
    if (!time.shown.has(now_s)) return std::nullopt;
    return std::round(time.x(now_s)) + 0.5f;
}

// Waits are only known of what ends: where nothing does, the curve has a gap, and that says why. Beside the
// gap while it has no room yet, and beside the playhead.
void draw_gap_words(App& app, const TimePlot& time, int node) {
    const World& world = app.session.world();
    const ChartBox& plot = time.box;
    const Gap gap = longest_gap(node >= 0 ? world.series(node) : world.series(), time.shown);
    if (gap.end_s <= gap.start_s) return;
    const Theme& theme = app.view.theme;
    const float left = std::max(time.x(gap.start_s), plot.x),
                right = std::min(time.x(gap.end_s), plot.right());
    const char *longer = app.word("chart.nothing_long"), *words = app.word("chart.nothing");
    const std::optional<float> line = playhead(app, time);
    const float wanted = (left + right) / 2;
    float half = text_width(theme, TextStyle::axis, longer) / 2 + 4;
    std::optional<float> middle = free_middle(left, right, half, wanted, line);
    if (middle) {
        words = longer;
    } else {
        half = text_width(theme, TextStyle::axis, words) / 2 + 4;
        middle = free_middle(left, right, half, wanted, line);
        if (!middle && gap.still) middle = free_middle(plot.x, plot.right(), half, wanted, line);
    }
    if (!middle) return;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float y = plot.y + plot.height * 0.55f;
    list->AddRectFilled({*middle - half, y - 1}, {*middle + half, y + 15},
                        with_alpha(theme.colors.panel, 0.85f), 3);
    draw_text(list, theme, TextStyle::axis, {*middle, y}, theme.colors.bad, words, Align::center);
}

// Stronger while the run has been farther than the clock.
void draw_now(App& app, const TimePlot& time, bool strip) {
    const std::optional<float> x = playhead(app, time);
    if (!x || app.session.now_s() >= app.session.farthest_s()) return;
    const float top = time.box.y;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 color = app.view.theme.colors.accent;
    list->AddLine({*x, top}, {*x, time.box.bottom()}, color, 1.5f);
    if (!strip) list->AddTriangleFilled({*x - 5, top}, {*x + 5, top}, {*x, top + 7}, color);
}

// Of one of several charts: what it shows, and once of what.
std::string small_name(const App& app, ChartTab tab) {
    const int node = app.view.selected_node;
    const std::string name = app.word(tab_key(tab));
    return node >= 0 && tab == ChartTab::latency ? name + " \xC2\xB7 " + app.label(node) : name;
}

// What a strip shows, and its figures at the crosshair, else the latest; as many as have room.
void draw_strip_words(App& app, const ChartData& data, const ChartReadout& read, const ChartBox& plot,
                      ChartTab tab) {
    const Theme& theme = app.view.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::string name = small_name(app, tab);
    const float room = plot.width * 0.96f - text_width(theme, TextStyle::axis, name) - 16;
    ChartReadout readout = read;
    if (readout.lines.empty()) readout = read_chart(data, data.now_s - 1.5 * data.step_s);
    std::string words;
    for (const std::string& line : readout.lines) {
        const std::string longer = words.empty() ? line : words + "   " + line;
        if (figure_width(theme, TextStyle::axis, longer) > room) break;
        words = longer;
    }
    const auto lay = [&](float left, float width) {
        list->AddRectFilled({left - 3, plot.y + 1}, {left + width + 3, plot.y + 15},
                            with_alpha(theme.colors.panel, 0.9f), 3);
    };
    lay(plot.x + 4, text_width(theme, TextStyle::axis, name));
    draw_text(list, theme, TextStyle::axis, {plot.x + 4, plot.y + 1}, theme.colors.mute, name);
    if (words.empty()) return;
    const float width = figure_width(theme, TextStyle::axis, words);
    lay(plot.right() - 4 - width, width);
    draw_figure(list, theme, TextStyle::axis, {plot.right() - 4, plot.y + 1}, theme.colors.text, words,
                Align::right);
}

// Over a chart, where its marks have their labels: of what it is, and for a small one the figures at the
// crosshair.
void draw_head_words(App& app, const ChartData& data, const ChartBox& plot, const std::string& name,
                     const std::string& figures) {
    const Theme& theme = app.view.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float top = plot.y - 19;
    const auto lay = [&](float left, float right) {
        list->AddRectFilled({left, top + 1}, {right, plot.y - 3}, theme.colors.panel);
    };
    if (!name.empty()) lay(plot.x - 4, plot.x + data.marks_start);
    draw_text(list, theme, TextStyle::axis, {plot.x, top}, theme.colors.mute, name);
    if (figures.empty()) return;
    lay(plot.right() - data.marks_end, plot.right() + 8);
    draw_figure(list, theme, TextStyle::axis, {plot.right(), top}, theme.colors.text, figures, Align::right);
}

// One chart in its box. The crosshair stands at the same moment in every chart that is shown.
void draw_curves(App& app, ChartTab tab, const ChartBox& box, bool small,
                 ChartShape shape = ChartShape::full) {
    constexpr double k_near = 5; // CSS pixels from a mark
    const Theme& theme = app.view.theme;
    const int node = app.view.selected_node;
    const Stretch shown = app.zoom.shown();
    ChartData data = chart_data(app.session, theme.colors, app.view.language, tab, node, shown,
                                small ? nullptr : app.known_outlook());
    data.shape = shape;
    ScreenCanvas canvas(ImGui::GetWindowDrawList(), theme);
    const ChartBox plot = plot_area(canvas, data, box);
    const TimePlot time{plot, shown};
    const bool here = time_hands(app, tab_key(tab), box, time);
    std::optional<float> crosshair;
    ChartReadout readout;
    if (app.view.crosshair_s >= 0) {
        crosshair = time.x(app.view.crosshair_s);
        const bool names = shape == ChartShape::full; // a strip has room for its figures only
        readout = read_chart(data, app.view.crosshair_s, names ? time.pixel_s() * k_near : -1);
    }
    const std::string name = small ? small_name(app, tab) : node >= 0 ? app.label(node) : "";
    const std::string figures = small ? readout_line(readout) : "";
    if (!name.empty()) data.marks_start = text_width(theme, TextStyle::axis, name) + 8;
    if (!figures.empty()) data.marks_end = figure_width(theme, TextStyle::axis, figures) + 8;
    draw_chart(canvas, data, chart_colors(theme), box, crosshair);
    if (!app.session.started()) draw_nothing(app, plot);
    if (app.session.started() && tab == ChartTab::latency) draw_gap_words(app, time, node);
    draw_now(app, time, shape != ChartShape::full);
    draw_marked(app, time);
    if (shape != ChartShape::full)
        draw_strip_words(app, data, readout, plot, tab);
    else
        draw_head_words(app, data, plot, name, figures);
    if (!small && here && !readout.lines.empty())
        draw_readout(app, readout, {*crosshair, plot.y}, plot.right());
}

// On a phone as strips under each other, which share the time and the finger.
void draw_strips(App& app, const ChartBox& box) {
    constexpr float k_times = 14;
    const float height = (box.height - k_times) / 4;
    for (int i = 0; i < 4; ++i)
        draw_curves(
            app, k_chart_tabs[i],
            {box.x, box.y + static_cast<float>(i) * height, box.width, height + (i == 3 ? k_times : 0)}, true,
            i == 3 ? ChartShape::last_strip : ChartShape::strip);
}

void draw_all(App& app, const ChartBox& box) {
    if (app.view.layout.narrow) return draw_strips(app, box);
    constexpr float k_gap = 12;
    const float width = (box.width - k_gap) / 2, height = (box.height - 4) / 2;
    for (int i = 0; i < 4; ++i)
        draw_curves(app, k_chart_tabs[i],
                    {box.x + static_cast<float>(i % 2) * (width + k_gap),
                     box.y + static_cast<float>(i / 2) * (height + 4), width, height},
                    true);
}

void draw(App& app, const Rect& area) {
    draw_tabs(app, area);
    const float top = k_strip_height + (app.view.layout.narrow ? 32.0f : 4.0f);
    const ChartTab tab = shown_tab(app);
    const float strip = app.time_strip_height();
    const ChartBox box{area.x + k_side, area.y + top, area.width - 2 * k_side,
                       area.height - top - std::max(k_charts_below, strip)};
    if (box.height < 40 || box.width < 60) return;
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const bool over = ImGui::IsWindowHovered() && pointer.y >= box.y && pointer.y < box.bottom();
    if (!over) app.view.crosshair_s = -1;
    if (tab == ChartTab::spread) {
        draw_spread_face(app, box);
        return;
    }
    if (app.session.empty()) return draw_nothing(app, box);
    if (tab == ChartTab::instances)
        draw_heat_face(app, box);
    else if (tab == ChartTab::all)
        draw_all(app, box);
    else
        draw_curves(app, tab, box, false);
    if (strip > 0) draw_time_strip(app, {box.x, box.bottom() + 1, box.width, strip - 2}, tab);
}

} // namespace

extern const Panel k_charts_panel;
const Panel k_charts_panel{"charts", Region::charts, false, 0, wanted, draw};

} // namespace scale::web
