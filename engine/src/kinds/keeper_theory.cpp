#include "kinds/keeper_theory.hpp"

#include "core/reference.hpp"

#include <algorithm>

namespace scale::kind {

using namespace sim;

namespace {

constexpr Words k_che{"Hits by Che's approximation, once the cache has filled and requests are independent.",
                      "적중률은 캐시가 찬 뒤 요청이 서로 독립이라고 보고 체(Che) 근사로 구한다."};

constexpr Words k_counted{
    "The most popular keys are known; real counts begin anew with every key that comes back.",
    "인기 있는 키를 이미 안다고 본다. 실제로는 다시 들어온 키의 횟수를 처음부터 센다."};

double rate_of(const std::vector<double>& by_group, std::size_t group) {
    return group < by_group.size() ? by_group[group] : 0;
}

// Mean hits between two fetches of a key that is asked for so often; it leaves after `stays` without being
// asked for (LRU) or since it came (FIFO), after its time to live, or when it is written.
double hits_per_fetch(double lambda, double stays_s, double ttl_s, double written, bool recent) {
    if (!(lambda > 0)) return 0;
    double leaves = written; // per s
    double most_s = ttl_s > 0 ? ttl_s : core::k_infinity;
    if (!recent) most_s = std::min(most_s, stays_s);
    if (recent && stays_s < core::k_infinity) {
        const double asked = lambda * stays_s;
        if (asked < 700) leaves += lambda / core::expm1(asked);
    }
    if (leaves * most_s < 1e-9) return lambda * most_s;
    return lambda * -core::expm1(-leaves * most_s) / leaves;
}

struct Loads {
    std::vector<core::KeyLoad> keys; // as one shelf sees them; of each class apart where that matters
    std::vector<std::size_t> of;     // where a class's groups begin
};

Loads loads_of(const Forecast& here, const KeptKeys& kept, double part) {
    Loads out;
    const std::size_t groups = here.groups().size();
    for (std::size_t i = 0; i < k_classes; ++i) {
        out.of.push_back(kept.apart ? out.keys.size() : 0);
        if (out.keys.empty() || (kept.apart && kept.keeps[i]))
            for (const KeyGroup& group : here.groups()) out.keys.push_back({group.count, 0});
        if (!kept.keeps[i]) continue;
        const std::size_t start = kept.apart ? out.keys.size() - groups : 0;
        out.of.back() = start;
        for (std::size_t g = 0; g < groups; ++g)
            out.keys[start + g].per_s += rate_of(here.in().keys[i], g) * part;
    }
    return out;
}

// LFU: the most popular keep their place.
std::vector<double> most_often(const std::vector<core::KeyLoad>& keys, double items) {
    std::vector<std::size_t> order(keys.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return keys[a].per_s / keys[a].count > keys[b].per_s / keys[b].count;
    });
    std::vector<double> share(keys.size(), 0.0);
    for (const std::size_t i : order) {
        share[i] = std::clamp(items / keys[i].count, 0.0, 1.0);
        items -= keys[i].count;
        if (items <= 0) break;
    }
    return share;
}

} // namespace

HitShares hit_shares(Forecast& here, const KeptKeys& kept) {
    here.assume(k_che);
    const double part = kept.by_key ? 1 : 1 / kept.shelves;
    const double items = kept.by_key ? kept.items * kept.shelves : kept.items;
    const Loads loads = loads_of(here, kept, part);
    const bool recent = kept.policy == 0, often = kept.policy == 1;
    if (often) here.assume(k_counted);
    const double stays = recent ? core::characteristic_time(loads.keys, items)
                                : core::characteristic_time_fifo(loads.keys, items);
    const std::vector<double> favoured = often ? most_often(loads.keys, items) : std::vector<double>{};
    const double ttl = kept.ttl_s * (1 - kept.jitter / 2);
    HitShares out;
    double missed = 0, keys = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        out[i].assign(here.groups().size(), 0.0);
        if (!kept.keeps[i]) continue;
        for (std::size_t g = 0; g < out[i].size(); ++g) {
            const core::KeyLoad& load = loads.keys[loads.of[i] + g];
            const double each = load.per_s / load.count;
            const double written = rate_of(here.in().forgets, g) / load.count;
            const double hits = hits_per_fetch(each, often ? core::k_infinity : stays, ttl, written, recent);
            const double found = hits < core::k_infinity ? hits / (1 + hits) : 1;
            out[i][g] = often ? found * favoured[loads.of[i] + g] : found;
            missed += rate_of(here.in().keys[i], g) * (1 - out[i][g]);
            keys += load.per_s > 0 ? load.count : 0;
        }
    }
    const double shelves = kept.by_key ? 1 : kept.shelves;
    here.fills(std::min(items, keys) * shelves, missed);
    return out;
}

double hit_share(const Forecast& here, const HitShares& shares, std::size_t asked) {
    double all = 0, found = 0;
    const std::vector<double>& keys = here.in().keys[asked];
    for (std::size_t g = 0; g < keys.size(); ++g) {
        all += keys[g];
        found += keys[g] * shares[asked][g];
    }
    return all > 0 ? found / all : 0;
}

EdgeId way_back(const Forecast& here, RequestClass asked) {
    for (const EdgeId edge : here.outs())
        if (here.carries(edge, asked)) return edge;
    return k_no_edge;
}

} // namespace scale::kind
