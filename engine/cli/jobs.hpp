// What the commands share that run an analysis job: slices, progress on a terminal, Ctrl-C.
#pragma once

#include <cstdint>

#include "output.hpp"
#include "progress.hpp"

namespace scale::cli {

inline constexpr std::uint64_t k_job_slice_events = 200'000;

// Runs the job to its end; false when Ctrl-C stopped it.
template<class Job>
bool run_job(Job& job) {
    Progress progress(true, 1);
    catch_interrupt();
    while (!job.step(k_job_slice_events)) {
        if (interrupted()) return false;
        progress.show(job.done());
    }
    return true;
}

} // namespace scale::cli
