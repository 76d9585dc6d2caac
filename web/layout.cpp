// Where the regions stand.

#include <algorithm>
#include <cmath>

#include "app.hpp"

namespace scale::web {
namespace {

constexpr float k_inspector_least = 264, k_inspector_most = 300;
constexpr float k_strip = 48;
constexpr float k_chart_low =
    170; // with its strip and tabs; lower ones say nothing and give way to the board
constexpr float k_tabs_room = 400; // of the charts, beside the transport
constexpr float k_charts_least = 150, k_charts_most = 252;
constexpr float k_status_margin = 16;
constexpr float k_board_least = 60; // for charts that grow by their strip

// Charts, with the strip below them where that is high.
float with_strip(float charts, float strip, float height) {
    const float more = std::max(0.0f, strip - k_charts_below);
    return charts + std::clamp(height - charts - k_board_least, 0.0f, more);
}

void place_bottom(Layout& layout, float width, float height, float charts_height, float status_height) {
    const float top = std::floor(height - charts_height);
    layout[Region::charts] = {0, top, width, height - top};
    const float transport = layout.narrow ? width : std::min(width, std::max(width - k_tabs_room, 300.0f));
    layout[Region::transport] = {0, top, transport, std::min(k_strip, charts_height)};
    layout[Region::board] = {0, 0, width, top};
    const float margin = layout.narrow ? 8 : k_status_margin;
    const float status = std::min(status_height, std::max(0.0f, top - 2 * margin));
    layout[Region::status] = {margin, top - margin - status, std::max(0.0f, width - 2 * margin), status};
}

} // namespace

Layout lay_out(float width, float height, bool inspector_open, float status_height, bool all_charts,
               float strip) {
    Layout layout;
    layout.narrow = width < k_narrow_below;
    if (layout.narrow) {
        const bool room = height * 0.42f >= k_chart_low;
        const float wanted = room ? height * (all_charts ? 0.52f : 0.42f) : k_strip;
        const float charts = std::clamp(wanted, std::min(k_strip, height), all_charts ? 300.0f : 230.0f);
        // All charts have grown already: with all of their strip too the board got low. They share what it
        // takes.
        const float grown = with_strip(charts, room ? strip : 0, height);
        place_bottom(layout, width, height, all_charts ? std::floor((charts + grown) / 2) : grown,
                     status_height);
        if (!inspector_open) return layout;
        const float sheet = std::floor(height * 0.62f);
        const float top = std::floor(height - sheet);
        layout[Region::inspector] = {0, top, width, height - top};
        return layout;
    }
    const float inspector = std::floor(std::clamp(width * 0.27f, k_inspector_least, k_inspector_most));
    const float left = std::floor(width - inspector);
    layout[Region::inspector] = {left, 0, width - left, height};
    const float charts =
        std::floor(std::clamp(height * 0.28f, std::min(k_charts_least, height), k_charts_most));
    place_bottom(layout, left, height, with_strip(charts, strip, height), status_height);
    return layout;
}

Layout lay_out_small(float width, float height, Extent extent, float status_height) {
    Layout layout;
    layout.narrow = width < k_narrow_below;
    const float strip = extent == Extent::controls ? std::min(k_strip, height) : 0;
    place_bottom(layout, width, height, strip, status_height);
    layout[Region::transport] = {0, height - strip, width, strip};
    layout[Region::charts] = {};
    if (extent == Extent::board) layout[Region::transport] = {}, layout[Region::status] = {0, height, 0, 0};
    return layout;
}

} // namespace scale::web
