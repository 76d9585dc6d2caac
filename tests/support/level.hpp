// How much is asked for: ./test --all says so to the programs that it runs.
#pragma once

#include <cstdlib>
#include <string_view>

namespace scale::tests {

inline bool everything_asked_for() {
    const char* const level = std::getenv("SCALE_LEVEL");
    return level != nullptr && std::string_view(level) == "all";
}

} // namespace scale::tests
