// A reverse proxy: sends each request on by its class, shares one call among equal requests, and protects
// what stands behind it and itself. Calls that may be shared, tried again or given up are requests of its
// own, for which the callers wait in it; plain calls pass straight through.
#include "kinds/proxy_state.hpp"
#include "kinds/proxy_theory.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace proxy;
using namespace sim;

// Of a request that came in, and of a try of the proxy's own.
enum Stage : std::uint8_t { at_work = 0, at_call = 1, at_fetch = 2, at_try = 3 };
constexpr std::uint8_t k_probe = 0x80; // Frame::aux of what probes a half-open breaker
// Timers: what they are for, and which request or fetch.
enum Token : std::uint32_t { token_timeout = 0u << 22, token_hedge = 1u << 22, token_retry = 2u << 22 };
constexpr std::uint32_t k_token_place = (1u << 22) - 1;

// Ways down ------------------------------------------------------------------------------------------------

struct Picked {
    Way* way = nullptr;
    Outcome refused = Outcome::failed; // when there is none: nobody takes such requests
};

// The way with the largest claim among those that are free to go.
Picked pick(Sim& sim, NodeId id, const Request& request) {
    State& state = sim.state<State>(id);
    Picked found;
    double total = 0;
    bool broken = false, full = false;
    for (std::uint32_t i = 0; i < state.ways; ++i) {
        Way& way = ways(sim, id)[i];
        if (way.weight <= 0 || !sim.carries(way.edge, request)) continue;
        if (!way.breaker.allows(state.breaking, sim.now)) {
            broken = true;
        } else if (state.bulkhead != 0 && way.out >= state.bulkhead) {
            full = true;
        } else {
            way.current += way.weight;
            total += way.weight;
            if (found.way == nullptr || way.current > found.way->current) found.way = &way;
        }
    }
    if (found.way != nullptr) {
        found.way->current -= total;
        return found;
    }
    if (broken || full) {
        found.refused = Outcome::rejected;
        ++(full ? state.counted.bulkhead_full : state.counted.broken);
    }
    return found;
}

Way* way_of(Sim& sim, NodeId id, EdgeId edge) {
    const std::uint32_t count = sim.state<State>(id).ways;
    for (std::uint32_t i = 0; i < count; ++i)
        if (ways(sim, id)[i].edge == edge) return &ways(sim, id)[i];
    return nullptr;
}

// A call goes down; what marks it as a probe.
std::uint8_t depart(Sim& sim, NodeId id, Way& way) {
    ++sim.state<State>(id).counted.fetches;
    ++way.out;
    return way.breaker.sent() ? k_probe : 0;
}

void judge(Sim& sim, NodeId id, Way& way, bool probe, bool well) {
    State& state = sim.state<State>(id);
    if (way.breaker.ended(state.breaking, sim.now, probe, well)) ++state.counted.trips;
}

bool went_well(const State& state, Outcome outcome, Time took) {
    return outcome == Outcome::served && (state.breaking.slow == 0 || took <= state.breaking.slow);
}

// Answering ------------------------------------------------------------------------------------------------

void finish(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    State& state = sim.state<State>(here.node);
    --state.inside;
    if (outcome == Outcome::served) state.shedder.answered(sim.now - here.entered);
    sim.answer(request, here, outcome);
}

// Stops what is still on its way for a fetch; without cancelling it comes back for nobody.
void stop_tries(Sim& sim, NodeId id, std::uint32_t place) {
    if (sim.state<State>(id).cancels == 0) return;
    for (int i = 0; i < 2; ++i) {
        const RequestId try_id = fetches_of(sim, id)[place].tries[i];
        if (try_id == k_none) continue;
        fetches_of(sim, id)[place].tries[i] = k_none;
        const Request& tried = sim.requests[try_id];
        const Frame& lowest = sim.frame(try_id, 0);
        const std::uint64_t name = lowest.entered;
        // One that was torn apart by a kill further down goes on under another number.
        const bool ours = tried.where != Where::free && tried.base == 0 && lowest.node == id &&
                          lowest.stage == at_try && (name & k_token_place) == place &&
                          static_cast<std::uint32_t>(name >> 32) == fetches_of(sim, id)[place].serial;
        if (!ours) continue;
        Way* const way = way_of(sim, id, sim.frame(try_id, 1).edge);
        if (way != nullptr) {
            if (way->out > 0) --way->out;
            if ((lowest.aux & k_probe) != 0) judge(sim, id, *way, true, false);
        }
        sim.cancel(try_id, 1);
        sim.release(try_id);
    }
}

// Everyone who waits for the fetch is answered, and it is over. Callers may leave meanwhile.
void conclude(Sim& sim, NodeId id, std::uint32_t place, Outcome outcome, const Request& answered) {
    const std::uint32_t bytes = answered.bytes, version = answered.version;
    const bool hit = answered.hit != 0;
    fetches_of(sim, id).unshare(place);
    fetches_of(sim, id)[place].state = Fetch::answering;
    stop_tries(sim, id, place);
    while (fetches_of(sim, id)[place].callers.count != 0) {
        const RequestId caller = sim.pop_front(fetches_of(sim, id)[place].callers);
        Request& request = sim.requests[caller];
        sim.take_up(request);
        request.bytes = bytes;
        request.version = version;
        request.hit = hit ? 1 : 0;
        Frame& here = sim.top(caller);
        here.stage = at_work;
        finish(sim, request, here, outcome);
    }
    fetches_of(sim, id).remove(place);
}

void conclude(Sim& sim, NodeId id, std::uint32_t place, Outcome outcome) {
    const Request nothing;
    conclude(sim, id, place, outcome, nothing);
}

// Fetching -------------------------------------------------------------------------------------------------

// Sends one more call for the fetch. What it ends with when that is not possible.
Outcome try_once(Sim& sim, NodeId id, std::uint32_t place) {
    const RequestId made = sim.launch(id);
    if (made == k_none) return Outcome::rejected;
    Fetch& fetch = fetches_of(sim, id)[place];
    Request& request = sim.requests[made];
    request.key = fetch.key;
    request.user = fetch.user;
    request.bytes = fetch.bytes;
    request.kind = fetch.kind & 15u;
    if (sim.watch.any && fetch.callers.count != 0) sim.watch.follow(fetch.callers.head, made);
    const Picked picked = pick(sim, id, request);
    if (picked.way == nullptr) {
        sim.release(made);
        return picked.refused;
    }
    Frame& here = sim.frame(made, 0);
    here.stage = at_try;
    here.aux = depart(sim, id, *picked.way);
    // A try has not arrived from anywhere: the time says which fetch it is for, and which try it is.
    here.entered = std::uint64_t{fetch.serial} << 32 | std::uint64_t{fetch.made} << 24 | place;
    fetch.tries[fetch.tries[0] == k_none ? 0 : 1] = made;
    ++fetch.made;
    ++fetch.out;
    fetch.late = 0;
    sim.send(request, here, picked.way->edge);
    return Outcome::served;
}

std::uint64_t shared_name(const State& state, const Request& request) {
    return std::uint64_t{request.kind} << 40 | request.key / state.block_keys;
}

void wait_for(Sim& sim, NodeId id, Request& request, Frame& here, std::uint32_t place) {
    const State& state = sim.state<State>(id);
    here.stage = at_fetch;
    request.bytes = place;
    sim.park(request);
    sim.push_back(fetches_of(sim, id)[place].callers, sim.id_of(request));
    if (state.timeout == 0) return;
    request.due = sim.now + state.timeout;
    sim.wake(id, token_timeout | sim.id_of(request), state.timeout);
}

void fetch_for(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    State& state = sim.state<State>(id);
    const bool shares = state.collapses != 0 && !request.is_write();
    const std::uint64_t name = shared_name(state, request);
    if (shares) {
        const std::uint32_t going = fetches_of(sim, id).find(name);
        if (going != k_none) {
            ++state.counted.collapsed;
            wait_for(sim, id, request, here, going);
            return;
        }
    }
    const std::uint32_t place = fetches_of(sim, id).add();
    Fetches all = fetches_of(sim, id);
    if (shares) all.share(place, name);
    Fetch& fetch = all[place];
    fetch.key = shares ? request.key / state.block_keys * state.block_keys : request.key;
    fetch.user = request.user;
    fetch.bytes = request.bytes;
    fetch.kind = request.kind;
    state.retry_tokens = std::min(state.retry_tokens + state.retry_budget, 100.0);
    if (state.hedge != 0 && !request.is_write()) {
        fetch.acts_at = sim.now + state.hedge;
        sim.wake(id, token_hedge | place, state.hedge);
    }
    wait_for(sim, id, request, here, place);
    const Outcome sent = try_once(sim, id, place);
    if (sent != Outcome::served) conclude(sim, id, place, sent);
}

// Whether a failed read is tried again, now or a little later.
bool try_again(Sim& sim, NodeId id, std::uint32_t place) {
    State& state = sim.state<State>(id);
    Fetch& fetch = fetches_of(sim, id)[place];
    const bool is_write = static_cast<RequestClass>(fetch.kind) == RequestClass::write;
    if (is_write || fetch.callers.count == 0 || fetch.failed > state.retries) return false;
    if (state.retry_budget < 10) {
        if (state.retry_tokens < 1) return false;
        state.retry_tokens -= 1;
    }
    // Spread, so that what failed together does not come back together.
    const double spread = 0.5 + sim.streams[id].retry.uniform();
    const Time wait = core::from_ns(static_cast<double>(state.retry_wait << (fetch.failed - 1)) * spread);
    fetch.acts_at = sim.now + wait;
    sim.wake(id, token_retry | place, wait);
    return true;
}

void try_returned(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    const Frame called = *(&here + 1);
    const std::uint64_t name = here.entered;
    const auto place = static_cast<std::uint32_t>(name & 0xFFFFFF);
    const bool probe = (here.aux & k_probe) != 0;
    const auto outcome = static_cast<Outcome>(request.outcome);
    const Request answered = request;
    const RequestId number = sim.id_of(request);
    sim.release(number);
    State& state = sim.state<State>(id);
    Fetches all = fetches_of(sim, id);
    const bool current = all.is_going(place) && all[place].serial == static_cast<std::uint32_t>(name >> 32);
    Way* const way = way_of(sim, id, called.edge);
    if (way != nullptr) {
        if (way->out > 0) --way->out;
        if (probe || (current && all[place].late == 0))
            judge(sim, id, *way, probe, went_well(state, outcome, sim.now - called.entered));
    }
    if (!current) {
        ++state.counted.wasted;
        return;
    }
    Fetch& fetch = all[place];
    if (fetch.callers.count == 0) ++state.counted.wasted;
    --fetch.out;
    // By place in the list: a try that was split by a kill has another number by now.
    const int which = fetch.tries[0] == number || fetch.tries[1] == k_none ? 0 : 1;
    fetch.tries[which] = k_none;
    if (outcome == Outcome::served) {
        if (fetch.hedged != 0 && (name >> 24 & 0xFF) == fetch.hedged) ++state.counted.hedge_wins;
        conclude(sim, id, place, outcome, answered);
        return;
    }
    ++fetch.failed;
    if (fetch.out != 0) return; // the other one may still do well
    if (!try_again(sim, id, place)) conclude(sim, id, place, outcome, answered);
}

// Timers of fetches ----------------------------------------------------------------------------------------

void leave_fetch(Sim& sim, NodeId id, Request& request) {
    const std::uint32_t place = request.bytes;
    sim.unlink(fetches_of(sim, id)[place].callers, sim.id_of(request));
}

// A call that took this long has failed, whatever becomes of it.
void count_as_late(Sim& sim, NodeId id, std::uint32_t place) {
    Fetch& fetch = fetches_of(sim, id)[place];
    if (fetch.late != 0) return;
    fetch.late = 1;
    for (const RequestId tried : fetch.tries) {
        if (tried == k_none || sim.frame(tried, 0).stage != at_try) continue;
        Way* const way = way_of(sim, id, sim.frame(tried, 1).edge);
        if (way != nullptr && (sim.frame(tried, 0).aux & k_probe) == 0) judge(sim, id, *way, false, false);
    }
}

void time_out(Sim& sim, NodeId id, RequestId number) {
    if (number >= sim.requests.size()) return;
    Request& request = sim.requests[number];
    if (request.where != Where::parked || request.due != sim.now) return;
    Frame& here = sim.top(number);
    if (here.node != id || here.stage != at_fetch) return;
    const std::uint32_t place = request.bytes;
    leave_fetch(sim, id, request);
    request.bytes = 0;
    ++sim.state<State>(id).counted.timed_out;
    count_as_late(sim, id, place);
    if (fetches_of(sim, id)[place].callers.count == 0 && sim.state<State>(id).cancels != 0)
        conclude(sim, id, place, Outcome::failed);
    sim.take_up(request);
    here.stage = at_work;
    finish(sim, request, here, Outcome::failed);
}

void hedge_now(Sim& sim, NodeId id, std::uint32_t place) {
    Fetch& fetch = fetches_of(sim, id)[place];
    if (fetch.made != 1 || fetch.out != 1 || fetch.callers.count == 0) return;
    const Outcome sent = try_once(sim, id, place);
    if (sent != Outcome::served) return; // the first is still on its way
    Fetches all = fetches_of(sim, id);
    ++sim.state<State>(id).counted.hedges;
    if (all.is_going(place) && all[place].made == 2) all[place].hedged = 1;
}

void wake(Sim& sim, NodeId id, std::uint32_t token) {
    const std::uint32_t place = token & k_token_place;
    const std::uint32_t what = token & ~k_token_place;
    if (what == token_timeout) {
        time_out(sim, id, place);
        return;
    }
    Fetches all = fetches_of(sim, id);
    if (!all.is_going(place) || all[place].acts_at != sim.now) return; // it was over before
    if (what == token_hedge) {
        hedge_now(sim, id, place);
        return;
    }
    if (all[place].out != 0) return;
    ++sim.state<State>(id).counted.retried;
    const Outcome sent = try_once(sim, id, place);
    if (sent != Outcome::served) conclude(sim, id, place, sent);
}

// The way of a request -------------------------------------------------------------------------------------

void forward(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    const State& state = sim.state<State>(id);
    const bool reads = !request.is_write();
    if (state.timeout != 0 || (reads && (state.collapses != 0 || state.retries != 0 || state.hedge != 0))) {
        fetch_for(sim, request, here);
        return;
    }
    const Picked picked = pick(sim, id, request);
    if (picked.way == nullptr) {
        finish(sim, request, here, picked.refused);
        return;
    }
    here.stage = at_call;
    here.aux = depart(sim, id, *picked.way);
    sim.send(request, here, picked.way->edge);
}

void arrive(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    if (!admit(sim, here.node, request)) {
        sim.answer(request, here, Outcome::rejected);
        return;
    }
    const Instance& own = sim.instance(here.node, 0);
    if (state.has_work != 0 && own.held >= own.workers && own.waiting.count >= own.queue_limit) {
        sim.cap_reached(here.node);
        sim.answer(request, here, Outcome::rejected);
        return;
    }
    ++state.inside;
    if (state.has_work != 0)
        station::enter(sim, request, here, 0);
    else
        forward(sim, request, here);
}

void worked(Sim& sim, Request& request, Frame& here) {
    station::leave(sim, here);
    forward(sim, request, here);
}

void returned(Sim& sim, Request& request, Frame& here) {
    if (here.stage == at_try) {
        try_returned(sim, request, here);
        return;
    }
    const Frame& called = *(&here + 1);
    const auto outcome = static_cast<Outcome>(request.outcome);
    Way* const way = way_of(sim, here.node, called.edge);
    if (way != nullptr) {
        if (way->out > 0) --way->out;
        judge(sim, here.node, *way, (here.aux & k_probe) != 0,
              went_well(sim.state<State>(here.node), outcome, sim.now - called.entered));
    }
    finish(sim, request, here, outcome);
}

void dropped(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    State& state = sim.state<State>(id);
    --state.inside;
    if (here.stage == at_fetch) {
        const std::uint32_t place = request.bytes;
        leave_fetch(sim, id, request);
        Fetches all = fetches_of(sim, id);
        if (all.is_going(place) && all[place].callers.count == 0 && state.cancels != 0)
            conclude(sim, id, place, Outcome::failed);
    } else if (here.stage == at_call) {
        Way* const way = way_of(sim, id, (&here + 1)->edge);
        if (way != nullptr && way->out > 0) --way->out;
        if (way != nullptr && (here.aux & k_probe) != 0) judge(sim, id, *way, true, false);
    } else {
        station::dropped(sim, request, here);
    }
}

// A restarted proxy knows nothing of calls that were on their way.
void life(Sim& sim, NodeId id, int, bool alive) {
    if (alive) return;
    State& state = sim.state<State>(id);
    Fetches all = fetches_of(sim, id);
    for (std::uint32_t place = 0; place < state.book.places; ++place)
        if (all.is_going(place)) all.remove(place);
    for (std::uint32_t i = 0; i < state.ways; ++i) ways(sim, id)[i].breaker = Breaker{};
    state.full_at = 0;
    const Time slow = state.shedder.slow;
    state.shedder = Shedder{};
    state.shedder.slow = slow;
    if (state.user_store != 0) sim.stores[state.user_store - 1].clear();
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    return sim.value(id, price_usd) > 0 ? sim.value(id, price_usd)
                                        : price::of(sim.scenario, price::Item::balancer);
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .worked = worked,
    .returned = returned,
    .dropped = dropped,
    .wake = wake,
    .life = life,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = proxy::k_theory,
};

} // namespace

extern const KindRecord k_proxy;
const KindRecord k_proxy = {
    .code = 12,
    .id = "proxy",
    .name = {"Reverse proxy", "리버스 프록시"},
    .help = {"Stands in front of other nodes: sends requests on by their class, makes one call of equal "
             "ones, and "
             "protects what is behind.",
             "다른 노드 앞에 서서 요청을 종류별로 보내고, 같은 요청을 하나로 합치고, 뒤쪽을 보호한다."},
    .icon = "git-fork",
    .tier = Tier::entry,
    .role = role_route,
    .calls = role_compute | role_route | role_store | role_cache | role_queue,
    .calls_least = 1,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form =
        {"Collapsed forwarding: rate/(1 + rate x call time) calls per key; hedges: the minimum of two; "
         "token bucket: M/D/1/K with its burst as K.",
         "요청 합치기: 키마다 요청률/(1 + 요청률 x 호출 시간)번 호출. 헤지: 둘 중 최솟값. 토큰 버킷: "
         "버스트가 K인 M/D/1/K."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
