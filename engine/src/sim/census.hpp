// Where the time of requests goes and where they fail: a count of all that are in flight, at moments spread
// over every second, and the place where each failure began. Always on, observed, never hashed: a run is the
// same whoever looks.
#pragma once

#include "core/hash.hpp"
#include "scale/world.hpp"
#include "sim/request.hpp"

#include <array>
#include <span>
#include <vector>

namespace scale::sim {

class Sim;

inline constexpr std::size_t k_signs = 4; // that a kind may declare

// One node over one step of the history. Numbers of requests are means over the step, of those that a client
// waits for: a request that is spread over n branches counts as 1/n at each of them.
struct Account {
    float waiting = 0; // for a worker or for a core
    float working = 0; // on a core
    float disk = 0;    // at a device of the node's own, waiting or being read
    float delayed = 0; // held by a timer or parked; of clients: between two tries
    float network = 0; // on the way to this node or back from it
    float lost = 0;    // sent into a cut edge to this node, or back over it
    float nobody = 0;  // requests here that nobody waits for any more
    // Tries of clients that ended here, per second.
    float failed = 0, refused = 0, rejected = 0, cut = 0, gave_up = 0;
    float asked = 0, attempts = 0;          // of clients, per second
    float arrivals = 0, completed = 0;      // per second
    float cores = 0, workers = 0;           // busy shares
    float busiest = 0;                      // of its instances, the busiest
    float up = 1, ejected = 0, booting = 0; // shares of the instances
    float slow = 1;                         // how much slower than set
    std::array<float, k_signs> signs{};     // what the kind declares (KindRecord::signs)

    float here() const { return waiting + working + disk + delayed; }
    float ended() const { return failed + refused + rejected + cut + gave_up; }
};
inline constexpr std::size_t k_account_figures = sizeof(Account) / sizeof(float);
static_assert(sizeof(Account) == k_account_figures * sizeof(float));

// Steps grow from 1 s to 2, 4, ... when the history is full.
inline constexpr std::size_t k_census_points = 512;

class Census {
public:
    void load(const Sim& sim);
    void slab_grew(std::size_t requests) { found_.resize(requests); }
    void restart(const Sim& sim); // the counters were set to zero
    void take(const Sim& sim);    // counts what is in flight now
    void second(const Sim& sim);  // a whole second has passed
    // A client's request has failed at a node, for the first time since its caller sent it.
    void failed(const Sim& sim, const Request& request, NodeId node, Outcome outcome);
    void lost(const Sim& sim, const Request& request, NodeId node);
    void gave_up(const Sim& sim, RequestId request);

    Time next = 0; // when to count
    double step_s() const { return step_s_; }
    std::size_t steps() const { return steps_; }
    std::size_t nodes() const { return node_count_; }
    const Account& at(std::size_t step, std::size_t node) const {
        return history_[step * node_count_ + node];
    }

private:
    struct Mark { // counters at the last whole second
        double asked = 0, attempts = 0, arrivals = 0, completed = 0, busy = 0, held = 0;
        std::array<double, k_signs> part{}, whole{};
    };
    void count(const Sim& sim, RequestId id, float share);
    void count_orphan(const Sim& sim, RequestId id);
    void measure(const Sim& sim, std::size_t node, Account& out);
    void measure_instances(const Sim& sim, std::size_t node, Account& out);
    void measure_signs(const Sim& sim, std::size_t node, const Mark& seen, Account& out);
    Mark mark(const Sim& sim, std::size_t node) const;
    void keep(std::span<const Account> step);
    void fold();
    void plan(const Sim& sim);

    std::size_t node_count_ = 0, steps_ = 0;
    double step_s_ = 1;
    std::uint32_t counts_ = 0;        // in this second
    std::uint32_t planned_ = 4;       // in every second
    std::uint32_t gathered_ = 0;      // seconds in sum_
    std::uint64_t seconds_ = 0;       // whole seconds so far
    std::vector<Account> now_;        // sums of this second
    std::vector<Account> sum_;        // of the seconds of a step that is not full
    std::vector<Account> history_;    // k_census_points x nodes
    std::vector<Mark> marks_;         // per node
    std::vector<RequestId> found_;    // room for all numbers of requests
    std::vector<std::uint64_t> held_; // per instance: busy area at the last whole second
};

// Whether a client waits for the request, itself or through what it is a branch of.
bool is_waited_for(const Sim& sim, RequestId request);

} // namespace scale::sim
