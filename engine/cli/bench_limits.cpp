#include "bench_limits.hpp"

#include "bench_clock.hpp"
#include "core/distribution.hpp"
#include "core/entry.hpp"
#include "core/hash.hpp"
#include "core/histogram.hpp"
#include "core/key_store.hpp"
#include "core/random.hpp"
#include "core/timer_heap.hpp"
#include "core/winner_tree.hpp"
#include "core/zipf.hpp"

#include <algorithm>
#include <bit>
#include <memory>

namespace scale::bench {

namespace {

using core::Distribution;
using core::Histogram;
using core::Random;
using core::Time;

constexpr std::uint64_t k_slice = 50'000; // events or operations a call

constexpr unsigned k_slots = 8;
constexpr unsigned k_tiers = 4; // the source counts as tier 0
constexpr std::uint8_t k_tier_of[k_slots] = {0, 1, 2, 2, 2, 2, 3, 3};
constexpr unsigned k_first_slot[k_tiers] = {0, 1, 2, 6};
constexpr unsigned k_workers[k_tiers] = {1, 1, 4, 2};
constexpr double k_interarrival_ns = 1e6;
constexpr double k_load = 0.8;

// A FIFO of birth times. At 0.8 load 2^12 waiting requests do not occur in 10^300 requests.
struct Fifo {
    static constexpr std::uint32_t k_mask = 4095;
    std::uint32_t head = 0;
    std::uint32_t tail = 0;
    Time born[k_mask + 1];

    bool empty() const { return head == tail; }
    void push(Time time) { born[tail++ & k_mask] = time; }
    Time pop() { return born[head++ & k_mask]; }
};

// What follows is the tandem without its list of events. With `k_ahead` each delay is drawn an event before
// it is needed, off the critical path; otherwise where it is needed, as the engine does.
template<bool k_ahead>
struct Tandem {
    Random randoms[k_tiers];
    Distribution delays[k_tiers]; // between arrivals, and of service
    Time ready[k_tiers] = {};
    std::uint32_t idle[k_tiers] = {}; // bit per worker
    Time born[k_slots] = {};          // of the request in service
    Fifo queues[k_tiers];
    std::uint64_t completed = 0;
    Histogram response;

    explicit Tandem(std::uint64_t seed) {
        for (unsigned tier = 0; tier < k_tiers; ++tier) {
            randoms[tier] = Random::seeded(seed, tier, 0);
            const double mean = tier == 0 ? k_interarrival_ns : k_load * k_workers[tier] * k_interarrival_ns;
            delays[tier] = Distribution::make(core::Shape::exponential, mean, 1.0);
            if constexpr (k_ahead) ready[tier] = draw_fresh(tier);
            idle[tier] = (1u << k_workers[tier]) - 1;
        }
    }

    Time draw(unsigned tier) {
        if constexpr (!k_ahead) return draw_fresh(tier);
        const Time drawn = ready[tier];
        ready[tier] = draw_fresh(tier);
        return drawn;
    }
    Time draw_fresh(unsigned tier) {
        return static_cast<Time>(
            static_cast<std::int64_t>(delays[tier].mean * randoms[tier].exponential() + 0.5));
    }

    std::uint64_t checksum() const { return response.hash() ^ completed; }
};

// A request enters a tier: a worker takes it or it waits.
template<unsigned k_tier, class Tandem, class Events>
[[gnu::always_inline]] inline void enter(Tandem& tandem, Events& events, Time born, Time now) {
    const std::uint32_t idle = tandem.idle[k_tier];
    if (idle == 0) {
        tandem.queues[k_tier].push(born);
        return;
    }
    const unsigned slot = k_first_slot[k_tier] + static_cast<unsigned>(std::countr_zero(idle));
    tandem.idle[k_tier] = idle & (idle - 1);
    tandem.born[slot] = born;
    events.schedule(slot, now + tandem.draw(k_tier));
}

// A worker is done: it takes the next request that waits, or rests.
template<unsigned k_tier, class Tandem, class Events>
[[gnu::always_inline]] inline void take_next(Tandem& tandem, Events& events, unsigned slot, Time now) {
    if (tandem.queues[k_tier].empty()) {
        tandem.idle[k_tier] |= 1u << (slot - k_first_slot[k_tier]);
        events.rest(slot);
        return;
    }
    tandem.born[slot] = tandem.queues[k_tier].pop();
    events.schedule(slot, now + tandem.draw(k_tier));
}

template<class Tandem, class Events>
void handle(Tandem& tandem, Events& events, unsigned slot, Time now) {
    switch (k_tier_of[slot]) {
    case 0:
        events.schedule(slot, now + tandem.draw(0));
        enter<1>(tandem, events, now, now);
        break;
    case 1: {
        const Time born = tandem.born[slot];
        take_next<1>(tandem, events, slot, now);
        enter<2>(tandem, events, born, now);
        break;
    }
    case 2: {
        const Time born = tandem.born[slot];
        take_next<2>(tandem, events, slot, now);
        enter<3>(tandem, events, born, now);
        break;
    }
    default:
        tandem.response.record(now - tandem.born[slot]);
        ++tandem.completed;
        take_next<3>(tandem, events, slot, now);
    }
}

// One word a slot, (time << 3 | slot): the minimum of eight is seven selects in a tree of depth three.
struct Slots {
    std::uint64_t keys[k_slots];

    Slots() { std::fill(std::begin(keys), std::end(keys), ~std::uint64_t{0}); }

    void schedule(unsigned slot, Time time) { keys[slot] = time << 3 | slot; }
    void rest(unsigned slot) { keys[slot] = ~std::uint64_t{0}; }

    std::uint64_t earliest() const {
        const auto least = [](std::uint64_t a, std::uint64_t b) {
            std::uint64_t less = a < b ? a : b;
            core::detail::keep_apart(less); // or g++ makes one chain of the tree
            return less;
        };
        return least(least(least(keys[0], keys[1]), least(keys[2], keys[3])),
                     least(least(keys[4], keys[5]), least(keys[6], keys[7])));
    }

    template<class Tandem>
    void happen(Tandem& tandem) {
        const std::uint64_t key = earliest();
        handle(tandem, *this, static_cast<unsigned>(key & 7), key >> 3);
    }
};

struct Heap {
    core::TimerHeap heap;
    std::uint64_t sequence = 0;

    void schedule(unsigned slot, Time time) { heap.push(time, slot, sequence++); }
    void rest(unsigned) {}

    template<class Tandem>
    void happen(Tandem& tandem) {
        const core::TimerHeap::Timer timer = heap.top();
        heap.pop();
        handle(tandem, *this, timer.payload, timer.time);
    }
};

template<class Events, bool k_ahead>
struct EventLoop {
    Tandem<k_ahead> tandem;
    Events events;

    explicit EventLoop(std::uint64_t seed) : tandem(seed) { events.schedule(0, tandem.draw(0)); }

    void step(std::uint64_t count) {
        for (; count > 0; --count) {
            events.happen(tandem);
        }
    }
};

// The time at which each worker of a tier is free decides everything. A web worker's departure is handed to
// the database when the worker is taken again: departures then come in order, as the earliest worker is
// always taken.
struct Recursion {
    Random randoms[k_tiers];
    double means[k_tiers];
    Time arrival = 0;
    Time balancer_free = 0;
    Time web_free[4] = {};
    Time web_born[4] = {};
    Time database_free[2] = {};
    std::uint64_t started = 0;
    Histogram response;

    explicit Recursion(const Tandem<false>& tandem) {
        for (unsigned tier = 0; tier < k_tiers; ++tier) {
            randoms[tier] = tandem.randoms[tier];
            means[tier] = tandem.delays[tier].mean;
        }
    }

    Time draw(unsigned tier) {
        return static_cast<Time>(static_cast<std::int64_t>(means[tier] * randoms[tier].exponential() + 0.5));
    }

    void leave_web(unsigned worker) {
        const unsigned free = database_free[1] < database_free[0] ? 1 : 0;
        const Time done = std::max(web_free[worker], database_free[free]) + draw(3);
        database_free[free] = done;
        response.record(done - web_born[worker]);
    }

    void step(std::uint64_t requests) {
        for (; requests > 0; --requests) {
            arrival += draw(0);
            balancer_free = std::max(balancer_free, arrival) + draw(1);
            const unsigned left = web_free[1] < web_free[0] ? 1 : 0;
            const unsigned right = web_free[3] < web_free[2] ? 3 : 2;
            const unsigned worker = web_free[right] < web_free[left] ? right : left;
            if (started++ >= 4) {
                leave_web(worker);
            }
            web_free[worker] = std::max(web_free[worker], balancer_free) + draw(2);
            web_born[worker] = arrival;
        }
    }
};

Time hold_time(Random& random) {
    return static_cast<Time>(static_cast<std::int64_t>(random.exponential() * 1e6));
}

// One slice, through a pointer that no optimiser sees through: inlined into one long call, the loop would
// stay in the baseline compiler under node (measured: 52 ns an event against 24), and binaryen inlines
// despite noinline.
template<class State>
void step_in_own_call(State& state, std::uint64_t count) {
    static void (*volatile step)(State&, std::uint64_t) = [](State& stepped, std::uint64_t operations) {
        stepped.step(operations);
    };
    step(state, count);
}

// Runs `count` operations; the checksum is left to the caller.
template<class State>
LoopResult timed(State& state, std::uint64_t count) {
    LoopResult result;
    const double start = seconds_now();
    while (result.requests < count) {
        const std::uint64_t slice = std::min(k_slice, count - result.requests);
        step_in_own_call(state, slice);
        result.requests += slice;
    }
    result.seconds = seconds_now() - start;
    result.events = result.requests;
    return result;
}

template<class Events, bool k_ahead = false>
LoopResult run_tandem(std::uint64_t requests, std::uint64_t seed) {
    const auto loop = std::make_unique<EventLoop<Events, k_ahead>>(seed);
    LoopResult result;
    const double start = seconds_now();
    while (loop->tandem.completed < requests) {
        step_in_own_call(*loop, k_slice);
        result.events += k_slice;
    }
    result.seconds = seconds_now() - start;
    result.requests = loop->tandem.completed;
    result.checksum = loop->tandem.checksum();
    return result;
}

template<class Draw>
LoopResult draw(std::uint64_t count, std::uint64_t seed, Draw draw_one) {
    struct Draws {
        Draw one;
        Random random;
        std::uint64_t sum = 0;
        void step(std::uint64_t draws) {
            Random local = random; // kept in registers
            for (; draws > 0; --draws) {
                sum += one(local);
            }
            random = local;
        }
    } draws{draw_one, Random::seeded(seed, 0, 0)};
    LoopResult result = timed(draws, count);
    result.checksum = draws.sum;
    return result;
}

} // namespace

LoopResult limit_tandem(std::uint64_t requests, std::uint64_t seed) {
    return run_tandem<Slots>(requests, seed);
}

LoopResult ahead_tandem(std::uint64_t requests, std::uint64_t seed) {
    return run_tandem<Slots, true>(requests, seed);
}

LoopResult heap_tandem(std::uint64_t requests, std::uint64_t seed) {
    return run_tandem<Heap>(requests, seed);
}

LoopResult recursion_tandem(std::uint64_t requests, std::uint64_t seed) {
    const auto recursion = std::make_unique<Recursion>(*std::make_unique<Tandem<false>>(seed));
    LoopResult result;
    const double start = seconds_now();
    while (recursion->response.count < requests) {
        step_in_own_call(*recursion, k_slice / k_tiers);
    }
    result.seconds = seconds_now() - start;
    result.requests = recursion->response.count;
    result.events = result.requests * k_tiers;
    result.checksum = recursion->response.hash() ^ result.requests;
    return result;
}

LoopResult hold_winner_tree(std::uint32_t pending, std::uint64_t events, std::uint64_t seed) {
    struct Hold {
        core::WinnerTree tree;
        Random random;
        std::uint64_t sum = 0;
        void step(std::uint64_t count) {
            for (; count > 0; --count) {
                const core::WinnerTree::Top top = tree.top();
                sum += top.time;
                tree.schedule(top.slot, top.time + hold_time(random));
            }
        }
    } hold;
    hold.random = Random::seeded(seed, pending, 0);
    hold.tree.resize(pending);
    for (std::uint32_t slot = 0; slot < pending; ++slot) {
        hold.tree.schedule(slot, hold_time(hold.random));
    }
    LoopResult result = timed(hold, events);
    result.checksum = hold.sum;
    return result;
}

LoopResult hold_timer_heap(std::uint32_t pending, std::uint64_t events, std::uint64_t seed) {
    struct Hold {
        core::TimerHeap heap;
        Random random;
        std::uint64_t sequence = 0;
        std::uint64_t sum = 0;
        void step(std::uint64_t count) {
            for (; count > 0; --count) {
                const core::TimerHeap::Timer top = heap.top();
                sum += top.time;
                heap.pop();
                heap.push(top.time + hold_time(random), top.payload, sequence++);
            }
        }
    } hold;
    hold.random = Random::seeded(seed, pending, 0);
    hold.heap.reserve(pending);
    for (std::uint32_t slot = 0; slot < pending; ++slot) {
        hold.heap.push(hold_time(hold.random), slot, hold.sequence++);
    }
    LoopResult result = timed(hold, events);
    result.checksum = hold.sum;
    return result;
}

LoopResult record_latencies(std::uint64_t count, std::uint64_t seed) {
    constexpr std::size_t k_sample = 512; // drawn beforehand; small, to leave the counters in L1
    struct Recorder {
        Histogram histogram;
        Time values[k_sample];
        void step(std::uint64_t values_count) {
            for (std::uint64_t i = 0; i < values_count; ++i) {
                histogram.record(values[i % k_sample]);
            }
        }
    };
    const auto recorder = std::make_unique<Recorder>();
    Random random = Random::seeded(seed, 0, 0);
    for (Time& value : recorder->values) {
        value = hold_time(random);
    }
    LoopResult result = timed(*recorder, count);
    result.checksum = recorder->histogram.hash();
    return result;
}

LoopResult draw_raw(std::uint64_t count, std::uint64_t seed) {
    return draw(count, seed, [](Random& random) { return random.next(); });
}

LoopResult draw_exponential(std::uint64_t count, std::uint64_t seed) {
    const Distribution delay = Distribution::make(core::Shape::exponential, 6e6, 1.0);
    return draw(count, seed, [delay](Random& random) { return delay.draw(random); });
}

LoopResult draw_lognormal(std::uint64_t count, std::uint64_t seed) {
    const Distribution delay = Distribution::make(core::Shape::lognormal, 6e6, 1.0);
    return draw(count, seed, [delay](Random& random) { return delay.draw(random); });
}

LoopResult draw_gamma(std::uint64_t count, std::uint64_t seed) {
    const Distribution delay = Distribution::make(core::Shape::gamma, 6e6, 0.5);
    return draw(count, seed, [delay](Random& random) { return delay.draw(random); });
}

LoopResult draw_zipf(std::uint64_t count, std::uint64_t keys, double exponent, std::uint64_t seed) {
    const core::Zipf zipf = core::Zipf::make(keys, exponent);
    return draw(count, seed, [zipf](Random& random) { return zipf.draw(random); });
}

LoopResult look_up_lru(std::uint32_t keys, std::uint64_t count, std::uint64_t seed) {
    struct LookUps {
        core::KeyStore store;
        Random random;
        std::uint64_t sum = 0;
        void step(std::uint64_t look_ups) {
            for (; look_ups > 0; --look_ups) {
                const std::uint32_t entry = store.find(random.below(store.capacity()));
                store.touch(entry);
                sum += entry;
            }
        }
    } look_ups;
    look_ups.random = Random::seeded(seed, keys, 0);
    look_ups.store = core::KeyStore(keys, core::Eviction::lru, look_ups.random);
    for (std::uint32_t key = 0; key < keys; ++key) {
        look_ups.store.insert(key, {});
    }
    LoopResult result = timed(look_ups, count);
    result.checksum = look_ups.sum;
    return result;
}

} // namespace scale::bench
