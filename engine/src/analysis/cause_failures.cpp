// Why requests fail, or are answered without what their users have stored: where that begins, and what makes
// that node the one.
#include "analysis/cause_find.hpp"

#include <algorithm>

namespace scale::analysis {

namespace {

// A CDN that is down is down for whoever is led to it, remembered or not; and of what is down in part, a name
// leads to those that are up as well.
bool name_leads_here(const Find& find, int node) {
    constexpr float k_part = 0.4f;
    if (find.at(node).up > k_part) return false;
    if (find.kind(node).tier == Tier::edge || (find.kind(node).role & role_naming) != 0) return false;
    for (const int caller : callers(find, node)) {
        if (!find.is_client(caller)) continue;
        bool asks = false;
        bool other_alive = false;
        for (const sim::Edge& edge : find.sim().edges) {
            if (edge.from != caller) continue;
            asks = asks || (find.kind(edge.to).role & role_naming) != 0;
            other_alive = other_alive || (edge.to != node && (find.kind(edge.to).role & role_naming) == 0 &&
                                          find.nodes[edge.to].up > 0.5f);
        }
        if (asks && other_alive) return true;
    }
    return false;
}

void explain_refused(Find& find, int node) {
    find.cause.mechanism = name_leads_here(find, node) ? Mechanism::stale_name : Mechanism::dead;
    if (find.cause.mechanism != Mechanism::stale_name) return;
    for (const int caller : callers(find, node))
        for (const sim::Edge& edge : find.sim().edges)
            if (edge.from == caller && (find.kind(edge.to).role & role_naming) != 0)
                find.cause.through = edge.to;
}

void nothing_is_left(Find& find) {
    find.cause.concern = Concern::data;
    find.cause.mechanism = Mechanism::replica_lag;
}

// Nobody of that tier is asked although it is up: it cannot be reached, is too slow, or was both until now.
void explain_ejected(Find& find, int node, int callee) {
    const Account& seen = find.at(callee);
    const bool cut = cut_off(find, callee);
    find.cause.mechanism = cut ? Mechanism::partition : Mechanism::ejected;
    find.cause.node = callee;
    find.cause.through = node;
    if (cut || seen.slow > 1.05f || busy(seen) > 0.3) return;
    std::swap(find.cause.node, find.cause.through); // it has not noticed yet
}

// What the node asks, whoever stands between, is down or cut off.
bool fails_below(Find& find, int node) {
    for (const int other : below(find, node)) {
        const bool cut = cut_off(find, other);
        if (!cut && find.at(other).up > 0.5f) continue;
        find.cause.node = other;
        find.cause.through = node;
        find.cause.mechanism = cut ? Mechanism::partition : Mechanism::dead;
        return true;
    }
    return false;
}

// A node fails requests without being down itself: a balancer that has nobody left to ask, a bad release.
void explain_failed(Find& find, int node) {
    for (const int callee : callees(find, node)) {
        const Account& seen = find.at(callee);
        if (seen.up - seen.ejected > 0.5f && seen.up > 0.5f) continue;
        find.cause.node = callee;
        find.cause.through = node;
        find.cause.mechanism = Mechanism::dead;
        if (seen.up > 0.5f) explain_ejected(find, node, callee);
        return;
    }
    const Account& seen = find.at(node);
    find.headline.refuses_writes = tells(find, node, "refused_writes");
    if (shows(find, node, Mechanism::bad_release))
        find.cause.mechanism = Mechanism::bad_release;
    else if (tells(find, node, "lost_reads")) // reads of what is on no copy any more
        nothing_is_left(find);
    else if (find.headline.refuses_writes)
        find.cause.mechanism = Mechanism::dead;
    else if (seen.up < 0.98f)
        find.cause.mechanism = Mechanism::dead;
    else if (!read_signs(find, node) && !fails_below(find, node))
        find.cause.mechanism = Mechanism::unknown;
}

} // namespace

// Answers come, and in time, but what the users have stored is kept somewhere else.
void explain_missing(Find& find) {
    double total = 0;
    double most = 0;
    // Many at times may be few on average.
    for (const bool however_few : {false, true}) {
        for (std::size_t i = 0; i < find.count() && (!however_few || most <= 0); ++i) {
            const Missing here = missing_at(find.kind(static_cast<int>(i)), find.nodes[i], however_few);
            total += here.all();
            if (here.all() <= most) continue;
            most = here.all();
            find.headline.old_values = here.old > here.elsewhere;
            find.cause.node = static_cast<int>(i);
        }
    }
    find.cause.concern = Concern::data;
    find.cause.mechanism = Mechanism::replica_lag;
    if (find.cause.node < 0) return;
    find.cause.share = most / total;
    find.cause.busy = busy(find.at(find.cause.node));
    if (find.headline.old_values) return;
    const sim::Sim& sim = find.sim();
    const auto& twins = sim.twins[sim.homes[static_cast<std::size_t>(find.cause.node)]];
    double wrote = -1; // where the users were before
    for (std::size_t i = 0; i < find.count(); ++i) {
        const bool store = (find.kind(static_cast<int>(i)).role & role_store) != 0;
        const double before = static_cast<double>(find.nodes_before[i].arrivals);
        if (!store || std::find(twins.begin(), twins.end(), sim.homes[i]) == twins.end() || before <= wrote)
            continue;
        wrote = before;
        find.cause.through = static_cast<int>(i);
    }
}

namespace {

// The part of the node that holds what its clients gave up on.
std::uint8_t largest_component(const Account& seen) {
    std::uint8_t best = waiting;
    for (std::uint8_t i = 0; i < k_components; ++i)
        if (component(seen, i) > component(seen, best)) best = i;
    return best;
}

// A queue of messages that has no room, because those who work on them cannot keep up.
void explain_full_queue(Find& find, int node) {
    find.cause.mechanism = Mechanism::queue_full;
    for (const int worker : callees(find, node)) {
        find.cause.through = worker;
        find.cause.busy = busy(find.at(worker));
        const bool cut = cut_off(find, worker);
        if (!cut && find.at(worker).up > 0.5f) continue;
        find.cause.node = worker;
        find.cause.through = node;
        find.cause.mechanism = cut ? Mechanism::partition : Mechanism::dead;
        return;
    }
}

void explain_rejected(Find& find, int node) {
    find.headline.component = waiting;
    explain_waiting(find, node);
    const Mechanism reason = find.cause.mechanism;
    const Account& seen = find.at(node);
    find.headline.refuses_writes = tells(find, node, "refused_writes");
    if (find.headline.refuses_writes) {
        find.cause.mechanism = Mechanism::queue_full;
        return;
    }
    if (std::max(busy(seen), static_cast<double>(seen.busiest)) < 0.7) {
        find.cause.mechanism = Mechanism::shed;
        if ((find.kind(node).role & role_queue) != 0) {
            explain_full_queue(find, node);
            return;
        }
        if (read_signs(find, node)) return;
        const bool burst = seen.workers > 0.3f;
        find.cause.mechanism = burst ? Mechanism::queue_full : Mechanism::shed;
        return;
    }
    if (reason == Mechanism::cpu || reason == Mechanism::pool) find.cause.mechanism = Mechanism::queue_full;
}

} // namespace

void explain_failures(Find& find) {
    double total = 0;
    int worst = -1;
    for (std::size_t i = 0; i < find.count(); ++i) {
        const auto here = static_cast<double>(find.nodes[i].ended());
        total += here;
        if (here > 0 && (worst < 0 || here > static_cast<double>(find.at(worst).ended())))
            worst = static_cast<int>(i);
    }
    find.cause.concern = Concern::failures;
    if (worst < 0) { // the name service had no answer, or nobody was there to be asked
        find.cause.mechanism = Mechanism::unknown;
        for (int i = 0; i < static_cast<int>(find.count()); ++i) {
            const bool cut = cut_off(find, i);
            if ((!cut && find.at(i).up >= 0.5f) || find.is_client(i)) continue;
            find.cause.node = i;
            find.cause.mechanism = cut ? Mechanism::partition : Mechanism::dead;
            find.cause.share = 1;
        }
        return;
    }
    const Account& seen = find.at(worst);
    find.cause.node = worst;
    find.cause.share = static_cast<double>(seen.ended()) / total;
    find.cause.busy = busy(seen);
    const float most = std::max({seen.failed, seen.refused, seen.rejected, seen.cut, seen.gave_up});
    if (most == seen.refused)
        explain_refused(find, worst);
    else if (most == seen.rejected)
        explain_rejected(find, worst);
    else if (most == seen.cut || (most == seen.gave_up && cut_off(find, worst)))
        find.cause.mechanism = Mechanism::partition;
    else if (most == seen.gave_up)
        explain_component(find, worst, largest_component(seen));
    else
        explain_failed(find, worst);
}

} // namespace scale::analysis
