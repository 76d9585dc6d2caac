#include "core/hash.hpp"

namespace scale::core {

namespace {

std::uint64_t read_64(const unsigned char* at) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

std::uint32_t read_32(const unsigned char* at) {
    std::uint32_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// Four independent lanes, so that the multiplications overlap.
std::uint64_t hash_blocks(const unsigned char*& at, const unsigned char* end, std::uint64_t seed) {
    using namespace detail;
    std::uint64_t lane_1 = seed + k_prime_1 + k_prime_2;
    std::uint64_t lane_2 = seed + k_prime_2;
    std::uint64_t lane_3 = seed;
    std::uint64_t lane_4 = seed - k_prime_1;
    for (; end - at >= 32; at += 32) {
        lane_1 = hash_round(lane_1, read_64(at));
        lane_2 = hash_round(lane_2, read_64(at + 8));
        lane_3 = hash_round(lane_3, read_64(at + 16));
        lane_4 = hash_round(lane_4, read_64(at + 24));
    }
    std::uint64_t hash =
        std::rotl(lane_1, 1) + std::rotl(lane_2, 7) + std::rotl(lane_3, 12) + std::rotl(lane_4, 18);
    for (const std::uint64_t lane : {lane_1, lane_2, lane_3, lane_4}) {
        hash = (hash ^ hash_round(0, lane)) * k_prime_1 + k_prime_4;
    }
    return hash;
}

} // namespace

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed) {
    using namespace detail;
    const unsigned char* at = static_cast<const unsigned char*>(data);
    const unsigned char* const end = at + size;
    std::uint64_t hash = size >= 32 ? hash_blocks(at, end, seed) : seed + k_prime_5;
    hash += size;
    for (; end - at >= 8; at += 8) {
        hash = hash_fold(hash, read_64(at));
    }
    if (end - at >= 4) {
        hash = std::rotl(hash ^ (read_32(at) * k_prime_1), 23) * k_prime_2 + k_prime_3;
        at += 4;
    }
    for (; at != end; ++at) {
        hash = std::rotl(hash ^ (*at * k_prime_5), 11) * k_prime_1;
    }
    return hash_finish(hash);
}

} // namespace scale::core
