// Why it is slow, or fails, where the cause lies in what a tier keeps or runs: releases, sessions, copies,
// jobs that are asked for, a CDN, machines that boot, limits that were reached.
#include "support/causes.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

struct Farm {
    Design design{240, 20};
    int users, balancer, web;
    explicit Farm(double rate, Values servers, Values balancing = {{"health_interval_s", 1}}) {
        users = design.add("users", "clients", {{"rate_per_s", rate}, {"users", 3000}, {"timeout_ms", 4000}});
        balancer = design.add("balancer", "balancer", balancing);
        web = design.add("web", "server", servers);
        design.connect(users, balancer);
        design.connect(balancer, web);
    }
};

} // namespace

TEST_CASE("A release that fails a share of the requests") {
    Farm farm(100, {{"instances", 4}, {"cores", 4}, {"service_ms", 10}});
    farm.design.at(80, farm.design.command("deploy", farm.web, {{"restart_s", 2}, {"failing", 0.4}}));
    check_run(farm.design, {"bad_release", "web", 0.9, 1, "entry", 80, "", "failures"});
}

TEST_CASE("A release that is slower, and a machine that somebody has slowed down") {
    Farm farm(100, {{"instances", 4}, {"cores", 2}, {"workers", 500}, {"service_ms", 10}});
    farm.design.at(80, farm.design.command("deploy", farm.web, {{"restart_s", 2}, {"slower", 8}}));
    check_run(farm.design, {"bad_release", "web", 0.5, 1, "entry", 80});
    Farm slowed(100, {{"instances", 4}, {"cores", 2}, {"workers", 500}, {"service_ms", 10}});
    slowed.design.at(80, slowed.design.command("slow", slowed.web, {{"factor", 8}}));
    check_run(slowed.design, {"slow", "web", 0.5, 1, "entry", 80});
}

TEST_CASE("A good release is no trouble") {
    Farm farm(100, {{"instances", 4}, {"cores", 4}, {"service_ms", 10}});
    farm.design.at(80, farm.design.command("deploy", farm.web, {{"restart_s", 2}}));
    check_healthy(farm.design, "web", 0.02, 0.5);
}

TEST_CASE("Users who are logged out log in again: the servers drown in it") {
    Farm farm(300,
              {{"instances", 4},
               {"cores", 2},
               {"workers", 64},
               {"service_ms", 10},
               {"sessions", "memory"},
               {"login_ms", 80}},
              {{"health_interval_s", 1}, {"sticky", "cookie"}});
    farm.design.raw().duration_s = 240;
    farm.design.at(120, farm.design.command("set", farm.balancer, {{"sticky", "none"}}));
    World world(farm.design.scenario());
    world.run_until(seconds(180));
    check_cause(world, cause_now(world), {"logins", "web", 0.5, 1, "entry", 120});
}

TEST_CASE("Writes wait for copies that cannot keep up") {
    Design design(240, 20);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 100}, {"pages", 1}, {"writes", 1}, {"timeout_ms", 0}});
    const int db = design.add("db", "database",
                              {{"connections", 4000},
                               {"cores", 8},
                               {"read_ms", 4},
                               {"write_ms", 4},
                               {"replicas", 1},
                               {"replication", "sync"},
                               {"replay_ms", 10}});
    design.connect(users, db);
    design.at(100, design.command("set", users, {{"rate_per_s", 260}}));
    check_run(design, {"replica_lag", "db", 0.5, 1, "entry", 100, "", "latency"});
    // Copies that are behind keep nobody waiting who does not wait for them.
    set_value(design.raw().nodes[1], "replication", 0);
    set_value(design.raw().nodes[1], "reads_from", 4); // the primary
    World world(design.scenario());
    world.run_until(seconds(240));
    CHECK(cause_of_run(world).mechanism == Mechanism::healthy);
}

TEST_CASE("Users who ask for a job again and again are no retry storm: workers that are gone, or too few") {
    const auto photos = [] {
        Design design(300, 20);
        const int users = design.add(
            "photos", "clients",
            {{"rate_per_s", 15}, {"pages", 0}, {"writes", 1}, {"poll_ms", 1000}, {"timeout_ms", 4000}});
        const int web = design.add("web", "server", {{"cores", 64}, {"service_ms", 3}, {"api_ms", 0.5}});
        const int queue = design.add("queue", "queue");
        const int workers =
            design.add("workers", "workers", {{"instances", 5}, {"cores", 2}, {"work_ms", 400}});
        design.connect(users, web);
        design.connect(web, queue, {{"carries", "jobs"}});
        design.connect(queue, workers);
        return design;
    };
    Design more = photos();
    more.at(120, more.command("set", 0, {{"rate_per_s", 40}}));
    check_run(more, {"backlog", "queue", 0.5, 1, "entry", 120, "workers", "latency"});
    Design gone = photos();
    gone.at(120, gone.command("kill", 3, {}, 0));
    gone.at(120, gone.command("kill", 3, {}, 1));
    gone.at(120, gone.command("kill", 3, {}, 2));
    check_run(gone, {"lost_instances", "workers", 0.5, 1, "entry", 120, "queue", "latency"});
}

TEST_CASE("Users who ask for a job again and again, beside users who try again") {
    Design design(300, 20);
    const int photos = design.add(
        "photos", "clients",
        {{"rate_per_s", 15}, {"pages", 0}, {"writes", 1}, {"poll_ms", 1000}, {"timeout_ms", 4000}});
    const int web = design.add("web", "server", {{"cores", 64}, {"service_ms", 3}, {"api_ms", 0.5}});
    const int queue = design.add("queue", "queue");
    const int workers = design.add("workers", "workers", {{"instances", 5}, {"cores", 2}, {"work_ms", 400}});
    // A third of what these ask for is never answered in time: they try three times as often.
    const int others = design.add(
        "others", "clients", {{"rate_per_s", 20}, {"timeout_ms", 100}, {"retries", 2}, {"backoff_ms", 1}});
    const int slow = design.add("slow", "server", {{"cores", 64}, {"workers", 900}, {"service_ms", 80}});
    design.connect(photos, web);
    design.connect(web, queue, {{"carries", "jobs"}});
    design.connect(queue, workers);
    design.connect(others, slow);
    design.at(120, design.command("kill", workers));
    World world(design.scenario());
    world.run_until(seconds(160));
    const Cause cause = cause_now(world);
    INFO(cause.sentence.en);
    CHECK(cause.sentence.en.find("photos") == std::string::npos);
    CHECK(cause.mechanism != Mechanism::retry_storm);
}

TEST_CASE("A dead CDN is down, whatever names are remembered") {
    Design design(240, 20);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 100}, {"pages", 1}, {"assets", 4}, {"resolvers", 50}});
    const int dns =
        design.add("dns", "dns", {{"ttl_s", 60}, {"policy", "failover"}, {"health_interval_s", 2}});
    const int cdn = design.add("cdn", "cdn");
    const int web = design.add("web", "server", {{"cores", 16}, {"service_ms", 5}});
    design.connect(users, dns);
    design.connect(users, cdn, {{"latency_ms", 5}});
    design.connect(users, web, {{"latency_ms", 40}});
    design.connect(cdn, web, {{"latency_ms", 35}});
    design.at(120, design.command("kill", cdn));
    check_run(design, {"dead", "cdn", 0.9, 1, "entry", 120, "", "failures"});
}

TEST_CASE("A spike that machines are still booting for") {
    Farm farm(60, {{"instances", 2},
                   {"cores", 2},
                   {"workers", 200},
                   {"service_ms", 20},
                   {"autoscale", "cpu"},
                   {"instances_least", 2},
                   {"instances_most", 12},
                   {"boot_s", 60}});
    farm.design.at(100, farm.design.command("set", farm.users, {{"rate_per_s", 400}}));
    check_run(farm.design, {"booting", "web", 0.7, 1, "entry", 100});
}

TEST_CASE("The log says where a limit was reached, once in a while") {
    Design design(100, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 200}, {"timeout_ms", 0}});
    const int web = design.add("web", "server", {{"cores", 8}, {"workers", 4000}, {"service_ms", 5}});
    const int db = design.add("db", "database", {{"connections", 2}, {"read_ms", 20}, {"queue_limit", 20}});
    design.connect(users, web);
    design.connect(web, db);
    World world(design.scenario());
    world.run_until(seconds(100));
    int said = 0;
    for (const LogEntry& entry : world.log()) {
        if (entry.what != Happening::cap_reached) continue;
        ++said;
        CHECK(entry.node == db);
    }
    CHECK(said == 1); // it has been full without a break
    CHECK(world.totals().caps_reached > 1000);
}

namespace {

bool says(const Text& sentence, std::string_view en, std::string_view ko) {
    INFO(sentence.en);
    INFO(sentence.ko);
    CHECK(sentence.en.find(en) != std::string::npos);
    CHECK(sentence.ko.find(ko) != std::string::npos);
    return sentence.en.find('[') == std::string::npos && sentence.ko.find('[') == std::string::npos;
}

} // namespace

TEST_CASE("One of several instances is called as people call it, by the label of its node") {
    Farm farm(300, {{"instances", 3}, {"cores", 2}, {"workers", 64}, {"service_ms", 10}});
    farm.design.raw().nodes[static_cast<std::size_t>(farm.web)].label = {"Web tier", "웹 계층"};
    farm.design.at(100, farm.design.command("slow", farm.web, {{"factor", 30}}, 1));
    World world(farm.design.scenario());
    world.run_until(seconds(240));
    CHECK(says(cause_of_run(world).sentence, "since server 2 of Web tier was slowed down at 100 s",
               "100초에 웹 계층의 2번 서버가 느려진 뒤로"));

    Farm alone(50, {{"cores", 2}, {"service_ms", 10}});
    alone.design.at(100, alone.design.command("kill", alone.web, {}, 0));
    World dies(alone.design.scenario());
    dies.run_until(seconds(240));
    CHECK(says(cause_of_run(dies).sentence, "at web, which is down since it died at 100 s",
               "web에서 일어나며, 100초에 죽은 뒤로 이곳이 응답하지 않는다"));
}

TEST_CASE("The primary of a database is whoever leads at that moment") {
    Design design(240, 20);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 100}, {"pages", 1}, {"writes", 1}, {"timeout_ms", 2000}});
    const int db = design.add("db", "database",
                              {{"connections", 32},
                               {"read_ms", 4},
                               {"replicas", 2},
                               {"detect_s", 2},
                               {"promote_s", 2},
                               {"copy_s", 5}});
    design.connect(users, db);
    design.at(80, design.command("kill", db, {}, 0));
    design.at(100, design.command("restore", db, {}, 0));
    design.at(160, design.command("kill", db, {}, 1));
    design.at(160, design.command("kill", db, {}, 2));
    World world(design.scenario());
    world.run_until(seconds(82));
    CHECK(says(cause_now(world).sentence, "since the primary of db died at 80 s",
               "80초에 db의 주 데이터베이스가 죽은 뒤로"));
    world.run_until(seconds(162));
    // One of the two led by then.
    const Text later = cause_now(world).sentence;
    CHECK(says(later, "since the primary of db died at 160 s", "160초에 db의 주 데이터베이스가 죽은 뒤로"));
}
