// The design review in parts.
#pragma once

#include "analysis/say.hpp"
#include "scale/analysis.hpp"
#include "scale/insight.hpp"
#include "sim/request.hpp"

#include <string_view>
#include <vector>

namespace scale::analysis {

// The design as a graph, and what the parameters say about its nodes.
class Blueprint {
public:
    explicit Blueprint(const Scenario& scenario);

    const Scenario& scenario() const { return scenario_; }
    const KindRecord& kind(int node) const { return *scenario_.nodes[static_cast<std::size_t>(node)].kind; }
    bool is(int node, std::uint32_t role) const { return (kind(node).role & role) != 0; }
    const std::string& id(int node) const { return scenario_.nodes[static_cast<std::size_t>(node)].id; }
    std::vector<int> callees(int node) const; // links left out
    std::vector<int> with_role(std::uint32_t role) const;
    // A parameter by its id; `otherwise` where the kind has none of that id.
    double value(int node, std::string_view param, double otherwise) const;
    // The id of the choice; empty where there is no such parameter.
    std::string_view choice(int node, std::string_view param) const;
    bool redundant(int node) const; // one part of it may fail
    // Whether clients get what they need although these nodes are down.
    bool works(int client, const std::vector<bool>& down) const;
    std::vector<int> members(int group) const; // with what stands in groups inside
    int site(int node) const;                  // the outermost group that shares no CPU: a region; -1 is none
    bool is_site(int group) const;
    const Prediction& prediction() const { return prediction_; }
    Part names(std::string_view part, const std::vector<int>& nodes) const; // "web, db"

private:
    bool reaches(int node, sim::RequestClass wanted, const std::vector<bool>& down) const;
    const Scenario& scenario_;
    Prediction prediction_;
};

std::vector<SinglePoint> single_points(const Blueprint& blueprint);
std::vector<RuleCheck> check_rules(const Blueprint& blueprint, const std::vector<SinglePoint>& singles);

} // namespace scale::analysis
