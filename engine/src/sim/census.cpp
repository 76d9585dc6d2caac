#include "sim/census.hpp"

#include "sim/sim.hpp"

#include <algorithm>

namespace scale::sim {

namespace {

constexpr double k_ns = 1e9;
// Counts in a second: few while all is well, so that they cost a per cent at most, and fewer where each sees
// many requests; many when requests pile up, as far as the looks at requests are few or cost little beside
// what these do.
constexpr std::uint32_t k_counts_calm = 4;
constexpr std::uint32_t k_counts_trouble = 16;
constexpr std::size_t k_looks_calm = 1u << 10; // in a second: so many tell enough
constexpr std::size_t k_looks_few = 1u << 12;
constexpr std::size_t k_looks_most = 1u << 17; // even for the calm ones

enum class Place : std::uint8_t { none, waiting, working, disk, delayed, network, lost };

struct Spot {
    NodeId node = 0;
    Place place = Place::none;
    float working = 1; // of those that share the cores: how much of one it has
};

Spot on_edge(const Sim& sim, RequestId id, bool back, Place place) {
    const Request& request = sim.requests[id];
    // An answer on its way has given up its frame, but the frame still stands above the top.
    const std::size_t above = back ? request.depth : request.depth - 1u;
    return {sim.edges[Slab::frames_of(request)[above].edge].to, place, 1};
}

Spot spot_of(const Sim& sim, RequestId id) {
    const Request& request = sim.requests[id];
    switch (request.where) {
    case Where::out:
    case Where::out_timer: return on_edge(sim, id, false, Place::network);
    case Where::back:
    case Where::back_timer: return on_edge(sim, id, true, Place::network);
    case Where::lost_out: return on_edge(sim, id, false, Place::lost);
    case Where::lost_back: return on_edge(sim, id, true, Place::lost);
    default: break;
    }
    if (request.depth == 0) return {};
    const Frame& here = Slab::frames_of(request)[request.depth - 1u];
    if (request.where == Where::queued) return {here.node, Place::waiting, 1};
    if (request.where == Where::timer || request.where == Where::parked)
        return {here.node, Place::delayed, 1};
    const bool ready = request.where == Where::ready;
    if (!ready && request.where != Where::running && request.where != Where::sharing) return {};
    const std::uint32_t cpu = ready ? request.slot : sim.slots[request.slot].owner;
    const bool own = cpu == sim.instance(here.node, here.instance).cpu;
    if (!own) return {here.node, Place::disk, 1};
    const Cpu& used = sim.cpus[cpu];
    const bool shared = request.where == Where::sharing && used.running > used.cores;
    const float part = shared ? static_cast<float>(used.cores) / static_cast<float>(used.running) : 1.0f;
    return {here.node, ready ? Place::waiting : Place::working, part};
}

void add(Account& account, const Spot& spot, float share) {
    switch (spot.place) {
    case Place::none: break;
    case Place::waiting: account.waiting += share; break;
    case Place::working:
        account.working += share * spot.working;
        account.waiting += share * (1 - spot.working); // for the others on the same core
        break;
    case Place::disk: account.disk += share; break;
    case Place::delayed: account.delayed += share; break;
    case Place::network: account.network += share; break;
    case Place::lost: account.lost += share; break;
    }
}

float rate(double now, double before) { return static_cast<float>(std::max(0.0, now - before)); }

float* figures(Account& account) { return reinterpret_cast<float*>(&account); }

// `into` becomes into + (more - into) * weight, figure by figure; of what is worst, the worse.
void blend(Account& into, Account more, float weight) {
    const float slow = std::max(into.slow, more.slow);
    for (std::size_t i = 0; i < k_account_figures; ++i)
        figures(into)[i] += (figures(more)[i] - figures(into)[i]) * weight;
    into.slow = slow;
}

} // namespace

bool is_waited_for(const Sim& sim, RequestId id) {
    for (int parents = 0; parents < 64; ++parents) {
        const Request& request = sim.requests[id];
        if (request.base != 0 || request.where == Where::free) return false;
        if (sim.watch.is_client[Slab::frames_of(request)->node]) return true;
        if (request.timeout_prev == k_none) return false; // a node's own work
        id = request.timeout_prev;
    }
    return false;
}

void Census::load(const Sim& sim) {
    node_count_ = sim.nodes.size();
    now_.assign(node_count_, Account{});
    for (Account& account : now_) std::fill_n(figures(account), k_account_figures, 0.0f);
    sum_ = now_;
    history_.reserve(k_census_points * node_count_);
    marks_.resize(node_count_);
    plan(sim);
}

void Census::restart(const Sim& sim) {
    for (std::size_t i = 0; i < node_count_; ++i) marks_[i] = mark(sim, i);
    held_.assign(sim.instances.size() * 2, 0);
    for (std::size_t i = 0; i < sim.instances.size(); ++i) {
        const Instance& seen = sim.instances[i];
        held_[2 * i] = seen.held_area.at(sim.now, seen.held);
        held_[2 * i + 1] = sim.cpus[seen.cpu].busy.at(sim.now, sim.cpus[seen.cpu].in_use());
    }
}

// Where the count is taken within its part of the second is drawn, so that nothing that happens every so many
// milliseconds is always or never seen.
void Census::plan(const Sim& sim) {
    const std::uint64_t drawn = core::mix(sim.scenario.seed ^ core::mix(seconds_ * 64 + counts_ + 1));
    const double part = static_cast<double>(drawn >> 11) * 0x1p-53;
    const double second = static_cast<double>(seconds_) + (counts_ + part) / planned_;
    next = counts_ < planned_ ? static_cast<Time>(second * k_ns) : core::k_never;
}

void Census::take(const Sim& sim) {
    constexpr std::uint32_t k_ahead = 4; // so many are asked for, one after the other
    std::size_t in_flight = 0;
    for (RequestId id = 0; id < sim.request_end; ++id) {
        core::fetch(&sim.requests[std::min(id + k_ahead, sim.request_end - 1)]);
        found_[in_flight] = id; // without a branch: nobody can predict which are free
        in_flight += sim.requests[id].where != Where::free ? 1 : 0;
    }
    for (std::size_t i = 0; i < in_flight; ++i) {
        const RequestId id = found_[i];
        const Request& later = sim.requests[found_[std::min(i + k_ahead, in_flight - 1)]];
        core::fetch(Slab::frames_of(later) + later.depth);
        const Request& request = sim.requests[id];
        if (request.base != 0)
            count_orphan(sim, id);
        else if (sim.watch.is_client[Slab::frames_of(request)->node] != 0)
            count(sim, id, 1);
    }
    ++counts_;
    plan(sim);
}

void Census::count(const Sim& sim, RequestId id, float share) {
    const Request& request = sim.requests[id];
    if (request.where == Where::parked && request.slot != k_none) {
        float branches = 0;
        for (RequestId child = request.slot; child != k_none; child = sim.requests[child].timeout_next)
            branches += 1;
        for (RequestId child = request.slot; child != k_none; child = sim.requests[child].timeout_next)
            count(sim, child, share / branches);
        return;
    }
    const Spot spot = spot_of(sim, id);
    add(now_[spot.node], spot, share);
}

void Census::count_orphan(const Sim& sim, RequestId id) {
    const Spot spot = spot_of(sim, id);
    if (spot.place == Place::waiting || spot.place == Place::working || spot.place == Place::disk)
        now_[spot.node].nobody += 1;
}

void Census::failed(const Sim& sim, const Request& request, NodeId node, Outcome outcome) {
    const RequestId id = sim.id_of(request);
    if (!is_waited_for(sim, id)) return;
    const Frame& here = Slab::frames_of(request)[request.depth - 1u];
    const Node& at = sim.nodes[node];
    const bool gone = here.instance >= at.instances || sim.instance(node, here.instance).dead != 0;
    Account& account = now_[node];
    (outcome == Outcome::rejected ? account.rejected : gone ? account.refused : account.failed) += 1;
}

void Census::lost(const Sim& sim, const Request& request, NodeId node) {
    if (is_waited_for(sim, sim.id_of(request))) now_[node].cut += 1;
}

// The place where a client's patience ended is that of the branch which is the latest made.
void Census::gave_up(const Sim& sim, RequestId id) {
    while (sim.requests[id].where == Where::parked && sim.requests[id].slot != k_none)
        id = sim.requests[id].slot;
    const Spot spot = spot_of(sim, id);
    now_[spot.node].gave_up += 1;
}

Census::Mark Census::mark(const Sim& sim, std::size_t node) const {
    const auto id = static_cast<NodeId>(node);
    const Capacity capacity = sim.capacity(id);
    const Tally& tally = sim.tallies[node];
    Mark out;
    out.asked = static_cast<double>(tally.asked);
    out.attempts = static_cast<double>(tally.attempts);
    out.arrivals = static_cast<double>(sim.arrivals(id));
    out.completed = static_cast<double>(sim.nodes[node].completed);
    out.busy = static_cast<double>(capacity.busy_area);
    out.held = static_cast<double>(capacity.held_area);
    const KindRecord& kind = *sim.scenario.nodes[node].kind;
    const auto metric = [&](const char* name) {
        const int index = kind.metric_index(name);
        return index < 0 ? 0 : sim.behaviours[node]->metric(sim, id, index);
    };
    for (std::size_t i = 0; i < kind.signs.size() && i < k_signs; ++i) {
        const SignRecord& sign = kind.signs[i];
        out.part[i] = metric(sign.part);
        if (sign.whole == nullptr) continue;
        const bool own_share = sign.whole[0] == 0;
        const bool all = sign.whole[0] == '*'; // metrics count real requests
        out.whole[i] = own_share ? out.completed
                       : all     ? out.completed * sim.scenario.weight
                                 : metric(sign.whole);
        if (own_share) out.part[i] *= out.completed;
        if (sign.lack) out.part[i] = out.whole[i] - out.part[i];
    }
    return out;
}

void Census::measure_signs(const Sim& sim, std::size_t node, const Mark& seen, Account& out) {
    const KindRecord& kind = *sim.scenario.nodes[node].kind;
    const Mark& last = marks_[node];
    for (std::size_t i = 0; i < kind.signs.size() && i < k_signs; ++i) {
        const double whole = seen.whole[i] - last.whole[i];
        const double part = seen.part[i] - last.part[i];
        const double share = whole > 0 ? part / whole : part > 0 ? 1 : 0;
        const double figure = kind.signs[i].whole == nullptr ? seen.part[i] : share;
        out.signs[i] = static_cast<float>(std::max(0.0, figure));
    }
}

void Census::measure_instances(const Sim& sim, std::size_t node, Account& out) {
    const Node& seen = sim.nodes[node];
    const Parts& parts = sim.parts[node];
    double up = 0;
    double ejected = 0;
    double booting = 0;
    for (std::uint32_t i = 0; i < seen.instances; ++i) {
        const std::size_t index = seen.first_instance + i;
        const Instance& instance = sim.instances[index];
        const Cpu& cpu = sim.cpus[instance.cpu];
        up += instance.dead == 0 ? 1 : 0;
        booting += instance.dead == k_booting ? 1 : 0;
        ejected += instance.dead == 0 && instance.ejected != 0 ? 1 : 0;
        out.slow = std::max(out.slow, static_cast<float>(instance.slow * cpu.slow));
        const std::uint64_t held = instance.held_area.at(sim.now, instance.held);
        const std::uint64_t busy = cpu.busy.at(sim.now, cpu.in_use());
        const double workers = static_cast<double>(held - held_[2 * index]) / k_ns / instance.workers;
        const double cores = static_cast<double>(busy - held_[2 * index + 1]) / k_ns / cpu.cores;
        const double most = std::max(workers / parts.worker, cores / parts.core);
        if (std::max(workers, cores) < 1.01)
            out.busiest = std::max(out.busiest, std::min(1.0f, static_cast<float>(most)));
        held_[2 * index] = held;
        held_[2 * index + 1] = busy;
    }
    const double count = std::max(1u, seen.instances);
    out.up = static_cast<float>(up / count);
    out.ejected = static_cast<float>(ejected / count);
    out.booting = static_cast<float>(booting / count);
}

void Census::measure(const Sim& sim, std::size_t node, Account& out) {
    const float part = 1.0f / static_cast<float>(std::max(1u, counts_));
    for (float* mean :
         {&out.waiting, &out.working, &out.disk, &out.delayed, &out.network, &out.lost, &out.nobody})
        *mean *= part;
    const Mark seen = mark(sim, node);
    const Mark& last = marks_[node];
    const Capacity capacity = sim.capacity(static_cast<NodeId>(node));
    out.asked = rate(seen.asked, last.asked);
    out.attempts = rate(seen.attempts, last.attempts);
    out.arrivals = rate(seen.arrivals, last.arrivals);
    out.completed = rate(seen.completed, last.completed);
    out.cores = std::min(1.0f, rate(seen.busy / k_ns, last.busy / k_ns) / static_cast<float>(capacity.cores));
    out.workers =
        std::min(1.0f, rate(seen.held / k_ns, last.held / k_ns) / static_cast<float>(capacity.workers));
    measure_signs(sim, node, seen, out);
    marks_[node] = seen;
    measure_instances(sim, node, out);
}

void Census::second(const Sim& sim) {
    if (held_.size() != sim.instances.size() * 2) { // instances came: their areas begin here
        const std::vector<Mark> before = marks_;
        restart(sim);
        marks_ = before;
    }
    bool trouble = false;
    double arrived = 0; // at all nodes
    for (std::size_t i = 0; i < node_count_; ++i) {
        measure(sim, i, now_[i]);
        arrived += now_[i].arrivals;
        trouble = trouble || now_[i].ended() > 0 || std::max(now_[i].cores, now_[i].workers) > 0.97f;
    }
    keep(now_);
    for (Account& account : now_) std::fill_n(figures(account), k_account_figures, 0.0f);
    ++seconds_;
    counts_ = 0;
    const std::size_t most = std::max<std::size_t>(1, sim.request_end);
    const auto counts = [most](std::size_t looks) { return static_cast<std::uint32_t>(looks / most); };
    const std::uint32_t cheap = counts(std::max(k_looks_few, static_cast<std::size_t>(arrived / 2)));
    const std::uint32_t calm = std::clamp(counts(k_looks_calm), 1u, k_counts_calm);
    const std::uint32_t wanted = trouble ? std::clamp(cheap, k_counts_calm, k_counts_trouble) : calm;
    planned_ = std::clamp(counts(k_looks_most), 1u, wanted);
    plan(sim);
}

void Census::keep(std::span<const Account> step) {
    ++gathered_;
    for (std::size_t i = 0; i < node_count_; ++i) {
        if (gathered_ == 1)
            sum_[i] = step[i];
        else
            blend(sum_[i], step[i], 1.0f / static_cast<float>(gathered_));
    }
    if (gathered_ < static_cast<std::uint32_t>(step_s_)) return;
    gathered_ = 0;
    history_.insert(history_.end(), sum_.begin(), sum_.end());
    if (++steps_ == k_census_points) fold();
}

void Census::fold() {
    steps_ /= 2;
    step_s_ *= 2;
    for (std::size_t step = 0; step < steps_; ++step) {
        for (std::size_t i = 0; i < node_count_; ++i) {
            Account both = at(2 * step, i);
            blend(both, at(2 * step + 1, i), 0.5f);
            history_[step * node_count_ + i] = both;
        }
    }
    history_.resize(steps_ * node_count_);
}

} // namespace scale::sim
