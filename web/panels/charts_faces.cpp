#include "charts_faces.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "chart_screen.hpp"
#include "charts_time.hpp"
#include "format.hpp"
#include "paint.hpp"
#include "spread.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr float k_axis = 40, k_heat_top = 18, k_heat_bottom = 18;
constexpr int k_shades = 8; // of the share in use; neighbours of one shade are drawn as one

void draw_words_in(App& app, const ChartBox& box, const char* key) {
    draw_text(ImGui::GetWindowDrawList(), app.view.theme, TextStyle::label,
              {box.x + box.width * 0.5f, box.y + box.height * 0.45f}, app.view.theme.colors.mute,
              app.word(key), Align::center);
}

int shade_of(std::uint8_t cell) {
    return cell > heat_most ? cell : std::min(k_shades - 1, cell * k_shades / (heat_most + 1));
}

ImU32 shade_color(const Palette& colors, int shade) {
    if (shade == heat_dead) return with_alpha(colors.bad, 0.35f);
    if (shade > heat_most) return with_alpha(colors.warn, 0.3f);
    if (shade == k_shades - 1) return colors.warn;
    return with_alpha(colors.ok, 0.08f + 0.9f * static_cast<float>(shade) / (k_shades - 1));
}

// What is not up is told by a sign as well: a cross for dead, a line for the others.
void draw_run(ImDrawList* list, const Palette& colors, ImVec2 from, ImVec2 to, int shade) {
    if (shade == heat_none) return;
    list->AddRectFilled(from, to, shade_color(colors, shade));
    if (shade <= heat_most) return;
    const float middle = (from.y + to.y) / 2, half = std::min(3.0f, (to.y - from.y) * 0.35f);
    const ImU32 ink = shade == heat_dead ? colors.bad : colors.warn;
    if (shade != heat_dead) {
        list->AddLine({from.x, middle}, {to.x, middle}, ink);
        return;
    }
    for (float x = from.x + 6; x < to.x - 3; x += 16) {
        list->AddLine({x - half, middle - half}, {x + half, middle + half}, ink, 1.2f);
        list->AddLine({x - half, middle + half}, {x + half, middle - half}, ink, 1.2f);
    }
}

struct HeatPlot {
    TimePlot time;
    std::size_t rows;
    const ChartBox& box() const { return time.box; }
    float x(double at_s) const { return std::clamp(time.x(at_s), time.box.x, time.box.right()); }
    float y(std::size_t row) const {
        return time.box.y + time.box.height * static_cast<float>(row) / static_cast<float>(rows);
    }
};

void draw_row(ImDrawList* list, const Palette& colors, const HeatPlot& plot,
              const std::vector<HeatColumn>& columns, std::size_t row, double every_s) {
    const float gap = plot.box().height / static_cast<float>(plot.rows) > 5 ? 1.0f : 0.0f;
    std::size_t first = 0;
    while (first < columns.size()) {
        const int shade = shade_of(columns[first].cell(row));
        std::size_t last = first;
        while (last + 1 < columns.size() && shade_of(columns[last + 1].cell(row)) == shade) ++last;
        const double end = last + 1 < columns.size() ? columns[last + 1].at_s : columns[last].at_s + every_s;
        const float left = plot.x(columns[first].at_s), right = plot.x(end);
        if (right > left) draw_run(list, colors, {left, plot.y(row)}, {right, plot.y(row + 1) - gap}, shade);
        first = last + 1;
    }
}

// Returns where the line over the map is free.
float draw_heat_axes(App& app, const HeatPlot& plot) {
    ScreenCanvas canvas(ImGui::GetWindowDrawList(), app.view.theme);
    const Palette& colors = app.view.theme.colors;
    const std::size_t step = std::max<std::size_t>(1, (plot.rows + 7) / 8);
    for (std::size_t row = 0; row < plot.rows; row += step)
        canvas.text({plot.box().x - 8, (plot.y(row) + plot.y(row + 1)) / 2 - 6.5f}, ChartAnchor::right,
                    colors.mute, "#" + std::to_string(row + 1));
    draw_times(canvas, plot.box(), plot.time.shown.from_s, plot.time.shown.to_s, colors.mute);
    // Which shade is which.
    ImDrawList* list = ImGui::GetWindowDrawList();
    float x = plot.box().x;
    const float y = plot.box().y - k_heat_top;
    x += draw_text(list, app.view.theme, TextStyle::axis, {x, y}, colors.mute, app.word("chart.heat_idle")) +
         6;
    for (int shade = 0; shade < k_shades; ++shade, x += 12)
        list->AddRectFilled({x, y + 3}, {x + 11, y + 11}, shade_color(colors, shade));
    x += 6;
    return x + 24 +
           draw_text(list, app.view.theme, TextStyle::axis, {x, y}, colors.mute, app.word("chart.heat_busy"));
}

const char* cell_word(std::uint8_t cell) {
    switch (cell) {
    case heat_ejected: return "state.ejected";
    case heat_draining: return "state.draining";
    case heat_booting: return "state.booting";
    default: return "state.dead";
    }
}

// What stands under the pointer, in a line over the map. Returns where the line is free.
float draw_cell_words(App& app, const HeatPlot& plot, const std::vector<HeatColumn>& columns, float x) {
    const double at_s = app.view.crosshair_s;
    const float y = ImGui::GetIO().MousePos.y;
    const auto later = std::find_if(columns.begin(), columns.end(),
                                    [at_s](const HeatColumn& column) { return column.at_s > at_s; });
    if (later == columns.begin() || at_s > app.session.farthest_s() || y < plot.box().y ||
        y >= plot.box().bottom())
        return x;
    const auto row =
        static_cast<std::size_t>((y - plot.box().y) / plot.box().height * static_cast<float>(plot.rows));
    const std::uint8_t cell = std::prev(later)->cell(row);
    if (cell == heat_none) return x;
    std::string when = format_clock(at_s);
    if (const double every_s = app.heat.every_s(); every_s > 1)
        when = format_clock(std::prev(later)->at_s) + " – " + format_clock(std::prev(later)->at_s + every_s);
    const std::string state = cell <= heat_most ? format_percent(cell / 100.0) : app.word(cell_word(cell));
    return x + 16 +
           draw_figure(ImGui::GetWindowDrawList(), app.view.theme, TextStyle::axis,
                       {x, plot.box().y - k_heat_top}, app.view.theme.colors.text,
                       when + "   #" + std::to_string(row + 1) + "   " + state);
}

} // namespace

void draw_spread_face(App& app, const ChartBox& box) {
    const Theme& theme = app.view.theme;
    const Spread spread = app.session.empty()
                              ? Spread{}
                              : spread_of(app.session.world(), theme.colors.text, theme.colors.accent);
    if (spread.shares.empty()) {
        const bool none = app.session.empty() || !app.session.started();
        draw_words_in(app, box, none ? "chart.empty" : "chart.nothing");
        return;
    }
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::InvisibleButton("spread", {box.width, box.height});
    ScreenCanvas canvas(ImGui::GetWindowDrawList(), theme);
    draw_spread(canvas, spread, chart_colors(theme), with_alpha(theme.colors.ok, 0.55f), box);
    const ChartBox plot = spread_area(box);
    const SpreadReadout readout =
        ImGui::IsItemHovered() ? read_spread(spread, box, ImGui::GetIO().MousePos.x) : SpreadReadout{};
    std::string words =
        phrase("chart.answered", app.view.language, {format_count(static_cast<double>(spread.count))});
    if (readout.any)
        words = format_milliseconds(readout.from_ms) + " – " + format_milliseconds(readout.to_ms) + "  " +
                format_percent(readout.share) + "   \xE2\x89\xA4 " + format_percent(readout.below);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float wide = figure_width(theme, TextStyle::axis, words);
    list->AddRectFilled({plot.right() - wide - 4, plot.y + 1}, {plot.right() + 4, plot.y + 17},
                        with_alpha(theme.colors.panel, 0.9f), 3); // percentiles may stand there
    draw_figure(list, theme, TextStyle::axis, {plot.right(), plot.y + 2}, theme.colors.mute, words,
                Align::right);
}

void draw_heat_face(App& app, const ChartBox& box) {
    const std::vector<HeatColumn>& columns = app.heat.of(app.view.selected_node);
    std::size_t rows = 0;
    for (const HeatColumn& column : columns) rows = std::max(rows, column.sum.size());
    if (rows == 0) {
        draw_words_in(app, box, app.view.selected_node < 0 ? "chart.no_instances" : "chart.no_samples");
        return;
    }
    const HeatPlot plot{{{box.x + k_axis, box.y + k_heat_top, box.width - k_axis - 8,
                          box.height - k_heat_top - k_heat_bottom},
                         app.zoom.shown()},
                        rows};
    const bool here = time_hands(app, "heat", box, plot.time);
    for (std::size_t row = 0; row < rows; ++row)
        draw_row(ImGui::GetWindowDrawList(), app.view.theme.colors, plot, columns, row, app.heat.every_s());
    float free_x = draw_heat_axes(app, plot);
    const auto line = [&](double at_s, ImU32 color, float width) {
        const float x = std::round(plot.x(at_s)) + 0.5f;
        if (plot.time.shown.has(at_s))
            ImGui::GetWindowDrawList()->AddLine({x, plot.box().y}, {x, plot.box().bottom()}, color, width);
    };
    line(app.session.now_s(), app.view.theme.colors.text, 1.5f);
    draw_marked(app, plot.time);
    if (here) {
        line(app.view.crosshair_s, app.view.theme.colors.mute, 1);
        free_x = draw_cell_words(app, plot, columns, free_x);
    }
    const std::string& name = app.label(app.view.selected_node);
    if (free_x + text_width(app.view.theme, TextStyle::axis, name) <= plot.box().right())
        draw_text(ImGui::GetWindowDrawList(), app.view.theme, TextStyle::axis, {plot.box().right(), box.y},
                  app.view.theme.colors.mute, name, Align::right);
}

} // namespace scale::web
