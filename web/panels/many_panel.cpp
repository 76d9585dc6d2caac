// The inspector while several parts are selected: which they are, and what can be done to them together.

#include "icons.hpp"
#include "inspector.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

bool wanted(const App& app) { return !app.view.selected_many.empty() && !app.session.empty(); }

void draw(App& app, const Rect& area) {
    const std::vector<int> nodes = app.view.selected_many;
    close_button(app, area);
    title(app, app.word("many.eyebrow"),
          phrase("many.title", app.view.language, {std::to_string(nodes.size())}));
    for (int node : nodes)
        figure_row(app, app.label(node), state_words(app, app.session.world().node_now(node)));
    space(16);
    if (button(app, "duplicate", app.word("build.duplicate"))) app.duplicate(nodes.front());
    ImGui::SameLine(0, 8);
    if (button(app, "remove", app.word("build.remove"), nullptr, ButtonStyle::danger))
        app.remove(nodes.front(), -1);
    space(12);
    heading(app, app.word("many.help"));
}

} // namespace

extern const Panel k_many_panel;
const Panel k_many_panel{"many", Region::inspector, true, 20, wanted, draw};

} // namespace scale::web
