// Names, networks, disks, rates, availability and cost.
#include "support.hpp"

#include <algorithm>

using namespace scale;
using namespace scale::theory;

namespace {

// Che's approximation of the hit ratio of an LRU store of `items` under independent references.
double che_hit_ratio(int keys, double exponent, double items) {
    std::vector<double> share(static_cast<std::size_t>(keys));
    double sum = 0;
    for (std::size_t i = 0; i < share.size(); ++i)
        sum += share[i] = std::pow(static_cast<double>(i + 1), -exponent);
    for (double& p : share) p /= sum;
    double low = 0, high = 1e12;
    for (int i = 0; i < 200; ++i) {
        const double t = (low + high) / 2;
        double filled = 0;
        for (const double p : share) filled += 1 - std::exp(-p * t);
        (filled < items ? low : high) = t;
    }
    double hits = 0;
    for (const double p : share) hits += p * (1 - std::exp(-p * low));
    return hits;
}

} // namespace

TEST_CASE("DNS caches: a share lambda T / (1 + lambda T) of the look-ups is answered by the cache") {
    for (const double ttl_s : {0.5, 4.0}) {
        CAPTURE(ttl_s);
        const int caches = 50;
        const double rate = 100; // 2 a second for each cache
        Design design(2000, 50);
        const int users =
            design.add("users", "clients",
                       {{"rate_per_s", rate}, {"users", caches}, {"resolvers", caches}, {"keys", 1}});
        const int dns = design.add("dns", "dns", {{"ttl_s", ttl_s}, {"lookup_ms", 0}});
        const int web = design.add("web", "server", {{"service_ms", 0.1}});
        design.connect(users, dns);
        design.connect(users, web);
        const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
            const auto asked = static_cast<double>(world.totals().requests.offered);
            return Figures{1 - world.metric(users, 1) / asked, 1 - world.metric(dns, 0) / asked};
        });
        const double known = rate / caches * ttl_s;
        agrees("hits", seen[0], known / (1 + known), 0.01);
        agrees("as the name service sees it", seen[1], known / (1 + known), 0.01);
    }
}

TEST_CASE("DNS failover: extra outage is detection + TTL / 2") {
    // 2,000 caches of which each is asked once a second; the times of expiry have drifted apart by then.
    const int caches = 2000;
    const double ttl_s = 12, rate = 2000, dies_s = 1202.5, detection_s = 12.5;
    Design design(1300, 1200);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", rate}, {"users", caches}, {"resolvers", caches}, {"keys", 1}});
    const int dns = design.add("dns", "dns",
                               {{"ttl_s", ttl_s},
                                {"lookup_ms", 0},
                                {"policy", "failover"},
                                {"health_interval_s", 5},
                                {"health_threshold", 3}});
    const int first = design.add("first", "server", {{"service_ms", 0.01}});
    const int second = design.add("second", "server", {{"service_ms", 0.01}});
    design.connect(users, dns);
    design.connect(users, first);
    design.connect(users, second);
    design.at(dies_s, design.command("kill", first));
    const std::vector<Interval> seen = over_seeds(
        design,
        [&](const World& world) {
            return Figures{static_cast<double>(world.totals().requests.failed) / rate};
        },
        3);
    // A cache that is empty when the failure is detected asks anew and is told the other address.
    const double asked = rate / caches * ttl_s;
    agrees("outage", seen[0], detection_s + ttl_s / 2 * asked / (1 + asked), 0.12);
}

TEST_CASE("Latency of an edge adds exactly, both ways and at every hop") {
    Design design(20);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 10}, {"arrivals", "deterministic"}, {"keys", 1}});
    const int web =
        design.add("web", "server", {{"service_ms", 10}, {"service", "deterministic"}, {"after_ms", 3}});
    const int db = design.add("db", "database", {{"read_ms", 5}, {"service", "deterministic"}});
    design.connect(users, web, {{"latency_ms", 20}});
    design.connect(web, db, {{"latency_ms", 1.5}, {"calls", 2}});
    World world(design.scenario());
    world.run_until(world.duration());
    CHECK(world.totals().latency_ms.mean ==
          doctest::Approx(2 * 20 + 10 + 2 * (2 * 1.5 + 5) + 3).epsilon(1e-9));
    CHECK(world.totals().latency_ms.max == doctest::Approx(69).epsilon(1e-9));
    CHECK(world.node_totals(db).latency_ms.max == doctest::Approx(5).epsilon(1e-9));
}

TEST_CASE("Bandwidth: the line is an M/D/1 queue") {
    OneTier system(3000, 100, 70, {{"service_ms", 0}, {"cores", 64}, {"answer_kb", 0}});
    Scenario& scenario = system.design.raw();
    set_value(scenario.nodes[0], "request_kb", 10); // 10 kB at 8 Mbit/s take 10 ms
    scenario.edges[0].values[tests::index_of("bandwidth_mbps", edge_params())] = 8;
    const std::vector<Interval> seen =
        over_seeds(system.design, [](const World& world) { return Figures{world.totals().latency_ms.mean}; });
    agrees("response", seen[0], 10 + 10 * 0.7 / (2 * 0.3), 0.02);
}

TEST_CASE("Jitter: the mean and the spread of the latency are as given") {
    OneTier system(500, 10, 100, {{"service_ms", 0}, {"cores", 64}});
    Scenario& scenario = system.design.raw();
    scenario.edges[0].values[tests::index_of("latency_ms", edge_params())] = 20;
    scenario.edges[0].values[tests::index_of("jitter_cv", edge_params())] = 0.5;
    const std::vector<Interval> seen = over_seeds(system.design, [](const World& world) {
        std::vector<double> upper;
        std::vector<std::uint64_t> counts;
        world.latency_buckets(upper, counts);
        double count = 0, sum = 0, squares = 0;
        for (std::size_t i = 0; i < upper.size(); ++i) {
            const auto n = static_cast<double>(counts[i]);
            count += n;
            sum += n * upper[i];
            squares += n * upper[i] * upper[i];
        }
        return Figures{world.totals().latency_ms.mean, squares / count - sum / count * sum / count};
    });
    agrees("mean", seen[0], 40, 0.005);
    agrees("variance", seen[1], 2 * 10 * 10, 0.03, 0.02);
}

TEST_CASE("Buffer pool: LRU by Che's approximation") {
    struct Case {
        double zipf;
        int items;
    };
    const int keys = 10000;
    for (const Case& c : {Case{0.6, 100}, Case{0.6, 2000}, Case{0.9, 100}, Case{0.9, 500}, Case{0.9, 2000},
                          Case{1.2, 100}, Case{1.2, 500}}) {
        CAPTURE(c.zipf);
        CAPTURE(c.items);
        Design design(150, 50);
        const int users =
            design.add("users", "clients", {{"rate_per_s", 2000}, {"keys", keys}, {"zipf", c.zipf}});
        const int db = design.add("db", "database",
                                  {{"connections", 1000},
                                   {"cores", 64},
                                   {"read_ms", 0},
                                   {"memory_items", c.items},
                                   {"disk_ms", 0}});
        design.connect(users, db);
        const std::vector<Interval> seen = over_seeds(
            design, [&](const World& world) { return Figures{world.metric(db, 0)}; }, 6);
        agrees("hit ratio", seen[0], che_hit_ratio(keys, c.zipf, c.items), 0.03, 0.01);
    }
}

TEST_CASE("Disk: a second station behind the cores") {
    Design design(3000, 100);
    const int users = design.add("users", "clients", {{"rate_per_s", 70}, {"keys", 10000000}, {"zipf", 0}});
    const int db = design.add(
        "db", "database",
        {{"connections", 10000}, {"cores", 1}, {"read_ms", 5}, {"memory_items", 1}, {"disk_ms", 8}});
    design.connect(users, db);
    const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
        return Figures{world.totals().latency_ms.mean, world.metric(db, 1),
                       world.node_totals(db).utilization};
    });
    agrees("response", seen[0], 5 / (1 - 0.35) + 8 / (1 - 0.56), 0.02);
    agrees("disk busy", seen[1], 0.56, 0.01);
    agrees("cores busy", seen[2], 0.35, 0.01);
}

TEST_CASE("Rates over time: as many arrivals as the profile says") {
    struct Case {
        const char* profile;
        double expected;
    };
    // 100/s; +50/s every 100 s; to 300/s between 100 s and 300 s; 4 x from 100 s to 300 s; days of 200 s.
    for (const Case& c :
         {Case{"constant", 40000}, Case{"steps", 100 * 100 + 100 * 150 + 100 * 200 + 100 * 250},
          Case{"ramp", 100 * 100 + 200 * 200 + 100 * 300}, Case{"spike", 200 * 100 + 200 * 400},
          Case{"daily", 40000}}) {
        CAPTURE(c.profile);
        Design design(400);
        const int users = design.add("users", "clients",
                                     {{"rate_per_s", 100},
                                      {"profile", c.profile},
                                      {"step_per_s", 50},
                                      {"step_every_s", 100},
                                      {"rate_end_per_s", 300},
                                      {"from_s", 100},
                                      {"lasts_s", 200},
                                      {"spike_factor", 4},
                                      {"daily_swing", 0.8},
                                      {"day_s", 200},
                                      {"keys", 1}});
        design.connect(users, design.add("web", "server", {{"service_ms", 0}}));
        const auto offered = [](const World& world) {
            return Figures{static_cast<double>(world.totals().requests.offered)};
        };
        agrees("Poisson", over_seeds(design, offered)[0], c.expected, 0.01);
        set_value(design.raw().nodes[0], "arrivals", 1);
        World even(design.scenario());
        even.run_until(even.duration());
        CHECK(std::abs(offered(even)[0] - c.expected) <= 2);
    }
}

TEST_CASE("Weight: each simulated request stands for so many real ones, which are what is counted") {
    OneTier system(400, 0, 1000, {{"service_ms", 0}});
    system.design.raw().weight = 10;
    const std::vector<Interval> seen = over_seeds(system.design, [](const World& world) {
        const std::uint64_t offered = world.totals().requests.offered;
        CHECK(offered % 10 == 0);
        // Two events each: its arrival, and its end at the server.
        return Figures{static_cast<double>(offered), static_cast<double>(world.totals().events)};
    });
    agrees("real", seen[0], 400 * 1000, 0.02);
    agrees("simulated", seen[1], 2 * 400 * 100, 0.02);
}

TEST_CASE("Availability: up half the time alone, in series and in parallel") {
    // Every 100 s each of two is down for 50 s; the two overlap in half of that. Work is too short to matter.
    const auto cycle = [](Design& design, int node, int instance, double offset_s) {
        for (double t = offset_s; t < 2000; t += 100) {
            design.at(t, design.command("kill", node, {}, instance));
            if (t + 50 < 2000) design.at(t + 50, design.command("restore", node, {}, instance));
        }
    };
    const auto sorted = [](Design& design) {
        std::stable_sort(design.raw().events.begin(), design.raw().events.end(),
                         [](const Command& a, const Command& b) { return a.at < b.at; });
    };
    const auto availability = [](const World& world) { return Figures{world.totals().availability}; };
    {
        OneTier alone(2000, 0, 50, {{"service_ms", 0.01}});
        cycle(alone.design, alone.tier, -1, 0);
        agrees("alone", over_seeds(alone.design, availability)[0], 0.5, 0.02);
    }
    {
        Design series(2000);
        const int users = series.add("users", "clients", {{"rate_per_s", 50}, {"keys", 1}});
        const int web = series.add("web", "server", {{"service_ms", 0.01}});
        const int db = series.add("db", "database", {{"read_ms", 0.01}});
        series.connect(users, web);
        series.connect(web, db);
        cycle(series, web, -1, 0);
        cycle(series, db, -1, 25);
        sorted(series);
        agrees("series", over_seeds(series, availability)[0], 0.5 * 0.5, 0.04);
    }
    {
        Design parallel(2000);
        const int users = parallel.add("users", "clients", {{"rate_per_s", 50}, {"keys", 1}});
        const int balancer = parallel.add(
            "balancer", "balancer", {{"algorithm", "random"}, {"health_interval_s", 0}, {"retry_others", 1}});
        const int web = parallel.add("web", "server", {{"instances", 2}, {"service_ms", 0.01}});
        parallel.connect(users, balancer);
        parallel.connect(balancer, web);
        cycle(parallel, web, 0, 0);
        cycle(parallel, web, 1, 25);
        sorted(parallel);
        agrees("parallel", over_seeds(parallel, availability)[0], 1 - 0.5 * 0.5, 0.01);
    }
}

TEST_CASE("Cost is arithmetic") {
    Design design(10);
    const int users = design.add("users", "clients");
    const int dns = design.add("dns", "dns");
    const int balancer = design.add("balancer", "balancer", {{"standby", true}});
    const int web = design.add("web", "server", {{"instances", 3}, {"cores", 4}});
    const int priced = design.add("priced", "server", {{"instances", 2}, {"price_usd", 123}});
    const int db = design.add("db", "database", {{"connections", 8}, {"memory_items", 2000000}});
    design.add("box", "machine", {{"cores", 2}});
    const int inside = design.add("inside", "server", {{"cores", 8}}, "box");
    design.connect(users, dns);
    design.connect(users, balancer);
    for (const int node : {web, priced, inside}) design.connect(balancer, node);
    design.connect(web, db);
    World world(design.scenario());
    CHECK(world.node_totals(web).cost_usd_per_month == 3 * 4 * 35);
    CHECK(world.node_totals(priced).cost_usd_per_month == 2 * 123);
    CHECK(world.node_totals(db).cost_usd_per_month == 8 * 70 + 2 * 12);
    CHECK(world.node_totals(balancer).cost_usd_per_month == 2 * 25);
    CHECK(world.node_totals(inside).cost_usd_per_month == 0);
    CHECK(world.totals().cost_usd_per_month == 1 + 50 + 420 + 246 + 584 + 70);
    CHECK(!world.apply(design.command("set", web, {{"instances", 5}})));
    CHECK(world.node_totals(web).cost_usd_per_month == 5 * 4 * 35);
}
