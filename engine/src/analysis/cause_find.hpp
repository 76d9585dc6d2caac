// What the diagnosis of one stretch of trouble works on.
#pragma once

#include "analysis/cause.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace scale::analysis {

struct Find {
    const History& history;
    Stretch calm;
    Step now, before;
    double onset_asked; // per second, as the trouble began
    std::vector<Account> nodes, nodes_before;
    Cause cause;
    Headline headline;

    const sim::Sim& sim() const { return history.sim(); }
    std::size_t count() const { return nodes.size(); }
    const KindRecord& kind(int node) const {
        return *history.scenario().nodes[static_cast<std::size_t>(node)].kind;
    }
    const Account& at(int node) const { return nodes[static_cast<std::size_t>(node)]; }
    const Account& earlier(int node) const { return nodes_before[static_cast<std::size_t>(node)]; }
    bool is_cache(int node) const { return (kind(node).role & role_cache) != 0; }
    bool is_client(int node) const { return sim().watch.is_client[static_cast<std::size_t>(node)]; }
};

// The design as the requests see it; the name service left out.
std::vector<int> callees(const Find& find, int node);
std::vector<int> callers(const Find& find, int node);
std::vector<int> below(const Find& find, int node); // everything that requests of this node reach
int group_of(const Find& find, int node);           // -1 is none
// Machines were taken away from it, a little before or in what is looked at.
bool scaled_in(const Find& find, int node);
bool cut_off(const Find& find, int node); // a way to it, in what is looked at

double component(const Account& account, std::uint8_t which);
inline double busy(const Account& account) {
    return static_cast<double>(std::max(account.cores, account.workers));
}
bool shows(const Find& find, int node, Mechanism mechanism);
// The sign that is read from this metric is worrying.
bool tells(const Find& find, int node, std::string_view part);
bool read_signs(Find& find, int node);
bool was_slowed(const Find& find, int node);
bool capacity_lost(Find& find, int node);
void explain_waiting(Find& find, int node);
void explain_component(Find& find, int node, std::uint8_t which);
void explain_latency(Find& find);
void explain_jobs(Find& find, int queue);
void explain_failures(Find& find);
void explain_missing(Find& find);

Find find_in(const History& history, Stretch calm, Stretch seen);
// Where nobody waits for an answer: whether messages pile up, and why.
bool piles_up(const History& history, Stretch stretch, Cause& out);

// What began it: Cause::start, the entry of the log, since when.
void find_start(Find& find);
// A trouble that had begun for another reason, and in which the part that was found died, was slowed down or
// cut off later: the step of that.
std::optional<std::size_t> began_within(const Find& find, Stretch episode);

} // namespace scale::analysis
