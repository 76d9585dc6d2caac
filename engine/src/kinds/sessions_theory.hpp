// Who has to log in again, in the long run.
#pragma once

#include "core/maths.hpp"
#include "sim/forecast.hpp"

#include <algorithm>
#include <vector>

namespace scale::kind {

// Nodes that requests of that class come from, along whatever way, before they are here.
inline std::vector<bool> ways_here(const sim::Forecast& here, std::size_t asked) {
    const sim::Outlook& all = here.all();
    std::vector<bool> found(all.nodes.size());
    found[here.id()] = true;
    const auto leads_here = [&](sim::EdgeId edge) {
        return found[here.to(edge)] && all.flows[edge].per_s[asked] > 0;
    };
    for (bool grew = true; grew;) {
        grew = false;
        for (std::size_t node = 0; node < all.nodes.size(); ++node) {
            if (found[node] || std::none_of(all.outs[node].begin(), all.outs[node].end(), leads_here))
                continue;
            found[node] = grew = true;
        }
    }
    return found;
}

// Users whose requests come here.
inline double users_behind(const sim::Forecast& here) {
    const std::vector<sim::NodeOutlook>& nodes = here.all().nodes;
    std::vector<bool> counted(nodes.size());
    double users = 0;
    for (std::size_t asked = 0; asked < sim::k_classes; ++asked) {
        const std::vector<bool> found = ways_here(here, asked);
        for (std::size_t node = 0; node < nodes.size(); ++node) {
            const NodeDef& def = here.all().scenario.nodes[node];
            if (!found[node] || counted[node] || (def.kind->role & role_client) == 0) continue;
            counted[node] = true;
            users += get_value(def, "users");
        }
    }
    return users;
}

// Share of the requests that find no session: users who have not asked for `idle_s` (all ask alike, at
// random), or who were pushed out because there is room for `room` only.
inline double forgotten(const sim::Forecast& here, double rate, double idle_s, double room) {
    const double users = users_behind(here);
    if (!(users > 0) || !(rate > 0)) return 0;
    const double each = rate / users;
    double stays = idle_s;
    if (room < users) stays = std::min(stays, -core::log1p(-room / users) / each);
    return core::exp(-each * stays);
}

} // namespace scale::kind
