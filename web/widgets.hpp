#pragma once
// The few controls that panels are made of, drawn in the look of the theme on ImGui's items.

#include <span>
#include <string_view>

#include "app.hpp"

namespace scale::web {

enum class ButtonStyle : std::uint8_t { quiet, primary, danger, bare };

// Names of controls come from where they stand: `id` tells apart those of one panel.
bool button(App& app, const char* id, const char* label, const char* icon = nullptr,
            ButtonStyle style = ButtonStyle::quiet, const char* help = nullptr);
float button_width(const App& app, const char* label, bool has_icon);
inline constexpr float k_button_height = 32;

// Words over an accent line; returns the chosen one. Ends at `right`.
int tabs(App& app, const char* id, std::span<const char* const> labels, int chosen, ImVec2 right_top);
float tabs_width(const App& app, std::span<const char* const> labels);

// Which face of the inspector's column is shown; above every panel of it.
void side_tabs(App& app, const Rect& area);

// Where the screen is narrow or a finger presses: what is pressed is k_finger pixels high.
bool for_fingers(const App& app);
inline constexpr float k_finger = 44;

// A popup of rows, open since ImGui::OpenPopup(id); the number of the row that was chosen, or -1. Rows that
// do not fit below each other stand in columns where there is room for them; else they scroll.
struct MenuRow {
    std::string_view label;
    bool chosen = false;
    const char* icon = nullptr;
    bool apart = false; // from those above
};
int menu(App& app, const char* id, std::span<const MenuRow> rows);

void heading(App& app, std::string_view label); // a small word over rows
void title(App& app, std::string_view eyebrow, std::string_view name);
void space(float height);

// "Queue ........ 412", with a hairline below. `color` 0 is that of text.
void figure_row(App& app, std::string_view label, std::string_view value, ImU32 color = 0,
                std::string_view help = {}, const char* icon = nullptr);

// Other parameters that this one must not be below or above, where there are any, and what they are.
struct ParamBounds {
    const ParamRecord *low = nullptr, *high = nullptr;
    double least = 0, most = 0;
};

// One parameter: drag along the row, click for the keyboard, or choose. True when `value` is to be applied.
// `designed` is what reset goes back to. Whatever is given stops at the bounds; a drag says at which.
bool param_row(App& app, const ParamRecord& record, double& value, double designed,
               const ParamBounds& bounds = {});

// A finger along the window moves it, and then presses nothing in it: for windows that scroll, after their
// content.
void drag_scroll(App& app);

// Over the latest item, after a moment.
void help_on_hover(App& app, std::string_view text);

// The round sign of a state: never colour alone.
enum class Sign : std::uint8_t { fine, warning, broken };
void draw_sign(ImDrawList* list, const Theme& theme, ImVec2 center, Sign sign);
ImU32 sign_color(const Theme& theme, Sign sign);

} // namespace scale::web
