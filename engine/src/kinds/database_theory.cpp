#include "kinds/database_theory.hpp"

#include "kinds/page_cache_theory.hpp"
#include "kinds/search_times.hpp"

#include <algorithm>

namespace scale::kind::database {

using namespace sim;

namespace {

constexpr Words k_che{"Found in memory by Che's approximation, once the buffer pool has filled.",
                      "메모리 적중률은 버퍼 풀이 찬 뒤의 값을 체(Che) 근사로 구한다."};

constexpr Words k_no_writes{"Leaves out what writes read from disk to keep the index.",
                            "쓰기가 색인을 고치려고 디스크를 읽는 시간은 뺐다."};
constexpr Words k_split{
    "Reads divide over the copies; replayed writes take cores, one after the other at each.",
    "읽기는 복제본에 나뉘고, 복제된 쓰기는 복제본마다 하나씩 차례로 코어를 쓴다."};
constexpr Words k_behind{"More writes come than a replica can replay: it falls behind without end.",
                         "복제본이 반영할 수 있는 것보다 쓰기가 많다. 끝없이 뒤처진다."};
constexpr std::size_t k_write = static_cast<std::size_t>(RequestClass::write);

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
    const PageCacheHits hits = page_cache_hits(here, items);
    here.fills(std::min(items, hits.rows) * (1 + here.value(replicas)), hits.reads - hits.found);
    return hits.reads > 0 ? hits.found / hits.reads : 1;
}

// Copies of the data, as far as they make work here.
struct Copies {
    double replicas = 0;
    double own = 0, foreign = 0; // writes per s: taken here, and by databases that are linked with this one
    double at_primary = 1;       // share of the reads
};

// Databases whose writes get here over links, by whatever way.
std::vector<bool> sources_of(const Forecast& here) {
    const Scenario& scenario = here.all().scenario;
    std::vector<bool> found(scenario.nodes.size(), false);
    found[here.id()] = true;
    for (bool grew = true; grew;) {
        grew = false;
        for (const EdgeDef& edge : scenario.edges) {
            const bool feeds = is_link(scenario, edge) && found[edge.to] && !found[edge.from] &&
                               (scenario.nodes[edge.from].kind->role & role_database) != 0;
            if (!feeds) continue;
            found[edge.from] = grew = true;
        }
    }
    found[here.id()] = false;
    return found;
}

Copies copies_of(const Forecast& here) {
    enum From : int { from_replicas, from_least, from_sticky, from_all, from_primary };
    Copies out;
    out.replicas = here.value(replicas);
    out.own = here.in().per_s[k_write] * here.let_in();
    const std::vector<bool> sources = sources_of(here);
    for (NodeId node = 0; node < sources.size(); ++node)
        if (sources[node]) out.foreign += here.all().nodes[node].in.per_s[k_write];
    const auto from = static_cast<From>(static_cast<int>(here.value(reads_from)));
    const bool spared = out.replicas > 0 && from != from_primary;
    out.at_primary = !spared ? 1 : from == from_all ? 1 / (1 + out.replicas) : 0;
    return out;
}

bool is_plain(const Copies& copies) { return copies.replicas == 0 && copies.foreign == 0; }

core::Distribution replay_of(const Forecast& here) { return work_of(here, here.value(replay_ms)); }

// Reading from disk behind one instance, that finds so much in memory.
struct Disk {
    LawId law = 0; // of a read, found in memory or not
    double busy = 0;
};

Disk disk_of(Forecast& here, double reads_per_s, double found) {
    Disk out;
    if (found >= 1) return out;
    const bool planned = here.value(access) > 0;
    const core::Distribution reading =
        work_of(here, planned ? search_of(here).disk_ms[0] : here.value(disk_ms));
    const LawId missed =
        here.queue_for(reads_per_s * (1 - found), reading, here.value(disk_parallel), out.busy);
    const core::Part parts[] = {{found, 0}, {1 - found, missed}};
    out.law = here.laws().mix(parts);
    return out;
}

// The primary, or all replicas together, under their part of the load.
StationPart part_of(Forecast& here, const Copies& copies, bool primary, double found, LawId writing,
                    double& disk_busy) {
    StationPart part;
    const double many = primary ? 1 : copies.replicas;
    const double share = primary ? copies.at_primary : 1 - copies.at_primary;
    double reads = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        const double all = here.in().per_s[i];
        const double rate = i == k_write ? (primary ? all : 0) : all * share;
        reads += i == k_write ? 0 : rate;
        part.works.push_back({rate, work_of(here, search_of(here).cpu_ms[i]), false, false});
    }
    const Disk disk = disk_of(here, reads * here.let_in() / many, found);
    disk_busy = disk.busy;
    if (disk.law != 0 || (primary && writing != 0))
        for (std::size_t i = 0; i < k_classes; ++i)
            part.plan.held.push_back(i == k_write ? (primary ? writing : 0) : disk.law);
    const double replayed = copies.foreign + (primary ? 0 : copies.own);
    if (here.value(replay_ms) > 0) part.works.push_back({replayed * many, replay_of(here), false, true});
    part.share = here.in().all() > 0 ? share / many : 0;
    part.spread = here.value(reads_from) == 0 && !primary ? Spread::turns : Spread::at_random;
    part.asides = many / (1 + copies.replicas);
    part.plan.size = size_of(here);
    part.plan.size.instances = static_cast<std::uint32_t>(many);
    part.plan.size.whole = true;
    here.station(part);
    return part;
}

// From the arrival of a write at a copy until it is applied: one after the other, each waits for a core.
LawId replay_time(Forecast& here, const Copies& copies, const StationPart& at) {
    core::Laws& laws = here.laws();
    if (here.value(replay_ms) == 0) return 0;
    const StationTimes& times = at.times;
    const double own = at.works[0].service.mean * 1e-9;
    const double waits =
        laws.mean(times.wait) + std::max(0.0, (at.works[0].per_s > 0 ? laws.mean(times.stay[0]) : own) - own);
    const double busy = std::clamp(at.figures.utilization, 1e-9, 1.0);
    const LawId work = laws.sum(laws.delayed(busy, waits / busy), laws.of(replay_of(here)));
    const double rate = copies.own + copies.foreign;
    if (!(rate * laws.mean(work) < 1)) {
        here.figures().steady = false;
        here.assume(k_behind);
        return laws.vague(core::k_infinity);
    }
    return laws.sum(laws.wait_for_one(rate, work), work);
}

// What a write waits for besides its own work: acknowledgements, as many as the mode asks for.
LawId acknowledged(Forecast& here, const Copies& copies, LawId applied) {
    const auto mode = static_cast<int>(here.value(replication)); // async, semi-sync, sync
    if (mode == 0) return 0;
    core::Laws& laws = here.laws();
    std::vector<LawId> answers;
    const LawId shipped = laws.constant(2 * here.value(ship_ms) * 1e-3); // and the answer back
    for (double i = 0; i < copies.replicas; i += 1)
        answers.push_back(mode == 1 ? shipped : laws.sum(shipped, applied));
    const Scenario& scenario = here.all().scenario;
    for (std::size_t e = 0; e < scenario.edges.size(); ++e) {
        const EdgeDef& edge = scenario.edges[e];
        const bool out = edge.from == static_cast<int>(here.id()) && is_link(scenario, edge) &&
                         (scenario.nodes[edge.to].kind->role & role_database) != 0;
        if (!out) continue;
        const LawId trip = laws.constant(2 * here.delay_s(static_cast<EdgeId>(e)));
        const double there = here.value_of(static_cast<NodeId>(edge.to), "replay_ms");
        answers.push_back(mode == 1 ? trip : laws.sum(trip, laws.of(work_of(here, there))));
    }
    return laws.in_order(answers, mode == 1 ? 1 : answers.size());
}

void answer_all(Forecast& here, const LawId (&law)[k_classes], const double (&served)[k_classes]) {
    here.answer_bytes(here.value(answer_kb) * 1000);
    for (std::size_t i = 0; i < k_classes; ++i) here.answer(static_cast<RequestClass>(i), law[i], served[i]);
}

// A database without copies: one station.
void alone(Forecast& here, double found, double reads, double& disk_busy) {
    core::Laws& laws = here.laws();
    const Disk disk = disk_of(here, reads * here.let_in(), found);
    disk_busy = disk.busy;
    StationPlan plan;
    const LawId writing = acknowledged(here, Copies{}, 0);
    if (disk.law != 0 || writing != 0)
        for (std::size_t i = 0; i < k_classes; ++i) plan.held.push_back(writes(i) ? writing : disk.law);
    plan.size = size_of(here);
    const StationTimes seen = here.station(plan);
    here.lost(seen.lost);
    LawId law[k_classes];
    double served[k_classes];
    for (std::size_t i = 0; i < k_classes; ++i) {
        law[i] = laws.sum(laws.sum(seen.wait, seen.stay[i]), writes(i) ? writing : disk.law);
        served[i] = here.let_in();
    }
    answer_all(here, law, served);
    if (writing != 0) here.at_best(Trust::approximate);
}

// A primary and its replicas, and writes that come from elsewhere.
void copied(Forecast& here, const Copies& copies, double found, double& disk_busy) {
    core::Laws& laws = here.laws();
    std::vector<StationPart> parts;
    LawId applied = 0;
    double busy = 0;
    if (copies.replicas > 0) {
        parts.push_back(part_of(here, copies, false, found, 0, busy));
        applied = replay_time(here, copies, parts[0]);
        const LawId lag = laws.sum(laws.constant(here.value(ship_ms) * 1e-3), applied);
        if (copies.own + copies.foreign > 0) here.metric("lag_ms", laws.mean(lag) * 1e3);
    }
    const LawId writing = acknowledged(here, copies, applied);
    double busy_primary = 0;
    parts.push_back(part_of(here, copies, true, found, writing, busy_primary));
    disk_busy = (busy * copies.replicas + busy_primary) / (1 + copies.replicas);
    here.sum_up(parts);
    const StationPart& primary = parts.back();
    const StationPart& reading = parts.front();
    LawId law[k_classes];
    double served[k_classes];
    const auto at = [&](const StationPart& part, std::size_t i) {
        const LawId held = part.plan.held.empty() ? 0 : part.plan.held[i];
        return laws.sum(laws.sum(part.times.wait, part.times.stay[i]), held);
    };
    for (std::size_t i = 0; i < k_classes; ++i) {
        const double there = writes(i) ? 1 : copies.at_primary;
        const core::Part mixed[] = {{there, at(primary, i)}, {1 - there, at(reading, i)}};
        law[i] = laws.mix(mixed);
        served[i] = 1 - there * primary.times.lost - (1 - there) * reading.times.lost;
    }
    answer_all(here, law, served);
    here.own().talks = copies.foreign > 0;
    here.assume(k_split);
    here.at_best(Trust::approximate);
}

} // namespace

void flows(Forecast& here) {
    for (std::size_t i = 0; i < k_classes; ++i)
        here.work(here.in().per_s[i], work_of(here, search_of(here).cpu_ms[i]));
    const Copies copies = copies_of(here);
    if (is_plain(copies) || here.value(replay_ms) == 0) return; // parts have it; a machine wants to know it
    here.work_aside(copies.foreign * (1 + copies.replicas) + copies.own * copies.replicas, replay_of(here));
}

void times(Forecast& here) {
    const double found = found_in_memory(here);
    double reads = 0, disk_busy = 0;
    for (std::size_t i = 0; i < k_classes; ++i) reads += writes(i) ? 0 : here.in().per_s[i];
    const Copies copies = copies_of(here);
    if (is_plain(copies))
        alone(here, found, reads, disk_busy);
    else
        copied(here, copies, found, disk_busy);
    here.metric("memory_hit_ratio", here.value(access) > 0 ? 1 : found);
    here.metric("disk_busy", disk_busy);
    if (found < 1) {
        here.assume(k_che);
        here.at_best(Trust::approximate);
    }
    if (here.value(access) > 0 && here.in().per_s[k_write] > 0) { // writes look on the disk too
        here.assume(k_no_writes);
        here.at_best(Trust::bound);
    }
}

} // namespace scale::kind::database
