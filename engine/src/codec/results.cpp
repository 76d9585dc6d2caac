#include "codec/results.hpp"

#include <cmath>
#include <limits>

#include "codec/json_text.hpp"
#include "codec/nearest.hpp"
#include "scale/insight.hpp"
#include "scale/results.hpp"

namespace scale::codec {

namespace {

struct Alias {
    const char* name;
    const char* stands_for;
};

constexpr Alias k_aliases[] = {
    {"mean_ms", "latency_ms.mean"}, {"p50_ms", "latency_ms.p50"}, {"p90_ms", "latency_ms.p90"},
    {"p95_ms", "latency_ms.p95"},   {"p99_ms", "latency_ms.p99"}, {"p999_ms", "latency_ms.p999"},
    {"max_ms", "latency_ms.max"},
};

class Figures {
public:
    void add(const std::string& name, double value) { list_.push_back({prefix_ + name, value}); }
    void count(const std::string& name, std::uint64_t value) { add(name, static_cast<double>(value)); }

    template<class Inside>
    void group(const std::string& name, Inside inside) {
        const std::string outer = prefix_;
        prefix_ += name + ".";
        inside();
        prefix_ = outer;
    }

    void latency(const Latency& latency) {
        group("latency_ms", [&] {
            add("mean", latency.mean);
            add("p50", latency.p50);
            add("p90", latency.p90);
            add("p95", latency.p95);
            add("p99", latency.p99);
            add("p999", latency.p999);
            add("max", latency.max);
        });
    }

    void requests(const Counts& counts) {
        group("requests", [&] {
            count("offered", counts.offered);
            count("completed", counts.completed);
            count("failed", counts.failed);
            count("timed_out", counts.timed_out);
            count("rejected", counts.rejected);
            count("in_flight", counts.in_flight);
            count("attempts", counts.attempts);
        });
    }

    void node(const World& world, int index) {
        const NodeTotals totals = world.node_totals(index);
        add("utilization", totals.utilization);
        add("queue_mean", totals.queue_mean);
        add("in_flight_mean", totals.in_flight_mean);
        add("wait_ms_mean", totals.wait_ms_mean);
        add("throughput_per_s", totals.throughput_per_s);
        count("arrivals", totals.arrivals);
        count("completed", totals.completed);
        count("failed", totals.failed);
        count("rejected", totals.rejected);
        latency(totals.latency_ms);
        add("cost_usd_per_month", totals.cost_usd_per_month);
        const std::span<const MetricRecord> metrics =
            world.scenario().nodes[static_cast<std::size_t>(index)].kind->metrics;
        for (std::size_t i = 0; i < metrics.size(); ++i)
            add(metrics[i].id, world.metric(index, static_cast<int>(i)));
    }

    std::vector<Figure> take() { return std::move(list_); }

private:
    std::string prefix_;
    std::vector<Figure> list_;
};

// The flat list as JSON: what stands before a dot becomes an object.
class Nest {
public:
    explicit Nest(const std::vector<Figure>& list) : list_(list) {}

    // Members of the group that begins at `at_`, until the prefix changes.
    void members(JsonObject& object, const std::string& prefix) {
        while (at_ < list_.size() && list_[at_].name.compare(0, prefix.size(), prefix) == 0) {
            const std::string rest = list_[at_].name.substr(prefix.size());
            const std::size_t dot = rest.find('.');
            if (dot == std::string::npos) {
                object.number(rest, list_[at_++].value);
                continue;
            }
            JsonObject inner(object.key(rest.substr(0, dot)));
            members(inner, prefix + rest.substr(0, dot + 1));
        }
    }

private:
    const std::vector<Figure>& list_;
    std::size_t at_ = 0;
};

std::string hexadecimal(std::uint64_t value) {
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 15];
    return out;
}

} // namespace

std::vector<Figure> figures(const World& world, bool nodes) {
    const Totals totals = world.totals();
    Figures out;
    out.count("events", totals.events);
    out.add("measured_s", totals.measured_s);
    out.requests(totals.requests);
    out.latency(totals.latency_ms);
    out.add("throughput_per_s", totals.throughput_per_s);
    out.add("availability", totals.availability);
    out.add("cost_usd_per_month", totals.cost_usd_per_month);
    const double each = cost_of(world).usd_per_million_requests;
    out.add("cost_usd_per_million_requests", std::isfinite(each) ? each : 0);
    out.count("caps_reached", totals.caps_reached);
    if (!nodes) return out.take();
    out.group("nodes", [&] {
        for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i)
            out.group(world.scenario().nodes[i].id, [&] { out.node(world, static_cast<int>(i)); });
    });
    return out.take();
}

std::string full_name(std::string_view name) {
    for (const Alias& alias : k_aliases)
        if (name == alias.name) return alias.stands_for;
    return std::string(name);
}

} // namespace scale::codec

namespace scale {

std::string results_json(const World& world, const RunFacts& facts) {
    const std::vector<codec::Figure> list = codec::figures(world);
    std::string out;
    codec::JsonObject object(out);
    object.string("digest", codec::hexadecimal(world.digest()));
    object.number("wall_s", facts.wall_s);
    object.key("cause") += cause_json(world, cause_of_run(world));
    if (!world.not_done().empty()) {
        codec::JsonArray array(object.key("not_done"));
        for (const NotDone& one : world.not_done()) codec::append_string(array.item(), one.why.sentence());
    }
    codec::Nest(list).members(object, "");
    return out;
}

double result_value(const World& world, std::string_view name) {
    const std::string wanted = codec::full_name(name);
    if (wanted == "now_s") return static_cast<double>(world.now()) / 1e9;
    for (const codec::Figure& figure : codec::figures(world, wanted.rfind("nodes.", 0) == 0))
        if (figure.name == wanted) return figure.value;
    return std::numeric_limits<double>::quiet_NaN();
}

std::string nearest_result_name(const World& world, std::string_view name) {
    const std::vector<codec::Figure> list = codec::figures(world);
    std::vector<std::string_view> names;
    for (const codec::Alias& alias : codec::k_aliases) names.emplace_back(alias.name);
    for (const codec::Figure& figure : list) names.emplace_back(figure.name);
    return std::string(codec::nearest(name, names));
}

} // namespace scale
