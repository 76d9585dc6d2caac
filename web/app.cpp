#include "app.hpp"

#include <algorithm>
#include <cmath>

#include "board/board.hpp"
#include "calls.hpp"
#include "imgui_internal.h"
#include "panel.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr ImGuiWindowFlags k_fixed = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                     ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoCollapse |
                                     ImGuiWindowFlags_NoSavedSettings |
                                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav;
constexpr float k_inspector_top = 10;
constexpr double k_key_zoom = 1.5;
constexpr float k_finger_wanders = 6; // CSS pixels, and it still is a tap
constexpr double k_drawn_ms_most = 100;
constexpr float k_status_narrow = 70; // what a sentence takes on a small screen, as a rule

bool has_ground(Region region) { return region == Region::charts || region == Region::inspector; }

} // namespace

App::App(ClockMs clock) : clock_(clock), board_(std::make_unique<Board>()) {
    session.watch([this] {
        heat.look(session);
        tail.look(session);
    });
    set_theme(true);
}

App::~App() = default;

void App::set_theme(bool dark) {
    view.theme.dark = dark;
    view.theme.colors = palette(dark);
    if (ImGui::GetCurrentContext()) apply_style(view.theme);
    touch();
}

void App::set_fonts(FontBytes bytes) {
    fonts_ = std::move(bytes);
    fonts_came_ = true;
    touch();
}

void App::prepare() {
    if (!fonts_came_) return;
    fonts_came_ = false;
    build_fonts(view.theme, fonts_);
    apply_style(view.theme);
}

void App::touch(int frames) { frames_wanted_ = std::max(frames_wanted_, frames); }

const std::string& App::label(int node) const {
    const NodeDef& def = session.scenario().nodes[static_cast<std::size_t>(node)];
    return def.label.empty() ? def.id : pick(def.label, view.language);
}

void App::select(int node, int edge) {
    const auto nodes = static_cast<int>(session.scenario().nodes.size());
    const auto edges = static_cast<int>(session.scenario().edges.size());
    view.selected_node = node < nodes ? node : -1;
    view.selected_edge = edge < edges ? edge : -1;
    view.selected_many.clear();
    selected_ids_.clear();
    selected_id_ = view.selected_node >= 0 ? session.scenario().nodes[static_cast<std::size_t>(node)].id : "";
    if (view.selected_node >= 0 || view.selected_edge >= 0) view.inspector_open = true;
    touch();
}

void App::select_many(std::vector<int> nodes) {
    const Scenario& scenario = session.scenario();
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    std::erase_if(nodes, [&](int node) {
        return node < 0 || static_cast<std::size_t>(node) >= scenario.nodes.size() ||
               scenario.nodes[static_cast<std::size_t>(node)].kind->tier == Tier::group;
    });
    const bool kept = std::find(nodes.begin(), nodes.end(), view.selected_node) != nodes.end();
    select(nodes.empty() ? -1 : kept ? view.selected_node : nodes.front());
    if (nodes.size() < 2) return;
    view.selected_many = std::move(nodes);
    for (int node : view.selected_many)
        selected_ids_.push_back(scenario.nodes[static_cast<std::size_t>(node)].id);
}

bool App::is_selected(int node) const {
    return node >= 0 &&
           (node == view.selected_node || std::find(view.selected_many.begin(), view.selected_many.end(),
                                                    node) != view.selected_many.end());
}

void App::command(Command command) {
    session.apply(std::move(command));
    touch();
}

void App::step_seconds(double seconds) { step_target_s_ = session.now_s() + seconds; }

void App::seek(double seconds) {
    step_target_s_ = -1;
    session.seek(seconds, clock_, k_slice_ms);
    zoom.show(seconds);
    touch();
}

// A design was loaded or renamed: the board and the selection follow.
void App::follow_design() {
    if (seen_design_ == session.design_revision()) return;
    seen_design_ = session.design_revision();
    board_->set_design(session.scenario());
    std::erase_if(view.pointed_at, [count = static_cast<int>(session.scenario().nodes.size())](int node) {
        return node >= count;
    });
    const int still = selected_id_.empty() ? -1 : session.scenario().find_node(selected_id_);
    std::vector<int> many;
    for (const std::string& id : selected_ids_) many.push_back(session.scenario().find_node(id));
    const bool was_open = view.inspector_open;
    select(still, view.selected_edge);
    if (many.size() > 1) select_many(std::move(many));
    view.inspector_open = was_open;
}

bool App::advance(double elapsed_ms) {
    ++counters.frames;
    wheel_.pass(elapsed_ms / 1000);
    if (!view.visible) return false;
    const double start_ms = clock_();
    session.advance(elapsed_ms, clock_);
    if (step_target_s_ >= 0 && (session.playing() || session.run_to(step_target_s_, clock_, k_slice_ms)))
        step_target_s_ = -1;
    counters.slice_ms = clock_() - start_ms;
    follow_design();
    heat.look(session);
    tail.look(session);
    zoom.look(session);
    if (seen_revision_ != session.revision()) touch(1);
    seen_revision_ = session.revision();
    if (view.animating || fonts_came_) touch(1);
    if (frames_wanted_ > 0) view.ui_s += std::clamp(elapsed_ms, 0.0, k_drawn_ms_most) / 1000;
    return frames_wanted_ > 0 && (has_fonts() || fonts_came_);
}

void App::keys() {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.WantTextInput) return;
    build_keys();
    time_keys();
    if (io.KeyCtrl || io.KeyAlt || io.KeySuper || session.empty()) return;
    if (ImGui::IsKeyPressed(ImGuiKey_Space, false)) {
        if (session.playing())
            session.pause();
        else
            session.play();
    }
    if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
        select(-1);
        view.inspector_open = false;
    }
    if (io.KeyShift) return; // the board moves its view
    const bool next = ImGui::IsKeyPressed(ImGuiKey_RightArrow) || ImGui::IsKeyPressed(ImGuiKey_DownArrow);
    const bool before = ImGui::IsKeyPressed(ImGuiKey_LeftArrow) || ImGui::IsKeyPressed(ImGuiKey_UpArrow);
    if (!next && !before) return;
    const auto count = static_cast<int>(session.scenario().nodes.size());
    select(((view.selected_node < 0 && before ? 0 : view.selected_node) + (next ? 1 : -1) + count) % count);
}

// The stretch of time that charts show: shorter, longer, all of it, earlier, later.
void App::time_keys() {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.KeyCtrl || io.KeyAlt || io.KeySuper || io.KeyShift || view.extent != Extent::all) return;
    const Stretch shown = zoom.shown();
    const double now_s = session.now_s(), middle_s = (shown.from_s + shown.to_s) / 2;
    const double about_s = shown.has(now_s) ? now_s : middle_s;
    if (ImGui::IsKeyPressed(ImGuiKey_LeftBracket)) zoom.about(about_s, k_key_zoom);
    if (ImGui::IsKeyPressed(ImGuiKey_RightBracket)) zoom.about(about_s, 1 / k_key_zoom);
    if (ImGui::IsKeyPressed(ImGuiKey_Comma)) zoom.move(-shown.span_s() / 4);
    if (ImGui::IsKeyPressed(ImGuiKey_Period)) zoom.move(shown.span_s() / 4);
    if (ImGui::IsKeyPressed(ImGuiKey_Backslash, false)) zoom.show_all();
}

void App::draw_panel(const Panel& panel) {
    const Rect& area = view.layout[panel.region];
    const Palette& colors = view.theme.colors;
    ImGui::SetNextWindowPos({area.x, area.y});
    ImGui::SetNextWindowSize({area.width, area.height});
    const float top = panel.region == Region::inspector ? k_inspector_top : 0;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {panel.padding, top});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    const ImGuiWindowFlags ground = has_ground(panel.region) ? 0 : ImGuiWindowFlags_NoBackground;
    const ImGuiWindowFlags still =
        panel.scrolls ? 0 : ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
    if (ImGui::Begin(panel.id, nullptr, k_fixed | ground | still)) {
        if (panel.region == Region::inspector) side_tabs(*this, area);
        panel.draw(*this, area);
        if (panel.scrolls) {
            space(24);
            drag_scroll(*this);
        }
    }
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRectFullScreen();
    if (panel.region == Region::charts || (panel.region == Region::inspector && view.layout.narrow))
        list->AddLine({area.x, area.y + 0.5f}, {area.x + area.width, area.y + 0.5f}, colors.line);
    else if (panel.region == Region::inspector)
        list->AddLine({area.x + 0.5f, area.y}, {area.x + 0.5f, area.y + area.height}, colors.line);
    list->PopClipRect();
    ImGui::End();
    ImGui::PopStyleVar(2);
}

// Panels lie on each other in the order of their list, below every popup.
void App::order_panels() {
    const std::span<const Panel* const> all = panels();
    for (auto panel = all.rbegin(); panel != all.rend(); ++panel)
        if (ImGuiWindow* window = ImGui::FindWindowByName((*panel)->id))
            ImGui::BringWindowToDisplayBack(window);
}

// Decided once for each press: who scrolls a list does not change a value on the way, and the other way
// round.
void App::follow_finger() {
    const ImGuiIO& io = ImGui::GetIO();
    const bool touch = io.MouseSource == ImGuiMouseSource_TouchScreen;
    if (!touch || ImGui::IsMouseClicked(0)) view.finger = FingerMove::none;
    if (!touch || view.finger != FingerMove::none || !ImGui::IsMouseDragging(0, k_finger_wanders)) return;
    const ImVec2 moved = ImGui::GetMouseDragDelta(0, k_finger_wanders);
    view.finger = std::fabs(moved.x) > 2 * std::fabs(moved.y) ? FingerMove::across : FingerMove::along;
}

void App::draw() {
    ++counters.draws;
    const ImGuiIO& io = ImGui::GetIO();
    // Text is drawn with two fonts and several sizes: each has to know how many pixels a CSS pixel is.
    for (ImFont* font : io.Fonts->Fonts) font->CurrentRasterizerDensity = io.DisplayFramebufferScale.x;
    if (frames_wanted_ > 0) --frames_wanted_;
    view.animating = false;
    follow_finger();
    view.wheel =
        wheel_.turn(static_cast<double>(io.MouseWheelH), static_cast<double>(io.MouseWheel), io.KeyShift);
    const ImVec2 size = io.DisplaySize;
    const auto arrange = [&](float status) {
        const float strip = time_strip_height();
        view.layout = view.extent == Extent::all
                          ? lay_out(size.x, size.y, view.inspector_open, status,
                                    view.chart_tab == ChartTab::all, strip > k_time_strip ? strip : 0)
                          : lay_out_small(size.x, size.y, view.extent, status);
    };
    arrange(k_status_height);
    if (const float status = status_height(); status > view.layout[Region::status].height) arrange(status);
    ImGui::GetBackgroundDrawList()->AddRectFilled({0, 0}, io.DisplaySize, view.theme.colors.bg);
    keys();
    bool drawn[k_regions] = {};
    for (const Panel* panel : panels()) {
        const auto region = static_cast<std::size_t>(panel->region);
        if (drawn[region] || view.layout[panel->region].empty() || !panel->wanted(*this)) continue;
        drawn[region] = true;
        draw_panel(*panel);
    }
    order_panels();
    draw_menu();
    if (!io.MouseDown[ImGuiMouseButton_Left]) view.fingers = {};
    if (io.WantTextInput) view.animating = true; // the caret blinks
}

float App::time_strip_height() const {
    if (zoom.whole() || view.chart_tab == ChartTab::spread) return 0;
    const ImGuiIO& io = ImGui::GetIO();
    const bool finger = io.DisplaySize.x < k_narrow_below || io.MouseSource == ImGuiMouseSource_TouchScreen;
    return finger ? k_time_strip_finger : k_time_strip;
}

void App::fit_board() {
    board_->fit();
    touch();
}

void App::pinch(ImVec2 at, float factor) {
    if (view.layout[Region::charts].has(at)) { // the chart that lies there knows its time
        TwoFingers& fingers = view.fingers;
        if (fingers.down) fingers.by = {fingers.by.x + at.x - fingers.at.x, 0};
        fingers.at = at;
        fingers.factor *= factor;
        fingers.down = true;
    } else if (view.layout[Region::board].has(at)) {
        board_->pinch(at, factor);
    }
    touch();
}

void App::draw_board() {
    const Rect& area = view.layout[Region::board];
    const Rect& status = view.layout[Region::status];
    BoardInput input{.world = session.world(),
                     .theme = view.theme,
                     .language = view.language,
                     .area_min = {area.x, area.y},
                     .area_max = {area.x + area.width, area.y + area.height}};
    // A longer sentence covers more of the board, but does not move it.
    input.covered_bottom = std::max(0.0f, area.y + area.height - status.y);
    const float usual = status.height <= 0 ? 0 : view.layout.narrow ? k_status_narrow : k_status_height;
    input.keep_free_bottom = input.covered_bottom - status.height + usual;
    if (view.extent == Extent::all)
        input.keep_free_top = view.layout.narrow ? k_tools_height : k_tools_height_wide;
    input.selected_node = view.selected_node;
    input.selected_edge = view.selected_edge;
    input.selected_many = view.selected_many;
    input.pointed_at = view.pointed_at;
    input.ui_s = view.ui_s;
    input.speed = session.playing() ? session.speed_reached() : 0;
    input.playing = session.playing();
    input.wheel = view.wheel;
    input.particles = particles;
    input.design = &session.scenario();
    input.reduced_motion = view.reduced_motion;
    act(board_->draw(input, ImGui::GetWindowDrawList()));
}

void App::act(const BoardActions& actions) {
    if (actions.select) {
        if (actions.node < 0 && actions.edge < 0) view.inspector_open = false;
        if (actions.node >= 0 || actions.edge >= 0) view.side = Side::figures;
        select(actions.node, actions.edge);
    }
    if (actions.toggled_node >= 0 || !actions.enclosed.empty()) {
        std::vector<int> nodes = view.selected_many;
        if (nodes.empty() && view.selected_node >= 0) nodes = {view.selected_node};
        nodes.insert(nodes.end(), actions.enclosed.begin(), actions.enclosed.end());
        if (is_selected(actions.toggled_node))
            std::erase(nodes, actions.toggled_node);
        else if (actions.toggled_node >= 0)
            nodes.push_back(actions.toggled_node);
        select_many(std::move(nodes));
    }
    if (!actions.moved.empty()) session.move_nodes(actions.moved);
    if (actions.connect_from >= 0) connect(actions.connect_from, actions.connect_to);
    if (actions.renamed_node >= 0) renamed_node_ = actions.renamed_node;
    if (actions.animating) view.animating = true;
    if (!session.empty()) session.world().watch_every(actions.watch_every);
    if (!actions.menu || (actions.menu_node < 0 && actions.menu_edge < 0)) return;
    menu_node_ = actions.menu_node;
    menu_edge_ = actions.menu_edge;
    menu_wanted_ = true;
}

// The verbs of a node or an edge, where the pointer asked for them.
void App::draw_menu() {
    if (menu_wanted_) ImGui::OpenPopup("board_menu");
    menu_wanted_ = false;
    if (!ImGui::IsPopupOpen("board_menu")) return;
    std::vector<const VerbRecord*> verbs;
    for (const VerbRecord& verb : menu_node_ >= 0 ? node_verbs() : edge_verbs())
        if (std::string_view(verb.id) != "set") verbs.push_back(&verb);
    if (menu_node_ >= 0)
        for (const VerbRecord& verb :
             session.scenario().nodes[static_cast<std::size_t>(menu_node_)].kind->verbs)
            verbs.push_back(&verb);
    std::vector<MenuRow> rows;
    for (const VerbRecord* verb : verbs) rows.push_back({.label = pick(verb->name, view.language)});
    if (menu_node_ >= 0) rows.push_back({.label = word("build.duplicate"), .apart = true});
    rows.push_back({.label = word("build.remove"), .apart = menu_node_ < 0});
    const int chosen = menu(*this, "board_menu", rows);
    if (chosen < 0) return;
    const auto row = static_cast<std::size_t>(chosen);
    if (row + 1 == rows.size()) return remove(menu_node_, menu_edge_);
    if (row >= verbs.size()) return duplicate(menu_node_);
    Command wanted;
    wanted.verb = verbs[row];
    wanted.node = menu_node_;
    wanted.edge = menu_node_ >= 0 ? -1 : menu_edge_;
    for (std::size_t i = 0; i < wanted.verb->params.size(); ++i)
        wanted.settings.push_back({static_cast<std::uint8_t>(i), wanted.verb->params[i].fallback});
    command(std::move(wanted));
}

} // namespace scale::web
