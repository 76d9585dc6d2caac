// A load balancer: spreads requests over instances, watches their health, takes bad ones out of turn.
#include "kinds/backends.hpp"
#include "kinds/common.hpp"
#include "kinds/sticky.hpp"
#include "sim/forecast.hpp"
#include "sim/station.hpp"

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int {
    algorithm,
    health_interval_s,
    health_threshold,
    recover_threshold,
    eject_slow,
    eject_s,
    eject_most,
    retry_others,
    standby,
    failover_s,
    service_ms,
    service,
    workers,
    queue_limit,
    price_usd,
    sticky,
    sticky_s
};

constexpr Choice k_algorithms[] = {
    {"random", {"at random", "무작위"}},
    {"round-robin", {"round robin", "라운드 로빈"}},
    {"weighted", {"weighted round robin", "가중 라운드 로빈"}},
    {"least-connections", {"least connections", "최소 연결"}},
    {"least-utilization", {"least utilization", "최소 사용률"}},
    {"power-of-two", {"better of two at random", "무작위 둘 중 나은 쪽"}},
    {"source-hash", {"hash of the user (sticky)", "사용자 해시(고정)"}},
};

constexpr Choice k_sticky[] = {
    {"none", {"no: any instance will do", "없음: 아무 서버나"}},
    {"cookie", {"by cookie: back to the same one", "쿠키: 쓰던 서버로"}},
};

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "algorithm",
     .name = {"Algorithm", "분산 방식"},
     .help = {"How the next instance is chosen.", "다음 서버를 고르는 방법."},
     .type = ValueType::choice,
     .fallback = 1,
     .least = 0,
     .most = 6,
     .choices = k_algorithms},
    {.code = 2,
     .id = "health_interval_s",
     .name = {"Health check every", "상태 확인 주기"},
     .help = {"Time between checks of every instance; 0 does not check.",
              "모든 서버를 확인하는 주기. 0이면 확인하지 않는다."},
     .fallback = 5,
     .least = 0,
     .most = 3600,
     .unit = "s",
     .logarithmic = true,
     .section = {"Health", "상태 확인"}},
    {.code = 3,
     .id = "health_threshold",
     .name = {"Failures in a row", "연속 실패 수"},
     .help = {"After so many failed checks an instance gets nothing more.",
              "이만큼 연달아 실패하면 요청을 보내지 않는다."},
     .type = ValueType::whole,
     .fallback = 2,
     .least = 1,
     .most = 100},
    {.code = 4,
     .id = "recover_threshold",
     .name = {"Successes in a row", "연속 성공 수"},
     .help = {"After so many good checks it takes its share again.",
              "이만큼 연달아 성공하면 다시 요청을 받는다."},
     .type = ValueType::whole,
     .fallback = 2,
     .least = 1,
     .most = 100},
    {.code = 5,
     .id = "eject_slow",
     .name = {"Ejects slow ones from", "느린 서버 제외 기준"},
     .help = {"An instance this many times slower than the median is taken out; 0 never.",
              "중앙값보다 이만큼 느린 서버를 뺀다. 0이면 빼지 않는다."},
     .fallback = 0,
     .least = 0,
     .most = 100,
     .unit = "x",
     .section = {"Slow instances", "느린 서버"}},
    {.code = 6,
     .id = "eject_s",
     .name = {"For", "제외 시간"},
     .help = {"How long a slow instance stays out.", "느린 서버를 빼 두는 시간."},
     .fallback = 30,
     .least = 1,
     .most = 86400,
     .unit = "s",
     .logarithmic = true},
    {.code = 7,
     .id = "eject_most",
     .name = {"At most", "최대 제외 비율"},
     .help = {"Share of the instances that may be out for being slow.",
              "느리다는 이유로 뺄 수 있는 서버의 비율."},
     .fallback = 0.5,
     .least = 0,
     .most = 1},
    {.code = 8,
     .id = "retry_others",
     .name = {"Tries others", "다른 서버로 재시도"},
     .help = {"Further instances to try when one fails.", "실패하면 다른 서버에 다시 보내는 횟수."},
     .type = ValueType::whole,
     .fallback = 0,
     .least = 0,
     .most = 10,
     .section = {"Failures", "장애"}},
    {.code = 9,
     .id = "standby",
     .name = {"Standby", "대기 장비"},
     .help = {"A second balancer takes over when this one dies.",
              "이 장비가 죽으면 두 번째 장비가 이어받는다."},
     .type = ValueType::flag,
     .fallback = 0,
     .least = 0,
     .most = 1},
    {.code = 10,
     .id = "failover_s",
     .name = {"Takes over after", "전환 시간"},
     .help = {"Time until the standby has noticed and taken the address.",
              "대기 장비가 알아채고 주소를 넘겨받기까지의 시간."},
     .fallback = 10,
     .least = 0,
     .most = 3600,
     .unit = "s",
     .logarithmic = true},
    {.code = 11,
     .id = "service_ms",
     .name = {"Own work", "자체 처리 시간"},
     .help = {"Its own time per request; 0 is too little to count.",
              "요청당 자체 처리 시간. 0이면 무시할 만큼 짧다."},
     .fallback = 0,
     .least = 0,
     .most = 1000,
     .unit = "ms",
     .logarithmic = true,
     .section = {"Capacity", "용량"}},
    {.code = 12,
     .id = "service",
     .name = {"Its distribution", "처리 시간 분포"},
     .help = {"How that time is spread.", "그 시간이 퍼진 모양."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 5,
     .choices = k_shapes},
    {.code = 13,
     .id = "workers",
     .name = {"Workers", "워커"},
     .help = {"Requests that it handles at once.", "동시에 처리하는 요청 수."},
     .type = ValueType::whole,
     .fallback = 1,
     .least = 1,
     .most = 1000,
     .logarithmic = true},
    {.code = 14,
     .id = "queue_limit",
     .name = {"Queue limit", "큐 길이 한도"},
     .help = {"Requests that may wait for it; more are rejected.",
              "기다릴 수 있는 요청 수. 넘치면 거절한다."},
     .type = ValueType::whole,
     .fallback = 10000,
     .least = 0,
     .most = 1000000,
     .logarithmic = true},
    {.code = 15,
     .id = "price_usd",
     .name = {"Price", "가격"},
     .help = {"USD per month; 0 is the list price; a standby doubles it.",
              "월 가격(USD). 0이면 정가. 대기 장비가 있으면 두 배."},
     .fallback = 0,
     .least = 0,
     .most = 1000000,
     .unit = "USD",
     .logarithmic = true,
     .section = {"Price", "비용"}},
    {.code = 20,
     .id = "sticky",
     .name = {"Sticky sessions", "고정 세션"},
     .help = {"Whether a user comes back to the instance of before, as long as it is in turn.",
              "사용자가 쓰던 서버로 다시 보내는지. 그 서버가 빠지면 새로 고른다."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 1,
     .choices = k_sticky,
     .section = {"Sessions", "세션"}},
    {.code = 21,
     .id = "sticky_s",
     .name = {"Cookie lasts", "쿠키 수명"},
     .help = {"From the moment it was set; 0 is for ever.", "쿠키를 만든 때부터의 시간. 0이면 끝이 없다."},
     .fallback = 0,
     .least = 0,
     .most = 31536000,
     .unit = "s",
     .logarithmic = true},
};

constexpr MetricRecord k_metrics[] = {
    {"imbalance",
     {"Busiest against mean", "쏠림"},
     {"Requests of the busiest instance over the mean of all.",
      "가장 많이 받은 서버의 요청 수를 평균으로 나눈 값."},
     MetricFormat::count},
    {"ejected",
     {"Out of turn", "제외된 서버"},
     {"Instances that get nothing now.", "지금 요청을 받지 않는 서버 수."},
     MetricFormat::count},
};

constexpr Words k_inaccuracies[] = {
    {"Health checks cost the instances nothing.", "상태 확인은 서버에 부담을 주지 않는다."},
    {"Connections are not kept open: every request is balanced anew.",
     "연결을 유지하지 않는다. 요청마다 새로 분산한다."},
};

enum Stage : std::uint8_t { at_work = 0, at_call = 1 }; // at_call + n: n others were tried before
constexpr std::uint32_t k_takeover = 1;                 // token of the standby's timer

struct State {
    BackendRules rules;
    SlotId check_slot;
    std::uint32_t has_work, ready, tries;
    Sticky sticky;
};

Backends backends(Sim& sim, NodeId id) {
    return Backends(sim, id, sim.state<State>(id).rules, sizeof(State));
}

Time check_interval(const Sim& sim, NodeId id) {
    const double wanted = sim.value(id, health_interval_s);
    if (wanted > 0) return core::from_seconds(wanted);
    const bool needs_reports = static_cast<Choose>(sim.value(id, algorithm)) == Choose::least_utilization;
    return needs_reports || sim.value(id, eject_slow) > 0 ? core::k_second : 0;
}

void read_rules(const Sim& sim, NodeId id, BackendRules& rules) {
    rules.choose = static_cast<std::uint32_t>(sim.value(id, algorithm));
    rules.checks_health = sim.value(id, health_interval_s) > 0 ? 1 : 0;
    rules.health_threshold = static_cast<std::uint32_t>(sim.value(id, health_threshold));
    rules.recover_threshold = static_cast<std::uint32_t>(sim.value(id, recover_threshold));
    rules.eject_slow = sim.value(id, eject_slow);
    rules.eject_for = core::from_seconds(sim.value(id, eject_s));
    rules.eject_most = sim.value(id, eject_most);
}

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    State& state = sim.state<State>(id);
    if (state.ready == 0) {
        state.check_slot = sim.add_slot(Handler::kind, id);
        state.ready = 1;
    }
    read_rules(sim, id, state.rules);
    sim.demand(id, 0) = distribution(sim.value(id, service), sim.value(id, service_ms), 1);
    state.has_work = sim.value(id, service_ms) > 0 ? 1 : 0;
    configure_sticky(sim, state.sticky, sim.value(id, sticky) == 1, sim.value(id, sticky_s));
    state.tries = static_cast<std::uint32_t>(sim.value(id, retry_others));
    station::Size size;
    size.workers = size.cores = static_cast<std::uint32_t>(sim.value(id, workers));
    size.queue_limit = static_cast<std::uint32_t>(sim.value(id, queue_limit));
    station::resize(sim, id, size);
    const Time every = check_interval(sim, id);
    if (every == 0)
        sim.queue.cancel(state.check_slot);
    else if (!sim.queue.pending(state.check_slot))
        sim.queue.schedule(state.check_slot, sim.now + every);
    Backends::rebuild(sim, id, sizeof(State),
                      [](Sim& s, NodeId n) -> BackendRules& { return s.state<State>(n).rules; });
}

void fire(Sim& sim, NodeId id, SlotId slot, std::uint16_t) {
    const Time every = check_interval(sim, id);
    backends(sim, id).check(every);
    sim.queue.schedule(slot, sim.now + every);
}

// On to the best instance; `avoid` has just failed.
[[gnu::noinline]] void forward_to_one(Sim& sim, Request& request, Frame& here, std::uint32_t avoid) {
    Backends list = backends(sim, here.node);
    const Sticky& sticky = sim.state<State>(here.node).sticky;
    const std::uint32_t chosen = pick_by_cookie(sim, sticky, list, request, avoid);
    if (chosen == k_none) {
        sim.answer(request, here, Outcome::failed); // nobody is left to ask
        return;
    }
    Backend& backend = list[chosen];
    ++backend.outstanding;
    ++here.stage;
    sim.send(request, here, backend.edge, backend.instance);
}

inline void forward(Sim& sim, Request& request, Frame& here, std::uint32_t avoid) {
    State& state = sim.state<State>(here.node);
    Backend* const only = Backends::only(state.rules, &state + 1);
    if (only == nullptr || avoid == 0) {
        forward_to_one(sim, request, here, avoid);
        return;
    }
    ++only->outstanding;
    ++here.stage;
    sim.send(request, here, only->edge, only->instance);
}

void arrive(Sim& sim, Request& request, Frame& here) {
    if (sim.state<State>(here.node).has_work != 0)
        station::enter(sim, request, here, 0);
    else
        forward(sim, request, here, k_none);
}

void worked(Sim& sim, Request& request, Frame& here) {
    station::leave(sim, here);
    forward(sim, request, here, k_none);
}

[[gnu::noinline]] void returned_otherwise(Sim& sim, Request& request, Frame& here) {
    const Frame& called = *(&here + 1);
    Backends list = backends(sim, here.node);
    const std::uint32_t index = list.find(called.edge, called.instance);
    const auto outcome = static_cast<Outcome>(request.outcome);
    if (index != k_none) list.answered(index, sim.now - called.entered, outcome);
    const auto tried = static_cast<std::uint32_t>(here.stage - at_call);
    if (outcome == Outcome::failed && tried < sim.state<State>(here.node).tries)
        forward(sim, request, here, index);
    else
        sim.answer(request, here, outcome);
}

void returned(Sim& sim, Request& request, Frame& here) {
    const Frame& called = *(&here + 1);
    State& state = sim.state<State>(here.node);
    Backend* const from = Backends::at_place(state.rules, &state + 1, called.edge, called.instance);
    if (from == nullptr || request.outcome != 0) {
        returned_otherwise(sim, request, here);
        return;
    }
    Backends::answered(*from, sim.now - called.entered, Outcome::served);
    sim.answer(request, here, Outcome::served);
}

void dropped(Sim& sim, Request& request, Frame& here) {
    station::dropped(sim, request, here);
    if (here.stage < at_call) return;
    const Frame& called = *(&here + 1);
    Backends list = backends(sim, here.node);
    const std::uint32_t index = list.find(called.edge, called.instance);
    if (index != k_none && list[index].outstanding > 0) --list[index].outstanding;
}

void life(Sim& sim, NodeId id, int, bool alive) {
    if (!alive && sim.value(id, standby) != 0)
        sim.wake(id, k_takeover, core::from_seconds(sim.value(id, failover_s)));
}

void wake(Sim& sim, NodeId id, std::uint32_t) {
    if (sim.instance(id, 0).dead == 0) return;
    sim.note(Happening::promoted, id);
    sim.restore(id, -1);
}

double metric(const Sim& sim, NodeId id, int index) {
    const Backends list = backends(const_cast<Sim&>(sim), id);
    return index == 0 ? list.imbalance() : list.ejected();
}

double cost(const Sim& sim, NodeId id) {
    const double own = sim.value(id, price_usd), boxes = sim.value(id, standby) != 0 ? 2 : 1;
    return boxes * (own > 0 ? own : price::of(sim.scenario, price::Item::balancer));
}

// How each instance sees the stream, whatever the order within a turn.
Spread spread_of(Choose choose) {
    switch (choose) {
    case Choose::round_robin:
    case Choose::weighted: return Spread::turns;
    case Choose::power_of_two: return Spread::better_of_two;
    case Choose::least_connections: return Spread::shortest;
    case Choose::random:
    case Choose::least_utilization:
    case Choose::source_hash: break;
    }
    return Spread::at_random;
}

// Instances behind an edge, by weight where that decides.
double part_of(const Forecast& here, EdgeId edge) {
    const bool weighs = static_cast<Choose>(here.value(algorithm)) == Choose::weighted;
    return here.instances(here.to(edge)) * (weighs ? here.edge_value(edge, edge_weight) : 1);
}

double parts_for(const Forecast& here, RequestClass asked) {
    double sum = 0;
    for (const EdgeId edge : here.outs())
        if (here.carries(edge, asked)) sum += part_of(here, edge);
    return sum;
}

void flows(Forecast& here) {
    const Spread spread = spread_of(static_cast<Choose>(here.value(algorithm)));
    if (here.value(service_ms) > 0)
        here.work(here.in().all(), distribution(here.value(service), here.value(service_ms), 1));
    for (int i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        const double all = parts_for(here, asked);
        for (const EdgeId edge : here.outs()) {
            if (!here.carries(edge, asked) || all == 0) continue;
            const double part = part_of(here, edge);
            const double pool = part > 0 ? all / part * here.instances(here.to(edge)) : 1;
            here.send(edge, asked, here.let_in() * part / all, spread, pool);
            if (static_cast<Choose>(here.value(algorithm)) == Choose::least_utilization) here.guess(edge);
        }
    }
}

void times(Forecast& here) {
    constexpr Words k_at_once{"passes on at once", "바로 넘긴다"};
    StationTimes own;
    own.stay.push_back(0);
    here.says(k_at_once, Trust::exact, Trust::exact);
    if (here.value(service_ms) > 0) {
        StationPlan plan;
        plan.size.workers = plan.size.cores = static_cast<std::uint32_t>(here.value(workers));
        plan.size.queue_limit = static_cast<std::uint32_t>(here.value(queue_limit));
        own = here.station(plan);
        here.lost(own.lost);
    }
    const LawId before = here.laws().sum(own.wait, own.stay[0]);
    for (int i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        const double all = parts_for(here, asked);
        std::vector<core::Part> parts;
        double served = 0;
        for (const EdgeId edge : here.outs()) {
            if (!here.carries(edge, asked) || all == 0) continue;
            const Reply reply = here.call(edge, asked);
            const double share = part_of(here, edge) / all * reply.served;
            parts.push_back({share, here.laws().sum(before, reply.law)});
            served += share;
        }
        here.answer(asked, here.laws().mix(parts), served * here.let_in());
    }
    here.metric("ejected", 0);
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .worked = worked,
    .returned = returned,
    .dropped = dropped,
    .fire = fire,
    .wake = wake,
    .life = life,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = {flows, times},
};

} // namespace

extern const KindRecord k_balancer;
const KindRecord k_balancer = {
    .code = 3,
    .id = "balancer",
    .name = {"Load balancer", "로드밸런서"},
    .help = {"One public address in front, many servers behind; sends each request to one that is up.",
             "앞에는 공개 주소 하나, 뒤에는 여러 서버. 살아 있는 서버로 요청을 나눠 보낸다."},
    .icon = "split",
    .tier = Tier::entry,
    .role = role_route,
    .calls = role_compute | role_route | role_store | role_cache | role_queue,
    .calls_least = 1,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form = {"Random: each instance is M/M/1 by itself; better of two: the supermarket model.",
                    "무작위면 서버마다 따로 M/M/1, 둘 중 나은 쪽이면 슈퍼마켓 모형."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
