// One request followed: its spans, in order and without a gap, and the run unchanged by it.
#include <doctest/doctest.h>

#include <string>

#include "scale/insight.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

struct Shop {
    Design design{60};
    int users, web, db;
    explicit Shop(double rate = 50) {
        users = design.add("users", "clients", {{"rate_per_s", rate}, {"timeout_ms", 0}, {"keys", 100}});
        web = design.add("web", "server", {{"cores", 1}, {"workers", 1}, {"service_ms", 8}});
        db = design.add("db", "database", {{"connections", 2}, {"read_ms", 5}});
        design.connect(users, web, {{"latency_ms", 20}});
        design.connect(web, db, {{"latency_ms", 1}});
    }
};

std::vector<Followed> run(Follow follow) {
    int slices = 0;
    while (!follow.step(5000) && slices < 100000) ++slices;
    CHECK(follow.done() == doctest::Approx(1).epsilon(0.05));
    return follow.found();
}

double sum_of(const Followed& one, Phase phase) {
    double sum = 0;
    for (const Span& span : one.spans)
        if (span.phase == phase) sum += static_cast<double>(span.end - span.start) / 1e6;
    return sum;
}

} // namespace

TEST_CASE("A request by its number: the same one each time, and its parts add up to the whole") {
    Shop shop;
    const Scenario& scenario = shop.design.scenario();
    const std::vector<Followed> found = run(Follow(scenario, Follow::By::request, 700, 0));
    REQUIRE(found.size() == 1);
    const Followed& one = found[0];
    CHECK(one.request == 700);
    CHECK(one.answered);
    CHECK(one.outcome == Outcome::served);
    const double total = (one.end_s - one.start_s) * 1e3;
    const double parts = sum_of(one, Phase::wire) + sum_of(one, Phase::reply) + sum_of(one, Phase::queued) +
                         sum_of(one, Phase::service);
    CHECK(parts == doctest::Approx(total).epsilon(1e-6));
    CHECK(sum_of(one, Phase::wire) == doctest::Approx(21).epsilon(1e-6));
    for (std::size_t i = 1; i < one.spans.size(); ++i) CHECK(one.spans[i].start >= one.spans[i - 1].start);
    const std::vector<Followed> again = run(Follow(scenario, Follow::By::request, 700, 0));
    REQUIRE(again.size() == 1);
    CHECK(again[0].start_s == one.start_s);
    CHECK(again[0].end_s == one.end_s);
}

TEST_CASE("The slowest took as long as the largest latency that was measured") {
    Shop shop(80);
    const std::vector<Followed> found = run(Follow(shop.design.scenario(), Follow::By::slowest, 0, 0));
    REQUIRE(found.size() == 1);
    World world(shop.design.scenario());
    world.run_until(seconds(60));
    CHECK((found[0].end_s - found[0].start_s) * 1e3 ==
          doctest::Approx(world.totals().latency_ms.max).epsilon(1e-6));
    CHECK(sum_of(found[0], Phase::queued) > 0.3 * world.totals().latency_ms.max);
}

TEST_CASE("A key: its requests from a moment on, all for this key") {
    Shop shop;
    const std::vector<Followed> found = run(Follow(shop.design.scenario(), Follow::By::key, 3, 20));
    REQUIRE(found.size() >= 2);
    for (const Followed& one : found) {
        CHECK(one.key == 3);
        CHECK(one.start_s >= 20);
        for (const Span& span : one.spans) CHECK(span.key == 3);
    }
}

TEST_CASE("What is not there is not found") {
    Shop shop;
    CHECK(run(Follow(shop.design.scenario(), Follow::By::request, 4000000000u, 0)).empty());
    CHECK(run(Follow(shop.design.scenario(), Follow::By::key, 99999, 0)).empty());
}

TEST_CASE("The page follows a request from the spans that its world has on hand") {
    Shop shop;
    World world(shop.design.scenario());
    world.watch_every(10);
    world.run_until(seconds(10));
    const std::uint64_t some = world.span(world.spans_total() - 200).request;
    const Followed one = followed(world, some);
    CHECK(one.request == some);
    CHECK(one.spans.size() >= 4);
    CHECK(followed(world, 3).spans.empty());
    const std::string json = followed_json(world.scenario(), {one});
    CHECK(json.find("\"phase\": \"service\"") != std::string::npos);
}

TEST_CASE("Waiting for a core with a worker in hand is waiting, not a gap") {
    Design design(60);
    const int users = design.add("users", "clients", {{"rate_per_s", 100}, {"timeout_ms", 0}, {"keys", 100}});
    const int web = design.add("web", "server", {{"cores", 1}, {"workers", 64}, {"service_ms", 8}});
    const int db = design.add("db", "database", {{"connections", 64}, {"cores", 1}, {"read_ms", 8}});
    design.connect(users, web, {{"latency_ms", 20}});
    design.connect(web, db, {{"latency_ms", 1}});
    const std::vector<Followed> found = run(Follow(design.scenario(), Follow::By::slowest, 0, 5));
    REQUIRE(found.size() == 1);
    const Followed& one = found[0];
    const double parts = sum_of(one, Phase::wire) + sum_of(one, Phase::reply) + sum_of(one, Phase::queued) +
                         sum_of(one, Phase::service);
    CHECK(parts == doctest::Approx((one.end_s - one.start_s) * 1e3).epsilon(1e-6));
    CHECK(sum_of(one, Phase::queued) > sum_of(one, Phase::service));
}

TEST_CASE("A key is followed through requests of clients, not through copies that a store makes of it") {
    Design design(30);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 50}, {"pages", 1}, {"writes", 4}, {"keys", 20}});
    const int db = design.add("db", "database", {{"replicas", 2}, {"replay_ms", 5}});
    design.connect(users, db, {{"latency_ms", 2}});
    Follow follow(design.scenario(), Follow::By::key, 0, 5);
    while (!follow.step(100000)) {}
    REQUIRE(!follow.found().empty());
    for (const Followed& one : follow.found()) {
        CHECK(one.answered);
        CHECK(one.start_s >= 5);
    }
}
