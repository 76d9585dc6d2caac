// Reverse proxies: routing, sharing, giving up, and every guard; with callers and called dying at any moment.
#include <doctest/doctest.h>

#include <string>

#include "kinds/guards.hpp"
#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"
#include "support/metric.hpp"
#include "support/random_scenario.hpp"

using namespace scale;
using namespace scale::tests;
using figures::metric;

namespace {

struct Site {
    Design design{1000};
    int users, proxy, web, db, to_proxy, to_web;
    explicit Site(Values proxy_values, Values user_values = {{"rate_per_s", 150}, {"keys", 50}},
                  Values web_values = {{"instances", 3}, {"workers", 40}, {"service_ms", 5}}) {
        users = design.add("users", "clients", user_values);
        proxy = design.add("proxy", "proxy", proxy_values);
        web = design.add("web", "server", web_values);
        db = design.add("db", "database", {{"connections", 8}, {"read_ms", 8}});
        to_proxy = design.connect(users, proxy, {{"latency_ms", 4}});
        to_web = design.connect(proxy, web, {{"latency_ms", 1}, {"give_up_ms", 500}});
        design.connect(web, db, {{"latency_ms", 0.5}, {"jitter_cv", 0.5}});
    }
    void apply(World& world, Command command) const { CHECK(!world.apply(std::move(command))); }
};

void stop_and_drain(World& world, const Site& site) {
    site.apply(world, site.design.command("set", site.users, {{"rate_per_s", 0}}));
    for (const int node : {site.proxy, site.web, site.db}) {
        site.apply(world, site.design.command("restore", node));
        Command normal = site.design.command("slow", node);
        normal.settings.push_back({0, 1});
        site.apply(world, normal);
    }
    site.apply(world, site.design.edge_command("restore", site.to_web));
    world.run_until(world.now() + seconds(1000));
    audit(world);
    audit_deeply(world);
    CHECK(world.totals().requests.in_flight == 0);
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i)
        CHECK(world.node_now(static_cast<int>(i)).in_flight == 0);
}

} // namespace

TEST_CASE("A proxy with everything switched on keeps its books under kills, cuts, cancels and changes") {
    double timed_out = 0;
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
        for (const bool cancels : {false, true}) {
            CAPTURE(cancels);
            Site site({{"collapse", true},
                       {"block_keys", 2},
                       {"timeout_ms", 60},
                       {"retries", 2},
                       {"retry_ms", 5},
                       {"hedge_ms", 15},
                       {"cancels", cancels},
                       {"breaker_share", 0.5},
                       {"breaker_open_s", 0.3},
                       {"bulkhead", 60},
                       {"shed_inside", 80},
                       {"limit_per_s", 300}},
                      {{"rate_per_s", 250},
                       {"keys", 50},
                       {"writes", 0.2},
                       {"timeout_ms", 80},
                       {"retries", 1},
                       {"cancels", seed % 2 == 0}});
            World world(site.design.scenario(seed));
            Dice dice(seed);
            const int nodes[] = {site.proxy, site.web, site.web, site.db};
            for (int round = 0; round < 200; ++round) {
                world.run_until(world.now() + seconds(0.1 * dice.share()));
                const int node = dice.any(nodes);
                if (dice.chance(0.2))
                    site.apply(world,
                               site.design.edge_command(dice.chance(0.3) ? "kill" : "restore", site.to_web));
                else if (dice.chance(0.1))
                    site.apply(world, site.design.command("set", site.proxy,
                                                          {{"timeout_ms", dice.chance(0.5) ? 0 : 60}}));
                else
                    site.apply(world, site.design.command(dice.chance(0.3) ? "kill" : "restore", node, {},
                                                          dice.chance(0.5) ? 0 : -1));
                audit(world);
                if (round % 5 == 0) audit_deeply(world);
            }
            CHECK(world.totals().requests.completed > 100);
            CHECK(metric(world, site.proxy, "collapsed") > 10);
            timed_out += metric(world, site.proxy, "timed_out");
            CHECK(metric(world, site.proxy, "retried") > 0);
            CHECK(metric(world, site.proxy, "hedges") > 0);
            stop_and_drain(world, site);
        }
    }
    CHECK(timed_out > 0);
}

TEST_CASE("Requests go by their class, and by weight where several ways take them") {
    Design design(100);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 200}, {"pages", 1}, {"assets", 1}, {"api", 1}});
    const int proxy = design.add("proxy", "proxy");
    const int pages = design.add("pages", "server", {{"cores", 8}, {"service_ms", 2}});
    const int assets = design.add("assets", "server", {{"cores", 8}, {"service_ms", 2}});
    const int stable = design.add("stable", "server", {{"cores", 8}, {"service_ms", 2}});
    const int canary = design.add("canary", "server", {{"cores", 8}, {"service_ms", 2}});
    design.connect(users, proxy);
    design.connect(proxy, pages, {{"carries", "pages"}});
    design.connect(proxy, assets, {{"carries", "assets"}});
    design.connect(proxy, stable, {{"carries", "api"}, {"weight", 9}});
    design.connect(proxy, canary, {{"carries", "api"}, {"weight", 1}});
    World world(design.scenario());
    world.run_until(world.duration());
    CHECK(world.totals().availability == 1);
    const auto arrivals = [&](int node) { return static_cast<double>(world.node_totals(node).arrivals); };
    CHECK(arrivals(pages) == doctest::Approx(200 * 100 / 3).epsilon(0.05));
    CHECK(arrivals(assets) == doctest::Approx(200 * 100 / 3).epsilon(0.05));
    CHECK(std::abs(arrivals(stable) - 9 * arrivals(canary)) <= 9);
    CHECK(arrivals(canary) > 500);
}

TEST_CASE("A breaker opens on failures, refuses at once, probes, and closes when all is well") {
    Site site({{"breaker_share", 0.5}, {"breaker_least", 10}, {"breaker_open_s", 2}, {"breaker_probes", 3}});
    World world(site.design.scenario());
    world.run_until(seconds(20));
    CHECK(metric(world, site.proxy, "breaker_trips") == 0);
    site.apply(world, site.design.command("kill", site.db));
    world.run_until(seconds(21));
    CHECK(metric(world, site.proxy, "breakers_open") == 1);
    const std::uint64_t before = world.node_totals(site.web).arrivals;
    world.run_until(seconds(40));
    // One probe at a time ends each pause of two seconds at the most; all others are spared.
    CHECK(world.node_totals(site.web).arrivals - before < 40);
    CHECK(metric(world, site.proxy, "broken") > 150 * 17);
    CHECK(metric(world, site.proxy, "breaker_trips") >= 8);
    site.apply(world, site.design.command("restore", site.db));
    world.run_until(seconds(44));
    CHECK(metric(world, site.proxy, "breakers_open") == 0);
    const std::uint64_t failed = world.totals().requests.failed + world.totals().requests.rejected;
    world.run_until(seconds(60));
    CHECK(world.totals().requests.failed + world.totals().requests.rejected == failed);
    stop_and_drain(world, site);
}

TEST_CASE("A breaker takes slow calls for failed ones, and its own timeouts too") {
    for (const char* limit : {"breaker_slow_ms", "timeout_ms"}) {
        CAPTURE(limit);
        Site site({{"breaker_share", 0.5}, {limit, 300}});
        World world(site.design.scenario());
        world.run_until(seconds(20));
        CHECK(metric(world, site.proxy, "breaker_trips") == 0);
        Command slow = site.design.command("slow", site.db);
        slow.settings.push_back({0, 100});
        site.apply(world, slow);
        world.run_until(seconds(30));
        CHECK(metric(world, site.proxy, "breaker_trips") > 0);
        CHECK(metric(world, site.proxy, "broken") > 500);
        CHECK((metric(world, site.proxy, "timed_out") > 0) == (std::string(limit) == "timeout_ms"));
        stop_and_drain(world, site);
    }
}

TEST_CASE("With another way that takes them, requests go round a broken one") {
    Design design(100);
    const int users = design.add("users", "clients", {{"rate_per_s", 100}});
    const int proxy = design.add("proxy", "proxy", {{"breaker_share", 0.5}, {"breaker_open_s", 1000}});
    const int first = design.add("first", "server", {{"cores", 8}, {"service_ms", 2}});
    const int second = design.add("second", "server", {{"cores", 8}, {"service_ms", 2}});
    design.connect(users, proxy);
    design.connect(proxy, first);
    design.connect(proxy, second);
    design.at(20, design.command("kill", first));
    World world(design.scenario());
    world.run_until(world.duration());
    CHECK(world.totals().requests.failed < 40);
    CHECK(world.totals().requests.rejected == 0);
    CHECK(world.node_totals(second).arrivals > 8000);
}

TEST_CASE("A bulkhead keeps one slow way from taking everything") {
    for (const bool has_bulkhead : {false, true}) {
        CAPTURE(has_bulkhead);
        Design design(100);
        const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"pages", 1}, {"api", 1}});
        const int proxy =
            design.add("proxy", "proxy", {{"shed_inside", 200}, {"bulkhead", has_bulkhead ? 50 : 0}});
        const int pages = design.add("pages", "server", {{"cores", 8}, {"service_ms", 2}});
        const int api = design.add("api", "server", {{"cores", 8}, {"workers", 1000}, {"service_ms", 2}});
        design.connect(users, proxy);
        design.connect(proxy, pages, {{"carries", "pages"}});
        design.connect(proxy, api, {{"carries", "api"}});
        Command slow = design.command("slow", api);
        slow.settings.push_back({0, 1000});
        design.at(20, slow);
        World world(design.scenario());
        world.run_until(world.duration());
        const double pages_served = static_cast<double>(world.node_totals(pages).completed);
        if (has_bulkhead)
            CHECK(pages_served == doctest::Approx(5000).epsilon(0.05));
        else
            CHECK(pages_served < 2500);
    }
}

TEST_CASE("A limit for each user spares those who ask little") {
    Design design(100);
    const int many = design.add("many", "clients", {{"rate_per_s", 50}, {"users", 1000}});
    const int robot = design.add("robot", "clients", {{"rate_per_s", 200}, {"users", 1}});
    const int proxy =
        design.add("proxy", "proxy", {{"limit_per_s", 5}, {"limit_burst", 10}, {"limit_by", "user"}});
    const int web = design.add("web", "server", {{"cores", 8}, {"service_ms", 2}});
    design.connect(many, proxy);
    design.connect(robot, proxy);
    design.connect(proxy, web);
    World world(design.scenario());
    world.run_until(world.duration());
    const double robots = static_cast<double>(world.node_totals(robot).completed);
    CHECK(robots <= 5 * 100 + 10 + 1);
    CHECK(robots > 450);
    const NodeTotals others = world.node_totals(many);
    // The robot is user 0 to the proxy, who is one of the many as well.
    CHECK(static_cast<double>(others.completed) / static_cast<double>(others.arrivals) > 0.99);
    CHECK(metric(world, proxy, "limited") > 19000);
}

TEST_CASE("Giving up after its own timeout stops the work below, or lets it go on for nobody") {
    for (const bool cancels : {false, true}) {
        CAPTURE(cancels);
        Site site({{"timeout_ms", 30}, {"cancels", cancels}}, {{"rate_per_s", 400}, {"keys", 1}},
                  {{"instances", 1}, {"cores", 4}, {"workers", 500}, {"service_ms", 20}});
        World world(site.design.scenario());
        world.run_until(seconds(20));
        CHECK(metric(world, site.proxy, "timed_out") > 1000);
        CHECK(world.node_totals(site.users).latency_ms.max < 30 + 2 * 4 + 1.1);
        CHECK((metric(world, site.proxy, "wasted") > 1000) == !cancels);
        stop_and_drain(world, site);
    }
}

TEST_CASE("Writes are neither shared, nor tried again, nor sent twice") {
    Site site({{"collapse", true}, {"retries", 3}, {"hedge_ms", 1}},
              {{"rate_per_s", 100}, {"keys", 2}, {"pages", 0}, {"writes", 1}});
    site.design.at(10, site.design.command("kill", site.web, {}, 0));
    site.design.at(20, site.design.command("restore", site.web, {}, 0));
    World world(site.design.scenario());
    world.run_until(seconds(40));
    for (const char* none : {"collapsed", "retried", "hedges"}) CHECK(metric(world, site.proxy, none) == 0);
    CHECK(world.totals().requests.failed > 100);
    CHECK(world.node_totals(site.web).arrivals + 20 >= world.node_totals(site.proxy).arrivals);
}

TEST_CASE("Who started a shared call may leave: the others get its answer; when all leave it is stopped") {
    for (const double patience_ms : {200.0, 40.0}) {
        CAPTURE(patience_ms);
        Design design(60);
        const int hasty = design.add(
            "hasty", "clients", {{"rate_per_s", 50}, {"keys", 1}, {"timeout_ms", 20}, {"cancels", true}});
        const int patient =
            design.add("patient", "clients",
                       {{"rate_per_s", 50}, {"keys", 1}, {"timeout_ms", patience_ms}, {"cancels", true}});
        const int proxy = design.add("proxy", "proxy", {{"service_ms", 0}, {"collapse", true}});
        const int store =
            design.add("store", "server", {{"cores", 8}, {"service_ms", 100}, {"service", "deterministic"}});
        design.connect(hasty, proxy);
        design.connect(patient, proxy);
        design.connect(proxy, store);
        World world(design.scenario());
        world.run_until(world.duration());
        audit_deeply(world);
        const double all = static_cast<double>(world.node_totals(patient).arrivals);
        const double served = static_cast<double>(world.node_totals(patient).completed);
        if (patience_ms > 100)
            CHECK(served / all > 0.99);
        else // a call ends well when somebody is there all the time until someone's last 40 ms
            CHECK(served / all < 0.9);
        CHECK(world.node_totals(store).arrivals < 1000);
        CHECK(world.node_now(proxy).in_flight <= 12);
    }
}

TEST_CASE("Shedding by latency keeps those who are let in well served") {
    for (const bool sheds : {false, true}) {
        CAPTURE(sheds);
        Site site({{"shed_latency_ms", sheds ? 200 : 0}}, {{"rate_per_s", 2000}, {"keys", 1000}},
                  {{"instances", 4}, {"workers", 200}, {"service_ms", 1}, {"queue_limit", 100000}});
        site.design.raw().warmup_s = 30;
        World world(site.design.scenario());
        world.run_until(seconds(90));
        const double served_per_s = world.totals().throughput_per_s; // the store can do 1000
        CHECK(served_per_s > (sheds ? 600 : 900));
        CHECK((world.totals().latency_ms.p50 < 700) == sheds);
        CHECK((metric(world, site.proxy, "shed") > 10000) == sheds);
    }
}

TEST_CASE("A snapshot of a busy proxy goes on as it did") {
    Site site({{"collapse", true},
               {"timeout_ms", 60},
               {"retries", 2},
               {"hedge_ms", 15},
               {"limit_per_s", 200},
               {"limit_by", "user"},
               {"breaker_share", 0.3}});
    World world(site.design.scenario());
    world.run_until(seconds(10));
    const Snapshot then = world.snapshot();
    world.run_until(seconds(30));
    const std::uint64_t digest = world.digest();
    world.restore(then);
    world.run_until(seconds(30));
    CHECK(world.digest() == digest);
}

TEST_CASE("Breaker and bucket, step by step") {
    kind::Breaker::Rules rules;
    rules.share = 0.5;
    rules.window = rules.open_for = 100;
    rules.least = 4;
    rules.probes = 2;
    kind::Breaker breaker;
    for (int i = 0; i < 3; ++i) CHECK(!breaker.ended(rules, 10, false, false));
    CHECK(breaker.allows(rules, 10));
    CHECK(breaker.ended(rules, 11, false, true) == false); // a good one never opens it
    CHECK(breaker.ended(rules, 12, false, false));
    CHECK(!breaker.allows(rules, 50));
    CHECK(breaker.allows(rules, 112)); // half open
    CHECK(breaker.sent());
    CHECK(breaker.allows(rules, 112));
    CHECK(breaker.sent());
    CHECK(!breaker.allows(rules, 112)); // both are out
    CHECK(!breaker.ended(rules, 120, true, true));
    CHECK(!breaker.ended(rules, 121, false, false)); // sent before it opened: says nothing
    CHECK(!breaker.allows(rules, 122));
    CHECK(!breaker.ended(rules, 125, true, true));
    CHECK(breaker.state == kind::Breaker::closed);
    CHECK(!breaker.ended(rules, 130, false, false));
    CHECK(!breaker.ended(rules, 300, false, false)); // a new window
    CHECK(breaker.calls == 1);

    kind::TokenBucket bucket{100, 200}; // three at once, then one per 100
    core::Time full_at = 0;
    for (int i = 0; i < 3; ++i) CHECK(bucket.take(1000, full_at));
    CHECK(!bucket.take(1000, full_at));
    CHECK(!bucket.take(1099, full_at));
    CHECK(bucket.take(1100, full_at));
    CHECK(!bucket.take(1100, full_at));
    for (int i = 0; i < 3; ++i) CHECK(bucket.take(5000, full_at));
    CHECK(!bucket.take(5000, full_at));
}
