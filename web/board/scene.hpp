#pragma once
// What the board shows at one moment, read from the world once per frame. Drawing looks only at this.

#include <cstdint>
#include <string>
#include <vector>

#include "scale/world.hpp"

namespace scale::web {

// How a part is doing; always shown by a sign or a word besides its colour.
enum class Tone : std::uint8_t { calm, ok, warn, bad };

inline constexpr std::size_t k_marks = 64; // instances that are drawn one by one
inline constexpr std::size_t k_spark_points = 40;

struct InstanceMark {
    InstanceState state = InstanceState::up;
    float busy = 0;
};

struct CardScene {
    const KindRecord* kind = nullptr;
    std::string title;
    std::string line;    // key figures: "4 cores · 413 /s"
    std::string details; // more of them, shown where there is room
    std::string badge;   // "dead", "slow": in place of the ring or beside it; empty when all is well
    Tone tone = Tone::ok;
    bool ring = false; // has a capacity that can be busy
    float busy = 0;    // 0..1
    double queue = 0;
    std::uint32_t instances = 1, instances_up = 1; // as they are simulated, a square each
    std::uint32_t stands_for = 1;                  // of the design, each of these
    std::vector<InstanceMark> marks;               // at most k_marks
    std::vector<float> spark;                      // arrivals per second, oldest first
    bool dead = false;
    bool badge_counts = false; // the badge says how many are up, as squares or a strip do
};

struct EdgeScene {
    std::uint16_t from = 0, to = 0;
    bool cut = false;
    double latency_ms = 0;
    bool lasting = false; // replication, scraping: no client's request takes it
};

struct BoardScene {
    std::vector<CardScene> cards; // per node; of a group only the title counts
    std::vector<EdgeScene> edges;
    double now_s = 0;
};

// Fills the scene anew; keeps its memory. Labels come from the design, which may be newer than the world's.
void read_scene(BoardScene& scene, const World& world, const Scenario& design, Language language);

Tone tone_of(const NodeNow& now);

// One row of the numbers shown when the pointer rests on something.
struct HoverRow {
    std::string name, value;
    Tone tone = Tone::calm;
};
std::vector<HoverRow> node_figures(const World& world, int node, Language language);
std::vector<HoverRow> edge_figures(const World& world, int edge, Language language);

} // namespace scale::web
