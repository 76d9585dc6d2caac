// scaleground sweep: a grid of parameters.
#include <cmath>
#include <cstdlib>

#include "command.hpp"
#include "format.hpp"
#include "jobs.hpp"
#include "scale/analysis.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace scale::cli {

namespace {

constexpr std::uint64_t k_most_seeds = 1000;
constexpr std::uint64_t k_most_shards = 100000;

constexpr OptionRecord k_options[] = {
    {"--vary", "X=A,B,...", "an axis of the grid: node.param, from->to.param, duration_s, ...", true},
    {"--figure", "NAME", "a figure to report, instead of the usual ones: nodes.db.utilization", true},
    {"--seeds", "K", "runs at every point, seeds N to N+K-1 (default 1)"},
    {"--seed", "N", "the first seed, instead of the scenario's"},
    {"--shard", "I/N", "only every N-th point, from point I on (I = 0 .. N-1)"},
    k_set_option,
    {"--csv", nullptr, "comma-separated values, one line per point"},
    k_json_option};

std::optional<Error> read_shard(SweepPlan& plan, const Arguments& arguments) {
    const std::string text = arguments.text("--shard");
    if (text.empty()) return std::nullopt;
    const std::size_t slash = text.find('/');
    double shard = 0, shards = 0;
    const bool read = slash != std::string::npos && read_number(text.substr(0, slash), shard) &&
                      read_number(text.substr(slash + 1), shards) && shard == std::floor(shard) &&
                      shards == std::floor(shards);
    if (!read || shards < 1 || shards > k_most_shards || shard < 0 || shard >= shards)
        return Error{"--shard", "expected I/N with I from 0 to N-1, got " + in_quotes(text),
                     "for example 0/4"};
    plan.shard = static_cast<std::uint64_t>(shard);
    plan.shards = static_cast<std::uint64_t>(shards);
    return std::nullopt;
}

std::optional<Error> read_figures(SweepPlan& plan, const Scenario& scenario, const Arguments& arguments) {
    const World world(scenario);
    for (const std::string& name : arguments.all("--figure")) {
        if (std::isnan(result_value(world, name))) {
            const std::string near = nearest_result_name(world, name);
            return Error{"--figure " + in_quotes(name), "there is no such figure",
                         near.empty() ? "" : "did you mean " + in_quotes(near) + "?"};
        }
        plan.figures.push_back(name);
    }
    return std::nullopt;
}

std::optional<Error> read_plan(SweepPlan& plan, Scenario& scenario, const Arguments& arguments) {
    if (std::optional<Error> error = apply_settings(scenario, arguments)) return error;
    for (const std::string& text : arguments.all("--vary")) {
        Result<Axis> axis = parse_axis(scenario, text);
        if (!axis) return Error{"--vary " + axis.error().path, axis.error().what, axis.error().hint};
        plan.axes.push_back(*axis);
    }
    if (plan.axes.empty())
        return Error{"", "sweep needs at least one axis", "for example --vary db.connections=4,8,16"};
    const Result<std::uint64_t> seeds = arguments.whole("--seeds", 1, 1, k_most_seeds);
    if (!seeds) return seeds.error();
    plan.seeds = *seeds;
    const Result<std::uint64_t> seed =
        arguments.whole("--seed", scenario.seed, 0, (1ull << 53) - k_most_seeds);
    if (!seed) return seed.error();
    scenario.seed = *seed;
    if (std::optional<Error> error = read_shard(plan, arguments)) return error;
    if (std::optional<Error> error = read_figures(plan, scenario, arguments)) return error;
    return sweep_error(scenario, plan);
}

// For people: the same table, in columns.
std::string report(const Sweep& sweep) {
    Table table;
    for (const Axis& axis : sweep.plan().axes) table.column(axis.name, Table::Side::right, 0);
    int importance = 0;
    for (const std::string& figure : sweep.plan().figures)
        table.column(figure, Table::Side::right, importance++);
    for (const SweepRow& row : sweep.rows()) {
        std::vector<std::string> cells = row.values;
        for (const Estimate& figure : row.figures) {
            std::string cell = std::isnan(figure.mean) ? "-" : significant(figure.mean, 4);
            if (figure.ci95 > 0) cell += " ±" + significant(figure.ci95, 2);
            cells.push_back(cell);
        }
        table.row(std::move(cells));
    }
    return table.text(terminal_width(), Paint::for_output());
}

int act_sweep(const Arguments& arguments) {
    if (arguments.words().size() != 1)
        return bad_input({"",
                          arguments.words().empty() ? "sweep needs a scenario" : "sweep takes one scenario",
                          "see scaleground sweep --help"});
    if (arguments.has("--csv") && arguments.has("--json"))
        return bad_input({"--csv", "does not go together with --json", "choose one of them"});
    Result<Source> source = load_source(arguments.words()[0]);
    if (!source) return bad_input(source.error());
    SweepPlan plan;
    if (std::optional<Error> error = read_plan(plan, source->scenario, arguments)) return bad_input(*error);
    Sweep job(source->scenario, plan);
    const bool whole = run_job(job);
    if (arguments.has("--json"))
        print(sweep_json(job) + "\n");
    else
        print(arguments.has("--csv") ? sweep_csv(job) : report(job));
    return whole ? static_cast<int>(exit_fine) : static_cast<int>(exit_interrupted);
}

constexpr const char* k_help =
    "Runs a design at every point of a grid of parameters; the last axis changes fastest. Every point gets "
    "the\n"
    "same seeds, so that the points differ by what is varied and not by chance.\n"
    "--shard I/N runs every N-th point only, for a batch system that splits the work: a point's row is the\n"
    "same whoever runs it and carries its index, so that the parts can be put together and sorted.\n"
    "\n"
    "  scaleground sweep design.json --vary db.connections=4,8,16 --vary web.instances=2,3 --csv\n"
    "  scaleground sweep design.json --vary users.rate_per_s=100,200,400 --seeds 5 --figure p99_ms\n"
    "  scaleground sweep design.json --vary db.read_ms=2,4,8 --shard 0/4 --csv > part-0.csv\n";

} // namespace

const CommandRecord k_sweep_command{"sweep", "SCENARIO", "a grid of parameters",
                                    k_help,  k_options,  act_sweep};

} // namespace scale::cli
