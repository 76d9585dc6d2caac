// Who holds what: shelves and the instances they belong to, the ring, what happens to them when an instance
// dies or comes back; and writes that are kept back.
#include "kinds/keeper_places.hpp"

#include <algorithm>

namespace scale::kind {

using namespace sim;
using core::HashRing;
using core::KeyStore;
using core::KeyValue;

namespace {

constexpr std::uint32_t k_shelves_most = 1024; // of one node; further callers share them
constexpr std::uint32_t k_pending_most = 1024; // keys that one instance has fetched for many at the same time
constexpr std::uint32_t k_holders_most = 16;

bool is_spread(const KeeperRules& rules) {
    return rules.scope == Scope::by_ring || rules.scope == Scope::by_modulo;
}

std::vector<std::uint32_t> members_of(Sim& sim, NodeId id) {
    std::vector<std::uint32_t> list;
    for (std::uint32_t i = 0; i < keeper(sim, id).members; ++i) list.push_back(shelves(sim, id)[i].member);
    return list;
}

bool contains(const std::vector<std::uint32_t>& list, std::uint32_t wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

double moved_by_modulo(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after) {
    if (before.empty() || after.empty()) return 0;
    constexpr std::uint32_t k_samples = 1u << 16;
    std::uint32_t moved = 0;
    for (std::uint32_t i = 0; i < k_samples; ++i) {
        const std::uint64_t hash = core::mix(i);
        moved += before[hash % before.size()] != after[hash % after.size()] ? 1 : 0;
    }
    return static_cast<double>(moved) / k_samples;
}

// Those who take part from now on. How many keys change hands is worked out, not assumed.
void set_members(Sim& sim, NodeId id, const std::vector<std::uint32_t>& wanted) {
    const std::vector<std::uint32_t> before = members_of(sim, id);
    Keeper& state = keeper(sim, id);
    if (state.ring == 0) {
        sim.rings.emplace_back();
        state.ring = static_cast<std::uint32_t>(sim.rings.size());
    }
    HashRing& ring = sim.rings[state.ring - 1];
    if (state.rules.scope == Scope::by_ring) {
        const HashRing old = ring;
        if (state.points != state.rules.points) ring.clear();
        state.points = state.rules.points;
        for (const std::uint32_t member : before)
            if (!contains(wanted, member)) ring.remove(member);
        for (const std::uint32_t member : wanted)
            if (!ring.has(member)) ring.add(member, state.points);
        if (!old.empty() && old.hash() != ring.hash()) state.moved = HashRing::moved(old, ring);
    } else {
        ring.clear();
        if (wanted != before) state.moved = moved_by_modulo(before, wanted);
    }
    state.members = static_cast<std::uint32_t>(wanted.size());
    for (std::uint32_t i = 0; i < state.members; ++i) shelves(sim, id)[i].member = wanted[i];
}

// At load and after a change of the parameters: a dead instance stays where it was.
void rebuild_members(Sim& sim, NodeId id) {
    if (!is_spread(keeper(sim, id).rules)) return;
    const std::vector<std::uint32_t> before = members_of(sim, id);
    std::vector<std::uint32_t> wanted;
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i)
        if (sim.instance(id, i).dead == 0 || contains(before, i)) wanted.push_back(i);
    set_members(sim, id, wanted);
}

// Room for that many shelves, each in order.
void size_shelves(Sim& sim, NodeId id, std::uint32_t wanted) {
    const std::uint32_t had = keeper(sim, id).shelves;
    const std::uint32_t count = std::max(had, wanted);
    sim.reserve_state(id, sizeof(Keeper) + count * sizeof(Shelf));
    for (std::uint32_t i = had; i < count; ++i) shelves(sim, id)[i] = Shelf{};
    Keeper& state = keeper(sim, id);
    state.shelves = count;
    const KeeperRules& rules = state.rules;
    std::uint32_t items = rules.shelf.items;
    state.clipped = items > k_keys_most / wanted ? 1 : 0;
    if (state.clipped != 0) {
        items = k_keys_most / wanted;
        ++sim.caps_reached;
    }
    for (std::uint32_t i = 0; i < wanted; ++i) {
        Shelf& shelf = shelves(sim, id)[i];
        size_shelf(sim, id, shelf, rules.shelf, items);
        if (rules.coalesce != Coalesce::none) size_list(sim, shelf.pending, k_pending_most);
        if (rules.strategy == Strategy::write_back) size_list(sim, shelf.dirty, rules.dirty_most);
    }
    for (std::uint32_t i = wanted; i < count; ++i) clear(sim, shelves(sim, id)[i]);
}

void list_callers(Sim& sim, NodeId id) {
    Keeper& state = keeper(sim, id);
    state.caller_count = 0;
    for (std::size_t e = 0; e < sim.edges.size(); ++e)
        if (sim.edges[e].to == id && state.caller_count < k_callers_most)
            state.callers[state.caller_count++] = static_cast<EdgeId>(e);
}

// The n-th instance of each caller has a shelf of its own.
std::uint32_t shelf_of_caller(const Keeper& state, EdgeId edge, std::uint32_t instance) {
    const EdgeId* const end = state.callers + state.caller_count;
    const EdgeId* const found = std::find(state.callers, end, edge);
    const auto which = static_cast<std::uint32_t>(found == end ? 0 : found - state.callers);
    return (instance * std::max(1u, state.caller_count) + which) % k_shelves_most;
}

std::uint16_t place_by_caller(Sim& sim, const Frame& here) {
    const NodeId id = here.node;
    const std::uint32_t wanted = shelf_of_caller(keeper(sim, id), here.edge, (&here - 1)->instance);
    if (wanted >= sim.nodes[id].instances) { // a caller that has not been there before
        station::Size size;
        size.instances = wanted + 1;
        const Instance& like = sim.instance(id, 0);
        const std::uint32_t weight = sim.scenario.weight; // resize() divides by it
        const double workers = like.workers * sim.parts[id].worker * weight;
        size.workers = size.cores = static_cast<std::uint32_t>(workers + 0.5);
        size.queue_limit = like.queue_limit * weight;
        size.whole = true;
        station::resize(sim, id, size);
        size_shelves(sim, id, wanted + 1);
    }
    return static_cast<std::uint16_t>(wanted);
}

std::uint16_t place_by_user(Sim& sim, const Request& request, NodeId id) {
    const std::uint32_t count = sim.nodes[id].instances;
    const std::uint32_t nearest = keep_inner::nearest(sim, id, request);
    const Time detect = keeper(sim, id).rules.detect;
    std::uint32_t chosen = nearest;
    for (std::uint32_t i = 0; i < count; ++i) {
        const bool known_dead =
            sim.instance(id, chosen).dead != 0 && sim.now >= shelves(sim, id)[chosen].died_at + detect;
        if (!known_dead) return static_cast<std::uint16_t>(chosen);
        chosen = chosen + 1 < count ? chosen + 1 : 0;
    }
    return static_cast<std::uint16_t>(nearest);
}

std::uint16_t place_by_key(Sim& sim, const Request& request, NodeId id) {
    const Keeper& state = keeper(sim, id);
    if (keep_inner::has_owner(sim, state))
        return static_cast<std::uint16_t>(keep_inner::owner(sim, state, request.key));
    std::uint32_t list[k_holders_most];
    const std::uint32_t copies = std::min(state.rules.replicas, k_holders_most);
    const std::uint32_t count = keep_inner::holders(sim, id, request.key, copies, list);
    if (count == 0) return 0;
    std::uint32_t which = count == 1 ? 0 : sim.streams[id].route.below(count);
    for (std::uint32_t i = 0; i < count; ++i) { // the next copy when the connection is refused
        const std::uint32_t at = (which + i) % count;
        if (sim.instance(id, list[at]).dead == 0) return static_cast<std::uint16_t>(list[at]);
    }
    return static_cast<std::uint16_t>(list[which]);
}

// Writes that are kept back ------------------------------------------------------------------------------

void schedule_flush(Sim& sim, NodeId id) {
    Time next = core::k_never;
    for (std::uint32_t i = 0; i < keeper(sim, id).shelves; ++i) {
        const std::uint32_t dirty = shelves(sim, id)[i].dirty;
        if (dirty == 0 || sim.stores[dirty - 1].size() == 0) continue;
        const KeyStore& list = sim.stores[dirty - 1];
        next = std::min(next, list.value_of(list.next_victim()).expires_ns);
    }
    const SlotId slot = keeper(sim, id).flush_slot;
    if (next == core::k_never)
        sim.queue.cancel(slot);
    else
        sim.queue.schedule(slot, std::max(next, sim.now));
}

// Puts a write into the list; several of one key become one. Loses the oldest when there is no room.
void keep_back(Sim& sim, NodeId id, Shelf& shelf, std::uint64_t object, std::uint32_t version,
               std::uint32_t writes) {
    KeyStore& list = sim.stores[shelf.dirty - 1];
    Keeper& state = keeper(sim, id);
    const std::uint32_t entry = list.find(object);
    if (entry != KeyStore::k_none) {
        KeyValue& value = list.value_of(entry);
        value.version = std::max(value.version, version);
        value.size += writes;
        return;
    }
    const KeyStore::Inserted in = list.insert(object, {sim.now + state.rules.flush_after, version, writes});
    if (in.evicted) state.counts.lost += in.evicted_value.size;
    if (list.size() == 1) schedule_flush(sim, id);
}

void lose_writes(Sim& sim, NodeId id, const Shelf& shelf) {
    if (shelf.dirty == 0) return;
    Keeper& state = keeper(sim, id);
    sim.stores[shelf.dirty - 1].for_each(
        [&](std::uint64_t, const KeyValue& value) { state.counts.lost += value.size; });
}

// One write to the store. False when nothing can be sent now.
bool flush_one(Sim& sim, NodeId id, std::uint32_t which) {
    const std::uint32_t dirty = shelves(sim, id)[which].dirty;
    const RequestId made = sim.launch(id, static_cast<std::uint16_t>(which));
    if (made == k_none) return false;
    const KeyStore::Inserted out = sim.stores[dirty - 1].evict();
    Request& request = sim.requests[made];
    request.key = static_cast<std::uint32_t>(out.evicted_key);
    request.version = out.evicted_value.version; // acknowledged long ago
    request.user = out.evicted_value.size;       // writes that this one stands for
    request.kind = static_cast<std::uint8_t>(RequestClass::write);
    const EdgeId way = keep_inner::way_back(sim, id, request);
    if (way == k_no_edge) {
        keeper(sim, id).counts.lost += request.user;
        sim.release(made);
        return true;
    }
    sim.frame(made, 0).stage = keep_inner::k_at_flush;
    sim.send(request, sim.frame(made, 0), way);
    return true;
}

} // namespace

namespace keep_inner {

std::uint32_t nearest(const Sim& sim, NodeId id, const Request& request) {
    return static_cast<std::uint32_t>(core::mix(request.user + 0x9095u) % sim.nodes[id].instances);
}

std::uint32_t holders(const Sim& sim, NodeId id, std::uint32_t key, std::uint32_t most, std::uint32_t* out) {
    const Keeper& state = keeper(sim, id);
    const std::uint64_t hash = hash_of_key(key);
    if (state.rules.scope == Scope::by_ring) {
        const core::HashRing& ring = sim.rings[state.ring - 1];
        return ring.owners(hash, most, out);
    }
    std::uint32_t found = 0;
    for (; found < most && found < state.members; ++found)
        out[found] = shelves(sim, id)[(hash + found) % state.members].member;
    return found;
}

EdgeId way_back(const Sim& sim, NodeId id, const Request& request) {
    EdgeId found = k_no_edge;
    for (std::uint32_t out = 0; out < sim.nodes[id].outs; ++out) {
        const EdgeId edge = sim.out_edge(id, out);
        if (!sim.carries(edge, request)) continue;
        if (found == k_no_edge) found = edge;
        if (sim.alive(sim.edges[edge].to)) return edge; // a second origin, when the first is down
    }
    return found;
}

void put_everywhere(Sim& sim, const Request& request, const Frame& here, std::uint64_t object) {
    Keeper& state = keeper(sim, here.node);
    Shelf* const list = shelves(sim, here.node);
    const auto on = [&](std::uint32_t which) {
        state.counts.evicted +=
            put(sim, here.node, list[which], state.rules.shelf, object, request.version, request.bytes)
                .evicted;
    };
    on(here.instance);
    if (!is_spread(state.rules) || state.rules.replicas < 2) return;
    std::uint32_t found[k_holders_most];
    const std::uint32_t copies = std::min(state.rules.replicas, k_holders_most);
    const std::uint32_t count = holders(sim, here.node, request.key, copies, found);
    for (std::uint32_t i = 0; i < count; ++i)
        if (found[i] != here.instance && sim.instance(here.node, found[i]).dead == 0) on(found[i]);
}

void drop_everywhere(Sim& sim, const Request& request, const Frame& here, std::uint64_t object) {
    Keeper& state = keeper(sim, here.node);
    Shelf* const list = shelves(sim, here.node);
    drop(sim, list[here.instance], object);
    if (!is_spread(state.rules) || state.rules.replicas < 2) return;
    std::uint32_t found[k_holders_most];
    const std::uint32_t copies = std::min(state.rules.replicas, k_holders_most);
    const std::uint32_t count = holders(sim, here.node, request.key, copies, found);
    for (std::uint32_t i = 0; i < count; ++i) drop(sim, list[found[i]], object);
}

void write_back(Sim& sim, Request& request, Frame& here, std::uint64_t object) {
    request.version = sim.commit(here.node, request.key);
    put_everywhere(sim, request, here, object);
    keep_back(sim, here.node, shelves(sim, here.node)[here.instance], object, request.version, 1);
}

void flushed(Sim& sim, Request& request, Frame& here) {
    Keeper& state = keeper(sim, here.node);
    if (static_cast<Outcome>(request.outcome) == Outcome::served)
        state.counts.flushed += request.user;
    else if (sim.instance(here.node, here.instance).dead != 0)
        state.counts.lost += request.user;
    else
        keep_back(sim, here.node, shelves(sim, here.node)[here.instance], request.key, request.version,
                  request.user);
    sim.release(sim.id_of(request));
}

} // namespace keep_inner

namespace keep {

void fire(Sim& sim, NodeId id, SlotId slot, std::uint16_t) {
    for (std::uint32_t i = 0; i < keeper(sim, id).shelves; ++i) {
        const std::uint32_t dirty = shelves(sim, id)[i].dirty;
        if (dirty == 0) continue;
        while (sim.stores[dirty - 1].size() != 0) {
            const KeyStore& list = sim.stores[dirty - 1];
            if (list.value_of(list.next_victim()).expires_ns > sim.now) break;
            if (flush_one(sim, id, i)) continue;
            sim.queue.schedule(slot, sim.now + core::k_second);
            return;
        }
    }
    schedule_flush(sim, id);
}

void life(Sim& sim, NodeId id, int which, bool alive) {
    const auto instance = static_cast<std::uint32_t>(which);
    Shelf& shelf = shelves(sim, id)[instance];
    if (!alive) {
        lose_writes(sim, id, shelf);
        clear(sim, shelf);
        if (shelf.pending != 0) sim.stores[shelf.pending - 1].clear(); // who waited here was told
        shelf.died_at = sim.now;
        if (is_spread(keeper(sim, id).rules)) sim.wake(id, instance, keeper(sim, id).rules.detect);
        return;
    }
    if (!is_spread(keeper(sim, id).rules)) return;
    std::vector<std::uint32_t> wanted = members_of(sim, id);
    if (contains(wanted, instance)) return;
    wanted.push_back(instance);
    std::sort(wanted.begin(), wanted.end());
    set_members(sim, id, wanted);
}

void above(Sim& sim, NodeId id, EdgeId edge, int instance) {
    const Keeper& state = keeper(sim, id);
    if (state.rules.scope != Scope::by_caller) return;
    const std::uint32_t which = shelf_of_caller(state, edge, static_cast<std::uint32_t>(instance));
    if (which >= state.shelves) return;
    lose_writes(sim, id, shelves(sim, id)[which]);
    clear(sim, shelves(sim, id)[which]);
}

void leave_ring(Sim& sim, NodeId id, std::uint32_t instance) {
    if (!is_spread(keeper(sim, id).rules) || instance >= sim.nodes[id].instances) return;
    const Time since = shelves(sim, id)[instance].died_at;
    if (sim.instance(id, instance).dead == 0 || sim.now < since + keeper(sim, id).rules.detect) return;
    std::vector<std::uint32_t> wanted = members_of(sim, id);
    std::erase(wanted, instance);
    set_members(sim, id, wanted);
}

std::uint16_t route(Sim& sim, NodeId id, const Request& request) {
    switch (keeper(sim, id).rules.scope) {
    case Scope::by_caller: return place_by_caller(sim, sim.top(sim.id_of(request)));
    case Scope::one: return 0;
    case Scope::by_user: return place_by_user(sim, request, id);
    case Scope::by_ring:
    case Scope::by_modulo: return place_by_key(sim, request, id);
    }
    return 0;
}

} // namespace keep

void settle(Sim& sim, NodeId id, const KeeperRules& rules, station::Size size) {
    sim.reserve_state(id, sizeof(Keeper));
    if (keeper(sim, id).ready == 0) {
        keeper(sim, id) = Keeper{};
        keeper(sim, id).flush_slot = sim.add_slot(Handler::kind, id);
        keeper(sim, id).ready = 1;
        list_callers(sim, id);
    }
    Keeper& state = keeper(sim, id);
    state.rules = rules;
    state.has_back = sim.nodes[id].outs > 0 ? 1 : 0;
    if (rules.scope == Scope::by_caller) size.instances = std::max(1u, sim.nodes[id].instances);
    size.whole = true;
    station::resize(sim, id, size);
    size_shelves(sim, id, size.instances);
    rebuild_members(sim, id);
    schedule_flush(sim, id);
}

void purge(Sim& sim, NodeId id, std::uint32_t hottest) {
    std::vector<std::uint64_t> gone;
    for (std::uint32_t i = 0; i < keeper(sim, id).shelves; ++i) {
        Shelf& shelf = shelves(sim, id)[i];
        gone.clear();
        sim.stores[shelf.store - 1].for_each([&](std::uint64_t object, const KeyValue&) {
            if (hottest == 0 || static_cast<std::uint32_t>(object) < hottest) gone.push_back(object);
        });
        for (const std::uint64_t object : gone) drop(sim, shelf, object);
    }
}

std::uint64_t items_held(const Sim& sim, NodeId id) {
    std::uint64_t sum = 0;
    const Shelf* const list = reinterpret_cast<const Shelf*>(&sim.state<Keeper>(id) + 1);
    for (std::uint32_t i = 0; i < sim.state<Keeper>(id).shelves; ++i)
        if (list[i].store != 0) sum += sim.stores[list[i].store - 1].size();
    return sum;
}

std::uint64_t bytes_held(const Sim& sim, NodeId id) {
    std::uint64_t sum = 0;
    const Shelf* const list = reinterpret_cast<const Shelf*>(&sim.state<Keeper>(id) + 1);
    for (std::uint32_t i = 0; i < sim.state<Keeper>(id).shelves; ++i) sum += list[i].bytes;
    return sum;
}

std::uint64_t writes_held(const Sim& sim, NodeId id) {
    std::uint64_t sum = 0;
    const Shelf* const list = reinterpret_cast<const Shelf*>(&sim.state<Keeper>(id) + 1);
    for (std::uint32_t i = 0; i < sim.state<Keeper>(id).shelves; ++i)
        if (list[i].dirty != 0) sum += sim.stores[list[i].dirty - 1].size();
    return sum;
}

} // namespace scale::kind
