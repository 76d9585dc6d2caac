#include "kinds/object_store_theory.hpp"

#include "kinds/object_store_record.hpp"
#include "kinds/page_cache_theory.hpp"

#include <algorithm>

namespace scale::kind::files {

using namespace sim;

namespace {

constexpr Words k_che{"Found in memory by Che's approximation, once the page caches have filled.",
                      "메모리 적중률은 페이지 캐시가 찬 뒤의 값을 체(Che) 근사로 구한다."};
constexpr Words k_even{"Every disk gets its even share.", "디스크마다 요청이 고르게 나뉜다고 본다."};
constexpr Words k_copies{"Copies of a write take their times independently.",
                         "쓰기 사본의 시간은 서로 독립으로 본다."};

bool writes(std::size_t asked) { return static_cast<RequestClass>(asked) == RequestClass::write; }

double value(const Forecast& here, Param param) { return here.value(static_cast<int>(param)); }

double copies_kept(const Forecast& here) { return std::min(value(here, copies), value(here, instances)); }

// Share of the reads that find their object in the page cache of the server that they are led to.
double found_in_memory(Forecast& here) {
    const double each = value(here, object_kb) * 1000;
    const double items = value(here, memory_gb) * 1e9 / each * value(here, instances);
    if (items <= 0) return 0;
    const double places = value(here, reads_from) == 0 ? 1 : copies_kept(here); // that an object is read at
    const PageCacheHits hits = page_cache_hits(here, items, places);
    return hits.reads > 0 ? hits.found / hits.reads : 0;
}

// Seeks one after the other, then the object itself.
core::Distribution access(const Forecast& here, double seeks) {
    const core::Distribution seek = distribution(value(here, service), value(here, disk_ms), 1);
    const double transfer = value(here, object_kb) * 1000 * 1000 / value(here, disk_mb_per_s);
    const double spread = value(here, object_cv) * transfer;
    const double variance = seeks * (seek.second_moment_ns2() - seek.mean_ns() * seek.mean_ns());
    const double mean = seeks * seek.mean_ns() + transfer;
    const double cv = mean > 0 ? core::sqrt(variance + spread * spread) / mean : 0;
    return core::Distribution::make(cv > 0 ? core::Shape::gamma : core::Shape::deterministic, mean, cv);
}

struct Disk {
    LawId read = 0, write = 0; // waiting included
    double busy = 0;
};

// What is read is looked for with so many seeks, what is written goes where there is room: with one.
Disk disk_under(Forecast& here, double read_rate, double write_rate) {
    core::Laws& laws = here.laws();
    const double rate = read_rate + write_rate;
    Disk out;
    if (rate <= 0) return out;
    const core::Distribution reading = access(here, value(here, disk_reads));
    const core::Distribution writing = access(here, 1);
    const double mean = (read_rate * reading.mean_ns() + write_rate * writing.mean_ns()) / rate;
    const double square =
        (read_rate * reading.second_moment_ns2() + write_rate * writing.second_moment_ns2()) / rate;
    const double cv = core::sqrt(std::max(0.0, square - mean * mean)) / mean;
    const core::Shape shape = cv > 1e-9 ? core::Shape::gamma : core::Shape::deterministic;
    const bool same = write_rate == 0;
    const core::Distribution any = same ? reading : core::Distribution::make(shape, mean, cv);
    out.read = out.write = here.queue_for(rate, any, value(here, disk_parallel), out.busy);
    if (same || value(here, disk_parallel) != 1 || out.busy >= 1) return out;
    const core::Part parts[] = {{read_rate, laws.of(reading)}, {write_rate, laws.of(writing)}};
    const LawId wait = laws.wait_for_one(rate, laws.mix(parts));
    out.read = laws.sum(wait, parts[0].law);
    out.write = laws.sum(wait, parts[1].law);
    return out;
}

} // namespace

void flows(Forecast& here) {
    const core::Distribution own = distribution(value(here, service), value(here, request_ms), 1);
    for (std::size_t i = 0; i < k_classes; ++i)
        here.work(here.in().per_s[i] * (writes(i) ? copies_kept(here) : 1), own);
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    const double found = found_in_memory(here);
    double reads = 0, written = 0;
    for (std::size_t i = 0; i < k_classes; ++i) (writes(i) ? written : reads) += here.in().per_s[i];
    const double disks_there = value(here, instances) * value(here, disks);
    const double read_rate = reads * here.let_in() * (1 - found) / disks_there;
    const double write_rate = written * copies_kept(here) * here.let_in() / disks_there;
    const Disk disk = disk_under(here, read_rate, write_rate);
    const core::Part parts[] = {{found, 0}, {1 - found, disk.read}};
    const LawId finding = laws.mix(parts);
    StationPlan plan;
    for (std::size_t i = 0; i < k_classes; ++i) plan.held.push_back(writes(i) ? disk.write : finding);
    plan.size.instances = static_cast<std::uint32_t>(value(here, instances));
    plan.size.whole = true;
    plan.size.workers = static_cast<std::uint32_t>(value(here, connections));
    plan.size.cores = static_cast<std::uint32_t>(value(here, cores));
    plan.size.queue_limit = static_cast<std::uint32_t>(value(here, queue_limit));
    const StationTimes seen = here.station(plan);
    here.lost(seen.lost);
    here.answer_bytes(value(here, object_kb) * 1000);
    const LawId asking = laws.constant(value(here, lookup_ms) / 1000);
    for (std::size_t i = 0; i < k_classes; ++i) {
        LawId own = laws.sum(laws.sum(seen.wait, seen.stay[i]), writes(i) ? disk.write : finding);
        const auto kept = static_cast<std::size_t>(copies_kept(here));
        const auto waits = std::min(kept, static_cast<std::size_t>(value(here, write_waits)));
        if (writes(i) && kept > 1)
            own = laws.in_order(std::vector<LawId>(kept, own), std::max<std::size_t>(1, waits));
        here.answer(static_cast<RequestClass>(i), laws.sum(asking, own), here.let_in());
    }
    here.metric("hit_ratio", found);
    here.metric("disk_busy", disk.busy);
    here.assume(k_even);
    if (found > 0) here.assume(k_che);
    here.at_best(Trust::approximate);
    if (written > 0 && copies_kept(here) > 1) here.assume(k_copies);
}

} // namespace scale::kind::files
