#include "output.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include "scale/errors.hpp"

namespace scale::cli {

namespace {

int g_write_error = 0; // errno of the first failed write
Language g_language = Language::english;
volatile std::sig_atomic_t g_interrupted = 0;

void on_interrupt(int) {
    g_interrupted = 1;
    std::signal(SIGINT, SIG_DFL);
}

void on_abort(int) {
    constexpr char k_line[] = "scaleground: internal error; please report the command line and its input\n";
    if (::write(STDERR_FILENO, k_line, sizeof k_line - 1) < 0) _exit(exit_internal);
    _exit(exit_internal);
}

} // namespace

void print(std::string_view text) {
    if (g_write_error != 0) return;
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) g_write_error = errno ? errno : EIO;
}

void complain(std::string_view sentence) {
    std::string line = "scaleground: ";
    for (const char c : sentence) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
}

void answer_in(Language language) { g_language = language; }

int bad_input(const Error& error) {
    complain(pick(error_text(error), g_language));
    return exit_bad_input;
}

int finish_output(int status) {
    errno = 0;
    if (std::fflush(stdout) != 0 && g_write_error == 0) g_write_error = errno ? errno : EIO;
    if (g_write_error == 0 || g_write_error == EPIPE) return status;
    complain(std::string("cannot write the output: ") + std::strerror(g_write_error));
    return exit_internal;
}

void install_signal_handlers() {
#ifdef SIGPIPE
    std::signal(SIGPIPE, SIG_IGN);
#endif
    std::signal(SIGABRT, on_abort);
}

void catch_interrupt() { std::signal(SIGINT, on_interrupt); }

bool interrupted() { return g_interrupted != 0; }

} // namespace scale::cli
