// What figures are called, and how their values are written, in sentences of both languages.
#pragma once

#include <string>

#include "scale/analysis.hpp"

namespace scale::analysis {

// A node as it is called on the board, by its label or else its id; with its id where others have the same
// label.
std::string node_words(const Scenario& scenario, int node, Language language);
// "p99", "utilization of Database"; the dotted name itself where there are no words for it.
std::string figure_words(const Scenario& scenario, std::string_view name, Language language);
// "512 ms", "98.2 %", "620/s", "USD 1,250".
std::string value_words(std::string_view name, double value);
// The same without its unit, signed: "+12.3".
std::string signed_words(std::string_view name, double value);
std::string number_words(double value, int digits = 3); // grouped, that many significant digits
// %1, %2, ... stand for the parts.
std::string filled(std::string_view text, std::initializer_list<std::string> parts);

} // namespace scale::analysis
