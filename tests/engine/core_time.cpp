#include "core/time.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace core = scale::core;

TEST_CASE("seconds and milliseconds to ns and back") {
    CHECK(core::from_seconds(1.0) == core::k_second);
    CHECK(core::from_ms(1.0) == core::k_ms);
    CHECK(core::from_ms(0.0000004) == 0);
    CHECK(core::from_ms(0.0000006) == 1);
    CHECK(core::from_seconds(0.1) == 100'000'000);
    CHECK(core::to_seconds(core::from_seconds(86400.0)) == 86400.0);
    CHECK(core::to_ms(1'500'000) == 1.5);
}

TEST_CASE("times that cannot be are cut off") {
    CHECK(core::from_seconds(-1.0) == 0);
    CHECK(core::from_seconds(std::nan("")) == 0);
    CHECK(core::from_seconds(1e300) == core::k_never);
    CHECK(core::from_seconds(std::numeric_limits<double>::infinity()) == core::k_never);
    CHECK(core::from_seconds(4294967296.0) == 4294967296'000'000'000u);
    CHECK(core::from_seconds(18446744074.0) == core::k_never);
}
