// The panels, in the order in which they are drawn. A new panel is its file and one line here.

#include "panel.hpp"

// clang-format off
#define SCALE_PANELS(panel)    \
    panel(k_board_panel)       \
    panel(k_status_panel)      \
    panel(k_charts_panel)      \
    panel(k_transport_panel)   \
    panel(k_review_panel)      \
    panel(k_incidents_panel)   \
    panel(k_many_panel)        \
    panel(k_node_panel)        \
    panel(k_edge_panel)        \
    panel(k_overview_panel)
// clang-format on

namespace scale::web {

#define SCALE_DECLARE(name) extern const Panel name;
SCALE_PANELS(SCALE_DECLARE)

std::span<const Panel* const> panels() {
#define SCALE_LIST(name) &name,
    static const Panel* const k_panels[] = {SCALE_PANELS(SCALE_LIST)};
    return k_panels;
}

} // namespace scale::web
