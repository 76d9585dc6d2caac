#pragma once
// Sampled requests as particles on the edges. A hop takes microseconds or a second of simulated time; here it
// takes as long as an eye needs, in display time, and the hops of one request follow each other in order.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "board_input.hpp"
#include "camera.hpp"
#include "edge_paths.hpp"

namespace scale::web {

inline constexpr std::size_t k_flights_most = 10000;
inline constexpr double k_flights_wanted = 300; // on their way at a time, in a running system
inline constexpr std::size_t k_shapes = 6;

// What a request became, in the order of ParticleShape.
ImU32 particle_color(const Palette& colors, ParticleShape shape);

class ParticleStream {
public:
    // Another design, or another moment: nothing is on its way. Sources are nodes that start requests.
    void reset(const Scenario& scenario);
    void set_paths(std::span<const EdgePath> paths);

    // Display time moves on by `elapsed_s` while playing; while paused only as long as what a single step
    // has set off takes to arrive.
    void advance(Time now, double elapsed_s, bool playing);
    // Takes what the world recorded since the last call.
    void read(const World& world);
    void take(const Span& span);

    // One request in how many should be watched, so that about k_flights_wanted are on their way.
    std::uint32_t watch_every() const { return every_; }

    // Particles as they stand now, in CSS pixels, those outside of the area left out.
    void place(const Camera& camera, const Palette& colors, ImVec2 area_min, ImVec2 area_max,
               std::span<const EdgePath> paths, std::vector<Particle>& out) const;
    // Without motion: how much of what went over each edge in the last second, as marks that stand still.
    void place_marks(const Camera& camera, const Palette& colors, std::span<const EdgePath> paths,
                     std::vector<Particle>& out) const;

    std::size_t alive() const;                           // on their way now
    std::size_t held() const { return flights_.size(); } // those that have not started included
    bool moving() const { return moving_; }
    double clock_s() const { return clock_s_; }
    // Whether one of this shape was to be seen in the last seconds.
    bool seen(ParticleShape shape) const;

private:
    struct Flight {
        double start_s, end_s;
        std::uint16_t edge;
        bool back;
        ParticleShape shape;
    };
    struct Place { // when a request is free to leave a node
        std::uint64_t request = 0;
        std::uint32_t node = 0;
        double until_s = -1;
    };
    struct Density {
        std::array<std::uint32_t, k_shapes> counting{}, shown{};
    };

    double natural_start(Time start) const;
    Place* find(std::uint64_t request, std::uint32_t node);
    Place& keep(std::uint64_t request, std::uint32_t node);
    void adapt(std::uint64_t recorded);
    void drop_landed();

    std::vector<Flight> flights_;
    std::vector<Place> places_;
    std::vector<std::pair<std::uint16_t, std::uint16_t>> edges_;
    std::vector<char> source_;     // per node
    std::vector<float> travel_s_;  // per edge, at least
    std::vector<Density> density_; // per edge
    double density_s_ = 0;
    std::array<double, k_shapes> last_seen_s_{};
    double clock_s_ = 0, frame_s_ = 0;
    Time now_ = 0, before_ = 0;
    bool playing_ = false, moving_ = false, rewound_ = false, started_ = false;
    double step_until_s_ = 0;
    std::uint64_t spans_seen_ = 0;
    std::uint32_t every_ = 1;
    double births_per_s_ = 0, mean_travel_s_ = 0.45, wanted_ = k_flights_wanted;
};

// Draws particles as shapes of the list itself: for pictures and tests, and where there is no GL.
void draw_particles(ImDrawList* list, std::span<const Particle> particles);

} // namespace scale::web
