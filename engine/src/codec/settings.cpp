// "node.param=value": one parameter of a node, an edge or the whole design, written as text.
#include <cmath>

#include "codec/nearest.hpp"
#include "codec/numbers.hpp"
#include "scale/codec.hpp"

namespace scale {

namespace {

using codec::print_number;
using codec::quoted;

bool read_number(std::string_view text, double& value) {
    const std::optional<double> read = codec::read_number(text);
    value = read.value_or(0);
    return read.has_value();
}

std::string hint_for(std::string_view name, const std::vector<std::string>& names,
                     std::string_view otherwise = {}) {
    const std::string hint = codec::did_you_mean(name, {names.begin(), names.end()});
    return hint.empty() ? std::string(otherwise) : hint;
}

constexpr const char* k_form = "expected node.param=value, from->to.param=value or duration_s=value";

std::string choices_text(const ParamRecord& record) {
    std::string out;
    for (const Choice& choice : record.choices) {
        if (!out.empty()) out += &choice == &record.choices.back() ? " or " : ", ";
        out += choice.id;
    }
    return out;
}

Result<double> read_choice(const ParamRecord& record, std::string_view text) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < record.choices.size(); ++i) {
        if (text == record.choices[i].id) return static_cast<double>(i);
        ids.emplace_back(record.choices[i].id);
    }
    return Error{"", "expected " + choices_text(record) + ", got " + quoted(text), hint_for(text, ids)};
}

Result<double> read_value(const ParamRecord& record, std::string_view text) {
    if (record.type == ValueType::choice) return read_choice(record, text);
    if (record.type == ValueType::flag) {
        if (text == "true" || text == "false") return text == "true" ? 1.0 : 0.0;
        return Error{"", "expected true or false, got " + quoted(text), ""};
    }
    const bool whole = record.type == ValueType::whole;
    double value = 0;
    const bool fits = read_number(text, value) && value >= record.least && value <= record.most &&
                      (!whole || value == std::floor(value));
    if (fits) return value;
    return Error{"",
                 std::string("expected a ") + (whole ? "whole number" : "number") + " from " +
                     print_number(record.least) + " to " + print_number(record.most) + ", got " +
                     quoted(text),
                 ""};
}

std::optional<Error> set_in(std::span<const ParamRecord> params, std::vector<double>& values,
                            std::string_view name, std::string_view text, const std::string& where) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < params.size(); ++i) {
        if (name != params[i].id) {
            names.emplace_back(params[i].id);
            continue;
        }
        Result<double> value = read_value(params[i], text);
        if (!value) return Error{where, value.error().what, value.error().hint};
        values[i] = *value;
        return std::nullopt;
    }
    return Error{where, "there is no parameter " + quoted(name), hint_for(name, names)};
}

std::vector<std::string> node_ids(const Scenario& scenario) {
    std::vector<std::string> ids;
    for (const NodeDef& node : scenario.nodes) ids.push_back(node.id);
    return ids;
}

struct Whole {
    const char* name;
    double least, most;
};

std::optional<Error> set_of_scenario(Scenario& scenario, std::string_view name, std::string_view text,
                                     const std::string& where) {
    // Name, least, most; the seed has --seed.
    constexpr Whole k_known[] = {{"duration_s", 0.001, limits::k_duration_s},
                                 {"warmup_s", 0, limits::k_duration_s},
                                 {"weight", 1, 4294967295.0}};
    std::vector<std::string> names{"duration_s", "warmup_s", "weight"};
    for (const Whole& known : k_known) {
        if (name != known.name) continue;
        const bool whole = name == "weight";
        double value = 0;
        if (!read_number(text, value) || value < known.least || value > known.most ||
            (whole && value != std::floor(value)))
            return Error{where,
                         std::string("expected a ") + (whole ? "whole number" : "number") + " from " +
                             print_number(known.least) + " to " + print_number(known.most) + ", got " +
                             quoted(text),
                         ""};
        if (name == "duration_s") scenario.duration_s = value;
        if (name == "warmup_s") scenario.warmup_s = value;
        if (name == "weight") scenario.weight = static_cast<std::uint32_t>(value);
        return std::nullopt;
    }
    if (name == "seed") return Error{where, "the seed is not a parameter", "use --seed N"};
    return Error{where, "there is no parameter " + quoted(name) + " of the whole design",
                 hint_for(name, names, k_form)};
}

std::optional<Error> set_of_edge(Scenario& scenario, std::string_view target, std::string_view name,
                                 std::string_view text, const std::string& where) {
    const std::size_t arrow = target.find("->");
    const std::string_view ends[2] = {target.substr(0, arrow), target.substr(arrow + 2)};
    int found[2] = {-1, -1};
    for (int i = 0; i < 2; ++i) {
        found[i] = scenario.find_node(ends[i]);
        if (found[i] < 0)
            return Error{where, "there is no node " + quoted(ends[i]), hint_for(ends[i], node_ids(scenario))};
    }
    const int edge = scenario.find_edge(found[0], found[1]);
    if (edge < 0)
        return Error{where, "there is no edge from " + quoted(ends[0]) + " to " + quoted(ends[1]), ""};
    return set_in(edge_params(), scenario.edges[static_cast<std::size_t>(edge)].values, name, text, where);
}

} // namespace

std::optional<Error> set_parameter(Scenario& scenario, std::string_view assignment) {
    const std::size_t equals = assignment.find('=');
    const std::string where = quoted(assignment);
    if (equals == std::string_view::npos) return Error{where, k_form, ""};
    const std::string_view left = assignment.substr(0, equals);
    const std::string_view text = assignment.substr(equals + 1);
    const std::size_t dot = left.rfind('.');
    if (dot == std::string_view::npos) return set_of_scenario(scenario, left, text, where);
    const std::string_view target = left.substr(0, dot);
    const std::string_view name = left.substr(dot + 1);
    if (target.find("->") != std::string_view::npos) return set_of_edge(scenario, target, name, text, where);
    const int node = scenario.find_node(target);
    if (node < 0)
        return Error{where, "there is no node " + quoted(target), hint_for(target, node_ids(scenario))};
    NodeDef& found = scenario.nodes[static_cast<std::size_t>(node)];
    return set_in(found.kind->params, found.values, name, text, where);
}

} // namespace scale
