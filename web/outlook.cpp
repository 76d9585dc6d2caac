#include "outlook.hpp"

#include <cstring>
#include <limits>

#include "call_rows.hpp"

namespace scale::web {
namespace {

// As it was written: null is unknown, below zero is endless.
double figure(const Json& value) {
    if (!value.is_number()) return std::numeric_limits<double>::quiet_NaN();
    const double given = value.get<double>();
    return given < 0 ? std::numeric_limits<double>::infinity() : given;
}

const Json& at(const Json& object, const char* key) {
    static const Json k_nothing;
    if (!object.is_object()) return k_nothing;
    const auto found = object.find(key);
    return found == object.end() ? k_nothing : *found;
}

const Json& item(const Json& list, std::size_t index) {
    static const Json k_nothing;
    return list.is_array() && index < list.size() ? list[index] : k_nothing;
}

int whole(const Json& value, int most) {
    const int given = value.is_number_integer() ? value.get<int>() : -1;
    return given >= 0 && given <= most ? given : -1;
}

Trust trust_of(const Json& value) {
    const int given = whole(value, static_cast<int>(Trust::none));
    return given < 0 ? Trust::none : static_cast<Trust>(given);
}

Text text_of(const Json& value) {
    return value.is_object() ? Text{text(value, "en"), text(value, "ko")} : Text{};
}

bool flag(const Json& value) { return value.is_boolean() && value.get<bool>(); }

Latency latency_of(const Json& list, std::size_t first) {
    Latency out;
    double* const figures[] = {&out.mean, &out.p50, &out.p90, &out.p95, &out.p99, &out.p999};
    for (std::size_t i = 0; i < std::size(figures); ++i) *figures[i] = figure(item(list, first + i));
    return out;
}

NodeOutlook node_of(const Json& value) {
    NodeOutlook out;
    out.trust = trust_of(at(value, "trust"));
    out.percentiles = trust_of(at(value, "percentiles"));
    out.steady = flag(at(value, "steady"));
    out.method = text_of(at(value, "method"));
    for (const Json& each : at(value, "assumptions")) out.assumptions.push_back(text_of(each));
    const Json& figures = at(value, "figures");
    double* const targets[] = {&out.arrivals_per_s, &out.utilization,    &out.workers_busy,
                               &out.queue_mean,     &out.in_flight_mean, &out.wait_ms_mean};
    for (std::size_t i = 0; i < std::size(targets); ++i) *targets[i] = figure(item(figures, i));
    out.latency_ms = latency_of(figures, std::size(targets));
    for (const Json& metric : at(value, "metrics")) out.metrics.push_back(figure(metric));
    return out;
}

void read_review(const Json& review, int last_node, Outlook& out) {
    for (const Json& rule : at(review, "rules")) {
        RuleOutlook made{
            whole(at(rule, "verdict"), 2), text_of(at(rule, "name")), text_of(at(rule, "reason")), {}};
        for (const Json& node : at(rule, "nodes"))
            if (const int known = whole(node, last_node); known >= 0) made.nodes.push_back(known);
        out.rules.push_back(std::move(made));
    }
    for (const Json& point : at(review, "points"))
        out.single_points.push_back({whole(at(point, "node"), last_node), text_of(at(point, "sentence"))});
    for (const Json& tier : at(review, "tiers")) {
        const Json& figures = at(tier, "figures");
        out.tiers.push_back({whole(at(tier, "node"), last_node), figure(item(figures, 0)),
                             figure(item(figures, 1)), figure(item(figures, 2)),
                             text_of(at(tier, "sentence"))});
    }
    for (const Json& gap : at(review, "gaps")) out.data_gaps.push_back(text_of(gap));
}

struct Mixer {
    std::uint64_t value = 0xCBF29CE484222325ull;
    void add(std::uint64_t number) {
        value = (value ^ number) * 0x100000001B3ull;
        value ^= value >> 29;
    }
    void add(double number) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &number, sizeof bits);
        add(bits);
    }
    void add(std::string_view words) {
        for (char c : words) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
        add(std::uint64_t{0x100});
    }
};

} // namespace

std::uint64_t design_mark(const Scenario& design) {
    Mixer mixer;
    for (const NodeDef& node : design.nodes) {
        mixer.add(node.id);
        mixer.add(node.in);
        mixer.add(node.label.en);
        mixer.add(node.label.ko);
        mixer.add(std::uint64_t{node.kind->code});
        for (double value : node.values) mixer.add(value);
    }
    for (const EdgeDef& edge : design.edges) {
        mixer.add(std::uint64_t{edge.from} << 16 | edge.to);
        for (double value : edge.values) mixer.add(value);
    }
    const Slo& slo = design.slo;
    for (const std::optional<double>& asked : {slo.p50_ms, slo.p90_ms, slo.p95_ms, slo.p99_ms, slo.p999_ms,
                                               slo.mean_ms, slo.availability, slo.throughput_per_s})
        mixer.add(asked.value_or(-1));
    mixer.add(std::uint64_t{design.weight});
    for (const PriceChange& price : design.prices) {
        mixer.add(std::uint64_t{price.code});
        mixer.add(price.usd);
    }
    return mixer.value ? mixer.value : 1;
}

std::optional<Outlook> read_outlook(const std::string& json, std::size_t nodes) {
    const Json given = Json::parse(json, nullptr, false);
    const Json& theory = at(given, "theory");
    const Json& listed = at(theory, "nodes");
    if (!listed.is_array() || listed.size() != nodes) return std::nullopt;
    Outlook out;
    out.steady = flag(at(theory, "steady"));
    out.trust = trust_of(at(theory, "trust"));
    out.percentiles = trust_of(at(theory, "percentiles"));
    out.availability = figure(at(theory, "availability"));
    out.throughput_per_s = figure(at(theory, "throughput"));
    out.latency_ms = latency_of(at(theory, "latency"), 0);
    for (const Json& node : listed) out.nodes.push_back(node_of(node));
    read_review(at(given, "review"), static_cast<int>(nodes) - 1, out);
    return out;
}

} // namespace scale::web
