// Two designs on the same random numbers: paired differences.
#include "analysis/figure_words.hpp"
#include "codec/json_text.hpp"
#include "core/maths.hpp"

#include <algorithm>
#include <cmath>

namespace scale {

namespace {

// Counts of the run itself say nothing about the design, and some figures of a node say what others do.
bool tells_something(std::string_view name) {
    if (name == "events" || name == "measured_s") return false;
    return name.substr(0, 6) != "nodes." ||
           !(name.ends_with(".completed") || name.ends_with(".throughput_per_s"));
}

bool of_whole(std::string_view name) { return name.substr(0, 6) != "nodes."; }

// Too small to mean anything, whatever its interval: a hundredth of a request or ms, a thousandth of a share.
bool noticeable(const Change& change) {
    const double size = std::max(std::abs(change.before.mean), std::abs(change.after.mean));
    const bool share = change.name.ends_with("utilization") || change.name.ends_with("ratio") ||
                       change.name.ends_with("busy") || change.name == "availability";
    return share ? std::abs(change.difference.mean) >= 0.0005 : size >= 0.01;
}

Change change_of(const std::string& name, const std::vector<double>& before,
                 const std::vector<double>& after) {
    Change out;
    out.name = name;
    std::vector<double> differences;
    for (std::size_t i = 0; i < before.size(); ++i) differences.push_back(after[i] - before[i]);
    out.before = estimate(before);
    out.after = estimate(after);
    out.difference = estimate(differences);
    const double size = std::max(std::abs(out.before.mean), std::abs(out.after.mean));
    const double gap = std::abs(out.difference.mean);
    out.relative = size > 0 ? gap / size : 0;
    out.significant = gap > 0 && gap > out.difference.ci95; // NaN: a single pair says nothing
    return out;
}

std::vector<double> column(const Measurement& measured, std::size_t index, std::size_t runs) {
    std::vector<double> out;
    for (std::size_t run = 0; run < runs; ++run) out.push_back(measured.runs()[run][index]);
    return out;
}

struct Sentence {
    Words rises, falls, same;
};
constexpr Sentence k_sentence{{"%1 rises from %2 to %3 (%4 ± %5)", "%1: %2에서 %3로 올라감 (%4 ± %5)"},
                              {"%1 falls from %2 to %3 (%4 ± %5)", "%1: %2에서 %3로 내려감 (%4 ± %5)"},
                              {"%1 stays at %2 (%4 ± %5)", "%1: %2 그대로 (%4 ± %5)"}};

void estimate_json(codec::JsonObject& object, const char* key, const Estimate& value) {
    codec::JsonObject inner(object.key(key));
    inner.number("mean", value.mean);
    inner.number("ci95", value.ci95);
}

} // namespace

Comparison::Comparison(const Scenario& before, const Scenario& after, std::uint64_t seeds)
    : before_(before, seeds), after_([&] {
          Scenario same_numbers = after;
          same_numbers.seed = before.seed;
          return Measurement(same_numbers, seeds);
      }()) {}

// Pair by pair, so that what there is after a while can be shown already.
bool Comparison::step(std::uint64_t events) {
    Measurement& next = after_.runs().size() < before_.runs().size() ? after_ : before_;
    const bool over = next.step(events);
    return over && before_.runs().size() == before_.seeds() && after_.runs().size() == after_.seeds();
}

std::vector<Change> Comparison::changes() const {
    const std::size_t runs = std::min(before_.runs().size(), after_.runs().size());
    std::vector<Change> out;
    for (std::size_t i = 0; i < before_.names().size() && runs > 0; ++i) {
        const std::string& name = before_.names()[i];
        const int other = after_.find(name);
        if (other < 0 || !tells_something(name)) continue;
        const Change change =
            change_of(name, column(before_, i, runs), column(after_, static_cast<std::size_t>(other), runs));
        if (!std::isnan(change.difference.mean)) out.push_back(change);
    }
    const auto rank = [](const Change& change) {
        if (!change.significant || !noticeable(change)) return 0.0;
        return (of_whole(change.name) ? 4 : 1) + change.relative;
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const Change& a, const Change& b) { return rank(a) > rank(b); });
    return out;
}

std::string change_sentence(const Scenario& design, const Change& change, Language language) {
    const Words& words = !change.significant          ? k_sentence.same
                         : change.difference.mean > 0 ? k_sentence.rises
                                                      : k_sentence.falls;
    const std::string interval = analysis::signed_words(change.name, std::abs(change.difference.ci95));
    return analysis::filled(pick(words, language),
                            {analysis::figure_words(design, change.name, language),
                             analysis::value_words(change.name, change.before.mean),
                             analysis::value_words(change.name, change.after.mean),
                             analysis::signed_words(change.name, change.difference.mean),
                             std::isnan(change.difference.ci95) ? "?" : interval.substr(1)});
}

std::string comparison_json(const Scenario& after, const Comparison& comparison) {
    std::string out;
    {
        codec::JsonObject object(out);
        object.whole("seeds", std::min(comparison.before().runs().size(), comparison.after().runs().size()));
        codec::JsonArray list(object.key("changes"));
        for (const Change& change : comparison.changes()) {
            codec::JsonObject one(list.item());
            one.string("name", change.name);
            estimate_json(one, "before", change.before);
            estimate_json(one, "after", change.after);
            estimate_json(one, "difference", change.difference);
            one.number("relative", change.relative);
            one.flag("significant", change.significant);
            codec::JsonObject words(one.key("sentence"));
            words.string("en", change_sentence(after, change, Language::english));
            words.string("ko", change_sentence(after, change, Language::korean));
        }
    }
    return out;
}

} // namespace scale
