// A NoSQL store: quorums, nodes that die and are repaired, scaling out.
#include <doctest/doctest.h>

#include "kinds/operations.hpp"
#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

double figure(const World& world, int node, const char* id) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(node)].kind;
    for (std::size_t i = 0; i < kind.metrics.size(); ++i)
        if (std::string_view(kind.metrics[i].id) == id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric " << id);
    return 0;
}

struct Nodes {
    Design design{300};
    int users, store;
    Nodes(int copies, int read, int write, double rate = 300) {
        users =
            design.add("users", "clients", {{"rate_per_s", rate}, {"pages", 1}, {"writes", 1}, {"keys", 50}});
        store = design.add("store", "nosql",
                           {{"instances", 5},
                            {"copies", copies},
                            {"read_quorum", read},
                            {"write_quorum", write},
                            {"peer_ms", 20},
                            {"read_ms", 1},
                            {"write_ms", 1},
                            {"repair_s", 5}});
        design.connect(users, store);
    }
};

} // namespace

TEST_CASE("nosql: R + W > N never reads anything old, R = W = 1 does") {
    for (const int quorum : {1, 2}) {
        CAPTURE(quorum);
        Nodes nodes(3, quorum, quorum);
        World world(nodes.design.scenario());
        world.run_until(seconds(60));
        CHECK(world.totals().requests.failed == 0);
        CHECK((figure(world, nodes.store, "stale_reads") > 100) == (quorum == 1));
        if (quorum == 2) CHECK(figure(world, nodes.store, "stale_reads") == 0);
        audit_deeply(world);
    }
}

TEST_CASE("nosql: a dead node costs nothing below the quorum and everything "
          "above it, and is repaired") {
    for (const int write : {2, 3}) {
        CAPTURE(write);
        Nodes nodes(3, 2, write);
        set_value(nodes.design.raw().nodes[0], "keys", 5000);
        World world(nodes.design.scenario());
        world.run_until(seconds(20));
        CHECK(!world.apply(nodes.design.command("kill", nodes.store, {}, 1)));
        const double before = figure(world, nodes.store, "too_few");
        world.run_until(seconds(40));
        CHECK((figure(world, nodes.store, "too_few") > before + 100) == (write == 3));
        CHECK(!world.apply(nodes.design.command("restore", nodes.store, {}, 1)));
        world.run_until(seconds(60));
        if (write == 2) CHECK(figure(world, nodes.store, "repaired") > 5);
        CHECK(!world.apply(nodes.design.command("set", nodes.users, {{"rate_per_s", 0}})));
        world.run_until(seconds(80));
        CHECK(world.totals().requests.in_flight == 0);
        // Everybody has everything: one copy is enough to read the latest.
        const double stale = figure(world, nodes.store, "stale_reads");
        CHECK(!world.apply(nodes.design.command("set", nodes.store, {{"read_quorum", 1}})));
        CHECK(!world.apply(nodes.design.command("set", nodes.users, {{"rate_per_s", 300}, {"writes", 0}})));
        world.run_until(seconds(100));
        CHECK(figure(world, nodes.store, "stale_reads") == stale);
        audit_deeply(world);
    }
}

TEST_CASE("nosql: nodes are added and taken away, and every key is still found") {
    Nodes nodes(2, 1, 2);
    World world(nodes.design.scenario());
    world.run_until(seconds(20));
    for (const int instances : {9, 3, 2, 6}) {
        CHECK(!world.apply(nodes.design.command("set", nodes.store, {{"instances", instances}})));
        world.run_until(world.now() + seconds(20));
        CHECK(figure(world, nodes.store, "stale_reads") == 0);
        audit_deeply(world);
    }
    CHECK(world.totals().requests.failed == 0);
}

TEST_CASE("nosql: kills in every state keep the books") {
    Nodes nodes(3, 2, 2, 500);
    World world(nodes.design.scenario());
    for (int i = 0; i < 60; ++i) {
        world.run_until(world.now() + seconds(0.173));
        CHECK(
            !world.apply(nodes.design.command(i % 2 == 0 ? "kill" : "restore", nodes.store, {}, i / 2 % 5)));
        audit(world);
        audit_deeply(world);
        const Snapshot kept = world.snapshot();
        world.run_until(kept.at + seconds(0.1));
        const std::uint64_t digest = world.digest();
        world.restore(kept);
        world.run_until(kept.at + seconds(0.1));
        CHECK(world.digest() == digest);
    }
}

TEST_CASE("each data model wins where it should, and loses what it cannot do") {
    using namespace scale::kind;
    const auto best = [](Operation operation, double rows, double hops) {
        Model found = Model::relational;
        for (const Model model : {Model::key_value, Model::document, Model::column, Model::graph})
            if (reads_of(model, operation, rows, hops) < reads_of(found, operation, rows, hops))
                found = model;
        return found;
    };
    CHECK(best(Operation::point, 1, 1) == Model::key_value);
    CHECK(best(Operation::range, 1000, 1) == Model::column);
    CHECK(best(Operation::join, 20, 1) == Model::relational);
    CHECK(best(Operation::traversal, 12, 3) == Model::graph);
    CHECK(reads_of(Model::document, Operation::whole, 40, 1) <
          reads_of(Model::relational, Operation::whole, 40, 1) / 3);
    // Friends of friends of friends: 12 + 144 + 1728.
    CHECK(rows_touched(Operation::traversal, 12, 3) == 1884);
    // What a store cannot do, the application does with a read for each row.
    CHECK(reads_of(Model::document, Operation::join, 20, 1) == 21);
}
