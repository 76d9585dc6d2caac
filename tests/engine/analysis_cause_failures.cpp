// Why requests fail: designs where the cause is known, and what began it.
#include "support/causes.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

struct Site {
    Design design{160, 10};
    int users, lb, web, db, to_lb, to_web, to_db;
    explicit Site(Values clients = {{"rate_per_s", 100}, {"timeout_ms", 2000}},
                  Values balancer = {{"health_interval_s", 1}}) {
        users = design.add("users", "clients", clients);
        lb = design.add("lb", "balancer", balancer);
        web = design.add("web", "server",
                         {{"instances", 2}, {"cores", 4}, {"workers", 3000}, {"service_ms", 10}});
        db = design.add("db", "database", {{"connections", 64}, {"cores", 2}, {"read_ms", 10}});
        to_lb = design.connect(users, lb, {{"latency_ms", 5}});
        to_web = design.connect(lb, web);
        to_db = design.connect(web, db, {{"latency_ms", 0.5}});
    }
};

} // namespace

TEST_CASE("A dead database: everything fails there") {
    Site site;
    site.design.at(80, site.design.command("kill", site.db));
    check_run(site.design, {"dead", "db", 0.95, 1, "entry", 80, "", "failures"});
}

TEST_CASE("A sentence names once whom it is about, unless it is about a part of it") {
    const auto said = [](const Command& command, Site& site) {
        site.design.at(80, command);
        World world(site.design.scenario());
        world.run_until(seconds(160));
        return cause_of_run(world).sentence;
    };
    Site dead, slow, part;
    const Text died = said(dead.design.command("kill", dead.db), dead);
    CHECK(died.en.ends_with(" at db, which is down since it died at 80 s"));
    CHECK(died.ko.ends_with("가 db에서 일어나며, 80초에 죽은 뒤로 이곳이 응답하지 않는다"));
    const Text slowed = said(slow.design.command("slow", slow.db, {{"factor", 40}}), slow);
    CHECK_MESSAGE(slowed.en.ends_with(" since it was slowed down at 80 s"), slowed.en);
    CHECK_MESSAGE(slowed.ko.find("80초에 느려진 뒤로 db") != std::string::npos, slowed.ko);
    const Text set = said(part.design.command("set", part.db, {{"cores", 1}, {"read_ms", 80}}), part);
    CHECK_MESSAGE(set.en.find(" since its ") != std::string::npos, set.en);
}

TEST_CASE("A sentence names once whom another one waits for") {
    const auto said = [](const Values& change, const char* verb) {
        Design design(160, 20);
        const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"timeout_ms", 0}});
        const int web = design.add(
            "web", "server", {{"cores", 4}, {"workers", 24}, {"service_ms", 4}, {"queue_limit", 900000}});
        const int db = design.add("db", "database", {{"connections", 16}, {"read_ms", 20}});
        design.raw().nodes[static_cast<std::size_t>(db)].label = {"Database", "데이터베이스"};
        design.connect(users, web);
        design.connect(web, db);
        design.at(70, design.command(verb, db, change));
        World world(design.scenario());
        world.run_until(seconds(160));
        return cause_of_run(world).sentence;
    };
    const Text slowed = said({{"factor", 12}}, "slow");
    CHECK_MESSAGE(slowed.en.ends_with(" by requests that wait for Database since it was slowed down at 70 s"),
                  slowed.en);
    CHECK_MESSAGE(
        slowed.ko.find(", 70초에 데이터베이스가 느려진 뒤로 그 응답을 기다리는 요청이 web의 워커 ") !=
            std::string::npos,
        slowed.ko);
    CHECK_MESSAGE(slowed.ko.ends_with("를 붙잡고 있다"), slowed.ko);
    const Text set = said({{"read_ms", 240}}, "set");
    CHECK_MESSAGE(set.en.find(" that wait for Database since its ") != std::string::npos, set.en);
    CHECK_MESSAGE(set.ko.find(", 70초에 데이터베이스의 ") != std::string::npos, set.ko);
    for (const Text& text : {slowed, set}) {
        CHECK_MESSAGE(text.en.find("Database") == text.en.rfind("Database"), text.en);
        CHECK_MESSAGE(text.ko.find("데이터베이스") == text.ko.rfind("데이터베이스"), text.ko);
    }
}

TEST_CASE("A dead tier behind a balancer that has nobody left to ask") {
    Site site;
    site.design.at(80, site.design.command("kill", site.web));
    check_run(site.design, {"dead", "web", 0.8, 1, "entry", 80, "", "failures"});
}

TEST_CASE("A dead balancer, and a dead machine that holds two tiers") {
    Site site;
    site.design.at(80, site.design.command("kill", site.lb));
    check_run(site.design, {"dead", "lb", 0.95, 1, "entry", 80});
    Design design(160, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 20}, {"timeout_ms", 2000}});
    const int box = design.add("box", "machine", {{"cores", 2}});
    const int web = design.add("web", "server", {{"workers", 64}, {"service_ms", 10}}, "box");
    const int db = design.add("db", "database", {{"connections", 64}, {"read_ms", 5}}, "box");
    design.connect(users, web);
    design.connect(web, db);
    design.at(80, design.command("kill", box));
    design.at(100, design.command("restore", box));
    check_run(design, {"dead", "web", 0.9, 1, "entry", 80});
}

TEST_CASE("One of two instances dead and nobody checks: half of the requests are refused") {
    Site site({{"rate_per_s", 100}, {"timeout_ms", 2000}}, {{"health_interval_s", 0}});
    site.design.at(80, site.design.command("kill", site.web, {}, 1));
    check_run(site.design, {"dead", "web", 0.95, 1, "entry", 80, "", "failures"});
}

TEST_CASE("A cut edge") {
    Site site;
    site.design.at(80, site.design.edge_command("kill", site.to_db));
    check_run(site.design, {"partition", "db", 0.9, 1, "entry", 80, "", "failures"});
}

TEST_CASE("A full queue rejects") {
    Design design(160, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 60}, {"timeout_ms", 0}});
    design.connect(users,
                   design.add("web", "server", {{"cores", 1}, {"service_ms", 10}, {"queue_limit", 20}}));
    design.at(80, design.command("set", users, {{"rate_per_s", 160}}));
    check_run(design, {"queue_full", "web", 0.99, 1, "entry", 80, "", "failures"});
}

TEST_CASE("A retry storm: a short crowd, and the retries keep it going") {
    Design design(200, 10);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 150},
                                  {"profile", "spike"},
                                  {"spike_factor", 2},
                                  {"from_s", 60},
                                  {"lasts_s", 15},
                                  {"timeout_ms", 500},
                                  {"retries", 4},
                                  {"backoff_ms", 100}});
    const int web = design.add("web", "server", {{"cores", 8}, {"workers", 9000}, {"service_ms", 4}});
    const int db = design.add("db", "database", {{"connections", 4}, {"read_ms", 20}, {"queue_limit", 2000}});
    design.connect(users, web, {{"latency_ms", 10}});
    design.connect(web, db);
    check_run(design, {"retry_storm", "db", 0.9, 1, "load", -1, "", "failures"});
}

TEST_CASE("A retry storm that a short slowness has begun") {
    Design design(200, 10);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", 150}, {"timeout_ms", 500}, {"retries", 4}, {"backoff_ms", 100}});
    const int web = design.add("web", "server", {{"cores", 8}, {"workers", 9000}, {"service_ms", 4}});
    const int db = design.add("db", "database", {{"connections", 4}, {"read_ms", 20}, {"queue_limit", 2000}});
    design.connect(users, web, {{"latency_ms", 10}});
    design.connect(web, db);
    design.at(60, design.command("slow", db, {{"factor", 4}}));
    design.at(70, design.command("slow", db, {{"factor", 1}}));
    World world(design.scenario());
    world.run_until(seconds(150));
    check_cause(world, cause_now(world), {"retry_storm", "db", 0.9, 1, "entry", 60, "", "failures"});
}

TEST_CASE("Work for nobody: no retries, but everyone who is served has already gone") {
    Design design(200, 10);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 150}, {"timeout_ms", 600}, {"cancels", false}});
    const int db = design.add("db", "database", {{"connections", 4}, {"read_ms", 20}, {"queue_limit", 5000}});
    design.connect(users, db, {{"latency_ms", 5}});
    design.at(60, design.command("set", users, {{"rate_per_s", 230}}));
    check_run(design, {"work_for_nobody", "db", 0.95, 1, "entry", 60, "", "failures"});
}

TEST_CASE("Overload where patience ends but callers cancel: the cores") {
    Design design(200, 10);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 150}, {"timeout_ms", 600}, {"cancels", true}});
    const int db = design.add("db", "database", {{"connections", 4}, {"read_ms", 20}, {"queue_limit", 5000}});
    design.connect(users, db, {{"latency_ms", 5}});
    design.at(60, design.command("set", users, {{"rate_per_s", 260}}));
    check_run(design, {"cpu", "db", 0.95, 1, "entry", 60, "", "failures"});
}

TEST_CASE("Cached answers of the name service lead to what is down") {
    Design design(200, 10);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 100}, {"timeout_ms", 2000}, {"resolvers", 50}});
    const int dns =
        design.add("dns", "dns", {{"ttl_s", 60}, {"policy", "failover"}, {"health_interval_s", 2}});
    const int a = design.add("site-a", "server", {{"cores", 8}, {"service_ms", 5}});
    const int b = design.add("site-b", "server", {{"cores", 8}, {"service_ms", 5}});
    design.connect(users, dns);
    design.connect(users, a, {{"latency_ms", 5}});
    design.connect(users, b, {{"latency_ms", 5}});
    design.at(100, design.command("kill", a));
    check_run(design, {"stale_name", "site-a", 0.95, 1, "entry", 100, "dns", "failures"});
}

TEST_CASE("A name service that died is down itself, not led to by its own answers") {
    Design design(200, 10);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 100}, {"timeout_ms", 2000}, {"resolvers", 50}});
    const int dns = design.add("dns", "dns", {{"ttl_s", 5}});
    const int site = design.add("site", "server", {{"cores", 8}, {"service_ms", 5}});
    design.connect(users, dns);
    design.connect(users, site, {{"latency_ms", 5}});
    design.at(100, design.command("kill", dns));
    check_run(design, {"dead", "dns", 0.5, 1, "entry", 100, "", "failures"});
}

TEST_CASE("A way that is cut holds workers, and more machines would not help") {
    Design design(200, 10);
    const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"timeout_ms", 2000}});
    const int web = design.add(
        "web", "server",
        {{"cores", 4}, {"workers", 64}, {"service_ms", 5}, {"autoscale", "cpu"}, {"instances_most", 4}});
    const int db = design.add("db", "database", {{"connections", 64}, {"read_ms", 5}});
    design.connect(users, web);
    const int to_db = design.connect(web, db);
    design.at(80, design.edge_command("kill", to_db));
    check_run(design, {"partition", "db", 0.5, 1, "entry", 80, "", "failures"});
}

TEST_CASE("The work itself takes longer than anyone waits") {
    Design design(160, 10);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 5}, {"timeout_ms", 100}, {"cancels", true}});
    design.connect(users, design.add("web", "server", {{"cores", 64}, {"service_ms", 150}}));
    check_run(design, {"work", "web", 0.9, 1, "beginning", -1, "", "failures"});
}

TEST_CASE("Two candidates: a dead instance that the rest can replace, and a dead database") {
    Site site;
    site.design.at(78, site.design.command("kill", site.web, {}, 0));
    site.design.at(90, site.design.command("kill", site.db));
    World world(site.design.scenario());
    world.run_until(seconds(120));
    check_cause(world, cause_now(world), {"dead", "db", 0.9, 1, "entry", 90, "", "failures"});
}

TEST_CASE("Slow from the beginning, and dead later: the death is what fails them") {
    Site site({{"rate_per_s", 205}, {"timeout_ms", 0}});
    site.design.at(80, site.design.command("kill", site.db));
    World world(site.design.scenario());
    world.run_until(seconds(70));
    check_cause(world, cause_of_run(world), {"cpu", "db", 0.5, 1, "beginning", -1, "", "latency"});
    world.run_until(seconds(120));
    check_cause(world, cause_of_run(world), {"dead", "db", 0.9, 1, "entry", 80, "", "failures"});
}

TEST_CASE("A bad release fails a share of the users") {
    Site site;
    site.design.at(80, site.design.command("deploy", site.web, {{"restart_s", 1}, {"failing", 0.3}}));
    check_run(site.design, {"bad_release", "web", 0.9, 1, "entry", 80, "", "failures"});
}

TEST_CASE("Particles fit the word that they follow") {
    const auto subject = [](const char* word) { return word + particle(word, "이", "가"); };
    CHECK(subject("db") == "db가");
    CHECK(subject("web") == "web이");
    CHECK(subject("cache-2") == "cache-2가");
    CHECK(subject("cache-1") == "cache-1이");
    CHECK(subject("cdn") == "cdn이");
    CHECK(subject("users") == "users가");
    CHECK(subject("queue") == "queue가");
    CHECK(subject("machine") == "machine이");
    CHECK(subject("balancer") == "balancer가");
    CHECK(subject("서버") == "서버가");
    CHECK(subject("로드밸런싱") == "로드밸런싱이");
    CHECK("서울" + particle("서울", "으로", "로") == "서울로");
    CHECK("web" + particle("web", "으로", "로") == "web으로");
    CHECK("db-7" + particle("db-7", "은", "는") == "db-7은");
    CHECK("db-7" + particle("db-7", "으로", "로") == "db-7로");
}

TEST_CASE("A balancer that is cut off from its servers takes them out: it is the way that is missing") {
    Site site;
    site.design.at(80, site.design.edge_command("kill", site.to_web));
    check_run(site.design, {"partition", "web", 0.9, 1, "entry", 80, "", "failures"});
}

TEST_CASE("Servers that are up again, and a balancer that has not noticed") {
    Site site({{"rate_per_s", 100}, {"timeout_ms", 2000}},
              {{"health_interval_s", 10}, {"health_threshold", 1}});
    site.design.at(80, site.design.command("kill", site.web));
    site.design.at(101, site.design.command("restore", site.web));
    World world(site.design.scenario());
    world.run_until(seconds(109.5));
    const Cause cause = cause_at(world, 109.5, 6);
    CAPTURE(cause.sentence.en);
    CHECK(std::string(mechanism_id(cause.mechanism)) == "ejected");
    CHECK(cause.node == site.lb);
    CHECK(cause.sentence.en.find("has not noticed yet that what it calls is up again") != std::string::npos);
    CHECK(cause.sentence.ko.find("복구된 것을 아직 알지 못한다") != std::string::npos);
}

namespace {

// Equal requests wait together at a proxy for one answer, which a cache would have.
struct Gathered {
    Design design{160, 10};
    int proxy, cache, db, to_db;
    Gathered() {
        const int users = design.add(
            "users", "clients", {{"rate_per_s", 200}, {"keys", 20000}, {"zipf", 0.9}, {"timeout_ms", 0}});
        proxy = design.add("proxy", "proxy", {{"collapse", true}});
        cache = design.add("cache", "cache", {{"items", 100}, {"strategy", "read-through"}});
        db = design.add("db", "database", {{"connections", 64}, {"cores", 4}, {"read_ms", 10}});
        design.connect(users, proxy);
        design.connect(proxy, cache);
        to_db = design.connect(cache, db);
    }
};

} // namespace

TEST_CASE("Behind a proxy where callers wait together: what gives the answer is down, cut off, or slow") {
    Gathered dead;
    dead.design.at(80, dead.design.command("kill", dead.db));
    check_run(dead.design, {"dead", "db", 0.9, 1, "entry", 80, "", "failures"});
    Gathered cut;
    cut.design.at(80, cut.design.edge_command("kill", cut.to_db));
    check_run(cut.design, {"partition", "db", 0.9, 1, "entry", 80, "", "failures"});
    Gathered slow;
    slow.design.at(80, slow.design.command("slow", slow.db, {{"factor", 2.5}}));
    check_run(slow.design, {"slow", "db", 0.5, 1, "entry", 80, "", "latency"});
}

TEST_CASE("A primary that died, and nobody who takes its writes") {
    Design design(160, 10);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 100}, {"pages", 1}, {"writes", 1}, {"timeout_ms", 2000}});
    const int db = design.add("db", "database",
                              {{"connections", 32}, {"read_ms", 4}, {"replicas", 2}, {"failover", "none"}});
    design.connect(users, db);
    design.at(80, design.command("kill", db, {}, 0));
    check_run(design, {"dead", "db", 0.99, 1, "entry", 80, "", "failures"});
    World world(design.scenario());
    world.run_until(seconds(160));
    CHECK(cause_now(world).sentence.en.find(
              "which has no primary to take writes since the primary of db died at 80 s") !=
          std::string::npos);
    CHECK(cause_now(world).sentence.ko.find("쓰기를 받을 주 데이터베이스가 없다") != std::string::npos);
    const int refused = find_kind("database")->metric_index("refused_writes");
    CHECK(world.metric(db, refused) == doctest::Approx(4000).epsilon(0.05));
}

TEST_CASE("A shard that has no room left refuses what is written to it") {
    Design design(160, 10);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 100}, {"pages", 1}, {"writes", 1}, {"timeout_ms", 2000}});
    // 50 MB a second onto 5 GB: full after 100 s.
    const int shards = design.add("shards", "shards",
                                  {{"method", "range"},
                                   {"shard_key", "time"},
                                   {"shards", 2},
                                   {"cores", 4},
                                   {"data_keys", 1000},
                                   {"row_kb", 1000},
                                   {"writes_add", true},
                                   {"capacity_gb", 5}});
    design.connect(users, shards);
    World world(design.scenario());
    world.run_until(seconds(160));
    const Cause cause = cause_of_run(world);
    check_cause(world, cause, {"queue_full", "shards", 0.99, 1, "saturation", -1, "", "failures"});
    CHECK(cause.sentence.en.find("where a shard has no room left") != std::string::npos);
    CHECK(cause.sentence.ko.find("남은 공간이 없다") != std::string::npos);
}

TEST_CASE("A line that got narrow after another trouble of the network") {
    Site site;
    site.design.at(60, site.design.edge_command("set", site.to_db, {{"latency_ms", 40}}));
    site.design.at(90,
                   site.design.edge_command("set", site.to_db, {{"latency_ms", 40}, {"bandwidth_mbps", 3}}));
    World world(site.design.scenario());
    world.run_until(seconds(104));
    const Cause cause = cause_now(world);
    CAPTURE(cause.sentence.en);
    CHECK(std::string(mechanism_id(cause.mechanism)) == "bandwidth");
    CHECK(cause.sentence.en.find("since \"Bandwidth\" of web→db was set to 3 at 90 s") != std::string::npos);
}

TEST_CASE("What is answered while most requests fail is quick, and no measure of calm") {
    Design design(200, 20);
    const int users = design.add("users", "clients", {{"rate_per_s", 24}, {"timeout_ms", 4000}});
    const int others = design.add("others", "clients", {{"rate_per_s", 24}, {"timeout_ms", 4000}});
    const int slow = design.add("slow", "server", {{"cores", 1}, {"service_ms", 30}, {"queue_limit", 20}});
    const int quick = design.add("quick", "server", {{"cores", 1}, {"service_ms", 2}});
    design.connect(users, slow);
    design.connect(others, quick);
    design.at(100, design.command("set", users, {{"rate_per_s", 400}}));
    check_run(design, {"queue_full", "slow", 0.99, 1, "entry", 100, "", "failures"});
}
