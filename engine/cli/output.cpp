#include "output.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <time.h>
#include <unistd.h>

#include "scale/errors.hpp"

namespace scale::cli {

namespace {

int g_write_error = 0; // errno of the first failed write
Language g_language = Language::english;
volatile std::sig_atomic_t g_interrupted = 0;
timespec g_first_interrupt{}; // written once, before g_interrupted says that it may be read

// Programs that pass Ctrl-C on (timeout, npm, make) send it twice within a moment; nobody presses it so fast.
constexpr double k_same_press_s = 0.3;

void on_interrupt(int) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (g_interrupted == 0) {
        g_first_interrupt = now;
        g_interrupted = 1;
        return;
    }
    const double since_s = static_cast<double>(now.tv_sec - g_first_interrupt.tv_sec) +
                           static_cast<double>(now.tv_nsec - g_first_interrupt.tv_nsec) / 1e9;
    if (since_s < k_same_press_s) return;
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
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
