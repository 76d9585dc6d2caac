// A cache: real keys, real eviction, real expiry, in front of a store. The hit ratio is an outcome.
#include "kinds/cache_record.hpp"
#include "kinds/cache_theory.hpp"
#include "kinds/keeper.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace cache;
using namespace sim;

Scope scope_of(const Sim& sim, NodeId id) {
    switch (static_cast<int>(sim.value(id, scope))) {
    case 0: return Scope::one;
    case 1: return Scope::by_caller;
    default: return sim.value(id, placement) == 0 ? Scope::by_ring : Scope::by_modulo;
    }
}

ShelfRules read_shelf(const Sim& sim, NodeId id) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    ShelfRules rules;
    const double mean = value(object_kb) * 1000;
    rules.size = core::Distribution::make(core::Shape::lognormal, mean, value(object_cv));
    rules.sized = mean > 0 ? 1 : 0;
    rules.bytes_most = static_cast<std::uint64_t>(value(memory_mb) * 1e6);
    rules.items = static_cast<std::uint32_t>(value(items));
    if (rules.bytes_most != 0) rules.items = items_for(value(memory_mb) * 1e6, mean, value(object_cv));
    rules.largest = static_cast<std::uint32_t>(value(largest_kb) * 1000);
    rules.policy = static_cast<std::uint32_t>(value(policy));
    rules.ttl_ns = value(ttl_s) * 1e9;
    rules.jitter = value(ttl_jitter);
    return rules;
}

void configure(Sim& sim, NodeId id) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    KeeperRules rules;
    rules.shelf = read_shelf(sim, id);
    rules.strategy = static_cast<Strategy>(static_cast<int>(value(strategy)));
    rules.coalesce = static_cast<Coalesce>(static_cast<int>(value(coalesce)));
    rules.lease = core::from_seconds(value(lease_s));
    rules.early = value(early);
    rules.ahead = value(refresh_ahead);
    rules.stale_on_error = value(stale_on_error) != 0 ? 1 : 0;
    rules.flush_after = core::from_seconds(value(flush_s));
    rules.dirty_most = static_cast<std::uint32_t>(value(dirty_most));
    rules.scope = scope_of(sim, id);
    rules.points = static_cast<std::uint32_t>(value(virtual_nodes));
    rules.replicas = static_cast<std::uint32_t>(value(replicas));
    rules.detect = core::from_seconds(value(detect_s));
    rules.has_work = value(service_ms) > 0 ? 1 : 0;
    sim.demand(id, 0) = distribution(value(service), value(service_ms), 1);
    station::Size size;
    size.instances = value(scope) == 2 ? static_cast<std::uint32_t>(value(instances)) : 1;
    size.workers = size.cores = static_cast<std::uint32_t>(value(cores));
    size.queue_limit = static_cast<std::uint32_t>(value(queue_limit));
    settle(sim, id, rules, size);
}

bool fetches_itself(const Sim& sim, NodeId id) {
    return sim.value(id, strategy) != 0 && sim.nodes[id].outs > 0;
}

void wake(Sim& sim, NodeId id, std::uint32_t token) { keep::leave_ring(sim, id, token); }

void verb(Sim& sim, NodeId id, const Command& command) {
    double wanted = 0;
    for (const Setting& setting : command.settings) wanted = setting.value;
    purge(sim, id, static_cast<std::uint32_t>(wanted));
}

double share(std::uint64_t part, std::uint64_t rest) {
    const auto sum = static_cast<double>(part + rest);
    return sum > 0 ? static_cast<double>(part) / sum : 0;
}

double busiest(const Sim& sim, NodeId id) {
    double sum = 0, most = 0;
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i) {
        const auto seen = static_cast<double>(sim.instance(id, i).arrivals);
        sum += seen;
        most = std::max(most, seen);
    }
    return sum > 0 ? most * sim.nodes[id].instances / sum : 1;
}

double metric(const Sim& sim, NodeId id, int index) {
    const Keeper& state = sim.state<Keeper>(id);
    const KeeperCounts& counts = state.counts;
    const double weight = sim.scenario.weight;
    switch (index) {
    case hit_ratio: return share(counts.hits, counts.misses);
    case stale_ratio: return share(counts.stale, counts.hits - counts.stale);
    case held_items: return static_cast<double>(items_held(sim, id));
    case held_mb: return static_cast<double>(bytes_held(sim, id)) / 1e6;
    case fetches: return static_cast<double>(counts.fetches) * weight;
    case coalesced: return static_cast<double>(counts.coalesced) * weight;
    case refreshed: return static_cast<double>(counts.refreshed) * weight;
    case evicted: return static_cast<double>(counts.evicted) * weight;
    case waiting_writes: return static_cast<double>(writes_held(sim, id));
    case lost_writes: return static_cast<double>(counts.lost) * weight;
    case moved_keys: return state.moved;
    default: return busiest(sim, id);
    }
}

double cost(const Sim& sim, NodeId id) {
    const double count = sim.nodes[id].instances;
    if (sim.value(id, price_usd) > 0) return count * sim.value(id, price_usd);
    const double gigabytes =
        sim.value(id, memory_mb) > 0 ? sim.value(id, memory_mb) / 1000 : sim.value(id, items) / 1e6;
    const double memory = gigabytes * price::of(sim.scenario, price::Item::memory_million_items);
    const bool inside = scope_of(sim, id) == Scope::by_caller || sim.nodes[id].machine_cpu != k_none;
    return count *
           (memory +
            (inside ? 0
                    : price::of(sim.scenario, price::Item::cache_node))); // within a server: its memory only
}

constexpr SignRecord k_signs[] = {
    {Mechanism::cache_misses, "hit_ratio", "", 0.3, true},
};

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .route = keep::route,
    .arrive = keep::arrive,
    .come_in = sim::come_in<keep::arrive>,
    .expect = keep::expect,
    .expect_chooses = true,
    .worked = keep::worked,
    .returned = keep::returned,
    .dropped = keep::dropped,
    .fire = keep::fire,
    .timer = keep::timer,
    .wake = wake,
    .verb = verb,
    .life = keep::life,
    .above = keep::above,
    .fetches = fetches_itself,
    .measure = keep::measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = cache::k_theory,
};

} // namespace

extern const KindRecord k_cache;
const KindRecord k_cache = {
    .code = 8,
    .id = "cache",
    .name = {"Cache", "캐시"},
    .help = {"Keeps copies of what is read often in memory, so that the store is asked less.",
             "자주 읽는 값의 사본을 메모리에 두어 저장소의 부담을 줄인다."},
    .icon = "zap",
    .tier = Tier::fast_store,
    .role = role_cache,
    .calls = role_store | role_cache | role_route | role_compute,
    .params = k_params,
    .metrics = k_metrics,
    .signs = k_signs,
    .verbs = k_verbs,
    .closed_form =
        {"LRU and TTL: Che's approximation; LFU: the share of the most popular keys; FIFO and random "
         "have the same hit ratio; a key alone with a TTL: lambda T / (1 + lambda T).",
         "LRU와 TTL은 체(Che) 근사, LFU는 가장 인기 있는 키들의 비중, FIFO와 무작위는 적중률이 같다. "
         "TTL만 있는 키 하나는 λT/(1+λT)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
