#include "kinds/search_index_theory.hpp"

namespace scale::kind::search_index {

using namespace sim;

namespace {

constexpr std::size_t k_write = static_cast<std::size_t>(RequestClass::write);

Plan plan_of(const Forecast& here) {
    return search_plan([&](Param param) { return here.value(static_cast<int>(param)); });
}

core::Distribution times_of(const Forecast& here, double mean) {
    return distribution(here.value(service), mean, 1);
}

} // namespace

void flows(Forecast& here) {
    const double search = here.value(search_ms) + here.value(words_asked) * plan_of(here).memory_ns / 1e6;
    for (std::size_t i = 0; i < k_classes; ++i)
        here.work(here.in().per_s[i], times_of(here, i == k_write ? here.value(index_ms) : search));
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    const Plan plan = plan_of(here);
    StationPlan station;
    station.size.instances = static_cast<std::uint32_t>(here.value(instances));
    station.size.whole = true;
    station.size.workers = static_cast<std::uint32_t>(here.value(connections));
    station.size.cores = static_cast<std::uint32_t>(here.value(cores));
    station.size.queue_limit = static_cast<std::uint32_t>(here.value(queue_limit));
    LawId disk = 0;
    double disk_busy = 0;
    if (plan.disk_ns > 0) {
        const double reads = (here.in().all() - here.in().per_s[k_write]) * here.let_in();
        disk = here.queue_for(reads / here.value(instances),
                              times_of(here, here.value(words_asked) * plan.disk_ns / 1e6),
                              here.value(disk_parallel), disk_busy);
        for (std::size_t i = 0; i < k_classes; ++i) station.held.push_back(i == k_write ? 0 : disk);
    }
    const StationTimes seen = here.station(station);
    here.lost(seen.lost);
    here.answer_bytes(here.value(answer_kb) * 1000);
    for (std::size_t i = 0; i < k_classes; ++i) {
        const LawId own = laws.sum(seen.wait, seen.stay[i]);
        here.answer(static_cast<RequestClass>(i), i == k_write ? own : laws.sum(own, disk), here.let_in());
    }
    here.metric("index_gb", plan.index_bytes / 1e9);
    here.metric("disk_busy", disk_busy);
    if (plan.disk_ns > 0) here.at_best(Trust::approximate);
}

} // namespace scale::kind::search_index
