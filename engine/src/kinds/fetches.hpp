// Calls that a proxy makes for those who wait in it: who waits for which, and which equal requests share one.
// Plain records in a table of the simulation.
#pragma once

#include "sim/sim.hpp"

namespace scale::kind {

using sim::k_none;
using sim::RequestId;
using sim::RequestList;
using sim::Time;

struct Fetch {
    enum State : std::uint8_t { free, going, answering };

    std::uint64_t shared_as = 0; // what equal requests find it by
    RequestList callers;         // parked in the proxy; Request::bytes says which fetch they wait for
    std::uint32_t serial = 0;    // how many fetches had this place before
    Time acts_at = 0;            // when its retry or its hedge is due
    std::uint32_t key = 0, user = 0, bytes = 0, next_free = k_none;
    RequestId tries[2] = {k_none, k_none}; // on their way
    std::uint8_t state = free;
    std::uint8_t kind = 0;      // RequestClass
    std::uint8_t is_shared = 0; // equal requests may join
    std::uint8_t out = 0;       // tries on their way
    std::uint8_t made = 0;      // tries so far
    std::uint8_t failed = 0;    // of them
    std::uint8_t hedged = 0;
    std::uint8_t late = 0; // its tries were counted as failures when it timed out
};
static_assert(sizeof(Fetch) == 64);

struct FetchBook {
    std::uint32_t table = 0;
    std::uint32_t free = k_none;
    std::uint32_t places = 0;
    std::uint32_t store = 0; // number of the key store of those that can be joined
};

class Fetches {
public:
    static constexpr std::uint32_t k_shared_most = 16384; // at once; more go alone

    Fetches(sim::Sim& sim, FetchBook& book) : sim_(sim), book_(book), all_(sim.table<Fetch>(book.table)) {}

    Fetch& operator[](std::uint32_t place) { return all_[place]; }
    bool is_going(std::uint32_t place) const {
        return place < book_.places && all_[place].state == Fetch::going;
    }
    std::uint32_t find(std::uint64_t shared_as) const; // k_none when nobody asks for it now
    std::uint32_t add();
    void share(std::uint32_t place, std::uint64_t as);
    void unshare(std::uint32_t place); // from now on equal requests ask anew
    void remove(std::uint32_t place);

private:
    void grow();

    sim::Sim& sim_;
    FetchBook& book_;
    Fetch* all_;
};

} // namespace scale::kind
