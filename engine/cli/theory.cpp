// scaleground theory: closed forms beside a measured run.
#include <cmath>
#include <string>

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

constexpr OptionRecord k_options[] = {{"--seeds", "K", "measure with K seeds (default 5)"},
                                      {"--no-run", nullptr, "theory alone, in milliseconds, at any load"},
                                      k_set_option,
                                      k_json_option,
                                      k_lang_option};

// The last part of a dotted name: "p50".
std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

class TheoryReport {
public:
    TheoryReport(const Scenario& scenario, const Prediction& prediction, const Measurement* measured,
                 Language language)
        : scenario_(scenario), prediction_(prediction), measured_(measured), language_(language),
          paint_(Paint::for_output()), width_(terminal_width()) {}

    std::string text() {
        out_ += paint_(Tone::strong, cut_to(pick(scenario_.title, language_), width_)) + "\n";
        if (measured_ != nullptr)
            line(filled(say(words::k_theory_measured), {std::to_string(measured_->runs().size())}));
        assumptions(prediction_.assumptions, 0);
        out_ += "\n";
        heading(say(words::k_whole), pick(trust_words(prediction_.trust), language_), prediction_.steady);
        figures(-1);
        for (std::size_t i = 0; i < scenario_.nodes.size(); ++i) node(static_cast<int>(i));
        return out_;
    }

private:
    const char* say(const Words& words) const { return pick(words, language_); }
    void line(const std::string& text) { out_ += paint_(Tone::dim, wrapped(text, width_, 0)); }

    void heading(const std::string& name, const std::string& method, bool steady) {
        out_ += paint_(Tone::strong, name) + "  " + method;
        if (!steady) out_ += "  " + paint_(Tone::bad, say(words::k_unsteady));
        out_ += "\n";
    }

    void assumptions(const std::vector<Words>& list, std::size_t indent) {
        for (const Words& words : list)
            out_ += paint_(Tone::dim, wrapped(pick(words, language_), width_ - indent, indent));
    }

    void node(int index) {
        const NodePrediction& seen = prediction_.nodes[static_cast<std::size_t>(index)];
        const NodeDef& def = scenario_.nodes[static_cast<std::size_t>(index)];
        if ((def.kind->role & role_group) != 0 && std::isnan(seen.utilization)) return;
        std::string method = pick(seen.method, language_);
        if (seen.trust != Trust::exact && seen.trust != Trust::none)
            method += std::string(" · ") + pick(trust_words(seen.trust), language_);
        out_ += "\n";
        heading(def.id, method, seen.steady);
        figures(index);
        assumptions(seen.assumptions, 2);
    }

    // "  p50   41.8 ±0.6 ms   theory 41.7 ms", columns aligned.
    void figures(int node) {
        Table table;
        table.column("", Table::Side::left, 0);
        if (measured_ != nullptr) table.column(say(words::k_measured), Table::Side::right, 0);
        table.column(say(words::k_theory), Table::Side::right, 0);
        table.column("", Table::Side::left, 1);
        bool any = false;
        const std::vector<Beside> list =
            measured_ != nullptr ? beside(scenario_, prediction_, *measured_, node) : theory_alone(node);
        for (const Beside& one : list) {
            any = true;
            std::vector<std::string> cells{"  " + last_part(one.name)};
            if (measured_ != nullptr) cells.push_back(shown(one.name, one.measured.mean, one.measured.ci95));
            cells.push_back(shown(one.name, one.theory, NAN));
            cells.push_back(verdict(one));
            table.row(std::move(cells));
        }
        if (any) out_ += table.text(width_, paint_);
    }

    // The same list where nothing was measured.
    std::vector<Beside> theory_alone(int node) const {
        std::vector<Beside> out;
        const auto add = [&](const char* name, double theory, Trust trust) {
            if (!std::isnan(theory)) out.push_back({name, theory, trust, {NAN, NAN}});
        };
        const auto latency = [&](const Latency& of, Trust mean, Trust percentiles) {
            add("latency_ms.mean", of.mean, mean);
            add("latency_ms.p50", of.p50, percentiles);
            add("latency_ms.p90", of.p90, percentiles);
            add("latency_ms.p95", of.p95, percentiles);
            add("latency_ms.p99", of.p99, percentiles);
            add("latency_ms.p999", of.p999, percentiles);
        };
        if (node < 0) {
            add("throughput_per_s", prediction_.throughput_per_s, prediction_.trust);
            add("availability", prediction_.availability, prediction_.trust);
            latency(prediction_.latency_ms, prediction_.trust, prediction_.percentiles);
            return out;
        }
        const NodePrediction& seen = prediction_.nodes[static_cast<std::size_t>(node)];
        add("arrivals_per_s", seen.arrivals_per_s, seen.trust);
        add("utilization", seen.utilization, seen.trust);
        add("workers_busy", seen.workers_busy, seen.trust);
        add("queue_mean", seen.queue_mean, seen.trust);
        add("in_flight_mean", seen.in_flight_mean, seen.trust);
        add("wait_ms_mean", seen.wait_ms_mean, seen.trust);
        latency(seen.latency_ms, seen.trust, seen.percentiles);
        const std::span<const MetricRecord> metrics =
            scenario_.nodes[static_cast<std::size_t>(node)].kind->metrics;
        for (std::size_t i = 0; i < metrics.size(); ++i) add(metrics[i].id, seen.metrics[i], seen.trust);
        return out;
    }

    static std::string shown(const std::string& name, double value, double plus_minus) {
        const std::string part = last_part(name);
        if (std::isinf(value)) return "∞";
        if (name.find("latency_ms.") != std::string::npos || part == "wait_ms_mean")
            return milliseconds(value, plus_minus);
        std::string out = significant(value, part == "availability" && value > 0.9 ? 5 : 3);
        if (plus_minus > 0) out += " ±" + significant(plus_minus, 2);
        return out;
    }

    // How far apart they are, where that is more than the interval allows.
    std::string verdict(const Beside& one) const {
        if (one.trust != Trust::exact) return paint_(Tone::dim, pick(trust_words(one.trust), language_));
        if (measured_ == nullptr || std::isnan(one.measured.ci95)) return "";
        const double gap = std::abs(one.theory - one.measured.mean);
        if (gap <= one.measured.ci95 || std::abs(one.theory) < 1e-6) return "";
        return paint_(Tone::dim, filled(say(words::k_apart), {percent(gap / std::abs(one.theory))}));
    }

    const Scenario& scenario_;
    const Prediction& prediction_;
    const Measurement* measured_;
    Language language_;
    Paint paint_;
    std::size_t width_;
    std::string out_;
};

int act_theory(const Arguments& arguments) {
    if (arguments.words().size() != 1)
        return bad_input({"",
                          arguments.words().empty() ? "theory needs a scenario" : "theory takes one scenario",
                          "see scaleground theory --help"});
    const Result<Language> language = language_from(arguments.text("--lang"));
    if (!language) return bad_input(language.error());
    const Result<std::uint64_t> seeds = arguments.whole("--seeds", 5, 1, k_most_seeds);
    if (!seeds) return bad_input(seeds.error());
    Result<Source> source = load_source(arguments.words()[0]);
    if (!source) return bad_input(source.error());
    Scenario scenario = without_events(source->scenario);
    if (std::optional<Error> error = apply_settings(scenario, arguments)) return bad_input(*error);
    const Prediction prediction = predict(scenario);
    const bool json = arguments.has("--json");
    if (arguments.has("--no-run")) {
        print(json ? prediction_json(scenario, prediction) + "\n"
                   : TheoryReport(scenario, prediction, nullptr, *language).text());
        return exit_fine;
    }
    Measurement measured(scenario, *seeds);
    const bool whole = run_job(measured);
    if (measured.runs().empty()) return exit_interrupted;
    print(json ? theory_json(scenario, prediction, measured) + "\n"
               : TheoryReport(scenario, prediction, &measured, *language).text());
    return whole ? static_cast<int>(exit_fine) : static_cast<int>(exit_interrupted);
}

constexpr const char* k_help =
    "What queueing theory expects of a design in the long run, beside what was measured (± is the 95 %\n"
    "interval of the mean over the seeds).\n"
    "\n"
    "Every node says which closed form describes it and how far it may be trusted: exact, approximate, "
    "lower\n"
    "bound, or no closed form. Where an exact figure lies outside the interval, the distance is shown; one "
    "in\n"
    "twenty does by chance. The design is taken as it stands at its beginning: events are left out, in "
    "theory\n"
    "and in the runs. --no-run takes milliseconds at any load, a billion users included.\n"
    "\n"
    "  scaleground theory gallery/queueing-basics\n"
    "  scaleground theory design.json --set users.rate_per_s=1000000 --no-run\n";

} // namespace

const CommandRecord k_theory_command{"theory", "SCENARIO", "closed forms beside a measured run",
                                     k_help,   k_options,  act_theory};

} // namespace scale::cli
