#pragma once
// Where everything stands on the board: layers from left to right along the way of a request. Board units are
// CSS pixels at zoom 1. The same design gives the same picture on every machine.

#include <span>
#include <string>
#include <vector>

#include "scale/scenario.hpp"

namespace scale::web {

inline constexpr double k_card_width = 168;
inline constexpr double k_card_height = 80;
inline constexpr double k_board_grid = 8;
inline constexpr double k_row_gap = 32;     // between cards of a column
inline constexpr double k_column_gap = 72;  // between columns, at least
inline constexpr double k_group_pad = 16;   // inside a container, all around
inline constexpr double k_group_title = 24; // more of it above, for the name

struct Box {
    double x = 0, y = 0, width = 0, height = 0;
    double right() const { return x + width; }
    double bottom() const { return y + height; }
    double centre_x() const { return x + width / 2; }
    double centre_y() const { return y + height / 2; }
    bool contains(Position p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
    bool overlaps(const Box& other, double margin = 0) const {
        return x < other.right() + margin && other.x < right() + margin && y < other.bottom() + margin &&
               other.y < bottom() + margin;
    }
    bool operator==(const Box&) const = default;
};

struct BoardLayout {
    std::vector<Box>
        nodes; // per node of the scenario; of a group: its container, empty when it holds nothing
    std::vector<int> layers; // per node: its column in the layout from scratch; -1 for groups
    Box bounds;              // around all of it
    bool map = false;        // regions stand on the map, requests flow from top to bottom
};

// Where a card was before, by the id of its node.
struct PlacedCard {
    std::string id;
    Position at; // top left corner
};

// Cards with a position of their own (NodeDef::at) stand there. Cards that were placed before stay where they
// were, as far as new ones leave room; without `previous` everything is laid out from scratch. On the map
// only positions count that were chosen there, by tiers only the others.
BoardLayout lay_out_board(const Scenario& scenario, std::span<const PlacedCard> previous = {},
                          bool map = false);

// Whether a design is shown on the map when it is opened: it has regions in different places that hold most
// of it, and nobody has put a card anywhere else. Any design with a region may be shown on it.
bool stands_on_map(const Scenario& scenario);
bool may_stand_on_map(const Scenario& scenario);

// Boxes of the groups and the bounds, from the places of the cards.
void close_groups(const Scenario& scenario, BoardLayout& layout);

bool is_group(const NodeDef& node);

} // namespace scale::web
