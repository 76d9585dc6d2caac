// Why it is slow: designs where the cause is known, what began it too; and designs where nothing is wrong.
#include "support/causes.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

// Clients, web, database; each test says what goes wrong with it.
struct Shop {
    Design design{160, 10};
    int users, web, db, to_web, to_db;
    explicit Shop(Values clients = {{"rate_per_s", 100}, {"timeout_ms", 0}},
                  Values servers = {{"cores", 4}, {"workers", 9000}, {"service_ms", 10}},
                  Values database = {
                      {"connections", 64}, {"cores", 2}, {"read_ms", 10}, {"queue_limit", 900000}}) {
        users = design.add("users", "clients", clients);
        web = design.add("web", "server", servers);
        db = design.add("db", "database", database);
        to_web = design.connect(users, web, {{"latency_ms", 5}});
        to_db = design.connect(web, db, {{"latency_ms", 0.5}});
    }
};

} // namespace

TEST_CASE("Nothing wrong: the busiest node and how busy it is") {
    Shop shop;
    check_healthy(shop.design, "db", 0.45, 0.55);
}

TEST_CASE("Nothing wrong at 80 % busy, at a low rate, and through a harmless event") {
    Design tandem(200, 20);
    const int users = tandem.add("users", "clients", {{"rate_per_s", 80}, {"timeout_ms", 0}});
    tandem.connect(users, tandem.add("web", "server", {{"cores", 4}, {"service_ms", 40}}));
    check_healthy(tandem, "web", 0.75, 0.9);
    Design slow(300, 10);
    const int few = slow.add("users", "clients", {{"rate_per_s", 2}, {"timeout_ms", 0}});
    slow.connect(few, slow.add("web", "server", {{"cores", 2}, {"service_ms", 20}}));
    check_healthy(slow, "web", 0.01, 0.06);
    Shop shop;
    shop.design.at(60, shop.design.command("set", shop.web, {{"cores", 6}}));
    shop.design.at(90, shop.design.command("set", shop.users, {{"rate_per_s", 110}}));
    check_healthy(shop.design, "db", 0.45, 0.6);
}

TEST_CASE("The sentence of a healthy run, in both languages") {
    Shop shop;
    World world(shop.design.scenario());
    world.run_until(seconds(160));
    const Text said = cause_of_run(world).sentence;
    CHECK(said.en.find("healthy: the busiest node is db at ") == 0);
    CHECK(said.ko.find("정상: 가장 바쁜 노드는 db로, 사용률 ") == 0);
}

TEST_CASE("CPU used up by more users: a command began it") {
    Shop shop;
    shop.design.at(80, shop.design.command("set", shop.users, {{"rate_per_s", 240}}));
    check_run(shop.design, {"cpu", "db", 0.7, 1, "entry", 80, "", "latency"});
}

TEST_CASE("CPU used up by a crowd that no command has sent") {
    Shop shop({{"rate_per_s", 100},
               {"timeout_ms", 0},
               {"profile", "spike"},
               {"spike_factor", 2.6},
               {"from_s", 70},
               {"lasts_s", 20}});
    check_run(shop.design, {"cpu", "db", 0.7, 1, "load", -1, "", "latency"});
}

TEST_CASE("CPU used up from the beginning, with no calm to compare with") {
    Shop shop({{"rate_per_s", 230}, {"timeout_ms", 0}});
    check_run(shop.design, {"cpu", "db", 0.8, 1, "beginning"});
}

TEST_CASE("CPU of a machine that two tiers share") {
    Design design(160, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 30}, {"timeout_ms", 0}});
    design.add("box", "machine", {{"cores", 1}});
    const int web = design.add("web", "server", {{"workers", 64}, {"service_ms", 15}}, "box");
    const int db = design.add("db", "database", {{"connections", 64}, {"read_ms", 3}}, "box");
    design.connect(users, web);
    design.connect(web, db);
    design.at(80, design.command("set", users, {{"rate_per_s", 65}}));
    check_run(design, {"cpu", "web", 0.5, 1, "entry", 80, "box"});
}

TEST_CASE("Fewer cores than before") {
    Shop shop;
    shop.design.at(80, shop.design.command("set", shop.db, {{"cores", 1}}));
    check_run(shop.design, {"cpu", "db", 0.6, 1, "entry", 80});
}

TEST_CASE("Workers used up by waiting for a node that is far and slow by nature") {
    Design design(160, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 60}, {"timeout_ms", 0}});
    const int web = design.add("web", "server",
                               {{"cores", 8}, {"workers", 30}, {"service_ms", 2}, {"queue_limit", 900000}});
    const int far = design.add("far", "server", {{"cores", 200}, {"service_ms", 150}});
    design.connect(users, web);
    design.connect(web, far, {{"latency_ms", 20}});
    design.at(80, design.command("set", users, {{"rate_per_s", 200}}));
    check_run(design, {"blocked", "web", 0.4, 1, "entry", 80, "far", "latency"});
}

TEST_CASE("Workers used up because the database they wait for has become slow") {
    Shop shop({{"rate_per_s", 100}, {"timeout_ms", 0}},
              {{"cores", 4}, {"workers", 24}, {"service_ms", 4}, {"queue_limit", 900000}},
              {{"connections", 16}, {"read_ms", 20}});
    shop.design.at(70, shop.design.command("slow", shop.db, {{"factor", 12}}));
    shop.design.at(110, shop.design.command("slow", shop.db, {{"factor", 1}}));
    check_run(shop.design, {"blocked", "web", 0.5, 1, "entry", 70, "db", "latency"});
}

TEST_CASE("A slow node that is not overloaded") {
    Shop shop({{"rate_per_s", 20}, {"timeout_ms", 0}});
    shop.design.at(80, shop.design.command("slow", shop.web, {{"factor", 8}}));
    check_run(shop.design, {"slow", "web", 0.5, 1, "entry", 80, "", "latency"});
}

TEST_CASE("A slow node that is overloaded by it") {
    Shop shop;
    shop.design.at(80, shop.design.command("slow", shop.db, {{"factor", 3}}));
    check_run(shop.design, {"slow", "db", 0.6, 1, "entry", 80});
}

TEST_CASE("A slow network, and a full line") {
    Shop shop;
    shop.design.at(80, shop.design.edge_command("set", shop.to_db, {{"latency_ms", 120}}));
    check_run(shop.design, {"network_delay", "db", 0.6, 1, "entry", 80, "", "latency"});
    Shop full({{"rate_per_s", 100}, {"timeout_ms", 0}},
              {{"cores", 4}, {"workers", 9000}, {"service_ms", 10}, {"answer_kb", 100}});
    full.design.at(80, full.design.edge_command("set", full.to_web, {{"bandwidth_mbps", 70}}));
    check_run(full.design, {"bandwidth", "web", 0.6, 1, "entry", 80, "", "latency"});
}

TEST_CASE("A buffer pool that has become too small: the disk") {
    Shop shop({{"rate_per_s", 100}, {"timeout_ms", 0}, {"keys", 20000}, {"zipf", 0.8}},
              {{"cores", 4}, {"workers", 2000}, {"service_ms", 5}},
              {{"connections", 64}, {"cores", 4}, {"read_ms", 2}, {"memory_items", 20000}, {"disk_ms", 12}});
    shop.design.raw().warmup_s = 60;
    shop.design.raw().duration_s = 200;
    shop.design.at(120, shop.design.command("set", shop.db, {{"memory_items", 200}}));
    check_run(shop.design, {"disk", "db", 0.5, 1, "entry", 120});
}

TEST_CASE("Half of the servers die and the rest cannot carry the load") {
    Design design(160, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 150}, {"timeout_ms", 0}});
    const int balancer = design.add("lb", "balancer", {{"health_interval_s", 1}, {"retry_others", 2}});
    const int web =
        design.add("web", "server", {{"instances", 2}, {"cores", 2}, {"workers", 2}, {"service_ms", 18}});
    design.connect(users, balancer, {{"latency_ms", 5}});
    design.connect(balancer, web);
    design.at(80, design.command("kill", web, {}, 0));
    check_run(design, {"lost_instances", "web", 0.5, 1, "entry", 80});
}

TEST_CASE("The slow are taken out and the rest are overloaded") {
    Design design(160, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 290}, {"timeout_ms", 0}});
    const int balancer =
        design.add("lb", "balancer", {{"health_interval_s", 5}, {"eject_slow", 4}, {"eject_s", 60}});
    const int web = design.add(
        "web", "server",
        {{"instances", 4}, {"cores", 2}, {"workers", 2}, {"service_ms", 20}, {"queue_limit", 900000}});
    design.connect(users, balancer, {{"latency_ms", 5}});
    design.connect(balancer, web);
    design.at(80, design.command("slow", web, {{"factor", 6}}, 2));
    check_run(design, {"ejected", "web", 0.5, 1, "entry", 80});
}

TEST_CASE("One instance has all the load of sticky users") {
    Design design(160, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 60}, {"timeout_ms", 0}, {"users", 1}});
    const int balancer = design.add("lb", "balancer", {{"algorithm", "source-hash"}});
    const int web =
        design.add("web", "server", {{"instances", 4}, {"cores", 1}, {"workers", 1}, {"service_ms", 10}});
    design.connect(users, balancer);
    design.connect(balancer, web);
    design.at(80, design.command("set", users, {{"rate_per_s", 130}}));
    check_run(design, {"uneven", "web", 0.5, 1, "entry", 80});
}

TEST_CASE("Two candidates: the node that waits for the other is not the one") {
    // Web at 70 %, database full: the time goes at the database.
    Shop shop({{"rate_per_s", 100}, {"timeout_ms", 0}}, {{"cores", 2}, {"workers", 5000}, {"service_ms", 7}},
              {{"connections", 64}, {"cores", 2}, {"read_ms", 9}, {"queue_limit", 900000}});
    shop.design.at(80, shop.design.command("set", shop.users, {{"rate_per_s", 240}}));
    check_run(shop.design, {"cpu", "db", 0.3, 1, "entry", 80});
}

TEST_CASE("Two candidates: two events close together, only one of which matters") {
    Shop shop;
    shop.design.at(76, shop.design.command("set", shop.web, {{"cores", 3}}));
    shop.design.at(80, shop.design.command("slow", shop.db, {{"factor", 4}}));
    check_run(shop.design, {"slow", "db", 0.6, 1, "entry", 80});
}

TEST_CASE("Two candidates: two episodes, the worse one counts for the run and each for its own moment") {
    Shop shop;
    shop.design.at(40, shop.design.edge_command("set", shop.to_db, {{"latency_ms", 60}}));
    shop.design.at(60, shop.design.edge_command("set", shop.to_db, {{"latency_ms", 0.5}}));
    shop.design.at(100, shop.design.command("slow", shop.db, {{"factor", 4}}));
    World world(shop.design.scenario());
    world.run_until(seconds(55));
    check_cause(world, cause_now(world), {"network_delay", "db", 0.5, 1, "entry", 40});
    world.run_until(seconds(90));
    CHECK(cause_now(world).mechanism == Mechanism::healthy);
    world.run_until(seconds(160));
    check_cause(world, cause_now(world), {"slow", "db", 0.5, 1, "entry", 100});
    check_cause(world, cause_of_run(world), {"slow", "db", 0.5, 1, "entry", 100});
    check_cause(world, cause_at(world, 55), {"network_delay", "db", 0.5, 1, "entry", 40});
}

TEST_CASE("Looking for the cause changes nothing") {
    Shop shop;
    shop.design.at(60, shop.design.command("slow", shop.db, {{"factor", 4}}));
    World looked(shop.design.scenario());
    World alone(shop.design.scenario());
    for (int second = 1; second <= 100; ++second) {
        looked.run_until(seconds(second));
        CHECK_FALSE(cause_now(looked).sentence.en.empty());
    }
    alone.run_until(seconds(100));
    CHECK(looked.digest() == alone.digest());
    CHECK(cause_now(looked).sentence.en == cause_now(alone).sentence.en);
}

TEST_CASE("A cache that comes back cold, and one that stays away: the database gets what it has missed") {
    for (const bool comes_back : {true, false}) {
        CAPTURE(comes_back);
        Design design(160, 20);
        const int users = design.add("users", "clients",
                                     {{"rate_per_s", 200}, {"timeout_ms", 0}, {"keys", 4000}, {"zipf", 0.1}});
        const int web = design.add("web", "server", {{"cores", 4}, {"workers", 9000}, {"service_ms", 5}});
        const int cache = design.add("cache", "cache", {{"items", 20000}, {"ttl_s", 0}});
        const int db = design.add(
            "db", "database", {{"connections", 64}, {"cores", 1}, {"read_ms", 9}, {"queue_limit", 900000}});
        design.connect(users, web, {{"latency_ms", 5}});
        design.connect(web, cache, {{"latency_ms", 0.5}});
        design.connect(web, db, {{"latency_ms", 0.5}});
        design.raw().warmup_s = 60;
        design.at(90, design.command("kill", cache));
        if (comes_back) design.at(91, design.command("restore", cache));
        World world(design.scenario());
        world.run_until(seconds(110));
        const Cause cause = cause_now(world);
        INFO(cause.sentence.en);
        CHECK(std::string(mechanism_id(cause.mechanism)) == "cache_misses");
        CHECK(std::string(id_of(world, cause.node)) == "db");
        CHECK(std::string(id_of(world, cause.through)) == "cache");
        CHECK(cause.share > 0.5);
        CHECK(cause.start == Start::entry);
        CHECK(static_cast<double>(cause.trigger.at) / k_ns_per_s >= 90);
        CHECK(static_cast<double>(cause.trigger.at) / k_ns_per_s <= 91);
        CHECK(cause.sentence.en.find("with what cache does not have since it ") != std::string::npos);
        INFO(cause.sentence.ko);
        CHECK(cause.sentence.ko.find("뒤로 그곳에서 놓친 요청이 몰려 db의") != std::string::npos);
    }
}
