#pragma once
// One sentence about how the system is doing and why, from what was measured lately.

#include <string>

#include "session.hpp"

namespace scale::web {

enum class Health : std::uint8_t { idle, fine, strained, broken };

struct Status {
    Health health = Health::idle;
    std::string sentence;
    int node = -1;    // that the sentence is about
    double at_s = -1; // the moment that it names: when the trouble, or what led to it, began
};

Status status_of(const Session& session, Language language);

// Health of one node: dead or saturated is broken, slow or busy above 80 % is strained.
Health node_health(const NodeNow& now);
// What a node is called on the screen: its label in the language, or its id.
const std::string& node_label(const Scenario& scenario, int node, Language language);
// The moment of the latest entry of that kind about a node, or -1.
double happened_at_s(const World& world, int node, Happening what);

inline constexpr double k_busy_strained = 0.8;
inline constexpr double k_busy_saturated = 0.97;

} // namespace scale::web
