// Message queues and their workers: whoever dies and whenever, every message is accounted for.
#include <doctest/doctest.h>

#include <string>

#include "core/hash.hpp"
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
    int users, web, queue, workers, db, to_queue, to_workers;
    explicit Site(Values queue_values = {}, Values worker_values = {{"instances", 3}, {"work_ms", 40}},
                  Values user_values = {{"rate_per_s", 60}}) {
        users = design.add("users", "clients", user_values);
        web = design.add("web", "server", {{"instances", 2}, {"service_ms", 3}});
        queue = design.add("queue", "queue", queue_values);
        workers = design.add("workers", "workers", worker_values);
        db = design.add("db", "database", {{"read_ms", 4}});
        design.connect(users, web, {{"latency_ms", 5}});
        to_queue = design.connect(web, queue, {{"latency_ms", 1}});
        to_workers = design.connect(queue, workers, {{"latency_ms", 1}, {"jitter_cv", 0.5}});
        design.connect(workers, db, {{"latency_ms", 0.5}});
    }
    void apply(World& world, Command command) const { CHECK(!world.apply(std::move(command))); }
};

void stop_and_drain(World& world, const Site& site) {
    site.apply(world, site.design.command("set", site.users, {{"rate_per_s", 0}}));
    for (const int node : {site.web, site.queue, site.workers, site.db})
        site.apply(world, site.design.command("restore", node));
    site.apply(world, site.design.edge_command("restore", site.to_workers));
    site.apply(world, site.design.edge_command("restore", site.to_queue));
    world.run_until(world.now() + seconds(2000));
    audit(world);
    audit_deeply(world);
    audit_messages(world, site.queue);
    CHECK(metric(world, site.queue, "waiting") == 0);
    CHECK(metric(world, site.queue, "unacknowledged") == 0);
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i)
        CHECK(world.node_now(static_cast<int>(i)).in_flight == 0);
}

// Producers, consumers, the queue itself and the ways between them die and come back at any moment.
void shake(World& world, const Site& site, std::uint64_t seed, int rounds) {
    Dice dice(seed);
    const int nodes[] = {site.web, site.queue, site.workers, site.workers, site.db};
    for (int round = 0; round < rounds; ++round) {
        world.run_until(world.now() + seconds(0.3 * dice.share()));
        if (dice.chance(0.25)) {
            const int edge = dice.chance(0.5) ? site.to_queue : site.to_workers;
            site.apply(world, site.design.edge_command(dice.chance(0.25) ? "kill" : "restore", edge));
        } else {
            const int node = dice.any(nodes);
            const int instance = dice.chance(0.5) ? 0 : -1;
            site.apply(world, site.design.command(dice.chance(0.3) ? "kill" : "restore", node, {}, instance));
        }
        audit_messages(world, site.queue);
        if (round % 10 == 0) {
            audit(world);
            audit_deeply(world);
        }
    }
}

} // namespace

TEST_CASE("Messages are all accounted for under kills of producers, consumers, queue and network") {
    const Value safe[] = {{"durable", true}};
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
        for (const char* delivery : {"at-least-once", "at-most-once"}) {
            for (const int copies : {1, 3}) {
                CAPTURE(delivery);
                CAPTURE(copies);
                Site site({safe[0],
                           {"delivery", delivery},
                           {"copies", copies},
                           {"visibility_s", 0.4},
                           {"deliveries_most", 0},
                           {"retry_delay_ms", 50},
                           {"failover_s", 0.3},
                           {"prefetch", 2}});
                World world(site.design.scenario(seed));
                shake(world, site, seed, 150);
                stop_and_drain(world, site);
                CHECK(metric(world, site.queue, "dead") == 0);
                const double lost = metric(world, site.queue, "lost");
                if (std::string(delivery) == "at-least-once")
                    CHECK(lost == 0); // on disk or on more than half of the copies
                else
                    CHECK(lost > 0);
                CHECK(metric(world, site.queue, "acknowledged") > 100);
            }
        }
    }
}

TEST_CASE("A queue in memory only loses what it had when it dies, and says how much") {
    Site site({{"durable", false}}, {{"instances", 1}, {"work_ms", 100}});
    World world(site.design.scenario());
    world.run_until(seconds(20));
    const double had = metric(world, site.queue, "waiting") + metric(world, site.queue, "unacknowledged");
    CHECK(had > 500);
    site.apply(world, site.design.command("kill", site.queue));
    CHECK(metric(world, site.queue, "lost") == had);
    audit_messages(world, site.queue);
    stop_and_drain(world, site);
    CHECK(metric(world, site.queue, "lost") == had);
}

TEST_CASE("Acknowledged by one copy only: its death loses what had not been copied") {
    for (const char* wait_for : {"one", "majority"}) {
        CAPTURE(wait_for);
        Site site({{"copies", 3}, {"copy_ms", 60}, {"wait_for", wait_for}, {"failover_s", 2}},
                  {{"instances", 1}, {"work_ms", 100}});
        World world(site.design.scenario());
        for (int kill = 1; kill <= 20; ++kill) {
            world.run_until(seconds(5.0 * kill));
            site.apply(world, site.design.command("kill", site.queue));
            world.run_until(world.now() + seconds(1.9));
            CHECK(world.node_now(site.queue).state == InstanceState::dead);
            world.run_until(world.now() + seconds(0.2)); // another copy has taken over
            CHECK(world.node_now(site.queue).state == InstanceState::up);
        }
        const double lost = metric(world, site.queue, "lost");
        if (std::string(wait_for) == "one")
            CHECK(lost > 5); // about 60/s x the mean of the sooner of two copies, each time
        else
            CHECK(lost == 0);
        CHECK(lost < 100);
    }
}

TEST_CASE("Producers work while consumers are down, and consumers while producers are down") {
    Site site({}, {{"instances", 2}, {"work_ms", 20}});
    World world(site.design.scenario());
    world.run_until(seconds(10));
    site.apply(world, site.design.command("kill", site.workers));
    world.run_until(seconds(30));
    CHECK(world.totals().availability == 1);
    CHECK(metric(world, site.queue, "waiting") > 1000);
    CHECK(metric(world, site.queue, "age_ms") > 19000);
    site.apply(world, site.design.command("restore", site.workers));
    site.apply(world, site.design.command("kill", site.web));
    world.run_until(seconds(60));
    CHECK(metric(world, site.queue, "waiting") == 0);
    CHECK(world.totals().availability < 0.7);
    audit_messages(world, site.queue);
    CHECK(metric(world, site.queue, "lost") == 0);
}

TEST_CASE("A full queue turns producers away, or lets them wait") {
    for (const char* when_full : {"reject", "block"}) {
        CAPTURE(when_full);
        const bool blocks = std::string(when_full) == "block";
        Site site({{"capacity", 50}, {"when_full", when_full}}, {{"instances", 1}, {"work_ms", 50}});
        World world(site.design.scenario());
        for (int s = 1; s <= 20; ++s) {
            world.run_until(seconds(s));
            CHECK(metric(world, site.queue, "waiting") + metric(world, site.queue, "unacknowledged") <= 50);
        }
        audit_deeply(world);
        CHECK((metric(world, site.queue, "blocked") > 0) == blocks);
        CHECK((world.node_totals(site.queue).rejected > 0) == !blocks);
        CHECK((world.totals().caps_reached > 0) == !blocks);
        // Back-pressure: what is taken in is what the workers do.
        CHECK(world.node_totals(site.queue).throughput_per_s ==
              doctest::Approx(2 / 0.057 + 2.5).epsilon(0.05));
        site.apply(world, site.design.command("kill", site.queue));
        CHECK(metric(world, site.queue, "blocked") == 0);
        audit_deeply(world);
        stop_and_drain(world, site);
    }
}

TEST_CASE("Poison is a dead letter after so many deliveries; redriven, it dies again or is done") {
    Site site({{"deliveries_most", 3}, {"retry_delay_ms", 100}},
              {{"instances", 3}, {"work_ms", 10}, {"poison_one_in", 50}},
              {{"rate_per_s", 60}, {"keys", 1000}, {"zipf", 0}});
    World world(site.design.scenario());
    world.run_until(seconds(60));
    stop_and_drain(world, site);
    const double dead = metric(world, site.queue, "dead");
    CHECK(dead > 30);
    CHECK(metric(world, site.queue, "redelivered") == 2 * dead);
    CHECK(metric(world, site.workers, "poisoned") == 3 * dead);
    Command redrive;
    redrive.node = site.queue;
    redrive.verb = &find_kind("queue")->verbs[0];
    site.apply(world, redrive);
    CHECK(metric(world, site.queue, "dead") == 0);
    stop_and_drain(world, site);
    CHECK(metric(world, site.queue, "dead") == dead);
    site.apply(world, site.design.command("set", site.workers, {{"poison_one_in", 0}})); // mended
    site.apply(world, redrive);
    stop_and_drain(world, site);
    CHECK(metric(world, site.queue, "dead") == 0);
    CHECK(metric(world, site.queue, "acknowledged") == metric(world, site.queue, "published"));
}

TEST_CASE("A message that brings its consumer down does so until it is a dead letter") {
    Site site({{"deliveries_most", 4}},
              {{"instances", 2},
               {"cores", 4},
               {"work_ms", 10},
               {"poison_one_in", 300},
               {"poison_does", "crash"},
               {"restart_s", 3}},
              {{"rate_per_s", 20}, {"keys", 1000}, {"zipf", 0}});
    World world(site.design.scenario());
    for (int s = 1; s <= 200; ++s) {
        world.run_until(seconds(s));
        audit_messages(world, site.queue);
        if (s % 20 == 0) audit_deeply(world);
    }
    std::size_t deaths = 0;
    for (const LogEntry& entry : world.log())
        deaths += entry.what == Happening::died && entry.node == site.workers ? 1 : 0;
    CHECK(deaths > 20);
    CHECK(metric(world, site.queue, "dead") > 3);
    CHECK(metric(world, site.workers, "poisoned") >
          2 * metric(world, site.queue, "dead")); // others die with it
    stop_and_drain(world, site);
}

TEST_CASE("A slow consumer's message is delivered again; both finish, one is a duplicate") {
    Site site({{"visibility_s", 1}, {"deliveries_most", 0}},
              {{"instances", 8}, {"work_ms", 200}, {"work", "deterministic"}}, {{"rate_per_s", 20}});
    World world(site.design.scenario());
    world.run_until(seconds(20));
    CHECK(metric(world, site.queue, "redelivered") == 0);
    Command slow = site.design.command("slow", site.workers, {}, 0);
    slow.settings.push_back({0, 10});
    site.apply(world, slow); // two seconds: longer than the timeout
    world.run_until(seconds(60));
    CHECK(metric(world, site.queue, "redelivered") > 20);
    CHECK(metric(world, site.queue, "duplicates") > 20);
    CHECK(metric(world, site.queue, "out_of_order") > 20);
    stop_and_drain(world, site);
    CHECK(metric(world, site.queue, "duplicates") == metric(world, site.queue, "redelivered"));
}

TEST_CASE("Order: one worker keeps it, last in first out lets the old wait") {
    for (const char* order : {"fifo", "lifo"}) {
        CAPTURE(order);
        Site site({{"order", order}}, {{"instances", 1}, {"cores", 1}, {"work_ms", 20}});
        World world(site.design.scenario());
        world.run_until(seconds(60));
        const bool fifo = std::string(order) == "fifo";
        CHECK((metric(world, site.queue, "out_of_order") == 0) == fifo);
        CHECK((metric(world, site.queue, "wait_ms") > 2000) == fifo); // a backlog of ten a second
        CHECK(metric(world, site.queue, "age_ms") > 5000);
        stop_and_drain(world, site);
    }
}

TEST_CASE("Consumers that are added take their share at once, those taken away finish") {
    Site site({{"prefetch", 1}}, {{"instances", 1}, {"cores", 1}, {"work_ms", 50}});
    World world(site.design.scenario());
    world.run_until(seconds(30));
    const double backlog = metric(world, site.queue, "waiting");
    CHECK(backlog > 1000);
    site.apply(world, site.design.command("set", site.workers, {{"instances", 10}}));
    world.run_until(seconds(45));
    CHECK(metric(world, site.queue, "waiting") < 10);
    CHECK(world.node_now(site.workers).instances_up == 10);
    site.apply(world, site.design.command("set", site.workers, {{"instances", 2}}));
    site.apply(world, site.design.command("set", site.queue, {{"prefetch", 0}}));
    world.run_until(seconds(50));
    audit_messages(world, site.queue);
    CHECK(metric(world, site.queue, "waiting") > 50);
    stop_and_drain(world, site);
}

TEST_CASE(
    "Polling: the result is fetched; a job that died or was lost fails, one asked of the wrong place too") {
    Site site({{"deliveries_most", 2}, {"retry_delay_ms", 10}},
              {{"instances", 4}, {"work_ms", 50}, {"poison_one_in", 10}},
              {{"rate_per_s", 40}, {"keys", 1000}, {"zipf", 0}, {"poll_ms", 200}, {"timeout_ms", 1000}});
    World world(site.design.scenario());
    world.run_until(seconds(60));
    audit_deeply(world);
    stop_and_drain(world, site);
    const Counts counts = world.totals().requests;
    CHECK(static_cast<double>(counts.failed) == metric(world, site.queue, "dead"));
    CHECK(static_cast<double>(counts.completed) == metric(world, site.queue, "acknowledged"));
    CHECK(counts.failed > 50);
    CHECK(metric(world, site.users, "accepted_ms") < 30);
    CHECK(metric(world, site.users, "polls") >= static_cast<double>(counts.offered));

    Site forgetful({{"durable", false}}, {{"instances", 4}, {"work_ms", 50}},
                   {{"rate_per_s", 40}, {"poll_ms", 200}, {"timeout_ms", 1000}});
    World other(forgetful.design.scenario());
    other.run_until(seconds(10));
    forgetful.apply(other, forgetful.design.command("kill", forgetful.workers));
    other.run_until(seconds(15));
    forgetful.apply(other, forgetful.design.command("kill", forgetful.queue));
    stop_and_drain(other, forgetful);
    CHECK(metric(other, forgetful.queue, "lost") > 100);
    CHECK(other.totals().requests.failed >= metric(other, forgetful.queue, "lost"));

    Site wrong({}, {{"instances", 4}, {"work_ms", 50}},
               {{"rate_per_s", 40}, {"writes", 1}, {"pages", 0}, {"poll_ms", 200}});
    wrong.design.raw().edges[static_cast<std::size_t>(wrong.to_queue)].values =
        make_edge(0, 1).values; // carries writes alone: polls do not get there
    wrong.design.raw().edges[static_cast<std::size_t>(wrong.to_queue)].values[5] = 2;
    World lonely(wrong.design.scenario());
    lonely.run_until(seconds(10));
    stop_and_drain(lonely, wrong);
    CHECK(lonely.totals().requests.completed == 0);
    CHECK(metric(lonely, wrong.queue, "acknowledged") > 300);
}

TEST_CASE("Nobody polls for ever who does not want to; what is given up is not tried anew") {
    Site site({}, {{"instances", 1}, {"work_ms", 50}},
              {{"rate_per_s", 20}, {"poll_ms", 100}, {"poll_most_s", 2}, {"retries", 3}});
    World world(site.design.scenario());
    world.run_until(seconds(5));
    site.apply(world, site.design.command("kill", site.workers));
    world.run_until(seconds(20));
    CHECK(world.totals().requests.timed_out > 200);
    CHECK(world.totals().requests.in_flight < 60);
    CHECK(world.totals().requests.attempts == world.totals().requests.offered);
    stop_and_drain(world, site);
}

TEST_CASE("A snapshot of a busy queue goes on as it did; growing tables are part of it") {
    Site site({{"visibility_s", 0.3}}, {{"instances", 2}, {"work_ms", 60}},
              {{"rate_per_s", 90}, {"poll_ms", 150}});
    World world(site.design.scenario());
    world.run_until(seconds(10));
    const Snapshot then = world.snapshot();
    world.run_until(seconds(40));
    const std::uint64_t digest = world.digest();
    world.restore(then);
    CHECK(world.now() == seconds(10));
    world.run_until(seconds(40));
    CHECK(world.digest() == digest);
}

TEST_CASE("The warm-up leaves the messages' balance whole") {
    Site site({}, {{"instances", 1}, {"work_ms", 60}});
    site.design.raw().warmup_s = 20;
    World world(site.design.scenario());
    for (int s = 1; s <= 60; ++s) {
        world.run_until(seconds(s));
        audit_messages(world, site.queue);
    }
    CHECK(metric(world, site.queue, "published") > 60 * 40);
    CHECK(metric(world, site.queue, "wait_ms") > 0);
}
