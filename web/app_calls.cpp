// The calls that need a screen.

#include <algorithm>

#include "app.hpp"
#include "call_rows.hpp"
#include "calls.hpp"
#include "chart_data.hpp"
#include "chart_screen.hpp"

namespace scale::web {
namespace {

constexpr float k_picture_least = 120, k_picture_most = 4000;

std::string flag_call(std::string_view json, const char* key, bool& value) {
    const std::optional<bool> given = flag_argument(json, key);
    if (!given) return answer_error(std::string(key) + ": expected true or false", key);
    value = *given;
    return done();
}

std::string counters_json(App& app) {
    const Counters& counters = app.counters;
    const std::uint64_t events = app.session.empty() ? 0 : app.session.world().totals().events;
    std::string out =
        "{\"frames\":" + std::to_string(counters.frames) + ",\"draws\":" + std::to_string(counters.draws);
    out += ",\"events\":" + std::to_string(events) + ",\"vertices\":" + std::to_string(counters.vertices);
    out += ",\"frame_ms\":" + std::to_string(counters.frame_ms) +
           ",\"slice_ms\":" + std::to_string(counters.slice_ms);
    out += ",\"speed_reached\":" + std::to_string(app.session.speed_reached());
    out += std::string(",\"theory\":") + (app.known_outlook() ? "true" : "false") + "}";
    return answer_ok(out);
}

std::string select_call(App& app, std::string_view json) {
    const std::optional<std::string> id = text_argument(json, "node");
    if (!id || id->empty()) {
        app.select(-1);
        return done();
    }
    const int node = app.session.scenario().find_node(*id);
    if (node < 0) return answer_error("there is no node of that id", "node");
    app.select(node);
    app.view.side = Side::figures;
    return done();
}

std::string side_call(App& app, std::string_view json) {
    constexpr std::string_view k_sides[] = {"figures", "review", "incidents"};
    const std::string name = text_argument(json, "side").value_or("");
    for (std::size_t i = 0; i < std::size(k_sides); ++i)
        if (name == k_sides[i]) {
            app.view.side = static_cast<Side>(i);
            app.view.inspector_open = true;
            return done();
        }
    return answer_error("side: expected \"figures\", \"review\" or \"incidents\"", "side");
}

std::string language_call(App& app, std::string_view json) {
    const std::string name = text_argument(json, "language").value_or("");
    if (name != "en" && name != "ko") return answer_error("language: expected \"en\" or \"ko\"", "language");
    app.view.language = name == "ko" ? Language::korean : Language::english;
    return done();
}

std::string theme_call(App& app, std::string_view json) {
    const std::string name = text_argument(json, "theme").value_or("");
    if (name != "dark" && name != "light")
        return answer_error("theme: expected \"dark\" or \"light\"", "theme");
    app.set_theme(name == "dark");
    return done();
}

std::string extent_call(App& app, std::string_view json) {
    const std::string name = text_argument(json, "ui").value_or("");
    if (name != "all" && name != "min" && name != "none")
        return answer_error("ui: expected \"all\", \"min\" or \"none\"", "ui");
    app.view.extent = name == "min" ? Extent::controls : name == "none" ? Extent::board : Extent::all;
    return done();
}

std::string tab_call(App& app, std::string_view json) {
    const std::string name = text_argument(json, "tab").value_or("");
    for (ChartTab tab : k_chart_tabs) {
        if ("chart." + name != tab_key(tab)) continue;
        app.view.chart_tab = tab;
        return done();
    }
    return answer_error(
        "tab: expected \"latency\", \"rate\", \"errors\", \"busy\", \"all\", \"spread\" or \"instances\"",
        "tab");
}

// The nodes that a lesson speaks of; unknown ids are passed over.
std::string highlight_call(App& app, std::string_view json) {
    const Json given = Json::parse(json, nullptr, false);
    app.view.pointed_at.clear();
    if (given.is_object() && given.contains("nodes") && given["nodes"].is_array())
        for (const Json& id : given["nodes"]) {
            const int node = id.is_string() ? app.session.scenario().find_node(id.get<std::string>()) : -1;
            if (node >= 0) app.view.pointed_at.push_back(node);
        }
    return done();
}

// The stretch of the run that charts show: read, chosen, or given up.
std::string stretch_call(App& app, std::string_view json) {
    const std::optional<double> from_s = number_argument(json, "from_s"),
                                to_s = number_argument(json, "to_s");
    if (from_s.has_value() != to_s.has_value() || (from_s && !(*from_s < *to_s)))
        return answer_error("expected from_s and to_s behind it", from_s ? "to_s" : "from_s");
    if (from_s) app.zoom.choose(*from_s, *to_s);
    if (flag_argument(json, "whole").value_or(false)) app.zoom.show_all();
    const Stretch shown = app.zoom.shown();
    return answer_ok(dumped({{"from_s", shown.from_s}, {"to_s", shown.to_s}, {"whole", app.zoom.whole()}}));
}

// What the chart panel shows, as a picture.
std::string chart_call(App& app, std::string_view json) {
    if (app.session.empty()) return answer_error("there is no design");
    const auto clamped = [](double value) {
        return std::min(std::max(static_cast<float>(value), k_picture_least), k_picture_most);
    };
    const float width = clamped(number_argument(json, "width").value_or(800));
    const float height = clamped(number_argument(json, "height").value_or(240));
    const ChartData data =
        chart_data(app.session, app.view.theme.colors, app.view.language, app.view.chart_tab,
                   app.view.selected_node, app.zoom.shown(), app.known_outlook());
    return answer_ok(json_string(chart_svg(data, chart_colors(app.view.theme), width, height)));
}

// Half the width of every interval that there is, in ms: {latency_ms: {mean, p50, ...}, nodes: {id: {p50,
// ...}}}.
Json halves_json(const LatencyHalves& halves) {
    Json out = Json::object();
    const auto add = [&](const char* name, double half) {
        if (half > 0) out[name] = half;
    };
    add("mean", halves.mean);
    add("p50", halves.p50);
    add("p90", halves.p90);
    add("p99", halves.p99);
    add("p999", halves.p999);
    return out;
}

Json intervals_json(const App& app) {
    const std::vector<NodeDef>& nodes = app.session.scenario().nodes;
    Json out = {{"latency_ms", halves_json(app.tail.halves())}, {"nodes", Json::object()}};
    for (std::size_t i = 0; i < nodes.size(); ++i)
        out["nodes"][nodes[i].id] =
            halves_json(app.tail.node_halves(app.session.world(), static_cast<int>(i)));
    return out;
}

} // namespace

std::string App::changes() {
    const bool node = view.selected_node >= 0;
    std::string out = "{\"link_dirty\":";
    out += session.link_revision() != reported_link_ ? "true" : "false";
    out += ",\"selection\":";
    out += node ? json_string(session.scenario().nodes[static_cast<std::size_t>(view.selected_node)].id)
                : "null";
    out += std::string(",\"playing\":") + (session.playing() ? "true" : "false");
    out += std::string(",\"finished\":") + (session.finished() ? "true" : "false");
    out += ",\"design\":" + std::to_string(session.link_revision());
    out += ",\"now_s\":" + std::to_string(session.empty() ? 0 : session.now_s());
    out += ",\"selected\":" + dumped(Json(selected_ids()));
    out += ",\"request\":" + request();
    out += ",\"error\":" + (session.last_error().empty() ? "null" : json_string(session.last_error())) + "}";
    session.clear_error();
    return answer_ok(out);
}

std::string App::call_screen(std::string_view name, std::string_view json, bool& known) {
    known = true;
    if (name == "changes") return changes();
    if (name == "counters") return counters_json(*this);
    const int frames_before = frames_wanted_;
    touch();
    if (name == "select") return select_call(*this, json);
    if (name == "highlight") return highlight_call(*this, json);
    if (name == "language") return language_call(*this, json);
    if (name == "theme") return theme_call(*this, json);
    if (name == "visible") return flag_call(json, "visible", view.visible);
    if (name == "reducedMotion") return flag_call(json, "reduced", view.reduced_motion);
    if (name == "inspector") return flag_call(json, "open", view.inspector_open);
    if (name == "extent") return extent_call(*this, json);
    if (name == "tab") return tab_call(*this, json);
    if (name == "stretch" || name == "chart") zoom.look(session);
    if (name == "stretch") return stretch_call(*this, json);
    if (name == "chart") return chart_call(*this, json);
    if (std::string answer = call_insight(name, json, known); known) return answer;
    known = true;
    if (name == "side") return side_call(*this, json);
    if (name == "fit") {
        fit_board();
        return done();
    }
    known = false;
    frames_wanted_ = frames_before; // what changes the session is seen by its revision
    return {};
}

const char* App::call(std::string_view name, std::string_view json) {
    bool known = false;
    answer_ = call_screen(name, json, known);
    if (known) return answer_.c_str();
    CallContext context{session, clock_, view.language};
    if (name == "state") context.status = &status();
    const std::optional<std::string> answer = call_session(context, name, json);
    answer_ = answer.value_or(answer_error("there is no call named \"" + std::string(name) + "\""));
    if (name == "metrics" && !session.empty()) // {"ok":{...}}
        answer_.insert(answer_.size() - 2, ",\"ci95\":" + dumped(intervals_json(*this)));
    if (answer_.starts_with("{\"error\"")) session.clear_error(); // told to the caller, once
    if (name == "link") reported_link_ = session.link_revision();
    if (name == "load" && answer_.starts_with("{\"ok\"")) {
        select(-1);
        view.inspector_open = false; // on a small screen the new design is what is to be seen
    }
    return answer_.c_str();
}

} // namespace scale::web
