#include "analysis/say.hpp"

#include <cmath>

#include "scale/insight.hpp"

namespace scale::analysis {

namespace {

std::string fixed(double value, int digits) {
    double scaled = std::fabs(value);
    for (int i = 0; i < digits; ++i) scaled *= 10;
    auto whole = static_cast<std::uint64_t>(std::min(scaled + 0.5, 1e18));
    std::string out = std::to_string(whole);
    while (out.size() <= static_cast<std::size_t>(digits)) out.insert(out.begin(), '0');
    const std::size_t point = out.size() - static_cast<std::size_t>(digits);
    std::string grouped = out.substr(0, point);
    for (std::size_t at = grouped.size(); at > 3;) grouped.insert(at -= 3, ",");
    std::string rest = out.substr(point);
    while (!rest.empty() && rest.back() == '0') rest.pop_back();
    return (value < 0 && whole != 0 ? "-" : "") + grouped + (rest.empty() ? "" : "." + rest);
}

// Two figures where it is small.
std::string short_number(double value) {
    const double size = std::fabs(value);
    return fixed(value, size >= 10 || size == 0 ? 0 : size >= 1 ? 1 : size >= 0.1 ? 2 : 3);
}

// "이/가" after what stands before it.
std::string with_particle(const std::string& word, std::string_view forms) {
    const std::size_t cut = forms.find('/');
    return word + particle(word, forms.substr(0, cut), forms.substr(cut + 1));
}

} // namespace

std::string filled(std::string_view text, std::initializer_list<Part> parts, Language language) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = text.find('}', open);
        const std::string_view inside = text.substr(open + 1, close - open - 1);
        text.remove_prefix(close + 1);
        const std::size_t colon = inside.find(':');
        for (const Part& part : parts) {
            if (part.name != inside.substr(0, colon)) continue;
            const std::string& words = language == Language::korean && !part.ko.empty() ? part.ko : part.text;
            out += colon == std::string_view::npos ? words : with_particle(words, inside.substr(colon + 1));
        }
    }
    return out;
}

Text filled(const Words& words, std::initializer_list<Part> parts) {
    return {filled(std::string_view(words.en), parts),
            filled(std::string_view(words.ko), parts, Language::korean)};
}

Part named(std::string_view part, const Scenario& scenario, int node) {
    if (node < 0) return {part, "?"};
    const NodeDef& def = scenario.nodes[static_cast<std::size_t>(node)];
    if (def.label.empty()) return {part, def.id};
    return {part, pick(def.label, Language::english), pick(def.label, Language::korean)};
}

std::string percent_text(double share) {
    const double percent = share * 100;
    if (percent > 99 && percent < 100) return fixed(percent, 1) + " %";
    return fixed(percent, percent < 9.95 ? 1 : 0) + " %";
}

std::string time_text(double seconds, Language language) {
    return short_number(seconds) + (language == Language::korean ? "초" : " s");
}

std::string ms_text(double ms, Language language) {
    if (ms < 1000) return short_number(ms) + " ms";
    return short_number(ms / 1000) + (language == Language::korean ? "초" : " s");
}

std::string count_text(double value) { return short_number(value); }

std::string usd_text(double value) {
    const double size = std::fabs(value);
    return (value < 0 ? "-$" : "$") + fixed(size, size >= 100 ? 0 : size >= 1 ? 2 : 4);
}

} // namespace scale::analysis
