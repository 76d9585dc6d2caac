#include "kinds/calls.hpp"

#include <algorithm>
#include <bit>

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

// Whether a cache lacks the value that such requests have settled, or has an old one.
bool is_told(const Sim& sim, const Call* list, std::uint32_t i, RequestClass what) {
    const bool again = i != 0 && list[i - 1].edge == list[i].edge;
    const bool misses = what == RequestClass::write || sim.carries(list[i].edge, what);
    return list[i].kind == CallKind::aside && misses && !again;
}

// The value is settled: those who lack it get it, those who have an old one drop it.
void pass_on(Sim& sim, RequestId id, std::uint32_t which, const Call* list, std::uint32_t count,
             const CallPlan* plan) {
    const Request& request = sim.requests[id];
    const bool writes = request.is_write();
    const std::uint32_t asked = writes ? count : which;
    EdgeId caches[k_told_most];
    std::uint32_t told = 0;
    if (plan != nullptr) {
        std::uint32_t left = plan->told[request.kind] & ((1u << asked) - 1);
        for (; left != 0; left &= left - 1) caches[told++] = list[std::countr_zero(left)].edge;
    } else {
        for (std::uint32_t i = 0; i < asked; ++i)
            if (told < k_told_most && is_told(sim, list, i, request.request_class()))
                caches[told++] = list[i].edge;
    }
    if (told != 0) tell(sim, id, caches, told, writes ? RequestClass::forget : RequestClass::fill);
}

// Whether a store is asked after call `which`.
bool any_later(const Sim& sim, const Request& request, const Frame& here, std::uint32_t which,
               const Call* list, std::uint32_t count, const CallPlan* plan) {
    if (plan != nullptr)
        return (here.aux & k_value_known) == 0 && plan->stores[request.kind] >> (which + 1) != 0;
    return std::any_of(list + which + 1, list + count, [&](const Call& call) {
        return call.kind == CallKind::store && makes(sim, call, request.request_class(), here.aux);
    });
}

} // namespace

CallPlan plan_of(const Sim& sim, const Call* list, std::uint32_t count) {
    CallPlan plan{};
    for (int number = 0; number < sim::k_classes; ++number) {
        const auto what = static_cast<RequestClass>(number);
        for (const int known : {0, 1}) {
            std::uint8_t next = CallPlan::k_most;
            std::fill(std::begin(plan.next[known][number]), std::end(plan.next[known][number]), next);
            for (std::uint32_t i = count; i-- > 0;) {
                const bool made = makes(sim, list[i], what, known != 0 ? k_value_known : 0);
                if (made) next = static_cast<std::uint8_t>(i);
                plan.next[known][number][i] = next;
                const auto bit = static_cast<std::uint8_t>(1u << i);
                if (known == 0 && made && list[i].kind == CallKind::store) plan.stores[number] |= bit;
                if (known == 0 && is_told(sim, list, i, what)) plan.told[number] |= bit;
            }
        }
    }
    return plan;
}

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

bool heed_answer(Sim& sim, RequestId id, std::uint32_t which, const Call* list, std::uint32_t count,
                 const CallPlan* plan) {
    Request& request = sim.requests[id];
    Frame& here = sim.top(id);
    const bool served = static_cast<Outcome>(request.outcome) == Outcome::served;
    const Call call = list[which];
    if (call.kind == CallKind::plain) return served;
    const auto more = [&] { return any_later(sim, request, here, which, list, count, plan); };
    if (call.kind == CallKind::store) {
        if (served && !more()) pass_on(sim, id, which, list, count, plan);
        return served;
    }
    // A cache that is down or full costs time and nothing else while somebody else has the value.
    if (!served) return call.kind == CallKind::aside || more();
    if (request.hit == 0 && call.kind == CallKind::aside) return true;
    request.hit = 0; // it was the cache's, not ours
    here.aux |= k_value_known;
    pass_on(sim, id, which, list, count, plan);
    return true;
}

} // namespace scale::kind
