// Looking ahead: in a large design all that an event touches has left the caches since it was touched last,
// and what is needed is found one after the other. The events that come next are known, so that their records
// can be asked for while others are handled. Nothing here decides anything.
#pragma once

#include "sim/request.hpp"

#include <cstddef>

namespace scale::sim {

class Sim;

// From so many nodes on it is worth the 13 ns an event that it takes.
inline constexpr std::size_t k_large_nodes = 1000;

class Ahead {
public:
    void look(Sim& sim, SlotId due); // before each event

private:
    // An event to come: its slot, the node that it begins at, and where requests go on to from there.
    struct Next {
        SlotId slot = 0;
        NodeId node = k_no_node;
        NodeId to = k_no_node;
    };

    void fetch_node(Sim& sim, Next& next) const;
    void fetch_station(Sim& sim, Next& next) const;
    void fetch_queue(Sim& sim, const Next& next) const;

    // The latest first. Each event takes every one of them a step further, to what the step before it has
    // brought.
    static constexpr int k_steps = 4;
    Next next_[k_steps] = {};
    SlotId due_ = 0;
};

} // namespace scale::sim
