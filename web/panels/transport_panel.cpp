// The run's own controls: play, step, restart, seed, speed, and what keeps it from going faster.

#include <cmath>
#include <iterator>
#include <string>

#include "format.hpp"
#include "icons.hpp"
#include "paint.hpp"
#include "panel.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr double k_speeds[] = {0.1, 0.25, 0.5, 1, 2, 4, 10, 30, 100, 1000, 0};
constexpr double k_seeds = 1'000'000'000; // new seeds are short enough to be read out

bool wanted(const App&) { return true; }

std::string speed_words(const App& app, double speed) {
    return speed > 0 ? format_plain(speed) + "\xC3\x97" : app.word("transport.fastest");
}

void next_to() { ImGui::SameLine(0, 8); }

void draw_play(App& app) {
    Session& session = app.session;
    const bool playing = session.playing();
    const char* label = app.word(playing              ? "transport.pause"
                                 : session.finished() ? "transport.again"
                                                      : "transport.play");
    const ButtonStyle style = playing ? ButtonStyle::quiet : ButtonStyle::primary;
    if (!button(app, "play", app.view.layout.narrow ? nullptr : label, playing ? icons::pause : icons::play,
                style, app.word("transport.play_help")))
        return;
    if (playing)
        session.pause();
    else
        session.play();
}

void draw_steps(App& app) {
    Session& session = app.session;
    next_to();
    if (button(app, "event", nullptr, icons::step_forward, ButtonStyle::quiet,
               app.word("transport.step_event"))) {
        session.pause();
        session.step_events(1);
    }
    next_to();
    if (button(app, "second", nullptr, icons::skip_forward, ButtonStyle::quiet,
               app.word("transport.step_second"))) {
        session.pause();
        app.step_seconds(1);
    }
}

// A seed from the one before: pressing it again and again gives the same sequence, so a lecture can be
// repeated.
std::uint64_t following_seed(std::uint64_t seed) {
    std::uint64_t mixed = seed + 0x9E3779B97F4A7C15ull;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ull;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBull;
    return (mixed ^ (mixed >> 31)) % static_cast<std::uint64_t>(k_seeds);
}

void draw_restart(App& app) {
    Session& session = app.session;
    next_to();
    if (button(app, "restart", nullptr, icons::rotate_ccw, ButtonStyle::quiet,
               app.word("transport.restart_help")))
        ImGui::OpenPopup("restart_menu");
    const std::string same =
        phrase("transport.same_seed", app.view.language, {std::to_string(session.seed())});
    const bool was_playing = session.playing();
    const MenuRow rows[] = {{.label = same, .icon = icons::rotate_ccw},
                            {.label = app.word("transport.other_seed"), .icon = icons::dices}};
    const int chosen = menu(app, "restart_menu", rows);
    if (chosen < 0) return;
    session.restart(chosen == 0 ? session.seed() : following_seed(session.seed()));
    if (was_playing) session.play();
}

void draw_speed(App& app) {
    Session& session = app.session;
    next_to();
    const std::string now = speed_words(app, session.speed());
    if (button(app, "speed", now.c_str(), nullptr, ButtonStyle::quiet, app.word("transport.speed_help")))
        ImGui::OpenPopup("speed_menu");
    std::string labels[std::size(k_speeds)];
    MenuRow rows[std::size(k_speeds)];
    for (std::size_t i = 0; i < std::size(k_speeds); ++i) {
        labels[i] = speed_words(app, k_speeds[i]);
        rows[i] = {.label = labels[i], .chosen = k_speeds[i] == session.speed()};
    }
    if (const int chosen = menu(app, "speed_menu", rows); chosen >= 0) session.set_speed(k_speeds[chosen]);
}

std::string reached_words(const App& app) {
    const Session& session = app.session;
    if (session.empty() || session.speed_reached() <= 0) return {};
    const std::string reached = format_count(session.speed_reached()) + "\xC3\x97";
    if (!session.playing() || session.limit() == SpeedLimit::none) return {};
    return phrase(session.speed() > 0 ? "transport.limited" : "transport.reached", app.view.language,
                  {reached});
}

void draw_time(App& app, const Rect& area) {
    const Theme& theme = app.view.theme;
    const Session& session = app.session;
    ImGui::SameLine(0, 14);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float y = std::round(area.y + (area.height - line_height(theme, TextStyle::body)) * 0.5f);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::string now = format_clock(session.now_s());
    if (at.x + figure_width(theme, TextStyle::body, now) > area.x + area.width)
        return; // half a clock misleads
    float x = at.x + draw_figure(list, theme, TextStyle::body, {at.x, y}, theme.colors.text, now);
    if (app.view.layout.narrow) return;
    const std::string end = " / " + format_clock(to_seconds(session.world().duration()));
    x += draw_figure(list, theme, TextStyle::body, {x, y}, theme.colors.mute, end);
    const std::string reached = reached_words(app);
    const float room = area.x + area.width - x - 14;
    if (!reached.empty() && figure_width(theme, TextStyle::label, reached) < room)
        draw_figure(list, theme, TextStyle::label, {x + 14, y + 1.5f}, theme.colors.mute, reached);
}

void draw_inspector_toggle(App& app, const Rect& area) {
    if (!app.view.layout.narrow) return;
    ImGui::SetCursorScreenPos({area.x + area.width - 16 - k_button_height - 4, area.y + 8});
    if (button(app, "inspector", nullptr, icons::chart_line, ButtonStyle::quiet, app.word("inspector.open")))
        app.view.inspector_open = !app.view.inspector_open;
}

void draw(App& app, const Rect& area) {
    ImGui::SetCursorScreenPos({area.x + 16, area.y + 8});
    ImGui::BeginDisabled(app.session.empty());
    draw_play(app);
    draw_steps(app);
    draw_restart(app);
    draw_speed(app);
    ImGui::EndDisabled();
    draw_time(app, area);
    draw_inspector_toggle(app, area);
}

} // namespace

extern const Panel k_transport_panel;
const Panel k_transport_panel{"transport", Region::transport, false, 0, wanted, draw};

} // namespace scale::web
