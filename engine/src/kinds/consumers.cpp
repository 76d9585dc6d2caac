#include "kinds/consumers.hpp"

namespace scale::kind {

using namespace sim;

bool Consumers::may_take(const Consumer& consumer) const {
    const Edge& edge = sim_.edges[consumer.edge];
    const Node& node = sim_.nodes[edge.to];
    return consumer.has < consumer.window && edge.cut == 0 && consumer.instance < node.instances &&
           sim_.instance(edge.to, consumer.instance).dead == 0 &&
           !sim_.instance(edge.to, consumer.instance).away();
}

void Consumers::push(std::uint32_t index) {
    Consumer& added = all_[index];
    added.next = k_none;
    added.prev = line_.tail;
    (line_.tail == k_none ? line_.head : all_[line_.tail].next) = index;
    line_.tail = index;
    added.in_line = 1;
}

void Consumers::unlink(std::uint32_t index) {
    Consumer& gone = all_[index];
    (gone.prev == k_none ? line_.head : all_[gone.prev].next) = gone.next;
    (gone.next == k_none ? line_.tail : all_[gone.next].prev) = gone.prev;
    gone.next = gone.prev = k_none;
    gone.in_line = 0;
}

std::uint32_t Consumers::next() {
    while (line_.head != k_none && !may_take(all_[line_.head])) unlink(line_.head);
    return line_.head;
}

void Consumers::took(std::uint32_t index) {
    ++all_[index].has;
    unlink(index);
    if (may_take(all_[index])) push(index);
}

void Consumers::gave_back(NodeId node, EdgeId edge, std::uint16_t instance) {
    std::uint32_t first = 0;
    for (std::uint32_t out = 0; out < sim_.nodes[node].outs && first < line_.count; ++out) {
        if (sim_.out_edge(node, out) == edge) break;
        while (first < line_.count && all_[first].edge == sim_.out_edge(node, out)) ++first;
    }
    const std::uint32_t index = first + instance;
    if (index >= line_.count || all_[index].edge != edge) return; // it was removed meanwhile
    Consumer& consumer = all_[index];
    if (consumer.has > 0) --consumer.has;
    if (consumer.in_line == 0 && may_take(consumer)) push(index);
}

void Consumers::refresh() {
    for (std::uint32_t i = 0; i < line_.count; ++i) {
        const bool may = may_take(all_[i]);
        if (may && all_[i].in_line == 0) push(i);
        if (!may && all_[i].in_line != 0) unlink(i);
    }
}

} // namespace scale::kind
