// Going back within a run, and on from there with the same or another log.
#include <doctest/doctest.h>

#include "scale/codec.hpp"
#include "support/design.hpp"

namespace scale {

namespace {

Scenario design() {
    const auto scenario = parse_scenario(R"({"scaleground": 1, "duration_s": 40, "warmup_s": 5, "nodes": [
        {"id": "users", "kind": "clients", "rate_per_s": 80, "timeout_ms": 500, "retries": 1},
        {"id": "web", "kind": "server", "instances": 2, "cores": 1}, {"id": "db", "kind": "database"}],
        "edges": [["users", "web"], ["web", "db"]],
        "events": [{"at_s": 12, "do": "kill", "node": "db"}, {"at_s": 15, "do": "restore", "node": "db"}]})");
    REQUIRE(scenario);
    return *scenario;
}

constexpr Time k_second = 1'000'000'000;

Command command(const World& world, const char* json) {
    const auto parsed = parse_command(json, world.scenario());
    REQUIRE(parsed);
    return *parsed;
}

} // namespace

TEST_CASE("A run that went back and on again is the run that never did") {
    World world(design());
    world.run_until(10 * k_second);
    const Snapshot early = world.snapshot();
    world.run_until(20 * k_second);
    REQUIRE_FALSE(world.apply(command(world, R"({"do": "slow", "node": "web", "factor": 3})")));
    world.run_until(30 * k_second);
    const std::uint64_t digest = world.digest();
    world.rewind(early, world.scenario_with_log().log);
    CHECK(world.now() == 10 * k_second);
    world.run_until(30 * k_second);
    CHECK(world.digest() == digest);
    CHECK(world.commands().size() == 3);
}

TEST_CASE("With a shorter log the run takes the other way, as if the command had never been given") {
    World world(design());
    world.run_until(10 * k_second);
    const Snapshot early = world.snapshot();
    REQUIRE_FALSE(world.apply(command(world, R"({"do": "kill", "node": "web", "instance": 0})")));
    world.run_until(30 * k_second);
    world.rewind(early, {});
    world.run_until(30 * k_second);
    World plain(design());
    plain.run_until(30 * k_second);
    CHECK(world.digest() == plain.digest());
    CHECK(world.scenario_with_log().log.empty());
}

TEST_CASE("A design that is not whole says all that is missing; an edge that makes no sense says why") {
    Scenario scenario = design();
    CHECK(missing_parts(scenario).empty());
    scenario.nodes.push_back(make_node("lb", *find_kind("balancer")));
    scenario.nodes.push_back(make_node("others", *find_kind("clients")));
    CHECK_FALSE(validate_structure(scenario));
    const std::vector<Error> missing = missing_parts(scenario);
    REQUIRE(missing.size() == 2);
    CHECK(missing[0].path == "$.nodes[3]");
    CHECK(missing[1].what.find("others") != std::string::npos);
    CHECK(refuse_edge(scenario, 0, 1)); // is there already
    CHECK(refuse_edge(scenario, 2, 0)); // a database does not call clients
    CHECK(refuse_edge(scenario, 1, 1));
    CHECK_FALSE(refuse_edge(scenario, 0, 3));
    scenario.edges.push_back(make_edge(3, 1));
    CHECK(refuse_edge(scenario, 1, 3)->what.find("circle") != std::string::npos);
    CHECK(missing_parts(Scenario{}).size() == 1);
}

TEST_CASE("A design that is not whole runs all the same, and requests that lead nowhere fail") {
    Scenario scenario = design();
    scenario.nodes.push_back(make_node("lb", *find_kind("balancer")));
    scenario.nodes.push_back(make_node("others", *find_kind("clients")));
    scenario.edges.push_back(make_edge(0, 3));
    World world(scenario);
    world.run_until(40 * k_second);
    const Counts counts = world.totals().requests;
    CHECK(counts.failed > 0);
    CHECK(counts.completed > 0);
    CHECK(counts.offered ==
          counts.completed + counts.failed + counts.timed_out + counts.rejected + counts.in_flight);
}

} // namespace scale
