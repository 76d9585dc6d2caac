#pragma once

namespace scale::web {

// A point of a drawing, y downwards. ImGui's own converts to it and back (imgui_config.hpp), so that what is
// drawn without a screen needs no ImGui.
struct Spot {
    float x = 0, y = 0;
};

} // namespace scale::web
