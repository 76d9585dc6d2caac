// From a scenario to a running state.
#include "sim/sim.hpp"
#include "sim/station.hpp"
#include "sim/wires.hpp"

#include <algorithm>

namespace scale::sim {

namespace {

Streams make_streams(std::uint64_t seed, std::uint64_t node_hash) {
    Streams made;
    Random* const all[k_purposes] = {&made.service, &made.route, &made.arrival, &made.key,    &made.mix,
                                     &made.retry,   &made.think, &made.network, &made.failure};
    for (std::uint32_t purpose = 0; purpose < k_purposes; ++purpose)
        *all[purpose] = Random::seeded(seed, node_hash, purpose);
    return made;
}

// Frames on the longest way from each node, the node itself counted. The scenario has no circles.
std::vector<std::uint32_t> longest_ways(const Scenario& scenario) {
    std::vector<std::uint32_t> deep(scenario.nodes.size(), 1);
    for (bool grew = true; grew;) {
        grew = false;
        for (const EdgeDef& edge : scenario.edges) {
            if (is_link(scenario, edge) || deep[edge.from] >= deep[edge.to] + 1) continue;
            deep[edge.from] = deep[edge.to] + 1;
            grew = true;
        }
    }
    return deep;
}

std::vector<NodeId> by_depth(const Scenario& scenario) {
    const std::vector<std::uint32_t> deep = longest_ways(scenario);
    std::vector<NodeId> order(deep.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<NodeId>(i);
    std::stable_sort(order.begin(), order.end(), [&](NodeId a, NodeId b) { return deep[a] < deep[b]; });
    return order;
}

} // namespace

Sim::Sim(const Scenario& given) : scenario(given) {
    const std::vector<std::uint32_t> deep = longest_ways(scenario);
    const std::uint32_t deepest = deep.empty() ? 1 : *std::max_element(deep.begin(), deep.end());
    assert(deepest < k_frames_most);
    requests.set_frames(std::max(4u, deepest));
    timer_slot = add_slot(Handler::timers, 0);
    timers.reserve(1024); // a burst that is rarer than any before it need not ask for memory
    load_nodes();
    load_edges();
    load_machines();
    load_homes();
    load_watchers();
    plan(scenario.log);
    warm = scenario.warmup_s <= 0;
    watch.load(*this);
    // Callers list what they call: from the far end to the clients.
    for (const NodeId id : by_depth(scenario)) configure(id);
    watch.restart(*this);
    boundary_at = next_boundary();
    is_large_ = core::k_can_fetch && nodes.size() >= k_large_nodes;
}

void Sim::load_nodes() {
    const std::size_t count = scenario.nodes.size();
    nodes.resize(count);
    patience.resize(count);
    latency.resize(count);
    tallies.resize(count);
    cares.resize(count);
    token_bytes.resize(count);
    watchers.resize(count, k_nobody);
    demands.resize(count * k_demands);
    parts.resize(count);
    members.resize(count);
    failing.resize(count);
    alone.resize(count);
    usual.resize(count);
    prepared.resize(count);
    group.assign(count, k_no_node);
    for (const NodeDef& def : scenario.nodes) {
        nodes[behaviours.size()].program = program_of(*def.kind->behaviour);
        behaviours.push_back(def.kind->behaviour);
        values.push_back(def.values);
        client_numbers.push_back((def.kind->role & role_client) != 0 ? client_count++ : k_none);
        streams.push_back(make_streams(scenario.seed, core::hash_text(def.id)));
        const int around = def.in.empty() ? -1 : scenario.find_node(def.in);
        if (around < 0) continue;
        members[static_cast<std::size_t>(around)].push_back(static_cast<NodeId>(values.size() - 1));
        group[values.size() - 1] = static_cast<NodeId>(around);
    }
    for (std::size_t i = 0; i < count; ++i) {
        NodeId around = group[i];
        while (around != k_no_node && behaviours[around]->apart == nullptr) around = group[around];
        place.push_back(around);
    }
}

void Sim::come_in_anywhere(Sim& sim, Request& request, Frame& here) { sim.arrive(request, here); }

std::uint16_t Sim::program_of(const Behaviour& behaviour) {
    for (std::size_t node = 0; node < behaviours.size(); ++node)
        if (behaviours[node] == &behaviour) return nodes[node].program;
    const Handling come_in = behaviour.come_in != nullptr ? behaviour.come_in : come_in_anywhere;
    programs.push_back({{come_in, behaviour.returned},
                        behaviour.arrive,
                        behaviour.worked,
                        behaviour.returned,
                        behaviour.route,
                        behaviour.fire});
    assert(programs.size() <= 256); // Slot::program
    return static_cast<std::uint16_t>(programs.size() - 1);
}

void Sim::load_edges() {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        nodes[i].first_out = static_cast<std::uint32_t>(out_edges.size());
        for (std::size_t e = 0; e < scenario.edges.size(); ++e)
            if (scenario.edges[e].from == i) out_edges.push_back(static_cast<EdgeId>(e));
        nodes[i].outs = static_cast<std::uint32_t>(out_edges.size()) - nodes[i].first_out;
    }
    const auto add = [this](const EdgeDef& def) {
        Edge edge;
        edge.from = def.from;
        edge.to = def.to;
        edges.push_back(edge);
        edge_values.push_back(def.values);
        configure_edge(static_cast<EdgeId>(edges.size() - 1));
    };
    for (const EdgeDef& def : scenario.edges) add(def);
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (behaviours[i]->calls_itself) add(make_edge(static_cast<int>(i), static_cast<int>(i)));
}

// Members of a machine run on its cores. Machines come first, whatever the order in the scenario.
void Sim::load_machines() {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (behaviours[i]->machine_cpu == nullptr) continue;
        const std::uint32_t cpu = behaviours[i]->machine_cpu(*this, static_cast<NodeId>(i));
        for (const NodeId member : members[i]) nodes[member].machine_cpu = cpu;
    }
}

// Clients with a link from somebody who counts what becomes of their requests.
void Sim::load_watchers() {
    for (const EdgeDef& edge : scenario.edges)
        if (is_link(scenario, edge) && behaviours[edge.from]->saw != nullptr) watchers[edge.to] = edge.from;
}

void Sim::spread_tokens() {
    std::vector<std::uint32_t> most(nodes.size(), 0); // on the ways from each node on
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (behaviours[i]->token_bytes != nullptr)
            most[i] = behaviours[i]->token_bytes(*this, static_cast<NodeId>(i));
    for (bool grew = true; grew;) {
        grew = false;
        for (const Edge& edge : edges) {
            if (most[edge.from] >= most[edge.to]) continue;
            most[edge.from] = most[edge.to];
            grew = true;
        }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i)
        token_bytes[i] = (scenario.nodes[i].kind->role & role_client) != 0 ? most[i] : 0;
}

void Sim::configure_edge(EdgeId number) {
    Edge& edge = edges[number];
    const std::vector<double>& given = edge_values[number];
    const NodeId here = place[edge.from];
    const NodeId there = place[edge.to];
    const bool crosses = here != k_no_node && there != k_no_node && here != there;
    edge.distance = crosses ? behaviours[here]->apart(*this, here, there) : 0;
    edge.delay = core::from_ms(given[edge_latency_ms]) + edge.distance;
    edge.constant = given[edge_jitter_cv] == 0 ? 1 : 0;
    edge.varying =
        Distribution::make(core::Shape::gamma, static_cast<double>(edge.delay), given[edge_jitter_cv]);
    edge.ns_per_byte =
        given[edge_bandwidth_mbps] == 0 ? 0 : 8000.0 / given[edge_bandwidth_mbps] * scenario.weight;
    edge.weight = given[edge_weight];
    edge.calls = static_cast<std::uint64_t>(given[edge_calls]);
    edge.carries = static_cast<std::uint8_t>(given[edge_carries]);
    edge.give_up = core::from_ms(given[edge_give_up_ms]);
    // What goes from place to place is paid for: it never skips the wire.
    edge.instant = edge.delay == 0 && edge.ns_per_byte == 0 && edge.cut == 0 && !crosses ? 1 : 0;
    if (edge.constant != 0 && (edge.delay != 0 || edge.ns_per_byte != 0 || crosses)) lay_wires(*this, number);
    refresh_way(number);
}

void Sim::configure(NodeId id) {
    behaviours[id]->configure(*this, id);
    refresh_alone(id);
}

void Sim::refresh_alone(NodeId id) {
    const Behaviour& kind = *behaviours[id];
    const bool chooses = kind.route != nullptr && (kind.routes == nullptr || kind.routes(*this, id));
    alone[id] = nodes[id].instances == 1 && !chooses ? 1 : 0;
}

void Sim::refresh_way(EdgeId number) {
    const Edge& edge = edges[number];
    if (ways.size() <= number) {
        ways.resize(number + 1u);
        expecting.resize(number + 1u);
    }
    const bool alike = edge.constant != 0 && edge.cut == 0 && edge.ns_per_byte == 0;
    const bool nobody_before = edge.out_last == 0 && edge.back_last == 0;
    Goes goes = Goes::rarely;
    if (!watch.any && edge.instant != 0) goes = Goes::at_once;
    if (!watch.any && edge.instant == 0 && alike && nobody_before) goes = Goes::by_wire;
    ways[number] = {edge.to, edge.carries, goes};
    const Behaviour& kind = *behaviours[edge.to];
    expecting[number] = core::k_can_fetch || kind.expect_chooses ? kind.expect : nullptr;
}

SlotId Sim::add_slot(Handler handler, std::uint32_t owner, std::uint16_t channel) {
    const auto made = static_cast<SlotId>(slots.size());
    Slot slot;
    slot.handler = handler;
    slot.owner = owner;
    slot.channel = channel;
    if (handler == Handler::kind) slot.program = static_cast<std::uint8_t>(nodes[owner].program);
    slots.push_back(slot);
    if (made >= queue.slots()) queue.resize(std::max(4u, queue.slots() * 4));
    return made;
}

std::uint32_t Sim::add_cpu(std::uint32_t cores, bool sharing) {
    const auto made = static_cast<std::uint32_t>(cpus.size());
    Cpu cpu;
    cpu.attained_at = now;
    cpu.cores = 0;
    cpus.push_back(cpu);
    shared_jobs.emplace_back();
    if (sharing) station::set_sharing(*this, made, true);
    set_cores(made, cores);
    return made;
}

void Sim::set_cores(std::uint32_t index, std::uint32_t cores) {
    const std::uint32_t used = cpus[index].in_use();
    if (cpus[index].sharing()) station::advance_sharing(*this, cpus[index]);
    cpus[index].cores = cores;
    cpus[index].busy.sum -= (std::uint64_t{cpus[index].in_use()} - used) * now;
    if (cpus[index].sharing()) {
        station::schedule_sharing(*this, index);
        return;
    }
    std::vector<SlotId> made;
    for (std::uint32_t i = cpus[index].slots; i < cores; ++i) made.push_back(add_slot(Handler::cpu, index));
    for (auto slot = made.rbegin(); slot != made.rend(); ++slot) {
        slots[*slot].next_free = cpus[index].free_slot;
        cpus[index].free_slot = *slot;
    }
    cpus[index].slots = std::max(cpus[index].slots, cores);
    station::begin_ready(*this, index);
}

void Sim::reserve_state(NodeId id, std::size_t bytes) {
    constexpr std::size_t k_line = 8; // words of a cache line
    const auto words = static_cast<std::uint32_t>((bytes + 63) / 64 * k_line);
    Node& node = nodes[id];
    if (words <= node.block_words) return;
    const auto fresh = static_cast<std::uint32_t>(arena.size());
    arena.resize(arena.size() + words, 0);
    std::copy_n(arena.begin() + node.block, node.block_words, arena.begin() + fresh);
    node.block = fresh;
    node.block_words = words;
}

} // namespace scale::sim
