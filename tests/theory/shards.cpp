// Shards: what moves, how evenly keys and load spread, and what a join waits for.
#include "support.hpp"

#include <algorithm>

using namespace scale;
using namespace scale::theory;

namespace {

double figure(const World& world, int node, const char* id) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(node)].kind;
    for (std::size_t i = 0; i < kind.metrics.size(); ++i)
        if (std::string_view(id) == kind.metrics[i].id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric " << id);
    return 0;
}

double moved(const char* method, int from, int to, double points = 1000) {
    Design design(1);
    const int users = design.add("users", "clients", {{"rate_per_s", 0}});
    const int db = design.add("db", "shards",
                              {{"shards", from},
                               {"method", method},
                               {"virtual_nodes", points},
                               {"data_keys", 200000},
                               {"row_kb", 0.001}});
    design.connect(users, db);
    World world(design.scenario());
    CHECK(!world.apply(design.command("reshard", db, {{"shards", to}})));
    return figure(world, db, "moved_share");
}

double zipf_share(int keys, double exponent, int rank) {
    double sum = 0;
    for (int i = 1; i <= keys; ++i) sum += std::pow(i, -exponent);
    return std::pow(rank, -exponent) / sum;
}

} // namespace

TEST_CASE("Resharding: a ring and a directory move 1 / (N + 1) of the keys, modulo N / (N + 1)") {
    for (const int n : {2, 4, 9}) {
        CAPTURE(n);
        const double least = 1.0 / (n + 1);
        // 200,000 keys: the spread of a count is 0.1 %; of a ring of 1,000 points a shard, 3 %.
        CHECK(moved("modulo", n, n + 1) == doctest::Approx(1 - least).epsilon(0.01));
        CHECK(moved("directory", n, n + 1) == doctest::Approx(least).epsilon(0.02));
        CHECK(moved("ring", n, n + 1) == doctest::Approx(least).epsilon(0.1));
        CHECK(moved("ring", n + 1, n) == doctest::Approx(least).epsilon(0.1));
        // A range that is split moves half of one shard.
        CHECK(moved("range", n, n + 1) == doctest::Approx(0.5 / n).epsilon(0.03));
    }
}

TEST_CASE("Virtual nodes: the spread of the shards' shares is 1 / sqrt(points)") {
    for (const int points : {10, 100, 1000}) {
        CAPTURE(points);
        // The largest of 16 shares, over the mean; shares are nearly normal with deviation 1 / sqrt(points).
        Design design(60);
        const int users =
            design.add("users", "clients", {{"rate_per_s", 20000}, {"zipf", 0}, {"keys", 1000000}});
        const int db = design.add("db", "shards",
                                  {{"shards", 16},
                                   {"method", "ring"},
                                   {"virtual_nodes", points},
                                   {"connections", 1000},
                                   {"cores", 1},
                                   {"data_keys", 1},
                                   {"read_ms", 0}});
        design.connect(users, db);
        World world(design.scenario());
        world.run_until(seconds(20));
        const double over = figure(world, db, "imbalance") - 1;
        const double deviation = 1 / std::sqrt(points);
        CHECK(over > 0.7 * deviation); // the largest of 16 normal draws: 1.77 deviations, 0.53 of spread
        CHECK(over < 3.5 * deviation);
    }
}

TEST_CASE("The hottest key's shard carries its Zipf share and its part of the rest") {
    const int keys = 100000, shards = 8;
    const double exponent = 1.1;
    Design design(60, 0);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 3000}, {"zipf", exponent}, {"keys", keys}});
    const int db = design.add("db", "shards",
                              {{"shards", shards}, {"connections", 1000}, {"cores", 8}, {"read_ms", 0.01}});
    design.connect(users, db);
    const double top = zipf_share(keys, exponent, 1);
    const Interval seen = over_seeds(
        design, [&](const World& world) { return Figures{figure(world, db, "hottest_share")}; }, 6)[0];
    // The rest is not quite even: a few warm keys fall here or there.
    CHECK(seen.mean > top);
    agrees("hottest shard", seen, top + (1 - top) / shards, 0.015, 0.15);
    set_value(design.raw().nodes[1], "celebrities", 1);
    set_value(design.raw().nodes[1], "cure", 1);
    const Interval own = over_seeds(
        design, [&](const World& world) { return Figures{figure(world, db, "hottest_share")}; }, 6)[0];
    agrees("on a shard of its own", own, std::max(top, own.mean), 0.01);
    CHECK(own.mean < seen.mean - 0.5 * (1 - top) / shards);
}

TEST_CASE("Scatter and gather over n exponential parts: H_n / mu") {
    for (const int n : {2, 8, 32}) {
        CAPTURE(n);
        Design design(2000);
        const int users = design.add("users", "clients", {{"rate_per_s", 10}, {"keys", 1000}});
        const int db = design.add("db", "shards",
                                  {{"shards", n}, {"joins", "reads"}, {"part_ms", 10}, {"connections", 64}});
        design.connect(users, db);
        double harmonic = 0;
        for (int i = 1; i <= n; ++i) harmonic += 1.0 / i;
        const std::vector<Interval> seen = over_seeds(
            design,
            [&](const World& world) {
                return Figures{world.totals().latency_ms.mean,
                               static_cast<double>(world.node_totals(db).arrivals) /
                                   static_cast<double>(world.totals().requests.completed)};
            },
            6);
        agrees("waits for the slowest", seen[0], 10 * harmonic, 0.02);
        agrees("asked", seen[1], n + 1.0, 0.001, 0.001); // the parts, and the request itself
    }
}

TEST_CASE("Each shard is M/M/1 with its share of the load") {
    Design design(3000, 50);
    const int users = design.add("users", "clients", {{"rate_per_s", 280}, {"zipf", 0}, {"keys", 1000000}});
    const int db = design.add("db", "shards",
                              {{"connections", 1}, {"cores", 1}, {"read_ms", 10}, {"queue_limit", 100000}});
    design.connect(users, db);
    const std::vector<Interval> seen = over_seeds(
        design, [](const World& world) { return Figures{world.totals().latency_ms.mean}; }, 6);
    agrees("response", seen[0], 10 / (1 - 0.7), 0.035, 0.01);
}

TEST_CASE("Denormalised: a write costs as many writes as there are copies, less those that fall together") {
    const int copies = 3, shards = 8;
    Design design(300);
    const int users =
        design.add("users", "clients",
                   {{"rate_per_s", 100}, {"writes", 1}, {"pages", 0}, {"zipf", 0}, {"keys", 100000}});
    const int db =
        design.add("db", "shards", {{"shards", shards}, {"write_copies", copies}, {"connections", 64}});
    design.connect(users, db);
    const std::vector<Interval> seen = over_seeds(
        design,
        [&](const World& world) {
            return Figures{world.node_totals(db).utilization * 64 * shards / (100 * 0.010)};
        },
        6);
    // Different shards of three draws with replacement from eight.
    agrees("amplification", seen[0], shards * (1 - std::pow(1 - 1.0 / shards, copies)), 0.03);
}
