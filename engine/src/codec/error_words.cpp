// What is wrong with bad input, in Korean too. Errors are written in English where they are found; here their
// sentences are taken apart and said anew, by the table in error_words.json. One that nobody has put down
// there stays English. public/page/error_words.mjs does the same with the same table in the page, which has
// no room for this one.
#include "scale/errors.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "error_word_files.hpp"

namespace scale {

namespace {

constexpr std::size_t k_parts_most = 4;
constexpr int k_deep_most = 4; // parts within parts

struct Sentence {
    std::string en, ko;
};

// [English, Korean], in their order: {1} to {4} stand for what differs; such a part may be one of these
// sentences itself. The first that fits counts.
const std::vector<Sentence>& sentences() {
    static const std::vector<Sentence> table = [] {
        std::vector<Sentence> out;
        for (const nlohmann::json& row : nlohmann::json::parse(error_word_files::k_files[0].text))
            out.push_back({row[0].get<std::string>(), row[1].get<std::string>()});
        return out;
    }();
    return table;
}

using Parts = std::array<std::string_view, k_parts_most>;

std::size_t part_of(std::string_view pattern, std::size_t at) {
    return static_cast<std::size_t>(pattern[at + 1] - '1');
}

// The parts of the text that stand where the pattern leaves them open, each as short as can be.
std::optional<Parts> taken_apart(std::string_view pattern, std::string_view text) {
    Parts parts;
    for (std::size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{')) {
        if (text.substr(0, open) != pattern.substr(0, open)) return std::nullopt;
        text.remove_prefix(std::min(open, text.size()));
        const std::size_t part = part_of(pattern, open);
        pattern.remove_prefix(open + 3);
        const std::string_view next = pattern.substr(0, pattern.find('{'));
        const bool last = next.size() == pattern.size();
        const bool fits = text.size() >= next.size() && (!last || text.ends_with(next));
        const std::size_t end = !fits  ? std::string_view::npos
                                : last ? text.size() - next.size()
                                       : text.find(next);
        if (end == std::string_view::npos || end == 0) return std::nullopt;
        parts[part] = text.substr(0, end);
        text.remove_prefix(end);
    }
    return text == pattern ? std::optional(parts) : std::nullopt;
}

// "a", "b" or "c"
std::string listed_in_korean(std::string_view part) {
    const std::size_t last = part.rfind("\" or \"");
    if (last == std::string_view::npos) return std::string(part);
    return std::string(part.substr(0, last)) + "\", \"" + std::string(part.substr(last + 6));
}

std::optional<std::string> in_korean(std::string_view text, int deep) {
    for (const Sentence& sentence : sentences()) {
        const std::optional<Parts> parts = taken_apart(sentence.en, text);
        if (!parts) continue;
        std::string out;
        std::string_view pattern = sentence.ko;
        for (std::size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{')) {
            const std::string_view part = (*parts)[part_of(pattern, open)];
            const std::optional<std::string> said =
                deep > 0 && part.front() != '"' ? in_korean(part, deep - 1) : std::nullopt;
            out.append(pattern.substr(0, open)).append(said.value_or(listed_in_korean(part)));
            pattern.remove_prefix(open + 3);
        }
        return out.append(pattern);
    }
    return std::nullopt;
}

// A place may lie within another one: "FILE: line 1, column 2".
std::string place_in_korean(std::string_view path) {
    const std::size_t end = path.find(": ");
    const std::string_view first = path.substr(0, end);
    std::string out = in_korean(first, k_deep_most).value_or(std::string(first));
    return end == std::string_view::npos ? out : out + ": " + place_in_korean(path.substr(end + 2));
}

} // namespace

Text error_text(const Error& error) {
    Error korean = error;
    const std::optional<std::string> what = in_korean(error.what, k_deep_most);
    if (!what) return {error.sentence(), error.sentence()};
    korean.path = place_in_korean(error.path);
    korean.what = *what;
    korean.hint = in_korean(error.hint, k_deep_most).value_or(error.hint);
    return {error.sentence(), korean.sentence()};
}

} // namespace scale
