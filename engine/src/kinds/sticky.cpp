#include "kinds/sticky.hpp"

#include <bit>

namespace scale::kind {

using sim::k_none;

namespace {

struct Cookie {                // 8 bytes per user
    std::uint32_t until_s = 0; // 0 is none, k_none for ever
    EdgeId edge = 0;
    std::uint16_t instance = 0;
};

// Of the user who asks, or nothing when no client has asked. The table grows with the highest user.
Cookie* cookie_of(Sim& sim, const Sticky& sticky, const Request& request) {
    const std::uint32_t client = sim.client_numbers[sim.frame(sim.id_of(request), 0).node];
    if (client == k_none) return nullptr;
    auto& words = sim.tables[sticky.table - 1];
    const std::size_t index = std::size_t{request.user} * sim.client_count + client;
    if (index >= words.size()) words.resize(std::bit_ceil(index + 1024), 0);
    return reinterpret_cast<Cookie*>(words.data()) + index;
}

} // namespace

void configure_sticky(Sim& sim, Sticky& sticky, bool on, double lasts_s) {
    sticky.on = on ? 1 : 0;
    sticky.lasts = core::from_seconds(lasts_s);
    if (on && sticky.table == 0) sticky.table = sim.add_table() + 1;
}

std::uint32_t pick_by_cookie(Sim& sim, const Sticky& sticky, Backends& list, const Request& request,
                             std::uint32_t avoid) {
    if (sticky.on == 0) return list.pick(request, avoid);
    Cookie* const cookie = cookie_of(sim, sticky, request);
    if (cookie == nullptr) return list.pick(request, avoid);
    if (cookie->until_s > sim.now / core::k_second) {
        const std::uint32_t known = list.find(cookie->edge, cookie->instance);
        if (known != k_none && list.may_get(known, request, avoid)) return known;
    }
    const std::uint32_t chosen = list.pick(request, avoid);
    if (chosen == k_none) return chosen;
    const Time until = (sim.now + sticky.lasts) / core::k_second;
    *cookie = {sticky.lasts == 0 ? k_none : static_cast<std::uint32_t>(until), list[chosen].edge,
               list[chosen].instance};
    return chosen;
}

} // namespace scale::kind
