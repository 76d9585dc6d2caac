#include "inspector.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "format.hpp"
#include "icons.hpp"
#include "imgui_internal.h"
#include "paint.hpp"
#include "status.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr double k_digest_every_s = 0.5;

void set_param(App& app, int node, int edge, std::size_t param, double value) {
    Command command;
    command.verb = find_verb(node >= 0 ? node_verbs() : edge_verbs(), "set");
    command.node = node;
    command.edge = edge;
    command.settings.push_back({static_cast<std::uint8_t>(param), value});
    app.command(std::move(command));
}

double designed_value(const App& app, int node, int edge, std::size_t param) {
    const Scenario& scenario = app.session.scenario();
    const std::vector<double>& values = node >= 0 ? scenario.nodes[static_cast<std::size_t>(node)].values
                                                  : scenario.edges[static_cast<std::size_t>(edge)].values;
    return param < values.size() ? values[param] : 0;
}

// What the other parameters of the node leave of the range of this one, as they are now.
ParamBounds bounds_of(const App& app, std::span<const ParamRecord> params, int node, std::size_t param) {
    ParamBounds out;
    if (node < 0) return out;
    const World& world = app.session.world();
    const std::string_view id = params[param].id, below = params[param].not_below;
    for (std::size_t i = 0; i < params.size(); ++i) {
        if (below.empty() && params[i].not_below[0] == 0) continue; // nearly all of them
        if (below == params[i].id) {
            out.low = &params[i];
            out.least = world.value(node, static_cast<int>(i));
        }
        if (id == params[i].not_below) {
            out.high = &params[i];
            out.most = world.value(node, static_cast<int>(i));
        }
    }
    return out;
}

// Figures that a verb takes, as they stand in its open popup.
struct Asked {
    const VerbRecord* verb = nullptr;
    std::vector<double> values;
};
Asked g_asked;

// There is nothing to restore where everything is as it should be.
bool is_whole(const App& app, int node, int edge) {
    const World& world = app.session.world();
    if (node < 0) return !world.edge_cut(edge);
    const NodeNow now = world.node_now(node);
    return now.state == InstanceState::up && now.instances_up == now.instances;
}

Command verb_command(const VerbRecord& verb, int node, int edge, const std::vector<double>& values) {
    Command command;
    command.verb = &verb;
    command.node = node;
    command.edge = edge;
    for (std::size_t i = 0; i < values.size(); ++i)
        command.settings.push_back({static_cast<std::uint8_t>(i), values[i]});
    return command;
}

void ask_first(App& app, const VerbRecord& verb, int node, int edge) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {16, 12});
    ImGui::SetNextWindowSize({for_fingers(app) ? 304.0f : 272.0f, 0});
    if (ImGui::BeginPopup("ask", ImGuiWindowFlags_NoMove)) {
        heading(app, pick(verb.name, app.view.language));
        for (std::size_t i = 0; i < verb.params.size() && i < g_asked.values.size(); ++i)
            param_row(app, verb.params[i], g_asked.values[i], verb.params[i].fallback);
        space(8);
        if (button(app, "apply", app.word("inspector.apply"), nullptr, ButtonStyle::primary)) {
            app.command(verb_command(verb, node, edge, g_asked.values));
            ImGui::CloseCurrentPopup();
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

void press_verb(App& app, const VerbRecord& verb, int node, int edge) {
    if (verb.params.empty()) {
        app.command(verb_command(verb, node, edge, {}));
        return;
    }
    g_asked.verb = &verb;
    g_asked.values.clear();
    for (const ParamRecord& param : verb.params) g_asked.values.push_back(param.fallback);
    ImGui::OpenPopup("ask");
}

std::string spaced_digest(std::uint64_t digest) {
    constexpr char k_hex[] = "0123456789abcdef";
    std::string out;
    for (int place = 60; place >= 0; place -= 4) {
        out += k_hex[digest >> place & 15];
        if (place % 16 == 0 && place > 0) out += ' ';
    }
    return out;
}

} // namespace

const VerbRecord* find_verb(std::span<const VerbRecord> verbs, std::string_view id) {
    for (const VerbRecord& verb : verbs)
        if (id == verb.id) return &verb;
    return nullptr;
}

void param_rows(App& app, std::span<const ParamRecord> params, int node, int edge) {
    const World& world = app.session.world();
    bool first = true;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const std::string_view section = pick(params[i].section, app.view.language);
        if (!section.empty()) {
            if (!first) space(14);
            heading(app, section);
        }
        first = false;
        const int index = static_cast<int>(i);
        double value = node >= 0 ? world.value(node, index) : world.edge_value(edge, index);
        if (param_row(app, params[i], value, designed_value(app, node, edge, i),
                      bounds_of(app, params, node, i)))
            set_param(app, node, edge, i, value);
    }
}

void verb_buttons(App& app, std::span<const VerbRecord> verbs, int node, int edge) {
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    bool first = true;
    for (const VerbRecord& verb : verbs) {
        if (std::string_view(verb.id) == "set") continue;
        const char* name = pick(verb.name, app.view.language);
        if (!first) {
            ImGui::SameLine(0, 8);
            if (ImGui::GetCursorScreenPos().x + button_width(app, name, false) > right) {
                ImGui::NewLine();
                space(8);
            }
        }
        first = false;
        ImGui::PushID(verb.id);
        const bool mends = std::string_view(verb.id) == "restore";
        ImGui::BeginDisabled(mends && is_whole(app, node, edge));
        if (button(app, "verb", name, nullptr, mends ? ButtonStyle::quiet : ButtonStyle::danger,
                   pick(verb.help, app.view.language)))
            press_verb(app, verb, node, edge);
        ImGui::EndDisabled();
        if (g_asked.verb == &verb) ask_first(app, verb, node, edge);
        ImGui::PopID();
    }
}

namespace {

constexpr Latency k_no_latency{k_unknown, k_unknown, k_unknown, k_unknown, k_unknown, k_unknown, k_unknown};

// "41.8 ms ±0.6": the unit once where both have the same.
std::string with_interval(double measured, double half, std::string (*format)(double)) {
    const std::string value = format(measured);
    if (!(half > 0)) return value;
    std::string wide = format(half);
    if (wide.find_first_of("123456789") == std::string::npos) return value;
    const std::size_t unit = wide.rfind(' '), own = value.rfind(' ');
    if (unit != std::string::npos && own != std::string::npos && wide.substr(unit) == value.substr(own))
        wide.resize(unit);
    return value + " \xC2\xB1" + wide;
}

} // namespace

Totals sampled(Totals totals) {
    const Counts& requests = totals.requests;
    if (requests.completed == 0) totals.latency_ms = k_no_latency;
    if (requests.offered == requests.in_flight) totals.availability = k_unknown; // none has ended
    if (!(totals.measured_s > 0)) totals.throughput_per_s = k_unknown;
    return totals;
}

NodeTotals sampled(NodeTotals totals, double measured_s) {
    if (totals.completed == 0) {
        totals.wait_ms_mean = k_unknown;
        totals.latency_ms = k_no_latency;
    }
    if (!(measured_s > 0))
        totals.utilization = totals.workers_busy = totals.queue_mean = totals.in_flight_mean =
            totals.throughput_per_s = k_unknown;
    return totals;
}

void latency_rows(App& app, const Latency& latency, const Latency* theory) {
    const LatencyHalves halves = app.tail.halves();
    const struct {
        const char* name;
        double Latency::*figure;
        double half;
    } rows[] = {{app.word("metric.mean"), &Latency::mean, halves.mean},
                {"p50", &Latency::p50, halves.p50},
                {"p90", &Latency::p90, halves.p90},
                {"p99", &Latency::p99, halves.p99},
                {"p99.9", &Latency::p999, halves.p999},
                {app.word("metric.max"), &Latency::max, k_unknown}};
    if (theory) beside_head(app);
    for (const auto& row : rows) {
        const bool known = row.figure != &Latency::max;
        const char* help = row.half > 0 ? app.word("inspector.interval_help") : "";
        if (!theory) {
            figure_row(app, row.name, with_interval(latency.*row.figure, row.half, format_milliseconds), 0,
                       help);
            continue;
        }
        beside_row(app, row.name, {latency.*row.figure, known ? theory->*row.figure : k_unknown, row.half},
                   format_milliseconds, help);
    }
}

namespace {

constexpr float k_theory_room = 74; // the right column, CSS pixels

std::string theory_words(double value, std::string (*format)(double)) {
    if (std::isnan(value)) return {};
    return std::isinf(value) ? "\xE2\x88\x9E" : format(value);
}

} // namespace

void beside_head(App& app) {
    const Theme& theme = app.view.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float right = at.x + ImGui::GetContentRegionAvail().x;
    ImDrawList* list = ImGui::GetWindowDrawList();
    draw_text(list, theme, TextStyle::axis, {right, at.y}, theme.colors.accent, app.word("inspector.theory"),
              Align::right);
    draw_text(list, theme, TextStyle::axis, {right - k_theory_room, at.y}, theme.colors.mute,
              app.word("inspector.measured"), Align::right);
    ImGui::Dummy({1, line_height(theme, TextStyle::axis) + 2});
}

void beside_row(App& app, std::string_view label, Beside figure, std::string (*format)(double),
                std::string_view help) {
    const Theme& theme = app.view.theme;
    const Palette& colors = theme.colors;
    constexpr float k_height = 31;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, right = at.x + width;
    ImGui::Dummy({width, k_height});
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float y = std::round(at.y + (k_height - line_height(theme, TextStyle::label)) * 0.5f);
    const std::string whole = with_interval(figure.measured, figure.half, format);
    const float room = width - k_theory_room - 8 - text_width(theme, TextStyle::label, label);
    const bool fits = figure_width(theme, TextStyle::label, whole) <= room;
    const std::string measured = fits ? whole : format(figure.measured);
    const float used = draw_figure(list, theme, TextStyle::label, {right - k_theory_room, y}, colors.text,
                                   measured, Align::right);
    draw_figure(list, theme, TextStyle::label, {right, y}, colors.accent, theory_words(figure.theory, format),
                Align::right);
    draw_fitted(list, theme, TextStyle::label, {at.x, y}, colors.text, label,
                width - k_theory_room - used - 8);
    const float bottom = std::floor(at.y + k_height) - 0.5f;
    list->AddLine({at.x, bottom}, {right, bottom}, colors.line);
    if (!fits) help_on_hover(app, whole + ". " + std::string(help));
    if (fits && !help.empty()) help_on_hover(app, help);
}

double half_width(const App& app, const Series& series, float Point::*figure) {
    constexpr std::size_t k_stretches = 10;
    constexpr double k_student_9 = 2.262; // 97.5 % of Student's t with 9 degrees of freedom
    const double skipped = (app.session.scenario().warmup_s - series.start_s) / series.step_s;
    const auto first = static_cast<std::size_t>(std::ceil(std::max(0.0, skipped)));
    if (series.points.size() < first + 3 * k_stretches) return k_unknown;
    const std::size_t each = (series.points.size() - first) / k_stretches;
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < k_stretches; ++i) {
        double mean = 0;
        for (std::size_t point = 0; point < each; ++point)
            mean += static_cast<double>(series.points[first + i * each + point].*figure);
        mean /= static_cast<double>(each);
        sum += mean;
        squares += mean * mean;
    }
    constexpr double k_count = k_stretches;
    const double variance = std::max(0.0, (squares - sum * sum / k_count) / (k_count - 1));
    return k_student_9 * std::sqrt(variance / k_count);
}

void digest_line(App& app) {
    struct Kept {
        std::uint64_t revision = 0, digest = 0;
        double at_s = -1;
    };
    static Kept kept;
    const Session& session = app.session;
    if (session.empty()) return;
    const bool due =
        !session.playing() || app.view.ui_s - kept.at_s >= k_digest_every_s || app.view.ui_s < kept.at_s;
    if (kept.revision != session.revision() && due)
        kept = {session.revision(), session.world().digest(), app.view.ui_s};
    const Theme& theme = app.view.theme;
    space(18);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const std::string text = std::string(app.word("inspector.digest")) + " " + spaced_digest(kept.digest);
    draw_figure(ImGui::GetWindowDrawList(), theme, TextStyle::label, at, theme.colors.faint, text);
    ImGui::Dummy({ImGui::GetContentRegionAvail().x, line_height(theme, TextStyle::label)});
    help_on_hover(app, app.word("inspector.digest_help"));
}

void close_button(App& app, const Rect& area) {
    const ImVec2 back = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({area.x + area.width - 20 - 28, back.y - 4});
    if (button(app, "close", nullptr, icons::x, ButtonStyle::bare, app.word("inspector.close"))) {
        app.select(-1);
        app.view.inspector_open = false;
    }
    ImGui::SetCursorScreenPos(back);
}

std::string state_words(const App& app, const NodeNow& now) {
    constexpr const char* k_keys[] = {"state.up",      "state.slow",     "state.ejected",
                                      "state.booting", "state.draining", "state.dead"};
    const std::string word = app.word(k_keys[static_cast<int>(now.state)]);
    if (now.state == InstanceState::up && now.instances_up == now.instances) {
        const Health health = node_health(now);
        return health == Health::broken     ? app.word("state.saturated")
               : health == Health::strained ? app.word("state.busy")
                                            : word;
    }
    if (now.instances <= 1 || now.instances_up == now.instances) return word;
    return phrase("state.some_up", app.view.language,
                  {std::to_string(now.designed_up()), std::to_string(now.designed())});
}

} // namespace scale::web
