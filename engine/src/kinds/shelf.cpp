#include "kinds/shelf.hpp"

#include "core/maths.hpp"

#include <algorithm>

namespace scale::kind {

using core::Eviction;
using core::KeyStore;
using sim::NodeId;
using sim::Sim;

namespace {

KeyStore& store_of(Sim& sim, std::uint32_t& number) {
    if (number == 0) {
        sim.stores.emplace_back();
        number = static_cast<std::uint32_t>(sim.stores.size());
    }
    return sim.stores[number - 1];
}

void evict_to(Sim& sim, Shelf& shelf, std::uint64_t bytes_most, Put& result) {
    KeyStore& store = sim.stores[shelf.store - 1];
    while (shelf.bytes > bytes_most) {
        const KeyStore::Inserted gone = store.evict();
        if (!gone.evicted) break;
        shelf.bytes -= size_of(gone.evicted_value);
        ++result.evicted;
    }
}

} // namespace

std::uint32_t own_size(const ShelfRules& rules, std::uint64_t object) {
    core::Random random = core::Random::seeded(0x0B7EC7u, object, 0);
    const core::Time bytes = rules.size.draw(random);
    return static_cast<std::uint32_t>(std::clamp<core::Time>(bytes, 1, k_size_most));
}

std::uint32_t items_for(double bytes, double mean_size, double cv) {
    const double each = (mean_size > 0 ? mean_size : 1000) / core::sqrt(1 + cv * cv);
    return static_cast<std::uint32_t>(std::min(2 * bytes / each + 64, static_cast<double>(k_keys_most)));
}

void size_shelf(Sim& sim, NodeId id, Shelf& shelf, const ShelfRules& rules, std::uint32_t items) {
    const auto policy = static_cast<Eviction>(rules.policy);
    KeyStore& store = store_of(sim, shelf.store);
    if (store.capacity() == items && store.eviction() == policy) return;
    const KeyStore before = store;
    // Runs of random numbers of its own, so that nothing else changes with it.
    store = KeyStore(items, policy, core::Random::seeded(sim.scenario.seed, id, 0x5E1Fu + shelf.store));
    shelf.bytes = 0;
    before.for_each([&](std::uint64_t key, const core::KeyValue& value) {
        const KeyStore::Inserted in = store.insert(key, value);
        if (in.entry == KeyStore::k_none) return;
        shelf.bytes += size_of(value);
        if (in.evicted) shelf.bytes -= size_of(in.evicted_value);
    });
}

void size_list(Sim& sim, std::uint32_t& number, std::uint32_t capacity) {
    KeyStore& store = store_of(sim, number);
    if (store.capacity() >= capacity) return; // it may hold keys: lists only grow
    const KeyStore before = store;
    store = KeyStore(capacity, Eviction::fifo, {});
    before.for_each([&](std::uint64_t key, const core::KeyValue& value) { store.insert(key, value); });
}

bool drop(Sim& sim, Shelf& shelf, std::uint64_t object) {
    KeyStore& store = sim.stores[shelf.store - 1];
    const std::uint32_t entry = store.find(object);
    if (entry == KeyStore::k_none) return false;
    shelf.bytes -= size_of(store.value_of(entry));
    store.erase_entry(entry);
    return true;
}

Put put(Sim& sim, NodeId id, Shelf& shelf, const ShelfRules& rules, std::uint64_t object,
        std::uint32_t version, std::uint32_t bytes) {
    Put result;
    const std::uint32_t size = rules.sized != 0 ? own_size(rules, object) : std::min(bytes, k_size_most);
    const bool too_large =
        (rules.largest != 0 && size > rules.largest) || (rules.bytes_most != 0 && size > rules.bytes_most);
    if (too_large) {
        drop(sim, shelf, object); // what was there is no longer true
        return result;
    }
    core::Time expires = core::k_never;
    if (rules.ttl_ns > 0) {
        double ttl = rules.ttl_ns;
        if (rules.jitter > 0) ttl *= 1 - rules.jitter * sim.streams[id].mix.uniform();
        expires = sim.now + core::from_ns(ttl);
    }
    KeyStore& store = sim.stores[shelf.store - 1];
    const std::uint32_t entry = store.find(object);
    if (entry != KeyStore::k_none) {
        shelf.bytes -= size_of(store.value_of(entry));
        store.value_of(entry).size = 0;
    }
    if (rules.bytes_most != 0) evict_to(sim, shelf, rules.bytes_most - size, result);
    const core::KeyValue value = {expires, version, size};
    if (entry != KeyStore::k_none && rules.bytes_most == 0) { // where it was: nothing had to make room
        store.renew(entry, value);
        shelf.bytes += size;
        result.kept = true;
        return result;
    }
    const KeyStore::Inserted in =
        rules.bytes_most == 0 ? store.insert_new(object, value) : store.insert(object, value);
    if (in.entry == KeyStore::k_none) return result;
    shelf.bytes += size;
    if (in.evicted) {
        shelf.bytes -= size_of(in.evicted_value);
        ++result.evicted;
    }
    result.kept = true;
    return result;
}

void clear(Sim& sim, Shelf& shelf) {
    if (shelf.store != 0) sim.stores[shelf.store - 1].clear();
    if (shelf.dirty != 0) sim.stores[shelf.dirty - 1].clear();
    shelf.bytes = 0;
}

} // namespace scale::kind
