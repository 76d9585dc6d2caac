// Asks the memory for a record before it is needed. Changes nothing but the time that it takes to read it;
// where there is no such thing (WebAssembly) it does nothing.
#pragma once

#include <cstddef>

namespace scale::core {

inline constexpr std::size_t k_cache_line = 64; // bytes

#if defined(__wasm__)
inline constexpr bool k_can_fetch = false;
#else
inline constexpr bool k_can_fetch = true;
#endif

inline void fetch(const void* record) {
    if constexpr (!k_can_fetch) return;
    __builtin_prefetch(record);
    asm volatile(""); // or g++ leaves out calls of functions that do nothing else
}

template<std::size_t k_lines>
inline void fetch(const void* record) {
    static_assert(k_lines <= 8);
#pragma GCC unroll 8
    for (std::size_t line = 0; line < k_lines; ++line)
        fetch(static_cast<const char*>(record) + line * k_cache_line);
}

} // namespace scale::core
