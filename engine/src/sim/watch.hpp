// What is observed of a run and never decides it: spans of sampled requests, the log, the series per second.
// Left out of the digest.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/histogram.hpp"
#include "scale/world.hpp"
#include "sim/census.hpp"
#include "sim/request.hpp"

#include <vector>

namespace scale::sim {

class Sim;

// The counters of a node at the last whole second; a point of its series is the difference.
struct Mark {
    std::uint64_t arrivals = 0, completed = 0, failed = 0;
    std::uint64_t busy_area = 0, held_area = 0, queue_area = 0;
    std::uint32_t saturated_s = 0; // seconds in a row above 95 % busy
};

// A series whose points grow from 1 s to 2, 4, ... when the history is full.
class History {
public:
    void add(const Point& second);
    void reserve() { series_.points.reserve(k_series_points); }
    const Series& series() const { return series_; }

private:
    Series series_;
    Point sum_;
    int gathered_ = 0; // seconds in sum_
};

class Watch {
public:
    void load(const Sim& sim);
    void set_every(Sim& sim, std::uint32_t n);
    void consider(RequestId id, std::uint64_t number);
    void forget(RequestId id) { numbers_[id] = 0; }
    void follow(RequestId from, RequestId to); // `to` carries on for `from`, or beside it
    void slab_grew(std::size_t requests) {
        numbers_.resize(requests, 0);
        ready_at_.resize(requests, core::k_never);
        census.slab_grew(requests);
    }
    // Waits for a core with a worker in hand, and gets one.
    void readied(RequestId id, Time now) { ready_at_[id] = now; }
    void started(const Sim& sim, const Request& request, RequestId id);
    void wire(const Sim& sim, const Request& request, EdgeId edge, Time end, bool back);
    void stay(const Sim& sim, const Request& request, Phase phase, Time start, Time end);
    void note(const LogEntry& entry);
    bool first_cap(std::uint32_t node, Time now); // of a while, at that node
    void second(Sim& sim);        // a whole second has passed: one more point for every series
    void restart(const Sim& sim); // the counters were set to zero

    std::uint32_t every = 0;
    bool any = false;
    Time next_second = core::k_second;
    std::uint64_t spans_total = 0;
    std::uint64_t log_total = 0;
    std::vector<Span> spans;   // a ring of k_spans
    std::vector<LogEntry> log; // the latest k_log_entries, oldest first
    std::vector<History> nodes;
    History system;
    std::vector<Point> last_second;                 // per node
    core::AlignedVector<core::Histogram> at_second; // the latency histograms at the last whole second
    Point system_last_second;
    std::vector<std::uint8_t> is_client;
    Census census;

private:
    std::vector<Time> capped_; // per node: when it was full last
    void record(const Span& span);
    Point measure(const Sim& sim, NodeId node);
    Point measure_system(const Sim& sim);
    void watch_saturation(Sim& sim, NodeId node, const Point& point);

    std::vector<Mark> marks_;
    std::vector<core::Histogram::Since> clients_; // empty between seconds
    std::vector<Time> ready_at_;                  // per request of the slab: waits for a core since
    std::vector<std::uint64_t> numbers_;          // per request of the slab: its number, 0 when not watched
};

} // namespace scale::sim
