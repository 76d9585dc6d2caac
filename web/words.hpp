#pragma once
// Words of the interface, from public/words/*.json (the same tables that the HTML fetches). Kinds carry
// their own words; see scale/kind.hpp.

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "scale/text.hpp"

namespace scale::web {

// The words of a key. A key that is in no table comes back as itself: it shows, and a test finds it.
const char* word(std::string_view key, Language language);
bool has_word(std::string_view key);
// Keys that were asked for and stand in no table, since the start; there should be none.
std::size_t words_missing();

// Fills {0}, {1}... of the words of a key.
std::string phrase(std::string_view key, Language language, std::initializer_list<std::string_view> values);

} // namespace scale::web
