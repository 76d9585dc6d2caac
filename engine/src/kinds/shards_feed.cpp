// Writes on their way to another store. What does not arrive is sent again, later and later, until it does.
#include "kinds/shards_feed.hpp"

#include <algorithm>

namespace scale::kind::sharding {

namespace {

constexpr std::uint32_t k_write_bytes = 500; // of a log record on the wire
constexpr std::uint8_t k_doublings_most = 5; // from a wait of a second on

void send_on(Sim& sim, RequestId made, EdgeId edge) {
    sim::Frame& here = sim.frame(made, 0);
    here.stage = at_feed;
    sim.send(sim.requests[made], here, edge);
}

// Which of its links a request is for is kept where a retry's number would be: they are few.
EdgeId feed_of(const Sim& sim, const Request& request, NodeId id) {
    return sim.out_edge(id, request.attempt);
}

} // namespace

bool is_feed(const Sim& sim, EdgeId edge) {
    const sim::Edge& way = sim.edges[edge];
    const KindRecord& source = *sim.scenario.nodes[way.from].kind;
    return way.from != way.to && (source.role & role_store) != 0 && (source.links & role_store) != 0;
}

void set_up_feeds(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    bool linked = false;
    for (std::size_t i = 0; i < sim.edges.size(); ++i) {
        const bool mine = sim.edges[i].from == id || sim.edges[i].to == id;
        linked = linked || (mine && is_feed(sim, static_cast<EdgeId>(i)));
    }
    if (!linked || state.copy != 0) return;
    sim.copies.emplace_back();
    state.copy = static_cast<std::uint32_t>(sim.copies.size());
}

void feed(Sim& sim, NodeId id, std::uint32_t key, std::uint32_t user, std::uint32_t version) {
    if (sim.state<State>(id).copy == 0) return;
    sim.learn(sim.state<State>(id).copy - 1, key, version);
    const std::uint32_t links = std::min<std::uint32_t>(sim.nodes[id].outs, 15);
    for (std::uint32_t i = 0; i < links; ++i) {
        const EdgeId edge = sim.out_edge(id, i);
        if (sim.edges[edge].to == id) continue;
        const RequestId made = sim.launch(id, sim::k_any_instance); // on disk: outlives its shard
        if (made == sim::k_none) continue;
        Request& request = sim.requests[made];
        request.kind = static_cast<unsigned>(sim::RequestClass::write) & 15u;
        request.key = key;
        request.user = user;
        request.version = version;
        request.bytes = k_write_bytes;
        request.attempt = i & 15u;
        sim.frame(made, 0).aux = 0;
        ++sim.state<State>(id).on_the_way;
        send_on(sim, made, edge);
    }
}

void take_in(Sim& sim, NodeId id, std::uint32_t key, std::uint32_t version) {
    const std::uint32_t copy = sim.state<State>(id).copy - 1;
    if (sim.known(copy, key) < version) sim.learn(copy, key, version);
}

std::uint32_t version_here(Sim& sim, NodeId id, std::uint32_t key) {
    State& state = sim.state<State>(id);
    const std::uint32_t latest = sim.latest(id, key);
    if (state.copy == 0) return latest;
    const std::uint32_t known = sim.stamp(id, sim.known(state.copy - 1, key));
    if (known < latest) ++state.behind;
    return known;
}

void feed_returned(Sim& sim, Request& request) {
    const RequestId made = sim.id_of(request);
    sim::Frame& here = sim.frame(made, 0);
    if (static_cast<Outcome>(request.outcome) == Outcome::served) {
        State& state = sim.state<State>(here.node);
        --state.on_the_way;
        ++state.fed;
        sim.release(made);
        return;
    }
    // Twice as long every time, and not all at the same moment: what has piled up must not come at once.
    const Time whole = core::k_second << here.aux;
    const Time part = core::mix(request.key ^ (std::uint64_t{request.version} << 32)) % whole;
    if (here.aux < k_doublings_most) ++here.aux;
    sim.wait(request, whole / 2 + part);
}

void feed_again(Sim& sim, Request& request) {
    const RequestId made = sim.id_of(request);
    send_on(sim, made, feed_of(sim, request, sim.frame(made, 0).node));
}

} // namespace scale::kind::sharding
