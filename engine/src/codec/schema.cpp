// JSON Schema (2020-12) of the scenario format, generated from the kind records.
#include <algorithm>

#include "codec/checks.hpp"
#include "codec/json_text.hpp"
#include "scale/codec.hpp"

namespace scale::codec {

namespace {

constexpr const char* k_id_pattern = "^[A-Za-z][A-Za-z0-9_-]*$";

// {"$ref": "#/$defs/..."}
void append_ref(std::string& out, std::string_view name) {
    JsonObject object(out);
    object.string("$ref", "#/$defs/" + std::string(name));
}

void append_number_type(std::string& out, const char* type, double least, double most) {
    JsonObject object(out);
    object.string("type", type);
    object.number("minimum", least);
    object.number("maximum", most);
}

void append_string_list(std::string& out, std::initializer_list<std::string_view> names) {
    JsonArray array(out);
    for (std::string_view name : names) append_string(array.item(), name);
}

void append_param(std::string& out, const ParamRecord& param) {
    JsonObject object(out);
    object.string("description", param.help.en);
    switch (param.type) {
    case ValueType::flag:
        object.string("type", "boolean");
        object.flag("default", param.fallback != 0.0);
        return;
    case ValueType::choice: {
        {
            JsonArray ids(object.key("enum"));
            for (const Choice& choice : param.choices) append_string(ids.item(), choice.id);
        }
        object.string("default", param.choices[static_cast<std::size_t>(param.fallback)].id);
        return;
    }
    case ValueType::number:
    case ValueType::whole: break;
    }
    object.string("type", param.type == ValueType::whole ? "integer" : "number");
    object.number("minimum", param.least);
    object.number("maximum", param.most);
    object.number("default", param.fallback);
}

void append_params(JsonObject& properties, std::span<const ParamRecord> params) {
    for (const ParamRecord& param : params) append_param(properties.key(param.id), param);
}

void append_text_type(std::string& out, std::size_t most) {
    const auto line = [&](std::string& to) {
        JsonObject object(to);
        object.string("type", "string");
        object.whole("maxLength", most);
    };
    JsonObject object(out);
    JsonArray either(object.key("oneOf"));
    line(either.item());
    JsonObject both(either.item());
    both.string("type", "object");
    both.flag("additionalProperties", false);
    JsonObject properties(both.key("properties"));
    line(properties.key("en"));
    line(properties.key("ko"));
}

void append_kind(std::string& out, const KindRecord& kind) {
    JsonObject object(out);
    object.string("title", kind.name.en);
    object.string("description", kind.help.en);
    object.string("type", "object");
    object.flag("additionalProperties", false);
    append_string_list(object.key("required"), {"id", "kind"});
    JsonObject properties(object.key("properties"));
    append_ref(properties.key("id"), "id");
    {
        JsonObject constant(properties.key("kind"));
        constant.string("const", kind.id);
    }
    append_ref(properties.key("label"), "label");
    append_ref(properties.key("in"), "id");
    append_ref(properties.key("at"), "position");
    append_params(properties, kind.params);
}

void append_edge(std::string& out) {
    JsonObject object(out);
    object.string("type", "array");
    object.whole("minItems", 2);
    object.whole("maxItems", 3);
    JsonArray items(object.key("prefixItems"));
    append_ref(items.item(), "id");
    append_ref(items.item(), "id");
    JsonObject third(items.item());
    third.string("type", "object");
    third.flag("additionalProperties", false);
    JsonObject properties(third.key("properties"));
    append_params(properties, edge_params());
}

void append_one_of(JsonObject& object, std::string_view present, std::string_view absent) {
    append_string_list(object.key("required"), {present});
    JsonObject none(object.key("not"));
    append_string_list(none.key("required"), {absent});
}

void append_verb_ids(std::string& out) {
    JsonObject object(out);
    std::vector<std::string_view> ids;
    const auto add = [&](std::span<const VerbRecord> verbs) {
        for (const VerbRecord& verb : verbs)
            if (std::find(ids.begin(), ids.end(), verb.id) == ids.end()) ids.emplace_back(verb.id);
    };
    add(node_verbs());
    add(edge_verbs());
    for (const KindRecord* kind : kinds()) add(kind->verbs);
    JsonArray list(object.key("enum"));
    for (std::string_view id : ids) append_string(list.item(), id);
}

// Which settings an event takes hangs on its target; the parser says so, the schema lets them pass.
void append_event(std::string& out) {
    JsonObject object(out);
    object.string("type", "object");
    append_string_list(object.key("required"), {"at_s", "do"});
    {
        JsonArray either(object.key("oneOf"));
        for (const bool node : {true, false}) {
            JsonObject target(either.item());
            append_one_of(target, node ? "node" : "edge", node ? "edge" : "node");
        }
    }
    JsonObject properties(object.key("properties"));
    append_number_type(properties.key("at_s"), "number", 0, limits::k_duration_s);
    append_verb_ids(properties.key("do"));
    append_ref(properties.key("node"), "id");
    {
        JsonObject edge(properties.key("edge"));
        edge.string("type", "array");
        append_ref(edge.key("items"), "id");
        edge.whole("minItems", 2);
        edge.whole("maxItems", 2);
    }
    append_number_type(properties.key("instance"), "integer", 0, k_most_instance);
}

void append_definitions(std::string& out) {
    JsonObject object(out);
    {
        JsonObject id(object.key("id"));
        id.string("type", "string");
        id.string("pattern", k_id_pattern);
        id.whole("maxLength", limits::k_id_bytes);
    }
    append_text_type(object.key("label"), limits::k_label_points);
    append_text_type(object.key("text"), limits::k_text_points);
    {
        JsonObject position(object.key("position"));
        position.string("type", "array");
        append_number_type(position.key("items"), "number", -k_most_coordinate, k_most_coordinate);
        position.whole("minItems", 2);
        position.whole("maxItems", 2);
    }
    append_edge(object.key("edge"));
    append_event(object.key("event"));
    for (const KindRecord* kind : kinds()) {
        object.key("kind-" + std::string(kind->id));
        append_kind(out, *kind);
    }
}

void append_list(std::string& out, std::string_view element, std::size_t most) {
    JsonObject object(out);
    object.string("type", "array");
    object.whole("maxItems", most);
    append_ref(object.key("items"), element);
}

void append_nodes(std::string& out) {
    JsonObject object(out);
    object.string("type", "array");
    object.whole("maxItems", limits::k_nodes);
    JsonObject items(object.key("items"));
    JsonArray either(items.key("oneOf"));
    for (const KindRecord* kind : kinds()) append_ref(either.item(), "kind-" + std::string(kind->id));
}

void append_slo(std::string& out) {
    JsonObject object(out);
    object.string("type", "object");
    object.flag("additionalProperties", false);
    JsonObject properties(object.key("properties"));
    for (const SloRecord& record : slo_records())
        append_number_type(properties.key(record.id), "number", record.least, record.most);
}

void append_prices(std::string& out) {
    JsonObject object(out);
    object.string("type", "object");
    object.flag("additionalProperties", false);
    JsonObject properties(object.key("properties"));
    for (const kind::price::Row& price : price_rows())
        append_number_type(properties.key(price.id), "number", 0, k_most_price);
}

void append_lesson(std::string& out) {
    JsonObject object(out);
    object.string("type", "object");
    append_string_list(object.key("required"), {"id"});
    JsonObject properties(object.key("properties"));
    append_ref(properties.key("id"), "id");
    append_number_type(properties.key("order"), "integer", 0, 10'000);
    append_ref(properties.key("summary"), "text");
    JsonObject steps(properties.key("steps"));
    steps.string("type", "array");
    steps.whole("maxItems", 64);
    JsonObject items(steps.key("items"));
    items.string("type", "object");
    append_string_list(items.key("required"), {"text"});
    JsonObject step(items.key("properties"));
    append_ref(step.key("text"), "text");
}

void append_properties(std::string& out) {
    JsonObject properties(out);
    {
        JsonObject version(properties.key("scaleground"));
        version.whole("const", 1);
    }
    append_ref(properties.key("title"), "label");
    append_ref(properties.key("description"), "text");
    append_number_type(properties.key("seed"), "integer", 0, k_most_seed);
    append_number_type(properties.key("duration_s"), "number", k_least_duration_s, limits::k_duration_s);
    append_number_type(properties.key("warmup_s"), "number", 0, limits::k_duration_s);
    append_number_type(properties.key("weight"), "integer", 1, k_most_weight);
    append_nodes(properties.key("nodes"));
    append_list(properties.key("edges"), "edge", limits::k_edges);
    append_list(properties.key("events"), "event", limits::k_commands);
    append_list(properties.key("log"), "event", limits::k_commands);
    append_slo(properties.key("slo"));
    append_prices(properties.key("prices"));
    append_lesson(properties.key("lesson"));
}

} // namespace

} // namespace scale::codec

namespace scale {

std::string scenario_schema() {
    std::string out;
    {
        codec::JsonObject object(out);
        object.string("$schema", "https://json-schema.org/draft/2020-12/schema");
        object.string("title", "Scaleground scenario, version 1");
        object.string("type", "object");
        object.flag("additionalProperties", false);
        codec::append_string_list(object.key("required"), {"scaleground", "nodes"});
        codec::append_properties(object.key("properties"));
        codec::append_definitions(object.key("$defs"));
    }
    out += '\n';
    return out;
}

} // namespace scale
