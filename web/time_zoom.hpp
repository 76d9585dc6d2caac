#pragma once
// Which stretch of the run the timeline and all charts show: the whole of it, or a part that somebody chose.
// Knows no screen.

#include <optional>

#include "session.hpp"

namespace scale::web {

struct Stretch {
    double from_s = 0, to_s = 60;
    double span_s() const { return to_s - from_s; }
    bool has(double at_s) const { return at_s >= from_s && at_s <= to_s; }
    bool operator==(const Stretch&) const = default;
};

inline constexpr double k_stretch_least_s = 5;
inline constexpr double k_stretch_least_values = 5; // of a series; a long run keeps one for many seconds

class TimeZoom {
public:
    // Looks at the run, once a frame. The clock takes the stretch along where it stood within; a stretch of
    // the past stays. A run that begins anew is shown whole.
    void look(const Session& session);
    bool whole() const { return !chosen_; }
    Stretch run() const; // the axis of the whole run
    Stretch shown() const { return chosen_.value_or(run()); }

    // What does not fit is moved, not refused; before anything has run there is nothing to choose.
    void about(double at_s, double factor); // above 1: nearer; that moment stays where it is
    void move(double by_s);
    void choose(double from_s, double to_s);
    void show(double at_s); // a moment beside the stretch, in its middle
    void show_all() { chosen_.reset(); }

private:
    void set(double from_s, double span_s, double end_s);
    std::optional<Stretch> chosen_;
    double end_s_ = 1, least_s_ = k_stretch_least_s;
    double now_s_ = 0;
    bool any_ = false; // it has run
    std::uint64_t beginnings_ = 0;
};

} // namespace scale::web
