// Laws that hold for every run, to the last request: conservation, flow balance, Little, utilization.
#include "support.hpp"

#include <algorithm>
#include <string>

#include "scale/codec.hpp"
#include "scenario_files.hpp"

using namespace scale;
using namespace scale::theory;

namespace {

std::vector<Scenario> all_scenarios() {
    std::vector<Scenario> out;
    for (const scenario_files::File& file : scenario_files::k_files) {
        Result<Scenario> read = parse_scenario(file.text);
        if (!read) FAIL(std::string(file.path) << ": " << read.error().sentence());
        out.push_back(std::move(*read));
    }
    return out;
}

// What a node has taken in is what it has answered and what it holds, counted from time 0.
void check_flow_balance(const World& world) {
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i) {
        CAPTURE(world.scenario().nodes[i].id);
        const NodeTotals totals = world.node_totals(static_cast<int>(i));
        const NodeNow now = world.node_now(static_cast<int>(i));
        CHECK(totals.arrivals == totals.completed + totals.failed + totals.rejected + now.in_flight);
        CHECK(totals.utilization <= 1 + 1e-9);
        CHECK(totals.workers_busy <= 1 + 1e-9);
    }
}

// Nobody comes any more, and what is inside finishes.
void drain(World& world) {
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i) {
        const KindRecord& kind = *world.scenario().nodes[i].kind;
        if ((kind.role & role_client) == 0) continue;
        Command stop;
        stop.node = static_cast<int>(i);
        for (const VerbRecord& verb : node_verbs())
            if (std::string_view(verb.id) == "set") stop.verb = &verb;
        for (const char* param : {"rate_per_s", "step_per_s", "rate_end_per_s", "mode"})
            stop.settings.push_back({static_cast<std::uint8_t>(kind.param_index(param)), 0});
        CHECK(!world.apply(stop));
    }
    world.run_until(world.now() + seconds(2000));
    CHECK(world.totals().requests.in_flight == 0);
}

// With all requests gone, the time integrals and the sums over requests are the same integers of ns.
void check_little(const World& world, int node) {
    CAPTURE(world.scenario().nodes[static_cast<std::size_t>(node)].id);
    const NodeTotals totals = world.node_totals(node);
    const double time_ms = world.totals().measured_s * 1000;
    const double inside = totals.in_flight_mean * time_ms;
    const double waited = totals.queue_mean * time_ms;
    REQUIRE(totals.completed > 0);
    CHECK(inside ==
          doctest::Approx(totals.latency_ms.mean * static_cast<double>(totals.completed)).epsilon(1e-9));
    CHECK(waited ==
          doctest::Approx(totals.wait_ms_mean * static_cast<double>(totals.completed)).epsilon(1e-9));
}

} // namespace

TEST_CASE("Conservation and flow balance in every scenario, at many moments, through kills and retries") {
    for (Scenario scenario : all_scenarios()) {
        CAPTURE(scenario.title.en);
        scenario.warmup_s = 0;
        for (const std::uint64_t seed : {1u, 2u, 3u}) {
            scenario.seed = seed;
            World world(scenario);
            const double end_s = std::min(scenario.duration_s, seed == 1 ? 1e9 : 80.0);
            for (double s = 0; s <= end_s; s += 6.17) {
                world.run_until(seconds(s));
                tests::check_conservation(world);
                check_flow_balance(world);
            }
        }
    }
}

TEST_CASE("Every scenario loses nobody: stopped and drained, nothing is left anywhere") {
    for (Scenario scenario : all_scenarios()) {
        CAPTURE(scenario.title.en);
        scenario.warmup_s = 0;
        const double stop_s = std::min(140.0, scenario.duration_s);
        std::erase_if(scenario.events, [&](const Command& event) { return event.at > seconds(stop_s); });
        World world(scenario);
        world.run_until(seconds(stop_s));
        drain(world);
        check_flow_balance(world);
        for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
            CAPTURE(scenario.nodes[i].id);
            CHECK(world.node_now(static_cast<int>(i)).in_flight == 0);
            CHECK(world.node_now(static_cast<int>(i)).queue == 0);
        }
    }
}

TEST_CASE("Little's law holds exactly at every station: held workers, shared machine, queue, retries") {
    Design design(200);
    const int users = design.add("users", "clients", {{"rate_per_s", 120}, {"keys", 5000}, {"retries", 2}});
    design.add("box", "machine", {{"cores", 1}});
    const int balancer = design.add("balancer", "balancer", {{"service_ms", 1}, {"service", "exponential"}});
    const int web = design.add(
        "web", "server",
        {{"instances", 2}, {"cores", 1}, {"workers", 6}, {"service_ms", 6}, {"queue_limit", 1000000}});
    const int lifo = design.add(
        "lifo", "server", {{"cores", 1}, {"service_ms", 5}, {"order", "lifo"}, {"queue_limit", 1000000}});
    const int shared =
        design.add("shared", "server", {{"service_ms", 3}, {"workers", 50}, {"queue_limit", 1000000}}, "box");
    const int db = design.add(
        "db", "database",
        {{"connections", 4}, {"read_ms", 3}, {"memory_items", 500}, {"disk_ms", 4}, {"queue_limit", 1000000}},
        "box");
    design.connect(users, balancer, {{"latency_ms", 3}, {"jitter_cv", 0.5}});
    design.connect(balancer, web);
    for (const int called : {lifo, shared, db}) design.connect(web, called, {{"latency_ms", 0.2}});
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        World world(design.scenario(seed));
        world.run_until(world.duration());
        drain(world);
        for (const int node : {web, lifo, shared, db}) check_little(world, node);
    }
}

TEST_CASE("Utilization law: busy cores are throughput times service time") {
    for (const char* order : {"fifo", "lifo", "ps"}) {
        CAPTURE(order);
        OneTier system(500, 50, 130,
                       {{"instances", 2},
                        {"cores", 3},
                        {"service_ms", 20},
                        {"service", "gamma"},
                        {"service_cv", 0.4},
                        {"order", order}});
        const std::vector<Interval> seen = over_seeds(system.design, [&](const World& world) {
            const NodeTotals tier = world.node_totals(system.tier);
            return Figures{tier.utilization, tier.utilization * 6 / (tier.throughput_per_s * 0.020)};
        });
        agrees("utilization", seen[0], 130 * 0.020 / 6, 0.02);
        agrees("against the throughput of the same run", seen[1], 1, 0.01);
    }
}

TEST_CASE("Flow balance: every page calls the database as often as the edge says") {
    Design design(100);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", 80}, {"pages", 3}, {"writes", 1}, {"assets", 2}, {"api", 2}});
    const int web = design.add("web", "server", {{"cores", 16}, {"workers", 100}, {"service_ms", 1}});
    const int reads = design.add("reads", "database", {{"connections", 100}});
    const int writes = design.add("writes", "database", {{"connections", 100}});
    const int api = design.add("api", "server", {{"cores", 16}, {"service_ms", 1}});
    design.connect(users, web);
    design.connect(web, reads, {{"carries", "reads"}, {"calls", 3}});
    design.connect(web, writes, {{"carries", "writes"}, {"calls", 2}});
    design.connect(web, api, {{"carries", "api"}});
    World world(design.scenario());
    world.run_until(world.duration());
    drain(world);
    const auto completed = [&](int node) { return world.node_totals(node).completed; };
    // Assets call nothing; an API call is a read.
    CHECK(completed(reads) % 3 == 0);
    CHECK(completed(writes) % 2 == 0);
    const double all = static_cast<double>(completed(web));
    CHECK(static_cast<double>(completed(reads)) / 3 == doctest::Approx(all * 5 / 8).epsilon(0.05));
    CHECK(static_cast<double>(completed(writes)) / 2 == doctest::Approx(all / 8).epsilon(0.12));
    CHECK(static_cast<double>(completed(api)) == doctest::Approx(all / 4).epsilon(0.08));
    CHECK(world.metric(writes, 3) == completed(writes));
}
