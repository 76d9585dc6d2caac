// A relational database: a pool of connections, cores, and a disk behind a
// buffer pool that holds real keys; its replicas are further instances, other
// databases are fed over links.
#include "kinds/database.hpp"

#include "kinds/copies.hpp"
#include "kinds/database_metrics.hpp"
#include "kinds/database_theory.hpp"
#include "kinds/failover.hpp"
#include "kinds/replica_links.hpp"
#include "kinds/replication.hpp"
#include "kinds/search_times.hpp"
#include "kinds/sizes.hpp"
#include "kinds/stand_in.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace database;

std::uint32_t count(const Sim& sim, NodeId id, Param param) {
    return static_cast<std::uint32_t>(sim.value(id, param));
}

// Arms times ns since the end of the warm-up, however often their number
// changed.
double disk_time(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    const Time since = std::max(state.disk_since, sim.measured_from);
    const double each = sim.cpus[members(sim, id)[0].disk_cpu].cores * sim.parts[id].disk;
    const double arms = each * static_cast<double>(state.instances);
    return state.disk_time + static_cast<double>(sim.now - since) * arms;
}

void size_buffer_pools(Sim& sim, NodeId id) {
    const std::uint32_t wanted = count(sim, id, memory_items);
    State& state = sim.state<State>(id);
    for (std::uint32_t i = 0; i < state.instances && wanted != 0; ++i) {
        std::uint32_t& store = members(sim, id)[i].store;
        if (store != 0 && wanted == state.capacity) continue;
        if (store == 0) {
            sim.stores.emplace_back();
            store = static_cast<std::uint32_t>(sim.stores.size());
        }
        sim.stores[store - 1] = core::KeyStore(wanted, core::Eviction::lru, sim.streams[id].route);
    }
    state.capacity = wanted;
}

void read_times(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    const auto times = [&](double mean) {
        return distribution(sim.value(id, service), mean, sim.value(id, service_cv));
    };
    const SearchTimes search = search_times([&](Param param) { return sim.value(id, param); });
    for (unsigned i = 0; i < k_classes; ++i) sim.demand(id, i) = times(search.cpu_ms[i]);
    sim.demand(id, k_demand_replay) = times(sim.value(id, replay_ms));
    state.disk = times(sim.value(id, disk_ms));
    state.planned = sim.value(id, access) > 0 ? 1 : 0;
    for (int i = 0; i < 2; ++i) {
        state.search[i] = times(search.disk_ms[i]);
        state.searches[i] = search.disk_ms[i] > 0 ? 1 : 0;
    }
    state.index_bytes = search.plan.index_bytes;
    state.index_levels = search.plan.levels;
    state.disk_reads = search.plan.disk_reads;
    state.answer_bytes = static_cast<std::uint32_t>(sim.value(id, answer_kb) * 1000);
}

// Whether there are, or ever were, other copies of the data.
bool has_copies(Sim& sim, NodeId id) {
    bool fed = false;
    for (const Edge& edge : sim.edges) fed = fed || (edge.to == id && is_database(sim, edge.from));
    const bool was = sim.nodes[id].block_words != 0 && sim.state<State>(id).active != 0;
    return was || fed || sim.nodes[id].outs != 0 || sim.value(id, replicas) > 0;
}

void size_disks(Sim& sim, NodeId id) {
    for (std::uint32_t i = 0; i < sim.state<State>(id).instances; ++i) {
        Member& member = members(sim, id)[i];
        if (member.has_disk == 0) member.disk_cpu = sim.add_cpu(1, false);
        member.has_disk = 1;
        station::set_disk(sim, id, member.disk_cpu, count(sim, id, disk_parallel));
    }
}

void configure(Sim& sim, NodeId id) {
    const bool copied = has_copies(sim, id);
    const std::size_t room = copied ? k_instances_most + sim.nodes[id].outs : 1;
    sim.reserve_state(id, sizeof(State) + room * sizeof(Member));
    State& state = sim.state<State>(id);
    if (state.instances != 0) state.disk_time = disk_time(sim, id);
    state.disk_since = sim.now;
    const std::uint32_t before = state.instances;
    state.has_twins = sim.twins[sim.homes[id]].empty() ? 0 : 1;
    state.instances = 1 + count(sim, id, replicas);
    read_times(sim, id);
    size_disks(sim, id);
    size_buffer_pools(sim, id);
    station::Size size;
    size.instances = state.instances;
    size.workers = count(sim, id, connections);
    size.cores = sim.value(id, cores) == 0 ? size.workers : count(sim, id, cores);
    size.queue_limit = count(sim, id, queue_limit);
    size.aside = copied && sim.value(id, replay_ms) > 0;
    size.whole = true;
    station::resize(sim, id, size);
    if (copied) configure_copies(sim, id, before);
}

// Looks the row up in the buffer pool and brings it in.
bool in_memory(Sim& sim, const State& state, const Frame& here, std::uint32_t key) {
    if (state.capacity == 0) return true;
    core::KeyStore& pool = sim.stores[members(sim, here.node)[here.instance].store - 1];
    const std::uint32_t entry = pool.find(key);
    if (entry != core::KeyStore::k_none) {
        pool.touch(entry);
        return true;
    }
    pool.insert(key, {});
    return false;
}

void finish(Sim& sim, Request& request, Frame& here, State& state) {
    if (state.active != 0 && request.is_write()) {
        write_done(sim, request, here);
        return;
    }
    if (state.active != 0) {
        read_done(sim, request, here);
    } else if (!request.is_write()) {
        request.version = sim.latest(here.node, request.key);
    } else if (request.version == 0 || !sim.is_of(here.node, request.version)) {
        request.version =
            sim.commit(here.node, request.key); // otherwise a cache has acknowledged it long ago
    }
    if (state.has_twins != 0) {
        if (request.is_write())
            sim.wrote(here.node, request);
        else if (sim.misses(here.node, request))
            ++state.not_found;
    }
    ++(request.is_write() ? state.writes : state.reads);
    request.bytes = state.answer_bytes;
    station::finish(sim, request, here, Outcome::served);
}

std::uint16_t route(Sim& sim, NodeId id, const Request& request) {
    State& state = sim.state<State>(id);
    if (state.active == 0) return 0;
    const bool to_primary = request.is_write() || state.instances == 1;
    if (request.is_write() && sim.instance(id, state.primary).dead != 0 &&
        !is_database(sim, sim.edges[sim::Slab::frames_of(request)[request.depth - 1u].edge].from))
        ++state.refused; // it does not get in
    const auto chosen = to_primary ? state.primary : choose_reader(sim, id, request);
    return static_cast<std::uint16_t>(chosen);
}

void expect(const Sim& sim, NodeId id, Request& request) {
    const State& state = sim.state<State>(id);
    sim.fetch_latest(id, request.key);
    if (state.active != 0) sim.fetch_known(state.truth - 1, request.key);
}

bool routes(const Sim& sim, NodeId id) { return sim.state<State>(id).active != 0; }

void arrive(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    if (state.active != 0) {
        if (is_database(sim, sim.edges[here.edge].from)) {
            message_arrived(sim, request, here);
            return;
        }
        // A balancer may have chosen a replica: writes go on to the primary.
        if (request.is_write()) here.instance = static_cast<std::uint16_t>(state.primary);
        const bool dead = sim.instance(here.node, state.primary).dead != 0;
        const bool refuses = dead || state.promoting != 0 || state.takes_writes == 0;
        if (request.is_write() && refuses) {
            ++state.refused;
            sim.answer(request, here, Outcome::failed);
            return;
        }
    }
    if (state.active != 0) sim.fetch_known(members(sim, here.node)[here.instance].copy - 1, request.key);
    station::enter_by_class(sim, request, here);
}

// Where rows are found by a plan, what that reads from disk.
void search_disk(Sim& sim, Request& request, Frame& here, State& state) {
    const int which = request.is_write() ? 1 : 0;
    if (state.searches[which] == 0) {
        finish(sim, request, here, state);
        return;
    }
    here.stage = at_disk;
    const std::uint32_t disk = members(sim, here.node)[here.instance].disk_cpu;
    station::work_on(sim, request, disk, state.search[which].draw(sim.streams[here.node].service));
}

void worked(Sim& sim, Request& request, Frame& here) {
    if (here.stage == at_replay) {
        replay_done(sim, request);
        return;
    }
    State& state = sim.state<State>(here.node);
    if (here.stage == at_disk) {
        finish(sim, request, here, state);
        return;
    }
    if (state.planned != 0) {
        search_disk(sim, request, here, state);
        return;
    }
    const bool hit = in_memory(sim, state, here, request.key);
    const bool reads_disk = !hit && !request.is_write();
    if (!request.is_write()) ++(hit ? state.hits : state.misses);
    if (!reads_disk) {
        finish(sim, request, here, state);
        return;
    }
    here.stage = at_disk;
    const std::uint32_t disk = members(sim, here.node)[here.instance].disk_cpu;
    station::work_on(sim, request, disk, state.disk.draw(sim.streams[here.node].service));
}

void returned(Sim& sim, Request& request, Frame&) { message_returned(sim, request); }
void timer(Sim& sim, Request& request, Frame& here) { own_timer(sim, request, here); }

void fire(Sim& sim, NodeId id, SlotId slot, std::uint16_t channel) {
    arrived_at_replica(sim, id, slot, channel);
}

void dropped(Sim& sim, Request& request, Frame& here) {
    forget_waiting(sim, request, here);
    station::dropped(sim, request, here);
}

// A restarted database begins with an empty buffer pool.
void life(Sim& sim, NodeId id, int instance, bool alive) {
    const State& state = sim.state<State>(id);
    const auto index = static_cast<std::uint32_t>(instance);
    if (alive && state.capacity != 0) sim.stores[members(sim, id)[index].store - 1].clear();
    if (state.active == 0) return;
    if (alive)
        copy_came_back(sim, id, index);
    else
        copy_died(sim, id, index);
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.hits = state.misses = state.reads = 0;
    state.writes = state.on_the_way; // what is on its way counts: the sums balance
    state.disk_time = 0;
    state.stale = state.own_missed = state.went_back = 0;
    state.replicated = state.lost = state.recovered = state.conflicts = 0;
    state.promotions = state.copies = state.not_found = state.refused = 0;
    state.tail_count = 0;
    state.unwritable_ns = 0;
    if (state.active == 0) return;
    for (std::uint32_t i = 0; i < k_instances_most + state.links; ++i) {
        members(sim, id)[i].lag_ns = 0;
        members(sim, id)[i].lag_count = 0;
    }
}

void above(Sim& sim, NodeId id, EdgeId edge, int) {
    if (is_database(sim, sim.edges[edge].from)) look_for_dead_feeders(sim, id);
}

// All copies move to machines of the new size at once.
void verb(Sim& sim, NodeId id, const Command& command) {
    double given[k_resize_params];
    settings_of(command, given);
    resize_machine(sim, id, given, cores, price_usd);
}

double disk_busy(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    const std::uint32_t most = state.active != 0 ? k_instances_most : 1;
    double area = 0;
    for (std::uint32_t i = 0; i < most; ++i) {
        if (members(sim, id)[i].has_disk == 0) continue;
        const Cpu& disk = sim.cpus[members(sim, id)[i].disk_cpu];
        area += static_cast<double>(disk.busy.at(sim.now, disk.in_use()));
    }
    const double time = disk_time(sim, id);
    return area <= 0 ? 0 : area < time ? area / time : 1;
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const auto looked = static_cast<double>(state.hits + state.misses);
    const double weight = sim.scenario.weight;
    const std::uint64_t counts[] = {state.reads,
                                    state.writes,
                                    0,
                                    0,
                                    state.stale,
                                    state.own_missed,
                                    state.went_back,
                                    state.replicated,
                                    state.on_the_way,
                                    state.lost,
                                    state.recovered,
                                    state.conflicts};
    if (index >= 2 && index < 14 && index != 4 && index != 5)
        return static_cast<double>(counts[index - 2]) * weight;
    switch (index) {
    case 0: return looked > 0 ? static_cast<double>(state.hits) / looked : 1;
    case 1: return disk_busy(sim, id);
    case 4: return mean_lag_ms(sim, id);
    case 5: return static_cast<double>(writes_behind(sim, id)) * weight;
    case 14: return static_cast<double>(state.promotions);
    case 15: return static_cast<double>(state.copies);
    case 17: return state.index_bytes / 1e9;
    case 18: return sim.value(id, table_rows) * sim.value(id, row_bytes) / 1e9;
    case 19: return state.index_levels;
    case 20: return state.disk_reads;
    case 21: return static_cast<double>(state.not_found) * weight;
    case 22: return static_cast<double>(state.refused) * weight;
    default: break;
    }
    const Time since = std::max(state.down_since, sim.measured_from);
    const double open = state.down != 0 ? static_cast<double>(sim.now - since) : 0;
    return (state.unwritable_ns + open) / 1e6;
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    const double copies = 1 + sim.value(id, replicas);
    if (sim.value(id, price_usd) > 0) return copies * sim.value(id, price_usd);
    const double used = sim.value(id, cores) > 0 ? sim.value(id, cores) : sim.value(id, connections);
    const double memory =
        sim.value(id, memory_items) / 1e6 * price::of(sim.scenario, price::Item::memory_million_items);
    return copies * (used * price::of(sim.scenario, price::Item::database_core) + memory);
}

constexpr SignRecord k_signs[] = {
    {Mechanism::replica_lag, "lag_writes", nullptr, 20},
    {Mechanism::replica_lag, "not_found", "*", 0.02},
    {Mechanism::replica_lag, "stale_reads", "*", 0.15},
    {Mechanism::dead, "refused_writes", "*", 0.005},
};

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .route = route,
    .routes = routes,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .expect = expect,
    .worked = worked,
    .returned = returned,
    .dropped = dropped,
    .fire = fire,
    .timer = timer,
    .wake = woken,
    .verb = verb,
    .life = life,
    .above = above,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = database::k_theory,
};

} // namespace

extern const KindRecord k_database;
const KindRecord k_database = {
    .code = 5,
    .id = "database",
    .name = {"Database", "데이터베이스"},
    .help = {"Keeps the data: answers reads and writes over a limited number "
             "of connections.",
             "데이터를 보관한다. 정해진 수의 연결로 읽기와 쓰기를 처리한다."},
    .icon = "database",
    .tier = Tier::store,
    .role = role_store | role_database,
    .links = role_database,
    .params = database::k_params,
    .metrics = database::k_metrics,
    .signs = k_signs,
    .verbs = k_resize_verbs,
    .instance = {"copy {i} of {n}", "{n}의 {i}번 복제본"},
    .leader = {"the primary of {n}", "{n}의 주 데이터베이스"},
    .closed_form = {"M/M/c (Erlang C) with everything in memory.", "전부 메모리에 있으면 M/M/c(얼랑 C)."},
    .inaccuracies = database::k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
