// Finding a row: reading everything, or going down an index; memory against
// disk; what an index costs.
#include "kinds/index_plan.hpp"
#include "support.hpp"

using namespace scale;
using namespace scale::theory;
using namespace scale::kind;

namespace {

Table books() {
    Table table;
    table.rows = 5e6;
    table.row_bytes = 400;
    table.memory_bytes = 1e9;
    table.memory_per_s = 1e9;
    table.disk_per_s = 150e6;
    table.disk_ns = 8e6;
    return table;
}

} // namespace

TEST_CASE("Memory is at least 6 times faster in order, and 100,000 times at "
          "random places") {
    Table table = books();
    table.memory_bytes = 0;
    const double from_disk = plan_access(Access::scan, table).disk_ns;
    table.memory_bytes = 1e15;
    const Plan cached = plan_access(Access::scan, table);
    CHECK(cached.disk_ns == 0);
    CHECK(from_disk / cached.memory_ns > 6);
    CHECK(table.disk_ns / k_memory_faster == doctest::Approx(80)); // ns
}

TEST_CASE("A scan reads every byte; a B-tree has log levels and reads the disk "
          "where memory ends") {
    const Table table = books();
    const Plan scan = plan_access(Access::scan, table);
    CHECK(scan.memory_ns + scan.disk_ns == doctest::Approx((1e9 / 1e9 + 1e9 / 150e6) * 1e9));
    const Plan tree = plan_access(Access::b_tree, table);
    CHECK(tree.levels == std::ceil(std::log(5e6) / std::log(8192.0 / 20)));
    CHECK(tree.index_bytes == doctest::Approx(5e6 * 20 * (1 + 20.0 / 8192)).epsilon(0.001));
    // Memory holds the index and (1 - 0.1) GB of 2 GB of rows: 55 % of the
    // searches read one row from disk.
    CHECK(tree.disk_reads == doctest::Approx(1 - (1e9 - tree.index_bytes) / 2e9).epsilon(0.001));
    CHECK(tree.write_disk_ns > 0 - 1e-9);
    Table cold = table;
    cold.memory_bytes = 0;
    CHECK(plan_access(Access::b_tree, cold).disk_reads == tree.levels + 1);
    const Plan nested = plan_access(Access::nested, table);
    CHECK(nested.index_bytes < tree.index_bytes / 300); // an entry per block, not per row
    CHECK(nested.disk_ns > tree.disk_ns);               // but a block is read for a row
}

TEST_CASE("A hundred million books of ten pages are more than a terabyte of "
          "words, and their index is too") {
    const double bytes = text_bytes(100e6, 10, 250, 5);
    CHECK(bytes == 1.25e12);
    CHECK(bytes > 1e12);
    Table table;
    table.rows = 100e6;
    table.row_bytes = 10 * 250 * 5;
    table.words_per_row = 10 * 250;
    table.vocabulary = 1e6;
    table.memory_bytes = 64e9;
    table.memory_per_s = 1e9;
    table.disk_per_s = 150e6;
    table.disk_ns = 10e6;
    const Plan words = plan_access(Access::inverted, table);
    CHECK(words.index_bytes > 1e12); // a posting for every word: no machine's memory
    const Plan scan = plan_access(Access::scan, table);
    CHECK(scan.disk_ns / 1e9 > 7000); // two hours for a question
    CHECK((words.disk_ns + words.memory_ns) * 1000 < scan.disk_ns);
}

TEST_CASE("Measured: a search takes what its plan says, and a write more with "
          "an index than without") {
    for (const char* access : {"scan", "b-tree", "nested", "inverted"}) {
        CAPTURE(access);
        const double rate = std::string_view(access) == "scan" ? 0.01 : 1;
        Design design(4000 / rate);
        const int users = design.add("users", "clients", {{"rate_per_s", rate}, {"keys", 1}, {"pages", 1}});
        const int db = design.add("db", "database",
                                  {{"connections", 64},
                                   {"read_ms", 1},
                                   {"access", access},
                                   {"disk_parallel", 64},
                                   {"table_rows", 5000000},
                                   {"row_bytes", 400},
                                   {"memory_gb", 1},
                                   {"memory_mb_per_s", 1000},
                                   {"disk_mb_per_s", 150}});
        design.connect(users, db);
        Table table = books();
        const int which =
            static_cast<int>(tests::number_of({"access", access}, *find_kind("database")->param("access")));
        const Plan plan = plan_access(static_cast<Access>(which), table);
        const auto seen =
            over_seeds(design, [&](const World& world) { return Figures{world.totals().latency_ms.mean}; });
        agrees("search", seen[0], 1 + (plan.memory_ns + plan.disk_ns) / 1e6, 0.05, 0.002);
        design.raw()
            .nodes[static_cast<std::size_t>(users)]
            .values[tests::index_of("pages", find_kind("clients")->params)] = 0;
        design.raw()
            .nodes[static_cast<std::size_t>(users)]
            .values[tests::index_of("writes", find_kind("clients")->params)] = 1;
        const auto writes =
            over_seeds(design, [&](const World& world) { return Figures{world.totals().latency_ms.mean}; });
        agrees("write", writes[0], 10 + (plan.write_memory_ns + plan.write_disk_ns) / 1e6, 0.05, 0.002);
    }
}

TEST_CASE("Quorums: with R = W = 1 a read of another copy is stale with 1 - "
          "e^(-write rate x time to the copy)") {
    Design design(1000);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", 200}, {"pages", 1}, {"writes", 1}, {"keys", 100}, {"zipf", 0}});
    const int store =
        design.add("store", "nosql",
                   {{"instances", 5}, {"copies", 3}, {"read_ms", 0}, {"write_ms", 0}, {"peer_ms", 300}});
    design.connect(users, store);
    const auto seen = over_seeds(
        design, [&](const World& world) { return Figures{world.metric(store, 2) / world.metric(store, 0)}; });
    agrees("stale", seen[0], 2.0 / 3 * (1 - std::exp(-0.3)), 0.03);
}

TEST_CASE("Quorums: a write that waits for two of three copies takes a round "
          "trip and the quicker of two") {
    Design design(2000);
    const int users =
        design.add("users", "clients", {{"rate_per_s", 5}, {"pages", 0}, {"writes", 1}, {"keys", 1000}});
    const int store = design.add("store", "nosql",
                                 {{"model", "document"},
                                  {"instances", 3},
                                  {"copies", 3},
                                  {"write_quorum", 2},
                                  {"write_ms", 10},
                                  {"peer_ms", 5}});
    design.connect(users, store);
    const auto seen =
        over_seeds(design, [&](const World& world) { return Figures{world.totals().latency_ms.mean}; });
    agrees("write", seen[0], 10 + 2 * 5 + 10.0 / 2, 0.02);
}

TEST_CASE(
    "Search index: what was written since the refresh is not found, 1 - (1 - e^(-rate x T)) / (rate x T)") {
    Design design(2000);
    const int users = design.add(
        "users", "clients", {{"rate_per_s", 200}, {"pages", 1}, {"writes", 1}, {"keys", 100}, {"zipf", 0}});
    const int index = design.add(
        "index", "search-index",
        {{"instances", 2}, {"connections", 1000}, {"search_ms", 0}, {"index_ms", 0}, {"refresh_s", 2}});
    design.connect(users, index);
    const auto seen = over_seeds(
        design, [&](const World& world) { return Figures{world.metric(index, 2) / world.metric(index, 0)}; });
    agrees("not yet visible", seen[0], 1 - (1 - std::exp(-2.0)) / 2, 0.02);
}

TEST_CASE("Search index: a search takes the lists of its words, from disk where memory ends") {
    Table table = books();
    table.rows = 1e7;
    table.words_per_row = 250;
    const Plan plan = plan_access(Access::inverted, table);
    CHECK(plan.disk_ns > 0);
    Design design(4000);
    const int users = design.add("users", "clients", {{"rate_per_s", 1}, {"keys", 1}});
    const int index = design.add("index", "search-index",
                                 {{"documents", 10000000},
                                  {"words", 250},
                                  {"words_asked", 3},
                                  {"memory_gb", 1},
                                  {"disk_parallel", 64}});
    design.connect(users, index);
    const auto seen =
        over_seeds(design, [](const World& world) { return Figures{world.totals().latency_ms.mean}; });
    agrees("search", seen[0], 1 + 3 * (plan.memory_ns + plan.disk_ns) / 1e6, 0.05, 0.002);
}
