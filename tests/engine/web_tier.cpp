// Stateful and stateless servers, autoscaling, releases, and machines of other sizes.
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

int count(const World& world, Happening what) {
    const auto log = world.log();
    return static_cast<int>(
        std::count_if(log.begin(), log.end(), [what](const LogEntry& entry) { return entry.what == what; }));
}

// Users, a balancer and servers that know who has logged in.
struct WebTier {
    Design design;
    int users, balancer, web;
    explicit WebTier(double duration_s, Values clients, Values balancing, Values servers)
        : design(duration_s) {
        users = design.add("users", "clients", clients);
        balancer = design.add("balancer", "balancer", balancing);
        web = design.add("web", "server", servers);
        design.connect(users, balancer);
        design.connect(balancer, web);
    }
};

} // namespace

TEST_CASE("Sessions in memory: with a cookie everybody logs in once, without one at every change of server") {
    for (const bool sticky : {true, false}) {
        CAPTURE(sticky);
        WebTier tier(100, {{"rate_per_s", 200}, {"users", 500}},
                     {{"algorithm", "random"}, {"sticky", sticky ? "cookie" : "none"}},
                     {{"instances", 4}, {"service_ms", 1}, {"sessions", "memory"}, {"login_ms", 2}});
        World world(tier.design.scenario());
        world.run_until(world.duration());
        const double logins = metric(world, tier.web, "logins");
        const double requests = static_cast<double>(world.totals().requests.completed);
        if (sticky) {
            CHECK(logins == 500);
            CHECK(metric(world, tier.web, "sessions_kept") == 500);
        } else {
            CHECK(logins / requests > 0.72); // three of four go to a server that does not know them
            CHECK(logins / requests < 0.80);
        }
        audit(world);
    }
}

TEST_CASE("A dead server logs its users out; the others keep theirs") {
    WebTier tier(200, {{"rate_per_s", 300}, {"users", 600}},
                 {{"algorithm", "random"}, {"sticky", "cookie"}, {"health_interval_s", 1}},
                 {{"instances", 3}, {"service_ms", 1}, {"sessions", "memory"}, {"login_ms", 2}});
    World world(tier.design.scenario());
    world.run_until(seconds(60));
    CHECK(metric(world, tier.web, "logins") == 600);
    CHECK(!world.apply(tier.design.command("kill", tier.web, {}, 1)));
    world.run_until(seconds(120));
    const double again = metric(world, tier.web, "logins") - 600;
    CHECK(again > 120); // a third of them
    CHECK(again < 280);
    CHECK(metric(world, tier.web, "sessions_lost") == again);
    // It comes back empty, and nobody has reason to return: the load stays uneven.
    CHECK(!world.apply(tier.design.command("restore", tier.web, {}, 1)));
    world.run_until(seconds(150));
    CHECK(metric(world, tier.web, "logins") == 600 + again);
    audit_deeply(world);
}

TEST_CASE("A new server gets new users only, as long as cookies last") {
    for (const double lasts_s : {0.0, 20.0}) {
        CAPTURE(lasts_s);
        WebTier tier(200, {{"rate_per_s", 300}, {"users", 300}},
                     {{"algorithm", "least-connections"}, {"sticky", "cookie"}, {"sticky_s", lasts_s}},
                     {{"instances", 2}, {"service_ms", 5}, {"sessions", "memory"}});
        tier.design.at(50, tier.design.command("set", tier.web, {{"instances", 3}}));
        World world(tier.design.scenario());
        world.run_until(seconds(200));
        // Two of three carry it all, or nearly alike.
        const bool used = metric(world, tier.balancer, "imbalance") < 1.35;
        CHECK(used == (lasts_s > 0));
    }
}

TEST_CASE("A session store: any server answers, a kill of one logs nobody out; the store is what may die") {
    WebTier tier(300, {{"rate_per_s", 200}, {"users", 400}}, {{"health_interval_s", 1}},
                 {{"instances", 3}, {"service_ms", 1}, {"sessions", "store"}, {"login_ms", 2}});
    const int store = tier.design.add("sessions", "session-store");
    tier.design.connect(tier.web, store);
    World world(tier.design.scenario());
    world.run_until(seconds(60));
    CHECK(metric(world, tier.web, "logins") == 400);
    CHECK(metric(world, store, "sessions_kept") == 400);
    CHECK(!world.apply(tier.design.command("kill", tier.web, {}, 0)));
    world.run_until(seconds(100));
    CHECK(metric(world, tier.web, "logins") == 400);
    const std::uint64_t failed = world.totals().requests.failed;
    CHECK(!world.apply(tier.design.command("kill", store)));
    world.run_until(seconds(101));
    CHECK(world.totals().requests.failed > failed + 100);
    CHECK(!world.apply(tier.design.command("restore", store)));
    CHECK(metric(world, store, "sessions_lost") == 400); // in memory
    world.run_until(seconds(200));
    CHECK(metric(world, tier.web, "logins") == 800);
    audit_deeply(world);
}

TEST_CASE("What a session store remembers after a crash: all on disk, up to the latest snapshot in memory") {
    const auto lost = [](Values values) {
        WebTier tier(100, {{"rate_per_s", 50}, {"users", 100000}}, {},
                     {{"cores", 8}, {"service_ms", 1}, {"sessions", "store"}, {"login_ms", 1}});
        const int store = tier.design.add("sessions", "session-store", values);
        tier.design.connect(tier.web, store);
        tier.design.at(45, tier.design.command("kill", store));
        World world(tier.design.scenario());
        world.run_until(seconds(46));
        return metric(world, store, "sessions_lost");
    };
    CHECK(lost({{"flavour", "relational"}}) == 0);
    CHECK(lost({{"flavour", "nosql"}}) == 0);
    const double all = lost({{"flavour", "memory"}});
    const double since = lost({{"flavour", "memory"}, {"snapshot_s", 20}});
    CHECK(all > 2000);
    CHECK(since > all * 0.08); // 5 of 45 seconds
    CHECK(since < all * 0.15);
}

TEST_CASE("Room for sessions is bounded, and an idle one ends") {
    WebTier tier(
        100, {{"rate_per_s", 100}, {"users", 1000}}, {},
        {{"cores", 8}, {"service_ms", 1}, {"sessions", "memory"}, {"session_room", 200}, {"login_ms", 1}});
    World small(tier.design.scenario());
    small.run_until(seconds(100));
    CHECK(metric(small, tier.web, "sessions_kept") == 200);
    CHECK(metric(small, tier.web, "logins") > 7000); // four of five were pushed out
    WebTier idle(
        100, {{"rate_per_s", 100}, {"users", 1000}}, {},
        {{"cores", 8}, {"service_ms", 1}, {"sessions", "memory"}, {"session_s", 10}, {"login_ms", 1}});
    World world(idle.design.scenario());
    world.run_until(seconds(100));
    const double share = metric(world, idle.web, "logins") / 10000;
    CHECK(share > 0.34); // e^-1 of the gaps are longer than ten seconds
    CHECK(share < 0.42);
}

TEST_CASE("Autoscaling: more while it is busy, after boot; fewer when it is calm, after draining") {
    WebTier tier(
        900,
        {{"rate_per_s", 100}, {"profile", "spike"}, {"from_s", 200}, {"lasts_s", 300}, {"spike_factor", 4}},
        {{"algorithm", "least-connections"}},
        {{"instances", 2},
         {"cores", 1},
         {"service_ms", 10},
         {"workers", 8},
         {"autoscale", "cpu"},
         {"target_busy", 0.6},
         {"instances_least", 2},
         {"instances_most", 8},
         {"scale_every_s", 15},
         {"boot_s", 40},
         {"cool_out_s", 30},
         {"cool_in_s", 60},
         {"drain_s", 10}});
    World world(tier.design.scenario());
    world.run_until(seconds(199));
    CHECK(world.node_now(tier.web).instances == 2);
    bool booting = false;
    bool draining = false;
    for (int t = 200; t <= 480; t += 5) {
        world.run_until(seconds(t));
        for (std::uint32_t i = 0; i < world.node_now(tier.web).instances; ++i)
            booting =
                booting || world.instance_now(tier.web, static_cast<int>(i)).state == InstanceState::booting;
    }
    CHECK(booting);
    CHECK(world.node_now(tier.web).instances_up >= 6); // 400 x 10 ms at 60 % are 6.7
    CHECK(world.node_now(tier.web).instances_up <= 8);
    for (int t = 500; t <= 900; t += 2) {
        world.run_until(seconds(t));
        draining = draining || world.node_now(tier.web).state == InstanceState::draining;
    }
    CHECK(draining);
    CHECK(world.node_now(tier.web).instances == 2);
    CHECK(count(world, Happening::scaled) >= 2);
    CHECK(world.totals().requests.failed == 0); // nobody was cut off, neither booting nor draining
    const double mean = metric(world, tier.web, "instances_mean");
    CHECK(mean > 2.5);
    CHECK(mean < 6);
    CHECK(world.node_totals(tier.web).cost_usd_per_month == doctest::Approx(mean * 35));
    audit_deeply(world);
}

TEST_CASE("Autoscaling by the queue; the bounds hold; the dead are replaced") {
    WebTier tier(600, {{"rate_per_s", 500}}, {{"health_interval_s", 1}},
                 {{"instances", 1},
                  {"cores", 1},
                  {"service_ms", 10},
                  {"queue_limit", 100},
                  {"autoscale", "queue"},
                  {"target_queue", 3},
                  {"instances_least", 2},
                  {"instances_most", 4},
                  {"boot_s", 10},
                  {"cool_out_s", 10}});
    World world(tier.design.scenario());
    CHECK(world.node_now(tier.web).instances == 2);
    world.run_until(seconds(200));
    CHECK(world.node_now(tier.web).instances_up == 4);
    CHECK(!world.apply(tier.design.command("kill", tier.web, {}, 1)));
    world.run_until(seconds(202));
    CHECK(world.node_now(tier.web).instances_up == 3);
    world.run_until(seconds(240));
    CHECK(world.node_now(tier.web).instances_up == 4);
    audit_deeply(world);
}

TEST_CASE("A booted instance is slow while it is cold") {
    WebTier tier(400, {{"rate_per_s", 50}}, {},
                 {{"instances", 2}, {"cores", 2}, {"service_ms", 5}, {"warm_s", 30}, {"cold_factor", 4}});
    tier.design.at(100, tier.design.command("kill", tier.web, {}, 0));
    tier.design.at(110, tier.design.command("restore", tier.web, {}, 0));
    World world(tier.design.scenario());
    world.run_until(seconds(50));
    CHECK(world.instance_now(tier.web, 0).state == InstanceState::up);
    world.run_until(seconds(139));
    CHECK(world.instance_now(tier.web, 0).state == InstanceState::slow);
    world.run_until(seconds(141));
    CHECK(world.instance_now(tier.web, 0).state == InstanceState::up);
    // What somebody slows stays slow, warm or not.
    CHECK(!world.apply(tier.design.command("slow", tier.web, {{"factor", 2}}, 0)));
    world.run_until(seconds(200));
    CHECK(world.instance_now(tier.web, 0).state == InstanceState::slow);
}

TEST_CASE("Rolling: one batch is out at a time, and nobody is cut off") {
    WebTier tier(400, {{"rate_per_s", 100}}, {{"health_interval_s", 1}},
                 {{"instances", 4}, {"cores", 2}, {"service_ms", 10}, {"drain_s", 5}});
    tier.design.at(50, tier.design.command("deploy", tier.web, {{"batch", 2}, {"restart_s", 10}}));
    World world(tier.design.scenario());
    std::uint32_t least = 4;
    for (int t = 51; t < 100; ++t) {
        world.run_until(seconds(t));
        least = std::min(least, world.node_now(tier.web).instances_up);
    }
    CHECK(least == 2);
    CHECK(world.node_now(tier.web).instances_up == 4);
    CHECK(world.totals().requests.failed == 0);
    CHECK(count(world, Happening::released) == 1);
    CHECK(!world.apply(tier.design.command("rollback", tier.web)));
    world.run_until(seconds(102));
    CHECK(world.node_now(tier.web).state == InstanceState::draining);
    world.run_until(seconds(200));
    CHECK(!world.apply(tier.design.command("rollback", tier.web))); // there is nothing to take back
    world.run_until(seconds(202));
    CHECK(world.node_now(tier.web).state == InstanceState::up);
    CHECK(count(world, Happening::rolled_back) == 1);
    audit_deeply(world);
}

TEST_CASE("A batch is so many real instances, whatever one that is simulated stands for") {
    for (const std::uint32_t weight : {1u, 10u}) {
        CAPTURE(weight);
        WebTier tier(400, {{"rate_per_s", 300}}, {{"health_interval_s", 1}},
                     {{"instances", 80}, {"cores", 2}, {"service_ms", 10}, {"drain_s", 1}});
        tier.design.raw().weight = weight;
        tier.design.at(50, tier.design.command("deploy", tier.web, {{"batch", 20}, {"restart_s", 10}}));
        World world(tier.design.scenario());
        std::uint32_t least = 80;
        double out_s = 0;
        for (int t = 51; t < 200; ++t) {
            world.run_until(seconds(t));
            const NodeNow now = world.node_now(tier.web);
            least = std::min(least, now.instances_up * 80 / now.instances);
            out_s += now.instances_up < now.instances ? 1 : 0;
        }
        CHECK(least == 60);
        CHECK(out_s >= 35); // four batches of ten seconds
        CHECK(out_s <= 50);
    }
}

TEST_CASE("Blue-green takes no capacity out, costs a second set meanwhile, and goes back at once") {
    WebTier tier(400, {{"rate_per_s", 100}}, {},
                 {{"instances", 4}, {"cores", 2}, {"service_ms", 10}, {"price_usd", 100}});
    tier.design.at(100,
                   tier.design.command(
                       "deploy", tier.web,
                       {{"strategy", "blue-green"}, {"restart_s", 20}, {"observe_s", 60}, {"failing", 0.5}}));
    World world(tier.design.scenario());
    world.run_until(seconds(119));
    CHECK(metric(world, tier.web, "new_release_requests") == 0);
    world.run_until(seconds(130));
    CHECK(metric(world, tier.web, "new_release_failures") > 300);
    CHECK(world.node_now(tier.web).instances_up == 4);
    CHECK(!world.apply(tier.design.command("rollback", tier.web)));
    const std::uint64_t failed = world.totals().requests.failed;
    world.run_until(seconds(400));
    CHECK(world.totals().requests.failed <= failed + 2);
    // Four more for 30 of 400 seconds.
    CHECK(world.node_totals(tier.web).cost_usd_per_month == doctest::Approx(100 * (4 + 4 * 30.0 / 400)));
}

TEST_CASE("Canary: a bad release meets few; the same users always; taken back in time it goes no further") {
    WebTier tier(400, {{"rate_per_s", 200}, {"users", 1000}}, {{"algorithm", "random"}},
                 {{"instances", 10}, {"cores", 2}, {"service_ms", 5}, {"drain_s", 2}});
    tier.design.at(50, tier.design.command(
                           "deploy", tier.web,
                           {{"strategy", "canary"}, {"restart_s", 5}, {"observe_s", 100}, {"failing", 0.3}}));
    World world(tier.design.scenario());
    world.run_until(seconds(140));
    const double met = metric(world, tier.web, "new_release_requests");
    CHECK(met > 0.08 * 200 * 83);
    CHECK(met < 0.12 * 200 * 83);
    const double broken = metric(world, tier.web, "new_release_failures") / met;
    CHECK(broken > 0.2);
    CHECK(broken < 0.4);
    CHECK(!world.apply(tier.design.command("rollback", tier.web)));
    world.run_until(seconds(160));
    const std::uint64_t failed = world.totals().requests.failed;
    world.run_until(seconds(400));
    CHECK(world.totals().requests.failed == failed);
    // Left alone it reaches everybody.
    World alone(tier.design.scenario());
    alone.run_until(seconds(400));
    CHECK(alone.totals().requests.failed > 5000);
    audit_deeply(alone);
}

TEST_CASE("A slower release shows in the speed of the instances that have it, and goes with it") {
    WebTier tier(400, {{"rate_per_s", 50}}, {},
                 {{"instances", 2}, {"cores", 2}, {"service_ms", 5}, {"drain_s", 1}});
    tier.design.at(10,
                   tier.design.command("deploy", tier.web, {{"restart_s", 5}, {"slower", 3}, {"batch", 1}}));
    World world(tier.design.scenario());
    world.run_until(seconds(18));
    CHECK(world.instance_now(tier.web, 0).state == InstanceState::slow);
    CHECK(!world.apply(tier.design.command("rollback", tier.web)));
    world.run_until(seconds(60));
    CHECK(world.instance_now(tier.web, 0).state == InstanceState::up);
    CHECK(world.instance_now(tier.web, 1).state == InstanceState::up);
}

TEST_CASE("A resize: down meanwhile, then with the cores and the price of the new size") {
    Design design(400);
    const int users = design.add("users", "clients", {{"rate_per_s", 50}});
    const int web = design.add("web", "server", {{"cores", 2}, {"service_ms", 10}});
    const int box = design.add("box", "machine", {{"cores", 1}});
    const int db = design.add("db", "database", {}, "box");
    design.connect(users, web);
    design.connect(web, db);
    design.at(100, design.command("resize", web, {{"to", "16-cores"}, {"down_s", 30}}));
    design.at(200, design.command("resize", box, {{"to", "4-cores"}, {"down_s", 10}}));
    World world(design.scenario());
    CHECK(world.node_totals(web).cost_usd_per_month == 70);
    world.run_until(seconds(100.5));
    CHECK(world.node_now(web).state == InstanceState::booting);
    const std::uint64_t completed = world.totals().requests.completed;
    world.run_until(seconds(129));
    CHECK(world.totals().requests.completed == completed);
    world.run_until(seconds(199));
    CHECK(world.totals().requests.completed > completed + 3000);
    CHECK(world.node_totals(web).cost_usd_per_month == 620);
    world.run_until(seconds(205));
    CHECK(world.node_now(db).state == InstanceState::booting);
    world.run_until(seconds(212));
    CHECK(world.node_now(db).state == InstanceState::up);
    CHECK(world.node_totals(box).cost_usd_per_month == 140);
    audit_deeply(world);
}

TEST_CASE("A snapshot in the middle of scaling and releasing replays to the same end") {
    WebTier tier(300, {{"rate_per_s", 300}}, {{"sticky", "cookie"}},
                 {{"instances", 2},
                  {"cores", 1},
                  {"service_ms", 8},
                  {"workers", 4},
                  {"autoscale", "cpu"},
                  {"boot_s", 15},
                  {"cool_out_s", 20},
                  {"sessions", "memory"},
                  {"warm_s", 20}});
    tier.design.at(70, tier.design.command("deploy", tier.web, {{"strategy", "canary"}, {"slower", 1.5}}));
    tier.design.at(90, tier.design.command("kill", tier.web, {}, 0));
    World world(tier.design.scenario());
    world.run_until(seconds(75));
    const Snapshot middle = world.snapshot();
    world.run_until(seconds(300));
    const std::uint64_t end = world.digest();
    world.restore(middle);
    for (int t = 76; t <= 300; ++t) world.run_until(seconds(t), ~0ull);
    CHECK(world.digest() == end);
    audit_deeply(world);
}
