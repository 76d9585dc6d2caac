// A vector whose storage starts on a cache line, so that groups of four 16-byte entries never straddle two.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace scale::core {

template<class T>
struct CacheLineAllocator {
    using value_type = T;
    static constexpr std::align_val_t k_alignment{64};

    CacheLineAllocator() = default;
    template<class U>
    CacheLineAllocator(const CacheLineAllocator<U>&) {}

    T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), k_alignment)); }
    void deallocate(T* memory, std::size_t) { ::operator delete(memory, k_alignment); }

    template<class U>
    bool operator==(const CacheLineAllocator<U>&) const {
        return true;
    }
};

template<class T>
using AlignedVector = std::vector<T, CacheLineAllocator<T>>;

} // namespace scale::core
