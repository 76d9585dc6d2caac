#pragma once
// The wheel, or two fingers on a pad, as what they mean on the board and in every chart. Fingers never go
// straight: a gesture goes the way that most of it went so far.

#include <algorithm>
#include <cmath>

namespace scale::web {

// What they do in one frame.
struct WheelTurn {
    double sideways = 0; // notches to the left
    double nearer = 1;   // by how much
};

class Wheel {
public:
    void pass(double seconds) { rest_s_ += seconds; } // also while nothing is drawn

    WheelTurn turn(double across, double along, bool with_shift) {
        if (across == 0 && along == 0) return {};
        if (rest_s_ > k_rest_s) across_ = along_ = 0;
        rest_s_ = 0;
        across_ += std::abs(across);
        along_ += std::abs(along);
        if (across_ > along_) return {across, 1};
        if (with_shift) return {along, 1};
        return {0, std::exp2(std::clamp(along, -4.0, 4.0) * 0.3)};
    }

private:
    static constexpr double k_rest_s = 0.25; // without a turn, and the next one is another gesture
    double across_ = 0, along_ = 0;          // notches of the gesture so far
    double rest_s_ = 0;
};

} // namespace scale::web
