// Whole numbers of up to 2,560 bits: just what exact decimal conversion needs.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace scale::codec {

class BigNumber {
public:
    explicit BigNumber(std::uint64_t value = 0) {
        words_[0] = static_cast<std::uint32_t>(value);
        words_[1] = static_cast<std::uint32_t>(value >> 32);
        used_ = words_[1] != 0 ? 2 : (words_[0] != 0 ? 1 : 0);
    }

    bool is_zero() const { return used_ == 0; }

    int bits() const {
        return used_ == 0 ? 0 : (used_ - 1) * 32 + static_cast<int>(std::bit_width(words_[top()]));
    }

    // this * factor + addend
    void multiply_add(std::uint32_t factor, std::uint32_t addend) {
        std::uint64_t carry = addend;
        for (int i = 0; i < used_; ++i) {
            carry += std::uint64_t{words_[at(i)]} * factor;
            words_[at(i)] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        if (carry != 0 && used_ < k_words) words_[at(used_++)] = static_cast<std::uint32_t>(carry);
    }

    void multiply_by_power_of_ten(int power) {
        for (; power >= 9; power -= 9) multiply_add(1'000'000'000, 0);
        for (; power > 0; --power) multiply_add(10, 0);
    }

    void shift_left(int count) {
        for (; count >= 31; count -= 31) multiply_add(1u << 31, 0);
        if (count > 0) multiply_add(1u << count, 0);
    }

    bool operator>=(const BigNumber& other) const {
        if (used_ != other.used_) return used_ > other.used_;
        for (int i = used_ - 1; i >= 0; --i)
            if (words_[at(i)] != other.words_[at(i)]) return words_[at(i)] > other.words_[at(i)];
        return true;
    }

    // Only where *this >= other.
    void subtract(const BigNumber& other) {
        std::int64_t borrow = 0;
        for (int i = 0; i < used_; ++i) {
            borrow += std::int64_t{words_[at(i)]} - (i < other.used_ ? std::int64_t{other.words_[at(i)]} : 0);
            words_[at(i)] = static_cast<std::uint32_t>(borrow);
            borrow >>= 32;
        }
        while (used_ > 0 && words_[top()] == 0) --used_;
    }

private:
    static constexpr int k_words = 80;
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
    std::size_t top() const { return static_cast<std::size_t>(used_ - 1); }

    std::array<std::uint32_t, k_words> words_{};
    int used_ = 0;
};

} // namespace scale::codec
