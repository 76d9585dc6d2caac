// Random designs, random commands, random slices: whatever happens, the books balance, and a replay of what
// was done gives the same digest. A failing one is printed as a link that anyone can open.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "scale/codec.hpp"
#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/random_scenario.hpp"

using namespace scale;
using namespace scale::tests;

namespace {

// Sizes that only cost time and memory here; every other value is left as it was drawn.
double affordable(const ParamRecord& param, double value) {
    const std::string_view id = param.id;
    if (id == "users" || id == "resolvers") return std::min(value, 3000.0);
    if (id == "instances") return std::min(value, 40.0);
    if (id == "data_keys") return std::min(value, 3000.0);
    if (id == "memory_items") return std::min(value, 20000.0);
    if (std::string_view(param.unit) == "/s") return std::min(value, 3000.0);
    return value;
}

void make_affordable(Scenario& scenario) {
    for (NodeDef& node : scenario.nodes)
        for (std::size_t i = 0; i < node.values.size(); ++i)
            node.values[i] = affordable(node.kind->params[i], node.values[i]);
    for (Command& event : scenario.events) {
        if (event.node < 0 || std::string_view(event.verb->id) != "set") continue;
        const KindRecord& kind = *scenario.nodes[static_cast<std::size_t>(event.node)].kind;
        for (Setting& setting : event.settings)
            setting.value = affordable(kind.params[setting.param], setting.value);
    }
}

// Every other event becomes something that a user does at a random moment.
std::vector<Command> take_commands(Scenario& scenario) {
    std::vector<Command> taken, left;
    for (std::size_t i = 0; i < scenario.events.size(); ++i)
        (i % 2 == 0 ? taken : left).push_back(scenario.events[i]);
    scenario.events = left;
    return taken;
}

struct Run {
    Scenario replay;
    Time at = 0;
    std::uint64_t digest = 0;
};

Run run_in_slices(const Scenario& scenario, const std::vector<Command>& commands, Dice& dice,
                  std::uint64_t events_most) {
    World world(scenario);
    std::uint64_t done = 0;
    std::size_t next = 0;
    for (int slice = 0; slice < 12 && done < events_most; ++slice) {
        const Time before = world.now();
        const std::uint64_t wanted = dice.chance(0.2) ? dice.below(8) : dice.below(events_most / 5);
        done += world.step(wanted);
        CHECK(world.now() >= before);
        CHECK(world.now() <= world.duration() + next); // a command comes 1 ns after what was done
        audit(world);
        if (dice.chance(0.25)) audit_deeply(world);
        if (next < commands.size() && dice.chance(0.7)) {
            world.apply(commands[next++]); // may be refused: then it changes nothing
            audit(world);
        }
    }
    world.run_until(world.now());
    audit_deeply(world);
    return {world.scenario_with_log(), world.now(), world.digest()};
}

void try_seed(std::uint64_t seed, std::uint64_t events_most) {
    RandomOptions options;
    options.log = false;
    options.nodes_most = 14;
    options.rate_most = 3000;
    options.count_most = 1'000'000;
    options.duration_least_s = 2;
    options.duration_most_s = 200;
    Scenario scenario = random_scenario(seed, options);
    make_affordable(scenario);
    const std::vector<Command> commands = take_commands(scenario);
    REQUIRE(!validate(scenario));
    INFO("seed " << seed << ": " << encode_link(scenario));
    Dice dice(seed * 7 + 1);
    const Run run = run_in_slices(scenario, commands, dice, events_most);
    World again(run.replay);
    again.run_until(run.at);
    CHECK(again.digest() == run.digest);
}

} // namespace

TEST_CASE("random designs keep every promise, and replay") {
    if (const char* only = std::getenv("SCALE_SEED")) { // one that failed, by its number
        try_seed(std::strtoull(only, nullptr, 10), 40000);
        return;
    }
    std::uint64_t first = 1;
    std::uint64_t last = 300;
    std::uint64_t events_most = 15000;
    if (const char* range = std::getenv("SCALE_LONG")) { // "FIRST-LAST": many, and for longer
        char* rest = nullptr;
        first = std::strtoull(range, &rest, 10);
        REQUIRE(*rest == '-');
        last = std::strtoull(rest + 1, nullptr, 10);
        events_most = 40000;
    }
    REQUIRE(first <= last);
    for (std::uint64_t seed = first; seed <= last; ++seed) try_seed(seed, events_most);
}
