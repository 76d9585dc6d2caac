// What is true of a key: stores that have nothing to do with one another do not make each other's values old,
// and what was written to one is not found in the other.
#include <doctest/doctest.h>

#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

#include <ctime>
#include <string>
#include <vector>

using namespace scale;
using namespace scale::tests;

namespace {

double figure(const World& world, int node, const char* id) { return figures::metric(world, node, id); }

} // namespace

TEST_CASE("Writes to one store leave what caches hold of another one true") {
    for (const bool same : {false, true}) {
        CAPTURE(same);
        Design design(120);
        const int readers = design.add("readers", "clients",
                                       {{"rate_per_s", 200}, {"pages", 1}, {"writes", 0}, {"keys", 500}});
        const int writers = design.add("writers", "clients",
                                       {{"rate_per_s", 50}, {"pages", 0}, {"writes", 1}, {"keys", 500}});
        const int web = design.add("web", "server", {{"instances", 2}, {"cores", 4}, {"service_ms", 1}});
        const int cache = design.add("cache", "cache", {{"items", 1000}});
        const int users_db = design.add("users-db", "database", {{"connections", 16}});
        const int orders_db = design.add("orders-db", "database", {{"connections", 16}});
        design.connect(readers, web);
        design.connect(web, cache);
        design.connect(web, users_db);
        design.connect(writers, same ? users_db : orders_db);
        World world(design.scenario());
        world.run_until(seconds(120));
        CHECK(figure(world, cache, "hit_ratio") > 0.9);
        CHECK((figure(world, cache, "stale_ratio") > 0.5) == same);
        if (!same) CHECK(figure(world, cache, "stale_ratio") == 0);
    }
}

TEST_CASE("A write that goes to two stores is a write of each: neither cache of theirs is left behind") {
    Design design(120);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 200}, {"pages", 5}, {"writes", 1}, {"keys", 200}});
    const int web = design.add("web", "server", {{"instances", 2}, {"cores", 4}, {"service_ms", 1}});
    const int first = design.add("first", "nosql", {{"instances", 3}});
    const int cache = design.add("cache", "cache", {{"strategy", "write-through"}, {"items", 1000}});
    const int second = design.add("second", "database", {{"connections", 16}});
    design.connect(users, web);
    design.connect(web, first);
    design.connect(web, cache);
    design.connect(cache, second);
    World world(design.scenario());
    world.run_until(seconds(120));
    CHECK(figure(world, cache, "hit_ratio") > 0.5);
    CHECK(figure(world, cache, "stale_ratio") < 0.02);
    CHECK(world.node_totals(second).completed > 3000);
    audit_deeply(world);
}

TEST_CASE(
    "After a failover of names what was written elsewhere is not found, unless the data is replicated") {
    for (const bool replicated : {false, true}) {
        CAPTURE(replicated);
        Design design(200);
        const int users = design.add(
            "users", "clients",
            {{"rate_per_s", 100}, {"users", 500}, {"pages", 1}, {"writes", 1}, {"keys", 100}, {"zipf", 0}});
        const int dns = design.add(
            "dns", "dns",
            {{"policy", "failover"}, {"ttl_s", 5}, {"health_interval_s", 2}, {"health_threshold", 2}});
        const int seoul = design.add("seoul", "server", {{"cores", 8}, {"service_ms", 1}});
        const int virginia = design.add("virginia", "server", {{"cores", 8}, {"service_ms", 1}});
        const int db_seoul = design.add("db-seoul", "database", {{"connections", 32}});
        const int db_virginia = design.add("db-virginia", "database", {{"connections", 32}});
        design.connect(users, dns);
        design.connect(users, seoul);
        design.connect(users, virginia);
        design.connect(seoul, db_seoul);
        design.connect(virginia, db_virginia);
        if (replicated) design.connect(db_seoul, db_virginia, {{"latency_ms", 20}});
        World world(design.scenario());
        world.run_until(seconds(50));
        CHECK(figure(world, db_seoul, "not_found") == 0);
        CHECK(!world.apply(design.command("kill", seoul)));
        world.run_until(seconds(70));
        const double at_first = figure(world, db_virginia, "not_found");
        world.run_until(seconds(100));
        if (replicated)
            CHECK(figure(world, db_virginia, "not_found") == 0);
        else
            CHECK(at_first > 50); // all 100 keys were written, none of them here
        // What they write here they find here.
        CHECK(figure(world, db_virginia, "not_found") == at_first);
        audit_deeply(world);
    }
}

TEST_CASE("A server asks the store of files for its assets, and that one's sizes go over the wire") {
    Design design(100);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", 100}, {"pages", 1}, {"assets", 1}, {"writes", 0}, {"keys", 100}});
    const int web = design.add("web", "server", {{"cores", 8}, {"workers", 64}, {"service_ms", 1}});
    const int db = design.add("db", "database", {{"connections", 32}});
    const int files = design.add("files", "object-store", {{"object_kb", 500}, {"object_cv", 0}});
    design.connect(users, web, {{"bandwidth_mbps", 1000}});
    design.connect(web, db);
    const int to_files = design.connect(web, files);
    design.raw().edges[static_cast<std::size_t>(to_files)].values[tests::index_of("carries", edge_params())] =
        4;
    World world(design.scenario());
    world.run_until(seconds(100));
    const auto asked = static_cast<double>(world.node_totals(files).completed);
    CHECK(asked == doctest::Approx(5000).epsilon(0.06));
    CHECK(static_cast<double>(world.node_totals(db).completed) == doctest::Approx(5000).epsilon(0.06));
    // 500 kB take 4 ms on that line; pages of a few kB take next to nothing.
    CHECK(world.totals().latency_ms.max > 4);
    CHECK(world.totals().latency_ms.mean > 4);
}

// The front door takes 256 nodes and 1,024 edges: who may be led where is found out in a moment for all of
// them.
TEST_CASE("Many names and many stores are ready at once") {
    Design design(1);
    const int names = design.add("names", "dns", {});
    std::vector<int> users;
    for (int i = 0; i < 7; ++i) {
        users.push_back(design.add(("users" + std::to_string(i)).c_str(), "clients", {{"rate_per_s", 1}}));
        design.connect(users.back(), names);
    }
    for (int i = 0; i < 118; ++i) {
        const int web = design.add(("web" + std::to_string(i)).c_str(), "server", {});
        design.connect(web, design.add(("db" + std::to_string(i)).c_str(), "database", {}));
        for (const int user : users) design.connect(user, web);
    }
    const std::clock_t started = std::clock();
    World world(design.scenario());
    const double seconds_taken = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
    REQUIRE(design.scenario().nodes.size() == 1 + 7 + 2 * 118);
    CHECK(seconds_taken < 1);
}
