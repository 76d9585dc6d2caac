// What theory says of whole designs, held against runs: every figure that is called exact must lie inside the
// interval of the measurement; those that are called approximate within a stated tolerance; bounds below.
#include "support.hpp"

#include <algorithm>

#include "scale/analysis.hpp"
#include "scale/codec.hpp"
#include "scenario_files.hpp"
#include "support/level.hpp"

using namespace scale;
using namespace scale::theory;

namespace {

// Hundreds of figures are looked at: each interval is 99.9 % and a third wider.
constexpr double k_many = 1.35;
constexpr double k_buckets = 0.005; // of the histogram, in percentiles

struct Expected {
    Prediction theory;
    Measurement measured;
    Expected(const Scenario& scenario, std::uint64_t seeds)
        : theory(predict(scenario)), measured(scenario, seeds) {
        while (!measured.step(1u << 20)) {}
    }
    std::vector<double> column(const std::string& name) const {
        std::vector<double> out;
        const int index = measured.find(name);
        REQUIRE(index >= 0);
        for (const std::vector<double>& run : measured.runs())
            if (std::isfinite(run[static_cast<std::size_t>(index)]))
                out.push_back(run[static_cast<std::size_t>(index)]);
        return out;
    }
};

// Whether anything of a design is called exact: what is not need not be run.
bool claims_exactness(const Scenario& scenario) {
    const Prediction theory = predict(scenario);
    const auto claims = [](const auto& part) {
        return part.trust == Trust::exact || part.percentiles == Trust::exact;
    };
    return claims(theory) || std::any_of(theory.nodes.begin(), theory.nodes.end(), claims);
}

double completed_at(const Expected& expected, const Scenario& scenario, int node) {
    const std::string id = scenario.nodes[static_cast<std::size_t>(node)].id;
    return expected.measured.figure("nodes." + id + ".completed").mean;
}

// Of all figures that the whole and the nodes have; returns how many were exact.
int exact_ones_agree(const Scenario& scenario, std::uint64_t seeds) {
    const Expected expected(scenario, seeds);
    int count = 0;
    for (int node = -1; node < static_cast<int>(scenario.nodes.size()); ++node)
        for (const Beside& one : beside(scenario, expected.theory, expected.measured, node)) {
            if (one.trust != Trust::exact) continue;
            const std::vector<double> column = expected.column(one.name);
            if (column.size() < seeds) continue; // nothing was completed in some of the runs
            const bool latency = one.name.find("latency_ms") != std::string::npos;
            if (latency && node >= 0 && completed_at(expected, scenario, node) < 3000) continue;
            const Interval seen = interval(column);
            const bool percentile = one.name.find(".p") != std::string::npos;
            INFO(one.name << ": measured " << seen.mean << " +- " << seen.half << ", theory " << one.theory);
            CHECK(std::abs(seen.mean - one.theory) <=
                  k_many * seen.half + (percentile ? k_buckets * one.theory : 0) + 1e-6 + 1e-6 * one.theory);
            ++count;
        }
    return count;
}

// The mean response of the whole, within a share of what was measured.
void near(const char* what, Design& design, double allowance, std::uint64_t seeds = 6) {
    const Expected expected(design.scenario(500), seeds);
    const Interval seen = interval(expected.column("latency_ms.mean"));
    INFO(std::string(what) << ": measured " << seen.mean << " +- " << seen.half << ", theory "
                           << expected.theory.latency_ms.mean);
    CHECK(std::abs(seen.mean - expected.theory.latency_ms.mean) <= seen.half + allowance * seen.mean);
    CHECK(seen.half <= allowance * seen.mean);
}

Design pool(const char* algorithm, int instances, int cores, double busy, const char* shape = "exponential") {
    Design design(16000 / (instances * cores * 4.0), 20);
    const double rate = busy * instances * cores * 100;
    const int users = design.add("users", "clients", {{"rate_per_s", rate}, {"keys", 1}});
    const int balancer = design.add("balancer", "balancer", {{"algorithm", algorithm}});
    const int web = design.add("web", "server",
                               {{"instances", instances},
                                {"cores", cores},
                                {"service_ms", 10},
                                {"service", shape},
                                {"queue_limit", 1000000}});
    design.connect(users, balancer);
    design.connect(balancer, web);
    return design;
}

} // namespace

// Every second of them, and all with ./test --all: the forms have cases of their own below.
TEST_CASE("Predictions that are called exact agree with every scenario that comes along") {
    const bool all = tests::everything_asked_for();
    int count = 0, claiming = 0;
    for (const scenario_files::File& file : scenario_files::k_files) {
        CAPTURE(std::string(file.id));
        const Result<Scenario> read = parse_scenario(file.text);
        REQUIRE(read);
        const Scenario scenario = without_events(*read);
        if (claims_exactness(scenario) && (claiming++ % 2 == 0 || all))
            count += exact_ones_agree(scenario, 6);
    }
    CHECK(count > (all ? 400 : 150));
}

TEST_CASE("Predictions: one station of every kind that has an exact form") {
    struct Case {
        double rate, cores;
        const char* shape;
        double cv;
        const char* method;
    };
    for (const Case& c :
         {Case{70, 1, "exponential", 1, "M/M/1"}, Case{320, 4, "exponential", 1, "M/M/c (Erlang C)"},
          Case{70, 1, "deterministic", 0, "M/G/1 (Pollaczek-Khinchine)"},
          Case{70, 1, "uniform", 0.4, "M/G/1 (Pollaczek-Khinchine)"},
          Case{60, 1, "gamma", 2, "M/G/1 (Pollaczek-Khinchine)"},
          Case{60, 1, "lognormal", 1.5, "M/G/1 (Pollaczek-Khinchine)"},
          Case{60, 1, "hyper-exponential", 2, "M/G/1 (Pollaczek-Khinchine)"}}) {
        CAPTURE(c.shape);
        OneTier system(800, 50, c.rate,
                       {{"cores", c.cores},
                        {"service_ms", 10},
                        {"service", c.shape},
                        {"service_cv", c.cv},
                        {"queue_limit", 1000000}});
        const Scenario scenario = system.design.scenario(900);
        CHECK(predict(scenario).nodes[static_cast<std::size_t>(system.tier)].method.en ==
              std::string(c.method));
        CHECK(exact_ones_agree(scenario, 8) >= 12);
    }
}

TEST_CASE("Predictions: limited queues, sharing, turns, tandem") {
    OneTier limited(800, 20, 270, {{"cores", 3}, {"service_ms", 10}, {"queue_limit", 3}});
    CHECK(exact_ones_agree(limited.design.scenario(70), 8) >= 5);
    OneTier full(400, 20, 500, {{"cores", 3}, {"service_ms", 10}, {"queue_limit", 10}});
    CHECK(exact_ones_agree(full.design.scenario(70), 8) >= 5);
    OneTier sharing(
        1500, 50, 60,
        {{"cores", 1}, {"service_ms", 10}, {"service_cv", 2}, {"service", "gamma"}, {"order", "ps"}});
    CHECK(exact_ones_agree(sharing.design.scenario(70), 8) >= 4);
    Design turns = pool("round-robin", 2, 1, 0.8);
    CHECK(exact_ones_agree(turns.scenario(70), 8) >= 10);
    Design random = pool("random", 3, 2, 0.7);
    CHECK(exact_ones_agree(random.scenario(70), 8) >= 10);
    Design tandem(300, 20);
    const int users = tandem.add("users", "clients", {{"rate_per_s", 500}, {"keys", 1}});
    const int web =
        tandem.add("web", "server",
                   {{"cores", 4}, {"service_ms", 6}, {"while_waiting", "release"}, {"queue_limit", 1000000}});
    const int db =
        tandem.add("db", "database", {{"connections", 2}, {"read_ms", 1.5}, {"queue_limit", 1000000}});
    tandem.connect(users, web, {{"latency_ms", 5}, {"jitter_cv", 0.5}});
    tandem.connect(web, db, {{"latency_ms", 0.5}, {"calls", 2}});
    CHECK(exact_ones_agree(tandem.scenario(70), 8) >= 10);
}

TEST_CASE("Predictions: closed users by the product form") {
    for (const int people : {1, 8, 40, 200}) {
        CAPTURE(people);
        Design design(1500, 100);
        const int users = design.add("users", "clients",
                                     {{"mode", "closed"}, {"users", people}, {"think_ms", 500}, {"keys", 1}});
        const int web =
            design.add("web", "server", {{"cores", 3}, {"service_ms", 60}, {"while_waiting", "release"}});
        const int db = design.add("db", "database", {{"connections", 2}, {"read_ms", 45}});
        design.connect(users, web);
        design.connect(web, db);
        CHECK(exact_ones_agree(design.scenario(70), 8) >= 8);
    }
}

TEST_CASE("Predictions that are called approximate are near") {
    Design two = pool("power-of-two", 40, 1, 0.8);
    near("two choices", two, 0.03);
    Design two_of_many_cores = pool("power-of-two", 20, 4, 0.85);
    near("two choices, four cores", two_of_many_cores, 0.03);
    Design uneven = pool("random", 2, 4, 0.8, "hyper-exponential");
    set_value(uneven.raw().nodes[2], "service_cv", 2);
    near("M/H2/4", uneven, 0.08, 24);
    Design turns = pool("round-robin", 4, 2, 0.8);
    near("every fourth of a Poisson stream", turns, 0.04, 12);
    Design patient = pool("random", 1, 1, 0.8);
    set_value(patient.raw().nodes[0], "timeout_ms", 120);
    near("those who were patient", patient, 0.03);
}

TEST_CASE("Predictions: a disk behind a buffer pool, by Che") {
    Design design(600, 200);
    const int users = design.add("users", "clients", {{"rate_per_s", 400}, {"keys", 10000}, {"zipf", 0.9}});
    const int db = design.add("db", "database",
                              {{"connections", 1000},
                               {"cores", 8},
                               {"read_ms", 2},
                               {"memory_items", 3000},
                               {"disk_ms", 4},
                               {"disk_parallel", 1}});
    design.connect(users, db);
    const Expected expected(design.scenario(11), 6);
    for (const char* metric : {"memory_hit_ratio", "disk_busy"}) {
        const Interval seen = interval(expected.column(std::string("nodes.db.") + metric));
        const int index = metric[0] == 'm' ? 0 : 1;
        const double theory =
            expected.theory.nodes[static_cast<std::size_t>(db)].metrics[static_cast<std::size_t>(index)];
        CHECK(theory == doctest::Approx(seen.mean).epsilon(0.01));
    }
    near("read", design, 0.04);
}

TEST_CASE("Predictions: least connections are no better than one queue") {
    Design design = pool("least-connections", 6, 1, 0.85);
    const Expected expected(design.scenario(3), 6);
    CHECK(expected.theory.trust == Trust::bound);
    const Interval seen = interval(expected.column("latency_ms.mean"));
    CHECK(seen.mean > expected.theory.latency_ms.mean);
    CHECK(seen.mean < 1.25 * expected.theory.latency_ms.mean);
}

TEST_CASE("Predictions: with more workers than cores, who waits for a core is not in the queue") {
    for (const char* algorithm : {"least-connections", "power-of-two"}) {
        CAPTURE(algorithm);
        Design design = pool(algorithm, 5, 2, 0.9);
        set_value(design.raw().nodes[2], "workers", 4);
        const Expected expected(design.scenario(31), 6);
        const Interval queue = interval(expected.column("nodes.web.queue_mean"));
        const double theory = expected.theory.nodes[2].queue_mean;
        INFO(queue.mean << " +- " << queue.half << ", theory " << theory);
        CHECK(theory > 0);
        CHECK(theory <= 1.1 * (queue.mean + queue.half));
    }
}

TEST_CASE("Predictions: retries raise the load, patience is lost, overload is told") {
    Design design(300, 20);
    const int users = design.add("users", "clients",
                                 {{"rate_per_s", 250}, {"keys", 1}, {"retries", 2}, {"backoff_ms", 5000}});
    const int web = design.add("web", "server", {{"cores", 2}, {"service_ms", 10}, {"queue_limit", 2}});
    design.connect(users, web);
    const Expected limited(design.scenario(70), 6);
    CHECK(limited.theory.attempts_per_s > 1.2 * limited.theory.offered_per_s);
    CHECK(limited.theory.availability ==
          doctest::Approx(interval(limited.column("availability")).mean).epsilon(0.03));
    OneTier endless(60, 5, 300, {{"cores", 2}, {"service_ms", 10}, {"queue_limit", 1000000}});
    const Prediction overloaded = predict(endless.design.scenario());
    CHECK(!overloaded.steady);
    CHECK(std::isinf(overloaded.nodes[static_cast<std::size_t>(endless.tier)].queue_mean));
}

TEST_CASE("Predictions take milliseconds at a billion users") {
    OneTier system(60, 5, 100, {{"instances", 1000}, {"cores", 64}, {"service_ms", 5}});
    Scenario scenario = system.design.scenario();
    set_value(scenario.nodes[0], "rate_per_s", 1e9 / 200); // each asks every 200 s
    const Prediction prediction = predict(scenario);
    CHECK(prediction.throughput_per_s == doctest::Approx(5e6));
    CHECK(prediction.nodes[1].utilization == doctest::Approx(5e6 * 0.005 / 64000));
    CHECK(prediction.latency_ms.p50 == doctest::Approx(5 * std::log(2)).epsilon(0.001));
}
