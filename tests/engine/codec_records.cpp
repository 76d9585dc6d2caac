// The kind records as the formats need them, and what is generated from them: a kind that is added is held to
// these rules on arrival.
#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

#include "codec/checks.hpp"
#include "codec/json_reader.hpp"
#include "codec/utf8.hpp"
#include "scale/codec.hpp"

using namespace scale;
using namespace scale::codec;

namespace {

const JsonLimits k_large{4'000'000, 32, 5000, 1000, 400'000, {}};

bool both(const Words& words) { return words.en[0] != '\0' && words.ko[0] != '\0' && is_utf8(words.ko); }

void check_params(std::span<const ParamRecord> params, const std::set<std::string_view>& taken) {
    std::set<std::string_view> ids = taken;
    std::set<int> codes;
    for (const ParamRecord& param : params) {
        CAPTURE(param.id);
        CHECK_MESSAGE(ids.insert(param.id).second, "the key is taken");
        CHECK_MESSAGE(param.code != 0, "code 0 is not used");
        CHECK_MESSAGE(codes.insert(param.code).second, "the code is taken");
        CHECK_MESSAGE(fits(param, param.fallback), "the default is out of range");
        CHECK_MESSAGE(!std::signbit(param.fallback), "a default of -0 would not survive");
        CHECK(both(param.name));
        CHECK(both(param.help));
        CHECK((param.type == ValueType::choice) == !param.choices.empty());
        std::set<std::string_view> choices;
        for (const Choice& choice : param.choices) {
            CHECK(choices.insert(choice.id).second);
            CHECK(both(choice.name));
        }
    }
}

void check_verbs(std::span<const VerbRecord> verbs, std::set<std::string_view> ids) {
    std::set<int> codes;
    for (const VerbRecord& verb : verbs) {
        CAPTURE(verb.id);
        CHECK_MESSAGE(ids.insert(verb.id).second, "the verb is taken");
        CHECK_MESSAGE(codes.insert(verb.code).second, "the code is taken");
        CHECK(verb.code != 0);
        CHECK(both(verb.name));
        CHECK(both(verb.help));
        check_params(verb.params, {"at_s", "do", "node", "edge", "instance"});
    }
}

// Every object has no key twice and everything is valid JSON: the strict reader's word for it.
JsonDocument strict(const std::string& text) {
    Result<JsonDocument> document = JsonDocument::read(text, k_large);
    REQUIRE_MESSAGE(document, (document ? "" : document.error().sentence()));
    return std::move(*document);
}

} // namespace

TEST_CASE("kinds have codes, keys and words that the formats can rely on") {
    std::set<std::string_view> ids;
    std::set<int> codes;
    std::set<std::string_view> common;
    for (const VerbRecord& verb : node_verbs()) common.insert(verb.id);
    for (const KindRecord* kind : kinds()) {
        CAPTURE(kind->id);
        CHECK(ids.insert(kind->id).second);
        CHECK(codes.insert(kind->code).second);
        CHECK(kind->code != 0);
        CHECK_MESSAGE(is_id(kind->id), "the kind's id must do as the id of a node");
        CHECK_MESSAGE(std::string_view(kind->id).size() <= 28, "\"-256\" must fit behind it");
        CHECK(both(kind->name));
        CHECK(both(kind->help));
        CHECK(find_kind(kind->id) == kind);
        CHECK(find_kind_by_code(kind->code) == kind);
        check_params(kind->params,
                     {"id", "kind", "label", "in", "at", "at_s", "do", "node", "edge", "instance"});
        check_verbs(kind->verbs, common);
    }
    check_params(edge_params(), {"at_s", "do", "node", "edge", "instance"});
    check_verbs(node_verbs(), {});
    check_verbs(edge_verbs(), {});
}

TEST_CASE("the schema is JSON and speaks of every kind and parameter") {
    const std::string text = scenario_schema();
    const JsonDocument schema = strict(text);
    CHECK(schema.member(schema.root(), "$schema")->text == "https://json-schema.org/draft/2020-12/schema");
    const JsonValue& definitions = *schema.member(schema.root(), "$defs");
    for (const KindRecord* kind : kinds()) {
        const JsonValue* definition = schema.member(definitions, "kind-" + std::string(kind->id));
        REQUIRE_MESSAGE(definition, kind->id);
        const JsonValue& properties = *schema.member(*definition, "properties");
        CHECK(properties.count == kind->params.size() + 5);
        for (const ParamRecord& param : kind->params) {
            const JsonValue* described = schema.member(properties, param.id);
            REQUIRE_MESSAGE(described, param.id);
            if (param.type == ValueType::choice)
                CHECK(schema.member(*described, "enum")->count == param.choices.size());
        }
    }
    // Every reference leads somewhere.
    for (std::size_t at = text.find("#/$defs/"); at != std::string::npos;
         at = text.find("#/$defs/", at + 1)) {
        const std::size_t start = at + 8;
        const std::string name = text.substr(start, text.find('"', start) - start);
        CHECK_MESSAGE(schema.member(definitions, name) != nullptr, name);
    }
}

TEST_CASE("kinds are listed as JSON, one or all") {
    const std::string all = kinds_json();
    const JsonDocument list = strict(all);
    CHECK(list.root().type == JsonType::array);
    CHECK(list.root().count == kinds().size());
    for (const KindRecord* kind : kinds()) {
        const std::string text = kinds_json(kind->id);
        const JsonDocument one = strict(text);
        CHECK(one.member(one.root(), "id")->text == kind->id);
        CHECK(one.member(one.root(), "params")->count == kind->params.size());
        CHECK(one.member(one.root(), "metrics")->count == kind->metrics.size());
        CHECK(one.member(one.root(), "verbs")->count == kind->verbs.size());
    }
    CHECK(kinds_json("no-such-kind") == "");
}
