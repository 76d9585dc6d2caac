#include "core/random.hpp"

namespace scale::core {

namespace {

// Where layer 0 ends and the tail begins, and the area of every layer (for 256 layers these belong together).
constexpr double k_exponential_edge = 7.69711747013104972;
constexpr double k_exponential_area = 0.003949659822581556;
constexpr double k_normal_edge = 3.6541528853610088;
constexpr double k_normal_area = 0.004928673233974658;

// Newton's iteration; only the tables use it, where the compiler must evaluate it.
constexpr double constant_sqrt(double x) {
    double root = x > 1.0 ? x : 1.0;
    for (int i = 0; i < 24; ++i) {
        root = 0.5 * (root + x / root);
    }
    return root;
}

constexpr double exponential_curve(double x) { return exp(-x); }
constexpr double exponential_edge_at(double height) { return -log(height); }
constexpr double normal_curve(double x) { return exp(-0.5 * x * x); }
constexpr double normal_edge_at(double height) { return constant_sqrt(-2.0 * log(height)); }

using Curve = double (*)(double);

constexpr detail::Ziggurat make_ziggurat(double edge, double area, Curve curve, Curve edge_at) {
    detail::Ziggurat table{};
    double right = area / curve(edge); // as wide as a rectangle of this area would be: the rest is the tail
    double next = edge;
    double height = 0.0;
    table.heights[0] = 0.0;
    for (int i = 0; i < 256; ++i) {
        table.layers[i].accept = static_cast<std::uint64_t>(next / right * 0x1p53);
        table.layers[i].width = right * 0x1p-53;
        height = i == 0 ? curve(edge) : height + area / right;
        table.heights[i + 1] = i == 255 ? 1.0 : height;
        right = next;
        next = i >= 254 ? 0.0 : edge_at(height + area / right);
    }
    return table;
}

} // namespace

namespace detail {

constexpr Ziggurat k_exponential_ziggurat =
    make_ziggurat(k_exponential_edge, k_exponential_area, exponential_curve, exponential_edge_at);
constexpr Ziggurat k_normal_ziggurat =
    make_ziggurat(k_normal_edge, k_normal_area, normal_curve, normal_edge_at);

} // namespace detail

// The rare 1 %: a point in the wedge between rectangle and curve, or in the tail, which is the same
// distribution again, shifted.
double Random::exponential_outside(std::uint32_t layer, double x) {
    const detail::Ziggurat& table = detail::k_exponential_ziggurat;
    double shift = 0.0;
    for (;;) {
        if (layer == 0) {
            shift += k_exponential_edge;
        } else {
            const double low = table.heights[layer];
            if (low + uniform() * (table.heights[layer + 1] - low) < exp(-x)) {
                return shift + x;
            }
        }
        const std::uint64_t bits = next();
        layer = static_cast<std::uint32_t>(bits & 255);
        const std::uint64_t across = bits >> 11;
        x = static_cast<double>(static_cast<std::int64_t>(across)) * table.layers[layer].width;
        if (across < table.layers[layer].accept) {
            return shift + x;
        }
    }
}

double Random::normal_outside(std::uint32_t layer, double x) {
    const detail::Ziggurat& table = detail::k_normal_ziggurat;
    for (;;) {
        if (layer == 0) {
            for (;;) { // Marsaglia's tail
                const double beyond = exponential() / k_normal_edge;
                if (2.0 * exponential() >= beyond * beyond) {
                    return k_normal_edge + beyond;
                }
            }
        }
        const double low = table.heights[layer];
        if (low + uniform() * (table.heights[layer + 1] - low) < exp(-0.5 * x * x)) {
            return x;
        }
        const std::uint64_t bits = next();
        layer = static_cast<std::uint32_t>(bits & 255);
        const std::uint64_t across = bits >> 11;
        x = static_cast<double>(static_cast<std::int64_t>(across)) * table.layers[layer].width;
        if (across < table.layers[layer].accept) {
            return x;
        }
    }
}

GammaShape GammaShape::make(double shape) {
    const bool small = shape < 1.0;
    const double d = (small ? shape + 1.0 : shape) - 1.0 / 3.0;
    return {d, 1.0 / sqrt(9.0 * d), small ? 1.0 / shape : 0.0};
}

// Marsaglia and Tsang 2000; a shape below 1 is drawn one higher and multiplied by U^(1/shape).
double Random::gamma(const GammaShape& shape) {
    for (;;) {
        const double x = normal();
        const double root = 1.0 + shape.c * x;
        if (root <= 0.0) {
            continue;
        }
        const double v = root * root * root;
        const double u = uniform_open();
        const double square = x * x;
        if (u < 1.0 - 0.0331 * square * square || log(u) < 0.5 * square + shape.d * (1.0 - v + log(v))) {
            const double value = shape.d * v;
            return shape.inverse_shape == 0.0 ? value : value * exp(-exponential() * shape.inverse_shape);
        }
    }
}

} // namespace scale::core
