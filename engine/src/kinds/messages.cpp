#include "kinds/messages.hpp"

#include <algorithm>

namespace scale::kind {

void Messages::grow() {
    const std::uint32_t had = book_.places;
    const std::uint32_t wanted = std::min(Ticket::k_places, had == 0 ? 64 : had + had / 2);
    sim_.tables[book_.table].resize(std::size_t{wanted} * (sizeof(Message) / sizeof(std::uint64_t)));
    all_ = sim_.table<Message>(book_.table);
    book_.places = wanted;
    for (std::uint32_t place = wanted; place-- > had;) { // the lowest is used first
        all_[place] = Message{};
        all_[place].next = book_.free;
        book_.free = place;
    }
}

std::uint32_t Messages::add() {
    if (book_.free == k_none && book_.places < Ticket::k_places) grow();
    const std::uint32_t place = book_.free;
    if (place == k_none) return k_none;
    book_.free = all_[place].next;
    return place;
}

void Messages::remove(std::uint32_t place, bool was_done) {
    unlink(place);
    Message& gone = all_[place];
    if (!was_done) gone.lost_serial = gone.serial % Ticket::k_serials;
    ++gone.serial;
    gone.state = Message::free;
    gone.deliveries = 0;
    gone.next = book_.free;
    book_.free = place;
}

MessageList& Messages::list(std::uint8_t state) {
    return state == Message::waiting     ? book_.waiting
           : state == Message::delayed   ? book_.delayed
           : state == Message::delivered ? book_.delivered
                                         : book_.dead;
}

void Messages::insert_after(std::uint32_t place, std::uint32_t before, Message::State state) {
    MessageList& to = list(state);
    Message& added = all_[place];
    const std::uint32_t after = before == k_none ? to.head : all_[before].next;
    added.state = state;
    added.prev = before;
    added.next = after;
    (before == k_none ? to.head : all_[before].next) = place;
    (after == k_none ? to.tail : all_[after].prev) = place;
    ++to.count;
}

void Messages::push_by_due(std::uint32_t place, Message::State state) {
    std::uint32_t before = list(state).tail; // with one delay for all: always the last
    while (before != k_none && all_[before].due > all_[place].due) before = all_[before].prev;
    insert_after(place, before, state);
}

void Messages::unlink(std::uint32_t place) {
    Message& gone = all_[place];
    MessageList& from = list(gone.state);
    (gone.prev == k_none ? from.head : all_[gone.prev].next) = gone.next;
    (gone.next == k_none ? from.tail : all_[gone.next].prev) = gone.prev;
    --from.count;
    gone.next = gone.prev = k_none;
}

} // namespace scale::kind
