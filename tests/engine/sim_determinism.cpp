// The same scenario and commands give the same digest, however the run was cut up, copied or watched.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scale/codec.hpp"
#include "scale/world.hpp"
#include "scenario_files.hpp"
#include "support/random_scenario.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

// Every scenario that comes with the program, cut short: each has had its first trouble by then.
std::vector<Scenario> scenarios() {
    std::vector<Scenario> out;
    for (const scenario_files::File& file : scenario_files::k_files) {
        Result<Scenario> read = parse_scenario(file.text);
        if (!read) FAIL(std::string(file.path) << ": " << read.error().sentence());
        read->duration_s = std::min(read->duration_s, 75.0);
        out.push_back(std::move(*read));
    }
    return out;
}

std::uint64_t digest_at_end(World& world) {
    world.run_until(world.duration());
    return world.digest();
}

std::uint64_t digest_in_one_go(const Scenario& scenario) {
    World world(scenario);
    return digest_at_end(world);
}

Command random_command(const Scenario& scenario, Dice& dice) {
    Command command;
    if (!scenario.edges.empty() && dice.chance(0.3)) {
        command.edge = static_cast<int>(dice.below(scenario.edges.size()));
        command.verb = &edge_verbs()[dice.below(2)];
        return command;
    }
    command.node = static_cast<int>(dice.below(scenario.nodes.size()));
    command.verb = &node_verbs()[dice.below(3)];
    if (std::string_view(command.verb->id) == "slow") command.settings.push_back({0, 1 + 4 * dice.share()});
    if (dice.chance(0.3)) command.instance = static_cast<int>(dice.below(2)); // may be refused
    return command;
}

} // namespace

TEST_CASE("Slices of any size give the digest of one go") {
    for (const Scenario& scenario : scenarios()) {
        CAPTURE(scenario.title.en);
        const std::uint64_t whole = digest_in_one_go(scenario);
        for (const std::uint64_t slice : {1u, 7u, 1000u, 0u}) {
            CAPTURE(slice);
            Dice dice(slice + 5);
            World world(scenario);
            const Time early = slice == 1 || slice == 7 ? world.duration() / 8 : world.duration();
            while (!world.run_until(early, slice != 0 ? slice : 1 + dice.below(5000))) {}
            CHECK(digest_at_end(world) == whole);
        }
        World stepped(scenario);
        while (stepped.step(997) == 997) {}
        CHECK(digest_at_end(stepped) == whole);
        World stopped(scenario); // at moments that mean nothing to the design
        for (Time t = 0; t < stopped.duration(); t += 3'141'592'653) stopped.run_until(t);
        CHECK(digest_at_end(stopped) == whole);
    }
}

TEST_CASE("A snapshot continues like the run that it was taken from, in the same world or another") {
    for (const Scenario& scenario : scenarios()) {
        CAPTURE(scenario.title.en);
        const std::uint64_t whole = digest_in_one_go(scenario);
        Dice dice(scenario.seed);
        World world(scenario);
        std::vector<Snapshot> taken;
        std::vector<std::uint64_t> digests;
        for (int i = 0; i < 4; ++i) {
            world.run_until(static_cast<Time>(dice.share() * static_cast<double>(world.duration())), 200000);
            taken.push_back(world.snapshot());
            digests.push_back(world.digest());
            CHECK(taken.back().at == world.now());
        }
        CHECK(digest_at_end(world) == whole);
        World other(scenarios().front());
        for (std::size_t i = taken.size(); i-- > 0;) {
            World& which = i % 2 == 0 ? world : other;
            which.restore(taken[i]);
            CHECK(which.digest() == digests[i]);
            CHECK(which.now() == taken[i].at);
            CHECK(digest_at_end(which) == whole);
        }
    }
}

TEST_CASE("A replayed command log gives the same digest, also through a link") {
    for (const Scenario& scenario : scenarios()) {
        CAPTURE(scenario.title.en);
        Dice dice(scenario.seed + 99);
        World world(scenario);
        std::size_t applied = 0;
        for (int i = 0; i < 12; ++i) {
            world.step(1 + dice.below(3000));
            if (!world.apply(random_command(scenario, dice))) ++applied;
        }
        const Time end = std::max(world.duration(), world.now()); // a command may come 1 ns after the end
        const auto digest_at = [&](World& which) {
            which.run_until(end);
            return which.digest();
        };
        const std::uint64_t digest = digest_at(world);
        const Scenario replay = world.scenario_with_log();
        CHECK(replay.log.size() == applied);
        World again(replay);
        CHECK(digest_at(again) == digest);
        const Result<Scenario> decoded = decode_link(encode_link(replay));
        REQUIRE(decoded);
        World opened(*decoded);
        CHECK(digest_at(opened) == digest);
        if (applied > 0) CHECK(digest_in_one_go(scenario) != digest);
    }
}

TEST_CASE("Watching changes nothing; neither does looking") {
    for (const Scenario& scenario : scenarios()) {
        CAPTURE(scenario.title.en);
        const std::uint64_t whole = digest_in_one_go(scenario);
        World world(scenario);
        world.watch_every(1);
        for (int i = 0; i < 40; ++i) {
            world.step(2500);
            if (i % 10 == 9) world.watch_every(i == 19 ? 0 : 3);
            world.totals();
            for (std::size_t node = 0; node < scenario.nodes.size(); ++node) {
                world.node_totals(static_cast<int>(node));
                world.node_now(static_cast<int>(node));
            }
            world.digest();
        }
        CHECK(digest_at_end(world) == whole);
    }
}

TEST_CASE("Another seed, another run; the same seed, the same") {
    for (Scenario scenario : scenarios()) {
        CAPTURE(scenario.title.en);
        const std::uint64_t first = digest_in_one_go(scenario);
        CHECK(digest_in_one_go(scenario) == first);
        ++scenario.seed;
        CHECK(digest_in_one_go(scenario) != first);
    }
}
