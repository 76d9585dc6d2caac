// What caches and CDNs share of their closed forms: which share of the requests for each key is a hit.
#pragma once

#include "sim/forecast.hpp"

namespace scale::kind {

// What is kept, and how.
struct KeptKeys {
    double items = 0; // of one shelf
    double shelves = 1;
    bool by_key = false; // each key has one shelf; otherwise each shelf gets its part of the requests for all
    bool apart = false;  // the same key means another thing to another class
    double ttl_s = 0;    // 0 is for ever
    double jitter = 0;
    int policy = 0; // core::Eviction: LRU, LFU, FIFO, random
    std::array<bool, sim::k_classes> keeps{};
};

// Share of hits by group of keys, for each class that is kept; all 0 for the others.
using HitShares = std::array<std::vector<double>, sim::k_classes>;
HitShares hit_shares(sim::Forecast& here, const KeptKeys& kept);

// Of all requests of a class; 0 where nothing comes in.
double hit_share(const sim::Forecast& here, const HitShares& shares, std::size_t asked);

// The edge that what is not kept is fetched along; none when there is none.
sim::EdgeId way_back(const sim::Forecast& here, sim::RequestClass asked);

} // namespace scale::kind
