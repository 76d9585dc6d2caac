// 64-bit hashes, the same on every platform. hash_bytes is the XXH64 construction, written anew.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace scale::core {

static_assert(std::endian::native == std::endian::little, "digests read memory as little-endian words");

namespace detail {

constexpr std::uint64_t k_prime_1 = 0x9E3779B185EBCA87u;
constexpr std::uint64_t k_prime_2 = 0xC2B2AE3D27D4EB4Fu;
constexpr std::uint64_t k_prime_3 = 0x165667B19E3779F9u;
constexpr std::uint64_t k_prime_4 = 0x85EBCA77C2B2AE63u;
constexpr std::uint64_t k_prime_5 = 0x27D4EB2F165667C5u;

constexpr std::uint64_t hash_round(std::uint64_t lane, std::uint64_t word) {
    return std::rotl(lane + word * k_prime_2, 31) * k_prime_1;
}

constexpr std::uint64_t hash_fold(std::uint64_t hash, std::uint64_t word) {
    return std::rotl(hash ^ hash_round(0, word), 27) * k_prime_1 + k_prime_4;
}

constexpr std::uint64_t hash_finish(std::uint64_t hash) {
    hash = (hash ^ (hash >> 33)) * k_prime_2;
    hash = (hash ^ (hash >> 29)) * k_prime_3;
    return hash ^ (hash >> 32);
}

} // namespace detail

// The splitmix64 finaliser: a bijection in which every input bit changes every output bit with chance 1/2.
constexpr std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed);

inline std::uint64_t hash_text(std::string_view text) { return hash_bytes(text.data(), text.size(), 0); }

// Folds a sequence of words and byte ranges into 64 bits; order matters, and so does where one range ends.
class Digest {
public:
    void add(std::uint64_t word) {
        state_ = detail::hash_fold(state_, word);
        ++words_;
    }

    void add_bytes(const void* data, std::size_t size) {
        add(hash_bytes(data, size, words_));
        add(size);
    }

    std::uint64_t value() const { return detail::hash_finish(state_ ^ (words_ * detail::k_prime_5)); }

private:
    std::uint64_t state_ = detail::k_prime_5;
    std::uint64_t words_ = 0;
};

} // namespace scale::core
