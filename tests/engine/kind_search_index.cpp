// A search index: what is visible when, and nodes that die.
#include <doctest/doctest.h>

#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

TEST_CASE("search index: a write is found from the next refresh on, whatever dies meanwhile") {
    Design design(100);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 300}, {"pages", 1}, {"writes", 1}, {"keys", 20}});
    const int index = design.add("index", "search-index",
                                 {{"instances", 3}, {"refresh_s", 5}, {"search_ms", 2}, {"index_ms", 2}});
    design.connect(users, index);
    World world(design.scenario());
    world.run_until(seconds(14));
    CHECK(world.metric(index, 2) > 100);
    // Nobody writes any more: after the refresh everything is found.
    CHECK(!world.apply(design.command("set", users, {{"writes", 0}})));
    world.run_until(seconds(15.5));
    const double unseen = world.metric(index, 2);
    CHECK(!world.apply(design.command("kill", index, {}, 1)));
    const std::uint64_t failed = world.totals().requests.failed; // what was inside it
    world.run_until(seconds(30));
    CHECK(world.metric(index, 2) == unseen);
    CHECK(world.totals().requests.failed == failed);
    CHECK(!world.apply(design.command("kill", index)));
    world.run_until(seconds(32));
    CHECK(world.totals().requests.failed > failed + 100);
    CHECK(!world.apply(design.command("restore", index)));
    CHECK(!world.apply(design.command("set", users, {{"writes", 1}})));
    const Snapshot kept = world.snapshot();
    world.run_until(seconds(45));
    const std::uint64_t digest = world.digest();
    world.restore(kept);
    world.run_until(seconds(45));
    CHECK(world.digest() == digest);
    audit_deeply(world);
}
