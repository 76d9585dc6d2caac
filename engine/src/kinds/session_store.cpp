// Where stateless servers keep who has logged in: one call per request, and any server may answer.
#include "kinds/common.hpp"
#include "kinds/sessions.hpp"
#include "kinds/sessions_theory.hpp"
#include "sim/station.hpp"

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int {
    flavour,
    workers,
    read_ms,
    write_ms,
    service,
    service_cv,
    items,
    session_s,
    snapshot_s,
    queue_limit,
    answer_kb,
    price_usd
};

constexpr Choice k_flavours[] = {
    {"memory", {"in memory (Redis-like)", "메모리(레디스류)"}},
    {"nosql", {"NoSQL, on disk", "NoSQL, 디스크"}},
    {"relational", {"a table of a relational database", "관계형 데이터베이스의 테이블"}},
};

// What each is like where the design leaves it open.
struct Flavour {
    double read_ms, write_ms, usd, usd_million_items;
    bool durable;
};
constexpr Flavour k_what[] = {
    {0.2, 0.2, 45, price::k_memory_million_items, false},
    {1.5, 2.5, 90, 0.5, true},
    {3, 8, 140, 1, true},
};

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "flavour",
     .name = {"Flavour", "종류"},
     .help = {"What it is built on: sets its times, its price and what a crash leaves.",
              "무엇으로 만들었는지. 처리 시간, 가격, 장애 뒤에 남는 것이 정해진다."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 2,
     .choices = k_flavours,
     .section = {"Work", "처리"}},
    {.code = 2,
     .id = "workers",
     .name = {"At once", "동시 처리"},
     .help = {"Requests that it handles at once, a core for each.",
              "동시에 처리하는 요청 수. 하나마다 코어 하나."},
     .type = ValueType::whole,
     .fallback = 4,
     .least = 1,
     .most = 1000,
     .logarithmic = true},
    {.code = 3,
     .id = "read_ms",
     .name = {"A look-up", "조회"},
     .help = {"Time to find a session; 0 is usual for its flavour.",
              "세션을 찾는 시간. 0이면 종류에 따른 값."},
     .fallback = 0,
     .least = 0,
     .most = 60000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 4,
     .id = "write_ms",
     .name = {"A new session", "새 세션"},
     .help = {"Time to store one, on top of not finding it; 0 is usual for its flavour.",
              "없음을 확인한 뒤 새로 저장하는 시간. 0이면 종류에 따른 값."},
     .fallback = 0,
     .least = 0,
     .most = 60000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 5,
     .id = "service",
     .name = {"Distribution", "분포"},
     .help = {"How these times are spread.", "이 시간이 퍼진 모양."},
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
     .id = "items",
     .name = {"Room for sessions", "세션 보관 수"},
     .help = {"Sessions that it keeps; the one unused for longest has to go.",
              "보관하는 세션 수. 넘치면 가장 오래 쓰지 않은 세션이 밀려난다."},
     .type = ValueType::whole,
     .fallback = 100000,
     .least = 1,
     .most = 1000000,
     .logarithmic = true,
     .section = {"Sessions", "세션"}},
    {.code = 8,
     .id = "session_s",
     .name = {"Idle session ends", "세션 만료"},
     .help = {"A session that is not used for this long is over.", "이만큼 쓰지 않은 세션은 끝난다."},
     .fallback = 1800,
     .least = 1,
     .most = 31536000,
     .unit = "s",
     .logarithmic = true},
    {.code = 9,
     .id = "snapshot_s",
     .name = {"Snapshot every", "스냅숏 주기"},
     .help = {"In memory only: a crash loses the sessions begun since the latest snapshot; 0 takes none and "
              "loses all.",
              "메모리일 때만. 장애가 나면 마지막 스냅숏 뒤에 생긴 세션을 잃는다. 0이면 스냅숏이 없어 전부 "
              "잃는다."},
     .fallback = 0,
     .least = 0,
     .most = 86400,
     .unit = "s",
     .logarithmic = true},
    {.code = 10,
     .id = "queue_limit",
     .name = {"Queue limit", "큐 길이 한도"},
     .help = {"Requests that may wait; more are rejected.", "기다릴 수 있는 요청 수. 넘치면 거절한다."},
     .type = ValueType::whole,
     .fallback = 10000,
     .least = 0,
     .most = 1000000,
     .logarithmic = true,
     .section = {"Rest", "기타"}},
    {.code = 11,
     .id = "answer_kb",
     .name = {"Session size", "세션 크기"},
     .help = {"Bytes of an answer, for edges with a bandwidth.",
              "응답의 크기. 대역폭이 있는 경로에서 쓰인다."},
     .fallback = 2,
     .least = 0,
     .most = 100000,
     .unit = "kB",
     .logarithmic = true},
    {.code = 12,
     .id = "price_usd",
     .name = {"Price", "가격"},
     .help = {"USD per month; 0 is the list price, by flavour and room.",
              "월 가격(USD). 0이면 종류와 보관 수에 따른 정가."},
     .fallback = 0,
     .least = 0,
     .most = 1000000,
     .unit = "USD",
     .logarithmic = true},
};

constexpr MetricRecord k_metrics[] = {
    {"hit_ratio",
     {"Sessions found", "세션 적중률"},
     {"Share of the look-ups that found one.", "세션을 찾은 조회의 비율."},
     MetricFormat::ratio},
    {"sessions_kept",
     {"Sessions kept", "보관 중인 세션"},
     {"Users who are remembered now.", "지금 기억하고 있는 사용자 수."},
     MetricFormat::count},
    {"sessions_lost",
     {"Sessions lost", "잃은 세션"},
     {"Sessions that a crash has taken.", "장애로 사라진 세션 수."},
     MetricFormat::count},
    {"sessions_evicted",
     {"Pushed out", "밀려난 세션"},
     {"Sessions that had to make room.", "자리가 모자라 밀려난 세션 수."},
     MetricFormat::count},
};

constexpr Words k_inaccuracies[] = {
    {"One node: a copy on another machine, and the time to switch to it, are not modelled.",
     "노드 하나다. 다른 머신의 복제본과 전환 시간은 다루지 않는다."},
    {"A snapshot takes no time and is whole.", "스냅숏은 시간이 들지 않고 완전하다."},
    {"Beyond a million sessions those unused for longest go, whatever the room.",
     "100만 개를 넘으면 설정과 상관없이 가장 오래 쓰지 않은 세션이 밀려난다."},
};

enum Stage : std::uint8_t { at_look_up = 0, at_new = 1 };
constexpr unsigned k_demand_new = 1;

struct State {
    Sessions sessions;
    std::uint64_t lost;
    Time snapshot; // interval
    std::uint32_t answer_bytes, durable;
};

const Flavour& what(const Sim& sim, NodeId id) {
    return k_what[static_cast<std::size_t>(sim.value(id, flavour))];
}

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    State& state = sim.state<State>(id);
    const auto value = [&](Param param) { return sim.value(id, param); };
    const Flavour& usual = what(sim, id);
    const auto time = [&](Param param, double otherwise) {
        const double ms = value(param) > 0 ? value(param) : otherwise;
        return distribution(value(service), ms, value(service_cv));
    };
    sim.demand(id, 0) = time(read_ms, usual.read_ms);
    sim.demand(id, k_demand_new) = time(write_ms, usual.write_ms);
    state.durable = usual.durable ? 1 : 0;
    state.answer_bytes = static_cast<std::uint32_t>(value(answer_kb) * 1000);
    state.snapshot = core::from_seconds(value(snapshot_s));
    state.sessions.idle = core::from_seconds(value(session_s));
    keep_sessions(sim, id, state.sessions, value(items));
    station::Size size;
    size.workers = size.cores = static_cast<std::uint32_t>(value(workers));
    size.queue_limit = static_cast<std::uint32_t>(value(queue_limit));
    station::resize(sim, id, size);
}

void expect(const Sim& sim, NodeId id, Request& request) {
    fetch_session_cell(sim, sim.state<State>(id).sessions, request);
}

void arrive(Sim& sim, Request& request, Frame& here) {
    fetch_session(sim, sim.state<State>(here.node).sessions, request);
    station::enter(sim, request, here, 0);
}

void finish(Sim& sim, Request& request, Frame& here, bool found) {
    request.bytes = sim.state<State>(here.node).answer_bytes;
    request.hit = found ? 1 : 0;
    station::finish(sim, request, here, Outcome::served);
}

void worked(Sim& sim, Request& request, Frame& here) {
    const bool found =
        here.stage == at_look_up && use_session(sim, sim.state<State>(here.node).sessions, request);
    if (found || here.stage == at_new) {
        finish(sim, request, here, found);
        return;
    }
    here.stage = at_new;
    here.aux = station::with_worker(k_demand_new);
    station::begin(sim, request, here, sim.instance(here.node, here.instance));
}

// What only memory has seen is gone with it.
void life(Sim& sim, NodeId id, int, bool alive) {
    State& state = sim.state<State>(id);
    if (alive || state.durable != 0) return;
    const Time kept = state.snapshot == 0 ? 0 : sim.now / state.snapshot * state.snapshot;
    state.lost += lose_sessions(sim, state.sessions, kept);
}

void measure(Sim& sim, NodeId id) {
    sim.state<State>(id).sessions.restart();
    sim.state<State>(id).lost = 0;
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const auto looked = static_cast<double>(state.sessions.found + state.sessions.missed);
    const auto real = static_cast<double>(sim.scenario.weight);
    switch (index) {
    case 0: return looked > 0 ? static_cast<double>(state.sessions.found) / looked : 0;
    case 1: return session_count(sim, state.sessions) * real;
    case 2: return static_cast<double>(state.lost) * real;
    default: return static_cast<double>(state.sessions.evicted) * real;
    }
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    if (sim.value(id, price_usd) > 0) return sim.value(id, price_usd);
    const bool memory = !what(sim, id).durable;
    const double million =
        memory ? price::of(sim.scenario, price::Item::memory_million_items) : what(sim, id).usd_million_items;
    return what(sim, id).usd + sim.value(id, items) / 1e6 * million;
}

// Theory -----------------------------------------------------------------------------------------------

constexpr Words k_known{"Everybody has been here before; only who stays away too long logs in again.",
                        "모두 전에 다녀갔고, 오래 쉰 사용자만 다시 로그인한다고 본다."};

core::Distribution time_of(const Forecast& here, Param param) {
    const Flavour& usual = k_what[static_cast<std::size_t>(here.value(flavour))];
    const double otherwise = param == read_ms ? usual.read_ms : usual.write_ms;
    return distribution(here.value(service), here.value(param) > 0 ? here.value(param) : otherwise,
                        here.value(service_cv));
}

void flows(Forecast& here) {
    here.work(here.in().all(), time_of(here, read_ms));
    here.work(here.in().all() * forgotten(here, here.in().all(), here.value(session_s), here.value(items)),
              time_of(here, write_ms), true);
}

void times(Forecast& here) {
    StationPlan plan;
    plan.size.workers = plan.size.cores = static_cast<std::uint32_t>(here.value(workers));
    plan.size.queue_limit = static_cast<std::uint32_t>(here.value(queue_limit));
    const StationTimes seen = here.station(plan);
    here.lost(seen.lost);
    here.answer_bytes(here.value(answer_kb) * 1000);
    const double rate = here.in().all();
    const double unknown = rate > 0 ? here.own().works[1].per_s / rate : 0;
    core::Laws& laws = here.laws();
    const core::Part parts[] = {{1 - unknown, 0}, {unknown, seen.stay[1]}};
    const LawId law = laws.sum(laws.sum(seen.wait, seen.stay[0]), laws.mix(parts));
    for (int i = 0; i < k_classes; ++i) here.answer(static_cast<RequestClass>(i), law, here.let_in());
    here.metric("hit_ratio", 1 - unknown);
    here.assume(k_known);
    if (unknown > 1e-9) here.at_best(Trust::approximate);
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .expect = expect,
    .worked = worked,
    .dropped = station::dropped,
    .life = life,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = {flows, times},
};

} // namespace

extern const KindRecord k_session_store;
const KindRecord k_session_store = {
    .code = 13,
    .id = "session-store",
    .name = {"Session store", "세션 저장소"},
    .help =
        {"Remembers who has logged in, so that any server can answer and none is missed.",
         "누가 로그인했는지 기억한다. 덕분에 어느 서버든 응답할 수 있고 한 대가 죽어도 로그아웃되지 않는다."},
    .icon = "key-round",
    .tier = Tier::fast_store,
    .role = role_session,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form = {"M/M/c (Erlang C) while everybody is known.", "모두가 로그인해 있으면 M/M/c(얼랑 C)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
