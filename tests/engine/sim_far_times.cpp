// Times that lie further off than the clock goes: they never come, and nothing happens at once instead.
#include <doctest/doctest.h>

#include "scale/world.hpp"
#include "support/audit.hpp"
#include "support/design.hpp"

using namespace scale;
using namespace scale::tests;

TEST_CASE("far times: users who come once in many centuries do not come all at once") {
    for (const double profile : {0.0, 2.0}) {
        Design design(5000);
        const int users = design.add(
            "users", "clients",
            {{"rate_per_s", 6e-4}, {"rate_end_per_s", 6e-4}, {"profile", profile}, {"timeout_ms", 0}});
        design.connect(users, design.add("web", "server", {{"service_ms", 1}}));
        Scenario scenario = design.scenario();
        scenario.weight = 160'000'000;
        World world(scenario);
        world.step(100'000);
        world.run_until(seconds(5000));
        CHECK(world.totals().requests.offered == 0);
        audit_deeply(world);
    }
}
