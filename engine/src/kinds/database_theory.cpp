#include "kinds/database_theory.hpp"

#include "core/reference.hpp"
#include "kinds/search_times.hpp"

namespace scale::kind::database {

using namespace sim;

namespace {

constexpr Words k_che{"Found in memory by Che's approximation, once the buffer pool has filled.",
                      "메모리 적중률은 버퍼 풀이 찬 뒤의 값을 체(Che) 근사로 구한다."};

constexpr Words k_no_writes{"Leaves out what writes read from disk to keep the index.",
                            "쓰기가 색인을 고치려고 디스크를 읽는 시간은 뺐다."};
constexpr Words k_copies{"Counts the primary alone.", "복제본 없이 주 데이터베이스만으로 센다."};

bool writes(std::size_t asked) { return static_cast<RequestClass>(asked) == RequestClass::write; }

core::Distribution work_of(const Forecast& here, double mean) {
    return distribution(here.value("service"), mean, here.value("service_cv"));
}

SearchTimes search_of(const Forecast& here) {
    return search_times([&](Param param) { return here.value(static_cast<int>(param)); });
}

station::Size size_of(const Forecast& here) {
    station::Size size;
    size.workers = static_cast<std::uint32_t>(here.value("connections"));
    const auto cores = static_cast<std::uint32_t>(here.value("cores"));
    size.cores = cores == 0 ? size.workers : cores;
    size.queue_limit = static_cast<std::uint32_t>(here.value("queue_limit"));
    return size;
}

// Share of the reads that find their row in memory.
double found_in_memory(Forecast& here) {
    const double items = here.value("memory_items");
    const bool planned = here.value("access") > 0;
    if (planned) return search_of(here).disk_ms[0] > 0 ? 0 : 1;
    if (items == 0) return 1;
    std::vector<core::KeyLoad> keys;
    for (std::size_t g = 0; g < here.groups().size(); ++g) {
        core::KeyLoad load{here.groups()[g].count, 0};
        for (const std::vector<double>& of_class : here.in().keys)
            if (g < of_class.size()) load.per_s += of_class[g];
        keys.push_back(load);
    }
    const double stays = core::characteristic_time(keys, items);
    double reads = 0, found = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        if (writes(i)) continue;
        for (std::size_t g = 0; g < here.in().keys[i].size(); ++g) {
            reads += here.in().keys[i][g];
            found += here.in().keys[i][g] * core::present_lru(keys[g], stays);
        }
    }
    return reads > 0 ? found / reads : 1;
}

} // namespace

void flows(Forecast& here) {
    for (std::size_t i = 0; i < k_classes; ++i)
        here.work(here.in().per_s[i], work_of(here, search_of(here).cpu_ms[i]));
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    const double found = found_in_memory(here);
    double reads = 0;
    for (std::size_t i = 0; i < k_classes; ++i) reads += writes(i) ? 0 : here.in().per_s[i];
    LawId disk = 0;
    double disk_busy = 0;
    StationPlan plan;
    if (found < 1) {
        const bool planned = here.value("access") > 0;
        const double mean = planned ? search_of(here).disk_ms[0] : here.value("disk_ms");
        const core::Distribution reading = work_of(here, mean);
        const double missing = reads * here.let_in() * (1 - found);
        const core::Part parts[] = {
            {found, 0},
            {1 - found, here.queue_for(missing, reading, here.value("disk_parallel"), disk_busy)}};
        disk = laws.mix(parts);
        for (std::size_t i = 0; i < k_classes; ++i) plan.held.push_back(writes(i) ? 0 : disk);
        here.assume(k_che);
    }
    plan.size = size_of(here);
    const StationTimes seen = here.station(plan);
    here.lost(seen.lost);
    here.answer_bytes(here.value("answer_kb") * 1000);
    for (std::size_t i = 0; i < k_classes; ++i) {
        const LawId own = laws.sum(seen.wait, seen.stay[i]);
        here.answer(static_cast<RequestClass>(i), writes(i) ? own : laws.sum(own, disk), here.let_in());
    }
    here.metric("memory_hit_ratio", found);
    here.metric("disk_busy", disk_busy);
    if (found < 1) here.at_best(Trust::approximate);
    if (here.value("access") > 0 && here.in().per_s[1] > 0) { // writes look on the disk too
        here.assume(k_no_writes);
        here.at_best(Trust::bound);
    }
    if (here.value("replicas") > 0) { // reads and writes go different ways, and replay adds to both
        here.assume(k_copies);
        here.at_best(Trust::none);
    }
}

} // namespace scale::kind::database
