#include "kinds/proxy_theory.hpp"

#include "kinds/common.hpp"

#include <algorithm>

namespace scale::kind::proxy {

using namespace sim;

namespace {

constexpr Words k_at_once{"passes on at once", "바로 넘긴다"};
constexpr Words k_shared{"One fetch of a key at a time: 1 / (1 + lambda S) of the reads fetch.",
                         "키마다 한 번에 하나만 가져온다. 읽기의 1 / (1 + λS)만 실제로 가져온다."};
constexpr Words k_guards{"Hedges, retries, limits, breakers and shedding have no closed form here.",
                         "헤지, 재시도, 제한, 차단기, 부하 제한에는 닫힌 해가 없다."};

bool guarded(const Forecast& here) {
    constexpr const char* k_guards_of[] = {"retries",         "hedge_ms",        "breaker_share",
                                           "breaker_slow_ms", "limit_per_s",     "bulkhead",
                                           "shed_inside",     "shed_latency_ms", "timeout_ms"};
    return std::any_of(std::begin(k_guards_of), std::end(k_guards_of),
                       [&](const char* guard) { return here.value(guard) > 0; });
}

bool shares(const Forecast& here, RequestClass asked) {
    return here.value("collapse") != 0 && asked != RequestClass::write;
}

double weight_of(const Forecast& here, EdgeId edge, RequestClass asked) {
    return here.carries(edge, asked) ? here.edge_value(edge, edge_weight) : 0;
}

double weights_of(const Forecast& here, RequestClass asked) {
    double sum = 0;
    for (const EdgeId edge : here.outs()) sum += weight_of(here, edge, asked);
    return sum;
}

// Share of the reads of each group of keys that fetch, when a fetch takes so long. Neighbours that are one
// block are asked for together.
std::vector<double> fetching(const Forecast& here, double takes_s) {
    const double block = here.value("block_keys");
    std::vector<double> out;
    for (std::size_t g = 0; g < here.groups().size(); ++g) {
        double rate = 0;
        for (std::size_t i = 0; i < k_classes; ++i)
            if (shares(here, static_cast<RequestClass>(i)) && g < here.in().keys[i].size())
                rate += here.in().keys[i][g];
        const double each = rate / here.groups()[g].count * block;
        out.push_back(takes_s < core::k_infinity ? 1 / (1 + each * takes_s) : 1);
    }
    return out;
}

} // namespace

void flows(Forecast& here) {
    if (here.value("service_ms") > 0)
        here.work(here.in().all(), distribution(here.value("service"), here.value("service_ms"), 1));
    for (int i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        const double all = weights_of(here, asked);
        std::vector<double> part;
        if (shares(here, asked)) part = fetching(here, here.own().fetch_s);
        for (const EdgeId edge : here.outs()) {
            const double weight = weight_of(here, edge, asked);
            if (weight == 0) continue;
            if (part.empty())
                here.send(edge, asked, here.let_in() * weight / all, Spread::turns,
                          all / weight * here.instances(here.to(edge)));
            else
                here.send_part(edge, asked, here.let_in() * weight / all, part);
            if (guarded(here)) here.guess(edge);
        }
    }
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    StationTimes own;
    own.stay.push_back(0);
    here.says(k_at_once, Trust::exact, Trust::exact);
    if (here.value("service_ms") > 0) {
        StationPlan plan;
        plan.size.workers = plan.size.cores = static_cast<std::uint32_t>(here.value("workers"));
        plan.size.queue_limit = static_cast<std::uint32_t>(here.value("queue_limit"));
        plan.returns = true;
        own = here.station(plan);
        here.lost(own.lost);
    }
    const LawId before = laws.sum(own.wait, own.stay[0]);
    double taking = 0, shared = 0;
    for (int i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        const double all = weights_of(here, asked);
        std::vector<core::Part> parts;
        double served = 0;
        for (const EdgeId edge : here.outs()) {
            const double weight = weight_of(here, edge, asked);
            if (weight == 0) continue;
            const Reply reply = here.call(edge, asked);
            parts.push_back({weight / all * reply.served, reply.law});
            served += weight / all * reply.served;
        }
        const LawId law = laws.mix(parts);
        if (shares(here, asked)) {
            const double rate = here.in().per_s[static_cast<std::size_t>(i)];
            taking += rate * laws.mean(law);
            shared += rate;
        }
        here.answer(asked, laws.sum(before, law), served * here.let_in());
    }
    // What a fetch takes decides how many share it in the next round.
    if (shared > 0) {
        here.own().fetch_s = taking / shared;
        here.assume(k_shared);
        here.at_best(Trust::approximate);
    }
    if (guarded(here)) {
        here.assume(k_guards);
        here.at_best(Trust::none);
    }
}

} // namespace scale::kind::proxy
