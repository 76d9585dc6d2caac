// What must hold for any text at all that is given to the parser and the link decoder. Each function returns
// a sentence about the promise that was broken, or nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/utf8.hpp"
#include "scale/codec.hpp"
#include "support/wrapped_link.hpp"

namespace scale::tests {

inline std::string broken_by_error(const Error& error) {
    if (error.what.empty()) return "an error says nothing";
    if (!codec::is_utf8(error.sentence())) return "an error is not valid UTF-8";
    return error.sentence().size() > 5000 ? "an error goes on and on" : "";
}

inline std::string broken_by_scenario(const Scenario& scenario) {
    const std::string written = write_scenario(scenario);
    const Result<Scenario> again = parse_scenario(written);
    // Only its length may keep an accepted scenario from being read again: defaults spelled out can be long.
    if (!again)
        return written.size() > limits::k_json_bytes ? ""
                                                     : "refuses what it wrote: " + again.error().sentence();
    if (!(*again == scenario)) return "what was written reads differently";
    if (write_scenario(*again) != written) return "the canonical form changes";
    const std::string link = encode_link(scenario);
    if (link.size() > limits::k_link_bytes) return "";
    const Result<Scenario> linked = decode_link(link);
    if (!linked) return "refuses its own link: " + linked.error().sentence();
    return *linked == scenario ? "" : "the link reads differently";
}

inline std::string broken_by_json(std::string_view text) {
    const Result<Scenario> scenario = parse_scenario(text);
    return scenario ? broken_by_scenario(*scenario) : broken_by_error(scenario.error());
}

inline std::string broken_by_link(std::string_view text) {
    const Result<Scenario> scenario = decode_link(text);
    return scenario ? broken_by_scenario(*scenario) : broken_by_error(scenario.error());
}

inline std::string broken_by_link_content(const std::vector<std::uint8_t>& plain) {
    return broken_by_link(wrapped_link(plain));
}

inline std::string broken_by_command(std::string_view text, const Scenario& scenario) {
    const Result<Command> command = parse_command(text, scenario);
    if (!command) return broken_by_error(command.error());
    const Result<Command> again = parse_command(write_command(*command, scenario), scenario);
    if (!again) return "refuses the command it wrote: " + again.error().sentence();
    return *again == *command ? "" : "a written command reads differently";
}

} // namespace scale::tests
