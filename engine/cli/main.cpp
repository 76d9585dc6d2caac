// The `scaleground` command: finds the sub-command, parses its options, leaves with its status.
#include <algorithm>
#include <string>
#include <vector>

#include "command.hpp"
#include "output.hpp"
#include "terminal.hpp"

namespace scale::cli {

namespace {

constexpr const CommandRecord* k_commands[] = {
    &k_run_command,     &k_theory_command, &k_compare_command, &k_headroom_command, &k_sweep_command,
    &k_review_command,  &k_follow_command, &k_check_command,   &k_kinds_command,    &k_link_command,
    &k_lessons_command, &k_schema_command, &k_bench_command};

constexpr const char* k_introduction =
    "scaleground: simulate a web system request by request, from one server to many.\n"
    "\n"
    "usage: scaleground COMMAND ...\n"
    "\n";

constexpr const char* k_footer =
    "\n"
    "SCENARIO is a JSON file, \"-\" (standard input), a share link (the whole URL or its part from "
    "\"#s=\"),\n"
    "or the id of a scenario that comes with the command (\"scaleground lessons\" lists them).\n"
    "\n"
    "\"scaleground COMMAND --help\" explains a command and its options.\n"
    "\n"
    "Exit status: 0 fine; 1 an assertion failed; 2 bad input, one line on stderr says which;\n"
    "3 internal error or unwritable output; 130 stopped by Ctrl-C.\n"
    "\n"
    "  scaleground run 01-single-server\n"
    "  scaleground run design.json --seeds 10 --assert \"p99_ms < 250\" --assert \"availability >= 0.999\"\n"
    "  scaleground run \"https://example.org/#s=1...\" --set web.instances=4 --json\n";

std::string help_text() {
    std::string out = k_introduction;
    for (const CommandRecord* command : k_commands) {
        const std::string usage = std::string(command->name) + " " + command->usage;
        out += "  " + pad_right(usage, 34) + "  " + command->summary + "\n";
    }
    return out + k_footer;
}

std::string command_help(const CommandRecord& command) {
    std::string out = std::string("usage: scaleground ") + command.name + " " + command.usage;
    if (!command.options.empty()) out += out.back() == ' ' ? "[options]" : " [options]";
    out += std::string("\n\n") + command.help;
    if (command.options.empty()) return out;
    out += "\noptions:\n";
    for (const OptionRecord& option : command.options) {
        std::string left = option.name;
        if (option.value) left += std::string(" ") + option.value;
        out += "  " + pad_right(left, 24) + "  " + option.help + (option.repeatable ? " (repeatable)" : "") +
               "\n";
    }
    return out;
}

const CommandRecord* find_command(std::string_view name) {
    for (const CommandRecord* command : k_commands)
        if (name == command->name) return command;
    return nullptr;
}

Error unknown_command(std::string_view name) {
    std::vector<std::string> names;
    for (const CommandRecord* command : k_commands) names.emplace_back(command->name);
    return {std::string(name), "unknown command", hint_for(name, names, "see scaleground --help")};
}

// `scaleground help`, `scaleground help run`
int act_help(std::span<const std::string_view> rest) {
    if (rest.empty()) {
        print(help_text());
        return exit_fine;
    }
    const CommandRecord* command = find_command(rest[0]);
    if (!command) return bad_input(unknown_command(rest[0]));
    print(command_help(*command));
    return exit_fine;
}

int act(std::span<const std::string_view> given) {
    if (given.empty()) return bad_input({"", "no command given", "see scaleground --help"});
    const std::string_view name = given[0];
    const std::span<const std::string_view> rest = given.subspan(1);
    if (name == "--help" || name == "-h" || name == "help") return act_help(rest);
    if (name == "--version" || name == "version") {
        print("scaleground " SCALE_VERSION "\n");
        return exit_fine;
    }
    const CommandRecord* command = find_command(name);
    if (!command) return bad_input(unknown_command(name));
    for (const std::string_view item : rest)
        if (item == "--help" || item == "-h") return act_help(given.first(1));
    const auto asked = std::find(rest.begin(), rest.end(), "--lang");
    const bool given_language = asked != rest.end() && asked + 1 != rest.end();
    if (const Result<Language> language = language_from(given_language ? asked[1] : std::string_view()))
        answer_in(*language);
    Result<Arguments> arguments = Arguments::parse(rest, command->options);
    if (!arguments) return bad_input(arguments.error());
    return command->act(*arguments);
}

} // namespace

} // namespace scale::cli

int main(int count, char** values) {
    scale::cli::install_signal_handlers();
    const std::vector<std::string_view> given(values + (count > 0 ? 1 : 0), values + count);
    return scale::cli::finish_output(scale::cli::act(given));
}
