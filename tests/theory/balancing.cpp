// Balancing algorithms, and what happens with a dead instance among the living.
#include "support.hpp"

#include <algorithm>

using namespace scale;
using namespace scale::theory;

namespace {

struct Pool {
    Design design;
    int users, balancer, tier;
    Pool(double duration_s, double warmup_s, const char* algorithm, int instances, double busy,
         double timeout_ms = 0, double retries = 0)
        : design(duration_s, warmup_s), users(design.add("users", "clients",
                                                         {{"rate_per_s", busy * 100 * instances},
                                                          {"keys", 1},
                                                          {"timeout_ms", timeout_ms},
                                                          {"retries", retries},
                                                          {"backoff_ms", 1}})),
          balancer(design.add("balancer", "balancer", {{"algorithm", algorithm}, {"health_interval_s", 0}})),
          tier(design.add(
              "tier", "server",
              {{"instances", instances}, {"cores", 1}, {"service_ms", 10}, {"queue_limit", 1000000}})) {
        design.connect(users, balancer);
        design.connect(balancer, tier);
    }
    Interval response(int runs = k_runs) {
        return over_seeds(
            design, [](const World& world) { return Figures{world.totals().latency_ms.mean}; }, runs)[0];
    }
};

double m_m_1(double busy) { return 10 / (1 - busy); }

// E_c/M/1: every c-th arrival. sigma is the root of A*(mu (1 - sigma)) = sigma, by iteration.
double round_robin(double busy, int instances) {
    const double arrivals = busy * instances; // per service time
    double sigma = busy;
    for (int i = 0; i < 10000; ++i) sigma = std::pow(arrivals / (arrivals + 1 - sigma), instances);
    return 10 / (1 - sigma);
}

// Supermarket model with two choices, for infinitely many servers.
double supermarket(double busy) {
    double sum = 0;
    for (double exponent = 2;; exponent *= 2) {
        const double term = std::pow(busy, exponent - 2);
        if (term < 1e-12) return 10 * sum;
        sum += term;
    }
}

} // namespace

TEST_CASE("Random: every instance is an M/M/1 queue by itself") {
    Pool pool(800, 50, "random", 8, 0.75);
    agrees("response", pool.response(), m_m_1(0.75), 0.04);
}

TEST_CASE("Round robin: every instance is an E_c/M/1 queue") {
    for (const int instances : {2, 5}) {
        CAPTURE(instances);
        Pool pool(2000.0 / instances, 100, "round-robin", instances, 0.8);
        agrees("response", pool.response(), round_robin(0.8, instances), 0.05);
    }
}

TEST_CASE("Power of two choices: the supermarket model") {
    struct Case {
        double busy, duration_s, warmup_s, width,
            finite; // finite: bias of 100 servers against infinitely many
    };
    for (const Case& c :
         {Case{0.9, 60, 10, 0.02, 0.01}, Case{0.95, 100, 20, 0.03, 0.03}, Case{0.99, 260, 100, 0.1, 0.1}}) {
        CAPTURE(c.busy);
        Pool pool(c.duration_s, c.warmup_s, "power-of-two", 100, c.busy);
        agrees("response", pool.response(8), supermarket(c.busy), c.width, c.finite);
    }
}

TEST_CASE("What is known decides: random, round robin, two choices, all, one queue") {
    const double busy = 0.85;
    const int instances = 10;
    double before = m_m_1(busy) * 1.1;
    for (const char* algorithm : {"random", "round-robin", "power-of-two", "least-connections"}) {
        CAPTURE(algorithm);
        Pool pool(300, 30, algorithm, instances, busy);
        const Interval seen = pool.response(6);
        CHECK(seen.mean + seen.half < before);
        before = seen.mean - seen.half;
    }
    const double one_queue = 10 + erlang_c(busy * instances, instances) * 10 / (instances * (1 - busy));
    CHECK(before > one_queue);
}

TEST_CASE("Weights: shares are exact, not only on average") {
    Design design(100);
    const int users = design.add("users", "clients", {{"rate_per_s", 200}, {"keys", 1}});
    const int balancer = design.add("balancer", "balancer", {{"algorithm", "weighted"}});
    design.connect(users, balancer);
    const double weights[] = {5, 3, 1};
    std::vector<int> servers;
    for (const double weight : weights) {
        const std::string id = "server-" + std::to_string(static_cast<int>(weight));
        servers.push_back(design.add(id.c_str(), "server", {{"cores", 8}}));
        design.connect(balancer, servers.back(), {{"weight", weight}});
    }
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        World world(design.scenario(seed));
        world.run_until(world.duration());
        const auto all = static_cast<double>(world.node_totals(balancer).arrivals);
        for (std::size_t i = 0; i < servers.size(); ++i)
            CHECK(std::abs(static_cast<double>(world.node_totals(servers[i]).arrivals) -
                           all * weights[i] / 9) < 2);
    }
}

TEST_CASE("Source hash: a user always meets the same server; many users spread evenly") {
    for (const int count : {1, 100000}) {
        CAPTURE(count);
        Pool pool(300, 0, "source-hash", 4, 0.2);
        set_value(pool.design.raw().nodes[0], "users", count);
        for (const std::uint64_t seed : {1u, 2u, 3u}) {
            World world(pool.design.scenario(seed));
            world.run_until(world.duration());
            if (count == 1) CHECK(world.metric(pool.balancer, 0) == doctest::Approx(4));
            if (count > 1) CHECK(world.metric(pool.balancer, 0) < 1.06);
        }
    }
}

TEST_CASE("Retries against independent failures: (1 - p^(r+1)) / (1 - p) tries") {
    // One of k instances is dead and nobody checks: each try fails with p = 1/k, whatever happened before.
    for (const int retries : {0, 1, 3}) {
        CAPTURE(retries);
        const int instances = 3;
        Pool pool(400, 20, "random", instances, 0.2, 0, retries);
        pool.design.at(1, pool.design.command("kill", pool.tier, {}, 1));
        const std::vector<Interval> seen = over_seeds(pool.design, [](const World& world) {
            const Counts counts = world.totals().requests;
            return Figures{static_cast<double>(counts.attempts) / static_cast<double>(counts.offered),
                           world.totals().availability};
        });
        const double p = 1.0 / instances;
        const double failed = std::pow(p, retries + 1);
        if (retries == 0)
            CHECK(std::abs(seen[0].mean - 1) < 1e-3); // those on their way at the end of the warm-up
        if (retries > 0) agrees("tries", seen[0], (1 - failed) / (1 - p), 0.01);
        agrees("availability", seen[1], 1 - failed, 0.015);
    }
}

TEST_CASE("A balancer that tries another instance hides one that is dead") {
    Pool pool(200, 0, "random", 4, 0.2);
    set_value(pool.design.raw().nodes[1], "retry_others", 1);
    pool.design.at(1, pool.design.command("kill", pool.tier, {}, 2));
    World world(pool.design.scenario(5));
    world.run_until(world.duration());
    const Counts counts = world.totals().requests;
    // Only what was inside when it died can fail.
    CHECK(counts.failed <= 3);
    CHECK(counts.completed > 10000);
}

TEST_CASE("Patience that cancels nothing: an M/M/1 queue loses e^(-(mu - lambda) t) of its answers") {
    OneTier system(2500, 50, 70, {{"cores", 1}, {"service_ms", 10}, {"queue_limit", 1000000}});
    set_value(system.design.raw().nodes[0], "timeout_ms", 60);
    const std::vector<Interval> seen = over_seeds(system.design, [&](const World& world) {
        const Counts counts = world.totals().requests;
        return Figures{static_cast<double>(counts.timed_out) /
                           static_cast<double>(counts.timed_out + counts.completed),
                       world.node_totals(system.tier).in_flight_mean};
    });
    agrees("gave up", seen[0], std::exp(-(100 - 70) * 0.060), 0.06);
    agrees("inside all the same", seen[1], 0.7 / 0.3, 0.05);
}
