#include "kinds/queue_state.hpp"

#include <algorithm>

namespace scale::kind::queue {

namespace {

std::uint32_t count_consumers(const Sim& sim, NodeId id) {
    std::uint32_t count = 0;
    for (std::uint32_t out = 0; out < sim.nodes[id].outs; ++out)
        count += sim.nodes[sim.edges[sim.out_edge(id, out)].to].instances;
    return count;
}

double age(Sim& sim, State& state) {
    Messages all = messages(sim, state);
    Time oldest = sim.now;
    for (const MessageList* list : {&state.book.waiting, &state.book.delayed})
        if (list->count != 0) oldest = std::min(oldest, all[list->head].published);
    return static_cast<double>(sim.now - oldest) / 1e6;
}

double mean_ms(std::uint64_t sum, std::uint64_t count) {
    return count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count) / 1e6;
}

} // namespace

void list_consumers(Sim& sim, NodeId id) {
    const std::uint32_t wanted = count_consumers(sim, id);
    const std::uint32_t had = sim.state<State>(id).line.count;
    sim.reserve_state(id, sizeof(State) + std::max(had, wanted) * sizeof(Consumer));
    State& state = sim.state<State>(id);
    Consumer* const all = consumer_records(sim, id);
    const std::vector<Consumer> before(all, all + had);
    std::uint32_t next = 0;
    for (std::uint32_t out = 0; out < sim.nodes[id].outs; ++out) {
        const EdgeId edge = sim.out_edge(id, out);
        const NodeId to = sim.edges[edge].to;
        for (std::uint32_t i = 0; i < sim.nodes[to].instances; ++i) {
            Consumer made;
            made.edge = edge;
            made.instance = static_cast<std::uint16_t>(i);
            made.window = sim.instance(to, i).workers + state.prefetch;
            for (const Consumer& old : before)
                if (old.edge == made.edge && old.instance == made.instance) made.has = old.has;
            all[next++] = made;
        }
    }
    state.line = {wanted, k_none, k_none, 0};
    consumers(sim, id).refresh();
}

void read_params(const Sim& sim, NodeId id, State& state) {
    const auto value = [&](Param param) { return sim.value(id, param); };
    const auto whole = [&](Param param) { return static_cast<std::uint32_t>(value(param)); };
    const std::uint32_t weight = sim.scenario.weight;
    state.capacity = std::max(1u, whole(capacity) / weight);
    state.prefetch = (whole(prefetch) + weight - 1) / weight;
    state.blocks = value(when_full) == 1 ? 1 : 0;
    state.last_in_first_out = value(order) == 1 ? 1 : 0;
    state.durable = value(durable) != 0 ? 1 : 0;
    state.once = value(delivery) == 1 ? 1 : 0;
    state.copies = whole(copies);
    const std::uint32_t needed = value(wait_for) == 0   ? 1
                                 : value(wait_for) == 1 ? state.copies / 2 + 1
                                                        : state.copies;
    state.further = needed - 1;
    state.copying = distribution(value(write), value(copy_ms), 1);
    state.visibility = core::from_seconds(value(visibility_s));
    // Work that fails at once and is tried again at once would stop the clock.
    state.retry_delay = core::from_ms(std::max(1.0, value(retry_delay_ms)));
    state.deliveries_most = whole(deliveries_most);
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.counted = Counters{};
    state.counted.published = state.book.kept(); // the sums balance
}

double metric(const Sim& seen, NodeId id, int index) {
    Sim& sim = const_cast<Sim&>(seen); // looks only
    State& state = sim.state<State>(id);
    const Counters& counted = state.counted;
    const auto real = [&](std::uint64_t count) { return static_cast<double>(count * sim.scenario.weight); };
    switch (static_cast<Metric>(index)) {
    case published: return real(counted.published);
    case acknowledged: return real(counted.acknowledged);
    case waiting: return real(state.book.waiting.count + state.book.delayed.count);
    case unacknowledged: return real(state.book.delivered.count);
    case Metric::dead: return real(counted.dead);
    case lost: return real(counted.lost);
    case redelivered: return real(counted.redelivered);
    case duplicates: return real(counted.duplicates);
    case out_of_order: return real(counted.out_of_order);
    case age_ms: return age(sim, state);
    case wait_ms: return mean_ms(counted.wait_sum, counted.first_deliveries);
    case done_ms: return mean_ms(counted.done_sum, counted.acknowledged);
    case blocked: return real(state.blocked.count);
    }
    return 0;
}

} // namespace scale::kind::queue
