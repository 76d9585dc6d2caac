// A bounded store of 64-bit keys with real eviction, for caches and buffer pools: 40 bytes a key, 20 more for
// LFU. Memory grows with the keys, by doubling, until the capacity is reached. A copy is a snapshot.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/fetch.hpp"
#include "core/hash.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

#include <bit>
#include <cstdint>
#include <vector>

namespace scale::core {

// What goes when the store is full: the least recently used, the least often used (since it came in; the
// least recently used of those), the first in, or any with equal chance.
enum class Eviction : std::uint8_t { lru, lfu, fifo, random };

// What the owner keeps with a key; the store does not look at it.
struct KeyValue {
    Time expires_ns = k_never;
    std::uint32_t version = 0;
    std::uint32_t size = 0;
};

class KeyStore {
public:
    static constexpr std::uint32_t k_none = ~std::uint32_t{0};
    static constexpr std::uint32_t k_capacity_max = 1u << 28;

    struct Inserted {
        std::uint32_t entry = k_none; // where the key now is; k_none only if the capacity is 0
        bool evicted = false;         // another key had to go:
        std::uint64_t evicted_key = 0;
        KeyValue evicted_value = {};
    };

    KeyStore() = default;

    // `random` decides only under Eviction::random.
    KeyStore(std::uint32_t capacity, Eviction eviction, Random random);

    std::uint32_t size() const { return size_; }
    std::uint32_t capacity() const { return capacity_; }
    Eviction eviction() const { return eviction_; }

    // The entry of a key, or k_none; counts as no use. An entry is valid until the next insert, erase or
    // clear.
    std::uint32_t find(std::uint64_t key) const {
        if (capacity_ == 0) {
            return k_none;
        }
        const std::uint32_t hash = hash_of(key);
        const std::uint32_t tag = hash & tag_mask_;
        for (std::uint32_t place = home_of(hash); table_[place] != 0; place = after(place)) {
            const std::uint32_t cell = table_[place];
            if ((cell & tag_mask_) == tag && entries_[(cell & ~tag_mask_) - 1].key == key) {
                return (cell & ~tag_mask_) - 1;
            }
        }
        return k_none;
    }

    // Ask the memory for what find() will need, in two steps: the key's cell in the table, and, once that has
    // come, the entry that it names, which usually is the key's.
    void fetch_cell(std::uint64_t key) const {
        if (k_can_fetch && !table_.empty()) fetch(&table_[home_of(hash_of(key))]);
    }
    void fetch_entry(std::uint64_t key) const {
        if (!k_can_fetch || table_.empty()) return;
        const std::uint32_t cell = table_[home_of(hash_of(key))];
        if (cell != 0) fetch(&entries_[(cell & ~tag_mask_) - 1]);
    }

    std::uint64_t key_of(std::uint32_t entry) const { return entries_[entry].key; }
    KeyValue& value_of(std::uint32_t entry) { return entries_[entry].value; }
    const KeyValue& value_of(std::uint32_t entry) const { return entries_[entry].value; }

    // Counts as a use: LRU makes it the most recent, LFU raises its count; nothing under fifo and random.
    void touch(std::uint32_t entry) {
        if (eviction_ == Eviction::lru && !listed_) {
            note_use(entry);
        } else if (eviction_ == Eviction::lru) {
            if (entry != newest_) {
                unlink(entry);
                link_newest(entry);
            }
        } else if (eviction_ == Eviction::lfu) {
            count_use(entry);
        }
    }

    // A key already present gets the value and counts as used; otherwise it comes in, and if the store is
    // full another one goes.
    Inserted insert(std::uint64_t key, const KeyValue& value);

    // The same for a key that find() has just found, or not found.
    void renew(std::uint32_t entry, const KeyValue& value) {
        entries_[entry].value = value;
        touch(entry);
    }
    Inserted insert_new(std::uint64_t key, const KeyValue& value);

    bool erase(std::uint64_t key); // whether it was there
    void erase_entry(std::uint32_t entry);
    // Takes the next victim out, for owners who count something else than keys; `evicted` is false when the
    // store is empty.
    Inserted evict();
    void clear();

    // The entry that would go next; k_none where the store is empty or where chance decides.
    std::uint32_t next_victim() const {
        return eviction_ == Eviction::random ? k_none : listed_ ? oldest_ : first_used();
    }

    // From the next victim to the last (under random: in the order of coming in).
    template<class Visit>
    void for_each(Visit visit) const {
        for_each_entry([&](std::uint32_t entry) { visit(entries_[entry].key, entries_[entry].value); });
    }

    std::size_t memory_bytes() const;
    std::uint64_t hash() const; // of what decides the future: keys, values and their order

private:
    struct Item {
        std::uint64_t key = 0;
        KeyValue value = {};
        // One list of all, from the next victim to the last. Without it: k_in_use, and the number of its last
        // use.
        std::uint32_t older = k_none;
        std::uint32_t newer = k_none;
    };

    // LFU: the run of the list in which all entries were used equally often.
    struct Run {
        std::uint32_t uses = 0;
        std::uint32_t last = k_none; // the newest entry of the run
        std::uint32_t members = 0;
        std::uint32_t next_free = k_none;
    };

    static constexpr std::uint32_t k_in_use = k_none - 1; // Item::older, without the list

    static std::uint32_t hash_of(std::uint64_t key) { return static_cast<std::uint32_t>(mix(key) >> 32); }
    std::uint32_t home_of(std::uint32_t hash) const {
        return static_cast<std::uint32_t>((std::uint64_t{hash} * table_.size()) >> 32);
    }
    template<class Visit>
    void for_each_entry(Visit visit) const {
        if (!listed_)
            for (const std::uint64_t one : by_use()) visit(static_cast<std::uint32_t>(one));
        for (std::uint32_t entry = oldest_; entry != k_none; entry = entries_[entry].newer) visit(entry);
    }

    std::uint32_t after(std::uint32_t place) const {
        return place + 1 == static_cast<std::uint32_t>(table_.size()) ? 0 : place + 1;
    }

    void unlink(std::uint32_t entry) {
        const Item& item = entries_[entry];
        (item.older == k_none ? oldest_ : entries_[item.older].newer) = item.newer;
        (item.newer == k_none ? newest_ : entries_[item.newer].older) = item.older;
    }
    void link_newest(std::uint32_t entry) { link_after(entry, newest_); }
    void link_after(std::uint32_t entry, std::uint32_t before); // before == k_none: as the oldest

    void note_use(std::uint32_t entry) {
        entries_[entry].newer = ++last_use_;
        if (last_use_ == k_none) [[unlikely]]
            list_by_use();
    }
    bool in_use(const Item& item) const { return item.older == k_in_use; } // without the list
    std::uint32_t first_used() const;
    std::vector<std::uint64_t> by_use() const; // entries in the lower half, oldest use first
    void list_by_use();

    void count_use(std::uint32_t entry);
    void enter_first_run(std::uint32_t entry);
    void leave_run(std::uint32_t entry);
    std::uint32_t new_run(std::uint32_t uses);
    void reset_runs();

    void grow();
    std::uint32_t take_entry(Inserted& result);
    std::uint32_t any_entry();
    void place_in_table(std::uint64_t key, std::uint32_t entry);
    void remove_from_table(std::uint32_t entry);
    void remove_entry(std::uint32_t entry);

    Eviction eviction_ = Eviction::lru;
    std::uint32_t capacity_ = 0;
    std::uint32_t size_ = 0;
    std::uint32_t used_ = 0;      // entries ever handed out since the last clear
    std::uint32_t free_ = k_none; // entries given back, linked through `newer`
    std::uint32_t oldest_ = k_none;
    std::uint32_t newest_ = k_none;
    // A store from which nothing had to go yet need not know which is the oldest: the least recently used
    // keeps the number of each entry's last use until then, and leaves its neighbours in the list alone.
    bool listed_ = true;
    std::uint32_t last_use_ = 0;
    std::uint32_t tag_mask_ = 0; // the bits of a table cell that hold part of the hash; the others: entry + 1
    std::uint32_t free_run_ = k_none;
    Random random_;
    AlignedVector<Item> entries_;
    AlignedVector<std::uint32_t> table_; // open addressing, half full at most; 0 = empty
    std::vector<std::uint32_t> run_of_;  // LFU only
    std::vector<Run> runs_;              // LFU only
};

} // namespace scale::core
