// One simulated request standing for many real ones: what is true of a part of the design is true of all of
// it.
#include "support.hpp"

#include "scale/analysis.hpp"

using namespace scale;
using namespace scale::theory;

TEST_CASE("A hundredth of a randomly split tier behaves as each of its servers does") {
    Design design(4000, 100);
    const int users = design.add("users", "clients", {{"rate_per_s", 8000}, {"keys", 1}});
    const int balancer =
        design.add("balancer", "balancer", {{"algorithm", "random"}, {"health_interval_s", 0}});
    const int tier = design.add(
        "tier", "server", {{"instances", 100}, {"cores", 1}, {"service_ms", 10}, {"queue_limit", 1000000}});
    design.connect(users, balancer);
    design.connect(balancer, tier);
    design.raw().weight = 100;
    const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
        return Figures{world.totals().latency_ms.mean, world.totals().throughput_per_s,
                       world.node_totals(tier).utilization, world.node_totals(tier).in_flight_mean};
    });
    agrees("response", seen[0], 10 / (1 - 0.8), 0.03);
    agrees("real requests per second", seen[1], 8000, 0.01);
    agrees("utilization", seen[2], 0.8, 0.01);
    agrees("real requests in the tier", seen[3], 100 * 0.8 / (1 - 0.8), 0.04);
    const NodeNow now = World(design.scenario()).node_now(tier);
    CHECK(now.instances == 1);
    CHECK(now.designed() == 100);
}

TEST_CASE("Workers of one machine are divided where instances cannot be") {
    // 64 cores as 4: the load is the same, the price is that of all.
    OneTier whole(400, 20, 3200, {{"cores", 64}, {"service_ms", 10}, {"queue_limit", 1000000}});
    whole.design.raw().weight = 16;
    const std::vector<Interval> seen = over_seeds(whole.design, [&](const World& world) {
        return Figures{world.node_totals(whole.tier).utilization, world.totals().throughput_per_s};
    });
    agrees("utilization", seen[0], 0.5, 0.02);
    agrees("real requests per second", seen[1], 3200, 0.02);
    World world(whole.design.scenario());
    CHECK(world.totals().cost_usd_per_month == 3000); // a machine of 64 cores, not sixteen of four
}

TEST_CASE("A few cores that a weight cannot divide are as busy as the real ones") {
    for (const std::uint32_t weight : {1u, 16u, 40u}) {
        Design design(60, 10);
        const int users =
            design.add("users", "clients", {{"rate_per_s", 16000}, {"keys", 1000}, {"users", 2000}});
        const int web = design.add(
            "web", "server",
            {{"instances", 40}, {"cores", 4}, {"workers", 400}, {"service_ms", 5}, {"sessions", "store"}});
        const int store = design.add("store", "session-store", {{"workers", 4}, {"items", 1000000}});
        const int cache = design.add("cache", "cache", {{"cores", 2}, {"service_ms", 0.05}});
        const int pool = design.add("pool", "server", {{"instances", 5}, {"cores", 20}, {"service_ms", 5}});
        design.connect(users, web);
        design.connect(web, store);
        design.connect(web, cache);
        const int others = design.add("others", "clients", {{"rate_per_s", 15000}});
        design.connect(others, pool);
        design.raw().weight = weight;
        const Prediction theory = predict(design.scenario(), false);
        World world(design.scenario());
        world.run_until(world.duration());
        for (const int node : {web, store, cache, pool}) {
            INFO("weight " << weight << ", node " << node);
            const double expected = theory.nodes[static_cast<std::size_t>(node)].utilization;
            CHECK(world.node_totals(node).utilization == doctest::Approx(expected).epsilon(0.03));
        }
    }
}

TEST_CASE("Tiers on one machine share as many times fewer cores as a request stands for") {
    for (const std::uint32_t weight : {1u, 16u, 40u}) {
        for (const double cores : {64.0, 8.0}) {
            Design design(60, 10);
            const int users = design.add("users", "clients", {{"rate_per_s", 100 * cores}, {"keys", 1000}});
            const int machine = design.add("machine", "machine", {{"cores", cores}});
            const int web = design.add("web", "server", {{"workers", 4000}, {"service_ms", 4}}, "machine");
            const int db = design.add("db", "database", {{"connections", 4000}, {"read_ms", 2}}, "machine");
            design.connect(users, web);
            design.connect(web, db);
            design.raw().weight = weight;
            const Prediction theory = predict(design.scenario(), false);
            World world(design.scenario());
            world.run_until(world.duration());
            CAPTURE(weight);
            CAPTURE(cores);
            for (const int node : {machine, web, db}) {
                INFO("node " << node);
                const double expected = theory.nodes[static_cast<std::size_t>(node)].utilization;
                CHECK(world.node_totals(node).utilization == doctest::Approx(expected).epsilon(0.04));
            }
        }
    }
}

TEST_CASE("Disks are as busy as the real ones, however few reads at once are left of them") {
    for (const std::uint32_t weight : {1u, 16u, 40u}) {
        Design design(60, 10);
        const int db = design.add("db", "database",
                                  {{"cores", 32},
                                   {"connections", 4000},
                                   {"memory_items", 1},
                                   {"disk_ms", 8},
                                   {"disk_parallel", 20}});
        const int files = design.add("files", "object-store",
                                     {{"instances", 4},
                                      {"connections", 4000},
                                      {"disks", 2},
                                      {"disk_reads", 2},
                                      {"disk_ms", 8},
                                      {"disk_parallel", 5},
                                      {"memory_gb", 0}});
        const int index = design.add("index", "search-index",
                                     {{"instances", 2},
                                      {"cores", 64},
                                      {"connections", 4000},
                                      {"documents", 10000000},
                                      {"memory_gb", 1},
                                      {"disk_parallel", 40}});
        for (const int store : {db, files, index}) {
            const int users = design.add(("users-" + std::to_string(store)).c_str(), "clients",
                                         {{"rate_per_s", 1600}, {"keys", 1000000}, {"zipf", 0}});
            design.connect(users, store);
        }
        design.raw().weight = weight;
        const Prediction theory = predict(design.scenario(), false);
        World world(design.scenario());
        world.run_until(world.duration());
        CAPTURE(weight);
        for (const int store : {db, files, index}) {
            CAPTURE(store);
            const int metric =
                design.raw().nodes[static_cast<std::size_t>(store)].kind->metric_index("disk_busy");
            const double expected =
                theory.nodes[static_cast<std::size_t>(store)].metrics[static_cast<std::size_t>(metric)];
            CHECK(expected > 0.2);
            CHECK(expected < 0.8);
            CHECK(world.metric(store, metric) == doctest::Approx(expected).epsilon(0.05));
        }
    }
}

TEST_CASE("A machine that is given other cores while it runs keeps as many times fewer") {
    for (const std::uint32_t weight : {1u, 16u}) {
        Design design(60, 10);
        const int users = design.add("users", "clients", {{"rate_per_s", 6400}, {"keys", 1000}});
        const int machine = design.add("machine", "machine", {{"cores", 64}});
        const int web = design.add(
            "web", "server", {{"workers", 4000}, {"service_ms", 4}, {"queue_limit", 1000000}}, "machine");
        design.connect(users, web);
        design.raw().weight = weight;
        design.at(5, design.command("set", machine, {{"cores", 40}}));
        World world(design.scenario());
        world.run_until(world.duration());
        CAPTURE(weight);
        CHECK(world.node_totals(machine).utilization == doctest::Approx(6400 * 0.004 / 40).epsilon(0.04));
        CHECK(world.node_totals(web).utilization == doctest::Approx(6400 * 0.004 / 40).epsilon(0.04));
    }
}
