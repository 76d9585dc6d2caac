// Who watches: reads what instances do, keeps rules, calls people or mends things itself, and counts the
// users behind the requests. Readings are real work on the cores of what is watched.
#include "kinds/monitoring_record.hpp"
#include "kinds/monitoring_theory.hpp"
#include "sim/station.hpp"

#include <algorithm>
#include <bit>

namespace scale::kind {

namespace {

using namespace monitoring;
using namespace sim;

enum Stage : std::uint8_t { on_its_way = 0, at_the_host = 1, coming_back = 2 };
enum RuleNumber : int { rule_errors, rule_p99, rule_busy, rule_dead, k_rules };
constexpr std::uint32_t k_person = 1; // token of the timer: somebody has found the cause

struct Rule {
    Time broken_since = 0; // 0 while it holds
    std::uint64_t active = 0;
};

// A node that is watched, and its counters at the latest reading.
struct Watched {
    Rule rules[k_rules];
    std::uint64_t finished = 0, failed = 0, completed = 0, slow = 0, busy_area = 0;
    double core_time = 0, busy = 0;
    Time rolled_back = 0; // the release that was taken back, by the time it went live
    EdgeId edge = 0;
    std::uint16_t dead = 0;    // seen in this round
    std::uint32_t pending = 0; // readings of this round that have not come in
};

// The cores of one host at its latest reading.
struct Host {
    std::uint64_t busy_area = 0;
    Time at = 0;
};

struct State {
    std::uint64_t alerts, incidents, repairs, readings, reading_ns, detect_ns, repair_ns, find_ns, finds;
    std::uint64_t orders;
    Time began;       // of the incident that is open
    Time detected_at; // ... 0 while there is none
    Time day_length;
    double host_busy, host_busy_round;
    std::uint64_t day, active, returned, before, days,
        last_active; // of users; `before` is yesterday's active
    double retention;
    SlotId slot;
    std::uint32_t count, hosts, users, rules_active, person_called, ready, padding;
};

Watched* watched(Sim& sim, NodeId id) { return reinterpret_cast<Watched*>(&sim.state<State>(id) + 1); }
const Watched* watched(const Sim& sim, NodeId id) {
    return reinterpret_cast<const Watched*>(&sim.state<State>(id) + 1);
}
NodeId target(const Sim& sim, const Watched& seen) { return sim.edges[seen.edge].to; }
bool is_client(const Sim& sim, NodeId node) { return sim.client_numbers[node] != k_none; }

void configure(Sim& sim, NodeId id) {
    const std::uint32_t outs = sim.nodes[id].outs;
    sim.reserve_state(id, sizeof(State) + outs * sizeof(Watched));
    State& state = sim.state<State>(id);
    if (state.ready == 0) {
        station::resize(sim, id, {});
        const SlotId slot = sim.add_slot(Handler::kind, id);
        const std::uint32_t hosts = sim.add_table();
        const std::uint32_t users = sim.add_table();
        State& fresh = sim.state<State>(id);
        fresh.slot = slot;
        fresh.hosts = hosts;
        fresh.users = users;
        fresh.count = outs;
        fresh.ready = 1;
        for (std::uint32_t i = 0; i < outs; ++i) {
            Watched& seen = watched(sim, id)[i];
            seen = {};
            seen.edge = sim.out_edge(id, i);
            sim.nodes[target(sim, seen)].works_aside |= k_scraped;
        }
    }
    sim.state<State>(id).day_length = core::from_seconds(sim.value(id, day_s));
    for (std::uint32_t i = 0; i < outs; ++i) station::refresh_plain(sim, target(sim, watched(sim, id)[i]));
    if (!sim.queue.pending(sim.state<State>(id).slot))
        sim.queue.schedule(sim.state<State>(id).slot, sim.now + core::from_seconds(sim.value(id, scrape_s)));
}

// Mending ----------------------------------------------------------------------------------------------

void restart_dead(Sim& sim, NodeId id) {
    for (std::uint32_t i = 0; i < sim.state<State>(id).count; ++i) {
        const NodeId node = target(sim, watched(sim, id)[i]);
        if (is_client(sim, node) || !sim.group_alive(node)) continue;
        for (std::uint32_t k = 0; k < sim.nodes[node].instances; ++k) {
            if (!sim.instance(node, k).down() || sim.instance(node, k).draining != 0) continue;
            ++sim.state<State>(id).repairs;
            sim.boot(node, static_cast<int>(k), core::from_seconds(sim.value(id, restart_s)));
        }
    }
}

void take_back(Sim& sim, NodeId node) {
    Command command;
    for (const VerbRecord& verb : sim.scenario.nodes[node].kind->verbs)
        if (std::string_view(verb.id) == "rollback") command.verb = &verb;
    command.node = node;
    if (command.verb != nullptr) sim.behaviours[node]->verb(sim, node, command);
}

void roll_back_fresh(Sim& sim, NodeId id) {
    const Time window = core::from_seconds(sim.value(id, release_window_s));
    for (std::uint32_t i = 0; i < sim.state<State>(id).count; ++i) {
        Watched& seen = watched(sim, id)[i];
        const NodeId node = target(sim, seen);
        const Time since = sim.cares[node].released_at;
        if (since == 0 || sim.now > since + window || seen.rolled_back == since) continue;
        seen.rolled_back = since;
        ++sim.state<State>(id).repairs;
        take_back(sim, node);
    }
}

bool is_faulty(const Sim& sim, NodeId node, std::uint32_t index) {
    const Instance& host = sim.instance(node, index);
    return host.down() || host.slow > 1 || sim.cares[node].bad_release != 0;
}

// Hosts that a person looks at, one after the other, until the one with the error.
std::uint32_t hosts_to_search(Sim& sim, NodeId id) {
    std::uint32_t looked = 0;
    for (std::uint32_t i = 0; i < sim.state<State>(id).count; ++i) {
        const NodeId node = target(sim, watched(sim, id)[i]);
        if (is_client(sim, node)) continue;
        for (std::uint32_t k = 0; k < sim.nodes[node].instances; ++k) {
            ++looked;
            if (is_faulty(sim, node, k)) return looked;
        }
    }
    return looked;
}

void call_person(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    if (sim.value(id, on_call_s) <= 0 || state.person_called != 0) return;
    state.person_called = 1;
    const double search = sim.value(id, search_s);
    const bool central = sim.value(id, logs) == 1;
    const Time find =
        core::from_seconds(central ? sim.value(id, ship_s) + search : search * hosts_to_search(sim, id));
    state.find_ns += find;
    ++state.finds;
    sim.wake(id, k_person, core::from_seconds(sim.value(id, on_call_s)) + find);
}

void wake(Sim& sim, NodeId id, std::uint32_t) {
    sim.state<State>(id).person_called = 0;
    if (sim.state<State>(id).rules_active == 0) return; // it has passed
    restart_dead(sim, id);
    roll_back_fresh(sim, id);
}

// Rules --------------------------------------------------------------------------------------------------

Time trouble_since(Sim& sim, NodeId id, Time otherwise) {
    Time first = 0;
    for (std::uint32_t i = 0; i < sim.state<State>(id).count; ++i) {
        const Time since = sim.cares[target(sim, watched(sim, id)[i])].troubled_since;
        if (since != 0 && (first == 0 || since < first)) first = since;
    }
    return first != 0 ? first : otherwise;
}

void alert(Sim& sim, NodeId id, NodeId about, Time broken_since) {
    State& state = sim.state<State>(id);
    ++state.alerts;
    ++state.rules_active;
    sim.note(Happening::alerted, about);
    if (state.detected_at == 0) {
        state.detected_at = sim.now;
        state.began = trouble_since(sim, id, broken_since);
        state.detect_ns += sim.now - state.began;
    }
    call_person(sim, id);
}

void judge(Sim& sim, NodeId id, NodeId about, Rule& rule, bool broken) {
    State& state = sim.state<State>(id);
    if (broken) {
        if (rule.broken_since == 0) rule.broken_since = sim.now;
        if (rule.active != 0 || sim.now - rule.broken_since < core::from_seconds(sim.value(id, for_s)))
            return;
        rule.active = 1;
        alert(sim, id, about, rule.broken_since);
        return;
    }
    rule.broken_since = 0;
    if (rule.active == 0) return;
    rule.active = 0;
    sim.note(Happening::calmed, about);
    if (--state.rules_active != 0) return;
    ++state.incidents;
    state.repair_ns += sim.now - state.began;
    state.detected_at = 0;
}

std::uint64_t count_above(const core::Histogram& seen, Time limit) {
    std::uint64_t count = 0;
    if (seen.count == 0) return 0;
    for (std::uint32_t i = core::Histogram::index_of(limit) + 1; i <= seen.highest_used(); ++i)
        count += seen.counters[i];
    return count;
}

bool any_boots(const Sim& sim, NodeId node) {
    for (std::uint32_t i = 0; i < sim.nodes[node].instances; ++i)
        if (sim.instance(node, i).dead == k_booting) return true;
    return false;
}

// All readings of a round are in: what the node has done since the last one.
void evaluate(Sim& sim, NodeId id, std::uint32_t which) {
    Watched now = watched(sim, id)[which];
    const Watched last = now;
    const NodeId node = target(sim, now);
    const Tally& tally = sim.tallies[node];
    const Capacity capacity = sim.capacity(node);
    const double limit_ms = sim.value(id, alert_p99_ms);
    now.completed = sim.nodes[node].completed;
    now.failed = tally.failed + tally.rejected + tally.timed_out;
    now.finished = now.completed + now.failed;
    now.slow = limit_ms > 0 ? count_above(sim.latency[node], core::from_ms(limit_ms)) : 0;
    now.busy_area = capacity.busy_area;
    now.core_time = capacity.core_time;
    const auto share = [](double part, double whole) { return whole > 0 ? part / whole : 0; };
    now.busy = std::clamp(
        share(static_cast<double>(now.busy_area - last.busy_area), now.core_time - last.core_time), 0.0, 1.0);
    const auto finished = static_cast<double>(now.finished - last.finished);
    const double errors = share(static_cast<double>(now.failed - last.failed), finished);
    const double slow = share(static_cast<double>(now.slow - std::min(now.slow, last.slow)),
                              static_cast<double>(now.completed - last.completed));
    watched(sim, id)[which] = now;
    const auto over = [&](double value, Param limit) {
        return sim.value(id, limit) > 0 && value > sim.value(id, limit);
    };
    // One that is being restarted is not mended yet; one that is new is no trouble.
    const bool comes_back = now.rules[rule_dead].active != 0 && any_boots(sim, node);
    const bool broken[k_rules] = {over(errors, alert_errors), limit_ms > 0 && slow > 0.01,
                                  !is_client(sim, node) && over(now.busy, alert_busy),
                                  sim.value(id, alert_dead) != 0 && (now.dead > 0 || comes_back)};
    for (int rule = 0; rule < k_rules; ++rule)
        judge(sim, id, node, watched(sim, id)[which].rules[rule], broken[rule]);
    State& state = sim.state<State>(id);
    state.host_busy = std::max(state.host_busy_round, now.busy);
    if (state.rules_active == 0) return;
    if (sim.value(id, restarts) != 0) restart_dead(sim, id);
    if (sim.value(id, rolls_back) != 0) roll_back_fresh(sim, id);
}

// Readings -----------------------------------------------------------------------------------------------

void take_reading(Sim& sim, NodeId id, const Request& request) {
    State& state = sim.state<State>(id);
    ++state.readings;
    state.reading_ns += sim.now - request.born;
    std::uint32_t which = 0;
    while (watched(sim, id)[which].edge != request.key) ++which;
    Watched& seen = watched(sim, id)[which];
    const NodeId node = target(sim, seen);
    if (request.version < sim.nodes[node].instances) {
        const Instance& host = sim.instance(node, request.version);
        if (request.bytes != 0 || (host.down() && host.draining == 0)) ++seen.dead;
        const Cpu& cpu = sim.cpus[host.cpu];
        auto& words = sim.tables[state.hosts];
        if (words.size() < sim.cpus.size() * 2) words.resize(std::bit_ceil(sim.cpus.size() * 2), 0);
        Host& known = sim.table<Host>(state.hosts)[host.cpu];
        const Host fresh = {cpu.busy.at(sim.now, cpu.in_use()), sim.now};
        const double passed = static_cast<double>(fresh.at - known.at) * cpu.cores * sim.parts[node].core;
        const bool counts = passed > 0 && known.at != 0 && fresh.busy_area >= known.busy_area;
        if (counts)
            state.host_busy_round =
                std::max(state.host_busy_round,
                         std::min(1.0, static_cast<double>(fresh.busy_area - known.busy_area) / passed));
        known = fresh;
    }
    if (--seen.pending == 0) evaluate(sim, id, which);
}

void send_reading(Sim& sim, NodeId id, Watched& seen, std::uint32_t index) {
    const EdgeId edge = seen.edge;
    const RequestId made = sim.launch(id);
    if (made == k_none) return;
    ++seen.pending;
    Request& request = sim.requests[made];
    request.key = edge;
    request.version = index;
    const Edge& way = sim.edges[edge];
    const bool lost = way.cut != 0; // no answer looks like a dead host
    request.bytes = lost ? 1 : 0;
    sim.frame(made, 0).stage = lost ? coming_back : on_its_way;
    sim.wait(request, lost ? way.give_up : way.delay);
}

void fire(Sim& sim, NodeId id, SlotId slot, std::uint16_t) {
    sim.queue.schedule(slot, sim.now + core::from_seconds(sim.value(id, scrape_s)));
    if (sim.instance(id, 0).dead != 0) return;
    sim.state<State>(id).host_busy_round = 0;
    for (std::uint32_t i = 0; i < sim.state<State>(id).count; ++i) {
        Watched& seen = watched(sim, id)[i];
        const NodeId node = target(sim, seen);
        if (seen.pending != 0) continue; // the last one is not in yet
        seen.dead = 0;
        if (is_client(sim, node)) {
            evaluate(sim, id, i);
            continue;
        }
        for (std::uint32_t k = 0; k < sim.nodes[node].instances; ++k)
            send_reading(sim, id, watched(sim, id)[i], k);
    }
}

// At the host, or back from there.
void timer(Sim& sim, Request& request, Frame& here) {
    const NodeId node = sim.edges[request.key].to;
    if (here.stage == coming_back) {
        take_reading(sim, here.node, request);
        sim.release(sim.id_of(request));
        return;
    }
    const bool there =
        request.version < sim.nodes[node].instances && sim.instance(node, request.version).dead == 0;
    const Time demand = core::from_ms(sim.value(here.node, scrape_ms));
    here.stage = there && demand != 0 ? at_the_host : coming_back;
    if (here.stage == at_the_host)
        station::work_on(sim, request, sim.instance(node, request.version).cpu, demand);
    else
        sim.wait(request, sim.edges[request.key].delay);
}

void worked(Sim& sim, Request& request, Frame& here) {
    here.stage = coming_back;
    sim.wait(request, sim.edges[request.key].delay);
}

// Business -----------------------------------------------------------------------------------------------

void begin_day(State& state, std::uint64_t day) {
    state.last_active = state.active;
    if (state.before > 0)
        state.retention = static_cast<double>(state.returned) / static_cast<double>(state.before);
    state.before = day == state.day + 1 ? state.active : 0;
    state.active = state.returned = 0;
    state.day = day;
    ++state.days;
}

void saw(Sim& sim, NodeId id, const Request& request, Outcome outcome) {
    if (outcome != Outcome::served) return;
    State& state = sim.state<State>(id);
    if (request.is_write()) ++state.orders;
    // Without a division; a day that was made longer while it lasted stays the one it is.
    if (sim.now >= (state.day + 1) * state.day_length) begin_day(state, sim.now / state.day_length);
    const std::uint32_t client = sim.client_numbers[sim.frame(sim.id_of(request), 0).node];
    const std::size_t index = std::size_t{request.user} * sim.client_count + client;
    auto& words = sim.tables[state.users];
    if (index / 2 >= words.size()) words.resize(std::bit_ceil(index / 2 + 1024), 0);
    std::uint32_t& last = sim.table<std::uint32_t>(state.users)[index]; // day + 1; 4 bytes a user
    const auto today = static_cast<std::uint32_t>(state.day + 1);
    if (last == today) return;
    ++state.active;
    if (last == today - 1 && last != 0) ++state.returned;
    last = today;
}

// Figures ------------------------------------------------------------------------------------------------

double gb_per_month(const Sim& sim, NodeId id) {
    std::uint64_t lines = 0;
    for (std::uint32_t i = 0; i < sim.state<State>(id).count; ++i) {
        const NodeId node = target(sim, watched(sim, id)[i]);
        if (!is_client(sim, node)) lines += sim.arrivals(node);
    }
    const double month = 730 * 3600e9; // ns
    const double time = sim.measured_ns();
    const double gb = static_cast<double>(lines) * sim.scenario.weight * sim.value(id, log_kb) / 1e6;
    return time > 0 ? gb * month / time : 0;
}

double cost(const Sim& sim, NodeId id) {
    double hosts = 0;
    for (std::uint32_t i = 0; i < sim.state<State>(id).count; ++i) {
        const NodeId node = target(sim, watched(sim, id)[i]);
        if (!is_client(sim, node)) hosts += sim.nodes[node].instances;
    }
    const double base = sim.value(id, price_usd) > 0
                            ? sim.value(id, price_usd)
                            : hosts * price::of(sim.scenario, price::Item::watched_instance);
    return base + (sim.value(id, logs) == 1 ? gb_per_month(sim, id) * sim.value(id, usd_per_gb) : 0);
}

double business(const Sim& sim, NodeId id, const State& state, int index) {
    const auto real = static_cast<double>(sim.scenario.weight);
    const double days = sim.measured_ns() / 1e9 / sim.value(id, day_s);
    switch (index) {
    case 10: return static_cast<double>(state.days > 0 ? state.last_active : state.active);
    case 11: return std::min(1.0, state.retention);
    case 12: return days > 0 ? static_cast<double>(state.orders) * real * sim.value(id, order_usd) / days : 0;
    default: return gb_per_month(sim, id);
    }
}

double metric(const Sim& sim, NodeId id, int index) {
    const State& state = sim.state<State>(id);
    const auto mean_ms = [](std::uint64_t ns, std::uint64_t count) {
        return count == 0 ? 0 : static_cast<double>(ns) / static_cast<double>(count) / 1e6;
    };
    const std::uint64_t detected = state.incidents + (state.detected_at != 0 ? 1 : 0);
    switch (index) {
    case 0: return static_cast<double>(state.alerts);
    case 1: return static_cast<double>(state.incidents);
    case 2: return mean_ms(state.detect_ns, detected);
    case 3: return mean_ms(state.repair_ns, state.incidents);
    case 4: return mean_ms(state.find_ns, state.finds);
    case 5: return static_cast<double>(state.repairs);
    case 6: return static_cast<double>(state.readings);
    case 7: return mean_ms(state.reading_ns, state.readings);
    case 8: return state.host_busy;
    case 9: {
        double most = 0;
        for (std::uint32_t i = 0; i < state.count; ++i) most = std::max(most, watched(sim, id)[i].busy);
        return most;
    }
    default: return business(sim, id, state, index);
    }
}

void measure(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    state.alerts = state.incidents = state.repairs = state.readings = state.reading_ns = 0;
    state.repair_ns = state.find_ns = state.finds = state.orders = 0;
    state.detect_ns = state.detected_at != 0 ? state.detected_at - state.began : 0;
    for (std::uint32_t i = 0; i < state.count; ++i) {
        Watched& seen = watched(sim, id)[i];
        seen.finished = seen.failed = seen.completed = seen.slow = seen.busy_area = 0;
        seen.core_time = 0;
    }
    auto& words = sim.tables[state.hosts];
    std::fill(words.begin(), words.end(), 0);
}

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .worked = worked,
    .dropped = station::dropped,
    .fire = fire,
    .timer = timer,
    .wake = wake,
    .saw = saw,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = monitoring::k_theory,
};

} // namespace

extern const KindRecord k_monitoring;
const KindRecord k_monitoring = {
    .code = 17,
    .id = "monitoring",
    .name = {"Monitoring", "모니터링"},
    .help = {"Watches what it is linked with: metrics, logs, alerts, and what is done about them.",
             "연결된 대상을 지켜본다. 지표, 로그, 경보, 그리고 그에 따른 조치."},
    .icon = "activity",
    .tier = Tier::watch,
    .role = role_watch,
    .links = role_client | role_route | role_compute | role_cache | role_store | role_queue | role_worker |
             role_group | role_session | role_naming,
    .params = k_params,
    .metrics = k_metrics,
    .closed_form = {"Readings a second = instances / interval; detection = rule + half an interval.",
                    "초당 수집 수 = 서버 수 / 수집 주기, 감지 시간 = 규칙의 지속 시간 + 주기의 절반."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
