// Laws of random times, closed forms of single queues, hit ratios; and predictions of whatever design.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <string_view>

#include "analysis/theory.hpp"
#include "core/law.hpp"
#include "core/maths.hpp"
#include "core/queueing.hpp"
#include "core/reference.hpp"
#include "scale/analysis.hpp"
#include "scale/codec.hpp"
#include "support/design.hpp"
#include "support/level.hpp"
#include "support/random_scenario.hpp"

using namespace scale;
using namespace scale::tests;
using core::Laws;

TEST_CASE("Laws: quantiles by inversion are those of the closed forms") {
    Laws laws;
    const core::LawId one = laws.exponential(2);
    const core::LawId erlang = laws.sum(one, laws.exponential(2));
    const core::LawId shifted = laws.sum(laws.constant(5), one);
    for (const double share : {0.1, 0.5, 0.9, 0.99, 0.999}) {
        CAPTURE(share);
        const double exponential = -2 * std::log(1 - share);
        CHECK(laws.quantile(one, share) == doctest::Approx(exponential).epsilon(1e-4));
        CHECK(laws.quantile(shifted, share) == doctest::Approx(5 + exponential).epsilon(1e-4));
        CHECK(laws.at_most(shifted, 5 + exponential) == doctest::Approx(share).epsilon(1e-5));
        const double x = laws.quantile(erlang, share) / 2;
        CHECK(1 - std::exp(-x) * (1 + x) == doctest::Approx(share).epsilon(1e-4));
        CHECK(laws.quantile(laws.gamma(4, 0.5), share) == doctest::Approx(2 * x).epsilon(1e-3));
    }
    CHECK(laws.mean(erlang) == 4);
    CHECK(laws.variance(erlang) == 8);
    CHECK(laws.quantile(laws.constant(3), 0.99) == 3);
    CHECK(laws.at_most(shifted, 4.9) == 0);
}

TEST_CASE("Laws: mixtures, waits, spread services, what is only a mean") {
    Laws laws;
    const core::Part parts[] = {{0.3, laws.constant(1)},
                                {0.7, laws.sum(laws.constant(1), laws.exponential(3))}};
    const core::LawId mixed = laws.mix(parts);
    CHECK(laws.mean(mixed) == doctest::Approx(1 + 0.7 * 3));
    CHECK(laws.quantile(mixed, 0.9) == doctest::Approx(1 + 3 * std::log(7)).epsilon(1e-3));
    // M/M/1 by Pollaczek and Khinchine: the response is exponential.
    const core::LawId service = laws.exponential(0.01);
    const core::LawId response = laws.sum(laws.wait_for_one(80, service), service);
    CHECK(laws.mean(response) == doctest::Approx(0.05));
    CHECK(laws.quantile(response, 0.99) == doctest::Approx(0.05 * std::log(100)).epsilon(1e-3));
    const core::Distribution skewed = core::Distribution::make(core::Shape::lognormal, 1e9, 1.5);
    CHECK(laws.mean(laws.of(skewed)) == doctest::Approx(1).epsilon(1e-6));
    CHECK(laws.variance(laws.of(skewed)) == doctest::Approx(2.25).epsilon(1e-3));
    CHECK(laws.quantile(laws.of(skewed), 0.5) == doctest::Approx(1 / std::sqrt(3.25)).epsilon(0.01));
    const core::LawId vague = laws.sum(laws.vague(2), service);
    CHECK(laws.mean(vague) == doctest::Approx(2.01));
    CHECK(!laws.known(vague));
    CHECK(std::isnan(laws.quantile(vague, 0.5)));
    CHECK(laws.mean_within(laws.exponential(1), 1) ==
          doctest::Approx(1 - 1 / (std::exp(1.0) - 1)).epsilon(0.003));
}

TEST_CASE("Queues: M/M/c/K adds up, and ends in M/M/c and in Erlang B") {
    CHECK(core::erlang_b(2.7, 3) == doctest::Approx(0.3087).epsilon(0.001));
    CHECK(core::erlang_c(0.8, 1) == doctest::Approx(0.8));
    for (const double places : {0.0, 3.0, 50.0, 5000.0, 1e6}) {
        CAPTURE(places);
        for (const double rate : {100.0, 270.0, 299.999, 300.0, 310.0, 900.0}) {
            CAPTURE(rate);
            const core::QueueFigures seen = core::multi_server(rate, 0.01, 3, places, places / 2);
            CHECK(seen.lost >= 0);
            CHECK(rate * (1 - seen.lost) <= 300 * (1 + 1e-6));
            CHECK(seen.waiting_mean <= places + 1e-6);
            CHECK(seen.waiting_above <= seen.waiting_mean + 1e-9);
            CHECK(seen.wait_mean * rate * (1 - seen.lost) ==
                  doctest::Approx(seen.waiting_mean).epsilon(0.01));
        }
    }
    const core::QueueFigures none = core::multi_server(270, 0.01, 3, 0, 0);
    CHECK(none.lost == doctest::Approx(core::erlang_b(2.7, 3)));
    const core::QueueFigures all = core::multi_server(270, 0.01, 3, 1e9, 1e9);
    CHECK(all.wait_mean == doctest::Approx(core::erlang_c(2.7, 3) * 0.01 / 0.3));
    CHECK(core::arrival_root(0.8, 1) == doctest::Approx(0.8));
    CHECK(core::wait_factor(1, 0, 0.7) == 0.5);
}

TEST_CASE("Hit ratios: Che's time fills the store, and what fits is there") {
    std::vector<core::KeyLoad> keys;
    for (int i = 1; i <= 100; ++i) keys.push_back({10, 100.0 / i});
    const double time = core::characteristic_time(keys, 200);
    double filled = 0;
    for (const core::KeyLoad& group : keys) filled += group.count * core::present_lru(group, time);
    CHECK(filled == doctest::Approx(200));
    CHECK(std::isinf(core::characteristic_time(keys, 1000)));
    CHECK(core::present_lru(keys[0], core::k_infinity) == 1);
    CHECK(core::characteristic_time(keys, 0) == 0);
}

TEST_CASE("Predictions of random designs: nothing impossible") {
    const std::uint64_t designs = tests::everything_asked_for() ? 40 : 10;
    for (std::uint64_t seed = 1; seed <= designs; ++seed) {
        const Scenario scenario = random_scenario(seed);
        INFO(encode_link(scenario));
        const Prediction seen = predict(scenario);
        REQUIRE(seen.nodes.size() == scenario.nodes.size());
        const auto share = [](double value) {
            return std::isnan(value) || (value >= -1e-9 && value <= 1 + 1e-9);
        };
        CHECK(share(seen.availability));
        CHECK(seen.throughput_per_s <= seen.offered_per_s * (1 + 1e-9));
        CHECK(seen.attempts_per_s >= seen.offered_per_s * (1 - 1e-9));
        for (const NodePrediction& node : seen.nodes) {
            CHECK(share(node.utilization));
            CHECK(share(node.workers_busy));
            CHECK((std::isnan(node.queue_mean) || node.queue_mean >= 0));
            const Latency& latency = node.latency_ms;
            if (!std::isnan(latency.p50))
                CHECK((latency.p50 <= latency.p99 * 1.001 && latency.p99 <= latency.p999 * 1.001));
            CHECK(std::string(node.method.en).size() > 0);
            CHECK(std::string(node.method.ko).size() > 0);
        }
        CHECK(parse_scenario(write_scenario(scenario)));
    }
}

// Nearly everything in these designs is lognormal, limited and tried again, for several groups of closed
// clients.
TEST_CASE("However odd a design is, its prediction takes so many rounds and says where it did not settle") {
    for (const std::uint64_t seed : {22u, 28u, 282u}) {
        INFO("seed " << seed);
        const Scenario scenario = random_scenario(seed);
        analysis::Walk walk(scenario);
        walk.settle();
        analysis::close_loops(walk);
        CHECK(walk.rounds() <= 1700);
        bool said = false;
        for (const Words& words : predict(scenario).assumptions)
            said = said || std::string_view(words.en).find("did not settle") != std::string_view::npos;
        CHECK(said == !walk.settled());
    }
}

TEST_CASE("Where the running design is not what theory takes it for, it is said") {
    Design design(100);
    const int users = design.add("users", "clients", {{"rate_per_s", 20}});
    const int web = design.add("web", "server", {{"instances", 4}});
    const int db = design.add("db", "database");
    design.connect(users, web);
    const int edge = design.connect(web, db);
    World world(design.scenario());
    world.run_until(seconds(1));
    CHECK(!unlike_theory(world, users));
    CHECK(!unlike_theory(world, web));
    const auto act = [&](Command command) { CHECK(!world.apply(std::move(command))); };
    act(design.command("kill", web, {}, 2));
    CHECK(unlike_theory(world, web)->en.find("One of its 4 instances is down now") == 0);
    CHECK(unlike_theory(world, users)->en.find("web is down now, wholly or in part") == 0);
    act(design.command("kill", web, {}, 1));
    CHECK(unlike_theory(world, web)->ko.find("인스턴스 4개 가운데 2개") != std::string::npos);
    act(design.command("kill", web));
    CHECK(unlike_theory(world, web)->en.find("It is down now") == 0);
    act(design.command("restore", web));
    CHECK(!unlike_theory(world, web));
    act(design.edge_command("kill", edge));
    CHECK(unlike_theory(world, web)->en.find("Nothing gets through to db now") == 0);
    act(design.edge_command("restore", edge));
    act(design.command("slow", db, {{"factor", 3}}));
    CHECK(unlike_theory(world, db)->en.find("It is slowed down now") == 0);
    CHECK(!unlike_theory(world, web));
}

TEST_CASE("Shards that are full before the run is over: theory says so, and no more than a bound") {
    const auto predicted = [](double capacity_gb, bool adds) {
        Design design(200, 20);
        const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"pages", 1}, {"writes", 1}});
        const int shards = design.add("shards", "shards",
                                      {{"shards", 4},
                                       {"data_keys", 40000},
                                       {"row_kb", 20},
                                       {"writes_add", adds},
                                       {"capacity_gb", capacity_gb}});
        design.connect(users, shards);
        return predict(design.scenario()).nodes[static_cast<std::size_t>(shards)];
    };
    // 0.2 GB each at the start, and 50 x 20 kB a second more, about a quarter of it each.
    const auto fills = [](const NodePrediction& seen) {
        for (const Words& said : seen.assumptions)
            if (std::string_view(said.en).find("A shard is full before") == 0) return true;
        return false;
    };
    CHECK(fills(predicted(0.22, true)));
    CHECK(predicted(0.22, true).trust == Trust::bound);
    CHECK(!fills(predicted(0.4, true)));
    CHECK(predicted(0.4, true).trust == Trust::approximate);
    CHECK(!fills(predicted(0.22, false)));
}

namespace {

bool assumes(const NodePrediction& seen, std::string_view beginning) {
    for (const Words& said : seen.assumptions)
        if (std::string_view(said.en).find(beginning) == 0) return true;
    return false;
}

} // namespace

TEST_CASE("Few cores that a weight cannot divide: theory says that the run is quicker there") {
    const auto predicted = [](std::uint32_t weight, double cores) {
        Design design(60);
        design.raw().weight = weight;
        const int users = design.add("users", "clients", {{"rate_per_s", 400}});
        const int web = design.add("web", "server", {{"cores", cores}, {"workers", 400}, {"service_ms", 1}});
        design.connect(users, web);
        return predict(design.scenario()).nodes[static_cast<std::size_t>(web)];
    };
    CHECK(assumes(predicted(40, 1), "In a run with a weight its few cores"));
    CHECK(assumes(predicted(40, 50), "In a run with a weight its cores are rounded"));
    for (const NodePrediction& seen : {predicted(1, 1), predicted(40, 40), predicted(40, 80)})
        CHECK(!assumes(seen, "In a run"));
}

TEST_CASE("Last come first served with impatient users: the mean is not called exact") {
    const auto predicted = [](double timeout_ms) {
        Design design(60);
        const int users = design.add("users", "clients", {{"rate_per_s", 80}, {"timeout_ms", timeout_ms}});
        const int web = design.add("web", "server", {{"cores", 2}, {"service_ms", 20}, {"order", "lifo"}});
        design.connect(users, web);
        return predict(design.scenario());
    };
    CHECK(predicted(1000).nodes[0].trust == Trust::approximate);
    CHECK(assumes(predicted(1000).nodes[0], "Only the mean is known"));
    CHECK(predicted(0).nodes[0].trust == Trust::exact);
}

TEST_CASE("A percentile of which too few requests lie beyond is not set beside theory") {
    Design design(100);
    const int users = design.add("users", "clients", {{"rate_per_s", 2}});
    design.connect(users, design.add("web", "server", {{"service_ms", 10}}));
    const Scenario scenario = design.scenario();
    Measurement measured(scenario, 3);
    while (!measured.step(100000)) {}
    std::vector<std::string> names;
    for (const Beside& one : beside(scenario, predict(scenario), measured, -1)) names.push_back(one.name);
    const auto told = [&](const char* name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    CHECK(told("latency_ms.mean"));
    CHECK(told("latency_ms.p95"));
    CHECK(!told("latency_ms.p99")); // of 200 requests
    CHECK(!told("latency_ms.p999"));
}

TEST_CASE("What theory leaves out of a balancer's choice and of expiring keys is said") {
    const auto predicted = [](const char* algorithm, double ttl_s, const char* coalesce) {
        Design design(60);
        const int users = design.add("users", "clients", {{"rate_per_s", 400}, {"keys", 10}, {"zipf", 0}});
        const int balancer = design.add("balancer", "balancer", {{"algorithm", algorithm}});
        const int web = design.add("web", "server",
                                   {{"instances", 4}, {"cores", 2}, {"workers", 64}, {"service_ms", 10}});
        const int cache =
            design.add("cache", "cache", {{"items", 100}, {"ttl_s", ttl_s}, {"coalesce", coalesce}});
        const int db = design.add("db", "database", {{"connections", 900}, {"read_ms", 200}});
        design.connect(users, balancer);
        design.connect(balancer, web);
        design.connect(web, cache);
        design.connect(web, db);
        return predict(design.scenario());
    };
    constexpr const char* k_choice = "As if the balancer chose at random";
    constexpr const char* k_stampede = "Leaves out stampedes";
    CHECK(assumes(predicted("power-of-two", 10, "wait").nodes[2], k_choice));
    CHECK(!assumes(predicted("random", 10, "wait").nodes[2], k_choice));
    CHECK(assumes(predicted("random", 10, "none").nodes[3], k_stampede));
    CHECK(!assumes(predicted("random", 10, "wait").nodes[3], k_stampede));
    CHECK(!assumes(predicted("random", 0, "none").nodes[3], k_stampede));
}
