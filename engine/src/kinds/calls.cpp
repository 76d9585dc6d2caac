#include "kinds/calls.hpp"

#include <algorithm>

namespace scale::kind {

using sim::EdgeId;
using sim::Frame;
using sim::NodeId;
using sim::Request;
using sim::RequestClass;
using sim::RequestId;
using sim::Sim;

namespace {

constexpr std::uint32_t k_told_most = 16; // caches of one server

bool is_cache(const Call& call) { return call.kind == CallKind::aside || call.kind == CallKind::through; }

// Passes what a store has said on to caches; the caller does not wait.
void tell(Sim& sim, RequestId about, const EdgeId* caches, std::uint32_t count, RequestClass what) {
    const Frame here = sim.top(about);
    const Time asked = (&sim.top(about))[1].entered; // when the store was
    for (std::uint32_t i = 0; i < count; ++i) {
        const RequestId made = sim.launch(here.node, here.instance);
        if (made == sim::k_none) return;
        const Request& known = sim.requests[about];
        Request& sent = sim.requests[made];
        sent.key = known.key;
        sent.version = known.version;
        sent.user = known.user;
        sent.bytes = known.bytes;
        sent.kind = static_cast<std::uint8_t>(what) & 15u;
        sent.born = asked;
        sim.send(sent, sim.frame(made, 0), caches[i]);
    }
}

// The value is settled: those who lack it get it, those who have an old one drop it.
void pass_on(Sim& sim, RequestId id, std::uint32_t which, const Call* list, std::uint32_t count) {
    const Request& request = sim.requests[id];
    const bool writes = request.is_write();
    if (which == 0 && !writes) return; // nobody was asked before
    EdgeId caches[k_told_most];
    std::uint32_t told = 0;
    for (std::uint32_t i = 0; i < (writes ? count : which); ++i) {
        const bool again = i != 0 && list[i - 1].edge == list[i].edge;
        const bool misses = writes || sim.carries(list[i].edge, request);
        if (list[i].kind == CallKind::aside && misses && !again && told < k_told_most)
            caches[told++] = list[i].edge;
    }
    if (told != 0) tell(sim, id, caches, told, writes ? RequestClass::forget : RequestClass::fill);
}

bool any_later(const Sim& sim, const Request& request, const Frame& here, const Call* from, const Call* end) {
    return std::any_of(from, end, [&](const Call& call) {
        return call.kind == CallKind::store && makes(sim, call, request, here.aux);
    });
}

} // namespace

std::vector<Call> calls_of(const Sim& sim, NodeId id, std::size_t most) {
    std::vector<Call> list;
    for (std::uint32_t out = 0; out < sim.nodes[id].outs; ++out) {
        Call call;
        call.edge = sim.out_edge(id, out);
        const NodeId to = sim.edges[call.edge].to;
        const std::uint32_t role = sim.scenario.nodes[to].kind->role;
        const auto fetches = sim.behaviours[to]->fetches;
        if ((role & role_cache) != 0)
            call.kind = fetches != nullptr && fetches(sim, to) ? CallKind::through : CallKind::aside;
        else if ((role & role_store) != 0)
            call.kind = CallKind::store;
        if ((role & role_files) != 0) call.files = 1;
        for (std::uint64_t i = 0; i < sim.edges[call.edge].calls && list.size() < most; ++i)
            list.push_back(call);
    }
    const auto store =
        std::find_if(list.begin(), list.end(), [](const Call& call) { return call.kind == CallKind::store; });
    std::stable_partition(store, list.end(), is_cache);
    return list;
}

bool heed_answer(Sim& sim, RequestId id, std::uint32_t which, const Call* list, std::uint32_t count) {
    Request& request = sim.requests[id];
    Frame& here = sim.top(id);
    const bool served = static_cast<Outcome>(request.outcome) == Outcome::served;
    const Call call = list[which];
    if (call.kind == CallKind::plain) return served;
    const auto more = [&] { return any_later(sim, request, here, list + which + 1, list + count); };
    if (call.kind == CallKind::store) {
        if (served && !more()) pass_on(sim, id, which, list, count);
        return served;
    }
    // A cache that is down or full costs time and nothing else while somebody else has the value.
    if (!served) return call.kind == CallKind::aside || more();
    if (request.hit == 0 && call.kind == CallKind::aside) return true;
    request.hit = 0; // it was the cache's, not ours
    here.aux |= k_value_known;
    pass_on(sim, id, which, list, count);
    return true;
}

} // namespace scale::kind
