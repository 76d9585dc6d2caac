#pragma once
// The one surface between the page and the program: calls by name, JSON in, JSON out.
// {"ok": value} or {"error": "sentence", "path": "..."}. docs/ui.md lists them.

#include <optional>
#include <string>
#include <string_view>

#include "session.hpp"

namespace scale::web {

struct CallContext {
    Session& session;
    ClockMs clock;
    Language language = Language::english;
    const struct Status* status = nullptr; // of the session, where it is known already
};

// The answer of a call that needs no screen; nothing when there is none of that name.
std::optional<std::string> call_session(CallContext& context, std::string_view name, std::string_view json);

// The same of the calls about a design that take their time; only the module without a screen has them.
std::optional<std::string> call_insight(CallContext& context, std::string_view name, std::string_view json);

std::string answer_ok(std::string_view json_value);
std::string answer_error(std::string_view sentence, std::string_view path = {});
std::string json_string(std::string_view text);

// Single fields of the argument object, for calls that take one or two.
std::optional<double> number_argument(std::string_view json, const char* key);
std::optional<bool> flag_argument(std::string_view json, const char* key);
std::optional<std::string> text_argument(std::string_view json, const char* key);

} // namespace scale::web
