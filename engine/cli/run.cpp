// scaleground run: one scenario, one or several seeds.
#include "run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "command.hpp"
#include "core/hash.hpp"
#include "format.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "scale/errors.hpp"
#include "scale/insight.hpp"
#include "terminal.hpp"

namespace scale::cli {

namespace {

constexpr std::uint64_t k_most_seeds = 1000;
constexpr double k_most_seed = 9007199254740992.0; // 2^53
constexpr std::uint64_t k_slice_events = 200'000;  // between looks at Ctrl-C and the progress line

constexpr OptionRecord k_options[] = {
    {"--seed", "N", "seed of the random numbers, instead of the scenario's"},
    {"--seeds", "K", "run with K seeds, N to N+K-1; every figure gets a 95 % interval"},
    {"--until", "S", "stop at S seconds of simulated time instead of the scenario's duration"},
    k_set_option,
    {"--assert", "EXPR", "\"p99_ms < 250\"; \"slo\" asserts all that the design promises", true},
    {"--start", nullptr, "of a lesson: the design that it starts from"},
    {"--events-limit", "N", "stop after N simulated events"},
    k_json_option,
    {"--quiet", nullptr, "print nothing but failed assertions"},
    k_lang_option};

Time to_time(double seconds) { return static_cast<Time>(seconds * 1e9 + 0.5); }

std::vector<Check> promised_checks(const Slo& slo) {
    std::vector<Check> out;
    for (const Assertion& assertion : promises(slo)) {
        Check check;
        check.text = assertion.name + " " + assertion.comparison + " " + plain_number(assertion.bound);
        check.assertion = assertion;
        check.promised = true;
        out.push_back(check);
    }
    return out;
}

// Fills request.checks; names are looked up in a world that has not run, so that a typing error costs no run.
std::optional<Error> read_checks(RunRequest& request, const Arguments& arguments) {
    request.checks = promised_checks(request.source.scenario.slo);
    const bool has_slo = !request.checks.empty();
    const World world(request.source.scenario);
    for (const std::string& text : arguments.all("--assert")) {
        const Error where{"--assert " + in_quotes(text), "", ""};
        if (text == "slo") {
            if (!has_slo) return Error{where.path, "the scenario promises nothing", "it has no \"slo\""};
            request.slo_decides = true;
            continue;
        }
        Result<Assertion> assertion = parse_assertion(text);
        if (!assertion) return Error{where.path, assertion.error().what, assertion.error().hint};
        if (std::isnan(result_value(world, assertion->name))) {
            const std::string near = nearest_result_name(world, assertion->name);
            if (near != assertion->name)
                return Error{where.path, "there is no figure " + in_quotes(assertion->name),
                             near.empty() ? "" : "did you mean " + in_quotes(near) + "?"};
        }
        Check check;
        check.text = text;
        check.assertion = *assertion;
        request.checks.push_back(check);
    }
    return std::nullopt;
}

Check goal_check(const Assertion& part) {
    Check check;
    check.text = part.name + " " + part.comparison + " " + plain_number(part.bound);
    check.assertion = part;
    check.goal = true;
    return check;
}

// The goal of the scenario's lesson, and with --start the design that the lesson starts from.
std::optional<Error> read_goal(RunRequest& request, const Arguments& arguments) {
    Scenario& scenario = request.source.scenario;
    if (scenario.lesson.empty()) {
        if (arguments.has("--start")) return Error{"--start", "this scenario has no lesson", ""};
        return std::nullopt;
    }
    Result<Lesson> lesson = arguments.has("--start") ? read_lesson(scenario) : read_lesson_alone(scenario);
    if (!lesson) return lesson.error();
    if (arguments.has("--start")) {
        Result<Scenario> start = lesson_start(scenario, *lesson);
        if (!start) return start.error();
        scenario = std::move(*start);
    }
    if (lesson->goal) request.lesson = std::move(*lesson);
    return std::nullopt;
}

std::optional<Error> read_time(RunRequest& request, const Arguments& arguments) {
    const Scenario& scenario = request.source.scenario;
    Result<double> until = arguments.number("--until", scenario.duration_s, 1e-9, limits::k_duration_s);
    if (!until) return until.error();
    if (arguments.has("--until") && *until <= scenario.warmup_s)
        return Error{"--until",
                     "nothing is measured before the warm-up of " + plain_number(scenario.warmup_s) +
                         " s is over",
                     "a larger value, or --set warmup_s=0"};
    request.until = to_time(*until);
    return std::nullopt;
}

std::optional<Error> read_seeds(RunRequest& request, const Arguments& arguments) {
    Scenario& scenario = request.source.scenario;
    const auto most = static_cast<std::uint64_t>(k_most_seed);
    Result<std::uint64_t> seeds = arguments.whole("--seeds", 1, 2, k_most_seeds);
    if (!seeds) return seeds.error();
    Result<std::uint64_t> seed = arguments.whole("--seed", scenario.seed, 0, most);
    if (!seed) return seed.error();
    if (*seed > most - (*seeds - 1)) return Error{"--seeds", "the last seed would be larger than 2^53", ""};
    scenario.seed = *seed;
    request.seeds = *seeds;
    return std::nullopt;
}

std::optional<Error> read_request(RunRequest& request, const Arguments& arguments) {
    if (arguments.words().size() != 1)
        return Error{"", arguments.words().empty() ? "run needs a scenario" : "run takes one scenario",
                     "see scaleground run --help"};
    Result<Language> language = language_from(arguments.text("--lang"));
    if (!language) return language.error();
    request.language = *language;
    request.json = arguments.has("--json");
    request.quiet = arguments.has("--quiet");
    Result<std::uint64_t> limit =
        arguments.whole("--events-limit", request.event_limit, 1, 999'999'999'999'999'999);
    if (!limit) return limit.error();
    request.event_limit = *limit;
    Result<Source> source = load_source(arguments.words()[0]);
    if (!source) return source.error();
    request.source = std::move(*source);
    if (std::optional<Error> error = read_goal(request, arguments)) return error;
    if (std::optional<Error> error = apply_settings(request.source.scenario, arguments)) return error;
    if (std::optional<Error> error = read_seeds(request, arguments)) return error;
    if (std::optional<Error> error = read_time(request, arguments)) return error;
    if (std::optional<Error> error = read_checks(request, arguments)) return error;
    if (request.lesson)
        for (const Assertion& part : request.lesson->goal->all) request.checks.push_back(goal_check(part));
    return std::nullopt;
}

Ending advance(World& world, const RunRequest& request, Progress& progress) {
    std::uint64_t left = request.event_limit;
    while (true) {
        const std::uint64_t budget = std::min(left, k_slice_events);
        if (world.run_until(request.until, budget)) return Ending::complete;
        if (left != ~std::uint64_t{0}) left -= budget;
        if (left == 0) return Ending::event_limit;
        if (interrupted()) return Ending::interrupted;
        progress.show(world, request.until);
    }
}

double workers_busy(const World& world, int node) {
    const std::span<const MetricRecord> metrics =
        world.scenario().nodes[static_cast<std::size_t>(node)].kind->metrics;
    for (std::size_t i = 0; i < metrics.size(); ++i)
        if (std::string_view(metrics[i].id) == "workers_busy") return world.metric(node, static_cast<int>(i));
    return NAN;
}

// The lesson's goal, over its own time: on the world that has run where that is the same time, otherwise
// again.
void check_goal(const RunRequest& request, const World& ran, RunFigures& out) {
    if (!request.lesson) return;
    const Goal& goal = *request.lesson->goal;
    const Scenario wanted = goal_run(ran.scenario(), goal);
    std::optional<World> again;
    if (!(wanted == ran.scenario()) || ran.now() != to_time(goal.until_s)) {
        again.emplace(wanted);
        while (!again->run_until(to_time(goal.until_s), k_slice_events) && !interrupted()) continue;
    }
    const World& world = again ? *again : ran;
    bool met = true;
    for (const GoalPart& part : judge_goal(world, goal)) {
        out.checked.push_back(part.measured);
        met = met && part.met;
    }
    const Feedback* feedback = met ? nullptr : feedback_for(world, *request.lesson);
    if (feedback != nullptr) out.feedback = pick(feedback->text, request.language);
}

RunFigures run_once(const RunRequest& request, std::uint64_t seed, Progress& progress) {
    Scenario scenario = request.source.scenario;
    scenario.seed = seed;
    World world(scenario);
    RunFigures out;
    out.seed = seed;
    const Stopwatch watch;
    out.ending = advance(world, request, progress);
    out.wall_s = watch.seconds();
    out.now_s = static_cast<double>(world.now()) / 1e9;
    out.digest = digest_text(world.digest());
    out.totals = world.totals();
    out.cause = cause_of_run(world).sentence;
    for (const NotDone& one : world.not_done()) out.not_done.push_back(error_text(one.why));
    out.usd_per_million = cost_of(world).usd_per_million_requests;
    for (int i = 0; i < static_cast<int>(scenario.nodes.size()); ++i) {
        out.nodes.push_back(world.node_totals(i));
        out.now.push_back(world.node_now(i));
        out.workers_busy.push_back(workers_busy(world, i));
    }
    for (const Check& check : request.checks)
        if (!check.goal) out.checked.push_back(measured_value(world, check.assertion.name));
    check_goal(request, world, out);
    if (request.json) out.json = results_json(world, RunFacts{out.wall_s});
    return out;
}

std::vector<RunFigures> run_all(const RunRequest& request) {
    Progress progress(!request.quiet, request.seeds);
    std::vector<RunFigures> runs;
    for (std::uint64_t i = 0; i < request.seeds && !interrupted(); ++i) {
        progress.start_run(i);
        RunFigures figures = run_once(request, request.source.scenario.seed + i, progress);
        // Of several seeds only whole runs count; a part of the first one is better than nothing.
        if (figures.ending != Ending::interrupted || runs.empty()) runs.push_back(std::move(figures));
    }
    return runs;
}

void judge(RunRequest& request, const std::vector<RunFigures>& runs) {
    for (std::size_t i = 0; i < request.checks.size(); ++i) {
        std::vector<double> values;
        for (const RunFigures& run : runs) values.push_back(run.checked[i]);
        Check& check = request.checks[i];
        check.measured = estimate(values);
        check.held = holds(check.assertion, check.measured.mean);
    }
}

// Failed assertions go to stderr where the report does not show them.
int status_of(const RunRequest& request) {
    int status = exit_fine;
    for (const Check& check : request.checks) {
        if (check.held || (check.promised && !request.slo_decides)) continue;
        status = exit_failed;
        const std::string measured =
            std::isnan(check.measured.mean) ? "nothing" : plain_number(check.measured.mean);
        if (request.json || request.quiet)
            complain(std::string(check.goal ? "goal missed: " : "assertion failed: ") + check.text +
                     ", measured " + measured);
    }
    return interrupted() ? static_cast<int>(exit_interrupted) : status;
}

int act_run(const Arguments& arguments) {
    RunRequest request;
    if (std::optional<Error> error = read_request(request, arguments)) return bad_input(*error);
    catch_interrupt();
    const std::vector<RunFigures> runs = run_all(request);
    judge(request, runs);
    if (request.json && !request.quiet) print(report_json(request, runs));
    if (!request.json && !request.quiet) print(report_text(request, runs));
    return status_of(request);
}

constexpr const char* k_help =
    "Runs a scenario and prints what was measured after its warm-up.\n"
    "\n"
    "Figures for --assert: mean_ms, p50_ms, p90_ms, p95_ms, p99_ms, p999_ms, max_ms, availability,\n"
    "throughput_per_s, cost_usd_per_month, requests.failed, nodes.ID.utilization and every other number of\n"
    "--json by its dotted name. Comparisons: < <= > >= == !=. With --seeds the mean over the seeds is "
    "compared.\n"
    "The goal of a lesson is measured too, over its own time, and decides the exit status; --start shows "
    "where the\nlesson begins.\n"
    "A broken promise of the design's slo is shown; it decides the exit status only with --assert slo.\n"
    "--json prints the same object as the page's metrics(); with --seeds every figure is {\"mean\", "
    "\"ci95\"}.\n"
    "Ctrl-C prints what was measured so far.\n"
    "\n"
    "  scaleground run 04-load-balancer --until 120\n"
    "  scaleground run design.json --set db.connections=16 --set \"web->db.latency_ms=2\"\n";

} // namespace

std::string digest_text(std::uint64_t digest) {
    char buffer[20];
    std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(digest));
    return buffer;
}

std::string combined_digest(const std::vector<RunFigures>& runs) {
    if (runs.size() == 1) return runs[0].digest;
    core::Digest all;
    for (const RunFigures& run : runs) all.add(std::strtoull(run.digest.c_str(), nullptr, 16));
    return digest_text(all.value());
}

const CommandRecord k_run_command{"run", "SCENARIO", "simulate and report", k_help, k_options, act_run};

} // namespace scale::cli
