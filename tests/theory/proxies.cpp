// Reverse proxies against closed forms: shared calls, hedges, token buckets, limits, retries.
#include "support.hpp"

#include "support/metric.hpp"

using namespace scale;
using namespace scale::theory;
using tests::figures::metric;

namespace {

// Users, a proxy, and something behind it that nobody ever waits for.
struct Front {
    Design design;
    int users, proxy, store;
    Front(double duration_s, tests::Values user_values, tests::Values proxy_values, double call_ms,
          const char* shape = "exponential")
        : design(duration_s, 5), users(design.add("users", "clients", user_values)),
          proxy(design.add("proxy", "proxy", proxy_values)),
          store(design.add("store", "server",
                           {{"cores", 256}, {"instances", 4}, {"service_ms", call_ms}, {"service", shape}})) {
        design.connect(users, proxy);
        design.connect(proxy, store);
    }
};

// Share of arrivals that M/D/1/K turns away: the chain of what departures leave behind.
double lost_in_m_d_1_k(double load, int room) {
    std::vector<double> come; // in one service
    double term = std::exp(-load);
    for (int k = 0; k <= room; ++k, term *= load / k) come.push_back(term);
    std::vector<double> left = {1};
    for (int j = 0; j + 1 < room; ++j) {
        double next = left[static_cast<std::size_t>(j)] - left[0] * come[static_cast<std::size_t>(j)];
        for (int i = 1; i <= j; ++i)
            next -= left[static_cast<std::size_t>(i)] * come[static_cast<std::size_t>(j - i + 1)];
        left.push_back(next / come[0]);
    }
    double sum = 0;
    for (const double weight : left) sum += weight;
    return 1 - 1 / (left[0] / sum + load);
}

} // namespace

TEST_CASE("Collapsed forwarding: rate/(1 + rate x call) calls per key, whatever the calls' distribution") {
    for (const char* shape : {"exponential", "deterministic"}) {
        for (const double zipf : {0.0, 0.9}) {
            CAPTURE(shape);
            CAPTURE(zipf);
            const double rate = 1000, call_s = 0.05;
            Front front(200, {{"rate_per_s", rate}, {"keys", 100}, {"zipf", zipf}},
                        {{"service_ms", 0}, {"collapse", true}}, call_s * 1000, shape);
            double sum = 0, expected = 0;
            for (int key = 1; key <= 100; ++key) sum += std::pow(key, -zipf);
            for (int key = 1; key <= 100; ++key) {
                const double own = rate * std::pow(key, -zipf) / sum;
                expected += own / (1 + own * call_s);
            }
            const std::vector<Interval> seen = over_seeds(front.design, [&](const World& world) {
                const double time_s = world.totals().measured_s;
                return Figures{metric(world, front.proxy, "fetches") / time_s,
                               world.node_totals(front.store).throughput_per_s};
            });
            agrees("calls per second", seen[0], expected, 0.01);
            agrees("at the store", seen[1], expected, 0.01);
        }
    }
}

TEST_CASE("Neighbours fetched at once: a block is one key of the summed rate") {
    for (const int block : {1, 10}) {
        CAPTURE(block);
        const double rate = 500, call_s = 0.04, keys = 200;
        Front front(300, {{"rate_per_s", rate}, {"keys", keys}, {"zipf", 0}},
                    {{"service_ms", 0}, {"collapse", true}, {"block_keys", block}}, call_s * 1000);
        const double own = rate * block / keys;
        const std::vector<Interval> seen = over_seeds(front.design, [&](const World& world) {
            return Figures{world.node_totals(front.store).throughput_per_s,
                           metric(world, front.proxy, "collapsed") / world.totals().measured_s};
        });
        const double calls = keys / block * own / (1 + own * call_s);
        agrees("calls per second", seen[0], calls, 0.01);
        agrees("collapsed per second", seen[1], rate - calls, 0.03);
    }
}

TEST_CASE("Who joins a call waits for the rest of it") {
    const double rate = 30, call_ms = 100; // per key: three join on average
    Front front(1000, {{"rate_per_s", rate}, {"keys", 1}}, {{"service_ms", 0}, {"collapse", true}}, call_ms,
                "deterministic");
    const double load = rate * call_ms / 1000;
    const std::vector<Interval> seen =
        over_seeds(front.design, [](const World& world) { return Figures{world.totals().latency_ms.mean}; });
    agrees("response", seen[0], call_ms * (1 + load / 2) / (1 + load), 0.01);
}

TEST_CASE("At low load a proxy costs its own work and the way; at high load it saves the store") {
    const auto response = [](bool collapse, double rate, double duration_s) {
        Design design(duration_s, 10);
        const int users = design.add("users", "clients", {{"rate_per_s", rate}, {"keys", 20}, {"zipf", 0.9}});
        const int proxy =
            design.add("proxy", "proxy", {{"service_ms", 0.5}, {"workers", 64}, {"collapse", collapse}});
        const int db = design.add("db", "database", {{"connections", 8}, {"read_ms", 20}});
        design.connect(users, proxy);
        design.connect(proxy, db);
        return over_seeds(design,
                          [](const World& world) { return Figures{world.totals().latency_ms.mean}; })[0];
    };
    agrees("own work at low load", response(false, 5, 1500), 0.5 + 20, 0.02, 0.005);
    agrees("shared or not: the same at low load", response(true, 5, 1500), 0.5 + 20, 0.03, 0.04);
    CHECK(response(false, 800, 50).mean > 1000); // twice what the store can do
    CHECK(response(true, 800, 50).mean < 30);
}

TEST_CASE("A hedged read: the minimum of two, the second one later") {
    const double call_ms = 50;
    for (const double after_ms : {0.001, 25.0, 100.0}) {
        CAPTURE(after_ms);
        Front front(400, {{"rate_per_s", 100}, {"keys", 1}}, {{"service_ms", 0}, {"hedge_ms", after_ms}},
                    call_ms);
        const double waits = std::exp(-after_ms / call_ms);
        const std::vector<Interval> seen = over_seeds(front.design, [&](const World& world) {
            const auto served = static_cast<double>(world.totals().requests.completed);
            return Figures{world.totals().latency_ms.mean, metric(world, front.proxy, "hedges") / served,
                           metric(world, front.proxy, "hedge_wins") / served};
        });
        agrees("response", seen[0], call_ms * (1 - waits) + call_ms / 2 * waits, 0.01);
        agrees("hedges", seen[1], waits, 0.03);
        agrees("of them won", seen[2], waits / 2, 0.04);
    }
}

TEST_CASE("Token bucket: lets in as much as M/D/1/K with the burst as its room") {
    const double rate = 120, limit = 100;
    for (const int burst : {1, 2, 10}) {
        CAPTURE(burst);
        Front front(500, {{"rate_per_s", rate}, {"keys", 1}, {"users", 50}},
                    {{"service_ms", 0}, {"limit_per_s", limit}, {"limit_burst", burst}}, 1);
        const std::vector<Interval> seen = over_seeds(
            front.design, [](const World& world) { return Figures{world.totals().throughput_per_s}; });
        const double let_in = rate * (1 - lost_in_m_d_1_k(rate / limit, burst));
        if (burst == 1) CHECK(let_in == doctest::Approx(rate * limit / (rate + limit)));
        agrees("let in", seen[0], let_in, 0.01);
    }
}

TEST_CASE("Token bucket for each user: as many buckets as users") {
    const double rate = 600, limit = 10, users = 50;
    Front front(300, {{"rate_per_s", rate}, {"keys", 1}, {"users", users}},
                {{"service_ms", 0}, {"limit_per_s", limit}, {"limit_burst", 3}, {"limit_by", "user"}}, 1);
    const std::vector<Interval> seen =
        over_seeds(front.design, [](const World& world) { return Figures{world.totals().throughput_per_s}; });
    agrees("let in", seen[0], rate * (1 - lost_in_m_d_1_k(rate / users / limit, 3)), 0.01);
}

TEST_CASE("Bulkhead and load shedding turn away what Erlang B says") {
    const double rate = 100, call_ms = 100;
    for (const char* guard : {"bulkhead", "shed_inside"}) {
        CAPTURE(guard);
        Front front(1000, {{"rate_per_s", rate}, {"keys", 1}}, {{"service_ms", 0}, {guard, 12}}, call_ms);
        const std::vector<Interval> seen = over_seeds(front.design, [](const World& world) {
            return Figures{1 - world.totals().availability, world.totals().latency_ms.mean};
        });
        agrees("turned away", seen[0], erlang_b(rate * call_ms / 1000, 12), 0.03);
        agrees("the others never wait", seen[1], call_ms, 0.01);
    }
}

TEST_CASE("Retries of a proxy multiply its calls by (1-p^(r+1))/(1-p)") {
    for (const int retries : {1, 3}) {
        CAPTURE(retries);
        Design design(1000, 5);
        const int users = design.add("users", "clients", {{"rate_per_s", 40}, {"keys", 1}});
        const int proxy = design.add("proxy", "proxy",
                                     {{"service_ms", 0},
                                      {"retries", retries},
                                      {"retry_ms", 2000}, // long after: each try meets it afresh
                                      {"retry_budget", 10}});
        const int store =
            design.add("store", "server", {{"cores", 1}, {"service_ms", 10}, {"queue_limit", 0}});
        design.connect(users, proxy);
        design.connect(proxy, store);
        const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
            const NodeTotals totals = world.node_totals(store);
            const double tries = static_cast<double>(totals.completed + totals.rejected);
            const double p = static_cast<double>(totals.rejected) / tries;
            const double served = 1 - std::pow(p, retries + 1);
            return Figures{metric(world, proxy, "fetches") / world.totals().measured_s / 40 /
                               (served / (1 - p)),
                           world.totals().availability / served};
        });
        agrees("calls against the form", seen[0], 1, 0.01, 0.005);
        agrees("served against the form", seen[1], 1, 0.01, 0.005);
    }
}
