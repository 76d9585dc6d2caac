// What a design costs: arithmetic, exactly.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "kinds/prices.hpp"
#include "scale/codec.hpp"
#include "scale/insight.hpp"
#include "scale/results.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

struct Shop {
    Design design{100};
    int users, dns, lb, web, db;
    Shop() {
        users = design.add("users", "clients", {{"rate_per_s", 50}, {"arrivals", "deterministic"}});
        dns = design.add("dns", "dns");
        lb = design.add("lb", "balancer", {{"standby", true}});
        web = design.add("web", "server",
                         {{"instances", 3}, {"cores", 4}, {"service_ms", 2}, {"service", "deterministic"}});
        db = design.add("db", "database", {{"connections", 8}, {"cores", 2}, {"price_usd", 300}});
        design.connect(users, dns);
        design.connect(users, lb);
        design.connect(lb, web);
        design.connect(web, db);
    }
};

} // namespace

TEST_CASE("Cost by node and in sum, and a price that the design sets itself") {
    Shop shop;
    World world(shop.design.scenario());
    world.run_until(seconds(100));
    const Cost cost = cost_of(world);
    REQUIRE(cost.node_usd_per_month.size() == 5);
    CHECK(cost.node_usd_per_month[0] == 0);
    CHECK(cost.node_usd_per_month[1] == kind::price::k_dns_zone);
    CHECK(cost.node_usd_per_month[2] == 2 * kind::price::k_balancer);
    CHECK(cost.node_usd_per_month[3] == 3 * 4 * kind::price::k_core);
    CHECK(cost.node_usd_per_month[4] == 300);
    CHECK(cost.usd_per_month == 1 + 50 + 420 + 300);
    CHECK(world.totals().cost_usd_per_month == cost.usd_per_month);
}

TEST_CASE("Cost per million requests: a month of 730 hours at the rate that was completed") {
    Shop shop;
    World world(shop.design.scenario());
    world.run_until(seconds(100));
    const double rate = world.totals().throughput_per_s;
    const double expected = 771 / (rate * 730 * 3600 / 1e6);
    CHECK(cost_of(world).usd_per_million_requests == doctest::Approx(expected).epsilon(1e-12));
    CHECK(result_value(world, "cost_usd_per_million_requests") == doctest::Approx(expected).epsilon(1e-12));
    World still(shop.design.scenario());
    CHECK(std::isnan(cost_of(still).usd_per_million_requests));
    CHECK(result_value(still, "cost_usd_per_million_requests") == 0);
}

TEST_CASE("Every price of the table has its source, its date and both names") {
    CHECK(prices().size() >= 7);
    for (const Price& price : prices()) {
        CAPTURE(price.id);
        CHECK(price.usd > 0);
        CHECK(std::string(price.source).size() > 10);
        CHECK(std::string(price.date).size() >= 4);
        CHECK(price.name.en[0] != 0);
        CHECK(price.name.ko[0] != 0);
    }
}

TEST_CASE("A scenario's own prices: JSON, link, cost, and errors that say where") {
    const std::string text = R"({"scaleground": 1, "nodes": [
        {"id": "users", "kind": "clients"}, {"id": "dns", "kind": "dns"}, {"id": "balancer", "kind": "balancer"},
        {"id": "web", "kind": "server", "instances": 2, "cores": 8},
        {"id": "db", "kind": "database", "cores": 4, "memory_items": 2000000}],
        "edges": [["users", "dns"], ["users", "balancer"], ["balancer", "web"], ["web", "db"]],
        "prices": {"balancer": 40, "core": 70, "database_core": 100.5, "dns_zone": 0, "memory_million_items": 3}})";
    const Result<Scenario> read = parse_scenario(text);
    REQUIRE_MESSAGE(read, (read ? "" : read.error().sentence()));
    World world(*read);
    world.run_until(1'000'000'000);
    const Cost cost = cost_of(world);
    CHECK(cost.node_usd_per_month[1] == 0);
    CHECK(cost.node_usd_per_month[2] == 40);
    CHECK(cost.node_usd_per_month[3] == doctest::Approx(2 * 2 * 290.0)); // twice the list: 8 cores
    CHECK(cost.node_usd_per_month[4] == doctest::Approx(4 * 100.5 + 2 * 3));
    // Canonical in both directions.
    const std::string written = write_scenario(*read);
    CHECK(*parse_scenario(written) == *read);
    CHECK(write_scenario(*parse_scenario(written)) == written);
    CHECK(written.find(R"("prices": {"core": 70, "database_core": 100.5)") != std::string::npos);
    CHECK(*decode_link(encode_link(*read)) == *read);
    // Every row of the list may be changed.
    Scenario all = *read;
    all.prices.clear();
    for (std::size_t i = 0; i < prices().size(); ++i)
        all.prices.push_back({static_cast<std::uint8_t>(i + 1), 10.0 + static_cast<double>(i)});
    CHECK(*parse_scenario(write_scenario(all)) == all);
    CHECK(*decode_link(encode_link(all)) == all);
    all.prices[0].usd = -1;
    CHECK(!decode_link(encode_link(all)));
    const auto broken = [&](const char* with) {
        const Result<Scenario> bad = parse_scenario(
            std::string(R"({"scaleground": 1, "nodes": [{"id": "a", "kind": "server"}], "prices": )") + with +
            "}");
        REQUIRE(!bad);
        return bad.error().sentence();
    };
    CHECK(broken(R"({"cores": 3})").find("core") != std::string::npos);
    CHECK(broken(R"({"core": -3})").find("$.prices.core") != std::string::npos);
    CHECK(broken("[]").find("$.prices") != std::string::npos);
}
