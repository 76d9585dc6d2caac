// Users: they ask, wait as long as their patience lasts, try again, and are what every figure of the whole
// system is measured at. Open (arrivals come whatever happens) or closed (a fixed number who wait and think).
#include "core/zipf.hpp"
#include "kinds/clients_record.hpp"
#include "kinds/clients_theory.hpp"
#include "kinds/rate.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace clients;
using namespace sim;

enum Stage : std::uint8_t { at_call = 0, at_lookup = 1, at_backoff = 2, at_poll = 3 };

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
    Time poll, poll_most;
    std::uint64_t lookups, polls, accepted, accepted_sum; // ns
    std::uint64_t old_pages;
    std::uint32_t population, started, resolvers, retries, request_bytes;
    SlotId arrival_slot;
    std::uint32_t dns_edge, turn, first_key, unused;
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
    rate.gap = rate.shape == RateProfile::constant && rate.base > 0 ? 1e9 / rate.base : 0;
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
    state.poll = value(poll_ms) > 0 ? core::from_ms(std::max(1.0, value(poll_ms))) : 0;
    state.poll_most = core::from_seconds(value(poll_most_s));
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
    state.population =
        std::max(1u, state.population / sim.scenario.weight); // the fewer ask, the fewer they are
    state.first_key = static_cast<std::uint32_t>(sim.value(id, first_key));
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
void go_one_of_many(Sim& sim, Request& request, Frame& here) {
    const Node& node = sim.nodes[here.node];
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

[[gnu::always_inline]] inline void go(Sim& sim, NodeId id, Request& request, Frame& here,
                                      std::uint32_t edge) {
    here.stage = at_call;
    const Node& node = sim.nodes[id];
    if (edge == k_no_edge && node.outs == 1) edge = sim.out_edges[node.first_out];
    if (edge != k_no_edge && sim.carries(static_cast<EdgeId>(edge), request))
        sim.send(request, here, static_cast<EdgeId>(edge));
    else
        go_one_of_many(sim, request, here);
}

// Work that was left behind is asked for from now on: the request is a small one.
void begin_poll(Request& request, Frame& here, State& state) {
    here.aux = static_cast<std::uint8_t>(Errand::asks);
    request.kind = static_cast<std::uint8_t>(RequestClass::api) & 15u;
    ++state.polls;
}

bool was_left(const Frame& here) { return here.aux >= static_cast<std::uint8_t>(Errand::left); }

[[gnu::noinline]] void look_up_first(Sim& sim, Request& request, Frame& here, State& state) {
    const Answer& known = answers(sim, here.node)[request.user % state.resolvers];
    if (known.until > sim.now) {
        go(sim, here.node, request, here, known.edge);
        return;
    }
    ++state.lookups;
    here.stage = at_lookup;
    sim.send(request, here, static_cast<EdgeId>(state.dns_edge));
}

[[gnu::always_inline]] inline void set_out(Sim& sim, NodeId id, Request& request, Frame& here, State& state) {
    request.bytes = state.request_bytes + sim.token_bytes[id];
    if (state.timeout != 0) sim.expect_by(sim.id_of(request), sim.now + state.timeout, id);
    if (state.dns_edge == k_no_edge)
        go(sim, id, request, here, k_no_edge);
    else
        look_up_first(sim, request, here, state);
}

void attempt_again(Sim& sim, Request& request, Frame& here, State& state) {
    if (was_left(here))
        begin_poll(request, here, state);
    else
        ++sim.tallies[here.node].attempts;
    request.version = 0; // of the try before
    set_out(sim, here.node, request, here, state);
}

[[gnu::always_inline]] inline void ask(Sim& sim, NodeId here, State& state, std::uint32_t user) {
    if (sim.instance(here, 0).dead != 0) {
        if (state.closed != 0) think_first(sim, here, state, user);
        return;
    }
    const RequestId id = sim.create(here);
    Tally& node = sim.tallies[here];
    ++node.asked;
    if (id == k_none) {
        sim.cap_reached(here);
        ++node.rejected;
        if (state.closed != 0) think_first(sim, here, state, user);
        return;
    }
    ++node.open;
    ++node.attempts;
    Streams& streams = sim.streams[here];
    Request& request = sim.requests[id];
    Frame& own = *Slab::frames_of(request);
    request.user = user;
    if (state.poll != 0) own.aux = static_cast<std::uint8_t>(Errand::wanted);
    request.key = state.first_key;
    if (state.zipf.keys > 1) request.key += static_cast<std::uint32_t>(state.zipf.draw(streams.key));
    if (state.mixed != 0) {
        const double x = streams.mix.uniform();
        unsigned kind = 0; // counted, as nobody can predict it
        for (int i = 0; i < k_classes - 1; ++i) kind += x >= state.mix[i] ? 1u : 0u;
        request.kind = kind & 15u;
    }
    state.tokens = std::min(state.tokens + state.budget, 100.0);
    set_out(sim, here, request, own, state);
}

void fire(Sim& sim, NodeId here, SlotId, std::uint16_t) {
    State& state = sim.state<State>(here);
    state.from = sim.now;
    next_need(sim, here, state);
    const double wait = state.need * state.rate.gap + 0.5;
    if (wait > 0.5 && wait < 0x1p62) [[likely]]
        sim.queue.schedule_after(state.arrival_slot, sim.now,
                                 static_cast<Time>(static_cast<std::int64_t>(wait)));
    else
        schedule_arrival(sim, here);
    ask(sim, here, state, state.population > 1 ? sim.streams[here].mix.below(state.population) : 0);
}

void wake(Sim& sim, NodeId here, std::uint32_t user) {
    State& state = sim.state<State>(here);
    if (state.closed == 0 || user >= state.population) {
        --state.started; // this user is no longer there
        return;
    }
    ask(sim, here, state, user);
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

// The page comes from a store that these users did not write this to, but they did to another one, which they
// were led to before.
bool wrote_elsewhere(const Sim& sim, NodeId id, const Request& request) {
    const std::uint32_t home = request.version >> k_count_bits;
    if (home >= sim.twins.size() || sim.twins[home].empty()) return false;
    const std::uint32_t mine = sim.client_numbers[id] + 1;
    const auto wrote_in = [&](std::uint32_t which) {
        const std::vector<std::uint32_t>& writers = sim.writers[which];
        return request.key < writers.size() && writers[request.key] == mine;
    };
    return !wrote_in(home) && std::any_of(sim.twins[home].begin(), sim.twins[home].end(), wrote_in);
}

// A page that shows less than what was saved by now.
[[gnu::noinline]] void note_age_of_page(const Sim& sim, NodeId id, State& state, const Request& request) {
    const bool behind = request.version < sim.latest_of(request.key, request.version);
    if (behind || wrote_elsewhere(sim, id, request)) ++state.old_pages;
}

void note_age(const Sim& sim, NodeId id, State& state, const Request& request) {
    if (sim.written && request.request_class() == RequestClass::page)
        note_age_of_page(sim, id, state, request);
}

void conclude(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    const NodeId id = here.node;
    Tally& tally = sim.tallies[id];
    State& state = sim.state<State>(id);
    if (request.expires != 0) sim.relax(sim.id_of(request));
    if (outcome == Outcome::served) {
        ++sim.nodes[id].completed;
        note_age(sim, id, state, request);
        sim.latency[id].record(sim.now - request.born);
    } else {
        if (!was_left(here) && may_retry(state, request)) {
            retry(sim, request, here, state);
            return;
        }
        ++(outcome == Outcome::failed     ? tally.failed
           : outcome == Outcome::rejected ? tally.rejected
                                          : tally.timed_out);
    }
    --tally.open;
    const NodeId watcher = sim.watchers[id];
    if (watcher != k_nobody) sim.behaviours[watcher]->saw(sim, watcher, request, outcome);
    const std::uint32_t user = request.user;
    sim.release(sim.id_of(request));
    if (state.closed != 0) think_first(sim, id, state, user);
}

// The result is not there, or the question failed: asks again later, as long as it cares.
void poll_later(Sim& sim, Request& request, Frame& here, State& state) {
    if (request.expires != 0) sim.relax(sim.id_of(request));
    if (state.poll_most != 0 && sim.now - request.born >= state.poll_most) {
        conclude(sim, request, here, Outcome::timed_out);
        return;
    }
    here.stage = at_poll;
    sim.wait(request, std::max(state.poll, core::k_second / 1000));
}

// How the work stands that was left behind, by what came back. An answer that is lost tells nothing: work
// that was not known to be left is asked for anew, work that was is asked about later.
bool hear(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    if (!was_left(here)) return false;
    State& state = sim.state<State>(here.node);
    const auto stands = static_cast<Errand>(here.aux);
    const bool answered = outcome == Outcome::served;
    if (stands == Errand::left && !answered) {
        here.aux = static_cast<std::uint8_t>(Errand::wanted);
        return false;
    }
    if (answered && stands != Errand::left && stands != Errand::pending) {
        // Those who were asked may know nothing of it.
        conclude(sim, request, here, stands == Errand::done ? Outcome::served : Outcome::failed);
        return true;
    }
    if (stands == Errand::left) {
        ++state.accepted;
        state.accepted_sum += sim.now - request.born;
    }
    here.aux = static_cast<std::uint8_t>(Errand::pending);
    poll_later(sim, request, here, state);
    return true;
}

[[gnu::noinline]] void returned_otherwise(Sim& sim, Request& request, Frame& here) {
    const auto outcome = static_cast<Outcome>(request.outcome);
    if (here.stage != at_lookup || outcome != Outcome::served) {
        if (!hear(sim, request, here, outcome)) conclude(sim, request, here, outcome);
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
    go(sim, here.node, request, here, found.edge);
}

void returned(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    State& state = sim.state<State>(id);
    const bool usual = request.outcome == 0 && here.stage == at_call;
    if (!usual || was_left(here) || state.closed != 0) {
        returned_otherwise(sim, request, here);
        return;
    }
    if (request.expires != 0) sim.relax(sim.id_of(request));
    ++sim.nodes[id].completed;
    note_age(sim, id, state, request);
    sim.latency[id].record(sim.now - request.born);
    --sim.tallies[id].open;
    const NodeId watcher = sim.watchers[id];
    if (watcher != k_nobody) sim.behaviours[watcher]->saw(sim, watcher, request, Outcome::served);
    sim.release(request, sim.id_of(request));
}

void timer(Sim& sim, Request& request, Frame& here) {
    attempt_again(sim, request, here, sim.state<State>(here.node));
}

void timeout(Sim& sim, Request& request, Frame& gone) {
    const NodeId client = gone.node;
    RequestId ours = k_none;
    const RequestId id = sim.id_of(request);
    if (sim.state<State>(client).cancels == 0) ours = sim.abandon(id, 1);
    if (ours == k_none) {
        sim.cancel(id, 1);
        ours = id;
    }
    Request& calm = sim.requests[ours];
    Frame& here = sim.frame(ours, 0);
    if (!hear(sim, calm, here, Outcome::timed_out)) conclude(sim, calm, here, Outcome::timed_out);
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.lookups = state.polls = state.accepted = state.accepted_sum = state.old_pages = 0;
}

double metric(const Sim& sim, NodeId id, int index) {
    const Tally& node = sim.tallies[id];
    const State& state = sim.state<State>(id);
    if (index == 1) return static_cast<double>(state.lookups) * sim.scenario.weight;
    if (index == 2) return static_cast<double>(state.polls) * sim.scenario.weight;
    if (index == 3)
        return state.accepted == 0
                   ? 0
                   : static_cast<double>(state.accepted_sum) / static_cast<double>(state.accepted) / 1e6;
    if (index == 4) {
        const auto answered = static_cast<double>(sim.nodes[id].completed);
        return answered > 0 ? static_cast<double>(state.old_pages) / answered : 0;
    }
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
    .theory = clients::k_theory,
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
    .calls = role_naming | role_route | role_compute | role_store | role_cache | role_queue,
    .calls_least = 1,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form = {"Poisson arrivals (open); machine repairman and mean value analysis (closed).",
                    "푸아송 도착(열린 모형), 기계 수리공 모형과 평균값 분석(닫힌 모형)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
