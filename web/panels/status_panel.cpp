// The strip over the board's lower edge: one sentence about how the system is doing, and why. Pressed, it
// shows the node that it is about; the button beside it goes to the moment that it names.

#include <cmath>

#include "format.hpp"
#include "icons.hpp"
#include "paint.hpp"
#include "panel.hpp"
#include "status.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr float k_left = 38, k_right = 12; // of the words
constexpr int k_lines_most = 6;            // the longest sentence on the narrowest phone
constexpr double k_here_s = 0.75;          // so near to a moment there is nowhere to go

bool wanted(const App&) { return true; }

Sign sign_of(Health health) {
    return health == Health::broken ? Sign::broken : health == Health::strained ? Sign::warning : Sign::fine;
}

bool has_moment(const App& app, const Status& status) {
    return status.at_s >= 0 && std::abs(app.session.now_s() - status.at_s) > k_here_s;
}

std::string moment_words(const App& app, const Status& status) {
    if (app.view.layout.narrow) return {};
    return phrase("status.go_to", app.view.language, {format_clock(status.at_s)});
}

float button_room(const App& app, const Status& status) {
    if (!has_moment(app, status)) return 0;
    const std::string words = moment_words(app, status);
    return button_width(app, words.empty() ? nullptr : words.c_str(), true) + 6;
}

struct Wrapped {
    TextStyle style = TextStyle::body;
    float width = 0, height = 0;
};

Wrapped wrap(const App& app, const Status& status, float strip_width) {
    const Theme& theme = app.view.theme;
    Wrapped out;
    out.width = std::max(40.0f, strip_width - k_left - k_right - button_room(app, status));
    if (text_width(theme, TextStyle::body, status.sentence) > out.width) out.style = TextStyle::label;
    out.height = draw_wrapped(nullptr, theme, out.style, {}, 0, status.sentence, out.width, k_lines_most);
    return out;
}

void draw_moment_button(App& app, const Status& status, const Rect& area, float middle) {
    const std::string words = moment_words(app, status);
    const float width = button_room(app, status);
    ImGui::SetCursorScreenPos({area.x + area.width - width, middle - k_button_height * 0.5f});
    if (button(app, "moment", words.empty() ? nullptr : words.c_str(), icons::rotate_ccw, ButtonStyle::bare,
               app.word("status.go_to_help")))
        app.follow_status(true);
}

void draw(App& app, const Rect& area) {
    const Theme& theme = app.view.theme;
    const Palette& colors = theme.colors;
    const Status status = app.status();
    const Sign sign = sign_of(status.health);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 from{area.x, area.y}, to{area.x + area.width, area.y + area.height};
    const float room = button_room(app, status);
    const bool pressed =
        ImGui::InvisibleButton("why", {std::max(1.0f, area.width - room), std::max(1.0f, area.height)});
    const bool hovered = ImGui::IsItemHovered() && status.node >= 0;
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (status.node >= 0) help_on_hover(app, app.word("status.press_help"));
    list->AddRectFilled(from, to, colors.panel, Theme::k_radius);
    const bool calm = status.health == Health::idle || status.health == Health::fine;
    list->AddRect(from, to,
                  !calm     ? sign_color(theme, sign)
                  : hovered ? colors.faint
                            : colors.line,
                  Theme::k_radius, 0, hovered && !calm ? 2.0f : 1.0f);
    const float middle = area.y + area.height * 0.5f;
    if (status.health == Health::idle)
        draw_icon(list, theme, {area.x + 13, middle - 8}, 16, colors.mute, icons::info);
    else
        draw_sign(list, theme, {area.x + 21, middle}, sign);
    const Wrapped words = wrap(app, status, area.width);
    draw_wrapped(list, theme, words.style, {area.x + k_left, std::round(middle - words.height * 0.5f + 1)},
                 colors.text, status.sentence, words.width, k_lines_most);
    if (room > 0) draw_moment_button(app, status, area, middle);
    if (pressed) app.follow_status(false);
}

} // namespace

// As high as the sentence needs it.
float App::status_height() {
    const Rect& area = view.layout[Region::status];
    if (!has_fonts() || area.empty()) return k_status_height;
    return std::max(k_status_height, wrap(*this, status(), area.width).height + 16);
}

extern const Panel k_status_panel;
const Panel k_status_panel{"status", Region::status, false, 0, wanted, draw};

} // namespace scale::web
