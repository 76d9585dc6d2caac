// A grid of parameters: every point of it with the same seeds.
#include "codec/json_text.hpp"
#include "codec/nearest.hpp"
#include "codec/numbers.hpp"
#include "core/maths.hpp"
#include "scale/analysis.hpp"
#include "scale/codec.hpp"

#include <cmath>

namespace scale {

namespace {

constexpr std::size_t k_values_most = 1000;      // of one axis
constexpr std::uint64_t k_points_most = 1000000; // of the grid

const std::vector<std::string> k_usual{"latency_ms.mean",   "latency_ms.p50",   "latency_ms.p90",
                                       "latency_ms.p99",    "throughput_per_s", "availability",
                                       "cost_usd_per_month"};

std::uint64_t points_of(const std::vector<Axis>& axes) {
    std::uint64_t points = 1;
    for (const Axis& axis : axes) points = std::min(points * axis.values.size(), k_points_most + 1);
    return points;
}

std::vector<std::string> values_at(const std::vector<Axis>& axes, std::uint64_t index) {
    std::vector<std::string> out(axes.size());
    for (std::size_t i = axes.size(); i-- > 0;) {
        out[i] = axes[i].values[index % axes[i].values.size()];
        index /= axes[i].values.size();
    }
    return out;
}

Result<Scenario> scenario_at(const Scenario& scenario, const std::vector<Axis>& axes, std::uint64_t index) {
    Scenario out = scenario;
    const std::vector<std::string> values = values_at(axes, index);
    for (std::size_t i = 0; i < axes.size(); ++i)
        if (std::optional<Error> error = set_parameter(out, axes[i].name + "=" + values[i])) return *error;
    return out;
}

// A comma or a quote inside would break the line.
std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string csv_number(double value) { return std::isfinite(value) ? codec::print_number(value) : ""; }

} // namespace

Result<Axis> parse_axis(const Scenario& scenario, std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals + 1 == text.size())
        return Error{codec::quoted(text), "expected node.param=value,value,...",
                     "for example db.connections=4,8,16"};
    Axis axis;
    axis.name = std::string(text.substr(0, equals));
    for (std::size_t at = equals + 1; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        axis.values.emplace_back(text.substr(at, comma - at));
        at = comma + 1;
    }
    if (axis.values.size() > k_values_most)
        return Error{codec::quoted(axis.name), "more than 1000 values", "split the sweep"};
    for (const std::string& value : axis.values) {
        Scenario trial = scenario;
        if (std::optional<Error> error = set_parameter(trial, axis.name + "=" + value)) return *error;
    }
    return axis;
}

std::optional<Error> sweep_error(const Scenario& scenario, const SweepPlan& plan) {
    const std::uint64_t points = points_of(plan.axes);
    if (points > k_points_most)
        return Error{"", "the grid has more than 1,000,000 points", "fewer axes or values"};
    for (std::uint64_t index = 0; index < points; ++index) {
        const Result<Scenario> made = scenario_at(scenario, plan.axes, index);
        if (!made) return made.error();
        const std::optional<Error> error = validate(*made);
        if (error) return Error{"point " + std::to_string(index), error->sentence(), ""};
        if (made->warmup_s >= made->duration_s)
            return Error{"point " + std::to_string(index), "nothing is measured after the warm-up",
                         "a longer duration_s or a shorter warmup_s"};
    }
    return std::nullopt;
}

Sweep::Sweep(const Scenario& scenario, SweepPlan plan)
    : scenario_(scenario), plan_(std::move(plan)), next_(plan_.shard) {
    if (plan_.figures.empty()) plan_.figures = k_usual;
}

std::uint64_t Sweep::points() const { return points_of(plan_.axes); }

bool Sweep::step(std::uint64_t events) {
    if (next_ >= points()) return true;
    if (!runs_) {
        const Result<Scenario> made = scenario_at(scenario_, plan_.axes, next_);
        runs_.emplace(*made, plan_.seeds);
    }
    if (!runs_->step(events)) return false;
    SweepRow row;
    row.index = next_;
    row.values = values_at(plan_.axes, next_);
    for (const std::string& figure : plan_.figures) row.figures.push_back(runs_->figure(figure));
    rows_.push_back(std::move(row));
    runs_.reset();
    next_ += plan_.shards;
    return next_ >= points();
}

double Sweep::done() const {
    const std::uint64_t all = (points() + plan_.shards - 1 - plan_.shard) / plan_.shards;
    if (all == 0) return 1;
    return (static_cast<double>(rows_.size()) + (runs_ ? runs_->done() : 0)) / static_cast<double>(all);
}

std::string sweep_csv(const Sweep& sweep) {
    const bool intervals = sweep.plan().seeds > 1;
    std::string out = "index";
    for (const Axis& axis : sweep.plan().axes) out += "," + csv_cell(axis.name);
    for (const std::string& figure : sweep.plan().figures) {
        out += "," + csv_cell(figure);
        if (intervals) out += "," + csv_cell(figure + ".ci95");
    }
    out += "\n";
    for (const SweepRow& row : sweep.rows()) {
        out += std::to_string(row.index);
        for (const std::string& value : row.values) out += "," + csv_cell(value);
        for (const Estimate& figure : row.figures) {
            out += "," + csv_number(figure.mean);
            if (intervals) out += "," + csv_number(figure.ci95);
        }
        out += "\n";
    }
    return out;
}

std::string sweep_json(const Sweep& sweep) {
    std::string out;
    {
        codec::JsonObject object(out);
        object.whole("points", sweep.points());
        object.whole("seeds", sweep.plan().seeds);
        object.whole("shard", sweep.plan().shard);
        object.whole("shards", sweep.plan().shards);
        codec::JsonArray rows(object.key("rows"));
        for (const SweepRow& row : sweep.rows()) {
            codec::JsonObject one(rows.item());
            one.whole("index", row.index);
            {
                codec::JsonObject values(one.key("set"));
                for (std::size_t i = 0; i < row.values.size(); ++i)
                    values.string(sweep.plan().axes[i].name, row.values[i]);
            }
            codec::JsonObject figures(one.key("figures"));
            for (std::size_t i = 0; i < row.figures.size(); ++i) {
                codec::JsonObject figure(figures.key(sweep.plan().figures[i]));
                figure.number("mean", row.figures[i].mean);
                figure.number("ci95", row.figures[i].ci95);
            }
        }
    }
    return out;
}

} // namespace scale
