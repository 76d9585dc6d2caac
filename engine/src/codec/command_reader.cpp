// One event: {"at_s": 120, "do": "kill", "node": "cache", ...settings}.
#include "codec/checks.hpp"
#include "codec/nearest.hpp"
#include "codec/numbers.hpp"
#include "codec/reader.hpp"
#include "scale/codec.hpp"

namespace scale::codec {

namespace {

bool read_time(Reader& reader, const JsonValue& value, Time& out) {
    const std::string expected = number_range("a number", 0, limits::k_duration_s);
    if (value.type != JsonType::number) return reader.fail_expected(value, expected);
    const std::optional<std::uint64_t> ns = seconds_to_ns(*read_decimal(value.text));
    if (!ns || *ns > k_most_time) return reader.fail_expected(value, expected);
    out = *ns;
    return true;
}

bool read_target(Reader& reader, const JsonValue& object, const Scenario& scenario, Command& out) {
    const JsonDocument& document = reader.document();
    const JsonValue* node = document.member(object, "node");
    const JsonValue* edge = document.member(object, "edge");
    if (!node == !edge) return reader.fail(object, "expected either \"node\" or \"edge\"");
    if (node) return reader.read_node(*node, scenario, out.node);
    int from = -1;
    int to = -1;
    if (!reader.read_ends(*edge, scenario, from, to)) return false;
    if (edge->count != 2)
        return reader.fail(*edge, "expected two node ids, got a list of " + std::to_string(edge->count));
    out.edge = scenario.find_edge(from, to);
    if (out.edge >= 0) return true;
    return reader.fail(*edge, "there is no edge from " +
                                  quoted(scenario.nodes[static_cast<std::size_t>(from)].id) + " to " +
                                  quoted(scenario.nodes[static_cast<std::size_t>(to)].id));
}

bool read_verb(Reader& reader, const JsonValue& object, const Scenario& scenario, Command& out) {
    std::vector<const VerbRecord*> verbs;
    const auto add = [&](std::span<const VerbRecord> records) {
        for (const VerbRecord& record : records) verbs.push_back(&record);
    };
    if (out.node >= 0) {
        add(node_verbs());
        add(scenario.nodes[static_cast<std::size_t>(out.node)].kind->verbs);
    } else {
        add(edge_verbs());
    }
    const JsonValue& wanted = *reader.document().member(object, "do");
    Names ids;
    for (const VerbRecord* verb : verbs) {
        ids.emplace_back(verb->id);
        if (wanted.type == JsonType::string && wanted.text == verb->id) out.verb = verb;
    }
    if (out.verb) return true;
    return reader.fail_expected(wanted, listed(ids), did_you_mean(wanted.text, ids));
}

bool read_settings(Reader& reader, const JsonValue& object, const Scenario& scenario, Command& out) {
    const std::span<const ParamRecord> params = setting_params(out, scenario);
    Names allowed = {"at_s", "do", out.node >= 0 ? "node" : "edge"};
    if (out.node >= 0) allowed.emplace_back("instance");
    for (const ParamRecord& param : params) allowed.emplace_back(param.id);
    if (!reader.known_keys(object, allowed)) return false;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const JsonValue* value = reader.document().member(object, params[i].id);
        if (!value) continue;
        Setting setting{static_cast<std::uint8_t>(i), 0};
        if (!reader.read_param(*value, params[i], setting.value)) return false;
        out.settings.push_back(setting);
    }
    return !is_set(*out.verb) || !out.settings.empty() ||
           reader.fail(object, "nothing to set",
                       "name a parameter and its new value: " + listed(param_ids(params), 3));
}

} // namespace

bool read_command(Reader& reader, const JsonValue& value, const Scenario& scenario, bool needs_time,
                  Command& out) {
    if (!reader.expect(value, JsonType::object)) return false;
    const JsonDocument& document = reader.document();
    const JsonValue* at = document.member(value, "at_s");
    if (!at && needs_time)
        return reader.fail(value, "\"at_s\" is missing", "seconds from the start of the run");
    if (at && !read_time(reader, *at, out.at)) return false;
    if (!document.member(value, "do")) return reader.fail_missing(value, "do");
    if (!read_target(reader, value, scenario, out) || !read_verb(reader, value, scenario, out)) return false;
    if (const JsonValue* instance = document.member(value, "instance"); instance && out.node >= 0) {
        double number = 0;
        if (!reader.read_whole(*instance, 0, k_most_instance, number)) return false;
        out.instance = static_cast<int>(number);
    }
    return read_settings(reader, value, scenario, out);
}

} // namespace scale::codec

namespace scale {

Result<Command> parse_command(std::string_view json, const Scenario& scenario) {
    Result<codec::JsonDocument> document = codec::JsonDocument::read(json, codec::scenario_limits());
    if (!document) return document.error();
    codec::Reader reader(*document);
    Command command;
    if (!codec::read_command(reader, document->root(), scenario, false, command)) return reader.error();
    return command;
}

} // namespace scale
