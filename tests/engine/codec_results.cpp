// The figures of a run as JSON and by name, and assertions about them.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <string>

#include "codec/json_reader.hpp"
#include "codec/numbers.hpp"
#include "codec/results.hpp"
#include "scale/codec.hpp"
#include "scale/results.hpp"

using namespace scale;
using namespace scale::codec;

namespace {

constexpr const char* k_design = R"({"scaleground": 1, "duration_s": 30, "nodes": [
  {"id": "users", "kind": "clients", "rate_per_s": 50},
  {"id": "web", "kind": "server"},
  {"id": "db", "kind": "database"}],
 "edges": [["users", "web"], ["web", "db"]]})";

World run_design() {
    const Result<Scenario> scenario = parse_scenario(k_design);
    REQUIRE_MESSAGE(scenario, (scenario ? "" : scenario.error().sentence()));
    World world(*scenario);
    world.run_until(world.duration());
    return world;
}

// Follows a dotted name into the JSON.
const JsonValue* follow(const JsonDocument& document, std::string_view name) {
    const JsonValue* value = &document.root();
    while (value && !name.empty()) {
        const std::size_t dot = std::min(name.find('.'), name.size());
        value = document.member(*value, name.substr(0, dot));
        name.remove_prefix(std::min(dot + 1, name.size()));
    }
    return value;
}

} // namespace

TEST_CASE("results are one JSON object with every promised key") {
    const World world = run_design();
    const std::string text = results_json(world, {1.5});
    const JsonLimits limits{1'000'000, 16, 2000, 300, 100'000, {}};
    const Result<JsonDocument> document = JsonDocument::read(text, limits);
    REQUIRE_MESSAGE(document, text);
    for (const char* name : {"digest",
                             "events",
                             "wall_s",
                             "cause",
                             "requests.offered",
                             "requests.completed",
                             "requests.failed",
                             "requests.timed_out",
                             "requests.rejected",
                             "requests.in_flight",
                             "latency_ms.mean",
                             "latency_ms.p50",
                             "latency_ms.p90",
                             "latency_ms.p95",
                             "latency_ms.p99",
                             "latency_ms.p999",
                             "latency_ms.max",
                             "throughput_per_s",
                             "availability",
                             "cost_usd_per_month",
                             "nodes.web.utilization",
                             "nodes.web.queue_mean",
                             "nodes.web.wait_ms_mean",
                             "nodes.db.throughput_per_s",
                             "nodes.db.arrivals",
                             "nodes.db.completed",
                             "nodes.db.failed",
                             "nodes.db.rejected",
                             "nodes.db.latency_ms.p99",
                             "nodes.users.cost_usd_per_month"})
        CHECK_MESSAGE(follow(*document, name) != nullptr, name);
    char digest[17];
    std::snprintf(digest, sizeof digest, "%016llx", static_cast<unsigned long long>(world.digest()));
    CHECK(follow(*document, "digest")->text == digest);
    CHECK(follow(*document, "cause")->type == JsonType::object);
    CHECK(follow(*document, "wall_s")->text == "1.5");
    for (const Figure& figure : figures(world)) {
        const JsonValue* value = follow(*document, figure.name);
        REQUIRE_MESSAGE(value, figure.name);
        if (std::isfinite(figure.value))
            CHECK(*read_number(value->text) == figure.value);
        else
            CHECK(value->type == JsonType::null);
    }
}

TEST_CASE("every metric of every kind in the run is reported") {
    const World world = run_design();
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i) {
        const NodeDef& node = world.scenario().nodes[i];
        for (std::size_t m = 0; m < node.kind->metrics.size(); ++m) {
            const std::string name = "nodes." + node.id + "." + node.kind->metrics[m].id;
            const double direct = world.metric(static_cast<int>(i), static_cast<int>(m));
            const double named = result_value(world, name);
            CAPTURE(name);
            CHECK((named == direct || (std::isnan(named) && std::isnan(direct))));
        }
    }
}

TEST_CASE("figures are found by name") {
    const World world = run_design();
    const Totals totals = world.totals();
    CHECK(totals.requests.completed > 1000);
    CHECK(result_value(world, "requests.completed") == static_cast<double>(totals.requests.completed));
    CHECK(result_value(world, "p99_ms") == totals.latency_ms.p99);
    CHECK(result_value(world, "latency_ms.p99") == totals.latency_ms.p99);
    CHECK(result_value(world, "p50_ms") == totals.latency_ms.p50);
    CHECK(result_value(world, "mean_ms") == totals.latency_ms.mean);
    CHECK(result_value(world, "availability") == totals.availability);
    CHECK(result_value(world, "nodes.db.utilization") == world.node_totals(2).utilization);
    for (const char* name :
         {"", "p98_ms", "nodes", "nodes.db", "nodes.dbb.utilization", "requests", "digest"})
        CHECK_MESSAGE(std::isnan(result_value(world, name)), name);
    CHECK(nearest_result_name(world, "p99ms") == "p99_ms");
    CHECK(nearest_result_name(world, "availabilty") == "availability");
    CHECK(nearest_result_name(world, "nodes.db.utilisation") == "nodes.db.utilization");
    CHECK(nearest_result_name(world, "zzzzzz") == "");
}

TEST_CASE("assertions are read and judged") {
    const auto judged = [](const char* text, double measured) {
        const Result<Assertion> assertion = parse_assertion(text);
        REQUIRE_MESSAGE(assertion, text);
        return holds(*assertion, measured);
    };
    CHECK(judged("p99_ms < 250", 249));
    CHECK_FALSE(judged("p99_ms<250", 250));
    CHECK(judged("p99_ms <= 250", 250));
    CHECK(judged("nodes.cache-2.hit_ratio > 0.8", 0.81));
    CHECK_FALSE(judged("nodes.cache.hit_ratio >= 8e-1", 0.79));
    CHECK(judged("requests.failed == 0", 0));
    CHECK(judged("requests.failed != 0", 1));
    CHECK_FALSE(judged("p99_ms < 250", std::nan("")));
    CHECK_FALSE(judged("p99_ms != 250", std::nan("")));
    for (const char* text : {"", "p99_ms", "< 250", "p99_ms <", "p99_ms < x", "p99_ms < 1 2", "p99 ms < 1",
                             "p99_ms = 250", "p99_ms ! 250", "p99_ms < nan", "p99_ms =< 3"})
        CHECK_MESSAGE(!parse_assertion(text), text);
    CHECK(parse_assertion("p99_ms = 250").error().sentence() ==
          "\"p99_ms = 250\": expected one of < <= > >= == !=; for example \"p99_ms < 250\"");
    CHECK(parse_assertion("p99_ms < fast").error().sentence() ==
          "\"p99_ms < fast\": expected a number behind the comparison; for example \"p99_ms < 250\"");
}
