// The diagnosis of a stretch of trouble: where the time goes or the failures begin, what makes that node the
// one, and what began it.
#include "analysis/cause_find.hpp"

#include <algorithm>
#include <array>

namespace scale::analysis {

double component(const Account& account, std::uint8_t which) {
    const float parts[k_components] = {account.waiting, account.working, account.disk,
                                       account.delayed, account.network, account.lost};
    return static_cast<double>(parts[which]);
}

namespace {

// Copies that are behind keep nobody waiting who does not wait for them; and who logs in again is read
// apart. Data that is not there at all keeps nobody waiting either.
// What piles up in a queue slows nobody down who stands beside it.
bool counts(const Find& find, int node, int waits_at, const SignRecord& sign) {
    const Mechanism mechanism = sign.mechanism;
    if (mechanism == Mechanism::backlog) return node == waits_at;
    if (mechanism == Mechanism::logins || std::string_view(sign.part) == "refused_writes") return false;
    if (mechanism != Mechanism::replica_lag) return true;
    if (std::string_view(sign.part) != "lag_writes") return false;
    const Account& seen = find.at(node);
    return find.headline.component == delayed || seen.workers > seen.cores + 0.15f;
}

} // namespace

// The sign of that mechanism at the node itself is worrying, and more so than before.
bool shows(const Find& find, int node, Mechanism mechanism) {
    const std::span<const SignRecord> signs = find.kind(node).signs;
    for (std::size_t i = 0; i < signs.size() && i < sim::k_signs; ++i) {
        const auto seen = static_cast<double>(find.at(node).signs[i]);
        const auto calm = static_cast<double>(find.earlier(node).signs[i]);
        const bool more = find.calm.empty() || seen > 1.3 * calm + 1e-9;
        if (signs[i].mechanism == mechanism && seen >= signs[i].worrying && more) return true;
    }
    return false;
}

bool tells(const Find& find, int node, std::string_view part) {
    const std::span<const SignRecord> signs = find.kind(node).signs;
    for (std::size_t i = 0; i < signs.size() && i < sim::k_signs; ++i)
        if (part == signs[i].part) return static_cast<double>(find.at(node).signs[i]) >= signs[i].worrying;
    return false;
}

// A sign of a kind near the node: its own, its callers', or those of nodes beside it behind the same caller.
// True when one is worrying, and more so than before.
bool read_signs(Find& find, int node) {
    std::vector<int> near{node};
    for (const int caller : callers(find, node)) {
        near.push_back(caller);
        for (const int beside : callees(find, caller))
            if (std::find(near.begin(), near.end(), beside) == near.end()) near.push_back(beside);
    }
    for (const int other : near) {
        const bool cache_died = find.is_cache(other) && find.at(other).up < 0.98f;
        if (cache_died && other != node) {
            find.cause.mechanism = Mechanism::cache_misses;
            find.cause.through = other;
            return true;
        }
        const std::span<const SignRecord> signs = find.kind(other).signs;
        for (std::size_t i = 0; i < signs.size() && i < sim::k_signs; ++i) {
            const auto seen = static_cast<double>(find.at(other).signs[i]);
            const auto calm = static_cast<double>(find.earlier(other).signs[i]);
            const bool more = find.calm.empty() || seen > 1.3 * calm + 1e-9;
            if (seen < signs[i].worrying || !more || !counts(find, other, node, signs[i])) continue;
            find.cause.mechanism = signs[i].mechanism;
            find.cause.through = other == node ? find.cause.through : other;
            return true;
        }
    }
    return false;
}

namespace {

// A small share is enough to be all of what is slow.
bool misses_more(const Find& find, int node) {
    const std::span<const SignRecord> signs = find.kind(node).signs;
    for (std::size_t i = 0; i < signs.size() && i < sim::k_signs; ++i)
        if (signs[i].mechanism == Mechanism::cache_misses)
            return find.at(node).signs[i] > 2 * find.earlier(node).signs[i] + 0.01f && !find.calm.empty();
    return false;
}

void explain_network(Find& find, int node) {
    find.cause.mechanism = Mechanism::network_delay;
    for (const sim::Edge& edge : find.sim().edges) {
        if (edge.to != node || edge.ns_per_byte <= 0) continue;
        // A full line keeps requests for longer than its length alone.
        const double passing = static_cast<double>(find.at(node).network);
        const double alone =
            static_cast<double>(find.at(node).arrivals) * 2 * static_cast<double>(edge.delay) / 1e9;
        if (passing > 1.5 * alone + 0.05) find.cause.mechanism = Mechanism::bandwidth;
    }
    find.cause.busy = busy(find.at(node));
    for (const int caller : callers(find, node)) { // what it had kept so far has to be fetched
        if (find.cause.mechanism != Mechanism::network_delay) return;
        if (!misses_more(find, caller)) continue;
        find.cause.mechanism = Mechanism::cache_misses;
        find.cause.through = caller;
    }
}

bool asks_for_jobs(const Find& find, int node) {
    const int param = find.kind(node).param_index("poll_ms");
    const auto id = static_cast<std::size_t>(node);
    return find.is_client(node) && param >= 0 && find.sim().values[id][static_cast<std::size_t>(param)] > 0;
}

} // namespace

// What is in a queue takes so long: because of whoever works on it, or of how much there is.
void explain_jobs(Find& find, int queue) {
    find.headline.component = waiting;
    find.cause.node = queue;
    find.cause.mechanism = Mechanism::backlog;
    for (const int worker : callees(find, queue)) {
        find.cause.through = worker;
        find.cause.busy = busy(find.at(worker));
        const bool cut = cut_off(find, worker);
        if (!cut && find.at(worker).up > 0.98f) continue;
        find.cause.node = worker;
        find.cause.through = queue;
        find.cause.mechanism = cut                          ? Mechanism::partition
                               : find.at(worker).up > 0.02f ? Mechanism::lost_instances
                                                            : Mechanism::dead;
    }
}

namespace {

// Between two questions about a job it is the job that takes so long.
bool explain_polling(Find& find, int client) {
    if (!asks_for_jobs(find, client)) return false;
    for (const int queue : below(find, client)) {
        if ((find.kind(queue).role & role_queue) == 0) continue;
        explain_jobs(find, queue);
        return true;
    }
    return false;
}

// Callers who wait together for one answer, at a proxy or a cache: it is what gives that answer that matters.
bool explain_gathered(Find& find, int node) {
    if ((find.kind(node).role & (role_route | role_cache)) == 0) return false;
    for (const int other : below(find, node)) {
        const Account& seen = find.at(other);
        const bool cut = cut_off(find, other);
        if (!cut && seen.slow <= 1.05f && seen.up >= 0.98f && busy(seen) < 0.85) continue;
        find.cause.node = other;
        find.cause.through = node;
        find.cause.busy = busy(seen);
        find.headline.component = waiting;
        if (cut)
            find.cause.mechanism = Mechanism::partition;
        else
            explain_waiting(find, other);
        return true;
    }
    return false;
}

} // namespace

void explain_component(Find& find, int node, std::uint8_t which) {
    find.cause.node = node;
    find.cause.busy = busy(find.at(node));
    find.headline.component = which;
    switch (which) {
    case waiting: explain_waiting(find, node); break;
    case working:
        if (!capacity_lost(find, node) && !read_signs(find, node)) find.cause.mechanism = Mechanism::work;
        break;
    case disk: find.cause.mechanism = was_slowed(find, node) ? Mechanism::slow : Mechanism::disk; break;
    case network: explain_network(find, node); break;
    case lost: find.cause.mechanism = Mechanism::partition; break;
    default:
        if (explain_polling(find, node) || explain_gathered(find, node)) break;
        if (find.is_client(node) || !read_signs(find, node))
            find.cause.mechanism = find.is_client(node) ? Mechanism::retry_storm : Mechanism::work;
        break;
    }
}

namespace {

struct Part {
    int node = -1;
    std::uint8_t which = waiting;
    double share = 0; // of all the time of requests
};

// The component that has grown most per request; or, where nothing is compared, the largest one that is not
// plain work.
Part largest_part(const Find& find, bool compared) {
    Part best;
    double total = 0;
    double best_score = -1;
    const double asked = std::max(1e-9, find.now.asked);
    const double asked_before = std::max(1e-9, find.before.asked);
    for (std::size_t i = 0; i < find.count(); ++i) {
        for (std::uint8_t which = 0; which < k_components; ++which) {
            const double seen = component(find.nodes[i], which);
            total += seen;
            double score = seen / asked;
            if (compared) score -= component(find.nodes_before[i], which) / asked_before;
            const bool plain = find.nodes[i].slow <= 1.05f;
            if (!compared && which == working && plain) score *= 0.25;
            if (score <= best_score) continue;
            best_score = score;
            best = {static_cast<int>(i), which, 0};
        }
    }
    if (best.node >= 0 && total > 0) best.share = component(find.at(best.node), best.which) / total;
    return best;
}

} // namespace

namespace {

// However little of the whole it is: it is known to have become slower, or fewer.
bool was_harmed(const Find& find, int node) {
    const Account& seen = find.at(node);
    const Account& calm = find.earlier(node);
    return (seen.slow > 1.05f && calm.slow <= 1.05f) || (seen.up < 0.98f && calm.up >= 0.98f);
}

} // namespace

void explain_latency(Find& find) {
    constexpr double k_tells = 0.1; // what is less of the whole has grown by chance
    Part part = largest_part(find, !find.calm.empty());
    if (part.share < k_tells && !find.calm.empty() && !(part.node >= 0 && was_harmed(find, part.node)))
        part = largest_part(find, false);
    find.cause.concern = Concern::latency;
    if (part.node < 0 || part.share <= 0) {
        find.cause.mechanism = Mechanism::unknown;
        return;
    }
    find.cause.share = part.share;
    explain_component(find, part.node, part.which);
}

namespace {

// Steps of a long run are means: so many instances were down at least.
double down_of(const Find& find, Stretch seen, std::size_t node) {
    const double count = std::max(1u, find.sim().nodes[node].instances);
    const double down = (1 - find.history.least_up(seen, node)) * count;
    return static_cast<double>(static_cast<std::uint64_t>(down + 0.99)) / count;
}

} // namespace

// The figures of what is looked at, and of the calm before it.
Find find_in(const History& history, Stretch calm, Stretch seen) {
    Find find{history, calm, {}, {}, {}, {}, {}, {}, {}};
    find.now = history.all(seen);
    find.before = history.all(find.calm);
    for (std::size_t i = 0; i < history.sim().nodes.size(); ++i) {
        find.nodes.push_back(history.node(seen, i));
        find.nodes_before.push_back(history.node(find.calm, i));
    }
    return find;
}

Cause diagnose(const History& history, Stretch episode, Stretch seen) {
    Find find = find_in(history, history.quiet_before(episode.from), seen);
    const std::size_t first = episode.from > 2 ? episode.from - 2 : 0;
    for (std::size_t i = first; i < std::min(episode.from + 6, episode.to); ++i)
        find.onset_asked =
            std::max(find.onset_asked, history.all({i, std::min(i + 3, history.steps().size())}).asked);
    Cause& cause = find.cause;
    cause.since_s = static_cast<double>(episode.from) * history.step_s();
    cause.until_s = static_cast<double>(seen.to) * history.step_s();
    const double ended = find.now.failed + find.now.completed;
    const double failing = ended > 0 ? find.now.failed / ended : 0;
    find.headline.failing = failing;
    find.headline.before_ms = find.before.p99_ms;
    find.headline.now_ms = find.now.p99_ms;
    find.headline.load_before = find.before.asked * history.scenario().weight;
    find.headline.load_now = find.onset_asked * history.scenario().weight;
    const double missing = ended > 0 ? find.now.missing / ended : 0;
    const bool worth_telling = std::max(failing, missing) > std::max(history.failing_limit(), 0.02);
    const History::Group group = worth_telling ? History::Group{} : history.failing_group(seen);
    if (group.client >= 0) {
        find.headline.group = group.client;
        find.headline.failing = group.failing;
        explain_failures(find);
    } else if (!worth_telling && (!history.fails_rather(seen) || std::max(failing, missing) <= 0)) {
        explain_latency(find);
    } else if (missing > failing) {
        find.headline.failing = missing;
        explain_missing(find);
    } else {
        explain_failures(find);
    }
    if (cause.node >= 0) find.headline.down = down_of(find, seen, static_cast<std::size_t>(cause.node));
    find_start(find);
    if (const auto began = began_within(find, {episode.from, seen.to}))
        return diagnose(history, {*began, episode.to}, {std::max(*began, seen.from), seen.to});
    put_into_words(history.world(), cause, find.headline);
    return cause;
}

Cause healthy(const History& history, Stretch stretch) {
    Cause cause;
    if (piles_up(history, stretch, cause)) return cause;
    cause.since_s = static_cast<double>(stretch.from) * history.step_s();
    cause.until_s = static_cast<double>(stretch.to) * history.step_s();
    for (std::size_t i = 0; i < history.sim().nodes.size(); ++i) {
        if (history.sim().watch.is_client[i]) continue;
        const double seen = busy(history.node(stretch, i));
        if (cause.node >= 0 && seen <= cause.busy) continue;
        cause.node = static_cast<int>(i);
        cause.busy = seen;
    }
    put_into_words(history.world(), cause, {});
    return cause;
}

} // namespace scale::analysis

namespace scale {

using analysis::History;
using analysis::Stretch;

Cause cause_at(const World& world, double at_s, double window_s) {
    const History history(world);
    const std::size_t to = history.step_of(at_s);
    const std::size_t first = history.step_of(std::max(0.0, at_s - window_s));
    const Stretch window{std::min(first, to > 0 ? to - 1 : 0), to};
    const std::vector<Stretch> all = history.episodes({0, to});
    if (all.empty() || all.back().to + 2 < to || all.back().to <= window.from)
        return analysis::healthy(history, window);
    // What is looked at is the window, since when the trouble has been there the whole episode.
    const Stretch episode = all.back();
    const Stretch seen{std::max(episode.from, window.from), episode.to};
    return analysis::diagnose(history, episode, seen);
}

Cause cause_now(const World& world) { return cause_at(world, static_cast<double>(world.now()) / 1e9); }

Cause cause_of_run(const World& world) {
    const History history(world);
    const Stretch run{history.step_of(world.scenario().warmup_s), history.steps().size()};
    const std::vector<Stretch> all = history.episodes(run);
    if (all.empty()) return analysis::healthy(history, run);
    const auto worst = std::max_element(all.begin(), all.end(), [&](const Stretch& a, const Stretch& b) {
        return history.harm(a) < history.harm(b);
    });
    Cause cause = analysis::diagnose(history, *worst, *worst);
    cause.over = worst->to + 2 < run.to;
    return cause;
}

} // namespace scale
