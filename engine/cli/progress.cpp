#include "progress.hpp"

#include <algorithm>
#include <cstdio>

#include "format.hpp"
#include "terminal.hpp"

namespace scale::cli {

namespace {
constexpr double k_quiet_s = 1;     // shorter runs show nothing
constexpr double k_between_s = 0.1; // of wall time
} // namespace

Progress::Progress(bool wanted, std::uint64_t runs)
    : wanted_(wanted && progress_is_terminal()), runs_(runs) {}

Progress::~Progress() { clear(); }

void Progress::start_run(std::uint64_t number) {
    run_ = number;
    run_watch_ = Stopwatch();
}

// Whether enough time has passed to write the line again.
bool Progress::due() {
    if (!wanted_) return false;
    const double now_s = total_.seconds();
    if (now_s < k_quiet_s || now_s - shown_s_ < k_between_s) return false;
    shown_s_ = now_s;
    return true;
}

void Progress::write(const std::string& text) {
    const std::string all = "\r" + text + "\x1b[K";
    std::fwrite(all.data(), 1, all.size(), stderr);
    std::fflush(stderr);
    visible_ = true;
}

void Progress::show(const World& world, Time until) {
    if (due()) write(line(world, until));
}

void Progress::show(double done) {
    if (!due()) return;
    char start[32];
    std::snprintf(start, sizeof start, "%3.0f %%", done * 100);
    std::string text = start;
    if (done > 0.005) text += "  " + seconds(total_.seconds() * (1 - done) / done) + " left";
    write(cut_to(text, terminal_width() - 1));
}

void Progress::clear() {
    if (!visible_) return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    visible_ = false;
}

std::string Progress::line(const World& world, Time until) {
    const double now_s = static_cast<double>(world.now()) / 1e9;
    const double end_s = static_cast<double>(until) / 1e9;
    const double share = end_s > 0 ? std::min(1.0, now_s / end_s) : 1;
    const double done = (static_cast<double>(run_) + share) / static_cast<double>(runs_);
    const double wall_s = run_watch_.seconds();
    const Totals totals = world.totals();
    char start[32];
    std::snprintf(start, sizeof start, "%3.0f %%", done * 100);
    std::string out = start;
    if (runs_ > 1) out += "  run " + std::to_string(run_ + 1) + " of " + std::to_string(runs_);
    out += "  " + seconds(now_s) + " of " + seconds(end_s);
    // Requests are counted from the end of the warm-up, so their rate is taken over the time measured.
    if (totals.measured_s > 0 && now_s > 0 && wall_s > 0) {
        const double per_simulated_s = static_cast<double>(totals.requests.offered) / totals.measured_s;
        out += "  " + short_count(per_simulated_s * now_s / wall_s) + " requests/s";
    }
    if (wall_s > 0) out += "  " + short_count(static_cast<double>(totals.events) / wall_s) + " events/s";
    if (done > 0.005) out += "  " + seconds(total_.seconds() * (1 - done) / done) + " left";
    return cut_to(out, terminal_width() - 1);
}

} // namespace scale::cli
