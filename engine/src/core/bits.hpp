// std::bit_cast is missing in the libc++ of Emscripten 3.1.6; the compilers' builtin is in all of them.
#pragma once

namespace scale::core {

template<class To, class From>
constexpr To bit_cast(const From& from) {
    static_assert(sizeof(To) == sizeof(From));
    return __builtin_bit_cast(To, from);
}

} // namespace scale::core
