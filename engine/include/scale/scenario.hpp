#pragma once
// A design, as plain data: what is built, what happens to it, what is expected of it.
// Read and written by scale/codec.hpp; run by scale/world.hpp.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scale/kind.hpp"
#include "scale/text.hpp"

namespace scale {

using Time = std::uint64_t; // nanoseconds of simulated time

// Bounds that every scenario from outside is held to before it is built.
namespace limits {
inline constexpr std::size_t k_nodes = 256;
inline constexpr std::size_t k_edges = 1024;
inline constexpr std::size_t k_commands = 4096;    // events and command log together
inline constexpr std::size_t k_label_points = 64;  // Unicode code points of a label or title line
inline constexpr std::size_t k_id_bytes = 32;      // [A-Za-z0-9_-], starts with a letter
inline constexpr std::size_t k_text_points = 2000; // description, lesson text
inline constexpr std::size_t k_depth = 16;         // nesting of JSON
inline constexpr std::size_t k_link_bytes = 32 * 1024;
inline constexpr std::size_t k_json_bytes = 256 * 1024;
inline constexpr double k_duration_s = 1e7;     // about 115 days
inline constexpr std::size_t k_groups_deep = 5; // groups around a node: machine, zone, region ...
inline constexpr std::size_t k_hops = 15;       // nodes on a request's longest way
} // namespace limits

struct Position {
    double x = 0; // board units (px at zoom 1), -100,000..100,000
    double y = 0;
    bool operator==(const Position&) const = default;
};

struct NodeDef {
    std::string id;
    const KindRecord* kind = nullptr;
    Text label;                 // shown instead of the id when given
    std::string in;             // id of the group that holds it, or empty
    std::optional<Position> at; // where it was dragged to; laid out automatically otherwise
    std::vector<double> values; // one per kind->params, in that order
    bool operator==(const NodeDef&) const = default;
};

struct EdgeDef {
    std::uint16_t from = 0; // index into nodes
    std::uint16_t to = 0;
    std::vector<double> values; // one per edge_params()
    bool operator==(const EdgeDef&) const = default;
};

struct Setting {
    std::uint8_t param = 0; // index into the params of the target's kind (verb "set") or of the verb
    double value = 0;
    bool operator==(const Setting&) const = default;
};

// One change to the running system: a scheduled event of the scenario, or what a user did.
struct Command {
    Time at = 0;
    const VerbRecord* verb = nullptr;
    int node = -1; // index into nodes; -1 when it is an edge
    int edge = -1;
    int instance = -1; // one instance of the node; -1 is all of them
    std::vector<Setting> settings;
    bool operator==(const Command&) const = default;
};

// What the design promises. Absent figures are not promised.
struct Slo {
    std::optional<double> p50_ms, p90_ms, p95_ms, p99_ms, p999_ms, mean_ms;
    std::optional<double> availability; // share of finished requests that were served, 0..1
    std::optional<double> throughput_per_s;
    bool operator==(const Slo&) const = default;
};

// An amount that differs from the price list: see scale::prices().
struct PriceChange {
    std::uint8_t code = 0; // of the row of the list
    double usd = 0;
    bool operator==(const PriceChange&) const = default;
};

struct Scenario {
    Text title;
    Text description;
    std::uint64_t seed = 1; // 0..2^53
    double duration_s = 60;
    double warmup_s = 0;      // results count from here
    std::uint32_t weight = 1; // real requests that each simulated one stands for
    std::vector<NodeDef> nodes;
    std::vector<EdgeDef> edges;
    std::vector<Command> events; // in order of time
    std::vector<Command> log;    // what a user did in the run that a link carries, in order of time
    Slo slo;
    std::vector<PriceChange> prices; // in order of code
    std::string lesson;              // the lesson object as canonical JSON text; empty when there is none
    bool operator==(const Scenario&) const = default;

    int find_node(std::string_view id) const {
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (nodes[i].id == id) return static_cast<int>(i);
        return -1;
    }
    int find_edge(int from, int to) const {
        for (std::size_t i = 0; i < edges.size(); ++i)
            if (edges[i].from == from && edges[i].to == to) return static_cast<int>(i);
        return -1;
    }
};

// A node of a kind with every value at its default.
NodeDef make_node(std::string_view id, const KindRecord& kind);
EdgeDef make_edge(int from, int to);
// Sets one parameter by name; the name must exist.
void set_value(NodeDef& node, std::string_view param, double value);
double get_value(const NodeDef& node, std::string_view param);

// Whether the edge is a lasting link between nodes (KindRecord::links), and no way that requests take.
bool is_link(const Scenario& scenario, const EdgeDef& edge);

// A parameter that is below one that it must not be below; `path` is that of whoever has them.
std::optional<Error> contradiction(std::span<const ParamRecord> params, std::span<const double> values,
                                   const std::string& path);
// The first one, at the beginning or after an event.
std::optional<Error> find_contradiction(const Scenario& scenario);
// Raises what contradicts so, at the beginning and in events: that is how it was run before it was refused.
void settle_contradictions(Scenario& scenario);

// Everything that makes a scenario impossible to run, beyond what the parser sees: edges between kinds that
// have nothing to say to each other, circles, a way that is too long, groups that are none, parameters that
// contradict each other, missing parts.
std::optional<Error> validate(const Scenario& scenario);
// The first half of it: what can be built at all, complete or not.
std::optional<Error> validate_structure(const Scenario& scenario);
// The other half, all of it: parts that lead nowhere, or that there is nothing to run.
std::vector<Error> missing_parts(const Scenario& scenario);
// Why an edge between these nodes would make no sense; nothing when it would.
std::optional<Error> refuse_edge(const Scenario& scenario, int from, int to);

} // namespace scale
