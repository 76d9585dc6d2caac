// Numbers as text, the same on every platform and in every locale: decimals are read correctly rounded and
// printed so that they read back to the same bits. Own code, because libm, strtod and printf differ or are
// large.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scale::codec {

// A longer number in JSON is refused before it is read.
constexpr std::size_t k_number_bytes = 128;

// A decimal: digits * 10^exponent, without leading or trailing zeros; zero has no digits.
struct Decimal {
    bool negative = false;
    std::string digits;
    int exponent = 0; // within -100,000..100,000
};

// JSON grammar only ("-0.5e3"; not "+1", ".5", "1.", "0x1"). Nothing when the text is anything else.
std::optional<Decimal> read_decimal(std::string_view text);

// The nearest double, ties to even; -0 becomes 0. Nothing when it is too large for a double.
std::optional<double> to_double(const Decimal& decimal);
std::optional<double> read_number(std::string_view text);

// The fewest digits that read back to the same value. The value must be finite.
Decimal shortest_decimal(double value);
// As JavaScript prints numbers: "0.001", "1e-7", "250000", "1e+21"; NaN and infinities give "null".
std::string print_number(double value);
void append_number(std::string& out, double value);
void append_whole(std::string& out, std::uint64_t value);

// Seconds as written to whole nanoseconds, rounded to the nearest. Nothing when negative or beyond 2^63 ns.
std::optional<std::uint64_t> seconds_to_ns(const Decimal& seconds);
// Nanoseconds as seconds with up to 9 decimals; exact.
std::string print_ns_as_seconds(std::uint64_t ns);

} // namespace scale::codec
