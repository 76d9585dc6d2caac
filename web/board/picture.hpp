#pragma once
// The board as a picture file (SVG): for posters, notes and downloads. Needs no screen.

#include <string>

#include "scale/world.hpp"

namespace scale::web {

inline constexpr float k_picture_width = 720;
inline constexpr float k_picture_width_least = 240, k_picture_width_most = 2400;

struct PictureLook {
    bool dark = true;
    Language language = Language::english;
    float width = k_picture_width; // the height follows from the design
    bool tall = false;             // from top to bottom where that makes larger cards: for narrow screens
};

// Cards, lines, names, and the key figures of what has run so far. The attribute data-board says where in the
// picture the board lies, without title and figures.
std::string board_picture(const World& world, const Scenario& design, const PictureLook& look);

} // namespace scale::web
