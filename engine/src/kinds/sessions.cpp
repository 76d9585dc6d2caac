#include "kinds/sessions.hpp"

#include <algorithm>

namespace scale::kind {

using core::KeyStore;

namespace {

// Users of different clients are different people.
std::uint64_t user_of(const sim::Request& request) {
    return std::uint64_t{sim::Slab::frames_of(request)[0].node} << 32 | request.user;
}

// When a session began, in KeyValue::size.
std::uint32_t seconds(sim::Time time) { return static_cast<std::uint32_t>(time / core::k_second); }

} // namespace

void keep_sessions(sim::Sim& sim, sim::NodeId id, Sessions& sessions, double room) {
    constexpr double k_most = 1e6;                     // 40 MB
    const double thinned = room / sim.scenario.weight; // as users are
    const auto wanted = static_cast<std::uint32_t>(std::clamp(thinned, 1.0, k_most));
    if (wanted == sessions.room) return;
    sessions.room = wanted;
    if (sessions.table == 0) {
        sim.stores.emplace_back();
        sessions.table = static_cast<std::uint32_t>(sim.stores.size());
    }
    sim.stores[sessions.table - 1] = KeyStore(wanted, core::Eviction::lru, sim.streams[id].route);
}

void fetch_session_cell(const sim::Sim& sim, const Sessions& sessions, const sim::Request& request) {
    if (sessions.table != 0) sim.stores[sessions.table - 1].fetch_cell(user_of(request));
}

void fetch_session(const sim::Sim& sim, const Sessions& sessions, const sim::Request& request) {
    sim.stores[sessions.table - 1].fetch_entry(user_of(request));
}

void fetch_session_at_once(const sim::Sim& sim, const Sessions& sessions, const sim::Request& request) {
    if (sessions.table != 0) fetch_session(sim, sessions, request);
}

bool use_session(sim::Sim& sim, Sessions& sessions, const sim::Request& request, std::uint32_t place) {
    KeyStore& table = sim.stores[sessions.table - 1];
    const std::uint64_t user = user_of(request);
    const std::uint32_t entry = table.find(user);
    const core::KeyValue fresh = {sim.now + sessions.idle, place, seconds(sim.now)};
    if (entry != KeyStore::k_none) {
        core::KeyValue& known = table.value_of(entry);
        const bool in_time = known.expires_ns > sim.now;
        const bool here = known.version == place;
        const std::uint32_t began = known.size;
        known = fresh;
        table.touch(entry);
        if (in_time && here) {
            known.size = began;
            ++sessions.found;
            return true;
        }
        ++(in_time ? sessions.lost : sessions.expired);
    } else if (table.insert(user, fresh).evicted) {
        ++sessions.evicted;
    }
    ++sessions.missed;
    return false;
}

std::uint64_t lose_sessions(sim::Sim& sim, Sessions& sessions, sim::Time since) {
    KeyStore& table = sim.stores[sessions.table - 1];
    const std::uint64_t before = table.size();
    if (since == 0) {
        table.clear();
        return before;
    }
    std::vector<std::uint64_t> young;
    table.for_each([&](std::uint64_t user, const core::KeyValue& known) {
        if (known.size >= seconds(since)) young.push_back(user);
    });
    for (const std::uint64_t user : young) table.erase(user);
    return young.size();
}

double session_count(const sim::Sim& sim, const Sessions& sessions) {
    return sessions.table == 0 ? 0 : sim.stores[sessions.table - 1].size();
}

} // namespace scale::kind
