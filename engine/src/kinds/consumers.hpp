// Who takes messages from a queue: the instances behind its edges, each with a bound of what it may have
// without having acknowledged it. Those that may get more stand in a line, longest idle first.
#pragma once

#include "sim/sim.hpp"

namespace scale::kind {

struct Consumer {
    sim::EdgeId edge = sim::k_no_edge;
    std::uint16_t instance = 0;
    std::uint32_t has = 0;    // delivered to it and not come back
    std::uint32_t window = 0; // at most
    std::uint32_t next = sim::k_none, prev = sim::k_none;
    std::uint32_t in_line = 0;
};

struct ConsumerLine {
    std::uint32_t count = 0; // of all consumers
    std::uint32_t head = sim::k_none, tail = sim::k_none;
    std::uint32_t padding = 0;
};

class Consumers {
public:
    // `line` and the consumers behind it are part of the node's state.
    Consumers(sim::Sim& sim, ConsumerLine& line, Consumer* all) : sim_(sim), line_(line), all_(all) {}

    Consumer& operator[](std::uint32_t index) { return all_[index]; }
    // The next that may get a message, or none; it stays where it is.
    std::uint32_t next();
    void took(std::uint32_t index);
    void gave_back(sim::NodeId node, sim::EdgeId edge, std::uint16_t instance);
    // Everyone who may get something, and nobody else, is in line.
    void refresh();

private:
    bool may_take(const Consumer& consumer) const;
    void push(std::uint32_t index);
    void unlink(std::uint32_t index);

    sim::Sim& sim_;
    ConsumerLine& line_;
    Consumer* all_;
};

} // namespace scale::kind
