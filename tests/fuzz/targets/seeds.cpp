// Writes a corpus to begin with into the folder that is named: scenarios, links, their content and commands.
#include <cstdio>
#include <fstream>

#include "codec/link.hpp"
#include "scale/codec.hpp"
#include "support/random_scenario.hpp"

using namespace scale;

namespace {

void write(const std::string& folder, const std::string& name, char door, std::string_view content) {
    std::ofstream file(folder + "/" + name, std::ios::binary);
    file << door << content;
}

} // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
        return 2;
    }
    tests::RandomOptions options;
    options.nodes_most = 8;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const Scenario scenario = tests::random_scenario(seed, options);
        const std::string number = std::to_string(seed);
        const std::vector<std::uint8_t> plain = codec::pack(scenario);
        write(words[1], "json-" + number, 0, write_scenario(scenario));
        write(words[1], "content-" + number, 1, {reinterpret_cast<const char*>(plain.data()), plain.size()});
        write(words[1], "link-" + number, 2, encode_link(scenario));
        for (const Command& command : scenario.events)
            write(words[1], "command-" + number, 3, write_command(command, scenario));
    }
    return 0;
}
