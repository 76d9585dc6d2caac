// The histogram's promise: integers only, every value within 0.4 %, quantiles as of the sorted values.
#include "core/histogram.hpp"

#include "core/distribution.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <vector>

namespace core = scale::core;
using core::Histogram;
using core::Time;

namespace {

double relative_error(Time value, Time exact) {
    return std::abs(static_cast<double>(value) - static_cast<double>(exact)) /
           std::max(1.0, static_cast<double>(exact));
}

std::vector<Time> some_values(std::uint64_t seed, int count) {
    core::Random random = core::Random::seeded(seed, 0, 0);
    const core::Distribution delay = core::Distribution::make(core::Shape::lognormal, 5e6, 3.0);
    std::vector<Time> values(static_cast<std::size_t>(count));
    for (Time& value : values) {
        value = delay.draw(random);
    }
    return values;
}

Time sorted_quantile(std::vector<Time> values, double q) {
    std::sort(values.begin(), values.end());
    const double rank = std::ceil(q * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

Time quantile_since(const std::vector<Histogram::Since>& all, double q) {
    Time found = 0;
    Histogram::quantiles_of_differences(all, &q, &found, 1);
    return found;
}

} // namespace

TEST_CASE("buckets cover every value within 0.4 %") {
    std::uint32_t previous = 0;
    double worst = 0.0;
    int out_of_order = 0;
    for (Time value = 0; value < Histogram::k_largest; value += 1 + value / 1000) {
        const std::uint32_t index = Histogram::index_of(value);
        out_of_order += index < previous || index > previous + 1 ? 1 : 0;
        previous = index;
        worst = std::max(worst, relative_error(Histogram::bucket_value(index), value));
    }
    CHECK(out_of_order == 0);
    CHECK(worst <= 0.004);
    CHECK(Histogram::index_of(Histogram::k_largest) == Histogram::k_buckets - 1);
    CHECK(Histogram::index_of(core::k_never) == Histogram::k_buckets - 1);
    for (std::uint32_t index = 0; index < Histogram::k_buckets; ++index) {
        REQUIRE(Histogram::index_of(Histogram::bucket_value(index)) == index);
    }
    for (Time value = 0; value < 256; ++value) {
        CHECK(Histogram::bucket_value(Histogram::index_of(value)) == value);
    }
}

TEST_CASE("quantiles agree with the sorted values") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const std::vector<Time> values = some_values(seed, 20'000);
        const auto histogram = std::make_unique<Histogram>();
        for (const Time value : values) {
            histogram->record(value);
        }
        for (const double q : {0.0001, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999}) {
            CHECK(relative_error(histogram->quantile(q), sorted_quantile(values, q)) <= 0.004);
        }
        CHECK(histogram->quantile(0.0) == *std::min_element(values.begin(), values.end()));
        CHECK(histogram->quantile(1.0) == *std::max_element(values.begin(), values.end()));
        CHECK(histogram->max == histogram->quantile(2.0));
        Time sum = 0;
        for (const Time value : values) {
            sum += value;
        }
        CHECK(histogram->sum == sum);
        CHECK(histogram->mean() == doctest::Approx(static_cast<double>(sum) / 20'000.0));
    }
}

TEST_CASE("an empty histogram, and one with a single value") {
    const auto histogram = std::make_unique<Histogram>();
    CHECK(histogram->quantile(0.5) == 0);
    CHECK(histogram->mean() == 0.0);
    CHECK(histogram->lowest_used() > histogram->highest_used());
    histogram->record(123'456'789);
    CHECK(histogram->quantile(0.0) == 123'456'789);
    CHECK(histogram->quantile(0.5) == 123'456'789);
    CHECK(histogram->quantile(1.0) == 123'456'789);
}

TEST_CASE("values beyond the last bucket are counted, and the maximum is exact") {
    const auto histogram = std::make_unique<Histogram>();
    histogram->record(10);
    histogram->record(Time{1} << 50);
    CHECK(histogram->count == 2);
    CHECK(histogram->counters[Histogram::k_buckets - 1] == 1);
    CHECK(histogram->quantile(1.0) == Time{1} << 50);
}

TEST_CASE("a full counter stands still") {
    const auto histogram = std::make_unique<Histogram>();
    histogram->record(7);
    histogram->counters[7] = 0xFFFFFFFEu;
    histogram->count = 0xFFFFFFFEu;
    for (int i = 0; i < 3; ++i) {
        histogram->record(7);
    }
    CHECK(histogram->counters[7] == 0xFFFFFFFFu);
    CHECK(histogram->count == 0x100000001u);
    const auto other = std::make_unique<Histogram>(*histogram);
    histogram->merge(*other);
    CHECK(histogram->counters[7] == 0xFFFFFFFFu);
}

TEST_CASE("a merged histogram is the histogram of all values") {
    const auto all = std::make_unique<Histogram>();
    const auto left = std::make_unique<Histogram>();
    const auto right = std::make_unique<Histogram>();
    for (const Time value : some_values(7, 5'000)) {
        all->record(value);
        (value % 3 == 0 ? left : right)->record(value);
    }
    left->merge(*right);
    CHECK(left->hash() == all->hash());
    left->merge(*std::make_unique<Histogram>());
    CHECK(left->hash() == all->hash());
    left->clear();
    CHECK(left->hash() == Histogram{}.hash());
    CHECK(std::all_of(std::begin(left->counters), std::end(left->counters),
                      [](std::uint32_t c) { return c == 0; }));
    left->merge(*all);
    CHECK(left->hash() == all->hash());
    CHECK(left->hash() != right->hash());
}

TEST_CASE("a window is the difference of two states") {
    const auto histogram = std::make_unique<Histogram>();
    for (const Time value : some_values(1, 10'000)) {
        histogram->record(value);
    }
    const auto earlier = std::make_unique<Histogram>(*histogram);
    CHECK(quantile_since({{histogram.get(), earlier.get()}}, 0.5) == 0);
    std::vector<Time> window;
    for (const Time value : some_values(2, 3'000)) {
        window.push_back(value * 2);
        histogram->record(value * 2);
    }
    for (const double q : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const Time found = quantile_since({{histogram.get(), earlier.get()}}, q);
        CHECK(relative_error(found, sorted_quantile(window, q)) <= 0.004);
    }
    const auto empty = std::make_unique<Histogram>();
    for (const double q : {0.1, 0.5, 0.99}) {
        CHECK(quantile_since({{histogram.get(), empty.get()}}, q) == histogram->quantile(q));
    }
}

TEST_CASE("windows of several histograms together are the window of all values") {
    const auto fast = std::make_unique<Histogram>();
    const auto slow = std::make_unique<Histogram>();
    const auto silent = std::make_unique<Histogram>();
    for (const Time value : some_values(1, 10'000)) {
        fast->record(value);
        slow->record(value * 100);
    }
    const auto fast_earlier = std::make_unique<Histogram>(*fast);
    const auto slow_earlier = std::make_unique<Histogram>(*slow);
    std::vector<Time> window;
    for (const Time value : some_values(2, 3'000)) {
        fast->record(value);
        slow->record(value * 7);
        window.insert(window.end(), {value, value * 7});
    }
    const std::vector<Histogram::Since> all = {
        {silent.get(), silent.get()}, {fast.get(), fast_earlier.get()}, {slow.get(), slow_earlier.get()}};
    constexpr double k_shares[] = {0.01, 0.5, 0.9, 0.99, 0.999};
    Time found[std::size(k_shares)];
    Histogram::quantiles_of_differences(all, k_shares, found, static_cast<int>(std::size(k_shares)));
    for (std::size_t i = 0; i < std::size(k_shares); ++i) {
        CAPTURE(k_shares[i]);
        CHECK(relative_error(found[i], sorted_quantile(window, k_shares[i])) <= 0.004);
    }
    CHECK(quantile_since({{silent.get(), silent.get()}}, 0.5) == 0);
}
