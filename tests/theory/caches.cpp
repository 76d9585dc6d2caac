// Caches: hit ratios by policy and TTL, consistent hashing, local against global, coalesced fetches.
#include "core/hash_ring.hpp"
#include "support.hpp"

#include <string>

using namespace scale;
using namespace scale::theory;

namespace {

constexpr int k_keys = 10000;

std::vector<double> zipf_shares(int keys, double exponent) {
    std::vector<double> share(static_cast<std::size_t>(keys));
    double sum = 0;
    for (std::size_t i = 0; i < share.size(); ++i)
        sum += share[i] = std::pow(static_cast<double>(i + 1), -exponent);
    for (double& p : share) p /= sum;
    return share;
}

// Solves sum of inside(p * t) = items for t; the hit ratio is the same sum weighted by p.
template<class Inside>
double hit_ratio_by(const std::vector<double>& shares, double items, Inside inside) {
    double low = 0, high = 1e12;
    for (int i = 0; i < 200; ++i) {
        const double t = (low + high) / 2;
        double filled = 0;
        for (const double p : shares) filled += inside(p * t);
        (filled < items ? low : high) = t;
    }
    double hits = 0;
    for (const double p : shares) hits += p * inside(p * low);
    return hits;
}

// Che: a key is inside when it was asked for within the characteristic time.
double che_lru(const std::vector<double>& shares, double items) {
    return hit_ratio_by(shares, items, [](double x) { return 1 - std::exp(-x); });
}

// Gelenbe; Martina, Garetto and Leonardi: FIFO and RANDOM, x / (1 + x).
double che_fifo(const std::vector<double>& shares, double items) {
    return hit_ratio_by(shares, items, [](double x) { return x / (1 + x); });
}

double top_share(const std::vector<double>& shares, int items) {
    double sum = 0;
    for (int i = 0; i < items; ++i) sum += shares[static_cast<std::size_t>(i)];
    return sum;
}

// Users who read through a cache from a database; neither takes any time unless told.
struct ReadThrough {
    Design design;
    int users, cache, db;
    ReadThrough(
        double duration_s, double warmup_s, tests::Values user_values, tests::Values cache_values,
        tests::Values db_values = {{"connections", 10000}, {"cores", 64}, {"read_ms", 0}, {"write_ms", 0}})
        : design(duration_s, warmup_s), users(design.add("users", "clients", user_values)),
          cache(design.add("cache", "cache", cache_values)), db(design.add("db", "database", db_values)) {
        design.connect(users, cache);
        design.connect(cache, db);
        set_value(design.raw().nodes[1], "strategy", 1);
        set_value(design.raw().nodes[1], "service_ms", 0);
    }
    void set(const char* key, double value) {
        set_value(design.raw().nodes[static_cast<std::size_t>(cache)], key, value);
    }
    double metric(const World& world, const char* id) const { return named_metric(world, cache, id); }
    static double named_metric(const World& world, int node, std::string_view id) {
        const std::span<const MetricRecord> all =
            world.scenario().nodes[static_cast<std::size_t>(node)].kind->metrics;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (id == all[i].id) return world.metric(node, static_cast<int>(i));
        FAIL("no metric " << std::string(id));
        return 0;
    }
};

double metric(const World& world, int node, std::string_view id) {
    return ReadThrough::named_metric(world, node, id);
}

} // namespace

TEST_CASE(
    "Cache policies: LRU by Che, FIFO and random alike, LFU the most popular; 1, 5 and 20 % of the keys") {
    for (const double zipf : {0.6, 0.9, 1.2}) {
        const std::vector<double> shares = zipf_shares(k_keys, zipf);
        for (const int items : {100, 500, 2000}) {
            CAPTURE(zipf);
            CAPTURE(items);
            const auto measured = [&](int policy, double duration_s, double warmup_s) {
                ReadThrough system(duration_s, warmup_s,
                                   {{"rate_per_s", 2000}, {"keys", k_keys}, {"zipf", zipf}},
                                   {{"items", items}, {"ttl_s", 0}});
                system.set("policy", policy);
                return over_seeds(
                    system.design,
                    [&](const World& world) { return Figures{system.metric(world, "hit_ratio")}; }, 6)[0];
            };
            agrees("LRU", measured(0, 150, 50), che_lru(shares, items), 0.03, 0.01);
            agrees("FIFO", measured(2, 150, 50), che_fifo(shares, items), 0.03, 0.01);
            agrees("random", measured(3, 150, 50), che_fifo(shares, items), 0.03, 0.01);
        }
    }
}

TEST_CASE("LFU that knows what is popular hits the sum of the most popular keys") {
    for (const double zipf : {0.6, 0.9, 1.2}) {
        const std::vector<double> shares = zipf_shares(k_keys, zipf);
        for (const int items : {100, 500, 2000}) {
            CAPTURE(zipf);
            CAPTURE(items);
            // Only those are asked for at first, so that all others come later and with fewer uses.
            ReadThrough system(130, 70, {{"rate_per_s", 2000}, {"keys", items}, {"zipf", zipf}},
                               {{"ttl_s", 0}, {"policy", "lfu"}});
            system.set("items", items);
            system.design.at(60, system.design.command("set", system.users, {{"keys", k_keys}}));
            const Interval seen = over_seeds(
                system.design, [&](const World& world) { return Figures{system.metric(world, "hit_ratio")}; },
                6)[0];
            // One place is held by whatever came last: less than the least popular of them is lost.
            agrees("hit ratio", seen, top_share(shares, items), 0.03, 0.005);
        }
    }
}

TEST_CASE("FIFO and random have the same hit ratio") {
    std::vector<Interval> seen;
    for (const int policy : {2, 3}) {
        ReadThrough system(400, 50, {{"rate_per_s", 2000}, {"keys", k_keys}, {"zipf", 0.9}},
                           {{"items", 500}, {"ttl_s", 0}});
        system.set("policy", policy);
        seen.push_back(over_seeds(system.design, [&](const World& world) {
            return Figures{system.metric(world, "hit_ratio")};
        })[0]);
    }
    CHECK(std::abs(seen[0].mean - seen[1].mean) <= seen[0].half + seen[1].half);
    CHECK(seen[0].half < 0.003);
    CHECK(seen[1].half < 0.003);
}

TEST_CASE("TTL cache: each key hits lambda T / (1 + lambda T)") {
    struct Case {
        double zipf, ttl_s;
    };
    for (const Case& c : {Case{0, 1}, Case{0, 10}, Case{0.9, 0.5}, Case{0.9, 5}, Case{1.2, 2}}) {
        CAPTURE(c.zipf);
        CAPTURE(c.ttl_s);
        const int keys = 1000;
        const double rate = 500;
        ReadThrough system(600, 60, {{"rate_per_s", rate}, {"keys", keys}, {"zipf", c.zipf}},
                           {{"items", 2 * keys}});
        system.set("ttl_s", c.ttl_s);
        double expected = 0;
        for (const double p : zipf_shares(keys, c.zipf)) {
            const double per_ttl = rate * p * c.ttl_s;
            expected += p * per_ttl / (1 + per_ttl);
        }
        const Interval seen = over_seeds(
            system.design, [&](const World& world) { return Figures{system.metric(world, "hit_ratio")}; })[0];
        agrees("hit ratio", seen, expected, 0.02);
    }
}

TEST_CASE("TTL jitter: the mean TTL is what counts for keys asked for often") {
    // A TTL between 5 s and 10 s: misses come once per mean TTL and the wait for the next request after it.
    const double rate_of_key = 20;
    ReadThrough system(3000, 100, {{"rate_per_s", rate_of_key * 20}, {"keys", 20}, {"zipf", 0}},
                       {{"items", 100}, {"ttl_s", 10}, {"ttl_jitter", 0.5}});
    const Interval seen = over_seeds(
        system.design, [&](const World& world) { return Figures{1 - system.metric(world, "hit_ratio")}; })[0];
    agrees("misses", seen, 1 / (rate_of_key * (7.5 + 1 / rate_of_key)), 0.02);
}

TEST_CASE("Coalescing: one fetch per busy period of a key, lambda / (1 + lambda (S + T)) a second") {
    struct Case {
        double rate, fetch_ms, ttl_s;
    };
    for (const Case& c : {Case{50, 100, 1e-6}, Case{200, 50, 1e-6}, Case{100, 200, 0.5}}) {
        CAPTURE(c.rate);
        CAPTURE(c.fetch_ms);
        ReadThrough system(2000, 20, {{"rate_per_s", c.rate}, {"keys", 1}},
                           {{"items", 10}, {"coalesce", "wait"}, {"lease_s", 100}},
                           {{"connections", 10000}, {"cores", 256}, {"service", "deterministic"}});
        system.set("ttl_s", c.ttl_s);
        set_value(system.design.raw().nodes[2], "read_ms", c.fetch_ms);
        const double s = c.fetch_ms / 1000;
        const std::vector<Interval> seen = over_seeds(system.design, [&](const World& world) {
            return Figures{system.metric(world, "fetches") / world.totals().measured_s,
                           static_cast<double>(world.node_totals(system.db).arrivals) /
                               world.totals().measured_s};
        });
        const double expected = c.rate / (1 + c.rate * (s + c.ttl_s));
        agrees("fetches", seen[0], expected, 0.02);
        agrees("at the database", seen[1], expected, 0.02);
    }
}

TEST_CASE("Without coalescing everybody who comes during a fetch fetches too") {
    // One who starts, and lambda S more, per TTL and the fetch: a stampede.
    const double rate = 100, s = 0.2, ttl_s = 1;
    ReadThrough system(
        2000, 20, {{"rate_per_s", rate}, {"keys", 1}}, {{"items", 10}, {"ttl_s", ttl_s}},
        {{"connections", 10000}, {"cores", 256}, {"read_ms", s * 1000}, {"service", "deterministic"}});
    const Interval seen = over_seeds(system.design, [&](const World& world) {
        return Figures{system.metric(world, "fetches") / world.totals().measured_s};
    })[0];
    // Each of the fetches that come back later renews the value: the TTL runs from the last of them.
    const double expected = (1 + rate * s) / (s + ttl_s + s);
    agrees("fetches", seen, expected, 0.02, 0.01);
}

TEST_CASE("Distributed cache: the hit ratio of one with the same items, whatever the number of nodes") {
    const std::vector<double> shares = zipf_shares(k_keys, 0.9);
    for (const int nodes : {2, 8}) {
        CAPTURE(nodes);
        ReadThrough system(150, 50, {{"rate_per_s", 2000}, {"keys", k_keys}, {"zipf", 0.9}},
                           {{"ttl_s", 0}, {"scope", "distributed"}, {"virtual_nodes", 1024}});
        system.set("instances", nodes);
        system.set("items", 2000 / nodes);
        const Interval seen = over_seeds(
            system.design, [&](const World& world) { return Figures{system.metric(world, "hit_ratio")}; },
            6)[0];
        // Shares of the ring differ by 1 / sqrt(virtual nodes), about 3 %.
        agrees("hit ratio", seen, che_lru(shares, 2000), 0.03, 0.02);
    }
}

TEST_CASE("Local caches behind random balancing: each sees all keys, so that together they hold no more") {
    const std::vector<double> shares = zipf_shares(k_keys, 0.9);
    const int servers = 4;
    for (const bool local : {true, false}) {
        CAPTURE(local);
        Design design(150, 50);
        const int users =
            design.add("users", "clients", {{"rate_per_s", 2000}, {"keys", k_keys}, {"zipf", 0.9}});
        const int balancer = design.add("balancer", "balancer", {{"algorithm", "random"}});
        const int web =
            design.add("web", "server", {{"instances", servers}, {"cores", 64}, {"service_ms", 0}});
        const int cache = design.add("cache", "cache",
                                     {{"items", local ? 500 : 500 * servers},
                                      {"ttl_s", 0},
                                      {"scope", local ? "local" : "global"},
                                      {"service_ms", 0}});
        const int db = design.add("db", "database", {{"connections", 10000}, {"cores", 64}, {"read_ms", 0}});
        design.connect(users, balancer);
        design.connect(balancer, web);
        design.connect(web, cache);
        design.connect(web, db);
        const std::vector<Interval> seen = over_seeds(
            design,
            [&](const World& world) {
                return Figures{metric(world, cache, "hit_ratio"),
                               static_cast<double>(world.node_totals(db).arrivals) /
                                   static_cast<double>(world.totals().requests.offered)};
            },
            6);
        const double expected = che_lru(shares, local ? 500 : 500 * servers);
        agrees("hit ratio", seen[0], expected, 0.03, 0.01);
        agrees("share that reaches the database", seen[1], 1 - expected, 0.03, 0.01);
    }
}

TEST_CASE("Consistent hashing: a node that joins takes 1 / (N + 1) of the keys, modulo moves N / (N + 1)") {
    for (const int nodes : {4, 9, 19}) {
        CAPTURE(nodes);
        for (const bool ring : {true, false}) {
            CAPTURE(ring);
            ReadThrough system(20, 0, {{"rate_per_s", 10}},
                               {{"scope", "distributed"}, {"virtual_nodes", 1024}});
            system.set("instances", nodes);
            system.set("placement", ring ? 0 : 1);
            World world(system.design.scenario());
            CHECK(!world.apply(system.design.command("set", system.cache, {{"instances", nodes + 1}})));
            const double moved = system.metric(world, "moved_keys");
            const double n = nodes;
            // 1024 points: the share of one node spreads by 1 / sqrt(1024), 3.1 %; three deviations.
            if (ring)
                CHECK(moved == doctest::Approx(1 / (n + 1)).epsilon(0.1));
            else
                CHECK(moved == doctest::Approx(n / (n + 1)).epsilon(0.01));
        }
    }
}

TEST_CASE(
    "A node of a distributed cache dies: its share of the keys misses, first by refusal, then from cold") {
    const int nodes = 5;
    ReadThrough system(
        400, 100, {{"rate_per_s", 1000}, {"keys", 1000}, {"zipf", 0}},
        {{"items", 5000}, {"ttl_s", 0}, {"scope", "distributed"}, {"virtual_nodes", 1024}, {"detect_s", 10}});
    system.set("instances", nodes);
    World world(system.design.scenario());
    world.run_until(seconds(150));
    CHECK(system.metric(world, "hit_ratio") == 1); // warm: every key is somewhere
    CHECK(!world.apply(system.design.command("kill", system.cache, {}, 2)));
    world.run_until(seconds(155));
    const double lost = static_cast<double>(world.totals().requests.failed) / (5 * 1000);
    CHECK(lost == doctest::Approx(1.0 / nodes).epsilon(0.15)); // refused until the others know
    CHECK(system.metric(world, "moved_keys") == 0);
    world.run_until(seconds(161));
    CHECK(system.metric(world, "moved_keys") == doctest::Approx(1.0 / nodes).epsilon(0.1));
    const std::uint64_t failed = world.totals().requests.failed;
    const double fetched = system.metric(world, "fetches");
    world.run_until(seconds(200));
    CHECK(world.totals().requests.failed == failed);
    // Each of its keys is fetched once more by whoever holds it now; those of a fifth of 1000.
    CHECK(system.metric(world, "fetches") <= fetched + 1000.0 / nodes * 1.1);
    world.run_until(seconds(210));
    CHECK(system.metric(world, "fetches") == doctest::Approx(1000.0 / nodes).epsilon(0.1));
}

TEST_CASE("Write-around: a copy that is not told of writes is the staler the older it is") {
    // Reads of one key every now and then, writes at rate w: a hit of age a is still true with e^(-w a), and
    // with many reads per TTL the age is even over the TTL: (1 - e^(-w T)) / (w T).
    const double reads = 50, writes = 0.2, ttl_s = 5;
    ReadThrough system(8000, 50,
                       {{"rate_per_s", reads + writes}, {"keys", 1}, {"pages", reads}, {"writes", writes}},
                       {{"items", 10}, {"ttl_s", ttl_s}});
    system.set("strategy", 4);
    const Interval seen = over_seeds(
        system.design, [&](const World& world) { return Figures{system.metric(world, "stale_ratio")}; })[0];
    const double x = writes * ttl_s;
    agrees("stale", seen, 1 - (1 - std::exp(-x)) / x, 0.04, 0.005);
}

TEST_CASE("Hash ring: the spread of the shares shrinks with the virtual nodes, cv^2 = (N - 1) / (N V + 1)") {
    constexpr std::uint32_t k_nodes = 10;
    for (const std::uint32_t points : {1u, 4u, 16u, 64u, 256u}) {
        CAPTURE(points);
        std::vector<double> squares; // of the deviation of each ring, other nodes in each
        for (std::uint32_t ring_number = 0; ring_number < 300; ++ring_number) {
            core::HashRing ring;
            for (std::uint32_t i = 0; i < k_nodes; ++i) ring.add(ring_number * k_nodes + i, points);
            double sum = 0;
            for (std::uint32_t i = 0; i < k_nodes; ++i) {
                const double off = ring.share_of(ring_number * k_nodes + i) * k_nodes - 1;
                sum += off * off / k_nodes;
            }
            squares.push_back(sum);
        }
        agrees("cv squared", interval(squares), (k_nodes - 1.0) / (k_nodes * points + 1.0), 0.15);
    }
}

TEST_CASE("CDN: each object at each point hits lambda T / (1 + lambda T)") {
    const int objects = 200;
    const int points = 3;
    const double rate = 300;
    const double ttl_s = 4;
    Design design(600, 60);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", rate},
                                  {"users", 1000000},
                                  {"keys", objects},
                                  {"zipf", 0.9},
                                  {"pages", 0},
                                  {"assets", 1}});
    const int cdn = design.add("cdn", "cdn", {{"points", points}, {"ttl_s", ttl_s}, {"collapse", false}});
    const int web = design.add("web", "server", {{"service_ms", 0}, {"cores", 64}});
    design.connect(users, cdn);
    design.connect(cdn, web);
    double expected = 0;
    for (const double p : zipf_shares(objects, 0.9)) {
        const double per_ttl = rate * p / points * ttl_s;
        expected += p * per_ttl / (1 + per_ttl);
    }
    const Interval seen =
        over_seeds(design, [&](const World& world) { return Figures{metric(world, cdn, "hit_ratio")}; })[0];
    agrees("hit ratio", seen, expected, 0.01);
}
