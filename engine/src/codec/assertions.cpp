// "p99_ms < 250": a figure by name, a comparison, a bound.
#include <algorithm>

#include "codec/nearest.hpp"
#include "codec/numbers.hpp"
#include "scale/results.hpp"

namespace scale {

namespace {

constexpr std::string_view k_comparisons[] = {"<=", ">=", "==", "!=", "<", ">"}; // the longer ones first

std::string_view without_spaces(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.';
    });
}

Error not_an_assertion(std::string_view text, const char* expected) {
    return {codec::quoted(text), std::string("expected ") + expected, "for example \"p99_ms < 250\""};
}

} // namespace

Result<Assertion> parse_assertion(std::string_view text) {
    const std::size_t at = text.find_first_of("<>=!");
    if (at == std::string_view::npos)
        return not_an_assertion(text, "a figure, one of < <= > >= == !=, and a number");
    Assertion out;
    for (std::string_view comparison : k_comparisons) {
        if (text.substr(at, comparison.size()) != comparison) continue;
        out.comparison = std::string(comparison);
        break;
    }
    if (out.comparison.empty()) return not_an_assertion(text, "one of < <= > >= == !=");
    out.name = std::string(without_spaces(text.substr(0, at)));
    if (!is_name(out.name)) return not_an_assertion(text, "the name of a figure before the comparison");
    const std::optional<double> bound =
        codec::read_number(without_spaces(text.substr(at + out.comparison.size())));
    if (!bound) return not_an_assertion(text, "a number behind the comparison");
    out.bound = *bound;
    return out;
}

// Nothing holds for a figure that is not a number.
bool holds(const Assertion& assertion, double measured) {
    if (measured != measured) return false;
    if (assertion.comparison == "<") return measured < assertion.bound;
    if (assertion.comparison == "<=") return measured <= assertion.bound;
    if (assertion.comparison == ">") return measured > assertion.bound;
    if (assertion.comparison == ">=") return measured >= assertion.bound;
    if (assertion.comparison == "==") return measured == assertion.bound;
    return assertion.comparison == "!=" && measured != assertion.bound;
}

} // namespace scale
