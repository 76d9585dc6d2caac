// What a reverse proxy keeps while it runs, how that follows from its parameters, and its figures.
#pragma once

#include "kinds/fetches.hpp"
#include "kinds/guards.hpp"
#include "kinds/proxy_record.hpp"

namespace scale::kind::proxy {

using namespace sim;

struct Way { // an edge down
    Breaker breaker;
    double weight = 1, current = 0; // smooth weighted round robin
    std::uint32_t out = 0;          // calls on their way
    EdgeId edge = k_no_edge;
    std::uint16_t padding = 0;
};

struct Counters {
    std::uint64_t fetches, collapsed, limited, shed, broken, bulkhead_full;
    std::uint64_t trips, timed_out, retried, hedges, hedge_wins, wasted;
};

struct State {
    FetchBook book;
    Breaker::Rules breaking;
    TokenBucket bucket;
    Shedder shedder;
    Counters counted;
    Time timeout, hedge, retry_wait, full_at;
    double retry_budget, retry_tokens;
    std::uint32_t retries, bulkhead, shed_inside, block_keys;
    std::uint32_t inside, ways, user_store, users; // user_store: number in Sim::stores + 1
    std::uint8_t has_work, collapses, cancels, by_user, ready, epoch, padding[2];
};

inline Way* ways(Sim& sim, NodeId id) { return reinterpret_cast<Way*>(&sim.state<State>(id) + 1); }
inline Fetches fetches_of(Sim& sim, NodeId id) { return Fetches(sim, sim.state<State>(id).book); }

void configure(Sim& sim, NodeId id);
// Whether rate limit and load shedding let the request in.
bool admit(Sim& sim, NodeId id, const Request& request);
void measure(Sim& sim, NodeId id);
double metric(const Sim& sim, NodeId id, int index);

} // namespace scale::kind::proxy
