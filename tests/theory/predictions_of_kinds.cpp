// Closed forms of caches, CDNs, queues and proxies within whole designs, held against runs.
#include "support.hpp"

#include "scale/analysis.hpp"

using namespace scale;
using namespace scale::theory;

namespace {

// The measured mean of a figure and what theory says of it: a metric of a node, or a latency of the whole.
void close_to_measured(Design& design, std::initializer_list<std::pair<const char*, double>> figures) {
    const Scenario& scenario = design.scenario(300);
    const Prediction prediction = predict(scenario);
    Measurement measured(scenario, 4);
    while (!measured.step(1u << 20)) {}
    for (const auto& [name, allowance] : figures) {
        double theory = NAN;
        for (int node = -1; node < static_cast<int>(scenario.nodes.size()); ++node)
            for (const Beside& one : beside(scenario, prediction, measured, node))
                if (one.name == name) theory = one.theory;
        const Estimate seen = measured.figure(name);
        INFO(std::string(name) << ": measured " << seen.mean << " +- " << seen.ci95 << ", theory " << theory);
        CHECK(std::abs(seen.mean - theory) <= allowance * std::abs(seen.mean) + seen.ci95);
        CHECK(seen.ci95 <= allowance * std::abs(seen.mean));
    }
}

// Readers, a tier of servers, a cache of 1,000 of 10,000 keys and a database.
Design cached(tests::Values cache_values, double writes, int servers = 1, bool through = false) {
    Design design(400, 150);
    const int users = design.add(
        "users", "clients",
        {{"rate_per_s", 500}, {"keys", 10000}, {"zipf", 0.9}, {"pages", 1 - writes}, {"writes", writes}});
    const int web = design.add("web", "server",
                               {{"instances", servers}, {"cores", 4}, {"workers", 1000}, {"service_ms", 2}});
    const int cache = design.add("cache", "cache", cache_values);
    const int db = design.add("db", "database", {{"connections", 200}, {"cores", 8}, {"read_ms", 5}});
    design.connect(users, web);
    design.connect(web, cache);
    design.connect(through ? cache : web, db);
    return design;
}

} // namespace

TEST_CASE("Predictions of caches: eviction, time to live, writes, local, distributed, read-through") {
    const auto check = [](Design design, double hits = 0.02, double rest = 0.03) {
        close_to_measured(
            design,
            {{"nodes.cache.hit_ratio", hits}, {"nodes.db.utilization", rest}, {"latency_ms.mean", rest}});
    };
    check(cached({{"items", 1000}, {"ttl_s", 0}}, 0));
    check(cached({{"items", 1000}, {"ttl_s", 0}, {"policy", "fifo"}}, 0));
    // The best that counting can come to; real counts are lost with the key.
    check(cached({{"items", 1000}, {"ttl_s", 0}, {"policy", "lfu"}}, 0), 0.08, 0.13);
    check(cached({{"items", 10000}, {"ttl_s", 20}}, 0));
    check(cached({{"items", 1000}, {"ttl_s", 10}}, 0));
    check(cached({{"items", 1000}, {"ttl_s", 60}}, 0.1));
    check(cached({{"items", 1000}, {"ttl_s", 0}, {"scope", "local"}}, 0, 4));
    check(cached({{"items", 500}, {"ttl_s", 0}, {"scope", "distributed"}, {"instances", 4}}, 0));
    check(cached({{"items", 1000}, {"ttl_s", 0}, {"strategy", "read-through"}}, 0, 1, true));
}

TEST_CASE("Predictions of CDNs: every point sees a part of the users") {
    Design design(400, 200);
    const int users = design.add(
        "users", "clients",
        {{"rate_per_s", 400}, {"users", 100000}, {"keys", 2000}, {"zipf", 0.8}, {"pages", 1}, {"assets", 3}});
    const int cdn =
        design.add("cdn", "cdn", {{"points", 4}, {"items", 400}, {"ttl_s", 0}, {"collapse", false}});
    const int web = design.add("web", "server", {{"cores", 4}, {"service_ms", 4}});
    design.connect(users, cdn);
    design.connect(cdn, web, {{"latency_ms", 20}});
    close_to_measured(
        design, {{"nodes.cdn.hit_ratio", 0.03}, {"nodes.web.utilization", 0.03}, {"latency_ms.mean", 0.03}});
}

TEST_CASE("Predictions of queues: messages wait as in one queue before all workers") {
    Design design(4000, 50);
    const int users = design.add("users", "clients", {{"rate_per_s", 50}, {"keys", 1}});
    const int queue = design.add("queue", "queue");
    const int workers = design.add("workers", "workers", {{"instances", 3}, {"cores", 2}, {"work_ms", 100}});
    design.connect(users, queue);
    design.connect(queue, workers);
    close_to_measured(design, {{"nodes.queue.wait_ms", 0.1},
                               {"nodes.workers.utilization", 0.02},
                               {"nodes.workers.workers_busy", 0.02},
                               {"latency_ms.mean", 0.03}});
    set_value(design.raw().nodes[1], "capacity", 100000);
    set_value(design.raw().nodes[0], "rate_per_s", 80);
    CHECK(!predict(design.scenario()).steady);
}

TEST_CASE("Predictions of proxies: equal reads share a fetch") {
    Design design(300, 30);
    const int users = design.add("users", "clients", {{"rate_per_s", 300}, {"keys", 50}, {"zipf", 0.9}});
    const int proxy = design.add("proxy", "proxy", {{"collapse", true}});
    const int web = design.add("web", "server", {{"cores", 64}, {"service_ms", 60}});
    design.connect(users, proxy);
    design.connect(proxy, web);
    close_to_measured(design, {{"nodes.web.utilization", 0.03}, {"latency_ms.mean", 0.04}});
}
