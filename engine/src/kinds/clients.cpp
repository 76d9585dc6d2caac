// Users: they ask, wait as long as their patience lasts, try again, and are what every figure of the whole
// system is measured at. Open (arrivals come whatever happens) or closed (a fixed number who wait and think).
#include "core/zipf.hpp"
#include "kinds/common.hpp"
#include "kinds/rate.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int {
    mode,
    rate_per_s,
    arrivals,
    users,
    think_ms,
    think,
    profile,
    step_per_s,
    step_every_s,
    rate_end_per_s,
    from_s,
    lasts_s,
    spike_factor,
    daily_swing,
    day_s,
    pages,
    writes,
    assets,
    api,
    keys,
    zipf,
    request_kb,
    timeout_ms,
    cancels,
    retries,
    backoff_ms,
    backoff_factor,
    backoff_jitter,
    retry_budget,
    resolvers
};

constexpr Choice k_modes[] = {
    {"open", {"open: arrivals come whatever happens", "열린 모형: 사정과 상관없이 도착한다"}},
    {"closed",
     {"closed: users wait for the answer, think, ask again", "닫힌 모형: 응답을 받고 잠시 뒤 다시 요청한다"}},
};
constexpr Choice k_arrivals[] = {
    {"poisson", {"at random (Poisson)", "무작위(푸아송)"}},
    {"deterministic", {"evenly spaced", "일정한 간격"}},
};
constexpr Choice k_profiles[] = {
    {"constant", {"constant", "일정"}}, {"steps", {"rising in steps", "계단"}},  {"ramp", {"ramp", "경사"}},
    {"spike", {"flash crowd", "급증"}}, {"daily", {"daily curve", "하루 주기"}},
};

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "mode",
     .name = {"Mode", "방식"},
     .help = {"Whether users ask regardless of the answers.", "응답과 상관없이 요청하는지."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 1,
     .choices = k_modes,
     .section = {"Load", "부하"}},
    {.code = 2,
     .id = "rate_per_s",
     .name = {"Rate", "요청률"},
     .help = {"Requests per second, all users together (open).",
              "모든 사용자를 합친 초당 요청 수(열린 모형)."},
     .fallback = 100,
     .least = 0,
     .most = 10000000,
     .unit = "/s",
     .logarithmic = true},
    {.code = 3,
     .id = "arrivals",
     .name = {"Arrivals", "도착 과정"},
     .help = {"How requests follow one another (open).", "요청이 들어오는 간격(열린 모형)."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 1,
     .choices = k_arrivals},
    {.code = 4,
     .id = "users",
     .name = {"Users", "사용자"},
     .help = {"How many different users there are; the population of the closed mode.",
              "서로 다른 사용자 수. 닫힌 모형에서는 전체 인원."},
     .type = ValueType::whole,
     .fallback = 1000,
     .least = 1,
     .most = 10000000,
     .logarithmic = true},
    {.code = 5,
     .id = "think_ms",
     .name = {"Think time", "생각 시간"},
     .help = {"From an answer to the user's next request (closed).", "응답을 받고 다음 요청까지(닫힌 모형)."},
     .fallback = 5000,
     .least = 0,
     .most = 86400000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 6,
     .id = "think",
     .name = {"Its distribution", "생각 시간 분포"},
     .help = {"How think times are spread.", "생각 시간이 퍼진 모양."},
     .type = ValueType::choice,
     .fallback = k_exponential,
     .least = 0,
     .most = 5,
     .choices = k_shapes},
    {.code = 7,
     .id = "profile",
     .name = {"Over time", "시간에 따른 변화"},
     .help = {"How the rate changes during the run (open).", "실행 중에 요청률이 바뀌는 모양(열린 모형)."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 4,
     .choices = k_profiles,
     .section = {"Over time", "변화"}},
    {.code = 8,
     .id = "step_per_s",
     .name = {"Step", "계단 높이"},
     .help = {"Added at every step (steps).", "계단마다 더해지는 요청률(계단)."},
     .fallback = 100,
     .least = 0,
     .most = 10000000,
     .unit = "/s",
     .logarithmic = true},
    {.code = 9,
     .id = "step_every_s",
     .name = {"Every", "계단 간격"},
     .help = {"Time between steps.", "계단 사이의 시간."},
     .fallback = 60,
     .least = 0.1,
     .most = 86400,
     .unit = "s",
     .logarithmic = true},
    {.code = 10,
     .id = "rate_end_per_s",
     .name = {"Ramp to", "도착 요청률"},
     .help = {"Rate at the end of the ramp.", "경사가 끝날 때의 요청률."},
     .fallback = 1000,
     .least = 0,
     .most = 10000000,
     .unit = "/s",
     .logarithmic = true},
    {.code = 11,
     .id = "from_s",
     .name = {"Begins at", "시작"},
     .help = {"When the ramp or flash crowd begins.", "경사나 급증이 시작되는 시각."},
     .fallback = 60,
     .least = 0,
     .most = 10000000,
     .unit = "s",
     .logarithmic = true},
    {.code = 12,
     .id = "lasts_s",
     .name = {"Lasts", "지속"},
     .help = {"How long the ramp or flash crowd lasts.", "경사나 급증이 이어지는 시간."},
     .fallback = 60,
     .least = 0.1,
     .most = 10000000,
     .unit = "s",
     .logarithmic = true},
    {.code = 13,
     .id = "spike_factor",
     .name = {"Times the rate", "급증 배율"},
     .help = {"The rate is multiplied by this during a flash crowd.", "급증하는 동안 요청률에 곱하는 값."},
     .fallback = 5,
     .least = 0,
     .most = 1000,
     .unit = "x",
     .logarithmic = true},
    {.code = 14,
     .id = "daily_swing",
     .name = {"Daily swing", "하루 진폭"},
     .help = {"Peak above the mean as a share of it; 0.8 is from 20 % to 180 %.",
              "평균 대비 최고점의 비율. 0.8이면 20 %에서 180 %까지."},
     .fallback = 0.8,
     .least = 0,
     .most = 1},
    {.code = 15,
     .id = "day_s",
     .name = {"Length of a day", "하루의 길이"},
     .help = {"So that a day may pass in minutes.", "하루를 짧게 줄여 볼 수 있다."},
     .fallback = 86400,
     .least = 10,
     .most = 864000,
     .unit = "s",
     .logarithmic = true},
    {.code = 16,
     .id = "pages",
     .name = {"Pages", "페이지"},
     .help = {"Relative share of page reads.", "페이지 읽기의 상대 비중."},
     .fallback = 1,
     .least = 0,
     .most = 1000,
     .section = {"Mix", "구성"}},
    {.code = 17,
     .id = "writes",
     .name = {"Writes", "쓰기"},
     .help = {"Relative share of writes.", "쓰기의 상대 비중."},
     .fallback = 0,
     .least = 0,
     .most = 1000},
    {.code = 18,
     .id = "assets",
     .name = {"Static assets", "정적 파일"},
     .help = {"Relative share of static assets.", "정적 파일의 상대 비중."},
     .fallback = 0,
     .least = 0,
     .most = 1000},
    {.code = 19,
     .id = "api",
     .name = {"API calls", "API 호출"},
     .help = {"Relative share of API calls.", "API 호출의 상대 비중."},
     .fallback = 0,
     .least = 0,
     .most = 1000},
    {.code = 20,
     .id = "keys",
     .name = {"Keys", "키"},
     .help = {"How many different things are asked for; 1 leaves keys out.",
              "요청하는 대상의 가짓수. 1이면 키를 쓰지 않는다."},
     .type = ValueType::whole,
     .fallback = 10000,
     .least = 1,
     .most = 10000000,
     .logarithmic = true},
    {.code = 21,
     .id = "zipf",
     .name = {"Zipf exponent", "지프 지수"},
     .help = {"How unevenly: 0 is all alike, 1 is typical of the web.",
              "인기가 쏠린 정도. 0이면 고르고, 웹은 대개 1 안팎."},
     .fallback = 0.9,
     .least = 0,
     .most = 3},
    {.code = 22,
     .id = "request_kb",
     .name = {"Request size", "요청 크기"},
     .help = {"Bytes of a request, for edges with a bandwidth.",
              "요청의 크기. 대역폭이 있는 경로에서 쓰인다."},
     .fallback = 1,
     .least = 0,
     .most = 100000,
     .unit = "kB",
     .logarithmic = true},
    {.code = 23,
     .id = "timeout_ms",
     .name = {"Patience", "타임아웃"},
     .help = {"After this long the user gives up on a try; 0 is never.",
              "이만큼 기다리고 포기한다. 0이면 포기하지 않는다."},
     .fallback = 0,
     .least = 0,
     .most = 3600000,
     .unit = "ms",
     .logarithmic = true,
     .section = {"Patience", "인내심"}},
    {.code = 24,
     .id = "cancels",
     .name = {"Cancels", "취소 전파"},
     .help = {"Giving up stops the work downstream; otherwise it goes on for nobody.",
              "포기하면 뒤쪽의 처리도 멈춘다. 끄면 받을 사람 없는 처리가 계속된다."},
     .type = ValueType::flag,
     .fallback = 0,
     .least = 0,
     .most = 1},
    {.code = 25,
     .id = "retries",
     .name = {"Retries", "재시도"},
     .help = {"Further tries after a failure or lost patience.", "실패하거나 포기한 뒤 다시 시도하는 횟수."},
     .type = ValueType::whole,
     .fallback = 0,
     .least = 0,
     .most = 10},
    {.code = 26,
     .id = "backoff_ms",
     .name = {"Back-off", "백오프"},
     .help = {"Wait before the first retry.", "첫 재시도 전에 기다리는 시간."},
     .fallback = 100,
     .least = 0,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 27,
     .id = "backoff_factor",
     .name = {"Grows by", "백오프 배율"},
     .help = {"Every further wait is this many times longer.", "재시도할 때마다 대기 시간에 곱하는 값."},
     .fallback = 2,
     .least = 1,
     .most = 10,
     .unit = "x"},
    {.code = 28,
     .id = "backoff_jitter",
     .name = {"Jitter", "지터"},
     .help = {"Share of the wait that is drawn at random: 0 none, 1 all of it.",
              "대기 시간 중 무작위로 정하는 비율. 0이면 없음, 1이면 전부."},
     .fallback = 0.5,
     .least = 0,
     .most = 1},
    {.code = 29,
     .id = "retry_budget",
     .name = {"Retry budget", "재시도 예산"},
     .help = {"Retries per request, averaged over all of them, that are allowed; 10 is no limit.",
              "요청 하나당 허용하는 평균 재시도 수. 10이면 제한이 없다."},
     .fallback = 10,
     .least = 0,
     .most = 10},
    {.code = 30,
     .id = "resolvers",
     .name = {"Name caches", "DNS 캐시"},
     .help = {"How many caches of names the users share, each with its own moment of expiry.",
              "사용자들이 나눠 쓰는 DNS 캐시의 수. 만료 시각은 저마다 다르다."},
     .type = ValueType::whole,
     .fallback = 100,
     .least = 1,
     .most = 100000,
     .logarithmic = true},
};

constexpr MetricRecord k_metrics[] = {
    {"retries_per_request",
     {"Retries per request", "요청당 재시도"},
     {"Tries beyond the first.", "첫 시도를 뺀 시도 수."},
     MetricFormat::count},
    {"lookups",
     {"Name look-ups", "DNS 조회"},
     {"Look-ups that no cache answered.", "캐시가 답하지 못한 DNS 조회 수."},
     MetricFormat::count},
};

constexpr Words k_inaccuracies[] = {
    {"Users do not leave a page half loaded or open several connections at once.",
     "사용자는 페이지를 받다 말거나 여러 연결을 동시에 열지 않는다."},
    {"Ramps and daily curves change the rate once a second or 288 times a day.",
     "경사는 1초마다, 하루 주기는 하루 288번 요청률이 바뀐다."},
};

enum Stage : std::uint8_t { at_call = 0, at_lookup = 1, at_backoff = 2 };

// What one name cache knows.
struct Answer {
    Time until = 0;
    std::uint32_t edge = k_no_edge;
    std::uint32_t padding = 0;
};

struct State {
    RateProfile rate;
    Distribution think;
    core::Zipf zipf;
    double need; // requests that must still add up before the next arrival
    Time from;   // ... from this moment on
    double backoff_ns, backoff_factor, jitter, budget, tokens;
    double mix[k_classes]; // cumulative
    Time timeout;
    std::uint64_t lookups;
    std::uint32_t population, started, resolvers, retries, request_bytes;
    SlotId arrival_slot;
    std::uint32_t dns_edge, turn;
    std::uint8_t closed, poisson, cancels, mixed, ready, padding[3];
};

Answer* answers(Sim& sim, NodeId id) { return reinterpret_cast<Answer*>(&sim.state<State>(id) + 1); }

void schedule_arrival(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    const Time next = state.rate.when(state.from, state.need);
    if (next == core::k_never)
        sim.queue.cancel(state.arrival_slot);
    else
        sim.queue.schedule(state.arrival_slot, std::max(next, sim.now));
}

void next_need(Sim& sim, NodeId id, State& state) {
    state.need = state.poisson != 0 ? sim.streams[id].arrival.exponential() : 1.0;
}

RateProfile read_rate(const Sim& sim, NodeId id) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    const double share = 1.0 / sim.scenario.weight;
    RateProfile rate;
    rate.shape = static_cast<std::uint64_t>(value(profile));
    rate.base = value(rate_per_s) * share;
    rate.step = value(step_per_s) * share;
    rate.end = value(rate_end_per_s) * share;
    rate.every = core::from_seconds(static_cast<RateProfile::Shape>(rate.shape) == RateProfile::daily
                                        ? value(day_s)
                                        : value(step_every_s));
    rate.from = core::from_seconds(value(from_s));
    rate.lasts = core::from_seconds(value(lasts_s));
    rate.factor = value(spike_factor);
    rate.swing = value(daily_swing);
    return rate;
}

void read_patience(Sim& sim, NodeId id, State& state) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    state.timeout = core::from_ms(value(timeout_ms));
    state.cancels = value(cancels) != 0 ? 1 : 0;
    state.retries = static_cast<std::uint32_t>(value(retries));
    state.backoff_ns = value(backoff_ms) * 1e6;
    state.backoff_factor = value(backoff_factor);
    state.jitter = value(backoff_jitter);
    state.budget = value(retry_budget);
}

void read_mix(Sim& sim, NodeId id, State& state) {
    const Param shares[k_classes] = {pages, writes, assets, api};
    double sum = 0;
    int used = 0;
    for (int i = 0; i < k_classes; ++i) {
        sum += sim.value(id, shares[i]);
        used += sim.value(id, shares[i]) > 0 ? 1 : 0;
        state.mix[i] = sum;
    }
    for (double& edge : state.mix) edge = sum > 0 ? edge / sum : 1;
    state.mixed = used > 1 || (used == 1 && sim.value(id, pages) == 0) ? 1 : 0;
}

void find_dns(Sim& sim, NodeId id, State& state) {
    state.dns_edge = k_no_edge;
    for (std::uint32_t out = 0; out < sim.nodes[id].outs; ++out) {
        const EdgeId edge = sim.out_edge(id, out);
        if (sim.behaviours[sim.edges[edge].to]->resolve != nullptr) state.dns_edge = edge;
    }
}

// The user thinks, then asks again. Nobody is quicker than a microsecond: an answer that takes no time would
// otherwise stop the clock for ever.
void think_first(Sim& sim, NodeId id, const State& state, std::uint32_t user) {
    constexpr Time k_quickest = 1000;
    sim.wake(id, user, std::max(k_quickest, state.think.draw(sim.streams[id].think)));
}

void start_users(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    while (state.closed != 0 && state.started < state.population) {
        think_first(sim, id, state, state.started);
        ++sim.state<State>(id).started;
    }
}

void configure(Sim& sim, NodeId id) {
    const auto wanted = static_cast<std::size_t>(sim.value(id, resolvers));
    sim.reserve_state(id, sizeof(State) + wanted * sizeof(Answer));
    State& state = sim.state<State>(id);
    const bool first = state.ready == 0;
    if (first) {
        state.arrival_slot = sim.add_slot(Handler::kind, id);
        sim.patience[id].slot = sim.add_slot(Handler::patience, id);
        station::resize(sim, id, {});
    } else if (state.closed == 0) {
        state.need = std::max(0.0, state.need - state.rate.expected(state.from, sim.now));
    }
    const bool was_open = !first && state.closed == 0;
    state.from = sim.now;
    state.rate = read_rate(sim, id);
    state.closed = sim.value(id, mode) == 1 ? 1 : 0;
    state.poisson = sim.value(id, arrivals) == 0 ? 1 : 0;
    state.think = distribution(sim.value(id, think), sim.value(id, think_ms), 1);
    state.population = static_cast<std::uint32_t>(sim.value(id, users));
    state.zipf = core::Zipf::make(static_cast<std::uint64_t>(sim.value(id, keys)), sim.value(id, zipf));
    state.request_bytes = static_cast<std::uint32_t>(sim.value(id, request_kb) * 1000);
    state.resolvers = static_cast<std::uint32_t>(wanted);
    read_patience(sim, id, state);
    read_mix(sim, id, state);
    find_dns(sim, id, state);
    state.ready = 1;
    if (state.closed != 0) {
        sim.queue.cancel(state.arrival_slot);
        start_users(sim, id);
        return;
    }
    if (!was_open) next_need(sim, id, state);
    schedule_arrival(sim, id);
}

// Leads the request to what the name stands for, or in turn to what the clients are connected with.
void go(Sim& sim, Request& request, Frame& here, std::uint32_t edge) {
    here.stage = at_call;
    const Node& node = sim.nodes[here.node];
    if (edge == k_no_edge && node.outs == 1) edge = sim.out_edges[node.first_out];
    if (edge != k_no_edge && sim.carries(static_cast<EdgeId>(edge), request)) {
        sim.send(request, here, static_cast<EdgeId>(edge));
        return;
    }
    State& state = sim.state<State>(here.node);
    for (std::uint32_t tried = 0; tried < node.outs; ++tried) {
        const EdgeId next = sim.out_edge(here.node, state.turn % node.outs);
        state.turn = (state.turn + 1) % node.outs;
        if (next == state.dns_edge || !sim.carries(next, request)) continue;
        sim.send(request, here, next);
        return;
    }
    request.outcome = static_cast<std::uint8_t>(Outcome::failed);
    sim.behaviours[here.node]->returned(sim, request, here); // nobody takes such requests
}

void attempt(Sim& sim, Request& request, Frame& here, State& state) {
    ++sim.tallies[here.node].attempts;
    request.bytes = state.request_bytes;
    if (state.timeout != 0) sim.expect_by(sim.id_of(request), sim.now + state.timeout, here.node);
    if (state.dns_edge == k_no_edge) {
        go(sim, request, here, k_no_edge);
        return;
    }
    const Answer& known = answers(sim, here.node)[request.user % state.resolvers];
    if (known.until > sim.now) {
        go(sim, request, here, known.edge);
        return;
    }
    ++state.lookups;
    here.stage = at_lookup;
    sim.send(request, here, static_cast<EdgeId>(state.dns_edge));
}

void ask(Sim& sim, NodeId here, std::uint32_t user) {
    Tally& node = sim.tallies[here];
    State& state = sim.state<State>(here);
    if (sim.instance(here, 0).dead != 0) {
        if (state.closed != 0) think_first(sim, here, state, user);
        return;
    }
    const RequestId id = sim.create(here);
    ++node.asked;
    if (id == k_none) {
        ++sim.caps_reached;
        ++node.rejected;
        if (state.closed != 0) think_first(sim, here, state, user);
        return;
    }
    ++node.open;
    Streams& streams = sim.streams[here];
    Request& request = sim.requests[id];
    request.user = user;
    if (state.zipf.keys > 1) request.key = state.zipf.draw(streams.key);
    if (state.mixed != 0) {
        const double x = streams.mix.uniform();
        int kind = 0;
        while (kind < k_classes - 1 && x >= state.mix[kind]) ++kind;
        request.kind = static_cast<std::uint8_t>(kind) & 15u;
    }
    state.tokens = std::min(state.tokens + state.budget, 100.0);
    attempt(sim, request, sim.frame(id, 0), state);
}

void fire(Sim& sim, NodeId here, SlotId, std::uint16_t) {
    State& state = sim.state<State>(here);
    state.from = sim.now;
    next_need(sim, here, state);
    schedule_arrival(sim, here);
    ask(sim, here, state.population > 1 ? sim.streams[here].mix.below(state.population) : 0);
}

void wake(Sim& sim, NodeId here, std::uint32_t user) {
    State& state = sim.state<State>(here);
    if (state.closed == 0 || user >= state.population) {
        --state.started; // this user is no longer there
        return;
    }
    ask(sim, here, user);
}

bool may_retry(State& state, const Request& request) {
    if (request.attempt >= state.retries) return false;
    if (state.budget >= 10) return true;
    if (state.tokens < 1) return false;
    state.tokens -= 1;
    return true;
}

void retry(Sim& sim, Request& request, Frame& here, State& state) {
    double wait = state.backoff_ns;
    for (int i = 0; i < request.attempt; ++i) wait *= state.backoff_factor;
    request.attempt = (request.attempt + 1u) & 15u;
    if (state.jitter > 0) wait *= 1 - state.jitter * sim.streams[here.node].retry.uniform();
    here.stage = at_backoff;
    sim.wait(request, core::from_ns(wait));
}

void conclude(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    const NodeId id = here.node;
    Tally& tally = sim.tallies[id];
    State& state = sim.state<State>(id);
    if (request.expires != 0) sim.relax(sim.id_of(request));
    if (outcome == Outcome::served) {
        ++sim.nodes[id].completed;
        sim.latency[id].record(sim.now - request.born);
    } else {
        if (may_retry(state, request)) {
            retry(sim, request, here, state);
            return;
        }
        ++(outcome == Outcome::failed     ? tally.failed
           : outcome == Outcome::rejected ? tally.rejected
                                          : tally.timed_out);
    }
    --tally.open;
    const std::uint32_t user = request.user;
    sim.release(sim.id_of(request));
    if (state.closed != 0) think_first(sim, id, state, user);
}

void returned(Sim& sim, Request& request, Frame& here) {
    const auto outcome = static_cast<Outcome>(request.outcome);
    if (here.stage != at_lookup || outcome != Outcome::served) {
        conclude(sim, request, here, outcome);
        return;
    }
    State& state = sim.state<State>(here.node);
    const NodeId dns = sim.edges[state.dns_edge].to;
    const Resolution found = sim.behaviours[dns]->resolve(sim, dns, here.node, request);
    if (found.edge == k_no_edge) {
        conclude(sim, request, here, Outcome::failed);
        return;
    }
    answers(sim, here.node)[request.user % state.resolvers] = {sim.now + found.valid, found.edge, 0};
    go(sim, request, here, found.edge);
}

void timer(Sim& sim, Request& request, Frame& here) {
    attempt(sim, request, here, sim.state<State>(here.node));
}

void timeout(Sim& sim, Request& request, Frame& here) {
    const NodeId client = here.node;
    RequestId ours = k_none;
    const RequestId id = sim.id_of(request);
    if (sim.state<State>(client).cancels == 0) ours = sim.abandon(id, 1);
    if (ours == k_none) {
        sim.cancel(id, 1);
        ours = id;
    }
    conclude(sim, sim.requests[ours], sim.frame(ours, 0), Outcome::timed_out);
}

void measure(Sim& sim, NodeId id) { sim.state<State>(id).lookups = 0; }

double metric(const Sim& sim, NodeId id, int index) {
    const Tally& node = sim.tallies[id];
    if (index == 1) return static_cast<double>(sim.state<State>(id).lookups);
    const auto asked = static_cast<double>(node.asked);
    return asked > 0 && node.attempts > node.asked ? static_cast<double>(node.attempts) / asked - 1 : 0;
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .returned = returned,
    .fire = fire,
    .timer = timer,
    .wake = wake,
    .timeout = timeout,
    .measure = measure,
    .metric = metric,
};

} // namespace

extern const KindRecord k_clients;
const KindRecord k_clients = {
    .code = 1,
    .id = "clients",
    .name = {"Clients", "클라이언트"},
    .help = {"Users and their browsers or apps: where requests begin and where waiting is felt.",
             "사용자와 브라우저, 앱. 요청이 시작되고 대기 시간이 느껴지는 곳."},
    .icon = "users",
    .tier = Tier::source,
    .role = role_client,
    .calls = role_naming | role_route | role_compute | role_store,
    .calls_least = 1,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form = {"Poisson arrivals (open); machine repairman and mean value analysis (closed).",
                    "푸아송 도착(열린 모형), 기계 수리공 모형과 평균값 분석(닫힌 모형)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
