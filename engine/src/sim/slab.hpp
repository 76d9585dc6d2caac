// The requests in flight, each with its stack of frames right behind it: what is touched together lies
// together. Numbers are reused; a reference holds until the slab grows.
#pragma once

#include "core/aligned_vector.hpp"
#include "sim/request.hpp"

#include <cassert>
#include <cstddef>

namespace scale::sim {

class Slab {
public:
    struct Line { // a cache line
        alignas(64) unsigned char bytes[64] = {};
    };

    // Before the first request.
    void set_frames(std::uint32_t frames) {
        assert(lines_.empty());
        lines_each_ = 1 + (frames + k_frames_a_line - 1) / k_frames_a_line;
        stride_ = lines_each_ * sizeof(Line);
        inverse_ = ((std::uint64_t{1} << k_inverse_bits) + lines_each_ - 1) / lines_each_;
    }
    std::uint32_t frames_each() const { return (lines_each_ - 1) * k_frames_a_line; }

    Request& operator[](RequestId id) { return *reinterpret_cast<Request*>(base() + id * stride_); }
    const Request& operator[](RequestId id) const {
        return *reinterpret_cast<const Request*>(base() + id * stride_);
    }
    static Frame* frames_of(Request& request) { return reinterpret_cast<Frame*>(&request + 1); }
    static const Frame* frames_of(const Request& request) {
        return reinterpret_cast<const Frame*>(&request + 1);
    }
    // Exact, as a slab has less than 2^24 lines and a request less than 2^8.
    RequestId id_of(const Request& request) const {
        const auto offset = reinterpret_cast<const unsigned char*>(&request) - base();
        return static_cast<RequestId>((static_cast<std::uint64_t>(offset) / sizeof(Line)) * inverse_ >>
                                      k_inverse_bits);
    }

    // Of a request or frame, from the beginning of the slab: holds when that grows. A full slab has less than
    // 2^32 bytes.
    template<class T>
    std::uint32_t offset_of(const T& record) const {
        return static_cast<std::uint32_t>(reinterpret_cast<const unsigned char*>(&record) - base());
    }
    Frame& frame_at(std::uint32_t offset) { return *reinterpret_cast<Frame*>(base() + offset); }
    Request& request_at(std::uint32_t offset) { return *reinterpret_cast<Request*>(base() + offset); }

    std::size_t size() const { return lines_.size() / lines_each_; }
    void grow(std::size_t requests) {
        lines_.reserve(requests * lines_each_); // resize alone would double
        lines_.resize(requests * lines_each_);
    }

    const Line* lines() const { return lines_.data(); } // for digests
    std::size_t bytes() const { return lines_.size() * sizeof(Line); }
    std::size_t capacity_bytes() const { return lines_.capacity() * sizeof(Line); }

private:
    static constexpr std::uint32_t k_frames_a_line = sizeof(Line) / sizeof(Frame);
    static constexpr unsigned k_inverse_bits = 36;

    unsigned char* base() { return reinterpret_cast<unsigned char*>(lines_.data()); }
    const unsigned char* base() const { return reinterpret_cast<const unsigned char*>(lines_.data()); }

    core::AlignedVector<Line> lines_;
    std::size_t stride_ = 2 * sizeof(Line);
    std::uint64_t inverse_ = std::uint64_t{1} << (k_inverse_bits - 1);
    std::uint32_t lines_each_ = 2;
};

} // namespace scale::sim
