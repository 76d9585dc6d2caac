#pragma once
// What is wrong with bad input, in both languages.

#include "scale/text.hpp"

namespace scale {

// English stands in where nobody has put it into Korean.
Text error_text(const Error& error);

} // namespace scale
