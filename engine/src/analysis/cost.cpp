// What a design costs, by the month and by the request.
#include "scale/insight.hpp"

#include <array>
#include <limits>

#include "kinds/prices.hpp"

namespace scale {

Cost cost_of(const World& world) {
    constexpr double k_seconds_per_month = k_hours_per_month * 3600;
    Cost cost;
    const Totals totals = world.totals();
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i) {
        cost.node_usd_per_month.push_back(world.node_totals(static_cast<int>(i)).cost_usd_per_month);
        cost.usd_per_month += cost.node_usd_per_month.back();
    }
    const double millions = totals.throughput_per_s * k_seconds_per_month / 1e6;
    cost.usd_per_million_requests =
        millions > 0 ? cost.usd_per_month / millions : std::numeric_limits<double>::quiet_NaN();
    return cost;
}

std::span<const Price> prices() {
    static const auto table = [] {
        std::array<Price, std::size(kind::price::k_table)> out{};
        for (std::size_t i = 0; i < out.size(); ++i) {
            const kind::price::Row& row = kind::price::k_table[i];
            out[i] = {row.id, row.name, row.usd, row.unit, row.source, row.date};
        }
        return out;
    }();
    return table;
}

} // namespace scale
