// Closed forms of stores that divide or copy their data, of sessions, of jobs that are asked for, and of what
// others do on a node's cores, within whole designs and held against runs.
#include "support.hpp"

#include <utility>

#include "scale/analysis.hpp"

using namespace scale;
using namespace scale::theory;

namespace {

struct Expected {
    const char* name;
    double allowance; // how far off theory may be, and how wide the 95 % interval
};

void close_to_measured(Design& design, std::initializer_list<Expected> figures, std::uint64_t seeds = 4) {
    const Scenario& scenario = design.scenario(300);
    const Prediction prediction = predict(scenario);
    CHECK(prediction.trust != Trust::none);
    Measurement measured(scenario, seeds);
    while (!measured.step(1u << 20)) {}
    for (const Expected& one : figures) {
        double theory = NAN;
        for (int node = -1; node < static_cast<int>(scenario.nodes.size()); ++node)
            for (const Beside& known : beside(scenario, prediction, measured, node))
                if (known.name == one.name) theory = known.theory;
        const Estimate seen = measured.figure(one.name);
        INFO(one.name << ": measured " << seen.mean << " +- " << seen.ci95 << ", theory " << theory);
        CHECK(std::abs(seen.mean - theory) <= one.allowance * std::abs(seen.mean) + seen.ci95);
        CHECK(seen.ci95 <= one.allowance * std::abs(seen.mean));
    }
}

// Users of a tier of servers in front of one store.
Design of_store(const char* kind, tests::Values values, tests::Values users = {}) {
    Design design(300, 30);
    const int clients = design.add("users", "clients", {{"rate_per_s", 300}, {"keys", 20000}, {"zipf", 0.8}});
    for (const tests::Value& value : users)
        set_value(design.raw().nodes[static_cast<std::size_t>(clients)], value.key, value.number);
    const int web = design.add("web", "server", {{"cores", 8}, {"workers", 2000}, {"service_ms", 2}});
    const int store = design.add("store", kind, values);
    design.connect(clients, web);
    design.connect(web, store);
    return design;
}

} // namespace

TEST_CASE("Predictions of shards: every one by itself, joins and copies by the slowest") {
    Design plain = of_store("shards", {{"shards", 5}, {"connections", 1}, {"read_ms", 8}, {"write_ms", 8}});
    close_to_measured(plain, {{"nodes.store.utilization", 0.03},
                              {"nodes.store.hottest_share", 0.03},
                              {"nodes.store.latency_ms.mean", 0.05},
                              {"nodes.store.queue_mean", 0.08},
                              {"latency_ms.mean", 0.05}});
    for (const char* method : {"range", "directory", "ring"}) {
        Design other = of_store("shards", {{"shards", 4}, {"method", method}, {"connections", 2}});
        close_to_measured(other, {{"nodes.store.hottest_share", 0.03}, {"latency_ms.mean", 0.04}});
    }
    Design joins =
        of_store("shards", {{"shards", 6}, {"joins", "reads"}, {"connections", 4}, {"part_ms", 3}});
    close_to_measured(joins, {{"nodes.store.utilization", 0.03}, {"latency_ms.mean", 0.05}});
    // One core each: joins come to all of them at once, so that their queues are alike.
    for (const char* service : {"exponential", "deterministic"}) {
        CAPTURE(service);
        Design alike = of_store("shards", {{"shards", 8},
                                           {"joins", "reads"},
                                           {"connections", 64},
                                           {"cores", 1},
                                           {"part_ms", 2},
                                           {"service", service}});
        close_to_measured(alike, {{"nodes.store.utilization", 0.03}, {"latency_ms.mean", 0.05}});
    }
    Design copies = of_store("shards", {{"shards", 8}, {"write_copies", 4}, {"connections", 4}},
                             {{"pages", 1}, {"writes", 1}});
    close_to_measured(copies, {{"nodes.store.utilization", 0.03}, {"latency_ms.mean", 0.05}});
}

TEST_CASE("Predictions of celebrities: their own shard, split, or a local cache") {
    const auto of = [](const char* cure) {
        return of_store(
            "shards", {{"shards", 6}, {"connections", 1}, {"celebrities", 2}, {"cure", cure}, {"read_ms", 5}},
            {{"zipf", 1.1}});
    };
    for (const char* cure : {"own-shard", "split", "local-cache"}) {
        Design design = of(cure);
        close_to_measured(design, {{"nodes.store.utilization", 0.04},
                                   {"nodes.store.hottest_share", 0.05},
                                   {"latency_ms.mean", 0.07}});
    }
}

TEST_CASE("Predictions of NoSQL stores: a quorum is the last answer that it needs") {
    for (const auto& [read, write] : {std::pair{1, 1}, std::pair{2, 2}, std::pair{1, 3}, std::pair{3, 1}}) {
        Design design = of_store("nosql",
                                 {{"instances", 5},
                                  {"copies", 3},
                                  {"read_quorum", read},
                                  {"write_quorum", write},
                                  {"read_ms", 6},
                                  {"write_ms", 8}},
                                 {{"pages", 4}, {"writes", 1}});
        close_to_measured(design, {{"nodes.store.utilization", 0.03},
                                   {"nodes.store.latency_ms.mean", 0.06},
                                   {"latency_ms.mean", 0.05}});
    }
}

TEST_CASE("Predictions of search indexes: in memory and from disk") {
    Design memory = of_store("search-index", {{"instances", 2}, {"memory_gb", 8}});
    close_to_measured(memory, {{"nodes.store.utilization", 0.03}, {"latency_ms.mean", 0.04}});
    Design disk = of_store("search-index", {{"instances", 4},
                                            {"memory_gb", 1},
                                            {"documents", 1000000},
                                            {"disk_mb_per_s", 2000},
                                            {"disk_ms", 0.1},
                                            {"disk_parallel", 8}});
    close_to_measured(disk, {{"nodes.store.utilization", 0.03}, {"latency_ms.mean", 0.06}});
}

TEST_CASE("Predictions of replicas: reads divide, replayed writes take cores, waiting for them takes time") {
    for (const char* mode : {"async", "semi-sync", "sync"}) {
        Design design = of_store("database",
                                 {{"replicas", 3},
                                  {"replication", mode},
                                  {"connections", 64},
                                  {"cores", 2},
                                  {"read_ms", 6},
                                  {"write_ms", 6},
                                  {"replay_ms", 4},
                                  {"ship_ms", 5}},
                                 {{"pages", 4}, {"writes", 1}});
        close_to_measured(design, {{"nodes.store.utilization", 0.03},
                                   {"nodes.store.lag_ms", 0.08},
                                   {"nodes.store.latency_ms.mean", 0.05},
                                   {"latency_ms.mean", 0.05}});
    }
    Design behind = of_store("database", {{"replicas", 1}, {"replay_ms", 40}}, {{"writes", 1}});
    CHECK(!predict(behind.scenario()).steady);
}

TEST_CASE("Predictions of sessions: a store is a visit more, wrong memory a login") {
    Design design(400, 100);
    const int users = design.add("users", "clients", {{"rate_per_s", 200}, {"users", 1000}, {"keys", 1}});
    const int web =
        design.add("web", "server", {{"cores", 8}, {"workers", 64}, {"sessions", "store"}, {"login_ms", 30}});
    const int store =
        design.add("store", "session-store", {{"session_s", 5}, {"read_ms", 2}, {"workers", 1}});
    design.connect(users, web);
    design.connect(web, store);
    close_to_measured(design, {{"nodes.store.hit_ratio", 0.02},
                               {"nodes.store.utilization", 0.03},
                               {"nodes.web.utilization", 0.03},
                               {"latency_ms.mean", 0.05}});
    Design scattered(400, 100);
    const int people = scattered.add("users", "clients", {{"rate_per_s", 200}, {"users", 500}, {"keys", 1}});
    const int balancer = scattered.add("balancer", "balancer", {{"algorithm", "random"}});
    const int servers = scattered.add(
        "web", "server", {{"instances", 4}, {"cores", 4}, {"sessions", "memory"}, {"login_ms", 20}});
    scattered.connect(people, balancer);
    scattered.connect(balancer, servers);
    close_to_measured(scattered, {{"nodes.web.utilization", 0.03}, {"latency_ms.mean", 0.04}});
}

TEST_CASE("Predictions of jobs that are asked for: the question that finds them done") {
    Design design(1200, 50);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", 20}, {"keys", 1}, {"pages", 0}, {"writes", 1}, {"poll_ms", 400}});
    const int web = design.add("web", "server", {{"cores", 4}, {"workers", 64}, {"service_ms", 4}});
    const int queue = design.add("queue", "queue", {{"copies", 3}, {"wait_for", 2}});
    const int workers = design.add("workers", "workers", {{"instances", 4}, {"cores", 2}, {"work_ms", 300}});
    design.connect(users, web, {{"latency_ms", 10}});
    design.connect(web, queue, {{"carries", "jobs"}});
    design.connect(queue, workers);
    close_to_measured(design, {{"latency_ms.mean", 0.05},
                               {"nodes.web.utilization", 0.05},
                               {"nodes.queue.wait_ms", 0.15},
                               {"nodes.queue.queue_mean", 0.15},
                               {"nodes.workers.utilization", 0.03}});
}

TEST_CASE("Predictions count the readings of monitoring as work") {
    Design design(300, 30);
    const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"keys", 1}});
    const int web = design.add("web", "server", {{"instances", 2}, {"cores", 2}, {"service_ms", 10}});
    const int watch = design.add("watch", "monitoring", {{"scrape_s", 0.5}, {"scrape_ms", 200}});
    design.connect(users, web);
    design.connect(watch, web);
    close_to_measured(design, {{"nodes.web.utilization", 0.02}, {"nodes.watch.log_gb", 0.02}});
    // 10 ms x 100/s over 4 cores, and 0.2 s of every 0.5 on each machine of two cores.
    CHECK(predict(design.scenario()).nodes[1].utilization == doctest::Approx(0.25 + 0.2).epsilon(0.001));
}

TEST_CASE("Predictions take milliseconds at a billion users, whatever the store") {
    for (const char* kind : {"shards", "nosql", "search-index", "database"}) {
        Design design = of_store(kind, {}, {{"rate_per_s", 1e6}, {"users", 1e9}, {"keys", 1e6}});
        const Prediction seen = predict(design.scenario());
        CHECK(seen.trust != Trust::none);
        CHECK(seen.nodes[2].utilization > 0.1);
    }
}

TEST_CASE("Objects: reads look for a file with several seeks, writes need one and wait for their copies") {
    // Copies that come to the same servers wait together, so the last is there a little sooner than of three
    // that know nothing of each other.
    for (const auto& [waits, allowance] : {std::pair{1.0, 0.05}, {2.0, 0.05}, {3.0, 0.05}}) {
        CAPTURE(waits);
        Design design(400, 30);
        const int readers = design.add("readers", "clients", {{"rate_per_s", 60}, {"keys", 20000}});
        const int writers = design.add("writers", "clients",
                                       {{"rate_per_s", 20}, {"pages", 0}, {"writes", 1}, {"keys", 20000}});
        const int files = design.add("files", "object-store",
                                     {{"instances", 5},
                                      {"copies", 3},
                                      {"write_waits", waits},
                                      {"disks", 2},
                                      {"disk_reads", 3},
                                      {"disk_ms", 8},
                                      {"memory_gb", 0},
                                      {"objects", 20000}});
        design.connect(readers, files, {{"latency_ms", 1}});
        design.connect(writers, files, {{"latency_ms", 1}});
        close_to_measured(design, {{"nodes.readers.latency_ms.mean", 0.05},
                                   {"nodes.writers.latency_ms.mean", allowance},
                                   {"nodes.files.disk_busy", 0.04}});
    }
}

TEST_CASE("Sessions: the room is as much for each user whatever a request stands for, and other users are "
          "not counted") {
    for (const std::uint32_t weight : {1u, 20u}) {
        CAPTURE(weight);
        Design design(2000, 600);
        design.raw().weight = weight;
        const int users =
            design.add("users", "clients", {{"rate_per_s", 40.0 * weight}, {"users", 2000.0 * weight}});
        const int others = design.add("others", "clients", {{"rate_per_s", 40.0 * weight}, {"users", 90000}});
        const int web =
            design.add("web", "server",
                       {{"instances", 2.0 * weight}, {"cores", 4}, {"service_ms", 2}, {"sessions", "store"}});
        const int site =
            design.add("site", "server", {{"instances", 2.0 * weight}, {"cores", 4}, {"service_ms", 2}});
        const int store =
            design.add("store", "session-store", {{"items", 1000.0 * weight}, {"session_s", 100000}});
        design.connect(users, web);
        design.connect(others, site);
        design.connect(web, store);
        // Half of the users have room: that of one who stays away for longer than most is gone.
        close_to_measured(design, {{"nodes.store.hit_ratio", 0.05}});
    }
}
