// UTF-8, checked strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace scale::codec {

constexpr std::uint32_t k_no_point = 0xFFFFFFFFu;

// The code point at `at`, which moves behind it; k_no_point (and `at` unmoved) where there is none.
std::uint32_t next_point(std::string_view text, std::size_t& at);
void append_point(std::string& out, std::uint32_t point);
bool is_utf8(std::string_view text);
// Code points of valid UTF-8.
std::size_t count_points(std::string_view text);

} // namespace scale::codec
