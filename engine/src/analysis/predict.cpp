// Prediction of the whole design: the walk, and percentiles of what it found.
#include "analysis/theory.hpp"

#include <algorithm>
#include <cmath>

namespace scale {

using sim::NodeOutlook;

namespace {

constexpr double k_nan = core::k_not_a_number;
constexpr double k_shares[] = {0.5, 0.9, 0.95, 0.99, 0.999};

constexpr Words k_unsettled{
    "What is turned away and tried again did not settle: these are the figures that the search ended with.",
    "거절과 재시도가 한 값으로 수렴하지 않아, 반복을 멈춘 때의 값이다."};
constexpr Words k_events{"As it stands at the beginning; events are left out.",
                         "시작할 때의 모습 그대로이며 이벤트는 반영하지 않는다."};
constexpr Words k_weight{
    "For requests that stand for themselves; a run in which each stands for several sees keys "
    "again less often, so that its caches hit less.",
    "요청 하나가 요청 하나일 때의 값이다. 하나가 여럿을 대신하는 실행에서는 같은 키가 덜 "
    "반복되어 캐시 적중률이 낮아진다."};
constexpr Words k_independent{"Times at different nodes are added as if they were independent.",
                              "서로 다른 노드의 시간은 독립으로 보고 더한다."};

Latency latency_of(const core::Laws& laws, core::LawId law) {
    Latency out{laws.mean(law) * 1e3, k_nan, k_nan, k_nan, k_nan, k_nan, k_nan};
    if (!laws.known(law)) return out;
    double* const places[] = {&out.p50, &out.p90, &out.p95, &out.p99, &out.p999};
    double below = 0; // where scales are far apart, an inversion may lose its last digits
    for (std::size_t i = 0; i < 5; ++i) {
        const double found = laws.quantile(law, k_shares[i]) * 1e3;
        *places[i] = below = found < below ? below : found;
    }
    return out;
}

// Over several groups of users, each with a patience of its own.
class Mixture {
public:
    Mixture(const core::Laws& laws, std::vector<sim::Response> parts)
        : laws_(laws), parts_(std::move(parts)) {
        for (const sim::Response& part : parts_) {
            whole_ += part.per_s;
            limited_ = limited_ || part.within_s < core::k_infinity;
            known_ = known_ && part.percentiles && laws_.known(part.law);
        }
    }

    Latency latency(core::Laws& laws) const {
        if (whole_ == 0) return {k_nan, k_nan, k_nan, k_nan, k_nan, k_nan, k_nan};
        if (!limited_ && known_) return latency_of(laws, law(laws));
        Latency out{mean() * 1e3, k_nan, k_nan, k_nan, k_nan, k_nan, k_nan};
        if (!known_) return out;
        double* const places[] = {&out.p50, &out.p90, &out.p95, &out.p99, &out.p999};
        for (std::size_t i = 0; i < 5; ++i) *places[i] = quantile(k_shares[i]) * 1e3;
        return out;
    }

private:
    core::LawId law(core::Laws& laws) const {
        std::vector<core::Part> parts;
        for (const sim::Response& part : parts_) parts.push_back({part.per_s, part.law});
        return laws.mix(parts);
    }

    double mean() const {
        double sum = 0;
        for (const sim::Response& part : parts_) {
            const double own = part.within_s < core::k_infinity ? laws_.mean_within(part.law, part.within_s)
                                                                : laws_.mean(part.law);
            sum += part.per_s * (own + part.tries_s);
        }
        return sum / whole_;
    }

    double at_most(double seconds) const {
        double sum = 0;
        for (const sim::Response& part : parts_) {
            const double all = part.within_s < core::k_infinity ? laws_.at_most(part.law, part.within_s) : 1;
            const double some = laws_.at_most(part.law, std::min(seconds, part.within_s));
            sum += part.per_s * (all > 0 ? std::min(1.0, some / all) : 1);
        }
        return sum / whole_;
    }

    double quantile(double share) const {
        double low = 0, high = 1e-6;
        while (at_most(high) < share && high < 1e9) high *= 2;
        for (int i = 0; i < 40 && high - low > 1e-5 * high; ++i) {
            const double middle = (low + high) / 2;
            (at_most(middle) < share ? low : high) = middle;
        }
        return (low + high) / 2;
    }

    const core::Laws& laws_;
    std::vector<sim::Response> parts_;
    double whole_ = 0;
    bool limited_ = false, known_ = true;
};

Trust worse(Trust a, Trust b) { return a < b ? b : a; }

NodePrediction node_prediction(sim::Outlook& all, std::size_t id, bool percentiles) {
    NodeOutlook& node = all.nodes[id];
    NodePrediction out = node.figures;
    out.arrivals_per_s = node.in.all();
    if (node.offered_per_s > 0) {
        out.arrivals_per_s = node.offered_per_s;
        if (percentiles && node.response.per_s > 0)
            out.latency_ms = Mixture(all.laws, {node.response}).latency(all.laws);
    } else if (percentiles && out.arrivals_per_s > 0 && out.trust != Trust::none) {
        out.latency_ms = latency_of(all.laws, node.stay);
    }
    if (out.trust != Trust::none) {
        out.trust = worse(out.trust, node.called);
        out.percentiles = worse(out.percentiles, node.called_percentiles);
    }
    if (percentiles && !node.talks && out.trust != Trust::none && std::isnan(out.latency_ms.p50))
        out.percentiles = Trust::none;
    return out;
}

void sum_up(sim::Outlook& all, Prediction& out) {
    std::vector<sim::Response> responses;
    double most = 0;
    out.trust = out.percentiles = Trust::exact;
    for (std::size_t i = 0; i < all.nodes.size(); ++i) {
        const NodeOutlook& node = all.nodes[i];
        const NodePrediction& seen = out.nodes[i];
        const bool used = seen.arrivals_per_s > 0;
        if (used) out.trust = worse(out.trust, seen.trust);
        if (used) out.percentiles = worse(out.percentiles, seen.percentiles);
        if (used) out.steady = out.steady && seen.steady;
        const double busy = std::fmax(seen.utilization, seen.workers_busy);
        if (busy > most) {
            most = busy;
            out.busiest = static_cast<int>(i);
        }
        out.offered_per_s += node.offered_per_s;
        out.attempts_per_s += node.offered_per_s * node.tries;
        out.throughput_per_s += node.response.per_s;
        if (node.response.per_s > 0) responses.push_back(node.response);
    }
    out.availability = out.offered_per_s > 0 ? out.throughput_per_s / out.offered_per_s : 1;
    out.latency_ms = Mixture(all.laws, responses).latency(all.laws);
    if (std::isnan(out.latency_ms.p50)) out.percentiles = Trust::none;
}

} // namespace

Prediction predict(const Scenario& scenario, bool node_percentiles) {
    analysis::Walk walk(scenario);
    walk.settle();
    analysis::close_loops(walk);
    sim::Outlook& all = walk.outlook();
    Prediction out;
    for (std::size_t i = 0; i < all.nodes.size(); ++i)
        out.nodes.push_back(node_prediction(all, i, node_percentiles));
    sum_up(all, out);
    if (!walk.settled()) {
        out.trust = worse(out.trust, Trust::approximate);
        out.percentiles = worse(out.percentiles, Trust::approximate);
        out.assumptions.push_back(k_unsettled);
    }
    out.assumptions.push_back(k_events);
    if (out.percentiles != Trust::exact) out.assumptions.push_back(k_independent);
    if (scenario.weight > 1) out.assumptions.push_back(k_weight);
    return out;
}

Scenario current_design(const World& world) {
    Scenario out = world.scenario();
    for (std::size_t i = 0; i < out.nodes.size(); ++i)
        for (std::size_t p = 0; p < out.nodes[i].values.size(); ++p)
            out.nodes[i].values[p] = world.value(static_cast<int>(i), static_cast<int>(p));
    for (std::size_t i = 0; i < out.edges.size(); ++i)
        for (std::size_t p = 0; p < out.edges[i].values.size(); ++p)
            out.edges[i].values[p] = world.edge_value(static_cast<int>(i), static_cast<int>(p));
    out.events.clear();
    out.log.clear();
    return out;
}

Words trust_words(Trust trust) {
    switch (trust) {
    case Trust::exact: return {"exact", "정확"};
    case Trust::approximate: return {"approximate", "근사"};
    case Trust::bound: return {"lower bound", "하한"};
    case Trust::none: break;
    }
    return {"no closed form", "닫힌 해 없음"};
}

} // namespace scale
