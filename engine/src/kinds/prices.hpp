// The price table: the one place with amounts of money. Rounded list prices of a large public cloud in one
// region, on demand, without discounts, taxes, support and staff, in USD; a month has 730 hours. They are of
// the right order and no quotation: reserved for a year or three the same machines cost 30 to 60 % less,
// other regions up to half more. A scenario may set amounts of its own ("prices"), and so may a node
// (price_usd).
#pragma once

#include "scale/scenario.hpp"
#include "scale/text.hpp"

namespace scale::kind::price {

inline constexpr double k_core = 35;          // one core of a server with its memory
inline constexpr double k_database_core = 70; // managed database: licence, backups and storage included
inline constexpr double k_memory_million_items = 12; // 1 GB of memory per million items of 1 kB
inline constexpr double k_cache_node = 15; // the small machine that a cache runs on, without its memory
inline constexpr double k_balancer = 25;
inline constexpr double k_broker = 60; // a message broker with its disk
inline constexpr double k_dns_zone = 1;
inline constexpr double k_watched_instance = 10; // monitoring of one server, without its logs; a guess

// The ladder of machine sizes. Up to four cores k_core each; then the price of a core rises. Within one
// family of a cloud it does not (128 cores of Amazon EC2 m6i: 4,485 USD); it does beyond, and for those who
// buy: a guess that stands for both.
struct MachineSize {
    double cores;
    double usd; // per month
};
inline constexpr MachineSize k_ladder[] = {
    {1, k_core}, {2, 2 * k_core}, {4, 4 * k_core}, {8, 290},     {16, 620},
    {32, 1350},  {64, 3000},      {128, 6900},     {256, 16500},
};

// List price of a server with so many cores; between two sizes in proportion.
constexpr double list_machine(double cores) {
    constexpr int k_count = sizeof(k_ladder) / sizeof(k_ladder[0]);
    for (int i = 1; i < k_count; ++i) {
        const MachineSize& below = k_ladder[i - 1];
        const MachineSize& above = k_ladder[i];
        if (cores > above.cores && i + 1 < k_count) continue;
        return below.usd + (cores - below.cores) * (above.usd - below.usd) / (above.cores - below.cores);
    }
    return 0;
}

// Rows of the table by their codes, which stand in links: never given to another, only appended.
enum class Item : std::uint8_t {
    core = 1,
    database_core,
    memory_million_items,
    cache_node,
    balancer,
    broker,
    dns_zone,
    watched_instance
};

// Where the rounded figures come from; the place of a row is its code - 1.
struct Row {
    const char* id;
    Words name;
    double usd;
    const char* unit;
    const char* source;
    const char* date;
};
inline constexpr Row k_table[] = {
    {"core",
     {"server, one core with its memory", "서버 코어 하나와 메모리"},
     k_core,
     "month",
     "Amazon EC2 m6i.large, us-east-1, on demand: 0.096 USD/h for 2 vCPU and 8 GiB, so 35.04 per vCPU",
     "2024"},
    {"database_core",
     {"managed database, one core", "관리형 데이터베이스 코어 하나"},
     k_database_core,
     "month",
     "Amazon RDS for MySQL db.m6i.large, single zone, us-east-1: 0.171 USD/h for 2 vCPU, so 62.42 per vCPU; "
     "rounded up for storage and backups",
     "2024"},
    {"memory_million_items",
     {"cache memory, a million items of 1 kB", "캐시 메모리(1 kB 항목 백만 개)"},
     k_memory_million_items,
     "month",
     "Amazon ElastiCache cache.r6g.large, us-east-1: 0.206 USD/h for 13.07 GiB, so 11.51 per GiB",
     "2024"},
    {"cache_node",
     {"cache, the small machine it runs on", "캐시가 올라가는 작은 머신"},
     k_cache_node,
     "month",
     "Amazon ElastiCache cache.t4g.micro, us-east-1: 0.016 USD/h, so 11.68; rounded up",
     "2024"},
    {"balancer",
     {"load balancer or proxy", "로드밸런서 또는 프록시"},
     k_balancer,
     "month",
     "AWS Application Load Balancer, us-east-1: 0.0225 USD/h and 0.008 per capacity unit and hour, so 22.27 "
     "with one unit",
     "2024"},
    {"broker",
     {"message broker with its disk", "메시지 브로커와 디스크"},
     k_broker,
     "month",
     "a small two-core machine for it (EC2 m6i.large, 70.08) with some discount; a guess between list prices",
     "2024"},
    {"dns_zone",
     {"DNS zone", "DNS 영역"},
     k_dns_zone,
     "month",
     "Amazon Route 53: 0.50 USD per hosted zone and 0.40 per million queries",
     "2024"},
    {"watched_instance",
     {"monitoring of one server, without its logs", "서버 한 대 모니터링(로그 제외)"},
     k_watched_instance,
     "month",
     "a guess: between collecting metrics oneself and the 15 to 23 USD per host of hosted monitoring",
     "2024"},
};

constexpr double list(Item item) { return k_table[static_cast<std::size_t>(item) - 1].usd; }

// What it costs in that design.
inline double of(const Scenario& scenario, Item item) {
    for (const PriceChange& change : scenario.prices)
        if (change.code == static_cast<std::uint8_t>(item)) return change.usd;
    return list(item);
}

// Machines of every size cost in proportion to what a core costs.
inline double machine(const Scenario& scenario, double cores) {
    return list_machine(cores) * (of(scenario, Item::core) / k_core);
}

} // namespace scale::kind::price
