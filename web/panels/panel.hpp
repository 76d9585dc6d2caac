#pragma once
// A panel is one record in a file of its own, listed once in all.cpp. It reads; it does not own.

#include <span>

#include "app.hpp"

namespace scale::web {

struct Panel {
    const char* id;
    Region region;
    bool scrolls;                   // content may be taller than the region
    float padding;                  // left and right, CSS pixels
    bool (*wanted)(const App& app); // the first wanted panel of a region is drawn
    void (*draw)(App& app, const Rect& area);
};

std::span<const Panel* const> panels();

} // namespace scale::web
