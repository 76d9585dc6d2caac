#pragma once
// The lines between cards: smooth, from side to side, around what stands between. In board units.

#include <vector>

#include "layout.hpp"
#include "spot.hpp"

namespace scale::web {

struct EdgePath {
    std::vector<Spot> points;
    std::vector<float> along; // length of the line up to each point
    float length() const { return along.empty() ? 0 : along.back(); }
    // The point at a share 0..1 of the way, `side` units off the line, to the right of its direction.
    Spot at(float share, float side = 0) const;
    float distance(Spot p) const;
    Spot min{0, 0}, max{0, 0};
    bool arrow = true; // has a head of its own; where many lines meet, one stands for all
};

std::vector<EdgePath> edge_paths(const Scenario& scenario, const BoardLayout& layout);

} // namespace scale::web
