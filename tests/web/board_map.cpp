// Regions on the map.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "board/board.hpp"
#include "board/edge_paths.hpp"
#include "board/picture.hpp"
#include "board/world_map.hpp"
#include "instrument.hpp"
#include "scale/codec.hpp"

using namespace scale;
using namespace scale::web;

namespace {

Scenario read(const std::string& path) {
    std::ifstream file(std::string(SCALE_SOURCE_DIR) + "/scenarios/" + path);
    const std::string json{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto parsed = parse_scenario(json);
    REQUIRE(static_cast<bool>(parsed));
    return *parsed;
}

// Regions in the places that are named, each with `servers` behind a balancer.
Scenario world_wide(const std::vector<std::string>& places, int servers) {
    std::string nodes =
        R"({"id": "users", "kind": "clients", "rate_per_s": 50}, {"id": "dns", "kind": "dns"})";
    std::string edges = R"(["users", "dns"])";
    for (std::size_t r = 0; r < places.size(); ++r) {
        const std::string end = "-" + std::to_string(r);
        nodes += R"(, {"id": "r)" + end + R"(", "kind": "region", "place": ")" + places[r] + R"("})";
        nodes += R"(, {"id": "lb)" + end + R"(", "kind": "balancer", "in": "r)" + end + R"("})";
        nodes += R"(, {"id": "db)" + end + R"(", "kind": "database", "in": "r)" + end + R"("})";
        edges += R"(, ["users", "lb)" + end + R"("])";
        for (int i = 0; i < servers; ++i) {
            const std::string web = "web" + end + "-" + std::to_string(i);
            nodes += R"(, {"id": ")" + web + R"(", "kind": "server", "in": "r)" + end + R"("})";
            edges += R"(, ["lb)" + end + R"(", ")" + web + R"("], [")" + web + R"(", "db)" + end + R"("])";
        }
    }
    auto parsed = parse_scenario(R"({"scaleground": 1, "duration_s": 60, "nodes": [)" + nodes +
                                 R"(], "edges": [)" + edges + "]}");
    REQUIRE(static_cast<bool>(parsed));
    return *parsed;
}

bool card(const Scenario& design, std::size_t i) { return !is_group(design.nodes[i]); }

void check_map(const Scenario& design, const BoardLayout& layout) {
    for (std::size_t a = 0; a < design.nodes.size(); ++a)
        for (std::size_t b = 0; b < design.nodes.size(); ++b) {
            if (a == b || layout.nodes[a].width <= 0) continue;
            CAPTURE(design.nodes[a].id);
            CAPTURE(design.nodes[b].id);
            const bool holds = design.nodes[b].in == design.nodes[a].id;
            if (card(design, a) && card(design, b))
                REQUIRE_FALSE(layout.nodes[a].overlaps(layout.nodes[b], 7));
            if (!card(design, a) && card(design, b) && !holds)
                REQUIRE_FALSE(layout.nodes[a].overlaps(layout.nodes[b]));
            if (!card(design, a) && holds) {
                const Box& box = layout.nodes[b];
                REQUIRE(layout.nodes[a].contains({box.x, box.y}));
                REQUIRE(layout.nodes[a].contains({box.right(), box.bottom()}));
            }
        }
}

std::vector<PlacedCard> places(const Scenario& design, const BoardLayout& layout) {
    std::vector<PlacedCard> placed;
    for (std::size_t i = 0; i < design.nodes.size(); ++i)
        if (card(design, i)) placed.push_back({design.nodes[i].id, {layout.nodes[i].x, layout.nodes[i].y}});
    return placed;
}

bool dry(double latitude, double longitude) {
    const Position at = place_on_map({latitude, longitude});
    return is_land(static_cast<int>((at.x - k_world.x) / k_land_step),
                   static_cast<int>((at.y - k_world.y) / k_land_step));
}

} // namespace

TEST_CASE("board map: the dots are the Earth's") {
    struct Spot {
        const char* name;
        double latitude, longitude;
    };
    for (const Spot& spot : {Spot{"Seoul", 37.5, 127},
                             {"Tokyo", 35.8, 139.3},
                             {"Delhi", 28.6, 77.2},
                             {"Paris", 48.8, 2.4},
                             {"Madrid", 40.4, -3.7},
                             {"Rome", 42.2, 12.9},
                             {"London", 51.8, -0.8},
                             {"Nairobi", -1.3, 36.8},
                             {"Alice Springs", -23.7, 133.9},
                             {"Denver", 39.7, -105},
                             {"Brasilia", -15.8, -47.9},
                             {"Anchorage", 62, -150},
                             {"Nuuk's ice", 72, -40},
                             {"Irkutsk", 52.3, 104.3}}) {
        CAPTURE(spot.name);
        CHECK(dry(spot.latitude, spot.longitude));
    }
    for (const Spot& spot : {Spot{"Atlantic", 30, -45},
                             {"Pacific", 20, -160},
                             {"Indian Ocean", -20, 80},
                             {"Yellow Sea", 36, 123.5},
                             {"East Sea", 39.5, 133},
                             {"Mediterranean", 34.5, 19},
                             {"Black Sea", 43.2, 35},
                             {"Caspian Sea", 42, 51},
                             {"Gulf of Mexico", 25, -91},
                             {"Hudson Bay", 59, -86},
                             {"Tasman Sea", -40, 160},
                             {"Bay of Bengal", 14, 88},
                             {"North Sea", 56, 3}}) {
        CAPTURE(spot.name);
        CHECK_FALSE(dry(spot.latitude, spot.longitude));
    }
    const double share = static_cast<double>(land().count()) / static_cast<double>(land().size());
    CHECK(share > 0.28); // flat maps show more land than there is: it lies far from the equator
    CHECK(share < 0.38);
}

TEST_CASE("board map: designs with regions in different places open on it, others by tiers") {
    CHECK(stands_on_map(read("ladder/13-millions.json")));
    CHECK(stands_on_map(read("ladder/09-two-data-centers.json")));
    CHECK(stands_on_map(world_wide({"seoul", "tokyo"}, 1)));
    CHECK_FALSE(stands_on_map(world_wide({"seoul"}, 2)));
    CHECK_FALSE(stands_on_map(world_wide({"seoul", "seoul"}, 2)));
    CHECK(may_stand_on_map(world_wide({"seoul"}, 2)));
    CHECK_FALSE(may_stand_on_map(read("ladder/06-cache.json")));
    CHECK_FALSE(stands_on_map(read("gallery/price-of-nines.json"))); // most of it is nowhere in particular
    Scenario design = world_wide({"seoul", "tokyo"}, 1);
    design.nodes[0].at = Position{64, 128}; // put there when it stood by tiers
    CHECK_FALSE(stands_on_map(design));
    design.nodes[0].at = Position{k_world.x + 64, 128};
    CHECK(stands_on_map(design));
}

TEST_CASE("board map: every scenario with regions, and many regions, stand apart near their places") {
    std::vector<Scenario> designs;
    for (const char* folder : {"ladder", "gallery"})
        for (const auto& file :
             std::filesystem::directory_iterator(std::string(SCALE_SOURCE_DIR) + "/scenarios/" + folder)) {
            Scenario design = read(std::string(folder) + "/" + file.path().filename().string());
            if (may_stand_on_map(design)) designs.push_back(std::move(design));
        }
    CHECK(designs.size() >= 9);
    designs.push_back(world_wide({"seoul", "tokyo", "singapore", "mumbai", "sydney", "frankfurt", "london",
                                  "virginia", "oregon", "sao-paulo"},
                                 4));
    designs.push_back(world_wide({"london", "dublin", "frankfurt", "stockholm"}, 13));
    designs.push_back(world_wide({"seoul", "seoul", "seoul"}, 1));
    designs.push_back(world_wide({"virginia", "frankfurt", "seoul"}, 16));
    for (const Scenario& design : designs) {
        const BoardLayout layout = lay_out_board(design, {}, true);
        REQUIRE(layout.map);
        check_map(design, layout);
        for (const EdgePath& path : edge_paths(design, layout))
            for (std::size_t i = 0; i < path.points.size(); ++i) REQUIRE(std::isfinite(path.along[i]));
    }
    // With room for all, the middle of a region is under its pin.
    const Scenario three = world_wide({"virginia", "frankfurt", "seoul"}, 2);
    const BoardLayout layout = lay_out_board(three, {}, true);
    for (const char* id : {"r-0", "r-1", "r-2"}) {
        const std::size_t i = static_cast<std::size_t>(three.find_node(id));
        const Position pin = place_on_map(*point_on_globe(three.nodes[i]));
        CAPTURE(id);
        CHECK(std::abs(layout.nodes[i].centre_x() - pin.x) < 60);
        CHECK(layout.nodes[i].y > pin.y);
    }
}

TEST_CASE("board map: everything stays put when a card is added, unless it needs the room") {
    for (const char* path :
         {"ladder/13-millions.json", "ladder/09-two-data-centers.json", "gallery/price-of-nines.json"}) {
        CAPTURE(path);
        Scenario design = read(path);
        const BoardLayout before = lay_out_board(design, {}, true);
        const auto placed = places(design, before);
        const std::size_t count = design.nodes.size();
        for (std::size_t region = 0; region < count; ++region) {
            if (!point_on_globe(design.nodes[region]) || before.nodes[region].width <= 0) continue;
            Scenario larger = design;
            NodeDef node = design.nodes[0];
            for (const NodeDef& other : design.nodes)
                if (other.in == design.nodes[region].id && other.kind->tier == Tier::compute) node = other;
            if (node.in != design.nodes[region].id) continue;
            const int like = larger.find_node(node.id);
            node.id = "new-one";
            larger.nodes.push_back(node);
            for (const EdgeDef& edge : design.edges) {
                EdgeDef copy = edge;
                if (edge.from == like)
                    copy.from = static_cast<std::uint16_t>(count), larger.edges.push_back(copy);
                if (edge.to == like)
                    copy.to = static_cast<std::uint16_t>(count), larger.edges.push_back(copy);
            }
            const BoardLayout after = lay_out_board(larger, placed, true);
            check_map(larger, after);
            CHECK(after.nodes[count].y == before.nodes[static_cast<std::size_t>(like)].y); // beside its like
            std::size_t moved = 0;
            for (std::size_t i = 0; i < count; ++i) {
                moved += card(design, i) && !(after.nodes[i] == before.nodes[i]);
                if (design.nodes[i].in == design.nodes[region].id) CHECK(after.nodes[i] == before.nodes[i]);
            }
            std::printf("map, %s: a card joins %s, %zu others move\n", path, design.nodes[region].id.c_str(),
                        moved);
        }
        // What belongs to no region moves nothing.
        NodeDef free = design.nodes[static_cast<std::size_t>(design.find_node("dns"))];
        free.id = "another-dns";
        design.nodes.push_back(free);
        const BoardLayout after = lay_out_board(design, placed, true);
        check_map(design, after);
        for (std::size_t i = 0; i < count; ++i)
            if (card(design, i)) CHECK(after.nodes[i] == before.nodes[i]);
    }
}

TEST_CASE("board map: a position counts where it was chosen") {
    Scenario design = world_wide({"virginia", "seoul"}, 2);
    const std::size_t web = static_cast<std::size_t>(design.find_node("web-0-1"));
    const BoardLayout tiers = lay_out_board(design), map = lay_out_board(design, {}, true);
    design.nodes[web].at = Position{k_world.x + 800, 904};
    CHECK(lay_out_board(design).nodes == tiers.nodes);
    const BoardLayout pinned = lay_out_board(design, {}, true);
    CHECK(pinned.nodes[web].x == k_world.x + 800);
    CHECK(pinned.nodes[web].y == 904);
    design.nodes[web].at = Position{-64, 904};
    CHECK(lay_out_board(design, {}, true).nodes == map.nodes);
    CHECK(lay_out_board(design).nodes[web].x == -64);
}

TEST_CASE("board map: pictures have it too, and no larger than they need") {
    const Scenario design = read("ladder/09-two-data-centers.json");
    const World world(design);
    for (const float width : {320.0f, 720.0f, 1400.0f}) {
        const std::string svg = board_picture(world, design, {.width = width});
        CHECK(svg.find("stroke-dasharray=\"0 ") != std::string::npos);
        CHECK(svg.find("nan") == std::string::npos);
        std::size_t pins = 0;
        for (std::size_t at = 0; (at = svg.find(" r=\"4\" stroke-width", at)) != std::string::npos; ++at)
            ++pins;
        CHECK(pins == 2);
        CHECK(svg.size() < 45000);
    }
    const Scenario plain = read("ladder/06-cache.json");
    CHECK(board_picture(World(plain), plain, {}).find("stroke-dasharray=\"0 ") == std::string::npos);
}

TEST_CASE("board map: drawn in few calls and little time, toggled by key, in both themes") {
    for (const bool dark : {true, false})
        for (const auto& [width, height] : {std::pair{1124.0f, 848.0f}, {390.0f, 500.0f}}) {
            instrument::Instrument ui(width, height);
            ui.app->set_theme(dark);
            std::ifstream file(std::string(SCALE_SOURCE_DIR) + "/scenarios/ladder/13-millions.json");
            const std::string json{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
            ui.load(json.c_str());
            ui.app->session.run_to(65, instrument::fake_clock, 1e9); // Seoul is down
            ui.frame();
            ui.frame();
            std::vector<double> took;
            for (int i = 0; i < 60; ++i) {
                ui.app->touch();
                const auto start = std::chrono::steady_clock::now();
                ui.frame();
                took.push_back(
                    std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                        .count());
            }
            std::sort(took.begin(), took.end());
            int calls = 0;
            for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) calls += list->CmdBuffer.Size;
            std::printf("map, the whole instrument at %.0f: %.2f ms a frame, %d draw calls, %d vertices\n",
                        static_cast<double>(width), took[30], calls, ui.vertices());
            CHECK(calls <= 50);
            CHECK(took[30] <= 4);
            CHECK(ui.vertices() > 8000);
            CHECK(ui.frames_until_idle() < 100);
        }
}
