// A database in another place that stands in for its source, machines that are resized, and releases that
// reach several places.
#include <doctest/doctest.h>

#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

double figure(const World& world, int node, const char* id) { return figures::metric(world, node, id); }

// Writers at each of two databases; the second is fed by the first over 100 ms.
struct Pair {
    Design design{600};
    int here, there, east, west, link;
    explicit Pair(bool stands_in, bool linked_back = true) {
        here = design.add("here", "clients",
                          {{"rate_per_s", 100}, {"pages", 0}, {"writes", 1}, {"keys", 1000}, {"zipf", 0}});
        there = design.add("there", "clients",
                           {{"rate_per_s", 50}, {"pages", 0}, {"writes", 1}, {"keys", 1000}, {"zipf", 0}});
        east = design.add("east", "database",
                          {{"connections", 32}, {"replicas", 1}, {"write_ms", 1}, {"replay_ms", 0}});
        west = design.add("west", "database",
                          {{"connections", 32},
                           {"write_ms", 1},
                           {"replay_ms", 0},
                           {"takes_writes", false},
                           {"stands_in", stands_in},
                           {"detect_s", 5},
                           {"promote_s", 10}});
        design.connect(here, east);
        design.connect(there, west);
        link = design.connect(east, west, {{"latency_ms", 100}});
        if (linked_back) design.connect(west, east, {{"latency_ms", 100}});
    }
    // Acknowledged writes are replicated, on their way or lost.
    void check_books(const World& world) const {
        for (const int db : {east, west})
            CHECK(figure(world, db, "writes") == figure(world, db, "replicated") +
                                                     figure(world, db, "on_the_way") +
                                                     figure(world, db, "lost_writes"));
    }
};

} // namespace

TEST_CASE("A copy over a link takes the writes once its source is dead, and hands them back when that has "
          "caught up") {
    Pair pair(true);
    World world(pair.design.scenario());
    world.run_until(seconds(50));
    CHECK(figure(world, pair.west, "writes") == 0); // refuses them all
    CHECK(figure(world, pair.west, "promotions") == 0);
    CHECK(!world.apply(pair.design.edge_command("kill", pair.link)));
    world.run_until(seconds(53));
    CHECK(!world.apply(pair.design.command("kill", pair.east)));
    CHECK(!world.apply(pair.design.edge_command("restore", pair.link)));
    world.run_until(seconds(67));
    CHECK(figure(world, pair.west, "promotions") == 0); // detection and promotion take 15 s
    world.run_until(seconds(83));
    CHECK(figure(world, pair.west, "promotions") == 1);
    CHECK(figure(world, pair.west, "writes") == doctest::Approx(15 * 50).epsilon(0.15));
    // What was on the wire arrives; what could not be sent any more is lost: 100 a second, for 3 s.
    CHECK(figure(world, pair.east, "lost_writes") == doctest::Approx(300).epsilon(0.25));
    pair.check_books(world);
    CHECK(!world.apply(pair.design.command("restore", pair.east)));
    world.run_until(seconds(100));
    CHECK(figure(world, pair.east, "promotions") == 1); // the writes are back where they were
    const double taken = figure(world, pair.west, "writes");
    const double before = figure(world, pair.east, "writes");
    world.run_until(seconds(130));
    CHECK(figure(world, pair.west, "writes") == taken);
    CHECK(figure(world, pair.east, "writes") == doctest::Approx(before + 3000).epsilon(0.1));
    CHECK(figure(world, pair.east, "conflicts") == 0);
    pair.check_books(world);
    audit_deeply(world);
}

TEST_CASE("Without standing in nobody takes the writes; without a link back they stay where they went") {
    Pair waits(false);
    World a(waits.design.scenario());
    a.run_until(seconds(50));
    CHECK(!a.apply(waits.design.command("kill", waits.east)));
    a.run_until(seconds(150));
    CHECK(figure(a, waits.west, "promotions") == 0);
    CHECK(figure(a, waits.east, "lost_writes") == 0);
    CHECK(figure(a, waits.west, "writes") == 0);
    Pair stays(true, false);
    World b(stays.design.scenario());
    b.run_until(seconds(50));
    CHECK(!b.apply(stays.design.command("kill", stays.east)));
    b.run_until(seconds(100));
    CHECK(!b.apply(stays.design.command("restore", stays.east)));
    const double taken = figure(b, stays.east, "writes");
    b.run_until(seconds(200));
    CHECK(figure(b, stays.east, "writes") == taken); // it has given way
    CHECK(figure(b, stays.west, "writes") == doctest::Approx(135 * 50).epsilon(0.1));
    // Until somebody decides otherwise.
    CHECK(!b.apply(stays.design.command("set", stays.east, {{"takes_writes", false}})));
    CHECK(!b.apply(stays.design.command("set", stays.east, {{"takes_writes", true}})));
    b.run_until(seconds(210));
    CHECK(figure(b, stays.east, "writes") > taken + 800);
}

TEST_CASE("A source that is back in time keeps the writes, and what the other had begun ends") {
    Pair pair(true);
    World world(pair.design.scenario());
    world.run_until(seconds(50));
    CHECK(!world.apply(pair.design.command("kill", pair.east)));
    world.run_until(seconds(60));
    CHECK(!world.apply(pair.design.command("restore", pair.east)));
    world.run_until(seconds(100));
    CHECK(figure(world, pair.west, "promotions") == 0);
    CHECK(figure(world, pair.east, "lost_writes") == 0);
    CHECK(!world.apply(pair.design.command("kill", pair.east)));
    world.run_until(seconds(114));
    CHECK(figure(world, pair.west, "promotions") == 0); // the time runs anew
    world.run_until(seconds(120));
    CHECK(figure(world, pair.west, "promotions") == 1);
    const Snapshot kept = world.snapshot();
    world.run_until(seconds(140));
    const std::uint64_t digest = world.digest();
    world.restore(kept);
    world.run_until(seconds(140));
    CHECK(world.digest() == digest);
    pair.check_books(world);
}

TEST_CASE("A database moves to a larger machine: down meanwhile, faster and dearer afterwards") {
    Design design(400);
    const int users = design.add("users", "clients", {{"rate_per_s", 250}, {"pages", 1}, {"keys", 1000}});
    const int db = design.add("db", "database", {{"connections", 64}, {"cores", 2}, {"read_ms", 10}});
    design.connect(users, db);
    World world(design.scenario());
    world.run_until(seconds(50));
    CHECK(world.node_totals(db).utilization > 0.98);
    const double before = world.node_totals(db).cost_usd_per_month;
    CHECK(!world.apply(design.command("resize", db, {{"to", "8-cores"}, {"down_s", 60}})));
    world.run_until(seconds(105));
    CHECK(world.node_now(db).instances_up == 0);
    const std::uint64_t failed = world.totals().requests.failed;
    CHECK(failed > 10000);
    world.run_until(seconds(115));
    CHECK(world.node_now(db).instances_up == 1);
    world.run_until(seconds(200));
    CHECK(world.node_now(db).busy_last_s < 0.6);
    CHECK(world.node_totals(db).cost_usd_per_month == doctest::Approx(4 * before));
}

TEST_CASE("A release for a place reaches all servers in it; places get it at once or one after the other") {
    Design design(400);
    const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"pages", 1}, {"keys", 10}});
    const int balancer = design.add("balancer", "balancer");
    const int world_node = design.add("everywhere", "region");
    design.add("east", "region", {}, "everywhere");
    const int west_place = design.add("west", "region", {{"place", 2}}, "everywhere");
    const int east =
        design.add("web-east", "server", {{"instances", 2}, {"cores", 4}, {"service_ms", 1}}, "east");
    const int west =
        design.add("web-west", "server", {{"instances", 2}, {"cores", 4}, {"service_ms", 1}}, "west");
    design.connect(users, balancer);
    design.connect(balancer, east);
    design.connect(balancer, west);
    World world(design.scenario());
    world.run_until(seconds(10));
    const int served = find_kind("server")->metric_index("new_release_requests");
    CHECK(!world.apply(design.command("deploy", west_place, {{"restart_s", 1}})));
    world.run_until(seconds(60));
    CHECK(world.metric(west, served) > 500);
    CHECK(world.metric(east, served) == 0);
    CHECK(!world.apply(design.command("deploy", world_node, {{"restart_s", 1}, {"slower", 3}})));
    world.run_until(seconds(120));
    CHECK(world.metric(east, served) > 500);
    CHECK(!world.apply(design.command("rollback", world_node)));
    world.run_until(seconds(180));
    audit_deeply(world);
}
