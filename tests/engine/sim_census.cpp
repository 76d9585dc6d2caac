// The census of requests in flight against what is summed up exactly, and the places where failures begin.
#include <doctest/doctest.h>

#include "sim/sim.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

// The mean over all steps of one figure of a node.
double mean_of(const World& world, int node, float sim::Account::*figure) {
    const sim::Census& census = world.inside().watch.census;
    double sum = 0;
    for (std::size_t step = 0; step < census.steps(); ++step)
        sum += static_cast<double>(census.at(step, static_cast<std::size_t>(node)).*figure);
    return sum / static_cast<double>(census.steps());
}

} // namespace

TEST_CASE("Counted now and then, the numbers waiting and working agree with the exact areas") {
    Design design(400);
    const int users = design.add("users", "clients", {{"rate_per_s", 180}, {"timeout_ms", 0}});
    const int web =
        design.add("web", "server", {{"cores", 2}, {"service_ms", 10}, {"while_waiting", "release"}});
    const int db = design.add("db", "database", {{"connections", 1}, {"read_ms", 4}});
    design.connect(users, web, {{"latency_ms", 20}});
    design.connect(web, db, {{"latency_ms", 3}});
    World world(design.scenario());
    world.run_until(seconds(400));
    const NodeTotals front = world.node_totals(web);
    CHECK(mean_of(world, web, &sim::Account::waiting) == doctest::Approx(front.queue_mean).epsilon(0.06));
    CHECK(mean_of(world, web, &sim::Account::working) ==
          doctest::Approx(front.utilization * 2).epsilon(0.03));
    CHECK(mean_of(world, db, &sim::Account::waiting) ==
          doctest::Approx(world.node_totals(db).queue_mean).epsilon(0.08));
    // There and back: rate x 40 ms, rate x 6 ms.
    CHECK(mean_of(world, web, &sim::Account::network) == doctest::Approx(7.2).epsilon(0.03));
    CHECK(mean_of(world, db, &sim::Account::network) == doctest::Approx(1.08).epsilon(0.05));
}

TEST_CASE("Every failed try is counted once, where it began") {
    Design design(100);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 100}, {"timeout_ms", 300}, {"retries", 2}});
    const int lb = design.add("lb", "balancer", {{"health_interval_s", 0}});
    const int web = design.add("web", "server", {{"cores", 4}, {"workers", 100}, {"service_ms", 5}});
    const int db = design.add("db", "database", {{"connections", 2}, {"read_ms", 30}, {"queue_limit", 30}});
    design.connect(users, lb);
    design.connect(lb, web);
    design.connect(web, db);
    World world(design.scenario());
    world.run_until(seconds(100));
    double ended = 0;
    for (const int node : {users, lb, web, db}) {
        const sim::Census& census = world.inside().watch.census;
        for (std::size_t step = 0; step < census.steps(); ++step)
            ended += static_cast<double>(census.at(step, static_cast<std::size_t>(node)).ended());
    }
    const Counts counts = world.totals().requests;
    // Tries that were sent and neither served nor open: each has failed somewhere.
    const auto failed = static_cast<double>(counts.attempts - counts.completed);
    CHECK(ended <= failed);
    CHECK(ended >= failed - static_cast<double>(counts.in_flight));
    CHECK(mean_of(world, db, &sim::Account::rejected) > 0.5 * ended / 100);
    CHECK(mean_of(world, web, &sim::Account::rejected) == 0);
    CHECK(mean_of(world, lb, &sim::Account::failed) == 0);
}

TEST_CASE("A history that is full doubles its step and keeps its means") {
    Design design(1200);
    const int users = design.add("users", "clients", {{"rate_per_s", 20}, {"timeout_ms", 0}});
    const int web = design.add("web", "server", {{"cores", 1}, {"service_ms", 20}});
    design.connect(users, web, {{"latency_ms", 20}});
    World world(design.scenario());
    world.run_until(seconds(1200));
    const sim::Census& census = world.inside().watch.census;
    CHECK(census.step_s() == 4);
    CHECK(census.steps() == 300);
    CHECK(mean_of(world, users, &sim::Account::asked) == doctest::Approx(20).epsilon(0.05));
    CHECK(mean_of(world, web, &sim::Account::network) == doctest::Approx(0.8).epsilon(0.08));
}
