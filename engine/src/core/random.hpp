// Random numbers: xoshiro256++ (Blackman and Vigna) and the variates built on it. Every bit is the same on
// every compiler and platform: own tables, own logarithm, integer acceptance tests.
#pragma once

#include "core/bits.hpp"
#include "core/hash.hpp"
#include "core/maths.hpp"

#include <bit>
#include <cstdint>

namespace scale::core {

namespace detail {

// A ziggurat (Marsaglia and Tsang) of 256 layers of equal area. Layer 0 holds the tail.
struct Ziggurat {
    struct Layer {
        std::uint64_t accept; // a 53-bit number below this lies wholly under the curve
        double width;         // of the layer, / 2^53
    };
    Layer layers[256];
    double heights[257]; // of the curve at the right edge of the layer
};

extern const Ziggurat k_exponential_ziggurat;
extern const Ziggurat k_normal_ziggurat;

} // namespace detail

// What is fixed for one gamma shape: Marsaglia and Tsang's d and c, and 1 / shape where the shape is below 1.
struct GammaShape {
    double d = 0.0;
    double c = 0.0;
    double inverse_shape = 0.0; // 0 where the shape is >= 1

    static GammaShape make(double shape);
};

struct Random {
    std::uint64_t state[4] = {1, 2, 3, 4};

    // Streams of different (seed, node, purpose) are independent for every practical use.
    static Random seeded(std::uint64_t seed, std::uint64_t node_hash, std::uint32_t purpose) {
        Random random;
        std::uint64_t walk = mix(mix(mix(seed + 0x9E3779B97F4A7C15u) ^ node_hash) + purpose);
        for (std::uint64_t& word : random.state) {
            walk += 0x9E3779B97F4A7C15u;
            word = mix(walk);
        }
        return random;
    }

    std::uint64_t next() {
        const std::uint64_t result = std::rotl(state[0] + state[3], 23) + state[0];
        const std::uint64_t shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = std::rotl(state[3], 45);
        return result;
    }

    // [0, 1), 53 bits.
    double uniform() { return static_cast<double>(static_cast<std::int64_t>(next() >> 11)) * 0x1p-53; }

    // (0, 1], 53 bits: safe to take the logarithm of.
    double uniform_open() {
        return static_cast<double>(static_cast<std::int64_t>((next() >> 11) + 1)) * 0x1p-53;
    }

    // 0 .. n - 1 without bias (Lemire); n >= 1, and 0 for n = 0.
    std::uint32_t below(std::uint32_t n) {
        std::uint64_t product = (next() >> 32) * n;
        if (static_cast<std::uint32_t>(product) < n) {
            const std::uint32_t threshold = (0u - n) % n;
            while (static_cast<std::uint32_t>(product) < threshold) {
                product = (next() >> 32) * n;
            }
        }
        return static_cast<std::uint32_t>(product >> 32);
    }

    double exponential(double mean = 1.0) {
        const std::uint64_t bits = next();
        double value = 0;
        return common_exponential(bits, mean, value) ? value : mean * rare_exponential(bits);
    }

    // exponential() in two steps, for callers that keep the rare case out of their way: whether these bits
    // are the common case, and which value they make then. The rest of a rare one, of mean 1, is drawn. The
    // mean is multiplied with the width: meanwhile the bits become a number.
    static bool common_exponential(std::uint64_t bits, double mean, double& value) {
        const detail::Ziggurat::Layer& layer = detail::k_exponential_ziggurat.layers[bits & 255];
        const std::uint64_t across = bits >> 11;
        value = static_cast<double>(static_cast<std::int64_t>(across)) * (layer.width * mean);
        return across < layer.accept;
    }
    double rare_exponential(std::uint64_t bits) {
        double x = 0;
        common_exponential(bits, 1.0, x);
        return exponential_outside(static_cast<std::uint32_t>(bits & 255), x);
    }

    // Mean 0, variance 1.
    double normal() {
        const std::uint64_t bits = next();
        const detail::Ziggurat::Layer& layer = detail::k_normal_ziggurat.layers[bits & 255];
        const std::uint64_t across = bits >> 11;
        const double x = static_cast<double>(static_cast<std::int64_t>(across)) * layer.width;
        const double size =
            across < layer.accept ? x : normal_outside(static_cast<std::uint32_t>(bits & 255), x);
        return bit_cast<double>(bit_cast<std::uint64_t>(size) | (bits & 256) << 55);
    }

    // Mean and variance are the shape (> 0).
    double gamma(double shape) { return gamma(GammaShape::make(shape)); }
    double gamma(const GammaShape& shape);

private:
    double exponential_outside(std::uint32_t layer, double x);
    double normal_outside(std::uint32_t layer, double x);
};

static_assert(sizeof(Random) == 32);

} // namespace scale::core
