// Every change to a running system: one list, from the scenario's events and from what a user does.
#include "sim/sim.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::sim {

namespace {

bool is(const Command& command, std::string_view verb) { return verb == command.verb->id; }

// A planned command, in words that are the same in every language: "60 s, kill 500".
std::string place_of(const Command& command) {
    std::string out = std::to_string(command.at / core::k_second);
    const Time ms = command.at % core::k_second / 1'000'000;
    if (ms != 0) out += "." + std::to_string(1000 + ms).substr(1);
    if (ms != 0) out.erase(out.find_last_not_of('0') + 1);
    out += " s, " + std::string(command.verb->id);
    return command.instance < 0 ? out : out + " " + std::to_string(command.instance);
}

Error bad(std::string what, std::string hint = {}) { return Error{"", std::move(what), std::move(hint)}; }

} // namespace

std::optional<Error> Sim::refuse(const Command& command) const {
    if (command.verb == nullptr) return bad("the command says nothing to do");
    if (command.edge >= 0) {
        if (static_cast<std::size_t>(command.edge) >= scenario.edges.size())
            return bad("there is no such edge");
        return std::nullopt;
    }
    if (command.node < 0 || static_cast<std::size_t>(command.node) >= nodes.size())
        return bad("there is no such node");
    const auto id = static_cast<NodeId>(command.node);
    if (command.instance < 0 || static_cast<std::uint32_t>(command.instance) < nodes[id].instances)
        return std::nullopt;
    const std::uint32_t stands_for = parts[id].instances;
    return bad("\"" + scenario.nodes[id].id + "\" has " + std::to_string(nodes[id].instances) +
                   (nodes[id].instances == 1 ? " instance" : " instances") +
                   (stands_for == 1 ? "" : ", each for " + std::to_string(stands_for) + " of the design"),
               "instances are counted from 0");
}

void Sim::perform(const Command& command) {
    const auto number = static_cast<int>(applied.size());
    applied.push_back(command);
    if (auto why = refuse(command)) {
        why->path = place_of(command);
        not_done.push_back({number, *why});
        note(Happening::not_done, command.node, command.edge, command.instance, number);
        return;
    }
    if (command.edge >= 0)
        change_edge(command);
    else
        change_node(command);
    note(Happening::command, command.node, command.edge, command.instance, number);
}

void Sim::insert(const Command& command) {
    const auto first = schedule.begin() + static_cast<std::ptrdiff_t>(next_command);
    const auto later = [](const Command& a, const Command& b) { return a.at < b.at; };
    schedule.insert(std::upper_bound(first, schedule.end(), command, later), command);
    by_user.push_back(command);
    boundary_at = next_boundary();
}

void Sim::plan(std::vector<Command> log) {
    schedule = scenario.events;
    schedule.insert(schedule.end(), log.begin(), log.end());
    std::stable_sort(schedule.begin(), schedule.end(),
                     [](const Command& a, const Command& b) { return a.at < b.at; });
    by_user = std::move(log);
    boundary_at = next_boundary();
}

void Sim::note(Happening what, int node, int edge, int which, int command) {
    watch.note({now, what, node, edge, which, command});
}

void Sim::cap_reached(NodeId node) {
    ++caps_reached;
    if (watch.first_cap(node, now)) note(Happening::cap_reached, node);
}

void Sim::change_edge(const Command& command) {
    const auto number = static_cast<EdgeId>(command.edge);
    if (is(command, "kill")) set_cut(number, k_cut_itself, true);
    if (is(command, "restore")) set_cut(number, k_cut_itself, false);
    if (is(command, "set"))
        for (const Setting& setting : command.settings) edge_values[number][setting.param] = setting.value;
    configure_edge(number);
    refresh_callers(edges[number].to);
}

void Sim::change_node(const Command& command) {
    const auto id = static_cast<NodeId>(command.node);
    if (is(command, "kill")) {
        kill(id, command.instance);
    } else if (is(command, "restore")) {
        restore(id, command.instance);
    } else if (is(command, "slow")) {
        set_slow(id, command.instance, command.settings.empty() ? 1 : command.settings.front().value);
    } else if (is(command, "fail-at-random")) {
        double given[2] = {command.verb->params[0].fallback, command.verb->params[1].fallback};
        for (const Setting& setting : command.settings) given[setting.param] = setting.value;
        fail_at_random(id, command.instance, given[0], given[1]);
    } else if (is(command, "set")) {
        settle_capacity();
        for (const Setting& setting : command.settings) values[id][setting.param] = setting.value;
        configure(id);
        refresh_callers(id);
    } else if (behaviours[id]->verb != nullptr) {
        behaviours[id]->verb(*this, id, command);
    }
}

void Sim::set_cut(EdgeId number, std::uint8_t why, bool cut) {
    Edge& edge = edges[number];
    edge.cut = static_cast<std::uint8_t>(cut ? edge.cut | why : edge.cut & ~why);
    configure_edge(number);
}

// Callers keep lists of what they call; a changed number of instances changes them.
void Sim::refresh_callers(NodeId id) {
    std::vector<NodeId> callers;
    for (const Edge& edge : edges)
        if (edge.to == id) callers.push_back(edge.from);
    std::sort(callers.begin(), callers.end());
    callers.erase(std::unique(callers.begin(), callers.end()), callers.end());
    for (const NodeId caller : callers) configure(caller);
}

void Sim::take_down(NodeId id, std::uint32_t which, std::uint8_t how) {
    std::uint8_t& dead = instance(id, which).dead;
    const bool was_up = dead == 0;
    dead = static_cast<std::uint8_t>(how == k_booting ? how : (dead & ~k_booting) | how);
    if (!was_up) return;
    station::refresh_plain(*this, id);
    fail_inside(id, static_cast<std::uint16_t>(which));
    if (behaviours[id]->life != nullptr) behaviours[id]->life(*this, id, static_cast<int>(which), false);
    for (std::uint32_t out = 0; out < nodes[id].outs; ++out) {
        const EdgeId edge = out_edge(id, out);
        const NodeId called = edges[edge].to;
        if (behaviours[called]->above != nullptr)
            behaviours[called]->above(*this, called, edge, static_cast<int>(which));
    }
}

void Sim::kill(NodeId id, int only, std::uint8_t cause) {
    settle_capacity();
    for (const NodeId member : members[id])
        if (!watch.is_client[member]) kill(member, -1, cause); // users outlive a data center
    for (std::uint32_t i = 0; i < nodes[id].instances; ++i) {
        if (only >= 0 && static_cast<int>(i) != only) continue;
        const std::uint8_t before = instance(id, i).dead;
        take_down(id, i, cause);
        if (before != 0 && before != k_booting) continue;
        if (cares[id].troubled_since == 0) cares[id].troubled_since = now;
        note(Happening::died, id, -1, static_cast<int>(i));
    }
    tell_callers(id);
}

void Sim::tell_callers(NodeId id) {
    for (std::size_t number = 0; number < edges.size(); ++number) {
        const NodeId caller = edges[number].from;
        if (edges[number].to == id && behaviours[caller]->below != nullptr)
            behaviours[caller]->below(*this, caller, static_cast<EdgeId>(number));
    }
}

// Those that boot come up when they are done.
void Sim::restore(NodeId id, int only, std::uint8_t causes) {
    settle_capacity();
    for (const NodeId member : members[id])
        if (!watch.is_client[member]) restore(member, -1, causes);
    for (std::uint32_t i = 0; i < nodes[id].instances; ++i) {
        std::uint8_t& dead = instance(id, i).dead;
        if ((only >= 0 && static_cast<int>(i) != only) || dead == 0 || dead == k_booting) continue;
        dead &= static_cast<std::uint8_t>(~causes);
        if (dead != 0) continue;
        station::refresh_plain(*this, id);
        if (behaviours[id]->life != nullptr) behaviours[id]->life(*this, id, static_cast<int>(i), true);
        note(Happening::restored, id, -1, static_cast<int>(i));
    }
    mended(id);
    tell_callers(id);
}

void Sim::boot(NodeId id, int only, Time takes) {
    settle_capacity();
    for (const NodeId member : members[id])
        if (!watch.is_client[member]) boot(member, -1, takes);
    for (std::uint32_t i = 0; i < nodes[id].instances; ++i) {
        if (only >= 0 && static_cast<int>(i) != only) continue;
        take_down(id, i, k_booting);
        Instance& starts = instance(id, i);
        starts.boots = (starts.boots + 1u) & 63u;
        wake(id, i | std::uint32_t{starts.boots} << 16, takes, true);
    }
    refresh_callers(id);
    tell_callers(id);
}

void Sim::come_up(NodeId id, std::uint32_t token) {
    const std::uint32_t which = token & 0xFFFF;
    if (which >= nodes[id].instances) return; // removed meanwhile
    Instance& starts = instance(id, which);
    if (starts.dead != k_booting || starts.boots != token >> 16) return; // killed, or begun anew
    settle_capacity();
    starts.dead = 0;
    station::refresh_plain(*this, id);
    if (behaviours[id]->life != nullptr) behaviours[id]->life(*this, id, static_cast<int>(which), true);
    mended(id);
    refresh_callers(id);
    tell_callers(id);
    note(Happening::restored, id, -1, static_cast<int>(which));
}

void Sim::set_slow(NodeId id, int only, double factor) {
    for (const NodeId member : members[id]) set_slow(member, -1, factor);
    for (std::uint32_t i = 0; i < nodes[id].instances; ++i) {
        if (only >= 0 && static_cast<int>(i) != only) continue;
        if (behaviours[id]->slowed != nullptr)
            behaviours[id]->slowed(*this, id, static_cast<int>(i), factor);
        else
            instance(id, i).slow = factor;
    }
    if (factor > 1 && cares[id].troubled_since == 0) cares[id].troubled_since = now;
    mended(id);
    station::refresh_plain(*this, id);
    note(Happening::slowed, id, -1, only);
}

void Sim::mended(NodeId id) {
    if (cares[id].troubled_since == 0 || cares[id].bad_release != 0) return;
    for (std::uint32_t i = 0; i < nodes[id].instances; ++i)
        if (instance(id, i).dead != 0 || instance(id, i).slow > 1) return;
    cares[id].troubled_since = 0;
}

// Callers without a balancer pass by those that boot or drain; when all do, the next one gets it.
std::uint16_t Sim::next_open(Node& node) const {
    std::uint32_t turn = node.next_instance - 1;
    for (std::uint32_t tried = 0; tried < node.instances; ++tried) {
        if (!instances[node.first_instance + turn].away()) break;
        turn = turn + 1 < node.instances ? turn + 1 : 0;
    }
    node.next_instance = turn + 1;
    return static_cast<std::uint16_t>(turn);
}

bool Sim::group_alive(NodeId id) const {
    for (NodeId around = group[id]; around != k_no_node; around = group[around])
        if (nodes[around].instances != 0 && !alive(around)) return false;
    return true;
}

// Connections to a dead instance are reset: their callers learn it at once, what was called from there goes
// on without anybody to answer to.
void Sim::fail_inside(NodeId id, std::uint16_t which) {
    for (RequestId number = 0; number < requests.size(); ++number) {
        const Request& seen = requests[number];
        if (seen.where == Where::free) continue;
        int depth = -1;
        for (int d = seen.base; d < seen.depth && depth < 0; ++d)
            if (frame(number, d).node == id && frame(number, d).instance == which) depth = d;
        if (depth >= 0) fail_at(number, depth);
    }
}

void Sim::fail_at(RequestId number, int depth) {
    const Request& hit = requests[number];
    const bool on_the_way =
        hit.where == Where::out || hit.where == Where::out_timer || hit.where == Where::lost_out;
    const bool is_top = depth == hit.depth - 1;
    if (is_top && on_the_way) return; // has not arrived; will be refused
    if (depth == 0) return;           // clients that are gone still get their answers
    RequestId victim = number;
    if (is_top)
        drop_from_where(number);
    else
        victim = abandon(number, depth + 1);
    if (victim == k_none) return; // no room to split the request: it fails when its answer comes
    const NodeId node = frame(victim, depth).node;
    Frame& here = frame(victim, depth);
    behaviours[node]->dropped(*this, requests[victim], here);
    answer(requests[victim], here, Outcome::failed);
}

} // namespace scale::sim
