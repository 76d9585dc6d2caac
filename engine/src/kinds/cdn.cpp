// A content delivery network: points of presence near the users, each with copies of its own of what the
// origin has answered, paid for by what it sends.
#include "kinds/cdn_record.hpp"
#include "kinds/cdn_theory.hpp"
#include "kinds/keeper.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace cdn;
using namespace sim;

constexpr double k_month_s = 30 * 86400.0;

ShelfRules read_shelf(const Sim& sim, NodeId id) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    ShelfRules rules;
    const double mean = value(object_kb) * 1000;
    rules.size = core::Distribution::make(core::Shape::lognormal, mean, value(object_cv));
    rules.sized = mean > 0 ? 1 : 0;
    rules.bytes_most = static_cast<std::uint64_t>(value(memory_gb) * 1e9);
    rules.items = static_cast<std::uint32_t>(value(items));
    rules.policy = static_cast<std::uint32_t>(value(policy));
    rules.ttl_ns = value(ttl_s) * 1e9;
    if (rules.bytes_most != 0) rules.items = items_for(value(memory_gb) * 1e9, mean, value(object_cv));
    return rules;
}

std::uint8_t kept_classes(const Sim& sim, NodeId id) {
    const auto bit = [](RequestClass which) { return 1u << static_cast<unsigned>(which); };
    unsigned keeps = 0;
    if (sim.value(id, assets) != 0) keeps |= bit(RequestClass::asset);
    if (sim.value(id, pages) != 0) keeps |= bit(RequestClass::page);
    if (sim.value(id, api) != 0) keeps |= bit(RequestClass::api);
    return static_cast<std::uint8_t>(keeps);
}

void configure(Sim& sim, NodeId id) {
    KeeperRules rules;
    rules.shelf = read_shelf(sim, id);
    rules.strategy = Strategy::write_around;
    rules.coalesce = sim.value(id, collapse) != 0 ? Coalesce::wait : Coalesce::none;
    rules.lease = 10 * core::k_second;
    rules.stale_on_error = sim.value(id, stale_on_error) != 0 ? 1 : 0;
    rules.scope = Scope::by_user;
    rules.detect = core::from_seconds(sim.value(id, reroute_s));
    rules.keeps = kept_classes(sim, id);
    rules.apart = 1;
    rules.versioned = sim.value(id, versioned) != 0 ? 1 : 0;
    station::Size size;
    size.instances = static_cast<std::uint32_t>(sim.value(id, points));
    settle(sim, id, rules, size);
}

void wake(Sim& sim, NodeId id, std::uint32_t hottest) { purge(sim, id, hottest); }

// The points obey after a while.
void verb(Sim& sim, NodeId id, const Command& command) {
    double wanted = 0;
    for (const Setting& setting : command.settings) wanted = setting.value;
    sim.wake(id, static_cast<std::uint32_t>(wanted), core::from_seconds(sim.value(id, purge_s)));
}

double share(double part, double whole) { return whole > 0 ? std::min(1.0, part / whole) : 0; }

double metric(const Sim& sim, NodeId id, int index) {
    const KeeperCounts& counts = sim.state<Keeper>(id).counts;
    const double weight = sim.scenario.weight;
    const auto real = [weight](std::uint64_t count) { return static_cast<double>(count) * weight; };
    switch (index) {
    case hit_ratio: return share(real(counts.hits), real(counts.hits + counts.misses));
    case byte_hit_ratio: return share(real(counts.bytes_kept), real(counts.bytes_out));
    case stale_ratio: return share(real(counts.stale), real(counts.hits));
    case held_items: return static_cast<double>(items_held(sim, id));
    case sent_gb: return real(counts.bytes_out) / 1e9;
    case origin_gb: return real(counts.bytes_fetched) / 1e9;
    case origin_fetches: return real(counts.fetches + counts.passed);
    default: return real(counts.coalesced);
    }
}

// What it sends in the measured time, for a month of it.
double cost(const Sim& sim, NodeId id) {
    const KeeperCounts& counts = sim.state<Keeper>(id).counts;
    const double seconds = sim.measured_ns() / 1e9;
    const double fixed = sim.value(id, price_usd);
    if (seconds <= 0) return fixed;
    const double months = seconds / k_month_s / sim.scenario.weight;
    const double gigabytes = static_cast<double>(counts.bytes_out) / 1e9;
    const double millions = static_cast<double>(counts.requests) / 1e6;
    return fixed +
           (gigabytes * sim.value(id, usd_per_gb) + millions * sim.value(id, usd_per_million)) / months;
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
    .measure = keep::measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = cdn::k_theory,
};

} // namespace

extern const KindRecord k_cdn;
const KindRecord k_cdn = {
    .code = 9,
    .id = "cdn",
    .name = {"CDN", "CDN"},
    .help =
        {"Content delivery network: copies of static assets near the users, fetched from the origin on "
         "first use.",
         "콘텐츠 전송 네트워크. 정적 파일의 사본을 사용자 가까이에 두고, 처음 요청될 때 원본에서 가져온다."},
    .icon = "cloud",
    .tier = Tier::edge,
    .role = role_route,
    .calls = role_route | role_compute | role_store | role_cache,
    .calls_least = 1,
    .params = k_params,
    .metrics = k_metrics,
    .signs = k_signs,
    .verbs = k_verbs,
    .closed_form =
        {"Per object and point: lambda T / (1 + lambda T) hits; one fetch per busy period when fetches "
         "are collapsed.",
         "객체와 거점마다 적중률 λT/(1+λT). 가져오기를 합치면 바쁜 구간마다 한 번 가져온다."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
