// The scenarios that travel inside the command (scenarios/ladder, scenarios/gallery), by id.
#pragma once

#include <span>
#include <string_view>

namespace scale::cli {

struct EmbeddedScenario {
    std::string_view id;   // file stem: "06-cache"
    std::string_view path; // inside the repository: "scenarios/ladder/06-cache.json"
    std::string_view text; // the file, byte for byte
};

// In order of path, ladder before gallery.
std::span<const EmbeddedScenario> embedded_scenarios();

// By stem or by folder and stem ("gallery/retry-storm"); null when there is none.
const EmbeddedScenario* find_embedded(std::string_view name);

} // namespace scale::cli
