// A design looked over without running it: what stands alone, the eight rules, capacity, data.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "scale/codec.hpp"
#include "scale/insight.hpp"
#include "scenario_files.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

std::string single_names(const Scenario& scenario, const Review& seen) {
    std::string out;
    for (const SinglePoint& one : seen.single_points)
        out += (out.empty() ? "" : " ") + scenario.nodes[static_cast<std::size_t>(one.node)].id;
    return out;
}

std::string verdict_of(const Review& seen, std::string_view rule) {
    for (const RuleCheck& one : seen.rules)
        if (rule == one.id) return verdict_id(one.verdict);
    return "missing";
}

Scenario design_of(const scenario_files::File& file) {
    Result<Scenario> parsed = parse_scenario(file.text);
    REQUIRE(parsed);
    return *parsed;
}

// A step of the journey by its number: "04".
Scenario ladder_step(std::string_view number) {
    for (const scenario_files::File& file : scenario_files::k_files)
        if (std::string_view(file.path).find("ladder/" + std::string(number)) != std::string_view::npos)
            return design_of(file);
    FAIL("no step " << number);
    return {};
}

struct Growing {
    Design design{60};
    int users, lb, web, db;
    explicit Growing(Values balancer = {},
                     Values servers = {{"instances", 3}, {"cores", 4}, {"workers", 64}}) {
        users = design.add("users", "clients", {{"rate_per_s", 100}});
        lb = design.add("lb", "balancer", balancer);
        web = design.add("web", "server", servers);
        db = design.add("db", "database", {{"connections", 4}, {"read_ms", 10}});
        design.connect(users, lb);
        design.connect(lb, web);
        design.connect(web, db);
    }
};

} // namespace

TEST_CASE("What stands alone: cut vertices that are not redundant inside") {
    Growing plain;
    const Review seen = review(plain.design.scenario());
    CHECK(single_names(plain.design.raw(), seen) == "lb db");
    CHECK(seen.single_points[0].clients == std::vector<int>{plain.users});
    CHECK(seen.single_points[0].sentence.en == "lb stands alone: when it fails, requests of users fail");
    CHECK(seen.single_points[1].sentence.ko == "db가 하나뿐이다. 멈추면 users의 요청이 실패한다");
    CHECK(verdict_of(seen, "redundancy") == "no");
    Growing standby({{"standby", true}});
    CHECK(single_names(standby.design.raw(), review(standby.design.scenario())) == "db");
    Growing one({{"standby", true}}, {{"instances", 1}});
    CHECK(single_names(one.design.raw(), review(one.design.scenario())) == "web db");
}

TEST_CASE("Two ways are better than one, for each class of request by itself") {
    Design design(60);
    const int users = design.add("users", "clients", {{"pages", 9}, {"writes", 1}});
    const int dns = design.add("dns", "dns");
    const int a = design.add("a", "server");
    const int b = design.add("b", "server");
    const int db = design.add("db", "database");
    design.connect(users, dns);
    design.connect(users, a);
    design.connect(users, b);
    design.connect(a, db);
    design.connect(b, db);
    CHECK(single_names(design.raw(), review(design.scenario())) == "db");
    Design split(60);
    const int people = split.add("people", "clients", {{"pages", 9}, {"writes", 1}});
    const int front = split.add("front", "server");
    const int other = split.add("other", "server");
    split.connect(people, front, {{"carries", "reads"}});
    split.connect(people, other, {{"carries", "writes"}});
    CHECK(single_names(split.raw(), review(split.scenario())) == "front other");
}

TEST_CASE("A machine that holds two tiers is one point of failure with them") {
    Design design(60);
    const int users = design.add("users", "clients");
    design.add("box", "machine");
    const int web = design.add("web", "server", {}, "box");
    const int db = design.add("db", "database", {}, "box");
    design.connect(users, web);
    design.connect(web, db);
    const Review seen = review(design.scenario());
    CHECK(single_names(design.raw(), seen) == "box web db");
    CHECK(verdict_of(seen, "services") == "no");
}

TEST_CASE("A cache that dies is missed, and takes nothing away") {
    Growing shop({{"standby", true}});
    const int cache = shop.design.add("cache", "cache");
    shop.design.connect(shop.web, cache);
    const Review seen = review(shop.design.scenario());
    CHECK(single_names(shop.design.raw(), seen) == "db");
    CHECK(verdict_of(seen, "cache") == "yes");
}

TEST_CASE("The rules answer with the design: needed or not, there or not") {
    Growing calm;
    calm.design.raw().nodes[0].values[calm.design.raw().nodes[0].kind->param_index("rate_per_s")] = 20;
    const Review quiet = review(calm.design.scenario());
    CHECK(quiet.rules.size() == 8);
    CHECK(verdict_of(quiet, "cache") == "not_needed");
    CHECK(verdict_of(quiet, "sharding") == "not_needed");
    CHECK(verdict_of(quiet, "data_centers") == "not_needed");
    CHECK(verdict_of(quiet, "cdn") == "not_needed");
    CHECK(verdict_of(quiet, "stateless_web") == "yes");
    CHECK(verdict_of(quiet, "monitoring") == "no");
    Growing full({{"algorithm", "source-hash"}});
    Scenario& raw = full.design.raw();
    raw.nodes[0].values[raw.nodes[0].kind->param_index("rate_per_s")] = 350;
    raw.nodes[0].values[raw.nodes[0].kind->param_index("assets")] = 0.2;
    const Review busy = review(full.design.scenario());
    CHECK(verdict_of(busy, "cache") == "no");
    CHECK(verdict_of(busy, "sharding") == "no");
    CHECK(verdict_of(busy, "cdn") == "no");
    CHECK(verdict_of(busy, "stateless_web") == "no");
}

TEST_CASE("Capacity against load: the fullest first, by the flow through the design") {
    Growing shop;
    const Review seen = review(shop.design.scenario());
    REQUIRE(seen.tiers.size() >= 2);
    CHECK(seen.tiers[0].node == shop.db);
    CHECK(seen.tiers[0].load_per_s == doctest::Approx(100).epsilon(0.01));
    CHECK(seen.tiers[0].utilization == doctest::Approx(0.25).epsilon(0.02));
    CHECK(seen.tiers[0].capacity_per_s == doctest::Approx(400).epsilon(0.02));
    for (std::size_t i = 1; i < seen.tiers.size(); ++i)
        CHECK(seen.tiers[i].utilization <= seen.tiers[i - 1].utilization);
}

TEST_CASE("Data: the only copy, and what a copy is not") {
    Growing shop;
    const Review seen = review(shop.design.scenario());
    REQUIRE(seen.data_gaps.size() == 2);
    CHECK(seen.data_gaps[0].en.find("db keeps the only copy") == 0);
    CHECK(seen.data_gaps[1].ko.find("백업") != std::string::npos);
}

TEST_CASE("Every scenario that comes along can be reviewed, in both languages, with a reason for each rule") {
    for (const scenario_files::File& file : scenario_files::k_files) {
        const Scenario scenario = design_of(file);
        CAPTURE(scenario.title.en);
        const Review seen = review(scenario);
        CHECK(seen.rules.size() == 8);
        for (const RuleCheck& rule : seen.rules) {
            CHECK_FALSE(rule.reason.en.empty());
            CHECK_FALSE(rule.reason.ko.empty());
            CHECK(rule.reason.en.find('{') == std::string::npos);
            CHECK(rule.reason.ko.find('{') == std::string::npos);
        }
        for (const TierLoad& tier : seen.tiers) CHECK(tier.utilization > 0);
        CHECK(review_json(scenario, seen).front() == '{');
    }
}

TEST_CASE("The first steps of the journey: what stands alone, and what comes next") {
    const Scenario one = ladder_step("01");
    const Review first = review(one);
    CHECK(single_names(one, first) == "machine web db");
    CHECK(verdict_of(first, "services") == "no");
    CHECK(verdict_of(first, "cache") == "not_needed");
    const Scenario two = ladder_step("02");
    const Review second = review(two);
    CHECK(single_names(two, second) == "web db");
    CHECK(verdict_of(second, "services") != "no");
    const Scenario four = ladder_step("04");
    const Review fourth = review(four);
    CHECK(single_names(four, fourth) == "balancer db");
    CHECK(verdict_of(fourth, "stateless_web") == "yes");
}

TEST_CASE("Stores that users may be led to, one instead of the other, and that are not linked: a gap") {
    Design design(60);
    const int users = design.add("users", "clients");
    const int dns = design.add("dns", "dns", {{"policy", "failover"}});
    design.connect(users, dns);
    int stores[2];
    for (const int site : {0, 1}) {
        const int web = design.add(site == 0 ? "web-a" : "web-b", "server");
        stores[site] = design.add(site == 0 ? "db-a" : "db-b", "database");
        design.connect(users, web);
        design.connect(web, stores[site]);
    }
    const auto says = [&] {
        for (const Text& gap : review(design.scenario()).data_gaps)
            if (gap.en.find("db-a and db-b are not linked") == 0) return true;
        return false;
    };
    CHECK(says());
    design.connect(stores[0], stores[1]);
    CHECK(!says());
}
