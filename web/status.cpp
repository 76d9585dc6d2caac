#include "status.hpp"

#include <algorithm>
#include <cmath>

#include "format.hpp"
#include "words.hpp"

namespace scale::web {
namespace {

constexpr double k_window_s = 5;  // of what clients saw lately
constexpr double k_failing_share = 0.01;

struct Lately {
    double failed_share = 0;
    double p50_ms = 0, p90_ms = 0, p99_ms = 0;  // means of the seconds' own percentiles
};

Lately lately(const World& world) {
    Lately out;
    double failed = 0, finished = 0;
    const Series& series = world.series();
    const std::size_t points = static_cast<std::size_t>(std::max(1.0, k_window_s / series.step_s));
    const std::size_t first = series.points.size() > points ? series.points.size() - points : 0;
    for (std::size_t i = first; i < series.points.size(); ++i) {
        failed += static_cast<double>(series.points[i].failed_per_s);
        finished += static_cast<double>(series.points[i].failed_per_s + series.points[i].completed_per_s);
        const double share = 1 / static_cast<double>(series.points.size() - first);
        out.p50_ms += share * static_cast<double>(series.points[i].p50_ms);
        out.p90_ms += share * static_cast<double>(series.points[i].p90_ms);
        out.p99_ms += share * static_cast<double>(series.points[i].p99_ms);
    }
    out.failed_share = finished > 0 ? failed / finished : 0;
    return out;
}

bool works(const Scenario& scenario, int node) {
    return (scenario.nodes[static_cast<std::size_t>(node)].kind->role & (role_client | role_group | role_watch)) == 0;
}

int first_in_state(const World& world, InstanceState state) {
    const auto count = static_cast<int>(world.scenario().nodes.size());
    for (int node = 0; node < count; ++node)
        if (world.node_now(node).state == state) return node;
    return -1;
}

int busiest(const World& world) {
    int found = -1;
    double most = -1;
    const auto count = static_cast<int>(world.scenario().nodes.size());
    for (int node = 0; node < count; ++node) {
        const double busy = world.node_now(node).busy_last_s;
        if (!works(world.scenario(), node) || busy <= most) continue;
        most = busy;
        found = node;
    }
    return found;
}

struct Teller {
    const Session& session;
    Language language;
    Lately recent;
    int busy_node = -1;

    const World& world() const { return session.world(); }
    std::string name(int node) const { return node_label(session.scenario(), node, language); }
    std::string say(const char* key, std::initializer_list<std::string_view> values) const {
        return phrase(key, language, values);
    }
    std::string failing() const {
        if (recent.failed_share < k_failing_share) return {};
        return " " + say("status.failing", {format_percent(recent.failed_share)});
    }
    std::string busiest_part() const {
        if (busy_node < 0) return {};
        return " " + say("status.busiest", {name(busy_node), format_percent(world().node_now(busy_node).busy_last_s)});
    }
};

std::string tell_down(const Teller& teller, int node) {
    const double since = happened_at_s(teller.world(), node, Happening::died);
    const std::string name = teller.name(node);
    return since >= 0 ? teller.say("status.down_since", {name, format_clock(since)}) : teller.say("status.down", {name});
}

std::string tell_saturated(const Teller& teller) {
    const NodeNow now = teller.world().node_now(teller.busy_node);
    return teller.say("status.saturated", {teller.name(teller.busy_node), format_percent(now.busy_last_s),
                                           format_count(static_cast<double>(now.queue))});
}

// A promise about a percentile that the latest seconds break, as words; empty when all hold.
std::string tell_broken_promise(const Teller& teller) {
    const Slo& slo = teller.session.scenario().slo;
    const Lately& recent = teller.recent;
    const struct {
        const char* name;
        const std::optional<double>& promised;
        double measured;
    } promises[] = {{"p99", slo.p99_ms, recent.p99_ms}, {"p90", slo.p90_ms, recent.p90_ms}, {"p50", slo.p50_ms, recent.p50_ms}};
    for (const auto& promise : promises)
        if (promise.promised && promise.measured > *promise.promised)
            return teller.say("status.slow", {promise.name, format_milliseconds(promise.measured),
                                              format_milliseconds(*promise.promised)});
    if (slo.availability && 1 - teller.recent.failed_share < *slo.availability)
        return teller.say("status.unavailable", {format_percent(1 - teller.recent.failed_share),
                                                 format_percent(*slo.availability)});
    return {};
}

Status tell(const Teller& teller) {
    const World& world = teller.world();
    if (const int down = first_in_state(world, InstanceState::dead); down >= 0)
        return {Health::broken, tell_down(teller, down) + teller.failing() + teller.busiest_part()};
    if (teller.busy_node >= 0) {
        const NodeNow now = world.node_now(teller.busy_node);
        if (now.busy_last_s >= k_busy_saturated && now.queue > 0)
            return {Health::broken, tell_saturated(teller) + teller.failing()};
    }
    if (const std::string broken = tell_broken_promise(teller); !broken.empty())
        return {Health::broken, broken + teller.failing() + teller.busiest_part()};
    if (teller.recent.failed_share >= k_failing_share)
        return {Health::broken, teller.failing().substr(1) + teller.busiest_part()};
    if (const int slow = first_in_state(world, InstanceState::slow); slow >= 0)
        return {Health::strained, teller.say("status.slowed", {teller.name(slow)}) + teller.busiest_part()};
    const bool strained = teller.busy_node >= 0 && world.node_now(teller.busy_node).busy_last_s >= k_busy_strained;
    return {strained ? Health::strained : Health::fine,
            teller.say(strained ? "status.strained" : "status.healthy", {}) + teller.busiest_part()};
}

} // namespace

const std::string& node_label(const Scenario& scenario, int node, Language language) {
    const NodeDef& def = scenario.nodes[static_cast<std::size_t>(node)];
    return def.label.empty() ? def.id : pick(def.label, language);
}

double happened_at_s(const World& world, int node, Happening what) {
    double at = -1;
    for (const LogEntry& entry : world.log())
        if (entry.node == node && entry.what == what) at = to_seconds(entry.at);
    return at;
}

Health node_health(const NodeNow& now) {
    if (now.state == InstanceState::dead) return Health::broken;
    if (now.busy_last_s >= k_busy_saturated && now.queue > 0) return Health::broken;
    const bool odd = now.state != InstanceState::up;
    return odd || now.busy_last_s >= k_busy_strained ? Health::strained : Health::fine;
}

Status status_of(const Session& session, Language language) {
    if (session.empty()) return {Health::idle, word("status.empty", language)};
    const World& world = session.world();
    if (world.now() == 0) return {Health::idle, word("status.ready", language)};
    return tell({session, language, lately(world), busiest(world)});
}

} // namespace scale::web
