// Who has to log in again, in the long run.
#pragma once

#include "core/maths.hpp"
#include "sim/forecast.hpp"

#include <algorithm>

namespace scale::kind {

// Share of the requests that find no session: users who have not asked for `idle_s` (all ask alike, at
// random), or who were pushed out because there is room for `room` only.
inline double forgotten(const sim::Forecast& here, double rate, double idle_s, double room) {
    const Scenario& scenario = here.all().scenario;
    double users = 0;
    for (const NodeDef& node : scenario.nodes)
        if ((node.kind->role & role_client) != 0) users += get_value(node, "users");
    if (!(users > 0) || !(rate > 0)) return 0;
    const double each = rate / users;
    double stays = idle_s;
    if (room < users) stays = std::min(stays, -core::log1p(-room / users) / each);
    return core::exp(-each * stays);
}

} // namespace scale::kind
