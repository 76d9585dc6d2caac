// Places: what distance does to a way, what dies with a region, what a partition cuts, and what traffic
// costs.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "kinds/places.hpp"
#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

double library_distance_km(kind::places::Spot a, kind::places::Spot b) {
    const double r = 3.14159265358979323846 / 180;
    const double x =
        std::sin(a.latitude * r) * std::sin(b.latitude * r) +
        std::cos(a.latitude * r) * std::cos(b.latitude * r) * std::cos((a.longitude - b.longitude) * r);
    return 6371 * std::acos(std::min(1.0, std::max(-1.0, x)));
}

// Users in Seoul, a site there (its web tier on a machine) and one in Virginia.
struct TwoSites {
    Design design{120};
    int seoul, virginia, users, near, box, far, to_near, to_far;
    TwoSites() {
        seoul = design.add("seoul", "region");
        virginia = design.add("virginia", "region", {{"place", "virginia"}});
        users = design.add("users", "clients", {{"rate_per_s", 40}, {"keys", 1}}, "seoul");
        box = design.add("box", "machine", {{"cores", 4}}, "seoul");
        near = design.add("near", "server",
                          {{"service_ms", 1}, {"service", "deterministic"}, {"workers", 64}}, "box");
        far = design.add("far", "server", {{"service_ms", 1}, {"service", "deterministic"}, {"cores", 8}},
                         "virginia");
        to_near = design.connect(users, near, {{"latency_ms", 1}, {"carries", "reads"}});
        to_far = design.connect(users, far, {{"latency_ms", 1}, {"give_up_ms", 500}});
    }
};

std::uint64_t completed(const World& world, int node) { return world.node_totals(node).completed; }

} // namespace

TEST_CASE("distances on the globe are those of the cosine law, and known ones") {
    using namespace kind::places;
    for (const Spot& a : k_spots)
        for (const Spot& b : k_spots)
            CHECK(distance_km(a, b) == doctest::Approx(library_distance_km(a, b)).epsilon(1e-6).scale(1000));
    CHECK(distance_km({37.57, 126.98}, {35.68, 139.69}) ==
          doctest::Approx(1153).epsilon(0.01)); // Seoul-Tokyo
    CHECK(distance_km({0, 0}, {0, 180}) == doctest::Approx(3.14159265 * 6371));
    CHECK(distance_km({90, 0}, {-90, 77}) == doctest::Approx(3.14159265 * 6371));
    CHECK(distance_km({10, 20}, {10, 20}) == 0);
}

TEST_CASE("a way between two places takes the distance on top of its own latency; within one it does not") {
    TwoSites sites;
    World world(sites.design.scenario());
    world.run_until(world.duration());
    const double km = library_distance_km({37.57, 126.98}, {38.95, -77.45});
    CHECK(world.node_totals(sites.far).completed > 1000);
    CHECK(world.totals().latency_ms.max == doctest::Approx(2 * (1 + km / 199.9 * 1.5) + 1).epsilon(1e-3));
    CHECK(world.totals().latency_ms.p50 < 200);
    // Coordinates given by hand, set while it runs: the other side of the street.
    CHECK(!world.apply(sites.design.command(
        "set", sites.virginia, {{"place", "custom"}, {"latitude", 37.57}, {"longitude", 126.98}})));
    const Snapshot here = world.snapshot();
    CHECK(here.state != nullptr);
    audit_deeply(world);
}

TEST_CASE("users in a region reach the nearest site by name, and a zone is at least as far as it says") {
    Design design(60);
    design.add("seoul", "region");
    design.add("zone-a", "region", {{"latency_least_ms", 0.5}}, "seoul");
    design.add("zone-b", "region", {{"latency_least_ms", 0.5}}, "seoul");
    design.add("tokyo", "region", {{"place", "tokyo"}});
    const int users = design.add("users", "clients", {{"rate_per_s", 50}, {"keys", 1}}, "seoul");
    const int dns = design.add("dns", "dns", {{"policy", "nearest"}, {"ttl_s", 1}, {"lookup_ms", 0}});
    const int far = design.add("far", "server", {}, "tokyo");
    const int near = design.add("near", "server",
                                {{"service_ms", 0}, {"workers", 64}, {"service", "deterministic"}}, "zone-a");
    const int db = design.add("db", "database", {{"read_ms", 0}, {"service", "deterministic"}}, "zone-b");
    design.connect(users, far);
    design.connect(users, near);
    design.connect(users, dns);
    design.connect(near, db);
    World world(design.scenario());
    world.run_until(world.duration());
    CHECK(world.node_totals(far).arrivals == 0);
    CHECK(world.node_totals(near).arrivals > 2000);
    CHECK(world.totals().latency_ms.max == doctest::Approx(4 * 0.5).epsilon(1e-6));
}

TEST_CASE("a dead region takes along all that is in it, but not its users") {
    TwoSites sites;
    World world(sites.design.scenario());
    world.run_until(seconds(10));
    CHECK(!world.apply(sites.design.command("kill", sites.seoul)));
    for (const int node : {sites.seoul, sites.box, sites.near})
        CHECK(world.node_now(node).state == InstanceState::dead);
    CHECK(world.node_now(sites.users).state == InstanceState::up);
    CHECK(world.node_now(sites.far).state == InstanceState::up);
    audit_deeply(world);
    const std::uint64_t before = completed(world, sites.far);
    world.run_until(seconds(20));
    CHECK(completed(world, sites.far) > before + 100);
    CHECK(!world.apply(sites.design.command("restore", sites.seoul)));
    for (const int node : {sites.seoul, sites.box, sites.near})
        CHECK(world.node_now(node).state == InstanceState::up);
    CHECK(world.metric(sites.seoul, 0) == doctest::Approx(0.5).epsilon(0.001));
    audit(world);
}

TEST_CASE("a partition cuts every way out, or those to one place; a cut of the way's own outlives it") {
    TwoSites sites;
    World world(sites.design.scenario());
    world.run_until(seconds(10));
    CHECK(!world.apply(sites.design.command("partition", sites.virginia, {{"from", "tokyo"}})));
    CHECK(!world.edge_cut(sites.to_far));
    CHECK(!world.apply(sites.design.command("partition", sites.virginia, {{"from", "seoul"}})));
    CHECK(world.edge_cut(sites.to_far));
    CHECK(!world.edge_cut(sites.to_near));
    CHECK(world.metric(sites.virginia, 2) == 1);
    CHECK(!world.apply(sites.design.command("partition", sites.seoul)));
    CHECK(!world.apply(sites.design.command("mend", sites.virginia)));
    CHECK(world.edge_cut(sites.to_far)); // the other side still holds it
    CHECK(!world.apply(sites.design.edge_command("kill", sites.to_far)));
    CHECK(!world.apply(sites.design.command("mend", sites.seoul)));
    CHECK(world.edge_cut(sites.to_far)); // its own
    const std::uint64_t before = completed(world, sites.far);
    world.run_until(seconds(20));
    CHECK(completed(world, sites.far) <= before + 40);
    CHECK(world.totals().requests.failed > 50);
    CHECK(!world.apply(sites.design.edge_command("restore", sites.to_far)));
    CHECK(!world.edge_cut(sites.to_far));
    audit_deeply(world);
}

TEST_CASE("bytes that leave a place are paid for where they leave") {
    TwoSites sites;
    set_value(sites.design.raw().nodes[static_cast<std::size_t>(sites.users)], "request_kb", 3);
    set_value(sites.design.raw().nodes[static_cast<std::size_t>(sites.far)], "answer_kb", 50);
    World world(sites.design.scenario());
    world.run_until(world.duration());
    const auto served = static_cast<double>(completed(world, sites.far));
    CHECK(world.metric(sites.seoul, 1) == doctest::Approx(served * 3e3 / 1e9).epsilon(0.01));
    CHECK(world.metric(sites.virginia, 1) == doctest::Approx(served * 50e3 / 1e9).epsilon(0.01));
    const double month = 30.4375 * 86400 / 120;
    CHECK(world.node_totals(sites.virginia).cost_usd_per_month ==
          doctest::Approx(world.metric(sites.virginia, 1) * month * 0.02));
}

TEST_CASE("what may stand where") {
    const auto refused = [](const char* inner, const char* outer) {
        Design design(10);
        const int users = design.add("users", "clients");
        design.connect(users, design.add("web", "server"));
        design.add("outer", outer);
        design.add("inner", inner, {}, "outer");
        if (std::string_view(inner) == "clients") design.connect(3, 1);
        return validate(design.raw());
    };
    CHECK(refused("region", "machine"));
    CHECK(refused("machine", "machine"));
    CHECK(refused("clients", "machine"));
    CHECK(!refused("clients", "region"));
    CHECK(!refused("machine", "region"));
    CHECK(!refused("region", "region"));
    Design circle(10);
    const int users = circle.add("users", "clients");
    circle.connect(users, circle.add("web", "server"));
    circle.add("a", "region", {}, "b");
    circle.add("b", "region", {}, "a");
    const std::optional<Error> error = validate(circle.raw());
    REQUIRE(error);
    CHECK(error->what == "groups stand in one another in a circle, or more than 5 deep");
}
