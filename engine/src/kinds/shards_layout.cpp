// Where keys lie: a number in the key space for every row, and whose that number is.
#include "kinds/shards_layout.hpp"

#include <algorithm>

namespace scale::kind::sharding {

using sim::k_no_node;

namespace {

constexpr Time k_minute = 60 * core::k_second; // rows of a minute lie together when time is hashed

double at_position(double share) { return std::min(std::max(share, 0.0), 1 - 0x1p-53); }
std::uint64_t position(double share) { return static_cast<std::uint64_t>(at_position(share) * 0x1p53) << 11; }

NodeId home_of(const Sim& sim, NodeId user) { return sim.place[user] == k_no_node ? user : sim.place[user]; }

std::uint64_t* owners(Sim& sim, const Layout& layout) { return sim.table<std::uint64_t>(layout.table); }

std::uint32_t count_of(const std::uint64_t* table, std::uint32_t shard) {
    std::uint32_t count = 0;
    for (std::uint32_t slot = 0; slot < k_slots; ++slot) count += table[slot] == shard ? 1 : 0;
    return count;
}

// The one with the most slots, or the fewest, among the first `shards`.
std::uint32_t extreme(const std::uint64_t* table, std::uint32_t count, bool most) {
    std::uint32_t best = 0;
    for (std::uint32_t i = 1; i < count; ++i) {
        const std::uint32_t a = count_of(table, i);
        const std::uint32_t b = count_of(table, best);
        if (most ? a > b : a < b) best = i;
    }
    return best;
}

// A directory is free to move single slots: a new shard takes an equal part from those that have most.
void grow_directory(std::uint64_t* table, std::uint32_t before, std::uint32_t after) {
    for (std::uint32_t made = before; made < after; ++made)
        for (std::uint32_t taken = 0; taken < k_slots / (made + 1); ++taken) {
            const std::uint32_t from = extreme(table, made, true);
            for (std::uint32_t slot = k_slots; slot-- > 0;)
                if (table[slot] == from) {
                    table[slot] = made;
                    break;
                }
        }
    for (std::uint32_t slot = 0; slot < k_slots; ++slot)
        if (table[slot] >= after) table[slot] = extreme(table, after, false);
}

double slot_bytes(Sim& sim, const State& state, std::uint32_t slot) {
    return state.keys * state.row_bytes / k_slots + sim.table<double>(state.added)[slot];
}

// The heaviest range that can be split gives its upper half, by weight, to the new shard.
void split_range(Sim& sim, const State& state, std::uint64_t* table, std::uint32_t made) {
    std::uint32_t heaviest = 0;
    double most = -1;
    for (std::uint32_t shard = 0; shard < made; ++shard) {
        if (count_of(table, shard) < 2) continue;
        double sum = 0;
        for (std::uint32_t slot = 0; slot < k_slots; ++slot)
            if (table[slot] == shard) sum += slot_bytes(sim, state, slot);
        if (sum > most) {
            most = sum;
            heaviest = shard;
        }
    }
    double sum = 0;
    std::uint32_t last = 0;
    for (std::uint32_t slot = 0; slot < k_slots; ++slot) {
        if (table[slot] != heaviest) continue;
        last = slot;
        if (sum >= most / 2) table[slot] = made;
        sum += slot_bytes(sim, state, slot);
    }
    table[last] = made; // at least one
}

void resize_ranges(Sim& sim, const State& state, std::uint64_t* table, std::uint32_t before,
                   std::uint32_t after) {
    for (std::uint32_t made = before; made < after; ++made) split_range(sim, state, table, made);
    // Of one that goes, its lower neighbour takes the range; of the lowest, the next that stays.
    for (std::uint32_t slot = 1; slot < k_slots; ++slot)
        if (table[slot] >= after && table[slot - 1] < after) table[slot] = table[slot - 1];
    for (std::uint32_t slot = k_slots - 1; slot-- > 0;)
        if (table[slot] >= after) table[slot] = table[slot + 1];
}

} // namespace

std::vector<NodeId> homes_of_users(const Sim& sim) {
    std::vector<NodeId> homes;
    for (std::size_t i = 0; i < sim.nodes.size(); ++i)
        if (sim.watch.is_client[i]) homes.push_back(home_of(sim, static_cast<NodeId>(i)));
    if (homes.empty()) homes.push_back(0);
    return homes;
}

Layout wanted_layout(const Sim& sim, NodeId id) {
    const auto whole = [&](Param param) { return static_cast<std::uint32_t>(sim.value(id, param)); };
    Layout out = sim.state<State>(id).next;
    out.method = whole(method);
    out.shards = whole(shards);
    out.key = whole(shard_key);
    out.points = out.method == by_ring ? whole(virtual_nodes) : 1;
    return out;
}

bool same(const Layout& a, const Layout& b) {
    return a.method == b.method && a.shards == b.shards && a.key == b.key && a.points == b.points;
}

void lay_out(Sim& sim, NodeId id, const Layout& layout, const Layout* before) {
    const State& state = sim.state<State>(id);
    if (layout.method == by_ring) {
        core::HashRing& ring = sim.rings[layout.ring];
        ring.clear();
        ring.reserve(std::size_t{layout.shards} * layout.points);
        for (std::uint32_t shard = 0; shard < layout.shards; ++shard) ring.add(shard, layout.points);
    }
    if (layout.method != by_range && layout.method != by_directory) return;
    std::uint64_t* const table = owners(sim, layout);
    const bool goes_on = before != nullptr && before->method == layout.method && before->key == layout.key;
    if (goes_on) std::copy_n(owners(sim, *before), k_slots, table);
    const bool ranges = layout.method == by_range;
    if (goes_on && ranges) {
        resize_ranges(sim, state, table, before->shards, layout.shards);
    } else if (goes_on) {
        grow_directory(table, before->shards, layout.shards);
    } else {
        for (std::uint32_t slot = 0; slot < k_slots; ++slot)
            table[slot] = ranges ? slot * layout.shards / k_slots : slot % layout.shards;
    }
}

std::uint64_t token(Sim& sim, const State& state, const Layout& layout, const Request& request) {
    switch (layout.key) {
    case of_user: return core::mix(request.user + 0x5EED5u);
    case of_region: {
        const NodeId from = sim.frame(sim.id_of(request), 0).node;
        return core::mix(home_of(sim, from) + 0x3E6104u);
    }
    case of_time: {
        const double age = (request.key + 0.5) / state.keys; // the hottest are the newest
        if (layout.method == by_range) return request.is_write() ? ~std::uint64_t{0} : position(1 - age);
        if (request.is_write()) return core::mix(sim.now / k_minute + (1u << 20));
        return core::mix(static_cast<std::uint64_t>(at_position(age) * k_slots));
    }
    default: return token_of_row(request.key);
    }
}

std::uint64_t token_of_item(const State& state, const Layout& layout, std::uint32_t item,
                            const std::vector<NodeId>& homes) {
    switch (layout.key) {
    case of_user: return core::mix(item + 0x5EED5u);
    case of_region: return core::mix(homes[item % homes.size()] + 0x3E6104u);
    case of_time: {
        const double age = (item + 0.5) / state.keys;
        if (layout.method == by_range) return position(1 - age);
        return core::mix(static_cast<std::uint64_t>(at_position(age) * k_slots));
    }
    default: return token_of_row(item);
    }
}

std::uint32_t owner(const Sim& sim, const Layout& layout, std::uint64_t where) {
    switch (layout.method) {
    case by_ring: return sim.rings[layout.ring].owner(where);
    case by_modulo: return static_cast<std::uint32_t>(where % layout.shards);
    default: return static_cast<std::uint32_t>(sim.table<std::uint64_t>(layout.table)[slot_of(where)]);
    }
}

void weigh(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    const double* const added = sim.table<double>(state.added);
    const double per_slot = static_cast<double>(state.keys) / k_slots;
    const std::vector<NodeId> homes = homes_of_users(sim);
    for (double& bytes : state.bytes) bytes = 0;
    for (std::uint32_t item = 0; item < state.keys; ++item) {
        const std::uint64_t where = token_of_item(state, state.now, item, homes);
        state.bytes[owner(sim, state.now, where)] += state.row_bytes + added[slot_of(where)] / per_slot;
    }
}

} // namespace scale::kind::sharding
