// Networks of queues: tandem (Jackson), closed networks (exact, product form), held workers.
#include "support.hpp"

#include <algorithm>

using namespace scale;
using namespace scale::theory;

namespace {

// Mean number in M/M/c.
double number_in(double offered, int servers) {
    const double busy = offered / servers;
    return offered + erlang_c(offered, servers) * busy / (1 - busy);
}

// One station of a closed network: how long a visit takes and how many are served at once; 0 is any number.
struct Station {
    double service_s;
    int servers;
};

// Weight of n customers at the station (product form).
std::vector<double> weights(const Station& station, int customers) {
    std::vector<double> out = {1};
    for (int n = 1; n <= customers; ++n) {
        const int serving = station.servers == 0 ? n : std::min(n, station.servers);
        out.push_back(out.back() * station.service_s / serving);
    }
    return out;
}

// Cycles per second of a closed network, by Buzen's convolution: sums of positive terms, so it is stable.
double closed_throughput(const std::vector<Station>& stations, int customers) {
    std::vector<double> total(static_cast<std::size_t>(customers) + 1, 0.0);
    total[0] = 1;
    for (const Station& station : stations) {
        const std::vector<double> own = weights(station, customers);
        std::vector<double> next(total.size(), 0.0);
        for (std::size_t n = 0; n < total.size(); ++n)
            for (std::size_t k = 0; k <= n; ++k) next[n] += own[k] * total[n - k];
        total = next;
    }
    return total[static_cast<std::size_t>(customers) - 1] / total[static_cast<std::size_t>(customers)];
}

} // namespace

TEST_CASE("Tandem: each station as if it stood alone (Jackson)") {
    Design design(1500, 50);
    const int users = design.add("users", "clients", {{"rate_per_s", 500}, {"keys", 1}});
    const int balancer = design.add("balancer", "balancer");
    const int web = design.add(
        "web", "server",
        {{"cores", 4}, {"service_ms", 6.4}, {"while_waiting", "release"}, {"queue_limit", 1000000}});
    const int db =
        design.add("db", "database", {{"connections", 2}, {"read_ms", 3.2}, {"queue_limit", 1000000}});
    design.connect(users, balancer);
    design.connect(balancer, web);
    design.connect(web, db);
    const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
        return Figures{world.node_totals(web).queue_mean + 4 * world.node_totals(web).utilization,
                       world.node_totals(db).in_flight_mean, world.totals().latency_ms.mean,
                       world.node_totals(db).latency_ms.mean};
    });
    const double in_web = number_in(3.2, 4), in_db = number_in(1.6, 2);
    agrees("inside web", seen[0], in_web, 0.03);
    agrees("inside db", seen[1], in_db, 0.03);
    agrees("response", seen[2], (in_web + in_db) * 2, 0.025);
    agrees("db response", seen[3], in_db * 2, 0.03);
}

TEST_CASE("A pool of workers in front of one connection: held while the query waits") {
    // The server itself takes no time, so that the whole is M/M/1, wherever its queue stands.
    const double busy = 0.7;
    for (const int workers : {1, 3}) {
        CAPTURE(workers);
        Design design(3000, 100);
        const int users = design.add("users", "clients", {{"rate_per_s", busy * 100}, {"keys", 1}});
        const int web =
            design.add("web", "server", {{"workers", workers}, {"service_ms", 0}, {"queue_limit", 1000000}});
        const int db =
            design.add("db", "database", {{"connections", 1}, {"read_ms", 10}, {"queue_limit", 1000000}});
        design.connect(users, web);
        design.connect(web, db);
        const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
            return Figures{world.totals().latency_ms.mean, world.node_totals(db).in_flight_mean,
                           world.node_totals(web).workers_busy};
        });
        // At the database: the first `workers` of the M/M/1 queue.
        const double inside = busy * (1 - std::pow(busy, workers)) / (1 - busy);
        agrees("response", seen[0], 10 / (1 - busy), 0.04);
        agrees("at the database", seen[1], inside, 0.02);
        agrees("workers held", seen[2], inside / workers, 0.02);
    }
}

TEST_CASE("Enough workers: a held worker changes nothing") {
    Design design(3000, 100);
    const int users = design.add("users", "clients", {{"rate_per_s", 140}, {"keys", 1}});
    const int web = design.add("web", "server", {{"cores", 2}, {"workers", 10000}, {"service_ms", 10}});
    const int db =
        design.add("db", "database", {{"connections", 1}, {"read_ms", 5}, {"queue_limit", 1000000}});
    design.connect(users, web);
    design.connect(web, db);
    const std::vector<Interval> seen =
        over_seeds(design, [](const World& world) { return Figures{world.totals().latency_ms.mean}; });
    agrees("response", seen[0], (number_in(1.4, 2) + number_in(0.7, 1)) / 0.140, 0.03);
}

TEST_CASE("Machine repairman: users who wait and think, one core") {
    for (const int users_count : {5, 15, 40}) {
        CAPTURE(users_count);
        const double think_s = 1, service_s = 0.08;
        Design design(6000, 100);
        const int users = design.add(
            "users", "clients",
            {{"mode", "closed"}, {"users", users_count}, {"think_ms", think_s * 1000}, {"keys", 1}});
        const int server = design.add("server", "server", {{"cores", 1}, {"service_ms", service_s * 1000}});
        design.connect(users, server);
        const std::vector<Interval> seen = over_seeds(design, [](const World& world) {
            return Figures{world.totals().throughput_per_s, world.totals().latency_ms.mean};
        });
        const double throughput = closed_throughput({{think_s, 0}, {service_s, 1}}, users_count);
        agrees("throughput", seen[0], throughput, 0.02);
        agrees("response", seen[1], (users_count / throughput - think_s) * 1000, 0.04);
    }
}

TEST_CASE("Closed network of two tiers with several servers each") {
    const double think_s = 0.5;
    for (const int users_count : {10, 40}) {
        CAPTURE(users_count);
        Design design(3000, 100);
        const int users = design.add(
            "users", "clients",
            {{"mode", "closed"}, {"users", users_count}, {"think_ms", think_s * 1000}, {"keys", 1}});
        const int web =
            design.add("web", "server", {{"cores", 3}, {"service_ms", 60}, {"while_waiting", "release"}});
        const int db = design.add("db", "database", {{"connections", 2}, {"read_ms", 45}});
        design.connect(users, web);
        design.connect(web, db);
        const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
            return Figures{world.totals().throughput_per_s, world.totals().latency_ms.mean,
                           world.node_totals(db).utilization};
        });
        const double throughput = closed_throughput({{think_s, 0}, {0.060, 3}, {0.045, 2}}, users_count);
        agrees("throughput", seen[0], throughput, 0.015);
        agrees("response", seen[1], (users_count / throughput - think_s) * 1000, 0.03);
        agrees("db busy", seen[2], throughput * 0.045 / 2, 0.015);
    }
}

TEST_CASE("Backlog after a stall: lambda T waiting, drained in backlog / (mu - lambda)") {
    Design design(60);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 50}, {"arrivals", "deterministic"}, {"keys", 1}});
    const int tier =
        design.add("tier", "server", {{"cores", 1}, {"service_ms", 10}, {"service", "deterministic"}});
    design.connect(users, tier);
    design.at(10, design.command("slow", tier, {{"factor", 1000}})); // the next one takes 10 s
    design.at(20, design.command("slow", tier, {{"factor", 1}}));
    World world(design.scenario());
    const auto waiting_at = [&](double s) {
        world.run_until(seconds(s));
        return static_cast<double>(world.node_now(tier).queue);
    };
    CHECK(waiting_at(10) <= 1);
    CHECK(std::abs(waiting_at(20) - 500) <= 2);
    CHECK(std::abs(waiting_at(25) - 250) <= 3);
    CHECK(std::abs(waiting_at(29) - 50) <= 3);
    CHECK(waiting_at(30.2) <= 2);
}
