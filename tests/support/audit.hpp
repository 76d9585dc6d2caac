// What must hold of any world at any moment between two events.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "scale/world.hpp"
#include "sim/sim.hpp"
#include "support/metric.hpp"

namespace scale::tests {

inline bool is_sane(double value) { return std::isfinite(value) && value >= 0; }

inline bool is_sane(const Latency& latency) {
    for (const double value :
         {latency.mean, latency.p50, latency.p90, latency.p95, latency.p99, latency.p999, latency.max})
        if (!is_sane(value)) return false;
    // Buckets are 0.5 % wide; the largest and the mean are exact.
    return latency.p50 <= latency.p90 && latency.p90 <= latency.p99 && latency.p99 <= latency.p999 &&
           latency.p999 <= latency.max * 1.005 + 1e-6 && latency.mean <= latency.max * (1 + 1e-9);
}

inline bool is_share(double value) { return std::isfinite(value) && value >= 0 && value <= 1 + 1e-9; }

// Every message is somewhere: exact, at any moment.
inline void audit_messages(const World& world, int node) {
    const auto count = [&](const char* id) { return figures::metric(world, node, id); };
    CHECK(count("published") ==
          count("acknowledged") + count("dead") + count("waiting") + count("unacknowledged") + count("lost"));
    CHECK(static_cast<double>(world.node_now(node).stored) == count("waiting"));
}

inline void audit_node(const World& world, int node) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(node)].kind;
    CAPTURE(world.scenario().nodes[static_cast<std::size_t>(node)].id);
    const NodeTotals totals = world.node_totals(node);
    CHECK(is_share(totals.utilization));
    CHECK(is_share(totals.workers_busy));
    CHECK(is_sane(totals.latency_ms));
    for (const double value : {totals.queue_mean, totals.in_flight_mean, totals.wait_ms_mean,
                               totals.throughput_per_s, totals.cost_usd_per_month})
        CHECK(is_sane(value));
    const NodeNow now = world.node_now(node);
    CHECK(is_share(now.busy));
    CHECK(is_share(now.busy_last_s));
    CHECK(now.instances_up <= now.instances);
    CHECK(now.queue <= now.in_flight + now.stored);
    CHECK(now.in_flight <= (std::uint64_t{1} << 24) * world.scenario().weight);
    for (std::size_t i = 0; i < kind.metrics.size(); ++i) {
        CAPTURE(std::string(kind.metrics[i].id));
        const double value = world.metric(node, static_cast<int>(i));
        CHECK(is_sane(value));
        if (kind.metrics[i].format == MetricFormat::ratio) CHECK(is_share(value));
    }
    if (std::string_view(kind.id) == "queue") audit_messages(world, node);
}

inline void audit(const World& world) {
    const Totals totals = world.totals();
    const Counts& counts = totals.requests;
    CHECK(counts.offered ==
          counts.completed + counts.failed + counts.timed_out + counts.rejected + counts.in_flight);
    CHECK(counts.in_flight <= counts.offered);
    CHECK(is_share(totals.availability));
    CHECK(is_sane(totals.latency_ms));
    CHECK(is_sane(totals.throughput_per_s));
    CHECK(is_sane(totals.cost_usd_per_month));
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i) audit_node(world, static_cast<int>(i));
}

// Those on a wire are listed in the order in which they arrive, and the first of them is what is pending.
inline void audit_wires(const sim::Sim& inner) {
    for (std::uint32_t number = 0; number < inner.wires.size(); ++number) {
        const sim::Wire& wire = inner.wires[number];
        std::uint32_t count = 0;
        sim::Time last = 0;
        for (sim::RequestId id = wire.list.head; id != sim::k_none; id = inner.requests[id].next) {
            const sim::Request& request = inner.requests[id];
            const bool here = request.where == sim::Where::out || request.where == sim::Where::back;
            CHECK((here && request.slot == number));
            CHECK(request.due >= last);
            last = request.due;
            ++count;
        }
        CHECK(count == wire.list.count);
        const bool idle = wire.list.head == sim::k_none;
        CHECK(inner.queue.time_of(wire.slot) == (idle ? core::k_never : inner.requests[wire.list.head].due));
    }
}

// Counts the frames of every request in flight and compares with what the nodes say they hold. Looks inside.
inline void audit_deeply(const World& world) {
    const Snapshot copy = world.snapshot();
    sim::Sim& inner = const_cast<sim::Sim&>(*copy.state); // frames are found through a non-const face
    audit_wires(inner);
    std::vector<std::uint64_t> inside(inner.nodes.size(), 0);
    std::vector<std::uint64_t> waiting(inner.nodes.size(), 0);
    for (sim::RequestId id = 0; id < inner.requests.size(); ++id) {
        const sim::Request& request = inner.requests[id];
        if (request.where == sim::Where::free) continue;
        const bool on_its_way = request.where == sim::Where::out || request.where == sim::Where::out_timer ||
                                request.where == sim::Where::lost_out;
        // A node's own work counts where it was sent, not where it came from.
        const bool own = !inner.watch.is_client[inner.frame(id, 0).node];
        for (int depth = own && request.base == 0 ? 1 : request.base;
             depth < request.depth - (on_its_way ? 1 : 0); ++depth)
            ++inside[inner.frame(id, depth).node];
        if (request.where == sim::Where::queued) ++waiting[inner.top(id).node];
    }
    for (std::size_t i = 0; i < inside.size(); ++i) {
        CAPTURE(world.scenario().nodes[i].id);
        const NodeNow now = world.node_now(static_cast<int>(i));
        CHECK(inside[i] * world.scenario().weight == now.in_flight);
        CHECK(waiting[i] * world.scenario().weight == now.queue - now.stored);
    }
}

} // namespace scale::tests
