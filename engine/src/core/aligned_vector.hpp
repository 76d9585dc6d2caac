// A vector whose storage starts on a cache line, so that groups of four 16-byte entries never straddle two;
// from some megabytes on it starts on a large page.
#pragma once

#include "core/large_pages.hpp"

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

    static bool is_large(std::size_t count) { return count * sizeof(T) >= 2 * k_large_page; }

    T* allocate(std::size_t count) {
        if (!is_large(count)) {
            return static_cast<T*>(::operator new(count * sizeof(T), k_alignment));
        }
        void* const memory = ::operator new (count * sizeof(T), std::align_val_t{k_large_page});
        prefer_large_pages(memory, count * sizeof(T));
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t count) {
        ::operator delete(memory, is_large(count) ? std::align_val_t{k_large_page} : k_alignment);
    }

    template<class U>
    bool operator==(const CacheLineAllocator<U>&) const {
        return true;
    }
};

template<class T>
using AlignedVector = std::vector<T, CacheLineAllocator<T>>;

} // namespace scale::core
