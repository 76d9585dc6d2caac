// Sticky sessions: the cookie in a user's browser that names the instance of before.
#pragma once

#include "kinds/backends.hpp"

namespace scale::kind {

// Part of a balancer's state.
struct Sticky {
    Time lasts = 0;          // 0 is for ever
    std::uint32_t table = 0; // number in Sim::tables + 1; 0 is none
    std::uint32_t on = 0;
};

void configure_sticky(Sim& sim, Sticky& sticky, bool on, double lasts_s);
// The instance that the user's cookie names if it is in turn; otherwise a new one, and a new cookie.
std::uint32_t pick_by_cookie(Sim& sim, const Sticky& sticky, Backends& list, const Request& request,
                             std::uint32_t avoid);

} // namespace scale::kind
