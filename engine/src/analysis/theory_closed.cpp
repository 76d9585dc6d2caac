// Closed clients: a fixed number who wait for the answer, think, and ask again.
#include "analysis/theory.hpp"

#include "core/maths.hpp"

#include <algorithm>
#include <cmath>

namespace scale::analysis {

using sim::NodeId;
using sim::NodeOutlook;

namespace {

constexpr double k_exact_most = 4000; // users whose network is solved exactly

// A place where cores are waited for, as seen by one request.
struct Station {
    double demand_s = 0; // on its cores, per request
    double servers = 1;
    double count = 1; // of its kind, among which requests are divided
};

// Buzen's convolution with sums of positive terms only, so that it is stable; numbers are scaled by the
// throughput that is expected, so that they stay near 1 where they count.
class ProductForm {
public:
    ProductForm(double users, double delay_s, std::vector<Station> stations)
        : users_(static_cast<std::size_t>(users)), stations_(std::move(stations)) {
        double most = users / std::max(delay_s + all_demands(), 1e-12);
        for (const Station& one : stations_)
            if (one.demand_s > 0) most = std::min(most, one.count * one.servers / one.demand_s);
        scale_ = most;
        begin(delay_s * scale_);
        total_ = all_but(stations_.size());
    }

    double per_s() const {
        return total_[users_] > 0 ? scale_ * total_[users_ - 1] / total_[users_] : scale_;
    }

    // Mean number at one of the stations of that place, by the arrival theorem.
    double inside(std::size_t which) const {
        const Station& one = stations_[which];
        const double a = one.demand_s / one.count * scale_;
        if (a == 0) return 0;
        const std::vector<double> without = all_but(which);
        double sum = 0, whole = 0, weight = 1;
        for (std::size_t n = 0; n <= users_; ++n) {
            if (n > 0) weight *= a / std::min(static_cast<double>(n), one.servers);
            const double p = weight * std::max(0.0, without[users_ - n]);
            sum += static_cast<double>(n) * p;
            whole += p;
        }
        return whole > 0 ? sum / whole : 0;
    }

private:
    double all_demands() const {
        double sum = 0;
        for (const Station& one : stations_) sum += one.demand_s;
        return sum;
    }

    void begin(double thinking) {
        start_.assign(users_ + 1, 0.0);
        if (thinking == 0) {
            start_[0] = 1;
            return;
        }
        const double n = static_cast<double>(users_);
        const double peak = std::min(n, std::floor(thinking));
        const double at_peak = peak * core::log(thinking) - core::log_gamma(peak + 1);
        for (std::size_t i = 0; i <= users_; ++i) {
            const double x = static_cast<double>(i);
            start_[i] = core::exp(x * core::log(thinking) - core::log_gamma(x + 1) - at_peak);
        }
    }

    // Weights a^n/n! up to the servers, then geometric: a polynomial over (1 - a z / c).
    void polynomial(const Station& one, std::vector<double>& out) const {
        const double a = one.demand_s / one.count * scale_;
        double power = 1;
        for (double n = 0; n < one.servers; n += 1) {
            out.push_back(power * (1 - n / one.servers));
            power *= a / (n + 1);
        }
    }

    void add(const Station& one, std::vector<double>& to) const {
        std::vector<double> own;
        polynomial(one, own);
        const double ratio = one.demand_s / one.count * scale_ / one.servers;
        std::vector<double> next(to.size(), 0.0);
        for (std::size_t n = 0; n < to.size(); ++n)
            for (std::size_t k = 0; k < own.size() && k <= n; ++k) next[n] += own[k] * to[n - k];
        for (std::size_t n = 1; n < next.size(); ++n) next[n] += ratio * next[n - 1];
        to = std::move(next);
    }

    // The network without one of the stations at that place.
    std::vector<double> all_but(std::size_t which) const {
        std::vector<double> out = start_;
        for (std::size_t s = 0; s < stations_.size(); ++s)
            for (double i = s == which ? 1 : 0; i < stations_[s].count; i += 1) add(stations_[s], out);
        return out;
    }

    std::size_t users_;
    std::vector<Station> stations_;
    std::vector<double> start_, total_; // of nobody but the thinking, of all
    double scale_ = 1;
};

// What requests of the one closed client need, from a walk at the throughput that it has now.
struct Needs {
    double delay_s = 0; // think time, networks, look-ups: nobody waits there
    std::vector<Station> stations;
    std::vector<NodeId> nodes;
};

double core_seconds(const std::vector<sim::Work>& works) {
    double sum = 0;
    for (const sim::Work& work : works) sum += work.per_s * work.service.mean * 1e-9;
    return sum;
}

Needs needs_of(Walk& walk, NodeId client) {
    sim::Outlook& all = walk.outlook();
    const NodeOutlook& users = all.nodes[client];
    Needs out;
    double at_cores = 0;
    for (NodeId id = 0; id < all.nodes.size(); ++id) {
        const NodeOutlook& node = all.nodes[id];
        const bool machine = node.lent.cores > 0;
        const std::string& group = all.scenario.nodes[id].in;
        const bool lodged = !group.empty() &&
                            all.nodes[static_cast<std::size_t>(all.scenario.find_node(group))].lent.cores > 0;
        const std::vector<sim::Work>& works = machine ? node.lent.works : node.works;
        const double busy = core_seconds(works);
        if (busy == 0 || lodged) continue;
        out.nodes.push_back(id);
        out.stations.push_back({busy / users.cycle_per_s, machine ? node.lent.cores : node.servers,
                                machine ? 1 : node.size.instances * 1.0});
        at_cores += busy / users.cycle_per_s;
    }
    const double response = all.laws.mean(users.response.law) + users.response.tries_s;
    out.delay_s = users.think_s + std::max(0.0, response - at_cores);
    return out;
}

// Nobody waits anywhere: every station holds only what is being worked on.
void without_waiting(Walk& walk) {
    sim::Outlook& all = walk.outlook();
    all.closed_inside.assign(all.nodes.size(), -1);
    for (NodeId id = 0; id < all.nodes.size(); ++id)
        all.closed_inside[id] = core_seconds(all.nodes[id].works);
    walk.settle();
}

void share_among_members(sim::Outlook& all, NodeId machine, double inside) {
    const double whole = core_seconds(all.nodes[machine].lent.works);
    for (NodeId id = 0; id < all.nodes.size(); ++id)
        if (all.scenario.nodes[id].in == all.scenario.nodes[machine].id)
            all.closed_inside[id] = inside * core_seconds(all.nodes[id].works) / whole;
}

void solve_alone(Walk& walk, NodeId client) {
    sim::Outlook& all = walk.outlook();
    NodeOutlook& users = all.nodes[client];
    for (int i = 0; i < 3; ++i) {
        without_waiting(walk);
        const Needs needs = needs_of(walk, client);
        const ProductForm form(users.users, needs.delay_s, needs.stations);
        users.cycle_per_s = form.per_s();
        if (i < 2) continue;
        for (std::size_t s = 0; s < needs.nodes.size(); ++s) {
            const double inside = form.inside(s) * needs.stations[s].count;
            all.closed_inside[needs.nodes[s]] = inside;
            if (all.nodes[needs.nodes[s]].lent.cores > 0) share_among_members(all, needs.nodes[s], inside);
        }
        walk.settle();
    }
}

double response_of(const sim::Outlook& all, NodeId client) {
    const NodeOutlook& users = all.nodes[client];
    for (const NodeOutlook& node : all.nodes)
        if (!node.figures.steady) return core::k_infinity;
    return all.laws.mean(users.response.law) + users.response.tries_s;
}

// How many more than there are would be needed for that many requests per second; more the more they ask for.
double missing(Walk& walk, NodeId client, double per_s) {
    sim::Outlook& all = walk.outlook();
    NodeOutlook& users = all.nodes[client];
    users.cycle_per_s = per_s;
    walk.settle();
    return per_s * (users.think_s + response_of(all, client)) - users.users;
}

// Between too few and too many: along the straight line where both are known (Illinois: of an end that stays,
// only half counts), in the middle where the queues of one have no end.
void find_cycle(Walk& walk, NodeId client) {
    constexpr int k_tries = 40;
    constexpr double k_near = 1e-7, k_exact = 1e-8; // shares of the rate, and of the users
    NodeOutlook& users = walk.outlook().nodes[client];
    double low = 0, high = users.users / std::max(users.think_s, 1e-6);
    double too_few = -users.users, too_many = core::k_infinity;
    int side = 0; // that the latest was on
    for (int i = 0; i < k_tries && high - low > k_near * high && !walk.tired(); ++i) {
        const double line = low - too_few * (high - low) / (too_many - too_few);
        const bool known = too_many < core::k_infinity && line > low && line < high;
        const double per_s = known ? line : (low + high) / 2;
        const double more = missing(walk, client, per_s);
        if (std::abs(more) < k_exact * users.users) return;
        if (more < 0) {
            low = per_s;
            too_few = more;
            if (side < 0 && too_many < core::k_infinity) too_many /= 2;
        } else {
            high = per_s;
            too_many = more == more ? more : core::k_infinity;
            if (side > 0) too_few /= 2;
        }
        side = more < 0 ? -1 : 1;
    }
    users.cycle_per_s = low;
}

// Many users, or several groups: as many per second as users / (think + response) says, the response taken
// from open queues. Right in the limit of many users.
void solve_by_halves(Walk& walk, const std::vector<NodeId>& clients) {
    constexpr double k_same = 1e-6;
    const int sweeps = clients.size() == 1 ? 1 : 8;
    bool moved = true;
    for (int sweep = 0; sweep < sweeps && moved && !walk.tired(); ++sweep) {
        moved = false;
        for (const NodeId client : clients) {
            const double& found = walk.outlook().nodes[client].cycle_per_s;
            const double before = found;
            find_cycle(walk, client);
            moved = moved || std::abs(found - before) > k_same * before;
        }
    }
    walk.settle();
}

} // namespace

void close_loops(Walk& walk) {
    sim::Outlook& all = walk.outlook();
    std::vector<NodeId> closed;
    bool open = false;
    for (NodeId id = 0; id < all.nodes.size(); ++id) {
        NodeOutlook& node = all.nodes[id];
        if (node.users > 0) {
            closed.push_back(id);
            node.cycle_per_s = 1e-3 * node.users / (node.think_s + 1);
        } else if (node.offered_per_s > 0) {
            open = true;
        }
    }
    if (closed.empty()) return;
    if (closed.size() == 1 && !open && all.nodes[closed[0]].users <= k_exact_most)
        solve_alone(walk, closed[0]);
    else
        solve_by_halves(walk, closed);
}

} // namespace scale::analysis
