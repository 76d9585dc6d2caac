// Shards: where keys lie, what moves, joins, celebrities, room; and that nothing is lost on the way.
#include <doctest/doctest.h>

#include <string>

#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

double figure(const World& world, int node, const char* id) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(node)].kind;
    for (std::size_t i = 0; i < kind.metrics.size(); ++i)
        if (std::string_view(id) == kind.metrics[i].id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric " << id);
    return 0;
}

struct Outcomes {
    double hottest, hits, stale, instances;
};

struct Sharded {
    Design design;
    int users, db;
    explicit Sharded(Values values, double duration_s = 120, Values user_values = {{"rate_per_s", 100}})
        : design(duration_s) {
        users = design.add("users", "clients", user_values);
        db = design.add("db", "shards", values);
        design.connect(users, db);
    }
    void user(const char* param, double value) { set_value(design.raw().nodes[0], param, value); }
};

} // namespace

TEST_CASE("resharding moves its keys while the shards serve, with double reads, and ends") {
    Sharded sharded({{"method", "ring"}, {"data_keys", 100000}, {"row_kb", 10}});
    sharded.user("writes", 0.2);
    sharded.user("zipf", 0);
    sharded.user("keys", 100000);
    World world(sharded.design.scenario());
    world.run_until(seconds(10));
    CHECK(world.node_now(sharded.db).instances == 4);
    CHECK(!world.apply(sharded.design.command("reshard", sharded.db, {{"shards", 5}})));
    CHECK(world.node_now(sharded.db).instances == 5);
    world.run_until(seconds(11));
    CHECK(figure(world, sharded.db, "moving") > 0);
    audit_deeply(world);
    const double share = figure(world, sharded.db, "moved_share");
    CHECK(share > 0.12);
    CHECK(share < 0.28);
    world.run_until(seconds(60));
    CHECK(figure(world, sharded.db, "moving") == 0);
    CHECK(figure(world, sharded.db, "double_reads") > 5);
    CHECK(figure(world, sharded.db, "moved_gb") == doctest::Approx(share * 1e5 * 1e4 / 1e9).epsilon(0.001));
    // Back again: the fifth empties, then goes.
    CHECK(!world.apply(sharded.design.command("set", sharded.db, {{"shards", 4}})));
    CHECK(world.node_now(sharded.db).instances == 5);
    world.run_until(seconds(110));
    CHECK(world.node_now(sharded.db).instances == 4);
    CHECK(world.totals().requests.failed == 0);
    audit_deeply(world);
    check_conservation(world);
}

TEST_CASE("a resharding takes the time of the line, and its work shows as load") {
    // By modulo 4 of 5 of 100,000 keys of 10 kB: 800 MB from four shards, 200 MB each, at 80 Mbit/s.
    Sharded sharded({{"data_keys", 100000}, {"row_kb", 10}, {"move_mbps", 80}, {"move_row_ms", 0.2}}, 120,
                    {{"rate_per_s", 1}, {"keys", 1}});
    World world(sharded.design.scenario());
    CHECK(!world.apply(sharded.design.command("reshard", sharded.db, {{"shards", 5}})));
    world.run_until(seconds(18));
    CHECK(figure(world, sharded.db, "moving") > 0.7);
    // Each core-second of 8 x 5 cores: 80,000 keys x 0.2 ms, twice.
    CHECK(world.node_totals(sharded.db).utilization * 18 * 40 > 0.7 * 32);
    world.run_until(seconds(23));
    CHECK(figure(world, sharded.db, "moving") == 0);
}

TEST_CASE("shards die, come back and are moved at once; nothing is counted twice or lost") {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        Sharded sharded({{"joins", "api"}, {"write_copies", 2}, {"queue_limit", 20}, {"cores", 1}}, 60,
                        {{"rate_per_s", 300}, {"timeout_ms", 300}, {"writes", 0.3}, {"api", 0.4}});
        if (seed == 2) sharded.user("cancels", 1);
        World world(sharded.design.scenario(seed));
        for (int round = 0; round < 30; ++round) {
            world.run_until(world.now() + seconds(0.4));
            const int which = round % 4;
            CHECK(!world.apply(sharded.design.command("kill", sharded.db, {}, which)));
            audit_deeply(world);
            if (round % 7 == 3)
                CHECK(!world.apply(sharded.design.command(
                    "reshard", sharded.db, {{"shards", 4 + round % 5}, {"method", round % 5}})));
            world.run_until(world.now() + seconds(0.2));
            CHECK(!world.apply(sharded.design.command("restore", sharded.db)));
            audit(world);
        }
        CHECK(!world.apply(sharded.design.command("set", sharded.users, {{"rate_per_s", 0}})));
        world.run_until(world.now() + seconds(300));
        CHECK(world.totals().requests.in_flight == 0);
        CHECK(world.node_now(sharded.db).in_flight == 0);
        audit_deeply(world);
    }
}

TEST_CASE(
    "a bad shard key does not spread: writes by time all go to the newest range, two regions fill two") {
    const auto hottest = [](Values values, double writes) {
        Sharded sharded(values, 60);
        sharded.user("writes", writes);
        sharded.user("pages", 1 - writes);
        sharded.user("zipf", 0);
        sharded.user("keys", 100000);
        World world(sharded.design.scenario());
        world.run_until(world.duration());
        return figure(world, sharded.db, "hottest_share");
    };
    CHECK(hottest({{"shard_key", "key"}}, 1) < 0.3);
    CHECK(hottest({{"shard_key", "user"}, {"method", "ring"}}, 1) < 0.4);
    CHECK(hottest({{"shard_key", "time"}, {"method", "range"}}, 1) == 1);
    CHECK(hottest({{"shard_key", "time"}, {"method", "range"}}, 0) < 0.3);
    CHECK(hottest({{"shard_key", "region"}}, 1) == 1);
}

TEST_CASE("a shard fills up with the rows that writes add, and then refuses them") {
    // 4 shards of 100 MB, half full; 100 writes a second of 20 kB: 2 MB/s fill 200 MB in 100 s.
    Sharded sharded({{"writes_add", true},
                     {"capacity_gb", 0.1},
                     {"data_keys", 10000},
                     {"row_kb", 20},
                     {"connections", 64}},
                    200, {{"rate_per_s", 100}, {"writes", 1}, {"pages", 0}, {"zipf", 0}, {"keys", 10000}});
    World world(sharded.design.scenario());
    world.run_until(seconds(60));
    CHECK(figure(world, sharded.db, "refused_writes") == 0);
    CHECK(figure(world, sharded.db, "fullest") > 0.75);
    world.run_until(seconds(140));
    CHECK(figure(world, sharded.db, "refused_writes") > 1000);
    // Four more shards make room.
    CHECK(!world.apply(sharded.design.command("reshard", sharded.db, {{"shards", 8}, {"method", "ring"}})));
    world.run_until(seconds(180));
    const double refused = figure(world, sharded.db, "refused_writes");
    world.run_until(seconds(190));
    CHECK(figure(world, sharded.db, "refused_writes") == refused);
}

TEST_CASE("a celebrity is cured by a shard of its own, by copies, or by a cache that is sometimes stale") {
    const auto run = [](const char* cure) {
        Sharded sharded({{"cure", cure},
                         {"celebrities", 1},
                         {"split_parts", 4},
                         {"local_ttl_s", 0.1},
                         {"connections", 64}},
                        60, {{"rate_per_s", 300}, {"zipf", 1.2}, {"keys", 100000}, {"writes", 0.02}});
        World world(sharded.design.scenario());
        world.run_until(world.duration());
        check_conservation(world);
        return Outcomes{figure(world, sharded.db, "hottest_share"), figure(world, sharded.db, "local_hits"),
                        figure(world, sharded.db, "stale_reads"),
                        static_cast<double>(world.node_now(sharded.db).instances)};
    };
    const auto none = run("none");
    CHECK(none.hottest > 0.33);
    CHECK(none.instances == 4);
    const auto own = run("own-shard");
    CHECK(own.instances == 5);
    CHECK(own.hottest < none.hottest);
    const auto split = run("split");
    CHECK(split.hottest < none.hottest - 0.02); // the next warmest keys are hot, too
    const auto local = run("local-cache");
    CHECK(local.hottest < 0.34);
    CHECK(local.hits > 500);
    CHECK(local.stale > 0);
    CHECK(local.stale < local.hits / 4);
}

TEST_CASE("moved and moving shards are part of a snapshot, and of the digest") {
    Sharded sharded({{"method", "directory"}, {"data_keys", 20000}}, 60);
    World world(sharded.design.scenario());
    CHECK(!world.apply(sharded.design.command("reshard", sharded.db, {{"shards", 9}})));
    world.run_until(seconds(0.3));
    const Snapshot before = world.snapshot();
    const std::uint64_t digest = world.digest();
    world.run_until(seconds(30));
    const std::uint64_t after = world.digest();
    world.restore(before);
    CHECK(world.digest() == digest);
    world.run_until(seconds(30));
    CHECK(world.digest() == after);
}

TEST_CASE("partitions on one machine share its cores; shards across several do not") {
    const auto p50 = [](bool together) {
        Design design(60);
        const int users = design.add("users", "clients", {{"rate_per_s", 300}, {"zipf", 0}});
        design.add("box", "machine", {{"cores", 2}});
        const int db = design.add("db", "shards", {{"cores", 2}, {"read_ms", 5}}, together ? "box" : "");
        design.connect(users, db);
        World world(design.scenario());
        world.run_until(world.duration());
        audit(world);
        return world.totals().latency_ms.p50;
    };
    CHECK(p50(true) > 1.5 * p50(false));
}

TEST_CASE("shards that are linked send every write on, catch up after a cut, and answer what they know") {
    Design design(120);
    const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"keys", 1000}});
    set_value(design.raw().nodes[0], "writes", 1);
    const int here = design.add("here", "shards", {{"connections", 16}});
    const int readers = design.add("readers", "clients", {{"rate_per_s", 100}, {"keys", 1000}});
    const int there = design.add("there", "shards", {{"connections", 16}});
    design.connect(users, here);
    design.connect(readers, there);
    design.connect(here, there, {{"latency_ms", 50}});
    design.connect(there, here, {{"latency_ms", 50}});
    World world(design.scenario());
    world.run_until(seconds(60));
    const double written = figure(world, here, "fed");
    CHECK(written == doctest::Approx(3000).epsilon(0.1)); // half of 100 per second
    CHECK(figure(world, there, "fed") == 0);              // nothing goes round in a circle
    const double lag = figure(world, there, "behind_reads");
    CHECK(lag > 0);
    CHECK(lag < 600); // of 6,000: only what was written in the last 60 ms
    CHECK(!world.apply(design.command("kill", there)));
    world.run_until(seconds(80));
    audit_deeply(world);
    CHECK(figure(world, here, "on_the_way") == doctest::Approx(1000).epsilon(0.15));
    CHECK(!world.apply(design.command("restore", there)));
    world.run_until(seconds(110));
    audit_deeply(world);
    CHECK(figure(world, here, "on_the_way") < 30);
    CHECK(figure(world, here, "fed") == doctest::Approx(5500).epsilon(0.1));
}

TEST_CASE("shards that a resharding took away do not count among those that there are") {
    Sharded fewer({{"method", "ring"}, {"shards", 4}, {"data_keys", 1000}}, 100);
    fewer.design.at(50, fewer.design.command("reshard", fewer.db, {{"shards", 1}}));
    World world(fewer.design.scenario());
    world.run_until(seconds(100));
    CHECK(figure(world, fewer.db, "imbalance") == doctest::Approx(1));
}
