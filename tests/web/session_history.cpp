// Going back in the run and in what the user did, and taking another way.
#include <doctest/doctest.h>

#include "instrument.hpp"
#include "scale/codec.hpp"
#include "session.hpp"

using namespace scale;
using namespace scale::web;
using instrument::fake_clock;
using instrument::k_shop;

namespace {

constexpr double k_unhurried_ms = 1e9;
constexpr const char* k_kill = R"({"do": "kill", "node": "db"})";

Session shop() {
    Session session;
    REQUIRE_FALSE(session.load_json(k_shop));
    return session;
}

void settle(Session& session) {
    while (session.seeking()) session.advance(16, fake_clock, k_unhurried_ms);
}

std::uint64_t digest_at(Session& session, double seconds) {
    session.seek(seconds, fake_clock, k_unhurried_ms);
    settle(session);
    CHECK(session.now_s() == doctest::Approx(seconds));
    return session.world().digest();
}

} // namespace

TEST_CASE("any moment of the past is found again, and so is the way from there") {
    Session session = shop();
    std::vector<std::uint64_t> digests;
    for (int second = 0; second <= 60; second += 3) {
        session.run_to(second, fake_clock, k_unhurried_ms);
        if (second == 21) REQUIRE_FALSE(session.apply_json(k_kill));
        if (second == 30) REQUIRE_FALSE(session.apply_json(R"({"do": "restore", "node": "db"})"));
        session.run_to(second + 0.5, fake_clock, k_unhurried_ms);
        digests.push_back(session.world().digest());
    }
    CHECK(session.farthest_s() == doctest::Approx(60.5));
    for (const int step : {20, 3, 11, 7, 0, 19, 8, 1})
        CHECK(digest_at(session, 3 * step + 0.5) == digests[static_cast<std::size_t>(step)]);
    CHECK(session.farthest_s() == doctest::Approx(60.5));
    CHECK(session.undo_steps() == 2);
}

TEST_CASE("a change in the past takes another way; the run that was stays beside it") {
    Session session = shop();
    session.run_to(20, fake_clock, k_unhurried_ms);
    REQUIRE_FALSE(session.apply_json(k_kill));
    session.run_to(40, fake_clock, k_unhurried_ms);
    const std::uint64_t killed = session.world().digest();
    digest_at(session, 15);
    REQUIRE_FALSE(session.apply_json(R"({"do": "set", "node": "users", "rate_per_s": 90})"));
    REQUIRE(session.before() != nullptr);
    CHECK(session.before()->system.points.size() >= 38);
    CHECK(session.before()->of("db") != nullptr);
    CHECK(session.before()->of("nobody") == nullptr);
    session.run_to(40, fake_clock, k_unhurried_ms);
    CHECK(session.world().commands().size() == 1); // nobody killed the database on this way
    Session plain = shop();
    plain.run_to(15, fake_clock, k_unhurried_ms);
    REQUIRE_FALSE(plain.apply_json(R"({"do": "set", "node": "users", "rate_per_s": 90})"));
    plain.run_to(40, fake_clock, k_unhurried_ms);
    CHECK(session.world().digest() == plain.world().digest());
    REQUIRE(session.undo());
    CHECK(digest_at(session, 40.0) == killed);
    session.forget_before();
    CHECK(session.before() == nullptr);
}

TEST_CASE("commands are undone and done again, to the digest") {
    Session session = shop();
    session.run_to(10, fake_clock, k_unhurried_ms);
    REQUIRE_FALSE(session.apply_json(k_kill));
    session.run_to(25, fake_clock, k_unhurried_ms);
    const std::uint64_t killed = session.world().digest();
    REQUIRE(session.undo());
    settle(session);
    CHECK(session.now_s() == doctest::Approx(25));
    Session plain = shop();
    plain.run_to(25, fake_clock, k_unhurried_ms);
    CHECK(session.world().digest() == plain.world().digest());
    CHECK_FALSE(session.undo());
    REQUIRE(session.redo());
    settle(session);
    CHECK(session.world().digest() == killed);
    CHECK_FALSE(session.redo());
}

TEST_CASE("an edited design runs on from the start to where the run was, and can be taken back") {
    Session session = shop();
    session.run_to(30, fake_clock, k_unhurried_ms);
    const std::uint64_t before = session.world().digest();
    const std::size_t nodes = session.scenario().nodes.size();
    REQUIRE_FALSE(session.edit(R"([{"add": {"id": "extra", "kind": "server"}}])"));
    settle(session);
    CHECK(session.now_s() == doctest::Approx(30));
    CHECK(session.scenario().nodes.size() == nodes + 1);
    REQUIRE(session.before() != nullptr);
    REQUIRE(session.edit(R"([{"connect": ["extra", "users"]}])"));
    CHECK(session.scenario().edges.size() == session.world().scenario().edges.size());
    CHECK(session.undo_steps() == 1);
    REQUIRE(session.undo());
    settle(session);
    CHECK(session.world().digest() == before);
    REQUIRE(session.redo());
    settle(session);
    CHECK(session.scenario().nodes.size() == nodes + 1);
}

TEST_CASE("what was done is kept through an edit where it still makes sense") {
    Session session = shop();
    REQUIRE_FALSE(session.apply_json(R"({"do": "set", "node": "users", "rate_per_s": 60})"));
    session.run_to(10, fake_clock, k_unhurried_ms);
    REQUIRE_FALSE(session.apply_json(k_kill));
    session.run_to(20, fake_clock, k_unhurried_ms);
    REQUIRE_FALSE(session.edit(R"([{"add": {"id": "extra", "kind": "server"}}])"));
    settle(session);
    CHECK(session.world().commands().size() == 2);
    REQUIRE_FALSE(session.edit(R"([{"remove": "db"}])"));
    settle(session);
    CHECK(session.world().commands().size() == 1);
    session.restart();
    session.run_to(1, fake_clock, k_unhurried_ms);
    CHECK(session.world().value(0, session.scenario().nodes[0].kind->param_index("rate_per_s")) == 60);
}

TEST_CASE("a design is built from nothing, and says what is missing until it is whole") {
    Session session = shop();
    session.clear();
    CHECK(session.empty());
    CHECK(session.missing().size() == 1);
    const std::optional<Error> refused = session.edit(R"([{"add": {"id": "users", "kind": "clients"}}])");
    REQUIRE_MESSAGE(!refused, refused->sentence());
    CHECK(session.missing().size() == 1);
    REQUIRE_FALSE(
        session.edit(R"([{"add": {"id": "web", "kind": "server"}}, {"connect": ["users", "web"]}])"));
    CHECK(session.missing().empty());
    session.run_to(5, fake_clock, k_unhurried_ms);
    CHECK(session.world().totals().requests.completed > 0);
    for (int i = 0; i < 3; ++i) REQUIRE(session.undo());
    settle(session);
    CHECK_FALSE(session.empty());
    CHECK(session.scenario().nodes.size() > 2);
}

TEST_CASE("a hundred steps are taken back, drags count once") {
    Session session = shop();
    for (int i = 0; i < 120; ++i) {
        const std::string edit = R"([{"set": "users", "rate_per_s": )" + std::to_string(50 + i) + "}]";
        REQUIRE_FALSE(session.edit(edit));
    }
    for (int i = 0; i < 40; ++i) session.move_node(0, {static_cast<double>(i), 0});
    CHECK(session.undo_steps() == 121);
    for (int i = 0; i < 121; ++i) REQUIRE(session.undo());
    CHECK(write_scenario(session.scenario()) == write_scenario(shop().scenario()));
}

TEST_CASE("a long run keeps few snapshots, and none of a moment that another log changed") {
    Session session = shop();
    REQUIRE_FALSE(session.edit(R"([{"design": {"duration_s": 5000}}, {"set": "users", "rate_per_s": 1}])"));
    session.run_to(5000, fake_clock, k_unhurried_ms);
    const std::uint64_t end = session.world().digest();
    const std::size_t bytes = session.world().bytes_in_use();
    CHECK(bytes > 0);
    CHECK(digest_at(session, 1234.5) != end);
    CHECK(digest_at(session, 5000) == end);
}
