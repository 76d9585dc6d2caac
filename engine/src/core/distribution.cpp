#include "core/distribution.hpp"

namespace scale::core {

namespace {

double within(double value, double low, double high) {
    return value > low ? (value < high ? value : high) : low; // NaN gives low
}

// Two exponential phases with balanced means (each contributes half of the mean): one free parameter, the cv.
void make_hyper_exponential(Distribution& made) {
    const double square = made.deviation * made.deviation;
    const double chance = 0.5 * (1.0 + sqrt((square - 1.0) / (square + 1.0)));
    made.first = made.mean / (2.0 * chance);
    made.second = made.mean * chance * (square + 1.0); // mean / (2 (1 - chance)), without the cancellation
}

} // namespace

Distribution Distribution::make(Shape shape, double mean_ns, double cv) {
    Distribution made;
    made.mean = within(mean_ns, 0.0, 9007199254740992.0);
    made.deviation = within(cv, 0.0, 100.0);
    if (shape == Shape::exponential || (shape == Shape::hyper_exponential && made.deviation <= 1.0)) {
        made.shape = Shape::exponential;
        made.deviation = 1.0;
        return made;
    }
    if (shape == Shape::deterministic || made.deviation < 1e-6 || made.mean == 0.0) {
        made.deviation = 0.0;
        return made;
    }
    made.shape = shape;
    const double square = made.deviation * made.deviation;
    if (shape == Shape::uniform) {
        const double half_width = within(made.deviation * sqrt(3.0), 0.0, 1.0);
        made.deviation = half_width / sqrt(3.0);
        made.first = made.mean * (1.0 - half_width);
        made.second = 2.0 * made.mean * half_width;
    } else if (shape == Shape::gamma) {
        made.gamma = GammaShape::make(1.0 / square);
        made.first = made.mean * square;
    } else if (shape == Shape::lognormal) {
        const double log_variance = log1p(square);
        made.first = log(made.mean) - 0.5 * log_variance;
        made.second = sqrt(log_variance);
    } else {
        make_hyper_exponential(made);
    }
    return made;
}

} // namespace scale::core
