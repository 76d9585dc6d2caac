// What a world tells about its run: series, spans of watched requests, log, buckets; and what validate says.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "scale/world.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

struct Site {
    Design design;
    int users, balancer, web, db;
    explicit Site(double duration_s) : design(duration_s) {
        users = design.add("users", "clients",
                           {{"rate_per_s", 60}, {"timeout_ms", 300}, {"retries", 1}, {"backoff_ms", 40}});
        balancer = design.add("balancer", "balancer");
        web =
            design.add("web", "server", {{"instances", 2}, {"cores", 1}, {"workers", 4}, {"service_ms", 12}});
        db = design.add("db", "database", {{"connections", 2}, {"read_ms", 14}});
        design.connect(users, balancer, {{"latency_ms", 6}, {"jitter_cv", 0.4}});
        design.connect(balancer, web, {{"latency_ms", 1}});
        design.connect(web, db, {{"latency_ms", 1}});
    }
};

// Nodes that no edge joins have nothing to send to each other.
bool joined(const Scenario& scenario, std::uint16_t edge, std::uint16_t node) {
    return edge < scenario.edges.size() &&
           (scenario.edges[edge].from == node || scenario.edges[edge].to == node);
}

} // namespace

TEST_CASE("Series have one point per second; a full history halves its resolution") {
    Site site(3000);
    World world(site.design.scenario());
    world.run_until(seconds(100.5));
    CHECK(world.series().points.size() == 100);
    CHECK(world.series(site.web).points.size() == 100);
    CHECK(world.series().step_s == 1);
    world.run_until(seconds(1199.5));
    CHECK(world.series().points.size() == 1199);
    for (const double s : {1201.0, 2000.0, 3000.0}) {
        world.run_until(seconds(s));
        const Series& series = world.series();
        CHECK(series.step_s == 2 + (s > 2400 ? 2 : 0));
        CHECK(series.points.size() <= k_series_points);
        CHECK(static_cast<double>(series.points.size()) == doctest::Approx(s / series.step_s).epsilon(0.002));
    }
    double sum = 0;
    for (const Point& point : world.series().points) {
        sum += static_cast<double>(point.arrivals_per_s) * world.series().step_s;
        CHECK(point.busy <= 1);
        CHECK(point.p50_ms <= point.p99_ms);
    }
    CHECK(sum == doctest::Approx(static_cast<double>(world.totals().requests.offered)).epsilon(0.001));
    CHECK(world.last_second().arrivals_per_s > 20);
}

TEST_CASE("Spans of a watched request follow one another from node to node") {
    Site site(60);
    const Scenario scenario = site.design.scenario();
    World world(scenario);
    world.watch_every(5);
    world.run_until(seconds(30));
    REQUIRE(world.spans_total() > 1000);
    const std::uint64_t first = world.spans_total() > k_spans ? world.spans_total() - k_spans : 0;
    std::map<Phase, int> seen;
    for (std::uint64_t number = first; number < world.spans_total(); ++number) {
        const Span& span = world.span(number);
        ++seen[span.phase];
        CHECK(span.start <= span.end);
        CHECK(span.request % 5 == 0);
        CHECK(span.node < scenario.nodes.size());
        if (span.phase == Phase::wire) CHECK(scenario.edges[span.edge].to == span.node);
        if (span.phase == Phase::reply) CHECK(scenario.edges[span.edge].from == span.node);
        if (span.phase == Phase::service || span.phase == Phase::queued)
            CHECK(joined(scenario, span.edge, span.node));
    }
    for (const Phase phase : {Phase::wire, Phase::reply, Phase::service, Phase::queued}) {
        CAPTURE(static_cast<int>(phase));
        CHECK(seen[phase] > 0);
    }
    world.watch_every(0);
    world.run_until(seconds(31)); // those that were being watched have gone
    const std::uint64_t total = world.spans_total();
    world.run_until(seconds(60));
    CHECK(world.spans_total() <= total + 50);
}

TEST_CASE("The log tells what happened, in order, and is bounded") {
    Site site(200);
    site.design.at(20, site.design.command("kill", site.web, {}, 0));
    site.design.at(40, site.design.command("restore", site.web, {}, 0));
    site.design.at(60, site.design.command("slow", site.db, {{"factor", 8}}));
    site.design.at(80, site.design.command("slow", site.db, {{"factor", 1}}));
    World world(site.design.scenario());
    world.run_until(seconds(120));
    std::map<Happening, int> seen;
    Time before = 0;
    for (const LogEntry& entry : world.log()) {
        CHECK(entry.at >= before);
        before = entry.at;
        ++seen[entry.what];
        if (entry.what == Happening::command)
            CHECK(world.commands()[static_cast<std::size_t>(entry.command)].at == entry.at);
        if (entry.what == Happening::died) CHECK((entry.node == site.web && entry.instance == 0));
    }
    CHECK(seen[Happening::command] == 4);
    CHECK(seen[Happening::died] == 1);
    CHECK(seen[Happening::restored] == 1);
    CHECK(seen[Happening::ejected] == 1);
    CHECK(seen[Happening::readmitted] == 1);
    CHECK(seen[Happening::slowed] == 2);
    CHECK(seen[Happening::saturated] >= 1);
    CHECK(seen[Happening::relieved] >= 1);
    for (int i = 0; i < 3000; ++i) world.apply(site.design.command("slow", site.db, {{"factor", 1}}));
    CHECK(world.log().size() <= k_log_entries);
    CHECK(world.log_total() > 3000);
}

TEST_CASE("Latency buckets hold every completed request, in ascending order") {
    Site site(60);
    World world(site.design.scenario());
    world.run_until(seconds(60));
    std::vector<double> upper;
    std::vector<std::uint64_t> counts;
    world.latency_buckets(upper, counts);
    CHECK(upper.size() == counts.size());
    CHECK(std::is_sorted(upper.begin(), upper.end()));
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts) sum += count;
    CHECK(sum == world.totals().requests.completed);
    CHECK(world.totals().latency_ms.p50 >= upper.front());
    CHECK(world.totals().latency_ms.p999 <= upper.back() * 1.01);
}

TEST_CASE("The end of the warm-up starts every figure again") {
    Site site(100);
    site.design.raw().warmup_s = 50;
    World world(site.design.scenario());
    world.run_until(seconds(50.2));
    CHECK(world.totals().measured_s == doctest::Approx(0.2));
    CHECK(world.totals().requests.offered < 60);
    check_conservation(world);
    world.run_until(seconds(100));
    CHECK(world.totals().measured_s == doctest::Approx(50));
    CHECK(static_cast<double>(world.totals().requests.offered) == doctest::Approx(3000).epsilon(0.1));
    check_conservation(world);
}

TEST_CASE("What keeps a design from running is said in a sentence, with the place") {
    const auto said = [](Design& design) {
        const std::optional<Error> error = validate(design.raw());
        return error ? error->sentence() : std::string("valid");
    };
    Design empty(10);
    CHECK(said(empty) == "$.nodes: there is no node; add clients and what they call");
    Design twice(10);
    const int first = twice.add("a", "clients");
    twice.connect(first, twice.add("b", "server"));
    twice.add("b", "server");
    CHECK(said(twice) ==
          "$.nodes[2].id: \"b\" is taken by an earlier node; give every node an id of its own");
    Design backwards(10);
    const int users = backwards.add("users", "clients");
    const int db = backwards.add("db", "database");
    backwards.connect(users, db);
    backwards.connect(db, users);
    CHECK(said(backwards).find("$.edges[1]: a database does not call a clients (db -> users)") == 0);
    Design circle(10);
    const int a = circle.add("a", "server");
    const int b = circle.add("b", "server");
    const int outside = circle.add("users", "clients");
    circle.connect(outside, a);
    circle.connect(a, b);
    circle.connect(b, a);
    CHECK(said(circle) == "$.edges: requests would go round in a circle; remove an edge of the circle");
    Design lonely(10);
    lonely.add("users", "clients");
    CHECK(said(lonely) == "$.nodes[0]: \"users\" leads nowhere; connect this clients to what it should call");
    Design held(10);
    const int callers = held.add("users", "clients");
    held.connect(callers, held.add("web", "server", {}, "db"));
    CHECK(said(held) == "$.nodes[1].in: there is no node \"db\"; add it, or leave \"in\" out");
    held.add("db", "database");
    CHECK(said(held) == "$.nodes[1].in: \"db\" is a Database and holds no nodes; name a machine or a region");
    Design chain(10);
    int last = chain.add("users", "clients");
    for (int i = 0; i < 15; ++i) {
        const int next = chain.add(("s" + std::to_string(i)).c_str(), "server");
        chain.connect(last, next);
        last = next;
    }
    CHECK(said(chain) == "$.edges: the longest way has 16 nodes, at most 15 are allowed; shorten the chain");
}
