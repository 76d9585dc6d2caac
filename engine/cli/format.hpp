// Numbers and words as people read them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace scale::cli {

std::string in_quotes(std::string_view text); // "text", cut after 60 bytes

std::string plain_number(double value);                    // shortest that reads back: 0.9, 1e+07
std::string significant(double value, int digits);         // 3 digits: 0.0123, 1.23, 123, 1,235
std::string grouped(std::uint64_t value);                  // 1,234,567
std::string milliseconds(double value);                    // 812 µs, 41.8 ms, 1.25 s; "-" for NaN
std::string milliseconds(double value, double plus_minus); // 41.8 ±0.6 ms; NaN leaves the second part out
std::string seconds(double value);                         // 0.25 s, 300 s
std::string percent(double share);                         // 99.81 %, 100 %
std::string short_count(double value);                     // 950, 12.3 k, 4.56 M
// %1, %2, ... in the text stand for the parts.
std::string filled(std::string_view text, std::initializer_list<std::string> parts);

} // namespace scale::cli
