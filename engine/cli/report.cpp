// The report that `run` prints for people: tiers, requests, latency, promises, digest.
#include <algorithm>
#include <cmath>
#include <limits>

#include "format.hpp"
#include "run.hpp"
#include "terminal.hpp"
#include "words.hpp"

namespace scale::cli {

namespace {

constexpr std::size_t k_bar_cells = 8;
constexpr double k_nothing = std::numeric_limits<double>::quiet_NaN();

Tone tone_of(double busy) { return busy > 0.9 ? Tone::bad : busy > 0.75 ? Tone::warn : Tone::accent; }

class Report {
public:
    Report(const RunRequest& request, const std::vector<RunFigures>& runs)
        : request_(request), runs_(runs), width_(terminal_width()), paint_(Paint::for_output()) {}

    std::string text() {
        heading();
        tiers();
        out_ += '\n';
        requests();
        latency();
        cost_and_caps();
        not_done();
        cause();
        checks();
        digest();
        return out_;
    }

private:
    const char* say(const Words& words) const { return pick(words, request_.language); }

    // The mean over the runs of a figure that is read from each, and its interval where there are several.
    template<class Get>
    Estimate over_runs(Get get) const {
        std::vector<double> values;
        for (const RunFigures& run : runs_) values.push_back(get(run));
        return estimate(values);
    }

    template<class Get>
    std::string duration(Get get) const {
        const Estimate value = over_runs(get);
        return milliseconds(value.mean, value.ci95);
    }

    // Small ones with three figures, large ones to the last digit.
    template<class Get>
    std::string number(Get get) const {
        const Estimate value = over_runs(get);
        std::string out = significant(value.mean, 3);
        if (value.ci95 > 0) out += " ±" + significant(value.ci95, 2);
        return out;
    }

    // The mean of a node's latency figure; nothing where nothing was completed.
    std::string node_latency(std::size_t node, double Latency::*part) const {
        return duration([&](const RunFigures& run) {
            const NodeTotals& totals = run.nodes[node];
            return totals.completed > 0 ? totals.latency_ms.*part : k_nothing;
        });
    }

    void heading();
    void tiers();
    void tier_row(Table& table, std::size_t node) const;
    std::string busy_bar(double busy) const;
    void requests();
    void request_line(const Words& name, std::uint64_t Counts::*part, Tone tone);
    void latency();
    void cost_and_caps();
    void not_done();
    void cause();
    void checks();
    void digest();
    // "title      rest" with the titles in one column.
    void line(std::string_view title, std::string_view rest);

    const RunRequest& request_;
    const std::vector<RunFigures>& runs_;
    std::size_t width_;
    Paint paint_;
    bool labels_ = false, workers_ = false; // columns that only some designs need
    std::string out_;
};

void Report::line(std::string_view title, std::string_view rest) {
    out_ += paint_(Tone::dim, pad_right(title, 10)) + "  " + std::string(rest) + '\n';
}

void Report::heading() {
    const Scenario& scenario = request_.source.scenario;
    const RunFigures& run = runs_.back();
    const std::string& title = pick(scenario.title, request_.language);
    out_ += paint_(Tone::strong, cut_to(title.empty() ? request_.source.name : title, width_)) + '\n';
    const std::string simulated = seconds(run.now_s);
    const std::string warmup = seconds(scenario.warmup_s);
    std::string facts = scenario.warmup_s > 0 ? filled(say(words::k_after_warmup), {simulated, warmup})
                                              : filled(say(words::k_simulated), {simulated});
    if (run.wall_s > 0)
        facts += " · " + filled(say(words::k_times_real), {short_count(run.now_s / run.wall_s)});
    if (runs_.size() == 1) facts += " · " + filled(say(words::k_seed), {std::to_string(run.seed)});
    out_ += paint_(Tone::dim, cut_to(facts, width_)) + '\n';
    if (runs_.size() > 1) {
        const std::string seeds =
            filled(say(words::k_seeds), {std::to_string(runs_.size()), std::to_string(runs_.front().seed),
                                         std::to_string(run.seed)});
        out_ += paint_(Tone::dim, cut_to(seeds, width_)) + '\n';
    }
    const auto stopped = [&](const Words& words) { out_ += paint_(Tone::warn, say(words)) + '\n'; };
    if (run.ending == Ending::interrupted) stopped(words::k_stopped_interrupt);
    if (run.ending == Ending::event_limit) stopped(words::k_stopped_limit);
    out_ += '\n';
}

std::string Report::busy_bar(double busy) const {
    constexpr const char* k_eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const double share = std::clamp(busy, 0.0, 1.0);
    const auto eighths = static_cast<std::size_t>(share * k_bar_cells * 8 + 0.5);
    std::string full;
    for (std::size_t i = 0; i < eighths / 8; ++i) full += "█";
    full += k_eighths[eighths % 8];
    const std::size_t empty = k_bar_cells - display_width(full);
    std::string rest;
    for (std::size_t i = 0; i < empty; ++i) rest += "·";
    return paint_(tone_of(share), full) + paint_(Tone::dim, rest);
}

void Report::tier_row(Table& table, std::size_t node) const {
    const NodeDef& def = request_.source.scenario.nodes[node];
    const NodeNow& now = runs_.back().now[node];
    const bool works = (def.kind->role & role_client) == 0;
    std::vector<std::string> cells{def.id};
    if (labels_) cells.push_back(cut_to(pick(def.label, request_.language), 24));
    cells.emplace_back(say(def.kind->name));
    std::string instances = std::to_string(now.designed_up());
    if (now.instances_up != now.instances)
        instances = paint_(Tone::warn, instances + "/" + std::to_string(now.designed()));
    cells.push_back(works ? instances : "");
    const double busy = over_runs([&](const RunFigures& run) { return run.nodes[node].utilization; }).mean;
    cells.push_back(works ? busy_bar(busy) + " " + pad_left(percent(busy), 6) : "");
    if (workers_) {
        const double held = over_runs([&](const RunFigures& run) { return run.workers_busy[node]; }).mean;
        cells.push_back(std::isfinite(held) ? paint_(tone_of(held), percent(held)) : "");
    }
    cells.push_back(works ? number([&](const RunFigures& run) { return run.nodes[node].queue_mean; }) : "");
    cells.push_back(number([&](const RunFigures& run) {
        const double time_s = run.totals.measured_s;
        return time_s > 0 ? static_cast<double>(run.nodes[node].arrivals) / time_s : 0;
    }));
    cells.push_back(works ? duration([&](const RunFigures& run) { return run.nodes[node].wait_ms_mean; })
                          : "");
    cells.push_back(node_latency(node, &Latency::p50));
    cells.push_back(node_latency(node, &Latency::p99));
    const Estimate failed = over_runs([&](const RunFigures& run) {
        return static_cast<double>(run.nodes[node].failed + run.nodes[node].rejected);
    });
    const std::string lost = failed.mean > 0 ? short_count(failed.mean) : "0";
    cells.push_back(paint_(failed.mean > 0 ? Tone::bad : Tone::dim, lost));
    const double cost = runs_.back().nodes[node].cost_usd_per_month;
    cells.push_back(cost > 0 ? significant(cost, 3) : "");
    table.row(std::move(cells));
}

void Report::tiers() {
    const Scenario& scenario = request_.source.scenario;
    labels_ = std::any_of(scenario.nodes.begin(), scenario.nodes.end(),
                          [](const NodeDef& node) { return !node.label.empty(); });
    const std::vector<double>& held = runs_.back().workers_busy;
    workers_ = std::any_of(held.begin(), held.end(), [](double share) { return std::isfinite(share); });
    using Side = Table::Side;
    Table table;
    table.column(say(words::k_tier), Side::left, 0);
    if (labels_) table.column(say(words::k_name), Side::left, 7);
    table.column(say(words::k_kind), Side::left, 8);
    table.column(say(words::k_instances), Side::right, 5);
    table.column(say(words::k_busy), Side::left, 0);
    if (workers_) table.column(say(words::k_workers), Side::right, 3);
    table.column(say(words::k_queue), Side::right, 1);
    table.column(say(words::k_rate), Side::right, 2);
    table.column(say(words::k_wait), Side::right, 6);
    table.column("p50", Side::right, 4);
    table.column("p99", Side::right, 0);
    table.column(say(words::k_failed_column), Side::right, 2);
    table.column(say(words::k_cost_column), Side::right, 6);
    for (std::size_t node = 0; node < scenario.nodes.size(); ++node) tier_row(table, node);
    out_ += table.text(width_, paint_);
}

void Report::request_line(const Words& name, std::uint64_t Counts::*part, Tone tone) {
    const auto count = [&](const RunFigures& run) { return static_cast<double>(run.totals.requests.*part); };
    const auto share = [&](const RunFigures& run) {
        const auto offered = static_cast<double>(run.totals.requests.offered);
        return offered > 0 ? static_cast<double>(run.totals.requests.*part) / offered : 0;
    };
    const Estimate value = over_runs(count);
    if (value.mean == 0) tone = Tone::dim;
    const std::string text = number(count);
    const double part_of_all = over_runs(share).mean;
    out_ += pad_right("", 12) + pad_right(say(name), 12) +
            paint_(tone, pad_left(text, 14) + pad_left(percent(part_of_all), 12)) + '\n';
}

void Report::requests() {
    const std::string offered =
        number([](const RunFigures& run) { return static_cast<double>(run.totals.requests.offered); });
    line(say(words::k_requests), pad_right(say(words::k_offered), 12) + pad_left(offered, 14));
    request_line(words::k_completed, &Counts::completed, Tone::good);
    request_line(words::k_timed_out, &Counts::timed_out, Tone::bad);
    request_line(words::k_rejected, &Counts::rejected, Tone::bad);
    request_line(words::k_failed, &Counts::failed, Tone::bad);
    request_line(words::k_in_flight, &Counts::in_flight, Tone::plain);
    const std::string rate = number([](const RunFigures& run) { return run.totals.throughput_per_s; });
    const Estimate available = over_runs([](const RunFigures& run) { return run.totals.availability; });
    out_ += pad_right("", 12) + filled(say(words::k_throughput), {rate, percent(available.mean)}) + "\n";
}

void Report::latency() {
    struct Part {
        const char* name;
        double Latency::*value;
    };
    const Part parts[] = {{say(words::k_mean), &Latency::mean},
                          {"p50", &Latency::p50},
                          {"p90", &Latency::p90},
                          {"p95", &Latency::p95},
                          {"p99", &Latency::p99},
                          {"p99.9", &Latency::p999},
                          {say(words::k_max), &Latency::max}};
    std::string text;
    std::size_t used = 12;
    for (const Part& part : parts) {
        const std::string value = duration([&](const RunFigures& run) {
            return run.totals.requests.completed > 0 ? run.totals.latency_ms.*part.value : k_nothing;
        });
        const std::string piece = paint_(Tone::dim, part.name) + " " + value;
        const std::size_t columns = display_width(piece) + 3;
        if (used + columns > width_ + 3) {
            text.erase(text.find_last_not_of(' ') + 1);
            text += "\n" + std::string(12, ' ');
            used = 12;
        }
        text += piece + "   ";
        used += columns;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    line(say(words::k_latency), text);
}

std::string dollars(double amount) {
    return "$" + (amount >= 100 ? grouped(static_cast<std::uint64_t>(amount + 0.5)) : significant(amount, 3));
}

void Report::cost_and_caps() {
    const double cost = over_runs([](const RunFigures& run) { return run.totals.cost_usd_per_month; }).mean;
    const double each = over_runs([](const RunFigures& run) { return run.usd_per_million; }).mean;
    line(say(words::k_cost), std::isfinite(each)
                                 ? filled(say(words::k_per_million), {dollars(cost), dollars(each)})
                                 : filled(say(words::k_per_month), {dollars(cost)}));
    std::uint64_t caps = 0;
    for (const RunFigures& run : runs_) caps += run.totals.caps_reached;
    if (caps > 0)
        line(say(words::k_caps), paint_(Tone::warn, filled(say(words::k_caps_reached), {grouped(caps)})));
}

// The same in every run as a rule: instances come and go by the load.
void Report::not_done() {
    constexpr std::size_t k_shown = 3;
    const std::vector<Text>& all = runs_.front().not_done;
    for (std::size_t i = 0; i < all.size() && i < k_shown; ++i)
        line(i == 0 ? say(words::k_not_done) : "", paint_(Tone::warn, pick(all[i], request_.language)));
    if (all.size() > k_shown)
        line("", paint_(Tone::warn, filled(say(words::k_and_more), {grouped(all.size() - k_shown)})));
}

void Report::cause() {
    constexpr std::size_t k_indent = 12;
    std::string text = wrapped(pick(runs_.front().cause, request_.language), width_, k_indent);
    text.erase(text.find_last_not_of('\n') + 1);
    line(say(words::k_cause), text.substr(std::min(k_indent, text.size())));
}

void Report::checks() {
    std::size_t widest = 0;
    for (const Check& check : request_.checks) widest = std::max(widest, display_width(check.text));
    const Words* before = nullptr;
    for (const Check& check : request_.checks) {
        const Words* title = check.goal       ? &words::k_goal
                             : check.promised ? &words::k_promise
                                              : &words::k_assertion;
        std::string measured = std::isfinite(check.measured.mean) ? significant(check.measured.mean, 5) : "-";
        if (runs_.size() > 1 && std::isfinite(check.measured.ci95))
            measured += " ±" + significant(check.measured.ci95, 2);
        const std::string mark = check.held ? paint_(Tone::good, "✓") : paint_(Tone::bad, "✕");
        line(title == before ? "" : say(*title),
             mark + " " + pad_right(check.text, widest) + "   " + say(words::k_measured) + " " + measured);
        before = title;
    }
    if (!runs_[0].feedback.empty()) line("", paint_(Tone::warn, runs_[0].feedback));
}

void Report::digest() {
    line(say(words::k_digest), paint_(Tone::strong, combined_digest(runs_)));
    double wall_s = 0;
    double events = 0;
    for (const RunFigures& run : runs_) {
        wall_s += run.wall_s;
        events += static_cast<double>(run.totals.events);
    }
    const std::string rate = wall_s > 0 ? short_count(events / wall_s) : "-";
    const std::string count = grouped(static_cast<std::uint64_t>(events));
    const std::string text = filled(say(words::k_events), {count, milliseconds(wall_s * 1e3), rate});
    out_ += pad_right("", 12) + paint_(Tone::dim, text) + '\n';
}

} // namespace

std::string report_text(const RunRequest& request, const std::vector<RunFigures>& runs) {
    return Report(request, runs).text();
}

} // namespace scale::cli
