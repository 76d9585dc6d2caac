#pragma once
// The instrument: owns the session, the look and the selection, lays out the regions and draws the panels.
// Runs on any ImGui context; the platform brings pixels, input and a clock.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "board_input.hpp"
#include "chart.hpp"
#include "heat.hpp"
#include "outlook.hpp"
#include "session.hpp"
#include "status.hpp"
#include "tail.hpp"
#include "theme.hpp"
#include "time_zoom.hpp"
#include "wheel.hpp"
#include "words.hpp"

namespace scale::web {

class Board;

struct Rect {
    float x = 0, y = 0, width = 0, height = 0;
    bool empty() const { return width <= 0 || height <= 0; }
    bool has(ImVec2 at) const { return at.x >= x && at.x < x + width && at.y >= y && at.y < y + height; }
};

enum class Region : std::uint8_t { board, status, charts, transport, inspector };
inline constexpr int k_regions = 5;

// Where the regions stand, in CSS pixels of the canvas. Narrow: the inspector is a sheet over the lower part.
struct Layout {
    Rect regions[k_regions];
    bool narrow = false;
    const Rect& operator[](Region region) const { return regions[static_cast<int>(region)]; }
    Rect& operator[](Region region) { return regions[static_cast<int>(region)]; }
};
inline constexpr float k_narrow_below = 700;
// The page's own buttons lie over the upper edge of the board.
inline constexpr float k_tools_height = 56, k_tools_height_wide = 28;
inline constexpr float k_status_height = 42; // at least; more where the sentence needs it
// `all_charts`: a small screen gives them more room. `strip`: so high is what stands below them, for fingers.
Layout lay_out(float width, float height, bool inspector_open, float status_height = k_status_height,
               bool all_charts = false, float strip = 0);
inline constexpr float k_time_strip = 28, k_time_strip_finger = 46; // 24 and 44 to be pressed, and air
inline constexpr float k_charts_below = 10;                         // below charts without one

// How much of the instrument an embed shows: everything, the board and the run's controls, the board alone.
enum class Extent : std::uint8_t { all, controls, board };
Layout lay_out_small(float width, float height, Extent extent, float status_height = k_status_height);

// The last two are drawn by themselves: the distribution of the waits, and instance by instance.
enum class ChartTab : std::uint8_t { latency, rate, errors, busy, all, spread, instances };
// What the inspector's column shows.
enum class Side : std::uint8_t { figures, review, incidents };

// What a press in a chart has become. A finger waits: a second one may follow.
enum class TimeGrip : std::uint8_t { none, waiting, travel, mark, pan, over };

// What a finger does since it was put down: along a list, which scrolls it, or across, which a row takes.
enum class FingerMove : std::uint8_t { none, along, across };

// Two fingers over the charts, since the frame before.
struct TwoFingers {
    ImVec2 at, by;
    float factor = 1;
    bool down = false;
};

// What panels read and change of the screen itself.
struct View {
    Language language = Language::english;
    Theme theme;
    Layout layout;
    int selected_node = -1, selected_edge = -1;
    std::vector<int> selected_many; // where more than one is; `selected_node` is one of them
    Side side = Side::figures;
    std::vector<int> pointed_at; // nodes that a lesson speaks of
    Extent extent = Extent::all;
    bool inspector_open = false; // only a question where the screen is narrow
    ChartTab chart_tab = ChartTab::latency;
    double crosshair_s = -1; // the moment under the pointer in a chart, for all that are shown
    TimeGrip time_grip = TimeGrip::none;
    double grip_s = 0;             // where it took hold
    std::optional<Stretch> marked; // in a chart, to be zoomed to
    TwoFingers fingers;
    FingerMove finger = FingerMove::none;
    WheelTurn wheel;             // of this frame
    double ui_s = 0;             // seconds of drawn frames
    bool animating = false;      // a panel wants another frame
    bool visible = true;         // false while the tab is hidden
    bool reduced_motion = false; // asked for by the system
};

struct Counters {
    std::uint64_t frames = 0; // asked for
    std::uint64_t draws = 0;  // drawn
    double frame_ms = 0;      // the latest drawn frame, simulation included
    double slice_ms = 0;      // the simulation's part of it
    std::uint64_t vertices = 0;
    std::uint64_t outlines = 0; // of the whole run that were worked out
};

// The whole run, small, for the strip below charts that show a part of it: worked out once a recorded second.
struct RunOutline {
    struct Of {
        ChartTab tab = ChartTab::latency;
        int node = -1;
        Language language = Language::english;
        ImU32 ink = 0; // tells one theme from another
        Stretch run;
        double step_s = 0;
        std::int64_t second = -1;
        std::size_t points = 0, commands = 0;
        std::uint64_t beginnings = 0, design = 0, link = 0;
        const void* before = nullptr;
        bool operator==(const Of&) const = default;
    };
    Of of;
    ChartData data;
};

class App {
public:
    explicit App(ClockMs clock);
    ~App();

    // One frame of the display; `elapsed_ms` since the one before. Runs the simulation; says whether to draw.
    bool advance(double elapsed_ms);
    // Before ImGui::NewFrame, when a frame is to be drawn.
    void prepare();
    // Between ImGui::NewFrame and ImGui::Render.
    void draw();
    // Input came, the window changed, a font arrived: the next frames are drawn.
    void touch(int frames = 2);
    // A call by name; {"ok": ...} or {"error": ...}. The string is valid until the next call.
    const char* call(std::string_view name, std::string_view json);

    const char* word(std::string_view key) const { return web::word(key, view.language); }
    const char* word(const Words& words) const { return pick(words, view.language); }
    // What a node is called on the screen.
    const std::string& label(int node) const;
    void select(int node, int edge = -1);
    void select_many(std::vector<int> nodes); // groups are left out
    bool is_selected(int node) const;
    // Why the system is as it is; looked at a few times a second while it runs.
    const Status& status();
    // Of the strip that shows the whole run below the charts; 0 where they show all of it.
    float time_strip_height() const;
    // Goes to what the sentence is about: its node, or its moment too.
    void follow_status(bool to_the_moment);
    // What theory and review say about the design as it is now; null while that is being worked out. Asking
    // for it is what has it worked out.
    const Outlook* outlook();
    const Outlook* known_outlook(); // the same, without asking for it
    void want_headroom();
    // Applies a command; an error is kept for the page to show.
    void command(Command command);
    // Building (app_build.cpp); true when it was done.
    bool edit(const std::string& edits_json);
    void connect(int from, int to);
    void remove(int node, int edge); // a node that is one of several selected takes them all along
    void duplicate(int node);        // so does this
    // Towards a moment so many seconds from now, over as many frames as it takes.
    void step_seconds(double seconds);
    void seek(double seconds);
    void draw_board();
    void fit_board();
    void pinch(ImVec2 at, float factor); // two fingers, over the board or a chart
    void set_theme(bool dark);
    // Fonts came: the atlas is filled before the next frame.
    void set_fonts(FontBytes bytes);
    bool has_fonts() const { return view.theme.regular != nullptr; }

    Session session;
    View view;
    Counters counters;
    HeatHistory heat;
    LatencyTail tail;
    TimeZoom zoom;
    RunOutline outline;
    HeadroomNews headroom;
    ParticleSink* particles = nullptr;

private:
    void follow_design();
    void follow_finger();
    void keys();
    void build_keys();
    void time_keys();
    void draw_panel(const struct Panel& panel);
    void order_panels();
    void draw_menu();
    void act(const BoardActions& actions);
    std::string call_screen(std::string_view name, std::string_view json, bool& known);
    std::string call_insight(std::string_view name, std::string_view json, bool& known);
    std::string changes();
    std::string request();
    std::vector<std::string> selected_ids() const;
    float status_height();

    ClockMs clock_;
    std::unique_ptr<Board> board_;
    FontBytes fonts_;
    bool fonts_came_ = false;
    Wheel wheel_;
    int frames_wanted_ = 2;
    double step_target_s_ = -1; // of a step that takes more than one frame
    std::uint64_t seen_revision_ = 0, seen_design_ = 0;
    std::uint64_t reported_link_ = 0;
    int renamed_node_ = -1;
    std::string selected_id_; // the selection follows its node when numbers change
    std::vector<std::string> selected_ids_;
    struct KeptStatus {
        Status status;
        std::uint64_t revision = 0, design = 0;
        double at_ms = 0;
        Language language = Language::english;
    };
    KeptStatus status_;
    std::optional<Outlook> outlook_;
    std::uint64_t outlook_asked_ = 0;                       // the mark of the design that is being worked on
    std::uint64_t outlook_revision_ = 0;                    // of the run when the mark was last taken
    std::uint64_t outlook_mark_ = 0;                        // of the design as it is now
    bool outlook_wanted_ = false, headroom_wanted_ = false; // to be told to the page
    int menu_node_ = -1, menu_edge_ = -1;
    bool menu_wanted_ = false;
    std::string answer_;
};

} // namespace scale::web
