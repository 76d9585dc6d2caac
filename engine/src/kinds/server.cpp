// A tier of servers. A request holds a worker (thread) while a core works on it and, unless released, while
// it waits for the answers of what the server calls.
#include "kinds/calls.hpp"
#include "kinds/server_record.hpp"
#include "kinds/server_theory.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace server;
using namespace sim;

enum Stage : std::uint8_t { at_work = 0, at_finish = 1, at_calls = 2 }; // at_calls + n: the n-th call is next

struct State {
    std::uint32_t answer_bytes;
    std::uint32_t call_count;
    std::uint8_t has_after, release, has_cache, padding[5];
};

Call* calls(Sim& sim, NodeId id) { return reinterpret_cast<Call*>(&sim.state<State>(id) + 1); }

void list_calls(Sim& sim, NodeId id) {
    constexpr std::uint32_t k_most = 250; // Frame::stage counts them
    sim.reserve_state(id, sizeof(State) + k_most * sizeof(Call));
    const std::vector<Call> list = calls_of(sim, id, k_most);
    std::copy(list.begin(), list.end(), calls(sim, id));
    State& state = sim.state<State>(id);
    state.call_count = static_cast<std::uint32_t>(list.size());
    state.has_cache =
        std::any_of(list.begin(), list.end(), [](const Call& call) { return call.kind >= CallKind::aside; });
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

void make_call(Sim& sim, Request& request, Frame& here, std::uint32_t call) {
    here.stage = static_cast<std::uint8_t>(at_calls + call + 1);
    const bool leaves = sim.state<State>(here.node).release != 0 && (here.aux & station::k_has_worker) != 0;
    if (leaves) station::leave(sim, here);
    sim.send(request, here, calls(sim, here.node)[call].edge);
}

// The next call that this request makes, or the end.
[[gnu::noinline]] void call_from(Sim& sim, Request& request, Frame& here, std::uint32_t call) {
    const State& state = sim.state<State>(here.node);
    const Call* const list = calls(sim, here.node);
    const bool calls_nothing = request.request_class() == RequestClass::asset;
    while (call < state.call_count && (calls_nothing || !makes(sim, list[call], request, here.aux))) ++call;
    if (calls_nothing) request.version = sim.latest(request.key); // its own files
    if (call < state.call_count) {
        make_call(sim, request, here, call);
    } else if (state.has_after != 0 && here.stage != at_work) {
        work_after(sim, request, here);
    } else {
        finish(sim, request, here, Outcome::served);
    }
}

void go_on(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    const std::uint32_t call = here.stage < at_calls ? 0u : here.stage - 1u * at_calls;
    const bool over = call >= state.call_count && state.has_after == 0;
    if (request.request_class() == RequestClass::asset)
        call_from(sim, request, here, call);
    else if (over)
        finish(sim, request, here, Outcome::served);
    else if (state.call_count == 1 && call == 0 && makes(sim, *calls(sim, here.node), request, here.aux))
        make_call(sim, request, here, 0);
    else
        call_from(sim, request, here, call);
}

void worked(Sim& sim, Request& request, Frame& here) {
    if (here.stage == at_finish)
        finish(sim, request, here, Outcome::served);
    else
        go_on(sim, request, here);
}

void returned(Sim& sim, Request& request, Frame& here) {
    const auto outcome = static_cast<Outcome>(request.outcome);
    const State& state = sim.state<State>(here.node);
    if (state.has_cache != 0) {
        const RequestId id = sim.id_of(request);
        if (request.tells_cache()) {
            sim.release(id); // a cache has been told
        } else {
            const std::uint32_t which = here.stage - at_calls - 1u;
            const bool good = heed_answer(sim, id, which, calls(sim, here.node), state.call_count);
            if (good)
                go_on(sim, sim.requests[id], sim.top(id));
            else
                finish(sim, sim.requests[id], sim.top(id), outcome);
        }
    } else if (outcome == Outcome::served) {
        go_on(sim, request, here);
    } else {
        finish(sim, request, here, outcome);
    }
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
