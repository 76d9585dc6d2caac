// One digest per scenario that comes with the program, the same from every compiler, level and machine.
// After a change that is meant to change results: node tests/golden/run.mjs --write
#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "scale/codec.hpp"
#include "scale/world.hpp"
#include "scenario_files.hpp"

using namespace scale;

namespace {

std::map<std::string, std::string> golden_digests() {
    std::map<std::string, std::string> out;
    std::ifstream file(SCALE_SOURCE_DIR "/tests/golden/digests.txt");
    std::string id, digest;
    while (file >> id >> digest) out[id] = digest;
    return out;
}

std::string hex(std::uint64_t value) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
}

Scenario scenario_of(const scenario_files::File& file) {
    Result<Scenario> read = parse_scenario(file.text);
    if (!read) FAIL(std::string(file.path) << ": " << read.error().sentence());
    return std::move(*read);
}

} // namespace

TEST_CASE("Every scenario ends with its golden digest") {
    const std::map<std::string, std::string> golden = golden_digests();
    CHECK(golden.size() == std::size(scenario_files::k_files));
    for (const scenario_files::File& file : scenario_files::k_files) {
        const std::string id(file.id);
        CAPTURE(id);
        World world(scenario_of(file));
        world.run_until(world.duration());
        const auto found = golden.find(id);
        REQUIRE(found != golden.end());
        CHECK(hex(world.digest()) == found->second);
    }
}

TEST_CASE("Together the scenarios use every kind, every verb and every choice") {
    std::set<std::string> used;
    const auto add = [&](const KindRecord& kind, std::size_t param, double value) {
        const ParamRecord& record = kind.params[param];
        if (record.type != ValueType::choice) return;
        used.insert(std::string(kind.id) + "." + record.id + "=" +
                    record.choices[static_cast<std::size_t>(value)].id);
    };
    for (const scenario_files::File& file : scenario_files::k_files) {
        const Scenario scenario = scenario_of(file);
        CHECK(scenario.nodes.size() <= 28); // each is ready at once, and fits a screen
        for (const NodeDef& node : scenario.nodes) {
            used.insert(node.kind->id);
            for (std::size_t i = 0; i < node.values.size(); ++i) add(*node.kind, i, node.values[i]);
        }
        for (const Command& event : scenario.events) {
            used.insert(std::string(event.edge >= 0       ? "edge "
                                    : event.instance >= 0 ? "instance "
                                                          : "node ") +
                        event.verb->id);
            if (event.node < 0 || std::string_view(event.verb->id) != "set") continue;
            for (const Setting& setting : event.settings)
                add(*scenario.nodes[static_cast<std::size_t>(event.node)].kind, setting.param, setting.value);
        }
    }
    for (const KindRecord* kind : kinds()) CHECK(used.count(kind->id) == 1);
    for (const VerbRecord& verb : node_verbs()) CHECK(used.count(std::string("node ") + verb.id) == 1);
    for (const VerbRecord& verb : edge_verbs()) CHECK(used.count(std::string("edge ") + verb.id) == 1);
    for (const char* verb : {"kill", "restore", "slow"})
        CHECK(used.count(std::string("instance ") + verb) == 1);
    // What shapes a run; the shapes of lesser times (look-ups, think time) are the same code.
    for (const char* param : {"clients.mode", "clients.arrivals", "clients.profile", "balancer.algorithm",
                              "server.order", "server.service", "server.while_waiting", "dns.policy"}) {
        const std::string name(param);
        const KindRecord& kind = *find_kind(name.substr(0, name.find('.')));
        for (const Choice& choice : kind.param(name.substr(name.find('.') + 1))->choices) {
            CAPTURE(name + "=" + choice.id);
            CHECK(used.count(name + "=" + choice.id) == 1);
        }
    }
}
