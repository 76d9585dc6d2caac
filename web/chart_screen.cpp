#include "chart_screen.hpp"

#include "paint.hpp"

namespace scale::web {

static_assert(sizeof(Spot) == sizeof(ImVec2));

void ScreenCanvas::line(std::span<const Spot> spots, ChartColor color, float width) {
    list_->PathClear();
    for (const Spot& spot : spots) list_->PathLineTo({spot.x, spot.y});
    list_->PathStroke(color, 0, width);
}

void ScreenCanvas::rule(Spot from, Spot to, ChartColor color, float width, bool dashed) {
    if (dashed)
        dashed_line(list_, {from.x, from.y}, {to.x, to.y}, color, 2, 3, width);
    else
        list_->AddLine({from.x, from.y}, {to.x, to.y}, color, width);
}

void ScreenCanvas::band(std::span<const Spot> upper, std::span<const Spot> lower, ChartColor color) {
    if (upper.size() < 2) return;
    const auto count = static_cast<unsigned>(upper.size());
    const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
    list_->PrimReserve(static_cast<int>((count - 1) * 6), static_cast<int>(count * 2));
    for (unsigned i = 0; i + 1 < count; ++i) {
        const unsigned first = list_->_VtxCurrentIdx + i * 2;
        for (unsigned corner : {0u, 2u, 3u, 0u, 3u, 1u}) list_->PrimWriteIdx(first + corner);
    }
    for (unsigned i = 0; i < count; ++i) {
        list_->PrimWriteVtx({upper[i].x, upper[i].y}, white, color);
        list_->PrimWriteVtx({lower[i].x, lower[i].y}, white, color);
    }
}

void ScreenCanvas::marker(Spot center, ChartColor color, MarkerShape shape) {
    const ImVec2 at{center.x, center.y};
    if (shape == MarkerShape::dot) {
        list_->AddCircleFilled(at, 3.5f, color, 16);
    } else if (shape == MarkerShape::cross) {
        list_->AddLine({at.x - 3.5f, at.y - 3.5f}, {at.x + 3.5f, at.y + 3.5f}, color, 1.6f);
        list_->AddLine({at.x - 3.5f, at.y + 3.5f}, {at.x + 3.5f, at.y - 3.5f}, color, 1.6f);
    } else {
        list_->AddQuadFilled({at.x, at.y - 5}, {at.x + 5, at.y}, {at.x, at.y + 5}, {at.x - 5, at.y}, color);
    }
}

void ScreenCanvas::text(Spot at, ChartAnchor anchor, ChartColor color, std::string_view words) {
    const Align align = anchor == ChartAnchor::left    ? Align::left
                        : anchor == ChartAnchor::right ? Align::right
                                                       : Align::center;
    draw_figure(list_, theme_, TextStyle::axis, {at.x, at.y}, color, words, align);
}

float ScreenCanvas::text_width(std::string_view words) {
    return figure_width(theme_, TextStyle::axis, words);
}

ChartColors chart_colors(const Theme& theme) {
    const Palette& colors = theme.colors;
    return {.grid = colors.line, .axis = colors.mute, .head = colors.text, .ground = colors.panel};
}

} // namespace scale::web
