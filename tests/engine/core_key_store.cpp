// The key store against a slow, obvious model, for each policy.
#include "core/key_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace core = scale::core;
using core::Eviction;
using core::KeyStore;
using core::KeyValue;
using core::Random;

namespace {

// All entries in a vector; the victim is searched for.
struct Model {
    struct Item {
        std::uint64_t key;
        std::uint32_t version;
        std::uint64_t entered;
        std::uint64_t used;
        std::uint64_t uses;
    };
    Eviction eviction;
    std::size_t capacity;
    std::vector<Item> items;
    std::uint64_t clock = 0;

    Item* find(std::uint64_t key) {
        const auto found =
            std::find_if(items.begin(), items.end(), [key](const Item& item) { return item.key == key; });
        return found == items.end() ? nullptr : &*found;
    }

    void touch(Item& item) {
        item.used = ++clock;
        ++item.uses;
    }

    std::vector<Item>::iterator victim() {
        return std::min_element(items.begin(), items.end(), [this](const Item& a, const Item& b) {
            if (eviction == Eviction::fifo) {
                return a.entered < b.entered;
            }
            if (eviction == Eviction::lfu && a.uses != b.uses) {
                return a.uses < b.uses;
            }
            return a.used < b.used;
        });
    }

    // Under random the store chooses; the model follows.
    void insert(std::uint64_t key, std::uint32_t version, const KeyStore::Inserted& seen) {
        if (Item* item = find(key)) {
            item->version = version;
            touch(*item);
            CHECK_FALSE(seen.evicted);
            return;
        }
        if (items.size() == capacity) {
            REQUIRE(seen.evicted);
            const auto out =
                eviction == Eviction::random
                    ? std::find_if(items.begin(), items.end(),
                                   [&](const Item& item) { return item.key == seen.evicted_key; })
                    : victim();
            REQUIRE(out != items.end());
            REQUIRE(out->key == seen.evicted_key);
            REQUIRE(out->version == seen.evicted_value.version);
            items.erase(out);
        } else {
            REQUIRE_FALSE(seen.evicted);
        }
        ++clock;
        items.push_back({key, version, clock, clock, 1});
    }

    bool erase(std::uint64_t key) {
        const auto found =
            std::find_if(items.begin(), items.end(), [key](const Item& item) { return item.key == key; });
        if (found == items.end()) {
            return false;
        }
        items.erase(found);
        return true;
    }
};

bool same_contents(const KeyStore& store, Model& model) {
    std::size_t found = 0;
    bool in_order = true;
    std::uint64_t last = 0;
    store.for_each([&](std::uint64_t key, const KeyValue& value) {
        const Model::Item* item = model.find(key);
        found += item != nullptr && item->version == value.version ? 1 : 0;
        if (item == nullptr || store.eviction() != Eviction::lru) return;
        in_order = in_order && item->used > last;
        last = item->used;
    });
    const bool same_victim = store.eviction() == Eviction::random || store.size() == 0 ||
                             store.key_of(store.next_victim()) == model.victim()->key;
    return in_order && same_victim && store.size() == model.items.size() && found == model.items.size();
}

void random_history(Eviction eviction, std::uint32_t capacity, std::uint64_t seed) {
    Random random = Random::seeded(seed, capacity, static_cast<std::uint32_t>(eviction));
    KeyStore store(capacity, eviction, random);
    Model model{eviction, capacity, {}};
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        // Squaring makes some keys popular; the multiplier spreads them over the table.
        const std::uint64_t u = random.below(1000);
        const std::uint64_t key = u * u / 2000 * (i < 10'000 ? 1 : 0x9E3779B97F4A7C15u);
        const std::uint32_t entry = store.find(key);
        Model::Item* item = model.find(key);
        bool same = (entry != KeyStore::k_none) == (item != nullptr);
        const std::uint32_t action = random.below(100);
        if (action < 5) {
            const bool known = entry != KeyStore::k_none && i % 2 == 0; // both ways to take it out
            if (known) store.erase_entry(entry);
            same = same && (known || store.erase(key)) == model.erase(key);
        } else if (eviction == Eviction::lru && i > 18'000 && action == 99 && store.size() != 0) {
            const std::uint64_t victim = model.victim()->key;
            same = same && store.evict().evicted_key == victim && model.erase(victim);
        } else if (item != nullptr && action < 70) {
            same = same && store.key_of(entry) == key && store.value_of(entry).version == item->version;
            store.touch(entry);
            model.touch(*item);
        } else {
            // insert() finds out itself what find() has told already.
            KeyStore::Inserted seen;
            if (i % 2 == 0)
                seen = store.insert(key, {i, i, 1});
            else if (entry == KeyStore::k_none)
                seen = store.insert_new(key, {i, i, 1});
            else
                store.renew(entry, {i, i, 1});
            model.insert(key, i, seen);
        }
        REQUIRE(same);
        if (i % 100 == 0 || capacity < 5) {
            REQUIRE(same_contents(store, model));
        }
        if (i == 15'000) {
            store.clear();
            model.items.clear();
        }
    }
}

} // namespace

TEST_CASE("every policy does what its model does") {
    for (const Eviction eviction : {Eviction::lru, Eviction::lfu, Eviction::fifo, Eviction::random}) {
        for (const std::uint32_t capacity : {1u, 2u, 3u, 17u, 200u, 2000u}) { // the last is never full
            CAPTURE(static_cast<int>(eviction));
            CAPTURE(capacity);
            random_history(eviction, capacity, 5);
        }
    }
}

// In a large table a cell holds too little of the hash to tell where its home is; in a small one it holds
// enough.
TEST_CASE("taking keys out leaves all others to be found") {
    for (const std::uint32_t keys : {500u, 300'000u}) {
        KeyStore store(keys, Eviction::fifo, {});
        for (std::uint32_t key = 0; key < keys; ++key) store.insert(key, {0, key, 0});
        for (std::uint32_t key = 0; key < keys; ++key)
            if (key % 3 != 0) store.erase(key);
        std::uint32_t right = 0;
        for (std::uint32_t key = 0; key < keys; ++key) {
            const std::uint32_t entry = store.find(key);
            const bool there = entry != KeyStore::k_none && store.value_of(entry).version == key;
            right += there == (key % 3 == 0) ? 1 : 0;
        }
        CHECK(right == keys);
    }
}

TEST_CASE("a store without room takes nothing") {
    KeyStore store(0, Eviction::lru, Random{});
    CHECK(store.insert(1, {}).entry == KeyStore::k_none);
    CHECK(store.find(1) == KeyStore::k_none);
    CHECK_FALSE(store.erase(1));
    CHECK(KeyStore{}.find(1) == KeyStore::k_none);
}

TEST_CASE("random eviction is fair") {
    constexpr std::uint32_t k_capacity = 50;
    constexpr int k_rounds = 100'000;
    KeyStore store(k_capacity, Eviction::random, Random::seeded(3, 3, 3));
    for (std::uint64_t key = 0; key < k_capacity; ++key) {
        store.insert(key, {});
    }
    // The age (in evictions) of victims is geometric: mean = capacity.
    std::map<std::uint64_t, int> entered;
    double age_sum = 0.0;
    for (int round = 0; round < k_rounds; ++round) {
        const std::uint64_t key = 1000 + static_cast<std::uint64_t>(round);
        const KeyStore::Inserted inserted = store.insert(key, {});
        REQUIRE(inserted.evicted);
        const auto found = entered.find(inserted.evicted_key);
        age_sum += found == entered.end() ? k_capacity : round - found->second;
        entered[key] = round;
    }
    CHECK(age_sum / k_rounds == doctest::Approx(k_capacity).epsilon(0.02));
}

TEST_CASE("memory is bounded, grows with the keys, and is as stated") {
    for (const std::uint32_t capacity : {10'000u, 1'000'000u}) {
        KeyStore lru(capacity, Eviction::lru, Random{});
        KeyStore lfu(capacity, Eviction::lfu, Random{});
        CHECK(lru.memory_bytes() < 16000); // nothing is in it
        CHECK(lfu.memory_bytes() < 24000);
        for (std::uint64_t key = 0; key < 2 * std::uint64_t{capacity}; ++key) {
            lfu.insert(key * 3, {});
            lru.insert(key * 3, {});
            if (key == 1000) CHECK(lru.memory_bytes() <= 2048 * 40);
            const std::uint32_t entry = lfu.find(key);
            if (entry != KeyStore::k_none) {
                lfu.touch(entry);
            }
        }
        CHECK(lru.memory_bytes() <= std::size_t{capacity} * 40);
        CHECK(lfu.memory_bytes() <= std::size_t{capacity} * 60 + 64);
        CHECK(lfu.size() == capacity);
    }
}

TEST_CASE("a copy is a snapshot, and the hash sees what decides the future") {
    for (const Eviction eviction : {Eviction::lru, Eviction::lfu, Eviction::fifo, Eviction::random}) {
        KeyStore store(10, eviction, Random::seeded(1, 1, 1));
        for (std::uint64_t key = 0; key < 15; ++key) {
            store.insert(key, {});
        }
        const KeyStore snapshot = store;
        CHECK(snapshot.hash() == store.hash());
        store.insert(99, {});
        CHECK(snapshot.hash() != store.hash());
        KeyStore again = snapshot;
        again.insert(99, {});
        CHECK(again.hash() == store.hash());
    }
    KeyStore order(10, Eviction::lru, Random{});
    order.insert(1, {});
    order.insert(2, {});
    KeyStore touched = order;
    touched.touch(touched.find(1));
    CHECK(touched.hash() != order.hash());
}
