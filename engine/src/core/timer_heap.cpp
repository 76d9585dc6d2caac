#include "core/timer_heap.hpp"

#include <algorithm>
#include <vector>

namespace scale::core {

// The pending entries get the numbers 0, 1, ... in their order, which leaves the heap as it is.
void TimerHeap::renumber(std::uint64_t sequence) {
    std::vector<std::uint64_t> orders;
    orders.reserve(size());
    for (const Entry& entry : *this) {
        orders.push_back(entry.order);
    }
    std::sort(orders.begin(), orders.end());
    for (std::size_t node = k_root; node < entries_.size(); ++node) {
        std::uint64_t& order = entries_[node].order;
        const auto rank = std::lower_bound(orders.begin(), orders.end(), order) - orders.begin();
        order = static_cast<std::uint64_t>(rank) << 32 | (order & 0xFFFFFFFFu);
    }
    base_ = sequence - orders.size();
}

} // namespace scale::core
