// Messages that nobody waits for, and that pile up all the same.
#include "analysis/cause_find.hpp"

#include <algorithm>

namespace scale::analysis {

namespace {

// Messages that wait in it, as often as it says that they are many.
struct Pile {
    double now = 0;
    std::size_t since = 0; // the step from which on there were many
};

Pile pile_in(const History& history, std::size_t node, std::size_t end) {
    const std::span<const SignRecord> signs = history.scenario().nodes[node].kind->signs;
    Pile pile;
    for (std::size_t sign = 0; sign < signs.size() && sign < sim::k_signs; ++sign) {
        if (signs[sign].mechanism != Mechanism::backlog) continue;
        const auto waiting_at = [&](std::size_t step) {
            return static_cast<double>(history.sim().watch.census.at(step, node).signs[sign]);
        };
        pile.now = waiting_at(end - 1);
        for (pile.since = end; pile.since > 0 && waiting_at(pile.since - 1) >= signs[sign].worrying;)
            --pile.since;
        if (pile.since == end) pile.now = 0;
    }
    return pile;
}

} // namespace

// Nobody waits for what is in a queue, but more of it is there than comes in ten seconds.
bool piles_up(const History& history, Stretch stretch, Cause& out) {
    constexpr double k_many_s = 10;
    for (std::size_t i = 0; i < history.sim().nodes.size() && !stretch.empty(); ++i) {
        if ((history.scenario().nodes[i].kind->role & role_queue) == 0) continue;
        const Pile pile = pile_in(history, i, stretch.to);
        const double comes = static_cast<double>(history.node({0, stretch.to}, i).arrivals);
        if (pile.now <= 0 || pile.now < k_many_s * comes * history.scenario().weight) continue;
        const std::size_t seen = stretch.to - std::min<std::size_t>(stretch.to - pile.since, 10);
        Find find = find_in(history, history.quiet_before(pile.since), {seen, stretch.to});
        find.cause.concern = Concern::jobs;
        find.cause.share = 1;
        find.cause.since_s = static_cast<double>(pile.since) * history.step_s();
        find.cause.until_s = static_cast<double>(stretch.to) * history.step_s();
        find.headline.messages = pile.now;
        find.headline.queue = static_cast<int>(i);
        explain_jobs(find, static_cast<int>(i));
        find.headline.down = 1 - static_cast<double>(find.at(find.cause.node).up);
        find_start(find);
        put_into_words(history.world(), find.cause, find.headline);
        out = find.cause;
        return true;
    }
    return false;
}

} // namespace scale::analysis
