#include "codec/checks.hpp"

#include <algorithm>
#include <array>

#include "codec/nearest.hpp"
#include "codec/numbers.hpp"
#include "codec/utf8.hpp"

namespace scale::codec {

namespace {

constexpr double k_most_slo_ms = 1e9;
constexpr double k_most_slo_rate = 1e12;

constexpr SloRecord k_slo_records[] = {
    {"p50_ms", &Slo::p50_ms, 0, k_most_slo_ms},
    {"p90_ms", &Slo::p90_ms, 0, k_most_slo_ms},
    {"p95_ms", &Slo::p95_ms, 0, k_most_slo_ms},
    {"p99_ms", &Slo::p99_ms, 0, k_most_slo_ms},
    {"p999_ms", &Slo::p999_ms, 0, k_most_slo_ms},
    {"mean_ms", &Slo::mean_ms, 0, k_most_slo_ms},
    {"availability", &Slo::availability, 0, 1},
    {"throughput_per_s", &Slo::throughput_per_s, 0, k_most_slo_rate},
};

using Found = std::optional<Error>;

std::string indexed(const char* list, std::size_t index) {
    return std::string("$.") + list + "[" + std::to_string(index) + "]";
}

Found check_range(double value, double least, double most, const std::string& path) {
    if (value >= least && value <= most) return std::nullopt;
    return Error{
        path, "expected " + number_range("a number", least, most) + ", got " + print_number(value), {}};
}

// One language of a title, label or description.
Found check_line(const std::string& text, std::size_t most, bool lines, const std::string& path) {
    if (!is_utf8(text)) return Error{path, "not valid UTF-8", {}};
    const std::size_t points = count_points(text);
    if (points > most) {
        return Error{path,
                     "expected at most " + std::to_string(most) + " characters, got " +
                         std::to_string(points),
                     {}};
    }
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte >= 0x20 && byte != 0x7F) || (lines && (c == '\n' || c == '\t'))) continue;
        return Error{path,
                     lines ? "control characters are not allowed"
                           : "expected one line without control characters",
                     {}};
    }
    return std::nullopt;
}

Found check_text(const Text& text, std::size_t most, bool lines, const std::string& path) {
    const bool both = !text.ko.empty();
    if (Found found = check_line(text.en, most, lines, both ? path + ".en" : path)) return found;
    return check_line(text.ko, most, lines, path + ".ko");
}

Found check_values(std::span<const ParamRecord> params, const std::vector<double>& values,
                   const std::string& path) {
    if (values.size() != params.size()) return Error{path, "not every parameter has a value", {}};
    for (std::size_t i = 0; i < params.size(); ++i) {
        if (fits(params[i], values[i])) continue;
        return Error{path + "." + params[i].id,
                     "expected " + expectation(params[i]) + ", got " + print_number(values[i]),
                     {}};
    }
    return std::nullopt;
}

Found check_id(const Scenario& scenario, std::size_t index, const std::string& path) {
    const std::string& id = scenario.nodes[index].id;
    if (!is_id(id)) {
        return Error{path + ".id",
                     "expected 1 to " + std::to_string(limits::k_id_bytes) +
                         " letters a-z, digits, \"-\" or \"_\", starting with a letter, got " + quoted(id),
                     "words in any language go into \"label\""};
    }
    const int first = scenario.find_node(id);
    if (first == static_cast<int>(index)) return std::nullopt;
    return Error{path + ".id",
                 "the id " + quoted(id) + " is already that of nodes[" + std::to_string(first) + "]",
                 {}};
}

Found check_node(const Scenario& scenario, std::size_t index) {
    const NodeDef& node = scenario.nodes[index];
    const std::string path = indexed("nodes", index);
    if (!node.kind) return Error{path + ".kind", "this node is of no kind", {}};
    if (Found found = check_id(scenario, index, path)) return found;
    if (Found found = check_text(node.label, limits::k_label_points, false, path + ".label")) return found;
    if (!node.in.empty() && (node.in == node.id || scenario.find_node(node.in) < 0)) {
        return Error{path + ".in", "expected the id of another node, got " + quoted(node.in),
                     node.in == node.id ? std::string() : did_you_mean(node.in, node_ids(scenario))};
    }
    if (node.at) {
        for (const double coordinate : {node.at->x, node.at->y})
            if (Found found = check_range(coordinate, -k_most_coordinate, k_most_coordinate, path + ".at"))
                return found;
    }
    return check_values(node.kind->params, node.values, path);
}

Found check_edge(const Scenario& scenario, std::size_t index) {
    const EdgeDef& edge = scenario.edges[index];
    const std::string path = indexed("edges", index);
    if (edge.from >= scenario.nodes.size() || edge.to >= scenario.nodes.size())
        return Error{path, "an end of this edge is no node", {}};
    if (scenario.find_edge(edge.from, edge.to) != static_cast<int>(index)) {
        return Error{path,
                     "the edge from " + quoted(scenario.nodes[edge.from].id) + " to " +
                         quoted(scenario.nodes[edge.to].id) + " is there twice",
                     {}};
    }
    return check_values(edge_params(), edge.values, path + "[2]");
}

Found check_target(const Command& command, const Scenario& scenario, const std::string& path) {
    const bool node = command.node >= 0 && command.node < static_cast<int>(scenario.nodes.size());
    const bool edge = command.edge >= 0 && command.edge < static_cast<int>(scenario.edges.size());
    const bool one = node ? command.edge == -1 : edge && command.node == -1;
    if (!one) return Error{path, "expected either \"node\" or \"edge\"", {}};
    if (command.instance < -1 || command.instance > k_most_instance || (edge && command.instance != -1)) {
        return Error{path + ".instance",
                     "expected " + number_range("a whole number", 0, k_most_instance) + " and a node, got " +
                         std::to_string(command.instance),
                     {}};
    }
    return std::nullopt;
}

Found check_commands(const std::vector<Command>& commands, const Scenario& scenario, const char* list) {
    for (std::size_t i = 0; i < commands.size(); ++i)
        if (Found found = check_command(commands[i], scenario, indexed(list, i))) return found;
    return std::nullopt;
}

Found check_run(const Scenario& scenario) {
    if (scenario.seed > static_cast<std::uint64_t>(k_most_seed))
        return Error{"$.seed", "expected " + number_range("a whole number", 0, k_most_seed), {}};
    if (Found found =
            check_range(scenario.duration_s, k_least_duration_s, limits::k_duration_s, "$.duration_s"))
        return found;
    if (Found found = check_range(scenario.warmup_s, 0, limits::k_duration_s, "$.warmup_s")) return found;
    if (scenario.warmup_s >= scenario.duration_s) {
        return Error{"$.warmup_s",
                     "expected less than duration_s (" + print_number(scenario.duration_s) + "), got " +
                         print_number(scenario.warmup_s),
                     {}};
    }
    if (Found found = check_range(scenario.weight, 1, k_most_weight, "$.weight")) return found;
    for (const SloRecord& record : slo_records()) {
        const std::optional<double>& value = scenario.slo.*record.value;
        if (!value) continue;
        if (Found found = check_range(*value, record.least, record.most, std::string("$.slo.") + record.id))
            return found;
    }
    return std::nullopt;
}

Found check_prices(const Scenario& scenario) {
    std::uint8_t last = 0;
    for (const PriceChange& change : scenario.prices) {
        if (change.code <= last || change.code > price_rows().size())
            return Error{"$.prices", "expected every row of the price list once at most, in its order", {}};
        last = change.code;
        const std::string path = std::string("$.prices.") + price_rows()[change.code - 1u].id;
        if (Found found = check_range(change.usd, 0, k_most_price, path)) return found;
    }
    return std::nullopt;
}

Found check_counts(const Scenario& scenario) {
    const auto over = [](const char* path, std::size_t most, std::size_t got) {
        return Error{
            path, "at most " + std::to_string(most) + " are allowed, got " + std::to_string(got), {}};
    };
    if (scenario.nodes.size() > limits::k_nodes)
        return over("$.nodes", limits::k_nodes, scenario.nodes.size());
    if (scenario.edges.size() > limits::k_edges)
        return over("$.edges", limits::k_edges, scenario.edges.size());
    const std::size_t commands = scenario.events.size() + scenario.log.size();
    if (commands > limits::k_commands) return over("$.events", limits::k_commands, commands);
    return std::nullopt;
}

} // namespace

std::span<const SloRecord> slo_records() { return k_slo_records; }

std::vector<double> default_values(std::span<const ParamRecord> params) {
    std::vector<double> values;
    values.reserve(params.size());
    for (const ParamRecord& param : params) values.push_back(param.fallback);
    return values;
}

std::vector<std::string_view> param_ids(std::span<const ParamRecord> params) {
    std::vector<std::string_view> ids;
    for (const ParamRecord& param : params) ids.emplace_back(param.id);
    return ids;
}

std::vector<std::string_view> node_ids(const Scenario& scenario) {
    std::vector<std::string_view> ids;
    for (const NodeDef& node : scenario.nodes) ids.emplace_back(node.id);
    return ids;
}

bool is_set(const VerbRecord& verb) { return std::string_view(verb.id) == "set"; }

std::span<const ParamRecord> setting_params(const Command& command, const Scenario& scenario) {
    if (!is_set(*command.verb)) return command.verb->params;
    if (command.node >= 0) return scenario.nodes[static_cast<std::size_t>(command.node)].kind->params;
    return edge_params();
}

std::vector<Setting> tidy_settings(const std::vector<Setting>& settings) {
    std::vector<Setting> tidy;
    for (const Setting& setting : settings) {
        auto place = tidy.begin();
        while (place != tidy.end() && place->param < setting.param) ++place;
        if (place != tidy.end() && place->param == setting.param)
            *place = setting;
        else
            tidy.insert(place, setting);
    }
    return tidy;
}

void sort_by_time(std::vector<Command>& commands) {
    std::stable_sort(commands.begin(), commands.end(),
                     [](const Command& a, const Command& b) { return a.at < b.at; });
}

std::string number_range(const char* what, double least, double most) {
    return std::string(what) + " from " + print_number(least) + " to " + print_number(most);
}

std::string expectation(const ParamRecord& param) {
    switch (param.type) {
    case ValueType::flag: return "true or false";
    case ValueType::whole: return number_range("a whole number", param.least, param.most);
    case ValueType::number: return number_range("a number", param.least, param.most);
    case ValueType::choice: break;
    }
    std::vector<std::string_view> ids;
    for (const Choice& choice : param.choices) ids.emplace_back(choice.id);
    return listed(ids);
}

bool fits(const ParamRecord& param, double value) {
    const bool whole =
        value >= -9e15 && value <= 9e15 && static_cast<double>(static_cast<std::int64_t>(value)) == value;
    switch (param.type) {
    case ValueType::flag: return value == 0.0 || value == 1.0;
    case ValueType::choice: return whole && value >= 0.0 && value < static_cast<double>(param.choices.size());
    case ValueType::whole: return whole && value >= param.least && value <= param.most;
    case ValueType::number: break;
    }
    return value >= param.least && value <= param.most;
}

bool is_id(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (text.empty() || text.size() > limits::k_id_bytes || !letter(text[0])) return false;
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

std::optional<Error> check_command(const Command& command, const Scenario& scenario,
                                   const std::string& path) {
    if (!command.verb) return Error{path + ".do", "expected what to do", {}};
    if (Found found = check_target(command, scenario, path)) return found;
    if (command.at > k_most_time) {
        return Error{path + ".at_s",
                     "expected " + number_range("a number", 0, limits::k_duration_s) + ", got " +
                         print_ns_as_seconds(command.at),
                     {}};
    }
    const std::span<const ParamRecord> params = setting_params(command, scenario);
    if (is_set(*command.verb) && command.settings.empty())
        return Error{path, "nothing to set",
                     "name a parameter and its new value: " + listed(param_ids(params), 3)};
    for (const Setting& setting : command.settings) {
        if (setting.param >= params.size()) return Error{path, "sets a parameter that does not exist", {}};
        const ParamRecord& param = params[setting.param];
        if (fits(param, setting.value)) continue;
        return Error{path + "." + param.id,
                     "expected " + expectation(param) + ", got " + print_number(setting.value),
                     {}};
    }
    return std::nullopt;
}

std::optional<Error> check_scenario(const Scenario& scenario) {
    if (Found found = check_counts(scenario)) return found;
    if (Found found = check_text(scenario.title, limits::k_label_points, false, "$.title")) return found;
    if (Found found = check_text(scenario.description, limits::k_text_points, true, "$.description"))
        return found;
    if (Found found = check_run(scenario)) return found;
    if (Found found = check_prices(scenario)) return found;
    for (std::size_t i = 0; i < scenario.nodes.size(); ++i)
        if (Found found = check_node(scenario, i)) return found;
    for (std::size_t i = 0; i < scenario.edges.size(); ++i)
        if (Found found = check_edge(scenario, i)) return found;
    if (Found found = check_commands(scenario.events, scenario, "events")) return found;
    return check_commands(scenario.log, scenario, "log");
}

} // namespace scale::codec
