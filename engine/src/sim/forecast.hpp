// What a kind is asked for its closed form. Theory walks over the graph twice: from the clients down, where
// every node says what it sends on (Behaviour::theory.flows), and back up, where it says how long its answers
// take (theory.times); round after round, until what is turned away and tried again has settled.
//
// A kind adds its own so:
//   void flows(Forecast& here) { here.send(edge, RequestClass::page, calls per request that comes in); }
//   void times(Forecast& here) {
//       here.answer(RequestClass::page, here.laws().sum(own work, here.call(edge, RequestClass::page).law));
//       here.figures().queue_mean = ...; here.says({"M/M/1", "M/M/1"}, Trust::exact); }
//   constexpr Behaviour k_behaviour = {..., .theory = {flows, times}};
// Stations (workers, a queue, cores) get everything from here.work() in flows and here.station() in times.
#pragma once

#include "core/law.hpp"
#include "core/maths.hpp"
#include "scale/analysis.hpp"
#include "sim/behaviour.hpp"
#include "sim/station.hpp"

#include <array>
#include <vector>

namespace scale::sim {

using core::LawId;

// How a caller divides its requests among the instances that it knows.
enum class Spread : std::uint8_t { turns, at_random, better_of_two, shortest };

// A stream of requests.
struct Flow {
    std::array<double, k_classes> per_s{};
    std::array<std::vector<double>, k_classes> keys; // per_s by group of keys (Outlook::groups)
    double cv2 = 1;                                  // squared cv of the times between them
    bool poisson = true;                             // exactly
    bool guessed = false;                            // nobody knows how the sender divides
    bool varies = false; // with time: what is expected of it holds at its beginning only
    double bytes = 0;    // of each, on its way there
    double pool = 1;     // instances among which the sender divides
    Spread spread = Spread::turns;
    double callers = 1; // instances of those who send, all together
    double polls = 0;   // per_s of API calls that ask how a job stands
    // To caches, besides those that are answered: values to keep, and keys to forget, by group.
    double told_per_s = 0;
    std::vector<double> forgets;
    double all() const { return per_s[0] + per_s[1] + per_s[2] + per_s[3]; }
};

// Keys of like popularity: ranks first .. first + count - 1.
struct KeyGroup {
    double first = 0, count = 1;
};

// A call from the caller's side.
struct Reply {
    LawId law = 0;     // of those served: way there, answer, way back
    double served = 1; // share
    double hit = 0;    // share that a cache has answered by itself
};

// Core work that a node does, once per visit.
struct Work {
    double per_s = 0; // all instances together, those included that are turned away
    Distribution service;
    bool again = false; // by a request that has been here and is not answered yet
    bool aside = false; // for nobody who waits: it needs a core and no worker (replay, a reading of metrics)
};

struct StationPlan {
    station::Size size;
    std::vector<LawId> held; // per work: how long its worker is kept beyond the cores' work; may be empty
    bool returns = false;    // work that comes again waits for a worker again
    bool fed = false;        // nothing comes that no worker is free for
};

// Times at a station, of those let in.
struct StationTimes {
    LawId wait = 0;          // for a worker
    std::vector<LawId> stay; // per work: on the cores, waiting for one included
    double lost = 0;         // share turned away
};

// Instances of a node that are alike, where others are not: shards, a primary, its replicas.
struct StationPart {
    std::vector<Work> works; // of all of them
    double share = 1;        // of what comes in that one of them gets
    double asides = 0;       // share of the node's instances that they are
    Spread spread = Spread::at_random;
    StationPlan plan;
    StationTimes times;
    NodePrediction figures;
};

// A machine that lends its cores.
struct Lent {
    double cores = 0;
    bool sharing = false;
    double rate = 0, mean = 0, square = 0; // of all its members' work: per s, s, s^2
    std::vector<Work> works;
};

// What the users of one client node feel: completed requests, of which none is older than `within_s`.
struct Response {
    double per_s = 0; // completed
    LawId law = 0;
    double within_s = core::k_infinity;
    double tries_s = 0;       // mean time lost in tries before the one that is answered
    bool percentiles = false; // known
};

struct NodeOutlook {
    Flow in;
    std::array<Reply, k_classes> answer;
    double answer_bytes = 0;
    double lost = 0;   // share that is turned away (of clients: of tries that fail)
    double wanted = 0; // what `lost` is on its way to
    std::vector<Work> works;
    double fetch_s = 0;                                    // of proxies: a fetch, as of the round before
    std::array<double, k_classes> hits{};                  // of caches: share of each class
    std::array<std::vector<double>, k_classes> hit_groups; // ... by group of keys
    std::vector<Work> asides;                              // what others do on its cores
    std::vector<double> placed;                            // of stores that divide keys: found once
    LawId job = 0;                                         // of queues: from publishing to done
    bool talks = false;            // counts messages of its own as requests: their times are not known
    double polls_each = 0;         // of clients: questions for each job that was left, as of the round before
    Lent lent;                     // of machines
    double users = 0, think_s = 0; // of closed clients
    double cycle_per_s = 0;        // ... what they ask for, as far as known
    double offered_per_s = 0, tries = 1; // of clients
    Response response;
    std::vector<double> key_share; // of clients: by group
    station::Size size;            // of a station
    double servers = 1;            // of each instance: the fewer of cores and workers
    double departures_cv2 = 1;     // of a station, as of the round before
    bool departures_poisson = true;
    LawId stay = 0; // of a request that is served here
    double served_per_s = 0;
    Trust called = Trust::exact; // how well the answers are known that it waits for: means ...
    Trust called_percentiles = Trust::exact;
    NodePrediction figures;
    bool reached = false; // it has arrivals or is a source
};

struct Outlook {
    explicit Outlook(const Scenario& of) : scenario(of) {}
    const Scenario& scenario;
    core::Laws laws;
    double stride = 1; // of what feeds back, per round
    std::vector<NodeOutlook> nodes;
    std::vector<Flow> flows;               // per edge
    std::vector<std::vector<EdgeId>> outs; // per node; links left out
    std::vector<KeyGroup> groups;          // of keys, by popularity
    std::vector<double> distance_s;        // per edge: one way between places, besides its own latency
    std::vector<double> closed_inside;     // per node: exact mean number at its station; empty when open
};

class Forecast {
public:
    Forecast(Outlook& all, NodeId id) : all_(all), id_(id), own_(all.nodes[id]) {}

    // The design
    double value(int param) const { return all_.scenario.nodes[id_].values[static_cast<std::size_t>(param)]; }
    double value(const char* param) const { return get_value(all_.scenario.nodes[id_], param); }
    double value_of(NodeId node, const char* param) const {
        return get_value(all_.scenario.nodes[node], param);
    }
    std::span<const EdgeId> outs() const { return all_.outs[id_]; }
    NodeId to(EdgeId edge) const { return all_.scenario.edges[edge].to; }
    double edge_value(EdgeId edge, EdgeParam param) const { return all_.scenario.edges[edge].values[param]; }
    bool carries(EdgeId edge, RequestClass asked) const;
    double delay_s(EdgeId edge) const;   // one way, distance included
    double instances(NodeId node) const; // 1 where the kind has no such parameter
    const KindRecord& kind_of(NodeId node) const { return *all_.scenario.nodes[node].kind; }
    NodeId id() const { return id_; }
    Outlook& all() { return all_; }
    const Outlook& all() const { return all_; }
    Outlook& outlook() const { return all_; }

    // Going down
    const Flow& in() const { return own_.in; }
    double let_in() const { return 1 - own_.lost; }
    // That many calls along the edge for each request of the class that has come in.
    void send(EdgeId edge, RequestClass asked, double calls, Spread spread = Spread::turns, double pool = 0);
    // Of caches: what was a hit; then what was none may be sent on.
    void hit(RequestClass asked, double share, std::vector<double> by_group);
    double hit_of(RequestClass asked) const { return own_.hits[static_cast<std::size_t>(asked)]; }
    void send_missing(EdgeId edge, RequestClass asked, double calls);
    // The same calls, of them only the part that `missed` leaves of each group of keys.
    void send_part(EdgeId edge, RequestClass asked, double calls, std::span<const double> missed);
    // What a cache is told besides: values to keep, and keys that were written.
    void tell(EdgeId edge, double per_s, std::span<const double> forgets);
    // Part of the stream of API calls that asks how jobs stand.
    void polls(EdgeId edge, double per_s) { all_.flows[edge].polls += per_s; }
    void guess(EdgeId edge) { all_.flows[edge].guessed = true; }
    // A stream of its own; `keys` is by group, or empty.
    void send_new(EdgeId edge, RequestClass asked, double per_s, std::span<const double> keys = {});
    void work(double per_s, const Distribution& service, bool again = false) {
        own_.works.push_back({per_s, service, again, false});
    }
    void work_aside(double per_s, const Distribution& service) {
        if (per_s > 0) own_.works.push_back({per_s, service, false, true});
    }
    // Share of such calls that were served in the round before.
    double served_by(EdgeId edge, RequestClass asked) const {
        return all_.nodes[to(edge)].answer[static_cast<std::size_t>(asked)].served;
    }
    double hit_at(EdgeId edge, RequestClass asked) const {
        return all_.nodes[to(edge)].hits[static_cast<std::size_t>(asked)];
    }
    const std::vector<double>& hits_by_group(EdgeId edge, RequestClass asked) const {
        return all_.nodes[to(edge)].hit_groups[static_cast<std::size_t>(asked)];
    }
    // Of a source: size of its requests, and how evenly they come.
    void starts(double bytes, double cv2, bool poisson, bool varies);
    void pass_on(); // after flows(): how evenly that comes, by what the station does
    void lend(double cores, bool sharing);
    const std::vector<KeyGroup>& groups() const { return all_.groups; }
    double lost() const { return own_.lost; }
    void lost(double share) { // approached step by step, because it feeds back on what it follows from
        own_.wanted = share;
        own_.lost += all_.stride * (share - own_.lost);
    }

    // Coming back
    core::Laws& laws() { return all_.laws; }
    Reply call(EdgeId edge, RequestClass asked);
    // The station of this node under the work declared in flows(); fills the figures.
    StationTimes station(const StationPlan& plan);
    void station(StationPart& part);                 // of one part of it; the figures stay with the part
    void sum_up(std::span<const StationPart> parts); // the figures of the node: those of its parts together
    // Time behind a queue without limit and that many servers: a disk.
    LawId queue_for(double rate, const Distribution& service, double servers, double& busy);
    const Lent* lent() const;      // the machine's cores, of a node that stands on one
    double closed_inside() const { // mean number at this station of a closed network; negative: not known
        return all_.closed_inside.empty() ? -1 : all_.closed_inside[id_];
    }
    void answer(RequestClass asked, LawId law, double served = 1);
    void answer_bytes(double bytes) { own_.answer_bytes = bytes; }
    NodePrediction& figures() { return own_.figures; }
    NodeOutlook& own() { return own_; }
    void conclude(); // after times(): what a request that is served takes
    void says(Words method, Trust means, Trust percentiles);
    void assume(Words assumption);
    void at_best(Trust trust); // after says(): no better than that
    // Says so when a store of so many items is not full before measuring begins.
    void fills(double items, double missed_per_s);
    void percentiles_at_best(Trust trust);
    void metric(const char* id, double value); // of the kind's record

private:
    void weaken(const NodeOutlook& called); // what it calls is known no better than that
    LawId way(EdgeId edge, double per_s, double bytes);
    Outlook& all_;
    NodeId id_;
    NodeOutlook& own_;
};

} // namespace scale::sim
