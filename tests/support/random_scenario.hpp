// Random scenarios that are valid by construction, built from the kind records alone: a kind that is added
// takes part in every test that uses them, without an edit. The same seed gives the same scenario everywhere.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/hash.hpp"
#include "core/maths.hpp"
#include "scale/insight.hpp"
#include "scale/scenario.hpp"

namespace scale::tests {

// A small generator of numbers for tests.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(core::mix(seed + 0x9E3779B97F4A7C15u)) {}
    std::uint64_t bits() { return core::mix(state_ += 0x9E3779B97F4A7C15u); }
    std::uint64_t below(std::uint64_t count) { return bits() % count; }
    std::size_t index(std::size_t count) { return static_cast<std::size_t>(below(count)); }
    double share() { return static_cast<double>(bits() >> 11) * 0x1p-53; } // [0, 1)
    bool chance(double probability) { return share() < probability; }
    template<class List>
    const auto& any(const List& list) {
        return list[index(std::size(list))];
    }

private:
    std::uint64_t state_;
};

struct RandomOptions {
    std::size_t nodes_most = 24;
    std::size_t events_most = 12;
    double changed = 0.4;      // share of the parameters that leave their default
    double rate_most = 1e300;  // bound of parameters in "/s", so that runs stay affordable
    double count_most = 1e300; // bound of whole numbers, so that several worlds of keys fit into 2 GB
    bool words = true;         // labels, titles and descriptions
    bool log = true;
    double duration_least_s = 10, duration_most_s = 1000;
};

class RandomScenario {
public:
    RandomScenario(std::uint64_t seed, const RandomOptions& options) : dice_(seed), options_(options) {}

    Scenario make() {
        for (int attempt = 0; attempt < 50; ++attempt) {
            scenario_ = Scenario{};
            nodes();
            edges();
            settle_contradictions(scenario_);
            if (!validate(scenario_)) break;
        }
        groups();
        run();
        if (options_.words) words();
        commands(scenario_.events);
        if (options_.log && dice_.chance(0.3)) commands(scenario_.log);
        settle_contradictions(scenario_);
        slo();
        prices();
        return scenario_;
    }

private:
    double rounded(double value) {
        double unit = 1;
        while (value >= unit * 1000) unit *= 10;
        while (value < unit * 100 && unit > 1e-9) unit /= 10;
        const double whole = static_cast<double>(static_cast<std::int64_t>(value / unit + 0.5));
        return unit >= 1 ? whole * unit
                         : whole / static_cast<double>(static_cast<std::int64_t>(1 / unit + 0.5));
    }

    double between(double least, double most) {
        const double shift = least > 0 ? 0 : 0.001 - least;
        const double low = core::log(least + shift);
        const double high = core::log(most + shift);
        return core::exp(low + (high - low) * dice_.share()) - shift;
    }

    double random_value(const ParamRecord& param) {
        if (param.type == ValueType::flag) return static_cast<double>(dice_.below(2));
        if (param.type == ValueType::choice) return static_cast<double>(dice_.below(param.choices.size()));
        const bool rate = std::string_view(param.unit) == "/s";
        const bool whole = param.type == ValueType::whole;
        const double bound = rate ? options_.rate_most : whole ? options_.count_most : param.most;
        const double most = std::max(param.least, std::min(param.most, bound));
        if (dice_.chance(0.03)) return param.least;
        if (dice_.chance(0.03)) return most;
        double value = between(param.least, most);
        if (param.type == ValueType::whole)
            value = static_cast<double>(static_cast<std::int64_t>(value));
        else if (dice_.chance(0.7))
            value = rounded(value);
        return std::clamp(value, param.least, most);
    }

    void vary(std::vector<double>& values, std::span<const ParamRecord> params) {
        for (std::size_t i = 0; i < params.size(); ++i)
            if (dice_.chance(options_.changed)) values[i] = random_value(params[i]);
    }

    // Nodes get a level each; edges lead to higher levels only, so no way is a circle or too long.
    void nodes() {
        const std::size_t count = 2 + dice_.index(options_.nodes_most - 1);
        levels_.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const KindRecord* kind = dice_.any(kinds());
            if (i == 0)
                while ((kind->role & role_client) == 0) kind = dice_.any(kinds());
            add_node(*kind, (kind->role & role_client) != 0 ? 0 : 1 + dice_.below(8));
        }
    }

    std::size_t add_node(const KindRecord& kind, std::uint64_t level) {
        const std::size_t number = scenario_.nodes.size();
        std::string id = kind.id + std::string(number % 3 == 0 ? "-" : "_") + std::to_string(number);
        if (number % 4 == 1) id = "n" + std::to_string(number);
        const std::string usual =
            number_of(kind) == 0 ? kind.id : kind.id + ("-" + std::to_string(number_of(kind) + 1));
        if (number % 2 == 0 && scenario_.find_node(usual) < 0) id = usual;
        NodeDef node = make_node(id, kind);
        vary(node.values, kind.params);
        scenario_.nodes.push_back(std::move(node));
        levels_.push_back(level);
        return number;
    }

    std::size_t number_of(const KindRecord& kind) const {
        return static_cast<std::size_t>(
            std::count_if(scenario_.nodes.begin(), scenario_.nodes.end(),
                          [&](const NodeDef& node) { return node.kind == &kind; }));
    }

    bool may_call(std::size_t from, std::size_t to) const {
        const std::uint32_t role = scenario_.nodes[to].kind->role;
        if (from != to && (scenario_.nodes[from].kind->links & role) != 0) return true;
        return levels_[from] < levels_[to] && (scenario_.nodes[from].kind->calls & role) != 0;
    }

    // Lasting links may run in circles.
    bool may_link(std::size_t from, std::size_t to) const {
        return from != to && (scenario_.nodes[from].kind->links & scenario_.nodes[to].kind->role) != 0;
    }

    void add_edge(std::size_t from, std::size_t to) {
        if (scenario_.find_edge(static_cast<int>(from), static_cast<int>(to)) >= 0) return;
        if (scenario_.edges.size() >= limits::k_edges) return;
        EdgeDef edge = make_edge(static_cast<int>(from), static_cast<int>(to));
        if (dice_.chance(0.4)) vary(edge.values, edge_params());
        scenario_.edges.push_back(std::move(edge));
    }

    void edges() {
        const double density = dice_.share() * 0.5;
        const std::size_t count = scenario_.nodes.size();
        for (std::size_t from = 0; from < count; ++from)
            for (std::size_t to = 0; to < count; ++to)
                if (may_link(from, to) ? dice_.chance(0.3) : may_call(from, to) && dice_.chance(density))
                    add_edge(from, to);
        for (std::size_t from = 0; from < scenario_.nodes.size() && scenario_.nodes.size() < limits::k_nodes;
             ++from) {
            const KindRecord& kind = *scenario_.nodes[from].kind;
            for (std::uint32_t i = 0; i < kind.calls_least; ++i) lead_somewhere(from, kind);
        }
    }

    // A kind that must call something calls a new node that need not call anything.
    void lead_somewhere(std::size_t from, const KindRecord& kind) {
        for (int attempt = 0; attempt < 100; ++attempt) {
            const KindRecord* target = dice_.any(kinds());
            if ((kind.calls & target->role) == 0 || target->calls_least > 0 ||
                (target->role & role_naming) != 0)
                continue;
            add_edge(from, add_node(*target, levels_[from] + 1));
            return;
        }
    }

    void groups() {
        std::vector<std::string> holders;
        for (const NodeDef& node : scenario_.nodes)
            if ((node.kind->role & role_group) != 0) holders.push_back(node.id);
        if (holders.empty()) return;
        for (NodeDef& node : scenario_.nodes) {
            if (!dice_.chance(0.3)) continue;
            node.in = dice_.any(holders); // what may not stand there is put back
            if (validate(scenario_)) node.in.clear();
        }
    }

    void run() {
        scenario_.seed = dice_.chance(0.5) ? dice_.below(1000) : dice_.below((std::uint64_t{1} << 53) + 1);
        scenario_.duration_s = rounded(between(options_.duration_least_s, options_.duration_most_s));
        if (dice_.chance(0.5)) scenario_.warmup_s = rounded(scenario_.duration_s * 0.3 * dice_.share());
        if (dice_.chance(0.1)) scenario_.weight = 1 + static_cast<std::uint32_t>(dice_.below(1000));
        if (dice_.chance(0.02)) scenario_.weight = static_cast<std::uint32_t>(between(1, 1e9));
    }

    std::string random_words(std::size_t points) {
        static const std::vector<std::string> k_parts = {
            "서버",  "캐시 ", "주문",       "데이터베이스", "읽기 복제본", "쀍",        "web",
            " db",   "A/B",   "\"quoted\"", "\\",           "é",           "日本",      "🙂",
            "결제 ", "-1",    "2",          "뷁",           "…",           "</script>", "한국어 이름",
            "x"};
        std::string out;
        for (std::size_t i = 0; i < points / 8 + 1; ++i) out += dice_.any(k_parts);
        return out;
    }

    Text random_text(std::size_t points) {
        Text text;
        if (dice_.chance(0.6)) text.en = random_words(points);
        if (dice_.chance(0.6)) text.ko = random_words(points);
        return text;
    }

    void words() {
        scenario_.title = random_text(32);
        if (dice_.chance(0.3)) scenario_.description = random_text(200);
        for (NodeDef& node : scenario_.nodes) {
            if (dice_.chance(0.6)) node.label = random_text(24);
            if (!dice_.chance(0.3)) continue;
            node.at = Position{static_cast<double>(dice_.below(4000)) - 2000.0,
                               static_cast<double>(dice_.below(2000))};
            if (dice_.chance(0.2)) node.at->x = between(-100'000, 100'000);
        }
    }

    void settings(Command& command, std::span<const ParamRecord> params, bool needed) {
        for (std::size_t i = 0; i < params.size(); ++i)
            if (dice_.chance(2.0 / static_cast<double>(params.size())))
                command.settings.push_back({static_cast<std::uint8_t>(i), random_value(params[i])});
        if (needed && command.settings.empty()) command.settings.push_back({0, random_value(params[0])});
    }

    Command random_command() {
        Command command;
        std::span<const ParamRecord> params = edge_params();
        if (!scenario_.edges.empty() && dice_.chance(0.3)) {
            command.edge = static_cast<int>(dice_.below(scenario_.edges.size()));
            command.verb = &dice_.any(edge_verbs());
        } else {
            command.node = static_cast<int>(dice_.below(scenario_.nodes.size()));
            const KindRecord& kind = *scenario_.nodes[static_cast<std::size_t>(command.node)].kind;
            const bool own = !kind.verbs.empty() && dice_.chance(0.4);
            command.verb = own ? &dice_.any(kind.verbs) : &dice_.any(node_verbs());
            params = kind.params;
            if (params.empty()) command.verb = &node_verbs()[0];
        }
        const bool set = std::string_view(command.verb->id) == "set";
        settings(command, set ? params : command.verb->params, set);
        // Whether one instance can be meant depends on how many there are; the first one always is, and one
        // that there is not when its time comes changes nothing.
        if (command.node >= 0 && !set && dice_.chance(0.2)) command.instance = dice_.chance(0.7) ? 0 : 3;
        return command;
    }

    void commands(std::vector<Command>& out) {
        const std::uint64_t count = dice_.below(options_.events_most + 1);
        const Time end = static_cast<Time>(scenario_.duration_s * 1e9);
        for (std::uint64_t i = 0; i < count; ++i) {
            Command command = random_command();
            command.at = dice_.below(end + 1);
            if (dice_.chance(0.5)) command.at -= command.at % 1'000'000'000;
            out.push_back(std::move(command));
        }
        std::stable_sort(out.begin(), out.end(),
                         [](const Command& a, const Command& b) { return a.at < b.at; });
    }

    void slo() {
        Slo& slo = scenario_.slo;
        if (dice_.chance(0.5)) slo.p99_ms = rounded(between(1, 10'000));
        if (dice_.chance(0.3)) slo.availability = 0.999;
        if (dice_.chance(0.1)) slo.throughput_per_s = between(1, 1e6);
        for (std::optional<double>* figure :
             {&slo.mean_ms, &slo.p50_ms, &slo.p90_ms, &slo.p95_ms, &slo.p999_ms})
            if (dice_.chance(0.1)) *figure = rounded(between(1, 10'000));
    }

    // Rows of the price list, in its order; some for nothing.
    void prices() {
        if (!dice_.chance(0.3)) return;
        const std::size_t rows = scale::prices().size();
        for (std::size_t code = 1; code <= rows; ++code)
            if (dice_.chance(4.0 / static_cast<double>(rows)))
                scenario_.prices.push_back({static_cast<std::uint8_t>(code),
                                            dice_.chance(0.1) ? 0 : rounded(between(0.0001, 100'000))});
    }

    Dice dice_;
    RandomOptions options_;
    Scenario scenario_;
    std::vector<std::uint64_t> levels_;
};

inline Scenario random_scenario(std::uint64_t seed, const RandomOptions& options = {}) {
    return RandomScenario(seed, options).make();
}

} // namespace scale::tests
