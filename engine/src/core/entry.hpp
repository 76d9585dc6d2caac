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

// take ? yes : no, as the fastest branch-free form of each compiler.
inline std::uint64_t select(bool take, std::uint64_t yes, std::uint64_t no) {
#if defined(__clang__) && !defined(__wasm__)
    return no ^ ((no ^ yes) & (std::uint64_t{0} - std::uint64_t{take}));
#else
    return take ? yes : no;
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

    // Becomes the earlier of the two.
    void keep_earlier(const Held& other) {
        const bool take = precedes(other.time, other.order, time, order);
        time = select(take, other.time, time);
        order = select(take, other.order, order);
        keep_apart(time);
        keep_apart(order);
    }

    // The same, and which of the two places it was.
    void keep_earlier(const Held& other, std::uint64_t& place, std::uint64_t place_of_other) {
        const bool take = precedes(other.time, other.order, time, order);
        time = select(take, other.time, time);
        order = select(take, other.order, order);
        place = select(take, place_of_other, place);
        keep_apart(time);
        keep_apart(order);
        keep_apart(place);
    }
};

} // namespace detail

} // namespace scale::core
