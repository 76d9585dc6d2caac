// scaleground compare: two designs on the same random numbers.
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

constexpr std::uint64_t k_most_seeds = 1000;
constexpr std::size_t k_shown = 15; // sentences, without --all

constexpr OptionRecord k_options[] = {
    {"--seeds", "K", "pairs of runs (default 10, at least 2)"},
    {"--seed", "N", "the first seed, instead of A's"},
    {"--set", "X=VALUE", "changes B: node.param, from->to.param, duration_s, ...", true},
    {"--all", nullptr, "every figure, not only the largest changes"},
    k_json_option,
    k_lang_option};

std::string name_of(const Source& source, Language language) {
    const std::string& title = pick(source.scenario.title, language);
    return title.empty() ? source.name : title;
}

std::string report(const Source& before, const Source& after, const Comparison& job, bool all,
                   Language language) {
    const Paint paint = Paint::for_output();
    const std::size_t width = terminal_width();
    std::string out = paint(Tone::strong, "A  " + name_of(before, language)) + "\n" +
                      paint(Tone::strong, "B  " + name_of(after, language)) + "\n";
    const std::size_t pairs = std::min(job.before().runs().size(), job.after().runs().size());
    out += paint(Tone::dim, filled(pick(words::k_pairs, language), {std::to_string(pairs)})) + "\n\n";
    std::size_t shown = 0, same = 0;
    for (const Change& change : job.changes()) {
        if (!change.significant) ++same;
        if ((!change.significant || shown >= k_shown) && !all) continue;
        out += wrapped(change_sentence(after.scenario, change, language), width, 0);
        ++shown;
    }
    if (shown == 0) out += std::string(pick(words::k_no_change, language)) + "\n";
    if (!all)
        out += paint(Tone::dim, filled(pick(words::k_unchanged, language), {std::to_string(same)})) + "\n";
    return out;
}

std::optional<Error> read_seed(Scenario& scenario, const Arguments& arguments, std::uint64_t seeds) {
    constexpr std::uint64_t k_most = 1ull << 53;
    const Result<std::uint64_t> seed = arguments.whole("--seed", scenario.seed, 0, k_most);
    if (!seed) return seed.error();
    if (*seed > k_most - seeds) return Error{"--seed", "the last seed would be larger than 2^53", ""};
    scenario.seed = *seed;
    return std::nullopt;
}

int act_compare(const Arguments& arguments) {
    const std::size_t given = arguments.words().size();
    if (given < 1 || given > 2 || (given == 1 && !arguments.has("--set")))
        return bad_input({"", "compare needs two scenarios, or one and --set for what B changes",
                          "see scaleground compare --help"});
    const Result<Language> language = language_from(arguments.text("--lang"));
    if (!language) return bad_input(language.error());
    const Result<std::uint64_t> seeds = arguments.whole("--seeds", 10, 2, k_most_seeds);
    if (!seeds) return bad_input(seeds.error());
    Result<Source> before = load_source(arguments.words()[0]);
    if (!before) return bad_input(before.error());
    Result<Source> after = given == 2 ? load_source(arguments.words()[1]) : *before;
    if (!after) return bad_input(after.error());
    if (std::optional<Error> error = apply_settings(after->scenario, arguments)) return bad_input(*error);
    if (std::optional<Error> error = read_seed(before->scenario, arguments, *seeds)) return bad_input(*error);
    Comparison job(before->scenario, after->scenario, *seeds);
    const bool whole = run_job(job);
    if (job.after().runs().size() < 2) return exit_interrupted;
    print(arguments.has("--json") ? comparison_json(after->scenario, job) + "\n"
                                  : report(*before, *after, job, arguments.has("--all"), *language));
    return whole ? static_cast<int>(exit_fine) : static_cast<int>(exit_interrupted);
}

constexpr const char* k_help =
    "Runs both designs with the same seeds, so that the same users ask for the same things at the same "
    "moments,\n"
    "and says what differs: significant changes first (their 95 % interval leaves out 0), the largest\n"
    "relative change first. Nodes are compared by id.\n"
    "\n"
    "  scaleground compare 02-own-database 03-bigger-machine\n"
    "  scaleground compare design.json --set db.connections=16 --seeds 20\n";

} // namespace

const CommandRecord k_compare_command{
    "compare", "A [B]",   "what differs between two designs, on the same random numbers",
    k_help,    k_options, act_compare};

} // namespace scale::cli
