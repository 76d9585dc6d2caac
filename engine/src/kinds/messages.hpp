// The messages of a queue: plain records in a table of the simulation, each in one of a few lists.
#pragma once

#include "sim/sim.hpp"

namespace scale::kind {

using sim::k_none;
using sim::Time;

struct Message {
    enum State : std::uint8_t { free, waiting, delayed, delivered, dead };

    Time published = 0;       // when its producer was told
    Time due = 0;             // delayed: waits again from then on; delivered: is taken back then
    Time safe_at = 0;         // a further copy has it
    std::uint64_t number = 0; // in order of publishing
    std::uint32_t key = 0, user = 0, bytes = 0;
    std::uint32_t next = k_none, prev = k_none; // in its list
    std::uint32_t serial = 0;                   // how many messages had this place before
    std::uint32_t lost_serial = k_none;         // the last of them that was not worked on
    std::uint8_t state = free;
    std::uint8_t deliveries = 0; // so far; stays at 255
    std::uint8_t kind = 0;       // RequestClass
    std::uint8_t padding = 0;
};
static_assert(sizeof(Message) == 64);

struct MessageList {
    std::uint32_t head = k_none, tail = k_none, count = 0;
};

// Names a message for good: its place, and which of those that had the place it is.
struct Ticket {
    static constexpr std::uint32_t k_places = 1u << 20;
    static constexpr std::uint32_t k_serials = 1u << 24;

    std::uint32_t place = 0, serial = 0;
    std::uint32_t extra = 0; // 20 bits: a node, or how many deliveries there had been

    static Ticket of(std::uint64_t bits) {
        return {static_cast<std::uint32_t>(bits) % k_places,
                static_cast<std::uint32_t>(bits >> 20) % k_serials, static_cast<std::uint32_t>(bits >> 44)};
    }
    std::uint64_t bits() const {
        return std::uint64_t{extra} << 44 | std::uint64_t{serial % k_serials} << 20 | place;
    }
};

// What a queue keeps of its messages, besides the table: part of its state.
struct MessageBook {
    MessageList waiting;   // oldest first
    MessageList delayed;   // soonest first
    MessageList delivered; // soonest due first
    MessageList dead;      // longest dead first
    std::uint32_t table = 0;
    std::uint32_t free = k_none;
    std::uint32_t places = 0; // in the table
    std::uint32_t padding = 0;

    std::uint32_t kept() const { return waiting.count + delayed.count + delivered.count; }
};

// A view of them; good until the table grows or the node's state moves.
class Messages {
public:
    Messages(sim::Sim& sim, MessageBook& book)
        : sim_(sim), book_(book), all_(sim.table<Message>(book.table)) {}

    Message& operator[](std::uint32_t place) { return all_[place]; }
    Ticket ticket(std::uint32_t place, std::uint32_t extra) const {
        return {place, all_[place].serial % Ticket::k_serials, extra};
    }
    // Whether the place still holds what the ticket names.
    bool holds(const Ticket& ticket) const {
        return ticket.place < book_.places && all_[ticket.place].state != Message::free &&
               all_[ticket.place].serial % Ticket::k_serials == ticket.serial;
    }

    std::uint32_t add(); // a free place; it belongs to no list yet
    void remove(std::uint32_t place, bool was_done);
    void push_back(std::uint32_t place, Message::State state) {
        insert_after(place, list(state).tail, state);
    }
    void push_front(std::uint32_t place, Message::State state) { insert_after(place, k_none, state); }
    void push_by_due(std::uint32_t place, Message::State state);
    // Out of its list, whichever that is.
    void unlink(std::uint32_t place);

private:
    MessageList& list(std::uint8_t state);
    void insert_after(std::uint32_t place, std::uint32_t before, Message::State state);
    void grow();

    sim::Sim& sim_;
    MessageBook& book_;
    Message* all_;
};

} // namespace scale::kind
