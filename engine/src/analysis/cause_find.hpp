// What the diagnosis of one stretch of trouble works on.
#pragma once

#include "analysis/cause.hpp"

#include <optional>

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

// What began it: Cause::start, the entry of the log, since when.
void find_start(Find& find);
// A trouble that had begun for another reason, and in which the part that is down died later: the step of
// that death.
std::optional<std::size_t> died_within(const Find& find, Stretch episode);

} // namespace scale::analysis
