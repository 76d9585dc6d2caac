#include "chart_data.hpp"

#include <algorithm>
#include <cmath>

#include "format.hpp"
#include "status.hpp"

namespace scale::web {
namespace {

// Of the screen: at most this many marks; the latest count.
constexpr std::size_t k_markers = 40;

// What a chart shows of the run before, by tab.
constexpr float Point::*k_compared[] = {&Point::p99_ms, &Point::completed_per_s, &Point::failed_per_s,
                                        &Point::busy};

ChartCurve& add_curve(ChartData& data, std::string name, ChartColor color, const Series& series,
                      float Point::*value, bool gap_at_zero = false) {
    ChartCurve curve;
    curve.name = std::move(name);
    curve.color = color;
    curve.values.reserve(series.points.size());
    for (const Point& point : series.points) {
        const float measured = point.*value;
        curve.values.push_back(gap_at_zero && measured <= 0 ? -1 : measured);
    }
    data.curves.push_back(std::move(curve));
    return data.curves.back();
}

// The same figure of the run that this one took the place of: thin, behind everything, on this chart's grid.
void add_before(ChartData& data, const Session& session, int node, float Point::*value, const Palette& colors,
                Language language) {
    if (session.before() == nullptr) return;
    const Series* series =
        node < 0 ? &session.before()->system
                 : session.before()->of(session.scenario().nodes[static_cast<std::size_t>(node)].id);
    if (series == nullptr || series->points.empty()) return;
    ChartCurve curve;
    curve.name = word("chart.before", language);
    curve.color = with_alpha(colors.text, 0.45f);
    curve.width = 1.2f;
    const double end_s = series->start_s + series->step_s * static_cast<double>(series->points.size());
    for (double at = data.start_s + data.step_s / 2; at < end_s; at += data.step_s) {
        const double place = (at - series->start_s) / series->step_s;
        const float measured = place < 0 ? -1 : series->points[static_cast<std::size_t>(place)].*value;
        curve.values.push_back(measured > 0 ? measured : -1);
    }
    data.curves.push_back(std::move(curve));
}

// Of what is shown.
double largest(const ChartData& data) {
    float most = 0;
    for (const ChartCurve& curve : data.curves) {
        const ChartColumns shown = shown_columns(data, curve.values.size());
        for (std::size_t i = shown.first; i < shown.end; ++i) most = std::max(most, curve.values[i]);
    }
    return static_cast<double>(most);
}

std::string tick_milliseconds(double value) {
    return value >= 10'000 ? format_count(value) : format_plain(value);
}
std::string tick_count(double value) { return format_count(value); }
std::string tick_percent(double value) { return format_plain(value * 100); }

void fill_latency(ChartData& data, const Series& series, const Palette& colors, const Slo& slo,
                  bool whole_system) {
    add_curve(data, "p50", colors.ok, series, &Point::p50_ms, true);
    for (auto [name, value, alpha] :
         {std::tuple{"p90", &Point::p90_ms, 0.8f}, std::tuple{"p99", &Point::p99_ms, 0.55f}})
        add_curve(data, name, with_alpha(colors.ok, alpha), series, value, true).drawn = false;
    data.bands = {{2, 1, with_alpha(colors.ok, 0.16f)}, {1, 0, with_alpha(colors.ok, 0.32f)}};
    data.unit = "ms";
    data.format = format_milliseconds;
    data.tick = tick_milliseconds;
    double top = largest(data);
    if (whole_system && slo.p99_ms) {
        data.rules.push_back({*slo.p99_ms, "SLO p99 " + format_milliseconds(*slo.p99_ms), colors.accent});
        top = std::max(top, *slo.p99_ms * 1.05);
    }
    data.y_most = nice_top(top);
}

// What theory says of the design as it is now, from the latest change on.
void add_theory(ChartData& data, const Session& session, const Outlook& outlook, int node,
                const Palette& colors, Language language) {
    if (!outlook.error.empty() || node >= static_cast<int>(outlook.nodes.size())) return;
    const bool whole = node < 0;
    const NodeOutlook* one = whole ? nullptr : &outlook.nodes[static_cast<std::size_t>(node)];
    if ((whole ? outlook.percentiles : one->percentiles) == Trust::none) return;
    const Latency& latency = whole ? outlook.latency_ms : one->latency_ms;
    const std::span<const Command> commands = session.world().commands();
    const double from_s = commands.empty() ? 0 : to_seconds(commands.back().at);
    if (from_s >= data.x_most_s) return; // it says nothing of what is shown
    for (auto [name, value] : {std::pair{"p99", latency.p99}, std::pair{"p50", latency.p50}}) {
        if (!std::isfinite(value) || value <= 0) continue;
        data.rules.push_back({value, phrase("chart.theory", language, {name, format_milliseconds(value)}),
                              colors.accent, from_s});
        if (value < 3 * data.y_most) data.y_most = std::max(data.y_most, nice_top(value));
    }
}

void fill_rate(ChartData& data, const Series& series, const Palette& colors, Language language) {
    add_curve(data, word("chart.arrivals", language), colors.faint, series, &Point::arrivals_per_s);
    add_curve(data, word("chart.completed", language), colors.ok, series, &Point::completed_per_s);
    data.bands = {{1, -1, with_alpha(colors.ok, 0.14f)}};
    data.unit = "/s";
    data.format = format_rate;
    data.tick = tick_count;
    data.y_most = nice_top(largest(data));
}

void fill_errors(ChartData& data, const Series& series, const Palette& colors, Language language) {
    add_curve(data, word("chart.failed", language), colors.bad, series, &Point::failed_per_s);
    data.bands = {{0, -1, with_alpha(colors.bad, 0.22f)}};
    data.unit = "/s";
    data.format = format_rate;
    data.tick = tick_count;
    data.y_most = nice_top(largest(data));
}

void fill_busy(ChartData& data, const Series& series, const Palette& colors, Language language) {
    add_curve(data, word("chart.busy", language), colors.ok, series, &Point::busy);
    data.bands = {{0, -1, with_alpha(colors.ok, 0.14f)}};
    data.unit = "%";
    data.format = format_percent;
    data.tick = tick_percent;
    data.y_most = 1;
}

bool ever_busy(const Series& series) {
    constexpr float k_noticeable = 0.01f;
    return std::any_of(series.points.begin(), series.points.end(),
                       [](const Point& point) { return point.busy >= k_noticeable; });
}

// Every working node as a line of its own: who is busy is a question about all of them.
void fill_busy_of_all(ChartData& data, const Session& session, const Palette& colors, Language language) {
    const World& world = session.world();
    // None of the colours that mean a state.
    const ChartColor inks[] = {colors.ok,   colors.timed_out, colors.accent,
                               colors.mute, colors.text,      colors.faint};
    std::size_t used = 0;
    for (int node = 0; node < static_cast<int>(session.scenario().nodes.size()); ++node) {
        const KindRecord& kind = *session.scenario().nodes[static_cast<std::size_t>(node)].kind;
        if ((kind.role & (role_client | role_group | role_watch)) != 0) continue;
        if (!ever_busy(world.series(node))) continue;
        const ChartColor ink = inks[used++ % std::size(inks)];
        add_curve(data, node_label(session.scenario(), node, language), ink, world.series(node), &Point::busy)
            .width = 1.4f;
    }
    data.unit = "%";
    data.format = format_percent;
    data.tick = tick_percent;
    data.y_most = 1;
}

std::string target_name(const Session& session, const Command& command, Language language) {
    if (command.node >= 0) return node_label(session.scenario(), command.node, language);
    if (command.edge < 0) return {};
    const EdgeDef& edge = session.scenario().edges[static_cast<std::size_t>(command.edge)];
    return node_label(session.scenario(), edge.from, language) + " > " +
           node_label(session.scenario(), edge.to, language);
}

std::string setting_words(const Session& session, const Command& command, Language language) {
    if (command.settings.empty()) return {};
    const Setting& setting = command.settings.front();
    std::span<const ParamRecord> params = command.verb->params;
    if (params.empty() && command.node >= 0)
        params = session.scenario().nodes[static_cast<std::size_t>(command.node)].kind->params;
    if (params.empty() && command.edge >= 0) params = edge_params();
    if (setting.param >= params.size()) return {};
    const ParamRecord& record = params[setting.param];
    return std::string(pick(record.name, language)) + " " + format_value(record, setting.value, language);
}

ChartMarker marker_of(const Session& session, const Command& command, const Palette& colors,
                      Language language) {
    const std::string_view verb = command.verb->id;
    const std::string name = target_name(session, command, language);
    ChartMarker marker{to_seconds(command.at), name, colors.mute, MarkerShape::diamond, name};
    if (verb == "kill") {
        marker.color = colors.bad;
        marker.shape = MarkerShape::cross;
    } else if (verb == "restore") {
        marker.color = colors.accent;
        marker.label = "+ " + name;
    } else if (verb == "set") {
        marker.label = name + " \xC2\xB7 " + setting_words(session, command, language);
    } else {
        marker.color = colors.warn;
        marker.label = name + " \xC2\xB7 " + pick(command.verb->name, language);
    }
    return marker;
}

// A command of the world's that could not be done changed nothing.
void say_if_not_done(ChartMarker& marker, const World& world, const Command& command, const Palette& colors,
                     Language language) {
    for (const NotDone& one : world.not_done()) {
        if (&world.commands()[static_cast<std::size_t>(one.command)] != &command) continue;
        marker.label = phrase("chart.not_done", language, {marker.brief});
        marker.color = colors.mute;
        marker.shape = MarkerShape::diamond;
    }
}

void add_markers(ChartData& data, const Session& session, const Palette& colors, Language language) {
    const auto shown = [&](const Command& command) {
        const double at_s = to_seconds(command.at);
        return command.verb && at_s >= data.x_least_s && at_s <= data.x_most_s;
    };
    std::vector<const Command*> done;
    for (const Command& command : session.world().commands())
        if (shown(command)) done.push_back(&command);
    const std::size_t first = done.size() > k_markers ? done.size() - k_markers : 0;
    for (std::size_t i = first; i < done.size(); ++i) {
        data.markers.push_back(marker_of(session, *done[i], colors, language));
        say_if_not_done(data.markers.back(), session.world(), *done[i], colors, language);
    }
    // What the design has in store, and what was done later than where the clock stands.
    const Scenario& ahead = session.world().scenario();
    const Time now = session.world().now();
    for (const std::vector<Command>* commands : {&ahead.events, &ahead.log})
        for (const Command& command : *commands) {
            if (command.at <= now || !shown(command) || data.markers.size() >= 2 * k_markers) continue;
            ChartMarker marker = marker_of(session, command, colors, language);
            marker.color = with_alpha(marker.color, 0.55f);
            data.markers.push_back(std::move(marker));
        }
    std::stable_sort(data.markers.begin(), data.markers.end(),
                     [](const ChartMarker& a, const ChartMarker& b) { return a.at_s < b.at_s; });
}

} // namespace

const char* tab_key(ChartTab tab) {
    switch (tab) {
    case ChartTab::latency: return "chart.latency";
    case ChartTab::rate: return "chart.rate";
    case ChartTab::errors: return "chart.errors";
    case ChartTab::all: return "chart.all";
    case ChartTab::spread: return "chart.spread";
    case ChartTab::instances: return "chart.instances";
    case ChartTab::busy: break;
    }
    return "chart.busy";
}

Gap longest_gap(const Series& series, const Stretch& stretch) {
    constexpr std::size_t k_columns_least = 3;
    const auto column = [&](double at_s) {
        const double place = std::floor((at_s - series.start_s) / series.step_s);
        return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(series.points.size())));
    };
    const std::size_t end = std::min(series.points.size(), column(stretch.to_s) + 1);
    std::size_t start = column(stretch.from_s), best_start = start, best = 0;
    bool asked = false; // anything came, or was inside
    for (std::size_t i = start; i <= end; ++i) {
        const bool gap = i < end && series.points[i].completed_per_s <= 0;
        if (gap) {
            asked = asked || series.points[i].arrivals_per_s > 0 || series.points[i].in_flight > 0;
            continue;
        }
        if (asked && i - start >= std::max(k_columns_least, best + 1)) best_start = start, best = i - start;
        start = i + 1;
        asked = false;
    }
    const auto at = [&](std::size_t which) {
        return series.start_s + static_cast<double>(which) * series.step_s;
    };
    return {at(best_start), at(best_start + best), best > 0 && best_start + best == series.points.size()};
}

std::optional<float> free_middle(float from, float to, float half, float wanted, std::optional<float> line) {
    const float first = from + half, last = to - half;
    if (first > last) return std::nullopt;
    const float middle = std::clamp(wanted, first, last);
    if (!line || std::abs(middle - *line) >= half) return middle;
    const float before = *line - half, after = *line + half;
    const bool fits_before = before >= first, fits_after = after <= last;
    if (!fits_before && !fits_after) return std::nullopt;
    if (!fits_after) return before;
    return fits_before && middle - before < after - middle ? before : after;
}

ChartData chart_data(const Session& session, const Palette& colors, Language language, ChartTab tab, int node,
                     const Stretch& stretch, const Outlook* outlook) {
    if (tab > ChartTab::busy) tab = ChartTab::latency; // those have no curves of their own
    ChartData data;
    data.now_s = session.now_s();
    data.x_least_s = stretch.from_s;
    data.x_most_s = stretch.to_s;
    if (session.empty()) return data;
    const World& world = session.world();
    const Series& series = node >= 0 ? world.series(node) : world.series();
    data.start_s = series.start_s;
    data.step_s = series.step_s;
    if (tab == ChartTab::latency)
        fill_latency(data, series, colors, session.scenario().slo, node < 0);
    else if (tab == ChartTab::rate)
        fill_rate(data, series, colors, language);
    else if (tab == ChartTab::errors)
        fill_errors(data, series, colors, language);
    else if (node >= 0)
        fill_busy(data, series, colors, language);
    else
        fill_busy_of_all(data, session, colors, language);
    if (tab != ChartTab::busy || node >= 0) {
        add_before(data, session, node, k_compared[static_cast<std::size_t>(tab)], colors, language);
        if (tab != ChartTab::busy) data.y_most = std::max(data.y_most, nice_top(largest(data)));
    }
    if (tab == ChartTab::latency && outlook) add_theory(data, session, *outlook, node, colors, language);
    add_markers(data, session, colors, language);
    return data;
}

} // namespace scale::web
