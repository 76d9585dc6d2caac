// Scenarios from JSON, version 1 of the format. A later version is read here after pure functions have
// brought it from one version to the next; none exists yet.
#include "codec/checks.hpp"
#include "codec/nearest.hpp"
#include "codec/numbers.hpp"
#include "codec/reader.hpp"
#include "scale/codec.hpp"

namespace scale::codec {

namespace {

constexpr double k_version = 1;

class ScenarioReader {
public:
    explicit ScenarioReader(const JsonDocument& document) : reader_(document), document_(document) {}

    bool read() {
        const JsonValue& root = document_.root();
        static const Names k_names = {"scaleground", "nodes",    "title",  "description", "seed",
                                      "duration_s",  "warmup_s", "weight", "edges",       "events",
                                      "log",         "slo",      "prices", "lesson"};
        return read_version(root) && reader_.keys(root, k_names, 2) && read_words(root) && read_run(root) &&
               read_nodes(root) && read_edges(root) && read_commands(root, "events", scenario.events) &&
               read_commands(root, "log", scenario.log) && read_slo(root) && read_prices(root) &&
               read_lesson_of(root);
    }

    const Error& error() const { return reader_.error(); }

    Scenario scenario;

private:
    bool read_version(const JsonValue& root) {
        if (!reader_.expect(root, JsonType::object)) return false;
        const JsonValue* version = document_.member(root, "scaleground");
        if (!version)
            return reader_.fail(root, "\"scaleground\" is missing",
                                "a scenario begins with \"scaleground\": 1");
        double number = 0;
        if (!reader_.read_number(*version, number, "the format's version, 1")) return false;
        if (number > k_version)
            return reader_.fail_expected(*version, "version 1", "it was made with a newer Scaleground");
        return number == k_version || reader_.fail_expected(*version, "version 1");
    }

    bool read_words(const JsonValue& root) {
        const JsonValue* title = document_.member(root, "title");
        const JsonValue* description = document_.member(root, "description");
        return (!title || reader_.read_text(*title, scenario.title)) &&
               (!description || reader_.read_text(*description, scenario.description));
    }

    bool number_member(const JsonValue& root, std::string_view key, double least, double most, double& out) {
        const JsonValue* value = document_.member(root, key);
        if (!value) return true;
        const std::string expected = number_range("a number", least, most);
        if (!reader_.read_number(*value, out, expected)) return false;
        return (out >= least && out <= most) || reader_.fail_expected(*value, expected);
    }

    bool whole_member(const JsonValue& root, std::string_view key, double least, double most, double& out) {
        const JsonValue* value = document_.member(root, key);
        return !value || reader_.read_whole(*value, least, most, out);
    }

    bool read_run(const JsonValue& root) {
        double seed = static_cast<double>(scenario.seed);
        double weight = scenario.weight;
        if (!whole_member(root, "seed", 0, k_most_seed, seed)) return false;
        if (!number_member(root, "duration_s", k_least_duration_s, limits::k_duration_s, scenario.duration_s))
            return false;
        if (!number_member(root, "warmup_s", 0, limits::k_duration_s, scenario.warmup_s)) return false;
        if (!whole_member(root, "weight", 1, k_most_weight, weight)) return false;
        scenario.seed = static_cast<std::uint64_t>(seed);
        scenario.weight = static_cast<std::uint32_t>(weight);
        return true;
    }

    // Calls `read` for every element of a list that may be left out.
    template<class Read>
    bool each(const JsonValue& root, std::string_view key, Read read) {
        const JsonValue* list = document_.member(root, key);
        if (!list) return true;
        if (!reader_.expect(*list, JsonType::array)) return false;
        for (std::uint32_t i = document_.first(*list); i != list->end; i = document_.next(i))
            if (!read(document_.at(i))) return false;
        return true;
    }

    bool read_nodes(const JsonValue& root) {
        return each(root, "nodes", [&](const JsonValue& value) { return read_node(value); });
    }

    bool read_kind(const JsonValue& object, NodeDef& node) {
        const JsonValue* kind = document_.member(object, "kind");
        if (!kind) return reader_.fail_missing(object, "kind");
        if (kind->type == JsonType::string) node.kind = find_kind(kind->text);
        if (node.kind) return true;
        Names ids;
        for (const KindRecord* record : kinds()) ids.emplace_back(record->id);
        const std::string hint = did_you_mean(kind->text, ids);
        return reader_.fail_expected(*kind, "the kind of this node",
                                     hint.empty() ? "kinds: " + listed(ids, 60) : hint);
    }

    bool read_node(const JsonValue& object) {
        NodeDef node;
        if (!reader_.expect(object, JsonType::object) || !read_kind(object, node)) return false;
        Names allowed = {"id", "kind", "label", "in", "at"};
        for (const ParamRecord& param : node.kind->params) allowed.emplace_back(param.id);
        if (!reader_.keys(object, allowed, 1)) return false;
        const JsonValue* label = document_.member(object, "label");
        const JsonValue* group = document_.member(object, "in");
        const JsonValue* at = document_.member(object, "at");
        if (!reader_.read_string(*document_.member(object, "id"), node.id)) return false;
        if (label && !reader_.read_text(*label, node.label)) return false;
        if (group && !reader_.read_string(*group, node.in)) return false;
        if (at && !read_position(*at, node)) return false;
        if (!read_params(object, node.kind->params, node.values)) return false;
        scenario.nodes.push_back(std::move(node));
        return true;
    }

    bool read_position(const JsonValue& value, NodeDef& node) {
        if (value.type != JsonType::array || value.count != 2) return reader_.fail_expected(value, "[x, y]");
        node.at.emplace();
        return reader_.read_number(document_.element(value, 0), node.at->x) &&
               reader_.read_number(document_.element(value, 1), node.at->y);
    }

    bool read_params(const JsonValue& object, std::span<const ParamRecord> params,
                     std::vector<double>& values) {
        values = default_values(params);
        for (std::size_t i = 0; i < params.size(); ++i) {
            const JsonValue* value = document_.member(object, params[i].id);
            if (value && !reader_.read_param(*value, params[i], values[i])) return false;
        }
        return true;
    }

    bool read_edges(const JsonValue& root) {
        return each(root, "edges", [&](const JsonValue& value) { return read_edge(value); });
    }

    bool read_edge(const JsonValue& value) {
        int from = -1;
        int to = -1;
        if (!reader_.read_ends(value, scenario, from, to)) return false;
        if (value.count > 3)
            return reader_.fail(value, "expected [\"from\", \"to\", {...}], got a list of " +
                                           std::to_string(value.count));
        EdgeDef edge;
        edge.from = static_cast<std::uint16_t>(from);
        edge.to = static_cast<std::uint16_t>(to);
        edge.values = default_values(edge_params());
        if (value.count == 3) {
            const JsonValue& object = document_.element(value, 2);
            if (!reader_.known_keys(object, param_ids(edge_params()))) return false;
            if (!read_params(object, edge_params(), edge.values)) return false;
        }
        scenario.edges.push_back(std::move(edge));
        return true;
    }

    bool read_commands(const JsonValue& root, std::string_view key, std::vector<Command>& out) {
        return each(root, key, [&](const JsonValue& value) {
            out.emplace_back();
            return read_command(reader_, value, scenario, true, out.back());
        });
    }

    bool read_slo(const JsonValue& root) {
        const JsonValue* slo = document_.member(root, "slo");
        if (!slo) return true;
        Names names;
        for (const SloRecord& record : slo_records()) names.emplace_back(record.id);
        if (!reader_.known_keys(*slo, names)) return false;
        for (const SloRecord& record : slo_records()) {
            double value = 0;
            if (!document_.member(*slo, record.id)) continue;
            if (!number_member(*slo, record.id, record.least, record.most, value)) return false;
            scenario.slo.*record.value = value;
        }
        return true;
    }

    bool read_prices(const JsonValue& root) {
        const JsonValue* list = document_.member(root, "prices");
        if (!list) return true;
        Names names;
        for (const kind::price::Row& price : price_rows()) names.emplace_back(price.id);
        if (!reader_.known_keys(*list, names)) return false;
        for (std::size_t i = 0; i < price_rows().size(); ++i) {
            double usd = 0;
            if (!document_.member(*list, price_rows()[i].id)) continue;
            if (!number_member(*list, price_rows()[i].id, 0, k_most_price, usd)) return false;
            scenario.prices.push_back({static_cast<std::uint8_t>(i + 1), usd});
        }
        return true;
    }

    bool read_lesson_of(const JsonValue& root) {
        const JsonValue* lesson = document_.member(root, "lesson");
        return !lesson || read_lesson(reader_, *lesson, scenario.lesson);
    }

    Reader reader_;
    const JsonDocument& document_;
};

} // namespace

} // namespace scale::codec

namespace scale {

Result<Scenario> parse_draft(std::string_view json) {
    Result<codec::JsonDocument> document = codec::JsonDocument::read(json, codec::scenario_limits());
    if (!document) return document.error();
    codec::ScenarioReader reader(*document);
    if (!reader.read()) return reader.error();
    Scenario& scenario = reader.scenario;
    if (std::optional<Error> found = codec::check_scenario(scenario)) return *found;
    if (std::optional<Error> found = validate_structure(scenario)) return *found;
    codec::sort_by_time(scenario.events);
    codec::sort_by_time(scenario.log);
    return std::move(scenario);
}

Result<Scenario> parse_scenario(std::string_view json) {
    Result<Scenario> draft = parse_draft(json);
    if (!draft) return draft;
    const std::vector<Error> missing = missing_parts(*draft);
    if (!missing.empty()) return missing.front();
    return draft;
}

} // namespace scale
