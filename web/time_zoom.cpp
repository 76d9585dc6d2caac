#include "time_zoom.hpp"

#include <algorithm>
#include <cmath>

#include "chart.hpp"

namespace scale::web {

void TimeZoom::look(const Session& session) {
    if (beginnings_ != session.beginnings() || session.empty()) show_all();
    beginnings_ = session.beginnings();
    any_ = session.farthest_s() >= to_seconds(k_start_ns);
    end_s_ = nice_end_s(session.farthest_s(), to_seconds(session.world().duration()));
    least_s_ = std::max(k_stretch_least_s, k_stretch_least_values * session.world().series().step_s);
    if (session.seeking()) return; // after an edit the run comes back to where it was
    const double before_s = now_s_;
    now_s_ = session.now_s();
    if (!chosen_) return;
    const double span_s = chosen_->span_s();
    if (chosen_->from_s >= end_s_) set(end_s_ - span_s, span_s, end_s_);
    if (!chosen_ || !chosen_->has(before_s)) return;
    if (now_s_ > chosen_->to_s)
        set(now_s_ - span_s, span_s, run().to_s);
    else
        show(now_s_);
}

Stretch TimeZoom::run() const { return {0, std::max(end_s_, chosen_ ? chosen_->to_s : 0)}; }

void TimeZoom::set(double from_s, double span_s, double end_s) {
    if (span_s >= end_s * 0.999) return show_all();
    const double from = std::clamp(from_s, 0.0, end_s - span_s);
    chosen_ = Stretch{from, from + span_s};
}

void TimeZoom::about(double at_s, double factor) {
    if (!any_ || !(factor > 0)) return;
    const Stretch was = shown();
    const double span_s = std::max(was.span_s() / factor, least_s_);
    set(at_s - (at_s - was.from_s) / was.span_s() * span_s, span_s, run().to_s);
}

void TimeZoom::move(double by_s) {
    if (chosen_) set(chosen_->from_s + by_s, chosen_->span_s(), run().to_s);
}

void TimeZoom::choose(double from_s, double to_s) {
    if (!any_) return;
    const double span_s = std::max(std::abs(to_s - from_s), least_s_);
    set((from_s + to_s - span_s) / 2, span_s, run().to_s);
}

void TimeZoom::show(double at_s) {
    if (chosen_ && !chosen_->has(at_s)) move(at_s - (chosen_->from_s + chosen_->to_s) / 2);
}

} // namespace scale::web
