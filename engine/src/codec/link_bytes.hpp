// The bytes of a link before deflate: whole numbers, decimals and words. The encoding is for ever;
// docs/links.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scale::codec {

// First byte of a figure. 0 is kept for "the default", so that columns of defaults are runs of zeros.
namespace figure {
constexpr int k_default = 0;
constexpr int k_raw = 1;    // eight bytes, the double itself
constexpr int k_scaled = 2; // 2..22: 10^-10 .. 10^10, then the mantissa as a whole number
constexpr int k_least_power = -10;
constexpr int k_most_power = 10;
constexpr int k_minus = 23; // the figure behind it, negated
constexpr int k_whole = 24; // 24..150: the whole numbers 0..126
constexpr int k_most_whole = 126;
constexpr int k_round = 151; // 151..231: 1..9 times 10^-4, -3, -2, -1, 2, 3, 4, 5, 6
constexpr int k_round_powers[] = {-4, -3, -2, -1, 2, 3, 4, 5, 6};
constexpr int k_free = 232; // from here on: not given out yet
} // namespace figure

class ByteWriter {
public:
    void byte(std::size_t value) { bytes_.push_back(static_cast<std::uint8_t>(value)); }
    void whole(std::uint64_t value);       // 7 bits a byte, least first
    void signed_whole(std::int64_t value); // 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
    void number(double value);             // finite; comes back to the same bits (but -0 as 0)
    void number_or_default(double value, double fallback);
    void time(std::uint64_t ns);      // short where it is a round number of seconds or milliseconds
    void text(std::string_view utf8); // with its end; no zero bytes inside

    const std::vector<std::uint8_t>& bytes() const { return bytes_; }

private:
    void decimal(const std::string& digits, int exponent, double value);
    std::vector<std::uint8_t> bytes_;
};

// Reads what ByteWriter wrote. After a fault everything reads as 0 and `fault` says what it was.
class ByteReader {
public:
    explicit ByteReader(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

    std::uint8_t byte();
    std::uint64_t whole();
    std::uint64_t whole(std::uint64_t most); // more is a fault
    std::int64_t signed_whole();
    double number();
    double number_or_default(double fallback);
    std::uint64_t time();
    std::string text();

    bool at_end() const { return at_ == bytes_.size(); }
    bool failed() const { return !fault_.empty(); }
    std::string_view fault() const { return fault_; }
    void fail(std::string_view fault) {
        if (!failed()) fault_ = fault;
    }

private:
    double figure(std::uint8_t first);
    const std::vector<std::uint8_t>& bytes_;
    std::size_t at_ = 0;
    std::string_view fault_; // k_newer or k_damaged
};

constexpr std::string_view k_newer = "it was made with a newer Scaleground";
constexpr std::string_view k_damaged = "its content is damaged";

} // namespace scale::codec
