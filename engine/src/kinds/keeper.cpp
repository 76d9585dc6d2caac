// The way of a request through a tier that keeps answers. Who holds what, and writes that wait, are in
// keeper_places.cpp.
#include "kinds/keeper_places.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

using namespace sim;
using core::KeyStore;
using core::KeyValue;

namespace {

enum Stage : std::uint8_t {
    at_door = 0,                      // not looked up yet
    at_fetch,                         // its value is on the way
    at_pass,                          // passed on, nothing is kept
    at_write,                         // a write, passed on
    at_wait,                          // another one fetches the value
    at_release,                       // that one has come back
    at_refresh,                       // our own: fetches before the value expires
    at_flush = keep_inner::k_at_flush // our own: a write that was kept back
};

// What is fetched once for all who ask.
std::uint64_t thing_of(const KeeperRules& rules, const Request& request) {
    const bool apart = rules.apart != 0 && request.request_class() == RequestClass::asset;
    return std::uint64_t{request.key} | (apart ? std::uint64_t{1} << 32 : 0);
}

// What is on the shelf.
std::uint64_t object_of(const KeeperRules& rules, const Request& request, std::uint32_t version) {
    return thing_of(rules, request) | (rules.versioned != 0 ? std::uint64_t{version} << 33 : 0);
}

Shelf& shelf_at(Sim& sim, const Frame& here) { return shelves(sim, here.node)[here.instance]; }

KeyStore& store_at(Sim& sim, const Frame& here) { return sim.stores[shelf_at(sim, here).store - 1]; }

void finish(Sim& sim, Request& request, Frame& here, Outcome outcome) {
    Keeper& state = keeper(sim, here.node);
    if (outcome == Outcome::served) state.counts.bytes_out += request.bytes;
    sim.answer(request, here, outcome);
}

void serve_kept(Sim& sim, Request& request, Frame& here, const KeyValue& kept) {
    KeeperCounts& counts = keeper(sim, here.node).counts;
    ++counts.hits;
    if (sim.is_old(request.key, kept.version)) ++counts.stale;
    request.version = kept.version;
    request.bytes = size_of(kept);
    request.hit = 1;
    counts.bytes_kept += request.bytes;
    finish(sim, request, here, Outcome::served);
}

// Those who wait for a key -------------------------------------------------------------------------------

// They are kept with the key that is being fetched: first and last, and until when the one who fetches may
// take.
RequestList waiting_for(const KeyValue& pending) { return {pending.version, pending.size, 1u << 30}; }

void set_waiting(KeyValue& pending, const RequestList& list) {
    pending.version = list.head;
    pending.size = list.tail;
}

// They go on with what `model` has got, or (k_none) look for themselves.
void release_waiting(Sim& sim, NodeId id, RequestList list, RequestId model, Outcome outcome) {
    while (list.head != k_none) {
        const RequestId next = sim.pop_front(list);
        Request& request = sim.requests[next];
        request.where = Where::moving;
        request.slot = k_none;
        if (model != k_none) {
            request.version = sim.requests[model].version;
            request.bytes = sim.requests[model].bytes;
        }
        request.outcome = static_cast<std::uint8_t>(outcome) & 3u;
        sim.top(next).stage = at_release;
        sim.top(next).aux = model != k_none ? 1 : 0;
        sim.push_back(keeper(sim, id).releasing, next);
    }
}

void read(Sim& sim, Request& request, Frame& here);

// Answers may lead anywhere, also back here: everything is found anew.
void answer_released(Sim& sim, NodeId id) {
    while (keeper(sim, id).releasing.count != 0) {
        const RequestId next = sim.pop_front(keeper(sim, id).releasing);
        Request& request = sim.requests[next];
        Frame& here = sim.top(next);
        const auto outcome = static_cast<Outcome>(request.outcome);
        here.stage = at_door;
        const bool looks = here.aux == 0;
        here.aux = 0;
        request.hit = !looks && outcome == Outcome::served ? 1 : 0; // has it without a fetch of its own
        if (looks)
            read(sim, request, here);
        else
            finish(sim, request, here, outcome);
    }
}

// The one who fetched is back: everybody has the value, or nobody. False when nobody was to fetch it.
bool settle_pending(Sim& sim, const Frame& here, std::uint64_t thing, RequestId model, Outcome outcome) {
    const std::uint32_t number = shelf_at(sim, here).pending;
    if (number == 0) return false;
    KeyStore& pending = sim.stores[number - 1];
    const std::uint32_t entry = pending.find(thing);
    if (entry == KeyStore::k_none) return false;
    const RequestList list = waiting_for(pending.value_of(entry));
    pending.erase(thing);
    release_waiting(sim, here.node, list, model, outcome);
    return true;
}

// True when the request waits for somebody else's fetch or has got an old value; false when it must fetch.
bool joins_fetch(Sim& sim, Request& request, Frame& here, std::uint32_t entry) {
    Keeper& state = keeper(sim, here.node);
    const std::uint64_t thing = thing_of(state.rules, request);
    KeyStore& pending = sim.stores[shelf_at(sim, here).pending - 1];
    const std::uint32_t found = pending.find(thing);
    if (found == KeyStore::k_none) {
        const KeyStore::Inserted in = pending.insert(thing, {sim.now + state.rules.lease, k_none, k_none});
        if (in.evicted) { // more keys at once than there is room for: these fetch for themselves
            sim.cap_reached(here.node);
            release_waiting(sim, here.node, waiting_for(in.evicted_value), k_none, Outcome::served);
        }
        return false;
    }
    KeyValue& value = pending.value_of(found);
    if (value.expires_ns <= sim.now) { // the one who fetches is overdue
        value.expires_ns = sim.now + state.rules.lease;
        return false;
    }
    ++state.counts.coalesced;
    if (state.rules.coalesce == Coalesce::stale && entry != KeyStore::k_none) {
        serve_kept(sim, request, here, store_at(sim, here).value_of(entry));
        return true;
    }
    ++state.counts.misses;
    here.stage = at_wait;
    RequestList list = waiting_for(value);
    sim.push_back(list, sim.id_of(request));
    set_waiting(value, list);
    sim.wait(request, value.expires_ns - sim.now);
    return true;
}

// Reading ------------------------------------------------------------------------------------------------

void fetch(Sim& sim, Request& request, Frame& here) {
    Keeper& state = keeper(sim, here.node);
    const EdgeId way = keep_inner::way_back(sim, here.node, request);
    if (way == k_no_edge) {
        settle_pending(sim, here, thing_of(state.rules, request), k_none, Outcome::served);
        finish(sim, request, here, Outcome::failed); // nobody behind takes such requests
        return;
    }
    ++state.counts.fetches;
    here.stage = at_fetch;
    sim.send(request, here, way);
}

void miss(Sim& sim, Request& request, Frame& here, std::uint32_t entry) {
    Keeper& state = keeper(sim, here.node);
    const NodeId id = here.node;
    if (state.rules.coalesce != Coalesce::none && joins_fetch(sim, request, here, entry)) return;
    ++state.counts.misses;
    if (state.rules.strategy != Strategy::look_aside && state.has_back != 0) {
        fetch(sim, request, here);
    } else {
        ++state.counts.fetches; // of its caller
        request.bytes = 0;
        finish(sim, request, here, Outcome::served);
    }
    if (keeper(sim, id).releasing.count != 0) answer_released(sim, id);
}

bool is_pending(Sim& sim, const Request& request, const Frame& here) {
    const std::uint32_t number = shelf_at(sim, here).pending;
    const KeeperRules& rules = keeper(sim, here.node).rules;
    return number != 0 && rules.coalesce != Coalesce::none &&
           sim.stores[number - 1].find(thing_of(rules, request)) != KeyStore::k_none;
}

// A fetch of its own, for the next ones who ask.
void refresh(Sim& sim, const Request& request, const Frame& here) {
    const NodeId id = here.node;
    const RequestClass asked = request.request_class();
    const std::uint32_t key = request.key;
    const std::uint32_t user = request.user;
    const RequestId made = sim.launch(id, here.instance);
    if (made == k_none) return;
    Request& own = sim.requests[made];
    own.key = key;
    own.user = user;
    own.kind = static_cast<std::uint8_t>(asked) & 15u;
    const EdgeId way = keep_inner::way_back(sim, id, own);
    if (way == k_no_edge) {
        sim.release(made);
        return;
    }
    ++keeper(sim, id).counts.fetches;
    sim.frame(made, 0).stage = at_refresh;
    sim.send(own, sim.frame(made, 0), way);
}

enum class Freshness : std::uint8_t { good, renew_behind, renew_first };

// Whether a value that is still good should be fetched anew already.
Freshness freshness(Sim& sim, const Frame& here, KeyValue& kept) {
    Keeper& state = keeper(sim, here.node);
    const KeeperRules& rules = state.rules;
    const auto left = static_cast<double>(kept.expires_ns - sim.now);
    if (rules.early > 0) {
        // Early by chance, the more likely the nearer the end and the dearer the fetch.
        const double lead = state.fetch_ns * rules.early * sim.streams[here.node].retry.exponential();
        if (lead >= left) return Freshness::renew_first;
    }
    if (rules.ahead > 0 && left < rules.ahead * rules.shelf.ttl_ns && (kept.size & k_refreshing) == 0) {
        kept.size |= k_refreshing;
        const bool fetches = rules.strategy != Strategy::look_aside && state.has_back != 0;
        return fetches ? Freshness::renew_behind : Freshness::renew_first;
    }
    return Freshness::good;
}

void read(Sim& sim, Request& request, Frame& here) {
    Keeper& state = keeper(sim, here.node);
    const std::uint64_t object = object_of(state.rules, request, sim.latest(here.node, request.key));
    KeyStore& store = store_at(sim, here);
    const std::uint32_t entry = store.find(object);
    if (entry == KeyStore::k_none) {
        const std::uint32_t dirty = shelf_at(sim, here).dirty;
        const std::uint32_t held = dirty == 0 ? KeyStore::k_none : sim.stores[dirty - 1].find(object);
        if (held != KeyStore::k_none) { // pushed off the shelf, but not written yet
            serve_kept(sim, request, here, {0, sim.stores[dirty - 1].value_of(held).version, 0});
            return;
        }
        miss(sim, request, here, entry);
        return;
    }
    KeyValue& kept = store.value_of(entry);
    if (kept.expires_ns <= sim.now) {
        ++state.counts.expired;
        miss(sim, request, here, entry);
        return;
    }
    store.touch(entry);
    if (kept.expires_ns != core::k_never && (state.rules.early > 0 || state.rules.ahead > 0)) {
        const Freshness fresh = freshness(sim, here, kept);
        if (fresh != Freshness::good && !is_pending(sim, request, here)) {
            ++state.counts.refreshed;
            if (fresh == Freshness::renew_first) {
                miss(sim, request, here, entry);
                return;
            }
            const RequestId id = sim.id_of(request);
            const KeyValue copy = kept;
            refresh(sim, request, here); // references do not survive
            serve_kept(sim, sim.requests[id], sim.top(id), copy);
            return;
        }
    }
    serve_kept(sim, request, here, kept);
}

// A fetch is back.
void fetched(Sim& sim, Request& request, Frame& here) {
    Keeper& state = keeper(sim, here.node);
    const NodeId id = here.node;
    auto outcome = static_cast<Outcome>(request.outcome);
    const bool from_home = sim.is_of(here.node, request.version);
    const std::uint32_t named = from_home ? request.version : sim.latest(here.node, request.key);
    const std::uint64_t object = object_of(state.rules, request, named);
    request.hit = 0;
    if (outcome == Outcome::served) {
        const auto took = static_cast<double>(sim.now - (&here + 1)->entered);
        state.fetch_ns = state.fetch_ns == 0 ? took : state.fetch_ns + (took - state.fetch_ns) / 16;
        state.counts.bytes_fetched += request.bytes;
        keep_inner::put_everywhere(sim, request, here, object);
    } else if (state.rules.stale_on_error != 0 && here.stage == at_fetch) {
        const KeyStore& store = store_at(sim, here);
        const std::uint32_t entry = store.find(object);
        if (entry != KeyStore::k_none) {
            outcome = Outcome::served;
            request.version = store.value_of(entry).version;
            request.bytes = size_of(store.value_of(entry));
            if (sim.is_old(request.key, request.version)) ++state.counts.stale;
        }
    }
    settle_pending(sim, here, thing_of(state.rules, request), sim.id_of(request), outcome);
    if (here.stage == at_refresh)
        sim.release(sim.id_of(request));
    else
        finish(sim, request, here, outcome);
    answer_released(sim, id);
}

// A caller has looked it up itself.
void filled(Sim& sim, Request& request, Frame& here) {
    Keeper& state = keeper(sim, here.node);
    const NodeId id = here.node;
    const std::uint64_t thing = thing_of(state.rules, request);
    const auto took = static_cast<double>(sim.now - request.born);
    state.fetch_ns = state.fetch_ns == 0 ? took : state.fetch_ns + (took - state.fetch_ns) / 16;
    state.counts.bytes_fetched += request.bytes;
    const bool leased = settle_pending(sim, here, thing, sim.id_of(request), Outcome::served);
    // Who has lost the lease to a write in between has read an old value.
    if (leased || state.rules.coalesce == Coalesce::none)
        keep_inner::put_everywhere(sim, request, here, object_of(state.rules, request, request.version));
    sim.answer(request, here, Outcome::served);
    answer_released(sim, id);
}

// The value has changed: what is being fetched may be old, too.
void forget(Sim& sim, Request& request, Frame& here) {
    Keeper& state = keeper(sim, here.node);
    const NodeId id = here.node;
    const std::uint64_t thing = thing_of(state.rules, request);
    keep_inner::drop_everywhere(sim, request, here, object_of(state.rules, request, request.version));
    settle_pending(sim, here, thing, k_none, Outcome::served);
    sim.answer(request, here, Outcome::served);
    answer_released(sim, id);
}

// Writing ------------------------------------------------------------------------------------------------

void write(Sim& sim, Request& request, Frame& here) {
    Keeper& state = keeper(sim, here.node);
    const std::uint64_t object = object_of(state.rules, request, request.version);
    if (state.has_back == 0 || state.rules.strategy == Strategy::look_aside) {
        keep_inner::drop_everywhere(sim, request, here, object);
        finish(sim, request, here, Outcome::served);
        return;
    }
    if (state.rules.strategy == Strategy::write_back && (state.rules.keeps & 1u << request.kind) != 0) {
        const std::uint32_t dirty = shelf_at(sim, here).dirty;
        const KeyStore& list = sim.stores[dirty - 1];
        if (list.size() < list.capacity() || list.find(object) != KeyStore::k_none) {
            keep_inner::write_back(sim, request, here, object);
            finish(sim, request, here, Outcome::served);
            return;
        }
        sim.cap_reached(here.node); // too much is waiting: this one goes to the store itself
    }
    const EdgeId way = keep_inner::way_back(sim, here.node, request);
    if (way == k_no_edge) {
        finish(sim, request, here, Outcome::failed);
        return;
    }
    here.stage = at_write;
    sim.send(request, here, way);
}

void written(Sim& sim, Request& request, Frame& here) {
    const Keeper& state = keeper(sim, here.node);
    const auto outcome = static_cast<Outcome>(request.outcome);
    const Strategy how = state.rules.strategy;
    const std::uint64_t object = object_of(state.rules, request, request.version);
    if (outcome == Outcome::served && (how == Strategy::write_through || how == Strategy::write_back))
        keep_inner::put_everywhere(sim, request, here, object);
    else if (how == Strategy::read_through)
        keep_inner::drop_everywhere(sim, request, here, object);
    finish(sim, request, here, outcome);
}

void pass(Sim& sim, Request& request, Frame& here) {
    const EdgeId way = keep_inner::way_back(sim, here.node, request);
    ++keeper(sim, here.node).counts.passed;
    if (way == k_no_edge) {
        finish(sim, request, here, Outcome::failed);
        return;
    }
    here.stage = at_pass;
    sim.send(request, here, way);
}

void serve(Sim& sim, Request& request, Frame& here) {
    Keeper& state = keeper(sim, here.node);
    switch (request.request_class()) {
    case RequestClass::fill: filled(sim, request, here); return;
    case RequestClass::forget: forget(sim, request, here); return;
    case RequestClass::write:
        ++state.counts.requests;
        write(sim, request, here);
        return;
    default: break;
    }
    ++state.counts.requests;
    if ((state.rules.keeps & 1u << request.kind) != 0)
        read(sim, request, here);
    else
        pass(sim, request, here);
}

} // namespace

namespace keep {

// Who asks a ring knows which node holds the key, and asks that one. Otherwise it is only known once it has
// been chosen: nearly always the first that holds the key, or the one nearest to the user.
void expect(const Sim& sim, NodeId id, Request& request) {
    const Keeper& state = keeper(sim, id);
    sim.fetch_latest(id, request.key);
    std::uint32_t which = 0;
    switch (state.rules.scope) {
    case Scope::one: break;
    case Scope::by_caller: return;
    case Scope::by_user: which = keep_inner::nearest(sim, id, request); break;
    case Scope::by_ring:
    case Scope::by_modulo:
        if (keep_inner::has_owner(sim, state)) {
            which = keep_inner::owner(sim, state, request.key);
            Frame& there = Sim::top(request);
            if (there.instance == k_any_instance) there.instance = static_cast<std::uint16_t>(which);
        } else if (keep_inner::holders(sim, id, request.key, 1, &which) == 0)
            return;
    }
    const std::uint32_t version = state.rules.versioned != 0 ? sim.latest(id, request.key) : 0;
    const KeyStore& store = sim.stores[shelves(sim, id)[which].store - 1];
    const std::uint64_t object = object_of(state.rules, request, version);
    if (state.rules.has_work != 0)
        store.fetch_cell(object);
    else
        store.fetch_entry(object); // it is looked up as soon as it arrives
}

void arrive(Sim& sim, Request& request, Frame& here) {
    const KeeperRules& rules = keeper(sim, here.node).rules;
    if (rules.has_work != 0) {
        const std::uint32_t version = rules.versioned != 0 ? sim.latest(here.node, request.key) : 0;
        store_at(sim, here).fetch_entry(object_of(rules, request, version));
        station::enter(sim, request, here, 0);
    } else
        serve(sim, request, here);
}

void worked(Sim& sim, Request& request, Frame& here) {
    station::leave(sim, here);
    serve(sim, request, here);
}

void returned(Sim& sim, Request& request, Frame& here) {
    switch (here.stage) {
    case at_fetch:
    case at_refresh: fetched(sim, request, here); return;
    case at_flush: keep_inner::flushed(sim, request, here); return;
    case at_write: written(sim, request, here); return;
    default:
        keeper(sim, here.node).counts.bytes_fetched += request.bytes;
        request.hit = 0;
        finish(sim, request, here, static_cast<Outcome>(request.outcome));
        return;
    }
}

// The one who fetches has taken too long for this one: it fetches itself.
void timer(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    dropped(sim, request, here); // out of the list
    here.stage = at_door;
    read(sim, request, here);
    answer_released(sim, id);
}

void dropped(Sim& sim, Request& request, Frame& here) {
    station::dropped(sim, request, here);
    Keeper& state = keeper(sim, here.node);
    if (here.stage == at_release) sim.unlink(state.releasing, sim.id_of(request));
    if (here.stage != at_wait && here.stage != at_fetch) return;
    const std::uint32_t number = shelf_at(sim, here).pending;
    if (number == 0) return;
    KeyStore& pending = sim.stores[number - 1];
    const std::uint32_t entry = pending.find(thing_of(state.rules, request));
    if (entry == KeyStore::k_none) return;
    KeyValue& value = pending.value_of(entry);
    if (here.stage == at_fetch) {
        value.expires_ns = sim.now; // the next one who asks takes over
        return;
    }
    RequestList list = waiting_for(value);
    sim.unlink(list, sim.id_of(request));
    set_waiting(value, list);
}

void measure(Sim& sim, NodeId id) {
    Keeper& state = keeper(sim, id);
    state.counts = {};
    if (state.clipped != 0) ++sim.caps_reached;
}

} // namespace keep

} // namespace scale::kind
