// The list of kinds, in palette order. A new kind is one file and one line here.
#include "scale/kind.hpp"

namespace scale {

namespace kind {
extern const KindRecord k_clients;
extern const KindRecord k_dns;
extern const KindRecord k_cdn;
extern const KindRecord k_balancer;
extern const KindRecord k_proxy;
extern const KindRecord k_server;
extern const KindRecord k_cache;
extern const KindRecord k_session_store;
extern const KindRecord k_database;
extern const KindRecord k_nosql;
extern const KindRecord k_object_store;
extern const KindRecord k_search_index;
extern const KindRecord k_queue;
extern const KindRecord k_workers;
extern const KindRecord k_shards;
extern const KindRecord k_monitoring;
extern const KindRecord k_machine;
extern const KindRecord k_region;
} // namespace kind

namespace {
// clang-format off
constexpr const KindRecord* k_all[] = {
    &kind::k_clients,
    &kind::k_dns,
    &kind::k_cdn,
    &kind::k_balancer,
    &kind::k_proxy,
    &kind::k_server,
    &kind::k_cache,
    &kind::k_session_store,
    &kind::k_database,
    &kind::k_nosql,
    &kind::k_object_store,
    &kind::k_search_index,
    &kind::k_queue,
    &kind::k_workers,
    &kind::k_shards,
    &kind::k_monitoring,
    &kind::k_machine,
    &kind::k_region,
};
// clang-format on
} // namespace

std::span<const KindRecord* const> kinds() { return k_all; }

const KindRecord* find_kind(std::string_view id) {
    for (const KindRecord* kind : k_all)
        if (id == kind->id) return kind;
    return nullptr;
}

const KindRecord* find_kind_by_code(std::uint8_t code) {
    for (const KindRecord* kind : k_all)
        if (code == kind->code) return kind;
    return nullptr;
}

} // namespace scale
