// The figures of a run as a flat list of dotted names, from which JSON, look-ups and hints are made.
#pragma once

#include <string>
#include <vector>

#include "scale/world.hpp"

namespace scale::codec {

struct Figure {
    std::string name; // "latency_ms.p99", "nodes.db.utilization"
    double value = 0;
};

// In the order of the JSON object. `nodes` may be left out, because they are the long part.
std::vector<Figure> figures(const World& world, bool nodes = true);
// p50_ms, p99_ms, ...: short names for latency_ms.p50 and so on; the name itself where it is none.
std::string full_name(std::string_view name);

} // namespace scale::codec
