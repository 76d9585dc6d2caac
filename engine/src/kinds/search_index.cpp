// An inverted index on machines of its own: a search reads the lists of its words; a document is found from
// the next refresh on.
#include "kinds/search_index_theory.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace search_index;
using namespace sim;

constexpr std::uint32_t k_nodes_most = 64;

enum Stage : std::uint8_t { at_work = 0, at_disk = 1 };

struct State {
    Distribution disk;
    std::uint64_t searches, documents_in, unseen;
    double index_bytes;
    Time every;
    std::uint32_t nodes, reads_disk, answer_bytes;
    std::uint32_t known, visible, changed; // + 1: copies, and the table of keys written since the refresh
    SlotId refresh;
    std::uint32_t disks[k_nodes_most]; // + 1: cpu
};

std::uint32_t count(const Sim& sim, NodeId id, Param param) {
    return static_cast<std::uint32_t>(sim.value(id, param));
}

void read_times(Sim& sim, NodeId id, State& state) {
    const Plan plan = search_plan([&](Param param) { return sim.value(id, param); });
    const double asked = sim.value(id, words_asked);
    const auto times = [&](double mean) { return distribution(sim.value(id, service), mean, 1); };
    for (unsigned i = 0; i < k_classes; ++i) {
        const bool writes = static_cast<RequestClass>(i) == RequestClass::write;
        const double search = sim.value(id, search_ms) + asked * plan.memory_ns / 1e6;
        sim.demand(id, i) = times(writes ? sim.value(id, index_ms) : search);
    }
    state.disk = times(asked * plan.disk_ns / 1e6);
    state.reads_disk = plan.disk_ns > 0 ? 1 : 0;
    state.index_bytes = plan.index_bytes;
    state.every = std::max<Time>(1, core::from_seconds(sim.value(id, refresh_s)));
    state.answer_bytes = static_cast<std::uint32_t>(sim.value(id, answer_kb) * 1000);
}

void begin(Sim& sim, NodeId id, State& state) {
    if (state.known != 0) return;
    sim.copies.resize(sim.copies.size() + 2);
    state.visible = static_cast<std::uint32_t>(sim.copies.size());
    state.known = state.visible - 1;
    state.changed = sim.add_table() + 1;
    state.refresh = sim.add_slot(Handler::kind, id);
}

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    State& state = sim.state<State>(id);
    begin(sim, id, state);
    read_times(sim, id, state);
    state.nodes = count(sim, id, instances);
    for (std::uint32_t i = 0; i < state.nodes; ++i) {
        if (state.disks[i] == 0) state.disks[i] = sim.add_cpu(1, false) + 1;
        station::set_disk(sim, id, state.disks[i] - 1, count(sim, id, disk_parallel));
    }
    station::Size size;
    size.instances = state.nodes;
    size.workers = count(sim, id, connections);
    size.cores = count(sim, id, cores);
    size.queue_limit = count(sim, id, queue_limit);
    size.whole = true;
    station::resize(sim, id, size);
}

// The next of the nodes that are up.
std::uint16_t route(Sim& sim, NodeId id, const Request&) {
    Node& node = sim.nodes[id];
    for (std::uint32_t tried = 0; tried < node.instances; ++tried) {
        const std::uint32_t turn = node.next_instance++ % node.instances;
        if (sim.instance(id, turn).dead == 0) return static_cast<std::uint16_t>(turn);
    }
    return 0;
}

// Refreshes come at whole multiples of their interval, and only when there is something new.
void take_in(Sim& sim, NodeId id, State& state, Request& request) {
    const std::uint32_t key = request.key;
    // Versions are those of the store that was told before, or its own.
    const std::uint32_t known = sim.known(state.known - 1, key);
    if ((request.version & ((1u << k_count_bits) - 1)) == 0 || sim.is_of(id, request.version))
        request.version = sim.commit(id, key);
    request.version = std::max(request.version, known);
    sim.learn(state.known - 1, key, request.version);
    sim.tables[state.changed - 1].push_back(key);
    if (!sim.queue.pending(state.refresh))
        sim.queue.schedule(state.refresh, (sim.now / state.every + 1) * state.every);
    ++state.documents_in;
}

void fire(Sim& sim, NodeId id, SlotId slot, std::uint16_t) {
    State& state = sim.state<State>(id);
    for (const std::uint64_t changed : sim.tables[state.changed - 1]) {
        const auto key = static_cast<std::uint32_t>(changed);
        sim.learn(state.visible - 1, key, sim.known(state.known - 1, key));
    }
    sim.tables[state.changed - 1].clear();
    sim.queue.cancel(slot);
}

void finish(Sim& sim, Request& request, Frame& here, State& state) {
    if (request.is_write()) {
        take_in(sim, here.node, state, request);
    } else {
        ++state.searches;
        request.version = sim.known(state.visible - 1, request.key);
        if (request.version < sim.known(state.known - 1, request.key)) ++state.unseen;
        if (request.version == 0) request.version = sim.stamp(here.node, 0);
    }
    request.bytes = state.answer_bytes;
    station::finish(sim, request, here, Outcome::served);
}

void worked(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    if (here.stage == at_disk || request.is_write() || state.reads_disk == 0) {
        finish(sim, request, here, state);
        return;
    }
    here.stage = at_disk;
    station::work_on(sim, request, state.disks[here.instance] - 1,
                     state.disk.draw(sim.streams[here.node].service));
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.searches = state.documents_in = state.unseen = 0;
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const std::uint64_t counts[] = {state.searches, state.documents_in, state.unseen};
    if (index < 3) return static_cast<double>(counts[index]) * sim.scenario.weight;
    if (index == 3) return state.index_bytes / 1e9;
    double used = 0, there = 0;
    for (std::uint32_t i = 0; i < state.nodes; ++i) {
        const Cpu& disk = sim.cpus[state.disks[i] - 1];
        used += static_cast<double>(disk.busy.at(sim.now, disk.in_use()));
        there += sim.measured_ns() * disk.cores * sim.parts[id].disk;
    }
    return there > 0 ? std::clamp(used / there, 0.0, 1.0) : 0;
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    const double own = sim.value(id, price_usd);
    return sim.value(id, instances) *
           (own > 0 ? own : sim.value(id, cores) * price::of(sim.scenario, price::Item::core));
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .route = route,
    .arrive = station::enter_by_class,
    .come_in = sim::come_in<station::enter_by_class>,
    .worked = worked,
    .dropped = station::dropped,
    .fire = fire,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = search_index::k_theory,
};

} // namespace

extern const KindRecord k_search_index;
const KindRecord k_search_index = {
    .code = 16,
    .id = "search-index",
    .name = {"Search index", "검색 색인"},
    .help = {"An inverted index on machines of its own: finds documents by their words.",
             "따로 둔 머신의 역색인. 단어로 문서를 찾는다."},
    .icon = "search",
    .tier = Tier::store,
    .role = role_store,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form =
        {"A search reads the lists of its words; a write is found half a refresh later, on average.",
         "검색은 단어의 목록을 읽고, 쓴 것은 평균 반영 주기의 절반 뒤에 나타난다."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
