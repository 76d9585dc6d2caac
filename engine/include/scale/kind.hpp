#pragma once
// A kind of component, described once. Parser, writer, link codec, inspector, palette, manual, schema and
// tests loop over these records; no other place knows which kinds exist.

#include <cstdint>
#include <span>
#include <string_view>

#include "scale/text.hpp"

namespace scale {

namespace sim {
struct Behaviour; // the handlers of a kind, private to the engine
}

enum class ValueType : std::uint8_t { number, whole, flag, choice };

struct Choice {
    const char* id; // as written in JSON
    Words name;
};

// One parameter. Every value is held as a double: flags are 0 or 1, choices are indexes into `choices`.
struct ParamRecord {
    std::uint8_t code = 0; // identity in links: 1..255, unique within the kind, never given to another
    const char* id = "";   // JSON key, unit last: "service_ms"
    Words name;
    Words help; // one sentence
    ValueType type = ValueType::number;
    double fallback = 0; // the default
    double least = 0;    // range, both ends included
    double most = 1;
    const char* unit = "";             // "ms", "/s", "GB", "USD"; empty for counts and choices
    bool logarithmic = false;          // slider spans magnitudes
    std::span<const Choice> choices{}; // for ValueType::choice
    Words section{"", ""};             // inspector heading; empty continues the one before
    const char* not_below = "";        // another parameter of the kind that must not be more than this one
};

enum class MetricFormat : std::uint8_t { count, ratio, per_second, milliseconds, usd };

// A figure that this kind reports besides those that every node has.
struct MetricRecord {
    const char* id = ""; // key under nodes.<id> in --json: "hit_ratio"
    Words name;
    Words help;
    MetricFormat format = MetricFormat::count;
};

// Why requests wait or fail. The analysis finds most of them by itself, for any kind; those that only the
// kind can know are reported by its signs.
enum class Mechanism : std::uint8_t {
    healthy,         // nothing is wrong
    cpu,             // cores used up
    pool,            // workers or connections used up, cores not
    blocked,         // workers used up by waiting for what is called
    queue_full,      // rejected for want of room
    dead,            // a node or all of its instances are down
    lost_instances,  // some instances are down and the rest cannot carry the load
    slow,            // works slower than set
    ejected,         // the slow were taken out and the rest cannot carry the load
    retry_storm,     // would carry the first tries, not the retries
    work_for_nobody, // busy with requests whose callers gave up
    disk,            // data not in memory
    network_delay,   // on the way
    partition,       // a cut edge
    bandwidth,       // a full line
    stale_name,      // a remembered answer of the name service leads to what is down
    work,            // the work itself takes that long
    cache_misses,    // a cache that does not have what is asked for
    uneven,          // one instance or shard has more than its share
    replica_lag,     // copies are behind
    backlog,         // a queue grows
    booting,         // machines that are not there yet
    bad_release,     // a deployed version that is slower or fails
    logins,          // users have lost their sessions and log in again
    shed,            // turned away on purpose: limit, breaker
    unknown
};

// A figure of a kind that tells of a mechanism: `part` is the id of a metric, as it is now; or, with `whole`,
// its share of another metric over the latest second (both are counts). An empty `whole` says that `part` is
// itself a share of all that the node has answered; "*" is all that it has answered. `lack`: what is missing
// from that share counts.
struct SignRecord {
    Mechanism mechanism = Mechanism::unknown;
    const char* part = "";
    const char* whole = nullptr;
    double worrying = 0; // from here on it counts
    bool lack = false;
};

// Something that can be done to a node, an edge or one instance at run time.
struct VerbRecord {
    std::uint8_t code = 0; // identity in links
    const char* id = "";   // JSON "do"
    Words name;
    Words help;
    std::span<const ParamRecord> params{};
};

// Where a kind stands in a request's way, left to right; used for layout, palette order and colour of advice.
enum class Tier : std::uint8_t {
    source,
    naming,
    edge,
    entry,
    compute,
    fast_store,
    store,
    background,
    watch,
    group
};

// Which kinds may be called by which: a bit per role, so that "what an edge means follows from its ends".
enum Role : std::uint32_t {
    role_client = 1u << 0,  // starts requests
    role_naming = 1u << 1,  // answers look-ups
    role_route = 1u << 2,   // passes requests on: balancer, proxy, CDN
    role_compute = 1u << 3, // does work and calls others
    role_cache = 1u << 4,
    role_store = 1u << 5, // databases, shards, object stores
    role_queue = 1u << 6,
    role_worker = 1u << 7,
    role_watch = 1u << 8,
    role_group = 1u << 9,     // holds other nodes: machine, region
    role_database = 1u << 10, // copies its writes to its like
    role_session = 1u << 11,  // knows who is logged in
    role_files = 1u << 12,    // keeps files: servers that call it have no assets of their own
};

struct KindRecord {
    std::uint8_t code = 0; // identity in links: 1..255, never given to another
    const char* id = "";   // JSON "kind"
    Words name;
    Words help;            // what it is, one or two sentences
    const char* icon = ""; // name in web/icons.txt
    Tier tier = Tier::compute;
    std::uint32_t role = 0;        // what it is
    std::uint32_t calls = 0;       // roles that it may have edges to
    std::uint32_t calls_least = 0; // how many outgoing edges it needs to make sense
    // Roles that it may have lasting links to, which no request of a client takes: replication, scraping.
    // They may run in a circle.
    std::uint32_t links = 0;
    std::uint32_t holds = 0; // of groups: roles that may stand in it
    std::span<const ParamRecord> params{};
    std::span<const MetricRecord> metrics{};
    std::span<const SignRecord> signs{}; // at most 4
    std::span<const VerbRecord> verbs{}; // besides those that all nodes have
    // One of several instances of {n}, as sentences call it: {i} is its number, counted from 1.
    Words instance{"number {i} of {n}", "{n}의 {i}번"};
    Words leader{"", ""};                  // ... the one that the others follow, where there is one
    Words closed_form;                     // which theory describes it; empty when none
    std::span<const Words> inaccuracies{}; // what is not modelled, one sentence each
    const sim::Behaviour* behaviour = nullptr;

    const ParamRecord* param(std::string_view param_id) const {
        for (const ParamRecord& record : params)
            if (param_id == record.id) return &record;
        return nullptr;
    }
    // Index of a metric, or -1.
    int metric_index(std::string_view metric_id) const {
        for (std::size_t i = 0; i < metrics.size(); ++i)
            if (metric_id == metrics[i].id) return static_cast<int>(i);
        return -1;
    }
    // Index of a parameter, or -1.
    int param_index(std::string_view param_id) const {
        const ParamRecord* found = param(param_id);
        return found ? static_cast<int>(found - params.data()) : -1;
    }
};

// All kinds, in palette order.
std::span<const KindRecord* const> kinds();
const KindRecord* find_kind(std::string_view id);
const KindRecord* find_kind_by_code(std::uint8_t code);

// Verbs that every node has (kill, restore, slow, set) and those of edges (kill, restore, set).
std::span<const VerbRecord> node_verbs();
std::span<const VerbRecord> edge_verbs();

// Parameters of an edge: latency, jitter, bandwidth, weight.
std::span<const ParamRecord> edge_params();

} // namespace scale
