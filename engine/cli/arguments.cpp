#include "arguments.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "format.hpp"

namespace scale::cli {

namespace {

const OptionRecord* find_option(std::span<const OptionRecord> known, std::string_view name) {
    for (const OptionRecord& option : known)
        if (name == option.name) return &option;
    return nullptr;
}

std::vector<std::string> option_names(std::span<const OptionRecord> known) {
    std::vector<std::string> names;
    for (const OptionRecord& option : known) names.emplace_back(option.name);
    return names;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

// "-5" and "-" are values, "--json" and "-h" are options.
bool looks_like_option(std::string_view text) {
    return text.size() > 1 && text[0] == '-' && !(text[1] >= '0' && text[1] <= '9') && text[1] != '.';
}

} // namespace

Result<Arguments> Arguments::parse(std::span<const std::string_view> given,
                                   std::span<const OptionRecord> known) {
    Arguments out;
    bool only_words = false;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const std::string_view item = given[i];
        if (only_words || !looks_like_option(item)) {
            out.words_.emplace_back(item);
            continue;
        }
        if (item == "--") {
            only_words = true;
            continue;
        }
        const std::size_t equals = item.find('=');
        const std::string name(item.substr(0, equals));
        const OptionRecord* option = find_option(known, name);
        if (!option) return Error{name, "unknown option", hint_for(name, option_names(known), "see --help")};
        if (!option->repeatable && out.has(name)) return Error{name, "given twice", ""};
        std::string value;
        if (equals != std::string_view::npos) {
            if (!option->value) return Error{name, "takes no value", ""};
            value = item.substr(equals + 1);
        } else if (option->value) {
            if (i + 1 >= given.size()) return Error{name, std::string("needs a value, ") + option->value, ""};
            value = given[++i];
        }
        out.options_.push_back({name, value});
    }
    return out;
}

bool Arguments::has(std::string_view name) const {
    return std::any_of(options_.begin(), options_.end(), [&](const Given& one) { return one.name == name; });
}

std::string Arguments::text(std::string_view name) const {
    std::string found;
    for (const Given& one : options_)
        if (one.name == name) found = one.value;
    return found;
}

std::vector<std::string> Arguments::all(std::string_view name) const {
    std::vector<std::string> found;
    for (const Given& one : options_)
        if (one.name == name) found.push_back(one.value);
    return found;
}

Result<double> Arguments::number(std::string_view name, double fallback, double least, double most) const {
    if (!has(name)) return fallback;
    const std::string given = text(name);
    double value = 0;
    if (read_number(given, value) && value >= least && value <= most) return value;
    return Error{std::string(name),
                 "expected a number from " + plain_number(least) + " to " + plain_number(most) + ", got " +
                     in_quotes(given),
                 ""};
}

Result<std::uint64_t> Arguments::whole(std::string_view name, std::uint64_t fallback, std::uint64_t least,
                                       std::uint64_t most) const {
    if (!has(name)) return fallback;
    const std::string given = text(name);
    const bool digits =
        !given.empty() && given.size() <= 18 && given.find_first_not_of("0123456789") == std::string::npos;
    const std::uint64_t value = digits ? std::strtoull(given.c_str(), nullptr, 10) : 0;
    if (digits && value >= least && value <= most) return value;
    return Error{std::string(name),
                 "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                     ", got " + in_quotes(given),
                 ""};
}

bool read_number(std::string_view text, double& value) {
    const std::string copy(text);
    if (copy.empty() || copy.find_first_not_of("0123456789+-.eE") != std::string::npos) return false;
    char* end = nullptr;
    value = std::strtod(copy.c_str(), &end);
    return end == copy.c_str() + copy.size() && std::isfinite(value);
}

std::string nearest(std::string_view name, std::span<const std::string> candidates) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        std::size_t distance = edit_distance(name, candidate);
        const bool part = name.size() >= 3 && candidate.find(name) != std::string::npos;
        if (part) distance = std::min<std::size_t>(distance, 2);
        if (distance >= best_distance) continue;
        best_distance = distance;
        best = candidate;
    }
    return best;
}

std::string hint_for(std::string_view name, std::span<const std::string> candidates,
                     std::string_view otherwise) {
    const std::string near = nearest(name, candidates);
    return near.empty() ? std::string(otherwise) : "did you mean " + in_quotes(near) + "?";
}

} // namespace scale::cli
