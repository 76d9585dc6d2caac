// Designs written in tests: nodes, edges and events by name, as in a scenario file.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "scale/scenario.hpp"
#include "scale/world.hpp"

namespace scale::tests {

inline constexpr double k_ns_per_s = 1e9;
inline Time seconds(double s) { return static_cast<Time>(s * k_ns_per_s + 0.5); }

// "key", 12 or "key", "choice".
struct Value {
    const char* key;
    double number = 0;
    const char* choice = nullptr;
    Value(const char* k, double n) : key(k), number(n) {}
    Value(const char* k, int n) : key(k), number(n) {}
    Value(const char* k, bool flag) : key(k), number(flag ? 1 : 0) {}
    Value(const char* k, const char* c) : key(k), choice(c) {}
};
using Values = std::initializer_list<Value>;

inline double number_of(const Value& value, const ParamRecord& param) {
    if (value.choice == nullptr) return value.number;
    for (std::size_t i = 0; i < param.choices.size(); ++i)
        if (std::string_view(param.choices[i].id) == value.choice) return static_cast<double>(i);
    FAIL("no choice " << value.choice << " of " << param.id);
    return 0;
}

inline std::size_t index_of(std::string_view key, std::span<const ParamRecord> params) {
    for (std::size_t i = 0; i < params.size(); ++i)
        if (key == params[i].id) return i;
    FAIL("no parameter " << key);
    return 0;
}

class Design {
public:
    explicit Design(double duration_s, double warmup_s = 0) {
        scenario_.duration_s = duration_s;
        scenario_.warmup_s = warmup_s;
    }

    int add(const char* id, const char* kind, Values values = {}, const char* in = "") {
        NodeDef node = make_node(id, *find_kind(kind));
        node.in = in;
        fill(node.values, node.kind->params, values);
        scenario_.nodes.push_back(std::move(node));
        return static_cast<int>(scenario_.nodes.size()) - 1;
    }

    int connect(int from, int to, Values values = {}) {
        EdgeDef edge = make_edge(from, to);
        fill(edge.values, edge_params(), values);
        scenario_.edges.push_back(std::move(edge));
        return static_cast<int>(scenario_.edges.size()) - 1;
    }

    // A command for a node, or for one of its instances.
    Command command(const char* verb, int node, Values settings = {}, int instance = -1) const {
        Command made;
        made.node = node;
        made.instance = instance;
        const KindRecord& kind = *scenario_.nodes[static_cast<std::size_t>(node)].kind;
        const bool own = std::any_of(kind.verbs.begin(), kind.verbs.end(), [verb](const VerbRecord& record) {
            return std::string_view(verb) == record.id;
        });
        return finish(made, verb, own ? kind.verbs : node_verbs(), kind.params, settings);
    }

    Command edge_command(const char* verb, int edge, Values settings = {}) const {
        Command made;
        made.edge = edge;
        return finish(made, verb, edge_verbs(), edge_params(), settings);
    }

    void at(double time_s, Command command) {
        command.at = seconds(time_s);
        scenario_.events.push_back(std::move(command));
    }

    // The scenario; it must be valid, and its events in order.
    const Scenario& scenario(std::uint64_t seed = 1) {
        scenario_.seed = seed;
        const std::optional<Error> wrong = validate(scenario_);
        if (wrong) FAIL(wrong->sentence());
        return scenario_;
    }
    Scenario& raw() { return scenario_; }

private:
    static void fill(std::vector<double>& values, std::span<const ParamRecord> params, Values given) {
        for (const Value& value : given) {
            const std::size_t index = index_of(value.key, params);
            values[index] = number_of(value, params[index]);
        }
    }

    static Command finish(Command made, std::string_view verb, std::span<const VerbRecord> verbs,
                          std::span<const ParamRecord> own_params, Values settings) {
        for (const VerbRecord& record : verbs)
            if (verb == record.id) made.verb = &record;
        if (made.verb == nullptr) FAIL("no verb " << verb);
        const std::span<const ParamRecord> params = verb == "set" ? own_params : made.verb->params;
        for (const Value& value : settings) {
            const std::size_t index = index_of(value.key, params);
            made.settings.push_back({static_cast<std::uint8_t>(index), number_of(value, params[index])});
        }
        return made;
    }

    Scenario scenario_;
};

// Every request is somewhere: exact, at any moment.
inline void check_conservation(const World& world) {
    const Counts counts = world.totals().requests;
    CHECK(counts.offered ==
          counts.completed + counts.failed + counts.timed_out + counts.rejected + counts.in_flight);
    CHECK(counts.in_flight <= counts.offered);
}

} // namespace scale::tests
