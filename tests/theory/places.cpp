// Redundancy, measured: what fails at random, alone, in series, in parallel, with a standby, with its region.
#include "support.hpp"

using namespace scale;
using namespace scale::theory;

namespace {

constexpr double k_mtbf_s = 20, k_mttr_s = 5;
constexpr double k_up = k_mtbf_s / (k_mtbf_s + k_mttr_s);

Figures availability(const World& world) { return Figures{world.totals().availability}; }

void leave_to_chance(Design& design, int node, double mtbf_s = k_mtbf_s, double mttr_s = k_mttr_s) {
    design.at(0, design.command("fail-at-random", node, {{"mtbf_s", mtbf_s}, {"mttr_s", mttr_s}}));
}

// A balancer that asks every server once before it gives up.
int add_parallel(Design& design, int users, int servers, const char* id, const char* in = "") {
    const int front =
        design.add((std::string(id) + "-front").c_str(), "balancer",
                   {{"algorithm", "round-robin"}, {"health_interval_s", 0}, {"retry_others", servers - 1}});
    const int web = design.add(id, "server", {{"instances", servers}, {"service_ms", 0.001}}, in);
    design.connect(users, front);
    design.connect(front, web);
    return web;
}

} // namespace

TEST_CASE("Availability of one: MTBF / (MTBF + MTTR)") {
    OneTier alone(40000, 0, 10, {{"service_ms", 0.001}});
    leave_to_chance(alone.design, alone.tier);
    agrees("alone", over_seeds(alone.design, availability)[0], k_up, 0.015);
}

TEST_CASE("Availability in parallel: 1 - (1 - a)^n") {
    for (const int n : {2, 3}) {
        CAPTURE(n);
        Design design(40000);
        const int users = design.add("users", "clients", {{"rate_per_s", 10}, {"keys", 1}});
        leave_to_chance(design, add_parallel(design, users, n, "web"));
        const Interval seen = over_seeds(design, availability)[0];
        agrees("available", seen, 1 - std::pow(1 - k_up, n), 0.005);
        Interval lost{1 - seen.mean, seen.half}; // the nines are in what is lost
        agrees("lost", lost, std::pow(1 - k_up, n), n == 2 ? 0.1 : 0.2);
    }
}

TEST_CASE("Availability in series is the product") {
    Design design(40000);
    const int users = design.add("users", "clients", {{"rate_per_s", 10}, {"keys", 1}});
    const int web = design.add("web", "server", {{"service_ms", 0.001}});
    const int db = design.add("db", "database", {{"read_ms", 0.001}});
    design.connect(users, web);
    design.connect(web, db);
    leave_to_chance(design, web);
    leave_to_chance(design, db, 30, 3);
    agrees("series", over_seeds(design, availability)[0], k_up * 30 / 33, 0.02);
}

TEST_CASE("Servers that die with their region are no better than it: a_region (1 - (1 - a)^n)") {
    Design design(40000);
    const int region = design.add("region", "region");
    const int users = design.add("users", "clients", {{"rate_per_s", 10}, {"keys", 1}});
    leave_to_chance(design, add_parallel(design, users, 3, "web", "region"));
    leave_to_chance(design, region, 90, 10);
    const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
        return Figures{world.totals().availability, world.metric(region, 0)};
    });
    agrees("available", seen[0], 0.9 * (1 - std::pow(1 - k_up, 3)), 0.015);
    agrees("region up", seen[1], 0.9, 0.015);
}

TEST_CASE("Cold standby: down only until it has taken over, E[min(switch, repair)] of each cycle") {
    Design design(40000);
    const int users = design.add("users", "clients", {{"rate_per_s", 10}, {"keys", 1}});
    const int front =
        design.add("front", "balancer", {{"standby", true}, {"failover_s", 2}, {"health_interval_s", 0}});
    design.connect(users, front);
    design.connect(front, design.add("web", "server", {{"service_ms", 0.001}}));
    leave_to_chance(design, front);
    const double down = k_mttr_s * (1 - std::exp(-2 / k_mttr_s));
    agrees("available", over_seeds(design, availability)[0], 1 - down / (k_mtbf_s + k_mttr_s), 0.005);
}

TEST_CASE("A split by DNS sends x % here and the rest there; nearest sends each user to its own side") {
    Design design(300, 10);
    design.add("seoul", "region");
    design.add("virginia", "region", {{"place", "virginia"}});
    const int dns = design.add("dns", "dns", {{"policy", "weighted"}, {"ttl_s", 0}, {"lookup_ms", 0}});
    const int here = design.add("here", "server", {{"service_ms", 0.1}}, "seoul");
    const int there = design.add("there", "server", {{"service_ms", 0.1}}, "virginia");
    const char* const cities[] = {"seoul", "virginia"};
    for (const char* city : cities) {
        const int users = design.add((std::string(city) + "-users").c_str(), "clients",
                                     {{"rate_per_s", 200}, {"users", 1000}, {"keys", 1}}, city);
        design.connect(users, here, {{"weight", 70}});
        design.connect(users, there, {{"weight", 30}});
        design.connect(users, dns);
    }
    const auto share = [&](const World& world) {
        const auto a = static_cast<double>(world.node_totals(here).arrivals);
        const auto b = static_cast<double>(world.node_totals(there).arrivals);
        return Figures{a / (a + b), world.totals().latency_ms.p50};
    };
    agrees("split", over_seeds(design, share)[0], 0.7, 0.01);
    set_value(design.raw().nodes[static_cast<std::size_t>(dns)], "policy", 2);
    const std::vector<Interval> nearest = over_seeds(design, share, 4);
    agrees("nearest", nearest[0], 0.5, 0.03);
    CHECK(nearest[1].mean < 1); // nobody crosses the ocean
}
