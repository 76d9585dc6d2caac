#include "codec/reader.hpp"

#include <algorithm>

#include "codec/checks.hpp"
#include "codec/json_text.hpp"
#include "codec/nearest.hpp"
#include "codec/numbers.hpp"

namespace scale::codec {

namespace {

constexpr std::size_t k_members_most = 300; // a node has its common keys and at most 255 parameters
constexpr std::size_t k_values_most = 64 * 1024;
constexpr int k_command_group = 1; // events and log are counted together

constexpr JsonArrayLimit k_array_limits[] = {
    {"nodes", limits::k_nodes, 0},
    {"edges", limits::k_edges, 0},
    {"events", limits::k_commands, k_command_group},
    {"log", limits::k_commands, k_command_group},
};

const char* type_name(JsonType type) {
    switch (type) {
    case JsonType::null: return "null";
    case JsonType::flag: return "true or false";
    case JsonType::number: return "a number";
    case JsonType::string: return "a string";
    case JsonType::array: return "a list";
    case JsonType::object: return "an object";
    }
    return "";
}

std::string found(const JsonValue& value) {
    switch (value.type) {
    case JsonType::flag: return value.flag ? "true" : "false";
    case JsonType::number: return std::string(value.text.substr(0, 32));
    case JsonType::string: return quoted(value.text);
    default: return type_name(value.type);
    }
}

bool contains(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

JsonLimits scenario_limits() {
    return {limits::k_json_bytes, limits::k_depth, limits::k_text_points,
            k_members_most,       k_values_most,   k_array_limits};
}

bool Reader::fail(const JsonValue& value, std::string what, std::string hint) {
    if (!error_) error_ = Error{document_.path(value), std::move(what), std::move(hint)};
    return false;
}

bool Reader::fail_expected(const JsonValue& value, const std::string& expected, std::string hint) {
    return fail(value, "expected " + expected + ", got " + found(value), std::move(hint));
}

bool Reader::expect(const JsonValue& value, JsonType type) {
    return value.type == type || fail_expected(value, type_name(type));
}

bool Reader::known_keys(const JsonValue& object, const Names& names) {
    if (!expect(object, JsonType::object)) return false;
    for (std::uint32_t i = document_.first(object); i != object.end; i = document_.next(i)) {
        const JsonValue& member = document_.at(i);
        if (contains(names, member.key)) continue;
        std::string hint = did_you_mean(member.key, names);
        if (hint.empty()) hint = "known here: " + listed(names, 40);
        return fail(member, "unknown key", hint);
    }
    return true;
}

bool Reader::keys(const JsonValue& object, const Names& names, std::size_t required) {
    if (!known_keys(object, names)) return false;
    for (std::size_t i = 0; i < required; ++i)
        if (!document_.member(object, names[i])) return fail_missing(object, names[i]);
    return true;
}

bool Reader::fail_missing(const JsonValue& object, std::string_view name) {
    std::string hint;
    for (std::uint32_t i = document_.first(object); i != object.end; i = document_.next(i))
        if (!nearest(document_.at(i).key, {name}).empty())
            hint = "did you mean " + quoted(name) + " where it says " + quoted(document_.at(i).key) + "?";
    return fail(object, quoted(name) + " is missing", hint);
}

bool Reader::read_number(const JsonValue& value, double& out, const std::string& expected) {
    if (value.type != JsonType::number) return fail_expected(value, expected);
    out = *codec::read_number(value.text); // the document holds only numbers that fit
    return true;
}

bool Reader::read_whole(const JsonValue& value, double least, double most, double& out) {
    const std::string expected = number_range("a whole number", least, most);
    if (!read_number(value, out, expected)) return false;
    const bool fine =
        out >= least && out <= most && static_cast<double>(static_cast<std::int64_t>(out)) == out;
    return fine || fail_expected(value, expected);
}

bool Reader::read_string(const JsonValue& value, std::string& out) {
    if (!expect(value, JsonType::string)) return false;
    out = std::string(value.text);
    return true;
}

bool Reader::read_text(const JsonValue& value, Text& out) {
    if (value.type == JsonType::string) return read_string(value, out.en);
    if (value.type != JsonType::object) return fail_expected(value, "a string or {\"en\": ..., \"ko\": ...}");
    if (!known_keys(value, {"en", "ko"})) return false;
    const JsonValue* en = document_.member(value, "en");
    const JsonValue* ko = document_.member(value, "ko");
    return (!en || read_string(*en, out.en)) && (!ko || read_string(*ko, out.ko));
}

bool Reader::read_choice(const JsonValue& value, const ParamRecord& param, double& out) {
    Names ids;
    for (const Choice& choice : param.choices) ids.emplace_back(choice.id);
    if (value.type == JsonType::string) {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (ids[i] != value.text) continue;
            out = static_cast<double>(i);
            return true;
        }
    }
    return fail_expected(value, listed(ids),
                         value.type == JsonType::string ? did_you_mean(value.text, ids) : "");
}

bool Reader::read_param(const JsonValue& value, const ParamRecord& param, double& out) {
    if (param.type == ValueType::choice) return read_choice(value, param, out);
    if (param.type == ValueType::flag) {
        if (value.type != JsonType::flag) return fail_expected(value, "true or false");
        out = value.flag ? 1.0 : 0.0;
        return true;
    }
    if (!read_number(value, out, expectation(param))) return false;
    return fits(param, out) || fail_expected(value, expectation(param));
}

bool Reader::read_node(const JsonValue& value, const Scenario& scenario, int& out) {
    if (value.type != JsonType::string) return fail_expected(value, "the id of a node");
    out = scenario.find_node(value.text);
    if (out >= 0) return true;
    return fail(value, "there is no node " + quoted(value.text),
                did_you_mean(value.text, node_ids(scenario)));
}

bool Reader::read_ends(const JsonValue& value, const Scenario& scenario, int& from, int& to) {
    if (value.type != JsonType::array || value.count < 2) return fail_expected(value, "[\"from\", \"to\"]");
    return read_node(document_.element(value, 0), scenario, from) &&
           read_node(document_.element(value, 1), scenario, to);
}

void append_canonical(std::string& out, const JsonDocument& document, const JsonValue& value) {
    switch (value.type) {
    case JsonType::null: out += "null"; return;
    case JsonType::flag: out += value.flag ? "true" : "false"; return;
    case JsonType::number: append_number(out, *codec::read_number(value.text)); return;
    case JsonType::string: append_string(out, value.text); return;
    case JsonType::array: {
        JsonArray array(out);
        for (std::uint32_t i = document.first(value); i != value.end; i = document.next(i))
            append_canonical(array.item(), document, document.at(i));
        return;
    }
    case JsonType::object: break;
    }
    JsonObject object(out);
    for (std::uint32_t i = document.first(value); i != value.end; i = document.next(i))
        append_canonical(object.key(document.at(i).key), document, document.at(i));
}

} // namespace scale::codec
