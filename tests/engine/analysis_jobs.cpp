// Measurement, comparison, headroom and sweep as jobs: the same result in slices of any size.
#include <doctest/doctest.h>

#include <cmath>

#include "scale/analysis.hpp"
#include "scale/codec.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

Design tandem(double rate = 200) {
    Design design(20, 2);
    const int users = design.add("users", "clients", {{"rate_per_s", rate}, {"keys", 1}});
    const int web = design.add("web", "server", {{"cores", 2}, {"workers", 64}, {"service_ms", 5}});
    const int db = design.add("db", "database", {{"connections", 2}, {"read_ms", 6}});
    design.connect(users, web);
    design.connect(web, db);
    return design;
}

template<class Job>
int finish(Job& job, std::uint64_t slice) {
    int steps = 1;
    double before = job.done();
    while (!job.step(slice)) {
        CHECK(job.done() >= before - 1e-12);
        before = job.done();
        REQUIRE(++steps < 1000000);
    }
    CHECK(job.done() == doctest::Approx(1));
    CHECK(job.step(slice)); // over is over
    return steps;
}

} // namespace

TEST_CASE("Estimates: mean and interval by Student's t; what is no number is left out") {
    const double values[] = {1, 2, 3, NAN};
    const Estimate seen = estimate(values);
    CHECK(seen.mean == 2);
    CHECK(seen.ci95 == doctest::Approx(4.3027 / std::sqrt(3.0)).epsilon(1e-3));
    CHECK(std::isnan(estimate({}).mean));
    const double one[] = {5};
    CHECK(std::isnan(estimate(one).ci95));
}

TEST_CASE("A measurement is the same in slices of any size") {
    Design design = tandem();
    Measurement small(design.scenario(7), 3), large(design.scenario(7), 3);
    CHECK(finish(small, 1000) > 10);
    finish(large, 1u << 30);
    REQUIRE(small.runs().size() == 3);
    CHECK(small.runs() == large.runs());
    CHECK(small.figure("p99_ms").mean == small.figure("latency_ms.p99").mean);
    CHECK(small.find("nodes.db.utilization") >= 0);
    CHECK(small.find("nodes.db.utilisation") == -1);
    World alone(design.scenario(8));
    alone.run_until(alone.duration());
    CHECK(small.runs()[1][static_cast<std::size_t>(small.find("p50_ms"))] == alone.totals().latency_ms.p50);
}

TEST_CASE("A comparison pairs its runs: what the change does not touch has no difference at all") {
    Design before = tandem(), after = tandem();
    set_value(after.raw().nodes[2], "read_ms", 7);
    Comparison job(before.scenario(7), after.scenario(99), 4);
    finish(job, 5000);
    const std::vector<Change> changes = job.changes();
    REQUIRE(!changes.empty());
    CHECK(changes[0].significant);
    bool offered = false;
    for (const Change& change : changes) {
        CHECK(change.difference.mean == doctest::Approx(change.after.mean - change.before.mean));
        if (change.name == "requests.offered") {
            offered = true;
            // The same users at the same moments; those of the warm-up that are still inside count, too.
            CHECK(std::abs(change.difference.mean) <= 2);
            CHECK(!change.significant);
        }
        if (change.name == "nodes.db.utilization") {
            CHECK(change.significant);
            const std::string english = change_sentence(after.raw(), change, Language::english);
            CHECK(english.find("utilization of db rises from ") == 0);
            CHECK(change_sentence(after.raw(), change, Language::korean).find("사용률") != std::string::npos);
        }
    }
    CHECK(offered);
}

TEST_CASE("Headroom: theory brackets, runs confirm; the bound is found from either side") {
    for (const double rate : {60.0, 200.0, 320.0}) {
        CAPTURE(rate);
        Design design = tandem(rate);
        HeadroomSearch job(design.scenario(3), {{"mean_ms", "<=", 30}}, 2);
        finish(job, 100000);
        const Headroom& found = job.result();
        CHECK(found.measured);
        CHECK(found.multiple > 0);
        CHECK(found.beyond / found.multiple < 1.021);
        CHECK(found.multiple * rate == doctest::Approx(288).epsilon(0.06));
        CHECK(found.requests_per_s == doctest::Approx(found.multiple * rate).epsilon(0.05));
        CHECK(found.broken.name == "mean_ms");
        CHECK(found.node == 2);
        CHECK(found.runs <= 24);
        const std::string korean = headroom_sentence(design.raw(), found, Language::korean);
        CHECK(korean.find("배까지") != std::string::npos);
    }
}

TEST_CASE("Headroom: what cannot be simulated is answered by theory, what never breaks is said") {
    Design huge(30, 2);
    const int users = huge.add("users", "clients", {{"rate_per_s", 3000000}, {"keys", 1}});
    const int web = huge.add("web", "server", {{"instances", 1000}, {"cores", 256}, {"service_ms", 20}});
    huge.connect(users, web);
    HeadroomSearch theory(huge.scenario(3), {{"p99_ms", "<=", 500}}, 2);
    finish(theory, 100000);
    CHECK(!theory.result().measured);
    CHECK(theory.result().multiple == doctest::Approx(1000 * 256 / 0.02 / 3e6).epsilon(0.05));
    CHECK(theory.result().node == 1);
}

TEST_CASE("A sweep is the same however it is split; wrong points are refused before anything runs") {
    Design design = tandem();
    const Scenario scenario = design.scenario(5);
    SweepPlan plan;
    for (const char* text : {"db.connections=2,3", "web.cores=1,2,4"}) {
        const Result<Axis> axis = parse_axis(scenario, text);
        REQUIRE(axis);
        plan.axes.push_back(*axis);
    }
    CHECK(!sweep_error(scenario, plan));
    Sweep whole(scenario, plan);
    finish(whole, 3000);
    REQUIRE(whole.rows().size() == 6);
    CHECK(whole.rows()[4].values == std::vector<std::string>{"3", "2"});
    std::size_t seen = 0;
    for (std::uint64_t shard = 0; shard < 4; ++shard) {
        SweepPlan part = plan;
        part.shard = shard;
        part.shards = 4;
        Sweep some(scenario, part);
        finish(some, 1u << 30);
        for (const SweepRow& row : some.rows()) {
            ++seen;
            CHECK(row.index % 4 == shard);
            for (std::size_t i = 0; i < row.figures.size(); ++i)
                CHECK(row.figures[i].mean == whole.rows()[row.index].figures[i].mean);
        }
    }
    CHECK(seen == 6);
    CHECK(sweep_csv(whole).find("\n4,3,2,") != std::string::npos);
    for (const char* wrong :
         {"db.connections", "db.connections=", "db.connections=0", "db.conections=2", "nodb.x=1"}) {
        CAPTURE(std::string(wrong));
        CHECK(!parse_axis(scenario, wrong));
    }
    const Result<Axis> longer = parse_axis(scenario, "warmup_s=1,30");
    REQUIRE(longer);
    plan.axes.push_back(*longer);
    CHECK(sweep_error(scenario, plan));
}

TEST_CASE("Headroom: copies that fall behind without end, of which no promise tells, end the search") {
    Design design(120, 10);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 100}, {"pages", 1}, {"writes", 1}, {"timeout_ms", 0}});
    // Replay takes 10 ms one after the other: 100 writes a second are too many, the rest is far from full.
    const int db = design.add("db", "database",
                              {{"connections", 400},
                               {"cores", 64},
                               {"read_ms", 2},
                               {"write_ms", 2},
                               {"replicas", 1},
                               {"replay_ms", 10}});
    design.raw().nodes[1].label = {"Orders", "주문 DB"};
    design.connect(users, db);
    HeadroomSearch job(design.scenario(3), {{"p99_ms", "<=", 200}}, 1);
    finish(job, 100000);
    const Headroom& found = job.result();
    CHECK(found.runs <= 12);
    CHECK(found.multiple == doctest::Approx(2).epsilon(0.06));
    CHECK(found.beyond / found.multiple < 1.021);
    CHECK(found.behind == db);
    CHECK(found.broken.name == "nodes.db.lag_writes");
    const std::string english = headroom_sentence(design.raw(), found, Language::english);
    CHECK(english.find("every promise holds, but the copies of Orders fall behind without end") !=
          std::string::npos);
    CHECK(
        headroom_sentence(design.raw(), found, Language::korean).find("주문 DB의 복제본이 끝없이 뒤처진다") !=
        std::string::npos);
    CHECK(headroom_json(design.raw(), found).find("\"comparison\": \"grows\"") != std::string::npos);
}

TEST_CASE("Headroom: messages that pile up without end, for which nobody waits, end the search") {
    Design design(120, 10);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 50}, {"pages", 0}, {"writes", 1}, {"timeout_ms", 0}});
    const int web = design.add("web", "server", {{"cores", 64}, {"service_ms", 2}});
    const int queue = design.add("queue", "queue", {{"capacity", 1000000}});
    const int workers = design.add("workers", "workers", {{"instances", 2}, {"cores", 1}, {"work_ms", 20}});
    design.connect(users, web);
    design.connect(web, queue, {{"carries", "jobs"}});
    design.connect(queue, workers);
    HeadroomSearch job(design.scenario(3), {{"p99_ms", "<=", 200}}, 1);
    finish(job, 100000);
    const Headroom& found = job.result();
    CHECK(found.runs <= 12);
    CHECK(found.multiple == doctest::Approx(2).epsilon(0.06));
    CHECK(found.behind == queue);
    CHECK(headroom_sentence(design.raw(), found, Language::english)
              .find("messages pile up in queue without end") != std::string::npos);
}
