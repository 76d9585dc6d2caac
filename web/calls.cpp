#include "calls.hpp"

#include <cmath>
#include <cstdio>

#include "call_rows.hpp"
#include "format.hpp"
#include "scale/codec.hpp"
#include "scale/results.hpp"
#include "status.hpp"
#include "words.hpp"

namespace scale::web {

std::string dumped(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }
std::string ok(const Json& value) { return answer_ok(dumped(value)); }
std::string done() { return answer_ok("true"); }
std::string refused(const Error& error) { return answer_error(error.sentence(), error.path); }
std::string answered(const std::optional<Error>& error) { return error ? refused(*error) : done(); }

std::optional<double> number(const Json& arguments, const char* key) {
    const auto found = arguments.find(key);
    if (found == arguments.end() || !found->is_number()) return std::nullopt;
    const double value = found->get<double>();
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string text(const Json& arguments, const char* key) {
    const auto found = arguments.find(key);
    return found != arguments.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json missing_json(const Session& session) {
    Json list = Json::array();
    for (const Error& error : session.missing())
        list.push_back({{"path", error.path}, {"what", error.what}, {"hint", error.hint}});
    return list;
}

Json words_json(const Text& words) {
    return {{"en", pick(words, Language::english)}, {"ko", pick(words, Language::korean)}};
}

namespace {

constexpr double k_run_to_slice_ms = 12;
constexpr double k_slice_ms_least = 1, k_slice_ms_most = 1000;
constexpr double k_events_most = 1e7; // in one step call

// No exceptions here: a text that is no JSON object counts as an empty one.
Json parsed(std::string_view json) {
    Json value = Json::parse(json.begin(), json.end(), nullptr, false);
    return value.is_object() ? value : Json::object();
}

std::string call_load(CallContext& context, const Json& arguments) {
    std::optional<Error> error;
    if (arguments.contains("link"))
        error = context.session.load_link(text(arguments, "link"));
    else if (arguments.contains("json") && arguments["json"].is_string())
        error = arguments.contains("draft") ? context.session.load_draft(text(arguments, "json"))
                                            : context.session.load_json(text(arguments, "json"));
    else if (arguments.contains("json"))
        error = context.session.load_json(dumped(arguments["json"]));
    else
        return answer_error("load takes {\"link\": \"#s=...\"} or {\"json\": {...}}");
    if (error) return refused(*error);
    return ok({{"title", words_json(context.session.scenario().title)}});
}

std::string call_link(CallContext& context, const Json& arguments) {
    if (context.session.empty()) return answer_error("there is no design to share");
    const std::string link = context.session.link(arguments.value("whole", Json()) == true);
    if (const std::optional<Error> error = link_too_long(link)) return refused(*error);
    return ok(link);
}

std::string call_scenario(CallContext& context, const Json&) {
    if (context.session.empty()) return answer_error("there is no design");
    return ok(context.session.scenario_text());
}

std::string call_play(CallContext& context, const Json&) {
    if (context.session.empty()) return answer_error("there is no design to run");
    context.session.play();
    return done();
}

std::string call_pause(CallContext& context, const Json&) {
    context.session.pause();
    return done();
}

std::string call_restart(CallContext& context, const Json& arguments) {
    if (!arguments.contains("seed")) {
        context.session.restart();
        return done();
    }
    const std::optional<double> seed = number(arguments, "seed");
    if (!seed || *seed < 0 || *seed > 9007199254740992.0 || *seed != std::floor(*seed))
        return answer_error("seed: expected a whole number from 0 to 2^53", "seed");
    context.session.restart(static_cast<std::uint64_t>(*seed));
    return done();
}

Json progress(const CallContext& context, bool reached) {
    return {{"done", reached}, {"now_s", context.session.now_s()}};
}

std::string call_step(CallContext& context, const Json& arguments) {
    const std::optional<double> events = number(arguments, "events"), seconds = number(arguments, "seconds");
    context.session.pause();
    if (events && *events >= 1 && *events <= k_events_most) {
        const std::uint64_t handled = context.session.step_events(static_cast<std::uint64_t>(*events));
        Json value = progress(context, true);
        value["events"] = handled;
        return ok(value);
    }
    if (seconds && *seconds > 0)
        return ok(progress(context, context.session.step_seconds(*seconds, context.clock, k_slice_ms_most)));
    return answer_error("step takes {\"events\": 1 to 10000000} or {\"seconds\": more than 0}");
}

std::string call_speed(CallContext& context, const Json& arguments) {
    const std::optional<double> factor = number(arguments, "factor");
    if (!factor || *factor < 0 || (*factor > 0 && *factor < k_speed_least) || *factor > k_speed_most)
        return answer_error("factor: expected 0.1 to 1000, or 0 for as fast as it goes", "factor");
    context.session.set_speed(*factor);
    return done();
}

std::string call_run_to(CallContext& context, const Json& arguments) {
    const std::optional<double> seconds = number(arguments, "seconds");
    if (!seconds || *seconds < 0) return answer_error("seconds: expected a number, 0 or more", "seconds");
    if (context.session.empty()) return answer_error("there is no design to run");
    if (to_time(*seconds) < context.session.world().now())
        return answer_error("the run is past that moment; restart it first", "seconds");
    const double slice_ms = number(arguments, "slice_ms").value_or(k_run_to_slice_ms);
    context.session.pause();
    context.session.world().watch_every(0); // nobody could follow a particle; the next frame watches again
    const bool reached = context.session.run_to(
        *seconds, context.clock, std::fmin(std::fmax(slice_ms, k_slice_ms_least), k_slice_ms_most));
    return ok(progress(context, reached));
}

std::string call_metrics(CallContext& context, const Json&) {
    if (context.session.empty()) return answer_error("there is no design");
    return answer_ok(results_json(context.session.world()));
}

std::string call_digest(CallContext& context, const Json&) {
    if (context.session.empty()) return answer_error("there is no design");
    char buffer[24];
    std::snprintf(buffer, sizeof buffer, "%016llx",
                  static_cast<unsigned long long>(context.session.world().digest()));
    return ok(buffer);
}

std::string call_command(CallContext& context, const Json& arguments) {
    return answered(context.session.apply_json(dumped(arguments)));
}

std::string call_rename(CallContext& context, const Json& arguments) {
    const int node = context.session.scenario().find_node(text(arguments, "node"));
    if (node < 0) return answer_error("there is no node of that id", "node");
    Text label{text(arguments, "en"), text(arguments, "ko")};
    if (label.empty()) label.en = text(arguments, "label");
    for (const std::string* words : {&label.en, &label.ko}) {
        std::size_t points = 0;
        for (char c : *words) points += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (points > limits::k_label_points)
            return answer_error("a label has at most 64 characters", "label");
    }
    context.session.rename_node(node, label);
    return done();
}

std::string call_kinds(CallContext&, const Json&) { return answer_ok(kinds_json()); }

// --- state, for the text twin ---------------------------------------------------------------------------

const char* state_key(InstanceState state) {
    constexpr const char* k_keys[] = {"state.up",      "state.slow",     "state.ejected",
                                      "state.booting", "state.draining", "state.dead"};
    return k_keys[static_cast<int>(state)];
}

// In words: a node that is up but drowning should not read "up".
std::string state_words(const NodeNow& now, Language language) {
    if (now.instances > 1 && now.instances_up > 0 && now.instances_up < now.instances)
        return phrase("state.some_up", language,
                      {std::to_string(now.designed_up()), std::to_string(now.designed())});
    if (now.state != InstanceState::up) return word(state_key(now.state), language);
    const Health health = node_health(now);
    return word(health == Health::broken     ? "state.saturated"
                : health == Health::strained ? "state.busy"
                                             : "state.up",
                language);
}

constexpr const char* k_state_ids[] = {"up", "slow", "ejected", "booting", "draining", "dead"};
constexpr const char* k_health_ids[] = {"idle", "fine", "strained", "broken"};

Json node_json(const CallContext& context, int node) {
    const World& world = context.session.world();
    const NodeDef& def = context.session.scenario().nodes[static_cast<std::size_t>(node)];
    const NodeNow now = world.node_now(node);
    const NodeTotals totals = world.node_totals(node);
    return {{"id", def.id},
            {"label", node_label(context.session.scenario(), node, context.language)},
            {"kind", def.kind->id},
            {"kind_name", pick(def.kind->name, context.language)},
            {"state", k_state_ids[static_cast<int>(now.state)]},
            {"state_name", state_words(now, context.language)},
            {"health", k_health_ids[static_cast<int>(node_health(now))]},
            {"instances", now.instances},
            {"instances_up", now.instances_up},
            {"stands_for", now.stands_for},
            {"busy", now.busy_last_s},
            {"queue", now.queue},
            {"in_flight", now.in_flight},
            {"rate_per_s", now.rate_per_s},
            {"failed_per_s", now.failed_per_s},
            {"p50_ms", totals.latency_ms.p50},
            {"p99_ms", totals.latency_ms.p99}};
}

Json lately_json(const World& world) {
    const Point& point = world.last_second();
    const double failed = static_cast<double>(point.failed_per_s),
                 finished = failed + static_cast<double>(point.completed_per_s);
    return {{"arrivals_per_s", point.arrivals_per_s},
            {"completed_per_s", point.completed_per_s},
            {"failed_per_s", point.failed_per_s},
            {"failed_share", finished > 0 ? failed / finished : 0},
            {"p50_ms", point.p50_ms},
            {"p99_ms", point.p99_ms}};
}

Json totals_json(const World& world) {
    const Totals totals = world.totals();
    const Counts& requests = totals.requests;
    return {{"offered", requests.offered},
            {"completed", requests.completed},
            {"failed", requests.failed},
            {"timed_out", requests.timed_out},
            {"rejected", requests.rejected},
            {"in_flight", requests.in_flight},
            {"p50_ms", totals.latency_ms.p50},
            {"p99_ms", totals.latency_ms.p99},
            {"throughput_per_s", totals.throughput_per_s},
            {"availability", totals.availability},
            {"cost_usd_per_month", totals.cost_usd_per_month},
            {"events", totals.events}};
}

std::string call_state(CallContext& context, const Json&) {
    const Session& session = context.session;
    const Status status = context.status ? *context.status : status_of(session, context.language);
    Json state = {
        {"title", session.empty() ? std::string() : pick(session.scenario().title, context.language)},
        {"description",
         session.empty() ? std::string() : pick(session.scenario().description, context.language)},
        {"empty", session.empty()},
        {"now_s", session.empty() ? 0.0 : session.now_s()},
        {"duration_s", session.scenario().duration_s},
        {"playing", session.playing()},
        {"finished", session.finished()},
        {"speed", session.speed()},
        {"speed_reached", session.speed_reached()},
        {"seed", session.seed()},
        {"status",
         {{"health", k_health_ids[static_cast<int>(status.health)]},
          {"sentence", status.sentence},
          {"node", status.node < 0
                       ? Json()
                       : Json(session.scenario().nodes[static_cast<std::size_t>(status.node)].id)},
          {"at_s", status.at_s < 0 ? Json() : Json(status.at_s)}}},
        {"nodes", Json::array()}};
    state["undo"] = session.undo_steps();
    state["redo"] = session.redo_steps();
    state["missing"] = missing_json(session);
    if (session.empty()) return ok(state);
    for (int node = 0; node < static_cast<int>(session.scenario().nodes.size()); ++node)
        state["nodes"].push_back(node_json(context, node));
    state["seeking"] = session.seeking();
    state["farthest_s"] = session.empty() ? 0.0 : session.farthest_s();
    state["before"] = session.before() != nullptr;
    state["totals"] = totals_json(session.world());
    state["lately"] = lately_json(session.world());
    return ok(state);
}

constexpr CallRow k_calls[] = {
    {"load", call_load},       {"link", call_link},     {"scenario", call_scenario},
    {"play", call_play},       {"pause", call_pause},   {"restart", call_restart},
    {"step", call_step},       {"speed", call_speed},   {"runTo", call_run_to},
    {"metrics", call_metrics}, {"digest", call_digest}, {"command", call_command},
    {"rename", call_rename},   {"kinds", call_kinds},   {"state", call_state},
};

} // namespace

std::span<const CallRow> run_calls() { return k_calls; }

std::string answer_ok(std::string_view json_value) { return "{\"ok\":" + std::string(json_value) + "}"; }

std::string answer_error(std::string_view sentence, std::string_view path) {
    Json answer = {{"error", sentence}};
    if (!path.empty()) answer["path"] = path;
    return dumped(answer);
}

std::string json_string(std::string_view words) { return dumped(Json(words)); }

std::optional<double> number_argument(std::string_view json, const char* key) {
    return number(parsed(json), key);
}

std::optional<bool> flag_argument(std::string_view json, const char* key) {
    const Json arguments = parsed(json);
    const auto found = arguments.find(key);
    return found != arguments.end() && found->is_boolean() ? std::optional(found->get<bool>()) : std::nullopt;
}

std::optional<std::string> text_argument(std::string_view json, const char* key) {
    const Json arguments = parsed(json);
    const auto found = arguments.find(key);
    if (found == arguments.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

std::optional<std::string> call_session(CallContext& context, std::string_view name, std::string_view json) {
    for (const std::span<const CallRow> rows : {run_calls(), design_calls(), lesson_calls()})
        for (const CallRow& row : rows)
            if (row.name == name) return row.answer(context, parsed(json));
    return std::nullopt;
}

} // namespace scale::web
