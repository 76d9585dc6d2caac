// What the calls of a server are to one another. A cache among them is asked before the stores: its answer
// (request.hit, or any answer of a cache that fetches) makes them unnecessary. After a miss and the answer of
// the stores the cache is filled; after a write it is told to forget. Nobody waits for either.
#pragma once

#include "sim/sim.hpp"

#include <vector>

namespace scale::kind {

enum class CallKind : std::uint8_t {
    plain,  // always made
    store,  // not made once a cache has answered
    aside,  // a cache that its caller fills
    through // a cache that fetches by itself
};

struct Call {
    sim::EdgeId edge = 0;
    CallKind kind = CallKind::plain;
    std::uint8_t files = 0; // keeps the assets
};

// Frame::aux of a request that needs no store any more.
inline constexpr std::uint8_t k_value_known = 0x80;

// All calls that a node makes for one request, in the order of its edges, caches before the first store; at
// most that many.
std::vector<Call> calls_of(const sim::Sim& sim, sim::NodeId id, std::size_t most);

inline bool makes(const sim::Sim& sim, const Call& call, sim::RequestClass what, std::uint8_t aux) {
    const bool writes = what == sim::RequestClass::write;
    if (call.kind != CallKind::plain &&
        ((aux & k_value_known) != 0 || (call.kind == CallKind::aside && writes)))
        return false;
    if (what == sim::RequestClass::asset && call.files == 0) return false;
    return sim.carries(call.edge, what);
}

// What follows from a short list, worked out beforehand: which way a request takes nobody can predict, so
// nothing is asked of each call in turn.
struct CallPlan {
    static constexpr std::uint32_t k_most = 4;
    // Whether its value is known, its class, and the first call that it may make: the one it does, or k_most.
    std::uint8_t next[2][sim::k_classes][k_most + 1];
    // A bit per call. Caches that are told about such requests once their value is settled: of reads, those
    // among the calls made before. And the stores that are asked while the value is not known.
    std::uint8_t told[sim::k_classes], stores[sim::k_classes];
};
CallPlan plan_of(const sim::Sim& sim, const Call* list, std::uint32_t count); // at most k_most

// What the answer of call `which` of the list means. False when the request fails with it. References to
// requests and the list do not survive this. Without a plan the list is asked.
bool heed_answer(sim::Sim& sim, sim::RequestId id, std::uint32_t which, const Call* list, std::uint32_t count,
                 const CallPlan* plan);

} // namespace scale::kind
