// One request followed: its spans gathered while the run goes on.
#include "scale/insight.hpp"

#include <algorithm>
#include <map>

#include "codec/json_text.hpp"

namespace scale {

namespace {

constexpr std::uint64_t k_slice = 1500;     // events between two looks at the ring of spans: it must not wrap
constexpr std::size_t k_of_key = 4;         // requests shown of one key
constexpr std::size_t k_open_most = 100000; // requests whose spans are kept while they are on their way

bool ends_at_client(const World& world, const Span& span) {
    if (span.phase != Phase::reply) return false;
    return (world.scenario().nodes[span.node].kind->role & role_client) != 0;
}

// A node's own work (copies, messages) carries keys too, and nobody waits for it; what was on its way when
// the watching began is not whole.
bool begins_at_client(const World& world, const Span& span) {
    const Scenario& scenario = world.scenario();
    const NodeDef& node = scenario.nodes[span.node];
    if ((node.kind->role & role_client) != 0) return true;
    return span.phase == Phase::wire && span.edge < scenario.edges.size() &&
           (scenario.nodes[scenario.edges[span.edge].from].kind->role & role_client) != 0;
}

// The name service's answer reaches the client too, and is not what was asked for.
bool from_naming(const World& world, const Span& span) {
    const EdgeDef& edge = world.scenario().edges[span.edge];
    return (world.scenario().nodes[edge.to].kind->role & role_naming) != 0;
}

void finish(const World& world, Followed& one) {
    std::stable_sort(one.spans.begin(), one.spans.end(),
                     [](const Span& a, const Span& b) { return a.start < b.start; });
    if (one.spans.empty()) return;
    one.request = one.spans.front().request;
    one.key = one.spans.front().key;
    one.start_s = static_cast<double>(one.spans.front().start) / 1e9;
    for (const Span& span : one.spans) {
        if (!one.answered) one.end_s = std::max(one.end_s, static_cast<double>(span.end) / 1e9);
        if (!ends_at_client(world, span) || from_naming(world, span)) continue;
        one.answered = true;
        one.outcome = span.outcome;
        one.end_s = static_cast<double>(span.end) / 1e9;
    }
}

} // namespace

Followed followed(const World& world, std::uint64_t request) {
    Followed out;
    const std::uint64_t total = world.spans_total();
    for (std::uint64_t i = total > k_spans ? total - k_spans : 0; i < total; ++i)
        if (world.span(i).request == request) out.spans.push_back(world.span(i));
    finish(world, out);
    return out;
}

struct Follow::State {
    World world;
    By by;
    std::uint64_t number;
    Time from;
    std::uint64_t seen = 0; // spans looked at
    bool watching = false;
    bool over = false;
    std::map<std::uint64_t, Followed> open; // by number of the request
    std::vector<Followed> found;

    void take(const Span& span);
    void close(std::uint64_t request, const Span& last);
    void drain();
    bool wanted(const Span& span) const;
};

bool Follow::State::wanted(const Span& span) const {
    if (by == By::request) return span.request == number;
    return by == By::slowest || span.key == number;
}

void Follow::State::close(std::uint64_t request, const Span& last) {
    Followed& one = open[request];
    if (by == By::slowest) {
        const double took = static_cast<double>(last.end - one.spans.front().start) / 1e9;
        const bool in_time = last.end <= world.duration(); // an answer on its way at the end is none
        const bool slower = in_time && (found.empty() || took > found.front().end_s - found.front().start_s);
        if (slower) {
            finish(world, one);
            found.assign(1, one);
        }
    } else {
        finish(world, one);
        found.push_back(one);
        over = by == By::request || found.size() >= k_of_key;
    }
    open.erase(request);
}

void Follow::State::take(const Span& span) {
    if (over || !wanted(span)) return;
    const bool first = open.count(span.request) == 0;
    if (by == By::key && first && open.size() + found.size() >= k_of_key) return;
    if (by != By::request && first && !begins_at_client(world, span)) return;
    open[span.request].spans.push_back(span);
    const bool answered = ends_at_client(world, span) && !from_naming(world, span);
    if (answered && span.outcome == Outcome::served) close(span.request, span);
    if (open.size() > k_open_most) open.erase(open.begin());
}

void Follow::State::drain() {
    const std::uint64_t total = world.spans_total();
    for (; seen < total; ++seen) take(world.span(seen));
}

Follow::Follow(const Scenario& scenario, By by, std::uint64_t number, double at_s)
    : state_(new State{World(scenario),
                       by,
                       number,
                       static_cast<Time>(std::max(0.0, at_s) * 1e9 + 0.5),
                       0,
                       false,
                       false,
                       {},
                       {}}) {}
Follow::~Follow() = default;
Follow::Follow(Follow&&) noexcept = default;
Follow& Follow::operator=(Follow&&) noexcept = default;

const World* Follow::world() const { return &state_->world; }

double Follow::done() const {
    const auto end = static_cast<double>(state_->world.duration());
    return state_->over ? 1 : static_cast<double>(state_->world.now()) / end;
}

bool Follow::step(std::uint64_t events) {
    State& state = *state_;
    if (!state.watching) {
        const bool early = state.by == By::request;
        if (!early && !state.world.run_until(state.from, events)) return false;
        // One in `number` leaves spans: the one that is asked for is the first of them.
        state.world.watch_every(early ? static_cast<std::uint32_t>(state.number) : 1);
        state.watching = true;
    }
    for (std::uint64_t left = events; left > 0 && !state.over;) {
        const std::uint64_t slice = std::min(left, k_slice);
        const bool end = state.world.run_until(state.world.duration(), slice);
        left -= slice;
        state.drain();
        state.over = state.over || end;
    }
    return state.over;
}

// Those that had no answer by the end are shown too.
std::vector<Followed> Follow::found() const {
    std::vector<Followed> out = state_->found;
    if (state_->by == By::slowest && !out.empty()) return out;
    for (const auto& [request, one] : state_->open) {
        if (out.size() >= k_of_key) break;
        Followed copy = one;
        finish(state_->world, copy);
        if (!copy.spans.empty()) out.push_back(std::move(copy));
    }
    return out;
}

namespace {

const char* phase_id(Phase phase) {
    constexpr const char* k_ids[] = {"wire", "reply", "queued", "service", "held", "backoff", "lookup"};
    return k_ids[static_cast<std::size_t>(phase)];
}

const char* outcome_id(Outcome outcome) {
    constexpr const char* k_ids[] = {"served", "failed", "rejected", "timed_out"};
    return k_ids[static_cast<std::size_t>(outcome)];
}

void write_span(std::string& out, const Scenario& scenario, const Span& span, Time start) {
    codec::JsonObject object(out);
    object.number("at_ms", static_cast<double>(span.start - start) / 1e6);
    object.number("ms", static_cast<double>(span.end - span.start) / 1e6);
    object.string("phase", phase_id(span.phase));
    object.string("node", scenario.nodes[span.node].id);
    if (span.phase == Phase::wire || span.phase == Phase::reply) {
        const EdgeDef& edge = scenario.edges[span.edge];
        object.string("edge", scenario.nodes[edge.from].id + "->" + scenario.nodes[edge.to].id);
    } else {
        object.number("instance", span.instance);
    }
    object.number("attempt", span.attempt);
    if (span.phase != Phase::reply) return;
    object.string("outcome", outcome_id(span.outcome));
    object.flag("hit", span.hit != 0);
    object.number("behind", span.behind);
}

} // namespace

std::string followed_json(const Scenario& scenario, const std::vector<Followed>& found) {
    std::string out;
    {
        codec::JsonArray list(out);
        for (const Followed& one : found) {
            codec::JsonObject object(list.item());
            object.number("request", static_cast<double>(one.request));
            object.number("key", one.key);
            object.number("start_s", one.start_s);
            object.number("ms", (one.end_s - one.start_s) * 1e3);
            object.flag("answered", one.answered);
            if (one.answered) object.string("outcome", outcome_id(one.outcome));
            codec::JsonArray spans(object.key("spans"));
            for (const Span& span : one.spans)
                write_span(spans.item(), scenario, span, one.spans.front().start);
        }
    }
    return out;
}

} // namespace scale
