#pragma once
// How much nearer two letters stand than their advances say. ImGui places letters by advance alone; the
// browser does not, and both halves of the page have to look alike. ASCII only: Hangul has no kerning.

#include <array>
#include <cstdint>
#include <span>

namespace scale::web {

class Kerning {
public:
    void read(std::span<const unsigned char> font);
    // In ems; 0 for anything that is not ASCII.
    float between(unsigned char left, unsigned char right) const {
        if (left < k_first || left > k_last || right < k_first || right > k_last) return 0;
        return ems_[index(left, right)];
    }

private:
    static constexpr unsigned k_first = 33, k_last = 126, k_count = k_last - k_first + 1;
    static std::size_t index(unsigned left, unsigned right) {
        return (left - k_first) * k_count + (right - k_first);
    }

    std::array<float, k_count * k_count> ems_{};
};

} // namespace scale::web
