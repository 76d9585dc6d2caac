// The clock that the benchmark measures by: the processor time of this thread where the system tells it, so
// that other programs on the machine hardly count; wall time under node, or where asked for.
#pragma once

#include <chrono>
#include <ctime>

namespace scale::bench {

inline bool g_wall_clock = false; // --wall

inline bool measures_processor_time() {
#if defined(CLOCK_THREAD_CPUTIME_ID) && !defined(__EMSCRIPTEN__)
    return !g_wall_clock;
#else
    return false;
#endif
}

// Seconds since some moment.
inline double seconds_now() {
#if defined(CLOCK_THREAD_CPUTIME_ID) && !defined(__EMSCRIPTEN__)
    timespec now{};
    if (!g_wall_clock && clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0)
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
#endif
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace scale::bench
