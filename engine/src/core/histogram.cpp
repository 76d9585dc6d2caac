#include "core/histogram.hpp"

#include "core/hash.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace scale::core {

static_assert(std::is_trivially_copyable_v<Histogram>);
static_assert(sizeof(Histogram) == 4 * 8 + Histogram::k_buckets * 4, "no holes: it is hashed as bytes");

namespace {

// Counters that are summed without branches; divides Histogram::k_buckets.
constexpr std::uint32_t k_block = 32;

// Which of `count` values in order (1 = smallest) is the q-quantile.
std::uint64_t rank_of(double q, std::uint64_t count) {
    const double exact = q * static_cast<double>(count);
    if (!(exact > 1.0)) {
        return 1;
    }
    if (exact >= static_cast<double>(count)) {
        return count;
    }
    const std::uint64_t whole = static_cast<std::uint64_t>(exact);
    return static_cast<double>(whole) < exact ? whole + 1 : whole;
}

// The bucket that holds the value of this rank. Whole blocks first: their sums need no branch per counter.
std::uint32_t bucket_of_rank(const std::uint32_t* counters, std::uint32_t index, std::uint32_t last,
                             std::uint64_t rank) {
    std::uint64_t below = 0;
    for (; index + k_block <= last; index += k_block) {
        std::uint64_t block = 0;
        for (std::uint32_t i = 0; i < k_block; ++i) {
            block += counters[index + i];
        }
        if (below + block >= rank) {
            break;
        }
        below += block;
    }
    for (; index < last; ++index) {
        below += counters[index];
        if (below >= rank) {
            break;
        }
    }
    return index;
}

// How many were recorded within a block: less than 2^32 between the two. Natively four differences at a time;
// in wasm, which does one, two in a word: nothing is carried from one half of it into the other.
std::uint64_t recorded_within(const std::uint32_t* now, const std::uint32_t* earlier) {
#if defined(__wasm__)
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < k_block; i += 2) {
        std::uint64_t pairs[2];
        std::memcpy(&pairs[0], now + i, sizeof pairs[0]);
        std::memcpy(&pairs[1], earlier + i, sizeof pairs[1]);
        sum += pairs[0] - pairs[1];
    }
    return (sum & 0xFFFFFFFFu) + (sum >> 32);
#else
    std::uint32_t sum = 0;
    for (std::uint32_t i = 0; i < k_block; ++i) sum += now[i] - earlier[i];
    return sum;
#endif
}

Time within(Time value, Time low, Time high) { return value < low ? low : (value > high ? high : value); }

} // namespace

Time Histogram::quantile(double q) const {
    if (count == 0) {
        return 0;
    }
    const std::uint64_t rank = rank_of(q, count);
    if (rank == count) {
        return max;
    }
    if (rank == 1) {
        return min;
    }
    const std::uint32_t index = bucket_of_rank(counters, lowest_used(), highest_used(), rank);
    return within(bucket_value(index), min, max);
}

void Histogram::quantiles_of_differences(std::span<const Since> all, const double* q, Time* out,
                                         int how_many) {
    std::uint64_t recorded = 0;
    std::uint32_t lowest = k_buckets;
    Time least = k_never;
    Time most = 0;
    for (const Since& one : all) {
        if (one.now->count == 0) continue;
        recorded += one.now->count - one.earlier->count;
        lowest = std::min(lowest, one.now->lowest_used());
        least = std::min(least, one.now->min);
        most = std::max(most, one.now->max);
    }
    std::uint64_t below = 0;
    int next = 0;
    const auto at = [all](std::uint32_t index) {
        std::uint64_t there = 0;
        for (const Since& one : all) there += one.now->counters[index] - one.earlier->counters[index];
        return there;
    };
    std::uint64_t wanted = recorded == 0 ? 0 : rank_of(q[0], recorded);
    for (std::uint32_t start = lowest / k_block * k_block; recorded != 0 && next < how_many;
         start += k_block) {
        std::uint64_t block = 0;
        for (const Since& one : all)
            block += recorded_within(one.now->counters + start, one.earlier->counters + start);
        std::uint32_t index = start;
        std::uint64_t seen = 0; // up to the bucket before `index`
        while (next < how_many && below + block >= wanted) {
            while (below + seen < wanted) seen += at(index++);
            out[next] = within(bucket_value(index - 1), least, most);
            if (++next < how_many) wanted = rank_of(q[next], recorded);
        }
        below += block;
    }
    for (; next < how_many; ++next) {
        out[next] = 0;
    }
}

void Histogram::merge(const Histogram& other) {
    for (std::uint32_t i = other.lowest_used(); i <= other.highest_used(); ++i) {
        const std::uint32_t room = 0xFFFFFFFFu - counters[i];
        counters[i] += other.counters[i] < room ? other.counters[i] : room;
    }
    count += other.count;
    sum += other.sum;
    min = other.min < min ? other.min : min;
    max = other.max > max ? other.max : max;
}

void Histogram::clear() {
    for (std::uint32_t i = lowest_used(); i <= highest_used(); ++i) {
        counters[i] = 0;
    }
    count = 0;
    sum = 0;
    min = k_never;
    max = 0;
}

std::uint64_t Histogram::hash() const {
    Digest digest;
    digest.add(count);
    digest.add(sum);
    digest.add(min);
    digest.add(max);
    if (count != 0) {
        const std::uint32_t lowest = lowest_used();
        digest.add_bytes(counters + lowest, (highest_used() + 1 - lowest) * sizeof counters[0]);
    }
    return digest.value();
}

} // namespace scale::core
