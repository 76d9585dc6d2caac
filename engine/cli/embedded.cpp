#include "embedded.hpp"

#include <algorithm>
#include <vector>

#include "scenario_files.hpp"

namespace scale::cli {

namespace {

// "scenarios/ladder/06-cache.json" -> "ladder/06-cache"
std::string_view folder_and_stem(std::string_view path) {
    constexpr std::string_view k_root = "scenarios/";
    constexpr std::string_view k_ending = ".json";
    if (path.starts_with(k_root)) path.remove_prefix(k_root.size());
    if (path.ends_with(k_ending)) path.remove_suffix(k_ending.size());
    return path;
}

std::vector<EmbeddedScenario> in_order() {
    std::vector<EmbeddedScenario> all;
    const std::span<const scenario_files::File> files(scenario_files::k_files, scenario_files::k_file_count);
    for (const scenario_files::File& file : files) all.push_back({file.id, file.path, file.text});
    std::sort(all.begin(), all.end(), [](const EmbeddedScenario& a, const EmbeddedScenario& b) {
        const bool a_ladder = a.path.starts_with("scenarios/ladder/");
        const bool b_ladder = b.path.starts_with("scenarios/ladder/");
        return a_ladder != b_ladder ? a_ladder : a.path < b.path;
    });
    return all;
}

} // namespace

std::span<const EmbeddedScenario> embedded_scenarios() {
    static const std::vector<EmbeddedScenario> all = in_order();
    return all;
}

const EmbeddedScenario* find_embedded(std::string_view name) {
    for (const EmbeddedScenario& one : embedded_scenarios())
        if (one.id == name || folder_and_stem(one.path) == name) return &one;
    return nullptr;
}

} // namespace scale::cli
