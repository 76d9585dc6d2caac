// Runs of one design with several seeds, in slices.
#include "analysis/statistics.hpp"
#include "codec/results.hpp"

#include "core/maths.hpp"

#include <algorithm>

namespace scale {

namespace {

// A latency of nothing is no latency.
void forget_latencies_of_nothing(const World& world, std::vector<codec::Figure>& figures) {
    const auto forget = [&](const std::string& prefix) {
        for (codec::Figure& figure : figures)
            if (figure.name.compare(0, prefix.size(), prefix) == 0) figure.value = core::k_not_a_number;
    };
    if (world.totals().requests.completed == 0) forget("latency_ms.");
    for (std::size_t i = 0; i < world.scenario().nodes.size(); ++i)
        if (world.node_totals(static_cast<int>(i)).completed == 0)
            forget("nodes." + world.scenario().nodes[i].id + ".latency_ms.");
}

} // namespace

Measurement::Measurement(const Scenario& scenario, std::uint64_t seeds)
    : scenario_(scenario), seeds_(std::max<std::uint64_t>(1, seeds)) {}
Measurement::~Measurement() = default;
Measurement::Measurement(Measurement&&) noexcept = default;
Measurement& Measurement::operator=(Measurement&&) noexcept = default;

bool Measurement::step(std::uint64_t events) {
    if (runs_.size() == seeds_) return true;
    if (!world_ || world_->now() >= world_->duration()) {
        Scenario one = scenario_;
        one.seed = scenario_.seed + runs_.size();
        world_ = std::make_unique<World>(one);
    }
    if (world_->run_until(world_->duration(), events)) finish();
    return runs_.size() == seeds_;
}

void Measurement::finish() {
    std::vector<codec::Figure> figures = codec::figures(*world_);
    forget_latencies_of_nothing(*world_, figures);
    if (names_.empty())
        for (const codec::Figure& figure : figures) names_.push_back(figure.name);
    std::vector<double> values;
    for (const codec::Figure& figure : figures) values.push_back(figure.value);
    runs_.push_back(std::move(values));
}

double Measurement::done() const {
    double runs = static_cast<double>(runs_.size());
    if (world_ && runs_.size() < seeds_ && world_->now() < world_->duration())
        runs += static_cast<double>(world_->now()) / static_cast<double>(world_->duration());
    return std::min(1.0, runs / static_cast<double>(seeds_));
}

int Measurement::find(std::string_view name) const {
    const std::string wanted = codec::full_name(name);
    const auto found = std::find(names_.begin(), names_.end(), wanted);
    return found == names_.end() ? -1 : static_cast<int>(found - names_.begin());
}

Estimate Measurement::figure(std::string_view name) const {
    const int index = find(name);
    if (index < 0) return {core::k_not_a_number, core::k_not_a_number};
    std::vector<double> values;
    for (const std::vector<double>& run : runs_) values.push_back(run[static_cast<std::size_t>(index)]);
    return estimate(values);
}

Scenario without_events(const Scenario& scenario) {
    Scenario out = scenario;
    out.events.clear();
    out.log.clear();
    for (NodeDef& node : out.nodes) {
        const int profile = (node.kind->role & role_client) != 0 ? node.kind->param_index("profile") : -1;
        if (profile >= 0) node.values[static_cast<std::size_t>(profile)] = 0; // constant
    }
    return out;
}

} // namespace scale
