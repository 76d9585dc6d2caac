#include "kinds/backends.hpp"

#include <algorithm>
#include <vector>

namespace scale::kind {

using sim::k_none;

namespace {

std::size_t bytes_for(std::size_t offset, std::size_t count) {
    return offset + count * (sizeof(Backend) + sizeof(std::uint32_t));
}

} // namespace

void Backends::rebuild(Sim& sim, NodeId owner, std::size_t offset, BackendRules& (*rules)(Sim&, NodeId)) {
    std::vector<Backend> before;
    {
        Backends old(sim, owner, rules(sim, owner), offset);
        before.assign(old.list_, old.list_ + old.rules_.count);
    }
    std::vector<Backend> now;
    bool filtered = false;
    for (std::uint32_t out = 0; out < sim.nodes[owner].outs; ++out) {
        const EdgeId edge = sim.out_edge(owner, out);
        const sim::Edge& way = sim.edges[edge];
        filtered = filtered || way.carries != 0;
        for (std::uint32_t i = 0; i < sim.nodes[way.to].instances; ++i) {
            Backend made;
            made.edge = edge;
            made.instance = static_cast<std::uint16_t>(i);
            for (const Backend& known : before)
                if (known.edge == edge && known.instance == i) made = known;
            made.weight = way.weight;
            now.push_back(made);
        }
    }
    sim.reserve_state(owner, bytes_for(offset, now.size()));
    rules(sim, owner).count = static_cast<std::uint32_t>(now.size());
    rules(sim, owner).filtered = filtered ? 1 : 0;
    Backends fresh(sim, owner, rules(sim, owner), offset);
    std::copy(now.begin(), now.end(), fresh.list_);
    fresh.relist();
}

// Booting or draining: whoever did that has told the balancers.
bool Backends::away(const Backend& backend) const {
    return sim_.instance(sim_.edges[backend.edge].to, backend.instance).away();
}

void Backends::relist() {
    rules_.healthy = 0;
    for (std::uint32_t i = 0; i < rules_.count; ++i)
        if (list_[i].unhealthy == 0 && list_[i].slow == 0 && !away(list_[i]))
            turn_order_[rules_.healthy++] = i;
}

// Out-edges are in ascending order, and so are the instances behind each.
std::uint32_t Backends::search(EdgeId edge, std::uint16_t instance) const {
    const Backend* const begin = list_;
    const Backend* const end = list_ + rules_.count;
    const Backend* const found =
        std::lower_bound(begin, end, edge, [instance](const Backend& b, EdgeId wanted) {
            return b.edge < wanted || (b.edge == wanted && b.instance < instance);
        });
    if (found == end || found->edge != edge || found->instance != instance) return k_none;
    return static_cast<std::uint32_t>(found - begin);
}

bool Backends::usable(std::uint32_t index, const Request& request, std::uint32_t avoid) const {
    return index != avoid && (rules_.filtered == 0 || sim_.carries(list_[index].edge, request));
}

std::uint32_t Backends::pick_of_many(const Request& request, std::uint32_t avoid) {
    if (rules_.healthy == 0) return k_none;
    const std::uint32_t chosen = choose(request);
    if (usable(chosen, request, avoid)) return chosen;
    // What the algorithm likes is not to be had: the next in turn that is.
    for (std::uint32_t i = 0; i < rules_.healthy; ++i) {
        const std::uint32_t other = next_in_turn();
        if (usable(other, request, avoid)) return other;
    }
    return k_none;
}

std::uint32_t Backends::next_in_turn() {
    const std::uint32_t place = rules_.turn < rules_.healthy ? rules_.turn : 0;
    rules_.turn = place + 1;
    return turn_order_[place];
}

std::uint32_t Backends::choose(const Request& request) {
    switch (static_cast<Choose>(rules_.choose)) {
    case Choose::random: return turn_order_[sim_.streams[owner_].route.below(rules_.healthy)];
    case Choose::round_robin: return next_in_turn();
    case Choose::weighted: return weighted();
    case Choose::least_connections: return least([](const Backend& b) { return b.outstanding; });
    case Choose::least_utilization: return least([](const Backend& b) { return b.reported; });
    case Choose::power_of_two: return two();
    case Choose::source_hash: return turn_order_[core::mix(request.user + 0x51ED2701u) % rules_.healthy];
    }
    return next_in_turn();
}

// Each gains its weight, the richest is chosen and pays the sum: shares are exact and evenly spread in time.
std::uint32_t Backends::weighted() {
    double sum = 0;
    std::uint32_t best = turn_order_[0];
    for (std::uint32_t i = 0; i < rules_.healthy; ++i) {
        Backend& backend = list_[turn_order_[i]];
        backend.current += backend.weight;
        sum += backend.weight;
        if (backend.current > list_[best].current) best = turn_order_[i];
    }
    list_[best].current -= sum;
    return best;
}

std::uint32_t Backends::two() {
    if (rules_.healthy == 1) return turn_order_[0];
    sim::Random& random = sim_.streams[owner_].route;
    const std::uint32_t first = random.below(rules_.healthy);
    std::uint32_t second = random.below(rules_.healthy - 1);
    if (second >= first) ++second;
    const std::uint32_t a = turn_order_[first];
    const std::uint32_t b = turn_order_[second];
    return list_[b].outstanding < list_[a].outstanding ? b : a;
}

// The lowest score; equals take turns.
template<class Score>
std::uint32_t Backends::least(Score score) {
    std::uint32_t place = rules_.turn < rules_.healthy ? rules_.turn : 0;
    std::uint32_t best = turn_order_[place];
    std::uint32_t best_place = place;
    for (std::uint32_t i = 1; i < rules_.healthy; ++i) {
        place = place + 1 < rules_.healthy ? place + 1 : 0;
        const std::uint32_t other = turn_order_[place];
        if (score(list_[other]) >= score(list_[best])) continue;
        best = other;
        best_place = place;
    }
    rules_.turn = best_place + 1;
    return best;
}

void Backends::set_out(Backend& backend, std::uint32_t& reason, bool out) {
    if ((reason != 0) == out) return;
    const bool was_out = backend.unhealthy != 0 || backend.slow != 0;
    reason = out ? 1 : 0;
    const bool is_out = backend.unhealthy != 0 || backend.slow != 0;
    if (was_out == is_out) return;
    const NodeId to = sim_.edges[backend.edge].to;
    sim::Instance& instance = sim_.instance(to, backend.instance);
    if (is_out)
        ++instance.ejected;
    else if (instance.ejected > 0)
        --instance.ejected;
    sim_.note(is_out ? Happening::ejected : Happening::readmitted, to, -1, backend.instance);
}

void Backends::check_health(Backend& backend) {
    if (away(backend)) return;
    const sim::Edge& way = sim_.edges[backend.edge];
    const bool good = way.cut == 0 && sim_.instance(way.to, backend.instance).dead == 0;
    backend.good_checks = good ? backend.good_checks + 1 : 0;
    backend.failed_checks = good ? 0 : backend.failed_checks + 1;
    if (backend.failed_checks >= rules_.health_threshold)
        set_out(backend, backend.unhealthy, true);
    else if (backend.good_checks >= rules_.recover_threshold)
        set_out(backend, backend.unhealthy, false);
}

// Compares the mean answer times since the latest check with their median.
void Backends::judge_speed() {
    std::vector<double>& means = sim_.scratch;
    means.clear();
    std::uint32_t out = 0;
    for (std::uint32_t i = 0; i < rules_.count; ++i) {
        Backend& backend = list_[i];
        if (backend.slow != 0 && backend.out_until <= sim_.now) set_out(backend, backend.slow, false);
        out += backend.slow;
        if (backend.window_count != 0)
            means.push_back(static_cast<double>(backend.window_ns) /
                            static_cast<double>(backend.window_count));
    }
    if (means.size() < 2) return;
    std::nth_element(means.begin(), means.begin() + static_cast<std::ptrdiff_t>((means.size() - 1) / 2),
                     means.end());
    const double median = means[(means.size() - 1) / 2];
    for (std::uint32_t i = 0; i < rules_.count; ++i) {
        Backend& backend = list_[i];
        if (backend.slow != 0 || backend.window_count == 0) continue;
        const double mean =
            static_cast<double>(backend.window_ns) / static_cast<double>(backend.window_count);
        if (mean <= median * rules_.eject_slow || out + 1 > rules_.eject_most * rules_.count) continue;
        set_out(backend, backend.slow, true);
        backend.out_until = sim_.now + rules_.eject_for;
        ++out;
    }
}

void Backends::check(Time interval) {
    for (std::uint32_t i = 0; i < rules_.count; ++i) {
        Backend& backend = list_[i];
        const sim::Instance& instance = sim_.instance(sim_.edges[backend.edge].to, backend.instance);
        const std::uint64_t area = instance.held_area.at(sim_.now, instance.held);
        const double held = area < backend.held_area ? 0 : static_cast<double>(area - backend.held_area);
        backend.held_area = area;
        backend.reported = held / (static_cast<double>(interval) * instance.workers);
        if (rules_.checks_health != 0) check_health(backend);
    }
    if (rules_.eject_slow > 0) judge_speed();
    for (std::uint32_t i = 0; i < rules_.count; ++i) list_[i].window_count = list_[i].window_ns = 0;
    relist();
}

double Backends::imbalance() const {
    double sum = 0;
    double most = 0;
    for (std::uint32_t i = 0; i < rules_.count; ++i) {
        const NodeId to = sim_.edges[list_[i].edge].to;
        const auto seen = static_cast<double>(sim_.instance(to, list_[i].instance).arrivals);
        sum += seen;
        most = std::max(most, seen);
    }
    return sum > 0 ? most * rules_.count / sum : 1;
}

} // namespace scale::kind
