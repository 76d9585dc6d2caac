// "Break it": what can happen to the parts of this design, one press each, and a way to mend it all.

#include <algorithm>
#include <string>
#include <vector>

#include "icons.hpp"
#include "inspector.hpp"
#include "paint.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr double k_crowd = 5; // times as many
constexpr double k_bad_slower = 3, k_bad_failing = 0.2;

bool wanted(const App& app) { return app.view.side == Side::incidents && !app.session.empty(); }

const KindRecord& kind_of(const App& app, int node) {
    return *app.session.scenario().nodes[static_cast<std::size_t>(node)].kind;
}

int node_count(const App& app) { return static_cast<int>(app.session.scenario().nodes.size()); }

// What a press does: to whom, and the command.
struct Press {
    std::string label;
    Command command;
};

Command to_node(const VerbRecord& verb, int node) {
    Command command;
    command.verb = &verb;
    command.node = node;
    for (std::size_t i = 0; i < verb.params.size(); ++i)
        command.settings.push_back({static_cast<std::uint8_t>(i), verb.params[i].fallback});
    return command;
}

void set_param(Command& command, std::string_view id, double value) {
    for (Setting& setting : command.settings)
        if (id == command.verb->params[setting.param].id) setting.value = value;
}

// A heading, what it does in a line, and a button for each part that it can happen to.
void incident(App& app, const char* name, const char* help, const std::vector<Press>& presses) {
    if (presses.empty()) return;
    const Theme& theme = app.view.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImDrawList* list = ImGui::GetWindowDrawList();
    draw_fitted(list, theme, TextStyle::strong, at, theme.colors.text, name, width);
    const float first = line_height(theme, TextStyle::strong) + 2;
    const float height =
        draw_wrapped(list, theme, TextStyle::label, {at.x, at.y + first}, theme.colors.mute, help, width, 4);
    ImGui::Dummy({width, first + height + 6});
    ImGui::PushID(name);
    float x = 0;
    for (std::size_t i = 0; i < presses.size(); ++i) {
        const float wide = button_width(app, presses[i].label.c_str(), false);
        if (i > 0 && x + 8 + wide <= width) {
            ImGui::SameLine(0, 8);
            x += 8 + wide;
        } else {
            if (i > 0) space(8);
            x = wide;
        }
        ImGui::PushID(static_cast<int>(i));
        if (button(app, "press", presses[i].label.c_str(), nullptr, ButtonStyle::danger))
            app.command(presses[i].command);
        ImGui::PopID();
    }
    ImGui::PopID();
    space(18);
}

// Clients do not die, and who only watches breaks nothing.
bool can_break(const KindRecord& kind) { return (kind.role & (role_client | role_watch)) == 0; }

void of_nodes(App& app) {
    for (const VerbRecord& verb : node_verbs()) {
        const std::string_view id = verb.id;
        if (id == "set" || id == "restore") continue;
        std::vector<Press> presses;
        for (int node = 0; node < node_count(app); ++node) {
            const KindRecord& kind = kind_of(app, node);
            if (!can_break(kind) || (id == "slow" && kind.tier == Tier::group)) continue;
            if (id == "kill" && app.session.world().node_now(node).state == InstanceState::dead) continue;
            presses.push_back({app.label(node), to_node(verb, node)});
        }
        incident(app, pick(verb.name, app.view.language), pick(verb.help, app.view.language), presses);
    }
}

void of_edges(App& app) {
    const VerbRecord* cut = find_verb(edge_verbs(), "kill");
    std::vector<Press> presses;
    const std::vector<EdgeDef>& edges = app.session.scenario().edges;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (app.session.world().edge_cut(static_cast<int>(i))) continue;
        Command command;
        command.verb = cut;
        command.edge = static_cast<int>(i);
        presses.push_back({app.label(edges[i].from) + " > " + app.label(edges[i].to), std::move(command)});
    }
    incident(app, app.word("incident.partition"), pick(cut->help, app.view.language), presses);
}

// Where users come from: as many times more of them.
void flash_crowd(App& app) {
    const VerbRecord* set = find_verb(node_verbs(), "set");
    std::vector<Press> presses;
    for (int node = 0; node < node_count(app); ++node) {
        const KindRecord& kind = kind_of(app, node);
        if ((kind.role & role_client) == 0) continue;
        Command command;
        command.verb = set;
        command.node = node;
        const int mode = kind.param_index("mode"); // users who wait for each answer, or arrivals at a rate
        const bool closed = mode >= 0 && app.session.world().value(node, mode) == 1;
        const int param = kind.param_index(closed ? "users" : "rate_per_s");
        if (param < 0) continue;
        const double now = app.session.world().value(node, param);
        const double most = kind.params[static_cast<std::size_t>(param)].most;
        command.settings.push_back({static_cast<std::uint8_t>(param), std::min(most, now * k_crowd)});
        presses.push_back({app.label(node), std::move(command)});
    }
    incident(app, app.word("incident.crowd"), app.word("incident.crowd_help"), presses);
}

// The verbs that only some kinds have, each once. A release that is slower or fails is a bad one.
void of_kinds(App& app) {
    std::vector<const VerbRecord*> seen;
    for (int first = 0; first < node_count(app); ++first)
        for (const VerbRecord& verb : kind_of(app, first).verbs) {
            const auto same = [&](const VerbRecord* other) {
                return std::string_view(other->id) == verb.id &&
                       std::string_view(other->help.en) == verb.help.en;
            };
            if (std::any_of(seen.begin(), seen.end(), same)) continue;
            seen.push_back(&verb);
            std::vector<Press> presses;
            bool is_release = false;
            for (int node = 0; node < node_count(app); ++node)
                for (const VerbRecord& its : kind_of(app, node).verbs) {
                    if (!same(&its)) continue;
                    Command command = to_node(its, node);
                    for (const ParamRecord& param : its.params)
                        is_release = is_release || std::string_view(param.id) == "failing";
                    set_param(command, "slower", k_bad_slower);
                    set_param(command, "failing", k_bad_failing);
                    presses.push_back({app.label(node), std::move(command)});
                }
            incident(app, is_release ? app.word("incident.release") : pick(verb.name, app.view.language),
                     is_release ? app.word("incident.release_help") : pick(verb.help, app.view.language),
                     presses);
        }
}

// Everything that is down, slow or cut, back as it should be.
std::vector<Command> mending(const App& app) {
    std::vector<Command> commands;
    const World& world = app.session.world();
    const VerbRecord* restore = find_verb(node_verbs(), "restore");
    const VerbRecord* slow = find_verb(node_verbs(), "slow");
    for (int node = 0; node < node_count(app); ++node) {
        const NodeNow now = world.node_now(node);
        if (now.instances_up < now.instances && can_break(kind_of(app, node)))
            commands.push_back(to_node(*restore, node));
        if (now.state == InstanceState::slow && slow) {
            commands.push_back(to_node(*slow, node));
            for (Setting& setting : commands.back().settings) setting.value = 1;
        }
    }
    for (std::size_t i = 0; i < app.session.scenario().edges.size(); ++i)
        if (world.edge_cut(static_cast<int>(i))) {
            commands.emplace_back();
            commands.back().verb = find_verb(edge_verbs(), "restore");
            commands.back().edge = static_cast<int>(i);
        }
    return commands;
}

void draw(App& app, const Rect& area) {
    if (app.view.layout.narrow) close_button(app, area);
    title(app, app.word("incident.eyebrow"), app.word("inspector.break"));
    const std::vector<Command> mends = mending(app);
    ImGui::BeginDisabled(mends.empty());
    if (button(app, "mend", app.word("incident.mend"), icons::check, ButtonStyle::quiet,
               app.word("incident.mend_help")))
        for (const Command& command : mends) app.command(command);
    ImGui::EndDisabled();
    space(18);
    of_nodes(app);
    flash_crowd(app);
    of_edges(app);
    of_kinds(app);
}

} // namespace

extern const Panel k_incidents_panel;
const Panel k_incidents_panel{"incidents", Region::inspector, true, 20, wanted, draw};

} // namespace scale::web
