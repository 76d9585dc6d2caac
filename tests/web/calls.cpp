// The calls of the page: what they answer, what they refuse, and that it is always JSON.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "instrument.hpp"

using Json = nlohmann::json;
using instrument::Instrument;

namespace {

Json call(Instrument& ui, const char* name, const Json& arguments = Json::object()) {
    return Json::parse(ui.app->call(name, arguments.dump()));
}

Json ok(Instrument& ui, const char* name, const Json& arguments = Json::object()) {
    const Json answer = call(ui, name, arguments);
    REQUIRE_MESSAGE(answer.contains("ok"), name << ": " << answer.dump());
    return answer["ok"];
}

void load(Instrument& ui) { ok(ui, "load", {{"json", instrument::k_shop}}); }

} // namespace

TEST_CASE("load answers with the title, as text or object or link") {
    Instrument ui;
    CHECK(ok(ui, "load", {{"json", instrument::k_shop}})["title"]["ko"] == "서버 한 대와 데이터베이스");
    CHECK(ok(ui, "load", {{"json", Json::parse(instrument::k_shop)}})["title"]["en"] ==
          "One server and its database");
    const Json link = ok(ui, "link");
    CHECK(link.get<std::string>().starts_with("#s=1"));
    CHECK(ok(ui, "load", {{"link", link}})["title"]["en"] == "One server and its database");
    CHECK(call(ui, "load", {{"link", "#s=1broken"}})["error"].get<std::string>().size() > 10);
    CHECK(ok(ui, "state")["nodes"].size() == 3);
}

TEST_CASE("what makes no sense is answered with a sentence") {
    Instrument ui;
    for (const char* name : {"play", "metrics", "digest", "link", "scenario", "command", "nonsense"})
        CHECK(call(ui, name).contains("error"));
    load(ui);
    CHECK(call(ui, "speed", {{"factor", 5000}}).contains("error"));
    CHECK(call(ui, "speed", {{"factor", "fast"}}).contains("error"));
    CHECK(call(ui, "restart", {{"seed", -1}})["path"] == "seed");
    CHECK(call(ui, "runTo", {{"seconds", -1}}).contains("error"));
    CHECK(call(ui, "select", {{"node", "nobody"}}).contains("error"));
    CHECK(call(ui, "language", {{"language", "tlh"}}).contains("error"));
    CHECK(call(ui, "rename", {{"node", "web"}, {"label", std::string(200, 'x')}}).contains("error"));
    CHECK(Json::parse(ui.app->call("speed", "not json")).contains("error"));
}

TEST_CASE("runTo goes there in slices and resolves at the same digest") {
    Instrument ui;
    load(ui);
    int slices = 0;
    while (!ok(ui, "runTo", {{"seconds", 60}, {"slice_ms", 1}})["done"].get<bool>()) ++slices;
    CHECK(ok(ui, "state")["now_s"] == doctest::Approx(60));
    const Json digest = ok(ui, "digest");
    CHECK(digest.get<std::string>().size() == 16);
    ok(ui, "restart");
    while (!ok(ui, "runTo", {{"seconds", 60}, {"slice_ms", 1000}})["done"].get<bool>()) continue;
    CHECK(ok(ui, "digest") == digest);
    CHECK(ok(ui, "metrics")["digest"] == digest);
    CHECK(call(ui, "runTo", {{"seconds", 10}}).contains("error"));
}

TEST_CASE("the state tells the text twin everything, in the language of the page") {
    Instrument ui;
    load(ui);
    while (!ok(ui, "runTo", {{"seconds", 20}})["done"].get<bool>()) continue;
    ok(ui, "command", {{"do", "kill"}, {"node", "db"}});
    ok(ui, "step", {{"seconds", 3}});
    ok(ui, "language", {{"language", "ko"}});
    const Json state = ok(ui, "state");
    CHECK(state["nodes"][2]["id"] == "db");
    CHECK(state["nodes"][2]["label"] == "주문 데이터베이스");
    CHECK(state["nodes"][2]["state"] == "dead");
    CHECK(state["nodes"][2]["state_name"] == "중단");
    CHECK(state["status"]["health"] == "broken");
    CHECK(state["totals"]["offered"].get<double>() > 100);
    for (const char* key : {"arrivals_per_s", "failed_share", "p99_ms"})
        CHECK(state["lately"][key].is_number());
}

TEST_CASE("changes report a selection, a dirty link once, and an error once") {
    Instrument ui;
    load(ui);
    ok(ui, "link");
    CHECK_FALSE(ok(ui, "changes")["link_dirty"].get<bool>());
    ok(ui, "command", {{"do", "kill"}, {"node", "web"}});
    ok(ui, "select", {{"node", "web"}});
    const Json changes = ok(ui, "changes");
    CHECK(changes["link_dirty"] == true);
    CHECK(changes["selection"] == "web");
    CHECK(changes["error"].is_null());
    call(ui, "command", {{"do", "explode"}, {"node", "web"}});
    CHECK(ok(ui, "changes")["error"].is_string());
    CHECK(ok(ui, "changes")["error"].is_null());
}

TEST_CASE("the chart comes out as a picture") {
    Instrument ui;
    load(ui);
    while (!ok(ui, "runTo", {{"seconds", 30}})["done"].get<bool>()) continue;
    const auto svg = ok(ui, "chart", {{"width", 640}, {"height", 200}}).get<std::string>();
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.find("<polyline") != std::string::npos);
    CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("counters count") {
    Instrument ui;
    load(ui);
    ui.frame();
    const Json counters = ok(ui, "counters");
    for (const char* key : {"frames", "draws", "events", "frame_ms", "slice_ms"})
        CHECK(counters[key].is_number());
    CHECK(counters["draws"] == 1);
}
