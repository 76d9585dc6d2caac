#include "core/reference.hpp"

#include "core/maths.hpp"

namespace scale::core {

namespace {

double all_keys(std::span<const KeyLoad> keys) {
    double sum = 0;
    for (const KeyLoad& group : keys) sum += group.per_s > 0 ? group.count : 0;
    return sum;
}

template<class Present>
double time_until_full(std::span<const KeyLoad> keys, double items, Present present) {
    if (items >= all_keys(keys)) return k_infinity;
    if (!(items > 0)) return 0;
    const auto filled = [&](double logarithm) {
        const double time = exp(logarithm);
        double sum = 0;
        for (const KeyLoad& group : keys) sum += group.count * present(group, time);
        return sum;
    };
    // The logarithm of the time: straight lines between what is too short and too long, now and then the
    // middle.
    double low = -40, high = 60, below = -items, above = all_keys(keys) - items;
    for (int i = 0; i < 100 && high - low > 1e-12; ++i) {
        double next = low - below * (high - low) / (above - below);
        const bool halves = i % 3 == 2 || !(next > low && next < high);
        if (halves) next = (low + high) / 2;
        const double over = filled(next) - items;
        if (over == 0) return exp(next);
        (over < 0 ? low : high) = next;
        (over < 0 ? below : above) = over;
    }
    return exp(low);
}

} // namespace

double present_lru(const KeyLoad& keys, double time_s) {
    if (!(keys.per_s > 0)) return 0;
    return time_s < k_infinity ? -expm1(-keys.per_s / keys.count * time_s) : 1;
}

double present_fifo(const KeyLoad& keys, double time_s) {
    if (!(keys.per_s > 0)) return 0;
    const double expected = keys.per_s / keys.count * time_s;
    return expected < k_infinity ? expected / (1 + expected) : 1;
}

double characteristic_time(std::span<const KeyLoad> keys, double items) {
    return time_until_full(keys, items, present_lru);
}

double characteristic_time_fifo(std::span<const KeyLoad> keys, double items) {
    return time_until_full(keys, items, present_fifo);
}

} // namespace scale::core
