// Edits of a design, made on its JSON: the parser then holds them to everything that a scenario is held to.
#include <nlohmann/json.hpp>

#include "codec/nearest.hpp"
#include "scale/codec.hpp"
#include "scale/lesson.hpp"

namespace scale {

namespace {

using Json = nlohmann::ordered_json;

// Where an edit went wrong, or nothing.
using Trouble = std::optional<Error>;

Trouble trouble(std::string what, std::string hint = {}) {
    return Error{"", std::move(what), std::move(hint)};
}

bool is_ends(const Json& value) {
    return value.is_array() && value.size() == 2 && value[0].is_string() && value[1].is_string();
}

bool joins(const Json& edge, const Json& ends) { return edge[0] == ends[0] && edge[1] == ends[1]; }

class Editor {
public:
    explicit Editor(Json& design) : design_(design) {}

    Trouble apply(const Json& edit) {
        if (!edit.is_object()) return trouble("an edit is an object, such as {\"remove\": \"web\"}");
        using Act = Trouble (Editor::*)(const Json&, const Json&);
        struct Verb {
            const char* id;
            Act act;
        };
        static constexpr Verb k_verbs[] = {
            {"add", &Editor::add},         {"remove", &Editor::remove},
            {"connect", &Editor::connect}, {"disconnect", &Editor::disconnect},
            {"set", &Editor::set},         {"rename", &Editor::rename},
            {"design", &Editor::design},
        };
        for (const Verb& verb : k_verbs)
            if (const auto found = edit.find(verb.id); found != edit.end())
                return (this->*verb.act)(*found, edit);
        return trouble("the edit says nothing to do",
                       "known: add, remove, connect, disconnect, set, rename, design");
    }

private:
    Json& list(const char* key) {
        if (!design_.contains(key)) design_[key] = Json::array();
        return design_[key];
    }

    Json* node(const Json& id) {
        for (Json& one : list("nodes"))
            if (one["id"] == id) return &one;
        return nullptr;
    }
    Json* edge(const Json& ends) {
        for (Json& one : list("edges"))
            if (joins(one, ends)) return &one;
        return nullptr;
    }
    Trouble no_node(const Json& id) {
        std::vector<std::string_view> ids;
        for (const Json& one : list("nodes")) ids.push_back(one["id"].get_ref<const std::string&>());
        const std::string name = id.is_string() ? id.get<std::string>() : std::string();
        return trouble("there is no node " + id.dump(), codec::did_you_mean(name, ids));
    }

    template<class Keep>
    void keep_if(const char* key, Keep keep) {
        if (!design_.contains(key)) return;
        Json kept = Json::array();
        for (Json& one : design_[key])
            if (keep(one)) kept.push_back(std::move(one));
        design_[key] = std::move(kept);
    }

    static bool concerns(const Json& event, const Json& id) {
        if (event.contains("node")) return event["node"] == id;
        return event["edge"][0] == id || event["edge"][1] == id;
    }

    Trouble add(const Json& what, const Json&) {
        if (!what.is_object() || !what.contains("id") || !what["id"].is_string())
            return trouble("\"add\" takes a node with id and kind");
        if (node(what["id"]) != nullptr) return trouble("there is a node " + what["id"].dump() + " already");
        list("nodes").push_back(what);
        return std::nullopt;
    }

    Trouble remove(const Json& id, const Json&) {
        if (node(id) == nullptr) return no_node(id);
        keep_if("nodes", [&](const Json& one) { return one["id"] != id; });
        keep_if("edges", [&](const Json& one) { return one[0] != id && one[1] != id; });
        keep_if("events", [&](const Json& one) { return !concerns(one, id); });
        keep_if("log", [&](const Json& one) { return !concerns(one, id); });
        for (Json& one : list("nodes"))
            if (one.contains("in") && one["in"] == id) one.erase("in");
        return std::nullopt;
    }

    Trouble connect(const Json& ends, const Json& edit) {
        if (!is_ends(ends)) return trouble("\"connect\" takes [\"from\", \"to\"]");
        if (edge(ends) != nullptr) return trouble("these are connected already: " + ends.dump());
        for (const Json& id : ends)
            if (node(id) == nullptr) return no_node(id);
        Json made = ends;
        Json values = edit;
        values.erase("connect");
        if (!values.empty()) made.push_back(values);
        list("edges").push_back(std::move(made));
        return std::nullopt;
    }

    Trouble disconnect(const Json& ends, const Json&) {
        if (!is_ends(ends) || edge(ends) == nullptr) return trouble("there is no edge " + ends.dump());
        keep_if("edges", [&](const Json& one) { return !joins(one, ends); });
        const auto elsewhere = [&](const Json& one) { return !one.contains("edge") || one["edge"] != ends; };
        keep_if("events", elsewhere);
        keep_if("log", elsewhere);
        return std::nullopt;
    }

    static void put(Json& object, const Json& edit) {
        for (const auto& [key, value] : edit.items()) {
            if (key == "set") continue;
            if (value.is_null())
                object.erase(key);
            else
                object[key] = value;
        }
    }

    Trouble set(const Json& target, const Json& edit) {
        if (target.is_string()) {
            Json* const found = node(target);
            if (found == nullptr) return no_node(target);
            if (edit.contains("id")) return trouble("\"set\" leaves the id alone", "use \"rename\"");
            put(*found, edit);
            return std::nullopt;
        }
        Json* const found = is_ends(target) ? edge(target) : nullptr;
        if (found == nullptr) return trouble("there is no edge " + target.dump());
        Json values = found->size() > 2 ? (*found)[2] : Json::object();
        put(values, edit);
        *found = Json::array({target[0], target[1], values});
        return std::nullopt;
    }

    static void replace(Json& value, const Json& from, const Json& to) {
        if (value == from) value = to;
    }

    void rename_in(const char* commands, const Json& from, const Json& to) {
        if (!design_.contains(commands)) return;
        for (Json& one : design_[commands]) {
            if (one.contains("node")) replace(one["node"], from, to);
            if (one.contains("edge"))
                for (Json& end : one["edge"]) replace(end, from, to);
        }
    }

    Trouble rename(const Json& from, const Json& edit) {
        if (node(from) == nullptr) return no_node(from);
        if (!edit.contains("to") || !edit["to"].is_string()) return trouble("\"rename\" needs \"to\"");
        const Json& to = edit["to"];
        if (to != from && node(to) != nullptr) return trouble("there is a node " + to.dump() + " already");
        for (Json& one : list("nodes")) {
            replace(one["id"], from, to);
            if (one.contains("in")) replace(one["in"], from, to);
        }
        for (Json& one : list("edges"))
            for (int end = 0; end < 2; ++end) replace(one[static_cast<std::size_t>(end)], from, to);
        rename_in("events", from, to);
        rename_in("log", from, to);
        return std::nullopt;
    }

    Trouble design(const Json& keys, const Json&) {
        if (!keys.is_object()) return trouble("\"design\" takes an object, such as {\"seed\": 3}");
        for (const auto& [key, value] : keys.items()) {
            if (key == "nodes" || key == "edges")
                return trouble("\"design\" leaves " + key + " alone", "use add, remove, connect, set");
            if (value.is_null())
                design_.erase(key);
            else
                design_[key] = value;
        }
        return std::nullopt;
    }

    Json& design_;
};

std::string at_edit(std::size_t number) { return "$[" + std::to_string(number) + "]"; }

} // namespace

Result<Scenario> edit_scenario(const Scenario& scenario, std::string_view edits_json) {
    const Json edits = Json::parse(edits_json, nullptr, false);
    if (edits.is_discarded() || !edits.is_array())
        return Error{"$", "expected a list of edits", "for example [{\"remove\": \"cache\"}]"};
    Json design = Json::parse(write_scenario(scenario), nullptr, false);
    Editor editor(design);
    for (std::size_t i = 0; i < edits.size(); ++i)
        if (Trouble wrong = editor.apply(edits[i])) return Error{at_edit(i), wrong->what, wrong->hint};
    Result<Scenario> edited = parse_draft(design.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!edited)
        return Error{"after the edits, " + edited.error().path, edited.error().what, edited.error().hint};
    return edited;
}

} // namespace scale
