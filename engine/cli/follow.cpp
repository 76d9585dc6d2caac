// scaleground follow: one request as a waterfall of what happened to it.
#include <algorithm>
#include <cmath>

#include "command.hpp"
#include "format.hpp"
#include "jobs.hpp"
#include "output.hpp"
#include "scale/insight.hpp"
#include "source.hpp"
#include "terminal.hpp"
#include "words.hpp"

namespace scale::cli {

namespace {

constexpr double k_most_request = 4e9;

constexpr OptionRecord k_options[] = {
    {"--request", "N", "the N-th request of the run"},
    {"--key", "K", "the first requests for this key (0 is the most popular)"},
    {"--slowest", nullptr, "the one that took longest"},
    {"--at", "S", "look from S seconds of simulated time on"},
    k_set_option,
    k_json_option,
    k_lang_option};

struct Asked {
    Follow::By by = Follow::By::slowest;
    std::uint64_t number = 0;
};

Result<Asked> read_asked(const Arguments& arguments) {
    const int given =
        int{arguments.has("--request")} + int{arguments.has("--key")} + int{arguments.has("--slowest")};
    if (given > 1) return Error{"", "--request, --key and --slowest exclude each other", "give one of them"};
    const auto most = static_cast<std::uint64_t>(k_most_request);
    if (arguments.has("--request")) {
        Result<std::uint64_t> number = arguments.whole("--request", 1, 1, most);
        if (!number) return number.error();
        return Asked{Follow::By::request, *number};
    }
    if (!arguments.has("--key")) return Asked{};
    Result<std::uint64_t> key = arguments.whole("--key", 0, 0, most);
    if (!key) return key.error();
    return Asked{Follow::By::key, *key};
}

class Waterfall {
public:
    Waterfall(const Scenario& scenario, Language language)
        : scenario_(scenario), language_(language), paint_(Paint::for_output()), width_(terminal_width()) {}

    std::string text(const Followed& one) {
        const double total_ms = (one.end_s - one.start_s) * 1e3;
        std::string out = paint_(
            Tone::strong, filled(say(words::k_followed), {grouped(one.request), grouped(one.key),
                                                          plain_number(std::round(one.start_s * 1e3) / 1e3),
                                                          milliseconds(total_ms)}));
        out += "  " + ending(one) + "\n";
        Table table;
        table.column("ms", Table::Side::right, 0);
        table.column(say(words::k_tier), Table::Side::left, 0);
        table.column(say(words::k_what_happens), Table::Side::left, 0);
        table.column(say(words::k_takes), Table::Side::right, 0);
        table.column("", Table::Side::left, 0);
        for (const Span& span : one.spans) row(table, span, one.spans.front().start, total_ms);
        return out + table.text(width_, paint_);
    }

private:
    const char* say(const Words& words) const { return pick(words, language_); }
    const std::string& id(std::uint16_t node) const { return scenario_.nodes[node].id; }

    std::string ending(const Followed& one) const {
        if (!one.answered) return paint_(Tone::warn, say(words::k_no_answer));
        const Words* const outcomes[] = {&words::k_completed, &words::k_failed, &words::k_rejected,
                                         &words::k_timed_out};
        return paint_(one.outcome == Outcome::served ? Tone::good : Tone::bad,
                      say(*outcomes[static_cast<std::size_t>(one.outcome)]));
    }

    std::string what(const Span& span) const {
        const Words* const phases[] = {&words::k_phase_wire,  &words::k_phase_reply, &words::k_phase_queued,
                                       &words::k_phase_work,  &words::k_phase_held,  &words::k_phase_backoff,
                                       &words::k_phase_lookup};
        std::string out = say(*phases[static_cast<std::size_t>(span.phase)]);
        if (span.attempt > 0) out += " · " + filled(say(words::k_try), {std::to_string(span.attempt + 1)});
        if (span.phase == Phase::reply) {
            if (span.hit != 0) out += std::string(" · ") + say(words::k_hit);
            if (span.behind != 0) out += " · " + filled(say(words::k_behind), {std::to_string(span.behind)});
            if (span.outcome != Outcome::served) out += std::string(" · ") + say(words::k_failed);
        }
        return out;
    }

    std::string where(const Span& span) const {
        if (span.phase == Phase::wire || span.phase == Phase::reply) {
            const EdgeDef& edge = scenario_.edges[span.edge];
            return span.phase == Phase::wire ? id(edge.from) + " → " + id(edge.to)
                                             : id(edge.from) + " ← " + id(edge.to);
        }
        return id(span.node) + (span.instance > 0 ? "[" + std::to_string(span.instance) + "]" : "");
    }

    void row(Table& table, const Span& span, Time start, double total_ms) const {
        const double at = static_cast<double>(span.start - start) / 1e6;
        const double took = static_cast<double>(span.end - span.start) / 1e6;
        constexpr double k_cells = 30;
        const double scale = total_ms > 0 ? k_cells / total_ms : 0;
        const auto from = static_cast<std::size_t>(std::clamp(at * scale, 0.0, k_cells - 1));
        const auto to = static_cast<std::size_t>(std::clamp((at + took) * scale + 0.5, 0.0, k_cells));
        std::string bar(from, ' ');
        if (took == 0) bar += "│";
        for (std::size_t i = from; i < std::max(to, from + 1) && took > 0; ++i) bar += "█";
        const Tone tone = span.phase == Phase::queued    ? Tone::warn
                          : span.phase == Phase::service ? Tone::good
                                                         : Tone::accent;
        table.row({significant(at, 4), where(span), what(span), milliseconds(took), paint_(tone, bar)});
    }

    const Scenario& scenario_;
    Language language_;
    Paint paint_;
    std::size_t width_;
};

int act_follow(const Arguments& arguments) {
    if (arguments.words().size() != 1)
        return bad_input({"",
                          arguments.words().empty() ? "follow needs a scenario" : "follow takes one scenario",
                          "see scaleground follow --help"});
    const Result<Language> language = language_from(arguments.text("--lang"));
    if (!language) return bad_input(language.error());
    const Result<Asked> asked = read_asked(arguments);
    if (!asked) return bad_input(asked.error());
    Result<Source> source = load_source(arguments.words()[0]);
    if (!source) return bad_input(source.error());
    Scenario& scenario = source->scenario;
    if (std::optional<Error> error = apply_settings(scenario, arguments)) return bad_input(*error);
    Result<double> at = arguments.number("--at", scenario.warmup_s, 0, scenario.duration_s);
    if (!at) return bad_input(at.error());
    Follow follow(scenario, (*asked).by, (*asked).number, *at);
    const bool whole = run_job(follow);
    const std::vector<Followed> found = follow.found();
    if (arguments.has("--json")) {
        print(followed_json(scenario, found) + "\n");
    } else if (found.empty()) {
        print(std::string(pick(words::k_nothing_followed, *language)) + "\n");
    } else {
        Waterfall waterfall(scenario, *language);
        std::string out;
        for (const Followed& one : found) out += (out.empty() ? "" : "\n") + waterfall.text(one);
        print(out);
    }
    return whole ? static_cast<int>(exit_fine) : static_cast<int>(exit_interrupted);
}

constexpr const char* k_help =
    "Follows requests through a run of the design: every stretch of the way, every wait, every piece of "
    "work,\n"
    "whether a cache had the key, which instance or shard answered, and how many writes of the key the "
    "answer\n"
    "did not know of yet (a replica that is behind). Without a choice, the slowest after the warm-up.\n"
    "\n"
    "  scaleground follow 04-load-balancer --slowest --at 150\n"
    "  scaleground follow design.json --key 0 --at 60\n"
    "  scaleground follow design.json --request 1000 --json\n";

} // namespace

const CommandRecord k_follow_command{"follow", "SCENARIO", "what became of one request",
                                     k_help,   k_options,  act_follow};

} // namespace scale::cli
