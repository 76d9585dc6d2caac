// The inspector when nothing is selected: the whole system, its promises and its totals.

#include <string>

#include "format.hpp"
#include "icons.hpp"
#include "inspector.hpp"
#include "widgets.hpp"

namespace scale::web {
namespace {

bool wanted(const App&) { return true; }

// "p99  208 ms of 250 ms", with a check or a cross.
void promises(App& app, const Totals& totals) {
    const Slo& slo = app.session.scenario().slo;
    const Latency& latency = totals.latency_ms;
    const Palette& colors = app.view.theme.colors;
    const bool known = totals.requests.completed > 0;
    const struct {
        const char* name;
        const std::optional<double>& promised;
        double measured;
    } limits[] = {{app.word("metric.mean"), slo.mean_ms, latency.mean},
                  {"p50", slo.p50_ms, latency.p50},
                  {"p90", slo.p90_ms, latency.p90},
                  {"p95", slo.p95_ms, latency.p95},
                  {"p99", slo.p99_ms, latency.p99},
                  {"p99.9", slo.p999_ms, latency.p999}};
    const auto row = [&](const char* name, const std::string& measured, const std::string& promised,
                         bool kept) {
        const std::string value =
            phrase("inspector.of", app.view.language, {known ? measured : "-", promised});
        figure_row(app, name, value,
                   !known ? colors.faint
                   : kept ? 0
                          : colors.bad,
                   app.word("inspector.promise_help"),
                   !known ? nullptr
                   : kept ? icons::check
                          : icons::x);
    };
    for (const auto& limit : limits)
        if (limit.promised)
            row(limit.name, format_milliseconds(limit.measured), format_milliseconds(*limit.promised),
                limit.measured <= *limit.promised);
    if (slo.availability)
        row(app.word("metric.availability"), format_availability(totals.availability),
            format_availability(*slo.availability), totals.availability >= *slo.availability);
    if (slo.throughput_per_s)
        row(app.word("metric.throughput"), format_rate(totals.throughput_per_s),
            format_rate(*slo.throughput_per_s), totals.throughput_per_s >= *slo.throughput_per_s);
}

bool promises_anything(const Slo& slo) {
    return slo.p50_ms || slo.p90_ms || slo.p95_ms || slo.p99_ms || slo.p999_ms || slo.mean_ms ||
           slo.availability || slo.throughput_per_s;
}

void request_rows(App& app, const Totals& totals) {
    const Counts& requests = totals.requests;
    const ImU32 bad = app.view.theme.colors.bad;
    const auto row = [&app](const char* key, std::uint64_t count, ImU32 color) {
        figure_row(app, app.word(key), format_count(static_cast<double>(count)), count > 0 ? color : 0);
    };
    row("metric.offered", requests.offered, 0);
    row("metric.completed", requests.completed, 0);
    row("metric.failed", requests.failed, bad);
    row("metric.timed_out", requests.timed_out, bad);
    row("metric.rejected", requests.rejected, bad);
    row("metric.in_flight", requests.in_flight, 0);
    figure_row(app, app.word("metric.availability"), format_availability(totals.availability));
    figure_row(app, app.word("metric.throughput"), format_rate(totals.throughput_per_s));
}

// How far theory may be trusted about the whole, or that it knows nothing of it.
void method_line(App& app, const Outlook* outlook) {
    if (!outlook || !outlook->error.empty()) return;
    const bool known = outlook->trust != Trust::none;
    figure_row(app, app.word("inspector.theory"),
               known ? pick(trust_words(outlook->trust), app.view.language)
                     : app.word("inspector.no_closed_form"),
               app.view.theme.colors.mute);
}

void draw(App& app, const Rect& area) {
    if (app.view.layout.narrow) close_button(app, area);
    if (app.session.empty()) {
        title(app, app.word("inspector.system"), app.word("inspector.nothing"));
        return;
    }
    const Scenario& scenario = app.session.scenario();
    const Totals totals = sampled(app.session.world().totals());
    title(app, app.word("inspector.system"), pick(scenario.title, app.view.language));
    if (promises_anything(scenario.slo)) {
        heading(app, app.word("inspector.promises"));
        promises(app, totals);
        space(14);
    }
    heading(app, app.word("inspector.latency"));
    const Outlook* outlook = app.outlook();
    const bool theory = outlook && outlook->error.empty() && outlook->trust != Trust::none;
    latency_rows(app, totals.latency_ms, theory ? &outlook->latency_ms : nullptr);
    method_line(app, outlook);
    space(14);
    heading(app, app.word("inspector.requests"));
    request_rows(app, totals);
    space(14);
    heading(app, app.word("inspector.run"));
    figure_row(app, app.word("metric.cost"),
               phrase("metric.per_month", app.view.language, {format_usd(totals.cost_usd_per_month)}));
    figure_row(app, app.word("metric.measured"), format_plain(totals.measured_s) + " s", 0,
               app.word("metric.measured_help"));
    figure_row(app, app.word("metric.events"), format_count(static_cast<double>(totals.events)), 0,
               app.word("metric.events_help"));
    figure_row(app, app.word("metric.seed"), std::to_string(scenario.seed), 0, app.word("metric.seed_help"));
    if (totals.caps_reached > 0)
        figure_row(app, app.word("metric.caps"), format_count(static_cast<double>(totals.caps_reached)),
                   app.view.theme.colors.warn, app.word("metric.caps_help"), icons::triangle_alert);
    digest_line(app);
}

} // namespace

extern const Panel k_overview_panel;
const Panel k_overview_panel{"overview", Region::inspector, true, 20, wanted, draw};

} // namespace scale::web
