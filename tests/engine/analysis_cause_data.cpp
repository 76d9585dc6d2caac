// Answers that come in time, but without what the users have stored; parts of which some are down; failures
// that are few, beside times that are well.
#include "sim/sim.hpp"
#include "support/causes.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

// Two sites without a link between their stores; names lead to the first one that is alive.
Design two_sites(const char* store, std::uint32_t weight = 1) {
    Design design(240, 20);
    design.raw().weight = weight;
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 80.0 * weight},
                                  {"pages", 3},
                                  {"writes", 1},
                                  {"keys", 200},
                                  {"zipf", 0.5},
                                  {"timeout_ms", 4000},
                                  {"resolvers", 200}});
    const int dns =
        design.add("dns", "dns",
                   {{"ttl_s", 2}, {"policy", "failover"}, {"health_interval_s", 1}, {"health_threshold", 2}});
    design.connect(users, dns);
    for (const char* site : {"a", "b"}) {
        const std::string name = site;
        const int web = design.add(("web-" + name).c_str(), "server", {{"cores", 8}, {"service_ms", 5}});
        const int kept = design.add(("store-" + name).c_str(), store);
        design.connect(users, web, {{"latency_ms", 5}});
        design.connect(web, kept);
    }
    design.at(100, design.command("kill", 2));
    return design;
}

} // namespace

TEST_CASE(
    "After a failover without a copy of the data: the store that has nothing, and the one that has it") {
    for (const char* store : {"database", "shards", "nosql", "object-store"}) {
        CAPTURE(store);
        Design design = two_sites(store);
        check_run(design, {"replica_lag", "store-b", 0.99, 1, "entry", 100, "store-a", "data"});
    }
    World world(two_sites("database").scenario());
    world.run_until(seconds(115)); // later they have written most of it anew
    const Cause cause = cause_now(world);
    INFO(cause.sentence.en);
    CHECK(cause.sentence.en.find("of requests do not find what was stored since") != std::string::npos);
    CHECK(cause.sentence.en.find("which does not have what was written to store-a since web-a died") !=
          std::string::npos);
    CHECK(cause.sentence.ko.find("store-a에 쓴 것이 store-b에는 없다") != std::string::npos);
}

TEST_CASE("A copy of the data that is linked is no reason to worry") {
    Design design = two_sites("database");
    design.connect(3, 5);
    design.connect(5, 3);
    set_value(design.raw().nodes[5], "takes_writes", 1);
    World world(design.scenario());
    world.run_until(seconds(200));
    CHECK(cause_now(world).mechanism == Mechanism::healthy);
}

TEST_CASE("Objects of which no copy is left, and objects on servers that are down") {
    const auto files = [] {
        Design design(200, 20);
        const int users =
            design.add("users", "clients", {{"rate_per_s", 60}, {"keys", 5000}, {"timeout_ms", 4000}});
        const int store =
            design.add("files", "object-store",
                       {{"instances", 8}, {"copies", 2}, {"repairs", 0}, {"disk_ms", 2}, {"objects", 5000}});
        design.connect(users, store);
        return design;
    };
    Design lost = files();
    for (const int server : {2, 3}) lost.at(100, lost.command("lose-data", 1, {}, server));
    check_run(lost, {"replica_lag", "files", 0.99, 1, "entry", 100, "", "data"});
    Design away = files();
    for (const int server : {2, 3}) away.at(100, away.command("kill", 1, {}, server));
    check_run(away, {"dead", "files", 0.99, 1, "entry", 100, "", "failures"});
    World world(away.scenario());
    world.run_until(seconds(150));
    CHECK(cause_now(world).sentence.en.find("25 % of which is down") != std::string::npos);
    CHECK(cause_now(world).sentence.ko.find("files의 25 %가 응답하지 않는다") != std::string::npos);
}

TEST_CASE("A share of a count is the same whatever a request stands for") {
    double seen[2] = {0, 0};
    for (const std::uint32_t weight : {1u, 50u}) {
        Design design(60);
        design.raw().weight = weight;
        const int users =
            design.add("users", "clients", {{"rate_per_s", 100.0 * weight}, {"users", 100000.0 * weight}});
        const int web = design.add("web", "server",
                                   {{"instances", static_cast<double>(weight)},
                                    {"cores", 4},
                                    {"service_ms", 10},
                                    {"sessions", "memory"}});
        design.connect(users, web);
        World world(design.scenario());
        world.run_until(seconds(60));
        const std::span<const SignRecord> signs = find_kind("server")->signs;
        for (std::size_t i = 0; i < signs.size(); ++i)
            if (signs[i].mechanism == Mechanism::logins)
                for (std::size_t step = 20; step < 40; ++step)
                    seen[weight == 1 ? 0 : 1] +=
                        static_cast<double>(
                            world.inside().watch.census.at(step, static_cast<std::size_t>(web)).signs[i]) /
                        20;
    }
    CHECK(seen[0] > 0.5); // nearly everybody is new
    CHECK(seen[1] == doctest::Approx(seen[0]).epsilon(0.05));
}

TEST_CASE("Few requests fail and none is slow: told as failures") {
    Design design(200, 20);
    design.raw().slo.availability = 0.999;
    const int users = design.add("users", "clients", {{"rate_per_s", 400}, {"timeout_ms", 4000}});
    const int balancer = design.add("balancer", "balancer");
    const int web = design.add("web", "server", {{"instances", 40}, {"cores", 2}, {"service_ms", 10}});
    design.connect(users, balancer);
    design.connect(balancer, web);
    design.at(
        80, design.command("deploy", web,
                           {{"strategy", "canary"}, {"restart_s", 2}, {"observe_s", 100}, {"failing", 0.3}}));
    check_run(design, {"bad_release", "web", 0.9, 1, "entry", 80, "", "failures"});
}

TEST_CASE("What was slowed down or died after the trouble had begun did not begin with it") {
    Design design(240, 20);
    design.raw().slo.p99_ms = 60;
    const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"timeout_ms", 3000}});
    const int web = design.add("web", "server", {{"cores", 2}, {"service_ms", 14}});
    design.connect(users, web);
    design.at(60, design.command("set", users, {{"rate_per_s", 125}}));
    design.at(150, design.command("kill", web));
    design.at(200, design.command("restore", web));
    check_run(design, {"dead", "web", 0.9, 1, "entry", 150, "", "failures"});
}

TEST_CASE("A member that died with its group died of that") {
    Design design(240, 20);
    design.add("zone", "region");
    const int users = design.add("users", "clients", {{"rate_per_s", 80}, {"timeout_ms", 3000}});
    const int balancer = design.add("balancer", "balancer");
    const int web = design.add("web", "server", {{"instances", 2}, {"cores", 4}, {"service_ms", 10}}, "zone");
    design.connect(users, balancer);
    design.connect(balancer, web);
    design.at(100, design.command("kill", 0));
    World world(design.scenario());
    world.run_until(seconds(160));
    const Cause cause = cause_now(world);
    CHECK(cause.trigger.node == 0);
    CHECK(cause.sentence.en.find("since zone died at 100 s") != std::string::npos);
}

TEST_CASE("Copies that cannot keep up: what is read from them is old, however quick the answer is") {
    const auto copied = [](double replay_ms) {
        Design design(200, 20);
        const int users = design.add(
            "users", "clients",
            {{"rate_per_s", 200}, {"pages", 1}, {"writes", 1}, {"keys", 1000}, {"timeout_ms", 2000}});
        const int web = design.add("web", "server", {{"cores", 4}, {"service_ms", 2}});
        const int db = design.add("db", "database",
                                  {{"cores", 4},
                                   {"connections", 64},
                                   {"read_ms", 4},
                                   {"write_ms", 4},
                                   {"replicas", 2},
                                   {"replay_ms", replay_ms}});
        design.connect(users, web);
        design.connect(web, db);
        return design;
    };
    Design behind = copied(12); // 100 writes a second need 1.2 s of replay
    check_run(behind, {"replica_lag", "db", 0.99, 1, "beginning", -1, "", "data"});
    World world(behind.scenario());
    world.run_until(seconds(200));
    CHECK(cause_now(world).sentence.en.find("of requests read old values since") != std::string::npos);
    CHECK(cause_now(world).sentence.ko.find("오래된 값을 읽는다") != std::string::npos);
    CHECK(cause_now(world).sentence.en.find("whose copies are behind") != std::string::npos);
    World well(copied(2).scenario());
    well.run_until(seconds(200));
    CHECK(cause_of_run(well).mechanism == Mechanism::healthy);
}

TEST_CASE("A queue that is full, not one that grows: those who work on it cannot keep up") {
    Design design(160, 20);
    const int users = design.add("users", "clients", {{"rate_per_s", 60}, {"pages", 0}, {"writes", 1}});
    const int web = design.add("web", "server", {{"cores", 4}, {"service_ms", 2}});
    const int queue = design.add("queue", "queue", {{"capacity", 200}});
    const int workers = design.add("workers", "workers", {{"instances", 2}, {"cores", 1}, {"work_ms", 100}});
    design.connect(users, web);
    design.connect(web, queue);
    design.connect(queue, workers);
    check_run(design, {"queue_full", "queue", 0.99, 1, "beginning", -1, "workers", "failures"});
    World world(design.scenario());
    world.run_until(seconds(160));
    CHECK(cause_now(world).sentence.en.find("which is full: workers, 100 % busy, cannot keep up") !=
          std::string::npos);
}

TEST_CASE("Old values that are many at times and few on average still have a place") {
    Design design(200, 20);
    design.raw().slo.availability = 0.999;
    const int users =
        design.add("users", "clients",
                   {{"rate_per_s", 100}, {"pages", 9}, {"writes", 1}, {"keys", 200}, {"timeout_ms", 2000}});
    const int db =
        design.add("db", "database", {{"cores", 4}, {"connections", 64}, {"read_ms", 4}, {"replicas", 2}});
    design.connect(users, db);
    for (int at = 40; at < 200; at += 6) {
        design.at(at, design.command("set", db, {{"ship_ms", 8000}}));
        design.at(at + 1, design.command("set", db, {{"ship_ms", 1}}));
    }
    World world(design.scenario());
    for (int at = 30; at <= 200; at += 10) {
        world.run_until(seconds(at));
        const Cause cause = cause_now(world);
        CAPTURE(at);
        CAPTURE(cause.sentence.en);
        CHECK(cause.node >= 0);
    }
}

namespace {

struct Jobs {
    Design design{400, 10};
    int queue, workers;
    explicit Jobs(Values of_queue = {},
                  Values of_workers = {{"instances", 4}, {"cores", 1}, {"work_ms", 100}}) {
        const int users = design.add("users", "clients",
                                     {{"rate_per_s", 20}, {"pages", 0}, {"writes", 1}, {"keys", 10000}});
        queue = design.add("queue", "queue", of_queue);
        workers = design.add("workers", "workers", of_workers);
        design.connect(users, queue);
        design.connect(queue, workers);
    }
};

} // namespace

TEST_CASE("Nobody waits for what is in a queue, but it piles up: told, with whoever should work on it") {
    Jobs down;
    down.design.at(100, down.design.command("kill", down.workers));
    down.design.at(200, down.design.command("restore", down.workers));
    World world(down.design.scenario());
    world.run_until(seconds(180));
    const Cause cause = cause_now(world);
    check_cause(world, cause, {"dead", "workers", 1, 1, "entry", 100, "queue", ""});
    CHECK(cause.concern == Concern::jobs);
    CHECK(cause.sentence.en.find(" messages wait in queue since ") != std::string::npos);
    CHECK(cause.sentence.en.find(": workers, which is down since it died at 100 s") != std::string::npos);
    CHECK(cause.sentence.ko.find("초부터 queue에 메시지 ") != std::string::npos);
    CHECK(cause_json(world, cause).find("\"jobs\"") != std::string::npos);
    world.run_until(seconds(400));
    CHECK(cause_now(world).mechanism == Mechanism::healthy);
    Jobs slow({}, {{"instances", 1}, {"cores", 1}, {"work_ms", 80}});
    World behind(slow.design.scenario());
    behind.run_until(seconds(400));
    const Cause grows = cause_of_run(behind);
    CHECK(grows.concern == Concern::jobs);
    CHECK(grows.sentence.en.find("workers, 100 % busy, cannot keep up") != std::string::npos);
    CHECK(grows.sentence.ko.find("따라가지 못한다") != std::string::npos);
    Jobs slowed;
    slowed.design.at(100, slowed.design.command("slow", slowed.workers, {{"factor", 20}}));
    World later(slowed.design.scenario());
    later.run_until(seconds(400));
    const Text text = cause_of_run(later).sentence;
    CHECK_MESSAGE(text.en.ends_with("workers, 100 % busy, cannot keep up since it was slowed down at 100 s"),
                  text.en);
    CHECK_MESSAGE(text.ko.ends_with("100초에 workers가 느려진 뒤로 100 %의 사용률로도 따라가지 못한다"),
                  text.ko);
}

TEST_CASE("A small queue that is full: its workers are why, and no rise of the load that is chance") {
    Jobs full({{"capacity", 50}}, {{"instances", 1}, {"cores", 1}, {"work_ms", 100}});
    check_run(full.design, {"queue_full", "queue", 0.99, 1, "beginning", -1, "workers", "failures"});
}

TEST_CASE("Some are kept for very long, however quick the others are") {
    Design design(200, 20);
    const int users = design.add("users", "clients", {{"rate_per_s", 300}});
    const int lb = design.add("lb", "balancer", {{"eject_slow", 3}});
    const int web =
        design.add("web", "server", {{"instances", 4}, {"cores", 2}, {"workers", 32}, {"service_ms", 15}});
    design.connect(users, lb);
    design.connect(lb, web);
    design.at(100, design.command("slow", web, {{"factor", 20}}, 0));
    World world(design.scenario());
    world.run_until(seconds(120));
    const Cause cause = cause_now(world);
    CAPTURE(cause.sentence.en);
    CHECK(cause.mechanism != Mechanism::healthy);
    CHECK(cause.node == web);
    CHECK(cause.trigger.node == web);
}

TEST_CASE("A CDN that was emptied: what is asked for has to be fetched from far away") {
    Design design(300, 20);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 300}, {"pages", 0}, {"assets", 1}, {"keys", 2000}});
    const int cdn = design.add("cdn", "cdn", {{"points", 1}, {"ttl_s", 100000}});
    const int web = design.add("web", "server", {{"instances", 4}, {"cores", 8}, {"asset_ms", 5}});
    design.connect(users, cdn, {{"latency_ms", 5}});
    design.connect(cdn, web, {{"latency_ms", 60}});
    design.at(200, design.command("purge", cdn));
    World world(design.scenario());
    world.run_until(seconds(300));
    check_cause(world, cause_of_run(world), {"cache_misses", "web", 0.3, 1, "entry", 200, "cdn", "latency"});
    const Text text = cause_of_run(world).sentence;
    CHECK_MESSAGE(text.en.ends_with("as cdn does not have what is asked for since Invalidate at 200 s"),
                  text.en);
    CHECK_MESSAGE(text.ko.ends_with("명령을 내린 뒤로 그곳에 없는 것을 가지러 간다"), text.ko);
}
