// The largest load that keeps every promise: theory says where to look, runs decide.
#include "analysis/figure_words.hpp"
#include "codec/json_text.hpp"
#include "codec/numbers.hpp"
#include "codec/results.hpp"
#include "core/maths.hpp"
#include "sim/sim.hpp"

#include <algorithm>
#include <cmath>

namespace scale {

namespace {

constexpr double k_least = 1.0 / 256, k_most = 1048576; // multiples that are looked at
constexpr double k_precision = 1.02;                    // between what holds and what breaks
constexpr double k_requests_most = 3e6;                 // of one run
constexpr double k_shortest_s = 2;

bool is_client(const NodeDef& node) { return (node.kind->role & role_client) != 0; }

double value_or(const NodeDef& node, const char* param, double otherwise) {
    const int index = node.kind->param_index(param);
    return index < 0 ? otherwise : node.values[static_cast<std::size_t>(index)];
}

bool is_closed(const NodeDef& node) { return value_or(node, "mode", 0) == 1; }

double users_of(const Scenario& scenario) {
    double sum = 0;
    for (const NodeDef& node : scenario.nodes)
        if (is_client(node)) sum += value_or(node, "users", 0);
    return sum;
}

double requests_per_s(const Scenario& scenario) {
    double sum = 0;
    for (const NodeDef& node : scenario.nodes) {
        if (!is_client(node)) continue;
        const double think_s = std::max(1e-3, value_or(node, "think_ms", 0) * 1e-3);
        sum += is_closed(node) ? value_or(node, "users", 0) / think_s : value_or(node, "rate_per_s", 0);
    }
    return sum;
}

double predicted(const Scenario& scenario, const Prediction& prediction, const std::string& name) {
    const std::string full = codec::full_name(name);
    const Latency& latency = prediction.latency_ms;
    if (full == "latency_ms.mean") return latency.mean;
    if (full == "latency_ms.p50") return latency.p50;
    if (full == "latency_ms.p90") return latency.p90;
    if (full == "latency_ms.p95") return latency.p95;
    if (full == "latency_ms.p99") return latency.p99;
    if (full == "latency_ms.p999") return latency.p999;
    if (full == "availability") return prediction.availability;
    if (full == "throughput_per_s") return prediction.throughput_per_s;
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i)
        if (full == "nodes." + scenario.nodes[i].id + ".utilization") return prediction.nodes[i].utilization;
    return core::k_not_a_number;
}

bool is_about_rate(const Assertion& assertion) { return assertion.name == "throughput_per_s"; }

// Shorter where it would take too long, but never so short that it says nothing: then not at all.
std::optional<Scenario> runnable(Scenario scenario) {
    const double rate = requests_per_s(scenario);
    const double longest = k_requests_most / std::max(rate, 1e-9);
    if (scenario.duration_s <= longest) return scenario;
    if (longest < k_shortest_s) return std::nullopt;
    scenario.warmup_s *= longest / scenario.duration_s;
    scenario.duration_s = longest;
    return scenario;
}

// Nobody waits for copies or for jobs, so that no promise tells of them: what of it waits grew from a quarter
// of the run to the last one as only a shortage grows.
bool grew(const World& world, std::size_t node, std::size_t sign, double worrying) {
    const sim::Census& census = world.inside().watch.census;
    const std::size_t quarter = census.steps() / 4;
    const auto mean = [&](std::size_t from) {
        double sum = 0;
        for (std::size_t i = from; i < from + quarter; ++i)
            sum += static_cast<double>(census.at(i, node).signs[sign]);
        return sum / static_cast<double>(std::max<std::size_t>(1, quarter));
    };
    const double last = mean(3 * quarter);
    return quarter > 0 && last >= worrying && last > 1.5 * mean(quarter);
}

// The sign of the node's kind that tells of it; -1 is none.
int falls_behind(const World& world, std::size_t node) {
    const std::span<const SignRecord> signs = world.scenario().nodes[node].kind->signs;
    for (std::size_t i = 0; i < signs.size() && i < sim::k_signs; ++i) {
        const Mechanism by = signs[i].mechanism;
        const bool waits =
            signs[i].whole == nullptr && (by == Mechanism::replica_lag || by == Mechanism::backlog);
        if (waits && grew(world, node, i, signs[i].worrying)) return static_cast<int>(i);
    }
    return -1;
}

// How far beyond its bound, as a share of it.
double excess(const Assertion& assertion, double value) {
    if (std::isnan(value)) return core::k_infinity;
    return std::abs(value - assertion.bound) / std::max(std::abs(assertion.bound), 1e-9);
}

} // namespace

std::vector<Assertion> promises(const Slo& slo) {
    std::vector<Assertion> out;
    const auto add = [&](const char* name, const char* comparison, const std::optional<double>& bound) {
        if (bound) out.push_back({name, comparison, *bound});
    };
    add("mean_ms", "<=", slo.mean_ms);
    add("p50_ms", "<=", slo.p50_ms);
    add("p90_ms", "<=", slo.p90_ms);
    add("p95_ms", "<=", slo.p95_ms);
    add("p99_ms", "<=", slo.p99_ms);
    add("p999_ms", "<=", slo.p999_ms);
    add("availability", ">=", slo.availability);
    add("throughput_per_s", ">=", slo.throughput_per_s);
    return out;
}

Scenario with_load(const Scenario& scenario, double multiple) {
    Scenario out = scenario;
    for (NodeDef& node : out.nodes) {
        if (!is_client(node)) continue;
        for (const char* rate : {"rate_per_s", "step_per_s", "rate_end_per_s"}) {
            const int index = node.kind->param_index(rate);
            if (index >= 0) node.values[static_cast<std::size_t>(index)] *= multiple;
        }
        const int users = node.kind->param_index("users");
        if (users < 0) continue;
        double& count = node.values[static_cast<std::size_t>(users)];
        count = std::max(1.0, std::floor(count * multiple + 0.5));
    }
    return out;
}

HeadroomSearch::HeadroomSearch(const Scenario& scenario, std::vector<Assertion> promised, std::uint64_t seeds)
    : scenario_(without_events(scenario)), promised_(std::move(promised)), seeds_(seeds) {
    result_.expected = expected_limit();
    start(result_.expected > 0 ? 0.97 * result_.expected : 1);
}

bool HeadroomSearch::expected_to_hold(double multiple) const {
    const Scenario loaded = with_load(scenario_, multiple);
    const Prediction prediction = predict(loaded, false);
    for (const Assertion& promise : promised_) {
        const double value = predicted(loaded, prediction, promise.name);
        if (!std::isnan(value) && !is_about_rate(promise) && !holds(promise, value)) return false;
    }
    for (const NodePrediction& node : prediction.nodes)
        if (!node.steady || node.utilization > 0.9999 || node.workers_busy > 0.9999) return false;
    return true;
}

double HeadroomSearch::expected_limit() const {
    double low = 1, high = 1;
    if (expected_to_hold(1)) {
        while (high < k_most && expected_to_hold(high *= 2)) low = high;
        if (high >= k_most && low == high) return 0;
    } else {
        while (low > k_least && !expected_to_hold(low /= 2)) high = low;
        if (low <= k_least) return 0;
    }
    for (int i = 0; i < 10; ++i) {
        const double middle = core::sqrt(low * high);
        (expected_to_hold(middle) ? low : high) = middle;
    }
    return low;
}

void HeadroomSearch::start(double multiple) {
    trying_ = multiple;
    const std::optional<Scenario> loaded = runnable(with_load(scenario_, multiple));
    if (loaded) {
        runs_.emplace(*loaded, seeds_);
        return;
    }
    over_ = true;
    if (result_.multiple > 0) return; // what was measured stands
    result_.measured = false;
    result_.multiple = result_.expected;
    const Scenario limit = with_load(scenario_, result_.multiple);
    result_.requests_per_s = requests_per_s(limit);
    result_.users = users_of(limit);
    const Prediction prediction = predict(with_load(scenario_, result_.expected * 1.05), false);
    result_.node = prediction.busiest;
    if (result_.node >= 0) {
        const NodePrediction& busy = prediction.nodes[static_cast<std::size_t>(result_.node)];
        result_.node_busy = std::fmax(busy.utilization, busy.workers_busy);
    }
}

void HeadroomSearch::judge() {
    result_.runs += static_cast<int>(seeds_);
    const Assertion* broken = nullptr;
    double worst = 0, seen = 0;
    for (const Assertion& promise : promised_) {
        const double value = runs_->figure(promise.name).mean;
        if (holds(promise, value)) continue;
        if (broken != nullptr && excess(promise, value) <= worst) continue;
        broken = &promise;
        worst = excess(promise, value);
        seen = value;
    }
    if (broken == nullptr && !judge_backlogs()) {
        result_.multiple = trying_;
        const Scenario loaded = with_load(scenario_, trying_);
        result_.users = users_of(loaded);
        result_.requests_per_s = runs_->figure("requests.offered").mean / runs_->figure("measured_s").mean;
        return;
    }
    result_.beyond = trying_;
    if (broken != nullptr) {
        result_.broken = *broken;
        result_.broken_value = seen;
        result_.behind = -1;
    }
    result_.node_busy = 0;
    const World& world = *runs_->world();
    for (int i = 0; i < static_cast<int>(scenario_.nodes.size()); ++i) {
        if (is_client(scenario_.nodes[static_cast<std::size_t>(i)])) continue;
        const NodeTotals totals = world.node_totals(i);
        const double busy = std::max(totals.utilization, totals.workers_busy);
        if (busy <= result_.node_busy) continue;
        result_.node = i;
        result_.node_busy = busy;
    }
}

// Theory and the latest run agree that something falls behind without end.
bool HeadroomSearch::judge_backlogs() {
    const World& world = *runs_->world();
    const Prediction prediction = predict(with_load(scenario_, trying_), false);
    for (std::size_t i = 0; i < scenario_.nodes.size(); ++i) {
        const int found = prediction.nodes[i].steady ? -1 : falls_behind(world, i);
        if (found < 0) continue;
        const SignRecord& sign = scenario_.nodes[i].kind->signs[static_cast<std::size_t>(found)];
        result_.behind = static_cast<int>(i);
        result_.behind_by = sign.mechanism;
        result_.broken = {"nodes." + scenario_.nodes[i].id + "." + sign.part, "grows", core::k_not_a_number};
        result_.broken_value =
            world.metric(static_cast<int>(i), scenario_.nodes[i].kind->metric_index(sign.part));
        return true;
    }
    return false;
}

// The next load to try: between what holds and what breaks, or further out in growing steps.
void HeadroomSearch::choose() {
    const double low = result_.multiple, high = result_.beyond;
    if (low > 0 && high > 0) {
        over_ = high / low <= k_precision;
        if (!over_) start(core::sqrt(low * high));
        return;
    }
    const double tried = result_.runs / static_cast<double>(seeds_);
    const double step = tried < 2 ? 1.08 : tried < 3 ? 1.3 : 2;
    const double next = low > 0 ? low * step : high / step;
    over_ = next > k_most || next < k_least;
    if (!over_) start(next);
}

bool HeadroomSearch::step(std::uint64_t events) {
    if (over_) return true;
    if (!runs_->step(events)) return false;
    judge();
    choose();
    return over_;
}

double HeadroomSearch::done() const {
    if (over_) return 1;
    constexpr double k_usual = 6; // loads that are tried
    const double tried = result_.runs / static_cast<double>(seeds_);
    return std::min(0.99, (tried + (runs_ ? runs_->done() : 0)) / std::max(k_usual, tried + 2));
}

namespace {

std::string broken_words(const Scenario& scenario, const Headroom& headroom, Language language) {
    constexpr Words k_breaks{" At %1 times, %2 is %3 (promised %4 %5).",
                             " %1배에서는 %2 값이 %3이다(목표 %4 %5)."};
    constexpr Words k_copies{
        " At %1 times every promise holds, but the copies of %2 fall behind without end: %3 "
        "writes by the end of the run.",
        " %1배에서는 목표는 지키지만 %2의 복제본이 끝없이 뒤처진다(끝날 때 밀린 쓰기 %3건)."};
    constexpr Words k_messages{
        " At %1 times every promise holds, but messages pile up in %2 without end: %3 by the "
        "end of the run.",
        " %1배에서는 목표는 지키지만 %2에 메시지가 끝없이 쌓인다(끝날 때 %3개)."};
    using analysis::filled;
    using analysis::number_words;
    const Assertion& broken = headroom.broken;
    if (headroom.behind >= 0) {
        const Words& words = headroom.behind_by == Mechanism::backlog ? k_messages : k_copies;
        return filled(pick(words, language), {number_words(headroom.beyond),
                                              analysis::node_words(scenario, headroom.behind, language),
                                              number_words(headroom.broken_value)});
    }
    return filled(pick(k_breaks, language),
                  {number_words(headroom.beyond), analysis::figure_words(scenario, broken.name, language),
                   analysis::value_words(broken.name, headroom.broken_value), broken.comparison,
                   analysis::value_words(broken.name, broken.bound)});
}

} // namespace

std::string headroom_sentence(const Scenario& scenario, const Headroom& headroom, Language language) {
    constexpr Words k_keeps{"Keeps its promises up to %1 times the load: %2 requests/s, %3 users.",
                            "지금 부하의 %1배까지 목표를 지킨다(초당 요청 %2건, 사용자 %3명)."};
    constexpr Words k_none{"Does not keep its promises, not even at %1 of the load.",
                           "부하를 %1로 줄여도 목표를 지키지 못한다."};
    constexpr Words k_busiest{" The busiest node is then %1, at %2.", " 이때 가장 바쁜 곳은 %1, 사용률 %2."};
    constexpr Words k_endless{" Nothing broke at any load that was tried.",
                              " 시험한 어떤 부하에서도 목표가 깨지지 않았다."};
    constexpr Words k_unmeasured{" That is theory alone: too many requests to simulate.",
                                 " 시뮬레이션하기에는 요청이 너무 많아 이론만으로 구한 값이다."};
    using analysis::filled;
    using analysis::number_words;
    std::string out = headroom.multiple > 0
                          ? filled(pick(k_keeps, language),
                                   {number_words(headroom.multiple), number_words(headroom.requests_per_s),
                                    number_words(headroom.users)})
                          : filled(pick(k_none, language), {number_words(headroom.beyond)});
    if (!headroom.measured) out += pick(k_unmeasured, language);
    if (headroom.beyond > 0) {
        out += broken_words(scenario, headroom, language);
    } else if (headroom.measured) {
        out += pick(k_endless, language);
    }
    if (headroom.node >= 0)
        out += filled(pick(k_busiest, language), {analysis::node_words(scenario, headroom.node, language),
                                                  analysis::value_words("availability", headroom.node_busy)});
    return out;
}

std::string headroom_json(const Scenario& scenario, const Headroom& headroom) {
    std::string out;
    {
        codec::JsonObject object(out);
        object.number("multiple", headroom.multiple);
        object.number("beyond", headroom.beyond > 0 ? headroom.beyond : core::k_not_a_number);
        object.number("expected", headroom.expected > 0 ? headroom.expected : core::k_not_a_number);
        object.number("requests_per_s", headroom.requests_per_s);
        object.number("users", headroom.users);
        object.flag("measured", headroom.measured);
        object.whole("runs", static_cast<std::uint64_t>(headroom.runs));
        if (headroom.beyond > 0) {
            codec::JsonObject broken(object.key("breaks"));
            broken.string("name", headroom.broken.name);
            broken.string("comparison", headroom.broken.comparison);
            broken.number("bound", headroom.broken.bound);
            broken.number("measured", headroom.broken_value);
        }
        if (headroom.node >= 0) {
            codec::JsonObject busiest(object.key("busiest"));
            busiest.string("node", scenario.nodes[static_cast<std::size_t>(headroom.node)].id);
            busiest.number("busy", headroom.node_busy);
        }
        codec::JsonObject words(object.key("sentence"));
        words.string("en", headroom_sentence(scenario, headroom, Language::english));
        words.string("ko", headroom_sentence(scenario, headroom, Language::korean));
    }
    return out;
}

} // namespace scale
