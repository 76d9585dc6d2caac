// Words in a link: ASCII is itself, frequent Hangul syllables take one byte, the others two. For ever;
// docs/links.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scale::codec {

// Appends the coded text without an end. The text is valid UTF-8 without control characters but \n and \t.
void append_coded(std::vector<std::uint8_t>& out, std::string_view utf8);

// Reads one code point at `at`, which moves behind it; false at bytes that no text has.
bool read_coded(const std::vector<std::uint8_t>& bytes, std::size_t& at, std::uint32_t& point);

// What deflate has seen before the first byte, so that usual words cost a reference. For ever, too.
const std::vector<std::uint8_t>& link_dictionary();

} // namespace scale::codec
