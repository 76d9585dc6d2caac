// Thousands of damaged scenarios, commands and links, the same ones every time. The libFuzzer target in
// targets/ looks further; what it finds becomes a case here.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "codec/link.hpp"
#include "support/front_door.hpp"
#include "support/random_scenario.hpp"

using namespace scale;

namespace {

const std::vector<std::string> k_pieces = {"{",
                                           "}",
                                           "[",
                                           "]",
                                           ",",
                                           ":",
                                           "\"",
                                           "\\",
                                           "\\u",
                                           "\\ud800",
                                           "null",
                                           "true",
                                           "1e999",
                                           "-",
                                           "0.1e-400",
                                           "9007199254740993",
                                           "-0",
                                           "\"id\"",
                                           "\"kind\"",
                                           "\"nodes\": [",
                                           "\"at_s\": ",
                                           "\"set\"",
                                           "\"en\"",
                                           "\xFF",
                                           "\xED\xA0\x80",
                                           "\n",
                                           "한",
                                           "[[[[[[[[",
                                           "{\"a\":",
                                           "99999999999999999999",
                                           "\"server\"",
                                           "\"in\": \"",
                                           "\"lesson\": {"};

template<class Sequence>
void mutate(tests::Dice& dice, Sequence& text, const Sequence& other) {
    for (std::uint64_t changes = 1 + dice.below(4); changes > 0; --changes) {
        const std::size_t at = text.empty() ? 0 : dice.index(text.size());
        const auto offset = static_cast<std::ptrdiff_t>(at);
        const auto byte = static_cast<typename Sequence::value_type>(dice.below(256));
        const std::size_t length = std::min(dice.index(20), text.size() - at);
        switch (dice.below(6)) {
        case 0:
            if (!text.empty()) text[at] = byte;
            break;
        case 1: text.insert(text.begin() + offset, byte); break;
        case 2:
            text.erase(text.begin() + offset, text.begin() + offset + static_cast<std::ptrdiff_t>(length));
            break;
        case 3:
            if (!text.empty())
                text[at] = static_cast<typename Sequence::value_type>(text[at] ^ (1 << dice.below(8)));
            break;
        case 4: {
            const Sequence copied(text.begin() + offset,
                                  text.begin() + offset + static_cast<std::ptrdiff_t>(length));
            text.insert(text.begin() +
                            static_cast<std::ptrdiff_t>(text.empty() ? 0 : dice.below(text.size())),
                        copied.begin(), copied.end());
            break;
        }
        default: {
            const std::size_t from = other.empty() ? 0 : dice.index(other.size());
            text.insert(text.begin() + offset, other.begin() + static_cast<std::ptrdiff_t>(from),
                        other.begin() + static_cast<std::ptrdiff_t>(std::min(other.size(), from + 30)));
        }
        }
    }
}

tests::RandomOptions few() {
    tests::RandomOptions options;
    options.nodes_most = 8;
    options.events_most = 4;
    return options;
}

} // namespace

TEST_CASE("damaged JSON is refused or read, never worse") {
    tests::Dice dice(11);
    for (std::uint64_t round = 0; round < 6000; ++round) {
        const std::string whole = write_scenario(tests::random_scenario(round % 50, few()));
        std::string text = whole;
        mutate(dice, text, dice.any(k_pieces));
        CAPTURE(round);
        CAPTURE(text);
        REQUIRE(tests::broken_by_json(text) == "");
    }
}

TEST_CASE("damaged content of links is refused or read, never worse") {
    tests::Dice dice(12);
    std::size_t read = 0;
    for (std::uint64_t round = 0; round < 6000; ++round) {
        const std::vector<std::uint8_t> other = codec::pack(tests::random_scenario(round % 37, few()));
        std::vector<std::uint8_t> plain = codec::pack(tests::random_scenario(round % 50, few()));
        mutate(dice, plain, other);
        CAPTURE(round);
        REQUIRE(tests::broken_by_link_content(plain) == "");
        if (decode_link(tests::wrapped_link(plain))) ++read;
    }
    CHECK(read > 100); // or the mutations never got past the first check
}

TEST_CASE("damaged links are refused or read, never worse") {
    tests::Dice dice(13);
    for (std::uint64_t round = 0; round < 6000; ++round) {
        std::string link = encode_link(tests::random_scenario(round % 50, few()));
        mutate(dice, link, std::string("#s=1AAAA"));
        CAPTURE(link);
        REQUIRE(tests::broken_by_link(link) == "");
    }
}

TEST_CASE("damaged commands are refused or read, never worse") {
    tests::Dice dice(14);
    for (std::uint64_t round = 0; round < 3000; ++round) {
        const Scenario scenario = tests::random_scenario(round % 50, few());
        for (const Command& command : scenario.events) {
            std::string text = write_command(command, scenario);
            mutate(dice, text, dice.any(k_pieces));
            CAPTURE(text);
            REQUIRE(tests::broken_by_command(text, scenario) == "");
        }
    }
}
