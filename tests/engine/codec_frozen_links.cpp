// Links that were made once open always: links/NAME.txt must give what links/NAME.json spells out.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "scale/codec.hpp"

using namespace scale;

namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("links that were made once open always") {
    int links = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(SCALE_SOURCE_DIR) /
                                                                 "tests/engine/links")) {
        if (entry.path().extension() != ".txt") continue;
        CAPTURE(entry.path().filename().string());
        const Result<Scenario> opened = decode_link(read_file(entry.path()));
        const Result<Scenario> expected =
            parse_scenario(read_file(std::filesystem::path(entry.path()).replace_extension(".json")));
        REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().sentence()));
        REQUIRE_MESSAGE(expected, (expected ? "" : expected.error().sentence()));
        CHECK(*opened == *expected);
        CHECK(write_scenario(*opened) == write_scenario(*expected));
        ++links;
    }
    CHECK(links >= 12);
}
