// The inspector of an edge: how far, how wide, how it is shared; cut and mend.

#include "icons.hpp"
#include "inspector.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

bool wanted(const App& app) { return app.view.selected_edge >= 0 && !app.session.empty(); }

void draw(App& app, const Rect& area) {
    const int edge = app.view.selected_edge;
    const EdgeDef& def = app.session.scenario().edges[static_cast<std::size_t>(edge)];
    ImGui::PushID(edge);
    close_button(app, area);
    title(app, app.word("inspector.edge"), app.label(def.from) + " > " + app.label(def.to));
    const bool cut = app.session.world().edge_cut(edge);
    figure_row(app, app.word("metric.state"), app.word(cut ? "state.cut" : "state.whole"),
               cut ? app.view.theme.colors.bad : 0, {}, cut ? icons::x : nullptr);
    space(14);
    param_rows(app, edge_params(), -1, edge);
    space(18);
    heading(app, app.word("inspector.break"));
    space(2);
    verb_buttons(app, edge_verbs(), -1, edge);
    digest_line(app);
    ImGui::PopID();
}

} // namespace

extern const Panel k_edge_panel;
const Panel k_edge_panel{"edge", Region::inspector, true, 20, wanted, draw};

} // namespace scale::web
