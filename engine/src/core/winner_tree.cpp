#include "core/winner_tree.hpp"

#include <utility>

namespace scale::core {

void WinnerTree::resize(std::uint32_t slots) {
    std::uint32_t capacity = 4;
    while (capacity < slots) {
        capacity *= 4;
    }
    const std::uint32_t leaves = k_root + (capacity - 1) / 3;
    AlignedVector<Entry> nodes(leaves + capacity);
    const std::uint32_t kept = slots < slots_ ? slots : slots_;
    for (std::uint32_t slot = 0; slot < kept; ++slot) {
        nodes[leaves + slot] = nodes_[leaves_ + slot];
    }
    for (std::uint32_t node = leaves; node-- > k_root;) {
        const std::uint32_t child = (node - 2) * 4;
        nodes[node] = earlier_of(earlier_of(nodes[child], nodes[child + 1]),
                                 earlier_of(nodes[child + 2], nodes[child + 3]));
    }
    nodes_ = std::move(nodes);
    leaves_ = leaves;
    slots_ = slots;
}

} // namespace scale::core
