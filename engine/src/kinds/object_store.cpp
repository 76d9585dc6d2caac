// A store of objects: file servers that each keep some of the copies, found by an index. A read is one or
// more random accesses of the disk that the object lies on, unless the page cache has it.
#include "core/maths.hpp"
#include "kinds/object_store_repair.hpp"
#include "kinds/object_store_theory.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace files;

constexpr double k_month_s = 30 * 86400.0;
constexpr double k_year_s = 365 * 86400.0;
constexpr double k_nines_most = 16; // nobody can tell more

std::uint32_t count(const Sim& sim, NodeId id, Param param) {
    return static_cast<std::uint32_t>(sim.value(id, param));
}

std::uint32_t disk_of(const State& state, std::uint32_t server, std::uint32_t key) {
    return state.server[server].disks[(core::mix(key + 0xD15Cu) >> 20) % state.disks] - 1;
}

// Another copy begins with what all the others have.
void keep_copies(Sim& sim, State& state, std::uint32_t before) {
    for (std::uint32_t i = 0; i < state.keep; ++i) {
        if (state.copy[i] == 0) {
            sim.copies.emplace_back();
            state.copy[i] = static_cast<std::uint32_t>(sim.copies.size());
        }
        if (i >= before && before != 0) sim.copies[state.copy[i] - 1] = sim.copies[state.copy[0] - 1];
    }
}

void read_params(Sim& sim, NodeId id, State& state) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    const auto times = [&](double mean) { return distribution(value(service), mean, 1); };
    for (unsigned i = 0; i <= k_demand_repair; ++i) sim.demand(id, i) = times(value(request_ms));
    state.seek = times(value(disk_ms));
    state.ns_per_byte = 1000 / value(disk_mb_per_s);
    state.lookup = core::from_ms(value(lookup_ms));
    state.servers = count(sim, id, instances);
    state.keep = std::min(count(sim, id, copies), state.servers);
    state.waits = std::min(count(sim, id, write_waits), state.keep);
    state.reads_from = count(sim, id, reads_from);
    state.disks = count(sim, id, disks);
    state.seeks = count(sim, id, disk_reads);
    state.repairs = count(sim, id, repairs);
    ShelfRules& rules = state.page_cache;
    const double mean = value(object_kb) * 1000;
    rules.size = core::Distribution::make(core::Shape::lognormal, mean, value(object_cv));
    rules.sized = 1;
    rules.bytes_most = static_cast<std::uint64_t>(value(memory_gb) * 1e9);
    const std::uint32_t items = items_for(value(memory_gb) * 1e9, mean, value(object_cv));
    rules.items = rules.bytes_most == 0 ? 0 : std::min(items, k_keys_most / state.servers);
}

void size_servers(Sim& sim, NodeId id) {
    const std::uint32_t servers = sim.state<State>(id).servers;
    for (std::uint32_t i = 0; i < servers; ++i) {
        for (std::uint32_t disk = 0; disk < sim.state<State>(id).disks; ++disk) {
            std::uint32_t& cpu = sim.state<State>(id).server[i].disks[disk];
            if (cpu == 0) cpu = sim.add_cpu(1, false) + 1;
            station::set_disk(sim, id, cpu - 1, count(sim, id, disk_parallel));
        }
        State& state = sim.state<State>(id);
        Shelf& shelf = state.server[i].shelf;
        if (state.page_cache.items != 0 || shelf.store != 0)
            size_shelf(sim, id, shelf, state.page_cache, state.page_cache.items);
    }
}

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    State& state = sim.state<State>(id);
    const std::uint32_t kept_before = state.keep;
    state.origin = sim.stamp(id, 0);
    read_params(sim, id, state);
    keep_copies(sim, state, kept_before);
    for (std::size_t i = 0; i < sim.edges.size(); ++i)
        if (sim.edges[i].from == id && sim.edges[i].to == id) state.self_edge = static_cast<std::uint32_t>(i);
    size_servers(sim, id);
    station::Size size;
    size.instances = state.servers;
    size.workers = count(sim, id, connections);
    size.cores = count(sim, id, cores);
    size.queue_limit = count(sim, id, queue_limit);
    size.whole = true;
    station::resize(sim, id, size);
    for (std::uint32_t i = 0; i < state.servers; ++i)
        if (sim.state<State>(id).server[i].repairing != 0) look_for_gaps(sim, id, i, 0, 0);
}

// Where a read finds the object, or any server that is up: the index says where to go.
std::uint16_t route(Sim& sim, NodeId id, const Request& request) {
    bool others = false;
    std::uint32_t server = source_of(sim, id, request.key, others);
    if (server != k_nowhere) return static_cast<std::uint16_t>(server);
    for (server = 0; server < sim.nodes[id].instances; ++server)
        if (up(sim, id, server)) return static_cast<std::uint16_t>(server);
    return 0;
}

void conclude_write(Sim& sim, RequestId parent, bool enough) {
    Request& request = sim.requests[parent];
    Frame& here = sim.top(parent);
    State& state = sim.state<State>(here.node);
    sim.take_up(request); // nobody waits for the copies that are still on their way
    here.aux = 0;         // holds no worker
    request.bytes = 200;  // an acknowledgement
    if (!enough) {
        ++state.too_few;
        sim.answer(request, here, Outcome::failed);
        return;
    }
    ++state.writes;
    sim.acknowledge(here.node, request.key, request.version);
    sim.wrote(here.node, request);
    sim.answer(request, here, Outcome::served);
}

// Sends the object to the servers of all its copies that are up.
void write(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    const State& state = sim.state<State>(id);
    const RequestId parent = sim.id_of(request);
    const std::uint32_t keep = state.keep;
    std::uint32_t there = 0;
    for (std::uint32_t i = 0; i < keep; ++i)
        if (up(sim, id, server_of(state, request.key, i))) ++there;
    here.stage = at_gather | sending;
    here.aux = 0; // copies so far
    const bool enough = there >= state.waits;
    if (enough) request.version = sim.issue(id, request.key);
    sim.park(request);
    for (std::uint32_t i = 0; enough && i < keep; ++i) {
        const std::uint32_t server = server_of(sim.state<State>(id), sim.requests[parent].key, i);
        if (!up(sim, id, server)) continue; // it finds out that it lacks this when it is back
        const RequestId child = sim.branch(parent);
        if (child == k_none) break;
        sim.requests[child].version = sim.requests[parent].version;
        Frame& origin = sim.frame(child, 0);
        origin.stage = at_copy;
        origin.aux = static_cast<std::uint8_t>(i << 1);
        origin.instance = k_any_instance; // it dies with the server that it is at, and with no other
        sim.send(sim.requests[child], origin, static_cast<EdgeId>(sim.state<State>(id).self_edge),
                 static_cast<std::uint16_t>(server));
    }
    sim.top(parent).stage = at_gather;
    if (!sim.has_branches(sim.requests[parent])) conclude_write(sim, parent, false);
}

void read(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    bool others = false;
    std::uint32_t server = here.instance; // that the index has named, or somebody who does not know it
    const std::uint32_t which = share_of(state, request.key, server);
    if (server >= state.servers || which == state.keep || !is_current(sim, here.node, request.key, which))
        server = source_of(sim, here.node, request.key, others);
    here.stage = at_work;
    if (server != k_nowhere) {
        here.instance = static_cast<std::uint16_t>(server);
        station::enter_by_class(sim, request, here);
        return;
    }
    ++(others ? state.unavailable : state.lost_reads);
    sim.answer(request, here, Outcome::failed);
}

void place(Sim& sim, Request& request, Frame& here) {
    if (request.is_write())
        write(sim, request, here);
    else
        read(sim, request, here);
}

void arrive(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    if (here.edge == state.self_edge) {
        const bool writes = (&here - 1)->stage == at_copy;
        station::enter(sim, request, here,
                       writes ? static_cast<unsigned>(RequestClass::write) : k_demand_repair);
    } else if (state.lookup != 0) {
        here.stage = at_lookup;
        sim.wait(request, state.lookup);
    } else {
        place(sim, request, here);
    }
}

void timer(Sim& sim, Request& request, Frame& here) { place(sim, request, here); }

// It is in memory from now on.
void remember(Sim& sim, Request& request, const Frame& here, State& state) {
    if (state.page_cache.items != 0)
        put(sim, here.node, state.server[here.instance].shelf, state.page_cache, request.key, 0, 0);
}

bool in_memory(Sim& sim, const Request& request, const Frame& here, const State& state) {
    if (state.page_cache.items == 0) return false;
    core::KeyStore& store = sim.stores[state.server[here.instance].shelf.store - 1];
    const std::uint32_t entry = store.find(request.key);
    if (entry == core::KeyStore::k_none) return false;
    store.touch(entry);
    return true;
}

void finish_read(Sim& sim, Request& request, Frame& here, State& state) {
    ++state.reads;
    const std::uint64_t size = bytes_of(state, request.key);
    const double sending_ns =
        here.stage == at_disk ? static_cast<double>(size) * state.ns_per_byte : 0.0; // part of the access
    state.first_byte_ns += std::max(0.0, static_cast<double>(sim.now - here.entered) - sending_ns);
    request.version = sim.latest(here.node, request.key);
    if (sim.misses(here.node, request)) ++state.not_found;
    request.bytes = static_cast<std::uint32_t>(size);
    station::finish(sim, request, here, Outcome::served);
}

// A copy has been read for another server, or is on the disk here.
void finish_copy(Sim& sim, Request& request, Frame& here, State& state) {
    const Frame& origin = *(&here - 1);
    const std::uint32_t key = request.key;
    std::uint32_t which = origin.aux >> 1u;
    if (origin.stage == at_fetch) {
        request.version = sim.latest(here.node, key);
    } else {
        if (origin.stage == at_store)
            which = (here.instance + state.servers - home_of(state, key)) % state.servers;
        if (which < state.keep && request.version + 1 > sim.known(state.copy[which] - 1, key))
            sim.learn(state.copy[which] - 1, key, request.version + 1);
        remember(sim, request, here, state);
    }
    station::finish(sim, request, here, Outcome::served);
}

void worked(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    const bool own = here.edge == state.self_edge;
    const Stage part = own ? static_cast<Stage>((&here - 1)->stage) : at_work;
    if (here.stage == at_disk) {
        if (!own) remember(sim, request, here, state);
        own ? finish_copy(sim, request, here, state) : finish_read(sim, request, here, state);
        return;
    }
    if (!own) {
        const bool found = in_memory(sim, request, here, state);
        ++(found ? state.hits : state.misses);
        if (found) {
            finish_read(sim, request, here, state);
            return;
        }
    }
    here.stage = at_disk;
    work_on_disk(sim, request, here, part == at_copy || part == at_store ? 1 : state.seeks);
}

void copy_returned(Sim& sim, Request& request, const Frame& origin) {
    const NodeId id = origin.node;
    const bool served = static_cast<Outcome>(request.outcome) == Outcome::served;
    if (!served) {
        const std::uint32_t server = server_of(sim.state<State>(id), request.key, origin.aux >> 1u);
        look_for_gaps(sim, id, server, request.key, core::k_second);
    }
    const RequestId parent = sim.join(sim.id_of(request));
    if (parent == k_none) return;
    Frame& here = sim.top(parent);
    if (served) ++here.aux;
    const bool enough = here.aux >= sim.state<State>(id).waits;
    if ((here.stage & sending) != 0) return;
    if (enough || !sim.has_branches(sim.requests[parent])) conclude_write(sim, parent, enough);
}

void returned(Sim& sim, Request& request, Frame& here) {
    if (here.stage == at_copy)
        copy_returned(sim, request, here);
    else
        repair_returned(sim, request, here);
}

// Only stations hold workers; elsewhere Frame::aux counts or names copies.
void dropped(Sim& sim, Request& request, Frame& here) {
    if (here.stage == at_work || here.stage == at_disk) station::dropped(sim, request, here);
    const bool repairs = here.stage == at_fetch || here.stage == at_store;
    if (!repairs) return;
    Server& own = sim.state<State>(here.node).server[request.user];
    --own.at_work;
    look_for_gaps(sim, here.node, request.user, request.key, core::k_second);
}

void life(Sim& sim, NodeId id, int instance, bool alive) {
    State& state = sim.state<State>(id);
    const auto server = static_cast<std::uint32_t>(instance);
    if (!alive || server >= state.servers) return;
    if (state.server[server].shelf.store != 0) clear(sim, state.server[server].shelf);
    // What it missed it gets now; what only it had, the others may get now.
    for (std::uint32_t i = 0; i < state.servers; ++i) {
        if (i != server && state.server[i].waiting == 0) continue;
        state.server[i].waiting = 0;
        look_for_gaps(sim, id, i, 0, 0);
    }
}

void verb(Sim& sim, NodeId id, const Command& command) {
    const std::uint32_t servers = sim.state<State>(id).servers;
    for (std::uint32_t i = 0; i < servers; ++i)
        if (command.instance < 0 || static_cast<std::uint32_t>(command.instance) == i) lose_data(sim, id, i);
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.reads = state.writes = state.hits = state.misses = state.unavailable = state.too_few = 0;
    state.lost_reads = state.repaired = state.accesses = state.not_found = 0;
    state.first_byte_ns = 0;
}

struct Busy {
    double mean = 0, most = 0;
};
Busy disks_busy(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    Busy out;
    double disks = 0;
    for (std::uint32_t i = 0; i < state.servers; ++i) {
        for (std::uint32_t disk = 0; disk < state.disks; ++disk) {
            const Cpu& arm = sim.cpus[state.server[i].disks[disk] - 1];
            const auto area = static_cast<double>(arm.busy.at(sim.now, arm.in_use()));
            const double time = sim.measured_ns() * arm.cores * sim.parts[id].disk;
            const double share = area <= 0 || time <= 0 ? 0 : std::min(1.0, area / time);
            out.mean += share;
            out.most = std::max(out.most, share);
            disks += 1;
        }
    }
    if (disks > 0) out.mean /= disks;
    return out;
}

// Seconds until all that a server keeps is copied anew: read there, written here, some at a time.
double rebuild_s(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    const double each = sim.value(id, objects) * state.keep / state.servers;
    const double transfer = sim.value(id, object_kb) * 1000 * state.ns_per_byte / 1e9;
    const double one = sim.value(id, disk_ms) / 1000 * (state.seeks + 1.0) + 2 * transfer;
    return state.repairs == 0 ? k_year_s : each * one / state.repairs;
}

// n copies fail at a rate f each and are replaced after T: all are gone at n f (f T)^(n-1).
double durability_nines(const Sim& sim, NodeId id) {
    const double copies_kept = sim.state<State>(id).keep;
    const double failures = sim.value(id, disk_failures);
    if (failures <= 0) return k_nines_most;
    const double window = std::min(1.0, failures * rebuild_s(sim, id) / k_year_s);
    double lost_share = std::min(1.0, copies_kept * failures);
    for (double i = 1; i < copies_kept; ++i) lost_share *= window;
    return std::clamp(-core::log(std::max(lost_share, 1e-30)) / core::log(10), 0.0, k_nines_most);
}

double servers_repairing(const State& state) {
    double out = 0;
    for (std::uint32_t i = 0; i < state.servers; ++i) out += state.server[i].repairing;
    return out;
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const auto real = [&](std::uint64_t n) { return static_cast<double>(n) * sim.scenario.weight; };
    const double measured_s = sim.measured_ns() / 1e9;
    const auto looked = static_cast<double>(state.hits + state.misses);
    switch (index) {
    case hit_ratio: return looked > 0 ? static_cast<double>(state.hits) / looked : 0;
    case first_byte:
        return state.reads == 0 ? 0 : state.first_byte_ns / 1e6 / static_cast<double>(state.reads);
    case Metric::disk_busy: return disks_busy(sim, id).mean;
    case reads_per_disk:
        return measured_s > 0 ? real(state.accesses) / measured_s / (state.servers * state.disks) : 0;
    case fullest: return disks_busy(sim, id).most;
    case unavailable: return real(state.unavailable);
    case too_few: return real(state.too_few);
    case lost: return real(state.lost_reads);
    case repaired: return real(state.repaired);
    case repairing: return servers_repairing(state);
    case rebuild_h: return rebuild_s(sim, id) / 3600;
    case nines: return durability_nines(sim, id);
    case elsewhere: return real(state.not_found);
    default: return sim.value(id, objects) * sim.value(id, object_kb) / 1e6;
    }
}

// What it keeps, and what it answers in the measured time, for a month of it.
double cost(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    const double kept = sim.value(id, objects) * sim.value(id, object_kb) / 1e6;
    const bool own_machine = sim.nodes[id].machine_cpu != k_none; // it is paid for
    const double fixed = kept * sim.value(id, usd_per_gb) +
                         (own_machine ? 0 : sim.value(id, instances) * sim.value(id, price_usd));
    const double seconds = sim.measured_ns() / 1e9;
    if (seconds <= 0) return fixed;
    const double months = seconds / k_month_s / sim.scenario.weight;
    return fixed + (static_cast<double>(state.reads) / 1e6 * sim.value(id, usd_per_million) +
                    static_cast<double>(state.writes) / 1e6 * sim.value(id, usd_per_million_writes)) /
                       months;
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .route = route,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .worked = worked,
    .returned = returned,
    .dropped = dropped,
    .timer = timer,
    .wake = repair_woken,
    .verb = verb,
    .life = life,
    .measure = measure,
    .calls_itself = true,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = files::k_theory,
};

} // namespace

std::uint64_t files::bytes_of(const State& state, std::uint32_t key) {
    return own_size(state.page_cache, key);
}

void files::work_on_disk(Sim& sim, Request& request, Frame& here, std::uint32_t seeks) {
    State& state = sim.state<State>(here.node);
    double ns = static_cast<double>(bytes_of(state, request.key)) * state.ns_per_byte;
    for (std::uint32_t i = 0; i < seeks; ++i)
        ns += static_cast<double>(state.seek.draw(sim.streams[here.node].service));
    state.accesses += seeks;
    const double slow = sim.instance(here.node, here.instance).slow;
    station::work_on(sim, request, disk_of(state, here.instance, request.key), core::from_ns(ns * slow));
}

extern const KindRecord k_object_store;
const KindRecord k_object_store = {
    .code = 15,
    .id = "object-store",
    .name = {"Object storage", "객체 저장소"},
    .help =
        {"Keeps files and images: file servers with disks, copies of every object, an index that knows "
         "where each lies.",
         "파일과 이미지를 보관한다. 디스크를 가진 파일 서버들이 객체마다 사본을 두고, 색인이 위치를 안다."},
    .icon = "image",
    .tier = Tier::store,
    .role = role_store | role_files,
    .params = files::k_params,
    .metrics = files::k_metrics,
    .signs = files::k_signs,
    .verbs = files::k_verbs,
    .closed_form = {"Each disk is M/G/1 with seek plus size / throughput; found in memory by Che's "
                    "approximation; all copies down with (1 - a)^n.",
                    "디스크마다 탐색 + 크기/처리 속도의 M/G/1, 메모리 적중은 체(Che) 근사, 사본이 모두 멈출 "
                    "확률은 (1 - a)^n."},
    .inaccuracies = files::k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
