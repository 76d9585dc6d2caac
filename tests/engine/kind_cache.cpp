// What a cache does, strategy by strategy, and that nothing is lost sight of when it dies.
#include <doctest/doctest.h>

#include <string_view>

#include "scale/world.hpp"
#include "sim/sim.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

double metric(const World& world, int node, std::string_view id) {
    const auto all = world.scenario().nodes[static_cast<std::size_t>(node)].kind->metrics;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (id == all[i].id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric");
    return 0;
}

// Users, servers, a cache beside the database or in front of it.
struct Site {
    Design design{100000};
    int users, web, cache, db, to_cache = -1;
    Site(Values user_values, Values cache_values, bool behind, int servers = 1)
        : users(design.add("users", "clients", user_values)),
          web(design.add("web", "server", {{"cores", 64}, {"service_ms", 0.01}, {"instances", servers}})),
          cache(design.add("cache", "cache", cache_values)),
          db(design.add("db", "database",
                        {{"connections", 100}, {"cores", 64}, {"read_ms", 2}, {"write_ms", 3}})) {
        design.connect(users, web);
        to_cache = design.connect(web, cache, {{"latency_ms", 0.1}});
        design.connect(behind ? cache : web, db, {{"latency_ms", 0.2}});
    }
    std::uint64_t at_db(const World& world) const { return world.node_totals(db).arrivals; }
    double cached(const World& world, const char* id) const { return metric(world, cache, id); }
};

// Lets what is on its way arrive, with nobody coming any more.
void drain(World& world, const Site& site) {
    CHECK(!world.apply(site.design.command("set", site.users, {{"rate_per_s", 0}})));
    world.run_until(world.now() + seconds(600));
    CHECK(world.totals().requests.in_flight == 0);
    for (int node = 0; node < 4; ++node) CHECK(world.node_now(node).in_flight == 0);
    audit_deeply(world);
}

} // namespace

TEST_CASE("Look-aside: a miss fills, a hit spares the database, a write makes it forget") {
    Site site({{"rate_per_s", 10}, {"arrivals", "deterministic"}, {"keys", 1}},
              {{"ttl_s", 0}, {"strategy", "look-aside"}}, false);
    World world(site.design.scenario());
    world.run_until(seconds(10));
    CHECK(site.at_db(world) == 1); // the first one
    CHECK(site.cached(world, "fetches") == 1);
    CHECK(!world.apply(site.design.command("set", site.users, {{"pages", 0}, {"writes", 1}})));
    world.run_until(seconds(20.05));
    CHECK(site.cached(world, "items") == 0); // each write has made it forget
    const std::uint64_t before = site.at_db(world);
    CHECK(!world.apply(site.design.command("set", site.users, {{"pages", 1}, {"writes", 0}})));
    world.run_until(seconds(30));
    CHECK(site.at_db(world) == before + 1);
    CHECK(site.cached(world, "stale_ratio") == 0);
    drain(world, site);
}

TEST_CASE("Two caches in a row: what the second has, the first is given") {
    Site site({{"rate_per_s", 10}, {"arrivals", "deterministic"}, {"keys", 1}},
              {{"ttl_s", 1}, {"scope", "local"}}, false);
    const int shared = site.design.add("shared", "cache", {{"ttl_s", 0}});
    site.design.connect(site.web, shared);
    World world(site.design.scenario());
    world.run_until(seconds(60));
    CHECK(site.at_db(world) == 1);
    CHECK(metric(world, shared, "fetches") == 1);
    CHECK(site.cached(world, "fetches") > 40); // every time the near one expires
    CHECK(site.cached(world, "hit_ratio") > 0.8);
    CHECK(metric(world, shared, "hit_ratio") > 0.97);
}

TEST_CASE("A cache that fetches: writes drop the copy, are kept, are late, or pass by") {
    const Values users = {{"rate_per_s", 200}, {"keys", 20}, {"zipf", 0}, {"pages", 9}, {"writes", 1}};
    const auto run = [&](const char* strategy) {
        Site site(users, {{"ttl_s", 0}, {"strategy", strategy}, {"flush_s", 2}}, true);
        World world(site.design.scenario());
        world.run_until(seconds(100));
        audit_deeply(world);
        Site* const kept = &site;
        const double reads = metric(world, kept->db, "reads");
        const double writes = metric(world, kept->db, "writes");
        const double stale = kept->cached(world, "stale_ratio");
        CHECK(world.totals().requests.failed == 0);
        drain(world, site);
        return std::vector<double>{reads, writes, stale};
    };
    const std::vector<double> through = run("read-through");
    CHECK(through[0] > 1000); // most writes are followed by a fetch
    CHECK(through[2] < 0.01); // only while a write is on its way back
    const std::vector<double> kept = run("write-through");
    CHECK(kept[0] <= 30); // each key is fetched once
    CHECK(kept[2] < 0.01);
    const std::vector<double> late = run("write-back");
    CHECK(late[0] <= 30);
    CHECK(late[1] < 0.7 * kept[1]); // several writes of a key in 2 s become one
    CHECK(late[2] == 0);
    const std::vector<double> around = run("write-around");
    CHECK(around[0] <= 30);
    CHECK(around[2] > 0.9); // never told
}

TEST_CASE("Write-back: every acknowledged write is stored, waiting or lost, and lost only by a crash") {
    Site site({{"rate_per_s", 100}, {"keys", 100000}, {"zipf", 0}, {"pages", 0}, {"writes", 1}},
              {{"ttl_s", 0}, {"strategy", "write-back"}, {"flush_s", 3}, {"items", 100}}, true);
    World world(site.design.scenario());
    world.run_until(seconds(50));
    CHECK(site.cached(world, "lost_writes") == 0);
    const double waiting = site.cached(world, "waiting_writes");
    CHECK(waiting == doctest::Approx(300).epsilon(0.3)); // 3 s of them
    CHECK(!world.apply(site.design.command("kill", site.cache)));
    const double lost = site.cached(world, "lost_writes");
    CHECK(lost == doctest::Approx(waiting).epsilon(0.05)); // hardly any key was written twice
    CHECK(site.cached(world, "waiting_writes") == 0);
    const auto acknowledged = static_cast<double>(world.node_totals(site.cache).completed);
    CHECK(!world.apply(site.design.command("set", site.users, {{"rate_per_s", 0}})));
    world.run_until(seconds(60));
    CHECK(metric(world, site.db, "writes") + lost == doctest::Approx(acknowledged).epsilon(0.02));
    audit_deeply(world);
}

TEST_CASE("Write-back: while the database is down writes wait, and are stored when it is back") {
    Site site({{"rate_per_s", 50}, {"keys", 100000}, {"zipf", 0}, {"pages", 0}, {"writes", 1}},
              {{"ttl_s", 0}, {"strategy", "write-back"}, {"flush_s", 1}}, true);
    World world(site.design.scenario());
    world.run_until(seconds(10));
    CHECK(!world.apply(site.design.command("kill", site.db)));
    world.run_until(seconds(30));
    CHECK(site.cached(world, "waiting_writes") > 900);
    CHECK(!world.apply(site.design.command("restore", site.db)));
    world.run_until(seconds(40));
    CHECK(site.cached(world, "waiting_writes") < 100);
    CHECK(site.cached(world, "lost_writes") == 0);
    CHECK(world.totals().requests.failed == 0);
}

TEST_CASE("A dead cache: the server asks the database, nobody fails, and it comes back cold") {
    Site site({{"rate_per_s", 200}, {"keys", 50}, {"zipf", 0}}, {{"ttl_s", 0}}, false);
    World world(site.design.scenario());
    world.run_until(seconds(20));
    const std::uint64_t before = site.at_db(world);
    CHECK(before <= 60);
    CHECK(!world.apply(site.design.command("kill", site.cache)));
    CHECK(site.cached(world, "items") == 0);
    world.run_until(seconds(30));
    CHECK(site.at_db(world) > before + 1800); // all of them
    CHECK(!world.apply(site.design.command("restore", site.cache)));
    world.run_until(seconds(31));
    const std::uint64_t warming = site.at_db(world);
    world.run_until(seconds(60));
    CHECK(site.at_db(world) <= warming + 60);
    CHECK(world.totals().requests.failed == 0);
    // Behind it there is nothing else: with a cache that fetches, its death is everybody's.
    Site through({{"rate_per_s", 200}, {"keys", 50}}, {{"strategy", "read-through"}}, true);
    World other(through.design.scenario());
    other.run_until(seconds(5));
    CHECK(!other.apply(through.design.command("kill", through.cache)));
    other.run_until(seconds(6));
    CHECK(other.totals().requests.failed > 150);
}

TEST_CASE("Local caches: one for each server, also for those that come later, gone with the server") {
    Site site({{"rate_per_s", 300}, {"keys", 10}, {"zipf", 0}}, {{"ttl_s", 0}, {"scope", "local"}}, false, 3);
    World world(site.design.scenario());
    world.run_until(seconds(10));
    CHECK(site.cached(world, "items") == 3 * 10);
    CHECK(world.node_now(site.cache).instances == 3);
    CHECK(!world.apply(site.design.command("kill", site.web, {}, 1)));
    CHECK(site.cached(world, "items") == 2 * 10);
    CHECK(!world.apply(site.design.command("restore", site.web, {}, 1)));
    CHECK(!world.apply(site.design.command("set", site.web, {{"instances", 5}})));
    world.run_until(seconds(20));
    CHECK(site.cached(world, "items") == 5 * 10);
    CHECK(site.at_db(world) == doctest::Approx(60).epsilon(0.2));
    // A write makes only the copy of its own server go: the others are stale.
    CHECK(!world.apply(site.design.command("set", site.users, {{"writes", 0.05}})));
    world.run_until(seconds(40));
    CHECK(site.cached(world, "stale_ratio") > 0.2);
}

TEST_CASE("Copies on several nodes: one node dies and nobody misses anything") {
    Site site({{"rate_per_s", 500}, {"keys", 200}, {"zipf", 0}},
              {{"ttl_s", 0}, {"scope", "distributed"}, {"instances", 4}, {"replicas", 2}, {"detect_s", 5}},
              false);
    World world(site.design.scenario());
    world.run_until(seconds(20));
    const std::uint64_t before = site.at_db(world);
    CHECK(site.cached(world, "items") == 2 * 200);
    CHECK(!world.apply(site.design.command("kill", site.cache, {}, 0)));
    world.run_until(seconds(24));
    CHECK(site.at_db(world) == before);
    world.run_until(seconds(60)); // it has left: another one holds the second copies
    CHECK(site.at_db(world) < before + 150);
    CHECK(world.totals().requests.failed == 0);
}

namespace {

// Of the requests on their way to the cache: how many, and how many of these for an instance.
struct OnTheWay {
    int all = 0, chosen = 0;
};
OnTheWay on_the_way(const World& world, int cache) {
    const sim::Sim& sim = world.inside();
    OnTheWay seen;
    for (sim::RequestId id = 0; id < sim.requests.size(); ++id) {
        const sim::Request& request = sim.requests[id];
        if (request.where != sim::Where::out && request.where != sim::Where::out_timer) continue;
        const sim::Frame& there = sim::Slab::frames_of(request)[request.depth - 1u];
        if (there.node != cache) continue;
        ++seen.all;
        if (there.instance < sim.nodes[there.node].instances) ++seen.chosen;
    }
    return seen;
}

} // namespace

TEST_CASE("Who asks a distributed cache knows on setting off which node holds the key, watched or not") {
    const Values ways[] = {{{"latency_ms", 40}},
                           {{"latency_ms", 40}, {"jitter_cv", 0.3}},
                           {{"latency_ms", 40}, {"bandwidth_mbps", 50}}};
    for (const Values& way : ways) {
        Site site({{"rate_per_s", 500}, {"keys", 200}, {"writes", 1}},
                  {{"ttl_s", 1}, {"scope", "distributed"}, {"instances", 4}}, false);
        CHECK(!World(site.design.scenario()).apply(site.design.edge_command("set", site.to_cache, way)));
        World world(site.design.scenario());
        World watched(site.design.scenario());
        watched.watch_every(1);
        for (World* const one : {&world, &watched}) {
            CHECK(!one->apply(site.design.edge_command("set", site.to_cache, way)));
            one->run_until(seconds(10));
        }
        CHECK(on_the_way(world, site.cache).all > 10);
        CHECK(on_the_way(world, site.cache).chosen == on_the_way(world, site.cache).all);
        CHECK(world.digest() == watched.digest());
        // Whose node is no longer there when they arrive are led to another one.
        CHECK(!world.apply(site.design.command("set", site.cache, {{"instances", 1}})));
        CHECK(on_the_way(world, site.cache).chosen < on_the_way(world, site.cache).all);
        world.run_until(seconds(20));
        CHECK(world.totals().requests.failed == 0);
        CHECK(world.node_totals(site.cache).failed == 0);
        drain(world, site);
    }
}

TEST_CASE("Bytes: never more than the memory, and large objects take the place of many small ones") {
    const auto run = [](double largest_kb) {
        Site site({{"rate_per_s", 1000}, {"keys", 20000}, {"zipf", 0.9}},
                  {{"ttl_s", 0},
                   {"memory_mb", 10},
                   {"object_kb", 10},
                   {"object_cv", 4},
                   {"largest_kb", largest_kb}},
                  false);
        World world(site.design.scenario());
        for (int i = 1; i <= 6; ++i) {
            world.run_until(seconds(10.0 * i));
            CHECK(site.cached(world, "memory_mb") <= 10);
        }
        CHECK(site.cached(world, "memory_mb") > 9);
        return site.cached(world, "hit_ratio");
    };
    const double all = run(0);
    const double small_only = run(20);
    CHECK(small_only > all + 0.05);
}

TEST_CASE("Stampede: each cure keeps the database from being asked many times for one key") {
    const auto most_at_once = [](Values cure) {
        Design design(300);
        const int users = design.add("users", "clients", {{"rate_per_s", 400}, {"keys", 1}});
        const int web =
            design.add("web", "server", {{"cores", 64}, {"workers", 10000}, {"service_ms", 0.01}});
        const int cache = design.add("cache", "cache", cure);
        const int db = design.add(
            "db", "database",
            {{"connections", 1000}, {"cores", 256}, {"read_ms", 200}, {"service", "deterministic"}});
        design.connect(users, web);
        design.connect(web, cache);
        design.connect(web, db);
        World world(design.scenario());
        world.run_until(seconds(5)); // the first fetch is behind us
        std::uint64_t most = 0;
        for (int i = 0; i < 2000; ++i) {
            world.run_until(world.now() + seconds(0.05));
            most = std::max(most, world.node_now(db).in_flight);
        }
        CHECK(world.totals().requests.failed == 0);
        return most;
    };
    CHECK(most_at_once({{"ttl_s", 3}}) > 40);
    CHECK(most_at_once({{"ttl_s", 3}, {"coalesce", "wait"}}) == 1);
    CHECK(most_at_once({{"ttl_s", 3}, {"coalesce", "stale"}}) == 1);
    CHECK(most_at_once({{"ttl_s", 3}, {"refresh_ahead", 0.2}}) == 1);
    CHECK(most_at_once({{"ttl_s", 3}, {"early", 1}}) < 20);
}

TEST_CASE("A lease runs out: when the one who fetches is gone, another one may") {
    Site site({{"rate_per_s", 100}, {"keys", 1}, {"timeout_ms", 0}},
              {{"ttl_s", 1}, {"coalesce", "wait"}, {"lease_s", 2}}, false, 2);
    World world(site.design.scenario());
    for (int round = 0; round < 30; ++round) {
        world.run_until(world.now() + seconds(0.713));
        CHECK(!world.apply(site.design.command("kill", site.web, {}, round % 2)));
        audit_deeply(world);
        world.run_until(world.now() + seconds(0.1));
        CHECK(!world.apply(site.design.command("restore", site.web, {}, round % 2)));
    }
    world.run_until(world.now() + seconds(5));
    CHECK(world.node_now(site.cache).in_flight <= 2);
    drain(world, site);
}

TEST_CASE("Kills, cuts and cancels conserve requests in every strategy, scope and cure") {
    for (const char* strategy : {"look-aside", "read-through", "write-back"})
        for (const char* scope : {"global", "local", "distributed"})
            for (const char* coalesce : {"none", "wait", "stale"}) {
                CAPTURE(strategy);
                CAPTURE(scope);
                CAPTURE(coalesce);
                Site site({{"rate_per_s", 300},
                           {"keys", 30},
                           {"pages", 9},
                           {"writes", 1},
                           {"timeout_ms", 8},
                           {"retries", 1},
                           {"cancels", true}},
                          {{"items", 15},
                           {"ttl_s", 0.05},
                           {"service_ms", 0.3},
                           {"strategy", strategy},
                           {"scope", scope},
                           {"coalesce", coalesce},
                           {"lease_s", 0.02},
                           {"refresh_ahead", 0.2},
                           {"early", 0.2},
                           {"flush_s", 0.1},
                           {"replicas", 2},
                           {"detect_s", 0.1}},
                          std::string_view(strategy) != "look-aside", 2);
                World world(site.design.scenario());
                const int nodes[] = {site.cache, site.web, site.db};
                for (int round = 0; round < 30; ++round) {
                    const int node = nodes[round % 3];
                    const bool cut = round % 5 == 4;
                    const int instance = round % 2 == 0 ? 0 : -1;
                    world.run_until(world.now() + seconds(0.1137));
                    CHECK(!world.apply(cut ? site.design.edge_command("kill", site.to_cache)
                                           : site.design.command("kill", node, {}, instance)));
                    audit(world);
                    audit_deeply(world);
                    world.run_until(world.now() + seconds(0.031));
                    CHECK(!world.apply(cut ? site.design.edge_command("restore", site.to_cache)
                                           : site.design.command("restore", node, {}, instance)));
                }
                drain(world, site);
            }
}

TEST_CASE("Changing a running cache: size and policy keep what fits, scope and purge empty") {
    Site site({{"rate_per_s", 500}, {"keys", 1000}, {"zipf", 0}}, {{"ttl_s", 0}, {"items", 500}}, false);
    World world(site.design.scenario());
    world.run_until(seconds(30));
    CHECK(site.cached(world, "items") == 500);
    CHECK(!world.apply(site.design.command("set", site.cache, {{"items", 100}})));
    CHECK(site.cached(world, "items") == 100);
    CHECK(!world.apply(site.design.command("set", site.cache, {{"items", 2000}, {"policy", "lfu"}})));
    CHECK(site.cached(world, "items") == 100);
    world.run_until(seconds(60));
    CHECK(site.cached(world, "items") == 1000);
    Command purge;
    purge.node = site.cache;
    purge.verb = &world.scenario().nodes[static_cast<std::size_t>(site.cache)].kind->verbs[0];
    purge.settings.push_back({0, 300});
    CHECK(!world.apply(purge));
    CHECK(site.cached(world, "items") == 700);
    purge.settings.clear();
    CHECK(!world.apply(purge));
    CHECK(site.cached(world, "items") == 0);
    CHECK(!world.apply(site.design.command("set", site.cache, {{"scope", "distributed"}, {"instances", 3}})));
    world.run_until(seconds(70));
    CHECK(site.cached(world, "items") > 900);
    CHECK(!world.apply(site.design.command("set", site.cache, {{"scope", "global"}})));
    audit_deeply(world);
    drain(world, site);
}

TEST_CASE("Snapshots hold what is cached, and slices of time change nothing") {
    Site site({{"rate_per_s", 500}, {"keys", 1000}, {"writes", 0.1}},
              {{"items", 200},
               {"ttl_s", 2},
               {"ttl_jitter", 0.3},
               {"policy", "random"},
               {"coalesce", "wait"},
               {"scope", "distributed"}},
              false);
    World world(site.design.scenario());
    world.run_until(seconds(20));
    const Snapshot then = world.snapshot();
    world.run_until(seconds(40));
    const std::uint64_t digest = world.digest();
    world.restore(then);
    for (int i = 0; i < 2000; ++i) world.run_until(world.now() + seconds(0.01));
    CHECK(world.digest() == digest);
}

TEST_CASE("Memory: 40 bytes a key, 60 under LFU, when it is full of them") {
    for (const bool lfu : {false, true}) {
        const auto bytes = [lfu](int items) {
            Site site({{"rate_per_s", 100000}, {"keys", 10000000}, {"zipf", 0}},
                      {{"items", items}, {"ttl_s", 0}, {"policy", lfu ? "lfu" : "lru"}, {"service_ms", 0}},
                      false);
            World world(site.design.scenario());
            world.run_until(seconds(3));
            CHECK(site.cached(world, "items") == items);
            return static_cast<double>(world.bytes_in_use());
        };
        const double each = (bytes(60000) - bytes(10000)) / (60000 - 10000);
        CHECK(each == doctest::Approx(lfu ? 60 : 40).epsilon(0.05));
    }
}

TEST_CASE("Cost: instances and memory, or the price given") {
    Site site({{"rate_per_s", 1}}, {{"items", 2000000}, {"scope", "distributed"}, {"instances", 3}}, false);
    World world(site.design.scenario());
    CHECK(world.node_totals(site.cache).cost_usd_per_month == doctest::Approx(3 * (15 + 2 * 12)));
    CHECK(!world.apply(site.design.command("set", site.cache, {{"memory_mb", 500}})));
    CHECK(world.node_totals(site.cache).cost_usd_per_month == doctest::Approx(3 * (15 + 0.5 * 12)));
    CHECK(!world.apply(site.design.command("set", site.cache, {{"price_usd", 40}})));
    CHECK(world.node_totals(site.cache).cost_usd_per_month == doctest::Approx(3 * 40));
}
