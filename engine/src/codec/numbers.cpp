#include "codec/numbers.hpp"

#include <bit>
#include <limits>

#include "codec/big_number.hpp"
#include "core/bits.hpp"

namespace scale::codec {

namespace {

constexpr double k_powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int k_exact_power = 22; // the largest power of ten that a double holds exactly
constexpr std::uint64_t k_exact_whole = std::uint64_t{1} << 53;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at `at`, appends them, and returns how many there were.
std::size_t take_digits(std::string_view text, std::size_t& at, std::string& digits) {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) digits += text[at++];
    return at - start;
}

bool take_exponent(std::string_view text, std::size_t& at, int& exponent) {
    if (at == text.size() || (text[at] != 'e' && text[at] != 'E')) return true;
    ++at;
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    std::string digits;
    if (take_digits(text, at, digits) == 0) return false;
    int value = 0;
    for (char c : digits) value = value > 9999 ? value : value * 10 + (c - '0');
    exponent += negative ? -value : value;
    return true;
}

void strip_zeros(Decimal& decimal) {
    const std::size_t first = decimal.digits.find_first_not_of('0');
    if (first == std::string::npos) {
        decimal.digits.clear();
        decimal.exponent = 0;
        return;
    }
    const std::size_t last = decimal.digits.find_last_not_of('0');
    decimal.exponent += static_cast<int>(decimal.digits.size() - 1 - last);
    decimal.digits = decimal.digits.substr(first, last - first + 1);
}

std::uint64_t small_whole(std::string_view digits) {
    std::uint64_t value = 0;
    for (char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return value;
}

// mantissa / 2^63 * 2^exponent, where the mantissa has its top bit set; ties to even, `rest` breaks them.
double round_to_double(std::uint64_t mantissa, int exponent, bool rest) {
    int drop = 11; // 64 bits down to 53
    if (exponent < -1022) drop += -1022 - exponent;
    if (drop > 64) return 0.0;
    const std::uint64_t kept = drop == 64 ? 0 : mantissa >> drop;
    const std::uint64_t lost = drop == 64 ? mantissa : mantissa & ((std::uint64_t{1} << drop) - 1);
    const std::uint64_t half = std::uint64_t{1} << (drop - 1);
    const bool up = lost > half || (lost == half && (rest || (kept & 1) != 0));
    // Without the implicit bit a normal number is exponent field + fraction, so a carry lands where it
    // should.
    const std::uint64_t field = exponent < -1022 ? 0 : static_cast<std::uint64_t>(exponent + 1022) << 52;
    return core::bit_cast<double>(field + kept + (up ? 1 : 0));
}

// Long division, one bit at a time; only numbers beyond the fast path come here.
double divide(BigNumber above, BigNumber below) {
    int exponent = above.bits() - below.bits();
    if (exponent > 0) below.shift_left(exponent);
    if (exponent < 0) above.shift_left(-exponent);
    if (!(above >= below)) {
        above.shift_left(1);
        --exponent;
    }
    std::uint64_t mantissa = 0;
    for (int i = 0; i < 64; ++i) {
        mantissa <<= 1;
        if (above >= below) {
            above.subtract(below);
            mantissa |= 1;
        }
        above.shift_left(1);
    }
    if (exponent > 1023) return std::numeric_limits<double>::infinity();
    return round_to_double(mantissa, exponent, !above.is_zero());
}

double magnitude(const Decimal& decimal) {
    const int size = static_cast<int>(decimal.digits.size());
    if (size == 0 || size + decimal.exponent < -330) return 0.0;
    if (size + decimal.exponent > 310) return std::numeric_limits<double>::infinity();
    if (size <= 19) {
        const std::uint64_t whole = small_whole(decimal.digits);
        // Both operands are exact, so the one rounding of the operation is the correct one.
        if (whole <= k_exact_whole && decimal.exponent >= 0 && decimal.exponent <= k_exact_power)
            return static_cast<double>(whole) * k_powers_of_ten[decimal.exponent];
        if (whole <= k_exact_whole && decimal.exponent < 0 && decimal.exponent >= -k_exact_power)
            return static_cast<double>(whole) / k_powers_of_ten[-decimal.exponent];
    }
    BigNumber above(0);
    for (char c : decimal.digits) above.multiply_add(10, static_cast<std::uint32_t>(c - '0'));
    BigNumber below(1);
    above.multiply_by_power_of_ten(decimal.exponent);
    below.multiply_by_power_of_ten(-decimal.exponent);
    return divide(above, below);
}

Decimal decimal_of_whole(std::uint64_t value, int exponent) {
    Decimal decimal;
    append_whole(decimal.digits, value);
    decimal.exponent = exponent;
    strip_zeros(decimal);
    return decimal;
}

// Most numbers that people write: a whole number below 2^53 over a small power of ten.
std::optional<Decimal> short_decimal(double value) {
    for (int places = 0; places <= 17; ++places) {
        const double scaled = value * k_powers_of_ten[places];
        if (scaled >= static_cast<double>(k_exact_whole)) return std::nullopt;
        const auto whole = static_cast<std::uint64_t>(scaled + 0.5);
        if (whole != 0 && whole < k_exact_whole &&
            static_cast<double>(whole) / k_powers_of_ten[places] == value)
            return decimal_of_whole(whole, -places);
    }
    return std::nullopt;
}

// The first 17 digits of the value, exactly, and one more that stands for the rest; exponent of the first
// one.
struct Digits {
    std::array<int, 18> digit{};
    int exponent = 0;
};

Digits first_digits(double value) {
    const std::uint64_t bits = core::bit_cast<std::uint64_t>(value);
    const int field = static_cast<int>(bits >> 52);
    const std::uint64_t fraction = bits & (k_exact_whole / 2 - 1);
    const std::uint64_t mantissa = field == 0 ? fraction : fraction | (k_exact_whole / 2);
    const int power = (field == 0 ? 1 : field) - 1075;
    BigNumber above(mantissa);
    BigNumber below(1);
    above.shift_left(power);
    below.shift_left(-power);
    // 1233 / 4096 is just below log10(2): the estimate is right or one too small.
    Digits out;
    out.exponent = ((power + static_cast<int>(std::bit_width(mantissa)) - 1) * 1233) >> 12;
    if (out.exponent > 0) below.multiply_by_power_of_ten(out.exponent);
    if (out.exponent < 0) above.multiply_by_power_of_ten(-out.exponent);
    BigNumber ten_times = below;
    ten_times.multiply_add(10, 0);
    while (above >= ten_times) {
        below = ten_times;
        ten_times.multiply_add(10, 0);
        ++out.exponent;
    }
    while (!(above >= below)) {
        above.multiply_add(10, 0);
        --out.exponent;
    }
    for (std::size_t i = 0; i < out.digit.size(); ++i) {
        for (; above >= below; ++out.digit[i]) above.subtract(below);
        above.multiply_add(10, 0);
    }
    return out;
}

Decimal rounded(const Digits& from, int places) {
    Decimal decimal;
    std::uint64_t whole = 0;
    for (int i = 0; i < places; ++i)
        whole = whole * 10 + static_cast<std::uint64_t>(from.digit[static_cast<std::size_t>(i)]);
    if (from.digit[static_cast<std::size_t>(places)] >= 5) ++whole;
    return decimal_of_whole(whole, from.exponent - places + 1);
}

} // namespace

std::optional<Decimal> read_decimal(std::string_view text) {
    if (text.empty() || text.size() > k_number_bytes) return std::nullopt;
    Decimal decimal;
    std::size_t at = 0;
    if (text[at] == '-') {
        decimal.negative = true;
        ++at;
    }
    const bool leading_zero = at < text.size() && text[at] == '0';
    const std::size_t whole = take_digits(text, at, decimal.digits);
    if (whole == 0 || (leading_zero && whole > 1)) return std::nullopt;
    if (at < text.size() && text[at] == '.') {
        const std::size_t places = take_digits(text, ++at, decimal.digits);
        if (places == 0) return std::nullopt;
        decimal.exponent = -static_cast<int>(places);
    }
    if (!take_exponent(text, at, decimal.exponent) || at != text.size()) return std::nullopt;
    strip_zeros(decimal);
    return decimal;
}

std::optional<double> to_double(const Decimal& decimal) {
    const double value = magnitude(decimal);
    if (value > std::numeric_limits<double>::max()) return std::nullopt;
    return decimal.negative && value != 0.0 ? -value : value;
}

std::optional<double> read_number(std::string_view text) {
    const std::optional<Decimal> decimal = read_decimal(text);
    return decimal ? to_double(*decimal) : std::nullopt;
}

Decimal shortest_decimal(double value) {
    if (value == 0.0) return {};
    const double positive = value < 0.0 ? -value : value;
    Decimal decimal;
    if (std::optional<Decimal> simple = short_decimal(positive)) {
        decimal = *std::move(simple);
    } else {
        const Digits digits = first_digits(positive);
        for (int places = 1; places <= 17; ++places) {
            decimal = rounded(digits, places);
            if (magnitude(decimal) == positive) break;
        }
    }
    decimal.negative = value < 0.0;
    return decimal;
}

void append_whole(std::string& out, std::uint64_t value) {
    char reversed[20];
    int size = 0;
    do {
        reversed[size++] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (size > 0) out += reversed[--size];
}

void append_number(std::string& out, double value) {
    if (!(value - value == 0.0)) { // NaN and infinities, for which JSON has no word
        out += "null";
        return;
    }
    const Decimal decimal = shortest_decimal(value);
    if (decimal.digits.empty()) {
        out += '0';
        return;
    }
    if (decimal.negative) out += '-';
    const int size = static_cast<int>(decimal.digits.size());
    const int point = size + decimal.exponent; // digits in front of the decimal point
    if (point > 21 || point < -5) {
        out += decimal.digits[0];
        if (size > 1) out.append(1, '.').append(decimal.digits, 1);
        out += point > 0 ? "e+" : "e-";
        append_whole(out, static_cast<std::uint64_t>(point > 0 ? point - 1 : 1 - point));
    } else if (point >= size) {
        out.append(decimal.digits).append(static_cast<std::size_t>(point - size), '0');
    } else if (point > 0) {
        out.append(decimal.digits, 0, static_cast<std::size_t>(point)).append(1, '.');
        out.append(decimal.digits, static_cast<std::size_t>(point));
    } else {
        out.append("0.").append(static_cast<std::size_t>(-point), '0').append(decimal.digits);
    }
}

std::string print_number(double value) {
    std::string out;
    append_number(out, value);
    return out;
}

std::optional<std::uint64_t> seconds_to_ns(const Decimal& seconds) {
    if (seconds.digits.empty()) return 0;
    const int size = static_cast<int>(seconds.digits.size());
    const int point = size + seconds.exponent + 9; // digits of the whole nanoseconds
    if (seconds.negative || point > 19) return std::nullopt;
    if (point < 0) return 0;
    std::string digits = seconds.digits.substr(0, static_cast<std::size_t>(point < size ? point : size));
    if (point > size) digits.append(static_cast<std::size_t>(point - size), '0');
    const std::uint64_t whole = small_whole(digits);
    if (whole >> 63 != 0) return std::nullopt;
    const bool up = point < size && seconds.digits[static_cast<std::size_t>(point)] >= '5';
    return whole + (up ? 1 : 0);
}

std::string print_ns_as_seconds(std::uint64_t ns) {
    std::string out;
    append_whole(out, ns / 1'000'000'000);
    std::uint64_t rest = ns % 1'000'000'000;
    if (rest == 0) return out;
    out += '.';
    for (std::uint64_t place = 100'000'000; rest != 0; place /= 10) {
        out += static_cast<char>('0' + rest / place);
        rest %= place;
    }
    return out;
}

} // namespace scale::codec
