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
        if (edge.to == node && (find.kind(edge.from).role & role_watch) == 0) out.push_back(edge.from);
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

bool sets_bandwidth(const Command* command) {
    if (command == nullptr || command->edge < 0) return false;
    return std::any_of(command->settings.begin(), command->settings.end(), [](const Setting& setting) {
        return std::string_view(edge_params()[setting.param].id) == "bandwidth_mbps";
    });
}

bool fits(const Find& find, const LogEntry& entry) {
    const bool is_command = entry.what == Happening::command;
    const Command* command = is_command && entry.command >= 0
                                 ? &find.history.world().commands()[static_cast<std::size_t>(entry.command)]
                                 : nullptr;
    const auto verb = [&](std::string_view name) { return command != nullptr && name == command->verb->id; };
    const bool line = sets_bandwidth(command);
    if (find.cause.concern == Concern::data)
        return verb("kill") || verb("lose-data") || verb("slow") || entry.what == Happening::died;
    switch (find.cause.mechanism) {
    case Mechanism::dead:
    case Mechanism::lost_instances:
    case Mechanism::stale_name: return verb("kill") || entry.what == Happening::died;
    case Mechanism::slow: return verb("slow") || entry.what == Happening::slowed || verb("set");
    case Mechanism::ejected:
        return verb("slow") || entry.what == Happening::slowed || entry.what == Happening::ejected;
    case Mechanism::partition: return (verb("kill") && entry.edge >= 0) || verb("partition");
    case Mechanism::network_delay: return verb("set") && !line;
    case Mechanism::bandwidth: return verb("set") && (entry.edge < 0 || line);
    case Mechanism::cache_misses:
        return verb("restore") || verb("kill") || verb("set") || verb("purge") ||
               entry.what == Happening::restored;
    default: return !verb("restore") && entry.what != Happening::saturated;
    }
}

bool holds(const Find& find, int group, int node) {
    for (int at = group_of(find, node); at >= 0; at = group_of(find, at))
        if (at == group) return true;
    return false;
}

// The command cuts that way, or mends it: by itself, or with all that leads out of a region.
bool is_about(const Find& find, const Command& command, const sim::Edge& edge, std::size_t number) {
    const std::string_view verb = command.verb->id;
    if (command.edge >= 0)
        return static_cast<std::size_t>(command.edge) == number && (verb == "kill" || verb == "restore");
    return (verb == "partition" || verb == "mend") &&
           holds(find, command.node, edge.from) != holds(find, command.node, edge.to);
}

bool was_cut(const Find& find, std::size_t number) {
    bool cut = false;
    for (const Command& command : find.history.world().commands()) {
        const double at = static_cast<double>(command.at) / 1e9;
        if (at > find.cause.until_s || !is_about(find, command, find.sim().edges[number], number)) continue;
        const std::string_view verb = command.verb->id;
        if (verb == "kill" || verb == "partition")
            cut = true;
        else if (at < find.cause.since_s)
            cut = false;
    }
    return cut;
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
    if (node >= 0 && holds(find, entry.node, node)) return 4;
    if (find.cause.through >= 0 && holds(find, entry.node, find.cause.through)) return 4;
    if (find.is_client(entry.node) && node >= 0) {
        const std::vector<int> reached = below(find, entry.node);
        const bool asks = std::find(reached.begin(), reached.end(), node) != reached.end();
        return asks || entry.node == node ? 3 : 1;
    }
    if (find.is_client(entry.node)) return 3;
    const std::vector<int> under = below(find, node < 0 ? entry.node : node);
    if (std::find(under.begin(), under.end(), entry.node) != under.end()) return 3;
    return 1.5;
}

// More machines than before, which is an answer to what goes on; fewer may begin something.
bool scales_out(const Find& find, const LogEntry& entry) {
    const World& world = find.history.world();
    const int before = scaled_from(world, entry);
    return entry.instance >= 0 && (before < 0 || scaled_to(world, entry) >= before);
}

// Mends something, or only tells of what others began.
bool begins_nothing(const Find& find, const LogEntry& entry) {
    switch (entry.what) {
    case Happening::scaled: return scales_out(find, entry);
    case Happening::restored: return find.cause.mechanism != Mechanism::cache_misses;
    case Happening::readmitted:
    case Happening::relieved:
    case Happening::cap_reached:
    case Happening::saturated:
    case Happening::alerted:
    case Happening::calmed:
    case Happening::not_done: return true;
    default: return false;
    }
}

// What died because all that it stands in was killed died of that.
void blame_the_group(Find& find) {
    if (find.cause.trigger.what != Happening::died) return;
    const std::span<const LogEntry> log = find.history.world().log();
    for (std::size_t i = 0; i < log.size(); ++i) {
        if (log[i].what != Happening::command || log[i].at != find.cause.trigger.at) continue;
        if (!holds(find, log[i].node, find.cause.trigger.node)) continue;
        find.cause.trigger = log[i];
        find.cause.trigger_index = static_cast<int>(find.history.world().log_total() - log.size() + i);
        return;
    }
}

void find_entry(Find& find) {
    const std::span<const LogEntry> log = find.history.world().log();
    const double reach = std::max(30.0, 3 * find.history.step_s());
    const double slack = 2 * find.history.step_s() + 1;
    double best = 2.0;
    for (std::size_t i = 0; i < log.size(); ++i) {
        const double at = static_cast<double>(log[i].at) / 1e9;
        if (at < find.cause.since_s - reach || at > find.cause.since_s + slack) continue;
        if (begins_nothing(find, log[i])) continue;
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

// What is slow, dead or cut off stays so: the latest entry that made it so, however long ago.
void find_older_entry(Find& find) {
    const Mechanism found = find.cause.mechanism;
    if (found != Mechanism::slow && found != Mechanism::dead && found != Mechanism::lost_instances &&
        found != Mechanism::partition)
        return;
    constexpr double k_own = 4; // nearness of the part itself
    const std::span<const LogEntry> log = find.history.world().log();
    for (std::size_t i = 0; i < log.size(); ++i) {
        if (static_cast<double>(log[i].at) / 1e9 > find.cause.since_s || begins_nothing(find, log[i]))
            continue;
        if (!fits(find, log[i]) || nearness(find, log[i]) < k_own) continue;
        find.cause.start = Start::entry;
        find.cause.trigger = log[i];
        find.cause.trigger_index = static_cast<int>(find.history.world().log_total() - log.size() + i);
    }
}

} // namespace

int scaled_to(const World& world, const LogEntry& entry) {
    return entry.instance * static_cast<int>(world.node_now(entry.node).stands_for);
}

int scaled_from(const World& world, const LogEntry& entry) {
    const NodeDef& def = world.scenario().nodes[static_cast<std::size_t>(entry.node)];
    const int param = def.kind->param_index("instances");
    int before = param < 0 ? -1 : static_cast<int>(def.values[static_cast<std::size_t>(param)]);
    for (const LogEntry& other : world.log())
        if (other.what == Happening::scaled && other.node == entry.node && other.at < entry.at)
            before = scaled_to(world, other);
    return before;
}

bool scaled_in(const Find& find, int node) {
    constexpr double k_draining_s = 30;
    const std::span<const LogEntry> log = find.history.world().log();
    return std::any_of(log.begin(), log.end(), [&](const LogEntry& entry) {
        const double at = static_cast<double>(entry.at) / 1e9;
        const bool near = at > find.cause.since_s - k_draining_s && at <= find.cause.until_s;
        return near && entry.what == Happening::scaled && entry.node == node && !scales_out(find, entry);
    });
}

bool cut_off(const Find& find, int node) {
    for (std::size_t i = 0; i < find.sim().edges.size(); ++i)
        if (find.sim().edges[i].to == node && was_cut(find, i)) return true;
    return false;
}

namespace {

// All was well for a while before, and until then.
bool was_calm(const Find& find) {
    const std::size_t since = find.history.step_of(find.cause.since_s);
    return !find.calm.empty() && find.calm.to >= since;
}

} // namespace

void find_start(Find& find) {
    find_entry(find);
    if (find.cause.start != Start::entry) find_older_entry(find);
    if (find.cause.start == Start::entry) {
        blame_the_group(find);
        const double at = static_cast<double>(find.cause.trigger.at) / 1e9;
        if (std::abs(at - find.cause.since_s) <= 3 + find.history.step_s()) find.cause.since_s = at;
        return;
    }
    // More than before, and than chance would give in the three steps that the onset is the most of.
    const double chance = 3.5 * std::sqrt(find.before.asked / (3 * find.history.step_s()));
    const double rise = find.onset_asked - find.before.asked;
    const bool more = !find.calm.empty() && rise > std::max(0.15 * find.before.asked, chance);
    const double first = std::max(1.0, find.history.scenario().warmup_s);
    if (find.cause.since_s <= first + 3 * find.history.step_s() && !was_calm(find))
        find.cause.start = Start::beginning;
    else if (more)
        find.cause.start = Start::load;
    else
        find.cause.start = Start::saturation;
}

std::optional<std::size_t> began_within(const Find& find, Stretch episode) {
    constexpr double k_own = 4; // nearness of the part itself, its group, or what it is asked through
    const Mechanism found = find.cause.mechanism;
    const bool at_a_moment = found == Mechanism::dead || found == Mechanism::stale_name ||
                             found == Mechanism::lost_instances || found == Mechanism::slow ||
                             found == Mechanism::ejected || found == Mechanism::partition ||
                             found == Mechanism::bandwidth;
    if (!at_a_moment || (find.cause.start == Start::entry && fits(find, find.cause.trigger)))
        return std::nullopt;
    for (const LogEntry& entry : find.history.world().log()) {
        const double at = static_cast<double>(entry.at) / 1e9;
        const auto step = static_cast<std::size_t>(at / find.history.step_s());
        if (step <= episode.from || step >= episode.to) continue;
        if (fits(find, entry) && nearness(find, entry) >= k_own) return step;
    }
    return std::nullopt;
}

} // namespace scale::analysis
