// What the files with calls share: rows of a table, and short ways to read arguments and to answer.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "calls.hpp"

namespace scale::web {

using Json = nlohmann::ordered_json;

struct CallRow {
    std::string_view name;
    std::string (*answer)(CallContext&, const Json&);
};

std::span<const CallRow> run_calls();    // calls.cpp
std::span<const CallRow> design_calls(); // design_calls.cpp
std::span<const CallRow> lesson_calls(); // lesson_calls.cpp
// Theory, review and headroom of a design: long work, for the module without a screen only. insight_calls.cpp
std::span<const CallRow> insight_calls();

std::string dumped(const Json& value);
std::string ok(const Json& value);
std::string done();
std::string refused(const Error& error);
std::string answered(const std::optional<Error>& error);
std::optional<double> number(const Json& arguments, const char* key); // finite, or nothing
std::string text(const Json& arguments, const char* key);             // empty where there is none
Json words_json(const Text& words);
Json missing_json(const Session& session); // what a design needs before it can run

} // namespace scale::web
