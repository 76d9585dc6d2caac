// What began a trouble: the entry of the log that is nearest to it, in the design and in time.
#include "analysis/cause_find.hpp"

#include <algorithm>
#include <cmath>

namespace scale::analysis {

std::vector<int> callees(const Find& find, int node) {
    std::vector<int> out;
    for (const sim::Edge& edge : find.sim().edges)
        if (edge.from == node && (find.kind(edge.to).role & role_naming) == 0) out.push_back(edge.to);
    return out;
}

std::vector<int> callers(const Find& find, int node) {
    std::vector<int> out;
    for (const sim::Edge& edge : find.sim().edges)
        if (edge.to == node) out.push_back(edge.from);
    return out;
}

// Everything that requests of this node reach, the node itself left out.
std::vector<int> below(const Find& find, int node) {
    std::vector<int> found = callees(find, node);
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const int next : callees(find, found[i]))
            if (std::find(found.begin(), found.end(), next) == found.end()) found.push_back(next);
    return found;
}

int group_of(const Find& find, int node) {
    const std::string& group = find.history.scenario().nodes[static_cast<std::size_t>(node)].in;
    return group.empty() ? -1 : find.history.scenario().find_node(group);
}

namespace {

bool fits(const Find& find, const LogEntry& entry) {
    const bool is_command = entry.what == Happening::command;
    const Command* command = is_command && entry.command >= 0
                                 ? &find.history.world().commands()[static_cast<std::size_t>(entry.command)]
                                 : nullptr;
    const auto verb = [&](std::string_view name) { return command != nullptr && name == command->verb->id; };
    switch (find.cause.mechanism) {
    case Mechanism::dead:
    case Mechanism::lost_instances:
    case Mechanism::stale_name: return verb("kill") || entry.what == Happening::died;
    case Mechanism::slow: return verb("slow") || entry.what == Happening::slowed || verb("set");
    case Mechanism::ejected:
        return verb("slow") || entry.what == Happening::slowed || entry.what == Happening::ejected;
    case Mechanism::partition: return verb("kill") && entry.edge >= 0;
    case Mechanism::network_delay:
    case Mechanism::bandwidth: return entry.edge >= 0 || verb("set");
    case Mechanism::cache_misses:
        return verb("restore") || verb("kill") || verb("set") || entry.what == Happening::restored;
    default: return !verb("restore") && entry.what != Happening::saturated;
    }
}

// How near the entry is to what was found; 0 is not at all.
double nearness(const Find& find, const LogEntry& entry) {
    const int node = find.cause.node;
    if (entry.edge >= 0) {
        const sim::Edge& edge = find.sim().edges[static_cast<std::size_t>(entry.edge)];
        if (edge.to == node || edge.to == find.cause.through) return 4;
        return edge.from == node ? 3 : 1;
    }
    if (entry.node < 0) return 0;
    if (entry.node == node || (entry.node == find.cause.through && node >= 0)) return 4;
    if (node >= 0 && entry.node == group_of(find, node)) return 4;
    if (find.is_client(entry.node)) return 3;
    const std::vector<int> under = below(find, node < 0 ? entry.node : node);
    if (std::find(under.begin(), under.end(), entry.node) != under.end()) return 3;
    return 1.5;
}

bool makes_good(const Find& find, const LogEntry& entry) {
    if (entry.what == Happening::restored || entry.what == Happening::readmitted ||
        entry.what == Happening::relieved)
        return find.cause.mechanism != Mechanism::cache_misses;
    return entry.what == Happening::cap_reached || entry.what == Happening::saturated;
}

void find_entry(Find& find) {
    const std::span<const LogEntry> log = find.history.world().log();
    const double reach = std::max(30.0, 3 * find.history.step_s());
    const double slack = 2 * find.history.step_s() + 1;
    double best = 2.0;
    for (std::size_t i = 0; i < log.size(); ++i) {
        const double at = static_cast<double>(log[i].at) / 1e9;
        if (at < find.cause.since_s - reach || at > find.cause.since_s + slack) continue;
        if (makes_good(find, log[i])) continue;
        double score = nearness(find, log[i]) + (fits(find, log[i]) ? 3 : 0);
        score += log[i].what == Happening::command ? 0.5 : 0;
        score -= std::abs(find.cause.since_s - at) / reach * 2;
        if (score <= best) continue;
        best = score;
        find.cause.start = Start::entry;
        find.cause.trigger = log[i];
        find.cause.trigger_index = static_cast<int>(find.history.world().log_total() - log.size() + i);
    }
}

} // namespace

void find_start(Find& find) {
    find_entry(find);
    if (find.cause.start == Start::entry) {
        const double at = static_cast<double>(find.cause.trigger.at) / 1e9;
        if (std::abs(at - find.cause.since_s) <= 3 + find.history.step_s()) find.cause.since_s = at;
        return;
    }
    const bool more = !find.calm.empty() && find.onset_asked > 1.15 * find.before.asked;
    const double first = std::max(1.0, find.history.scenario().warmup_s);
    if (find.cause.since_s <= first + 3 * find.history.step_s())
        find.cause.start = Start::beginning;
    else if (more)
        find.cause.start = Start::load;
    else
        find.cause.start = Start::saturation;
}

std::optional<std::size_t> died_within(const Find& find, Stretch episode) {
    constexpr double k_own = 4; // nearness of the part itself, its group, or what it is asked through
    if (find.cause.mechanism != Mechanism::dead || find.cause.start == Start::entry) return std::nullopt;
    for (const LogEntry& entry : find.history.world().log()) {
        const double at = static_cast<double>(entry.at) / 1e9;
        const auto step = static_cast<std::size_t>(at / find.history.step_s());
        if (step <= episode.from || step >= episode.to) continue;
        if (fits(find, entry) && nearness(find, entry) >= k_own) return step;
    }
    return std::nullopt;
}

} // namespace scale::analysis
