// The outlook of a design, worked out and written as JSON. Only the module without a screen calls it.

#include <cmath>

#include "call_rows.hpp"
#include "outlook.hpp"
#include "scale/insight.hpp"

namespace scale::web {
namespace {

constexpr double k_endless = -1; // stands for infinity; nothing here is below zero

Json figure(double value) {
    if (std::isnan(value)) return nullptr;
    return std::isinf(value) ? Json(k_endless) : Json(value);
}

Json words_of(const Words& words) { return {{"en", words.en}, {"ko", words.ko}}; }

Json list_of(const std::vector<Words>& words) {
    Json list = Json::array();
    for (const Words& each : words) list.push_back(words_of(each));
    return list;
}

void add_latency(Json& list, const Latency& latency) {
    for (double value : {latency.mean, latency.p50, latency.p90, latency.p95, latency.p99, latency.p999})
        list.push_back(figure(value));
}

Json node_json(const NodePrediction& node) {
    Json figures = Json::array(), metrics = Json::array();
    for (double value : {node.arrivals_per_s, node.utilization, node.workers_busy, node.queue_mean,
                         node.in_flight_mean, node.wait_ms_mean})
        figures.push_back(figure(value));
    add_latency(figures, node.latency_ms);
    for (double value : node.metrics) metrics.push_back(figure(value));
    return {{"trust", static_cast<int>(node.trust)},
            {"percentiles", static_cast<int>(node.percentiles)},
            {"steady", node.steady},
            {"method", words_of(node.method)},
            {"assumptions", list_of(node.assumptions)},
            {"figures", figures},
            {"metrics", metrics}};
}

Json theory_json(const Prediction& prediction) {
    Json latency = Json::array(), nodes = Json::array();
    add_latency(latency, prediction.latency_ms);
    for (const NodePrediction& node : prediction.nodes) nodes.push_back(node_json(node));
    return {{"trust", static_cast<int>(prediction.trust)},
            {"percentiles", static_cast<int>(prediction.percentiles)},
            {"steady", prediction.steady},
            {"availability", figure(prediction.availability)},
            {"throughput", figure(prediction.throughput_per_s)},
            {"latency", latency},
            {"nodes", nodes}};
}

Json review_of(const Scenario& design) {
    const Review seen = review(design);
    Json rules = Json::array(), points = Json::array(), tiers = Json::array(), gaps = Json::array();
    for (const RuleCheck& rule : seen.rules)
        rules.push_back({{"verdict", static_cast<int>(rule.verdict)},
                         {"name", words_of(rule.name)},
                         {"reason", words_json(rule.reason)},
                         {"nodes", rule.nodes}});
    for (const SinglePoint& point : seen.single_points)
        points.push_back({{"node", point.node}, {"sentence", words_json(point.sentence)}});
    for (const TierLoad& tier : seen.tiers)
        tiers.push_back(
            {{"node", tier.node},
             {"figures", {figure(tier.load_per_s), figure(tier.capacity_per_s), figure(tier.utilization)}},
             {"sentence", words_json(tier.sentence)}});
    for (const Text& gap : seen.data_gaps) gaps.push_back(words_json(gap));
    return {{"rules", rules}, {"points", points}, {"tiers", tiers}, {"gaps", gaps}};
}

} // namespace

std::string outlook_json(const Scenario& design) {
    return dumped({{"theory", theory_json(predict(design))}, {"review", review_of(design)}});
}

} // namespace scale::web
