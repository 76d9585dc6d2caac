#pragma once
// What the board is told and what it answers. The board draws and hit-tests; the app decides.

#include <cstdint>
#include <span>
#include <vector>

#include "scale/world.hpp"
#include "session.hpp"
#include "theme.hpp"
#include "wheel.hpp"

namespace scale::web {

// One request on its way, drawn as an instanced quad. Positions and size in CSS pixels of the canvas.
struct Particle {
    float x = 0, y = 0;
    float size = 6; // full width
    ImU32 color = 0;
    std::uint32_t shape = 0; // ParticleShape
};
enum class ParticleShape : std::uint32_t { dot, ring, triangle, cross, square, diamond };

// Takes the particles of a frame; the page's sink draws them where they stand in the draw list's order.
class ParticleSink {
public:
    virtual ~ParticleSink() = default;
    virtual void submit(ImDrawList* list, std::span<const Particle> particles, ImVec2 clip_min,
                        ImVec2 clip_max) = 0;
};

// The board is drawn inside an ImGui window that covers `area` exactly (no padding, no scrolling).
struct BoardInput {
    const World& world;
    const Theme& theme;
    Language language = Language::english;
    ImVec2 area_min{0, 0}, area_max{0, 0};
    float keep_free_bottom = 0; // height at the bottom that the status line usually covers; fit above it
    float covered_bottom = 0;   // that it covers now
    float keep_free_top = 0;    // fit below it
    int selected_node = -1, selected_edge = -1;
    std::span<const int> selected_many{}; // where more than one is selected
    std::span<const int> pointed_at{};    // nodes that a lesson speaks of
    double ui_s = 0;  // seconds since the page started, for motion; stands still while nothing is drawn
    double speed = 1; // simulated seconds per second now, as measured; 0 while paused
    bool playing = false;
    WheelTurn wheel{};                 // of this frame
    ParticleSink* particles = nullptr; // drawn on the list itself where there is none
    const Scenario* design = nullptr;  // with positions and labels as they are now; the world's own when null
    bool reduced_motion = false;       // marks of density on the edges instead of particles
};

struct BoardActions {
    bool select = false; // the selection changes to `node`, `edge`, or nothing (both -1)
    int node = -1, edge = -1;
    int toggled_node = -1;        // joins the selection, or leaves it
    std::vector<int> enclosed;    // by a rectangle: they join the selection
    std::vector<MovedCard> moved; // cards were dropped (board units)
    bool menu = false; // a context menu is asked for: of `menu_node`, `menu_edge`, or the board (both -1)
    int menu_node = -1, menu_edge = -1;
    std::uint32_t watch_every = 1;          // one request in how many should leave spans (World::watch_every)
    int renamed_node = -1;                  // double click on a title: the page asks for the name in HTML
    int connect_from = -1, connect_to = -1; // an edge was drawn by hand
    bool animating = false;                 // draw another frame although nothing happened (a glide, a pulse)
};

} // namespace scale::web
