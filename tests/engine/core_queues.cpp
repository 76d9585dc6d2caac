// The winner tree and the timer heap against std::multimap under long random histories.
#include "core/timer_heap.hpp"
#include "core/winner_tree.hpp"

#include "core/random.hpp"

#include <doctest/doctest.h>

#include <map>
#include <utility>
#include <vector>

namespace core = scale::core;
using core::Random;
using core::Time;
using core::TimerHeap;
using core::WinnerTree;

namespace {

// What the tree has to be: events by (time, number of the scheduling), at most one per slot.
struct SlotModel {
    std::map<std::pair<Time, std::uint64_t>, std::uint32_t> events;
    std::map<std::uint32_t, std::pair<Time, std::uint64_t>> of_slot;
    std::uint64_t number = 0;

    void cancel(std::uint32_t slot) {
        if (const auto found = of_slot.find(slot); found != of_slot.end()) {
            events.erase(found->second);
            of_slot.erase(found);
        }
    }
    void schedule(std::uint32_t slot, Time time) {
        cancel(slot);
        events[{time, ++number}] = slot;
        of_slot[slot] = {time, number};
    }
    Time time_of(std::uint32_t slot) const {
        const auto found = of_slot.find(slot);
        return found == of_slot.end() ? core::k_never : found->second.first;
    }
};

bool same_top(const WinnerTree& tree, const SlotModel& model) {
    const WinnerTree::Top top = tree.top();
    if (model.events.empty()) {
        return top.time == core::k_never && tree.empty();
    }
    const auto& [when, slot] = *model.events.begin();
    return top.time == when.first && top.slot == slot && !tree.empty();
}

// Few different times, so that ties are common.
int differences_after(std::uint32_t slots, int operations, std::uint64_t seed, int schedulings_before = 0) {
    Random random = Random::seeded(seed, slots, 0);
    WinnerTree tree;
    tree.resize(slots);
    SlotModel model;
    for (int i = 0; i < schedulings_before; ++i) tree.schedule(0, 7);
    tree.cancel(0);
    int differences = 0;
    for (int i = 0; i < operations; ++i) {
        const std::uint32_t slot = random.below(slots);
        switch (random.below(8)) {
        case 0:
        case 1:
            tree.cancel(slot);
            model.cancel(slot);
            break;
        case 2: {
            const std::uint32_t first = tree.top().slot;
            if (!tree.empty()) {
                tree.cancel(first);
                model.cancel(first);
            }
            break;
        }
        default: {
            const Time time = random.below(50);
            model.schedule(slot, time);
            if (i % 2 == 0)
                tree.schedule(slot, time);
            else
                tree.schedule_after(slot, time / 2, time - time / 2);
        }
        }
        differences += same_top(tree, model) ? 0 : 1;
        const bool pending = model.of_slot.count(slot) != 0;
        differences += tree.pending(slot) == pending ? 0 : 1;
        differences += tree.time_of(slot) == model.time_of(slot) ? 0 : 1;
    }
    return differences;
}

} // namespace

TEST_CASE("the winner tree is a priority queue with one place per slot") {
    for (const std::uint32_t slots : {1u, 2u, 3u, 4u, 5u, 8u, 15u, 16u, 17u, 63u, 64u, 65u, 300u, 5000u}) {
        CAPTURE(slots);
        CHECK(differences_after(slots, 20'000, slots + 1) == 0);
    }
}

TEST_CASE("the winner tree keeps the order of equal times when the numbers of scheduling run out") {
    for (const std::uint32_t slots : {4u, 17u, 300u}) {
        for (const int first : {1 << 14, (1 << 14) + (1 << 20)}) { // run out early once, then every 2^20
            CAPTURE(slots);
            CAPTURE(first);
            CHECK(differences_after(slots, 20'000, slots, first - 5000) == 0);
        }
    }
}

TEST_CASE("slots that are scheduled often stand nearer to the root, and the others where there is room") {
    for (const std::uint32_t slots : {2u, 5u, 15u, 64u, 100u, 126u, 5000u}) {
        CAPTURE(slots);
        WinnerTree tree;
        tree.resize(slots);
        for (std::uint32_t slot = 0; slot < slots; ++slot) tree.schedule(slot, 1000 + slot);
        const unsigned flat = tree.depth_of(0);
        // Two of them have three quarters of all events; the others take turns.
        Random random = Random::seeded(slots, 5, 0);
        Time now = 1000;
        int out_of_order = 0;
        const std::uint32_t often[] = {slots - 1, slots / 2};
        for (int i = 0; i < 60'000; ++i) {
            const WinnerTree::Top top = tree.top();
            out_of_order += top.time < now ? 1 : 0;
            now = top.time;
            const bool is_often = top.slot == often[0] || top.slot == often[1];
            tree.schedule(top.slot, now + 1 + random.below(is_often ? 10 : 15 * slots));
        }
        CHECK(out_of_order == 0);
        unsigned deepest = 0;
        for (std::uint32_t slot = 0; slot < slots; ++slot) {
            REQUIRE(tree.depth_of(slot) > 0);
            deepest = std::max(deepest, tree.depth_of(slot));
        }
        for (const std::uint32_t slot : often) CHECK(tree.depth_of(slot) == 1);
        CHECK(deepest <= flat + 1);
    }
}

TEST_CASE("resizing keeps what is pending") {
    Random random = Random::seeded(1, 2, 3);
    WinnerTree tree;
    CHECK(tree.empty());
    SlotModel model;
    for (const std::uint32_t slots : {3u, 4u, 17u, 16u, 200u, 1000u, 50u, 2u, 0u, 70u}) {
        tree.resize(slots);
        for (std::uint32_t gone = slots; gone < 1000; ++gone) {
            model.cancel(gone);
        }
        CHECK(tree.slots() == slots);
        REQUIRE(same_top(tree, model));
        for (std::uint32_t slot = 0; slot < slots; slot += 2) {
            const Time time = random.below(1000);
            model.schedule(slot, time);
            tree.schedule(slot, time);
        }
        REQUIRE(same_top(tree, model));
    }
}

TEST_CASE("of equal times the one scheduled first goes first") {
    WinnerTree tree;
    tree.resize(20);
    for (const std::uint32_t slot : {7u, 3u, 19u, 0u}) {
        tree.schedule(slot, 5);
    }
    tree.schedule(3, 5); // anew: now the last
    for (const std::uint32_t slot : {7u, 19u, 0u, 3u}) {
        CHECK(tree.top().slot == slot);
        tree.cancel(slot);
    }
    CHECK(tree.empty());
    tree.schedule(4, core::k_never);
    CHECK(tree.empty());
}

// As a run does it: what is due is scheduled anew, later; now and then something comes before all that waits.
TEST_CASE("the winner tree keeps the order of what lies far apart") {
    constexpr std::uint32_t k_slots = 40;
    Random random = Random::seeded(7, 7, 7);
    WinnerTree tree;
    tree.resize(k_slots);
    SlotModel model;
    Time now = 0;
    int differences = 0;
    for (int i = 0; i < 200'000; ++i) {
        const std::uint32_t slot = i % 3 == 0 ? random.below(k_slots) : tree.top().slot % k_slots;
        if (tree.time_of(slot) == tree.top().time && !tree.empty()) now = tree.top().time;
        // From a ns to three days; a few are never, or at the end of the clock.
        const Time ahead = random.next() >> (16 + random.below(48));
        const std::uint32_t rare = random.below(200);
        if (rare == 0 || now > core::k_never / 4) {
            tree.cancel(slot);
            model.cancel(slot);
        } else {
            const Time time = rare == 1 ? core::k_never - 1 - random.below(9) : now + ahead;
            if (rare == 1)
                tree.schedule(slot, time);
            else
                tree.schedule_after(slot, now, ahead);
            model.schedule(slot, time);
        }
        differences += same_top(tree, model) ? 0 : 1;
        differences += tree.time_of(slot) == model.time_of(slot) ? 0 : 1;
    }
    CHECK(differences == 0);
    CHECK(now > 10 * 1100 * core::k_second); // ten times as far as the tree reaches
}

TEST_CASE("a copy of the tree is a snapshot") {
    WinnerTree tree;
    tree.resize(10);
    tree.schedule(1, 10);
    tree.schedule(2, 20);
    const WinnerTree snapshot = tree;
    tree.cancel(1);
    CHECK(tree.top().slot == 2);
    tree = snapshot;
    CHECK(tree.top().slot == 1);
    CHECK(tree.time_of(2) == 20);
}

TEST_CASE("the timer heap gives timers back by time, then by number") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Random random = Random::seeded(seed, 9, 9);
        TimerHeap heap;
        std::map<std::pair<Time, std::uint64_t>, std::uint32_t> model;
        std::uint64_t sequence = seed == 4 ? 0xFFFFFFFFFu : 0;
        int differences = 0;
        for (int i = 0; i < 60'000; ++i) {
            const bool grow = i % 20'000 < 12'000;
            const std::uint32_t action = random.below(10);
            if (model.empty() || action < (grow ? 6u : 3u)) {
                const Time time = random.below(200);
                heap.push(time, static_cast<std::uint32_t>(i), sequence);
                model[{time, sequence++}] = static_cast<std::uint32_t>(i);
            } else if (action == 9) {
                const Time time = random.below(200);
                heap.replace_top(time, static_cast<std::uint32_t>(i), sequence);
                model.erase(model.begin());
                model[{time, sequence++}] = static_cast<std::uint32_t>(i);
            } else {
                heap.pop();
                model.erase(model.begin());
            }
            differences += heap.size() == model.size() ? 0 : 1;
            if (!model.empty()) {
                const auto& [key, payload] = *model.begin();
                differences += heap.top().time == key.first && heap.top().payload == payload &&
                                       heap.top_sequence() == key.second && heap.top_time() == key.first
                                   ? 0
                                   : 1;
            } else {
                differences += heap.empty() && heap.top_time() == core::k_never ? 0 : 1;
            }
        }
        CHECK(differences == 0);
    }
}

TEST_CASE("ties stay in order when the schedule number passes 2^32") {
    TimerHeap heap;
    const std::uint64_t turn = std::uint64_t{1} << 32;
    for (std::uint64_t number = turn - 50; number < turn + 50; ++number) {
        heap.push(7, static_cast<std::uint32_t>(number - turn + 50), number);
    }
    heap.push(3, 1000, 5 * turn);
    CHECK(heap.top().payload == 1000);
    heap.pop();
    int differences = 0;
    for (std::uint32_t expected = 0; expected < 100; ++expected) {
        differences += heap.top().payload == expected ? 0 : 1;
        heap.pop();
    }
    CHECK(differences == 0);
    CHECK(heap.empty());
}
