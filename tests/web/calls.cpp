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
    CHECK(call(ui, "command", {{"do", "explode"}, {"node", "web"}}).contains("error"));
    CHECK(ok(ui, "changes")["error"].is_null()); // whoever called was told
    CHECK(ui.app->session.apply_json(R"({"do": "explode", "node": "web"})"));
    CHECK(ok(ui, "changes")["error"].is_string()); // by a hand on the board
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

TEST_CASE("edits, undo, redo and seeking by call") {
    Instrument ui;
    load(ui);
    const Json added = ok(ui, "edit", {{"edits", {{{"add", {{"id", "lb"}, {"kind", "balancer"}}}}}}});
    CHECK(added["missing"].size() == 1);
    CHECK(ok(ui, "state")["missing"][0]["what"].get<std::string>().find("lb") != std::string::npos);
    CHECK(call(ui, "edit", {{"edits", {{{"remove", "nobody"}}}}})["error"].get<std::string>().find(
              "no node") != std::string::npos);
    CHECK(call(ui, "edit").contains("error"));
    CHECK(call(ui, "edit", {{"edits", 5}}).contains("error"));
    CHECK(ok(ui, "state")["undo"] == 1);
    CHECK(ok(ui, "undo") == true);
    CHECK(ok(ui, "undo") == false);
    CHECK(ok(ui, "redo") == true);
    ok(ui, "undo");
    ok(ui, "runTo", {{"seconds", 30}, {"slice_ms", 1000}});
    const Json digest = ok(ui, "digest");
    CHECK(ok(ui, "seek", {{"seconds", 10}})["now_s"].get<double>() == doctest::Approx(10));
    CHECK(ok(ui, "state")["farthest_s"].get<double>() == doctest::Approx(30));
    CHECK(ok(ui, "seek", {{"seconds", 30}})["done"] == true);
    CHECK(ok(ui, "digest") == digest);
    CHECK(call(ui, "seek", {{"seconds", -1}}).contains("error"));
    CHECK(call(ui, "seek").contains("error"));
    ok(ui, "clear");
    CHECK(ok(ui, "state")["empty"] == true);
    ok(ui, "undo");
    CHECK(ok(ui, "state")["nodes"].size() == 3);
}

TEST_CASE("parts are copied with what joins them and pasted under free names") {
    Instrument ui;
    load(ui);
    const Json copied = ok(ui, "copy", {{"nodes", {"web", "db"}}});
    CHECK(copied["nodes"].size() == 2);
    CHECK(copied["edges"].size() == 1);
    const Json first = ok(ui, "paste", {{"json", copied}});
    CHECK(first["nodes"] == Json({"web-2", "db-2"}));
    CHECK(ok(ui, "paste", {{"json", copied}})["nodes"] == Json({"web-3", "db-3"}));
    const Json again = ok(ui, "copy", {{"nodes", {"web-3"}}});
    CHECK(ok(ui, "paste", {{"json", again}})["nodes"] == Json({"web-4"}));
    CHECK(ok(ui, "state")["nodes"].size() == 8);
    CHECK(call(ui, "copy", {{"nodes", {"nobody"}}}).contains("error"));
    for (const char* bad :
         {R"({"json": 5})", R"({"json": {"nodes": [{}]}})", R"({"json": {"nodes": [{"id": "x"}]}})"})
        CHECK(Json::parse(ui.app->call("paste", bad)).contains("error"));
    CHECK(ok(ui, "mayConnect", {{"from", "web-2"}, {"to", "db"}}) == true);
    CHECK(call(ui, "mayConnect", {{"from", "db"}, {"to", "users"}}).contains("error"));
    CHECK(call(ui, "mayConnect", {{"from", "db"}, {"to", "nobody"}}).contains("error"));
}

TEST_CASE("a lesson is read, tried and judged by call, with a design that it does not know") {
    Instrument ui;
    Json lesson = Json::parse(instrument::k_shop);
    lesson["lesson"] = Json::parse(R"({"id": "a", "start": [{"set": "users", "rate_per_s": 2000}],
        "goal": {"text": "t", "all": ["availability > 0.99"], "from_s": 5, "until_s": 30},
        "feedback": [{"when": "nodes.web.utilization > 0.9", "text": {"en": "busy", "ko": "바쁘다"}}]})");
    const Json read = ok(ui, "lesson", {{"json", lesson}});
    CHECK(read["goal"] == Json({"availability > 0.99"}));
    CHECK(read["lesson"]["id"] == "a");
    const Json linked = ok(ui, "lesson", {{"link", read["link"]}});
    CHECK(linked == read);
    CHECK(read["mark"].get<std::string>().size() == 16);
    Json broken = lesson;
    broken["edges"] = Json::array();
    broken["lesson"].erase("start");
    CHECK(call(ui, "lesson", {{"json", broken}})["error"].get<std::string>().find("leads nowhere") !=
          std::string::npos);
    ok(ui, "trial", {{"json", read["design"]}});
    ok(ui, "runTo", {{"seconds", 30}, {"slice_ms", 1000}});
    CHECK(ok(ui, "verdict")["met"] == true);
    ok(ui, "load", {{"json", read["start"]}});
    ok(ui, "edit", {{"edits", {{{"rename", "web"}, {"to", "app"}}}}});
    CHECK(ok(ui, "trial")["until_s"] == 30);
    ok(ui, "runTo", {{"seconds", 30}, {"slice_ms", 1000}});
    const Json missed = ok(ui, "verdict");
    CHECK(missed["met"] == false);
    CHECK(missed["feedback"].is_null()); // there is no "web" here
    const Json judged =
        ok(ui, "judge", {{"assertions", {"availability < 0.99"}}, {"figures", {"p99_ms", "no_such"}}});
    CHECK(judged["assertions"][0]["held"] == true);
    CHECK(judged["figures"]["no_such"].is_null());
    CHECK(call(ui, "judge", {{"assertions", {"p99"}}}).contains("error"));
    CHECK(call(ui, "lesson", {{"json", instrument::k_shop}}).contains("error"));
}

TEST_CASE("what an edit says of a design without changing its run is in its link, also while it runs") {
    Instrument ui;
    Json shop = Json::parse(instrument::k_shop);
    shop["lesson"] = Json::parse(R"({"id": "a", "steps": [{"text": "words"}]})");
    ok(ui, "load", {{"json", shop}});
    ok(ui, "runTo", {{"seconds", 5}, {"slice_ms", 1000}});
    const std::string digest = ok(ui, "digest");
    ok(ui, "edit",
       {{"edits", {{{"design", {{"title", "Ours"}, {"lesson", nullptr}, {"slo", {{"p99_ms", 77}}}}}}}}});
    const Json now = Json::parse(ok(ui, "scenario").get<std::string>());
    CHECK(now["title"] == "Ours");
    CHECK(now["slo"]["p99_ms"] == 77);
    CHECK_FALSE(now.contains("lesson"));
    CHECK(ok(ui, "digest") == digest);
    ok(ui, "undo");
    CHECK(Json::parse(ok(ui, "scenario").get<std::string>())["lesson"] == shop["lesson"]);
}

TEST_CASE("a link leaves out a lesson that everybody has at hand, and no other") {
    Instrument ui;
    Json own = Json::parse(instrument::k_shop);
    CHECK(ok(ui, "lessonMark").is_null());
    own["lesson"] = Json::parse(R"({"id": "a", "steps": [{"text": {"en": "words", "ko": "말"}}]})");
    ok(ui, "load", {{"json", own}});
    ok(ui, "runTo", {{"seconds", 5}, {"slice_ms", 1000}});
    const std::string whole = ok(ui, "link"), digest = ok(ui, "digest");
    const std::string mark = ok(ui, "lessonMark");
    ok(ui, "knowLessons", {{"marks", {"0123456789abcdef", mark}}});
    const std::string plain = ok(ui, "link");
    CHECK(plain.size() < whole.size());
    CHECK(ok(ui, "link", {{"whole", true}}) == whole);
    ok(ui, "load", {{"link", plain}});
    CHECK(ok(ui, "lessonMark").is_null());
    ok(ui, "runTo", {{"seconds", 5}, {"slice_ms", 1000}});
    CHECK(ok(ui, "digest") == digest);
    ok(ui, "load", {{"link", whole}}); // as links were before: it opens, and is passed on short
    CHECK(ok(ui, "link") == plain);
    own["lesson"]["steps"][0]["text"]["en"] = "other words";
    ok(ui, "load", {{"json", own}});
    ok(ui, "load", {{"link", ok(ui, "link")}});
    CHECK(Json::parse(ok(ui, "scenario").get<std::string>())["lesson"] == own["lesson"]);
}
