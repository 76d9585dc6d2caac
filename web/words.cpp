#include "words.hpp"

#include <algorithm>
#include <vector>

#include "word_table.hpp"

namespace scale::web {
namespace {

const words::Word* find_word(std::string_view key) {
    static const std::vector<const words::Word*> sorted = [] {
        std::vector<const words::Word*> rows;
        rows.reserve(words::k_word_count);
        for (const words::Word& row : words::k_words) rows.push_back(&row);
        std::sort(rows.begin(), rows.end(), [](const words::Word* a, const words::Word* b) {
            return std::string_view(a->key) < std::string_view(b->key);
        });
        return rows;
    }();
    const auto found = std::lower_bound(
        sorted.begin(), sorted.end(), key,
        [](const words::Word* row, std::string_view sought) { return std::string_view(row->key) < sought; });
    return found != sorted.end() && key == (*found)->key ? *found : nullptr;
}

// Keys that nobody translated, kept so that a pointer to them stays good. Bounded by the program's own text.
std::vector<std::string*>& kept_keys() {
    static std::vector<std::string*> kept;
    return kept;
}

const char* keep(std::string_view key) {
    for (const std::string* text : kept_keys())
        if (*text == key) return text->c_str();
    kept_keys().push_back(new std::string(key));
    return kept_keys().back()->c_str();
}

} // namespace

const char* word(std::string_view key, Language language) {
    const words::Word* row = find_word(key);
    if (!row) return keep(key);
    return language == Language::korean ? row->ko : row->en;
}

std::size_t words_missing() { return kept_keys().size(); }

bool has_word(std::string_view key) { return find_word(key) != nullptr; }

std::string phrase(std::string_view key, Language language, std::initializer_list<std::string_view> values) {
    const std::string_view pattern = word(key, language);
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool is_slot = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
        const auto index = is_slot ? static_cast<std::size_t>(pattern[i + 1] - '0') : values.size();
        if (index < values.size()) {
            out += values.begin()[index];
            i += 2;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

} // namespace scale::web
