// Why a node may differ, at this moment of a run, from what theory expects of it: theory takes the design
// whole and undamaged.
#include "analysis/say.hpp"
#include "scale/analysis.hpp"
#include "scale/insight.hpp"
#include "sim/sim.hpp"

namespace scale {

namespace {

using analysis::filled;
using analysis::named;

constexpr Words k_all_down{"It is down now; expected is what it does when it is up.",
                           "지금 멈춰 있다. 예측은 정상일 때의 값이다."};
constexpr Words k_some_down{"{d} of its {n} instances are down now; expected is what all of them do.",
                            "지금 인스턴스 {n}개 가운데 {d}개가 멈춰 있다. 예측은 모두 정상일 때의 값이다."};
constexpr Words k_one_down{"One of its {n} instances is down now; expected is what all of them do.",
                           "지금 인스턴스 {n}개 가운데 하나가 멈춰 있다. 예측은 모두 정상일 때의 값이다."};
constexpr Words k_slow{"It is slowed down now; expected is its usual speed.",
                       "지금 느려져 있다. 예측은 평소 속도일 때의 값이다."};
constexpr Words k_cut{"Nothing gets through to {t} now; expected is what it does when the way is open.",
                      "지금 {t:으로/로} 가는 길이 끊겨 있다. 예측은 길이 열려 있을 때의 값이다."};
constexpr Words k_called_down{"{t} is down now, wholly or in part; expected is what it does when it is up.",
                              "지금 {t}의 전부나 일부가 멈춰 있다. 예측은 정상일 때의 값이다."};

std::optional<Text> of_itself(const World& world, int node) {
    const NodeNow now = world.node_now(node);
    if (now.instances_up == 0) return filled(k_all_down, {});
    if (now.instances_up < now.instances) {
        const std::uint64_t down = now.designed() - now.designed_up();
        return filled(down == 1 ? k_one_down : k_some_down,
                      {{"d", std::to_string(down)}, {"n", std::to_string(now.designed())}});
    }
    if (now.state == InstanceState::slow) return filled(k_slow, {});
    return std::nullopt;
}

} // namespace

std::optional<Text> unlike_theory(const World& world, int node) {
    const Scenario& scenario = world.scenario();
    if (std::optional<Text> own = of_itself(world, node)) return own;
    for (std::size_t i = 0; i < scenario.edges.size(); ++i) {
        const EdgeDef& edge = scenario.edges[i];
        if (edge.from != node || is_link(scenario, edge)) continue;
        if (world.edge_cut(static_cast<int>(i))) return filled(k_cut, {named("t", scenario, edge.to)});
        const NodeNow called = world.node_now(edge.to);
        if (called.instances_up < called.instances)
            return filled(k_called_down, {named("t", scenario, edge.to)});
    }
    return std::nullopt;
}

} // namespace scale
