// Monitoring: readings, rules, people and automation, logs, and the users behind the requests.
#include <doctest/doctest.h>

#include <algorithm>

#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

double metric(const World& world, int node, std::string_view id) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(node)].kind;
    for (std::size_t i = 0; i < kind.metrics.size(); ++i)
        if (id == kind.metrics[i].id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric " << id);
    return 0;
}

struct Site {
    Design design;
    int users, balancer, web, watch;
    explicit Site(Values watching, double duration_s = 600)
        : design(duration_s),
          users(design.add("users", "clients",
                           {{"rate_per_s", 90}, {"users", 300}, {"pages", 9}, {"writes", 1}})),
          balancer(design.add("balancer", "balancer", {{"health_interval_s", 1}})),
          web(design.add("web", "server",
                         {{"instances", 3}, {"cores", 2}, {"service_ms", 5}, {"drain_s", 2}})),
          watch(design.add("watch", "monitoring", watching)) {
        design.connect(users, balancer);
        design.connect(balancer, web);
        design.connect(watch, web);
        design.connect(watch, users);
    }
    World run() {
        World world(design.scenario());
        world.run_until(world.duration());
        audit_deeply(world);
        return world;
    }
};

} // namespace

TEST_CASE("A dead instance is noticed after rule and reading, and restarted by itself") {
    Site site({{"scrape_s", 5}, {"for_s", 10}, {"restarts", true}, {"restart_s", 22}, {"on_call_s", 0}});
    site.design.at(101, site.design.command("kill", site.web, {}, 1));
    const World world = site.run();
    CHECK(metric(world, site.watch, "alerts") == 1);
    CHECK(metric(world, site.watch, "incidents") == 1);
    CHECK(metric(world, site.watch, "repairs") == 1);
    CHECK(metric(world, site.watch, "detect_ms") == doctest::Approx(14000).epsilon(0.01)); // 105 + 10
    CHECK(metric(world, site.watch, "repair_ms") ==
          doctest::Approx(39000).epsilon(0.02)); // up at 137, seen at 140
    CHECK(world.node_now(site.web).instances_up == 3);
}

TEST_CASE("Without automation a person comes, and where the logs are decides how long the search takes") {
    const auto repaired_ms = [](const char* logs) {
        Site site({{"scrape_s", 5},
                   {"for_s", 10},
                   {"restart_s", 22},
                   {"on_call_s", 100},
                   {"search_s", 60},
                   {"logs", logs}});
        site.design.at(101, site.design.command("kill", site.web, {}, 2));
        const World world = site.run();
        CHECK(metric(world, site.watch, "incidents") == 1);
        return metric(world, site.watch, "repair_ms");
    };
    const double alone = 14000 + 100000 + 22000;
    CHECK(repaired_ms("per-host") == doctest::Approx(alone + 3 * 60000).epsilon(0.02)); // the third host
    CHECK(repaired_ms("central") == doctest::Approx(alone + 70000).epsilon(0.03));
}

TEST_CASE("A bad release is found by its errors and taken back; without automation it stays") {
    for (const bool automatic : {true, false}) {
        CAPTURE(automatic);
        Site site({{"scrape_s", 5},
                   {"for_s", 10},
                   {"rolls_back", automatic},
                   {"on_call_s", 0},
                   {"alert_errors", 0.02}});
        site.design.at(100,
                       site.design.command(
                           "deploy", site.web,
                           {{"strategy", "canary"}, {"restart_s", 5}, {"observe_s", 60}, {"failing", 0.3}}));
        const World world = site.run();
        const double failed = static_cast<double>(world.totals().requests.failed);
        if (automatic) {
            CHECK(failed < 0.3 * 30 * 30); // a third of 90/s for half a minute
            CHECK(failed > 0);
            CHECK(metric(world, site.watch, "repairs") == 1);
            CHECK(metric(world, site.watch, "incidents") >= 1);
        } else {
            CHECK(failed > 0.2 * 90 * 300);
            CHECK(metric(world, site.watch, "incidents") == 0); // still open
            CHECK(metric(world, site.watch, "alerts") >= 1);
        }
    }
}

TEST_CASE("A release that was good, or is too old, is not taken back") {
    Site site(
        {{"scrape_s", 5}, {"for_s", 5}, {"rolls_back", true}, {"on_call_s", 0}, {"release_window_s", 60}});
    site.design.at(50,
                   site.design.command("deploy", site.web, {{"restart_s", 5}, {"batch", 1}, {"failing", 0}}));
    site.design.at(300, site.design.command("kill", site.web, {}, 0));
    const World world = site.run();
    CHECK(metric(world, site.watch, "repairs") == 0);
}

TEST_CASE("Overload alerts by p99 and by busy cores, and calms") {
    Site site({{"scrape_s", 5}, {"for_s", 10}, {"alert_p99_ms", 200}, {"alert_busy", 0.9}, {"on_call_s", 0}});
    site.design.at(100, site.design.command("set", site.users, {{"rate_per_s", 1400}}));
    site.design.at(200, site.design.command("set", site.users, {{"rate_per_s", 90}}));
    const World world = site.run();
    CHECK(metric(world, site.watch, "alerts") >= 3); // web busy, web slow, users wait
    CHECK(metric(world, site.watch, "incidents") == 1);
    CHECK(metric(world, site.watch, "repairs") == 0);
}

TEST_CASE("Readings are work on the cores of what is watched, and wait there like everybody") {
    Design design(200);
    const int users = design.add("users", "clients", {{"rate_per_s", 0.001}});
    const int web = design.add("web", "server", {{"instances", 2}, {"cores", 1}, {"service_ms", 5}});
    const int watch = design.add("watch", "monitoring", {{"scrape_s", 1}, {"scrape_ms", 100}});
    design.connect(users, web);
    design.connect(watch, web, {{"latency_ms", 10}});
    World world(design.scenario());
    world.run_until(seconds(200.5));
    CHECK(world.node_totals(web).utilization == doctest::Approx(0.1).epsilon(0.01));
    CHECK(metric(world, watch, "readings") == 400);
    CHECK(metric(world, watch, "reading_ms") == doctest::Approx(120).epsilon(0.001));
    CHECK(!world.apply(design.command("set", users, {{"rate_per_s", 340}})));
    world.run_until(seconds(400.5));
    CHECK(metric(world, watch, "reading_ms") > 121.5);
    audit_deeply(world);
}

TEST_CASE("What cannot be reached looks dead, and is not restarted") {
    Site site({{"scrape_s", 5}, {"for_s", 10}, {"restarts", true}, {"on_call_s", 0}});
    const int link = 2;
    site.design.at(100, site.design.edge_command("kill", link));
    site.design.at(200, site.design.edge_command("restore", link));
    const World world = site.run();
    CHECK(metric(world, site.watch, "alerts") == 1);
    CHECK(metric(world, site.watch, "incidents") == 1);
    CHECK(metric(world, site.watch, "repairs") == 0);
    CHECK(world.totals().requests.failed == 0);
}

TEST_CASE("Business figures come from the requests that were served") {
    Site site({{"day_s", 100}, {"order_usd", 20}});
    World world(site.design.scenario());
    world.run_until(seconds(50));
    CHECK(metric(world, site.watch, "active_users") == 300);
    world.run_until(seconds(400));
    CHECK(metric(world, site.watch, "active_users") == 300);
    CHECK(metric(world, site.watch, "retention") == 1);
    const double orders = metric(world, site.watch, "revenue_usd") * 4 / 20;
    CHECK(orders == doctest::Approx(0.1 * 90 * 400).epsilon(0.06));
    // Two days without service: nobody is active, nobody comes back.
    CHECK(!world.apply(site.design.command("kill", site.web)));
    world.run_until(seconds(595));
    CHECK(!world.apply(site.design.command("restore", site.web)));
    world.run_until(seconds(599));
    CHECK(metric(world, site.watch, "revenue_usd") * 6 / 20 < orders * 1.05);
    audit_deeply(world);
}

TEST_CASE("Logs cost what they weigh when collected, and nothing on the hosts") {
    for (const char* logs : {"central", "per-host"}) {
        Site site({{"logs", logs}, {"log_kb", 2}, {"usd_per_gb", 0.5}, {"price_usd", 10}});
        const World world = site.run();
        const double gb = 90 * 730 * 3600 * 2e-6; // a month of requests
        CHECK(metric(world, site.watch, "log_gb") == doctest::Approx(gb).epsilon(0.02));
        const double paid =
            std::string_view(logs) == "central" ? metric(world, site.watch, "log_gb") * 0.5 : 0;
        CHECK(world.node_totals(site.watch).cost_usd_per_month == doctest::Approx(10 + paid));
    }
}

TEST_CASE("A killed monitoring sees nothing; restored it goes on; snapshots replay") {
    Site site({{"scrape_s", 5}, {"for_s", 10}, {"restarts", true}, {"on_call_s", 0}});
    site.design.at(50, site.design.command("kill", site.watch));
    site.design.at(100, site.design.command("kill", site.web, {}, 0));
    site.design.at(200, site.design.command("restore", site.watch));
    World world(site.design.scenario());
    world.run_until(seconds(199));
    CHECK(metric(world, site.watch, "alerts") == 0);
    world.run_until(seconds(212));
    const Snapshot before = world.snapshot();
    world.run_until(seconds(300));
    CHECK(metric(world, site.watch, "repairs") == 1);
    const std::uint64_t end = world.digest();
    world.restore(before);
    world.run_until(seconds(300));
    CHECK(world.digest() == end);
}
