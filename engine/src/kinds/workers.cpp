// A pool of workers behind a queue: each takes a message, does the work in stages, calls what stands behind
// it, and acknowledges. A message can be poison: it makes the worker fail, or brings its process down.
#include "core/hash.hpp"
#include "kinds/queue_theory.hpp"
#include "kinds/sizes.hpp"
#include "sim/station.hpp"

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int {
    instances,
    cores,
    workers,
    work_ms,
    second_ms,
    third_ms,
    work,
    work_cv,
    poison_one_in,
    poison_does,
    restart_s,
    price_usd
};

constexpr Choice k_poison_does[] = {
    {"fail", {"makes the work fail", "처리가 실패한다"}},
    {"crash", {"brings the process down", "프로세스가 죽는다"}},
};

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "instances",
     .name = {"Instances", "대수"},
     .help = {"Machines of this pool, all alike; they grow apart from the producers.",
              "작업 서버의 대수. 생산자와 따로 늘릴 수 있다."},
     .type = ValueType::whole,
     .fallback = 1,
     .least = 1,
     .most = 1000,
     .logarithmic = true,
     .section = {"Size", "규모"}},
    {.code = 2,
     .id = "cores",
     .name = {"Cores", "코어"},
     .help = {"CPU cores of each machine.", "한 대의 CPU 코어 수."},
     .type = ValueType::whole,
     .fallback = 2,
     .least = 1,
     .most = 256,
     .logarithmic = true},
    {.code = 3,
     .id = "workers",
     .name = {"Workers", "워커"},
     .help = {"Messages that one machine works on at once; 0 is one per core.",
              "한 대가 동시에 처리하는 메시지 수. 0이면 코어마다 하나."},
     .type = ValueType::whole,
     .fallback = 0,
     .least = 0,
     .most = 10000,
     .logarithmic = true},
    {.code = 4,
     .id = "work_ms",
     .name = {"First stage", "첫 단계"},
     .help = {"CPU time of the first stage of the work, such as cropping a photo.",
              "작업 첫 단계의 CPU 시간. 사진 자르기(crop) 등."},
     .fallback = 100,
     .least = 0,
     .most = 3600000,
     .unit = "ms",
     .logarithmic = true,
     .section = {"Work", "작업"}},
    {.code = 5,
     .id = "second_ms",
     .name = {"Second stage", "둘째 단계"},
     .help = {"CPU time of a second stage, such as sharpening; 0 is none.",
              "둘째 단계의 CPU 시간. 선명하게 하기(sharpen) 등. 0이면 없다."},
     .fallback = 0,
     .least = 0,
     .most = 3600000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 6,
     .id = "third_ms",
     .name = {"Third stage", "셋째 단계"},
     .help = {"CPU time of a third stage, such as blurring; 0 is none.",
              "셋째 단계의 CPU 시간. 흐리게 하기(blur) 등. 0이면 없다."},
     .fallback = 0,
     .least = 0,
     .most = 3600000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 7,
     .id = "work",
     .name = {"Distribution", "분포"},
     .help = {"How the times of a stage are spread.", "단계별 시간이 퍼진 모양."},
     .type = ValueType::choice,
     .fallback = k_exponential,
     .least = 0,
     .most = 5,
     .choices = k_shapes},
    {.code = 8,
     .id = "work_cv",
     .name = {"Spread (cv)", "변동 계수"},
     .help = {"Deviation / mean, for the distributions that leave it open.",
              "표준편차/평균. 분포가 정하지 않는 경우에 쓴다."},
     .fallback = 1,
     .least = 0,
     .most = 10},
    {.code = 9,
     .id = "poison_one_in",
     .name = {"Poison: one key in", "독성 메시지 비율"},
     .help = {"Messages of one key in so many can never be worked on (by a hash of the key); 0 is none.",
              "키 몇 개 중 하나의 메시지는 언제나 처리할 수 없다(키의 해시로 정한다). 0이면 없다."},
     .type = ValueType::whole,
     .fallback = 0,
     .least = 0,
     .most = 1000000,
     .logarithmic = true,
     .section = {"Poison", "독성 메시지"}},
    {.code = 10,
     .id = "poison_does",
     .name = {"Such a message", "독성 메시지는"},
     .help = {"What it does at the end of the first stage.", "첫 단계가 끝날 때 일어나는 일."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 1,
     .choices = k_poison_does},
    {.code = 11,
     .id = "restart_s",
     .name = {"Restart", "재시작 시간"},
     .help = {"Time until a machine whose process a message brought down is back.",
              "메시지 때문에 죽은 프로세스가 다시 뜨기까지의 시간."},
     .fallback = 10,
     .least = 0.1,
     .most = 86400,
     .unit = "s",
     .logarithmic = true},
    {.code = 12,
     .id = "price_usd",
     .name = {"Price per machine", "서버 가격"},
     .help = {"USD per month for one machine; 0 is the list price, by cores.",
              "한 대의 월 가격(USD). 0이면 코어 수에 따른 정가."},
     .fallback = 0,
     .least = 0,
     .most = 1000000,
     .unit = "USD",
     .logarithmic = true,
     .section = {"Price", "비용"}},
};

constexpr MetricRecord k_metrics[] = {
    {"done",
     {"Done", "완료"},
     {"Messages worked on to the end.", "끝까지 처리한 메시지 수."},
     MetricFormat::count},
    {"poisoned",
     {"Poison met", "독성 메시지"},
     {"Times that a message could not be worked on.", "처리할 수 없는 메시지를 만난 횟수."},
     MetricFormat::count},
    {"workers_busy",
     {"Workers busy", "워커 사용률"},
     {"Share of the workers that have a message.", "메시지를 맡은 워커의 비율."},
     MetricFormat::ratio},
};

constexpr Words k_inaccuracies[] = {
    {"A message that comes a second time is worked on in full: nothing remembers what was done.",
     "두 번째로 온 메시지도 처음부터 다 처리한다. 이미 한 일을 기억하지 않는다."},
    {"The stages follow one another on the same machine; calls come after the last of them.",
     "단계는 같은 서버에서 차례로 하고, 호출은 마지막 단계 뒤에 한다."},
    {"A worker keeps its message while it waits for what it calls.",
     "호출한 곳을 기다리는 동안에도 워커는 메시지를 붙잡는다."},
};

constexpr unsigned k_stages = 3;
// Up to k_stages: so many are done. Then the calls: at_calls + n is that n were made.
enum Stage : std::uint8_t { at_start = 0, at_calls = k_stages };
enum Token : std::uint32_t { token_crash = 0, token_restart = 1u << 16 };

struct State {
    std::uint64_t poisoned, restart; // ns
    std::uint32_t poison_one_in, call_count;
    std::uint8_t crashes, has_stage[k_stages], padding[4];
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
    const Param times[k_stages] = {work_ms, second_ms, third_ms};
    for (unsigned i = 0; i < k_stages; ++i) {
        sim.demand(id, i) =
            distribution(sim.value(id, work), sim.value(id, times[i]), sim.value(id, work_cv));
        state.has_stage[i] = sim.value(id, times[i]) > 0 ? 1 : 0;
    }
    state.poison_one_in = static_cast<std::uint32_t>(sim.value(id, poison_one_in));
    state.crashes = sim.value(id, poison_does) == 1 ? 1 : 0;
    state.restart = core::from_seconds(sim.value(id, restart_s));
    station::Size size;
    size.instances = static_cast<std::uint32_t>(sim.value(id, instances));
    size.cores = static_cast<std::uint32_t>(sim.value(id, cores));
    size.workers = static_cast<std::uint32_t>(sim.value(id, workers));
    if (size.workers == 0) size.workers = size.cores;
    size.queue_limit = k_requests_most; // the queue gives nobody more than it may have
    station::resize(sim, id, size);
}

void arrive(Sim& sim, Request& request, Frame& here) { station::enter(sim, request, here, 0); }

// The process dies after this event, and with it everything that its machine was working on.
void crash(Sim& sim, Request& request, Frame& here) {
    sim.wake(here.node, token_crash | here.instance, 0);
    sim.wake(here.node, token_restart | here.instance, sim.state<State>(here.node).restart);
    sim.park(request);
}

void meet_poison(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    ++state.poisoned;
    if (state.crashes != 0)
        crash(sim, request, here);
    else
        station::finish(sim, request, here, Outcome::failed);
}

bool is_poison(const State& state, const Request& request) {
    return state.poison_one_in != 0 && core::mix(request.key) % state.poison_one_in == 0;
}

// The next call that this message needs, or the end.
void call_next(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    const EdgeId* const list = calls(sim, here.node);
    std::uint32_t call = here.stage - 1u * at_calls;
    while (call < state.call_count && !sim.carries(list[call], request)) ++call;
    if (call == state.call_count) {
        station::finish(sim, request, here, Outcome::served);
        return;
    }
    here.stage = static_cast<std::uint8_t>(at_calls + call + 1);
    sim.send(request, here, list[call]);
}

void worked(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    if (here.stage == at_start && is_poison(state, request)) {
        meet_poison(sim, request, here);
        return;
    }
    unsigned stage = here.stage + 1u;
    while (stage < k_stages && state.has_stage[stage] == 0) ++stage;
    here.stage = static_cast<std::uint8_t>(stage);
    if (stage == k_stages) {
        call_next(sim, request, here);
        return;
    }
    here.aux = station::with_worker(stage);
    station::begin(sim, request, here, sim.instance(here.node, here.instance));
}

void returned(Sim& sim, Request& request, Frame& here) {
    const auto outcome = static_cast<Outcome>(request.outcome);
    if (outcome == Outcome::served)
        call_next(sim, request, here);
    else
        station::finish(sim, request, here, outcome);
}

void wake(Sim& sim, NodeId id, std::uint32_t token) {
    const auto which = static_cast<int>(token & 0xFFFFu);
    if ((token & token_restart) != 0)
        sim.restore(id, which);
    else
        sim.kill(id, which);
}

void measure(Sim& sim, NodeId id) { sim.state<State>(id).poisoned = 0; }

double metric(const Sim& sim, NodeId id, int index) {
    const std::uint64_t weight = sim.scenario.weight;
    if (index == 0) return static_cast<double>(sim.nodes[id].completed * weight);
    if (index == 1) return static_cast<double>(sim.state<State>(id).poisoned * weight);
    const Capacity capacity = sim.capacity(id);
    const double share = static_cast<double>(capacity.held_area) / capacity.worker_time;
    return capacity.held_area == 0 ? 0 : share < 1 ? share : 1;
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    const double each = sim.value(id, price_usd) > 0 ? sim.value(id, price_usd)
                                                     : price::machine(sim.scenario, sim.value(id, cores));
    return each * sim.value(id, instances);
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .worked = worked,
    .returned = returned,
    .dropped = station::dropped,
    .wake = wake,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = workers::k_theory,
};

} // namespace

extern const KindRecord k_workers;
const KindRecord k_workers = {
    .code = 11,
    .id = "workers",
    .name = {"Workers", "작업 서버"},
    .help = {"Machines that take messages of a queue and work on them, whenever they are done with the last.",
             "큐에서 메시지를 꺼내 처리하는 서버. 하나가 끝나면 다음 것을 꺼낸다."},
    .icon = "cog",
    .tier = Tier::background,
    .role = role_worker,
    .calls = role_compute | role_route | role_store | role_cache | role_queue,
    .params = k_params,
    .metrics = k_metrics,
    .instance = {"worker {i} of {n}", "{n}의 {i}번 작업 서버"},
    .closed_form = {"M/M/c (Erlang C) with one stage and no calls, from publishing to the end.",
                    "단계가 하나이고 호출이 없으면 발행부터 완료까지 M/M/c(얼랑 C)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
