// Name service: answers look-ups with one of the asker's ways, which the asker then believes for a while.
#include "core/distribution.hpp"
#include "kinds/common.hpp"
#include "sim/forecast.hpp"
#include "sim/station.hpp"

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int { ttl_s, lookup_ms, lookup, policy, health_interval_s, health_threshold, health_depth };

constexpr Choice k_policies[] = {
    {"round-robin", {"each in turn (round robin)", "차례로(라운드 로빈)"}},
    {"weighted", {"by the weight of the edges", "경로의 가중치대로"}},
    {"nearest", {"the nearest (geoDNS)", "가장 가까운 곳(geoDNS)"}},
    {"failover", {"the first that is alive", "살아 있는 첫 번째(장애 조치)"}},
};

constexpr Choice k_depths[] = {
    {"front", {"the address", "주소만"}},
    {"behind", {"the address and what is behind it", "주소와 그 뒤까지"}},
};

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "ttl_s",
     .name = {"Time to live", "TTL"},
     .help = {"How long an answer may be believed.", "응답을 믿어도 되는 시간."},
     .fallback = 300,
     .least = 0,
     .most = 604800,
     .unit = "s",
     .logarithmic = true},
    {.code = 2,
     .id = "lookup_ms",
     .name = {"Look-up time", "조회 시간"},
     .help = {"Time to answer a look-up that no cache knows, on average.",
              "캐시에 없는 이름을 조회하는 평균 시간."},
     .fallback = 30,
     .least = 0,
     .most = 10000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 3,
     .id = "lookup",
     .name = {"Its distribution", "조회 시간 분포"},
     .help = {"How look-up times are spread.", "조회 시간이 퍼진 모양."},
     .type = ValueType::choice,
     .fallback = k_exponential,
     .least = 0,
     .most = 5,
     .choices = k_shapes},
    {.code = 4,
     .id = "policy",
     .name = {"Answers with", "응답 방식"},
     .help = {"Which of the addresses is given.", "어느 주소를 알려 줄지."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 3,
     .choices = k_policies},
    {.code = 5,
     .id = "health_interval_s",
     .name = {"Health check every", "상태 확인 주기"},
     .help = {"Addresses that fail are no longer given; 0 does not check.",
              "실패한 주소는 알려 주지 않는다. 0이면 확인하지 않는다."},
     .fallback = 0,
     .least = 0,
     .most = 3600,
     .unit = "s",
     .logarithmic = true,
     .section = {"Failover", "장애 조치"}},
    {.code = 6,
     .id = "health_threshold",
     .name = {"Failures in a row", "연속 실패 수"},
     .help = {"After so many failed checks an address counts as down.",
              "이만큼 연달아 실패하면 죽은 것으로 본다."},
     .type = ValueType::whole,
     .fallback = 3,
     .least = 1,
     .most = 100},
    {.code = 7,
     .id = "health_depth",
     .name = {"What is checked", "확인 범위"},
     .help = {"The address alone, or also that a balancer there has a server that is up.",
              "주소만 확인하거나, 그 로드밸런서 뒤에 살아 있는 서버가 있는지까지 확인한다."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 1,
     .choices = k_depths},
};

constexpr MetricRecord k_metrics[] = {
    {"answers", {"Answers", "응답"}, {"Look-ups answered.", "응답한 조회 수."}, MetricFormat::count},
};

constexpr Words k_inaccuracies[] = {
    {"The chain from root to authoritative servers is one delay.",
     "루트에서 권한 서버까지의 과정을 하나의 지연으로 본다."},
    {"Every cache keeps to the time to live.", "모든 캐시가 TTL을 지킨다고 본다."},
};

struct State {
    Distribution lookup;
    std::uint64_t answered;
    SlotId check_slot;
    std::uint32_t turn;
    std::uint32_t ready, padding;
};

// Failed checks in a row, per edge of the scenario.
std::uint32_t* failures(Sim& sim, NodeId id) {
    return reinterpret_cast<std::uint32_t*>(&sim.state<State>(id) + 1);
}

Time interval(const Sim& sim, NodeId id) { return core::from_seconds(sim.value(id, health_interval_s)); }

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State) + sim.edges.size() * sizeof(std::uint32_t));
    State& state = sim.state<State>(id);
    if (state.ready == 0) {
        state.check_slot = sim.add_slot(Handler::kind, id);
        state.ready = 1;
        station::resize(sim, id, {});
    }
    state.lookup = distribution(sim.value(id, lookup), sim.value(id, lookup_ms), 1);
    if (interval(sim, id) == 0)
        sim.queue.cancel(state.check_slot);
    else if (!sim.queue.pending(state.check_slot))
        sim.queue.schedule(state.check_slot, sim.now + interval(sim, id));
}

// Which edges it answers with: those of the nodes that ask it.
bool asks(const Sim& sim, NodeId dns, NodeId asker) {
    for (std::uint32_t out = 0; out < sim.nodes[asker].outs; ++out)
        if (sim.edges[sim.out_edge(asker, out)].to == dns) return true;
    return false;
}

// Balancers and proxies are well when something behind them is.
bool serves(const Sim& sim, NodeId id) {
    if (!sim.alive(id)) return false;
    if ((sim.scenario.nodes[id].kind->role & role_route) == 0 || sim.nodes[id].outs == 0) return true;
    for (std::uint32_t out = 0; out < sim.nodes[id].outs; ++out) {
        const Edge& way = sim.edges[sim.out_edge(id, out)];
        if (way.cut == 0 && serves(sim, way.to)) return true;
    }
    return false;
}

void fire(Sim& sim, NodeId id, SlotId slot, std::uint16_t) {
    for (std::size_t edge = 0; edge < sim.edges.size(); ++edge) {
        if (sim.edges[edge].to == id || !asks(sim, id, sim.edges[edge].from)) continue;
        std::uint32_t& failed = failures(sim, id)[edge];
        const NodeId to = sim.edges[edge].to;
        const bool well = sim.value(id, health_depth) == 0 ? sim.alive(to) : serves(sim, to);
        const bool reached = well && sim.edges[edge].cut == 0;
        failed = reached ? 0 : failed + 1;
    }
    sim.queue.schedule(slot, sim.now + interval(sim, id));
}

void arrive(Sim& sim, Request& request, Frame& here) {
    sim.wait(request, sim.state<State>(here.node).lookup.draw(sim.streams[here.node].service));
}

void timer(Sim& sim, Request& request, Frame& here) {
    ++sim.state<State>(here.node).answered;
    request.bytes = 500;
    sim.answer(request, here, Outcome::served);
}

bool better(const Sim& sim, std::uint32_t rule, EdgeId edge, EdgeId best) {
    if (rule == 2) return sim.edges[edge].delay < sim.edges[best].delay;
    return false;
}

EdgeId by_weight(Sim& sim, NodeId self, const EdgeId* list, std::uint32_t count) {
    double sum = 0;
    for (std::uint32_t i = 0; i < count; ++i) sum += sim.edges[list[i]].weight;
    double x = sim.streams[self].route.uniform() * sum;
    for (std::uint32_t i = 0; i + 1 < count; ++i) {
        x -= sim.edges[list[i]].weight;
        if (x < 0) return list[i];
    }
    return list[count - 1];
}

Resolution resolve(Sim& sim, NodeId self, NodeId asker, const Request& request) {
    State& state = sim.state<State>(self);
    const auto threshold = static_cast<std::uint32_t>(sim.value(self, health_threshold));
    const bool checks = sim.value(self, health_interval_s) > 0;
    constexpr std::uint32_t k_most = 64; // addresses of one name
    EdgeId list[k_most];
    std::uint32_t count = 0;
    for (std::uint32_t out = 0; out < sim.nodes[asker].outs && count < k_most; ++out) {
        const EdgeId edge = sim.out_edge(asker, out);
        if (sim.edges[edge].to == self || !sim.carries(edge, request)) continue;
        if (checks && failures(sim, self)[edge] >= threshold) continue;
        list[count++] = edge;
    }
    if (count == 0) return {};
    const auto rule = static_cast<std::uint32_t>(sim.value(self, policy));
    EdgeId chosen = list[0];
    if (rule == 0) chosen = list[state.turn++ % count];
    if (rule == 1) chosen = by_weight(sim, self, list, count);
    for (std::uint32_t i = 1; i < count; ++i)
        if (better(sim, rule, list[i], chosen)) chosen = list[i];
    return {chosen, core::from_seconds(sim.value(self, ttl_s))};
}

void dropped(Sim&, Request&, Frame&) {}

void measure(Sim& sim, NodeId id) { sim.state<State>(id).answered = 0; }

double metric(const Sim& sim, NodeId id, int) {
    return static_cast<double>(sim.state<State>(id).answered) * sim.scenario.weight;
}

double cost(const Sim& sim, NodeId) { return price::of(sim.scenario, price::Item::dns_zone); }

// A delay that nobody waits for in line.
void times(Forecast& here) {
    const LawId law = here.laws().of(distribution(here.value(lookup), here.value(lookup_ms), 1));
    for (int i = 0; i < k_classes; ++i) here.answer(static_cast<RequestClass>(i), law);
    here.answer_bytes(500);
    here.says({"delay (M/G/infinity)", "지연(M/G/∞)"}, Trust::exact, Trust::exact);
}

void flows(Forecast&) {}

// Shares of the asker's edges, everything alive.
void names(Forecast& asker, NodeId self, std::span<const EdgeId> edges, std::span<double> shares) {
    const auto rule = static_cast<int>(asker.value_of(self, "policy"));
    double sum = 0;
    std::size_t nearest = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        sum += asker.edge_value(edges[i], edge_weight);
        if (asker.delay_s(edges[i]) < asker.delay_s(edges[nearest])) nearest = i;
    }
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const double even = 1.0 / static_cast<double>(edges.size());
        if (rule == 0) shares[i] = even;
        if (rule == 1) shares[i] = sum > 0 ? asker.edge_value(edges[i], edge_weight) / sum : even;
        if (rule == 2) shares[i] = i == nearest ? 1 : 0;
        if (rule == 3) shares[i] = i == 0 ? 1 : 0;
    }
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .dropped = dropped,
    .fire = fire,
    .timer = timer,
    .resolve = resolve,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = {flows, times, names},
};

} // namespace

extern const KindRecord k_dns;
const KindRecord k_dns = {
    .code = 2,
    .id = "dns",
    .name = {"DNS", "DNS"},
    .help = {"Tells clients the address behind a name. They remember it for the time to live.",
             "이름에 해당하는 주소를 알려 준다. 클라이언트는 TTL 동안 기억한다."},
    .icon = "globe",
    .tier = Tier::naming,
    .role = role_naming,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form = {"Mean extra outage after a failure: detection + time to live / 2.",
                    "장애 뒤 추가 중단의 평균: 감지 시간 + TTL/2."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
