// Why requests wait at a node: fewer machines or slower ones, work that nobody needs, what its workers wait
// for, one instance that has more than its share, or too few cores.
#include "analysis/cause_find.hpp"

#include <algorithm>

namespace scale::analysis {

namespace {

// A release went to the node before the trouble or during it, and was not taken back before.
bool runs_release(const Find& find, int node) {
    bool runs = false;
    for (const LogEntry& entry : find.history.world().log()) {
        if (entry.node != node || static_cast<double>(entry.at) / 1e9 > find.cause.until_s) continue;
        if (entry.what == Happening::released) runs = true;
        const bool before = static_cast<double>(entry.at) / 1e9 < find.cause.since_s;
        if (entry.what == Happening::rolled_back && before) runs = false;
        if (entry.what == Happening::slowed) return false; // somebody did it
    }
    return runs;
}

} // namespace

// Slower than set because somebody made it so, by itself or with all that it stands in: no release, no cold
// start.
bool was_slowed(const Find& find, int node) {
    if (find.at(node).slow <= 1.05f) return false;
    const std::span<const LogEntry> log = find.history.world().log();
    return std::any_of(log.begin(), log.end(), [&](const LogEntry& entry) {
        return entry.node == node && entry.what == Happening::slowed &&
               static_cast<double>(entry.at) / 1e9 <= find.cause.until_s;
    });
}

// Fewer instances, or slower ones, than before.
bool capacity_lost(Find& find, int node) {
    const Account& seen = find.at(node);
    if (seen.ejected > 0.02f && seen.slow > 1.05f && seen.up > 0.98f)
        find.cause.mechanism = Mechanism::ejected;
    else if (seen.up + seen.booting > 0.98f && was_slowed(find, node))
        find.cause.mechanism = Mechanism::slow;
    else if (seen.booting > 0.02f && seen.up + seen.booting > 0.98f)
        find.cause.mechanism = Mechanism::booting;
    else if (seen.up < 0.98f)
        find.cause.mechanism = Mechanism::lost_instances;
    else if (seen.slow > 1.05f)
        find.cause.mechanism = runs_release(find, node) ? Mechanism::bad_release : Mechanism::slow;
    else
        return false;
    return true;
}

namespace {

// Work that the node would not have if nobody tried again, or if it knew who has given up.
bool wasted(Find& find, int node) {
    const Account& seen = find.at(node);
    const double tries = find.now.asked > 0 ? find.now.attempts / find.now.asked : 1;
    const auto done = static_cast<double>(seen.completed);
    if (tries > 1.3 && static_cast<double>(seen.arrivals) / tries < 0.95 * done) {
        find.cause.mechanism = Mechanism::retry_storm;
        return true;
    }
    const double visits = find.now.attempts > 0 ? static_cast<double>(seen.arrivals) / find.now.attempts : 1;
    if (seen.gave_up > 0 && find.now.completed * visits < 0.5 * done && seen.nobody > 1) {
        find.cause.mechanism = Mechanism::work_for_nobody;
        return true;
    }
    return false;
}

// Workers are used up, cores are not: what are they waiting for?
void read_pool(Find& find, int node) {
    find.cause.mechanism = Mechanism::pool;
    double most = 0;
    for (const int other : below(find, node)) {
        const Account& seen = find.at(other);
        const auto there = static_cast<double>(seen.here() + seen.network + seen.lost + seen.nobody);
        if (there <= most) continue;
        most = there;
        find.cause.through = other;
        find.cause.mechanism = seen.lost > 0.5f * seen.here() ? Mechanism::partition : Mechanism::blocked;
    }
    for (const int other : below(find, node)) { // what waits together in between is not on its way
        if (find.cause.mechanism != Mechanism::blocked || !cut_off(find, other)) continue;
        find.cause.through = other;
        find.cause.mechanism = Mechanism::partition;
    }
    if (find.cause.mechanism != Mechanism::partition) return;
    find.cause.node = find.cause.through; // what cannot be reached says more than who waits for it
    find.cause.through = node;
}

bool below_lost_capacity(const Find& find, int node) {
    const std::vector<int> under = below(find, node);
    return std::any_of(under.begin(), under.end(),
                       [&](int other) { return find.at(other).slow > 1.05f || find.at(other).up < 0.98f; });
}

// Its workers are held by calls into a cut way: more machines would not help.
bool waits_for_nobody(Find& find, int node) {
    const std::vector<int> under = below(find, node);
    float elsewhere = 2 * find.at(node).working; // those who hold them for another reason
    for (const int other : under) elsewhere += find.at(other).here();
    for (const int other : under) {
        const float lost = find.at(other).lost;
        if (!cut_off(find, other) || lost < find.at(other).here()) continue;
        // Some of them have been given up by their callers meanwhile.
        if (lost + find.at(node).nobody <= elsewhere) continue;
        find.cause.node = other;
        find.cause.through = node;
        find.cause.mechanism = Mechanism::partition;
        return true;
    }
    return false;
}

} // namespace

// Why requests wait at this node.
void explain_waiting(Find& find, int node) {
    const Account& seen = find.at(node);
    find.cause.busy = busy(seen);
    const bool idle_cores = seen.workers > seen.cores + 0.15f;
    const bool held = seen.workers > 0.8f && idle_cores && !callees(find, node).empty(); // by what they call
    if (idle_cores && seen.up + seen.booting > 0.98f && waits_for_nobody(find, node)) return;
    if (held && seen.up > 0.98f) {
        read_pool(find, node);
        if (find.cause.mechanism == Mechanism::partition) return;
        const bool storm = !below_lost_capacity(find, node) && wasted(find, node);
        if (storm || find.cause.mechanism != Mechanism::pool) return;
    }
    if (idle_cores && seen.disk > 2 * seen.working) {
        find.cause.mechanism = was_slowed(find, node) ? Mechanism::slow : Mechanism::disk;
        return;
    }
    const auto mean = static_cast<double>(std::max(seen.cores, seen.workers));
    const bool few_busy = seen.busiest > 0.9f && mean < 0.75;
    if (few_busy && scaled_in(find, node) && !was_slowed(find, node)) { // those that leave get nothing new
        find.cause.mechanism = Mechanism::cpu;
        find.cause.busy = static_cast<double>(seen.busiest);
        return;
    }
    if (seen.up > 0.85f && shows(find, node, Mechanism::logins)) {
        find.cause.mechanism = Mechanism::logins;
        return;
    }
    if (capacity_lost(find, node) || wasted(find, node)) return;
    const bool several = find.sim().nodes[static_cast<std::size_t>(node)].instances > 1;
    if (several && few_busy) {
        find.cause.mechanism = Mechanism::uneven;
        find.cause.busy = static_cast<double>(seen.busiest);
        return;
    }
    if (read_signs(find, node)) return;
    const int group = group_of(find, node);
    const bool shares = find.sim().nodes[static_cast<std::size_t>(node)].machine_cpu != sim::k_none;
    if (shares && group >= 0) find.cause.through = group;
    find.cause.mechanism = idle_cores && !shares ? Mechanism::pool : Mechanism::cpu;
}

} // namespace scale::analysis
