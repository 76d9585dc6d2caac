// Replication: what is lost, what is read too early, what a write waits for, and how long nobody can write.
#include "support.hpp"
#include "support/metric.hpp"

#include <string>

using namespace scale;
using namespace scale::theory;

namespace {

double figure(const World& world, int node, const char* id) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(node)].kind;
    for (std::size_t i = 0; i < kind.metrics.size(); ++i)
        if (std::string_view(kind.metrics[i].id) == id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric " << id);
    return 0;
}

// Users who read and write keys of which all are alike; no work takes any time unless said.
struct Copied {
    Design design;
    int users, db;
    Copied(double duration_s, double rate, double keys, tests::Values store)
        : design(duration_s),
          users(design.add("users", "clients",
                           {{"rate_per_s", rate}, {"pages", 1}, {"writes", 1}, {"keys", keys}, {"zipf", 0}})),
          db(design.add("db", "database", store)) {
        design.connect(users, db);
    }
};

} // namespace

TEST_CASE("Asynchronous: writes lost at failover = write rate x lag") {
    Copied copied(2000, 100, 1000,
                  {{"connections", 1000},
                   {"read_ms", 0},
                   {"write_ms", 0},
                   {"replicas", 1},
                   {"ship_ms", 400},
                   {"replay_ms", 0},
                   {"detect_s", 2},
                   {"promote_s", 3}});
    int failovers = 0;
    for (double at = 20; at < 1980; at += 20, ++failovers) {
        const int primary = failovers % 2; // the one that was promoted is the next to die
        copied.design.at(at, copied.design.command("kill", copied.db, {}, primary));
        copied.design.at(at + 10, copied.design.command("restore", copied.db, {}, primary));
    }
    const auto seen = over_seeds(copied.design, [&](const World& world) {
        CHECK(figure(world, copied.db, "promotions") == failovers);
        return Figures{figure(world, copied.db, "lost_writes") / failovers,
                       figure(world, copied.db, "unwritable_ms") / failovers};
    });
    agrees("lost per failover", seen[0], 50 * 0.4, 0.03);
    agrees("detection + promotion", seen[1], 5000, 0.001);
}

TEST_CASE("Semi-synchronous loses none, at the price of a round trip per write") {
    Copied copied(400, 100, 1000,
                  {{"connections", 1000},
                   {"read_ms", 0},
                   {"write_ms", 0},
                   {"replicas", 2},
                   {"ship_ms", 40},
                   {"replay_ms", 0},
                   {"replication", "semi-sync"},
                   {"detect_s", 2},
                   {"promote_s", 3}});
    copied.design.raw()
        .nodes[static_cast<std::size_t>(copied.users)]
        .values[tests::index_of("pages", copied.design.raw().nodes[0].kind->params)] = 0;
    for (double at = 20; at < 380; at += 40) {
        copied.design.at(at, copied.design.command("kill", copied.db));
        copied.design.at(at + 1, copied.design.command("restore", copied.db, {}, 1));
        copied.design.at(at + 15, copied.design.command("restore", copied.db));
    }
    const auto seen = over_seeds(copied.design, [&](const World& world) {
        CHECK(figure(world, copied.db, "lost_writes") == 0);
        CHECK(figure(world, copied.db, "promotions") >= 1);
        return Figures{world.totals().latency_ms.p50};
    });
    agrees("a write's wait", seen[0], 80, 0.01, 0.005);
}

TEST_CASE("A replica's read is stale with probability 1 - e^(-write rate of the key x lag)") {
    for (const double lag_ms : {50.0, 400.0, 1500.0}) {
        CAPTURE(lag_ms);
        Copied copied(1000, 200, 100,
                      {{"connections", 1000},
                       {"read_ms", 0},
                       {"write_ms", 0},
                       {"replicas", 2},
                       {"ship_ms", lag_ms},
                       {"replay_ms", 0}});
        const auto seen = over_seeds(copied.design, [&](const World& world) {
            return Figures{figure(world, copied.db, "stale_reads") / figure(world, copied.db, "reads"),
                           figure(world, copied.db, "lag_ms")};
        });
        agrees("stale", seen[0], 1 - std::exp(-1.0 * lag_ms / 1000), 0.03);
        agrees("lag", seen[1], lag_ms, 0.001, 1e-9);
    }
}

TEST_CASE("Replay one after the other is a queue: the lag is that of M/M/1 behind the way") {
    Copied copied(4000, 100, 1000,
                  {{"connections", 1000},
                   {"read_ms", 0},
                   {"write_ms", 0},
                   {"replicas", 1},
                   {"ship_ms", 10},
                   {"replay_ms", 14},
                   {"reads_from", "primary"}});
    const auto seen = over_seeds(
        copied.design, [&](const World& world) { return Figures{figure(world, copied.db, "lag_ms")}; });
    agrees("lag at 70 % busy", seen[0], 10 + 14 / (1 - 0.7), 0.05);
}

TEST_CASE("Synchronous: a write waits for the slowest replica, H_n times the mean replay") {
    for (const int replicas : {1, 3, 8}) {
        CAPTURE(replicas);
        Copied copied(20000, 1, 1000,
                      {{"connections", 1000},
                       {"read_ms", 0},
                       {"write_ms", 0},
                       {"replicas", replicas},
                       {"ship_ms", 5},
                       {"replay_ms", 20},
                       {"replication", "sync"}});
        copied.design.raw()
            .nodes[0]
            .values[tests::index_of("pages", copied.design.raw().nodes[0].kind->params)] = 0;
        copied.design.raw().nodes[0].values[tests::index_of(
            "arrivals", copied.design.raw().nodes[0].kind->params)] = 1; // evenly: nobody meets another
        double harmonic = 0;
        for (int i = 1; i <= replicas; ++i) harmonic += 1.0 / i;
        const auto seen = over_seeds(
            copied.design, [&](const World& world) { return Figures{world.totals().latency_ms.mean}; });
        agrees("wait", seen[0], 2 * 5 + 20 * harmonic, 0.02);
    }
}

TEST_CASE("Two primaries: a write conflicts with probability 1 - e^(-the other's write rate x latency)") {
    Design design(2000);
    int stores[2];
    int index = 0;
    for (const char* id : {"a", "b"}) {
        const int users =
            design.add((std::string("users-") + id).c_str(), "clients",
                       {{"rate_per_s", 100}, {"pages", 0}, {"writes", 1}, {"keys", 1000}, {"zipf", 0}});
        stores[index] =
            design.add(id, "database", {{"connections", 1000}, {"write_ms", 0}, {"replay_ms", 0}});
        design.connect(users, stores[index++]);
    }
    design.connect(stores[0], stores[1], {{"latency_ms", 100}});
    design.connect(stores[1], stores[0], {{"latency_ms", 100}});
    const auto seen = over_seeds(design, [&](const World& world) {
        const double writes = figure(world, stores[0], "writes") + figure(world, stores[1], "writes");
        const double conflicts =
            figure(world, stores[0], "conflicts") + figure(world, stores[1], "conflicts");
        return Figures{conflicts / writes};
    });
    // A write is lost when the other side writes the key within one latency after it.
    agrees("lost to conflicts", seen[0], 1 - std::exp(-0.1 * 0.1), 0.03);
}

TEST_CASE("A copy over a link stands in: lost is write rate x time that the link was cut, nobody writes for "
          "detection + promotion") {
    Design design(200);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 200},
                                  {"pages", 0},
                                  {"writes", 1},
                                  {"keys", 100000},
                                  {"zipf", 0},
                                  {"timeout_ms", 100000}});
    const int others =
        design.add("others", "clients",
                   {{"rate_per_s", 100}, {"pages", 0}, {"writes", 1}, {"keys", 100000}, {"zipf", 0}});
    const int east = design.add("east", "database", {{"connections", 64}, {"write_ms", 1}, {"replay_ms", 0}});
    const int west = design.add("west", "database",
                                {{"connections", 64},
                                 {"write_ms", 1},
                                 {"replay_ms", 0},
                                 {"takes_writes", false},
                                 {"stands_in", true},
                                 {"detect_s", 8},
                                 {"promote_s", 12}});
    design.connect(users, east);
    design.connect(others, west);
    const int link = design.connect(east, west, {{"latency_ms", 50}});
    design.at(90, design.edge_command("kill", link));
    design.at(100, design.command("kill", east));
    const auto seen = over_seeds(design, [&](const World& world) {
        return Figures{tests::figures::metric(world, east, "lost_writes"),
                       tests::figures::metric(world, west, "writes")};
    });
    agrees("lost writes", seen[0], 200 * 10, 0.04);
    agrees("writes after 20 s", seen[1], 100 * 80, 0.03);
}
