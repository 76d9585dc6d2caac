#include "core/hash_ring.hpp"

#include "core/hash.hpp"

#include <algorithm>
#include <bit>

namespace scale::core {

namespace {

std::size_t parts_for(std::size_t points) { return std::bit_ceil(std::max<std::size_t>(points, 2)); }

} // namespace

void HashRing::reserve(std::size_t points) {
    points_.reserve(points + 1);
    guide_.reserve(parts_for(points));
}

void HashRing::clear() {
    points_.clear();
    guide_.clear();
}

void HashRing::set_guide() {
    const std::size_t parts = parts_for(points());
    guide_shift_ = 64 - static_cast<unsigned>(std::countr_zero(parts));
    guide_.resize(parts);
    std::uint32_t place = 0;
    for (std::size_t part = 0; part < parts; ++part) {
        while (place < points() && points_[place] >> guide_shift_ < part) ++place;
        guide_[part] = place;
    }
}

void HashRing::add(std::uint32_t node, std::uint32_t points) {
    remove(node);
    for (std::uint32_t i = 0; i < points; ++i) {
        const std::uint64_t place = mix(mix(node + 0x9E3779B97F4A7C15u) + i);
        points_.push_back((place & ~k_node_mask) | (node & k_node_mask));
    }
    std::sort(points_.begin(), points_.end()); // the end stays there: no point is greater
    set_guide();
}

void HashRing::remove(std::uint32_t node) {
    if (!points_.empty()) points_.pop_back();
    std::erase_if(points_, [node](std::uint64_t point) { return (point & k_node_mask) == node; });
    points_.push_back(k_end);
    set_guide();
}

bool HashRing::has(std::uint32_t node) const {
    return std::any_of(points_.begin(), points_.begin() + static_cast<std::ptrdiff_t>(points()),
                       [node](std::uint64_t point) { return (point & k_node_mask) == node; });
}

std::uint32_t HashRing::owners(std::uint64_t hash, std::uint32_t wanted, std::uint32_t* out) const {
    std::uint32_t found = 0;
    std::size_t place = empty() ? 0 : first(hash);
    for (std::size_t seen = 0; seen < points() && found < wanted; ++seen) {
        const std::uint32_t node = node_of(place);
        if (std::find(out, out + found, node) == out + found) out[found++] = node;
        place = place + 1 == points() ? 0 : place + 1;
    }
    return found;
}

double HashRing::share_of(std::uint32_t node) const {
    std::uint64_t owned = 0; // of 2^48
    for (std::size_t i = 0; i < points(); ++i) {
        if (node_of(i) != node) continue;
        const std::uint64_t before = points_[i == 0 ? points() - 1 : i - 1] >> 16;
        const std::uint64_t length = (points_[i] >> 16) - before; // the arc over the top wraps around
        owned += points() == 1 ? std::uint64_t{1} << 48 : length & 0xFFFFFFFFFFFFu;
    }
    return static_cast<double>(owned) * 0x1p-48;
}

// Between two neighbouring points of either ring the owners are the same for all hashes.
double HashRing::moved(const HashRing& before, const HashRing& after) {
    if (before.empty() || after.empty()) return before.empty() && after.empty() ? 0 : 1;
    std::vector<std::uint64_t> ends;
    for (const HashRing* const ring : {&before, &after})
        for (std::size_t i = 0; i < ring->points(); ++i) ends.push_back(ring->points_[i] >> 16);
    std::sort(ends.begin(), ends.end());
    std::uint64_t sum = 0;
    std::uint64_t last = ends.back();
    for (const std::uint64_t end : ends) {
        const std::uint64_t length = (end - last) & 0xFFFFFFFFFFFFu;
        if (before.owner(end << 16) != after.owner(end << 16)) sum += length;
        last = end;
    }
    return static_cast<double>(sum) * 0x1p-48;
}

std::uint64_t HashRing::hash() const {
    return hash_bytes(points_.data(), points() * sizeof(std::uint64_t), 0);
}

} // namespace scale::core
