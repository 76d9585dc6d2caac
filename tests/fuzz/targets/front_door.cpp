// libFuzzer: the first byte chooses the door, the rest is what comes in.
#include <cstdio>
#include <cstdlib>

#include "support/front_door.hpp"
#include "support/random_scenario.hpp"

using namespace scale;

namespace {

std::string broken(std::uint8_t door, const std::uint8_t* data, std::size_t size) {
    static const Scenario scenario = tests::random_scenario(3);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    switch (door % 4) {
    case 0: return tests::broken_by_json(text);
    case 1: return tests::broken_by_link_content({data, data + size});
    case 2: return tests::broken_by_link(text);
    default: return tests::broken_by_command(text, scenario);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string said = broken(data[0], data + 1, size - 1);
    if (said.empty()) return 0;
    std::fprintf(stderr, "broken promise: %s\n", said.c_str());
    std::abort();
}
