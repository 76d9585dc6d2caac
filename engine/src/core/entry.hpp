// The 16-byte entry of the event queues, and comparing without branches: which of two events comes first
// cannot be predicted, and a mispredicted branch costs as much as the rest of an update (measured: 22 ns
// against 6).
#pragma once

#include "core/time.hpp"

#include <cstdint>

namespace scale::core {

// Entries are ordered by time, then by `order`, in whose upper bits the queues keep a running number.
struct Entry {
    Time time = k_never;
    std::uint64_t order = ~std::uint64_t{0};
};

namespace detail {

// 128-bit comparison is two instructions natively and slow in wasm.
inline bool precedes(Time time_a, std::uint64_t order_a, Time time_b, std::uint64_t order_b) {
#if defined(__SIZEOF_INT128__) && !defined(__wasm__)
    __extension__ using Wide = unsigned __int128;
    return ((Wide{time_a} << 64) | order_a) < ((Wide{time_b} << 64) | order_b);
#else
    return (time_a < time_b) | ((time_a == time_b) & (order_a < order_b));
#endif
}

// g++ would glue the two words of an entry into a vector register, which is slow to take apart again, and
// would branch; an empty statement that "changes" the word stops both. It emits no instruction.
inline void keep_apart([[maybe_unused]] std::uint64_t& word) {
#if defined(__GNUC__) && !defined(__clang__)
    asm("" : "+r"(word));
#endif
}

// An entry held in two registers.
struct Held {
    Time time;
    std::uint64_t order;

    static Held load(const Entry& entry) {
        Held held{entry.time, entry.order};
        keep_apart(held.time);
        keep_apart(held.order);
        return held;
    }

    void store(Entry& entry) const {
        entry.time = time;
        entry.order = order;
    }

    // Becomes the earlier of the two; 1 if that was the other one.
    std::uint64_t keep_earlier(const Held& other) {
        std::uint64_t taken = precedes(other.time, other.order, time, order) ? 1 : 0;
#if defined(__clang__) && !defined(__wasm__)
        // clang would make branches of conditional expressions.
        const std::uint64_t mask = std::uint64_t{0} - taken;
        time ^= (time ^ other.time) & mask;
        order ^= (order ^ other.order) & mask;
#else
        time = taken != 0 ? other.time : time;
        order = taken != 0 ? other.order : order;
        keep_apart(time);
        keep_apart(order);
        keep_apart(taken);
#endif
        return taken;
    }
};

} // namespace detail

} // namespace scale::core
