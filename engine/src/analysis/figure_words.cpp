#include "analysis/figure_words.hpp"

#include "codec/numbers.hpp"
#include "codec/results.hpp"
#include "core/maths.hpp"

#include <cmath>

namespace scale::analysis {

namespace {

enum class Unit : std::uint8_t { plain, milliseconds, per_second, share, usd };

struct Named {
    const char* name;
    Words words;
    Unit unit;
};

constexpr Named k_named[] = {
    {"latency_ms.mean", {"mean latency", "평균 지연 시간"}, Unit::milliseconds},
    {"latency_ms.p50", {"p50", "p50"}, Unit::milliseconds},
    {"latency_ms.p90", {"p90", "p90"}, Unit::milliseconds},
    {"latency_ms.p95", {"p95", "p95"}, Unit::milliseconds},
    {"latency_ms.p99", {"p99", "p99"}, Unit::milliseconds},
    {"latency_ms.p999", {"p99.9", "p99.9"}, Unit::milliseconds},
    {"latency_ms.max", {"slowest answer", "가장 느린 응답"}, Unit::milliseconds},
    {"throughput_per_s", {"throughput", "처리량"}, Unit::per_second},
    {"availability", {"availability", "가용성"}, Unit::share},
    {"cost_usd_per_month", {"cost per month", "월 비용"}, Unit::usd},
    {"cost_usd_per_million_requests", {"cost per million requests", "백만 요청당 비용"}, Unit::usd},
    {"utilization", {"utilization", "사용률"}, Unit::share},
    {"queue_mean", {"queue", "큐 길이"}, Unit::plain},
    {"in_flight_mean", {"number of requests inside", "내부 요청 수"}, Unit::plain},
    {"wait_ms_mean", {"mean wait", "평균 대기 시간"}, Unit::milliseconds},
    {"arrivals", {"number of arrivals", "도착 수"}, Unit::plain},
    {"completed", {"number of completed requests", "완료된 요청"}, Unit::plain},
    {"failed", {"number of failed requests", "실패한 요청"}, Unit::plain},
    {"rejected", {"number of rejected requests", "거절된 요청"}, Unit::plain},
    {"requests.offered", {"number of requests", "들어온 요청"}, Unit::plain},
    {"requests.completed", {"number of completed requests", "완료된 요청"}, Unit::plain},
    {"requests.failed", {"number of failed requests", "실패한 요청"}, Unit::plain},
    {"requests.timed_out", {"number of requests that timed out", "시간 초과한 요청"}, Unit::plain},
    {"requests.rejected", {"number of rejected requests", "거절된 요청"}, Unit::plain},
    {"requests.in_flight", {"number of requests in flight", "처리 중인 요청"}, Unit::plain},
    {"caps_reached", {"number of times a bounded queue was full", "큐나 풀이 한도에 닿은 횟수"}, Unit::plain},
    {"requests.attempts", {"number of tries", "시도 수"}, Unit::plain},
};

const Named* find_named(std::string_view name) {
    for (const Named& named : k_named)
        if (name == named.name) return &named;
    return nullptr;
}

// "nodes.db.utilization": the node, and the rest.
struct Place {
    std::string_view node, rest;
};

Place place_of(std::string_view name) {
    if (name.substr(0, 6) != "nodes.") return {{}, name};
    const std::string_view inner = name.substr(6);
    const std::size_t dot = inner.find('.');
    return {inner.substr(0, dot), inner.substr(dot + 1)};
}

const MetricRecord* metric_of(std::string_view metric) {
    for (const KindRecord* kind : kinds())
        for (const MetricRecord& record : kind->metrics)
            if (metric == record.id) return &record;
    return nullptr;
}

Unit unit_of(std::string_view name) {
    const std::string_view rest = place_of(name).rest;
    if (const Named* named = find_named(rest)) return named->unit;
    const MetricRecord* metric = metric_of(rest);
    if (metric == nullptr) return Unit::plain;
    switch (metric->format) {
    case MetricFormat::ratio: return Unit::share;
    case MetricFormat::per_second: return Unit::per_second;
    case MetricFormat::milliseconds: return Unit::milliseconds;
    case MetricFormat::usd: return Unit::usd;
    case MetricFormat::count: break;
    }
    return Unit::plain;
}

std::string with_unit(Unit unit, const std::string& number) {
    switch (unit) {
    case Unit::milliseconds: return number + " ms";
    case Unit::per_second: return number + "/s";
    case Unit::share: return number + " %";
    case Unit::usd: return "USD " + number;
    case Unit::plain: break;
    }
    return number;
}

double scaled(Unit unit, double value) { return unit == Unit::share ? value * 100 : value; }

// Close to 100 % every nine counts.
int digits_of(Unit unit, double value) { return unit == Unit::share && value > 0.99 && value < 1 ? 5 : 3; }

} // namespace

std::string node_words(const Scenario& scenario, int node, Language language) {
    const NodeDef& def = scenario.nodes[static_cast<std::size_t>(node)];
    const std::string label = def.label.empty() ? def.id : pick(def.label, language);
    for (const NodeDef& other : scenario.nodes)
        if (&other != &def && pick(other.label, language) == label) return label + " (" + def.id + ")";
    return label;
}

std::string figure_words(const Scenario& scenario, std::string_view name, Language language) {
    const std::string full = codec::full_name(name);
    const Place place = place_of(full);
    std::string own(place.rest);
    if (const Named* named = find_named(place.rest)) {
        own = pick(named->words, language);
    } else if (!place.node.empty()) {
        const int node = scenario.find_node(place.node);
        if (node >= 0)
            for (const MetricRecord& metric : scenario.nodes[static_cast<std::size_t>(node)].kind->metrics)
                if (place.rest == metric.id) own = "“" + std::string(pick(metric.name, language)) + "”";
    }
    if (place.node.empty()) return own;
    const int index = scenario.find_node(place.node);
    const std::string node = index < 0 ? std::string(place.node) : node_words(scenario, index, language);
    return language == Language::korean ? node + "의 " + own : own + " of " + node;
}

std::string number_words(double value, int digits) {
    if (std::isnan(value)) return "-";
    if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
    if (value < 0) return "-" + number_words(-value, digits);
    if (value == 0) return "0";
    double unit = 1;
    int decimals = digits - 1;
    while (value >= 10 * unit && decimals > 0) {
        unit *= 10;
        --decimals;
    }
    while (value < unit && decimals < digits + 5) {
        unit /= 10;
        ++decimals;
    }
    double step = 1;
    for (int i = 0; i < decimals; ++i) step /= 10;
    const double rounded = std::floor(value / step + 0.5);
    const auto whole = static_cast<std::uint64_t>(rounded * step + step / 4);
    std::string text = std::to_string(whole);
    for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    auto rest = static_cast<std::uint64_t>(rounded - static_cast<double>(whole) / step + 0.5);
    std::string fraction;
    for (int i = 0; i < decimals; ++i) {
        fraction.insert(fraction.begin(), static_cast<char>('0' + rest % 10));
        rest /= 10;
    }
    while (!fraction.empty() && fraction.back() == '0' && decimals > digits - 1) fraction.pop_back();
    return fraction.empty() ? text : text + "." + fraction;
}

std::string value_words(std::string_view name, double value) {
    const Unit unit = unit_of(codec::full_name(name));
    return with_unit(unit, number_words(scaled(unit, value), digits_of(unit, value)));
}

std::string signed_words(std::string_view name, double value) {
    const Unit unit = unit_of(codec::full_name(name));
    const std::string size = number_words(scaled(unit, std::abs(value)));
    return (value < 0 ? "-" : "+") + size;
}

std::string filled(std::string_view text, std::initializer_list<std::string> parts) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9') {
            const auto number = static_cast<std::size_t>(text[i + 1] - '1');
            if (number < parts.size()) out += *(parts.begin() + number);
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace scale::analysis
