// The instances that a balancer spreads requests over: choosing, health, ejection. Plain data in the node's
// block, behind the owner's own state: [owner's State][Header][Backend ...][order of the healthy ones ...].
#pragma once

#include "sim/sim.hpp"

namespace scale::kind {

using sim::EdgeId;
using sim::NodeId;
using sim::Request;
using sim::Sim;
using sim::Time;

enum class Choose : std::uint32_t {
    random,
    round_robin,
    weighted,
    least_connections,
    least_utilization,
    power_of_two,
    source_hash
};

struct BackendRules {
    double eject_slow = 0, eject_most = 1;
    Time eject_for = 0;
    std::uint32_t choose = 0; // Choose
    std::uint32_t checks_health = 0;
    std::uint32_t health_threshold = 1, recover_threshold = 1;
    std::uint32_t count = 0, healthy = 0; // backends, and those in turn
    std::uint32_t turn = 0;
    std::uint32_t filtered = 0; // some edges carry only some requests
};

struct Backend {
    EdgeId edge = 0;
    std::uint16_t instance = 0;
    std::uint32_t outstanding = 0;
    std::uint32_t failed_checks = 0, good_checks = 0; // in a row
    double weight = 1, current = 0;                   // smooth weighted round robin
    double reported = 0;                              // utilization, as of the latest check
    std::uint64_t held_area = 0;                      // of the instance, at the latest check
    std::uint64_t window_count = 0, window_ns = 0;    // answers since the latest check
    Time out_until = 0;                               // slow: ejected until then
    std::uint32_t unhealthy = 0, slow = 0;            // flags: why it is out of turn
};

class Backends {
public:
    Backends(Sim& sim, NodeId owner, BackendRules& rules, std::size_t offset)
        : sim_(sim), owner_(owner), rules_(rules) {
        auto* const block = reinterpret_cast<unsigned char*>(sim.arena.data() + sim.nodes[owner].block);
        list_ = reinterpret_cast<Backend*>(block + offset);
        turn_order_ = reinterpret_cast<std::uint32_t*>(list_ + rules.count);
    }

    // Lists the instances anew; those that stay keep what is known of them.
    static void rebuild(Sim& sim, NodeId owner, std::size_t offset, BackendRules& (*rules)(Sim&, NodeId));

    Backend& operator[](std::uint32_t index) { return list_[index]; }
    std::uint32_t find(EdgeId edge, std::uint16_t instance) const {
        // One tier behind the balancer: the instance is the place.
        const bool there =
            instance < rules_.count && list_[instance].edge == edge && list_[instance].instance == instance;
        return there ? instance : search(edge, instance);
    }
    std::uint32_t pick(const Request& request, std::uint32_t avoid) {
        if (rules_.count == 1 && rules_.healthy == 1 && avoid != 0 && rules_.filtered == 0) return 0;
        return pick_of_many(request, avoid);
    }
    // Whether this one may get the request, whatever the algorithm says.
    bool may_get(std::uint32_t index, const Request& request, std::uint32_t avoid) const {
        const Backend& backend = list_[index];
        return backend.unhealthy == 0 && backend.slow == 0 && !away(backend) && usable(index, request, avoid);
    }
    void answered(std::uint32_t index, Time took, Outcome outcome) { answered(list_[index], took, outcome); }
    static void answered(Backend& backend, Time took, Outcome outcome) {
        if (backend.outstanding > 0) --backend.outstanding;
        if (outcome != Outcome::served) return;
        ++backend.window_count;
        backend.window_ns += took;
    }
    // Short ways past the list, which stands at `list`: the one backend that there is to choose from, and the
    // one that is where its instance says. Null when it is not so simple.
    static Backend* only(const BackendRules& rules, void* list) {
        const bool one = rules.count == 1 && rules.healthy == 1 && rules.filtered == 0;
        return one ? static_cast<Backend*>(list) : nullptr;
    }
    static Backend* at_place(const BackendRules& rules, void* list, EdgeId edge, std::uint16_t instance) {
        Backend* const there = static_cast<Backend*>(list) + instance;
        return instance < rules.count && there->edge == edge && there->instance == instance ? there : nullptr;
    }
    void check(Time interval);
    double imbalance() const;
    double ejected() const { return rules_.count - rules_.healthy; }

private:
    std::uint32_t search(EdgeId edge, std::uint16_t instance) const;
    std::uint32_t pick_of_many(const Request& request, std::uint32_t avoid);
    bool usable(std::uint32_t index, const Request& request, std::uint32_t avoid) const;
    std::uint32_t next_in_turn();
    std::uint32_t choose(const Request& request);
    std::uint32_t weighted();
    std::uint32_t two();
    template<class Score>
    std::uint32_t least(Score score);
    bool away(const Backend& backend) const;
    void check_health(Backend& backend);
    void judge_speed();
    void set_out(Backend& backend, std::uint32_t& reason, bool out);
    void relist();

    Sim& sim_;
    NodeId owner_;
    BackendRules& rules_;
    Backend* list_;
    std::uint32_t* turn_order_; // indexes of the healthy ones, ascending
};

} // namespace scale::kind
