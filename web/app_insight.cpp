// What the instrument knows beyond figures: why the system is as it is, and what theory and review say of it.

#include <algorithm>

#include "app.hpp"
#include "call_rows.hpp"
#include "paint.hpp"

namespace scale::web {
namespace {

constexpr double k_status_every_ms = 300; // while the run goes on

std::string hex(std::uint64_t mark) {
    constexpr char k_digits[] = "0123456789abcdef";
    std::string out;
    for (int place = 60; place >= 0; place -= 4) out += k_digits[mark >> place & 15];
    return out;
}

} // namespace

const Status& App::status() {
    const double now_ms = clock_();
    const bool same_run =
        status_.revision == session.revision() && status_.design == session.design_revision();
    const bool same_words = status_.language == view.language && status_.design != 0;
    const bool soon =
        session.playing() && now_ms - status_.at_ms < k_status_every_ms && now_ms >= status_.at_ms;
    if (same_words && (same_run || (soon && status_.design == session.design_revision())))
        return status_.status;
    status_ = {status_of(session, view.language), session.revision(), session.design_revision(), now_ms,
               view.language};
    return status_.status;
}

void App::follow_status(bool to_the_moment) {
    const Status told = status();
    if (to_the_moment && told.at_s >= 0) {
        session.pause();
        seek(told.at_s);
    }
    if (told.node < 0) return;
    view.side = Side::figures;
    select(told.node);
}

const Outlook* App::known_outlook() {
    if (session.empty()) return nullptr;
    if (outlook_revision_ != session.revision()) {
        outlook_revision_ = session.revision();
        outlook_mark_ = design_mark(current_design(session.world()));
    }
    return outlook_ && outlook_->mark == outlook_mark_ ? &*outlook_ : nullptr;
}

const Outlook* App::outlook() {
    const Outlook* known = known_outlook();
    if (known || session.empty()) return known;
    if (outlook_asked_ != outlook_mark_) outlook_wanted_ = true;
    outlook_asked_ = outlook_mark_;
    return nullptr;
}

void App::want_headroom() {
    headroom = {};
    headroom.state = HeadroomNews::State::measuring;
    headroom.mark = outlook_mark_;
    headroom_wanted_ = true;
    touch();
}

// What the instrument would like the page to do; once.
std::string App::request() {
    Json wish = nullptr;
    if (renamed_node_ >= 0 && renamed_node_ < static_cast<int>(session.scenario().nodes.size()))
        wish = {{"rename",
                 {{"node", session.scenario().nodes[static_cast<std::size_t>(renamed_node_)].id},
                  {"label", label(renamed_node_)}}}};
    if (outlook_wanted_) wish["outlook"] = hex(outlook_asked_);
    if (headroom_wanted_) wish["headroom"] = hex(headroom.mark);
    outlook_wanted_ = headroom_wanted_ = false;
    renamed_node_ = -1;
    return dumped(wish);
}

std::vector<std::string> App::selected_ids() const {
    std::vector<std::string> ids = selected_ids_;
    if (ids.empty() && !selected_id_.empty()) ids.push_back(selected_id_);
    return ids;
}

std::string App::call_insight(std::string_view name, std::string_view json, bool& known) {
    known = true;
    const Json given = Json::parse(json, nullptr, false);
    const bool about_now = given.is_object() && text(given, "mark") == hex(outlook_asked_);
    if (name == "outlook") {
        if (!about_now) return done(); // the design has changed meanwhile
        std::optional<Outlook> read = read_outlook(text(given, "outlook"), session.scenario().nodes.size());
        if (!read) read.emplace().error = text(given, "error");
        read->mark = outlook_asked_;
        outlook_ = std::move(read);
        return done();
    }
    if (name == "headroom") {
        if (!given.is_object() || text(given, "mark") != hex(headroom.mark)) return done();
        headroom.done = number(given, "done").value_or(headroom.done);
        if (given.contains("multiple")) headroom.state = HeadroomNews::State::measured;
        if (given.contains("error")) headroom.state = HeadroomNews::State::failed;
        headroom.multiple = number(given, "multiple").value_or(0);
        headroom.sentence = {text(given, "en"), text(given, "ko")};
        if (given.contains("error")) headroom.sentence = {text(given, "error"), {}};
        return done();
    }
    known = false;
    return {};
}

} // namespace scale::web
