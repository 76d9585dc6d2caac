// Decimal conversion: exact both ways. The system's strtod serves as the second opinion (glibc's and musl's
// round correctly; tests run in the C locale).
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "codec/numbers.hpp"
#include "core/bits.hpp"
#include "support/random_scenario.hpp"

using namespace scale;
using namespace scale::codec;

namespace {

double strict(const std::string& text) {
    const std::optional<double> value = read_number(text);
    REQUIRE_MESSAGE(value.has_value(), text);
    return *value;
}

void check_round_trip(double value) {
    const std::string text = print_number(value);
    CAPTURE(text);
    REQUIRE(core::bit_cast<std::uint64_t>(strict(text)) == core::bit_cast<std::uint64_t>(value));
    REQUIRE(std::strtod(text.c_str(), nullptr) == value);
}

} // namespace

TEST_CASE("numbers print as JavaScript prints them") {
    const std::pair<double, const char*> cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {250000, "250000"},
        {1e20, "100000000000000000000"},
        {1e21, "1e+21"},
        {1.25e22, "1.25e+22"},
        {0.000001, "0.000001"},
        {1e-7, "1e-7"},
        {1.5e-9, "1.5e-9"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {9007199254740992, "9007199254740992"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {123456789.125, "123456789.125"},
    };
    for (const auto& [value, text] : cases) CHECK(print_number(value) == text);
    CHECK(print_number(std::nan("")) == "null");
    CHECK(print_number(HUGE_VAL) == "null");
}

TEST_CASE("any double survives being printed and read") {
    tests::Dice dice(1);
    for (int i = 0; i < 20000; ++i) {
        const double value = core::bit_cast<double>(dice.bits());
        if (std::isfinite(value)) check_round_trip(value);
    }
    for (int i = 0; i < 20000; ++i) {
        const double value = static_cast<double>(dice.below(1'000'000'000)) /
                             std::pow(10.0, static_cast<double>(dice.below(10)));
        check_round_trip(value);
    }
    for (int power = -1074; power < 1024; ++power) {
        check_round_trip(std::ldexp(1.0, power));
        check_round_trip(std::nextafter(std::ldexp(1.0, power), 0.0) + 0.0);
    }
}

TEST_CASE("decimals are read to the nearest double, ties to even") {
    tests::Dice dice(2);
    for (int i = 0; i < 20000; ++i) {
        std::string text(1, static_cast<char>('1' + dice.below(9)));
        text += '.';
        for (std::uint64_t digits = 1 + dice.below(40); digits > 0; --digits)
            text += static_cast<char>('0' + dice.below(10));
        text += "e" + std::to_string(static_cast<int>(dice.below(600)) - 310);
        CAPTURE(text);
        CHECK(strict(text) == std::strtod(text.c_str(), nullptr));
    }
    CHECK(strict("9007199254740993") == 9007199254740992.0);
    CHECK(strict("9007199254740993.0000000000000000000001") == 9007199254740994.0);
    CHECK(strict("2.4703282292062327e-324") == 0.0);
    CHECK(strict("2.4703282292062328e-324") == 5e-324);
    CHECK(strict("1.7976931348623158e308") == 1.7976931348623157e308);
    CHECK_FALSE(read_number("1.7976931348623159e308"));
    CHECK_FALSE(read_number("1e400"));
    CHECK(strict("1e-400") == 0.0);
    CHECK(strict("1e-99999999999") == 0.0);
    CHECK(std::signbit(strict("-0")) == false);
}

TEST_CASE("only JSON's own grammar is a number") {
    for (const char* text : {"", "-", "+1", ".5", "1.", "01", "-01", "1e", "1e+", "0x10", "1 ", " 1", "NaN",
                             "Infinity", "1,5", "1_000", "--1", "1.2.3"})
        CHECK_MESSAGE(!read_decimal(text), text);
    CHECK(strict("0.5E+3") == 500.0);
    CHECK(strict("-12e-1") == -1.2);
    CHECK(read_decimal(std::string(k_number_bytes, '9')));
    CHECK_FALSE(read_decimal(std::string(k_number_bytes + 1, '9')));
}

TEST_CASE("seconds and nanoseconds are the same moment") {
    tests::Dice dice(3);
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t ns = dice.bits() >> (1 + dice.below(60));
        const std::string text = print_ns_as_seconds(ns);
        CAPTURE(text);
        REQUIRE(seconds_to_ns(*read_decimal(text)) == ns);
    }
    CHECK(print_ns_as_seconds(120'500'000'000) == "120.5");
    CHECK(print_ns_as_seconds(1) == "0.000000001");
    CHECK(seconds_to_ns(*read_decimal("1.2e2")) == 120'000'000'000);
    CHECK(seconds_to_ns(*read_decimal("0.30000000000000004")) == 300'000'000);
    CHECK(seconds_to_ns(*read_decimal("1.9999999995")) == 2'000'000'000);
    CHECK_FALSE(seconds_to_ns(*read_decimal("-1")));
    CHECK_FALSE(seconds_to_ns(*read_decimal("1e300")));
}
