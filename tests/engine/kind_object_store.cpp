// A store of objects: copies on several file servers, page caches, servers that die or lose their disks.
#include <doctest/doctest.h>

#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

double figure(const World& world, int node, const char* id) { return figures::metric(world, node, id); }

struct Files {
    Design design{2000};
    int users, store;
    explicit Files(Values values, double rate = 100, double writes = 0) {
        users = design.add("users", "clients",
                           {{"rate_per_s", rate},
                            {"pages", 10},
                            {"writes", writes},
                            {"keys", 2000},
                            {"zipf", 0.8},
                            {"timeout_ms", 30000},
                            {"retries", 0}});
        store = design.add("store", "object-store", values);
        design.connect(users, store);
    }
};

} // namespace

TEST_CASE(
    "object store: more random reads than a disk can do queue; memory, or the place in the index, helps") {
    // 100 reads a second, 4 disks, 10 ms each: 25 % busy. Three random reads for each file: 75 %.
    Files one(
        {{"instances", 2}, {"copies", 1}, {"disks", 2}, {"disk_ms", 10}, {"memory_gb", 0}, {"object_kb", 1}});
    Files three({{"instances", 2},
                 {"copies", 1},
                 {"disks", 2},
                 {"disk_ms", 10},
                 {"memory_gb", 0},
                 {"object_kb", 1},
                 {"disk_reads", 3}});
    World a(one.design.scenario());
    World b(three.design.scenario());
    a.run_until(seconds(300));
    b.run_until(seconds(300));
    CHECK(figure(a, one.store, "disk_busy") == doctest::Approx(0.25).epsilon(0.05));
    CHECK(figure(b, three.store, "disk_busy") == doctest::Approx(0.75).epsilon(0.05));
    CHECK(figure(b, three.store, "reads_per_disk") == doctest::Approx(75).epsilon(0.05));
    CHECK(figure(b, three.store, "first_byte_ms") > 4 * figure(a, one.store, "first_byte_ms"));
    CHECK(figure(a, one.store, "hit_ratio") == 0);
    Files warm({{"instances", 2},
                {"copies", 1},
                {"disks", 2},
                {"disk_ms", 10},
                {"memory_gb", 0.1},
                {"object_kb", 100},
                {"disk_reads", 3}});
    World c(warm.design.scenario());
    c.run_until(seconds(300));
    CHECK(figure(c, warm.store, "hit_ratio") > 0.5);
    CHECK(figure(c, warm.store, "disk_busy") < 0.4);
}

TEST_CASE("object store: a dead server's objects are read from other copies; without copies they are out of "
          "reach") {
    for (const int copies : {1, 2}) {
        CAPTURE(copies);
        Files files({{"instances", 4}, {"copies", copies}});
        World world(files.design.scenario());
        world.run_until(seconds(20));
        const std::uint64_t before = world.totals().requests.failed;
        CHECK(!world.apply(files.design.command("kill", files.store, {}, 1)));
        const std::uint64_t inside = world.totals().requests.failed - before;
        world.run_until(seconds(60));
        const double unavailable = figure(world, files.store, "unavailable");
        if (copies == 1) {
            CHECK(unavailable > 500); // about a quarter of 4,000
            CHECK(unavailable < 1500);
        } else {
            CHECK(unavailable == 0);
            CHECK(world.totals().requests.failed == before + inside);
        }
        CHECK(!world.apply(files.design.command("restore", files.store, {}, 1)));
        world.run_until(seconds(80));
        CHECK(figure(world, files.store, "unavailable") == unavailable);
        CHECK(figure(world, files.store, "lost_reads") == 0);
        audit_deeply(world);
    }
}

TEST_CASE("object store: what a server missed while it was down it copies from the others, and nothing old "
          "is read") {
    Files files({{"instances", 3}, {"copies", 2}, {"write_waits", 1}}, 100, 10);
    World world(files.design.scenario());
    world.run_until(seconds(20));
    CHECK(figure(world, files.store, "repaired") == 0);
    CHECK(!world.apply(files.design.command("kill", files.store, {}, 0)));
    world.run_until(seconds(60));
    CHECK(figure(world, files.store, "too_few") == 0);
    CHECK(!world.apply(files.design.command("restore", files.store, {}, 0)));
    world.run_until(seconds(100));
    CHECK(figure(world, files.store, "repaired") > 100);
    CHECK(figure(world, files.store, "repairing") == 0);
    // Its own copies are all whole again: it can stand for the others.
    CHECK(!world.apply(files.design.command("set", files.users, {{"writes", 0}})));
    world.run_until(seconds(110));
    CHECK(!world.apply(files.design.command("kill", files.store, {}, 1)));
    world.run_until(seconds(150));
    CHECK(figure(world, files.store, "unavailable") == 0);
}

TEST_CASE("object store: a write waits for its copies, and fails where there are too few") {
    Files files({{"instances", 2}, {"copies", 2}, {"write_waits", 2}}, 100, 10);
    World world(files.design.scenario());
    world.run_until(seconds(20));
    CHECK(figure(world, files.store, "too_few") == 0);
    CHECK(!world.apply(files.design.command("kill", files.store, {}, 1)));
    world.run_until(seconds(40));
    CHECK(figure(world, files.store, "too_few") > 500);
    CHECK(figure(world, files.store, "unavailable") == 0); // reads find the other copy
    audit_deeply(world);
}

TEST_CASE("object store: lost disks are filled from the other copies; the only copy is lost for ever") {
    for (const int copies : {1, 2}) {
        CAPTURE(copies);
        Files files({{"instances", 4}, {"copies", copies}, {"objects", 2000}, {"object_kb", 50}});
        World world(files.design.scenario());
        world.run_until(seconds(20));
        CHECK(!world.apply(files.design.command("lose-data", files.store, {}, 2)));
        world.run_until(seconds(25));
        CHECK((figure(world, files.store, "repairing") == 1) == (copies == 2));
        world.run_until(seconds(120));
        CHECK(figure(world, files.store, "repairing") == 0);
        if (copies == 2) {
            CHECK(figure(world, files.store, "repaired") > 800); // half of 2,000
            CHECK(figure(world, files.store, "repaired") < 1200);
            CHECK(figure(world, files.store, "lost_reads") == 0);
        } else {
            CHECK(figure(world, files.store, "repaired") == 0);
            CHECK(figure(world, files.store, "lost_reads") > 1000);
            // Who writes it anew has it again.
            CHECK(!world.apply(files.design.command("set", files.users, {{"writes", 100}})));
            world.run_until(seconds(200));
            CHECK(!world.apply(files.design.command("set", files.users, {{"writes", 0}})));
            world.run_until(seconds(201));
            const double before = figure(world, files.store, "lost_reads");
            world.run_until(seconds(211));
            CHECK(figure(world, files.store, "lost_reads") - before < 250); // of 1,000: those not written
        }
        audit_deeply(world);
    }
}

TEST_CASE("object store: kills at every stage, cancels and snapshots keep the books") {
    Design design(300);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 400},
                                  {"pages", 2},
                                  {"writes", 1},
                                  {"keys", 500},
                                  {"timeout_ms", 60},
                                  {"cancels", true}});
    const int store = design.add("store", "object-store",
                                 {{"instances", 3},
                                  {"copies", 3},
                                  {"disk_ms", 10},
                                  {"disks", 1},
                                  {"connections", 8},
                                  {"queue_limit", 4},
                                  {"memory_gb", 0.01},
                                  {"objects", 500}});
    design.connect(users, store);
    World world(design.scenario());
    for (int step = 1; step <= 60; ++step) {
        world.run_until(seconds(step * 0.77));
        if (step % 3 == 0) CHECK(!world.apply(design.command("kill", store, {}, step % 2)));
        if (step % 3 == 1) CHECK(!world.apply(design.command("restore", store)));
        if (step % 7 == 0) CHECK(!world.apply(design.command("lose-data", store, {}, 1)));
        if (step % 11 == 0) CHECK(!world.apply(design.command("kill", store)));
        if (step % 13 == 0) CHECK(!world.apply(design.command("set", store, {{"instances", 2 + step % 3}})));
        check_conservation(world);
    }
    const Snapshot kept = world.snapshot();
    world.run_until(seconds(60));
    const std::uint64_t digest = world.digest();
    world.restore(kept);
    world.run_until(seconds(60));
    CHECK(world.digest() == digest);
    CHECK(!world.apply(design.command("restore", store)));
    CHECK(!world.apply(design.command("set", users, {{"rate_per_s", 0.001}})));
    world.run_until(seconds(300));
    CHECK(world.totals().requests.in_flight <= 1);
    CHECK(figure(world, store, "repairing") == 0);
    audit_deeply(world);
}
