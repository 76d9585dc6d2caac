// A database cut into shards, each a station of its own. One node, so that the whole stands before the eye:
// which shard is hot, what moves when their number changes, what a join across them waits for.
#include "kinds/shards_feed.hpp"
#include "kinds/shards_layout.hpp"
#include "kinds/shards_move.hpp"
#include "kinds/shards_theory.hpp"
#include "sim/station.hpp"

#include <algorithm>
#include <bit>

namespace scale::kind {

namespace {

using namespace sharding;
using namespace sim;

std::uint64_t bit(std::uint32_t shard) { return std::uint64_t{1} << shard; }

// The shard of celebrities comes after all others.
std::uint32_t celebrity_shard(const State& state) {
    return state.moving != 0 ? std::max(state.now.shards, state.next.shards) : state.now.shards;
}

void read_params(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    const auto value = [&](Param param) { return sim.value(id, param); };
    const auto whole = [&](Param param) { return static_cast<std::uint32_t>(value(param)); };
    for (unsigned i = 0; i < k_classes; ++i) {
        const bool writes = static_cast<RequestClass>(i) == RequestClass::write;
        sim.demand(id, i) = distribution(value(service), value(writes ? write_ms : read_ms), 1);
    }
    const double part = value(part_ms) > 0 ? value(part_ms) : value(read_ms);
    sim.demand(id, k_demand_part) = distribution(value(service), part, 1);
    sim.demand(id, k_demand_move) = distribution(k_deterministic, k_batch_ms, 1);
    state.lookup = whole(method) == by_directory ? core::from_ms(value(lookup_ms)) : 0;
    state.local_ttl = core::from_seconds(value(local_ttl_s));
    state.answer_bytes = static_cast<std::uint32_t>(value(answer_kb) * 1000);
    state.capacity = value(capacity_gb) * 1e9;
    state.celebrities = whole(celebrities);
    state.cure = whole(cure);
    state.parts = whole(split_parts);
    state.joins = whole(joins);
    state.copies = whole(write_copies);
    state.adds = whole(writes_add);
    if (state.cure != local_cache || state.celebrities == 0) return;
    if (state.store == 0) {
        sim.stores.emplace_back();
        state.store = static_cast<std::uint32_t>(sim.stores.size());
    }
    if (sim.stores[state.store - 1].capacity() != state.celebrities)
        sim.stores[state.store - 1] =
            core::KeyStore(state.celebrities, core::Eviction::lru, sim.streams[id].route);
}

void first_layout(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    for (Layout* layout : {&state.now, &state.next}) {
        layout->table = sim.add_table();
        sim.tables[layout->table].assign(k_slots, 0);
        layout->ring = static_cast<std::uint32_t>(sim.rings.size());
        sim.rings.emplace_back();
    }
    state.added = sim.add_table();
    sim.tables[state.added].assign(k_slots, 0);
    state.plan = sim.add_table();
    for (std::size_t i = 0; i < sim.edges.size(); ++i)
        if (sim.edges[i].from == id && sim.edges[i].to == id) state.self_edge = static_cast<std::uint32_t>(i);
    const Layout mine = state.now;
    state.now = wanted_layout(sim, id);
    state.now.table = mine.table;
    state.now.ring = mine.ring;
    state.ready = 1;
    lay_out(sim, id, state.now, nullptr);
}

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    read_params(sim, id);
    State& state = sim.state<State>(id);
    const double row = sim.value(id, row_kb) * 1000;
    const auto keys = static_cast<std::uint32_t>(sim.value(id, data_keys));
    const bool other_data = row != state.row_bytes || keys != state.keys;
    state.row_bytes = row;
    state.keys = keys;
    if (state.ready == 0) first_layout(sim, id);
    set_up_feeds(sim, id);
    if (other_data) weigh(sim, id);
    size_up(sim, id);
    if (state.moving == 0 && !same(wanted_layout(sim, id), state.now)) start_moving(sim, id);
}

std::uint16_t route(Sim& sim, NodeId id, const Request&) {
    // Any that is up: which one it is decided in arrive, as some ask several.
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i)
        if (sim.instance(id, i).dead == 0) return static_cast<std::uint16_t>(i);
    return 0;
}

void ask(Sim& sim, Request& request, Frame& here, std::uint32_t shard) {
    here.instance = static_cast<std::uint16_t>(shard);
    ++sim.state<State>(here.node).asked[shard];
    if (sim.instance(here.node, shard).dead != 0)
        sim.answer(request, here, Outcome::failed);
    else
        station::enter_by_class(sim, request, here);
}

// The work is done, wherever that was: what was read or written becomes known.
void conclude(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    bool fed = false; // by another store
    if (request.is_write()) {
        fed = state.copy != 0 && here.edge != state.self_edge && is_feed(sim, here.edge);
        if (fed)
            take_in(sim, here.node, request.key, request.version);
        else
            request.version = sim.commit(here.node, request.key);
        sim.wrote(here.node, request);
        if (state.adds != 0) {
            const std::uint64_t where = token(sim, state, state.now, request);
            sim.table<double>(state.added)[slot_of(where)] += state.row_bytes * sim.scenario.weight;
            state.bytes[owner(sim, state.now, where)] += state.row_bytes * sim.scenario.weight;
        }
    } else {
        request.version = version_here(sim, here.node, request.key);
        if (sim.misses(here.node, request)) ++state.not_found;
        if (state.cure == local_cache && request.key < state.celebrities)
            sim.stores[state.store - 1].insert(request.key, {sim.now + state.local_ttl, request.version, 0});
    }
    request.bytes = state.answer_bytes;
    const bool goes_on = request.is_write() && !fed && state.copy != 0;
    const NodeId id = here.node;
    const std::uint32_t key = request.key;
    const std::uint32_t user = request.user;
    const std::uint32_t version = request.version;
    station::finish(sim, request, here, Outcome::served);
    if (goes_on) feed(sim, id, key, user, version);
}

void complete(Sim& sim, RequestId parent) {
    Request& request = sim.requests[parent];
    Frame& here = sim.top(parent);
    sim.take_up(request);
    if ((here.stage & gathering_failed) != 0)
        sim.answer(request, here, Outcome::failed);
    else
        conclude(sim, request, here);
}

// A part for each shard of the set; the request waits for the slowest of them.
void gather(Sim& sim, Request& request, Frame& here, std::uint64_t set, Stage part) {
    const RequestId parent = sim.id_of(request);
    const NodeId id = here.node;
    here.stage = at_gather | sending;
    sim.park(request);
    for (; set != 0; set &= set - 1) {
        const auto shard = static_cast<std::uint16_t>(std::countr_zero(set));
        const RequestId child = sim.branch(parent);
        if (child == k_none) {
            sim.top(parent).stage |= gathering_failed;
            break;
        }
        ++sim.state<State>(id).asked[shard];
        Frame& origin = sim.frame(child, 0);
        origin.stage = part;
        origin.instance = k_any_instance; // it dies with the shard that it asks, and with no other
        sim.send(sim.requests[child], origin, static_cast<EdgeId>(sim.state<State>(id).self_edge), shard);
    }
    sim.top(parent).stage &= static_cast<std::uint8_t>(~sending);
    if (!sim.has_branches(sim.requests[parent])) complete(sim, parent);
}

bool asks_all(const State& state, const Request& request) {
    if (state.joins == 0 || request.is_write()) return false;
    if (state.joins == 1) return request.request_class() == RequestClass::api;
    return state.joins == 3 || request.request_class() == RequestClass::page;
}

// Parts of a split key lie on different shards; copies of a row lie where other keys have led them.
std::uint32_t part_of(const Sim& sim, const Layout& layout, std::uint64_t home, std::uint32_t part) {
    const std::uint32_t first = owner(sim, layout, home);
    return part == 0 ? first : (first + part) % layout.shards;
}
std::uint32_t copy_of(const Sim& sim, const Layout& layout, std::uint64_t home, std::uint32_t copy) {
    return owner(sim, layout, copy == 0 ? home : core::mix(home + copy));
}

// All shards that a write goes to: the owner, also the one to be, and those of its copies.
std::uint64_t written_to(Sim& sim, const State& state, const Request& request) {
    const bool celebrity = request.key < state.celebrities;
    if (celebrity && state.cure == own_shard) return bit(celebrity_shard(state));
    const bool apart = celebrity && state.cure == split;
    const std::uint32_t copies = apart ? state.parts : state.copies;
    std::uint64_t set = 0;
    const std::uint64_t where = token(sim, state, state.now, request);
    const bool there = state.moving != 0 && chunk_of(where) < state.chunk;
    const auto add = [&](const Layout& layout, std::uint64_t home) {
        for (std::uint32_t copy = 0; copy < copies; ++copy)
            set |= bit(apart ? part_of(sim, layout, home, copy) : copy_of(sim, layout, home, copy));
    };
    if (!there) add(state.now, where);
    if (state.moving != 0) add(state.next, token(sim, state, state.next, request));
    return set;
}

bool is_full(const State& state, std::uint64_t set) {
    if (state.capacity <= 0 || state.adds == 0) return false;
    for (; set != 0; set &= set - 1)
        if (state.bytes[std::countr_zero(set)] + state.row_bytes > state.capacity) return true;
    return false;
}

void write(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    const std::uint64_t set = written_to(sim, state, request);
    if (is_full(state, set)) {
        ++state.refused;
        sim.answer(request, here, Outcome::rejected);
    } else if ((set & (set - 1)) == 0) {
        ask(sim, request, here, static_cast<std::uint32_t>(std::countr_zero(set)));
    } else {
        gather(sim, request, here, set, at_copy);
    }
}

bool known_locally(Sim& sim, Request& request, Frame& here, State& state) {
    core::KeyStore& store = sim.stores[state.store - 1];
    const std::uint32_t entry = store.find(request.key);
    if (entry == core::KeyStore::k_none || store.value_of(entry).expires_ns <= sim.now) return false;
    store.touch(entry);
    ++state.local_hits;
    request.version = store.value_of(entry).version;
    if (sim.is_old(request.key, request.version)) ++state.stale;
    request.bytes = state.answer_bytes;
    request.hit = 1;
    sim.answer(request, here, Outcome::served);
    return true;
}

void read(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    const bool celebrity = request.key < state.celebrities;
    if (celebrity && state.cure == local_cache && known_locally(sim, request, here, state)) return;
    if (celebrity && state.cure == own_shard) {
        ask(sim, request, here, celebrity_shard(state));
        return;
    }
    const std::uint32_t part = celebrity && state.cure == split ? state.turn++ % state.parts : 0;
    const std::uint64_t where = token(sim, state, state.now, request);
    const std::uint32_t old = part_of(sim, state.now, where, part);
    if (state.moving == 0) {
        ask(sim, request, here, old);
        return;
    }
    const std::uint32_t fresh = part_of(sim, state.next, token(sim, state, state.next, request), part);
    if (chunk_of(where) >= state.chunk && fresh != old) {
        here.stage = at_first;
        here.aux = 0;
    }
    ask(sim, request, here, fresh);
}

void place(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    here.stage = at_work;
    if (asks_all(state, request))
        gather(sim, request, here, bit(celebrity_shard(state)) - 1, at_part);
    else if (request.is_write())
        write(sim, request, here);
    else
        read(sim, request, here);
}

void expect(const Sim& sim, NodeId id, Request& request) {
    const State& state = sim.state<State>(id);
    sim.fetch_latest(id, request.key);
    if (state.copy != 0) sim.fetch_known(state.copy - 1, request.key);
    if (state.now.method == by_ring && state.now.key == of_row)
        sim.rings[state.now.ring].fetch_owner(token_of_row(request.key));
}

void arrive(Sim& sim, Request& request, Frame& here) {
    const State& state = sim.state<State>(here.node);
    if (here.edge == state.self_edge) {
        const std::uint8_t part = (&here - 1)->stage;
        station::enter(sim, request, here,
                       part == at_move   ? k_demand_move
                       : part == at_part ? k_demand_part
                                         : request.kind);
    } else if (state.lookup != 0) {
        here.stage = at_lookup;
        sim.wait(request, state.lookup);
    } else {
        place(sim, request, here);
    }
}

void worked(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    if (here.edge == state.self_edge) {
        station::finish(sim, request, here, Outcome::served);
    } else if (here.stage == at_first) {
        // Not there yet: the old shard has it.
        station::leave(sim, here);
        here.stage = at_work;
        ++state.double_reads;
        ask(sim, request, here, owner(sim, state.now, token(sim, state, state.now, request)));
    } else {
        conclude(sim, request, here);
    }
}

void returned(Sim& sim, Request& request, Frame& here) {
    const bool served = static_cast<Outcome>(request.outcome) == Outcome::served;
    const NodeId id = here.node;
    if (here.stage == at_move) {
        sim.release(sim.id_of(request));
        batch_done(sim, id, served);
        return;
    }
    if (here.stage == at_feed) {
        feed_returned(sim, request);
        return;
    }
    const RequestId parent = sim.join(sim.id_of(request));
    if (parent == k_none) return;
    std::uint8_t& stage = sim.top(parent).stage;
    if (!served) stage |= gathering_failed;
    if ((stage & sending) == 0 && !sim.has_branches(sim.requests[parent])) complete(sim, parent);
}

void timer(Sim& sim, Request& request, Frame& here) {
    if (here.stage == at_feed)
        feed_again(sim, request);
    else
        place(sim, request, here);
}

void verb(Sim& sim, NodeId id, const Command& command) {
    for (const Setting& setting : command.settings) {
        if (setting.param == 0 && setting.value > 0) sim.values[id][Param::shards] = setting.value;
        if (setting.param == 1 && setting.value > 0) sim.values[id][method] = setting.value - 1;
    }
    configure(sim, id);
    sim.refresh_callers(id);
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    for (std::uint64_t& count : state.asked) count = 0;
    state.double_reads = state.refused = state.local_hits = state.stale = 0;
    state.fed = state.behind = state.not_found = 0;
    state.moved_bytes = 0;
}

double spread(const State& state, std::uint32_t instances, bool share) {
    double sum = 0;
    double most = 0;
    // Those that a resharding has taken away are not among those that there are.
    for (std::uint32_t i = 0; i < (share ? k_instances : instances); ++i) {
        sum += static_cast<double>(state.asked[i]);
        most = std::max(most, static_cast<double>(state.asked[i]));
    }
    if (sum == 0) return share ? 0 : 1;
    return share ? most / sum : most / sum * instances;
}

double fullest(const State& state) {
    const double most = *std::max_element(state.bytes, state.bytes + k_instances);
    return state.capacity > 0 ? std::min(1.0, most / state.capacity) : 0;
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const double real = sim.scenario.weight;
    switch (index) {
    case 0: return spread(state, 1, true);
    case 1: return spread(state, sim.nodes[id].instances, false);
    case 2: return state.moved_share;
    case 3: return state.moved_bytes / 1e9;
    case 4: return state.moving != 0 ? static_cast<double>(state.chunk) / k_chunks : 0;
    case 5: return static_cast<double>(state.double_reads) * real;
    case 6: return fullest(state);
    case 7: return static_cast<double>(state.refused) * real;
    case 8: return static_cast<double>(state.local_hits) * real;
    case 9: return static_cast<double>(state.stale) * real;
    case 10: return static_cast<double>(state.fed) * real;
    case 11: return static_cast<double>(state.on_the_way) * real;
    case 12: return static_cast<double>(state.behind) * real;
    default: return static_cast<double>(state.not_found) * real;
    }
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    const double used = sim.value(id, cores) > 0 ? sim.value(id, cores) : sim.value(id, connections);
    const double each = sim.value(id, price_usd) > 0
                            ? sim.value(id, price_usd)
                            : used * price::of(sim.scenario, price::Item::database_core);
    return each * sim.nodes[id].instances;
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .route = route,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .expect = expect,
    .worked = worked,
    .returned = returned,
    .dropped = station::dropped,
    .timer = timer,
    .wake = move_wake,
    .verb = verb,
    .measure = measure,
    .calls_itself = true,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = sharding::k_theory,
};

} // namespace

void sharding::size_up(Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    station::Size size;
    size.instances = celebrity_shard(state) + (state.cure == own_shard ? 1 : 0);
    size.workers = static_cast<std::uint32_t>(sim.value(id, connections));
    size.cores = sim.value(id, cores) == 0 ? size.workers : static_cast<std::uint32_t>(sim.value(id, cores));
    size.queue_limit = static_cast<std::uint32_t>(sim.value(id, queue_limit));
    size.whole = true;
    station::resize(sim, id, size);
}

extern const KindRecord k_shards;
const KindRecord k_shards = {
    .code = 14,
    .id = "shards",
    .name = {"Shards", "샤드"},
    .help = {"A database cut into parts by a key; each part is a database of its own.",
             "키에 따라 나눈 데이터베이스. 조각마다 따로 데이터베이스다."},
    .icon = "layers",
    .tier = Tier::store,
    .role = role_store,
    .links = role_store,
    .params = k_params,
    .metrics = k_metrics,
    .signs = k_signs,
    .verbs = k_verbs,
    .instance = {"shard {i} of {n}", "{n}의 {i}번 샤드"},
    .closed_form =
        {"Each shard is M/M/c with its share; a join over n waits H_n / mu; a new shard moves 1/(N+1) "
         "of the keys on a ring, N/(N+1) by modulo.",
         "샤드마다 제 몫의 M/M/c, n개에 걸친 조인은 H_n/μ, 샤드를 하나 늘리면 해시 링은 1/(N+1), 나머지 "
         "방식은 N/(N+1)의 키가 옮겨 간다."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
