// What the readers of scenarios, commands and lessons share: one document, the first error, typed access.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json_reader.hpp"
#include "scale/scenario.hpp"

namespace scale::codec {

using Names = std::vector<std::string_view>;

// Limits that every text from outside is held to before a tree is built.
JsonLimits scenario_limits();

class Reader {
public:
    explicit Reader(const JsonDocument& document) : document_(document) {}

    bool failed() const { return error_.has_value(); }
    const Error& error() const { return *error_; }

    // All of these return false after noting the error; the first one stands.
    bool fail(const JsonValue& value, std::string what, std::string hint = {});
    bool fail_expected(const JsonValue& value, const std::string& expected, std::string hint = {});
    bool fail_missing(const JsonValue& object, std::string_view name);
    bool expect(const JsonValue& value, JsonType type);
    bool known_keys(const JsonValue& object, const Names& names);
    // Every key is one of these, and the required ones (the first `required`) are there.
    bool keys(const JsonValue& object, const Names& names, std::size_t required);

    bool read_number(const JsonValue& value, double& out, const std::string& expected = "a number");
    bool read_whole(const JsonValue& value, double least, double most, double& out);
    bool read_text(const JsonValue& value, Text& out);
    bool read_string(const JsonValue& value, std::string& out);
    bool read_param(const JsonValue& value, const ParamRecord& param, double& out);
    // [from, to] by id
    bool read_node(const JsonValue& value, const Scenario& scenario, int& out);
    bool read_ends(const JsonValue& value, const Scenario& scenario, int& from, int& to);

    const JsonDocument& document() const { return document_; }

private:
    bool read_choice(const JsonValue& value, const ParamRecord& param, double& out);

    const JsonDocument& document_;
    std::optional<Error> error_;
};

// One entry of "events" or "log".
bool read_command(Reader& reader, const JsonValue& value, const Scenario& scenario, bool needs_time,
                  Command& out);
// The lesson object, loosely checked, as canonical text.
bool read_lesson(Reader& reader, const JsonValue& value, std::string& out);
// Any value as canonical text on one line: numbers shortest, strings as plain as JSON allows.
void append_canonical(std::string& out, const JsonDocument& document, const JsonValue& value);

} // namespace scale::codec
