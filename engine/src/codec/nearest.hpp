// Which known name a misspelt one was meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scale::codec {

// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
int edit_distance(std::string_view from, std::string_view to);
// The nearest candidate that is near enough to be meant; empty when none is.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates);
// did you mean "cores"? - or nothing
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates);
// "a", "b" or "c"; at most `most` of them, then "..."
std::string listed(const std::vector<std::string_view>& names, std::size_t most = 12);

// In double quotes, shortened and with anything unprintable replaced, fit for a sentence.
std::string quoted(std::string_view text);

} // namespace scale::codec
