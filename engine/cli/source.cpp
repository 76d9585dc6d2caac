#include "source.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "arguments.hpp"
#include "embedded.hpp"
#include "format.hpp"
#include "scale/codec.hpp"

namespace scale::cli {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr const char* k_blank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(k_blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(k_blank) - first + 1);
}

std::vector<std::string> embedded_ids() {
    std::vector<std::string> ids;
    for (const EmbeddedScenario& one : embedded_scenarios()) ids.emplace_back(one.id);
    return ids;
}

Error not_found(const std::string& argument) {
    if (argument.find("#lesson=") != std::string::npos)
        return {"", "a lesson link opens on the page, not here",
                "give the lesson's id instead, see \"scaleground lessons\""};
    const std::size_t slash = argument.rfind('/');
    std::string stem = slash == std::string::npos ? argument : argument.substr(slash + 1);
    if (stem.ends_with(".json")) stem.resize(stem.size() - 5);
    return {"", "no file, link or lesson called " + in_quotes(argument),
            hint_for(stem, embedded_ids(), "\"scaleground lessons\" lists what there is")};
}

Result<Source> from_text(std::string name, std::string_view text) {
    Result<Scenario> scenario = read_scenario(text);
    if (!scenario) {
        Error error = scenario.error();
        error.path = error.path.empty() ? name : name + ": " + error.path;
        return error;
    }
    return Source{std::move(name), std::move(*scenario)};
}

} // namespace

bool is_link(std::string_view text) {
    text = trimmed(text);
    return !text.starts_with('{') && (text.starts_with("s=") || text.find("#s=") != std::string_view::npos);
}

Result<Scenario> read_scenario(std::string_view text) {
    Result<Scenario> scenario = is_link(text) ? decode_link(trimmed(text)) : parse_scenario(text);
    if (!scenario) return scenario;
    if (std::optional<Error> error = validate(*scenario)) return *error;
    return scenario;
}

Result<std::string> read_file(const std::string& path) {
    const bool from_input = path == "-";
    std::FILE* file = from_input ? stdin : std::fopen(path.c_str(), "rb");
    if (!file) return Error{path, std::string("cannot read: ") + std::strerror(errno), ""};
    std::string text;
    char buffer[16384];
    std::size_t got = 0;
    errno = 0;
    // One piece more than the limit is enough for the parser to say that it is too long.
    while (text.size() <= limits::k_json_bytes && (got = std::fread(buffer, 1, sizeof buffer, file)) > 0)
        text.append(buffer, got);
    const bool failed = std::ferror(file) != 0;
    const int reason = errno;
    if (!from_input) std::fclose(file);
    if (failed) return Error{path, std::string("cannot read: ") + std::strerror(reason), ""};
    return text;
}

std::optional<Error> write_file(const std::string& path, std::string_view text) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    const bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const int reason = errno;
    const bool closed = file && std::fclose(file) == 0;
    if (written && closed) return std::nullopt;
    return Error{path, std::string("cannot write: ") + std::strerror(reason), ""};
}

Result<Source> load_source(const std::string& argument) {
    if (argument.empty()) return Error{"", "the scenario's name is empty", ""};
    if (is_link(argument)) return from_text("link", argument);
    if (argument == "-") {
        Result<std::string> text = read_file(argument);
        if (!text) return text.error();
        return from_text("standard input", *text);
    }
    if (std::FILE* file = std::fopen(argument.c_str(), "rb")) {
        std::fclose(file);
        Result<std::string> text = read_file(argument);
        if (!text) return text.error();
        return from_text(argument, *text);
    }
    const int reason = errno;
    if (const EmbeddedScenario* found = find_embedded(argument)) return from_text(argument, found->text);
    if (reason != ENOENT && reason != ENOTDIR && reason != ENAMETOOLONG)
        return Error{argument, std::string("cannot read: ") + std::strerror(reason), ""};
    return not_found(argument);
}

std::optional<Error> apply_settings(Scenario& scenario, const Arguments& arguments) {
    for (const std::string& assignment : arguments.all("--set"))
        if (std::optional<Error> error = set_parameter(scenario, assignment))
            return Error{"--set " + error->path, error->what, error->hint};
    if (!arguments.has("--set")) return std::nullopt;
    if (std::optional<Error> error = validate(scenario)) return Error{"--set", error->sentence(), ""};
    return std::nullopt;
}

} // namespace scale::cli
