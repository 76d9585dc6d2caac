// What was measured, over simulated time: latency, rate, errors, busy; what was done stands on the same axis.

#include <algorithm>
#include <cmath>
#include <string>

#include "chart_data.hpp"
#include "chart_screen.hpp"
#include "format.hpp"
#include "paint.hpp"
#include "panel.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr float k_strip_height = 48; // the row that the transport shares with the tabs
constexpr float k_side = 16;

bool wanted(const App&) { return true; }

void draw_tabs(App& app, const Rect& area) {
    const char* labels[std::size(k_chart_tabs)];
    for (std::size_t i = 0; i < std::size(k_chart_tabs); ++i) labels[i] = app.word(tab_key(k_chart_tabs[i]));
    const float top = area.y + (app.view.layout.narrow ? k_strip_height : 10);
    const float right =
        app.view.layout.narrow ? area.x + k_side + tabs_width(app, labels) : area.x + area.width - k_side;
    const int chosen = tabs(app, "tabs", labels, static_cast<int>(app.view.chart_tab), {right, top});
    app.view.chart_tab = k_chart_tabs[static_cast<std::size_t>(chosen)];
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
    draw_figure(list, theme, TextStyle::label, {box.x + 8, y}, theme.colors.mute, format_clock(readout.at_s));
    for (std::size_t i = 0; i < readout.lines.size(); ++i) {
        y += line;
        list->AddCircleFilled({box.x + 13, y + line * 0.5f - 1}, 3.5f, readout.colors[i], 16);
        draw_figure(list, theme, TextStyle::label, {box.x + 24, y}, theme.colors.text, readout.lines[i]);
    }
}

void draw_subject(App& app, const Rect& area, int node) {
    if (node < 0) return;
    const Theme& theme = app.view.theme;
    draw_text(ImGui::GetWindowDrawList(), theme, TextStyle::axis, {area.x + area.width - 8, area.y - 1},
              theme.colors.mute, app.label(node), Align::right);
}

void draw_empty(App& app, const ChartBox& box) {
    const Theme& theme = app.view.theme;
    draw_text(ImGui::GetWindowDrawList(), theme, TextStyle::label,
              {box.x + box.width * 0.5f, box.y + box.height * 0.45f}, theme.colors.faint,
              app.word("chart.empty"), Align::center);
}

// Where the clock stands, while the run has been farther than that.
void draw_now(App& app, const ChartData& data, const ChartBox& plot) {
    if (app.session.now_s() >= app.session.farthest_s()) return;
    const double share = (app.session.now_s() - data.x_least_s) / (data.x_most_s - data.x_least_s);
    const float x = std::round(plot.x + static_cast<float>(share) * plot.width) + 0.5f;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 color = app.view.theme.colors.accent;
    list->AddLine({x, plot.y}, {x, plot.bottom()}, color, 1.5f);
    list->AddTriangleFilled({x - 5, plot.y}, {x + 5, plot.y}, {x, plot.y + 7}, color);
}

// Pressed or dragged, the plot takes the run to that moment; never farther than it has been.
void travel(App& app, const ChartData& data, const ChartBox& plot) {
    if (!ImGui::IsItemActive() || !ImGui::IsMouseDown(ImGuiMouseButton_Left) || app.session.empty()) return;
    const double share = static_cast<double>((ImGui::GetIO().MousePos.x - plot.x) / plot.width);
    const double wanted = data.x_least_s + share * (data.x_most_s - data.x_least_s);
    const double to_s = std::clamp(wanted, 0.0, app.session.farthest_s());
    const double pixel_s = (data.x_most_s - data.x_least_s) / static_cast<double>(plot.width);
    if (std::abs(to_s - app.session.now_s()) < pixel_s) return;
    app.session.pause();
    app.seek(to_s);
}

void draw(App& app, const Rect& area) {
    draw_tabs(app, area);
    const float top = k_strip_height + (app.view.layout.narrow ? 32.0f : 4.0f);
    const ChartBox box{area.x + k_side, area.y + top, area.width - 2 * k_side, area.height - top - 10};
    if (box.height < 40 || box.width < 60) return;
    const int node = app.view.selected_node;
    const ChartData data =
        chart_data(app.session, app.view.theme.colors, app.view.language, app.view.chart_tab, node);
    ScreenCanvas canvas(ImGui::GetWindowDrawList(), app.view.theme);
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::InvisibleButton("plot", {box.width, box.height});
    const ChartBox plot = plot_area(canvas, data, box);
    std::optional<float> crosshair;
    const float x = ImGui::GetIO().MousePos.x;
    if (ImGui::IsItemHovered() && x >= plot.x && x <= plot.right()) crosshair = x;
    draw_chart(canvas, data, chart_colors(app.view.theme), box, crosshair);
    draw_subject(app, {box.x, box.y, box.width, box.height}, node);
    if (!app.session.started()) draw_empty(app, plot);
    draw_now(app, data, plot);
    travel(app, data, plot);
    if (!crosshair) return;
    const double share = static_cast<double>((*crosshair - plot.x) / plot.width);
    const ChartReadout readout = read_chart(data, data.x_least_s + share * (data.x_most_s - data.x_least_s));
    if (!readout.lines.empty()) draw_readout(app, readout, {*crosshair, plot.y}, plot.right());
}

} // namespace

extern const Panel k_charts_panel;
const Panel k_charts_panel{"charts", Region::charts, false, 0, wanted, draw};

} // namespace scale::web
