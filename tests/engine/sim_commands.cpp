// Commands while it runs: kill, restore, slow, cut and set, in every state that a request can be in.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "scale/codec.hpp"
#include "scale/errors.hpp"
#include "scale/insight.hpp"
#include "scale/results.hpp"
#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

// Users, a balancer, two servers that hold their workers, a database with a disk: every place a request can
// be.
struct Site {
    Design design{60};
    int users, balancer, web, db, to_balancer, to_web, to_db;
    Site() {
        users = design.add("users", "clients",
                           {{"rate_per_s", 150}, {"timeout_ms", 400}, {"retries", 2}, {"backoff_ms", 50}});
        balancer = design.add("balancer", "balancer", {{"service_ms", 0.5}, {"health_interval_s", 1}});
        web = design.add("web", "server",
                         {{"instances", 2},
                          {"cores", 2},
                          {"workers", 8},
                          {"service_ms", 10},
                          {"after_ms", 2},
                          {"queue_limit", 30}});
        db = design.add(
            "db", "database",
            {{"connections", 4}, {"cores", 2}, {"read_ms", 8}, {"memory_items", 100}, {"disk_ms", 5}});
        to_balancer = design.connect(users, balancer, {{"latency_ms", 5}});
        to_web = design.connect(balancer, web, {{"latency_ms", 1}, {"jitter_cv", 0.5}});
        to_db = design.connect(web, db, {{"latency_ms", 0.5}, {"calls", 2}, {"give_up_ms", 300}});
    }
};

std::uint64_t failed(const World& world) { return world.totals().requests.failed; }

// Runs on until nobody is inside, with nobody coming any more.
void drain(World& world, const Design& design, int users) {
    CHECK(!world.apply(design.command("set", users, {{"rate_per_s", 0}, {"mode", "open"}})));
    world.run_until(world.now() + seconds(600));
    CHECK(world.totals().requests.in_flight == 0);
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i)
        CHECK(world.node_now(static_cast<int>(i)).in_flight == 0);
    audit_deeply(world);
}

} // namespace

TEST_CASE("what is planned for an instance that is not there is said and changes nothing") {
    Site site;
    Scenario scenario = site.design.scenario(1);
    Command kill = site.design.command("kill", site.web);
    kill.at = seconds(20) + 500'000'000;
    kill.instance = 2;
    scenario.events = {kill};
    World world(scenario);
    world.run_until(seconds(20));
    CHECK(world.not_done().empty());
    world.run_until(seconds(60));
    REQUIRE(world.not_done().size() == 1);
    const NotDone& one = world.not_done().front();
    CHECK(one.command == 0);
    CHECK(one.why.sentence() == "20.5 s, kill 2: \"web\" has 2 instances; instances are counted from 0");
    CHECK(error_text(one.why).ko == "20.5 s, kill 2: \"web\"의 인스턴스는 2개다; 인스턴스 번호는 0부터 센다");
    CHECK(world.node_now(site.web).instances_up == 2);
    CHECK(std::none_of(world.log().begin(), world.log().end(),
                       [](const LogEntry& entry) { return entry.what == Happening::command; }));
    CHECK(results_json(world, {}).find("\"not_done\": [\"20.5 s, kill 2: ") != std::string::npos);
}

TEST_CASE("what could not be done is blamed for nothing") {
    Design design{120};
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 150},
                                  {"timeout_ms", 400},
                                  {"profile", "spike"}, // the load rises by itself
                                  {"from_s", 40},
                                  {"lasts_s", 80},
                                  {"spike_factor", 6}});
    const int web = design.add("web", "server",
                               {{"instances", 2}, {"cores", 2}, {"service_ms", 10}, {"queue_limit", 30}});
    const int db = design.add("db", "database", {{"connections", 4}, {"cores", 2}, {"read_ms", 2}});
    design.connect(users, web, {{"latency_ms", 1}});
    design.connect(web, db, {{"latency_ms", 1}});
    Scenario scenario = design.scenario(1);
    Command kill = design.command("kill", web);
    kill.at = seconds(41);
    kill.instance = 2;
    scenario.events = {kill};
    World world(scenario);
    world.run_until(seconds(120));
    REQUIRE(world.not_done().size() == 1);
    const std::string cause = cause_of_run(world).sentence.en;
    CAPTURE(cause);
    CHECK(cause.find("fail since 4") != std::string::npos);
    CHECK(cause.find("died") == std::string::npos);
}

TEST_CASE("a refusal counts the machines of the design that each instance stands for") {
    Design design{60};
    const int users = design.add("users", "clients", {{"rate_per_s", 100}});
    const int web = design.add("web", "server", {{"instances", 8}});
    design.connect(users, web);
    Scenario scenario = design.scenario(1);
    scenario.weight = 4;
    World world(scenario);
    Command kill = design.command("kill", web);
    kill.instance = 5;
    const std::optional<Error> error = world.apply(kill);
    REQUIRE(error);
    CHECK(error->what == "\"web\" has 2 instances, each for 4 of the design");
    CHECK(error_text(*error).ko.find("하나가 설계의 4개를 대신한다") != std::string::npos);
}

TEST_CASE("kill and restore conserve requests wherever they are: queue, core, disk, wire, back-off") {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        Site site;
        World world(site.design.scenario(seed));
        const int nodes[] = {site.web, site.db, site.balancer, site.users};
        for (int round = 0; round < 40; ++round) {
            const int node = nodes[round % 4];
            world.run_until(world.now() + seconds(0.213));
            CHECK(!world.apply(site.design.command("kill", node)));
            audit(world);
            audit_deeply(world);
            CHECK(world.node_now(node).state == InstanceState::dead);
            if (node != site.users) CHECK(world.node_now(node).in_flight == 0);
            world.run_until(world.now() + seconds(0.05));
            CHECK(!world.apply(site.design.command("restore", node)));
            audit(world);
        }
        CHECK(world.totals().requests.completed > 100);
        CHECK(failed(world) > 0);
        drain(world, site.design, site.users);
    }
}

TEST_CASE("One instance can be killed, slowed and restored; the others go on") {
    Site site;
    World world(site.design.scenario());
    world.run_until(seconds(5));
    CHECK(!world.apply(site.design.command("kill", site.web, {}, 1)));
    CHECK(world.instance_now(site.web, 1).state == InstanceState::dead);
    CHECK(world.instance_now(site.web, 0).state == InstanceState::up);
    CHECK(world.node_now(site.web).instances_up == 1);
    world.run_until(seconds(8)); // two failed checks take it out of turn
    const std::uint64_t before = failed(world);
    world.run_until(seconds(20));
    CHECK(failed(world) == before);
    CHECK(world.metric(site.balancer, 1) == 1);
    CHECK(!world.apply(site.design.command("restore", site.web, {}, 1)));
    CHECK(!world.apply(site.design.command("slow", site.web, {{"factor", 3}}, 0)));
    world.run_until(seconds(25));
    CHECK(world.instance_now(site.web, 0).state == InstanceState::slow);
    CHECK(world.instance_now(site.web, 1).state == InstanceState::up);
    CHECK(world.metric(site.balancer, 1) == 0);
    const std::optional<Error> refused = world.apply(site.design.command("kill", site.web, {}, 2));
    REQUIRE(refused);
    CHECK(refused->what == "\"web\" has 2 instances");
    audit_deeply(world);
}

TEST_CASE("A killed machine takes its members along, and brings them back") {
    Design design(60);
    const int users = design.add("users", "clients", {{"rate_per_s", 50}});
    const int box = design.add("box", "machine", {{"cores", 2}});
    const int web = design.add("web", "server", {{"workers", 32}}, "box");
    const int db = design.add("db", "database", {}, "box");
    design.connect(users, web);
    design.connect(web, db);
    World world(design.scenario());
    world.run_until(seconds(10));
    CHECK(failed(world) == 0);
    CHECK(!world.apply(design.command("kill", box)));
    CHECK(world.node_now(web).state == InstanceState::dead);
    CHECK(world.node_now(db).state == InstanceState::dead);
    const std::uint64_t completed = world.totals().requests.completed;
    world.run_until(seconds(20));
    CHECK(world.totals().requests.completed == completed);
    CHECK(failed(world) > 400);
    CHECK(!world.apply(design.command("restore", box)));
    world.run_until(seconds(30));
    CHECK(world.totals().requests.completed > completed + 400);
    drain(world, design, users);
}

TEST_CASE("Slow multiplies service times, of work that begins afterwards") {
    Design design(100);
    const int users = design.add("users", "clients", {{"rate_per_s", 10}, {"arrivals", "deterministic"}});
    const int web = design.add("web", "server", {{"service_ms", 8}, {"service", "deterministic"}});
    design.connect(users, web);
    design.at(50, design.command("slow", web, {{"factor", 5}}));
    World world(design.scenario());
    world.run_until(seconds(49));
    CHECK(world.node_totals(web).latency_ms.max == doctest::Approx(8));
    world.run_until(seconds(100));
    CHECK(world.node_totals(web).latency_ms.max == doctest::Approx(40));
    CHECK(world.node_now(web).state == InstanceState::slow);
}

TEST_CASE("A cut edge: callers hear nothing and fail after give_up_ms; what is on its way arrives") {
    Design design(100);
    const int users = design.add("users", "clients", {{"rate_per_s", 20}, {"arrivals", "deterministic"}});
    const int web =
        design.add("web", "server", {{"cores", 64}, {"service_ms", 1}, {"service", "deterministic"}});
    const int db =
        design.add("db", "database", {{"connections", 64}, {"read_ms", 1}, {"service", "deterministic"}});
    design.connect(users, web);
    const int edge = design.connect(web, db, {{"latency_ms", 2}, {"give_up_ms", 700}});
    World world(design.scenario());
    world.run_until(seconds(10));
    CHECK(!world.edge_cut(edge));
    CHECK(!world.apply(design.edge_command("kill", edge)));
    CHECK(world.edge_cut(edge));
    const std::uint64_t asked = world.totals().requests.offered;
    world.run_until(seconds(10.65));
    CHECK(failed(world) == 0);
    world.run_until(seconds(20));
    // All that came in the ten seconds but those of the last 0.7 s.
    CHECK(failed(world) == doctest::Approx(20 * 9.3).epsilon(0.02));
    CHECK(!world.apply(design.edge_command("restore", edge)));
    world.run_until(seconds(21));
    const std::uint64_t given_up = failed(world);
    CHECK(given_up == world.totals().requests.offered - asked - 20);
    world.run_until(seconds(40));
    CHECK(failed(world) == given_up);
    drain(world, design, users);
}

TEST_CASE("Giving up: cancelled work frees the database, otherwise it goes on for nobody") {
    for (const bool cancels : {false, true}) {
        CAPTURE(cancels);
        Design design(60);
        const int users =
            design.add("users", "clients", {{"rate_per_s", 40}, {"timeout_ms", 20}, {"cancels", cancels}});
        const int web = design.add("web", "server", {{"cores", 8}, {"workers", 1000}, {"service_ms", 1}});
        const int db = design.add("db", "database",
                                  {{"connections", 100}, {"read_ms", 400}, {"service", "deterministic"}});
        design.connect(users, web);
        design.connect(web, db);
        World world(design.scenario());
        world.run_until(seconds(60));
        const NodeTotals totals = world.node_totals(db);
        CHECK(world.totals().requests.completed == 0);
        CHECK(world.totals().requests.timed_out > 2000);
        // Each query keeps a connection for 400 ms, or for what is left of 20 ms.
        CHECK(totals.in_flight_mean == doctest::Approx(cancels ? 40 * 0.019 : 40 * 0.4).epsilon(0.08));
        CHECK((totals.completed == 0) == cancels);
        drain(world, design, users);
    }
}

TEST_CASE("Fewer workers than are held, in the middle of it") {
    // A worker goes back to a core that its tier no longer has to spare.
    Design design(120);
    const int users = design.add("users", "clients", {{"rate_per_s", 80}});
    const int web = design.add(
        "web", "server",
        {{"cores", 2}, {"workers", 36}, {"service_ms", 10}, {"after_ms", 300}, {"queue_limit", 200}});
    const int db = design.add("db", "database");
    design.connect(users, web);
    design.connect(web, db);
    World world(design.scenario());
    world.run_until(seconds(8));
    for (const double workers : {0.0, 50.0, 1.0, 36.0, 2.0}) {
        CHECK(!world.apply(design.command("set", web, {{"workers", workers}})));
        world.run_until(world.now() + seconds(4));
        CHECK(!world.apply(design.command("kill", db)));
        world.run_until(world.now() + seconds(2));
        CHECK(!world.apply(design.command("restore", db)));
        world.run_until(world.now() + seconds(2));
        audit(world);
        audit_deeply(world);
    }
    drain(world, design, users);
}

TEST_CASE("Every parameter of every kind can be set while it runs: least, most, default") {
    for (const KindRecord* kind : kinds()) {
        for (std::size_t param = 0; param < kind->params.size(); ++param) {
            const ParamRecord& record = kind->params[param];
            CAPTURE(std::string(kind->id));
            CAPTURE(std::string(record.id));
            Site site;
            const int dns = site.design.add("dns", "dns", {{"ttl_s", 1}, {"health_interval_s", 1}});
            site.design.connect(site.users, dns);
            site.design.add("machine", "machine");
            const int inside = site.design.add("inside", "server", {{"workers", 4}}, "machine");
            site.design.connect(site.balancer, inside);
            Scenario scenario = site.design.scenario();
            World world(scenario);
            world.run_until(seconds(1));
            for (const double value : {record.least, record.most, record.fallback}) {
                for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
                    if (scenario.nodes[i].kind != kind) continue;
                    Command set = site.design.command("set", static_cast<int>(i));
                    set.settings.push_back({static_cast<std::uint8_t>(param), value});
                    for (std::size_t other = 0; other < kind->params.size(); ++other) // it must not be below
                        if (std::string_view(kind->params[other].not_below) == record.id)
                            set.settings.push_back({static_cast<std::uint8_t>(other), value});
                    CHECK(!world.apply(set));
                    CHECK(world.value(static_cast<int>(i), static_cast<int>(param)) == value);
                }
                world.run_until(world.now() + seconds(0.2), 20000);
                audit(world);
                audit_deeply(world);
            }
        }
    }
}

TEST_CASE("Every parameter of an edge can be set while it runs") {
    for (std::size_t param = 0; param < edge_params().size(); ++param) {
        const ParamRecord& record = edge_params()[param];
        CAPTURE(std::string(record.id));
        Site site;
        World world(site.design.scenario());
        world.run_until(seconds(1));
        for (const double value :
             {record.least, record.most, record.fallback, (record.least + record.fallback) / 2}) {
            const double set_to =
                record.type == ValueType::number ? value : static_cast<double>(static_cast<int>(value));
            for (const int edge : {site.to_balancer, site.to_web, site.to_db}) {
                Command set = site.design.edge_command("set", edge);
                set.settings.push_back({static_cast<std::uint8_t>(param), set_to});
                CHECK(!world.apply(set));
                CHECK(world.edge_value(edge, static_cast<int>(param)) == set_to);
            }
            world.run_until(world.now() + seconds(0.5), 20000);
            audit(world);
            audit_deeply(world);
        }
    }
}

TEST_CASE("Instances added to a balanced tier take their share at once; removed ones finish what they have") {
    Site site;
    World world(site.design.scenario());
    world.run_until(seconds(5));
    CHECK(!world.apply(site.design.command("set", site.web, {{"instances", 5}})));
    const std::uint64_t before = world.node_totals(site.web).arrivals;
    world.run_until(seconds(6));
    CHECK(world.node_now(site.web).instances == 5);
    CHECK(world.node_totals(site.web).arrivals > before + 100);
    for (int i = 0; i < 5; ++i) CHECK(world.instance_now(site.web, i).state == InstanceState::up);
    const std::uint64_t failures = failed(world);
    CHECK(!world.apply(site.design.command("set", site.web, {{"instances", 1}})));
    audit_deeply(world);
    world.run_until(seconds(6.2));
    CHECK(world.node_now(site.web).instances == 1);
    CHECK(failed(world) <= failures + 12); // only those on their way to one that is gone
    drain(world, site.design, site.users);
}

TEST_CASE("A standby takes over from a dead balancer after failover_s, and the log says so") {
    Design design(60);
    const int users = design.add("users", "clients", {{"rate_per_s", 50}});
    const int balancer = design.add("balancer", "balancer", {{"standby", true}, {"failover_s", 6}});
    const int web = design.add("web", "server", {{"cores", 4}});
    design.connect(users, balancer);
    design.connect(balancer, web);
    design.at(20, design.command("kill", balancer));
    World world(design.scenario());
    world.run_until(seconds(25.9));
    CHECK(world.node_now(balancer).state == InstanceState::dead);
    world.run_until(seconds(26.1));
    CHECK(world.node_now(balancer).state == InstanceState::up);
    std::vector<Happening> seen;
    for (const LogEntry& entry : world.log()) seen.push_back(entry.what);
    for (const Happening wanted :
         {Happening::command, Happening::died, Happening::promoted, Happening::restored})
        CHECK(std::count(seen.begin(), seen.end(), wanted) == 1);
    const std::uint64_t failures = failed(world);
    CHECK(failures == doctest::Approx(50 * 6).epsilon(0.25));
    world.run_until(seconds(60));
    CHECK(failed(world) == failures);
}

TEST_CASE("A command that makes no sense is refused with a sentence and changes nothing") {
    Site site;
    World world(site.design.scenario());
    world.run_until(seconds(3));
    const std::uint64_t digest = world.digest();
    Command nothing;
    CHECK(world.apply(nothing)->what == "the command says nothing to do");
    Command nowhere = site.design.command("kill", site.web);
    nowhere.node = 77;
    CHECK(world.apply(nowhere)->what == "there is no such node");
    Command no_edge = site.design.edge_command("kill", site.to_db);
    no_edge.edge = 77;
    CHECK(world.apply(no_edge)->what == "there is no such edge");
    CHECK(world.digest() == digest);
    CHECK(world.commands().empty());
}

// Every hundredth of a second one user asks; the way takes half a second and is shortened while many are on
// it.
TEST_CASE("nobody overtakes those on their way when a delay is shortened") {
    Design design(60);
    const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"arrivals", "deterministic"}});
    const int web = design.add("web", "server", {{"service", "deterministic"}, {"service_ms", 1}});
    const int way = design.connect(users, web, {{"latency_ms", 500}});
    World world(design.scenario());
    world.run_until(seconds(2) - 1);
    const std::uint64_t on_both_ways = world.totals().requests.in_flight;
    CHECK(on_both_ways >= 99);
    CHECK(!world.apply(design.edge_command("set", way, {{"latency_ms", 1}})));
    audit_deeply(world);
    // Those that set out now arrive with the last of those who were on their way, behind them.
    world.run_until(seconds(2.4));
    audit_deeply(world);
    CHECK(world.totals().requests.in_flight > on_both_ways);
    world.run_until(seconds(3));
    CHECK(world.totals().requests.in_flight <= 1);
    CHECK(world.totals().requests.failed + world.totals().requests.rejected == 0);
}

TEST_CASE("an edge whose delay or bandwidth is changed again and again needs no more wires") {
    Site site;
    World world(site.design.scenario());
    std::size_t most = 0;
    for (int turn = 1; turn <= 200; ++turn) {
        world.run_until(seconds(0.1 * turn));
        const double delay = 0.5 + turn % 7 + turn * 0.001, limit = turn % 3 == 0 ? 50 : 0;
        CHECK(!world.apply(
            site.design.edge_command("set", site.to_db, {{"latency_ms", delay}, {"bandwidth_mbps", limit}})));
        if (turn % 20 == 0) audit_deeply(world);
        const Snapshot copy = world.snapshot();
        most = std::max(most, copy.state->wires.size());
    }
    CHECK(most <= 12);
    drain(world, site.design, site.users);
}

TEST_CASE("A command that would set a parameter below one that it must not be below is refused") {
    Design design(60);
    const int users = design.add("users", "clients", {{"rate_per_s", 10}});
    const int web = design.add("web", "server", {{"instances_least", 2}, {"instances_most", 4}});
    design.connect(users, web);
    World world(design.scenario());
    const std::optional<Error> refused = world.apply(design.command("set", web, {{"instances_most", 1}}));
    REQUIRE(refused);
    CHECK(refused->sentence() == "instances_most: expected not less than \"instances_least\" (2), got 1; "
                                 "raise it, or lower \"instances_least\"");
    CHECK(world.commands().empty());
    CHECK(!world.apply(design.command("set", web, {{"instances_least", 6}, {"instances_most", 8}})));
}
