#pragma once
// The screen as a canvas of charts: an ImGui draw list in the type of the theme.

#include "chart.hpp"
#include "theme.hpp"

namespace scale::web {

class ScreenCanvas : public ChartCanvas {
public:
    ScreenCanvas(ImDrawList* list, const Theme& theme) : list_(list), theme_(theme) {}
    void line(std::span<const Spot> spots, ChartColor color, float width) override;
    void rule(Spot from, Spot to, ChartColor color, float width, bool dashed) override;
    void band(std::span<const Spot> upper, std::span<const Spot> lower, ChartColor color) override;
    void marker(Spot center, ChartColor color, MarkerShape shape) override;
    void text(Spot at, ChartAnchor anchor, ChartColor color, std::string_view words) override;
    float text_width(std::string_view words) override;

private:
    ImDrawList* list_;
    const Theme& theme_;
};

ChartColors chart_colors(const Theme& theme);

} // namespace scale::web
