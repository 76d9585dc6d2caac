// Copies of a database: every stage of a failover, links and partitions, and what is counted about them.
#include <doctest/doctest.h>

#include <algorithm>
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
        if (std::string_view(kind.metrics[i].id) == id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric " << id);
    return 0;
}

// Acknowledged = replicated + lost + on the way, exactly.
void balances(const World& world, int db) {
    CHECK(figure(world, db, "writes") == figure(world, db, "replicated") + figure(world, db, "lost_writes") +
                                             figure(world, db, "on_the_way"));
}

int promotions(const World& world) {
    const auto log = world.log();
    return static_cast<int>(std::count_if(
        log.begin(), log.end(), [](const LogEntry& entry) { return entry.what == Happening::promoted; }));
}

// Users who write and read a few keys of one database with replicas.
struct Store {
    Design design{600};
    int users, db;
    explicit Store(Values more = {}, double rate = 200) {
        users = design.add("users", "clients",
                           {{"rate_per_s", rate}, {"pages", 1}, {"writes", 1}, {"keys", 50}, {"users", 100}});
        db = design.add("db", "database",
                        {{"connections", 64},
                         {"read_ms", 1},
                         {"write_ms", 2},
                         {"replicas", 2},
                         {"ship_ms", 100},
                         {"replay_ms", 1},
                         {"detect_s", 2},
                         {"promote_s", 3}});
        NodeDef& node = design.raw().nodes[static_cast<std::size_t>(db)];
        for (const Value& value : more) {
            const std::size_t index = index_of(value.key, node.kind->params);
            node.values[index] = number_of(value, node.kind->params[index]);
        }
        design.connect(users, db);
    }
    void run(World& world, double to_s) const {
        world.run_until(seconds(to_s));
        balances(world, db);
    }
    void kill(World& world, int instance) const {
        CHECK(!world.apply(design.command("kill", db, {}, instance)));
    }
    void restore(World& world, int instance) const {
        CHECK(!world.apply(design.command("restore", db, {}, instance)));
    }
    // Nobody asks any more: every copy has everything.
    void quiet(World& world) const {
        CHECK(!world.apply(design.command("set", users, {{"rate_per_s", 0}})));
        world.run_until(world.now() + seconds(100));
        CHECK(world.totals().requests.in_flight == 0);
        CHECK(figure(world, db, "lag_writes") == 0);
        CHECK(figure(world, db, "on_the_way") == 0);
        balances(world, db);
        audit_deeply(world);
    }
};

std::uint64_t not_served(const World& world) { return world.totals().requests.failed; }

} // namespace

TEST_CASE("replicas: writes go to the primary and are shipped, reads go to the replicas and may be stale") {
    Store store;
    World world(store.design.scenario());
    store.run(world, 60);
    CHECK(figure(world, store.db, "writes") > 5000);
    CHECK(figure(world, store.db, "lag_ms") > 100);
    CHECK(figure(world, store.db, "lag_ms") < 110);
    CHECK(figure(world, store.db, "lag_writes") > 0);
    CHECK(figure(world, store.db, "stale_reads") > 50);
    CHECK(figure(world, store.db, "own_writes_missed") > 0);
    CHECK(not_served(world) == 0);
    store.quiet(world);
}

TEST_CASE("reads from the primary are never stale, and one replica per user never goes back in time") {
    Store primary({{"reads_from", "primary"}});
    World first(primary.design.scenario());
    primary.run(first, 60);
    CHECK(figure(first, primary.db, "stale_reads") == 0);
    CHECK(figure(first, primary.db, "own_writes_missed") == 0);
    Store sticky({{"reads_from", "sticky"}});
    World second(sticky.design.scenario());
    sticky.run(second, 60);
    CHECK(figure(second, sticky.db, "stale_reads") > 50);
    CHECK(figure(second, sticky.db, "went_back") == 0);
}

TEST_CASE("a replica dies: its reads go to the others or to the primary, and it catches up from the log") {
    for (const char* choice : {"others", "primary"}) {
        CAPTURE(choice);
        Store store({{"when_dead", choice}});
        World world(store.design.scenario());
        store.run(world, 10);
        store.kill(world, 1);
        const std::uint64_t before = world.node_totals(store.db).arrivals;
        store.run(world, 20);
        CHECK(world.node_totals(store.db).arrivals > before);
        CHECK(not_served(world) == 0);
        store.restore(world, 1);
        CHECK(figure(world, store.db, "lag_writes") > 900);
        store.run(world, 30);
        CHECK(figure(world, store.db, "lag_writes") < 100);
        CHECK(figure(world, store.db, "went_back") > 0); // it served reads while it was behind
        CHECK(figure(world, store.db, "copies") == 0);
        CHECK(promotions(world) == 0);
        store.quiet(world);
    }
}

TEST_CASE("a replica too far behind the log is copied anew") {
    Store store({{"log_entries", 200}, {"copy_s", 5}});
    World world(store.design.scenario());
    store.run(world, 10);
    store.kill(world, 2);
    store.run(world, 20);
    store.restore(world, 2);
    store.run(world, 24);
    CHECK(figure(world, store.db, "copies") == 0);
    store.run(world, 27);
    CHECK(figure(world, store.db, "copies") == 1);
    CHECK(figure(world, store.db, "lag_writes") < 100);
    store.quiet(world);
}

TEST_CASE("a primary dies: noticed, replaced, what was on the way is lost, and it comes back as a replica") {
    Store store;
    World world(store.design.scenario());
    store.run(world, 10);
    const double on_the_way = figure(world, store.db, "on_the_way");
    CHECK(on_the_way > 0);
    store.kill(world, 0);
    store.run(world, 14.9); // two seconds to notice, three to promote
    CHECK(promotions(world) == 0);
    CHECK(not_served(world) > 200);
    store.run(world, 15.1);
    CHECK(promotions(world) == 1);
    CHECK(figure(world, store.db, "lost_writes") == on_the_way);
    CHECK(figure(world, store.db, "unwritable_ms") == doctest::Approx(5000));
    const std::uint64_t failed = not_served(world);
    store.run(world, 30);
    CHECK(not_served(world) == failed);
    store.restore(world, 0);
    store.run(world, 40);
    CHECK(not_served(world) == failed);
    CHECK(promotions(world) == 1);
    CHECK(figure(world, store.db, "lost_writes") == on_the_way);
    store.quiet(world);
    // Once all copies agree, nobody reads anything old.
    const double stale = figure(world, store.db, "stale_reads");
    CHECK(!world.apply(store.design.command("set", store.users, {{"rate_per_s", 100}, {"writes", 0}})));
    world.run_until(world.now() + seconds(20));
    CHECK(figure(world, store.db, "stale_reads") == stale);
}

TEST_CASE("a primary that is back before anybody was promoted goes on, and nothing is lost") {
    Store store;
    World world(store.design.scenario());
    store.run(world, 10);
    store.kill(world, 0);
    store.run(world, 11);
    store.restore(world, 0);
    store.run(world, 30);
    CHECK(promotions(world) == 0);
    CHECK(figure(world, store.db, "lost_writes") == 0);
    CHECK(figure(world, store.db, "unwritable_ms") == doctest::Approx(1000));
    store.quiet(world);
}

TEST_CASE("a primary that is back during the promotion is fenced off: there are never two") {
    Store store;
    World world(store.design.scenario());
    store.run(world, 10);
    store.kill(world, 0);
    store.run(world, 13);
    store.restore(world, 0);
    const std::uint64_t failed = not_served(world);
    store.run(world, 14.9);
    CHECK(not_served(world) > failed); // it takes no writes
    store.run(world, 20);
    CHECK(promotions(world) == 1);
    CHECK(figure(world, store.db, "lost_writes") > 0);
    store.quiet(world);
}

TEST_CASE("the candidate dies during its promotion: another replica is promoted") {
    Store store;
    World world(store.design.scenario());
    store.run(world, 10);
    store.kill(world, 0);
    store.run(world, 13);
    store.kill(world, 1);
    store.kill(world, 2);
    store.run(world, 30);
    CHECK(promotions(world) == 0); // nobody is left
    store.restore(world, 2);
    store.run(world, 36);
    CHECK(promotions(world) == 1);
    store.restore(world, 0);
    store.restore(world, 1);
    store.run(world, 60);
    store.quiet(world);
}

TEST_CASE("the recovery script brings home what nobody has overwritten") {
    Store store({{"recovery_s", 5}}, 20);
    store.design.raw().nodes[0].values[index_of("keys", store.design.raw().nodes[0].kind->params)] = 100000;
    store.design.raw().nodes[1].values[index_of("ship_ms", store.design.raw().nodes[1].kind->params)] = 2000;
    World world(store.design.scenario());
    store.run(world, 30);
    store.kill(world, 0);
    store.run(world, 40);
    const double lost = figure(world, store.db, "lost_writes");
    CHECK(lost > 5);
    store.restore(world, 0);
    store.run(world, 44);
    CHECK(figure(world, store.db, "lost_writes") == lost);
    store.run(world, 50);
    CHECK(figure(world, store.db, "recovered_writes") > 0.6 * lost);
    CHECK(figure(world, store.db, "recovered_writes") + figure(world, store.db, "lost_writes") == lost);
    store.quiet(world);
}

TEST_CASE("semi-synchronous and synchronous writes wait for replicas, and a failover loses none") {
    for (const char* mode : {"semi-sync", "sync"}) {
        CAPTURE(mode);
        Store store({{"replication", mode}});
        World world(store.design.scenario());
        store.run(world, 10);
        CHECK(figure(world, store.db, "on_the_way") == 0);
        for (const int victim : {0, 1, 2}) {
            store.kill(world, victim);
            store.run(world, core::to_ms(world.now()) / 1000 + 10);
            store.restore(world, victim);
            store.run(world, core::to_ms(world.now()) / 1000 + 10);
        }
        CHECK(promotions(world) >= 1);
        CHECK(figure(world, store.db, "lost_writes") == 0);
        store.quiet(world);
    }
}

TEST_CASE("synchronous reads from replicas are stale only while a write waits for its acknowledgements") {
    Store store({{"replication", "sync"}, {"reads_from", "all"}});
    World world(store.design.scenario());
    store.run(world, 60);
    CHECK(figure(world, store.db, "stale_reads") == 0);
    CHECK(figure(world, store.db, "own_writes_missed") == 0);
    store.quiet(world);
}

namespace {

// Two databases that both take writes and feed each other.
struct Pair {
    Design design{300};
    int users_a, users_b, a, b, there, back;
    explicit Pair(double latency_ms, Values more = {}) {
        const Values asks = {{"rate_per_s", 50}, {"pages", 1}, {"writes", 1}, {"keys", 40}};
        users_a = design.add("users-a", "clients", asks);
        users_b = design.add("users-b", "clients", asks);
        a = design.add("a", "database",
                       {{"connections", 64}, {"read_ms", 1}, {"write_ms", 1}, {"replay_ms", 1}});
        b = design.add("b", "database",
                       {{"connections", 64}, {"read_ms", 1}, {"write_ms", 1}, {"replay_ms", 1}});
        for (const int node : {a, b})
            for (const Value& value : more) {
                NodeDef& def = design.raw().nodes[static_cast<std::size_t>(node)];
                def.values[index_of(value.key, def.kind->params)] =
                    number_of(value, def.kind->params[index_of(value.key, def.kind->params)]);
            }
        design.connect(users_a, a);
        design.connect(users_b, b);
        there = design.connect(a, b, {{"latency_ms", latency_ms}, {"give_up_ms", 500}});
        back = design.connect(b, a, {{"latency_ms", latency_ms}, {"give_up_ms", 500}});
    }
    // Nobody writes: both have the same, so that no read is old.
    void agree(World& world) {
        for (const int users : {users_a, users_b})
            CHECK(!world.apply(design.command("set", users, {{"rate_per_s", 0}})));
        world.run_until(world.now() + seconds(60));
        audit_deeply(world);
        for (const int node : {a, b}) {
            CHECK(figure(world, node, "lag_writes") == 0);
            CHECK(figure(world, node, "on_the_way") == 0);
            balances(world, node);
        }
        const double stale = figure(world, a, "stale_reads") + figure(world, b, "stale_reads");
        for (const int users : {users_a, users_b})
            CHECK(!world.apply(design.command("set", users, {{"rate_per_s", 100}, {"writes", 0}})));
        world.run_until(world.now() + seconds(20));
        CHECK(figure(world, a, "stale_reads") + figure(world, b, "stale_reads") == stale);
    }
};

} // namespace

TEST_CASE(
    "two primaries: writes go both ways, concurrent ones conflict, and the last writer wins everywhere") {
    Pair pair(50);
    World world(pair.design.scenario());
    world.run_until(seconds(60));
    CHECK(figure(world, pair.a, "conflicts") + figure(world, pair.b, "conflicts") > 20);
    CHECK(figure(world, pair.a, "lag_ms") > 49);
    pair.agree(world);
}

TEST_CASE("two primaries without a distance between them have no conflicts") {
    Pair pair(0, {{"replay_ms", 0}});
    World world(pair.design.scenario());
    world.run_until(seconds(60));
    CHECK(figure(world, pair.a, "conflicts") + figure(world, pair.b, "conflicts") == 0);
    CHECK(figure(world, pair.a, "stale_reads") == 0);
    pair.agree(world);
}

TEST_CASE("a partition between two primaries: both go on, and afterwards they agree again") {
    for (const double log_entries : {10000.0, 100.0}) { // from the log, or by a full copy
        CAPTURE(log_entries);
        Pair pair(20, {{"log_entries", log_entries}, {"copy_s", 3}});
        World world(pair.design.scenario());
        world.run_until(seconds(20));
        for (const int edge : {pair.there, pair.back})
            CHECK(!world.apply(pair.design.edge_command("kill", edge)));
        const double before = figure(world, pair.a, "stale_reads");
        world.run_until(seconds(40));
        CHECK(figure(world, pair.a, "stale_reads") > before + 50);
        CHECK(figure(world, pair.a, "lag_writes") > 300);
        CHECK(not_served(world) == 0);
        for (const int edge : {pair.there, pair.back})
            CHECK(!world.apply(pair.design.edge_command("restore", edge)));
        world.run_until(seconds(70));
        CHECK((figure(world, pair.a, "copies") > 0) == (log_entries < 1000));
        if (log_entries > 1000) CHECK(figure(world, pair.a, "conflicts") > 0);
        pair.agree(world);
    }
}

TEST_CASE("a synchronous link holds writes until the loss is noticed, then goes on without the other side") {
    Pair pair(20, {{"replication", "sync"}});
    World world(pair.design.scenario());
    world.run_until(seconds(20));
    CHECK(world.node_totals(pair.a).latency_ms.max > 40);
    for (const int edge : {pair.there, pair.back})
        CHECK(!world.apply(pair.design.edge_command("kill", edge)));
    world.run_until(seconds(20.4));
    CHECK(world.node_now(pair.a).in_flight > 5);
    world.run_until(seconds(30));
    CHECK(world.node_now(pair.a).in_flight < 5);
    for (const int edge : {pair.there, pair.back})
        CHECK(!world.apply(pair.design.edge_command("restore", edge)));
    world.run_until(seconds(50));
    pair.agree(world);
}

TEST_CASE("circular replication: three primaries in a ring, each write goes round once") {
    Design design(200);
    std::vector<int> nodes, users;
    for (const char* id : {"a", "b", "c"}) {
        users.push_back(design.add((std::string("users-") + id).c_str(), "clients",
                                   {{"rate_per_s", 40}, {"pages", 1}, {"writes", 1}, {"keys", 30}}));
        nodes.push_back(design.add(id, "database", {{"connections", 64}, {"read_ms", 1}, {"write_ms", 1}}));
        design.connect(users.back(), nodes.back());
    }
    for (std::size_t i = 0; i < 3; ++i) design.connect(nodes[i], nodes[(i + 1) % 3], {{"latency_ms", 30}});
    World world(design.scenario());
    world.run_until(seconds(60));
    double conflicts = 0;
    for (const int node : nodes) conflicts += figure(world, node, "conflicts");
    CHECK(conflicts > 20);
    CHECK(!world.apply(design.command("kill", nodes[1])));
    world.run_until(seconds(80));
    CHECK(!world.apply(design.command("restore", nodes[1])));
    world.run_until(seconds(100));
    for (const int who : users) CHECK(!world.apply(design.command("set", who, {{"rate_per_s", 0}})));
    world.run_until(seconds(150));
    double stale = 0;
    for (const int node : nodes) {
        CHECK(figure(world, node, "lag_writes") == 0);
        balances(world, node);
        stale += figure(world, node, "stale_reads");
    }
    for (const int who : users)
        CHECK(!world.apply(design.command("set", who, {{"rate_per_s", 50}, {"writes", 0}})));
    world.run_until(seconds(170));
    for (const int node : nodes) stale -= figure(world, node, "stale_reads");
    CHECK(stale == 0);
    audit_deeply(world);
}

TEST_CASE("a database that takes no writes is fed by another one") {
    Pair pair(20);
    pair.design.raw().edges.pop_back();
    set_value(pair.design.raw().nodes[static_cast<std::size_t>(pair.b)], "takes_writes", 0);
    World world(pair.design.scenario());
    world.run_until(seconds(30));
    CHECK(figure(world, pair.b, "writes") == 0);
    CHECK(not_served(world) > 500);
    CHECK(figure(world, pair.b, "stale_reads") > 0);
    CHECK(figure(world, pair.a, "conflicts") == 0);
}

TEST_CASE("replicas are added and taken away while it runs; the primary moves when its place goes") {
    Store store({{"copy_s", 2}});
    World world(store.design.scenario());
    store.run(world, 10);
    CHECK(!world.apply(store.design.command("set", store.db, {{"replicas", 4}})));
    store.run(world, 15);
    CHECK(figure(world, store.db, "copies") == 2);
    store.kill(world, 0);
    store.run(world, 25);
    CHECK(promotions(world) == 1);
    CHECK(!world.apply(store.design.command("set", store.db, {{"replicas", 0}})));
    store.restore(world, 0);
    store.run(world, 30);
    const std::uint64_t failed = not_served(world);
    store.run(world, 40);
    CHECK(not_served(world) == failed);
    CHECK(!world.apply(store.design.command("set", store.db, {{"replicas", 1}, {"log_entries", 64}})));
    store.run(world, 60);
    store.quiet(world);
}

TEST_CASE("a snapshot taken at every stage of a failover goes on to the same digest") {
    for (const char* mode : {"async", "semi-sync", "sync"}) {
        Store store({{"replication", mode}, {"recovery_s", 1}});
        store.design.at(3, store.design.command("kill", store.db, {}, 0));
        store.design.at(9, store.design.command("restore", store.db, {}, 0));
        World world(store.design.scenario());
        for (int i = 1; i < 15; ++i) {
            world.run_until(seconds(i * 0.9));
            const Snapshot kept = world.snapshot();
            world.run_until(seconds(i * 0.9 + 0.9));
            const std::uint64_t digest = world.digest();
            world.restore(kept);
            world.run_until(seconds(i * 0.9 + 0.9));
            CHECK(world.digest() == digest);
        }
        CHECK(promotions(world) == 1);
    }
}

TEST_CASE("a balancer in front of replicas: whatever it chooses, writes go to the primary") {
    Design design(60);
    const int users = design.add("users", "clients", {{"rate_per_s", 200}, {"pages", 1}, {"writes", 1}});
    const int balancer = design.add("balancer", "balancer");
    const int db =
        design.add("db", "database", {{"connections", 64}, {"read_ms", 1}, {"write_ms", 1}, {"replicas", 2}});
    design.connect(users, balancer);
    design.connect(balancer, db);
    World world(design.scenario());
    world.run_until(seconds(20));
    CHECK(not_served(world) == 0);
    CHECK(figure(world, db, "writes") > 1500);
    balances(world, db);
    CHECK(!world.apply(design.command("kill", db, {}, 1)));
    world.run_until(seconds(40));
    audit_deeply(world);
    balances(world, db);
}
