// scaleground headroom: how much more load a design takes, and what breaks first.
#include <cmath>

#include "command.hpp"
#include "format.hpp"
#include "jobs.hpp"
#include "scale/analysis.hpp"
#include "source.hpp"
#include "terminal.hpp"
#include "words.hpp"

namespace scale::cli {

namespace {

constexpr std::uint64_t k_most_seeds = 100;

constexpr OptionRecord k_options[] = {
    {"--slo", "EXPR", "what must hold, instead of the design's own slo: \"p99_ms < 250\"", true},
    {"--seeds", "K", "runs at every load that is tried (default 3)"},
    k_set_option,
    k_json_option,
    k_lang_option};

Result<std::vector<Assertion>> read_promises(const Scenario& scenario, const Arguments& arguments) {
    std::vector<Assertion> out;
    if (!arguments.has("--slo")) out = promises(scenario.slo);
    for (const std::string& text : arguments.all("--slo")) {
        Result<Assertion> assertion = parse_assertion(text);
        const std::string where = "--slo " + in_quotes(text);
        if (!assertion) return Error{where, assertion.error().what, assertion.error().hint};
        const World world(scenario);
        if (std::isnan(result_value(world, assertion->name))) {
            const std::string near = nearest_result_name(world, assertion->name);
            return Error{where, "there is no figure " + in_quotes(assertion->name),
                         near.empty() ? "" : "did you mean " + in_quotes(near) + "?"};
        }
        out.push_back(*assertion);
    }
    if (out.empty())
        return Error{"", "the scenario promises nothing", "say what must hold: --slo \"p99_ms < 250\""};
    return out;
}

std::string report(const Source& source, const Headroom& found, Language language) {
    const Paint paint = Paint::for_output();
    const std::string& title = pick(source.scenario.title, language);
    std::string out = paint(Tone::strong, title.empty() ? source.name : title) + "\n";
    out += wrapped(headroom_sentence(source.scenario, found, language), terminal_width(), 0);
    if (found.expected > 0)
        out += paint(Tone::dim, filled(pick(words::k_expected_limit, language),
                                       {significant(found.expected, 3), std::to_string(found.runs)})) +
               "\n";
    return out;
}

int act_headroom(const Arguments& arguments) {
    if (arguments.words().size() != 1)
        return bad_input(
            {"", arguments.words().empty() ? "headroom needs a scenario" : "headroom takes one scenario",
             "see scaleground headroom --help"});
    const Result<Language> language = language_from(arguments.text("--lang"));
    if (!language) return bad_input(language.error());
    const Result<std::uint64_t> seeds = arguments.whole("--seeds", 3, 1, k_most_seeds);
    if (!seeds) return bad_input(seeds.error());
    Result<Source> source = load_source(arguments.words()[0]);
    if (!source) return bad_input(source.error());
    if (std::optional<Error> error = apply_settings(source->scenario, arguments)) return bad_input(*error);
    const Result<std::vector<Assertion>> promised = read_promises(source->scenario, arguments);
    if (!promised) return bad_input(promised.error());
    HeadroomSearch job(source->scenario, *promised, *seeds);
    const bool whole = run_job(job);
    const Headroom& found = job.result();
    if (!whole && found.runs == 0) return exit_interrupted;
    print(arguments.has("--json") ? headroom_json(source->scenario, found) + "\n"
                                  : report(*source, found, *language));
    if (!whole) return exit_interrupted;
    return found.multiple < 1 ? static_cast<int>(exit_failed) : static_cast<int>(exit_fine);
}

constexpr const char* k_help =
    "Finds the largest multiple of the load at which every promise still holds: the rates of open clients "
    "and\n"
    "the users of closed ones are multiplied. Theory says where to look, runs decide, to within 2 %.\n"
    "The design is taken as it stands at its beginning: events are left out. Long runs of heavy loads are "
    "cut\n"
    "short; where even that is too much to simulate, the answer is theory's and says so.\n"
    "Leaves with status 1 when the design does not keep its promises at its own load.\n"
    "\n"
    "  scaleground headroom 04-load-balancer\n"
    "  scaleground headroom design.json --slo \"p99_ms < 250\" --slo \"availability >= 0.999\"\n";

} // namespace

const CommandRecord k_headroom_command{
    "headroom", "SCENARIO", "how much more load it takes, and what breaks first",
    k_help,     k_options,  act_headroom};

} // namespace scale::cli
