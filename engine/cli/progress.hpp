// The line that is rewritten in place on stderr while a long run goes on; nothing where stderr is no
// terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "scale/world.hpp"

namespace scale::cli {

// Seconds since it was made.
class Stopwatch {
public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class Progress {
public:
    // `runs`: how many worlds will be run one after the other.
    Progress(bool wanted, std::uint64_t runs);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void start_run(std::uint64_t number); // from 0
    void show(const World& world, Time until);
    void show(double done); // of a job that knows only how far it is, 0..1
    void clear();           // takes the line away

private:
    std::string line(const World& world, Time until);
    bool due();
    void write(const std::string& text);
    bool wanted_;
    std::uint64_t runs_, run_ = 0;
    Stopwatch total_, run_watch_;
    double shown_s_ = 0;
    bool visible_ = false;
};

} // namespace scale::cli
