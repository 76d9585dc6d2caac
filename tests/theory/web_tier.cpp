// Sessions, scaling and releases against what arithmetic and queueing theory say.
#include "support.hpp"

#include <algorithm>

using namespace scale;
using namespace scale::theory;

namespace {

double metric(const World& world, int node, std::string_view id) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(node)].kind;
    for (std::size_t i = 0; i < kind.metrics.size(); ++i)
        if (id == kind.metrics[i].id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric " << id);
    return 0;
}

struct WebTier {
    Design design;
    int users, balancer, web;
    WebTier(double duration_s, double warmup_s, tests::Values clients, tests::Values balancing,
            tests::Values servers)
        : design(duration_s, warmup_s), users(design.add("users", "clients", clients)),
          balancer(design.add("balancer", "balancer", balancing)), web(design.add("web", "server", servers)) {
        design.connect(users, balancer);
        design.connect(balancer, web);
    }
};

} // namespace

TEST_CASE("Logins after a crash: the users of the server, as they come back") {
    // 1,000 users on four servers; each asks every 10 s on average. After t seconds 1 - e^(-t/10) are back.
    WebTier tier(
        240, 120, {{"rate_per_s", 100}, {"users", 1000}, {"keys", 1}},
        {{"algorithm", "random"}, {"sticky", "cookie"}, {"health_interval_s", 0.5}, {"health_threshold", 1}},
        {{"instances", 4}, {"cores", 4}, {"service_ms", 1}, {"sessions", "memory"}, {"login_ms", 5}});
    tier.design.at(120, tier.design.command("kill", tier.web, {}, 2));
    const auto seen = over_seeds(tier.design, [&](const World& world) {
        return Figures{metric(world, tier.web, "logins"), metric(world, tier.web, "sessions_lost")};
    });
    agrees("logins", seen[0], 250, 0.08);
    agrees("lost", seen[1], 250, 0.08);
}

TEST_CASE("A server that joins: M/M/c before and after") {
    for (const bool after : {false, true}) {
        OneTier one(4000, 1100, 240,
                    {{"instances", 1}, {"cores", 3}, {"service_ms", 10}, {"queue_limit", 100000}});
        if (after) one.design.at(500, one.design.command("set", one.tier, {{"cores", 4}}));
        const auto seen = over_seeds(
            one.design, [](const World& world) { return Figures{world.totals().latency_ms.mean}; });
        const int cores = after ? 4 : 3;
        const double wait = erlang_c(2.4, cores) * 10 / (cores - 2.4);
        agrees("response", seen[0], 10 + wait, 0.03);
    }
}

TEST_CASE("Scaled tiers are random M/M/1 queues each, before and after") {
    // 150/s on 10 ms: two instances at 75 %; a target of 50 % makes it three at 50 %.
    WebTier tier(3000, 600, {{"rate_per_s", 150}, {"keys", 1}},
                 {{"algorithm", "random"}, {"health_interval_s", 0}},
                 {{"instances", 2},
                  {"cores", 1},
                  {"service_ms", 10},
                  {"queue_limit", 100000},
                  {"autoscale", "cpu"},
                  {"target_busy", 0.5},
                  {"instances_most", 3},
                  {"instances_least", 2},
                  {"boot_s", 30},
                  {"cool_in_s", 86400}});
    const auto seen = over_seeds(tier.design, [&](const World& world) {
        return Figures{world.totals().latency_ms.mean, metric(world, tier.web, "instances_mean"),
                       world.node_totals(tier.web).utilization};
    });
    agrees("response", seen[0], 10 / (1 - 0.5), 0.02);
    agrees("busy", seen[2], 0.5, 0.01);
    CHECK(seen[1].mean == doctest::Approx(3));
}

TEST_CASE("Time to scale is detection and boot") {
    // The load triples right after a look; the next one sees it whole, and the machines boot from then on.
    WebTier tier(120, 0, {{"rate_per_s", 300}, {"keys", 1}, {"arrivals", "deterministic"}},
                 {{"algorithm", "round-robin"}},
                 {{"instances", 2},
                  {"cores", 1},
                  {"workers", 100},
                  {"service_ms", 2},
                  {"service", "deterministic"},
                  {"autoscale", "cpu"},
                  {"target_busy", 0.3},
                  {"scale_every_s", 10},
                  {"boot_s", 37},
                  {"instances_most", 4}});
    tier.design.at(30, tier.design.command("set", tier.users, {{"rate_per_s", 580}}));
    World world(tier.design.scenario());
    world.run_until(seconds(76.9));
    CHECK(world.node_now(tier.web).instances_up == 2);
    world.run_until(seconds(77.1)); // 30 + 10 + 37
    CHECK(world.node_now(tier.web).instances_up == 4);
}

TEST_CASE("A canary meets its share of the rate until it is taken back") {
    // One of 20 servers for 95 s: from 10 + 2 + 3 s to 110 s; then 2 s of draining, where nothing new comes.
    WebTier tier(200, 0, {{"rate_per_s", 200}, {"users", 100000}, {"keys", 1}}, {{"algorithm", "random"}},
                 {{"instances", 20}, {"cores", 1}, {"service_ms", 5}, {"drain_s", 2}});
    tier.design.at(10,
                   tier.design.command(
                       "deploy", tier.web,
                       {{"strategy", "canary"}, {"restart_s", 3}, {"observe_s", 1000}, {"failing", 0.4}}));
    tier.design.at(110, tier.design.command("rollback", tier.web));
    const auto seen = over_seeds(tier.design, [&](const World& world) {
        return Figures{metric(world, tier.web, "new_release_requests"),
                       static_cast<double>(world.totals().requests.failed)};
    });
    agrees("met", seen[0], 200.0 / 20 * 95, 0.05);
    agrees("failed", seen[1], 0.4 * 200 / 20 * 95, 0.08);
}

TEST_CASE("A session store adds its visit, and nothing else") {
    // Everybody is known after the warm-up: M/M/1 in front, M/M/4 behind.
    WebTier tier(2000, 400, {{"rate_per_s", 50}, {"users", 200}, {"keys", 1}}, {},
                 {{"cores", 1}, {"workers", 10000}, {"service_ms", 10}, {"sessions", "store"}});
    const int store = tier.design.add("sessions", "session-store", {{"read_ms", 20}, {"workers", 4}});
    tier.design.connect(tier.web, store);
    const auto seen = over_seeds(tier.design, [&](const World& world) {
        return Figures{world.totals().latency_ms.mean, world.node_totals(store).throughput_per_s,
                       metric(world, store, "hit_ratio")};
    });
    const double visit = 20 + erlang_c(1, 4) * 20 / (4 - 1);
    agrees("response", seen[0], 10 / (1 - 0.5) + visit, 0.02);
    agrees("visits", seen[1], 50, 0.01);
    CHECK(seen[2].mean > 0.9999);
}

TEST_CASE("A token costs its bytes on the line and its check at the server, on every request") {
    const auto response = [](double token_kb, double verify_ms) {
        Design design(200, 20);
        const int users = design.add("users", "clients",
                                     {{"rate_per_s", 20},
                                      {"arrivals", "deterministic"},
                                      {"request_kb", 1},
                                      {"users", 10},
                                      {"keys", 1}});
        const int web = design.add("web", "server",
                                   {{"cores", 4},
                                    {"service_ms", 5},
                                    {"service", "deterministic"},
                                    {"answer_kb", 0},
                                    {"sessions", "token"},
                                    {"token_kb", token_kb},
                                    {"verify_ms", verify_ms}});
        design.connect(users, web, {{"bandwidth_mbps", 1}});
        World world(design.scenario());
        world.run_until(world.duration());
        return world.totals().latency_ms.mean;
    };
    CHECK(response(0, 0) == doctest::Approx(8 + 5).epsilon(1e-6)); // 1 kB at 1 Mbit/s is 8 ms
    CHECK(response(2, 0) == doctest::Approx(24 + 5).epsilon(1e-6));
    CHECK(response(2, 1.5) == doctest::Approx(24 + 5 + 1.5).epsilon(1e-6));
}

TEST_CASE("Instances cost by the hour, and sizes by the ladder") {
    Design design(1000);
    const int users = design.add("users", "clients", {{"rate_per_s", 10}});
    const int web = design.add("web", "server", {{"cores", 64}});
    design.connect(users, web);
    World world(design.scenario());
    CHECK(world.node_totals(web).cost_usd_per_month == 3000); // 47 a core, against 35 for a small one
}

TEST_CASE("Detection takes the rule's time and half a reading, on average") {
    // Readings every 10 s; a server dies at every tenth of that. The rule must be broken for 20 s.
    double sum = 0;
    constexpr int k_moments = 10;
    for (int moment = 0; moment < k_moments; ++moment) {
        Design design(200);
        const int users = design.add("users", "clients", {{"rate_per_s", 1}});
        const int web = design.add("web", "server", {{"instances", 2}});
        const int watch = design.add(
            "watch", "monitoring", {{"scrape_s", 10}, {"for_s", 20}, {"scrape_ms", 0}, {"alert_errors", 0}});
        design.connect(users, web);
        design.connect(watch, web);
        design.at(100.5 + moment, design.command("kill", web, {}, 1));
        World world(design.scenario());
        world.run_until(world.duration());
        CHECK(metric(world, watch, "alerts") == 1);
        sum += metric(world, watch, "detect_ms");
    }
    CHECK(sum / k_moments == doctest::Approx(20000 + 10000 / 2).epsilon(1e-3));
}
