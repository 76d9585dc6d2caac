// The board: the design drawn by board/, in a window of its own.

#include "panel.hpp"

namespace scale::web {
namespace {

bool wanted(const App&) { return true; }
void draw(App& app, const Rect&) { app.draw_board(); }

} // namespace

extern const Panel k_board_panel;
const Panel k_board_panel{"board", Region::board, false, 0, wanted, draw};

} // namespace scale::web
