#include "scene.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "format.hpp"
#include "words.hpp"

namespace scale::web {

namespace {

constexpr double k_busy_warn = 0.8, k_busy_bad = 0.95;
constexpr double k_failing_share = 0.05; // of arrivals, above which a part counts as broken
constexpr std::string_view k_between = " \xC2\xB7 ";

// A key figure of the card: which metric or parameter, in which words. In order of importance; what a kind
// does not have is skipped. An empty phrase shows the value alone.
struct KeyFigure {
    const char* id;
    bool metric;
    const char* phrase;
    std::uint32_t roles; // for these only; 0 is all
};
constexpr KeyFigure k_key_figures[] = {
    {"hit_ratio", true, "board.hit", 0},
    {"lag_ms", true, "board.lag", 0},
    {"waiting", true, "board.backlog", role_queue},
    {"hottest_share", true, "board.hottest", 0},
    {"algorithm", false, "", 0},
    {"ttl_s", false, "board.ttl", role_naming},
    {"cores", false, "board.cores", 0},
    {"items", false, "board.items", role_cache},
    {"connections", false, "board.connections", role_store},
};

bool failing(const NodeNow& now) {
    return now.failed_per_s > 0 && now.failed_per_s > k_failing_share * now.rate_per_s;
}

int metric_index(const KindRecord& kind, std::string_view id) {
    for (std::size_t i = 0; i < kind.metrics.size(); ++i)
        if (id == kind.metrics[i].id) return static_cast<int>(i);
    return -1;
}

// The figure as text; empty when the kind does not have it.
std::string key_figure(const KeyFigure& figure, const World& world, int node, const KindRecord& kind,
                       Language language) {
    if (figure.roles && !(kind.role & figure.roles)) return {};
    std::string value;
    if (figure.metric) {
        const int index = metric_index(kind, figure.id);
        if (index < 0) return {};
        const double measured = world.metric(node, index);
        if (!std::isfinite(measured) || measured == 0) return {}; // no copies, nothing waits
        value = format_metric(kind.metrics[static_cast<std::size_t>(index)].format, measured);
    } else {
        const int index = kind.param_index(figure.id);
        if (index < 0) return {};
        const ParamRecord& record = kind.params[static_cast<std::size_t>(index)];
        const double set = world.value(node, index);
        if (set == 0 && record.type != ValueType::choice) return {}; // none, or as many as are needed
        if (set == 1 && std::string_view(figure.id) == "cores") return word("board.one_core", language);
        value = record.type == ValueType::whole ? format_count(set) : format_value(record, set, language);
    }
    return figure.phrase[0] ? phrase(figure.phrase, language, {value}) : value;
}

void append(std::string& line, const std::string& part) {
    if (part.empty()) return;
    if (!line.empty()) line += k_between;
    line += part;
}

bool counts_arrivals(const KindRecord& kind) { return kind.tier != Tier::naming && kind.tier != Tier::watch; }

void read_lines(CardScene& card, const World& world, int node, const NodeNow& now, Language language) {
    card.line.clear();
    std::size_t shown = 0;
    if (counts_arrivals(*card.kind)) {
        card.line = format_rate(now.rate_per_s);
        ++shown;
    }
    for (const KeyFigure& figure : k_key_figures) {
        if (shown == 2) break;
        const std::string part = key_figure(figure, world, node, *card.kind, language);
        shown += !part.empty();
        // What is measured goes before the rate, what is set behind it.
        if (figure.metric && !part.empty() && !card.line.empty())
            card.line = part + std::string(k_between) + card.line;
        else
            append(card.line, part);
    }
    card.details.clear();
    append(card.details,
           phrase("board.inside", language, {format_count(static_cast<double>(now.in_flight))}));
    if (now.failed_per_s > 0)
        append(card.details, phrase("board.failing", language, {format_rate(now.failed_per_s)}));
    const Series& series = world.series(node);
    if (!series.points.empty() && series.points.back().p99_ms > 0)
        append(card.details, "p99 " + format_milliseconds(static_cast<double>(series.points.back().p99_ms)));
}

// When the node last died, in seconds; below zero when the log does not know.
double died_at_s(const World& world, int node) {
    const auto log = world.log();
    for (std::size_t i = log.size(); i-- > 0;)
        if (log[i].what == Happening::died && log[i].node == node)
            return static_cast<double>(log[i].at) * 1e-9;
    return -1;
}

void read_state(CardScene& card, const World& world, int node, const NodeNow& now, Language language) {
    card.dead = now.state == InstanceState::dead;
    card.badge.clear();
    if (card.dead) {
        card.badge = word("board.dead", language);
        const double at_s = died_at_s(world, node);
        if (at_s >= 0) card.line = phrase("board.killed_at", language, {format_clock(at_s)});
        return;
    }
    if (now.state == InstanceState::slow) card.badge = word("board.slow", language);
    if (now.state == InstanceState::booting) card.badge = word("board.booting", language);
    if (now.state == InstanceState::draining) card.badge = word("board.draining", language);
    if (now.state == InstanceState::ejected) card.badge = word("board.ejected", language);
    card.badge_counts = now.instances_up < now.instances && card.badge.empty();
    if (card.badge_counts)
        card.badge = std::to_string(now.designed_up()) + "/" + std::to_string(now.designed());
    if (card.tone == Tone::bad && failing(now))
        card.line = phrase("board.failing_share", language,
                           {format_percent(std::min(1.0, now.failed_per_s /
                                                             std::max(now.rate_per_s, now.failed_per_s)))}) +
                    std::string(k_between) + format_rate(now.rate_per_s);
    if (card.tone == Tone::bad && now.queue > 0)
        card.line = phrase("board.queue", language, {format_count(static_cast<double>(now.queue))}) +
                    std::string(k_between) + format_rate(now.rate_per_s);
}

void read_instances(CardScene& card, const World& world, int node, const NodeNow& now) {
    card.instances = now.instances;
    card.instances_up = now.instances_up;
    card.stands_for = now.stands_for;
    card.marks.clear();
    const std::size_t shown = std::min<std::size_t>(now.instances, k_marks);
    for (std::size_t i = 0; i < shown; ++i) {
        const InstanceNow instance = world.instance_now(node, static_cast<int>(i));
        card.marks.push_back({instance.state, static_cast<float>(instance.busy)});
    }
}

void read_spark(CardScene& card, const Series& series) {
    card.spark.clear();
    const std::size_t count = series.points.size(), shown = std::min(count, k_spark_points);
    for (std::size_t i = count - shown; i < count; ++i) card.spark.push_back(series.points[i].arrivals_per_s);
}

// Whether there is anything that can be busy: not in clients and names, nor where serving takes no time.
bool has_capacity(const World& world, int node, const KindRecord& kind) {
    if (kind.tier == Tier::source || kind.tier == Tier::naming || kind.tier == Tier::watch) return false;
    const int service = kind.tier == Tier::entry ? kind.param_index("service_ms") : -1;
    return service < 0 || world.value(node, service) > 0;
}

void read_card(CardScene& card, const World& world, const NodeDef& def, int node, Language language) {
    card.kind = def.kind;
    card.title = def.label.empty() ? def.id : pick(def.label, language);
    if (def.kind->tier == Tier::group) return;
    const NodeNow now = world.node_now(node);
    card.tone = tone_of(now);
    card.ring = has_capacity(world, node, *def.kind);
    card.busy = static_cast<float>(std::clamp(now.busy_last_s, 0.0, 1.0));
    card.queue = static_cast<double>(now.queue);
    read_lines(card, world, node, now, language);
    read_state(card, world, node, now, language);
    read_instances(card, world, node, now);
    read_spark(card, world.series(node));
}

int edge_param_index(std::string_view id) {
    const auto params = edge_params();
    for (std::size_t i = 0; i < params.size(); ++i)
        if (id == params[i].id) return static_cast<int>(i);
    return -1;
}

std::string busy_text(double share) { return format_percent(share); }

} // namespace

Tone tone_of(const NodeNow& now) {
    if (now.state == InstanceState::dead) return Tone::bad;
    if (failing(now)) return Tone::bad;
    if (now.busy_last_s >= k_busy_bad) return Tone::bad;
    if (now.busy_last_s >= k_busy_warn || now.instances_up < now.instances || now.state != InstanceState::up)
        return Tone::warn;
    return Tone::ok;
}

void read_scene(BoardScene& scene, const World& world, const Scenario& design, Language language) {
    const std::size_t count = std::min(design.nodes.size(), world.scenario().nodes.size());
    scene.now_s = static_cast<double>(world.now()) * 1e-9;
    scene.cards.resize(count);
    for (std::size_t i = 0; i < count; ++i)
        read_card(scene.cards[i], world, design.nodes[i], static_cast<int>(i), language);
    static const int latency = edge_param_index("latency_ms");
    scene.edges.resize(world.scenario().edges.size());
    for (std::size_t i = 0; i < scene.edges.size(); ++i) {
        const EdgeDef& edge = world.scenario().edges[i];
        const int index = static_cast<int>(i);
        scene.edges[i] = {edge.from, edge.to, world.edge_cut(index),
                          latency < 0 ? 0.0 : world.edge_value(index, latency),
                          is_link(world.scenario(), edge)};
    }
}

std::vector<HoverRow> node_figures(const World& world, int node, Language language) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(node)].kind;
    const NodeNow now = world.node_now(node);
    const NodeTotals totals = world.node_totals(node);
    const Tone tone = tone_of(now);
    std::vector<HoverRow> rows;
    const auto add = [&](const char* key, std::string value, Tone row_tone = Tone::calm) {
        rows.push_back({word(key, language), std::move(value), row_tone});
    };
    if (now.designed() > 1 || now.instances_up != now.instances)
        add("board.row_instances", std::to_string(now.designed_up()) + " / " + std::to_string(now.designed()),
            now.instances_up < now.instances ? Tone::warn : Tone::calm);
    if (now.stands_for > 1)
        add("board.row_square", phrase("board.square", language, {std::to_string(now.stands_for)}));
    add("board.row_rate", format_rate(now.rate_per_s));
    if (has_capacity(world, node, kind)) {
        add("board.row_busy", busy_text(now.busy_last_s), now.busy_last_s >= k_busy_warn ? tone : Tone::calm);
        add("board.row_queue", format_count(static_cast<double>(now.queue)),
            now.queue > 0 ? tone : Tone::calm);
    }
    add("board.row_inside", format_count(static_cast<double>(now.in_flight)));
    if (totals.completed > 0) {
        add("board.row_median", format_milliseconds(totals.latency_ms.p50));
        add("board.row_p99", format_milliseconds(totals.latency_ms.p99));
    }
    add("board.row_failed", format_rate(now.failed_per_s), now.failed_per_s > 0 ? Tone::bad : Tone::calm);
    for (std::size_t i = 0; i < kind.metrics.size() && i < 3; ++i) {
        const double value = world.metric(node, static_cast<int>(i));
        if (std::isfinite(value))
            rows.push_back(
                {pick(kind.metrics[i].name, language), format_metric(kind.metrics[i].format, value)});
    }
    if (totals.cost_usd_per_month > 0) add("board.row_cost", format_usd(totals.cost_usd_per_month));
    return rows;
}

std::vector<HoverRow> edge_figures(const World& world, int edge, Language language) {
    std::vector<HoverRow> rows;
    if (world.edge_cut(edge))
        rows.push_back({word("board.row_state", language), word("board.cut", language), Tone::bad});
    const auto params = edge_params();
    for (std::size_t i = 0; i < params.size() && i < 4; ++i) {
        const double value = world.edge_value(edge, static_cast<int>(i));
        if (value == params[i].fallback && i > 0) continue;
        rows.push_back({pick(params[i].name, language), format_value(params[i], value, language)});
    }
    return rows;
}

} // namespace scale::web
