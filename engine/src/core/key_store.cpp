#include "core/key_store.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace scale::core {

namespace {

// More than this many different use counts at once need 2e9 uses; beyond, an entry keeps its count.
constexpr std::size_t k_runs_max = 65536;

constexpr std::size_t k_first_room = 256;

} // namespace

KeyStore::KeyStore(std::uint32_t capacity, Eviction eviction, Random random)
    : eviction_(eviction), capacity_(std::min(capacity, k_capacity_max)), random_(random) {
    tag_mask_ = ~((std::uint32_t{1} << std::bit_width(capacity_)) - 1u);
    listed_ = eviction_ != Eviction::lru;
    if (capacity_ != 0) {
        grow();
    }
}

// Twice as much room. Every entry so far is in use.
void KeyStore::grow() {
    const std::size_t room = std::min<std::size_t>(capacity_, std::max(k_first_room, entries_.size() * 2));
    AlignedVector<Item> larger;
    larger.reserve(room);
    larger.assign(entries_.begin(), entries_.end());
    larger.resize(room);
    entries_ = std::move(larger);
    table_.clear();
    table_.shrink_to_fit();
    table_.reserve(room * 2);
    table_.resize(room * 2);
    for (std::uint32_t entry = 0; entry < used_; ++entry) {
        place_in_table(entries_[entry].key, entry);
    }
    if (eviction_ == Eviction::lfu) {
        run_of_.reserve(room);
        run_of_.resize(room, k_none);
        const std::size_t had = runs_.size();
        const std::size_t runs = std::min<std::size_t>(room + 1, k_runs_max);
        runs_.reserve(runs);
        runs_.resize(runs);
        for (std::size_t run = runs; run-- > had;) {
            runs_[run] = {0, k_none, 0, free_run_};
            free_run_ = static_cast<std::uint32_t>(run);
        }
    }
}

KeyStore::Inserted KeyStore::insert(std::uint64_t key, const KeyValue& value) {
    Inserted result;
    if (capacity_ == 0) {
        return result;
    }
    result.entry = find(key);
    if (result.entry == k_none) {
        return insert_new(key, value);
    }
    renew(result.entry, value);
    return result;
}

KeyStore::Inserted KeyStore::insert_new(std::uint64_t key, const KeyValue& value) {
    Inserted result;
    if (capacity_ == 0) {
        return result;
    }
    result.entry = take_entry(result);
    Item& item = entries_[result.entry];
    item.key = key;
    item.value = value;
    place_in_table(key, result.entry);
    if (eviction_ == Eviction::lfu) {
        enter_first_run(result.entry);
    } else if (listed_) {
        link_newest(result.entry);
    } else {
        item.older = k_in_use;
        note_use(result.entry);
    }
    ++size_;
    return result;
}

bool KeyStore::erase(std::uint64_t key) {
    const std::uint32_t entry = find(key);
    if (entry == k_none) {
        return false;
    }
    erase_entry(entry);
    return true;
}

void KeyStore::erase_entry(std::uint32_t entry) {
    remove_entry(entry);
    entries_[entry].older = k_none;
    entries_[entry].newer = free_;
    free_ = entry;
}

// Under random: entries that were given back are not in the table, and are drawn again.
std::uint32_t KeyStore::any_entry() {
    constexpr int k_tries = 256; // more are not needed unless nearly all were given back
    for (int i = 0; i < k_tries; ++i) {
        const std::uint32_t entry = random_.below(used_);
        if (find(entries_[entry].key) == entry) return entry;
    }
    return oldest_;
}

KeyStore::Inserted KeyStore::evict() {
    Inserted result;
    if (size_ == 0) return result;
    if (!listed_) list_by_use();
    const std::uint32_t victim = eviction_ == Eviction::random ? any_entry() : oldest_;
    result.evicted = true;
    result.evicted_key = entries_[victim].key;
    result.evicted_value = entries_[victim].value;
    erase(result.evicted_key);
    return result;
}

void KeyStore::clear() {
    std::fill(table_.begin(), table_.end(), 0u);
    size_ = 0;
    used_ = 0;
    free_ = k_none;
    oldest_ = k_none;
    newest_ = k_none;
    listed_ = eviction_ != Eviction::lru;
    last_use_ = 0;
    reset_runs();
}

std::uint32_t KeyStore::take_entry(Inserted& result) {
    if (free_ != k_none) {
        const std::uint32_t entry = free_;
        free_ = entries_[entry].newer;
        return entry;
    }
    if (used_ < capacity_) {
        if (used_ == entries_.size()) {
            grow();
        }
        return used_++;
    }
    // Full, so that every entry is live and any index is a fair choice.
    if (!listed_) list_by_use();
    const std::uint32_t victim = eviction_ == Eviction::random ? random_.below(capacity_) : oldest_;
    result.evicted = true;
    result.evicted_key = entries_[victim].key;
    result.evicted_value = entries_[victim].value;
    remove_entry(victim);
    return victim;
}

void KeyStore::remove_entry(std::uint32_t entry) {
    remove_from_table(entry);
    if (eviction_ == Eviction::lfu) {
        leave_run(entry);
    }
    if (listed_) unlink(entry);
    --size_;
}

std::uint32_t KeyStore::first_used() const {
    std::uint32_t first = k_none;
    for (std::uint32_t entry = 0; entry < used_; ++entry) {
        if (!in_use(entries_[entry])) continue;
        if (first == k_none || entries_[entry].newer < entries_[first].newer) first = entry;
    }
    return first;
}

// Sorted by eleven bits at a time: a million take some ten ms, once.
std::vector<std::uint64_t> KeyStore::by_use() const {
    constexpr unsigned k_digit_bits = 11;
    std::vector<std::uint64_t> sorted;
    sorted.reserve(size_);
    for (std::uint32_t entry = 0; entry < used_; ++entry)
        if (in_use(entries_[entry])) sorted.push_back(std::uint64_t{entries_[entry].newer} << 32 | entry);
    std::vector<std::uint64_t> other(sorted.size());
    for (unsigned shift = 32; shift < 64; shift += k_digit_bits) {
        std::array<std::uint32_t, 1u << k_digit_bits> place = {};
        const auto digit = [shift](std::uint64_t one) {
            return static_cast<std::size_t>(one >> shift & ((1u << k_digit_bits) - 1));
        };
        for (const std::uint64_t one : sorted) ++place[digit(one)];
        std::exclusive_scan(place.begin(), place.end(), place.begin(), 0u);
        for (const std::uint64_t one : sorted) other[place[digit(one)]++] = one;
        sorted.swap(other);
    }
    return sorted;
}

void KeyStore::list_by_use() {
    const std::vector<std::uint64_t> sorted = by_use();
    listed_ = true;
    for (const std::uint64_t one : sorted) link_newest(static_cast<std::uint32_t>(one));
}

void KeyStore::link_after(std::uint32_t entry, std::uint32_t before) {
    Item& item = entries_[entry];
    item.older = before;
    std::uint32_t& slot = before == k_none ? oldest_ : entries_[before].newer;
    item.newer = slot;
    slot = entry;
    (item.newer == k_none ? newest_ : entries_[item.newer].older) = entry;
}

void KeyStore::place_in_table(std::uint64_t key, std::uint32_t entry) {
    const std::uint32_t hash = hash_of(key);
    std::uint32_t place = home_of(hash);
    while (table_[place] != 0) {
        place = after(place);
    }
    table_[place] = (hash & tag_mask_) | (entry + 1);
}

// Closes the gap (no tombstones): a later cell of the cluster moves up if its home does not lie behind the
// gap.
void KeyStore::remove_from_table(std::uint32_t entry) {
    std::uint32_t gap = home_of(hash_of(entries_[entry].key));
    while ((table_[gap] & ~tag_mask_) != entry + 1) {
        gap = after(gap);
    }
    const std::uint32_t cells = static_cast<std::uint32_t>(table_.size());
    for (std::uint32_t place = after(gap); table_[place] != 0; place = after(place)) {
        // Nearly always the part of the hash that the cell holds tells its home: one look at the entry less.
        const std::uint32_t cell = table_[place];
        const std::uint32_t least = cell & tag_mask_;
        std::uint32_t home = home_of(least);
        if (home != home_of(least | ~tag_mask_))
            home = home_of(hash_of(entries_[(cell & ~tag_mask_) - 1].key));
        const std::uint32_t from_home = place >= home ? place - home : place + cells - home;
        const std::uint32_t from_gap = place >= gap ? place - gap : place + cells - gap;
        if (from_home >= from_gap) {
            table_[gap] = table_[place];
            gap = place;
        }
    }
    table_[gap] = 0;
}

std::uint32_t KeyStore::new_run(std::uint32_t uses) {
    const std::uint32_t run = free_run_;
    if (run != k_none) {
        free_run_ = runs_[run].next_free;
        runs_[run] = {uses, k_none, 0, k_none};
    }
    return run;
}

void KeyStore::reset_runs() {
    free_run_ = k_none;
    for (std::uint32_t run = static_cast<std::uint32_t>(runs_.size()); run-- > 0;) {
        runs_[run] = {0, k_none, 0, free_run_};
        free_run_ = run;
    }
}

// A new entry was used once: it goes behind the others that were, at the front of the list.
void KeyStore::enter_first_run(std::uint32_t entry) {
    std::uint32_t run = oldest_ == k_none ? k_none : run_of_[oldest_];
    if (run == k_none || runs_[run].uses != 1) {
        const std::uint32_t first = new_run(1);
        run = first == k_none ? run : first;
    }
    link_after(entry, runs_[run].last);
    run_of_[entry] = run;
    runs_[run].last = entry;
    ++runs_[run].members;
}

void KeyStore::leave_run(std::uint32_t entry) {
    const std::uint32_t run = run_of_[entry];
    if (--runs_[run].members == 0) {
        runs_[run].next_free = free_run_;
        free_run_ = run;
    } else if (runs_[run].last == entry) {
        runs_[run].last = entries_[entry].older;
    }
}

// One more use: from its run to the end of the next one, which begins right behind its own run's last entry.
void KeyStore::count_use(std::uint32_t entry) {
    const std::uint32_t run = run_of_[entry];
    const std::uint32_t end = runs_[run].last;
    const std::uint32_t beyond = entries_[end].newer;
    const std::uint32_t uses = runs_[run].uses == 0xFFFFFFFFu ? runs_[run].uses : runs_[run].uses + 1;
    std::uint32_t target = beyond == k_none ? k_none : run_of_[beyond];
    if (target == k_none || runs_[target].uses != uses) {
        if (runs_[run].members == 1) {
            runs_[run].uses = uses;
            return;
        }
        target = uses == runs_[run].uses ? k_none : new_run(uses);
    }
    const std::uint32_t behind = target == k_none || runs_[target].members == 0 ? end : runs_[target].last;
    if (target == k_none) { // no further count: most recent of its own
        target = run;
    }
    leave_run(entry);
    if (behind != entry) {
        unlink(entry);
        link_after(entry, behind);
    }
    run_of_[entry] = target;
    runs_[target].last = entry;
    ++runs_[target].members;
}

std::size_t KeyStore::memory_bytes() const {
    return entries_.capacity() * sizeof(Item) +
           (table_.capacity() + run_of_.capacity()) * sizeof(std::uint32_t) + runs_.capacity() * sizeof(Run);
}

std::uint64_t KeyStore::hash() const {
    Digest digest;
    digest.add(size_);
    for_each_entry([&](std::uint32_t entry) {
        const Item& item = entries_[entry];
        digest.add(item.key);
        digest.add(item.value.expires_ns);
        digest.add(std::uint64_t{item.value.version} << 32 | item.value.size);
        digest.add(eviction_ == Eviction::lfu ? runs_[run_of_[entry]].uses : 0);
        digest.add(eviction_ == Eviction::random ? entry : 0);
    });
    digest.add_bytes(random_.state, sizeof random_.state);
    return digest.value();
}

} // namespace scale::core
