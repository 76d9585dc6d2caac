// The calls that change the design, and that go back: in the run, and in what was done.
#include <algorithm>
#include <map>
#include <vector>

#include "board/picture.hpp"
#include "call_rows.hpp"
#include "scale/analysis.hpp"
#include "scale/codec.hpp"

namespace scale::web {
namespace {

constexpr double k_seek_slice_ms = 200;

std::string edit(CallContext& context, const Json& edits) {
    if (std::optional<Error> error = context.session.edit(dumped(edits))) return refused(*error);
    return ok({{"missing", missing_json(context.session)}});
}

std::string call_edit(CallContext& context, const Json& arguments) {
    const auto edits = arguments.find("edits");
    if (edits == arguments.end()) return answer_error("edit takes {\"edits\": [...]}", "edits");
    return edit(context, *edits);
}

std::string call_undo(CallContext& context, const Json&) { return ok(context.session.undo()); }
std::string call_redo(CallContext& context, const Json&) { return ok(context.session.redo()); }

std::string call_clear(CallContext& context, const Json&) {
    context.session.clear();
    return done();
}

std::string call_replace(CallContext& context, const Json& arguments) {
    return answered(context.session.replace(text(arguments, "json")));
}

std::string call_forget_before(CallContext& context, const Json&) {
    context.session.forget_before();
    return done();
}

std::string call_seek(CallContext& context, const Json& arguments) {
    const std::optional<double> seconds = number(arguments, "seconds");
    if (!seconds || *seconds < 0) return answer_error("seconds: expected a number, 0 or more", "seconds");
    const bool there = context.session.seek(*seconds, context.clock,
                                            number(arguments, "slice_ms").value_or(k_seek_slice_ms));
    return ok({{"done", there}, {"now_s", context.session.now_s()}});
}

// Why an edge would make no sense, as an error; or true.
std::string call_may_connect(CallContext& context, const Json& arguments) {
    const Scenario& scenario = context.session.scenario();
    const int from = scenario.find_node(text(arguments, "from"));
    const int to = scenario.find_node(text(arguments, "to"));
    if (from < 0 || to < 0) return answer_error("there is no node of that id", from < 0 ? "from" : "to");
    return answered(refuse_edge(scenario, from, to));
}

// Copying: nodes with the edges between them, as JSON that is pasted here or anywhere --------------------

Json design_json(const Session& session) { return Json::parse(session.scenario_text(), nullptr, false); }

bool holds(const Json& ids, const Json& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

std::string call_copy(CallContext& context, const Json& arguments) {
    const auto ids = arguments.find("nodes");
    if (ids == arguments.end() || !ids->is_array() || context.session.empty())
        return answer_error("copy takes {\"nodes\": [ids]}", "nodes");
    const Json design = design_json(context.session);
    Json out = {{"scaleground", 1}, {"nodes", Json::array()}, {"edges", Json::array()}};
    for (const Json& node : design["nodes"])
        if (holds(*ids, node["id"])) out["nodes"].push_back(node);
    if (design.contains("edges"))
        for (const Json& edge : design["edges"])
            if (holds(*ids, edge[0]) && holds(*ids, edge[1])) out["edges"].push_back(edge);
    if (out["nodes"].empty()) return answer_error("there is no node of that id", "nodes");
    return ok(out);
}

// "web" -> "web-2", the first that is free.
std::string free_id(const Scenario& scenario, const Json& taken, std::string id) {
    const auto used = [&](const std::string& name) {
        return scenario.find_node(name) >= 0 || holds(taken, Json(name));
    };
    if (!used(id)) return id;
    const std::size_t dash = id.find_last_not_of("0123456789");
    if (dash != std::string::npos && dash > 0 && id[dash] == '-' && dash + 1 < id.size()) id.resize(dash);
    id.resize(std::min(id.size(), limits::k_id_bytes - 4));
    int number = 2;
    while (used(id + "-" + std::to_string(number))) ++number;
    return id + "-" + std::to_string(number);
}

bool is_node(const Json& node) { return node.is_object() && node.contains("id") && node["id"].is_string(); }
bool is_edge(const Json& edge) {
    return edge.is_array() && edge.size() >= 2 && edge[0].is_string() && edge[1].is_string();
}

std::string call_paste(CallContext& context, const Json& arguments) {
    constexpr double k_shift_px = 32;
    const auto given = arguments.find("json");
    if (given == arguments.end() || !given->is_object() || !given->contains("nodes") ||
        !(*given)["nodes"].is_array())
        return answer_error("what is pasted is no part of a design", "json");
    std::map<std::string, std::string> names;
    Json made = Json::array(), edits = Json::array();
    for (const Json& node : (*given)["nodes"]) {
        if (!is_node(node)) return answer_error("what is pasted is no part of a design", "json");
        const std::string old = node["id"].get<std::string>();
        names[old] = free_id(context.session.scenario(), made, old);
        made.push_back(names[old]);
    }
    for (Json node : (*given)["nodes"]) {
        node["id"] = names[node["id"].get<std::string>()];
        if (node.contains("in") && node["in"].is_string()) {
            const auto group = names.find(node["in"].get<std::string>());
            if (group != names.end())
                node["in"] = group->second;
            else if (context.session.scenario().find_node(node["in"].get<std::string>()) < 0)
                node.erase("in");
        }
        if (node.contains("at") && node["at"].is_array() && node["at"].size() == 2 &&
            node["at"][0].is_number() && node["at"][1].is_number())
            node["at"] = {node["at"][0].get<double>() + k_shift_px, node["at"][1].get<double>() + k_shift_px};
        edits.push_back({{"add", node}});
    }
    if (given->contains("edges") && (*given)["edges"].is_array())
        for (const Json& edge : (*given)["edges"]) {
            if (!is_edge(edge)) continue;
            const auto from = names.find(edge[0].get<std::string>()),
                       to = names.find(edge[1].get<std::string>());
            if (from == names.end() || to == names.end()) continue;
            Json connect = {{"connect", {from->second, to->second}}};
            if (edge.size() > 2 && edge[2].is_object()) connect.update(edge[2]);
            edits.push_back(connect);
        }
    if (std::optional<Error> error = context.session.edit(dumped(edits))) return refused(*error);
    return ok({{"nodes", made}});
}

// The board as a picture file.
std::string call_picture(CallContext& context, const Json& arguments) {
    if (context.session.empty()) return answer_error("there is no design to draw");
    PictureLook look;
    const std::string language = text(arguments, "language"), theme = text(arguments, "theme");
    if (!language.empty() && language != "en" && language != "ko")
        return answer_error("language: expected \"en\" or \"ko\"", "language");
    if (!theme.empty() && theme != "dark" && theme != "light")
        return answer_error("theme: expected \"dark\" or \"light\"", "theme");
    look.language = language.empty()   ? context.language
                    : language == "ko" ? Language::korean
                                       : Language::english;
    look.dark = theme != "light";
    look.width =
        static_cast<float>(number(arguments, "width").value_or(static_cast<double>(k_picture_width)));
    if (!(look.width >= k_picture_width_least && look.width <= k_picture_width_most))
        return answer_error("width: expected 240 to 2400", "width");
    look.tall = arguments.value("tall", Json()) == true;
    return ok(board_picture(context.session.world(), context.session.scenario(), look));
}

// The design with every parameter as it is now, without what happened: for theory and review.
std::string call_design_now(CallContext& context, const Json&) {
    if (context.session.empty()) return answer_error("there is no design");
    return ok(write_scenario(current_design(context.session.world())));
}

constexpr CallRow k_calls[] = {
    {"designNow", call_design_now},
    {"edit", call_edit},
    {"undo", call_undo},
    {"redo", call_redo},
    {"clear", call_clear},
    {"seek", call_seek},
    {"copy", call_copy},
    {"paste", call_paste},
    {"mayConnect", call_may_connect},
    {"forgetBefore", call_forget_before},
    {"replace", call_replace},
    {"picture", call_picture},
};

} // namespace

std::span<const CallRow> design_calls() { return k_calls; }

} // namespace scale::web
