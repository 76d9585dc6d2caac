#include "kinds/server_theory.hpp"

#include "kinds/common.hpp"

namespace scale::kind::server {

using namespace sim;

namespace {

constexpr std::size_t k_after = k_classes; // number of that work

core::Distribution work_of(const Forecast& here, const char* mean) {
    const double own = here.value(mean);
    return distribution(here.value("service"), own > 0 ? own : here.value("service_ms"),
                        here.value("service_cv"));
}

station::Size size_of(const Forecast& here) {
    station::Size size;
    size.instances = static_cast<std::uint32_t>(here.value("instances"));
    size.cores = static_cast<std::uint32_t>(here.value("cores"));
    size.workers = static_cast<std::uint32_t>(here.value("workers"));
    if (size.workers == 0) size.workers = size.cores;
    size.sharing = here.value("order") == 2;
    if (size.sharing && here.value("workers") == 0) size.workers = 100000;
    size.last_in_first_out = here.value("order") == 1;
    size.queue_limit = static_cast<std::uint32_t>(here.value("queue_limit"));
    return size;
}

bool makes(const Forecast& here, EdgeId edge, RequestClass asked) {
    return asked != RequestClass::asset && here.carries(edge, asked) && here.edge_value(edge, edge_calls) > 0;
}

// Calls of one class, one after the other; a failure ends them.
struct Calls {
    LawId law = 0;
    double served = 1;
    double count = 0;
};

Calls calls_of(Forecast& here, RequestClass asked) {
    Calls out;
    for (const EdgeId edge : here.outs()) {
        if (!makes(here, edge, asked)) continue;
        const Reply reply = here.call(edge, asked);
        for (double i = 0; i < here.edge_value(edge, edge_calls); i += 1) {
            out.law = here.laws().sum(out.law, reply.law);
            out.served *= reply.served;
        }
        out.count += here.edge_value(edge, edge_calls);
    }
    return out;
}

} // namespace

void flows(Forecast& here) {
    constexpr const char* k_own[k_classes] = {"service_ms", "write_ms", "asset_ms", "api_ms"};
    double finishing = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        here.work(here.in().per_s[i], work_of(here, k_own[i]));
        double reached = 1;
        bool any = false;
        for (const EdgeId edge : here.outs()) {
            if (!makes(here, edge, asked)) continue;
            const double served = here.served_by(edge, asked);
            double calls = 0;
            for (double n = 0; n < here.edge_value(edge, edge_calls); n += 1) {
                calls += reached;
                reached *= served;
            }
            here.send(edge, asked, calls * here.let_in());
            any = true;
        }
        if (any) finishing += here.in().per_s[i] * reached;
    }
    if (here.value("after_ms") > 0) here.work(finishing, work_of(here, "after_ms"), true);
}

void times(Forecast& here) {
    const bool release = here.value("while_waiting") == 1;
    const bool after = here.value("after_ms") > 0;
    std::array<Calls, k_classes> calls;
    for (std::size_t i = 0; i < k_classes; ++i) calls[i] = calls_of(here, static_cast<RequestClass>(i));
    StationPlan plan;
    plan.size = size_of(here);
    plan.returns = release;
    if (!release)
        for (const Calls& one : calls) plan.held.push_back(one.law);
    const StationTimes seen = here.station(plan);
    here.lost(seen.lost);
    here.answer_bytes(here.value("answer_kb") * 1000);
    core::Laws& laws = here.laws();
    for (std::size_t i = 0; i < k_classes; ++i) {
        LawId law = laws.sum(laws.sum(seen.wait, seen.stay[i]), calls[i].law);
        // Who comes to the same queue again meets those whom he left there: the visits are not independent.
        if (calls[i].count > (after ? 0 : 1)) here.percentiles_at_best(Trust::approximate);
        if (after && calls[i].count > 0) {
            if (release) law = laws.sum(law, seen.wait);
            law = laws.sum(law, seen.stay[k_after]);
        }
        here.answer(static_cast<RequestClass>(i), law, here.let_in() * calls[i].served);
    }
}

} // namespace scale::kind::server
