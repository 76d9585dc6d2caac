// Memory: no allocation per event in the steady state, few bytes per request in flight, caps that report.
#include <doctest/doctest.h>

#include <cstdlib>
#include <new>

#include "scale/world.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

std::size_t allocations = 0;

} // namespace

// Counts every allocation of this program.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* const found = std::malloc(size == 0 ? 1 : size)) return found;
    std::abort();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    ++allocations;
    const auto wanted = static_cast<std::size_t>(alignment);
    if (void* const found = std::aligned_alloc(wanted, (size + wanted - 1) / wanted * wanted)) return found;
    std::abort();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

// Warms up to the largest state that the design reaches, then counts over many more events.
std::size_t allocations_in_steady_state(const Scenario& scenario, double warm_s) {
    World world(scenario);
    world.run_until(seconds(warm_s));
    const std::size_t before = allocations;
    const std::uint64_t done = world.step(400000);
    const std::size_t counted = allocations - before;
    CHECK(done == 400000);
    return counted;
}

} // namespace

TEST_CASE("No allocation per event: timeouts, retries, balancer, name look-ups, jitter, disk, sharing") {
    for (const char* order : {"fifo", "lifo", "ps"}) {
        for (const bool cancels : {false, true}) {
            CAPTURE(order);
            CAPTURE(cancels);
            Design design(100000);
            const int users = design.add("users", "clients",
                                         {{"rate_per_s", 300},
                                          {"keys", 5000},
                                          {"timeout_ms", 60},
                                          {"retries", 2},
                                          {"backoff_ms", 20},
                                          {"cancels", cancels}});
            const int dns = design.add("dns", "dns", {{"ttl_s", 2}, {"health_interval_s", 1}});
            const int balancer =
                design.add("balancer", "balancer",
                           {{"algorithm", "power-of-two"}, {"health_interval_s", 1}, {"eject_slow", 3}});
            const int web = design.add("web", "server",
                                       {{"instances", 4},
                                        {"cores", 2},
                                        {"workers", 10},
                                        {"service_ms", 8},
                                        {"service", "lognormal"},
                                        {"service_cv", 2},
                                        {"order", order},
                                        {"queue_limit", 30}});
            const int db = design.add("db", "database",
                                      {{"connections", 6},
                                       {"read_ms", 5},
                                       {"memory_items", 500},
                                       {"disk_ms", 4},
                                       {"queue_limit", 50}});
            design.connect(users, dns);
            design.connect(users, balancer, {{"latency_ms", 5}, {"jitter_cv", 0.3}});
            design.connect(balancer, web, {{"latency_ms", 0.3}, {"bandwidth_mbps", 1000}});
            design.connect(web, db, {{"latency_ms", 0.3}});
            CHECK(allocations_in_steady_state(design.scenario(), 300) == 0);
        }
    }
}

TEST_CASE("No allocation per event: closed users, a machine that tiers share, every algorithm") {
    for (const Choice& algorithm : find_kind("balancer")->params[0].choices) {
        CAPTURE(std::string(algorithm.id));
        Design design(100000);
        const int users =
            design.add("users", "clients", {{"mode", "closed"}, {"users", 200}, {"think_ms", 300}});
        const int balancer =
            design.add("balancer", "balancer", {{"algorithm", algorithm.id}, {"service_ms", 0.1}});
        design.add("box", "machine", {{"cores", 3}});
        const int web = design.add("web", "server", {{"workers", 16}, {"service_ms", 2}}, "box");
        const int db = design.add("db", "database", {{"read_ms", 1}}, "box");
        const int other = design.add("other", "server", {{"cores", 2}, {"workers", 8}, {"service_ms", 3}});
        design.connect(users, balancer);
        design.connect(balancer, web);
        design.connect(balancer, other);
        design.connect(web, db);
        design.connect(other, db);
        CHECK(allocations_in_steady_state(design.scenario(), 400) == 0);
    }
}

TEST_CASE("No allocation per event: a queue with redelivery, dead letters and polling") {
    Design design(100000);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", 200}, {"poll_ms", 100}, {"timeout_ms", 500}, {"retries", 1}});
    const int web = design.add("web", "server", {{"cores", 4}, {"workers", 64}, {"service_ms", 1}});
    const int queue = design.add("queue", "queue",
                                 {{"capacity", 2000},
                                  {"copies", 3},
                                  {"visibility_s", 0.2},
                                  {"deliveries_most", 3},
                                  {"retry_delay_ms", 50},
                                  {"prefetch", 1}});
    const int workers = design.add(
        "workers", "workers",
        {{"instances", 6}, {"cores", 4}, {"work_ms", 60}, {"second_ms", 20}, {"poison_one_in", 20}});
    const int db = design.add("db", "database");
    design.connect(users, web, {{"latency_ms", 2}});
    design.connect(web, queue, {{"latency_ms", 0.2}});
    design.connect(queue, workers, {{"latency_ms", 0.2}});
    design.connect(workers, db);
    CHECK(allocations_in_steady_state(design.scenario(), 400) == 0);
}

TEST_CASE("No allocation per event: a proxy that shares, hedges, retries, gives up and protects") {
    for (const bool cancels : {false, true}) {
        CAPTURE(cancels);
        Design design(100000);
        const int users =
            design.add("users", "clients", {{"rate_per_s", 300}, {"keys", 200}, {"writes", 0.1}});
        const int proxy = design.add("proxy", "proxy",
                                     {{"collapse", true},
                                      {"timeout_ms", 60},
                                      {"retries", 2},
                                      {"hedge_ms", 15},
                                      {"cancels", cancels},
                                      {"breaker_share", 0.5},
                                      {"limit_per_s", 5},
                                      {"limit_by", "user"},
                                      {"bulkhead", 100}});
        const int web = design.add("web", "server",
                                   {{"instances", 2}, {"cores", 2}, {"service_ms", 12}, {"queue_limit", 10}});
        design.connect(users, proxy, {{"latency_ms", 2}});
        design.connect(proxy, web, {{"latency_ms", 0.2}});
        CHECK(allocations_in_steady_state(design.scenario(), 400) == 0);
    }
}

TEST_CASE("At most 200 bytes per request in flight, waiting or on the wire, with a timeout armed") {
    Design design(1000);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", 100000}, {"timeout_ms", 600000}, {"arrivals", "deterministic"}});
    const int web = design.add(
        "web", "server", {{"cores", 1}, {"workers", 5000}, {"service_ms", 60000}, {"queue_limit", 1000000}});
    const int db = design.add("db", "database", {{"queue_limit", 1000000}});
    design.connect(users, web, {{"latency_ms", 300}, {"jitter_cv", 0.5}});
    design.connect(web, db);
    World world(design.scenario());
    const std::size_t empty = world.bytes_in_use();
    world.run_until(seconds(1.3));
    const std::uint64_t in_flight = world.totals().requests.in_flight;
    CHECK(in_flight > 120000);
    CHECK(static_cast<double>(world.bytes_in_use() - empty) / static_cast<double>(in_flight) <= 200);
}

TEST_CASE("Memory is flat however long the run") {
    Design design(100000);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 2000}, {"timeout_ms", 50}, {"retries", 1}});
    const int web = design.add("web", "server", {{"cores", 8}, {"service_ms", 3}});
    design.connect(users, web, {{"latency_ms", 1}});
    World world(design.scenario());
    world.run_until(seconds(100));
    const std::size_t before = world.bytes_in_use();
    world.run_until(seconds(500));
    CHECK(world.bytes_in_use() == before);
}

TEST_CASE("Caps are reported: a full queue rejects, a full slab turns new requests away") {
    Design queue(20);
    const int users = queue.add("users", "clients", {{"rate_per_s", 500}});
    const int web = queue.add("web", "server", {{"cores", 1}, {"service_ms", 10}, {"queue_limit", 25}});
    queue.connect(users, web);
    World small(queue.scenario());
    for (int s = 1; s <= 20; ++s) {
        small.run_until(seconds(s));
        CHECK(small.node_now(web).queue <= 25);
    }
    CHECK(small.node_totals(web).rejected > 5000);
    CHECK(small.totals().caps_reached == small.totals().requests.rejected);

    Design slab(20);
    const int crowd =
        slab.add("crowd", "clients", {{"rate_per_s", 10000000}, {"arrivals", "deterministic"}, {"keys", 1}});
    const int stuck =
        slab.add("stuck", "server", {{"cores", 1}, {"service_ms", 600000}, {"queue_limit", 1000000}});
    const int second =
        slab.add("second", "server", {{"cores", 1}, {"service_ms", 600000}, {"queue_limit", 1000000}});
    slab.connect(crowd, stuck);
    slab.connect(crowd, second);
    World full(slab.scenario());
    full.run_until(seconds(0.12));
    const Counts counts = full.totals().requests;
    CHECK(counts.in_flight == 1u << 20);
    CHECK(counts.rejected > 100000);
    CHECK(full.totals().caps_reached == counts.rejected);
    CHECK(counts.offered == counts.rejected + counts.in_flight);
}
