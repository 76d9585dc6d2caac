#include "codec/link_bytes.hpp"

#include <bit>

#include "codec/numbers.hpp"
#include "core/bits.hpp"

namespace scale::codec {

namespace {

constexpr int k_most_time_power = 9; // times are stripped of zeros down to whole seconds
constexpr int k_round_count = static_cast<int>(std::size(figure::k_round_powers));

std::uint64_t to_whole(std::string_view digits) {
    std::uint64_t value = 0;
    for (char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return value;
}

// mantissa * 10^power, correctly rounded, from the text that stands for it.
double scaled(std::uint64_t mantissa, int power) {
    Decimal decimal;
    append_whole(decimal.digits, mantissa);
    decimal.exponent = power;
    if (mantissa == 0) return 0.0;
    return to_double(decimal).value_or(0.0);
}

} // namespace

void ByteWriter::whole(std::uint64_t value) {
    while (value >= 128) {
        byte((value & 127) | 128);
        value >>= 7;
    }
    byte(static_cast<std::size_t>(value));
}

void ByteWriter::signed_whole(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    whole((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void ByteWriter::number(double value) {
    const Decimal decimal = shortest_decimal(value);
    if (decimal.negative) byte(figure::k_minus);
    const double positive = value < 0 ? -value : value;
    if (decimal.digits.empty())
        byte(figure::k_whole);
    else
        this->decimal(decimal.digits, decimal.exponent, positive);
}

void ByteWriter::decimal(const std::string& digits, int exponent, double value) {
    if (value <= figure::k_most_whole && exponent >= 0) {
        byte(figure::k_whole + static_cast<std::size_t>(value));
        return;
    }
    if (digits.size() == 1) {
        for (int i = 0; i < k_round_count; ++i) {
            if (figure::k_round_powers[i] != exponent) continue;
            byte(static_cast<std::size_t>(figure::k_round + i * 9 + (digits[0] - '1')));
            return;
        }
    }
    // 13 digits take six bytes and one for the power; longer ones are no shorter than the double itself.
    if (digits.size() <= 14 && exponent >= figure::k_least_power && exponent <= figure::k_most_power) {
        byte(static_cast<std::size_t>(figure::k_scaled + exponent - figure::k_least_power));
        whole(to_whole(digits));
        return;
    }
    byte(figure::k_raw);
    const auto bits = core::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) byte(bits >> shift & 255);
}

void ByteWriter::number_or_default(double value, double fallback) {
    if (value == fallback)
        byte(figure::k_default);
    else
        number(value);
}

void ByteWriter::time(std::uint64_t ns) {
    std::size_t power = 0;
    while (ns != 0 && power < k_most_time_power && ns % 10 == 0) {
        ns /= 10;
        ++power;
    }
    byte(power);
    whole(ns);
}

std::uint8_t ByteReader::byte() {
    if (at_ >= bytes_.size()) fail(k_damaged);
    return failed() ? std::uint8_t{0} : bytes_[at_++];
}

std::uint64_t ByteReader::whole() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const std::uint64_t next = byte();
        if (shift == 63 && next > 1) break;
        value |= (next & 127) << shift;
        if (next < 128) return failed() ? 0 : value;
    }
    fail(k_damaged);
    return 0;
}

std::uint64_t ByteReader::whole(std::uint64_t most) {
    const std::uint64_t value = whole();
    if (value <= most) return value;
    fail(k_damaged);
    return 0;
}

std::int64_t ByteReader::signed_whole() {
    const std::uint64_t bits = whole();
    return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
}

double ByteReader::figure(std::uint8_t first) {
    if (first >= figure::k_free)
        fail(k_newer);
    else if (first >= figure::k_round) {
        const int index = first - figure::k_round;
        return scaled(static_cast<std::uint64_t>(index % 9 + 1), figure::k_round_powers[index / 9]);
    } else if (first >= figure::k_whole)
        return first - figure::k_whole;
    else if (first >= figure::k_scaled && first < figure::k_minus)
        return scaled(whole(), first - figure::k_scaled + figure::k_least_power);
    else if (first == figure::k_raw) {
        std::uint64_t bits = 0;
        for (int shift = 0; shift < 64; shift += 8) bits |= std::uint64_t{byte()} << shift;
        const double value = core::bit_cast<double>(bits);
        if (value - value == 0.0) return value;
        fail(k_damaged);
    } else
        fail(k_damaged);
    return 0.0;
}

double ByteReader::number() {
    const std::uint8_t first = byte();
    if (first != figure::k_minus) return figure(first) + 0.0;
    return 0.0 - figure(byte());
}

double ByteReader::number_or_default(double fallback) {
    if (at_ < bytes_.size() && bytes_[at_] == figure::k_default) {
        ++at_;
        return fallback;
    }
    return number();
}

std::uint64_t ByteReader::time() {
    std::uint64_t power = byte();
    std::uint64_t ns = whole(std::uint64_t{1} << 62);
    if (power > k_most_time_power) fail(k_damaged);
    for (; !failed() && power > 0; --power) {
        if (ns >= (std::uint64_t{1} << 60)) fail(k_damaged);
        ns *= 10;
    }
    return failed() ? 0 : ns;
}

} // namespace scale::codec
