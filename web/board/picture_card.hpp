#pragma once
// Cards and groups of a picture, as SVG. Private to picture*.cpp.

#include <string>
#include <string_view>

#include "layout.hpp"
#include "palette.hpp"
#include "scene.hpp"

namespace scale::web {

// Where the board lies in the picture.
struct PictureFrame {
    const Palette& colors;
    float zoom = 1, left = 0, top = 0; // of the board's origin
    float x(double board) const { return left + static_cast<float>(board) * zoom; }
    float y(double board) const { return top + static_cast<float>(board) * zoom; }
};

enum class Anchor : std::uint8_t { start, middle, end };
struct PictureText {
    float x = 0, middle = 0; // the middle of the line
    float size = 12;
    Color color = 0;
    bool strong = false;
    Anchor anchor = Anchor::start;
};
std::string text_svg(const PictureText& look, std::string_view words);

// `measured`: the run has figures; else a card says what it is.
std::string card_svg(const PictureFrame& frame, const Box& box, const CardScene& card, bool measured,
                     Language language);
std::string group_svg(const PictureFrame& frame, const Box& box, const CardScene& card);

} // namespace scale::web
