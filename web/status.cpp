#include "status.hpp"

#include <algorithm>
#include <cmath>

#include "format.hpp"
#include "scale/insight.hpp"
#include "words.hpp"

namespace scale::web {
namespace {

constexpr double k_window_s = 5; // what the sentence looks back on, so that it does not flicker
constexpr double k_failing_share = 0.01;

struct Lately {
    double failed_share = 0;
    double p50_ms = 0, p90_ms = 0, p99_ms = 0; // means of the seconds' own percentiles
};

std::span<const Point> latest_points(const Series& series) {
    const auto wanted = static_cast<std::size_t>(std::max(1.0, k_window_s / series.step_s));
    return std::span(series.points).last(std::min(wanted, series.points.size()));
}

Lately lately(const World& world) {
    Lately out;
    double failed = 0, finished = 0;
    const std::span<const Point> points = latest_points(world.series());
    const double share = 1 / static_cast<double>(std::max<std::size_t>(1, points.size()));
    for (const Point& point : points) {
        failed += static_cast<double>(point.failed_per_s);
        finished += static_cast<double>(point.failed_per_s + point.completed_per_s);
        out.p50_ms += share * static_cast<double>(point.p50_ms);
        out.p90_ms += share * static_cast<double>(point.p90_ms);
        out.p99_ms += share * static_cast<double>(point.p99_ms);
    }
    out.failed_share = finished > 0 ? failed / finished : 0;
    return out;
}

double busy_lately(const World& world, int node) {
    const std::span<const Point> points = latest_points(world.series(node));
    double sum = 0;
    for (const Point& point : points) sum += static_cast<double>(point.busy);
    return points.empty() ? 0 : std::min(1.0, sum / static_cast<double>(points.size()));
}

bool works(const Scenario& scenario, int node) {
    return (scenario.nodes[static_cast<std::size_t>(node)].kind->role &
            (role_client | role_group | role_watch)) == 0;
}

template<class Is>
int first_node(const World& world, Is is) {
    const auto count = static_cast<int>(world.scenario().nodes.size());
    for (int node = 0; node < count; ++node)
        if (is(node)) return node;
    return -1;
}

int busiest(const World& world) {
    int found = -1;
    double most = -1;
    first_node(world, [&](int node) {
        const double busy = busy_lately(world, node);
        if (works(world.scenario(), node) && busy > most) {
            most = busy;
            found = node;
        }
        return false;
    });
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
        return " " +
               say("status.busiest", {name(busy_node), format_percent(busy_lately(world(), busy_node))});
    }
};

std::string tell_down(const Teller& teller, int node) {
    const double since = happened_at_s(teller.world(), node, Happening::died);
    const std::string name = teller.name(node);
    return since >= 0 ? teller.say("status.down_since", {name, format_clock(since)})
                      : teller.say("status.down", {name});
}

// Where a part of a node's instances is gone; empty when all are there.
std::string tell_partly(const Teller& teller) {
    const World& world = teller.world();
    const int partly = first_node(world, [&](int node) {
        const NodeNow now = world.node_now(node);
        return now.instances_up < now.instances;
    });
    if (partly < 0) return {};
    const NodeNow now = world.node_now(partly);
    return teller.say("status.partly", {teller.name(partly), std::to_string(now.designed_up()),
                                        std::to_string(now.designed())});
}

// What is not as it should be, though the system copes.
std::string tell_strain(const Teller& teller) {
    const World& world = teller.world();
    if (std::string partly = tell_partly(teller); !partly.empty()) return partly;
    const int slow =
        first_node(world, [&](int node) { return world.node_now(node).state == InstanceState::slow; });
    if (slow >= 0) return teller.say("status.slowed", {teller.name(slow)});
    const bool busy = teller.busy_node >= 0 && busy_lately(world, teller.busy_node) >= k_busy_strained;
    return busy ? teller.say("status.strained", {}) : std::string();
}

// After a symptom: what is likely behind it.
std::string tell_cause(const Teller& teller) {
    const std::string partly = tell_partly(teller);
    return partly.empty() ? teller.busiest_part() : " " + partly;
}

// A promise about a percentile that the latest seconds break, as words; empty when all hold.
std::string tell_broken_promise(const Teller& teller) {
    const Slo& slo = teller.session.scenario().slo;
    const Lately& recent = teller.recent;
    const struct {
        const char* name;
        const std::optional<double>& promised;
        double measured;
    } promises[] = {{"p99", slo.p99_ms, recent.p99_ms},
                    {"p90", slo.p90_ms, recent.p90_ms},
                    {"p50", slo.p50_ms, recent.p50_ms}};
    for (const auto& promise : promises)
        if (promise.promised && promise.measured > *promise.promised)
            return teller.say("status.slow", {promise.name, format_milliseconds(promise.measured),
                                              format_milliseconds(*promise.promised)}) +
                   teller.failing();
    if (slo.availability && 1 - teller.recent.failed_share < *slo.availability)
        return teller.say("status.unavailable", {format_availability(1 - teller.recent.failed_share),
                                                 format_availability(*slo.availability)});
    return {};
}

// As a sentence of the page: it begins large and ends.
std::string sentence_of(const Text& text, Language language) {
    std::string out = pick(text, language);
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out + ".";
}

// What the trouble began with where something did it, else when it began.
double moment_of(const Cause& cause) {
    return cause.start == Start::entry ? to_seconds(cause.trigger.at) : cause.since_s;
}

Status tell(const Teller& teller) {
    const World& world = teller.world();
    const Cause cause = cause_now(world);
    const std::string sentence = sentence_of(cause.sentence, teller.language);
    if (cause.mechanism != Mechanism::healthy)
        return {Health::broken, sentence, cause.node, moment_of(cause)};
    const int down =
        first_node(world, [&](int node) { return world.node_now(node).state == InstanceState::dead; });
    if (down >= 0)
        return {Health::broken, tell_down(teller, down) + teller.failing() + teller.busiest_part(), down,
                happened_at_s(world, down, Happening::died)};
    if (const std::string broken = tell_broken_promise(teller); !broken.empty())
        return {Health::broken, broken + tell_cause(teller), teller.busy_node};
    if (teller.recent.failed_share >= k_failing_share)
        return {Health::broken, teller.failing().substr(1) + tell_cause(teller), teller.busy_node};
    const std::string strain = tell_strain(teller);
    if (!strain.empty()) return {Health::strained, strain + teller.busiest_part(), teller.busy_node};
    return {Health::fine, sentence, cause.node};
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
    const bool odd = now.state != InstanceState::up || now.instances_up < now.instances;
    return odd || now.busy_last_s >= k_busy_strained ? Health::strained : Health::fine;
}

Status status_of(const Session& session, Language language) {
    if (session.empty()) return {Health::idle, word("status.empty", language)};
    const World& world = session.world();
    if (!session.started()) return {Health::idle, word("status.ready", language)};
    return tell({session, language, lately(world), busiest(world)});
}

} // namespace scale::web
