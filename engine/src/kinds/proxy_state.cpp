#include "kinds/proxy_state.hpp"

#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind::proxy {

namespace {

void list_ways(Sim& sim, NodeId id) {
    const std::uint32_t count = sim.nodes[id].outs;
    sim.reserve_state(id, sizeof(State) + count * sizeof(Way));
    State& state = sim.state<State>(id);
    for (std::uint32_t out = 0; out < count; ++out) {
        Way& way = ways(sim, id)[out];
        if (state.ready == 0) way = Way{};
        way.edge = sim.out_edge(id, out);
        way.weight = sim.edges[way.edge].weight;
    }
    state.ways = count;
}

void read_calls(const Sim& sim, NodeId id, State& state) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    state.collapses = value(collapse) != 0 ? 1 : 0;
    state.block_keys = static_cast<std::uint32_t>(value(block_keys));
    state.timeout = core::from_ms(value(timeout_ms));
    state.retries = static_cast<std::uint32_t>(value(retries));
    state.retry_wait = core::from_ms(value(retry_ms));
    state.retry_budget = value(retry_budget);
    state.hedge = core::from_ms(value(hedge_ms));
    state.cancels = value(cancels) != 0 ? 1 : 0;
}

void read_guards(const Sim& sim, NodeId id, State& state) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    const auto whole = [&](Param param) { return static_cast<std::uint32_t>(value(param)); };
    const double weight = sim.scenario.weight;
    const auto thinned = [&](Param param) {
        return value(param) == 0 ? 0 : std::max(1u, static_cast<std::uint32_t>(value(param) / weight));
    };
    state.breaking.share = value(breaker_share);
    state.breaking.window = core::from_seconds(value(breaker_window_s));
    state.breaking.open_for = core::from_seconds(value(breaker_open_s));
    state.breaking.slow = core::from_ms(value(breaker_slow_ms));
    state.breaking.least = std::max(1u, thinned(breaker_least));
    state.breaking.probes = whole(breaker_probes);
    const double rate = value(limit_per_s);
    state.by_user = value(limit_by) == 1 ? 1 : 0;
    const double share = state.by_user != 0 ? 1 : weight; // users become fewer by themselves
    state.bucket.per_token = rate > 0 ? std::max<Time>(1, core::from_ns(1e9 * share / rate)) : 0;
    const double burst = std::max(1.0, value(limit_burst) / share);
    state.bucket.depth = core::from_ns((burst - 1) * static_cast<double>(state.bucket.per_token));
    state.bulkhead = thinned(bulkhead);
    state.shed_inside = thinned(shed_inside);
    state.shedder.slow = core::from_ms(value(shed_latency_ms));
}

std::uint32_t add_store(Sim& sim, NodeId id, std::uint32_t capacity, core::Eviction eviction) {
    sim.stores.emplace_back(capacity, eviction, sim.streams[id].route);
    return static_cast<std::uint32_t>(sim.stores.size() - 1);
}

void remember_users(Sim& sim, NodeId id, State& state) {
    const auto wanted = static_cast<std::uint32_t>(sim.value(id, limit_users));
    if (state.by_user == 0 || state.bucket.per_token == 0 || state.users == wanted) return;
    state.users = wanted;
    if (state.user_store == 0) state.user_store = add_store(sim, id, wanted, core::Eviction::lru) + 1;
    sim.stores[state.user_store - 1] = core::KeyStore(wanted, core::Eviction::lru, sim.streams[id].route);
}

bool within_rate(Sim& sim, State& state, const Request& request) {
    if (state.bucket.per_token == 0) return true;
    if (state.by_user == 0) return state.bucket.take(sim.now, state.full_at);
    core::KeyStore& users = sim.stores[state.user_store - 1];
    const std::uint32_t entry = users.find(request.user);
    if (entry == core::KeyStore::k_none) {
        Time full_at = 0;
        state.bucket.take(sim.now, full_at);
        users.insert(request.user, {full_at, 0, 0});
        return true;
    }
    users.touch(entry);
    return state.bucket.take(sim.now, users.value_of(entry).expires_ns);
}

} // namespace

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    list_ways(sim, id);
    State& state = sim.state<State>(id);
    if (state.ready == 0) {
        state.book = FetchBook{};
        state.book.table = sim.add_table();
        state.shedder = Shedder{};
        state.book.store = k_none;
        state.ready = 1;
    }
    read_calls(sim, id, state);
    read_guards(sim, id, state);
    if (state.collapses != 0 && state.book.store == k_none)
        state.book.store = add_store(sim, id, Fetches::k_shared_most, core::Eviction::fifo);
    remember_users(sim, id, state);
    sim.demand(id, 0) = distribution(sim.value(id, service), sim.value(id, service_ms), 1);
    state.has_work = sim.value(id, service_ms) > 0 ? 1 : 0;
    station::Size size;
    size.workers = size.cores = static_cast<std::uint32_t>(sim.value(id, workers));
    size.queue_limit = static_cast<std::uint32_t>(sim.value(id, queue_limit));
    station::resize(sim, id, size);
}

bool admit(Sim& sim, NodeId id, const Request& request) {
    State& state = sim.state<State>(id);
    const bool crowded = state.shed_inside != 0 && state.inside >= state.shed_inside;
    if (crowded || !state.shedder.admits(sim.now, state.inside != 0)) {
        ++state.counted.shed;
        return false;
    }
    if (within_rate(sim, state, request)) return true;
    ++state.counted.limited;
    return false;
}

void measure(Sim& sim, NodeId id) { sim.state<State>(id).counted = Counters{}; }

double metric(const Sim& seen, NodeId id, int index) {
    Sim& sim = const_cast<Sim&>(seen); // looks only
    const State& state = sim.state<State>(id);
    const Counters& counted = state.counted;
    const std::uint64_t all[] = {counted.fetches,
                                 counted.collapsed,
                                 counted.limited,
                                 counted.shed,
                                 counted.broken,
                                 counted.bulkhead_full,
                                 0,
                                 counted.trips,
                                 counted.timed_out,
                                 counted.retried,
                                 counted.hedges,
                                 counted.hedge_wins,
                                 counted.wasted};
    if (index == breaker_trips) return static_cast<double>(counted.trips);
    if (index != breakers_open) return static_cast<double>(all[index] * sim.scenario.weight);
    int open = 0;
    for (std::uint32_t i = 0; i < state.ways; ++i)
        open += ways(sim, id)[i].breaker.state == Breaker::closed ? 0 : 1;
    return open;
}

} // namespace scale::kind::proxy
