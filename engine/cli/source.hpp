// Where a SCENARIO comes from: a file, standard input, a share link, or one that travels inside the command.
#pragma once

#include <string>
#include <string_view>

#include "scale/scenario.hpp"

namespace scale::cli {

struct Source {
    std::string name; // as shown: path, "-", "link" or id
    Scenario scenario;
};

// Reads, parses and validates. Errors name the source.
Result<Source> load_source(const std::string& argument);
// A scenario from text that is JSON or a share link; validated.
Result<Scenario> read_scenario(std::string_view text);
bool is_link(std::string_view text);

Result<std::string> read_file(const std::string& path); // "-" is standard input
std::optional<Error> write_file(const std::string& path, std::string_view text);

class Arguments;
// Every --set of the command line; the scenario is valid afterwards.
std::optional<Error> apply_settings(Scenario& scenario, const Arguments& arguments);

} // namespace scale::cli
