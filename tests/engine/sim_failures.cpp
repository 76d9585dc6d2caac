// Failures: by hand and at random, of every kind of node, alone and with the group that holds it.
#include <doctest/doctest.h>

#include <string>

#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

std::uint64_t entries(const World& world, Happening what, int node) {
    std::uint64_t count = 0;
    for (const LogEntry& entry : world.log()) count += entry.what == what && entry.node == node ? 1 : 0;
    return count;
}

void check_life(Design& design, int node) {
    World world(design.scenario());
    world.run_until(seconds(3));
    CHECK(!world.apply(design.command("slow", node, {{"factor", 3}})));
    world.run_until(seconds(4));
    CHECK(!world.apply(design.command("kill", node)));
    CHECK(world.node_now(node).state == InstanceState::dead);
    audit_deeply(world);
    world.run_until(seconds(5));
    CHECK(!world.apply(design.command("restore", node)));
    CHECK(world.node_now(node).state != InstanceState::dead);
    CHECK(!world.apply(design.command("slow", node, {{"factor", 1}})));
    CHECK(!world.apply(design.command("fail-at-random", node, {{"mtbf_s", 2}, {"mttr_s", 1}})));
    for (int second = 6; second <= 60; ++second) {
        world.run_until(seconds(second));
        audit(world);
    }
    audit_deeply(world);
    CHECK(entries(world, Happening::died, node) > 5);
    CHECK(!world.apply(design.command("fail-at-random", node, {{"mtbf_s", 0}})));
    world.run_until(seconds(100));
    CHECK(world.node_now(node).state == InstanceState::up); // what was broken has been mended
    const std::uint64_t deaths = entries(world, Happening::died, node);
    world.run_until(seconds(200));
    CHECK(entries(world, Happening::died, node) == deaths);
    audit_deeply(world);
}

} // namespace

TEST_CASE("every kind can be killed, slowed, restored and left to chance, in a region and out of it") {
    for (const KindRecord* kind : kinds())
        for (const char* in : {"", "place"}) {
            CAPTURE(kind->id);
            Design design(300);
            design.add("place", "region");
            const int users = design.add("users", "clients", {{"rate_per_s", 60}, {"timeout_ms", 500}});
            const int web = design.add("web", "server");
            const int node = design.add("node", kind->id, {}, in);
            design.connect(users, web);
            const std::uint32_t role = kind->role;
            if ((find_kind("clients")->calls & role) != 0)
                design.connect(users, node);
            else if ((find_kind("server")->calls & role) != 0)
                design.connect(web, node);
            if (kind->calls_least > 0) {
                const int other = design.add("other", "server");
                const int store = design.add("store", "database");
                const bool servers = (kind->calls & role_compute) != 0;
                design.connect(node, servers ? other : store);
            }
            if (validate(design.raw())) continue;    // needs a design of its own
            if ((role & role_client) != 0) continue; // users that are gone say nothing
            check_life(design, node);
        }
}

TEST_CASE("the repair of a region does not mend what has failed by itself; a hand does") {
    Design design(100000);
    design.add("users", "clients", {{"rate_per_s", 0}});
    const int region = design.add("region", "region");
    const int web = design.add("web", "server", {{"instances", 2}}, "region");
    design.connect(0, web);
    design.at(0, design.command("fail-at-random", web, {{"mtbf_s", 50}, {"mttr_s", 50}}));
    design.at(0, design.command("fail-at-random", region, {{"mtbf_s", 50}, {"mttr_s", 50}}));
    World world(design.scenario());
    int both = 0, mended = 0;
    for (double t = 1; t < 20000; t += 1) {
        const bool dead_before = world.node_now(region).state == InstanceState::dead;
        const bool web_dead = world.instance_now(web, 0).state == InstanceState::dead;
        CHECK((!dead_before || web_dead));
        world.run_until(seconds(t));
        const bool region_back = dead_before && world.node_now(region).state == InstanceState::up;
        if (!region_back) continue;
        (world.instance_now(web, 0).state == InstanceState::dead ? both : mended) += 1;
    }
    // At the repair of the region about half of the servers have a fault of their own.
    CHECK(both > 40);
    CHECK(mended > 40);
    CHECK(!world.apply(design.command("kill", region)));
    CHECK(!world.apply(design.command("restore", region)));
    CHECK(world.node_now(web).instances_up == 2);
}

TEST_CASE("one instance alone can be left to chance, and instances that are added fail like the others") {
    Design design(2000);
    const int users = design.add("users", "clients", {{"rate_per_s", 1}});
    const int web = design.add("web", "server", {{"instances", 3}});
    design.connect(users, web);
    World world(design.scenario());
    CHECK(!world.apply(design.command("fail-at-random", web, {{"mtbf_s", 10}, {"mttr_s", 1}}, 1)));
    world.run_until(seconds(500));
    bool seen[5] = {};
    for (const LogEntry& entry : world.log())
        if (entry.what == Happening::died) seen[entry.instance] = true;
    CHECK(!seen[0]);
    CHECK(seen[1]);
    CHECK(!seen[2]);
    CHECK(!world.apply(design.command("fail-at-random", web, {{"mtbf_s", 10}, {"mttr_s", 1}})));
    CHECK(!world.apply(design.command("set", web, {{"instances", 5}})));
    const std::uint64_t digest = world.digest();
    const Snapshot before = world.snapshot();
    world.run_until(seconds(1000));
    for (const LogEntry& entry : world.log())
        if (entry.what == Happening::died) seen[entry.instance] = true;
    for (const bool one : seen) CHECK(one);
    const std::uint64_t after = world.digest();
    world.restore(before);
    CHECK(world.digest() == digest);
    world.run_until(seconds(1000));
    CHECK(world.digest() == after);
}
