// Figures and names in sentences, in both languages.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "scale/scenario.hpp"

namespace scale::analysis {

// {name} in the text becomes its part. In Korean text "{name:이/가}" also sets the particle that fits.
struct Part {
    std::string_view name;
    std::string text;
    std::string ko = {}; // in Korean text instead of `text`, where there is any
};
std::string filled(std::string_view text, std::initializer_list<Part> parts,
                   Language language = Language::english);
// A node as it is called on the board: by its label, or by its id where it has none.
Part named(std::string_view part, const Scenario& scenario, int node);
Text filled(const Words& words, std::initializer_list<Part> parts);

std::string percent_text(double share);                   // "71 %", "0.4 %"
std::string time_text(double seconds, Language language); // "83 s", "83초"
std::string ms_text(double ms, Language language);        // "240 ms", "3.1 s"
std::string count_text(double value);                     // 1,240; 3.2
std::string usd_text(double value);                       // "$1,240", "$0.42"

} // namespace scale::analysis
