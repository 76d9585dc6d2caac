#include "kinds/server_theory.hpp"

#include "kinds/common.hpp"
#include "kinds/sessions_theory.hpp"

#include <algorithm>

namespace scale::kind::server {

using namespace sim;

namespace {

constexpr std::size_t k_after = k_classes; // number of that work

core::Distribution work_of(const Forecast& here, const char* mean) {
    const double own = here.value(mean);
    return distribution(here.value("service"), own > 0 ? own : here.value("service_ms"),
                        here.value("service_cv"));
}

station::Size size_of(const Forecast& here) {
    station::Size size;
    size.instances = static_cast<std::uint32_t>(here.value("instances"));
    size.cores = static_cast<std::uint32_t>(here.value("cores"));
    size.workers = static_cast<std::uint32_t>(here.value("workers"));
    if (size.workers == 0) size.workers = size.cores;
    size.sharing = here.value("order") == 2;
    if (size.sharing && here.value("workers") == 0) size.workers = 100000;
    size.last_in_first_out = here.value("order") == 1;
    size.queue_limit = static_cast<std::uint32_t>(here.value("queue_limit"));
    return size;
}

enum class Called : std::uint8_t { plain, store, aside, through };

Called called_as(const Forecast& here, EdgeId edge) {
    const NodeId to = here.to(edge);
    const std::uint32_t role = here.kind_of(to).role;
    if ((role & role_cache) != 0) {
        const bool fetches = here.kind_of(to).param("strategy") != nullptr &&
                             here.value_of(to, "strategy") != 0 && !here.all().outs[to].empty();
        return fetches ? Called::through : Called::aside;
    }
    return (role & role_store) != 0 ? Called::store : Called::plain;
}

// Caches are asked before the first store.
std::vector<EdgeId> calls_in_order(const Forecast& here) {
    const auto is_cache = [&](EdgeId edge) { return called_as(here, edge) >= Called::aside; };
    std::vector<EdgeId> list(here.outs().begin(), here.outs().end());
    const auto store = std::find_if(list.begin(), list.end(),
                                    [&](EdgeId edge) { return called_as(here, edge) == Called::store; });
    std::stable_partition(store, list.end(), is_cache);
    return list;
}

bool makes(const Forecast& here, EdgeId edge, RequestClass asked) {
    const bool about_to_write = asked == RequestClass::write && called_as(here, edge) == Called::aside;
    const bool keeps_files = (here.kind_of(here.to(edge)).role & role_files) != 0;
    return (asked != RequestClass::asset || keeps_files) && !about_to_write && here.carries(edge, asked) &&
           here.edge_value(edge, edge_calls) > 0;
}

// Calls of one class, one after the other; a failure ends them, and what a cache knows no store is asked.
struct Calls {
    LawId law = 0;
    double served = 1;
    double count = 0;
};

Calls calls_of(Forecast& here, RequestClass asked) {
    Calls out;
    core::Laws& laws = here.laws();
    double unknown = 1; // share whose value no cache has told
    for (const EdgeId edge : calls_in_order(here)) {
        if (!makes(here, edge, asked)) continue;
        const Reply reply = here.call(edge, asked);
        const Called as = called_as(here, edge);
        const double made = as == Called::plain ? 1 : unknown;
        for (double i = 0; i < here.edge_value(edge, edge_calls); i += 1) {
            const core::Part parts[] = {{1 - made, 0}, {made, reply.law}};
            out.law = laws.sum(out.law, laws.mix(parts));
            if (as != Called::aside) out.served *= 1 - made + made * reply.served;
        }
        if (as == Called::aside) unknown *= 1 - reply.hit;
        if (as == Called::through) unknown = 0;
        out.count += here.edge_value(edge, edge_calls);
    }
    return out;
}

// What is asked along each edge by the requests of one class; returns the share that gets through.
double send_calls(Forecast& here, RequestClass asked) {
    double reached = 1;
    std::vector<double> unknown(here.groups().size(), 1.0);
    std::vector<EdgeId> asides;
    for (const EdgeId edge : calls_in_order(here)) {
        const Called as = called_as(here, edge);
        if (as == Called::aside) asides.push_back(edge);
        if (!makes(here, edge, asked)) continue;
        double calls = 0;
        for (double n = 0; n < here.edge_value(edge, edge_calls); n += 1) {
            calls += reached;
            if (as != Called::aside) reached *= here.served_by(edge, asked);
        }
        if (as == Called::plain)
            here.send(edge, asked, calls * here.let_in());
        else
            here.send_part(edge, asked, calls * here.let_in(), unknown);
        const std::vector<double>& hits = here.hits_by_group(edge, asked);
        for (std::size_t g = 0; g < unknown.size(); ++g) {
            if (as == Called::aside && g < hits.size()) unknown[g] *= 1 - hits[g];
            if (as == Called::through) unknown[g] = 0;
        }
    }
    // Caches are told what the stores have said: to keep what they missed, to forget what was written.
    const auto which = static_cast<std::size_t>(asked);
    const bool writes = asked == RequestClass::write;
    for (const EdgeId edge : asides) {
        if (asked == RequestClass::asset) continue;
        const double missed = writes ? 1 : 1 - here.hit_at(edge, asked);
        here.tell(edge, here.in().per_s[which] * missed,
                  writes ? here.in().keys[which] : std::vector<double>{});
    }
    return reached;
}

enum Kept : int { nowhere, in_memory, in_store, in_token };

EdgeId session_store(const Forecast& here) {
    for (const EdgeId edge : here.outs())
        if ((here.kind_of(here.to(edge)).role & role_session) != 0) return edge;
    return k_no_edge;
}

Kept kept_in(const Forecast& here) {
    const auto asked = static_cast<Kept>(static_cast<int>(here.value("sessions")));
    const bool store = session_store(here) != k_no_edge;
    if (asked == nowhere || asked == in_store) return store ? in_store : nowhere;
    return asked;
}

double logged_in_per_s(const Forecast& here) { // requests that need a session
    return here.in().all() - here.in().per_s[static_cast<std::size_t>(RequestClass::asset)];
}

// Whoever sends requests here keeps users to one server.
bool is_sticky(const Forecast& here) {
    const Scenario& scenario = here.all().scenario;
    for (const EdgeDef& edge : scenario.edges) {
        const NodeDef& from = scenario.nodes[edge.from];
        if (edge.to != here.id() || from.kind->param_index("sticky") < 0) continue;
        const ParamRecord& algorithm = *from.kind->param("algorithm");
        const auto chosen = static_cast<std::size_t>(get_value(from, "algorithm"));
        const bool hashes = std::string_view(algorithm.choices[chosen].id) == "source-hash";
        if (!hashes && get_value(from, "sticky") == 0) return false;
    }
    return true;
}

// Share of them that must log in first.
double unknown_of(const Forecast& here) {
    const double rate = logged_in_per_s(here);
    switch (kept_in(here)) {
    case in_memory: {
        const double room = here.value("session_room") * here.value("instances");
        const double idle = forgotten(here, rate, here.value("session_s"), room);
        return is_sticky(here) ? idle : std::max(idle, 1 - 1 / here.value("instances"));
    }
    case in_store: {
        const NodeId store = here.to(session_store(here));
        return forgotten(here, rate, here.value_of(store, "session_s"), here.value_of(store, "items"));
    }
    case in_token: return forgotten(here, rate, here.value("session_s"), 1e6);
    default: return 0;
    }
}

// Logging in, and looking at a token, are more of the same worker's work.
void work_on_sessions(Forecast& here) {
    const Kept kept = kept_in(here);
    if (kept == nowhere) return;
    const double rate = logged_in_per_s(here), unknown = unknown_of(here);
    here.work(rate * unknown,
              distribution(here.value("service"), here.value("login_ms"), here.value("service_cv")), true);
    here.work(kept == in_token ? rate * (1 - unknown) : 0,
              distribution(k_deterministic, here.value("verify_ms"), 0), true);
}

} // namespace

void flows(Forecast& here) {
    constexpr const char* k_own[k_classes] = {"service_ms", "write_ms", "asset_ms", "api_ms"};
    double finishing = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        here.work(here.in().per_s[i], work_of(here, k_own[i]));
        const double reached = send_calls(here, asked);
        bool any = false;
        for (const EdgeId edge : here.outs()) any = any || makes(here, edge, asked);
        if (any) finishing += here.in().per_s[i] * reached;
    }
    if (here.value("after_ms") > 0) here.work(finishing, work_of(here, "after_ms"), true);
    work_on_sessions(here);
}

void times(Forecast& here) {
    const bool release = here.value("while_waiting") == 1;
    const bool after = here.value("after_ms") > 0;
    std::array<Calls, k_classes> calls;
    for (std::size_t i = 0; i < k_classes; ++i) calls[i] = calls_of(here, static_cast<RequestClass>(i));
    StationPlan plan;
    plan.size = size_of(here);
    plan.returns = release;
    if (!release)
        for (const Calls& one : calls) plan.held.push_back(one.law);
    const StationTimes seen = here.station(plan);
    here.lost(seen.lost);
    here.answer_bytes(here.value("answer_kb") * 1000);
    core::Laws& laws = here.laws();
    const bool sessions = kept_in(here) != nowhere;
    LawId session = 0;
    if (sessions) {
        const std::size_t login = k_after + (after ? 1 : 0);
        const double unknown = unknown_of(here);
        const core::Part parts[] = {{unknown, seen.stay[login]},
                                    {1 - unknown, kept_in(here) == in_token ? seen.stay[login + 1] : 0}};
        session = laws.mix(parts);
    }
    for (std::size_t i = 0; i < k_classes; ++i) {
        LawId law = laws.sum(laws.sum(seen.wait, seen.stay[i]), calls[i].law);
        if (static_cast<RequestClass>(i) != RequestClass::asset) law = laws.sum(law, session);
        // Who comes to the same queue again meets those whom he left there: the visits are not independent.
        if (calls[i].count > (after ? 0 : 1)) here.percentiles_at_best(Trust::approximate);
        if (after && calls[i].count > 0) {
            if (release) law = laws.sum(law, seen.wait);
            law = laws.sum(law, seen.stay[k_after]);
        }
        here.answer(static_cast<RequestClass>(i), law, here.let_in() * calls[i].served);
    }
    if (sessions) {
        here.at_best(Trust::approximate);
        here.assume(
            {"Everybody has been here before; only who stays away too long, or meets another server's "
             "memory, logs in.",
             "모두 전에 다녀갔고, 오래 쉬었거나 세션이 다른 서버에 있는 사용자만 로그인한다고 본다."});
    }
    if (here.value("autoscale") > 0) {
        here.at_best(Trust::approximate);
        here.assume({"as many instances as at the start", "서버 대수는 시작할 때와 같다고 본다"});
    }
}

} // namespace scale::kind::server
