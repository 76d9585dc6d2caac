// A store of objects: the disk as M/G/1, page caches by Che, copies against servers that are down.
#include "core/queueing.hpp"
#include "core/reference.hpp"
#include "support.hpp"
#include "support/metric.hpp"

using namespace scale;
using namespace scale::theory;

namespace {

double figure(const World& world, int node, const char* id) {
    return tests::figures::metric(world, node, id);
}

} // namespace

TEST_CASE("A disk is M/G/1: seeks, then size over throughput (Pollaczek-Khinchine)") {
    for (const int seeks : {1, 3}) {
        CAPTURE(seeks);
        Design design(4000, 100);
        const double seek = 0.008, transfer = 0.004; // 400 kB at 100 MB/s
        const double service = seeks * seek + transfer;
        const double rate = 0.7 / service;
        const int users = design.add(
            "users", "clients",
            {{"rate_per_s", rate}, {"pages", 1}, {"keys", 100000}, {"zipf", 0}, {"timeout_ms", 600000}});
        const int store = design.add("store", "object-store",
                                     {{"instances", 1},
                                      {"copies", 1},
                                      {"disks", 1},
                                      {"disk_ms", seek * 1000},
                                      {"disk_reads", seeks},
                                      {"disk_mb_per_s", 100},
                                      {"object_kb", 400},
                                      {"object_cv", 0},
                                      {"memory_gb", 0},
                                      {"request_ms", 0},
                                      {"lookup_ms", 2}});
        design.connect(users, store);
        const double second = service * service + seeks * seek * seek;
        const double wait = rate * second / (2 * (1 - 0.7));
        const auto seen = over_seeds(design, [&](const World& world) {
            return Figures{world.totals().latency_ms.mean, figure(world, store, "first_byte_ms"),
                           figure(world, store, "disk_busy"), figure(world, store, "reads_per_disk")};
        });
        agrees("latency", seen[0], 2 + (wait + service) * 1000, 0.05);
        agrees("first byte", seen[1], 2 + (wait + seeks * seek) * 1000, 0.05);
        agrees("disk busy", seen[2], 0.7, 0.01);
        agrees("random accesses", seen[3], rate * seeks, 0.01);
    }
}

TEST_CASE("The random accesses of its disks are the most that a store can read") {
    // Two servers of three disks at 10 ms: 600 a second, however much is asked for.
    Design design(400, 50);
    const int users = design.add(
        "users", "clients",
        {{"rate_per_s", 2000}, {"pages", 1}, {"keys", 100000}, {"zipf", 0}, {"timeout_ms", 600000}});
    const int store = design.add("store", "object-store",
                                 {{"instances", 2},
                                  {"copies", 1},
                                  {"disks", 3},
                                  {"disk_ms", 10},
                                  {"object_kb", 0.001},
                                  {"object_cv", 0},
                                  {"memory_gb", 0},
                                  {"queue_limit", 200}});
    design.connect(users, store);
    const auto seen =
        over_seeds(design, [](const World& world) { return Figures{world.totals().throughput_per_s}; });
    agrees("reads", seen[0], 600, 0.02, 0.01);
}

TEST_CASE("Page caches find what Che's approximation says; one copy's memory is not divided among others") {
    for (const char* from : {"first", "turns"}) {
        CAPTURE(from);
        Design design(3000, 1500);
        const int users = design.add("users", "clients",
                                     {{"rate_per_s", 400}, {"pages", 1}, {"keys", 20000}, {"zipf", 0.9}});
        const int store = design.add("store", "object-store",
                                     {{"instances", 4},
                                      {"copies", 2},
                                      {"reads_from", from},
                                      {"disk_ms", 0},
                                      {"request_ms", 0},
                                      {"object_kb", 100},
                                      {"object_cv", 0},
                                      {"memory_gb", 0.1}}); // 1,000 objects a server
        design.connect(users, store);
        const double places = std::string_view(from) == "turns" ? 2 : 1;
        std::vector<core::KeyLoad> keys;
        double sum = 0;
        for (int rank = 1; rank <= 20000; ++rank) sum += std::pow(rank, -0.9);
        for (int rank = 1; rank <= 20000; ++rank) keys.push_back({places, 400 * std::pow(rank, -0.9) / sum});
        const double stays = core::characteristic_time(keys, 4000);
        double hits = 0;
        for (const core::KeyLoad& key : keys) hits += key.per_s / 400 * core::present_lru(key, stays);
        const auto seen = over_seeds(
            design, [&](const World& world) { return Figures{figure(world, store, "hit_ratio")}; });
        agrees("hits", seen[0], hits, 0.01, 0.015);
    }
}

TEST_CASE("With n copies a read fails where all of their servers are down: (1 - a)^n") {
    for (const int copies : {1, 2}) {
        CAPTURE(copies);
        Design design(200000);
        const int users =
            design.add("users", "clients",
                       {{"rate_per_s", 1}, {"pages", 1}, {"keys", 5000}, {"zipf", 0}, {"retries", 0}});
        const int store = design.add(
            "store", "object-store",
            {{"instances", 4}, {"copies", copies}, {"disk_ms", 0}, {"request_ms", 0}, {"lookup_ms", 0}});
        design.connect(users, store);
        design.at(0, design.command("fail-at-random", store, {{"mtbf_s", 400}, {"mttr_s", 100}}));
        const auto seen = over_seeds(design, [](const World& world) {
            const Counts counts = world.totals().requests;
            return Figures{static_cast<double>(counts.failed) / static_cast<double>(counts.offered)};
        });
        agrees("failed", seen[0], std::pow(0.2, copies), 0.08, 0.02);
    }
}

TEST_CASE("Lost disks are filled after as long as reading and writing all their objects takes") {
    Design design(4000);
    const int users = design.add("users", "clients", {{"rate_per_s", 0.001}, {"pages", 1}});
    const int store = design.add("store", "object-store",
                                 {{"instances", 4},
                                  {"copies", 2},
                                  {"disk_ms", 8},
                                  {"service", "deterministic"},
                                  {"request_ms", 0},
                                  {"object_kb", 300},
                                  {"object_cv", 0},
                                  {"disk_mb_per_s", 150},
                                  {"objects", 20000},
                                  {"repairs", 1}});
    design.connect(users, store);
    World world(design.scenario());
    CHECK(!world.apply(design.command("lose-data", store, {}, 1)));
    // 10,000 copies of (8 + 2) ms there and (8 + 2) ms here: 200 s; how many it has exactly, the hash says.
    CHECK(figure(world, store, "rebuild_h") * 3600 == doctest::Approx(200));
    double end = 0;
    while (end == 0 || figure(world, store, "repairing") > 0) world.run_until(seconds(end += 0.5));
    const double each = end / figure(world, store, "repaired");
    CHECK(each == doctest::Approx(0.02).epsilon(0.005));
    CHECK(end == doctest::Approx(200).epsilon(0.03));
    // n f (f T)^(n-1): nines of durability with 2 % a year, 200 s.
    const double loss = 2 * 0.02 * (0.02 * 200 / (365 * 86400.0));
    CHECK(figure(world, store, "durability_nines") == doctest::Approx(-std::log10(loss)).epsilon(1e-6));
}

TEST_CASE("The bill of a store: what it keeps and what it answers, exactly") {
    Design design(1000);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 50}, {"pages", 9}, {"writes", 1}, {"keys", 1000}});
    const int store =
        design.add("store", "object-store",
                   {{"objects", 5000000}, {"object_kb", 200}, {"price_usd", 100}, {"instances", 5}});
    design.connect(users, store);
    World world(design.scenario());
    world.run_until(seconds(1000));
    const auto done = static_cast<double>(world.totals().requests.completed);
    const double cost = world.node_totals(store).cost_usd_per_month;
    const double fixed = 5 * 100 + 1000 * 0.023;
    const double months = 1000.0 / (30 * 86400);
    CHECK(cost > fixed + done * 0.9 * 0.4 / 1e6 / months);
    CHECK(cost < fixed + done * 0.92 * 0.4 / 1e6 / months + done * 0.12 * 5 / 1e6 / months);
}
