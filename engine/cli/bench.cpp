// scaleground bench: the figures of docs/performance.md, measured in one process.
#include "bench.hpp"
#include "bench_clock.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "command.hpp"
#include "format.hpp"
#include "output.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace scale::cli {

namespace {

using namespace bench;
using Json = nlohmann::ordered_json;

std::string compiler_text() {
#if defined(__EMSCRIPTEN__)
    return "wasm, em++ " + std::to_string(__EMSCRIPTEN_major__) + "." + std::to_string(__EMSCRIPTEN_minor__) +
           "." + std::to_string(__EMSCRIPTEN_tiny__);
#elif defined(__clang__)
    return "native, clang++ " + std::to_string(__clang_major__);
#else
    return "native, g++ " + std::to_string(__GNUC__);
#endif
}

// With --native FILE: what the native build measured, as `bench --json` wrote it.
Result<double> native_tandem_ns(const std::string& path) {
    Result<std::string> text = read_file(path);
    if (!text) return text.error();
    const Json json = Json::parse(*text, nullptr, false);
    const Json::json_pointer place("/cases/tandem/ns_per_request");
    if (!json.is_object() || !json.contains(place) || !json[place].is_number())
        return Error{path, "holds no figure of the tandem", "write it with bench --json"};
    return json[place].get<double>();
}

double tandem_ns(const std::vector<Timing>& timings) {
    for (const Timing& timing : timings)
        if (timing.id == "tandem") return timing.request_ns();
    return NAN;
}

std::vector<Promise> promises(const std::vector<Timing>& timings, double native_ns, const Options& options) {
    // A ratio of speeds is the other's time over ours.
    const auto speed = [&](const char* ours, const char* other, bool per_event) {
        return median_ratio(timings, other, ours, per_event);
    };
    std::vector<Promise> out;
    out.push_back({"whole-engine", "tandem through the whole engine, against limit L",
                   speed("tandem", "limit", false), 0.50, 0.65, true, "", ""});
    const bool has_native = std::isfinite(native_ns);
    out.push_back({"wasm", "wasm against native, same scenario",
                   has_native ? native_ns / tandem_ns(timings) : NAN, 0.60, 0.70, true, "",
                   has_native ? "" : "measured by tests/bench/run.mjs"});
    out.push_back({"many", "1,000 tandems at once against one, per event",
                   speed("tandem-1000", "tandem", true), 0.30, 0.40, true, "", ""});
    out.push_back({"lognormal", "lognormal against exponential service",
                   speed("tandem-lognormal", "tandem", false), 0.70, 0.80, true, "", ""});
    out.push_back({"timeout", "a timeout armed on every request, against none",
                   speed("tandem-timeout", "tandem", false), 0.75, 0.85, true, "", ""});
    // The cost of an event is held from above.
    const auto cost = [&](const char* id) { return median_ratio(timings, id, "tandem", true); };
    out.push_back({"queue", "queue and workers, an event against the tandem's", cost("queue"), 1.6, 1.6,
                   false, "", ""});
    out.push_back(
        {"shards", "shards, an event against the tandem's", cost("shards"), 1.6, 1.6, false, "", ""});
    out.push_back({"data-centers", "three data centers, an event against the tandem's", cost("data-centers"),
                   1.6, 1.6, false, "", ""});
    const auto event_ns = [&](std::string_view id) {
        for (const Timing& timing : timings)
            if (timing.id == id) return timing.event_ns();
        return double{NAN};
    };
    out.push_back({"record", "recording one latency", event_ns("record"), 2, 1, false, "ns", ""});
    out.push_back({"look-ups", "look-ups in a cache of 1,000,000 keys", 1e3 / event_ns("lru-million"), 5, 10,
                   true, "M/s", ""});
    out.push_back({"page", "the page in Chromium against the same wasm in node", NAN, 0.70, 0.90, true, "",
                   "measured by the page tests"});
    if (options.only.empty())
        for (Promise& fact : facts(options)) out.push_back(std::move(fact));
    return out;
}

std::string timings_text(const std::vector<Timing>& timings) {
    Table table;
    table.column("timed", Table::Side::left, 0);
    table.column("ns/event", Table::Side::right, 1);
    table.column("ns/request", Table::Side::right, 0);
    table.column("requests/s", Table::Side::right, 0);
    table.column("what", Table::Side::left, 2);
    for (const Timing& timing : timings) {
        const bool requests = !timing.ns_per_request.empty();
        table.row({timing.id, significant(timing.event_ns(), 3),
                   requests ? significant(timing.request_ns(), 3) : "",
                   requests ? short_count(1e9 / timing.request_ns()) : "", timing.what});
    }
    return table.text(std::max<std::size_t>(terminal_width(), 140), Paint::for_output());
}

std::string promises_text(const std::vector<Promise>& promises) {
    const Paint paint = Paint::for_output();
    Table table;
    table.column("promise", Table::Side::left, 0);
    table.column("measured", Table::Side::right, 0);
    table.column("floor", Table::Side::right, 0);
    table.column("target", Table::Side::right, 0);
    table.column("", Table::Side::left, 0);
    for (const Promise& one : promises) {
        const auto with_unit = [&](double value) {
            return significant(value, 3) + (one.unit.empty() ? "" : " " + one.unit);
        };
        const std::string verdict = !one.measured_here()
                                        ? paint(Tone::dim, one.note.empty() ? "left out" : one.note)
                                    : one.kept() ? paint(Tone::good, "ok")
                                                 : paint(Tone::bad, "below floor");
        table.row({one.what, one.measured_here() ? with_unit(one.measured) : "-", with_unit(one.floor),
                   with_unit(one.target), verdict});
    }
    return table.text(std::max<std::size_t>(terminal_width(), 140), paint);
}

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::string bench_json(const std::vector<Timing>& timings, const std::vector<Promise>& promises,
                       const Options& options) {
    Json cases = Json::object();
    for (const Timing& timing : timings) {
        Json one{{"what", timing.what}, {"ns_per_event", timing.event_ns()}};
        if (!timing.ns_per_request.empty()) {
            one["ns_per_request"] = timing.request_ns();
            one["requests_per_s"] = 1e9 / timing.request_ns();
        }
        one["rounds_ns_per_event"] = timing.ns_per_event;
        cases[timing.id] = std::move(one);
    }
    Json held = Json::array();
    for (const Promise& one : promises)
        held.push_back({{"id", one.id},
                        {"what", one.what},
                        {"measured", number_or_null(one.measured)},
                        {"floor", one.floor},
                        {"target", one.target},
                        {"more_is_better", one.more_is_better},
                        {"kept", one.measured_here() ? Json(one.kept()) : Json(nullptr)}});
    const Json out{{"build", compiler_text()},
                   {"clock", scale::bench::measures_processor_time() ? "processor" : "wall"},
                   {"rounds", options.rounds},
                   {"seconds_per_round", options.seconds},
                   {"cases", std::move(cases)},
                   {"promises", std::move(held)}};
    return out.dump(2) + "\n";
}

std::vector<Case> all_cases() {
    std::vector<Case> all = reference_cases();
    for (Case& one : engine_cases()) all.push_back(std::move(one));
    for (Case& one : part_cases()) all.push_back(std::move(one));
    return all;
}

Result<std::vector<Case>> chosen_cases(const Options& options) {
    std::vector<Case> all = all_cases();
    if (options.only.empty()) return all;
    std::vector<Case> chosen;
    std::vector<std::string> ids;
    for (const Case& one : all) ids.push_back(one.id);
    for (const std::string& wanted : options.only) {
        const auto found = std::find(ids.begin(), ids.end(), wanted);
        if (found == ids.end())
            return Error{"--only", "nothing that is timed is called " + in_quotes(wanted),
                         hint_for(wanted, ids)};
        chosen.push_back(all[static_cast<std::size_t>(found - ids.begin())]);
    }
    return chosen;
}

int act_bench(const Arguments& arguments) {
    if (!arguments.words().empty())
        return bad_input({"", "bench takes no scenario", "see scaleground bench --help"});
    Options options;
    options.quick = arguments.has("--quick");
    options.full = arguments.has("--full");
    scale::bench::g_wall_clock = arguments.has("--wall");
    options.only = arguments.all("--only");
    if (options.quick) {
        options.rounds = 3;
        options.seconds = 0.08;
    }
    double native_ns = NAN;
    if (arguments.has("--native")) {
        Result<double> read = native_tandem_ns(arguments.text("--native"));
        if (!read) return bad_input(read.error());
        native_ns = *read;
    }
    Result<std::vector<Case>> cases = chosen_cases(options);
    if (!cases) return bad_input(cases.error());
    const std::vector<Timing> timings = time_cases(*cases, options);
    const std::vector<Promise> held = promises(timings, native_ns, options);
    if (arguments.has("--json"))
        print(bench_json(timings, held, options));
    else
        print(compiler_text() + ", medians of " + std::to_string(options.rounds) + " interleaved rounds, " +
              (scale::bench::measures_processor_time() ? "processor time" : "wall time") + "\n\n" +
              timings_text(timings) + "\n" + promises_text(held));
    for (const Promise& one : held)
        if (arguments.has("--check") && !one.kept()) return exit_failed;
    return exit_fine;
}

constexpr OptionRecord k_options[] = {
    {"--check", nullptr, "exit status 1 when a promise is below its floor"},
    {"--quick", nullptr, "3 short rounds instead of 7"},
    {"--full", nullptr, "memory over 10^8 requests instead of 10^7"},
    {"--only", "ID", "only what has this id in the list", true},
    {"--wall", nullptr, "measure wall time, not processor time (what node always does)"},
    {"--native", "FILE", "under node: what the native build's bench --json wrote, for the ratio"},
    k_json_option};

constexpr const char* k_help =
    "Times the engine against hand-written loops and prints every promise of docs/performance.md with its "
    "floor\n"
    "and target. Everything is timed in one process, in interleaved rounds; a figure is the median of its "
    "rounds,\n"
    "a ratio the median of the ratios within a round. Quote ratios, not seconds.\n";

} // namespace

const CommandRecord k_bench_command{"bench", "",        "time the engine and hold it to its promises",
                                    k_help,  k_options, act_bench};

} // namespace scale::cli
