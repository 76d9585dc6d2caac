#pragma once
// Designs for the tests of the board, of kinds that exist only here, so that any tier and size can be had.

#include <string>
#include <vector>

#include "scale/scenario.hpp"

namespace board_designs {

inline const scale::KindRecord& kind(scale::Tier tier) {
    using scale::KindRecord;
    using scale::Tier;
    static const std::vector<KindRecord> kinds = [] {
        struct Row {
            Tier tier;
            std::uint32_t role;
            const char *id, *icon, *en, *ko;
        };
        constexpr Row rows[] = {
            {Tier::source, scale::role_client, "clients", "users", "Clients", "클라이언트"},
            {Tier::naming, scale::role_naming, "dns", "globe", "DNS", "DNS"},
            {Tier::edge, scale::role_route, "cdn", "cloud", "CDN", "CDN"},
            {Tier::entry, scale::role_route, "balancer", "split", "Balancer", "로드 밸런서"},
            {Tier::compute, scale::role_compute, "server", "server", "Server", "서버"},
            {Tier::fast_store, scale::role_cache, "cache", "zap", "Cache", "캐시"},
            {Tier::store, scale::role_store, "database", "database", "Database", "데이터베이스"},
            {Tier::background, scale::role_queue, "queue", "mail", "Queue", "큐"},
            {Tier::watch, scale::role_watch, "watch", "activity", "Monitor", "모니터"},
            {Tier::group, scale::role_group, "region", "map-pin", "Region", "리전"}};
        std::vector<KindRecord> made;
        for (const Row& row : rows) {
            KindRecord record;
            record.id = row.id;
            record.name = {row.en, row.ko};
            record.icon = row.icon;
            record.tier = row.tier;
            record.role = row.role;
            made.push_back(record);
        }
        return made;
    }();
    return kinds[static_cast<std::size_t>(tier)];
}

inline int add(scale::Scenario& scenario, const std::string& id, scale::Tier tier,
               const std::string& in = {}) {
    scale::NodeDef node;
    node.id = id;
    node.kind = &kind(tier);
    node.in = in;
    scenario.nodes.push_back(node);
    return static_cast<int>(scenario.nodes.size()) - 1;
}

inline void connect(scale::Scenario& scenario, int from, int to) {
    scale::EdgeDef edge;
    edge.from = static_cast<std::uint16_t>(from);
    edge.to = static_cast<std::uint16_t>(to);
    edge.values.resize(8, 0);
    scenario.edges.push_back(edge);
}

inline void connect(scale::Scenario& scenario, const char* from, const char* to) {
    connect(scenario, scenario.find_node(from), scenario.find_node(to));
}

// The picture of the look: a region with a balancer, three servers, a cache, a database and its replica.
inline scale::Scenario journey() {
    using scale::Tier;
    scale::Scenario scenario;
    add(scenario, "us-east", Tier::group);
    add(scenario, "users", Tier::source);
    add(scenario, "dns", Tier::naming);
    add(scenario, "balancer", Tier::entry, "us-east");
    for (const char* id : {"web-1", "web-2", "web-3"}) add(scenario, id, Tier::compute, "us-east");
    add(scenario, "cache", Tier::fast_store, "us-east");
    add(scenario, "db-primary", Tier::store, "us-east");
    add(scenario, "db-replica", Tier::store, "us-east");
    connect(scenario, "users", "dns");
    connect(scenario, "users", "balancer");
    for (const char* id : {"web-1", "web-2", "web-3"}) {
        connect(scenario, "balancer", id);
        connect(scenario, id, "cache");
        connect(scenario, id, "db-primary");
    }
    connect(scenario, "db-primary", "db-replica");
    return scenario;
}

// Three regions, each with an entry, servers, caches, a queue with workers and databases; `servers` each.
inline scale::Scenario regions(int count, int servers) {
    using scale::Tier;
    scale::Scenario scenario;
    const int users = add(scenario, "users", Tier::source), dns = add(scenario, "dns", Tier::naming);
    const int cdn = add(scenario, "cdn", Tier::edge);
    connect(scenario, users, dns);
    connect(scenario, users, cdn);
    for (int r = 0; r < count; ++r) {
        const std::string name = "region-" + std::to_string(r + 1), end = "-" + std::to_string(r + 1);
        add(scenario, name, Tier::group);
        const int entry = add(scenario, "lb" + end, Tier::entry, name);
        const int cache = add(scenario, "cache" + end, Tier::fast_store, name);
        const int queue = add(scenario, "queue" + end, Tier::background, name);
        const int worker = add(scenario, "worker" + end, Tier::compute, name);
        const int db = add(scenario, "db" + end, Tier::store, name);
        const int replica = add(scenario, "replica" + end, Tier::store, name);
        connect(scenario, cdn, entry);
        connect(scenario, users, entry);
        connect(scenario, queue, worker);
        connect(scenario, worker, db);
        connect(scenario, db, replica);
        for (int i = 0; i < servers; ++i) {
            const int web = add(scenario, "web" + end + "-" + std::to_string(i + 1), Tier::compute, name);
            connect(scenario, entry, web);
            connect(scenario, web, cache);
            connect(scenario, web, db);
            connect(scenario, web, queue);
        }
    }
    return scenario;
}

} // namespace board_designs
