#include "kinds/page_cache_theory.hpp"

#include "core/reference.hpp"

#include <vector>

namespace scale::kind {

using namespace sim;

PageCacheHits page_cache_hits(const sim::Forecast& here, double items, double places) {
    PageCacheHits hits;
    std::vector<core::KeyLoad> keys;
    for (std::size_t g = 0; g < here.groups().size(); ++g) {
        core::KeyLoad load{here.groups()[g].count * places, 0};
        for (const std::vector<double>& of_class : here.in().keys)
            if (g < of_class.size()) load.per_s += of_class[g];
        if (load.per_s > 0) hits.rows += load.count;
        keys.push_back(load);
    }
    const double stays = core::characteristic_time(keys, items);
    for (std::size_t i = 0; i < k_classes; ++i) {
        if (static_cast<RequestClass>(i) == RequestClass::write) continue;
        for (std::size_t g = 0; g < here.in().keys[i].size(); ++g) {
            hits.reads += here.in().keys[i][g];
            hits.found += here.in().keys[i][g] * core::present_lru(keys[g], stays);
        }
    }
    return hits;
}

} // namespace scale::kind
