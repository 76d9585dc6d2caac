// What a CDN does: classes, first fetch, versions, invalidation, dead points, the bill.
#include <doctest/doctest.h>

#include <string_view>

#include "scale/world.hpp"
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

struct Site {
    Design design{100000};
    int users, cdn, web, db, to_web;
    Site(Values user_values, Values cdn_values)
        : users(design.add("users", "clients", user_values)), cdn(design.add("cdn", "cdn", cdn_values)),
          web(design.add("web", "server", {{"cores", 64}, {"service_ms", 0.1}, {"answer_kb", 50}})),
          db(design.add("db", "database", {{"cores", 64}, {"connections", 1000}, {"read_ms", 1}})) {
        design.connect(users, cdn, {{"latency_ms", 5}});
        to_web = design.connect(cdn, web, {{"latency_ms", 50}});
        design.connect(web, db);
    }
    double seen(const World& world, const char* id) const { return metric(world, cdn, id); }
    std::uint64_t at_origin(const World& world) const { return world.node_totals(web).arrivals; }
    Command purge(const World& world, double hottest) const {
        Command made;
        made.node = cdn;
        made.verb = &world.scenario().nodes[static_cast<std::size_t>(cdn)].kind->verbs[0];
        if (hottest > 0) made.settings.push_back({0, hottest});
        return made;
    }
};

} // namespace

TEST_CASE("CDN: static assets are fetched once per point, pages and writes pass on") {
    Site site({{"rate_per_s", 400},
               {"keys", 20},
               {"zipf", 0},
               {"pages", 2},
               {"assets", 6},
               {"api", 1},
               {"writes", 1}},
              {{"points", 3}, {"ttl_s", 0}});
    World world(site.design.scenario());
    world.run_until(seconds(100));
    CHECK(site.seen(world, "items") == 3 * 20);
    const auto offered = static_cast<double>(world.totals().requests.offered);
    CHECK(static_cast<double>(site.at_origin(world)) == doctest::Approx(0.4 * offered + 60).epsilon(0.03));
    CHECK(site.seen(world, "hit_ratio") > 0.99);
    audit_deeply(world);
    // Pages and API answers too, when somebody says so; of the same key they are other objects than assets.
    CHECK(!world.apply(site.design.command("set", site.cdn, {{"pages", true}, {"api", true}})));
    const std::uint64_t before = site.at_origin(world);
    world.run_until(seconds(200));
    CHECK(static_cast<double>(site.at_origin(world) - before) ==
          doctest::Approx(0.1 * offered + 60).epsilon(0.1));
    CHECK(site.seen(world, "items") == 3 * 40);
    CHECK(site.seen(world, "stale_ratio") > 0.1); // nobody tells it of writes
}

TEST_CASE("CDN: an invalidation takes effect when its time is over, for all or for the most popular") {
    Site site({{"rate_per_s", 200}, {"keys", 50}, {"zipf", 0}, {"pages", 0}, {"assets", 1}},
              {{"points", 2}, {"ttl_s", 0}, {"purge_s", 5}});
    World world(site.design.scenario());
    world.run_until(seconds(50));
    CHECK(site.seen(world, "items") == 100);
    const std::uint64_t before = site.at_origin(world);
    CHECK(!world.apply(site.purge(world, 10)));
    world.run_until(seconds(54.9));
    CHECK(site.at_origin(world) == before);
    world.run_until(seconds(80));
    CHECK(site.at_origin(world) == before + 20); // ten objects at two points
    CHECK(!world.apply(site.purge(world, 0)));
    world.run_until(seconds(120));
    CHECK(site.at_origin(world) == before + 20 + 100);
}

TEST_CASE("CDN: versions in names: a write makes a new object, and nobody gets an old one") {
    for (const bool versioned : {false, true}) {
        CAPTURE(versioned);
        Site site(
            {{"rate_per_s", 200}, {"keys", 20}, {"zipf", 0}, {"pages", 0}, {"assets", 100}, {"writes", 1}},
            {{"points", 2}, {"ttl_s", 0}, {"versioned", versioned}});
        World world(site.design.scenario());
        world.run_until(seconds(100));
        if (versioned) {
            CHECK(site.seen(world, "stale_ratio") == 0);
            CHECK(site.seen(world, "items") > 2 * 20 + 100); // old ones lie about
        } else {
            CHECK(site.seen(world, "stale_ratio") > 0.5);
            CHECK(site.seen(world, "items") == 2 * 20);
        }
    }
}

TEST_CASE("CDN: users of a dead point fail until they are led to the next one") {
    Site site({{"rate_per_s", 400}, {"users", 10000}, {"keys", 20}, {"pages", 0}, {"assets", 1}},
              {{"points", 4}, {"ttl_s", 0}, {"reroute_s", 20}});
    World world(site.design.scenario());
    world.run_until(seconds(50));
    CHECK(!world.apply(site.design.command("kill", site.cdn, {}, 1)));
    world.run_until(seconds(100));
    CHECK(static_cast<double>(world.totals().requests.failed) ==
          doctest::Approx(400.0 / 4 * 20).epsilon(0.1));
    const std::uint64_t failed = world.totals().requests.failed;
    world.run_until(seconds(150));
    CHECK(world.totals().requests.failed == failed);
}

TEST_CASE("CDN: the origin is down: expired copies are served if so wished") {
    for (const bool stale : {false, true}) {
        CAPTURE(stale);
        Site site({{"rate_per_s", 200}, {"keys", 10}, {"zipf", 0}, {"pages", 0}, {"assets", 1}},
                  {{"points", 2}, {"ttl_s", 5}, {"stale_on_error", stale}});
        World world(site.design.scenario());
        world.run_until(seconds(30));
        CHECK(!world.apply(site.design.command("kill", site.web)));
        world.run_until(seconds(60));
        if (stale)
            CHECK(world.totals().requests.failed == 0);
        else
            CHECK(world.totals().requests.failed > 4000);
        audit_deeply(world);
    }
}

TEST_CASE("CDN: one fetch for all who ask a point at the same time") {
    for (const bool collapse : {true, false}) {
        CAPTURE(collapse);
        Site site({{"rate_per_s", 1000}, {"keys", 1}, {"pages", 0}, {"assets", 1}},
                  {{"points", 1}, {"ttl_s", 0}, {"collapse", collapse}});
        World world(site.design.scenario());
        world.run_until(seconds(10));
        // The origin is 100 ms away: a hundred ask meanwhile.
        if (collapse)
            CHECK(site.at_origin(world) == 1);
        else
            CHECK(site.at_origin(world) == doctest::Approx(100).epsilon(0.4));
        CHECK(world.totals().requests.failed == 0);
    }
}

TEST_CASE("CDN: the bill is what was sent, for a month of it") {
    Site site({{"rate_per_s", 100}, {"arrivals", "deterministic"}, {"keys", 10}, {"pages", 0}, {"assets", 1}},
              {{"ttl_s", 0}, {"usd_per_gb", 0.1}, {"usd_per_million", 2}, {"price_usd", 7}});
    World world(site.design.scenario());
    world.run_until(seconds(1000));
    const double sent = site.seen(world, "sent_gb");
    CHECK(sent == doctest::Approx(100 * 1000 * 50e3 / 1e9).epsilon(0.001));
    const double months = 1000 / (30 * 86400.0);
    CHECK(world.node_totals(site.cdn).cost_usd_per_month ==
          doctest::Approx(7 + (sent * 0.1 + 0.1 * 2) / months).epsilon(0.001));
    CHECK(site.seen(world, "byte_hit_ratio") > 0.99);
    CHECK(site.seen(world, "origin_gb") < 0.01);
}

TEST_CASE("CDN: kills and cuts conserve requests") {
    Site site({{"rate_per_s", 300},
               {"keys", 50},
               {"pages", 1},
               {"assets", 4},
               {"writes", 1},
               {"timeout_ms", 150},
               {"retries", 1}},
              {{"points", 3}, {"ttl_s", 0.5}, {"reroute_s", 1}, {"stale_on_error", true}});
    World world(site.design.scenario());
    const int nodes[] = {site.cdn, site.web, site.db};
    for (int round = 0; round < 40; ++round) {
        const int node = nodes[round % 3];
        world.run_until(world.now() + seconds(0.217));
        const bool cut = round % 4 == 3;
        CHECK(!world.apply(cut ? site.design.edge_command("kill", site.to_web)
                               : site.design.command("kill", node, {}, round % 2 == 0 ? 0 : -1)));
        audit(world);
        audit_deeply(world);
        world.run_until(world.now() + seconds(0.07));
        CHECK(!world.apply(cut ? site.design.edge_command("restore", site.to_web)
                               : site.design.command("restore", node, {}, round % 2 == 0 ? 0 : -1)));
    }
    CHECK(!world.apply(site.design.command("set", site.users, {{"rate_per_s", 0}})));
    world.run_until(world.now() + seconds(600));
    CHECK(world.totals().requests.in_flight == 0);
    audit_deeply(world);
}
