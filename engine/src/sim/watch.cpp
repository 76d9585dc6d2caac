#include "sim/watch.hpp"

#include "sim/sim.hpp"

#include <algorithm>

namespace scale::sim {

namespace {

Point merged(const Point& a, const Point& b, float weight) {
    const auto mean = [weight](float x, float y) { return x + (y - x) * weight; };
    Point out;
    out.arrivals_per_s = mean(a.arrivals_per_s, b.arrivals_per_s);
    out.completed_per_s = mean(a.completed_per_s, b.completed_per_s);
    out.failed_per_s = mean(a.failed_per_s, b.failed_per_s);
    out.busy = mean(a.busy, b.busy);
    out.queue = mean(a.queue, b.queue);
    out.in_flight = mean(a.in_flight, b.in_flight);
    out.p50_ms = mean(a.p50_ms, b.p50_ms);
    out.p90_ms = std::max(a.p90_ms, b.p90_ms); // a long history shows the worse of its seconds
    out.p99_ms = std::max(a.p99_ms, b.p99_ms);
    return out;
}

void set_percentiles(Point& point, std::span<const core::Histogram::Since> seen) {
    if (std::all_of(seen.begin(), seen.end(),
                    [](const auto& one) { return one.now->count == one.earlier->count; }))
        return;
    constexpr double k_shares[] = {0.5, 0.9, 0.99};
    Time found[3];
    core::Histogram::quantiles_of_differences(seen, k_shares, found, 3);
    point.p50_ms = static_cast<float>(core::to_ms(found[0]));
    point.p90_ms = static_cast<float>(core::to_ms(found[1]));
    point.p99_ms = static_cast<float>(core::to_ms(found[2]));
}

// `to` is an earlier state of `from`: only the buckets in use can differ.
void copy_used(core::Histogram& to, const core::Histogram& from) {
    if (to.count == from.count) return;
    to.count = from.count;
    to.sum = from.sum;
    to.min = from.min;
    to.max = from.max;
    const std::uint32_t lowest = from.lowest_used();
    const std::uint32_t highest = from.highest_used();
    std::copy(from.counters + lowest, from.counters + highest + 1, to.counters + lowest);
}

} // namespace

void History::add(const Point& second) {
    ++gathered_;
    sum_ = gathered_ == 1 ? second : merged(sum_, second, 1.0f / static_cast<float>(gathered_));
    if (gathered_ < static_cast<int>(series_.step_s)) return;
    gathered_ = 0;
    series_.points.push_back(sum_);
    if (series_.points.size() < k_series_points) return;
    std::vector<Point>& points = series_.points;
    for (std::size_t i = 0; i < points.size() / 2; ++i)
        points[i] = merged(points[2 * i], points[2 * i + 1], 0.5f);
    points.resize(points.size() / 2);
    series_.step_s *= 2;
}

void Watch::load(const Sim& sim) {
    const std::size_t count = sim.nodes.size();
    nodes.resize(count);
    last_second.resize(count);
    at_second.resize(count);
    marks_.resize(count);
    for (History& history : nodes) history.reserve();
    clients_.reserve(count);
    system.reserve();
    for (std::size_t i = 0; i < count; ++i) {
        is_client.push_back((sim.scenario.nodes[i].kind->role & role_client) != 0 ? 1 : 0);
    }
    census.load(sim);
}

void Watch::set_every(Sim& sim, std::uint32_t n) {
    if (n == every) return; // those that are being watched go on
    every = n;
    any = n != 0;
    for (std::size_t i = 0; i < sim.edges.size(); ++i) sim.refresh_way(static_cast<EdgeId>(i));
    if (spans.empty() && any) spans.resize(k_spans);
    numbers_.assign(sim.requests.size(), 0);
    ready_at_.assign(sim.requests.size(), core::k_never);
}

void Watch::consider(RequestId id, std::uint64_t number) { numbers_[id] = number % every == 0 ? number : 0; }

void Watch::follow(RequestId from, RequestId to) { numbers_[to] = numbers_[from]; }

void Watch::record(const Span& span) { spans[spans_total++ % k_spans] = span; }

void Watch::wire(const Sim& sim, const Request& request, EdgeId edge, Time end, bool back) {
    const RequestId id = sim.id_of(request);
    if (numbers_[id] == 0 || edge >= sim.scenario.edges.size()) return; // within a node
    Span span;
    span.start = sim.now;
    span.end = end;
    span.request = numbers_[id];
    span.edge = edge;
    span.node = back ? sim.edges[edge].from : sim.edges[edge].to;
    span.phase = back ? Phase::reply : Phase::wire;
    span.outcome = back ? static_cast<Outcome>(request.outcome) : Outcome::served;
    span.attempt = request.attempt;
    span.hit = request.hit;
    span.key = request.key;
    if (back && !request.is_write() && request.version != 0) {
        const std::uint32_t latest = sim.latest_of(request.key, request.version);
        const std::uint32_t behind = latest > request.version ? latest - request.version : 0;
        span.behind = static_cast<std::uint8_t>(std::min(behind, 255u));
    }
    record(span);
}

void Watch::stay(const Sim& sim, const Request& request, Phase phase, Time start, Time end) {
    const RequestId id = sim.id_of(request);
    if (numbers_[id] == 0) return;
    const Frame& here = Slab::frames_of(request)[request.depth - 1u];
    Span span;
    span.start = start;
    span.end = end;
    span.request = numbers_[id];
    span.node = here.node;
    span.edge = here.edge;
    span.instance = here.instance;
    span.phase = phase;
    span.attempt = request.attempt;
    span.key = request.key;
    record(span);
}

void Watch::started(const Sim& sim, const Request& request, RequestId id) {
    if (ready_at_[id] != core::k_never && ready_at_[id] < sim.now)
        stay(sim, request, Phase::queued, ready_at_[id], sim.now);
    ready_at_[id] = core::k_never;
}

void Watch::note(const LogEntry& entry) {
    if (log.size() >= k_log_entries) log.erase(log.begin(), log.begin() + k_log_entries / 4);
    log.push_back(entry);
    ++log_total;
}

bool Watch::first_cap(std::uint32_t node, Time now) {
    constexpr Time k_while = 10 * core::k_second;
    if (capped_.size() <= node) capped_.resize(nodes.size(), core::k_never);
    const bool first = capped_[node] == core::k_never || now >= capped_[node] + k_while;
    capped_[node] = now;
    return first;
}

Point Watch::measure(const Sim& sim, NodeId id) {
    const Node& node = sim.nodes[id];
    Mark next;
    const Tally& tally = sim.tallies[id];
    next.arrivals = is_client[id] ? tally.asked : sim.arrivals(id);
    next.completed = node.completed;
    next.failed = tally.failed + tally.rejected + tally.timed_out;
    next.saturated_s = marks_[id].saturated_s;
    const Capacity capacity = sim.capacity(id);
    next.busy_area = capacity.busy_area;
    next.held_area = capacity.held_area;
    next.queue_area = capacity.queue_area;
    const Mark& last = marks_[id];
    constexpr double k_ns = 1e9;
    Point point;
    const std::uint64_t weight = sim.scenario.weight;
    point.arrivals_per_s = static_cast<float>((next.arrivals - last.arrivals) * weight);
    point.completed_per_s = static_cast<float>((next.completed - last.completed) * weight);
    point.failed_per_s = static_cast<float>((next.failed - last.failed) * weight);
    const double cores = static_cast<double>(next.busy_area - last.busy_area) / k_ns / capacity.cores;
    const double workers = static_cast<double>(next.held_area - last.held_area) / k_ns / capacity.workers;
    point.busy = static_cast<float>(std::min(1.0, std::max(cores, workers)));
    const auto real = static_cast<double>(weight);
    point.queue = static_cast<float>(static_cast<double>(next.queue_area - last.queue_area) / k_ns * real);
    point.in_flight = static_cast<float>((is_client[id] ? tally.open : sim.inside(id)) * weight);
    const core::Histogram::Since seen[] = {{&sim.latency[id], &at_second[id]}};
    set_percentiles(point, seen);
    marks_[id] = next;
    return point;
}

// The log says when a node reached its capacity and when it came back from there.
void Watch::watch_saturation(Sim& sim, NodeId id, const Point& point) {
    constexpr std::uint32_t k_seconds = 3; // in a row, so that one burst is no alarm
    std::uint32_t& run = marks_[id].saturated_s;
    if (point.busy > 0.97f) {
        if (++run == k_seconds) sim.note(Happening::saturated, id);
    } else if (point.busy < 0.9f) {
        if (run >= k_seconds) sim.note(Happening::relieved, id);
        run = 0;
    }
}

Point Watch::measure_system(const Sim& sim) {
    Point total;
    clients_.clear();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Point& point = last_second[i];
        if (!is_client[i]) {
            total.busy = std::max(total.busy, point.busy);
            total.queue += point.queue;
            continue;
        }
        total.arrivals_per_s += point.arrivals_per_s;
        total.completed_per_s += point.completed_per_s;
        total.failed_per_s += point.failed_per_s;
        total.in_flight += point.in_flight;
        clients_.push_back({&sim.latency[i], &at_second[i]});
        total.p50_ms = point.p50_ms;
        total.p90_ms = point.p90_ms;
        total.p99_ms = point.p99_ms;
    }
    if (clients_.size() > 1) set_percentiles(total, clients_);
    clients_.clear();
    return total;
}

void Watch::second(Sim& sim) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto id = static_cast<NodeId>(i);
        last_second[i] = measure(sim, id);
        nodes[i].add(last_second[i]);
        watch_saturation(sim, id, last_second[i]);
        if (!is_client[i]) copy_used(at_second[i], sim.latency[i]); // while the cache still holds both
    }
    system_last_second = measure_system(sim);
    system.add(system_last_second);
    for (std::size_t i = 0; i < nodes.size(); ++i) copy_used(at_second[i], sim.latency[i]);
    census.second(sim);
}

void Watch::restart(const Sim& sim) {
    for (std::size_t i = 0; i < marks_.size(); ++i) {
        const Capacity capacity = sim.capacity(static_cast<NodeId>(i));
        const std::uint32_t saturated = marks_[i].saturated_s;
        marks_[i] = Mark{};
        marks_[i].saturated_s = saturated;
        marks_[i].arrivals = is_client[i] ? sim.tallies[i].asked : sim.arrivals(static_cast<NodeId>(i));
        marks_[i].busy_area = capacity.busy_area;
        marks_[i].held_area = capacity.held_area;
        marks_[i].queue_area = capacity.queue_area;
        at_second[i] = sim.latency[i];
    }
    census.restart(sim);
}

} // namespace scale::sim
