// Numbers and words as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace scale::cli {

std::string in_quotes(std::string_view text); // "text", cut after 60 bytes

std::string plain_number(double value);            // shortest that reads back: 0.9, 1e+07
std::string significant(double value, int digits); // 3 digits: 0.0123, 1.23, 123, 1,235
std::string grouped(std::uint64_t value);          // 1,234,567
std::string milliseconds(double value);            // 812 µs, 41.8 ms, 1.25 s; "-" for NaN
std::string seconds(double value);                 // 0.25 s, 300 s
std::string percent(double share);                 // 99.81 %, 100 %
std::string short_count(double value);             // 950, 12.3 k, 4.56 M
std::string bytes_text(double bytes);              // 812 B, 1.2 MB

} // namespace scale::cli
