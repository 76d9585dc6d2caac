// What the public face tells about a node and about the whole.
#include "scale/world.hpp"
#include "sim/sim.hpp"

#include <algorithm>

namespace scale {

using sim::NodeId;

namespace {

Latency latency_of(const core::Histogram& seen) {
    Latency out;
    out.mean = seen.mean() / 1e6;
    out.p50 = core::to_ms(seen.quantile(0.5));
    out.p90 = core::to_ms(seen.quantile(0.9));
    out.p95 = core::to_ms(seen.quantile(0.95));
    out.p99 = core::to_ms(seen.quantile(0.99));
    out.p999 = core::to_ms(seen.quantile(0.999));
    out.max = core::to_ms(seen.max);
    return out;
}

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

// What finishes on an instance that was removed meanwhile is used but no longer offered: hence the bound.
double used(std::uint64_t area, double offered) {
    return std::min(1.0, share(static_cast<double>(area), offered));
}

InstanceState state_of(const sim::Instance& instance) {
    if (instance.dead == sim::k_booting) return InstanceState::booting;
    if (instance.dead != 0) return InstanceState::dead;
    if (instance.draining != 0) return InstanceState::draining;
    if (instance.ejected != 0) return InstanceState::ejected;
    return instance.slow > 1 ? InstanceState::slow : InstanceState::up;
}

} // namespace

Totals World::totals() const {
    Totals out;
    core::Histogram all;
    for (std::size_t i = 0; i < sim_->nodes.size(); ++i) {
        const auto id = static_cast<NodeId>(i);
        out.cost_usd_per_month += sim_->cost(id);
        if (!sim_->watch.is_client[i]) continue;
        const sim::Tally& node = sim_->tallies[i];
        out.requests.offered += node.asked;
        out.requests.completed += sim_->nodes[i].completed;
        out.requests.failed += node.failed;
        out.requests.timed_out += node.timed_out;
        out.requests.rejected += node.rejected;
        out.requests.in_flight += node.open;
        out.requests.attempts += node.attempts;
        all.merge(sim_->latency[i]);
    }
    for (std::uint64_t* count :
         {&out.requests.offered, &out.requests.completed, &out.requests.failed, &out.requests.timed_out,
          &out.requests.rejected, &out.requests.in_flight, &out.requests.attempts})
        *count *= sim_->scenario.weight; // real requests
    out.latency_ms = latency_of(all);
    out.measured_s = sim_->measured_ns() / 1e9;
    const auto completed = static_cast<double>(out.requests.completed);
    out.throughput_per_s = share(completed, out.measured_s);
    const std::uint64_t finished = out.requests.offered - out.requests.in_flight;
    out.availability = finished == 0 ? 1 : completed / static_cast<double>(finished);
    out.events = sim_->events;
    out.caps_reached = sim_->caps_reached;
    return out;
}

NodeNow World::node_now(int node) const {
    const auto id = static_cast<NodeId>(node);
    const sim::Node& seen = sim_->nodes[id];
    const sim::Capacity capacity = sim_->capacity(id);
    NodeNow out;
    out.instances = seen.instances;
    out.stands_for = sim_->parts[id].instances;
    out.instances_up = 0;
    bool any_slow = false;
    bool any_ejected = false;
    bool any_booting = false;
    bool any_draining = false;
    for (std::uint32_t i = 0; i < seen.instances; ++i) {
        const InstanceState state = state_of(sim_->instance(id, i));
        any_slow = any_slow || state == InstanceState::slow;
        any_ejected = any_ejected || state == InstanceState::ejected;
        any_booting = any_booting || state == InstanceState::booting;
        any_draining = any_draining || state == InstanceState::draining;
        if (state != InstanceState::dead && state != InstanceState::booting) ++out.instances_up;
    }
    if (out.instances_up == 0)
        out.state = any_booting ? InstanceState::booting : InstanceState::dead;
    else if (any_ejected)
        out.state = InstanceState::ejected;
    else if (any_slow)
        out.state = InstanceState::slow;
    else if (any_draining)
        out.state = InstanceState::draining;
    out.busy = std::min(1.0, std::max(share(static_cast<double>(capacity.running), capacity.cores),
                                      share(static_cast<double>(capacity.held), capacity.workers)));
    const std::uint64_t weight = sim_->scenario.weight;
    out.queue = capacity.waiting * weight;
    out.in_flight = (sim_->watch.is_client[id] ? sim_->tallies[id].open : sim_->inside(id)) * weight;
    out.stored = sim_->tallies[id].stored * weight;
    const Point& last = sim_->watch.last_second[id];
    out.rate_per_s = static_cast<double>(last.arrivals_per_s);
    out.failed_per_s = static_cast<double>(last.failed_per_s);
    out.busy_last_s = static_cast<double>(last.busy);
    return out;
}

InstanceNow World::instance_now(int node, int instance) const {
    const auto id = static_cast<NodeId>(node);
    const sim::Instance& seen = sim_->instance(id, static_cast<std::uint32_t>(instance));
    const sim::Cpu& cpu = sim_->cpus[seen.cpu];
    InstanceNow out;
    out.state = state_of(seen);
    out.busy = std::min(1.0, std::max(share(cpu.running, cpu.cores), share(seen.held, seen.workers)));
    out.queue = std::uint64_t{seen.waiting.count} * sim_->scenario.weight;
    return out;
}

NodeTotals World::node_totals(int node) const {
    const auto id = static_cast<NodeId>(node);
    const sim::Node& seen = sim_->nodes[id];
    const sim::Capacity capacity = sim_->capacity(id);
    const double time = sim_->measured_ns();
    NodeTotals out;
    const sim::Tally& tally = sim_->tallies[id];
    const std::uint64_t weight = sim_->scenario.weight;
    out.arrivals = (sim_->watch.is_client[id] ? tally.asked : sim_->arrivals(id)) * weight;
    out.completed = seen.completed * weight;
    out.failed = (tally.failed + tally.timed_out) * weight;
    out.rejected = tally.rejected * weight;
    out.utilization = used(capacity.busy_area, capacity.core_time);
    out.workers_busy = used(capacity.held_area, capacity.worker_time);
    const auto real = static_cast<double>(weight);
    out.queue_mean = real * share(static_cast<double>(capacity.queue_area), time);
    out.in_flight_mean = real * share(static_cast<double>(capacity.queue_area + capacity.held_area), time);
    out.wait_ms_mean = share(static_cast<double>(seen.wait_sum), static_cast<double>(seen.served)) / 1e6;
    out.throughput_per_s = share(static_cast<double>(out.completed), time / 1e9);
    out.latency_ms = latency_of(sim_->latency[id]);
    out.cost_usd_per_month = sim_->cost(id);
    return out;
}

double World::metric(int node, int metric) const {
    const auto id = static_cast<NodeId>(node);
    const sim::Behaviour& behaviour = *sim_->behaviours[id];
    return behaviour.metric == nullptr ? 0 : behaviour.metric(*sim_, id, metric);
}

void World::latency_buckets(std::vector<double>& upper_ms, std::vector<std::uint64_t>& counts) const {
    core::Histogram all;
    for (std::size_t i = 0; i < sim_->nodes.size(); ++i)
        if (sim_->watch.is_client[i]) all.merge(sim_->latency[i]);
    upper_ms.clear();
    counts.clear();
    for (std::uint32_t i = all.lowest_used(); i <= all.highest_used() && all.count != 0; ++i) {
        upper_ms.push_back(core::to_ms(core::Histogram::bucket_value(i)));
        counts.push_back(all.counters[i]);
    }
}

} // namespace scale

namespace scale::sim {

Capacity Sim::capacity(NodeId id) const {
    const Node& node = nodes[id];
    Capacity out;
    std::uint32_t last_cpu = k_none;
    bool cores_counted = false;
    for (std::uint32_t i = 0; i < node.instance_room; ++i) {
        const Instance& seen = instance(id, i);
        out.held_area += seen.held_area.at(now, seen.held);
        out.queue_area += seen.queue_area.at(now, seen.waiting.count);
        out.held += seen.held;
        out.waiting += seen.waiting.count;
        const bool counts = i < node.instances && seen.dead == 0;
        if (counts) out.workers += seen.workers * parts[id].worker;
        const Cpu& cpu = cpus[seen.cpu];
        if (seen.cpu != last_cpu) { // instances on one machine share it
            last_cpu = seen.cpu;
            cores_counted = false;
            out.busy_area += cpu.busy.at(now, cpu.in_use());
            out.running += cpu.in_use();
        }
        if (counts && !cores_counted) out.cores += cpu.cores * parts[id].core;
        cores_counted = cores_counted || counts;
    }
    const Tally& tally = tallies[id];
    out.queue_area += tally.stored_area.at(now, tally.stored);
    out.waiting += tally.stored;
    const auto passed = static_cast<double>(now - std::max(tally.capacity_since, measured_from));
    out.core_time = tally.core_time + out.cores * passed;
    out.worker_time = tally.worker_time + out.workers * passed;
    if (out.cores <= 0) out.cores = 1;
    if (out.workers <= 0) out.workers = 1;
    return out;
}

void Sim::settle_capacity() {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Capacity capacity = this->capacity(static_cast<NodeId>(i));
        tallies[i].core_time = capacity.core_time;
        tallies[i].worker_time = capacity.worker_time;
        tallies[i].capacity_since = now;
    }
}

std::uint64_t Sim::arrivals(NodeId id) const {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < nodes[id].instance_room; ++i) sum += instance(id, i).arrivals;
    return sum;
}

std::uint64_t Sim::inside(NodeId id) const {
    const Tally& tally = tallies[id];
    return tally.inside_at_start + arrivals(id) - nodes[id].completed - tally.failed - tally.rejected;
}

bool Sim::alive(NodeId id) const {
    for (std::uint32_t i = 0; i < nodes[id].instances; ++i)
        if (instance(id, i).dead == 0) return true;
    return false;
}

bool Sim::within(NodeId id, NodeId around) const {
    for (NodeId at = group[id]; at != k_no_node; at = group[at])
        if (at == around) return true;
    return false;
}

double Sim::cost(NodeId id) const {
    const Behaviour& behaviour = *behaviours[id];
    return behaviour.cost_usd_per_month == nullptr ? 0 : behaviour.cost_usd_per_month(*this, id);
}

} // namespace scale::sim
