// Requests on their way: in order, in display time, and still when nothing moves.

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "board/particles.hpp"
#include "board_designs.hpp"
#include "scale/codec.hpp"

using namespace scale;
using namespace scale::web;

namespace {

constexpr double k_frame_s = 1.0 / 60;
constexpr Time k_frame_ns = 16'666'667;

struct Road {
    Scenario scenario = board_designs::journey();
    BoardLayout layout = lay_out_board(scenario);
    std::vector<EdgePath> paths = edge_paths(scenario, layout);
    ParticleStream stream;
    Camera camera;
    Time now = 1'000'000'000;
    std::vector<Particle> drawn;

    Road() {
        stream.reset(scenario);
        stream.set_paths(paths);
        camera.set_area({0, 0}, {1200, 800}, 0);
        camera.set_bounds(layout.bounds);
        camera.fit(true);
        frame();
        frame();
    }
    void frame(bool playing = true, Time step = k_frame_ns) {
        if (playing) now += step;
        stream.advance(now, k_frame_s, playing);
    }
    int edge(const char* from, const char* to) const {
        return scenario.find_edge(scenario.find_node(from), scenario.find_node(to));
    }
    Span hop(std::uint64_t request, const char* from, const char* to, bool back = false) const {
        Span span;
        span.start = now - 1000;
        span.end = now; // a microsecond
        span.request = request;
        span.edge = static_cast<std::uint16_t>(edge(from, to));
        span.phase = back ? Phase::reply : Phase::wire;
        return span;
    }
    void place() { stream.place(camera, palette(true), {0, 0}, {1200, 800}, paths, drawn); }
    // Frames until nothing is on its way.
    int frames_until_landed() {
        int frames = 0;
        while (stream.held() > 0 && frames < 10000) frame(), ++frames;
        return frames;
    }
};

} // namespace

TEST_CASE("board particles: a hop of a microsecond takes as long as an eye needs") {
    Road road;
    road.stream.take(road.hop(7, "users", "balancer"));
    const int frames = road.frames_until_landed();
    CHECK(frames * k_frame_s > 0.25);
    CHECK(frames * k_frame_s < 1.2);
}

TEST_CASE("board particles: a hop that really takes long takes that long") {
    Road road;
    Span span = road.hop(7, "users", "balancer");
    span.end = span.start + 2'000'000'000; // two seconds at real speed
    road.stream.take(span);
    const int frames = road.frames_until_landed();
    CHECK(frames * k_frame_s > 1.9);
    CHECK(frames * k_frame_s < 2.2);
}

TEST_CASE("board particles: the hops of one request follow each other") {
    Road road;
    road.stream.take(road.hop(7, "users", "balancer"));
    road.stream.take(road.hop(7, "balancer", "web-2"));
    road.stream.take(road.hop(7, "balancer", "web-2", true));
    road.stream.take(road.hop(7, "users", "balancer", true));
    std::size_t most = 0;
    float x_before = -1e9f, furthest = 0;
    bool turned = false;
    while (road.stream.held() > 0) {
        road.frame();
        road.place();
        most = std::max(most, road.drawn.size());
        if (road.drawn.empty()) continue;
        const float x = road.drawn[0].x;
        furthest = std::max(furthest, x);
        if (x < x_before - 1)
            turned = true;
        else
            CHECK_FALSE((turned && x > x_before + 1)); // out once, back once
        x_before = x;
    }
    CHECK(most == 1);
    CHECK(turned);
    const Box& web = road.layout.nodes[static_cast<std::size_t>(road.scenario.find_node("web-2"))];
    CHECK(furthest > road.camera.to_screen(web.x, web.y).x - 16);
}

TEST_CASE("board particles: calls side by side leave together") {
    Road road;
    road.stream.take(road.hop(7, "users", "balancer"));
    road.stream.take(road.hop(7, "balancer", "web-1"));
    road.stream.take(road.hop(7, "balancer", "web-3"));
    std::size_t most = 0;
    while (road.stream.held() > 0) {
        road.frame();
        most = std::max(most, road.stream.alive());
    }
    CHECK(most == 2);
}

TEST_CASE("board particles: shapes say what became of a request") {
    Road road;
    const auto shape_of = [&](Outcome outcome, std::uint8_t hit, std::uint8_t attempt, bool back) {
        road.stream.reset(road.scenario);
        road.stream.set_paths(road.paths);
        road.frame();
        road.frame();
        road.stream.take(road.hop(9, "users", "balancer"));
        road.frames_until_landed();
        Span span = road.hop(9, "users", "balancer", back);
        span.outcome = outcome;
        span.hit = hit;
        span.attempt = attempt;
        road.stream.take(span);
        road.frame();
        road.place();
        REQUIRE(road.drawn.size() == 1);
        return static_cast<ParticleShape>(road.drawn[0].shape);
    };
    CHECK(shape_of(Outcome::served, 0, 0, true) == ParticleShape::dot);
    CHECK(shape_of(Outcome::served, 1, 0, true) == ParticleShape::diamond);
    CHECK(shape_of(Outcome::failed, 0, 0, true) == ParticleShape::triangle);
    CHECK(shape_of(Outcome::timed_out, 0, 0, true) == ParticleShape::cross);
    CHECK(shape_of(Outcome::rejected, 0, 0, true) == ParticleShape::square);
    CHECK(shape_of(Outcome::served, 0, 1, false) == ParticleShape::ring);
}

TEST_CASE("board particles: paused they freeze, and a single step plays to its end") {
    Road road;
    road.stream.take(road.hop(7, "users", "balancer"));
    for (int i = 0; i < 6; ++i) road.frame();
    road.place();
    REQUIRE(road.drawn.size() == 1);
    const float x = road.drawn[0].x;
    for (int i = 0; i < 30; ++i) road.frame(false);
    road.place();
    REQUIRE(road.drawn.size() == 1);
    CHECK(road.drawn[0].x == x);
    CHECK_FALSE(road.stream.moving());

    road.now += 1'000'000;
    road.frame(false);
    road.stream.take(road.hop(8, "users", "balancer"));
    CHECK(road.stream.moving());
    int frames = 0;
    while (road.stream.moving() && frames < 600) road.frame(false), ++frames;
    CHECK(frames > 10);
    CHECK(frames < 120);
    CHECK(road.stream.held() == 0);
}

TEST_CASE("board particles: a rewind clears the road") {
    Road road;
    road.stream.take(road.hop(7, "users", "balancer"));
    road.frame();
    REQUIRE(road.stream.alive() == 1);
    road.now = 500'000'000;
    road.stream.advance(road.now, k_frame_s, true);
    CHECK(road.stream.held() == 0);
}

TEST_CASE("board particles: never more than fit, and a request that was not followed has no answer") {
    Road road;
    road.stream.take(road.hop(3, "users", "balancer", true));
    road.stream.take(road.hop(4, "web-1", "cache"));
    CHECK(road.stream.held() == 0);
    for (std::uint64_t request = 1; request < 60000; ++request)
        road.stream.take(road.hop(request, "users", "balancer"));
    CHECK(road.stream.held() <= k_flights_most);
    for (int round = 0; round < 20000; ++round) road.stream.take(road.hop(1, "users", "balancer"));
    CHECK(road.stream.held() <= k_flights_most);
    road.place();
    CHECK(road.drawn.size() <= k_flights_most);
}

TEST_CASE("board particles: without motion, marks stand where requests pass") {
    Road road;
    for (std::uint64_t request = 1; request < 50; ++request)
        road.stream.take(road.hop(request, "users", "balancer"));
    for (int i = 0; i < 61; ++i) road.frame();
    road.stream.place_marks(road.camera, palette(true), road.paths, road.drawn);
    REQUIRE(road.drawn.size() >= 3);
    CHECK(road.drawn.size() <= 8);
    const std::vector<Particle> before = road.drawn;
    road.frame();
    road.stream.place_marks(road.camera, palette(true), road.paths, road.drawn);
    REQUIRE(road.drawn.size() == before.size());
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(road.drawn[i].x == before[i].x);
}

TEST_CASE("board particles: the sampling follows the load, so that hundreds are on their way and no more") {
    const auto alive_at = [](const char* rate, double speed) {
        const std::string json = std::string(R"({"scaleground": 1, "duration_s": 1000, "nodes": [
            {"id": "users", "kind": "clients", "rate_per_s": )") +
                                 rate + R"(},
            {"id": "web", "kind": "server", "instances": 40, "cores": 64, "service_ms": 1},
            {"id": "db", "kind": "database", "connections": 500, "read_ms": 0.1}],
            "edges": [["users", "web"], ["web", "db"]]})";
        auto scenario = parse_scenario(json);
        REQUIRE_MESSAGE(scenario, scenario.error().sentence());
        World world(*scenario);
        const BoardLayout layout = lay_out_board(*scenario);
        const auto paths = edge_paths(*scenario, layout);
        ParticleStream stream;
        stream.reset(*scenario);
        stream.set_paths(paths);
        double mean = 0;
        for (int frame = 0; frame < 300; ++frame) {
            world.watch_every(stream.watch_every());
            world.run_until(world.now() + static_cast<Time>(k_frame_s * speed * 1e9));
            stream.advance(world.now(), k_frame_s, true);
            stream.read(world);
            if (frame >= 200) mean += static_cast<double>(stream.alive()) / 100;
        }
        return mean;
    };
    CHECK(alive_at("5", 1) > 1);
    CHECK(alive_at("5", 1) < 40);
    for (const auto& asked : {std::pair{"500", 1.0}, {"5000", 1.0}, {"2000", 20.0}}) {
        CAPTURE(asked.first);
        CAPTURE(asked.second);
        const double alive = alive_at(asked.first, asked.second);
        CHECK(alive > 5);
        CHECK(alive < 150);
    }
}
