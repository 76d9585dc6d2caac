// The digest, and the memory that the state takes.
#include "sim/sim.hpp"

namespace scale::sim {

namespace {

template<class T, class A>
void add_all(core::Digest& digest, const std::vector<T, A>& records) {
    digest.add_bytes(records.data(), records.size() * sizeof(T));
}

std::vector<Time> pending_by_slot(const Sim& sim) {
    std::vector<Time> out;
    for (SlotId slot = 0; slot < sim.slots.size(); ++slot) out.push_back(sim.queue.time_of(slot));
    return out;
}

std::vector<SlotState> slot_states(const Sim& sim) { return {sim.slots.begin(), sim.slots.end()}; }

template<class T, class A>
std::size_t bytes(const std::vector<T, A>& records) {
    return records.capacity() * sizeof(T);
}

} // namespace

std::uint64_t Sim::digest() const {
    core::Digest digest;
    for (const std::uint64_t word : {now, measured_from, events, caps_reached, request_count, timer_sequence,
                                     std::uint64_t{next_command}, sharing_count})
        digest.add(word);
    add_all(digest, pending_by_slot(*this));
    digest.add_bytes(timers.begin(), timers.size() * sizeof(core::Entry));
    digest.add_bytes(requests.lines(), requests.bytes());
    add_all(digest, slot_states(*this));
    add_all(digest, wakes);
    add_all(digest, nodes);
    add_all(digest, instances);
    add_all(digest, cpus);
    for (const auto& jobs : shared_jobs)
        for (const SharedJob& job : jobs) {
            digest.add_bytes(&job.done_at, sizeof job.done_at);
            digest.add((std::uint64_t{job.order} << 32) | job.request);
        }
    add_all(digest, edges);
    add_all(digest, wires);
    add_all(digest, streams);
    add_all(digest, patience);
    add_all(digest, failing);
    digest.add_bytes(arena.data(), arena.size() * sizeof(std::uint64_t));
    add_all(digest, tallies);
    add_all(digest, cares);
    for (std::size_t home = 0; home < truths.size(); ++home) {
        add_all(digest, truths[home]);
        add_all(digest, issued[home]);
        if (!twins[home].empty()) add_all(digest, writers[home]);
    }
    for (const std::vector<std::uint32_t>& copy : copies) add_all(digest, copy);
    add_all(digest, demands);
    for (const auto& list : values) add_all(digest, list);
    for (const auto& list : edge_values) add_all(digest, list);
    for (const core::KeyStore& store : stores) digest.add(store.hash());
    for (const core::HashRing& ring : rings) digest.add(ring.hash());
    for (const auto& table : tables) add_all(digest, table);
    for (const core::Histogram& histogram : latency) digest.add(histogram.hash());
    return digest.value();
}

std::size_t Sim::bytes_in_use() const {
    std::size_t total = sizeof(*this) + requests.capacity_bytes() + bytes(slots) + bytes(wakes) +
                        bytes(nodes) + bytes(instances) + bytes(tallies) + bytes(cares) + bytes(demands) +
                        bytes(arena) + bytes(cpus) + bytes(edges) + bytes(wires) + bytes(streams) +
                        bytes(patience) + bytes(latency) + bytes(failing) +
                        timers.size() * sizeof(core::Entry) + queue.memory_bytes();
    for (const auto& jobs : shared_jobs) total += bytes(jobs);
    for (const auto* list : {&copies, &truths, &issued, &writers})
        for (const std::vector<std::uint32_t>& versions : *list) total += bytes(versions);
    for (const core::KeyStore& store : stores) total += store.memory_bytes();
    for (const core::HashRing& ring : rings) total += ring.memory_bytes();
    for (const auto& table : tables) total += bytes(table);
    return total;
}

} // namespace scale::sim
