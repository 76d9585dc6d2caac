#include "heat.hpp"

#include <algorithm>
#include <cmath>

namespace scale::web {
namespace {

constexpr std::size_t k_least = 2;       // instances; one has its chart of busy
constexpr double k_looks_per_column = 4; // more would cost a fast run more than they tell

} // namespace

std::uint8_t HeatColumn::cell(std::size_t row) const {
    if (row >= sum.size()) return heat_none;
    switch (state[row]) {
    case InstanceState::dead: return heat_dead;
    case InstanceState::booting: return heat_booting;
    case InstanceState::ejected: return heat_ejected;
    case InstanceState::draining: return heat_draining;
    default: break;
    }
    const float share = sum[row] / static_cast<float>(std::max(1, seen));
    return static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0f, 1.0f) * 100.0f));
}

void HeatHistory::forget_after(double at_s) {
    for (std::vector<HeatColumn>& columns : nodes_)
        std::erase_if(columns, [at_s](const HeatColumn& column) { return column.at_s > at_s; });
}

void HeatHistory::look(const Session& session) {
    const double now_s = session.now_s();
    if (design_ != session.design_revision() || nodes_.size() != session.scenario().nodes.size()) {
        design_ = session.design_revision();
        nodes_.assign(session.scenario().nodes.size(), {});
        every_s_ = 1;
    }
    // A change makes another run of it from here on.
    if (link_ != session.link_revision() || now_s <= 0) forget_after(now_s);
    link_ = session.link_revision();
    const bool soon = now_s >= looked_s_ && now_s < looked_s_ + every_s_ / k_looks_per_column;
    if (soon || session.empty() || !session.started()) return;
    looked_s_ = now_s;
    const double at_s = std::floor(now_s / every_s_) * every_s_;
    const World& world = session.world();
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
        if (session.scenario().nodes[node].kind->tier == Tier::group) continue;
        const std::size_t count = world.node_now(static_cast<int>(node)).instances;
        if (count < k_least && nodes_[node].empty()) continue;
        std::vector<HeatColumn>& columns = nodes_[node];
        if (!columns.empty() && columns.back().at_s > at_s) continue; // seen already
        if (columns.empty() || columns.back().at_s < at_s) columns.push_back({at_s, {}, {}, 0});
        HeatColumn& column = columns.back();
        const std::size_t rows = std::min(count, k_heat_rows);
        column.sum.resize(std::max(rows, column.sum.size()), 0.0f);
        column.state.resize(column.sum.size(), InstanceState::up);
        ++column.seen;
        for (std::size_t row = 0; row < rows; ++row) {
            const InstanceNow now = world.instance_now(static_cast<int>(node), static_cast<int>(row));
            column.sum[row] += static_cast<float>(now.busy);
            column.state[row] = now.state;
        }
    }
    const auto full = [](const std::vector<HeatColumn>& columns) { return columns.size() > k_heat_columns; };
    if (!std::any_of(nodes_.begin(), nodes_.end(), full)) return;
    every_s_ *= 2; // then every second one goes
    for (std::vector<HeatColumn>& columns : nodes_)
        std::erase_if(columns,
                      [this](const HeatColumn& column) { return std::fmod(column.at_s, every_s_) != 0; });
}

const std::vector<HeatColumn>& HeatHistory::of(int node) const {
    static const std::vector<HeatColumn> k_nothing;
    return node >= 0 && static_cast<std::size_t>(node) < nodes_.size()
               ? nodes_[static_cast<std::size_t>(node)]
               : k_nothing;
}

} // namespace scale::web
