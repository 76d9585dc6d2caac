// The hands on the board: pointer, wheel, fingers and keys.

#include <algorithm>
#include <cmath>

#include "board.hpp"

namespace scale::web {

namespace {

constexpr float k_drag_from = 4;        // CSS pixels that a press may wander and still be a click
constexpr double k_long_press_s = 0.55; // on a touch screen, for the menu
constexpr double k_key_pan = 64;        // CSS pixels per key press
constexpr double k_scroll = 48;         // CSS pixels per notch, sideways

bool far(ImVec2 a, ImVec2 b) { return std::abs(a.x - b.x) + std::abs(a.y - b.y) > k_drag_from; }

} // namespace

void Board::press(const Scenario& design, ImVec2 pointer) {
    pressed_at_ = pointer;
    hovered_since_s_ = ui_s_;
    if (const int from = handle_at(pointer); from >= 0) {
        pressed_ = {from, -1, false, false};
        grip_ = Grip::line;
        return;
    }
    pressed_ = hit(design, pointer);
    grip_ = Grip::waiting;
    with_shift_ = ImGui::GetIO().KeyShift;
    dragged_.clear();
    if (pressed_.node < 0 || pressed_.group) return;
    const Box& box = layout_.nodes[static_cast<std::size_t>(pressed_.node)];
    const Position p = camera_.to_board(pointer);
    grip_offset_ = {p.x - box.x, p.y - box.y};
    dragged_.push_back({pressed_.node, {box.x, box.y}});
    if (std::find(selected_many_.begin(), selected_many_.end(), pressed_.node) == selected_many_.end())
        return;
    for (int node : selected_many_) { // one of several: they come along
        const Box& other = layout_.nodes[static_cast<std::size_t>(node)];
        if (node != pressed_.node) dragged_.push_back({node, {other.x, other.y}});
    }
}

// All cards that are held, by so much from where they stood.
void Board::move_cards(const Scenario& design, Position by) {
    for (const Dragged& held : dragged_) {
        Box& box = layout_.nodes[static_cast<std::size_t>(held.node)];
        box.x = held.from.x + by.x;
        box.y = held.from.y + by.y;
    }
    close_groups(design, layout_);
    paths_ = edge_paths(design, layout_);
    stream_.set_paths(paths_);
}

void Board::drag(const Scenario& design, ImVec2 pointer) {
    if (grip_ == Grip::waiting && far(pointer, pressed_at_))
        grip_ = pressed_.node >= 0 && !pressed_.group ? Grip::card : with_shift_ ? Grip::frame : Grip::board;
    if (grip_ == Grip::board) {
        const ImVec2 delta = ImGui::GetIO().MouseDelta;
        camera_.pan(static_cast<double>(delta.x), static_cast<double>(delta.y));
        fitted_ = false;
    }
    if (grip_ != Grip::card) return;
    const Box& box = layout_.nodes[static_cast<std::size_t>(pressed_.node)];
    const Position p = camera_.to_board(pointer), from = dragged_.front().from;
    const bool back = ImGui::IsKeyPressed(ImGuiKey_Escape, false);
    const auto on_grid = [](double value) { return std::round(value / k_board_grid) * k_board_grid; };
    const Position to = back ? from : Position{on_grid(p.x - grip_offset_.x), on_grid(p.y - grip_offset_.y)};
    if (back) grip_ = Grip::none;
    if (to.x == box.x && to.y == box.y) return;
    move_cards(design, {to.x - from.x, to.y - from.y});
}

// Cards that lie within the rectangle, or are cut by it.
void Board::enclose(const Scenario& design, BoardActions& actions) const {
    const Position a = camera_.to_board(pressed_at_), b = camera_.to_board(pointer_);
    const Box frame{std::min(a.x, b.x), std::min(a.y, b.y), std::abs(a.x - b.x), std::abs(a.y - b.y)};
    for (std::size_t i = 0; i < std::min(design.nodes.size(), layout_.nodes.size()); ++i)
        if (layout_.layers[i] >= 0 && layout_.nodes[i].overlaps(frame, 0))
            actions.enclosed.push_back(static_cast<int>(i));
}

void Board::drop_cards(const Scenario& design, BoardActions& actions) {
    camera_.set_bounds(bounds());
    for (const Dragged& held : dragged_) {
        const std::size_t node = static_cast<std::size_t>(held.node);
        const Position at{layout_.nodes[node].x, layout_.nodes[node].y};
        if (at == held.from) continue;
        const std::string& id = design.nodes[node].id;
        std::erase_if(pinned_, [&](const PlacedCard& card) { return card.id == id; });
        pinned_.push_back({id, at});
        for (PlacedCard& card : placed_)
            if (card.id == id) card.at = at;
        actions.moved.push_back({held.node, at});
    }
}

void Board::release(const Scenario& design, BoardActions& actions) {
    const Grip held = grip_;
    grip_ = Grip::none;
    if (held == Grip::waiting && with_shift_ && pressed_.node >= 0 && !pressed_.group) {
        actions.toggled_node = pressed_.node;
        shown_node_ = pressed_.node;
        return;
    }
    if (held == Grip::frame) {
        enclose(design, actions);
        return;
    }
    if (held == Grip::waiting) {
        actions.select = true;
        actions.node = pressed_.node;
        actions.edge = pressed_.edge;
        shown_node_ = pressed_.node; // it is in view: it was clicked
        return;
    }
    if (held == Grip::line) {
        const Hit over = hit(design, pointer_);
        if (over.node < 0 || over.node == pressed_.node || over.group) return;
        actions.connect_from = pressed_.node;
        actions.connect_to = over.node;
        return;
    }
    if (held == Grip::card) drop_cards(design, actions);
}

void Board::double_click(BoardActions& actions) {
    if (pressed_ == Hit{})
        fit();
    else if (pressed_.node >= 0 && pressed_.title)
        actions.renamed_node = pressed_.node;
}

void Board::take_wheel(const WheelTurn& turn) {
    if (turn.sideways != 0) camera_.pan(turn.sideways * k_scroll, 0);
    if (turn.nearer != 1) camera_.zoom_about(pointer_, turn.nearer);
    if (turn.sideways != 0 || turn.nearer != 1) fitted_ = false;
}

// Plain arrows choose cards (the app does that); with Shift they move the view.
void Board::take_keys() {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper ||
        ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup))
        return;
    const ImVec2 middle{(area_min_.x + area_max_.x) / 2, (area_min_.y + area_max_.y - keep_free_bottom_) / 2};
    const auto move = [&](ImGuiKey key, double x, double y) {
        if (!io.KeyShift || !ImGui::IsKeyPressed(key)) return;
        camera_.pan(x * k_key_pan, y * k_key_pan, false);
        fitted_ = false;
    };
    move(ImGuiKey_LeftArrow, 1, 0);
    move(ImGuiKey_RightArrow, -1, 0);
    move(ImGuiKey_UpArrow, 0, 1);
    move(ImGuiKey_DownArrow, 0, -1);
    const bool nearer = ImGui::IsKeyPressed(ImGuiKey_Equal) || ImGui::IsKeyPressed(ImGuiKey_KeypadAdd);
    const bool further = ImGui::IsKeyPressed(ImGuiKey_Minus) || ImGui::IsKeyPressed(ImGuiKey_KeypadSubtract);
    if (nearer || further) {
        camera_.zoom_about(middle, nearer ? 1.25 : 0.8);
        fitted_ = false;
    }
    if (ImGui::IsKeyPressed(ImGuiKey_0, false) || ImGui::IsKeyPressed(ImGuiKey_Home, false)) fit();
    if (map_offered_ && ImGui::IsKeyPressed(ImGuiKey_M, false)) show_map(!map_);
}

void Board::take_pointer(const BoardInput& input, const Scenario& design, BoardActions& actions) {
    const ImGuiIO& io = ImGui::GetIO();
    constexpr ImGuiButtonFlags k_buttons = ImGuiButtonFlags_MouseButtonLeft |
                                           ImGuiButtonFlags_MouseButtonRight |
                                           ImGuiButtonFlags_MouseButtonMiddle;
    ImGui::SetCursorScreenPos(input.area_min);
    ImGui::SetNextItemAllowOverlap();
    ImGui::InvisibleButton(
        "ground", {std::max(1.0f, area_max_.x - area_min_.x), std::max(1.0f, area_max_.y - area_min_.y)},
        k_buttons);
    const bool over = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
    const ImVec2 before = pointer_;
    pointer_ = io.MousePos;
    pointer_here_ = over || grip_ == Grip::card || grip_ == Grip::line || grip_ == Grip::frame;
    if (over && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) press(design, pointer_);
    if (active && ImGui::IsMouseDown(ImGuiMouseButton_Left) && grip_ != Grip::none) drag(design, pointer_);
    if (grip_ != Grip::none && !ImGui::IsMouseDown(ImGuiMouseButton_Left)) release(design, actions);
    if (over && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) double_click(actions);
    if (active && ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0)) {
        camera_.pan(static_cast<double>(io.MouseDelta.x), static_cast<double>(io.MouseDelta.y));
        fitted_ = false;
    }
    if (over) take_wheel(input.wheel);
    take_keys();

    const Hit now = over && grip_ != Grip::board && grip_ != Grip::frame ? hit(design, pointer_) : Hit{};
    handled_ = grip_ == Grip::line        ? pressed_.node
               : handle_at(pointer_) >= 0 ? handle_at(pointer_)
               : now.group                ? -1
                                          : now.node;
    if (grip_ != Grip::card) {
        if (!(now == hovered_) || far(before, pointer_))
            hovered_since_s_ = grip_ == Grip::none ? ui_s_ : hovered_since_s_;
        hovered_ = now;
    }
    if (hovered_.node >= 0 || hovered_.edge >= 0) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const bool touch = io.MouseSource == ImGuiMouseSource_TouchScreen;
    const bool long_press = touch && grip_ == Grip::waiting && ui_s_ - hovered_since_s_ > k_long_press_s;
    if (touch && grip_ == Grip::waiting) actions.animating = true;
    if ((over && ImGui::IsMouseReleased(ImGuiMouseButton_Right)) || long_press) {
        actions.menu = true;
        actions.menu_node = now.node;
        actions.menu_edge = now.edge;
        grip_ = Grip::none;
    }
}

} // namespace scale::web
