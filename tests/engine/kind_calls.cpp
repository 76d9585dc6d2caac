// The plan of a server's calls against what asking each call in turn says.
#include <doctest/doctest.h>

#include "kinds/calls.hpp"
#include "scale/world.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;
using kind::Call;
using kind::CallKind;
using kind::CallPlan;

namespace {

const char* const k_callees[] = {"cache", "database", "object-store", "server", "cache"};
const char* const k_carried[] = {"all", "reads", "writes", "pages", "assets", "api", "jobs"};

// A server that calls up to four nodes, each on an edge that carries something else.
World server_with(core::Random& random, int& web) {
    Design design(10);
    const int users = design.add("users", "clients");
    web = design.add("web", "server");
    design.connect(users, web);
    const std::uint32_t count = random.below(CallPlan::k_most) + 1;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::string id = "callee-" + std::to_string(i);
        const char* const what = k_callees[random.below(std::size(k_callees))];
        const bool fetches = std::string_view(what) == "cache" && random.below(2) == 0;
        const int callee = fetches ? design.add(id.c_str(), what, {{"strategy", "read-through"}})
                                   : design.add(id.c_str(), what);
        const bool twice = i + 1 == count && count < CallPlan::k_most && random.below(4) == 0;
        design.connect(
            web, callee,
            {{"carries", k_carried[random.below(std::size(k_carried))]}, {"calls", twice ? 2 : 1}});
        if (fetches) design.connect(callee, design.add(("behind-" + id).c_str(), "database"));
    }
    return World(design.scenario());
}

std::uint8_t bits_of(const std::vector<Call>& list, auto&& wanted) {
    unsigned bits = 0;
    for (std::size_t i = 0; i < list.size(); ++i) bits |= wanted(i) ? 1u << i : 0u;
    return static_cast<std::uint8_t>(bits);
}

void check_plan(const sim::Sim& sim, const std::vector<Call>& list) {
    const auto count = static_cast<std::uint32_t>(list.size());
    const CallPlan plan = kind::plan_of(sim, list.data(), count);
    for (int number = 0; number < sim::k_classes; ++number) {
        const auto what = static_cast<sim::RequestClass>(number);
        for (const int known : {0, 1}) {
            const std::uint8_t aux = known != 0 ? kind::k_value_known : 0;
            for (std::uint32_t from = 0; from <= CallPlan::k_most; ++from) {
                std::uint32_t next = from;
                while (next < count && !kind::makes(sim, list[next], what, aux)) ++next;
                CHECK(plan.next[known][number][from] == (next < count ? next : CallPlan::k_most));
            }
        }
        CHECK(plan.stores[number] == bits_of(list, [&](std::size_t i) {
                  return list[i].kind == CallKind::store && kind::makes(sim, list[i], what, 0);
              }));
        CHECK(plan.told[number] == bits_of(list, [&](std::size_t i) {
                  if (list[i].kind != CallKind::aside) return false;
                  if (i != 0 && list[i - 1].edge == list[i].edge) return false; // told once
                  return what == sim::RequestClass::write || sim.carries(list[i].edge, what);
              }));
    }
}

} // namespace

TEST_CASE("A plan of calls says what each call says when it is asked") {
    core::Random random = core::Random::seeded(4, 0, 0);
    int made[4] = {}; // by CallKind
    for (int i = 0; i < 300; ++i) {
        int web = 0;
        const World world = server_with(random, web);
        const sim::Sim& sim = world.inside();
        const std::vector<Call> list = kind::calls_of(sim, static_cast<sim::NodeId>(web), CallPlan::k_most);
        REQUIRE(!list.empty());
        for (const Call& call : list) ++made[static_cast<int>(call.kind)];
        check_plan(sim, list);
    }
    for (const int each : made) CHECK(each > 20); // all kinds of calls were among them
}
