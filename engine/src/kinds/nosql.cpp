// A NoSQL store: nodes that share the keys by their hash, every key on several of them. Reads and writes wait
// for as many copies as their quorum says; each node knows real versions.
#include "core/hash.hpp"
#include "kinds/nosql_record.hpp"
#include "kinds/nosql_theory.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace nosql;
using namespace sim;

constexpr unsigned k_peer_read = 5, k_peer_write = 6; // demands
constexpr std::uint32_t k_copies_most = 7;

enum Stage : std::uint8_t {
    at_work = 0,
    at_peer_out,   // a branch on its way to another copy
    at_peer_work,  // ... being worked on there
    at_peer_back,  // ... on its way back
    at_quorum = 8, // the request itself, parked: + copies that have answered
};

struct State {
    std::uint64_t reads, writes, stale, too_few, repaired, not_found;
    Time peer;
    std::uint32_t nodes, keep;           // and copies of a key,
    std::uint32_t need_read, need_write; // of which so many are waited for
    std::uint32_t turn, answer_bytes;
    std::uint32_t truth, padding;          // + 1: number in Sim::copies
    std::uint32_t copy[k_copies_most + 1]; // + 1: number in Sim::copies; by how far from home
};

std::uint32_t count(const Sim& sim, NodeId id, Param param) {
    return static_cast<std::uint32_t>(sim.value(id, param));
}

std::uint32_t home_of(const State& state, std::uint32_t key) {
    return static_cast<std::uint32_t>(core::mix(key + 0x9E37u) % state.nodes);
}
std::uint32_t owner(const State& state, std::uint32_t key, std::uint32_t which) {
    return (home_of(state, key) + which) % state.nodes;
}
bool owns(const State& state, std::uint32_t key, std::uint32_t node) {
    return (node + state.nodes - home_of(state, key)) % state.nodes < state.keep;
}
// Where the version is that a node has of a key.
std::uint32_t copy_at(const State& state, std::uint32_t key, std::uint32_t node) {
    return state.copy[(node + state.nodes - home_of(state, key)) % state.nodes] - 1;
}
bool up(const Sim& sim, NodeId id, std::uint32_t node) { return sim.instance(id, node).dead == 0; }

void read_times(Sim& sim, NodeId id) {
    const auto kept = static_cast<Model>(count(sim, id, model) + 1);
    const auto times = [&](double mean) {
        return distribution(sim.value(id, service), mean, sim.value(id, service_cv));
    };
    const auto asks = [&](Param what) {
        const auto operation = static_cast<Operation>(count(sim, id, what));
        return sim.value(id, read_ms) * reads_of(kept, operation, sim.value(id, rows), sim.value(id, hops));
    };
    const double write = sim.value(id, write_ms) * write_cost(kept);
    const double each[k_classes] = {asks(pages_ask), write, asks(pages_ask), asks(api_asks)};
    for (unsigned i = 0; i < k_classes; ++i) sim.demand(id, i) = times(each[i]);
    sim.demand(id, k_peer_read) = times(sim.value(id, read_ms) * reads_of(kept, Operation::point, 1, 1));
    sim.demand(id, k_peer_write) = times(write);
}

// What a node lacks of the keys that it keeps; how many there were.
std::uint64_t repair(Sim& sim, NodeId id, std::uint32_t node) {
    const State& state = sim.state<State>(id);
    std::size_t keys = 0;
    for (std::uint32_t i = 0; i < state.keep; ++i)
        keys = std::max(keys, sim.copies[state.copy[i] - 1].size());
    std::uint64_t found = 0;
    for (std::uint32_t key = 0; key < keys; ++key) {
        if (!owns(state, key, node)) continue;
        std::uint32_t newest = 0;
        for (std::uint32_t i = 0; i < state.keep; ++i)
            if (up(sim, id, owner(state, key, i)))
                newest = std::max(newest, sim.known(state.copy[i] - 1, key));
        const std::uint32_t own = copy_at(state, key, node);
        if (newest <= sim.known(own, key)) continue;
        sim.learn(own, key, newest);
        ++found;
    }
    return found;
}

// The copies of every key that there are now; a further one begins with the newest that another has.
void keep_copies(Sim& sim, State& state, std::uint32_t before) {
    for (std::uint32_t i = 0; i < state.keep; ++i) {
        if (state.copy[i] == 0) {
            sim.copies.emplace_back();
            state.copy[i] = static_cast<std::uint32_t>(sim.copies.size());
        }
        if (i >= before && before != 0) sim.copies[state.copy[i] - 1] = sim.copies[state.truth - 1];
    }
}

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    State& state = sim.state<State>(id);
    const std::uint32_t kept_before = state.keep;
    state.nodes = count(sim, id, instances);
    state.keep = std::min(count(sim, id, copies), state.nodes);
    state.need_read = std::min(count(sim, id, read_quorum), state.keep);
    state.need_write = std::min(count(sim, id, write_quorum), state.keep);
    state.peer = core::from_ms(sim.value(id, peer_ms));
    state.answer_bytes = static_cast<std::uint32_t>(sim.value(id, answer_kb) * 1000);
    read_times(sim, id);
    station::Size size;
    size.instances = state.nodes;
    size.workers = count(sim, id, connections);
    size.cores = count(sim, id, cores);
    size.queue_limit = count(sim, id, queue_limit);
    size.aside = true;
    size.whole = true;
    station::resize(sim, id, size);
    if (state.truth == 0) {
        sim.copies.emplace_back();
        state.truth = static_cast<std::uint32_t>(sim.copies.size());
    }
    keep_copies(sim, state, kept_before);
}

// A node that keeps the key, in turn, passing over those that are down.
std::uint16_t route(Sim& sim, NodeId id, const Request& request) {
    State& state = sim.state<State>(id);
    const std::uint32_t turn = state.turn++;
    for (std::uint32_t tried = 0; tried < state.keep; ++tried) {
        const std::uint32_t node = owner(state, request.key, (turn + tried) % state.keep);
        if (up(sim, id, node)) return static_cast<std::uint16_t>(node);
    }
    return static_cast<std::uint16_t>(home_of(state, request.key));
}

void acknowledge(Sim& sim, NodeId id, const State& state, std::uint32_t key, std::uint32_t version) {
    sim.acknowledge(id, key, version);
    if (version > sim.known(state.truth - 1, key)) sim.learn(state.truth - 1, key, version);
}

void conclude(Sim& sim, Request& request, Frame& here, bool enough) {
    State& state = sim.state<State>(here.node);
    if (!enough) {
        ++state.too_few;
        station::finish(sim, request, here, Outcome::failed);
        return;
    }
    ++(request.is_write() ? state.writes : state.reads);
    if (request.is_write())
        sim.wrote(here.node, request);
    else if (sim.misses(here.node, request))
        ++state.not_found;
    if (request.is_write())
        acknowledge(sim, here.node, state, request.key, request.version);
    else if (request.version < request.due) // older than the latest when it began to read
        ++state.stale;
    request.version = sim.stamp(here.node, request.version);
    request.bytes = state.answer_bytes;
    station::finish(sim, request, here, Outcome::served);
}

// Sends the request to another copy, as a branch of it.
void ask(Sim& sim, RequestId parent, std::uint32_t node, std::uint32_t which) {
    const RequestId id = sim.branch(parent);
    if (id == k_none) return;
    Frame& here = sim.frame(id, 0);
    here.instance = static_cast<std::uint16_t>(node);
    here.stage = at_peer_out;
    here.aux = static_cast<std::uint8_t>(which << 1); // it holds no worker
    sim.requests[id].version = sim.requests[parent].version;
    sim.wait(sim.requests[id], sim.state<State>(here.node).peer);
}

// The node that took the request has done its own part and turns to the other copies.
void gather(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    const State& state = sim.state<State>(id);
    const std::uint32_t key = request.key;
    const bool writes = request.is_write();
    const std::uint32_t own = owns(state, key, here.instance) ? 1 : 0;
    const std::uint32_t needed = writes ? state.need_write : state.need_read;
    std::uint32_t peers[8], which[8];
    std::uint32_t others = 0;
    for (std::uint32_t i = 0; i < state.keep; ++i) {
        const std::uint32_t node = owner(state, key, i);
        if (node == here.instance || !up(sim, id, node)) continue;
        which[others] = i;
        peers[others++] = node;
    }
    if (own + others < needed) {
        conclude(sim, request, here, false);
        return;
    }
    const std::uint32_t copy = own != 0 ? copy_at(state, key, here.instance) : 0;
    request.version = writes ? sim.issue(id, key) : own != 0 ? sim.known(copy, key) : 0;
    if (writes && own != 0) sim.learn(copy, key, request.version);
    here.stage = static_cast<std::uint8_t>(at_quorum + own);
    const std::uint32_t asked = writes ? others : needed - std::min(needed, own);
    const RequestId parent = sim.id_of(request);
    sim.park(request);
    request.due = sim.known(state.truth - 1, key);
    for (std::uint32_t i = 0; i < asked; ++i) ask(sim, parent, peers[i], which[i]);
    if (own < needed) return;
    sim.take_up(sim.requests[parent]); // nobody waits for the others
    conclude(sim, sim.requests[parent], sim.top(parent), true);
}

// A branch has ended, with an answer or without.
void gathered(Sim& sim, RequestId child, bool answered) {
    const std::uint32_t version = sim.requests[child].version;
    const RequestId parent = sim.join(child);
    if (parent == k_none) return;
    Request& request = sim.requests[parent];
    Frame& here = sim.top(parent);
    const State& state = sim.state<State>(here.node);
    if (answered) {
        request.version = std::max(request.version, version);
        ++here.stage;
    }
    const std::uint32_t needed = request.is_write() ? state.need_write : state.need_read;
    const bool enough = here.stage - 1u * at_quorum >= needed;
    if (!enough && sim.has_branches(request)) return;
    sim.take_up(request);
    conclude(sim, request, here, enough);
}

void worked(Sim& sim, Request& request, Frame& here) {
    if (here.stage == at_work) {
        gather(sim, request, here);
        return;
    }
    const State& state = sim.state<State>(here.node);
    const unsigned which = here.aux >> 1u;
    if (which >= state.keep || !up(sim, here.node, here.instance)) { // it is gone meanwhile
        gathered(sim, sim.id_of(request), false);
        return;
    }
    const std::uint32_t copy = state.copy[which] - 1;
    const std::uint32_t known = sim.known(copy, request.key);
    if (!request.is_write())
        request.version = known;
    else if (request.version > known)
        sim.learn(copy, request.key, request.version);
    here.stage = at_peer_back;
    sim.wait(request, state.peer);
}

void timer(Sim& sim, Request& request, Frame& here) {
    const bool there = here.stage == at_peer_out && up(sim, here.node, here.instance);
    if (!there) {
        gathered(sim, sim.id_of(request), here.stage == at_peer_back);
        return;
    }
    here.stage = at_peer_work;
    const Instance& instance = sim.instance(here.node, here.instance);
    const Distribution& work = sim.demand(here.node, request.is_write() ? k_peer_write : k_peer_read);
    const Time demand = work.draw(sim.streams[here.node].service);
    station::work_on(sim, request, instance.cpu, station::stretch(demand, instance.slow));
}

// What a node missed while it was down, it gets after a while.
void life(Sim& sim, NodeId id, int instance, bool alive) {
    if (alive)
        sim.wake(id, static_cast<std::uint32_t>(instance), core::from_seconds(sim.value(id, repair_s)));
}

void wake(Sim& sim, NodeId id, std::uint32_t node) {
    State& state = sim.state<State>(id);
    if (node < state.nodes && up(sim, id, node)) state.repaired += repair(sim, id, node);
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.reads = state.writes = state.stale = state.too_few = state.repaired = state.not_found = 0;
}

double busiest_share(const Sim& sim, NodeId id) {
    double sum = 0, most = 0;
    const std::uint32_t nodes = sim.state<State>(id).nodes;
    for (std::uint32_t i = 0; i < nodes; ++i) {
        const auto seen = static_cast<double>(sim.instance(id, i).arrivals);
        sum += seen;
        most = std::max(most, seen);
    }
    return sum > 0 ? most * nodes / sum : 1;
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const std::uint64_t counts[] = {state.reads, state.writes, state.stale, state.too_few};
    if (index < 4) return static_cast<double>(counts[index]) * sim.scenario.weight;
    if (index == 6) return static_cast<double>(state.not_found) * sim.scenario.weight;
    return index == 4 ? static_cast<double>(state.repaired) : busiest_share(sim, id);
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
    .timer = timer,
    .wake = wake,
    .life = life,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = nosql::k_theory,
};

} // namespace

extern const KindRecord k_nosql;
const KindRecord k_nosql = {
    .code = 18,
    .id = "nosql",
    .name = {"NoSQL store", "NoSQL 저장소"},
    .help = {"Key-value, document, column or graph store: scales out by adding "
             "nodes, joins badly.",
             "키-값, 문서, 컬럼, 그래프 저장소. 노드를 더해 수평으로 확장하고 "
             "조인에는 약하다."},
    .icon = "boxes",
    .tier = Tier::store,
    .role = role_store,
    .params = k_params,
    .metrics = k_metrics,
    .signs = k_signs,
    .closed_form = {"With R + W > N and all nodes up no read is stale; with R = W = 1 a "
                    "read of another copy is, with "
                    "1 - e^(-write rate of the key x time to the copy).",
                    "모든 노드가 살아 있고 R + W > N이면 오래된 읽기가 없다. R = W = "
                    "1이면 다른 복제본을 읽을 때 "
                    "1 - e^(-키의 쓰기율 x 복제 시간)의 확률로 오래된 값을 본다."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
