#include "board.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "cards.hpp"
#include "edges.hpp"
#include "world_map.hpp"

namespace scale::web {

namespace {

// A number that changes with what it was made from.
struct Mark {
    std::uint64_t value = 0xCBF29CE484222325ull;
    void add(std::string_view text) {
        for (char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
        value = (value ^ 0xFFu) * 0x100000001B3ull;
    }
    void add(std::uint64_t number) { value = (value ^ number) * 0x100000001B3ull, value ^= value >> 31; }
    void add(double number) { add(static_cast<std::uint64_t>(static_cast<std::int64_t>(number * 16))); }
};

// What decides the requests' ways: nodes and edges.
std::uint64_t graph_mark(const Scenario& design) {
    Mark mark;
    for (const NodeDef& node : design.nodes) {
        mark.add(node.id);
        mark.add(static_cast<std::uint64_t>(node.kind->code));
    }
    for (const EdgeDef& edge : design.edges) mark.add(static_cast<std::uint64_t>(edge.from) << 16 | edge.to);
    return mark.value;
}

// What decides the picture: those, the groups and the places.
std::uint64_t design_mark(const Scenario& design, std::uint64_t graph) {
    Mark mark;
    mark.add(graph);
    for (const NodeDef& node : design.nodes) {
        mark.add(node.in);
        if (const auto place = point_on_globe(node)) {
            mark.add(place->latitude * 100);
            mark.add(place->longitude * 100);
        }
        if (!node.at) continue;
        mark.add(node.at->x);
        mark.add(node.at->y);
    }
    return mark.value;
}

std::vector<PlacedCard> places(const Scenario& design, const BoardLayout& layout) {
    std::vector<PlacedCard> placed;
    for (std::size_t i = 0; i < design.nodes.size(); ++i)
        if (layout.layers[i] >= 0)
            placed.push_back({design.nodes[i].id, {layout.nodes[i].x, layout.nodes[i].y}});
    return placed;
}

} // namespace

void Board::set_design(const Scenario& design) {
    design_mark_ = 0;
    follow_design(design);
}

void Board::tidy() {
    placed_.clear();
    design_mark_ = 0;
    fitted_ = true;
}

void Board::show_map(bool map) {
    if (map == map_) return;
    tidy();
    map_ = map;
    rearranged_ = true;
}

void Board::follow_design(const Scenario& design) {
    const std::uint64_t graph = graph_mark(design), mark = design_mark(design, graph);
    if (mark == design_mark_ && !first_) return;
    design_mark_ = mark;
    std::erase_if(pinned_, [&](const PlacedCard& card) {
        const int node = design.find_node(card.id);
        return node < 0 || design.nodes[static_cast<std::size_t>(node)].at.has_value();
    });
    std::size_t shared = 0;
    for (const PlacedCard& card : placed_) shared += design.find_node(card.id) >= 0;
    const bool other = shared * 2 < design.nodes.size() || placed_.empty();
    // What is being built keeps its arrangement; a design that is opened gets the one that suits it.
    if (other && !rearranged_) map_ = stands_on_map(design);
    map_offered_ = may_stand_on_map(design);
    rearranged_ = false;
    if (pinned_.empty()) {
        layout_ = lay_out_board(design, placed_, map_);
    } else {
        Scenario held = design;
        for (const PlacedCard& card : pinned_)
            held.nodes[static_cast<std::size_t>(design.find_node(card.id))].at = card.at;
        layout_ = lay_out_board(held, placed_, map_);
    }
    placed_ = places(design, layout_);
    paths_ = edge_paths(design, layout_);
    if (graph != graph_mark_ || first_) stream_.reset(design);
    graph_mark_ = graph;
    stream_.set_paths(paths_);
    camera_.set_bounds(bounds());
    grip_ = Grip::none;
    pressed_ = hovered_ = {};
    if (other) fitted_ = true, whole_ = false;
    begins_ = -1;
    for (std::size_t i = design.nodes.size(); i-- > 0;)
        if ((design.nodes[i].kind->role & role_client) != 0) begins_ = static_cast<int>(i);
    if (fitted_) take_view(other || first_);
    first_ = false;
}

// Around the cards and the lines.
Box Board::bounds() const {
    Box all = layout_.bounds;
    for (const EdgePath& path : paths_) {
        if (path.points.empty()) continue;
        const double right = std::max(all.right(), static_cast<double>(path.max.x));
        const double bottom = std::max(all.bottom(), static_cast<double>(path.max.y));
        all.x = std::min(all.x, static_cast<double>(path.min.x));
        all.y = std::min(all.y, static_cast<double>(path.min.y));
        all.width = right - all.x;
        all.height = bottom - all.y;
    }
    return all;
}

// A window that changes its size keeps the design fitted, as long as nobody has chosen another view.
void Board::follow_area(const BoardInput& input) {
    const bool same = input.area_min.x == area_min_.x && input.area_min.y == area_min_.y &&
                      input.area_max.x == area_max_.x && input.area_max.y == area_max_.y &&
                      input.keep_free_bottom == keep_free_bottom_ && input.keep_free_top == keep_free_top_;
    if (same) return;
    area_min_ = input.area_min;
    area_max_ = input.area_max;
    keep_free_bottom_ = input.keep_free_bottom;
    keep_free_top_ = input.keep_free_top;
    camera_.set_area({area_min_.x, area_min_.y + keep_free_top_}, area_max_, keep_free_bottom_);
    if (fitted_) take_view(true);
}

void Board::follow_pointed(const BoardInput& input) {
    if (std::equal(pointed_at_.begin(), pointed_at_.end(), input.pointed_at.begin(), input.pointed_at.end()))
        return;
    pointed_at_.assign(input.pointed_at.begin(), input.pointed_at.end());
    if (fitted_ && !whole_) take_view(false);
}

// Those that the lesson speaks of, where they stand near enough to each other; else the first of them;
// without a lesson where the requests begin.
Box Board::first_part(double most_width) const {
    Box all;
    const auto join = [&](int node) {
        if (node < 0 || static_cast<std::size_t>(node) >= layout_.nodes.size()) return;
        const Box& box = layout_.nodes[static_cast<std::size_t>(node)];
        if (all.width <= 0) return void(all = box);
        const double right = std::max(all.right(), box.right()),
                     bottom = std::max(all.bottom(), box.bottom());
        all.x = std::min(all.x, box.x);
        all.y = std::min(all.y, box.y);
        all.width = right - all.x;
        all.height = bottom - all.y;
    };
    for (const int node : pointed_at_) join(node);
    if (!pointed_at_.empty() && all.width > most_width) {
        all = {};
        join(pointed_at_.front());
    }
    if (all.width <= 0) join(begins_);
    return all;
}

void Board::take_view(bool at_once) {
    constexpr double k_legible = 0.26, k_near_least = 0.36, k_near_most = 0.55; // zoom
    const double width = static_cast<double>(area_max_.x - area_min_.x) - 48;
    const Box part = first_part(width / k_near_least);
    near_ = !whole_ && is_narrow() && camera_.fitting_zoom() < k_legible && part.width > 0;
    if (near_)
        camera_.look_at(part, std::clamp(width / part.width, k_near_least, k_near_most), at_once);
    else
        camera_.fit(at_once);
}

// A card that was chosen elsewhere (keys, the table, a lesson) comes into view.
void Board::follow_selection(const BoardInput& input) {
    if (shown_node_ == input.selected_node) return;
    shown_node_ = input.selected_node;
    const std::size_t node = static_cast<std::size_t>(shown_node_);
    if (shown_node_ < 0 || node >= layout_.nodes.size() || layout_.layers[node] < 0 || (fitted_ && !near_))
        return;
    camera_.show(layout_.nodes[node]);
}

void Board::fit() {
    fitted_ = whole_ = true;
    near_ = false;
    camera_.fit(false);
}

void Board::pinch(ImVec2 at, float factor, ImVec2 move) {
    fitted_ = false;
    camera_.pan(static_cast<double>(move.x), static_cast<double>(move.y));
    camera_.zoom_about(at, static_cast<double>(factor), true);
    grip_ = Grip::none;
}

Board::Hit Board::hit(const Scenario& design, ImVec2 screen) const {
    const Position p = camera_.to_board(screen);
    const std::size_t count = std::min(design.nodes.size(), layout_.nodes.size());
    for (std::size_t i = count; i-- > 0;) {
        const Box& box = layout_.nodes[i];
        if (layout_.layers[i] >= 0 && box.contains(p))
            return {static_cast<int>(i), -1, false, p.y < box.y + 32};
    }
    const int edge = edge_at(paths_, p, 7 / camera_.zoom());
    if (edge >= 0) return {-1, edge, false, false};
    for (std::size_t i = count; i-- > 0;) {
        Box strip = layout_.nodes[i];
        if (layout_.layers[i] >= 0 || strip.width <= 0) continue;
        strip.height = std::min(strip.height, k_group_title + k_group_pad);
        if (strip.contains(p)) return {static_cast<int>(i), -1, true, true};
    }
    return {};
}

void Board::draw_requests(const BoardInput& input, ImDrawList* list) {
    const Palette& colors = input.theme.colors;
    if (input.reduced_motion)
        stream_.place_marks(camera_, colors, paths_, drawn_);
    else
        stream_.place(camera_, colors, area_min_, area_max_, paths_, drawn_);
    if (drawn_.empty()) return;
    if (input.particles)
        input.particles->submit(list, drawn_, area_min_, area_max_);
    else
        draw_particles(list, drawn_);
}

void Board::draw_scene(const BoardInput& input, const Scenario& design, ImDrawList* list) {
    const Canvas canvas(list, input.theme, camera_);
    const std::size_t count = std::min({design.nodes.size(), layout_.nodes.size(), scene_.cards.size()});
    const auto look = [&](std::size_t i) {
        const int node = static_cast<int>(i);
        const auto is_held = [node](const Dragged& held) { return held.node == node; };
        return CardLook{
            input.selected_node == node || std::find(input.selected_many.begin(), input.selected_many.end(),
                                                     node) != input.selected_many.end(),
            hovered_.node == node && pointer_here_,
            grip_ == Grip::card && std::any_of(dragged_.begin(), dragged_.end(), is_held),
            std::find(input.pointed_at.begin(), input.pointed_at.end(), node) != input.pointed_at.end()};
    };
    if (layout_.map)
        draw_regions(input, design, canvas);
    else
        draw_dots(list, input.theme, camera_, area_min_, area_max_);
    for (std::size_t i = 0; i < count; ++i)
        if (layout_.layers[i] < 0)
            draw_group(canvas, layout_.nodes[i], scene_.cards[i], look(i), layout_.map);
    const EdgeLook lines{input.selected_edge, pointer_here_ ? hovered_.edge : -1, input.selected_node,
                         pointer_here_ ? hovered_.node : -1};
    draw_edges(canvas, paths_, scene_.edges, lines, area_min_, area_max_);
    draw_edge_labels(canvas, paths_, scene_.edges, lines, area_min_, area_max_);
    draw_requests(input, list);
    draw_new_edge(input, design, list);
    const Position min = camera_.to_board(area_min_), max = camera_.to_board(area_max_);
    const Box seen{min.x, min.y, max.x - min.x, max.y - min.y};
    for (int pass = 0; pass < 2; ++pass) // what is held lies on top
        for (std::size_t i = 0; i < count; ++i)
            if (layout_.layers[i] >= 0 && look(i).dragged == (pass == 1) &&
                layout_.nodes[i].overlaps(seen, 8))
                draw_card(canvas, layout_.nodes[i], scene_.cards[i], look(i));
    if (grip_ == Grip::frame) {
        const ImVec2 from{std::min(pressed_at_.x, pointer_.x), std::min(pressed_at_.y, pointer_.y)};
        const ImVec2 to{std::max(pressed_at_.x, pointer_.x), std::max(pressed_at_.y, pointer_.y)};
        list->AddRectFilled(from, to, with_alpha(input.theme.colors.accent, 0.12f));
        list->AddRect(from, to, input.theme.colors.accent);
    }
}

BoardActions Board::draw(const BoardInput& input, ImDrawList* list) {
    BoardActions actions;
    const Scenario& design = input.design ? *input.design : input.world.scenario();
    elapsed_s_ = std::clamp(input.ui_s - ui_s_, 0.0, 0.1);
    ui_s_ = input.ui_s;
    follow_area(input);
    follow_design(design);
    follow_pointed(input);
    follow_selection(input);
    covered_bottom_ = std::max(input.covered_bottom, keep_free_bottom_);
    selected_many_.assign(input.selected_many.begin(), input.selected_many.end());
    list->PushClipRect(area_min_, area_max_, true);
    if (design.nodes.empty()) {
        draw_dots(list, input.theme, camera_, area_min_, area_max_);
        draw_empty(input, list);
        list->PopClipRect();
        return actions;
    }
    take_pointer(input, design, actions);
    if (input.reduced_motion) camera_.arrive();
    actions.animating = camera_.glide(elapsed_s_) || actions.animating;
    stream_.advance(input.world.now(), elapsed_s_, input.playing);
    stream_.read(input.world);
    actions.watch_every = stream_.watch_every();
    read_scene(scene_, input.world, design, input.language);
    draw_scene(input, design, list);
    draw_legend(input, list);
    draw_beyond(input, list);
    draw_buttons(input, list, actions);
    actions.animating = draw_hover(input, list) || stream_.moving() || actions.animating;
    list->PopClipRect();
    return actions;
}

} // namespace scale::web
