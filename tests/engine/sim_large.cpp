// Designs with more nodes than the caches hold: there the engine asks for records before they are needed.
#include <doctest/doctest.h>

#include <string>

#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

constexpr int k_chain = 4; // nodes

// Chains that have nothing to do with one another: with wires and without, patient and not, with a queue that
// is often full; in each a server fails and comes back.
Design chains(int count) {
    Design design(1);
    for (int i = 0; i < count; ++i) {
        const auto name = [i](const char* kind) { return kind + std::to_string(i); };
        const int clients = design.add(name("clients").c_str(), "clients",
                                       {{"rate_per_s", 800}, {"timeout_ms", i % 2 == 0 ? 8 : 0}});
        const int balancer = design.add(name("balancer").c_str(), "balancer", {{"service_ms", 0.5}});
        const int web =
            design.add(name("web").c_str(), "server",
                       {{"cores", 2}, {"instances", 2}, {"service_ms", 3}, {"queue_limit", 10 + i % 3}});
        const int database = design.add(name("database").c_str(), "database", {{"read_ms", 1}});
        const double wire_ms = i % 3 == 0 ? 1 : 0;
        design.connect(clients, balancer, {{"latency_ms", wire_ms}});
        design.connect(balancer, web, {{"latency_ms", 0}});
        design.connect(web, database, {{"latency_ms", wire_ms}});
    }
    for (int i = 0; i < count; ++i) design.at(0.3, design.command("kill", i * k_chain + 2, {}, 0));
    for (int i = 0; i < count; ++i) design.at(0.6, design.command("restore", i * k_chain + 2, {}, 0));
    return design;
}

} // namespace

TEST_CASE("A chain does in a crowd of a thousand nodes what it does alone") {
    constexpr int k_crowd = 260; // above sim::k_large_nodes nodes
    Scenario crowd = chains(k_crowd).raw();
    Scenario few = chains(3).raw();
    World large(crowd);
    World alone(few);
    large.run_until(seconds(1));
    alone.run_until(seconds(1));
    for (int node = 0; node < 3 * k_chain; ++node) {
        CAPTURE(node);
        const NodeTotals a = large.node_totals(node);
        const NodeTotals b = alone.node_totals(node);
        CHECK(a.completed > 0);
        CHECK(a.arrivals == b.arrivals);
        CHECK(a.completed == b.completed);
        CHECK(a.failed == b.failed);
        CHECK(a.rejected == b.rejected);
        CHECK(a.latency_ms.mean == b.latency_ms.mean);
        CHECK(a.latency_ms.max == b.latency_ms.max);
    }
}
