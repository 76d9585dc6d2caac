// Hit ratios of stores of keys under independent references, by group of keys that are asked for alike.
#pragma once

#include <span>

namespace scale::core {

struct KeyLoad {
    double count = 1; // keys of the group
    double per_s = 0; // requests for all of them together
};

// Che's approximation of a store of `items` that evicts the least recently used: how long a key stays that
// nobody asks for, s; infinite when everything fits. A key that is asked for lambda times a second is there
// with 1 - exp(-lambda t).
double characteristic_time(std::span<const KeyLoad> keys, double items);

// The same where whoever came first leaves first, or one at random: a key is there with lambda t / (1 +
// lambda t).
double characteristic_time_fifo(std::span<const KeyLoad> keys, double items);

double present_lru(const KeyLoad& keys, double time_s);
double present_fifo(const KeyLoad& keys, double time_s);

} // namespace scale::core
