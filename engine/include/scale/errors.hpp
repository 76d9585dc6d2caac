#pragma once
// What is wrong with bad input, in both languages.

#include <string_view>

#include "scale/text.hpp"

namespace scale {

// English stands in where nobody has put it into Korean.
Text error_text(const Error& error);
// The same of a sentence as Error::sentence() makes them.
Text error_text(std::string_view sentence);

} // namespace scale
