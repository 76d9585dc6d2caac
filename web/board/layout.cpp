#include "layout.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "layout_map.hpp"
#include "world_map.hpp"

namespace scale::web {

namespace {

constexpr double k_clearance = 24; // kept free around a card that is fitted in
constexpr double k_band_most = 96; // of empty board between what stands above and what stands below

Box group_box(const Scenario& scenario, const BoardLayout& layout, int group, const std::vector<char>* placed,
              int depth);

// Draws the board together where nothing stands in its whole width: rules between far groups leave such
// bands.
void close_bands(const Scenario& scenario, BoardLayout& layout) {
    std::vector<std::pair<double, double>> taken; // top and bottom of everything
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        const Box box = is_group(scenario.nodes[i])
                            ? group_box(scenario, layout, static_cast<int>(i), nullptr, 0)
                            : layout.nodes[i];
        if (box.width > 0) taken.emplace_back(box.y, box.bottom());
    }
    std::sort(taken.begin(), taken.end());
    std::vector<std::pair<double, double>> shifts; // from this height on, so much up
    double bottom = taken.empty() ? 0 : taken.front().first, up = 0;
    for (const auto& [top, end] : taken) {
        if (top - bottom > k_band_most) shifts.emplace_back(top, up += snap(top - bottom - k_band_most));
        bottom = std::max(bottom, end);
    }
    for (Box& box : layout.nodes) {
        double by = 0;
        for (const auto& [from, shift] : shifts)
            if (box.y >= from) by = shift;
        box.y -= by;
    }
}

BoardLayout from_scratch(const Scenario& scenario) {
    LayoutGraph graph = build_layers(scenario);
    reduce_crossings(graph);
    place_rows(graph);
    const std::vector<double> x = place_columns(graph);
    BoardLayout layout;
    layout.nodes.resize(scenario.nodes.size());
    layout.layers.assign(scenario.nodes.size(), -1);
    double top = 0;
    for (const LayoutItem& item : graph.items) top = std::min(top, item.y);
    for (const LayoutItem& item : graph.items) {
        if (item.node < 0) continue;
        layout.nodes[static_cast<std::size_t>(item.node)] = {
            x[static_cast<std::size_t>(item.layer)], snap(item.y - top - item.height / 2) + k_card_height / 2,
            k_card_width, k_card_height};
        layout.layers[static_cast<std::size_t>(item.node)] = item.layer;
    }
    close_bands(scenario, layout);
    return layout;
}

// One design being laid out with some of its cards already in place.
struct Fitting {
    const Scenario& scenario;
    BoardLayout layout;       // from scratch, then with every card at its place
    std::vector<char> placed; // stands where it is going to stay
    std::vector<char> pinned; // was put there by a person

    bool card(std::size_t node) const { return layout.layers[node] >= 0; }
    bool holds(int group, int node) const {
        for (int g : groups_of(scenario, node))
            if (g == group) return true;
        return false;
    }
};

// Grows `box` by what lies directly in the group.
void grow(Box& box, const Box& by) {
    if (by.width <= 0) return;
    if (box.width <= 0) {
        box = by;
        return;
    }
    const double right = std::max(box.right(), by.right()), bottom = std::max(box.bottom(), by.bottom());
    box.x = std::min(box.x, by.x);
    box.y = std::min(box.y, by.y);
    box.width = right - box.x;
    box.height = bottom - box.y;
}

Box group_box(const Scenario& scenario, const BoardLayout& layout, int group, const std::vector<char>* placed,
              int depth) {
    Box box;
    const std::string& id = scenario.nodes[static_cast<std::size_t>(group)].id;
    for (std::size_t i = 0; i < scenario.nodes.size() && depth < 8; ++i) {
        if (scenario.nodes[i].in != id || static_cast<int>(i) == group) continue;
        if (is_group(scenario.nodes[i]))
            grow(box, group_box(scenario, layout, static_cast<int>(i), placed, depth + 1));
        else if (!placed || (*placed)[i])
            grow(box, layout.nodes[i]);
    }
    if (box.width <= 0) return box;
    return {box.x - k_group_pad, box.y - k_group_pad - k_group_title, box.width + 2 * k_group_pad,
            box.height + 2 * k_group_pad + k_group_title};
}

bool free_at(const Fitting& fitting, std::size_t node, const Box& box) {
    for (std::size_t i = 0; i < fitting.placed.size(); ++i)
        if (i != node && fitting.placed[i] && fitting.card(i) &&
            box.overlaps(fitting.layout.nodes[i], k_clearance))
            return false;
    for (std::size_t i = 0; i < fitting.scenario.nodes.size(); ++i) {
        if (!is_group(fitting.scenario.nodes[i]) ||
            fitting.holds(static_cast<int>(i), static_cast<int>(node)))
            continue;
        const Box other =
            group_box(fitting.scenario, fitting.layout, static_cast<int>(i), &fitting.placed, 0);
        if (other.width > 0 && box.overlaps(other, k_clearance / 3)) return false;
    }
    return true;
}

// The nearest free place above or below, then further to the right.
Box nearest_free(const Fitting& fitting, std::size_t node, Box box) {
    for (int column = 0; column < 4; ++column) {
        for (int step = 0; step < 800; ++step) {
            Box candidate = box;
            candidate.x += column * (k_card_width + k_column_gap);
            candidate.y += (step % 2 ? 1 : -1) * ((step + 1) / 2) * k_board_grid;
            if (free_at(fitting, node, candidate)) return candidate;
        }
    }
    return box;
}

// Makes room between what calls the node and what it calls: everything further right moves on.
double open_column(Fitting& fitting, std::size_t node) {
    double from = -1e9, to = 1e9;
    for (const EdgeDef& edge : fitting.scenario.edges) {
        const int layer = fitting.layout.layers[node];
        if (edge.to == node && fitting.placed[edge.from] && fitting.layout.layers[edge.from] < layer)
            from = std::max(from, fitting.layout.nodes[edge.from].right() + k_column_gap);
        if (edge.from == node && fitting.placed[edge.to] && fitting.layout.layers[edge.to] > layer)
            to = std::min(to, fitting.layout.nodes[edge.to].x - k_column_gap - k_card_width);
    }
    if (from < -1e8) return to > 1e8 ? fitting.layout.nodes[node].x : snap(to);
    if (to < from) {
        const double shift = snap(from - to + k_board_grid / 2), threshold = to + k_column_gap + k_card_width;
        for (std::size_t i = 0; i < fitting.placed.size(); ++i)
            if (fitting.placed[i] && !fitting.pinned[i] && fitting.layout.nodes[i].x >= threshold)
                fitting.layout.nodes[i].x += shift;
    }
    return snap(from);
}

// Where a new card belongs: its column as others stand now, its height from its neighbours.
Box wished_place(Fitting& fitting, std::size_t node, const BoardLayout& ideal) {
    Box box = ideal.nodes[node];
    double sum = 0, count = 0, nearest = 1e9;
    int mate = -1;
    for (std::size_t i = 0; i < fitting.placed.size(); ++i) {
        if (!fitting.placed[i] || fitting.pinned[i] || ideal.layers[i] != ideal.layers[node] || i == node)
            continue;
        const double away = std::abs(ideal.nodes[i].y - ideal.nodes[node].y);
        if (away < nearest) nearest = away, mate = static_cast<int>(i);
    }
    for (const EdgeDef& edge : fitting.scenario.edges) {
        const std::size_t other = edge.from == node ? edge.to : edge.from;
        if ((edge.from != node && edge.to != node) || !fitting.placed[other]) continue;
        sum += fitting.layout.nodes[other].y;
        count += 1;
    }
    if (mate >= 0) {
        box.x = fitting.layout.nodes[static_cast<std::size_t>(mate)].x;
        box.y = fitting.layout.nodes[static_cast<std::size_t>(mate)].y + ideal.nodes[node].y -
                ideal.nodes[static_cast<std::size_t>(mate)].y;
    } else {
        box.x = open_column(fitting, node);
        if (count > 0) box.y = snap(sum / count);
    }
    return box;
}

void put_pinned(Fitting& fitting) {
    for (std::size_t i = 0; i < fitting.placed.size(); ++i) {
        const NodeDef& node = fitting.scenario.nodes[i];
        if (!fitting.card(i) || !node.at || on_map_ground(*node.at) != fitting.layout.map) continue;
        fitting.layout.nodes[i].x = node.at->x;
        fitting.layout.nodes[i].y = node.at->y;
        fitting.placed[i] = fitting.pinned[i] = 1;
    }
}

// The number of cards that stand where they stood.
std::size_t put_previous(Fitting& fitting, std::span<const PlacedCard> previous) {
    std::size_t kept = 0;
    for (const PlacedCard& card : previous) {
        const int node = fitting.scenario.find_node(card.id);
        if (node < 0 || !fitting.card(static_cast<std::size_t>(node)) ||
            fitting.placed[static_cast<std::size_t>(node)])
            continue;
        fitting.layout.nodes[static_cast<std::size_t>(node)].x = card.at.x;
        fitting.layout.nodes[static_cast<std::size_t>(node)].y = card.at.y;
        fitting.placed[static_cast<std::size_t>(node)] = 1;
        ++kept;
    }
    return kept;
}

// Everything that stands from a line on, right of it or below it, moves on; what a person put somewhere
// stays.
void move_on(Fitting& fitting, int region, bool down, double from, double by) {
    for (std::size_t i = 0; i < fitting.placed.size(); ++i) {
        Box& box = fitting.layout.nodes[i];
        if (!fitting.placed[i] || fitting.pinned[i] || !fitting.card(i)) continue;
        if (region_of(fitting.scenario, static_cast<int>(i)) == region || (down ? box.y : box.x) < from)
            continue;
        (down ? box.y : box.x) += snap(by);
    }
}

// On the map a new card stands in the row of its like, right of what its region has there; what is then in
// the way of the region moves on.
Box room_on_map(Fitting& fitting, std::size_t node, const BoardLayout& ideal) {
    const int region = region_of(fitting.scenario, static_cast<int>(node));
    Box box = ideal.nodes[node];
    int mate = -1;
    for (std::size_t i = 0; i < fitting.placed.size(); ++i) {
        if (!fitting.placed[i] || fitting.pinned[i] || !fitting.card(i) || i == node ||
            region_of(fitting.scenario, static_cast<int>(i)) != region)
            continue;
        if (mate < 0 || std::abs(ideal.nodes[i].y - box.y) <
                            std::abs(ideal.nodes[static_cast<std::size_t>(mate)].y - box.y))
            mate = static_cast<int>(i);
    }
    if (mate >= 0) {
        const Box &stands = fitting.layout.nodes[static_cast<std::size_t>(mate)],
                  &stood = ideal.nodes[static_cast<std::size_t>(mate)];
        box.x += stands.x - stood.x;
        box.y += stands.y - stood.y;
    }
    const auto taken = [&](bool own) -> const Box* {
        for (std::size_t i = 0; i < fitting.placed.size(); ++i)
            if (fitting.placed[i] && fitting.card(i) && i != node &&
                (region_of(fitting.scenario, static_cast<int>(i)) == region) == own &&
                box.overlaps(fitting.layout.nodes[i], own ? k_board_grid : k_region_gap))
                return &fitting.layout.nodes[i];
        return nullptr;
    };
    while (const Box* other = taken(true)) box.x = other->right() + k_lane_gap;
    if (region < 0) {
        while (const Box* other = taken(false)) box.x = other->right() + 2 * k_region_gap;
        return box;
    }
    while (const Box* other = taken(false)) {
        const bool below = other->y >= box.bottom();
        const double by = below ? box.bottom() + k_region_gap - other->y
                                : box.right() + k_region_gap + 2 * k_group_pad - other->x;
        const double from = below ? other->y : other->x;
        const Box before = *other;
        move_on(fitting, region, below, from, by + k_board_grid);
        if (*other == before) break; // put there by a person
    }
    return box;
}

// New cards from left to right, each at the nearest free place to where it belongs.
void put_new(Fitting& fitting, const BoardLayout& ideal) {
    std::vector<std::size_t> fresh;
    for (std::size_t i = 0; i < fitting.placed.size(); ++i)
        if (fitting.card(i) && !fitting.placed[i]) fresh.push_back(i);
    std::stable_sort(fresh.begin(), fresh.end(),
                     [&](std::size_t a, std::size_t b) { return ideal.layers[a] < ideal.layers[b]; });
    for (std::size_t node : fresh) {
        fitting.layout.nodes[node] = fitting.layout.map
                                         ? room_on_map(fitting, node, ideal)
                                         : nearest_free(fitting, node, wished_place(fitting, node, ideal));
        fitting.placed[node] = 1;
    }
}

// Cards at their places from scratch; those that would stand under a pinned one give way.
void put_around_pinned(Fitting& fitting) {
    bool any = false;
    for (char pinned : fitting.pinned) any = any || pinned;
    for (std::size_t i = 0; i < fitting.placed.size(); ++i) {
        if (!fitting.card(i) || fitting.placed[i]) continue;
        Box& box = fitting.layout.nodes[i];
        bool clear = true;
        for (std::size_t p = 0; any && p < fitting.placed.size(); ++p)
            clear = clear && !(fitting.pinned[p] && box.overlaps(fitting.layout.nodes[p], k_board_grid));
        if (clear) fitting.placed[i] = 1;
    }
    for (std::size_t i = 0; i < fitting.placed.size(); ++i) {
        if (!fitting.card(i) || fitting.placed[i]) continue;
        fitting.layout.nodes[i] = nearest_free(fitting, i, fitting.layout.nodes[i]);
        fitting.placed[i] = 1;
    }
}

} // namespace

void close_groups(const Scenario& scenario, BoardLayout& layout) {
    layout.bounds = {};
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i) {
        if (is_group(scenario.nodes[i]))
            layout.nodes[i] = group_box(scenario, layout, static_cast<int>(i), nullptr, 0);
        grow(layout.bounds, layout.nodes[i]);
        const auto place = point_on_globe(scenario.nodes[i]);
        if (!layout.map || !place) continue;
        const Position pin = place_on_map(*place);
        grow(layout.bounds, {pin.x - k_board_grid, pin.y - k_board_grid, 2 * k_board_grid, 2 * k_board_grid});
    }
}

BoardLayout lay_out_board(const Scenario& scenario, std::span<const PlacedCard> previous, bool map) {
    const BoardLayout ideal = map ? map_from_scratch(scenario) : from_scratch(scenario);
    const std::size_t count = scenario.nodes.size();
    Fitting fitting{scenario, ideal, std::vector<char>(count, 0), std::vector<char>(count, 0)};
    put_pinned(fitting);
    std::size_t cards = 0;
    for (std::size_t i = 0; i < count; ++i) cards += fitting.card(i) && !fitting.pinned[i];
    const std::vector<char> pinned = fitting.placed;
    const std::size_t kept = put_previous(fitting, previous);
    if (kept > 0 && kept * 2 >= cards) {
        put_new(fitting, ideal);
    } else {
        fitting.placed = pinned;
        for (std::size_t i = 0; i < count; ++i)
            if (!pinned[i]) fitting.layout.nodes[i] = ideal.nodes[i];
        put_around_pinned(fitting);
    }
    close_groups(scenario, fitting.layout);
    return fitting.layout;
}

} // namespace scale::web
