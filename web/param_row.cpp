// The row of one parameter: a slider whose track is the row's own hairline, a field, a switch or a list.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "format.hpp"
#include "icons.hpp"
#include "imgui_internal.h"
#include "paint.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr float k_row_height = 34;
constexpr float k_second_line = 20;
constexpr float k_drag_starts = 3; // pixels before a press is a drag
constexpr float k_field_width = 92;
constexpr float k_field_top = 4;
constexpr float k_step = 26;
constexpr float k_reset = 22;
constexpr float k_knob_radius = 5;

// Ranges that start at zero keep a short linear piece below this share of the most.
double log_floor(const ParamRecord& record) {
    return record.least > 0 ? record.least : std::max(record.most * 1e-6, 1e-9);
}

double to_share(const ParamRecord& record, double value) {
    if (!(record.most > record.least)) return 0;
    if (!record.logarithmic)
        return std::clamp((value - record.least) / (record.most - record.least), 0.0, 1.0);
    const double floor = log_floor(record);
    if (value < floor) return 0;
    return std::clamp(std::log(value / floor) / std::log(record.most / floor), 0.0, 1.0);
}

double rounded_to(double value, int digits) {
    if (value == 0) return 0;
    const double power = std::pow(10.0, digits - 1 - std::floor(std::log10(std::fabs(value))));
    return std::round(value * power) / power;
}

double from_share(const ParamRecord& record, double share) {
    share = std::clamp(share, 0.0, 1.0);
    double value = record.least + share * (record.most - record.least);
    if (record.logarithmic) {
        const double floor = log_floor(record);
        value = share <= 0 ? record.least : floor * std::pow(record.most / floor, share);
    }
    if (share >= 1) return record.most;
    value = record.type == ValueType::whole ? std::round(rounded_to(value, 3))
                                            : rounded_to(value, record.logarithmic ? 2 : 3);
    return std::clamp(value, record.least, record.most);
}

// One press on - or +: along 1, 2, 5, 10 where the range spans magnitudes, else a fiftieth of it.
double stepped(const ParamRecord& record, double value, int direction) {
    double next = value + direction * std::max((record.most - record.least) / 50,
                                               record.type == ValueType::whole ? 1.0 : 0.0);
    if (record.logarithmic || (record.type == ValueType::whole && record.most - record.least > 200)) {
        const double size = std::max(std::fabs(value), log_floor(record));
        const double power = std::pow(10.0, std::floor(std::log10(size * (direction > 0 ? 1 : 0.9999))));
        next = value + direction * std::max(power, record.type == ValueType::whole ? 1.0 : 0.0);
    } else if (record.type == ValueType::whole) {
        next = value + direction;
    }
    return std::clamp(record.type == ValueType::whole ? std::round(next) : rounded_to(next, 6), record.least,
                      record.most);
}

// What is under edit; there is one pointer and one keyboard.
struct Editing {
    ImGuiID field = 0; // row whose field is open
    ImGuiID dragged = 0;
    double drag_share = 0; // where the drag began
    double preview = 0;
    bool moved = false;
    const ParamRecord* held_by = nullptr; // another parameter that the drag has come up against
    char text[32] = "";
    bool take_focus = false;
};
Editing g_editing;

struct Row {
    App& app;
    const ParamRecord& record;
    const ParamBounds& bounds;
    ImVec2 at;
    float width = 0;
    ImGuiID id = 0;
    ImDrawList* list = nullptr;
    float line = k_row_height; // its first
    float height = k_row_height;
    float step = k_step; // the width of - and +
    float right() const { return at.x + width; }
    const Theme& theme() const { return app.view.theme; }
    float text_y() const { return std::round(at.y + (line - line_height(theme(), TextStyle::label)) * 0.5f); }
};

// As far as the range and the other parameters let it; who stopped it is in `by`.
double held(const Row& row, double value, const ParamRecord** by = nullptr) {
    const ParamBounds& bounds = row.bounds;
    const bool low = bounds.low != nullptr && value < bounds.least;
    const bool high = bounds.high != nullptr && value > bounds.most;
    if (by != nullptr) *by = low ? bounds.low : high ? bounds.high : nullptr;
    value = low ? bounds.least : high ? bounds.most : value;
    return std::clamp(value, row.record.least, row.record.most);
}

std::string help_of(const Row& row, double designed) {
    const ParamRecord& record = row.record;
    const Language language = row.app.view.language;
    std::string text = pick(record.help, language);
    if (record.type == ValueType::number || record.type == ValueType::whole)
        text += "\n" + phrase("inspector.range", language,
                              {format_value(record, record.least, language),
                               format_value(record, record.most, language)});
    const auto beside = [&](const char* key, const ParamRecord* other, double value) {
        if (other != nullptr)
            text += "\n" + phrase(key, language,
                                  {pick(other->name, language), format_value(*other, value, language)});
    };
    beside("inspector.not_below", row.bounds.low, row.bounds.least);
    beside("inspector.not_above", row.bounds.high, row.bounds.most);
    text += "\n" + phrase("inspector.default", language, {format_value(record, record.fallback, language)});
    if (designed != record.fallback)
        text += "\n" + phrase("inspector.designed", language, {format_value(record, designed, language)});
    return text;
}

void draw_label(const Row& row, float value_width, bool changed) {
    const Palette& colors = row.theme().colors;
    draw_fitted(row.list, row.theme(), TextStyle::label, {row.at.x, row.text_y()},
                changed ? colors.accent : colors.text, pick(row.record.name, row.app.view.language),
                row.width - value_width - 30);
}

void draw_line(const Row& row) {
    const float y = std::floor(row.at.y + row.height) - 0.5f;
    row.list->AddLine({row.at.x, y}, {row.right(), y}, row.theme().colors.line);
}

// The hairline as a track: filled up to the value, with a knob when the pointer is near.
void draw_track(const Row& row, double share, bool lively) {
    const Palette& colors = row.theme().colors;
    const float y = std::floor(row.at.y + row.line) - 0.5f;
    const float x = row.at.x + static_cast<float>(share) * row.width;
    draw_line(row);
    if (x > row.at.x + 0.5f)
        row.list->AddLine({row.at.x, y}, {x, y}, lively ? colors.accent : colors.faint, lively ? 2.0f : 1.0f);
    if (!lively) return;
    row.list->AddCircleFilled({x, y}, k_knob_radius, colors.accent, 20);
    row.list->AddCircle({x, y}, k_knob_radius + 1, colors.panel, 20, 1.5f);
}

// A small arrow back to what the design says, left of the value.
bool reset_button(const Row& row, float value_width) {
    const ImVec2 at{row.right() - value_width - 26, row.at.y + (row.line - k_reset) * 0.5f};
    const float reach = for_fingers(row.app) ? (k_finger - k_reset) * 0.5f : 0;
    const ImVec2 back = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({at.x - reach, at.y - reach});
    const bool pressed = ImGui::InvisibleButton("reset", {k_reset + 2 * reach, k_reset + 2 * reach});
    const ImU32 color = ImGui::IsItemHovered() ? row.theme().colors.text : row.theme().colors.faint;
    draw_icon(row.list, row.theme(), {at.x + 4, at.y + 4}, 13, color, icons::rotate_ccw);
    help_on_hover(row.app, row.app.word("inspector.reset"));
    ImGui::SetCursorScreenPos(back);
    ImGui::Dummy({0, 0});
    return pressed;
}

bool step_button(const Row& row, const char* id, float x, const char* icon) {
    ImGui::SetCursorScreenPos({x, row.at.y + (row.line - row.step) * 0.5f});
    const bool pressed = ImGui::InvisibleButton(id, {row.step, row.step});
    const Palette& colors = row.theme().colors;
    const ImVec2 at{x, row.at.y + k_field_top}, size{row.step, row.line - 2 * k_field_top};
    row.list->AddRect(at, {at.x + size.x, at.y + size.y}, ImGui::IsItemHovered() ? colors.faint : colors.line,
                      6);
    draw_icon(row.list, row.theme(), {at.x + (size.x - 14) * 0.5f, at.y + (size.y - 14) * 0.5f}, 14,
              colors.text, icon);
    return pressed;
}

void open_field(const Row& row, double value) {
    g_editing.field = row.id;
    g_editing.take_focus = true;
    std::snprintf(g_editing.text, sizeof g_editing.text, "%.10g", value);
}

float field_room(const Row& row) { return k_field_width + 8 + 2 * row.step; }

// A field between - and +. True when a value was given.
bool edit_field(const Row& row, double& value) {
    const double before = value;
    const float x = row.right() - field_room(row);
    if (step_button(row, "less", x, icons::minus)) value = held(row, stepped(row.record, value, -1));
    if (step_button(row, "more", row.right() - row.step, icons::plus))
        value = held(row, stepped(row.record, value, 1));
    if (value != before) {
        std::snprintf(g_editing.text, sizeof g_editing.text, "%.10g", value);
        return true;
    }
    ImGui::SetCursorScreenPos({x + row.step + 4, row.at.y + k_field_top});
    ImGui::PushFont(row.theme().regular, row.theme().size(TextStyle::label));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                        {8, (row.line - 2 * k_field_top - row.theme().size(TextStyle::label)) * 0.5f});
    ImGui::SetNextItemWidth(k_field_width);
    if (g_editing.take_focus) ImGui::SetKeyboardFocusHere();
    g_editing.take_focus = false;
    if (for_fingers(row.app)) ImGui::GetStyle().TouchExtraPadding = {0, k_field_top};
    const bool entered =
        ImGui::InputText("##field", g_editing.text, sizeof g_editing.text,
                         ImGuiInputTextFlags_CharsScientific | ImGuiInputTextFlags_AutoSelectAll |
                             ImGuiInputTextFlags_EnterReturnsTrue);
    const bool left = ImGui::IsItemDeactivated();
    ImGui::GetStyle().TouchExtraPadding = {0, 0};
    ImGui::PopStyleVar();
    ImGui::PopFont();
    const bool elsewhere =
        ImGui::IsMouseClicked(0) && !ImGui::IsMouseHoveringRect(row.at, {row.right(), row.at.y + row.line});
    if (elsewhere || entered || ImGui::IsKeyPressed(ImGuiKey_Escape)) g_editing.field = 0;
    if (!entered && !left) return false;
    char* end = nullptr;
    const double given = std::strtod(g_editing.text, &end);
    if (end == g_editing.text || !std::isfinite(given)) return false;
    value = held(row, row.record.type == ValueType::whole ? std::round(given) : given);
    return value != before;
}

// Press and move along the row. True when the press ended with another value.
bool drag(const Row& row, double& value) {
    const bool active = ImGui::IsItemActive();
    if (ImGui::IsItemActivated()) {
        g_editing.dragged = row.id;
        g_editing.drag_share = to_share(row.record, value);
        g_editing.preview = value;
        g_editing.moved = false;
        g_editing.held_by = nullptr;
    }
    if (g_editing.dragged != row.id) return false;
    const float moved = ImGui::GetIO().MousePos.x - ImGui::GetIO().MouseClickedPos[0].x;
    const bool touch = ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen;
    const FingerMove finger = row.app.view.finger;
    if (active && (touch ? finger == FingerMove::across : std::fabs(moved) > k_drag_starts))
        g_editing.moved = true;
    if (active && g_editing.moved) {
        const double fine = ImGui::GetIO().KeyShift ? 0.1 : 1;
        const double wanted =
            from_share(row.record, g_editing.drag_share + fine * static_cast<double>(moved / row.width));
        g_editing.preview = held(row, wanted, &g_editing.held_by);
    }
    if (active) return false;
    g_editing.dragged = 0;
    if (finger == FingerMove::along) return false; // it scrolls the list
    if (!g_editing.moved) {
        open_field(row, value);
        return false;
    }
    const bool changed = g_editing.preview != value;
    value = g_editing.preview;
    return changed;
}

bool number_row(const Row& row, double& value, double designed) {
    const Language language = row.app.view.language;
    if (g_editing.field == row.id) {
        draw_label(row, field_room(row) - 20, false);
        draw_line(row);
        return edit_field(row, value);
    }
    ImGui::InvisibleButton("row", {row.width, row.line});
    const bool hovered = ImGui::IsItemHovered() && row.app.view.finger != FingerMove::along;
    const bool lively = hovered || ImGui::IsItemActive();
    if (lively) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    if (!ImGui::IsItemActive()) help_on_hover(row.app, help_of(row, designed));
    const bool applied = drag(row, value);
    const double shown = g_editing.dragged == row.id ? g_editing.preview : value;
    std::string text = format_value(row.record, shown, language);
    if (g_editing.dragged == row.id && g_editing.held_by != nullptr) // "320 ≤ At most"
        text += (g_editing.held_by == row.bounds.high ? " \xE2\x89\xA4 " : " \xE2\x89\xA5 ") +
                std::string(pick(g_editing.held_by->name, language));
    const float width = text_width(row.theme(), TextStyle::label, text);
    draw_label(row, width, value != designed);
    draw_text(row.list, row.theme(), TextStyle::label, {row.right(), row.text_y()}, row.theme().colors.text,
              text, Align::right);
    draw_track(row, to_share(row.record, shown), lively);
    if (value == designed || g_editing.dragged == row.id) return applied;
    if (!reset_button(row, width)) return applied;
    const double before = value;
    value = held(row, designed);
    return value != before;
}

bool flag_row(const Row& row, double& value, double designed) {
    const Palette& colors = row.theme().colors;
    const bool pressed = ImGui::InvisibleButton("row", {row.width, row.line});
    help_on_hover(row.app, help_of(row, designed));
    draw_label(row, 34, value != designed);
    const bool on = value != 0;
    const ImVec2 at{row.right() - 32, row.at.y + (row.line - 18) * 0.5f};
    row.list->AddRectFilled(at, {at.x + 32, at.y + 18}, on ? colors.accent : colors.line, 9);
    row.list->AddCircleFilled({at.x + (on ? 23.0f : 9.0f), at.y + 9}, 6.5f,
                              on ? colors.on_accent : colors.mute, 24);
    draw_line(row);
    if (pressed) value = on ? 0 : 1;
    return pressed;
}

// A choice whose words leave no room for the label stands on a line of its own.
bool choice_row(Row& row, double& value, double designed) {
    const Language language = row.app.view.language;
    const Palette& colors = row.theme().colors;
    const std::string text = format_value(row.record, value, language);
    const float width = text_width(row.theme(), TextStyle::label, text) + 20;
    const float label = text_width(row.theme(), TextStyle::label, pick(row.record.name, language));
    const bool below = label + width + 30 > row.width;
    const float lower = below ? k_second_line : 0;
    row.height += lower;
    if (ImGui::InvisibleButton("row", {row.width, row.height})) ImGui::OpenPopup("choices");
    const bool hovered = ImGui::IsItemHovered();
    help_on_hover(row.app, help_of(row, designed));
    draw_label(row, below ? 0 : width, value != designed);
    draw_text(row.list, row.theme(), TextStyle::label, {row.right() - 18, row.text_y() + lower}, colors.text,
              text, Align::right);
    draw_icon(row.list, row.theme(), {row.right() - 14, row.at.y + (row.line - 14) * 0.5f + 1.5f + lower}, 14,
              hovered ? colors.text : colors.faint, icons::chevron_down);
    draw_line(row);
    if (!ImGui::IsPopupOpen("choices")) return false;
    std::vector<MenuRow> rows;
    for (std::size_t i = 0; i < row.record.choices.size(); ++i)
        rows.push_back(
            {.label = pick(row.record.choices[i].name, language), .chosen = value == static_cast<double>(i)});
    const int chosen = menu(row.app, "choices", rows);
    if (chosen < 0 || value == static_cast<double>(chosen)) return false;
    value = chosen;
    return true;
}

} // namespace

bool param_row(App& app, const ParamRecord& record, double& value, double designed,
               const ParamBounds& bounds) {
    ImGui::PushID(record.id);
    Row row{app,
            record,
            bounds,
            ImGui::GetCursorScreenPos(),
            ImGui::GetContentRegionAvail().x,
            ImGui::GetID("row"),
            ImGui::GetWindowDrawList()};
    if (for_fingers(app)) row.line = row.height = row.step = k_finger;
    bool changed = false;
    ImGui::SetNextItemAllowOverlap();
    if (record.type == ValueType::flag)
        changed = flag_row(row, value, designed);
    else if (record.type == ValueType::choice)
        changed = choice_row(row, value, designed);
    else
        changed = number_row(row, value, designed);
    ImGui::SetCursorScreenPos({row.at.x, row.at.y + row.height});
    ImGui::Dummy({row.width, 0});
    ImGui::PopID();
    return changed;
}

} // namespace scale::web
