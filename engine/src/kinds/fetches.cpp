#include "kinds/fetches.hpp"

#include <algorithm>

namespace scale::kind {

void Fetches::grow() {
    const std::uint32_t had = book_.places;
    const std::uint32_t wanted = had == 0 ? 64 : had + had / 2;
    sim_.tables[book_.table].resize(std::size_t{wanted} * (sizeof(Fetch) / sizeof(std::uint64_t)));
    all_ = sim_.table<Fetch>(book_.table);
    book_.places = wanted;
    for (std::uint32_t place = wanted; place-- > had;) { // the lowest is used first
        all_[place] = Fetch{};
        all_[place].next_free = book_.free;
        book_.free = place;
    }
}

std::uint32_t Fetches::find(std::uint64_t shared_as) const {
    const core::KeyStore& shared = sim_.stores[book_.store];
    const std::uint32_t entry = shared.find(shared_as);
    return entry == core::KeyStore::k_none ? k_none : shared.value_of(entry).version;
}

std::uint32_t Fetches::add() {
    if (book_.free == k_none) grow();
    const std::uint32_t place = book_.free;
    Fetch& made = all_[place];
    const std::uint32_t serial = made.serial;
    book_.free = made.next_free;
    made = Fetch{};
    made.serial = serial;
    made.state = Fetch::going;
    return place;
}

void Fetches::share(std::uint32_t place, std::uint64_t as) {
    core::KeyStore& shared = sim_.stores[book_.store];
    if (shared.size() == shared.capacity()) {
        ++sim_.caps_reached;
        return;
    }
    shared.insert(as, {core::k_never, place, 0});
    all_[place].shared_as = as;
    all_[place].is_shared = 1;
}

void Fetches::unshare(std::uint32_t place) {
    if (all_[place].is_shared == 0) return;
    sim_.stores[book_.store].erase(all_[place].shared_as);
    all_[place].is_shared = 0;
}

void Fetches::remove(std::uint32_t place) {
    unshare(place);
    Fetch& gone = all_[place];
    ++gone.serial;
    gone.state = Fetch::free;
    gone.next_free = book_.free;
    book_.free = place;
}

} // namespace scale::kind
