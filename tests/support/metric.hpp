// A figure of a node by its id.
#pragma once

#include <doctest/doctest.h>

#include <string_view>

#include "scale/world.hpp"

namespace scale::tests::figures {

inline double metric(const World& world, int node, std::string_view id) {
    const auto metrics = world.scenario().nodes[static_cast<std::size_t>(node)].kind->metrics;
    for (std::size_t i = 0; i < metrics.size(); ++i)
        if (id == metrics[i].id) return world.metric(node, static_cast<int>(i));
    FAIL("no metric " << id);
    return 0;
}

} // namespace scale::tests::figures
