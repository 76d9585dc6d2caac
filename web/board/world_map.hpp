#pragma once
// The world as dots, and where a place lies on the board when regions stand on the map. The map has ground of
// its own on the board's plane, so that a card put somewhere on it keeps clear of the layout by tiers, and
// the other way round.

#include <bitset>

#include "layout.hpp"
#include "scale/places.hpp"

namespace scale::web {

inline constexpr int k_land_columns = 180, k_land_rows = 78;
inline constexpr double k_land_step = 10; // board units from dot to dot, both ways: 2 degrees by 1.67
inline constexpr Box k_world{20000, 0, k_land_columns* k_land_step, k_land_rows* k_land_step};

// Whether a position was chosen on the map.
inline bool on_map_ground(Position at) { return at.x >= k_world.x / 2; }

Position place_on_map(GlobePoint point);

using Land = std::bitset<static_cast<std::size_t>(k_land_columns* k_land_rows)>;
// From 75 degrees north and 180 west, row by row.
const Land& land();
inline bool is_land(int column, int row) {
    return column >= 0 && column < k_land_columns && row >= 0 && row < k_land_rows &&
           land()[static_cast<std::size_t>(row * k_land_columns + column)];
}

// Whether half of a square of dots is land: for small maps, which draw one for several.
bool mostly_land(int column, int row, int size);

} // namespace scale::web
