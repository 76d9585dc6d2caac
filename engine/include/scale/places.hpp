#pragma once
// Where on the globe a part of a design stands: for maps.

#include <optional>

#include "scale/scenario.hpp"

namespace scale {

struct GlobePoint {
    double latitude = 0, longitude = 0; // degrees, north and east positive
    bool operator==(const GlobePoint&) const = default;
};

// The place of a region as the design has it; nothing for a node of any other kind.
std::optional<GlobePoint> point_on_globe(const NodeDef& node);

} // namespace scale
