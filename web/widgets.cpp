#include "widgets.hpp"

#include <algorithm>
#include <cmath>

#include "icons.hpp"
#include "imgui_internal.h"
#include "paint.hpp"

namespace scale::web {
namespace {

constexpr float k_button_padding = 14;
constexpr float k_icon_size = 16;
constexpr float k_icon_gap = 7;
constexpr float k_row_height = 31;
constexpr float k_menu_width = 208;
constexpr float k_menu_column = 96; // at least, where there is more than one
constexpr float k_menu_sign = 34;   // left of a row's words
constexpr float k_menu_padding = 6;
constexpr float k_menu_apart = 4;
constexpr float k_menu_margin = 8; // around a menu that fills the screen
constexpr float k_tab_gap = 16;
constexpr float k_help_width = 252;
constexpr float k_close_room = 24; // right of a title

float text_y(const Theme& theme, TextStyle style, float top, float height) {
    return std::round(top + (height - line_height(theme, style)) * 0.5f);
}

struct ButtonColors {
    ImU32 fill, border, text;
};

bool is_disabled() { return (ImGui::GetCurrentContext()->CurrentItemFlags & ImGuiItemFlags_Disabled) != 0; }

ButtonColors button_colors(const Palette& colors, ButtonStyle style, bool hovered, bool held) {
    if (is_disabled()) return {colors.panel, colors.line, colors.faint};
    const ImU32 raised = held ? colors.line : colors.raise;
    switch (style) {
    case ButtonStyle::primary: return {with_alpha(colors.accent, held ? 0.8f : 1), 0, colors.on_accent};
    case ButtonStyle::danger:
        return {raised, hovered ? colors.bad : colors.line, hovered ? colors.bad : colors.text};
    case ButtonStyle::bare: return {hovered ? colors.raise : 0, 0, hovered ? colors.text : colors.mute};
    case ButtonStyle::quiet: break;
    }
    return {raised, hovered ? colors.faint : colors.line, colors.text};
}

// While it lives, what is pressed by a finger reaches farther than it is drawn: controls of the usual height
// are targets of 44 pixels. For those that stand apart; where two reach the same place, it is the first
// one's.
class FingerRoom {
public:
    explicit FingerRoom(const App& app) {
        if (for_fingers(app)) ImGui::GetStyle().TouchExtraPadding = {4, 6};
    }
    ~FingerRoom() { ImGui::GetStyle().TouchExtraPadding = {0, 0}; }
    FingerRoom(const FingerRoom&) = delete;
    FingerRoom& operator=(const FingerRoom&) = delete;
};

} // namespace

bool for_fingers(const App& app) {
    return app.view.layout.narrow || ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen;
}

float button_width(const App& app, const char* label, bool has_icon) {
    const float text = label ? text_width(app.view.theme, TextStyle::label, label) : 0;
    if (has_icon && !label) return k_button_height + 4;
    return text + 2 * k_button_padding + (has_icon ? k_icon_size + k_icon_gap : 0);
}

bool button(App& app, const char* id, const char* label, const char* icon, ButtonStyle style,
            const char* help) {
    const Theme& theme = app.view.theme;
    const FingerRoom room(app);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size{button_width(app, label, icon != nullptr), k_button_height};
    const bool pressed = ImGui::InvisibleButton(id, size);
    const bool hovered = ImGui::IsItemHovered();
    const ButtonColors colors = button_colors(theme.colors, style, hovered, ImGui::IsItemActive());
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + size.x, at.y + size.y};
    if (colors.fill) list->AddRectFilled(at, end, colors.fill, Theme::k_radius_small);
    if (colors.border) list->AddRect(at, end, colors.border, Theme::k_radius_small);
    float x = at.x + (label ? k_button_padding : (size.x - k_icon_size) * 0.5f);
    if (icon) {
        // Beside words a pixel lower: their small letters stand below the middle of the line.
        const float y = at.y + (size.y - k_icon_size) * 0.5f + (label ? 1.0f : 0.0f);
        draw_icon(list, theme, {x, y}, k_icon_size, colors.text, icon);
        x += k_icon_size + k_icon_gap;
    }
    if (label)
        draw_text(list, theme, TextStyle::label, {x, text_y(theme, TextStyle::label, at.y, size.y)},
                  colors.text, label);
    if (help) help_on_hover(app, help);
    return pressed;
}

float tabs_width(const App& app, std::span<const char* const> labels) {
    float width = -k_tab_gap;
    for (const char* label : labels) width += text_width(app.view.theme, TextStyle::label, label) + k_tab_gap;
    return width;
}

int tabs(App& app, const char* id, std::span<const char* const> labels, int chosen, ImVec2 right_top) {
    const Theme& theme = app.view.theme;
    const FingerRoom room(app);
    ImGui::PushID(id);
    float x = right_top.x - tabs_width(app, labels);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const float width = text_width(theme, TextStyle::label, labels[i]);
        ImGui::SetCursorScreenPos({x - k_tab_gap * 0.5f, right_top.y});
        ImGui::PushID(static_cast<int>(i));
        if (ImGui::InvisibleButton("tab", {width + k_tab_gap, k_button_height})) chosen = static_cast<int>(i);
        const bool is_chosen = chosen == static_cast<int>(i);
        const ImU32 color = is_chosen || ImGui::IsItemHovered() ? theme.colors.text : theme.colors.mute;
        ImDrawList* list = ImGui::GetWindowDrawList();
        draw_text(list, theme, TextStyle::label,
                  {x, text_y(theme, TextStyle::label, right_top.y, k_button_height)}, color, labels[i]);
        const float y = right_top.y + k_button_height - 3;
        if (is_chosen) list->AddRectFilled({x, y}, {x + width, y + 2}, theme.colors.accent, 1);
        ImGui::PopID();
        x += width + k_tab_gap;
    }
    ImGui::PopID();
    return chosen;
}

void side_tabs(App& app, const Rect& area) {
    const char* const labels[] = {app.word("side.figures"), app.word("side.review"),
                                  app.word("side.incidents")};
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const int chosen = tabs(app, "side", labels, static_cast<int>(app.view.side),
                            {area.x + 20 + tabs_width(app, labels), at.y});
    app.view.side = static_cast<Side>(chosen);
    ImGui::SetCursorScreenPos({at.x, at.y + k_button_height + 10});
}

namespace {

struct MenuGrid {
    int columns = 1, lines = 1;
    ImVec2 cell;
    float gap = 1; // between lines
    ImVec2 size(float apart) const {
        const auto down = static_cast<float>(lines);
        return {cell.x * static_cast<float>(columns), cell.y * down + gap * (down - 1) + apart};
    }
};

// As few columns as make the rows fit into the room, and no more than it has the width for.
MenuGrid menu_grid(const App& app, std::span<const MenuRow> rows, ImVec2 room) {
    float widest = 0;
    for (const MenuRow& row : rows)
        widest = std::max(widest, text_width(app.view.theme, TextStyle::label, row.label));
    const bool finger = for_fingers(app);
    const int count = static_cast<int>(rows.size());
    MenuGrid grid;
    grid.cell.y = finger ? k_finger : k_button_height;
    grid.gap = finger ? 0 : 1;
    const float narrow = std::max(k_menu_column, std::ceil(widest) + k_menu_sign + 12);
    const auto most = std::max(1, static_cast<int>(room.x / narrow));
    do {
        grid.lines = (count + grid.columns - 1) / grid.columns;
    } while (grid.size(0).y > room.y && ++grid.columns <= most);
    grid.columns = std::min(grid.columns, most);
    grid.lines = (count + grid.columns - 1) / grid.columns;
    grid.cell.x = std::min(room.x, grid.columns > 1 ? narrow : std::max(k_menu_width, widest + 56));
    return grid;
}

// Where a menu may stand: the page's own buttons lie over the upper edge of a small screen.
struct MenuRoom {
    ImVec2 from, to;
    explicit MenuRoom(const App& app) {
        const ImVec2 screen = ImGui::GetIO().DisplaySize;
        const bool tools = app.view.layout.narrow && app.view.extent == Extent::all;
        from = {k_menu_margin, tools ? k_tools_height : k_menu_margin};
        to = {screen.x - k_menu_margin, screen.y - k_menu_margin};
    }
    ImVec2 size() const { return {to.x - from.x, to.y - from.y}; }
    ImVec2 inside() const { return {size().x - 2 * k_menu_padding, size().y - 2 * k_menu_padding}; }
    // Right below where it was asked for, or above, clear of the finger; else where there is room.
    ImVec2 place(const App& app, ImVec2 rows) const {
        const ImGuiContext& context = *ImGui::GetCurrentContext();
        const ImVec2 at = context.OpenPopupStack[context.BeginPopupStack.Size].OpenMousePos;
        ImVec2 high{rows.x + 2 * k_menu_padding, rows.y + 2 * k_menu_padding};
        if (high.y > size().y) high = {high.x + ImGui::GetStyle().ScrollbarSize, size().y};
        const float above = at.y - high.y - (for_fingers(app) ? k_finger * 0.5f + 2 : 0);
        const bool is_low = at.y - from.y > to.y - at.y;
        const float top = at.y + high.y <= to.y || !is_low ? at.y : above;
        return {std::max(from.x, std::min(at.x, to.x - high.x)),
                std::max(from.y, std::min(top, to.y - high.y))};
    }
};

bool menu_cell(const App& app, const MenuRow& row, ImVec2 at, ImVec2 size) {
    const Theme& theme = app.view.theme;
    ImGui::SetCursorScreenPos(at);
    const bool pressed = ImGui::InvisibleButton("row", size);
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered())
        list->AddRectFilled(at, {at.x + size.x, at.y + size.y}, theme.colors.line, Theme::k_radius_small);
    if (const char* sign = row.chosen ? icons::check : row.icon)
        draw_icon(list, theme, {at.x + 8, at.y + (size.y - k_icon_size) * 0.5f + 1}, k_icon_size,
                  row.chosen ? theme.colors.accent : theme.colors.mute, sign);
    draw_fitted(list, theme, TextStyle::label,
                {at.x + k_menu_sign, text_y(theme, TextStyle::label, at.y, size.y)}, theme.colors.text,
                row.label, size.x - k_menu_sign);
    return pressed;
}

} // namespace

int menu(App& app, const char* id, std::span<const MenuRow> rows) {
    if (!ImGui::IsPopupOpen(id)) return -1;
    const MenuRoom room(app);
    const MenuGrid grid = menu_grid(app, rows, room.inside());
    ImGui::SetNextWindowSizeConstraints({0, 0}, room.size());
    ImGui::SetNextWindowPos(room.place(app, grid.size(grid.columns == 1 ? k_menu_apart : 0)));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {k_menu_padding, k_menu_padding});
    int chosen = -1;
    if (ImGui::BeginPopup(id, ImGuiWindowFlags_NoMove)) {
        const ImVec2 first = ImGui::GetCursorScreenPos();
        float apart = 0;
        for (int i = 0; i < static_cast<int>(rows.size()); ++i) {
            const MenuRow& row = rows[static_cast<std::size_t>(i)];
            if (row.apart && grid.columns == 1) apart += k_menu_apart;
            const auto column = static_cast<float>(i / grid.lines), line = static_cast<float>(i % grid.lines);
            ImGui::PushID(i);
            if (menu_cell(app, row,
                          {first.x + column * grid.cell.x, first.y + line * (grid.cell.y + grid.gap) + apart},
                          grid.cell))
                chosen = i;
            ImGui::PopID();
        }
        ImGui::SetCursorScreenPos(first);
        ImGui::Dummy(grid.size(apart));
        drag_scroll(app);
        if (chosen >= 0) ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
    return chosen;
}

void space(float height) { ImGui::Dummy({1, height}); }

void heading(App& app, std::string_view label) {
    const Theme& theme = app.view.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_fitted(ImGui::GetWindowDrawList(), theme, TextStyle::label, at, theme.colors.mute, label,
                ImGui::GetContentRegionAvail().x);
    ImGui::Dummy({1, line_height(theme, TextStyle::label) + 5});
}

void title(App& app, std::string_view eyebrow, std::string_view name) {
    const Theme& theme = app.view.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x - k_close_room;
    draw_fitted(list, theme, TextStyle::label, at, theme.colors.mute, eyebrow, width);
    const float first = line_height(theme, TextStyle::label) + 4;
    const float height = draw_wrapped(list, theme, TextStyle::heading, {at.x, at.y + first},
                                      theme.colors.text, name, width, 3);
    ImGui::Dummy({1, first + height + 14});
}

void figure_row(App& app, std::string_view label, std::string_view value, ImU32 color, std::string_view help,
                const char* icon) {
    const Theme& theme = app.view.theme;
    const Palette& colors = theme.colors;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({width, k_row_height});
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float y = text_y(theme, TextStyle::label, at.y, k_row_height);
    const float value_width = figure_width(theme, TextStyle::label, value);
    const float icon_room = icon ? 20.0f : 0;
    draw_fitted(list, theme, TextStyle::label, {at.x, y}, colors.text, label,
                width - value_width - icon_room - 12);
    const ImU32 ink = color ? color : colors.text;
    draw_figure(list, theme, TextStyle::label, {at.x + width, y}, ink, value, Align::right);
    if (icon) draw_icon(list, theme, {at.x + width - value_width - icon_room, at.y + 9.5f}, 14, ink, icon);
    const float bottom = std::floor(at.y + k_row_height) - 0.5f;
    list->AddLine({at.x, bottom}, {at.x + width, bottom}, colors.line);
    if (!help.empty()) help_on_hover(app, help);
}

void drag_scroll(App& app) {
    if (app.view.finger != FingerMove::along || !ImGui::IsMouseDown(0) ||
        !ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem))
        return;
    ImGui::SetScrollY(ImGui::GetScrollY() - ImGui::GetIO().MouseDelta.y);
    // What it was put down on goes with it, and would be pressed when it is lifted.
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    if (context.ActiveId != 0 && context.ActiveIdWindow == ImGui::GetCurrentWindow()) ImGui::ClearActiveID();
}

namespace {

// Draws the lines of a help text, or only measures them without a list; returns the height.
float help_lines(ImDrawList* list, const Theme& theme, ImVec2 at, std::string_view text) {
    float height = 0;
    for (bool first = true; !text.empty(); first = false) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const ImU32 color = first ? theme.colors.text : theme.colors.mute;
        height += draw_wrapped(list, theme, TextStyle::label, {at.x, at.y + height}, color,
                               text.substr(0, end), k_help_width, 8);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return height;
}

float widest_help_line(const Theme& theme, std::string_view text) {
    float widest = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        widest = std::max(widest, text_width(theme, TextStyle::label, text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::min(widest, k_help_width);
}

// Beside the panel where there is room, so that the rows below stay to be seen.
void show_help(const App& app, std::string_view text) {
    const Theme& theme = app.view.theme;
    const ImVec2 panel = ImGui::GetWindowPos(), item = ImGui::GetItemRectMin();
    if (panel.x > k_help_width + 60) ImGui::SetNextWindowPos({panel.x - 8, item.y}, ImGuiCond_Always, {1, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {12, 10});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, Theme::k_radius_small);
    if (ImGui::BeginTooltip()) {
        const float height = help_lines(nullptr, theme, {}, text);
        help_lines(ImGui::GetWindowDrawList(), theme, ImGui::GetCursorScreenPos(), text);
        ImGui::Dummy({widest_help_line(theme, text), height});
        ImGui::EndTooltip();
    }
    ImGui::PopStyleVar(2);
}

} // namespace

void help_on_hover(App& app, std::string_view text) {
    if (app.view.finger == FingerMove::along) return; // it came to lie here by scrolling
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayShort | ImGuiHoveredFlags_NoSharedDelay))
        show_help(app, text);
    else if (ImGui::IsItemHovered())
        app.view.animating = true; // the moment passes in drawn frames
}

ImU32 sign_color(const Theme& theme, Sign sign) {
    const Palette& colors = theme.colors;
    return sign == Sign::fine ? colors.ok : sign == Sign::warning ? colors.warn : colors.bad;
}

void draw_sign(ImDrawList* list, const Theme& theme, ImVec2 center, Sign sign) {
    const ImU32 color = sign_color(theme, sign);
    const char* icon = sign == Sign::fine      ? icons::check
                       : sign == Sign::warning ? icons::triangle_alert
                                               : icons::x;
    draw_icon(list, theme, {center.x - 8, center.y - 8}, 16, color, icon);
}

} // namespace scale::web
