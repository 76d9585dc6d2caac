// What a kind does: its handlers. They get the simulation, the request and its frame at this node, which says
// what instance it is at; the caller's frame is the one before, that of what was called the one after.
// Handlers never allocate. A reference to a request or frame holds until Sim::create or Sim::abandon.
#pragma once

#include "scale/scenario.hpp"
#include "scale/world.hpp"
#include "sim/request.hpp"

#include <span>

namespace scale::sim {

class Sim;
class Forecast;

// What a name stands for, and how long the asker may believe it.
struct Resolution {
    EdgeId edge = k_no_edge; // of the asker; none when there is no answer
    Time valid = 0;          // ns
};

// What is expected of a node in the long run: sim/forecast.hpp. No closed form where they are missing; then
// requests are taken to pass through without delay, and the node says so.
struct ClosedForm {
    void (*flows)(Forecast&) = nullptr; // what comes in is known: what is sent on
    void (*times)(Forecast&) = nullptr; // what is called is known: how long answers take, and the figures
    // Of those that resolve names: the share of each of the asker's edges.
    void (*names)(Forecast& asker, NodeId self, std::span<const EdgeId> edges,
                  std::span<double> shares) = nullptr;
};

struct Behaviour {
    // Derives the node's working state from its parameters: at load, after every `set`, and when a node that
    // it calls changed its instances. May allocate.
    void (*configure)(Sim&, NodeId) = nullptr;
    // Which instance takes a request, where the caller leaves that open; without it they take turns. May
    // allocate for a caller that has not been there before.
    std::uint16_t (*route)(Sim&, NodeId, const Request&) = nullptr;
    // Whether that has anything to choose from, as the node is configured now; without this it always does.
    bool (*routes)(const Sim&, NodeId) = nullptr;
    // A request has come in; its frame is on top.
    void (*arrive)(Sim&, Request&, Frame&) = nullptr;
    // The same with what is done for every arrival before it: sim::come_in<arrive>. From a wire it is then
    // one jump to here or to `returned`, instead of three that cannot be predicted. May be missing.
    void (*come_in)(Sim&, Request&, Frame&) = nullptr;
    // A request has set off for this node, on an edge that takes time: ask the memory for what it will need
    // there. Changes nothing but, where expect_chooses says so, the instance that the top frame is for.
    Expecting expect = nullptr;
    bool expect_chooses = false; // it is called also where memory cannot be asked, and watched or not
    // The CPU (or disk) work that the request asked for is done.
    void (*worked)(Sim&, Request&, Frame&) = nullptr;
    // A call has been answered; the frame is on top again. request.outcome says how.
    void (*returned)(Sim&, Request&, Frame&) = nullptr;
    // The frame is torn down without an answer (killed, cancelled): give back what it holds.
    void (*dropped)(Sim&, Request&, Frame&) = nullptr;
    // A slot that the kind scheduled itself is due; `channel` is what it passed to Sim::add_slot.
    void (*fire)(Sim&, NodeId, SlotId, std::uint16_t channel) = nullptr;
    // A timer that the kind started for a request (Sim::wait) is due.
    void (*timer)(Sim&, Request&, Frame&) = nullptr;
    // A timer without a request (Sim::wake) is due.
    void (*wake)(Sim&, NodeId, std::uint32_t token) = nullptr;
    // The client's patience with this request is over.
    void (*timeout)(Sim&, Request&, Frame&) = nullptr;
    // Which of the asker's edges the name that it asks for leads to.
    Resolution (*resolve)(Sim&, NodeId self, NodeId asker, const Request&) = nullptr;
    // A verb of the kind's own record.
    void (*verb)(Sim&, NodeId, const Command&) = nullptr;
    // After kill or restore of one instance (the common part is done).
    void (*life)(Sim&, NodeId, int instance, bool alive) = nullptr;
    // What an edge of the node's own leads to was killed or restored, wholly or in part.
    void (*below)(Sim&, NodeId, EdgeId) = nullptr;
    // An instance of a node that has this edge to the node has died.
    void (*above)(Sim&, NodeId, EdgeId, int instance) = nullptr;
    // Of caches: whether it gets what it lacks itself, so that its answers always carry the value. Otherwise
    // an answer with request.hit = 0 says that the caller must look further, and fill it.
    bool (*fetches)(const Sim&, NodeId) = nullptr;
    // Somebody made an instance slower or faster; the kind sets its speed. Without this, the common part
    // does.
    void (*slowed)(Sim&, NodeId, int instance, double factor) = nullptr;
    // A request of the clients that this node watches has come to its end.
    void (*saw)(Sim&, NodeId self, const Request&, Outcome) = nullptr;
    // Bytes that requests of clients carry on their way to this node, besides their own: a token.
    std::uint32_t (*token_bytes)(const Sim&, NodeId) = nullptr;

    // The warm-up is over: counters of the kind's own start again.
    void (*measure)(Sim&, NodeId) = nullptr;

    // Groups that lend their members a CPU: its number.
    std::uint32_t (*machine_cpu)(Sim&, NodeId) = nullptr;

    // Groups that are places: the latency between two of them, one way, on top of an edge's own.
    Time (*apart)(const Sim&, NodeId here, NodeId there) = nullptr;

    // The node sends requests of its own to its other instances (joins over shards): it gets an edge to
    // itself, beyond those of the scenario.
    bool calls_itself = false;

    double (*metric)(const Sim&, NodeId, int index) = nullptr;
    double (*cost_usd_per_month)(const Sim&, NodeId) = nullptr;
    ClosedForm theory{};
};

// The handlers that nearly every event calls, side by side: one load less on the way to them.
struct Program {
    Handling incoming[2] = {}; // from a wire: a request, an answer
    Handling arrive = nullptr;
    Handling worked = nullptr;
    Handling returned = nullptr;
    std::uint16_t (*route)(Sim&, NodeId, const Request&) = nullptr;
    void (*fire)(Sim&, NodeId, SlotId, std::uint16_t channel) = nullptr;
};

} // namespace scale::sim
