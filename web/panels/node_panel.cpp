// The inspector of a node: how it is, how to break it, what it is set to, what it did.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "format.hpp"
#include "icons.hpp"
#include "inspector.hpp"
#include "paint.hpp"
#include "scale/insight.hpp"
#include "status.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr std::uint32_t k_instances_shown = 48;

bool wanted(const App& app) { return app.view.selected_node >= 0 && !app.session.empty(); }

ImU32 health_color(const Theme& theme, Health health) {
    if (health == Health::broken) return theme.colors.bad;
    return health == Health::strained ? theme.colors.warn : 0;
}

void now_rows(App& app, int node) {
    const World& world = app.session.world();
    const NodeNow now = world.node_now(node);
    const Theme& theme = app.view.theme;
    const ImU32 ink = health_color(theme, node_health(now));
    const bool unwell = ink != 0;
    const bool busy = now.busy_last_s >= k_busy_strained;
    figure_row(app, app.word("metric.state"), state_words(app, now), unwell ? ink : 0, {},
               !unwell                   ? nullptr
               : ink == theme.colors.bad ? icons::x
                                         : icons::triangle_alert);
    figure_row(app, app.word("metric.busy"), format_percent(now.busy_last_s), busy ? ink : 0,
               app.word("metric.busy_help"));
    figure_row(app, app.word("metric.queue"), format_count(static_cast<double>(now.queue)), 0,
               app.word("metric.queue_help"));
    figure_row(app, app.word("metric.rate"), format_rate(now.rate_per_s), 0, app.word("metric.rate_help"));
    if (now.failed_per_s > 0)
        figure_row(app, app.word("metric.failed"), format_rate(now.failed_per_s), theme.colors.bad,
                   app.word("metric.failed_help"));
}

std::string (*format_of(MetricFormat format))(double) {
    switch (format) {
    case MetricFormat::ratio: return format_percent;
    case MetricFormat::per_second: return format_rate;
    case MetricFormat::milliseconds: return format_milliseconds;
    case MetricFormat::usd: return format_usd;
    case MetricFormat::count: break;
    }
    return format_count;
}

// What theory calls its method, and how far it may be trusted; or that there is none. What it assumes is
// help.
void method_line(App& app, int node, const NodeOutlook* theory) {
    if (!theory) return;
    const Theme& look = app.view.theme;
    std::string words = app.word("inspector.no_closed_form");
    if (theory->trust != Trust::none || theory->percentiles != Trust::none)
        words = phrase(
            "inspector.method", app.view.language,
            {pick(theory->method, app.view.language), pick(trust_words(theory->trust), app.view.language)});
    if (!theory->steady) words += std::string(" ") + app.word("inspector.unsteady");
    if (const std::optional<Text> unlike = unlike_theory(app.session.world(), node))
        words += " " + pick(*unlike, app.view.language);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = draw_wrapped(ImGui::GetWindowDrawList(), look, TextStyle::label, {at.x, at.y + 8},
                                      look.colors.mute, words, width, 8);
    ImGui::Dummy({width, height + 8});
    std::string assumed;
    for (const Text& each : theory->assumptions)
        assumed += (assumed.empty() ? "" : "\n") + pick(each, app.view.language);
    if (!assumed.empty()) help_on_hover(app, assumed);
}

// The kind's own figures: those that theory knows beside it, or the others.
void kind_rows(App& app, int node, const NodeOutlook* theory, bool beside) {
    const World& world = app.session.world();
    const KindRecord& kind = *app.session.scenario().nodes[static_cast<std::size_t>(node)].kind;
    const Language language = app.view.language;
    const bool begun = world.totals().measured_s > 0;
    for (std::size_t i = 0; i < kind.metrics.size(); ++i) {
        const MetricRecord& metric = kind.metrics[i];
        const double known = theory && i < theory->metrics.size() ? theory->metrics[i] : k_unknown;
        const bool counted = metric.format == MetricFormat::count || metric.format == MetricFormat::usd;
        const double measured = counted || begun ? world.metric(node, static_cast<int>(i)) : k_unknown;
        if (beside && std::isfinite(known))
            beside_row(app, pick(metric.name, language), {measured, known, k_unknown},
                       format_of(metric.format), pick(metric.help, language));
        if (!beside)
            figure_row(app, pick(metric.name, language), format_metric(metric.format, measured), 0,
                       pick(metric.help, language));
    }
}

void total_rows(App& app, int node) {
    const World& world = app.session.world();
    const NodeTotals totals = sampled(world.node_totals(node), world.totals().measured_s);
    const Series& series = world.series(node);
    const LatencyHalves halves = app.tail.node_halves(world, node);
    const Outlook* outlook = app.outlook();
    const bool told = outlook && static_cast<std::size_t>(node) < outlook->nodes.size();
    const NodeOutlook* theory = told ? &outlook->nodes[static_cast<std::size_t>(node)] : nullptr;
    const NodeOutlook unknown;
    const NodeOutlook& said = theory ? *theory : unknown;
    const auto row = [&](const char* key, double measured, double known, double half,
                         std::string (*format)(double)) {
        const std::string help = std::string(key) + "_help";
        beside_row(app, app.word(key), {measured, theory ? known : k_unknown, half}, format,
                   has_word(help) ? app.word(help) : "");
    };
    beside_head(app);
    row("metric.utilization", totals.utilization, said.utilization,
        totals.workers_busy > totals.utilization ? k_unknown : half_width(app, series, &Point::busy),
        format_percent);
    row("metric.throughput", totals.throughput_per_s, said.steady ? said.arrivals_per_s : k_unknown,
        half_width(app, series, &Point::completed_per_s), format_rate);
    row("metric.queue_mean", totals.queue_mean, said.queue_mean, half_width(app, series, &Point::queue),
        format_count);
    row("metric.wait", totals.wait_ms_mean, said.wait_ms_mean, k_unknown, format_milliseconds);
    row("metric.p50", totals.latency_ms.p50, said.latency_ms.p50, halves.p50, format_milliseconds);
    row("metric.p99", totals.latency_ms.p99, said.latency_ms.p99, halves.p99, format_milliseconds);
    kind_rows(app, node, theory, true);
    method_line(app, node, theory);
}

// What theory has no word for, and what a kind alone counts.
void other_rows(App& app, int node) {
    const NodeTotals totals = app.session.world().node_totals(node);
    heading(app, app.word("inspector.so_far"));
    kind_rows(app, node, nullptr, false);
    figure_row(app, app.word("metric.arrivals"), format_count(static_cast<double>(totals.arrivals)));
    if (totals.rejected > 0)
        figure_row(app, app.word("metric.rejected"), format_count(static_cast<double>(totals.rejected)));
    figure_row(app, app.word("metric.cost"),
               phrase("metric.per_month", app.view.language, {format_usd(totals.cost_usd_per_month)}));
}

ImU32 instance_color(const Palette& colors, const InstanceNow& now) {
    if (now.state == InstanceState::dead) return colors.bad;
    if (now.state != InstanceState::up || now.busy >= k_busy_strained) return colors.warn;
    return colors.ok;
}

float square_pitch(const App& app) { return for_fingers(app) ? k_finger : 24; }

// One square an instance: filled as far as it is busy, crossed out when it is dead. A press kills or restores
// it.
void instance_square(App& app, int node, int instance) {
    const Palette& colors = app.view.theme.colors;
    const InstanceNow now = app.session.world().instance_now(node, instance);
    ImGui::PushID(instance);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float pitch = square_pitch(app), square = std::round(pitch * 0.65f);
    const bool pressed = ImGui::InvisibleButton("instance", {pitch, pitch});
    const bool dead = now.state == InstanceState::dead;
    help_on_hover(app, phrase(dead ? "inspector.instance_restore" : "inspector.instance_kill",
                              app.view.language, {std::to_string(instance + 1), format_percent(now.busy)}));
    const ImVec2 from{at.x + 1, at.y + std::round((pitch - square) / 2)},
        to{from.x + square, from.y + square};
    const ImU32 color = instance_color(colors, now);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float level = to.y - square * static_cast<float>(dead ? 0 : std::clamp(now.busy, 0.0, 1.0));
    list->AddRectFilled(from, to, with_alpha(color, 0.18f), 4);
    list->PushClipRect({from.x, level}, to, true);
    list->AddRectFilled(from, to, color, 4);
    list->PopClipRect();
    list->AddRect(from, to, color, 4, 0, ImGui::IsItemHovered() ? 2.0f : 1.0f);
    if (dead) list->AddLine({from.x + 3.5f, from.y + 3.5f}, {to.x - 3.5f, to.y - 3.5f}, color, 1.5f);
    if (dead) list->AddLine({from.x + 3.5f, to.y - 3.5f}, {to.x - 3.5f, from.y + 3.5f}, color, 1.5f);
    ImGui::PopID();
    if (!pressed) return;
    Command command;
    command.verb = find_verb(node_verbs(), dead ? "restore" : "kill");
    command.node = node;
    command.instance = instance;
    app.command(std::move(command));
}

void instances(App& app, int node) {
    const NodeNow now = app.session.world().node_now(node);
    if (now.designed() < 2) return;
    space(16);
    heading(app,
            phrase(now.stands_for > 1 ? "inspector.instances_each" : "inspector.instances", app.view.language,
                   {std::to_string(now.designed_up()), std::to_string(now.designed()),
                    std::to_string(now.stands_for)}));
    const auto per_row = std::max(1, static_cast<int>(ImGui::GetContentRegionAvail().x / square_pitch(app)));
    const auto shown = static_cast<int>(std::min(now.instances, k_instances_shown));
    for (int i = 0; i < shown; ++i) {
        if (i % per_row != 0) ImGui::SameLine(0, 0);
        instance_square(app, node, i);
    }
}

void break_it(App& app, int node, const KindRecord& kind) {
    space(16);
    heading(app, app.word("inspector.break"));
    space(2);
    verb_buttons(app, node_verbs(), node, -1);
    if (!kind.verbs.empty()) {
        space(8);
        verb_buttons(app, kind.verbs, node, -1);
    }
}

void draw(App& app, const Rect& area) {
    const int node = app.view.selected_node;
    const NodeDef& def = app.session.scenario().nodes[static_cast<std::size_t>(node)];
    ImGui::PushID(node);
    close_button(app, area);
    title(app, app.word(def.kind->name), app.label(node));
    now_rows(app, node);
    instances(app, node);
    space(14);
    total_rows(app, node);
    space(14);
    param_rows(app, def.kind->params, node, -1);
    break_it(app, node, *def.kind);
    space(18);
    other_rows(app, node);
    digest_line(app);
    ImGui::PopID();
}

} // namespace

extern const Panel k_node_panel;
const Panel k_node_panel{"node", Region::inspector, true, 20, wanted, draw};

} // namespace scale::web
