// The simulation: state as plain data, and the few verbs that kinds are written in (send, answer, wait, ...).
// Hot paths are inline (request_way.hpp); the rest is in flow.cpp, station.cpp, commands.cpp, load.cpp.
#pragma once

#include "core/aligned_vector.hpp"
#include "core/hash.hpp"
#include "core/hash_ring.hpp"
#include "core/histogram.hpp"
#include "core/in_wasm.hpp"
#include "core/key_store.hpp"
#include "core/timer_heap.hpp"
#include "core/winner_tree.hpp"
#include "scale/world.hpp"
#include "sim/ahead.hpp"
#include "sim/behaviour.hpp"
#include "sim/slab.hpp"
#include "sim/state.hpp"
#include "sim/watch.hpp"

#include <cassert>
#include <memory>
#include <vector>

namespace scale::sim {

// Indexes into edge_params(), the same order as there.
enum EdgeParam : int {
    edge_latency_ms,
    edge_jitter_cv,
    edge_bandwidth_mbps,
    edge_weight,
    edge_calls,
    edge_carries,
    edge_give_up_ms
};
enum class EdgeCarries : std::uint8_t { all, reads, writes, pages, assets, api, jobs };

namespace detail {

constexpr unsigned classes(std::initializer_list<RequestClass> list) {
    unsigned bits = 0;
    for (const RequestClass one : list) bits |= 1u << static_cast<unsigned>(one);
    return bits;
}

// By EdgeCarries, a bit per RequestClass: which way a request takes cannot be predicted.
inline constexpr unsigned k_takes[] = {
    ~0u,
    ~classes({RequestClass::write}),
    classes({RequestClass::write}),
    classes({RequestClass::page, RequestClass::write}),
    classes({RequestClass::asset}),
    classes({RequestClass::api}),
    classes({RequestClass::write, RequestClass::api}),
};

} // namespace detail

// An edge lets such requests pass.
inline bool takes(EdgeCarries carries, RequestClass asked) {
    return (detail::k_takes[static_cast<unsigned>(carries)] >> static_cast<unsigned>(asked) & 1u) != 0;
}

inline constexpr std::uint32_t k_wake_bit = 1u << 31; // in a timer's payload: a Wake, not a request
inline constexpr NodeId k_nobody = 0xFFFF;
inline constexpr unsigned k_count_bits = 24;               // of a version; above them its home
inline constexpr std::uint32_t k_requests_most = 1u << 20; // in flight at once; 192 MB at the usual depth

class Sim {
public:
    explicit Sim(const Scenario& scenario);

    // Running (run.cpp) --------------------------------------------------------------------------------
    std::uint64_t run(Time until, std::uint64_t event_budget);
    bool pending_by(Time t) const; // anything is left to do up to and including t
    void reach(Time t);            // the clock to t, once everything up to it is done

    // Changing (commands.cpp) --------------------------------------------------------------------------
    std::optional<Error> refuse(const Command& command) const;
    void perform(const Command& command);
    // A user's command, at a moment that nothing has happened at yet; it is logged.
    void insert(const Command& command);
    // The scenario's events and this log, by time: what is to come, and has come as far as the clock is.
    void plan(std::vector<Command> log);
    // An instance is up when it has no cause to be down: k_dead by hand, or a bit of its group or its own.
    void kill(NodeId node, int instance, std::uint8_t cause = k_dead);
    void restore(NodeId node, int instance, std::uint8_t causes = k_all_causes);
    void set_slow(NodeId node, int instance, double factor);
    // An instance starts anew and is up after that long; what was inside fails. -1 is all of them.
    void boot(NodeId node, int instance, Time takes);
    // Ends what is inside; the instance stays away as k_dead or k_booting say.
    void take_down(NodeId node, std::uint32_t instance, std::uint8_t how);
    // Those who call the node list its instances anew. Not within a handler of a request.
    void refresh_callers(NodeId node);
    // Tells the clients how many bytes of tokens their requests carry, after one of the servers changed.
    void spread_tokens();
    void mended(NodeId node); // forgets its trouble when nothing there is dead, slow or badly released
    bool group_alive(NodeId node) const; // what the node stands in, if anything
    void set_cut(EdgeId edge, std::uint8_t why, bool cut);
    void configure_edge(EdgeId edge); // from its parameters and the places of its ends
    // Failures at random (failures.cpp), from now on; 0 for none.
    void fail_at_random(NodeId node, int instance, double mtbf_s, double mttr_s);
    void include_new_in_failures(NodeId node);

    // Requests (flow.cpp) ------------------------------------------------------------------------------
    // A new request of a client, its frame on top. k_none when the slab is full.
    RequestId create(NodeId client);
    void release(RequestId id) { release(requests[id], id); }
    void release(Request& gone, RequestId id);
    Frame& frame(RequestId id, int depth) {
        return Slab::frames_of(requests[id])[static_cast<unsigned>(depth)];
    }
    static Frame& top(Request& request) { return Slab::frames_of(request)[request.depth - 1u]; }
    Frame& top(RequestId id) { return top(requests[id]); }
    RequestId id_of(const Request& request) const { return requests.id_of(request); }
    // Sends a request on from the node of its top frame `from`, along an edge, to an instance that the caller
    // chose or to whichever is next.
    void send(Request& request, Frame& from, EdgeId edge, std::uint16_t instance = k_any_instance);
    // Ends the work at the node of the top frame and carries the answer back.
    void answer(Request& request, Frame& here, Outcome outcome);
    // Starts a timer for the request; Behaviour::timer of the top frame's node is called.
    void wait(Request& request, Time delay);
    // Starts a timer without a request; `token` < 2^24. `boots`: the common part's own.
    void wake(NodeId node, std::uint32_t token, Time delay, bool boots = false);
    // The frames from `depth` on go on as an orphan; returns the request that carries on below them.
    RequestId abandon(RequestId id, int depth);
    // Tears down everything that the request holds from frame `depth` on, without answers.
    void cancel(RequestId id, int depth);
    void expect_by(RequestId id, Time expires, NodeId client); // arms the client's patience
    void relax(RequestId id);                                  // disarms it

    // Branches (branch.cpp) ----------------------------------------------------------------------------
    // Work of the node's own, which nobody waits for: its frame is on top, `returned` gets it back at depth
    // 1, release() ends it. k_none when the slab is full.
    RequestId launch(NodeId node, std::uint16_t at_instance = 0);
    // A request beside the parent, for the same key and user, that starts at the parent's top node; the
    // parent must be parked. References to requests do not survive this.
    RequestId branch(RequestId parent);
    // Ends a branch that has come back. The parent, or k_none when that is gone or there was none.
    RequestId join(RequestId child);
    // Lets the request rest; a list that the kind keeps it in is left by Behaviour::dropped.
    void park(Request& request);
    void take_up(Request& request);
    void disown(Request& parent);          // its branches go on, and nobody waits for them
    void cancel_branches(Request& parent); // its branches end here
    bool has_branches(const Request& parent) const { return parent.slot != k_none; } // of a parked one

    // What is true of a key, whoever knows it: how often it was written, in the home of the value: stores
    // that are linked have one home, others have nothing to do with one another. A version is that count
    // with the number of the home above it (homes.cpp). `node`: the store, or who stands before it.
    std::uint32_t latest(NodeId node, std::uint32_t key) const { return latest_at(homes[node], key); }
    std::uint32_t commit(NodeId node, std::uint32_t key); // one more write; its version
    // The same in two steps, for writes that are made before they are acknowledged: a version that no write
    // of the key had before, and that it is true from now on.
    std::uint32_t issue(NodeId node, std::uint32_t key);
    void acknowledge(NodeId node, std::uint32_t key, std::uint32_t version);
    // Writes were lost: this one is the latest again.
    void retract(NodeId node, std::uint32_t key, std::uint32_t version);
    // A version of the node's home that was kept as a mere count: 0 is what was there from the beginning.
    std::uint32_t stamp(NodeId node, std::uint32_t version) const {
        return version | homes[node] << k_count_bits;
    }
    bool is_of(NodeId node, std::uint32_t version) const { return version >> k_count_bits == homes[node]; }
    // Ask the memory for what latest() and known() will read.
    void fetch_latest(NodeId node, std::uint32_t key) const { fetch_of(truths[homes[node]], key); }
    void fetch_known(std::uint32_t copy, std::uint32_t key) const { fetch_of(copies[copy], key); }
    // Whether this is no longer the latest, wherever it came from.
    bool is_old(std::uint32_t key, std::uint32_t version) const { return version != latest_of(key, version); }
    std::uint32_t latest_of(std::uint32_t key, std::uint32_t version) const {
        const std::uint32_t home = version >> k_count_bits;
        return home < truths.size() ? latest_at(home, key) : version;
    }
    // Users who are led to another store than before: whose write of a key is the latest in each home, and
    // whether these wrote it elsewhere only.
    void wrote(NodeId node, const Request& request);
    bool misses(NodeId node, const Request& request) const;
    // What a copy of the data has of a key.
    std::uint32_t known(std::uint32_t copy, std::uint32_t key) const {
        return key < copies[copy].size() ? copies[copy][key] : 0;
    }
    void learn(std::uint32_t copy, std::uint32_t key, std::uint32_t version);

    // Lists --------------------------------------------------------------------------------------------
    void push_back(RequestList& list, RequestId id) { push_back(list, requests[id], id); }
    bool push_back(RequestList& list, Request& added, RequestId id); // whether it is the first
    RequestId pop_front(RequestList& list);
    RequestId pop_back(RequestList& list);
    void unlink(RequestList& list, RequestId id);

    // Stations (station.hpp) are built on these. Service demands: k_demands a node, by Frame::aux.
    Distribution& demand(NodeId node, unsigned which) {
        return demands[std::size_t{node} * k_demands + which];
    }
    SlotId add_slot(Handler handler, std::uint32_t owner, std::uint16_t channel = 0);
    std::uint32_t add_cpu(std::uint32_t cores, bool sharing);
    void set_cores(std::uint32_t cpu, std::uint32_t cores);
    // Comes from an edge to the node of its top frame; the handler is Behaviour::arrive of its kind.
    void arrive(Request& request, Frame& here, Handling handler);
    // The same where it is known which instance takes it.
    void arrive_at(Request& request, Frame& here, Node& node, std::uint32_t index, Handling handler);

    // Kinds' working state: a block of plain data per node, reserved in configure().
    template<class T>
    T& state(NodeId node) {
        return *reinterpret_cast<T*>(arena.data() + nodes[node].block);
    }
    template<class T>
    const T& state(NodeId node) const {
        return *reinterpret_cast<const T*>(arena.data() + nodes[node].block);
    }
    // Makes room for that many bytes; what was there before is kept, references to it are not.
    void reserve_state(NodeId node, std::size_t bytes);

    // Things that wait at a node and are no requests count in its queue.
    void store(NodeId node) {
        tallies[node].stored_area.up(now);
        ++tallies[node].stored;
    }
    void unstore(NodeId node, std::uint64_t count = 1) {
        tallies[node].stored_area.sum += count * now;
        tallies[node].stored -= count;
    }
    // What a kind keeps that grows while it runs, unlike its state: a table of plain records.
    std::uint32_t add_table() {
        tables.emplace_back();
        return static_cast<std::uint32_t>(tables.size() - 1);
    }
    template<class T>
    T* table(std::uint32_t number) {
        return reinterpret_cast<T*>(tables[number].data());
    }
    template<class T>
    const T* table(std::uint32_t number) const {
        return reinterpret_cast<const T*>(tables[number].data());
    }

    // Looking ------------------------------------------------------------------------------------------
    double value(NodeId node, int param) const { return values[node][static_cast<std::size_t>(param)]; }
    std::uint64_t arrivals(NodeId node) const; // since the end of the warm-up
    std::uint64_t inside(NodeId node) const;   // requests with a frame there
    Instance& instance(NodeId node, std::uint32_t index) {
        return instances[nodes[node].first_instance + index];
    }
    const Instance& instance(NodeId node, std::uint32_t index) const {
        return instances[nodes[node].first_instance + index];
    }
    EdgeId out_edge(NodeId node, std::uint32_t index) const {
        return out_edges[nodes[node].first_out + index];
    }
    bool carries(EdgeId edge, RequestClass what) const {
        return ways[edge].carries == 0 || takes(static_cast<EdgeCarries>(ways[edge].carries), what);
    }
    bool carries(EdgeId edge, const Request& request) const { return carries(edge, request.request_class()); }
    bool alive(NodeId node) const;                // any instance is
    bool within(NodeId node, NodeId group) const; // stands in it, or in what stands in it
    // Areas up to this moment, and what there is to use, over the instances that are up.
    Capacity capacity(NodeId node) const;
    // Writes down what capacity there was so far; before anything that may change it.
    void settle_capacity();
    double cost(NodeId node) const; // USD per month
    // The moment that long from now; never, where the clock does not go that far.
    Time in(Time delay) const { return delay < core::k_never - now ? now + delay : core::k_never; }
    double measured_ns() const { return static_cast<double>(now - measured_from); }
    std::uint64_t digest() const;
    std::size_t bytes_in_use() const;
    void note(Happening what, int node, int edge = -1, int instance = -1, int command = -1);
    void cap_reached(NodeId node); // something of it is full: counted, and said now and then

    // State: simulated, hashed ---------------------------------------------------------------------------
    Time now = 0;
    Time measured_from = 0;
    std::uint64_t events = 0;
    std::uint64_t caps_reached = 0;
    std::uint64_t request_count = 0; // requests ever made
    std::uint64_t sharing_count = 0; // jobs that ever shared a CPU: ties go by it
    core::WinnerTree queue;
    core::TimerHeap timers;
    std::uint64_t timer_sequence = 0;
    SlotId timer_slot = k_none;
    RequestId free_request = k_none;
    RequestId request_end = 0; // nobody ever had this number, nor a higher one
    std::uint32_t free_wake = k_none;
    std::vector<Wake> wakes;
    Slab requests;
    core::AlignedVector<Slot> slots;
    core::AlignedVector<Node> nodes;
    core::AlignedVector<Tally> tallies; // per node
    std::vector<Care> cares;            // per node
    core::AlignedVector<Instance> instances;
    core::AlignedVector<Cpu> cpus;
    std::vector<std::vector<SharedJob>> shared_jobs; // per cpu; a heap by done_at
    std::vector<Edge> edges;
    std::vector<Wire> wires;
    core::AlignedVector<Streams> streams;
    std::vector<Patience> patience;                         // per node; used by clients
    std::vector<Failing> failing;                           // per node
    core::AlignedVector<core::Histogram> latency;           // per node, of served requests
    core::AlignedVector<Distribution> demands;              // k_demands per node
    core::AlignedVector<std::uint64_t> arena;               // what the kinds keep, a block per node
    std::vector<core::KeyStore> stores;                     // real keys: buffer pools, caches
    std::vector<core::HashRing> rings;                      // who holds which keys
    std::vector<core::AlignedVector<std::uint64_t>> tables; // see add_table()
    // Per home and key: the latest version that was acknowledged and kept; the highest issued, where that is
    // higher; and, of homes with others that users are led to instead, the client that wrote it, + 1.
    std::vector<std::vector<std::uint32_t>> truths, issued, writers;
    bool written = false;                           // anything of these was
    std::vector<std::vector<std::uint32_t>> copies; // replicas: per key the version that they have
    std::vector<std::vector<double>> values;        // parameters as they are now
    std::vector<std::vector<double>> edge_values;
    std::size_t next_command = 0; // into `schedule`

    // Fixed when the scenario is loaded.
    Scenario scenario;
    std::vector<std::uint32_t> homes;              // per node: of the values that it keeps or passes on
    std::vector<std::vector<std::uint32_t>> twins; // per home: those that the same users may be led to
    std::vector<const Behaviour*> behaviours;
    std::vector<Program> programs;    // one per kind in use
    std::vector<Way> ways;            // per edge; follows from it
    std::vector<Expecting> expecting; // per edge: of the kind that it leads to, or none
    std::vector<Parts> parts;         // per node; follows from its size and the weight
    std::vector<std::uint8_t> alone;  // per node: one instance, and nothing to choose
    std::vector<std::uint8_t> usual;  // per node, for its kind: what holds of all requests in the usual case
    core::AlignedVector<Prepared> prepared; // per node, for its kind
    void configure(NodeId node);            // Behaviour::configure, and what follows from it here
    void refresh_alone(NodeId node);        // after its instances changed
    void refresh_way(EdgeId edge);
    std::vector<EdgeId> out_edges;
    std::vector<EdgeId> in_edges;
    std::vector<std::vector<NodeId>> members;  // of groups
    std::vector<std::uint32_t> client_numbers; // per node: clients count from 0, others have k_none
    std::uint32_t client_count = 0;
    std::vector<NodeId> watchers;           // per node: who sees what becomes of its requests, or k_nobody
    std::vector<std::uint32_t> token_bytes; // per client: what its requests carry for the servers
    std::vector<NodeId> group;              // that each node stands in; k_no_node
    std::vector<NodeId> place;              // the nearest of those that are places; k_no_node
    std::vector<Command> schedule;          // events and replayed log, by time

    SlotId idle_slot = k_none;   // within a handler: the core that has just done its work
    std::uint64_t due_home = 0;  // Coming::home of the core that was the last to be due
    std::vector<double> scratch; // for one handler at a time; empty of meaning between events

    // Observed, never hashed.
    std::vector<Command> applied;  // commands that have happened, in order
    std::vector<NotDone> not_done; // of these
    std::vector<Command> by_user;  // those that are not in the scenario's events
    Watch watch;

private:
    friend class World;
    void dispatch_rarely(SlotId slot);
    void boundary();
    void due_wire(SlotId slot);
    void due_timer();
    void due_patience(SlotId slot);
    void due_failure(SlotId slot);
    void add_failures(NodeId node, std::uint32_t first, std::uint32_t end);
    std::uint8_t own_cause(NodeId node) const;
    RequestId take_request(); // a number that is free, for one that is made; k_none when the slab is full
    void start_timer(Request& request, Time delay);
    void unlink_wire(RequestId id);
    void first_on_wire(SlotId slot, const Request& first);
    Wire* join_wire(Request& sent, std::uint32_t number, Where where, Time due);
    void set_off(Request& sent, EdgeId number);
    void set_off_back(Request& sent, Frame& here);
    [[gnu::noinline]] void set_off_first(Request& sent, Wire& wire, EdgeId number);
    void arrive(Request& request, Frame& here) {
        arrive(request, here, programs[nodes[here.node].program].arrive);
    }
    void arrive_at_any(Request& request, Frame& here);
    void turn_away(Request& request, Frame& here);
    void depart(Request& request, EdgeId number);
    void answer_unserved(Request& request, Frame& here, Outcome outcome);
    void carry_back(Request& request, Frame& here);
    void go_back(Request& request, Frame& here);
    void transmit(Request& request, EdgeId number, bool back);
    void come_back(Request& request);
    void count_failure(const Request& request, NodeId node, Outcome outcome);
    void grow_slab();
    void load_nodes();
    static void come_in_anywhere(Sim& sim, Request& request, Frame& here);
    std::uint16_t program_of(const Behaviour& behaviour);
    void load_edges();
    void load_machines();
    void load_homes();
    void load_twins();
    std::uint32_t latest_at(std::uint32_t home, std::uint32_t key) const {
        const std::vector<std::uint32_t>& there = truths[home];
        return (key < there.size() ? there[key] : 0) | home << k_count_bits;
    }
    static void fetch_of(const std::vector<std::uint32_t>& versions, std::uint32_t key) {
        if (key < versions.size()) core::fetch(&versions[key]);
    }
    void load_watchers();
    void start_measuring();
    void drop_from_where(RequestId id);
    void change_edge(const Command& command);
    void change_node(const Command& command);
    void tell_callers(NodeId node);
    void come_up(NodeId node, std::uint32_t token);
    void fail_inside(NodeId node, std::uint16_t which);
    void fail_at(RequestId id, int depth);
    std::uint16_t next_open(Node& node) const;
    Time next_boundary() const;
    Time boundary_at = 0;
    bool warm = false;
    bool is_large_ = false; // the caches do not hold it
    Ahead ahead_;
};

} // namespace scale::sim

#include "sim/request_way.hpp"
