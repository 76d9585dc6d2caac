#pragma once
// Pieces of SVG text.

#include <span>
#include <string>
#include <string_view>

#include "palette.hpp"
#include "spot.hpp"

namespace scale::web::svg {

std::string number(float value);
// ` fill="#0d8f7d"`, with the opacity where there is some.
std::string paint(const char* attribute, Color color);
std::string escaped(std::string_view words);
std::string points(std::span<const Spot> spots);

// How wide words are likely to be, in ems: the reader's font is not known. Rather too wide than too narrow.
float ems(std::string_view words);
// The words, cut with an ellipsis where they are likely to be wider.
std::string fitted(std::string_view words, float ems);

} // namespace scale::web::svg
