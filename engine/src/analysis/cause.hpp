// How a cause is found: the steps of the census as one list, the episodes of trouble in it, and the diagnosis
// of one of them.
#pragma once

#include "scale/insight.hpp"
#include "sim/sim.hpp"

#include <vector>

namespace scale::analysis {

using sim::Account;
using sim::NodeId;

// The whole system in one step of the census.
struct Step {
    double live = 0;                                           // requests that clients wait for, mean number
    double asked = 0, attempts = 0, failed = 0, completed = 0; // per second
    double missing = 0; // per second: answered, without what was stored
    double old = 0;     // ... of these, with an old value
    double p90_ms = 0, p99_ms = 0;
    bool trouble = false, failing = false, slow = false;
};

// From step `from` to before step `to`.
struct Stretch {
    std::size_t from = 0, to = 0;
    bool empty() const { return to <= from; }
};

// Requests per second that a store answered without what the users have stored.
struct Missing {
    double elsewhere = 0; // written to another store
    double old = 0;       // answered with an old value, where that is more than a design reckons with
    double all() const { return elsewhere + old; }
};
Missing missing_at(const KindRecord& kind, const Account& account, bool however_few = false);

class History {
public:
    explicit History(const World& world);

    const World& world() const { return world_; }
    const sim::Sim& sim() const { return sim_; }
    const Scenario& scenario() const { return sim_.scenario; }
    const std::vector<Step>& steps() const { return steps_; }
    double step_s() const { return step_s_; }
    std::size_t step_of(double time_s) const;

    std::vector<Stretch> episodes(Stretch within) const;   // of trouble; short gaps are bridged
    Stretch quiet_before(std::size_t step) const;          // what it was like before, if anything was
    Account node(Stretch stretch, std::size_t node) const; // means
    Step all(Stretch stretch) const;
    double least_up(Stretch stretch, std::size_t node) const; // share of the instances
    // In more of these steps requests failed than were slow.
    bool fails_rather(Stretch stretch) const;
    double harm(Stretch stretch) const; // user-seconds lost, to compare episodes by
    double failing_limit() const { return failing_limit_; }
    // One of several groups of clients for whom most requests fail, however few these are of all.
    struct Group {
        int client = -1; // -1 is none
        double failing = 0;
    };
    Group failing_group(Stretch stretch) const;

private:
    void read_steps();
    void read_series(const Series& series);
    bool group_fails(std::size_t step) const;
    void judge();
    struct Calm {
        double p90_ms = 0, p99_ms = 0;
        double mean_s = 0; // inside, over those who come: Little
    };
    void judge(Step& step, const Step& seen, const Calm& calm) const;
    Calm calm(const std::vector<Step>& smooth) const;
    void judge_few(const Calm& calm); // p99 alone tells that some wait long

    const World& world_;
    const sim::Sim& sim_;
    std::vector<Step> steps_;
    double step_s_ = 1;
    double failing_limit_ = 0.01;
};

// Finds out what is behind an episode of trouble, from the figures of a part of it.
Cause diagnose(const History& history, Stretch episode, Stretch seen);
Cause healthy(const History& history, Stretch stretch);
// Writes Cause::sentence.
struct Headline {
    double before_ms = 0, now_ms = 0; // p99
    double failing = 0;               // share of the requests; those that find nothing, where that is it
    int group = -1;                   // of these clients alone
    bool old_values = false;          // these are what is found instead
    bool refuses_writes = false;      // for want of a primary, or of room
    double down = 1;                  // share of the instances, where some are up
    double messages = 0;              // that wait
    int queue = -1;                   // in this one
    double load_before = 0, load_now = 0;
    std::uint8_t component = 0;
};
enum Component : std::uint8_t { waiting, working, disk, delayed, network, lost, k_components };
// How many instances of the design there are after and before this entry of Happening::scaled, which knows
// its own; -1 before where that is not known.
int scaled_to(const World& world, const LogEntry& entry);
int scaled_from(const World& world, const LogEntry& entry);
void put_into_words(const World& world, Cause& cause, const Headline& headline);

} // namespace scale::analysis
