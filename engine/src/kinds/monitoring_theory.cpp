#include "kinds/monitoring_theory.hpp"

#include "kinds/monitoring_record.hpp"

namespace scale::kind::monitoring {

using namespace sim;

namespace {

constexpr Words k_readings{"readings on a fixed schedule", "정해진 주기의 수집"};
constexpr Words k_no_trouble{"As long as nothing is wrong: alerts and repairs are not foreseen.",
                             "문제가 없을 때의 값이다. 경보와 복구는 예측하지 않는다."};

} // namespace

// Its readings are work on the cores of whoever is watched.
void flows(Forecast& here) {
    const Scenario& scenario = here.all().scenario;
    const core::Distribution work = distribution(k_deterministic, here.value(scrape_ms), 0);
    for (const EdgeDef& edge : scenario.edges) {
        const auto node = static_cast<NodeId>(edge.to);
        if (edge.from != static_cast<int>(here.id()) || !is_link(scenario, edge)) continue;
        if ((scenario.nodes[node].kind->role & role_client) != 0 || here.value(scrape_ms) == 0) continue;
        here.all().nodes[node].asides.push_back(
            {here.instances(node) / here.value(scrape_s), work, false, true});
    }
}

void times(Forecast& here) {
    const Scenario& scenario = here.all().scenario;
    double lines = 0;
    for (const EdgeDef& edge : scenario.edges) {
        const auto node = static_cast<NodeId>(edge.to);
        const bool watched_host = edge.from == static_cast<int>(here.id()) && is_link(scenario, edge) &&
                                  (scenario.nodes[node].kind->role & role_client) == 0;
        if (watched_host) lines += here.all().nodes[node].in.all();
    }
    constexpr double k_month_s = 730 * 3600;
    here.metric("log_gb", lines * here.value(log_kb) / 1e6 * k_month_s);
    here.says(k_readings, Trust::approximate, Trust::approximate);
    here.assume(k_no_trouble);
}

} // namespace scale::kind::monitoring
