// What a page cache in the memory of a store is expected to hold: least recently used of its real keys, by
// Che's approximation, once it is full.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind {

struct PageCacheHits {
    double reads = 0, found = 0; // per second
    double rows = 0;             // that are asked for at all
};

// `places`: at how many places every key is kept and read.
PageCacheHits page_cache_hits(const sim::Forecast& here, double items, double places = 1);

} // namespace scale::kind
