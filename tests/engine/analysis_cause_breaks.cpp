// Why it is slow, or fails, after one thing was broken in a design that is well: what was told wrongly or not
// at all when every node, way and rate of every scenario was broken, one at a time.
#include "support/causes.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

// Users, a balancer and a tier that scales itself.
struct Scaled {
    Design design{160, 20};
    int users, balancer, web;
    explicit Scaled(double rate, const char* sessions = "none") {
        users = design.add("users", "clients", {{"rate_per_s", rate}, {"timeout_ms", 2000}});
        balancer = design.add("balancer", "balancer", {{"health_interval_s", 1}});
        web = design.add("web", "server",
                         {{"instances", 4},
                          {"cores", 2},
                          {"workers", 32},
                          {"service_ms", 10},
                          {"sessions", sessions},
                          {"autoscale", "cpu"},
                          {"instances_least", 4},
                          {"instances_most", 12},
                          {"scale_every_s", 5},
                          {"cool_out_s", 5},
                          {"boot_s", 60}});
        design.connect(users, balancer);
        design.connect(balancer, web);
    }
};

Cause cause_after(Design& design, double at_s) {
    World world(design.scenario());
    world.run_until(seconds(at_s));
    return cause_now(world);
}

bool says(const Text& sentence, std::string_view en, std::string_view ko) {
    INFO(sentence.en);
    INFO(sentence.ko);
    CHECK(sentence.en.find(en) != std::string::npos);
    CHECK(sentence.ko.find(ko) != std::string::npos);
    return true;
}

} // namespace

TEST_CASE("A slow machine of a tier that starts others meanwhile: it is the slow one that matters") {
    Scaled site(500);
    site.design.at(80, site.design.command("slow", site.web, {{"factor", 8}}, 0));
    check_run(site.design, {"slow", "web", 0.5, 1, "entry", 80});
    // Also where machines were taken away shortly before.
    Scaled fewer(900);
    set_value(fewer.design.raw().nodes[static_cast<std::size_t>(fewer.web)], "cool_in_s", 5);
    set_value(fewer.design.raw().nodes[static_cast<std::size_t>(fewer.web)], "instances", 8);
    fewer.design.at(68, fewer.design.command("set", fewer.users, {{"rate_per_s", 500}}));
    fewer.design.at(80, fewer.design.command("slow", fewer.web, {{"factor", 8}}, 0));
    for (const double at_s : {84.0, 90.0, 110.0}) {
        CAPTURE(at_s);
        const Cause cause = cause_after(fewer.design, at_s);
        INFO(cause.sentence.en);
        CHECK(cause.mechanism == Mechanism::slow);
    }
}

TEST_CASE("A store behind a cut way holds the workers of a tier, from the first seconds on") {
    Scaled site(200, "store");
    const int store = site.design.add("store", "session-store");
    const int way = site.design.connect(site.web, store);
    site.design.at(80, site.design.edge_command("kill", way));
    for (const double at_s : {84.0, 88.0, 100.0, 150.0}) {
        CAPTURE(at_s);
        World world(site.design.scenario());
        world.run_until(seconds(at_s));
        check_cause(world, cause_now(world), {"partition", "store", 0.4, 1, "entry", 80});
    }
}

TEST_CASE("Workers that no message reaches are not too few") {
    for (const bool asked_for : {false, true}) {
        CAPTURE(asked_for);
        Design design(200, 20);
        const int users = design.add("users", "clients",
                                     {{"rate_per_s", 40},
                                      {"pages", 0},
                                      {"writes", 1},
                                      {"timeout_ms", 4000},
                                      {"poll_ms", asked_for ? 1000 : 0}});
        const int web = design.add("web", "server", {{"cores", 64}, {"service_ms", 3}, {"api_ms", 0.5}});
        const int queue = design.add("queue", "queue");
        const int workers =
            design.add("workers", "workers", {{"instances", 4}, {"cores", 2}, {"work_ms", 50}});
        design.connect(users, web);
        design.connect(web, queue, {{"carries", "jobs"}});
        design.at(80, design.edge_command("kill", design.connect(queue, workers)));
        const Cause cause = cause_after(design, 150);
        CHECK(std::string(mechanism_id(cause.mechanism)) == "partition");
        CHECK(cause.node == workers);
        says(cause.sentence, "where nothing gets through since queue→workers was cut at 80 s",
             "80초에 queue→workers 경로가 끊긴 뒤로 workers로 가는 네트워크가 끊겨 있다");
    }
}

TEST_CASE("A slow disk is slow, whatever has to be read from it") {
    Design design(160, 20);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 60}, {"keys", 100000}, {"timeout_ms", 2000}});
    const int web = design.add("web", "server", {{"cores", 8}, {"workers", 500}, {"service_ms", 2}});
    const int files =
        design.add("files", "object-store",
                   {{"instances", 3}, {"copies", 1}, {"memory_gb", 0}, {"disks", 1}, {"disk_ms", 8}});
    design.connect(users, web);
    design.connect(web, files);
    design.at(80, design.command("slow", files, {{"factor", 8}}, 0));
    check_run(design, {"slow", "files", 0.5, 1, "entry", 80});
}

TEST_CASE("What was slowed down long ago and overflows only now") {
    Design design(240, 20);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 70},
                                  {"timeout_ms", 0},
                                  {"profile", "spike"},
                                  {"spike_factor", 1.7},
                                  {"from_s", 140},
                                  {"lasts_s", 40}});
    const int web = design.add("web", "server", {{"cores", 1}, {"workers", 9000}, {"service_ms", 5}});
    design.connect(users, web);
    design.at(80, design.command("slow", web, {{"factor", 2}}));
    check_run(design, {"slow", "web", 0.5, 1, "entry", 80});
}

TEST_CASE("Of two groups of users who come more often at once, it is those who ask for the node") {
    Design design(160, 20);
    const int nears[] = {design.add("near", "clients", {{"rate_per_s", 100}, {"timeout_ms", 0}}),
                         design.add("far", "clients", {{"rate_per_s", 60}, {"timeout_ms", 0}})};
    const int servers[] = {
        design.add("large", "server", {{"cores", 64}, {"workers", 900}, {"service_ms", 10}}),
        design.add("small", "server", {{"cores", 1}, {"workers", 9000}, {"service_ms", 10}})};
    for (int i = 0; i < 2; ++i) design.connect(nears[i], servers[i]);
    design.at(80, design.command("set", nears[0], {{"rate_per_s", 200}}));
    design.at(80, design.command("set", nears[1], {{"rate_per_s", 120}}));
    World world(design.scenario());
    world.run_until(seconds(160));
    const Cause cause = cause_of_run(world);
    check_cause(world, cause, {"cpu", "small", 0.5, 1, "entry", 80});
    says(cause.sentence, "since \"Rate\" of far was set to 120", "far의");
}

TEST_CASE("Messages that pile up beside a database do not slow it down") {
    Design design(200, 20);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 60}, {"pages", 2}, {"writes", 1}, {"timeout_ms", 0}});
    const int web = design.add("web", "server", {{"cores", 64}, {"workers", 4000}, {"service_ms", 2}});
    const int queue = design.add("queue", "queue", {{"capacity", 1000000}});
    const int workers = design.add("workers", "workers", {{"instances", 1}, {"cores", 1}, {"work_ms", 100}});
    const int db =
        design.add("db", "database", {{"connections", 900}, {"cores", 1}, {"read_ms", 9}, {"write_ms", 9}});
    design.connect(users, web);
    design.connect(web, queue, {{"carries", "jobs"}});
    design.connect(web, db);
    design.connect(queue, workers);
    design.at(100, design.command("set", users, {{"rate_per_s", 240}}));
    const Cause cause = cause_after(design, 150);
    INFO(cause.sentence.en);
    CHECK(cause.node == db);
    CHECK(cause.mechanism != Mechanism::backlog);
}

TEST_CASE("A small group for whom everything fails, and a few who wait long among many quick ones") {
    const auto shop = [](double small_rate) {
        Design design(160, 20);
        const int many = design.add("many", "clients", {{"rate_per_s", 900}, {"timeout_ms", 2000}});
        const int few = design.add("few", "clients", {{"rate_per_s", small_rate}, {"timeout_ms", 3000}});
        const int large =
            design.add("large", "server", {{"cores", 64}, {"workers", 900}, {"service_ms", 10}});
        const int small = design.add("small", "server", {{"cores", 4}, {"workers", 900}, {"service_ms", 10}});
        design.connect(many, large);
        design.connect(few, small);
        return design;
    };
    Design cut = shop(4);
    cut.raw().slo.availability = 0.9;
    cut.at(80, cut.edge_command("kill", 1));
    check_run(cut, {"partition", "small", 0.9, 1, "entry", 80, "", "failures"});
    says(cause_after(cut, 120).sentence,
         "100 % of the requests of few fail since 80 s: 100 % of them at small",
         "80초부터 few의 요청 100 %가 실패한다");
    // 1.5 % of all: no p90 tells of them, and nobody has promised a p99.
    Design slow = shop(14);
    slow.at(80, slow.command("slow", 3, {{"factor", 60}}));
    check_run(slow, {"slow", "small", 0, 1, "entry", 80});
}

TEST_CASE("A burst right after the warm-up of a design that was well is not from the beginning") {
    Design design(160, 60);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 100},
                                  {"timeout_ms", 0},
                                  {"profile", "spike"},
                                  {"spike_factor", 3},
                                  {"from_s", 60},
                                  {"lasts_s", 10}});
    design.connect(users, design.add("web", "server", {{"cores", 2}, {"workers", 9000}, {"service_ms", 10}}));
    World world(design.scenario());
    world.run_until(seconds(160));
    const Cause cause = cause_of_run(world);
    INFO(cause.sentence.en);
    CHECK(cause.mechanism == Mechanism::cpu);
    CHECK(cause.start == Start::load);
}

TEST_CASE("A name that leads to a tier of which a part is down; a copy that takes no writes") {
    Design design(200, 20);
    const int users = design.add(
        "users", "clients",
        {{"rate_per_s", 90}, {"pages", 1}, {"writes", 1}, {"timeout_ms", 1000}, {"resolvers", 50}});
    const int dns =
        design.add("dns", "dns", {{"ttl_s", 5}, {"policy", "failover"}, {"health_interval_s", 2}});
    const int near = design.add("near", "server", {{"instances", 3}, {"cores", 2}, {"service_ms", 5}});
    const int far = design.add("far", "server", {{"instances", 3}, {"cores", 2}, {"service_ms", 5}});
    const int db = design.add("db", "database", {{"connections", 64}, {"read_ms", 3}});
    const int copy =
        design.add("copy", "database", {{"connections", 64}, {"read_ms", 3}, {"takes_writes", false}});
    design.connect(users, dns);
    design.connect(users, near);
    design.connect(users, far);
    design.connect(near, db);
    design.connect(far, copy);
    design.connect(db, copy);
    Design part = design;
    part.at(80, part.command("kill", near, {}, 0));
    const Text partly = cause_after(part, 100).sentence;
    says(partly, "at near, 33 % of which is down since server 1 of near died at 80 s",
         "near의 33 %가 응답하지 않는다");
    design.at(80, design.command("kill", near));
    says(cause_after(design, 180).sentence,
         "at copy, which is a copy and takes no writes since near died at 80 s",
         "copy는 쓰기를 받지 않는 복제본이다");
}

TEST_CASE("A tier that scales by its queue takes away all but one machine, and drowns") {
    for (const std::uint32_t weight : {1u, 10u}) { // the words count machines of the design
        CAPTURE(weight);
        Design design(300, 20);
        const int users =
            design.add("users", "clients", {{"rate_per_s", 300.0 * weight}, {"timeout_ms", 5000}});
        const int balancer = design.add("balancer", "balancer");
        const int web = design.add("web", "server",
                                   {{"instances", 8.0 * weight},
                                    {"cores", 2},
                                    {"workers", 32},
                                    {"service_ms", 20},
                                    {"autoscale", "queue"},
                                    {"instances_least", 1.0 * weight},
                                    {"instances_most", 10.0 * weight},
                                    {"cool_in_s", 100}});
        design.connect(users, balancer);
        design.connect(balancer, web);
        design.raw().weight = weight;
        World world(design.scenario());
        world.run_until(seconds(140));
        const Cause cause = cause_of_run(world);
        INFO(cause.sentence.en);
        CHECK(cause.mechanism != Mechanism::uneven);
        CHECK(cause.node == web);
        const std::string many = std::to_string(8 * weight), few = std::to_string(weight);
        says(cause.sentence, ("since it was scaled from " + many + " to " + few + " at 105 s").c_str(),
             ("105초에 " + many + "대에서 " + few + "대로 바꾼 뒤로 web의").c_str());
    }
}

TEST_CASE("Workers that poison brings down again and again: how many are down, not how busy the rest is") {
    Design design(100, 10);
    const int users = design.add(
        "users", "clients",
        {{"rate_per_s", 30}, {"pages", 0}, {"writes", 1}, {"keys", 30000}, {"zipf", 0}, {"timeout_ms", 0}});
    const int web = design.add("web", "server", {{"cores", 8}, {"service_ms", 2}});
    const int queue = design.add("queue", "queue", {{"deliveries_most", 0}, {"retry_delay_ms", 6000}});
    const int workers = design.add("workers", "workers",
                                   {{"instances", 4},
                                    {"cores", 4},
                                    {"work_ms", 120},
                                    {"poison_one_in", 400},
                                    {"poison_does", "crash"},
                                    {"restart_s", 5}});
    design.connect(users, web);
    design.connect(web, queue, {{"carries", "jobs"}});
    design.connect(queue, workers);
    World world(design.scenario());
    int some = 0;
    for (double at_s = 20; at_s <= 100; at_s += 5) {
        world.run_until(seconds(at_s));
        const Cause cause = cause_now(world);
        INFO(cause.sentence.en);
        if (cause.mechanism != Mechanism::lost_instances || cause.busy >= 0.7) continue;
        CHECK(cause.sentence.en.find(" % of which is down since") != std::string::npos);
        CHECK(cause.sentence.ko.find(" %가 응답하지 않는다") != std::string::npos);
        ++some;
    }
    CHECK(some > 0);
}
