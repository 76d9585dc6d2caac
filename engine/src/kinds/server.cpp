// A tier of servers. A request holds a worker (thread) while a core works on it and, unless released, while
// it waits for the answers of what the server calls.
#include "kinds/calls.hpp"
#include "kinds/releases.hpp"
#include "kinds/server_record.hpp"
#include "kinds/server_theory.hpp"
#include "kinds/server_verbs.hpp"
#include "kinds/sessions.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace server;
using namespace sim;

// at_calls + n: the n-th call is next. Logging in comes before the work, or after asking the session store.
enum Stage : std::uint8_t {
    at_work = 0,
    at_finish = 1,
    at_login = 2,
    at_check = 3,
    at_session = 4,
    at_late_login = 5,
    at_calls = 6
};
enum Kept : std::uint8_t { nowhere, in_memory, in_store, in_token };
constexpr unsigned k_demand_login = 5, k_demand_check = 6;
constexpr std::uint32_t k_calls_most = 248; // Frame::stage counts them

struct State {
    Fleet fleet; // first: fleet.hpp
    Sessions sessions;
    std::uint64_t logins;
    std::uint32_t answer_bytes;
    std::uint32_t call_count;
    std::uint32_t session_edge;
    std::uint8_t has_after, release, kept, has_cache;
};
constexpr std::size_t k_seats_at = sizeof(State) + k_calls_most * sizeof(Call);

Call* calls(Sim& sim, NodeId id) { return reinterpret_cast<Call*>(&sim.state<State>(id) + 1); }

// Sim::prepared.
struct Prepared {
    CallPlan plan;
    std::uint8_t has_plan;
};
static_assert(sizeof(Prepared) <= sizeof(sim::Prepared));

const CallPlan* plan_for(const Sim& sim, NodeId id) {
    const auto& known = *reinterpret_cast<const Prepared*>(&sim.prepared[id]);
    return known.has_plan != 0 ? &known.plan : nullptr;
}

void prepare(Sim& sim, NodeId id, const std::vector<Call>& list) {
    auto& known = *reinterpret_cast<Prepared*>(&sim.prepared[id]);
    known.has_plan = list.size() <= CallPlan::k_most ? 1 : 0;
    if (known.has_plan != 0) known.plan = plan_of(sim, list.data(), static_cast<std::uint32_t>(list.size()));
}

bool asks_sessions(const Sim& sim, const Call& call) {
    return (sim.scenario.nodes[sim.edges[call.edge].to].kind->role & role_session) != 0;
}

void list_calls(Sim& sim, NodeId id) {
    sim.reserve_state(id, k_seats_at);
    std::vector<Call> list = calls_of(sim, id, k_calls_most);
    EdgeId session = k_no_edge;
    for (const Call& call : list)
        if (asks_sessions(sim, call)) session = call.edge;
    list.erase(std::remove_if(list.begin(), list.end(), [&](const Call& c) { return asks_sessions(sim, c); }),
               list.end());
    std::copy(list.begin(), list.end(), calls(sim, id));
    prepare(sim, id, list);
    State& state = sim.state<State>(id);
    state.session_edge = session;
    state.call_count = static_cast<std::uint32_t>(list.size());
    state.has_cache =
        std::any_of(list.begin(), list.end(), [](const Call& call) { return call.kind >= CallKind::aside; });
}

FleetRules fleet_rules(const Sim& sim, NodeId id) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    const auto time = [&](Param param) { return core::from_seconds(value(param)); };
    FleetRules rules;
    rules.follow = static_cast<std::uint32_t>(value(autoscale));
    rules.target =
        rules.follow == static_cast<std::uint32_t>(Follow::queue) ? value(target_queue) : value(target_busy);
    rules.cold = value(cold_factor);
    rules.every = time(scale_every_s);
    rules.boot = time(boot_s);
    rules.drain = time(drain_s);
    rules.warm = time(warm_s);
    rules.cool_out = time(cool_out_s);
    rules.cool_in = time(cool_in_s);
    rules.least = static_cast<std::uint32_t>(value(instances_least));
    rules.most = static_cast<std::uint32_t>(std::max(value(instances_least), value(instances_most)));
    rules.wanted = static_cast<std::uint32_t>(value(instances));
    return rules;
}

void configure_sessions(Sim& sim, NodeId id, State& state) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    state.kept = static_cast<std::uint8_t>(value(server::sessions));
    if (state.kept == nowhere && state.session_edge != k_no_edge) state.kept = in_store;
    if (state.kept == in_store && state.session_edge == k_no_edge) state.kept = nowhere;
    sim.demand(id, k_demand_login) = distribution(value(service), value(login_ms), value(service_cv));
    sim.demand(id, k_demand_check) = distribution(k_deterministic, value(verify_ms), 0);
    state.sessions.idle = core::from_seconds(value(session_s));
    if (state.kept != in_memory && state.kept != in_token) return;
    const double servers =
        value(autoscale) > 0 ? std::max(value(instances_most), value(instances_least)) : value(instances);
    keep_sessions(sim, id, state.sessions, state.kept == in_token ? 1e6 : value(session_room) * servers);
}

// Every request but those for files works once, makes one call to what is no cache, and is done then.
bool makes_one_call(Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    const bool one = state.call_count == 1 && calls(sim, id)[0].kind < CallKind::aside;
    return one && state.has_after == 0 && state.kept != in_store;
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
    configure_sessions(sim, id, state);
    station::Size size;
    size.cores = static_cast<std::uint32_t>(value(cores));
    size.workers = static_cast<std::uint32_t>(value(workers));
    if (size.workers == 0) size.workers = size.cores;
    size.sharing = value(order) == 2;
    if (size.sharing && value(workers) == 0) size.workers = 100000; // nobody waits, all share
    size.last_in_first_out = value(order) == 1;
    size.queue_limit = static_cast<std::uint32_t>(value(queue_limit));
    fleet::configure(sim, id, fleet_rules(sim, id), size, k_seats_at);
    sim.spread_tokens();
    sim.usual[id] = makes_one_call(sim, id) ? 1 : 0;
}

std::uint32_t token_bytes(const Sim& sim, NodeId id) {
    const bool carried = sim.state<State>(id).kept == in_token;
    return carried ? static_cast<std::uint32_t>(sim.value(id, token_kb) * 1000) : 0;
}

void finish(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    const bool stored = here.stage > at_calls && request.request_class() == RequestClass::asset;
    if (!stored) request.bytes = sim.state<State>(here.node).answer_bytes; // a file has its own size
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

void make_call(Sim& sim, Request& request, Frame& here, std::uint32_t call) {
    here.stage = static_cast<std::uint8_t>(at_calls + call + 1);
    const bool leaves = sim.state<State>(here.node).release != 0 && (here.aux & station::k_has_worker) != 0;
    if (leaves) station::leave(sim, here);
    sim.send(request, here, calls(sim, here.node)[call].edge);
}

// The next call that this request makes from a given one on, or where the list ends.
std::uint32_t next_call(Sim& sim, const Request& request, const Frame& here, std::uint32_t call) {
    const State& state = sim.state<State>(here.node);
    assert(request.kind < k_classes); // what caches are told goes to caches only
    if (const CallPlan* const plan = plan_for(sim, here.node)) [[likely]] {
        const bool known = (here.aux & k_value_known) != 0;
        const std::uint32_t next = plan->next[known ? 1 : 0][request.kind][std::min(call, CallPlan::k_most)];
        return std::min(next, state.call_count);
    }
    const Call* const list = calls(sim, here.node);
    while (call < state.call_count && !makes(sim, list[call], request.request_class(), here.aux)) ++call;
    return call;
}

void go_on(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    const std::uint32_t from = here.stage < at_calls ? 0u : here.stage - 1u * at_calls;
    const std::uint32_t call = next_call(sim, request, here, from);
    if (call < state.call_count) {
        make_call(sim, request, here, call);
        return;
    }
    const bool own_file = request.request_class() == RequestClass::asset && here.stage == at_work;
    if (own_file) request.version = sim.latest(here.node, request.key);
    if (state.has_after != 0 && here.stage != at_work)
        work_after(sim, request, here);
    else
        finish(sim, request, here, Outcome::served);
}

// The request's own work, by a worker that it has.
void do_work(Sim& sim, Request& request, Frame& here) {
    here.stage = at_work;
    here.aux = station::with_worker(request.kind);
    station::begin(sim, request, here, sim.instance(here.node, here.instance));
}

void enter_at(Sim& sim, Request& request, Frame& here, Stage stage, unsigned demand) {
    here.stage = stage;
    station::enter(sim, request, here, demand);
}

// Who has no session at this server, or no token, logs in first.
void arrive_with_session(Sim& sim, Request& request, Frame& here, State& state) {
    const std::uint32_t restarts = fleet::seat(sim, here.node, here.instance).restarts;
    const std::uint32_t place = state.kept == in_memory ? here.instance | restarts << 16 : 0;
    if (!use_session(sim, state.sessions, request, place)) {
        ++state.logins;
        enter_at(sim, request, here, at_login, k_demand_login);
    } else if (state.kept == in_token) {
        enter_at(sim, request, here, at_check, k_demand_check);
    } else {
        station::enter_by_class(sim, request, here);
    }
}

void arrive(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    const bool local = state.kept == in_memory || state.kept == in_token;
    if (local && request.request_class() != RequestClass::asset)
        arrive_with_session(sim, request, here, state);
    else
        station::enter_by_class(sim, request, here);
}

void expect(const Sim& sim, NodeId id, Request& request) {
    const State& state = sim.state<State>(id);
    if (state.kept == in_memory || state.kept == in_token)
        fetch_session_at_once(sim, state.sessions, request);
}

void own_work_done(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    if (state.fleet.tracked != 0 && fleet::meets_broken_code(sim, here.node, here.instance, request)) {
        finish(sim, request, here, Outcome::failed);
    } else if (state.kept == in_store && request.request_class() != RequestClass::asset) {
        here.stage = at_session;
        if (state.release != 0) station::leave(sim, here);
        sim.send(request, here, static_cast<EdgeId>(state.session_edge));
    } else {
        go_on(sim, request, here);
    }
}

[[gnu::noinline]] void worked_otherwise(Sim& sim, Request& request, Frame& here) {
    switch (here.stage) {
    case at_work: own_work_done(sim, request, here); break;
    case at_login:
    case at_check: do_work(sim, request, here); break;
    case at_finish: finish(sim, request, here, Outcome::served); break;
    default: go_on(sim, request, here); break;
    }
}

void worked(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    const bool usual = sim.usual[here.node] != 0 && here.stage == at_work && state.fleet.tracked == 0;
    const EdgeId edge = calls(sim, here.node)[0].edge;
    if (usual && request.request_class() != RequestClass::asset && sim.carries(edge, request))
        make_call(sim, request, here, 0);
    else
        worked_otherwise(sim, request, here);
}

// The session store knows nobody of that name.
void log_in_late(Sim& sim, Request& request, Frame& here) {
    ++sim.state<State>(here.node).logins;
    here.stage = at_late_login;
    if ((here.aux & station::k_has_worker) == 0) {
        station::enter(sim, request, here, k_demand_login);
        return;
    }
    here.aux = station::with_worker(k_demand_login);
    station::begin(sim, request, here, sim.instance(here.node, here.instance));
}

[[gnu::noinline]] void returned_otherwise(Sim& sim, Request& request, Frame& here) {
    const auto outcome = static_cast<Outcome>(request.outcome);
    const State& state = sim.state<State>(here.node);
    if (request.tells_cache()) {
        sim.release(sim.id_of(request)); // a cache has been told
    } else if (here.stage == at_session && outcome == Outcome::served) {
        const bool known = request.hit != 0;
        request.hit = 0; // it was the store's, not ours
        if (known)
            go_on(sim, request, here);
        else
            log_in_late(sim, request, here);
    } else if (here.stage > at_calls && state.has_cache != 0 &&
               request.request_class() != RequestClass::asset) {
        const RequestId id = sim.id_of(request);
        const std::uint32_t which = here.stage - at_calls - 1u;
        const bool good =
            heed_answer(sim, id, which, calls(sim, here.node), state.call_count, plan_for(sim, here.node));
        if (good)
            go_on(sim, sim.requests[id], sim.top(id));
        else
            finish(sim, sim.requests[id], sim.top(id), outcome);
    } else if (outcome == Outcome::served) {
        go_on(sim, request, here);
    } else {
        finish(sim, request, here, outcome);
    }
}

void returned(Sim& sim, Request& request, Frame& here) {
    const bool usual = sim.usual[here.node] != 0 && here.stage == at_calls + 1 && request.outcome == 0;
    if (usual && request.request_class() != RequestClass::asset && !request.tells_cache())
        finish(sim, request, here, Outcome::served);
    else
        returned_otherwise(sim, request, here);
}

void fire(Sim& sim, NodeId id, SlotId, std::uint16_t channel) { fleet::fire(sim, id, channel); }

void wake(Sim& sim, NodeId id, std::uint32_t token) { fleet::wake(sim, id, token); }

void life(Sim& sim, NodeId id, int index, bool alive) {
    fleet::life(sim, id, static_cast<std::uint32_t>(index), alive);
}

void slowed(Sim& sim, NodeId id, int index, double factor) {
    fleet::slowed(sim, id, static_cast<std::uint32_t>(index), factor);
}

void measure(Sim& sim, NodeId id) {
    fleet::measure(sim, id);
    sim.state<State>(id).sessions.restart();
    sim.state<State>(id).logins = 0;
}

void verb(Sim& sim, NodeId id, const Command& command) {
    const std::string_view what = command.verb->id;
    double given[k_deploy_params];
    settings_of(command, given);
    if (what == "rollback") fleet::roll_back(sim, id);
    if (what == "resize") resize_machine(sim, id, given, cores, price_usd);
    if (what != "deploy") return;
    fleet::Deploy wanted;
    wanted.strategy = static_cast<std::uint32_t>(given[deploy_strategy]);
    wanted.batch = static_cast<std::uint32_t>(given[deploy_batch]);
    wanted.restart = core::from_seconds(given[deploy_restart_s]);
    wanted.observe = core::from_seconds(given[deploy_observe_s]);
    wanted.release = {given[deploy_slower], given[deploy_failing]};
    fleet::deploy(sim, id, wanted);
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const auto real = static_cast<double>(sim.scenario.weight);
    switch (index) {
    case 0: {
        const Capacity capacity = sim.capacity(id);
        const double share = static_cast<double>(capacity.held_area) / capacity.worker_time;
        return capacity.held_area == 0 ? 0 : share < 1 ? share : 1;
    }
    case 1: return static_cast<double>(state.logins) * real;
    case 2: return static_cast<double>(state.sessions.lost) * real;
    case 3: return session_count(sim, state.sessions) * real;
    case 4: return fleet::instances_mean(sim, id);
    case 5: return static_cast<double>(state.fleet.scale_outs);
    case 6: return static_cast<double>(state.fleet.scale_ins);
    case 7: return static_cast<double>(state.fleet.new_served) * real;
    default: return static_cast<double>(state.fleet.new_failed) * real;
    }
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    const double each = sim.value(id, price_usd) > 0 ? sim.value(id, price_usd)
                                                     : price::machine(sim.scenario, sim.value(id, cores));
    return each * fleet::instances_paid(sim, id);
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .expect = expect,
    .worked = worked,
    .returned = returned,
    .dropped = station::dropped,
    .fire = fire,
    .wake = wake,
    .verb = verb,
    .life = life,
    .slowed = slowed,
    .token_bytes = token_bytes,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = server::k_theory,
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
    .calls = role_compute | role_route | role_store | role_cache | role_queue | role_session,
    .params = k_params,
    .metrics = k_metrics,
    .signs = k_signs,
    .verbs = k_verbs,
    .instance = {"server {i} of {n}", "{n}의 {i}번 서버"},
    .closed_form = {"M/M/c (Erlang C) when cores and workers are the same and it calls nothing; M/G/1 "
                    "(Pollaczek-Khinchine) with one core.",
                    "코어와 워커 수가 같고 호출이 없으면 M/M/c(얼랑 C), 코어가 하나면 M/G/1(폴라체크-힌친)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
