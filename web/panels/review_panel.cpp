// The design looked over without running it: eight rules, what stands alone, how full each tier is, what it
// costs and how much more it takes.

#include <algorithm>
#include <cmath>
#include <string>

#include "format.hpp"
#include "icons.hpp"
#include "inspector.hpp"
#include "paint.hpp"
#include "scale/insight.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

constexpr float k_sign = 22; // left of the words
constexpr double k_full = 0.9, k_filling = 0.7;

bool wanted(const App& app) { return app.view.side == Side::review && !app.session.empty(); }

struct Row {
    const char* icon = nullptr;
    ImU32 color = 0;
    std::string_view strong, words;
    int node = -1; // that a press selects
};

// Words over several lines behind a sign; pressed, the node that they are about is selected.
void said_row(App& app, int id, const Row& row) {
    const Theme& theme = app.view.theme;
    const Palette& colors = theme.colors;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, left = row.icon ? k_sign : 0;
    const auto height = [&](TextStyle style, std::string_view words) {
        return words.empty() ? 0 : draw_wrapped(nullptr, theme, style, {}, 0, words, width - left, 12);
    };
    const float first = height(TextStyle::strong, row.strong), second = height(TextStyle::label, row.words);
    const float least = for_fingers(app) && row.node >= 0 ? k_finger : 0;
    const float all = std::max(first + second + 9, least);
    ImGui::PushID(id);
    const bool pressed = ImGui::InvisibleButton("said", {width, all});
    const bool hovered = ImGui::IsItemHovered() && row.node >= 0;
    ImGui::PopID();
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (hovered) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        list->AddRectFilled({at.x - 8, at.y}, {at.x + width + 8, at.y + all}, colors.raise,
                            Theme::k_radius_small);
    }
    if (row.icon) draw_icon(list, theme, {at.x, at.y + 5}, 15, row.color, row.icon);
    if (first > 0)
        draw_wrapped(list, theme, TextStyle::strong, {at.x + left, at.y + 4}, colors.text, row.strong,
                     width - left, 12);
    if (second > 0)
        draw_wrapped(list, theme, TextStyle::label, {at.x + left, at.y + 4 + first},
                     first > 0 ? colors.mute : colors.text, row.words, width - left, 12);
    if (pressed && row.node >= 0) app.select(row.node);
}

void rules(App& app, const Outlook& outlook) {
    const Palette& colors = app.view.theme.colors;
    heading(app, app.word("review.rules"));
    int id = 0;
    for (const RuleOutlook& rule : outlook.rules) {
        const bool yes = rule.verdict == static_cast<int>(Verdict::yes),
                   no = rule.verdict == static_cast<int>(Verdict::no);
        said_row(app, id++,
                 {yes  ? icons::check
                  : no ? icons::x
                       : icons::minus,
                  yes  ? colors.ok
                  : no ? colors.bad
                       : colors.faint,
                  pick(rule.name, app.view.language), pick(rule.reason, app.view.language),
                  rule.nodes.empty() ? -1 : rule.nodes.front()});
    }
}

void single_points(App& app, const Outlook& outlook) {
    space(16);
    heading(app, app.word("review.single"));
    const Palette& colors = app.view.theme.colors;
    int id = 100;
    for (const PointOutlook& point : outlook.single_points)
        said_row(
            app, id++,
            {icons::triangle_alert, colors.warn, {}, pick(point.sentence, app.view.language), point.node});
    if (outlook.single_points.empty())
        said_row(app, id, {icons::check, colors.ok, {}, app.word("review.single_none")});
}

// The name of a tier, its load against what it can take as a bar, and the share.
void tier_row(App& app, const TierOutlook& tier, int id) {
    const Theme& theme = app.view.theme;
    const Palette& colors = theme.colors;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = for_fingers(app) ? k_finger : 38;
    ImGui::PushID(id);
    const bool pressed = ImGui::InvisibleButton("tier", {width, height});
    ImGui::PopID();
    help_on_hover(app, pick(tier.sentence, app.view.language));
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool known = std::isfinite(tier.utilization);
    const double share = known ? tier.utilization : 0;
    const ImU32 ink = share >= k_full ? colors.bad : share >= k_filling ? colors.warn : colors.ok;
    const std::string value =
        known
            ? phrase("review.tier", app.view.language,
                     {format_rate(tier.load_per_s), format_rate(tier.capacity_per_s), format_percent(share)})
            : app.word("inspector.no_closed_form");
    const float used = draw_figure(list, theme, TextStyle::label, {at.x + width, at.y + 4},
                                   share >= k_full ? ink : colors.text, value, Align::right);
    draw_fitted(list, theme, TextStyle::label, {at.x, at.y + 4}, colors.text, app.label(tier.node),
                width - used - 10);
    const ImVec2 from{at.x, at.y + 26}, to{at.x + width, at.y + 31};
    list->AddRectFilled(from, to, colors.line, 2.5f);
    const float filled = width * static_cast<float>(std::clamp(share, 0.0, 1.0));
    if (filled > 1) list->AddRectFilled(from, {at.x + std::max(5.0f, filled), to.y}, ink, 2.5f);
    if (pressed) app.select(tier.node);
}

void headroom(App& app, const Outlook& outlook) {
    space(16);
    heading(app, app.word("review.headroom"));
    const auto full = std::find_if(outlook.tiers.begin(), outlook.tiers.end(), [](const TierOutlook& tier) {
        return std::isfinite(tier.utilization) && tier.utilization > 0 && tier.node >= 0;
    });
    if (full != outlook.tiers.end()) {
        const std::string words = phrase("review.headroom_theory", app.view.language,
                                         {format_count(1 / full->utilization), app.label(full->node)});
        said_row(app, 300, {nullptr, 0, {}, words, full->node});
    } else {
        said_row(app, 300, {nullptr, 0, {}, app.word("inspector.no_closed_form")});
    }
    const HeadroomNews& news = app.headroom;
    const bool current = news.mark == outlook.mark && news.state != HeadroomNews::State::none;
    if (current && news.state == HeadroomNews::State::measuring) {
        said_row(
            app, 301,
            {nullptr, 0, {}, phrase("review.measuring", app.view.language, {format_percent(news.done)})});
        return;
    }
    if (current) {
        said_row(app, 301, {nullptr, 0, {}, pick(news.sentence, app.view.language)});
        return;
    }
    space(4);
    if (button(app, "measure", app.word("review.measure"), nullptr, ButtonStyle::quiet,
               app.word("review.measure_help")))
        app.want_headroom();
}

void price(App& app) {
    space(16);
    heading(app, app.word("review.price"));
    const Cost cost = cost_of(app.session.world());
    std::vector<int> order;
    for (std::size_t i = 0; i < cost.node_usd_per_month.size(); ++i)
        if (cost.node_usd_per_month[i] > 0) order.push_back(static_cast<int>(i));
    const auto usd = [&](int node) { return cost.node_usd_per_month[static_cast<std::size_t>(node)]; };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return usd(a) > usd(b); });
    for (int node : order) figure_row(app, app.label(node), format_usd(usd(node)));
    figure_row(app, app.word("review.sum"),
               phrase("metric.per_month", app.view.language, {format_usd(cost.usd_per_month)}));
    if (std::isfinite(cost.usd_per_million_requests))
        figure_row(app, app.word("review.million"), format_usd(cost.usd_per_million_requests), 0,
                   app.word("review.million_help"));
}

void data_gaps(App& app, const Outlook& outlook) {
    if (outlook.data_gaps.empty()) return;
    space(16);
    heading(app, app.word("review.data"));
    int id = 200;
    for (const Text& gap : outlook.data_gaps)
        said_row(app, id++,
                 {icons::triangle_alert, app.view.theme.colors.warn, {}, pick(gap, app.view.language)});
}

void draw(App& app, const Rect& area) {
    if (app.view.layout.narrow) close_button(app, area);
    title(app, app.word("review.eyebrow"), pick(app.session.scenario().title, app.view.language));
    const Outlook* outlook = app.outlook();
    if (!outlook) {
        said_row(app, 1, {nullptr, 0, {}, app.word("review.working")});
        space(16);
    } else if (!outlook->error.empty()) {
        said_row(app, 1, {icons::triangle_alert, app.view.theme.colors.warn, {}, outlook->error});
    } else {
        rules(app, *outlook);
        single_points(app, *outlook);
        space(16);
        heading(app, app.word("review.tiers"));
        int id = 400;
        for (const TierOutlook& tier : outlook->tiers)
            if (tier.node >= 0) tier_row(app, tier, id++);
        headroom(app, *outlook);
    }
    price(app);
    if (outlook) data_gaps(app, *outlook);
}

} // namespace

extern const Panel k_review_panel;
const Panel k_review_panel{"review", Region::inspector, true, 20, wanted, draw};

} // namespace scale::web
