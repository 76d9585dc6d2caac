// scaleground check, link, lessons, schema: what needs no run.
#include "command.hpp"
#include "embedded.hpp"
#include "format.hpp"
#include "output.hpp"
#include "scale/codec.hpp"
#include "scale/lesson.hpp"
#include "source.hpp"
#include "terminal.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace scale::cli {

namespace {

// A scenario may carry a lesson that no player could play.
std::optional<Error> lesson_error(const Scenario& scenario) {
    if (scenario.lesson.empty()) return std::nullopt;
    const Result<Lesson> lesson = read_lesson(scenario);
    if (lesson) return std::nullopt;
    return lesson.error();
}

int act_check(const Arguments& arguments) {
    if (arguments.words().empty())
        return bad_input({"", "check needs at least one scenario", "see scaleground check --help"});
    // All are read first: with one bad file among them nothing is said on standard output.
    std::string fine;
    int status = exit_fine;
    for (const std::string& name : arguments.words()) {
        Result<Source> source = load_source(name);
        const std::optional<Error> error = source ? lesson_error(source->scenario) : source.error();
        if (error)
            status = bad_input({error->path.starts_with("$") ? name + ": " + error->path : error->path,
                                error->what, error->hint});
        else
            fine += "ok  " + name + "\n";
    }
    if (status == exit_fine) print(fine);
    return status;
}

int encode(const std::string& name) {
    Result<Source> source = load_source(name);
    if (!source) return bad_input(source.error());
    const std::string link = encode_link(source->scenario);
    if (const std::optional<Error> error = link_too_long(link))
        return bad_input({name, error->what, error->hint});
    print(link + "\n");
    if (progress_is_terminal()) {
        const std::string note = grouped(link.size()) + " characters\n";
        std::fwrite(note.data(), 1, note.size(), stderr);
    }
    return exit_fine;
}

int decode(const std::string& given) {
    std::string text = given;
    if (given == "-") {
        Result<std::string> input = read_file("-");
        if (!input) return bad_input(input.error());
        text = *input;
        text.erase(text.find_last_not_of(" \t\r\n") + 1);
    }
    Result<Scenario> scenario = decode_link(text);
    if (!scenario) return bad_input(scenario.error());
    if (std::optional<Error> error = validate(*scenario)) return bad_input(*error);
    std::string json = write_scenario(*scenario);
    if (!json.ends_with('\n')) json += '\n';
    print(json);
    return exit_fine;
}

int act_link(const Arguments& arguments) {
    const std::vector<std::string>& words = arguments.words();
    if (words.size() == 2 && words[0] == "encode") return encode(words[1]);
    if (words.size() == 2 && words[0] == "decode") return decode(words[1]);
    const bool known = !words.empty() && (words[0] == "encode" || words[0] == "decode");
    if (!words.empty() && !known) {
        const std::vector<std::string> names{"encode", "decode"};
        return bad_input({"link " + words[0], "expected encode or decode", hint_for(words[0], names)});
    }
    return bad_input({"", "expected \"link encode SCENARIO\" or \"link decode LINK\"", ""});
}

Error broken(const EmbeddedScenario& one, const Error& error) {
    return {std::string(one.path) + (error.path.empty() ? "" : ": " + error.path), error.what, error.hint};
}

int act_lessons(const Arguments& arguments) {
    if (!arguments.words().empty()) return bad_input({"", "lessons takes no scenario", ""});
    Result<Language> language = language_from(arguments.text("--lang"));
    if (!language) return bad_input(language.error());
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    Table table;
    table.column("id", Table::Side::left, 0);
    table.column("nodes", Table::Side::right, 1);
    table.column("title", Table::Side::left, 0);
    for (const EmbeddedScenario& one : embedded_scenarios()) {
        Result<Scenario> scenario = read_scenario(one.text);
        if (!scenario) {
            complain(broken(one, scenario.error()).sentence());
            return exit_internal;
        }
        list.push_back({{"id", one.id},
                        {"path", one.path},
                        {"title", {{"en", scenario->title.en}, {"ko", scenario->title.ko}}},
                        {"nodes", scenario->nodes.size()},
                        {"lesson", !scenario->lesson.empty()}});
        table.row(
            {std::string(one.id), std::to_string(scenario->nodes.size()), pick(scenario->title, *language)});
    }
    if (arguments.has("--json"))
        print(list.dump(2) + "\n");
    else
        print(table.text(terminal_width(), Paint::for_output()));
    return exit_fine;
}

int act_schema(const Arguments& arguments) {
    if (!arguments.words().empty()) return bad_input({"", "schema takes no argument", ""});
    std::string schema = scenario_schema();
    if (!schema.ends_with('\n')) schema += '\n';
    print(schema);
    return exit_fine;
}

constexpr OptionRecord k_lessons_options[] = {k_json_option, k_lang_option};

constexpr OptionRecord k_check_options[] = {k_lang_option};

constexpr const char* k_check_help =
    "Reads scenarios and says \"ok\" for each, or what is wrong with each and where (exit status 2).\n";
constexpr const char* k_link_help =
    "encode prints the share link of a scenario; decode prints the scenario in a link as canonical JSON.\n"
    "A link is what follows the page's address: put it behind the address where the playground is served.\n"
    "\n"
    "  scaleground link encode design.json\n"
    "  scaleground link decode \"https://example.org/#s=1...\" > design.json\n";
constexpr const char* k_lessons_help =
    "Lists the scenarios that come with the command; their ids work as SCENARIO.\n";
constexpr const char* k_schema_help = "Prints the JSON Schema of scenarios, generated from the kinds.\n";

} // namespace

const CommandRecord k_check_command{"check",      "SCENARIO...",   "validate only",
                                    k_check_help, k_check_options, act_check};
const CommandRecord k_link_command{"link",  "encode SCENARIO | decode LINK", "share links", k_link_help, {},
                                   act_link};
const CommandRecord k_lessons_command{
    "lessons",         "",         "list the scenarios that come with the command", k_lessons_help,
    k_lessons_options, act_lessons};
const CommandRecord k_schema_command{"schema",      "", "print the JSON Schema of scenarios",
                                     k_schema_help, {}, act_schema};

} // namespace scale::cli
