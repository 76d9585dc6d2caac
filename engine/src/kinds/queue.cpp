// A message queue: takes messages in, tells the producer once they are written down, and hands them to
// consumers that have a worker free. A delivery is a request of the queue's own; what it is about stays in
// the queue until the consumer has answered, and is delivered again when that does not happen.
#include "kinds/queue_state.hpp"
#include "kinds/queue_theory.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace queue;
using namespace sim;

// Of a producer's request, and of a delivery.
enum Stage : std::uint8_t { at_write = 0, at_copy = 1, at_blocked = 2, at_delivery = 3 };
enum Channel : std::uint16_t { channel_visibility, channel_delay };
constexpr std::uint32_t k_takeover = 1; // token of the timer of another copy

// Configuring ----------------------------------------------------------------------------------------------

void go_on(Sim& sim, NodeId id);

void configure(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    if (sim.state<State>(id).ready == 0) {
        State& state = sim.state<State>(id);
        state.book = MessageBook{};
        state.book.table = sim.add_table();
        state.blocked = RequestList{};
        state.visibility_slot = sim.add_slot(Handler::kind, id, channel_visibility);
        state.delay_slot = sim.add_slot(Handler::kind, id, channel_delay);
        state.line = ConsumerLine{};
        state.ready = 1;
    }
    read_params(sim, id, sim.state<State>(id));
    sim.demand(id, 0) = distribution(sim.value(id, write), sim.value(id, write_ms), 1);
    station::Size size;
    size.workers = size.cores = static_cast<std::uint32_t>(sim.value(id, writers));
    size.queue_limit = k_requests_most;
    station::resize(sim, id, size);
    list_consumers(sim, id);
    go_on(sim, id);
}

// Delivering -----------------------------------------------------------------------------------------------

void mark_delivered(Sim& sim, State& state, Messages& all, std::uint32_t place) {
    Message& message = all[place];
    if (message.deliveries == 0) {
        ++state.counted.first_deliveries;
        state.counted.wait_sum += sim.now - message.published;
    } else {
        ++state.counted.redelivered;
    }
    if (message.deliveries < 255) ++message.deliveries;
    all.unlink(place);
    message.due = state.visibility == 0 || state.once != 0 ? core::k_never : sim.now + state.visibility;
    all.push_by_due(place, Message::delivered);
    // The slot is left alone when the first is acknowledged; it then fires once for nothing and moves on.
    if (message.due != core::k_never &&
        (!sim.queue.pending(state.visibility_slot) || sim.queue.time_of(state.visibility_slot) > message.due))
        sim.queue.schedule(state.visibility_slot, message.due);
}

// Hands one message to the consumer; false when no request can be made for it.
bool deliver(Sim& sim, NodeId id, std::uint32_t consumer) {
    const RequestId made = sim.launch(id);
    if (made == k_none) return false;
    State& state = sim.state<State>(id);
    Messages all = messages(sim, state);
    const std::uint32_t place =
        state.last_in_first_out != 0 ? state.book.waiting.tail : state.book.waiting.head;
    mark_delivered(sim, state, all, place);
    sim.unstore(id);
    const Message& message = all[place];
    Request& request = sim.requests[made];
    request.key = message.key;
    request.user = message.user;
    request.bytes = message.bytes;
    request.kind = message.kind & 15u;
    Frame& here = sim.frame(made, 0);
    here.stage = at_delivery;
    // A delivery has not arrived from anywhere: the time says which message it is about instead.
    here.entered = all.ticket(place, message.deliveries).bits();
    Consumers takers = consumers(sim, id);
    const EdgeId edge = takers[consumer].edge;
    const std::uint16_t instance = takers[consumer].instance;
    takers.took(consumer);
    sim.send(request, here, edge, instance);
    return true;
}

void dispatch(Sim& sim, NodeId id) {
    while (is_up(sim, id) && sim.state<State>(id).book.waiting.count != 0) {
        const std::uint32_t taker = consumers(sim, id).next();
        if (taker == k_none || !deliver(sim, id, taker)) return;
    }
}

// Taking in ------------------------------------------------------------------------------------------------

// Messages that are kept, and those on their way into the queue.
bool has_room(const Sim& sim, NodeId id) {
    const State& state = sim.state<State>(id);
    const Instance& writing = sim.instance(id, 0);
    const std::uint32_t coming = writing.held + writing.waiting.count + state.copying_now;
    return state.book.kept() + coming < state.capacity;
}

void admit_blocked(Sim& sim, NodeId id) {
    while (is_up(sim, id) && sim.state<State>(id).blocked.count != 0 && has_room(sim, id)) {
        const RequestId next = sim.pop_front(sim.state<State>(id).blocked);
        Request& request = sim.requests[next];
        sim.take_up(request);
        Frame& here = sim.top(next);
        here.stage = at_write;
        station::enter(sim, request, here, 0);
    }
}

void go_on(Sim& sim, NodeId id) {
    admit_blocked(sim, id);
    dispatch(sim, id);
}

// The frame of the client that this request is of, when its errand stands so.
Frame* errand_frame(Sim& sim, const Request& request, Errand errand) {
    Frame& lowest = sim.frame(sim.id_of(request), 0);
    const bool is_client = request.base == 0 && sim.behaviours[lowest.node]->timeout != nullptr;
    return is_client && lowest.aux == static_cast<std::uint8_t>(errand) ? &lowest : nullptr;
}

void publish(Sim& sim, Request& request, Frame& here, Time safe_at) {
    const NodeId id = here.node;
    State& state = sim.state<State>(id);
    Messages all = messages(sim, state);
    std::uint32_t place = all.add();
    if (place == k_none) { // the dead have taken all places
        all.remove(state.book.dead.head, false);
        place = all.add();
    }
    Message& message = all[place];
    message.published = sim.now;
    message.safe_at = safe_at;
    message.number = ++state.last_number;
    message.key = request.key;
    message.user = request.user;
    message.bytes = request.bytes;
    message.kind = request.kind;
    all.push_back(place, Message::waiting);
    sim.store(id);
    ++state.counted.published;
    if (Frame* const asker = errand_frame(sim, request, Errand::wanted)) {
        asker->aux = static_cast<std::uint8_t>(Errand::left);
        asker->entered = all.ticket(place, id).bits();
    }
    sim.answer(request, here, Outcome::served);
    dispatch(sim, id);
}

// When the n-th of the further copies is written, and the first of them.
Time wait_for_copies(Sim& sim, NodeId id, const State& state, Time& first) {
    constexpr std::uint32_t k_most = 8;
    Time drawn[k_most] = {};
    const std::uint32_t count = state.copies - 1;
    for (std::uint32_t i = 0; i < count; ++i) drawn[i] = state.copying.draw(sim.streams[id].network);
    std::sort(drawn, drawn + count);
    first = drawn[0];
    return state.further == 0 ? 0 : drawn[state.further - 1];
}

void worked(Sim& sim, Request& request, Frame& here) {
    station::leave(sim, here);
    State& state = sim.state<State>(here.node);
    if (state.copies == 1) {
        publish(sim, request, here, sim.now);
        return;
    }
    Time first = 0;
    const Time wait = wait_for_copies(sim, here.node, state, first);
    if (state.further == 0) {
        publish(sim, request, here, sim.now + first);
        return;
    }
    here.stage = at_copy;
    ++state.copying_now;
    sim.wait(request, wait);
}

void timer(Sim& sim, Request& request, Frame& here) {
    --sim.state<State>(here.node).copying_now;
    here.stage = at_write;
    publish(sim, request, here, sim.now);
}

// Somebody asks how the work stands that they have a receipt for.
void tell(Sim& sim, Request& request, Frame& here, Frame& asker) {
    const Ticket ticket = Ticket::of(asker.entered);
    State& state = sim.state<State>(here.node);
    Messages all = messages(sim, state);
    Errand stands = Errand::done;
    const Message& message = all[ticket.place];
    if (message.lost_serial == ticket.serial) stands = Errand::failed;
    if (all.holds(ticket)) stands = message.state == Message::dead ? Errand::failed : Errand::pending;
    asker.aux = static_cast<std::uint8_t>(stands);
    sim.answer(request, here, Outcome::served);
}

void arrive(Sim& sim, Request& request, Frame& here) {
    Frame* const asker = errand_frame(sim, request, Errand::asks);
    if (asker != nullptr && Ticket::of(asker->entered).extra == here.node) {
        tell(sim, request, here, *asker);
        return;
    }
    State& state = sim.state<State>(here.node);
    if (has_room(sim, here.node)) {
        station::enter(sim, request, here, 0);
    } else if (state.blocks != 0) {
        here.stage = at_blocked;
        sim.park(request);
        sim.push_back(state.blocked, sim.id_of(request));
    } else {
        sim.cap_reached(here.node);
        sim.answer(request, here, Outcome::rejected);
    }
}

void dropped(Sim& sim, Request& request, Frame& here) {
    State& state = sim.state<State>(here.node);
    if (here.stage == at_blocked) sim.unlink(state.blocked, sim.id_of(request));
    if (here.stage == at_copy) --state.copying_now;
    station::dropped(sim, request, here);
}

// Coming back ----------------------------------------------------------------------------------------------

// The dead are kept for being delivered again, as many as the queue holds.
void bury(State& state, Messages& all, std::uint32_t place) {
    ++state.counted.dead;
    all.push_back(place, Message::dead);
    if (state.book.dead.count > state.capacity) all.remove(state.book.dead.head, false);
}

// Delivered in vain: waits again, at once (k_never) or after a delay, or is a dead letter.
void take_back(Sim& sim, NodeId id, State& state, std::uint32_t place, Time delay) {
    Messages all = messages(sim, state);
    Message& message = all[place];
    all.unlink(place);
    if (state.deliveries_most != 0 && message.deliveries >= state.deliveries_most) {
        bury(state, all, place);
        return;
    }
    sim.store(id);
    if (delay == core::k_never) {
        all.push_front(place, Message::waiting);
        return;
    }
    message.due = sim.now + delay;
    all.push_by_due(place, Message::delayed);
    sim.queue.schedule(state.delay_slot, all[state.book.delayed.head].due);
}

void acknowledge(Sim& sim, NodeId id, State& state, Messages& all, std::uint32_t place) {
    const Message& message = all[place];
    if (message.state == Message::dead) {
        --state.counted.dead; // its last delivery has succeeded after all
    } else if (message.state != Message::delivered) {
        sim.unstore(id);
    }
    ++state.counted.acknowledged;
    state.counted.done_sum += sim.now - message.published;
    if (message.number < state.newest_done) ++state.counted.out_of_order;
    state.newest_done = std::max(state.newest_done, message.number);
    all.remove(place, true);
}

void lose(State& state, Messages& all, std::uint32_t place) {
    ++state.counted.lost;
    all.remove(place, false);
}

void settle(Sim& sim, NodeId id, const Ticket& ticket, Outcome outcome) {
    State& state = sim.state<State>(id);
    Messages all = messages(sim, state);
    if (!all.holds(ticket)) {
        const bool was_lost = all[ticket.place].lost_serial == ticket.serial;
        if (outcome == Outcome::served && !was_lost) ++state.counted.duplicates;
        return;
    }
    const Message& message = all[ticket.place];
    if (outcome == Outcome::served) {
        acknowledge(sim, id, state, all, ticket.place);
    } else if (message.state == Message::delivered && message.deliveries == ticket.extra) {
        if (state.once != 0)
            lose(state, all, ticket.place);
        else
            take_back(sim, id, state, ticket.place, state.retry_delay);
    }
}

void returned(Sim& sim, Request& request, Frame& here) {
    const NodeId id = here.node;
    const Frame called = *(&here + 1);
    const Ticket ticket = Ticket::of(here.entered);
    const auto outcome = static_cast<Outcome>(request.outcome);
    sim.release(sim.id_of(request));
    consumers(sim, id).gave_back(id, called.edge, called.instance);
    if (!is_up(sim, id)) return; // the acknowledgement finds nobody
    settle(sim, id, ticket, outcome);
    go_on(sim, id);
}

void fire(Sim& sim, NodeId id, SlotId slot, std::uint16_t channel) {
    State& state = sim.state<State>(id);
    Messages all = messages(sim, state);
    MessageList& list = channel == channel_delay ? state.book.delayed : state.book.delivered;
    while (list.count != 0 && all[list.head].due <= sim.now) {
        const std::uint32_t place = list.head;
        if (channel == channel_delay) {
            all.unlink(place);
            all.push_front(place, Message::waiting);
        } else {
            take_back(sim, id, state, place, core::k_never);
        }
    }
    if (list.count != 0 && all[list.head].due != core::k_never)
        sim.queue.schedule(slot, all[list.head].due);
    else
        sim.queue.cancel(slot);
    go_on(sim, id);
}

// Failure --------------------------------------------------------------------------------------------------

void lose_list(Sim& sim, NodeId id, State& state, MessageList& list, bool all_of_them) {
    Messages all = messages(sim, state);
    for (std::uint32_t place = list.head; place != k_none;) {
        const std::uint32_t next = all[place].next;
        if (all_of_them || all[place].safe_at > sim.now) {
            lose(state, all, place);
            if (&list != &state.book.delivered) sim.unstore(id);
        }
        place = next;
    }
}

// On disk everything is kept while there is one copy only: the same one comes back. With several, another
// goes on with what has reached it.
void die(Sim& sim, NodeId id) {
    State& state = sim.state<State>(id);
    if (state.copies > 1 || state.durable == 0)
        for (MessageList* list : {&state.book.waiting, &state.book.delayed, &state.book.delivered})
            lose_list(sim, id, state, *list, state.copies == 1);
    Messages all = messages(sim, state);
    while (state.book.delivered.count != 0) { // nobody knows any more who has them
        const std::uint32_t place = state.book.delivered.tail;
        if (state.once != 0) {
            lose(state, all, place);
            continue;
        }
        all.unlink(place);
        all.push_front(place, Message::waiting);
        sim.store(id);
    }
    if (state.copies > 1) sim.wake(id, k_takeover, core::from_seconds(sim.value(id, failover_s)));
}

void life(Sim& sim, NodeId id, int, bool alive) {
    if (alive)
        go_on(sim, id);
    else
        die(sim, id);
}

void wake(Sim& sim, NodeId id, std::uint32_t) {
    if (is_up(sim, id)) return;
    sim.note(Happening::promoted, id);
    sim.restore(id, -1);
}

void below(Sim& sim, NodeId id, EdgeId) {
    consumers(sim, id).refresh();
    go_on(sim, id);
}

// Puts the dead letters back.
void verb(Sim& sim, NodeId id, const Command&) {
    State& state = sim.state<State>(id);
    Messages all = messages(sim, state);
    while (state.book.dead.count != 0 && state.book.kept() < state.capacity) {
        const std::uint32_t place = state.book.dead.head;
        all.unlink(place);
        all[place].deliveries = 0;
        all.push_back(place, Message::waiting);
        sim.store(id);
        if (state.counted.dead > 0)
            --state.counted.dead;
        else
            ++state.counted.published; // it died before the end of the warm-up
    }
    go_on(sim, id);
}

double cost(const Sim& sim, NodeId id) {
    if (sim.nodes[id].machine_cpu != k_none) return 0; // the machine is paid for
    const double each = sim.value(id, price_usd) > 0 ? sim.value(id, price_usd)
                                                     : price::of(sim.scenario, price::Item::broker);
    return each * sim.value(id, copies);
}

constexpr SignRecord k_signs[] = {
    {Mechanism::backlog, "waiting", nullptr, 100},
};

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .arrive = arrive,
    .come_in = sim::come_in<arrive>,
    .worked = worked,
    .returned = returned,
    .dropped = dropped,
    .fire = fire,
    .timer = timer,
    .wake = wake,
    .verb = verb,
    .life = life,
    .below = below,
    .measure = measure,
    .metric = metric,
    .cost_usd_per_month = cost,
    .theory = queue::k_theory,
};

} // namespace

extern const KindRecord k_queue;
const KindRecord k_queue = {
    .code = 10,
    .id = "queue",
    .name = {"Message queue", "메시지 큐"},
    .help =
        {"Keeps messages between those who produce them and those who work on them, so that neither waits "
         "for the other.",
         "생산자와 소비자 사이에 메시지를 보관해 서로 기다리지 않게 한다."},
    .icon = "mail",
    .tier = Tier::background,
    .role = role_queue,
    .calls = role_worker,
    .params = k_params,
    .metrics = k_metrics,
    .signs = k_signs,
    .verbs = k_verbs,
    .closed_form =
        {"M/M/c from publishing to the end of the work, when writing and handing over take no time; "
         "backlog after an outage = rate x duration, drained in backlog/(capacity - rate).",
         "쓰기와 전달에 시간이 들지 않으면 발행부터 처리 완료까지 M/M/c. 중단 뒤 백로그 = 발행률 x 시간, "
         "비우는 시간 = 백로그/(처리 능력 - 발행률)."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
