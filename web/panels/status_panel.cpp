// The strip over the board's lower edge: one sentence about how the system is doing.

#include <cmath>

#include "icons.hpp"
#include "paint.hpp"
#include "panel.hpp"
#include "status.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

bool wanted(const App&) { return true; }

Sign sign_of(Health health) {
    return health == Health::broken ? Sign::broken : health == Health::strained ? Sign::warning : Sign::fine;
}

void draw(App& app, const Rect& area) {
    const Theme& theme = app.view.theme;
    const Palette& colors = theme.colors;
    const Status status = status_of(app.session, app.view.language);
    const Sign sign = sign_of(status.health);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 from{area.x, area.y}, to{area.x + area.width, area.y + area.height};
    list->AddRectFilled(from, to, colors.panel, Theme::k_radius);
    const bool calm = status.health == Health::idle || status.health == Health::fine;
    list->AddRect(from, to, calm ? colors.line : sign_color(theme, sign), Theme::k_radius);
    const float middle = area.y + area.height * 0.5f;
    if (status.health == Health::idle)
        draw_icon(list, theme, {area.x + 13, middle - 8}, 16, colors.mute, icons::info);
    else
        draw_sign(list, theme, {area.x + 21, middle}, sign);
    const float width = area.width - 38 - 12;
    const TextStyle style =
        text_width(theme, TextStyle::body, status.sentence) > width ? TextStyle::label : TextStyle::body;
    const float height = draw_wrapped(nullptr, theme, style, {}, 0, status.sentence, width, 2);
    draw_wrapped(list, theme, style, {area.x + 38, std::round(middle - height * 0.5f + 1)}, colors.text,
                 status.sentence, width, 2);
    ImGui::Dummy({area.width, area.height});
    if (style == TextStyle::label) help_on_hover(app, status.sentence);
}

} // namespace

extern const Panel k_status_panel;
const Panel k_status_panel{"status", Region::status, false, 0, wanted, draw};

} // namespace scale::web
