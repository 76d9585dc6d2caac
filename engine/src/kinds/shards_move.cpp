// Resharding: which keys move is found key by key; they go in chunks of the key space, as batches of real
// work at source and target, no faster than the line. A chunk that fails is tried again.
#include "kinds/shards_move.hpp"
#include "kinds/shards_layout.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind::sharding {

namespace {

constexpr std::uint32_t k_line_free = 1, k_again = 2; // tokens of timers

Plan& plan(Sim& sim, const State& state, std::uint32_t chunk, std::uint32_t shard) {
    return sim.table<Plan>(state.plan)[chunk * k_instances + shard];
}

void make_plan(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    auto& table = sim.tables[state.plan];
    table.assign(std::size_t{k_chunks} * k_instances * sizeof(Plan) / sizeof(std::uint64_t), 0);
    const double* const added = sim.table<double>(state.added);
    const double per_slot = static_cast<double>(state.keys) / k_slots;
    const std::vector<NodeId> homes = homes_of_users(sim);
    std::uint32_t moved = 0;
    for (std::uint32_t item = 0; item < state.keys; ++item) {
        const std::uint64_t where = token_of_item(state, state.now, item, homes);
        const std::uint32_t from = owner(sim, state.now, where);
        const std::uint32_t to = owner(sim, state.next, token_of_item(state, state.next, item, homes));
        if (from == to) continue;
        ++moved;
        const double bytes = state.row_bytes + added[slot_of(where)] / per_slot;
        Plan& source = plan(sim, state, chunk_of(where), from);
        Plan& target = plan(sim, state, chunk_of(where), to);
        ++source.rows_out;
        ++target.rows_in;
        source.bytes_out += bytes;
        target.bytes_in += bytes;
    }
    state.moved_share = static_cast<double>(moved) / state.keys;
}

// So many batches at a shard as its rows take time.
void send_batches(Sim& sim, NodeId id, std::uint32_t shard, std::uint64_t rows) {
    const double work_ms = static_cast<double>(rows) * sim.value(id, move_row_ms) / sim.scenario.weight;
    constexpr double k_batches_most = 1000;
    const auto count = static_cast<std::uint32_t>(std::min(work_ms / k_batch_ms + 0.5, k_batches_most));
    for (std::uint32_t i = 0; i < count; ++i) {
        const RequestId made = sim.launch(id, sim::k_any_instance); // at none: only its work is
        if (made == sim::k_none) {
            sim.state<State>(id).failed = 1;
            return;
        }
        ++sim.state<State>(id).batches;
        sim::Frame& origin = sim.frame(made, 0);
        origin.stage = at_move;
        sim.send(sim.requests[made], origin, static_cast<EdgeId>(sim.state<State>(id).self_edge),
                 static_cast<std::uint16_t>(shard));
    }
}

void start_chunk(Sim& sim, NodeId id) {
    double most = 0;
    {
        State& state = sim.state<State>(id);
        state.failed = 0;
        state.line_busy = 1;
        state.batches = 1; // this function's own, so that nothing ends before all is sent
        for (std::uint32_t shard = 0; shard < k_instances; ++shard) {
            const Plan& part = plan(sim, state, state.chunk, shard);
            most = std::max(most, std::max(part.bytes_out, part.bytes_in));
        }
    }
    for (std::uint32_t shard = 0; shard < k_instances; ++shard) {
        const Plan part = plan(sim, sim.state<State>(id), sim.state<State>(id).chunk, shard);
        send_batches(sim, id, shard, part.rows_out);
        send_batches(sim, id, shard, part.rows_in);
    }
    const double ns = most * 8000 / sim.value(id, move_mbps);
    sim.wake(id, k_line_free, std::max<Time>(1, core::from_ns(ns)));
    --sim.state<State>(id).batches;
}

void finish_moving(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    std::swap(state.now, state.next);
    state.moving = 0;
    weigh(sim, id);
    sim.settle_capacity();
    size_up(sim, id);
    sim.note(Happening::scaled, id);
    if (!same(wanted_layout(sim, id), sim.state<State>(id).now)) start_moving(sim, id);
    sim.refresh_callers(id);
}

void finish_chunk(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    if (state.failed != 0) {
        sim.wake(id, k_again, core::k_second);
        return;
    }
    for (std::uint32_t shard = 0; shard < k_instances; ++shard) {
        const Plan& part = plan(sim, state, state.chunk, shard);
        state.bytes[shard] += part.bytes_in - part.bytes_out;
        state.moved_bytes += part.bytes_out;
    }
    if (++state.chunk < k_chunks)
        start_chunk(sim, id);
    else
        finish_moving(sim, id);
}

} // namespace

void start_moving(Sim& sim, NodeId id) {
    {
        State& state = sim.state<State>(id);
        state.next = wanted_layout(sim, id);
        state.moving = 1;
        state.chunk = 0;
        lay_out(sim, id, state.next, &state.now);
    }
    make_plan(sim, id);
    sim.settle_capacity();
    size_up(sim, id);
    start_chunk(sim, id);
}

// The last batch of a chunk may come back before its line is free, or after.
void batch_done(Sim& sim, NodeId id, bool served) {
    State& state = sim.state<State>(id);
    if (!served) state.failed = 1;
    if (--state.batches == 0 && state.line_busy == 0) sim.wake(id, k_line_free, 0);
}

void move_wake(Sim& sim, NodeId id, std::uint32_t which) {
    State& state = sim.state<State>(id);
    if (state.moving == 0) return;
    if (which == k_again) {
        start_chunk(sim, id);
        return;
    }
    state.line_busy = 0;
    if (state.batches == 0) finish_chunk(sim, id);
}

} // namespace scale::kind::sharding
