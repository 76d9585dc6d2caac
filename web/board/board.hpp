#pragma once
// The board: a design as cards and lines, its requests on their way, and the hands on it. It reads the world
// and reports what was asked for; it never changes the world itself.

#include <string>
#include <vector>

#include "board_input.hpp"
#include "camera.hpp"
#include "edge_paths.hpp"
#include "layout.hpp"
#include "particles.hpp"
#include "scene.hpp"

namespace scale::web {

struct Canvas;

inline constexpr float k_narrow = 520; // CSS pixels: areas narrower than that belong to fingers

class Board {
public:
    // Another design was loaded or this one was changed. Cards that it shares with the one before stay put.
    void set_design(const Scenario& design);
    // Everything in view, gliding there.
    void fit();
    // Fingers or a trackpad: zooms about `at` and moves by `move` (CSS pixels).
    void pinch(ImVec2 at, float factor, ImVec2 move = {0, 0});
    // Lays everything out from scratch; cards that were put somewhere stay there.
    void tidy();
    // Regions on the map, or everything by tiers.
    void show_map(bool map);

    // Draws into the current ImGui window and its list, and takes the input that belongs to the board.
    BoardActions draw(const BoardInput& input, ImDrawList* list);

    const BoardLayout& layout() const { return layout_; }
    const Camera& camera() const { return camera_; }
    const ParticleStream& particles() const { return stream_; }
    // What stands at a point of the canvas: a card, else a line, else a container; all -1 on empty ground.
    struct Hit {
        int node = -1, edge = -1;
        bool group = false, title = false;
        bool operator==(const Hit&) const = default;
    };
    Hit hit(const Scenario& design, ImVec2 screen) const;

private:
    // What a pressed pointer holds. `frame` is a rectangle that is drawn around cards.
    enum class Grip { none, waiting, board, card, line, frame };

    void follow_design(const Scenario& design);
    Box bounds() const;
    void follow_area(const BoardInput& input);
    void follow_pointed(const BoardInput& input);
    // The view of whoever has not chosen one: everything, or on a small screen, where that could not be read,
    // the part that the lesson speaks of or where the requests begin.
    void take_view(bool at_once);
    Box first_part(double most_width) const;
    bool is_narrow() const { return area_max_.x - area_min_.x < k_narrow; } // fingers zoom by themselves
    void draw_beyond(const BoardInput& input, ImDrawList* list) const;
    void follow_selection(const BoardInput& input);
    void take_pointer(const BoardInput& input, const Scenario& design, BoardActions& actions);
    void press(const Scenario& design, ImVec2 pointer);
    void drag(const Scenario& design, ImVec2 pointer);
    void release(const Scenario& design, BoardActions& actions);
    void drop_cards(const Scenario& design, BoardActions& actions);
    void enclose(const Scenario& design, BoardActions& actions) const;
    void move_cards(const Scenario& design, Position by);
    void double_click(BoardActions& actions);
    void take_wheel(const WheelTurn& turn);
    void take_keys();
    void draw_buttons(const BoardInput& input, ImDrawList* list, BoardActions& actions);
    void draw_scene(const BoardInput& input, const Scenario& design, ImDrawList* list);
    void draw_regions(const BoardInput& input, const Scenario& design, const Canvas& canvas) const;
    void draw_requests(const BoardInput& input, ImDrawList* list);
    void draw_legend(const BoardInput& input, ImDrawList* list);
    bool draw_hover(const BoardInput& input, ImDrawList* list);
    // The handle at the right of a card, from which a new edge is drawn.
    ImVec2 handle_of(int node) const;
    int handle_at(ImVec2 pointer) const;
    void draw_new_edge(const BoardInput& input, const Scenario& design, ImDrawList* list);
    void draw_empty(const BoardInput& input, ImDrawList* list);

    BoardLayout layout_;
    std::vector<PlacedCard> placed_; // where the cards stand, by id
    std::vector<PlacedCard> pinned_; // dropped here; kept until the design says so itself
    std::vector<EdgePath> paths_;
    std::uint64_t design_mark_ = 0, graph_mark_ = 0;
    const void* world_ = nullptr; // only compared: another one starts another stream
    Camera camera_;
    bool fitted_ = false; // the view follows the design until a person moves it
    bool whole_ = false;  // a person wants to see everything, however small
    bool near_ = false;   // what is followed is a part of the design
    std::vector<int> pointed_at_;
    int begins_ = -1; // the node that is shown first
    bool first_ = true;
    bool map_ = false;         // regions stand on the map
    bool map_offered_ = false; // there is one that could
    bool rearranged_ = false;  // a person has just chosen that, or the tiers
    ImVec2 area_min_{0, 0}, area_max_{0, 0};
    float keep_free_bottom_ = 0, covered_bottom_ = 0, keep_free_top_ = 0;
    BoardScene scene_;
    ParticleStream stream_;
    std::vector<Particle> drawn_;
    double ui_s_ = 0, elapsed_s_ = 0;

    Grip grip_ = Grip::none;
    Hit pressed_, hovered_;
    ImVec2 pressed_at_{0, 0}, pointer_{0, 0};
    Position grip_offset_; // from the card's corner to the pointer
    struct Dragged {
        int node;
        Position from;
    };
    std::vector<Dragged> dragged_; // the card that was pressed is the first
    std::vector<int> selected_many_;
    bool with_shift_ = false; // when it was pressed
    bool pointer_here_ = false;
    double hovered_since_s_ = 0;
    int handled_ = -1;    // the card whose handle is shown
    int shown_node_ = -1; // the selection that was brought into view
};

} // namespace scale::web
