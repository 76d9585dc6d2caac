// The walk over the graph that asks every kind for its closed form.
#pragma once

#include "sim/forecast.hpp"

namespace scale::analysis {

class Walk {
public:
    explicit Walk(const Scenario& scenario);
    void
    settle(); // until what is turned away and tried again no longer changes, or there were too many rounds
    bool settled() const { return settled_; }
    int rounds() const { return rounds_; }
    bool tired() const { return rounds_ >= k_rounds; } // a search ends with what it has
    sim::Outlook& outlook() { return all_; }
    const std::vector<sim::NodeId>& order() const { return order_; }

private:
    static constexpr int k_rounds = 1500; // of all searches together: some 0.1 ms to 1 ms each

    void round();
    void gather(sim::NodeId node);
    void go_down(sim::NodeId node);
    void lend();
    void come_back(sim::NodeId node);
    void group_keys();
    void measure_distances();
    void sort();

    sim::Outlook all_;
    int rounds_ = 0, misses_ = 0; // so far; searches that did not settle
    bool settled_ = false;
    std::vector<sim::NodeId> order_; // groups, then from the clients to the far ends
    std::vector<std::vector<sim::EdgeId>> ins_;
};

// Finds what closed clients ask for, and leaves the walk settled there.
void close_loops(Walk& walk);

} // namespace scale::analysis
