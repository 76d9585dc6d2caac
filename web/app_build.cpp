// Building by hand: what the pointer and the keys do to the design, as edits of the session.
#include "app.hpp"
#include "call_rows.hpp"

namespace scale::web {

namespace {

const std::string& id_of(const Scenario& scenario, int node) {
    return scenario.nodes[static_cast<std::size_t>(node)].id;
}

// The node, and where it is one of several selected, those.
std::vector<std::string> ids_with(const App& app, int node) {
    std::vector<std::string> ids;
    const bool one_of_many = !app.view.selected_many.empty() && app.is_selected(node);
    for (int each : one_of_many ? app.view.selected_many : std::vector<int>{node})
        ids.push_back(id_of(app.session.scenario(), each));
    return ids;
}

} // namespace

// An edit that is refused is said by the page, with the reason.
bool App::edit(const std::string& edits_json) {
    touch();
    return !session.edit(edits_json);
}

void App::connect(int from, int to) {
    const Scenario& scenario = session.scenario();
    const Json edits = Json::array({{{"connect", {id_of(scenario, from), id_of(scenario, to)}}}});
    if (edit(dumped(edits))) select(-1, session.scenario().find_edge(from, to));
}

void App::remove(int node, int edge) {
    const Scenario& scenario = session.scenario();
    Json edits = Json::array();
    if (node >= 0)
        for (const std::string& id : ids_with(*this, node)) edits.push_back({{"remove", id}});
    else if (edge >= 0) {
        const EdgeDef& def = scenario.edges[static_cast<std::size_t>(edge)];
        edits.push_back({{"disconnect", {id_of(scenario, def.from), id_of(scenario, def.to)}}});
    }
    if (edits.empty()) return;
    if (edit(dumped(edits))) select(-1);
}

void App::duplicate(int node) {
    CallContext context{session, clock_, view.language};
    const Json copied =
        Json::parse(call_session(context, "copy", dumped({{"nodes", ids_with(*this, node)}})).value_or("{}"),
                    nullptr, false);
    if (!copied.is_object() || !copied.contains("ok")) return;
    const std::size_t before = session.scenario().nodes.size();
    call_session(context, "paste", dumped({{"json", copied["ok"]}}));
    std::vector<int> made;
    for (std::size_t i = before; i < session.scenario().nodes.size(); ++i)
        made.push_back(static_cast<int>(i));
    if (made.size() == 1)
        select(made.front()); // a group too
    else
        select_many(std::move(made));
    touch();
}

// The keys of building, while the canvas has the focus. Those with Ctrl are the browser's: the page hears
// them.
void App::build_keys() {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.KeyCtrl || io.KeySuper || io.KeyAlt || session.empty()) return;
    if (ImGui::IsKeyPressed(ImGuiKey_Delete, false) || ImGui::IsKeyPressed(ImGuiKey_Backspace, false))
        remove(view.selected_node, view.selected_edge);
}

} // namespace scale::web
