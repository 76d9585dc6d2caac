// scaleground review: what a design tells without being run.
#include "command.hpp"
#include "format.hpp"
#include "output.hpp"
#include "scale/insight.hpp"
#include "source.hpp"
#include "terminal.hpp"
#include "words.hpp"

namespace scale::cli {

namespace {

constexpr OptionRecord k_options[] = {k_set_option, k_json_option, k_lang_option};

class ReviewReport {
public:
    ReviewReport(const Scenario& scenario, const Review& review, Language language)
        : scenario_(scenario), review_(review), language_(language), paint_(Paint::for_output()),
          width_(terminal_width()) {}

    std::string text() {
        out_ += paint_(Tone::strong, cut_to(pick(scenario_.title, language_), width_)) + "\n";
        heading(words::k_rules);
        for (const RuleCheck& rule : review_.rules) {
            const char* const mark = rule.verdict == Verdict::yes  ? "✓"
                                     : rule.verdict == Verdict::no ? "✕"
                                                                   : "–";
            const Tone tone = rule.verdict == Verdict::yes  ? Tone::good
                              : rule.verdict == Verdict::no ? Tone::bad
                                                            : Tone::dim;
            line(paint_(tone, mark) + " " + pick(rule.name, language_), pick(rule.reason, language_));
        }
        heading(words::k_single_points);
        if (review_.single_points.empty()) out_ += std::string("  ") + pick(words::k_none, language_) + "\n";
        for (const SinglePoint& one : review_.single_points) item(pick(one.sentence, language_), Tone::warn);
        heading(words::k_capacity);
        for (const TierLoad& one : review_.tiers)
            item(pick(one.sentence, language_), one.utilization > 0.7 ? Tone::warn : Tone::plain);
        if (review_.data_gaps.empty()) return out_;
        heading(words::k_data_gaps);
        for (const Text& one : review_.data_gaps) item(pick(one, language_), Tone::plain);
        return out_;
    }

private:
    void heading(const Words& words) { out_ += "\n" + paint_(Tone::strong, pick(words, language_)) + "\n"; }
    void line(const std::string& left, const std::string& right) {
        out_ += "  " + left + "\n" + paint_(Tone::dim, wrapped(right, width_, 4));
    }
    void item(const std::string& text, Tone tone) { out_ += paint_(tone, wrapped(text, width_, 2)); }

    const Scenario& scenario_;
    const Review& review_;
    Language language_;
    Paint paint_;
    std::size_t width_;
    std::string out_;
};

int act_review(const Arguments& arguments) {
    if (arguments.words().size() != 1)
        return bad_input({"",
                          arguments.words().empty() ? "review needs a scenario" : "review takes one scenario",
                          "see scaleground review --help"});
    const Result<Language> language = language_from(arguments.text("--lang"));
    if (!language) return bad_input(language.error());
    Result<Source> source = load_source(arguments.words()[0]);
    if (!source) return bad_input(source.error());
    if (std::optional<Error> error = apply_settings(source->scenario, arguments)) return bad_input(*error);
    const Review seen = review(source->scenario);
    print(arguments.has("--json") ? review_json(source->scenario, seen) + "\n"
                                  : ReviewReport(source->scenario, seen, *language).text());
    return exit_fine;
}

constexpr const char* k_help =
    "Looks a design over without running it: the eight rules of growing from one server to millions of\n"
    "users, what stands alone, how full every tier is (by theory, as the design begins), and where data can\n"
    "be lost.\n"
    "\n"
    "  scaleground review 04-load-balancer\n"
    "  scaleground review design.json --set users.rate_per_s=2000 --json\n";

} // namespace

const CommandRecord k_review_command{"review", "SCENARIO", "look a design over without running it",
                                     k_help,   k_options,  act_review};

} // namespace scale::cli
