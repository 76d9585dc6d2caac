// A primary dies: it is noticed, the replica that has the most is promoted, and what only the dead one had is
// lost until a recovery script brings it home.
#pragma once

#include "kinds/database.hpp"

namespace scale::kind::database {

inline constexpr std::uint32_t k_wake_detect = 1, k_wake_promote = 2, k_wake_copy = 3, k_wake_recover = 4,
                               k_wake_stand_detect = 5, k_wake_stand_in = 6, k_wake_hand_back = 7;
inline std::uint32_t wake_token(std::uint32_t what, std::uint32_t number) {
    return what << 20 | (number & 0xFFFFFu);
}
void copy_died(Sim& sim, NodeId id, std::uint32_t instance);
void copy_came_back(Sim& sim, NodeId id, std::uint32_t instance);
void woken(Sim& sim, NodeId id, std::uint32_t token);
void promote(Sim& sim, NodeId id);
// The writes after `kept` are lost; `copy` says what is true without them. Copies that have them begin anew,
// but for the one that goes on from there.
void cut_log(Sim& sim, NodeId id, std::uint64_t kept, std::uint32_t copy, std::uint32_t goes_on);
void move_primary(Sim& sim, NodeId id, std::uint32_t to); // by hand: loses nothing

} // namespace scale::kind::database
