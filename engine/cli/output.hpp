// Exit statuses, and the only way text leaves the command.
#pragma once

#include <string>
#include <string_view>

#include "scale/text.hpp"

namespace scale::cli {

enum Exit : int {
    exit_fine = 0,
    exit_failed = 1,       // an assertion or goal failed
    exit_bad_input = 2,    // one line on stderr, nothing on stdout
    exit_internal = 3,     // a broken promise inside, or output that could not be written
    exit_interrupted = 130 // Ctrl-C, after printing what was measured so far
};

// To standard output. A reader that went away (a closed pipe) is no error; what follows is dropped.
void print(std::string_view text);
// One line to stderr: "scaleground: ...". Line breaks and control characters inside become spaces.
void complain(std::string_view sentence);
// The language of what bad_input() says.
void answer_in(Language language);
// complain() with the error's sentence, and the status to leave with.
int bad_input(const Error& error);
// Flushes; exit_internal (and a line on stderr) when output was lost for another reason than a closed pipe.
int finish_output(int status);

// Closed pipes become errors of write; a failed assert leaves with exit_internal.
void install_signal_handlers();
// From now on Ctrl-C sets a flag; pressed again, it ends the process.
void catch_interrupt();
bool interrupted();

} // namespace scale::cli
