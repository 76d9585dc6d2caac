// A tier of servers. A request holds a worker (thread) while a core works on it and, unless released, while
// it waits for the answers of what the server calls.
#include "kinds/common.hpp"
#include "sim/station.hpp"

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int {
    instances,
    cores,
    workers,
    service_ms,
    service,
    service_cv,
    write_ms,
    asset_ms,
    api_ms,
    after_ms,
    order,
    while_waiting,
    queue_limit,
    answer_kb,
    price_usd
};

constexpr Choice k_orders[] = {
    {"fifo", {"first come, first served", "선착순(FIFO)"}},
    {"lifo", {"last come, first served", "후입선출(LIFO)"}},
    {"ps", {"all share the cores", "프로세서 공유(PS)"}},
};
constexpr Choice k_while_waiting[] = {
    {"hold", {"holds its worker (thread)", "워커(스레드)를 붙잡는다"}},
    {"release", {"releases it (event loop)", "워커를 놓아준다(이벤트 루프)"}},
};

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "instances",
     .name = {"Instances", "대수"},
     .help = {"Servers of this tier, all alike.", "이 계층의 서버 대수. 모두 같은 사양이다."},
     .type = ValueType::whole,
     .fallback = 1,
     .least = 1,
     .most = 1000,
     .logarithmic = true,
     .section = {"Size", "규모"}},
    {.code = 2,
     .id = "cores",
     .name = {"Cores", "코어"},
     .help = {"CPU cores of each server.", "서버 한 대의 CPU 코어 수."},
     .type = ValueType::whole,
     .fallback = 2,
     .least = 1,
     .most = 256,
     .logarithmic = true},
    {.code = 3,
     .id = "workers",
     .name = {"Workers", "워커"},
     .help = {"Requests that one server handles at once (threads); 0 is one per core.",
              "서버 한 대가 동시에 처리하는 요청 수(스레드). 0이면 코어마다 하나."},
     .type = ValueType::whole,
     .fallback = 0,
     .least = 0,
     .most = 10000,
     .logarithmic = true},
    {.code = 4,
     .id = "service_ms",
     .name = {"Service time", "처리 시간"},
     .help = {"CPU time that a request takes, on average.", "요청 하나가 쓰는 평균 CPU 시간."},
     .fallback = 10,
     .least = 0,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true,
     .section = {"Work", "처리"}},
    {.code = 5,
     .id = "service",
     .name = {"Distribution", "분포"},
     .help = {"How service times are spread.", "처리 시간이 퍼진 모양."},
     .type = ValueType::choice,
     .fallback = k_exponential,
     .least = 0,
     .most = 5,
     .choices = k_shapes},
    {.code = 6,
     .id = "service_cv",
     .name = {"Spread (cv)", "변동 계수"},
     .help = {"Deviation / mean, for the distributions that leave it open.",
              "표준편차/평균. 분포가 정하지 않는 경우에 쓴다."},
     .fallback = 1,
     .least = 0,
     .most = 10},
    {.code = 7,
     .id = "write_ms",
     .name = {"Of a write", "쓰기 처리"},
     .help = {"CPU time of a write; 0 is as for others.", "쓰기 요청의 CPU 시간. 0이면 위와 같다."},
     .fallback = 0,
     .least = 0,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 8,
     .id = "asset_ms",
     .name = {"Of a static asset", "정적 파일 처리"},
     .help = {"CPU time of a static asset, which calls nothing further; 0 is as for others.",
              "정적 파일의 CPU 시간. 뒤쪽을 부르지 않는다. 0이면 위와 같다."},
     .fallback = 0,
     .least = 0,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 9,
     .id = "api_ms",
     .name = {"Of an API call", "API 처리"},
     .help = {"CPU time of an API call; 0 is as for others.", "API 호출의 CPU 시간. 0이면 위와 같다."},
     .fallback = 0,
     .least = 0,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 10,
     .id = "after_ms",
     .name = {"After the last call", "호출 뒤 처리"},
     .help = {"CPU time once all calls are answered: rendering the page.",
              "모든 호출이 끝난 뒤 쓰는 CPU 시간. 페이지를 만드는 일 등."},
     .fallback = 0,
     .least = 0,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 11,
     .id = "order",
     .name = {"Order", "순서"},
     .help = {"Who is served next.", "다음에 처리할 요청을 고르는 방법."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 2,
     .choices = k_orders,
     .section = {"Queue", "큐"}},
    {.code = 12,
     .id = "while_waiting",
     .name = {"While it waits", "응답을 기다릴 때"},
     .help = {"What a worker does until a called node answers.",
              "호출한 곳의 응답을 기다리는 동안 워커가 하는 일."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 1,
     .choices = k_while_waiting},
    {.code = 13,
     .id = "queue_limit",
     .name = {"Queue limit", "큐 길이 한도"},
     .help = {"Requests that may wait per server; more are rejected.",
              "서버마다 기다릴 수 있는 요청 수. 넘치면 거절한다."},
     .type = ValueType::whole,
     .fallback = 1000,
     .least = 0,
     .most = 1000000,
     .logarithmic = true},
    {.code = 14,
     .id = "answer_kb",
     .name = {"Answer size", "응답 크기"},
     .help = {"Bytes of an answer, for edges with a bandwidth.",
              "응답의 크기. 대역폭이 있는 경로에서 쓰인다."},
     .fallback = 20,
     .least = 0,
     .most = 1000000,
     .unit = "kB",
     .logarithmic = true,
     .section = {"Rest", "기타"}},
    {.code = 15,
     .id = "price_usd",
     .name = {"Price per server", "서버 가격"},
     .help = {"USD per month for one server; 0 is the list price, by cores.",
              "서버 한 대의 월 가격(USD). 0이면 코어 수에 따른 정가."},
     .fallback = 0,
     .least = 0,
     .most = 1000000,
     .unit = "USD",
     .logarithmic = true},
};

constexpr MetricRecord k_metrics[] = {
    {"workers_busy",
     {"Workers busy", "워커 사용률"},
     {"Share of the workers that are held.", "붙잡힌 워커의 비율."},
     MetricFormat::ratio},
};

constexpr Words k_inaccuracies[] = {
    {"Memory and garbage collection are not modelled: a server slows down only when told to.",
     "메모리와 가비지 컬렉션은 다루지 않는다. 지시가 있을 때만 느려진다."},
    {"Switching between threads costs nothing.", "스레드 전환 비용이 없다."},
    {"Calls are made one after the other, never side by side.",
     "호출은 하나씩 차례로 한다. 병렬 호출은 없다."},
};

enum Stage : std::uint8_t { at_work = 0, at_finish = 1, at_calls = 2 }; // at_calls + n: the n-th call is next

struct State {
    std::uint32_t answer_bytes;
    std::uint32_t call_count;
    std::uint8_t has_after, release, padding[6];
};

EdgeId* calls(Sim& sim, NodeId id) { return reinterpret_cast<EdgeId*>(&sim.state<State>(id) + 1); }

void list_calls(Sim& sim, NodeId id) {
    constexpr std::uint32_t k_most = 250; // Frame::stage counts them
    sim.reserve_state(id, sizeof(State) + k_most * sizeof(EdgeId));
    State& state = sim.state<State>(id);
    state.call_count = 0;
    for (std::uint32_t out = 0; out < sim.nodes[id].outs; ++out) {
        const EdgeId edge = sim.out_edge(id, out);
        for (std::uint64_t call = 0; call < sim.edges[edge].calls && state.call_count < k_most; ++call)
            calls(sim, id)[state.call_count++] = edge;
    }
}

void configure(Sim& sim, NodeId id) {
    list_calls(sim, id);
    State& state = sim.state<State>(id);
    const auto value = [&](Param param) { return sim.value(id, param); };
    const Param own[k_classes] = {service_ms, write_ms, asset_ms, api_ms};
    for (int i = 0; i < k_classes; ++i) {
        const double mean = value(own[i]) > 0 ? value(own[i]) : value(service_ms);
        sim.demand(id, static_cast<unsigned>(i)) = distribution(value(service), mean, value(service_cv));
    }
    sim.demand(id, k_demand_after) = distribution(value(service), value(after_ms), value(service_cv));
    state.has_after = value(after_ms) > 0 ? 1 : 0;
    state.release = value(while_waiting) == 1 ? 1 : 0;
    state.answer_bytes = static_cast<std::uint32_t>(value(answer_kb) * 1000);
    station::Size size;
    size.instances = static_cast<std::uint32_t>(value(instances));
    size.cores = static_cast<std::uint32_t>(value(cores));
    size.workers = static_cast<std::uint32_t>(value(workers));
    if (size.workers == 0) size.workers = size.cores;
    size.sharing = value(order) == 2;
    if (size.sharing && value(workers) == 0) size.workers = 100000; // nobody waits, all share
    size.last_in_first_out = value(order) == 1;
    size.queue_limit = static_cast<std::uint32_t>(value(queue_limit));
    station::resize(sim, id, size);
}

void finish(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    request.bytes = sim.state<State>(here.node).answer_bytes;
    station::finish(sim, request, here, outcome);
}

void work_after(Sim& sim, Request& request, Frame& here) {
    here.stage = at_finish;
    if ((here.aux & station::k_has_worker) == 0) {
        station::enter(sim, request, here, k_demand_after);
        return;
    }
    here.aux = station::with_worker(k_demand_after);
    station::begin(sim, request, here, sim.instance(here.node, here.instance));
}

// The next call that this request makes, or the end.
void go_on(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    std::uint32_t call = here.stage < at_calls ? 0u : here.stage - 1u * at_calls;
    const EdgeId* const list = calls(sim, here.node);
    const bool calls_nothing = request.request_class() == RequestClass::asset;
    while (call < state.call_count && (calls_nothing || !sim.carries(list[call], request))) ++call;
    if (call < state.call_count) {
        here.stage = static_cast<std::uint8_t>(at_calls + call + 1);
        if (state.release != 0 && (here.aux & station::k_has_worker) != 0) station::leave(sim, here);
        sim.send(request, here, list[call]);
    } else if (state.has_after != 0 && here.stage != at_work) {
        work_after(sim, request, here);
    } else {
        finish(sim, request, here, Outcome::served);
    }
}

void worked(Sim& sim, Request& request, Frame& here) {
    if (here.stage == at_finish)
        finish(sim, request, here, Outcome::served);
    else
        go_on(sim, request, here);
}

void returned(Sim& sim, Request& request, Frame& here) {
    const auto outcome = static_cast<Outcome>(request.outcome);
    if (outcome == Outcome::served)
        go_on(sim, request, here);
    else
        finish(sim, request, here, outcome);
}

double metric(const Sim& sim, NodeId id, int) {
    const Capacity capacity = sim.capacity(id);
    const double share = static_cast<double>(capacity.held_area) / capacity.worker_time;
    return capacity.held_area == 0 ? 0 : share < 1 ? share : 1;
}

double cost(const Sim& sim, NodeId id) {
    const double each =
        sim.value(id, price_usd) > 0 ? sim.value(id, price_usd) : sim.value(id, cores) * price::k_core;
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    return each * sim.value(id, instances);
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = station::enter_by_class,
    .worked = worked,
    .returned = returned,
    .dropped = station::dropped,
    .metric = metric,
    .cost_usd_per_month = cost,
};

} // namespace

extern const KindRecord k_server;
const KindRecord k_server = {
    .code = 4,
    .id = "server",
    .name = {"Server", "서버"},
    .help = {"A tier of machines that work on requests and call what stands behind them.",
             "요청을 처리하고 뒤쪽을 호출하는 서버 계층."},
    .icon = "server",
    .tier = Tier::compute,
    .role = role_compute,
    .calls = role_compute | role_route | role_store | role_cache | role_queue,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form = {"M/M/c (Erlang C) when cores and workers are the same and it calls nothing; M/G/1 "
                    "(Pollaczek-Khinchine) with one core.",
                    "코어와 워커 수가 같고 호출이 없으면 M/M/c(얼랑 C), 코어가 하나면 M/G/1(폴라체크-힌친)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
