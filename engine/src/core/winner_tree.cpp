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
        const Entry* const children = &nodes[(node - 2) * 4];
        detail::Held winner = detail::Held::load(children[0]);
        for (int child = 1; child < 4; ++child) {
            winner.keep_earlier(detail::Held::load(children[child]));
        }
        winner.store(nodes[node]);
    }
    nodes_ = std::move(nodes);
    leaves_ = leaves;
    slots_ = slots;
}

} // namespace scale::core
