// Theory and measurement side by side, and both as JSON.
#include "scale/analysis.hpp"

#include "codec/json_text.hpp"
#include "core/maths.hpp"

#include <cmath>

namespace scale {

namespace {

using codec::JsonArray;
using codec::JsonObject;

void add(std::vector<Beside>& out, const Measurement& measured, const std::string& name, double theory,
         Trust trust) {
    if (std::isnan(theory)) return;
    const Estimate seen = measured.figure(name);
    if (!std::isnan(seen.mean)) out.push_back({name, theory, trust, seen});
}

// A percentile of which a run has too few requests beyond is that of whoever came, and no figure to compare.
void add_latency(std::vector<Beside>& out, const Measurement& measured, const std::string& prefix,
                 const Latency& latency, Trust mean, Trust percentiles) {
    constexpr double k_least_beyond = 5;
    const std::string start = prefix + "latency_ms.";
    const double requests =
        measured.figure(prefix.empty() ? "requests.completed" : prefix + "completed").mean;
    const auto percentile = [&](const char* name, double value, double share) {
        if (requests * (1 - share) >= k_least_beyond) add(out, measured, start + name, value, percentiles);
    };
    add(out, measured, start + "mean", latency.mean, mean);
    percentile("p50", latency.p50, 0.5);
    percentile("p90", latency.p90, 0.9);
    percentile("p95", latency.p95, 0.95);
    percentile("p99", latency.p99, 0.99);
    percentile("p999", latency.p999, 0.999);
}

const char* trust_id(Trust trust) {
    switch (trust) {
    case Trust::exact: return "exact";
    case Trust::approximate: return "approximate";
    case Trust::bound: return "bound";
    case Trust::none: break;
    }
    return "none";
}

void latency_json(JsonObject& object, const Latency& latency) {
    JsonObject inner(object.key("latency_ms"));
    inner.number("mean", latency.mean);
    inner.number("p50", latency.p50);
    inner.number("p90", latency.p90);
    inner.number("p95", latency.p95);
    inner.number("p99", latency.p99);
    inner.number("p999", latency.p999);
}

void assumptions_json(JsonObject& object, const std::vector<Words>& assumptions) {
    JsonArray list(object.key("assumptions"));
    for (const Words& words : assumptions) {
        JsonObject both(list.item());
        both.string("en", words.en);
        both.string("ko", words.ko);
    }
}

void node_json(JsonObject& object, const NodeDef& def, const NodePrediction& node) {
    object.words("method", node.method);
    object.string("trust", trust_id(node.trust));
    object.string("percentiles", trust_id(node.percentiles));
    object.flag("steady", node.steady);
    object.number("arrivals_per_s", node.arrivals_per_s);
    object.number("utilization", node.utilization);
    object.number("workers_busy", node.workers_busy);
    object.number("queue_mean", node.queue_mean);
    object.number("in_flight_mean", node.in_flight_mean);
    object.number("wait_ms_mean", node.wait_ms_mean);
    latency_json(object, node.latency_ms);
    for (std::size_t i = 0; i < node.metrics.size(); ++i)
        if (!std::isnan(node.metrics[i]) && std::string_view(def.kind->metrics[i].id) != "workers_busy")
            object.number(def.kind->metrics[i].id, node.metrics[i]);
    assumptions_json(object, node.assumptions);
}

void prediction_members(JsonObject& object, const Scenario& scenario, const Prediction& prediction) {
    object.string("trust", trust_id(prediction.trust));
    object.string("percentiles", trust_id(prediction.percentiles));
    object.flag("steady", prediction.steady);
    object.number("offered_per_s", prediction.offered_per_s);
    object.number("attempts_per_s", prediction.attempts_per_s);
    object.number("throughput_per_s", prediction.throughput_per_s);
    object.number("availability", prediction.availability);
    latency_json(object, prediction.latency_ms);
    if (prediction.busiest >= 0)
        object.string("busiest", scenario.nodes[static_cast<std::size_t>(prediction.busiest)].id);
    assumptions_json(object, prediction.assumptions);
    JsonObject nodes(object.key("nodes"));
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        JsonObject node(nodes.key(scenario.nodes[i].id));
        node_json(node, scenario.nodes[i], prediction.nodes[i]);
    }
}

void beside_json(JsonObject& object, const std::vector<Beside>& list) {
    for (const Beside& one : list) {
        JsonObject figure(object.key(one.name));
        figure.number("theory", one.theory);
        figure.string("trust", trust_id(one.trust));
        figure.number("mean", one.measured.mean);
        figure.number("ci95", one.measured.ci95);
    }
}

} // namespace

std::vector<Beside> beside(const Scenario& scenario, const Prediction& prediction,
                           const Measurement& measured, int node) {
    std::vector<Beside> out;
    if (node < 0) {
        add(out, measured, "throughput_per_s", prediction.throughput_per_s, prediction.trust);
        add(out, measured, "availability", prediction.availability, prediction.trust);
        add_latency(out, measured, "", prediction.latency_ms, prediction.trust, prediction.percentiles);
        return out;
    }
    const auto index = static_cast<std::size_t>(node);
    const NodePrediction& seen = prediction.nodes[index];
    const KindRecord& kind = *scenario.nodes[index].kind;
    const std::string prefix = "nodes." + scenario.nodes[index].id + ".";
    add(out, measured, prefix + "utilization", seen.utilization, seen.trust);
    add(out, measured, prefix + "queue_mean", seen.queue_mean, seen.trust);
    add(out, measured, prefix + "in_flight_mean", seen.in_flight_mean, seen.trust);
    add(out, measured, prefix + "wait_ms_mean", seen.wait_ms_mean, seen.trust);
    if (seen.trust != Trust::none)
        add_latency(out, measured, prefix, seen.latency_ms, seen.trust, seen.percentiles);
    for (std::size_t i = 0; i < seen.metrics.size(); ++i) {
        const bool workers = std::string_view(kind.metrics[i].id) == "workers_busy";
        add(out, measured, prefix + kind.metrics[i].id, workers ? seen.workers_busy : seen.metrics[i],
            seen.trust);
    }
    return out;
}

std::string prediction_json(const Scenario& scenario, const Prediction& prediction) {
    std::string out;
    JsonObject object(out);
    prediction_members(object, scenario, prediction);
    return out;
}

std::string theory_json(const Scenario& scenario, const Prediction& prediction, const Measurement& measured) {
    std::string out;
    {
        JsonObject object(out);
        object.whole("seed", scenario.seed);
        object.whole("seeds", measured.runs().size());
        {
            JsonObject theory(object.key("theory"));
            prediction_members(theory, scenario, prediction);
        }
        JsonObject compared(object.key("beside"));
        beside_json(compared, beside(scenario, prediction, measured, -1));
        for (std::size_t i = 0; i < scenario.nodes.size(); ++i)
            beside_json(compared, beside(scenario, prediction, measured, static_cast<int>(i)));
    }
    return out;
}

} // namespace scale
