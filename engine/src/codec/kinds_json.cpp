// Every kind as JSON: what `scaleground kinds --json` prints and the manual is generated from.
#include "codec/json_text.hpp"
#include "scale/codec.hpp"

namespace scale::codec {

namespace {

constexpr const char* k_tiers[] = {"source",     "naming", "edge",       "entry", "compute",
                                   "fast_store", "store",  "background", "watch", "group"};
constexpr const char* k_roles[] = {"client", "naming", "route",  "compute", "cache",
                                   "store",  "queue",  "worker", "watch",   "group"};
constexpr const char* k_types[] = {"number", "whole", "flag", "choice"};
constexpr const char* k_formats[] = {"count", "ratio", "per_second", "milliseconds", "usd"};

void append_roles(std::string& out, std::uint32_t roles) {
    JsonArray array(out);
    for (std::size_t i = 0; i < std::size(k_roles); ++i)
        if ((roles >> i & 1u) != 0) append_string(array.item(), k_roles[i]);
}

void append_fallback(JsonObject& object, const ParamRecord& param) {
    if (param.type == ValueType::flag)
        object.flag("default", param.fallback != 0.0);
    else if (param.type == ValueType::choice)
        object.string("default", param.choices[static_cast<std::size_t>(param.fallback)].id);
    else
        object.number("default", param.fallback);
}

void append_param(std::string& out, const ParamRecord& param) {
    JsonObject object(out);
    object.string("id", param.id);
    object.words("name", param.name);
    object.words("help", param.help);
    object.string("type", k_types[static_cast<std::size_t>(param.type)]);
    append_fallback(object, param);
    if (param.type == ValueType::number || param.type == ValueType::whole) {
        object.number("least", param.least);
        object.number("most", param.most);
        object.string("unit", param.unit);
    }
    if (param.type == ValueType::choice) {
        JsonArray choices(object.key("choices"));
        for (const Choice& choice : param.choices) {
            JsonObject entry(choices.item());
            entry.string("id", choice.id);
            entry.words("name", choice.name);
        }
    }
    if (param.section.en[0] != '\0') object.words("section", param.section);
}

void append_params(std::string& out, std::span<const ParamRecord> params) {
    JsonArray array(out);
    for (const ParamRecord& param : params) append_param(array.item(), param);
}

void append_metrics(std::string& out, std::span<const MetricRecord> metrics) {
    JsonArray array(out);
    for (const MetricRecord& metric : metrics) {
        JsonObject object(array.item());
        object.string("id", metric.id);
        object.words("name", metric.name);
        object.words("help", metric.help);
        object.string("format", k_formats[static_cast<std::size_t>(metric.format)]);
    }
}

void append_verbs(std::string& out, std::span<const VerbRecord> verbs) {
    JsonArray array(out);
    for (const VerbRecord& verb : verbs) {
        JsonObject object(array.item());
        object.string("id", verb.id);
        object.words("name", verb.name);
        object.words("help", verb.help);
        append_params(object.key("params"), verb.params);
    }
}

void append_kind(std::string& out, const KindRecord& kind) {
    JsonObject object(out);
    object.string("id", kind.id);
    object.words("name", kind.name);
    object.words("help", kind.help);
    object.string("icon", kind.icon);
    object.string("tier", k_tiers[static_cast<std::size_t>(kind.tier)]);
    append_roles(object.key("roles"), kind.role);
    append_roles(object.key("calls"), kind.calls);
    append_params(object.key("params"), kind.params);
    append_metrics(object.key("metrics"), kind.metrics);
    append_verbs(object.key("verbs"), kind.verbs);
    if (kind.closed_form.en[0] != '\0') object.words("closed_form", kind.closed_form);
    JsonArray inaccuracies(object.key("inaccuracies"));
    for (const Words& words : kind.inaccuracies) {
        JsonObject both(inaccuracies.item());
        both.string("en", words.en);
        both.string("ko", words.ko);
    }
}

} // namespace

} // namespace scale::codec

namespace scale {

// One object for a kind that is named (empty when there is none of that name), else an array of all of them.
std::string kinds_json(std::string_view kind_id) {
    std::string out;
    if (!kind_id.empty()) {
        if (const KindRecord* kind = find_kind(kind_id)) codec::append_kind(out, *kind);
        return out;
    }
    out += '[';
    for (const KindRecord* kind : kinds()) {
        out += out.size() > 1 ? ",\n " : "\n ";
        codec::append_kind(out, *kind);
    }
    out += "\n]";
    return out;
}

} // namespace scale
