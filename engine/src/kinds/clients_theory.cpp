#include "kinds/clients_theory.hpp"

#include "core/zipf.hpp"
#include "kinds/clients_record.hpp"

#include <algorithm>
#include <cmath>

namespace scale::kind::clients {

using namespace sim;

namespace {

constexpr Words k_open{"open arrivals", "열린 도착"};
constexpr Words k_closed{"closed users", "닫힌 사용자"};
constexpr Words k_constant{"A rate that changes is taken as it is at the beginning (of a day: its mean).",
                           "변하는 요청률은 시작할 때의 값으로 본다(하루 주기는 평균)."};
constexpr Words k_tries{"Tries fail independently of one another.", "시도는 서로 독립으로 실패한다고 본다."};
constexpr Words k_names{"Name caches are filled at random moments and have been running for long.",
                        "DNS 캐시는 저마다 다른 때에 채워졌고 오래 쓰인 상태로 본다."};

double mix_of(const Forecast& here, std::size_t asked) {
    const Param shares[k_classes] = {pages, writes, assets, api};
    double sum = 0;
    for (const Param share : shares) sum += here.value(share);
    if (sum == 0) return asked == 0 ? 1 : 0;
    return here.value(shares[asked]) / sum;
}

// Popularity by group of keys, all keys together 1; found once.
const std::vector<double>& key_share(Forecast& here) {
    std::vector<double>& share = here.own().key_share;
    if (!share.empty()) return share;
    const core::Zipf law = core::Zipf::make(static_cast<std::uint64_t>(here.value(keys)), here.value(zipf));
    double below = 0;
    for (const KeyGroup& group : here.groups()) {
        const double up_to = law.probability_of_top(static_cast<std::uint64_t>(group.first + group.count));
        share.push_back(up_to - below);
        below = up_to;
    }
    return share;
}

EdgeId dns_edge(const Forecast& here) {
    for (const EdgeId edge : here.outs())
        if (here.kind_of(here.to(edge)).behaviour->theory.names != nullptr) return edge;
    return k_no_edge;
}

// Which way requests of a class go, and with what share.
struct Ways {
    std::vector<EdgeId> edges;
    std::vector<double> shares;
};

Ways ways_of(Forecast& here, RequestClass asked) {
    Ways out;
    const EdgeId dns = dns_edge(here);
    for (const EdgeId edge : here.outs())
        if (edge != dns && here.carries(edge, asked)) out.edges.push_back(edge);
    out.shares.assign(out.edges.size(), out.edges.empty() ? 0 : 1.0 / static_cast<double>(out.edges.size()));
    if (dns != k_no_edge && !out.edges.empty())
        here.kind_of(here.to(dns)).behaviour->theory.names(here, here.to(dns), out.edges, out.shares);
    return out;
}

double tries_of(const Forecast& here) {
    const double failing = here.lost(), most = here.value(retries);
    double tries = 0, reached = 1;
    for (double i = 0; i <= most; i += 1) {
        tries += reached;
        reached *= failing;
    }
    const double budget = here.value(retry_budget);
    return budget < 10 ? std::min(tries, 1 + budget) : tries;
}

// Share of the tries that must look the name up first. A cache that knows nothing asks; until the answer is
// there, others who use it ask too; then it knows for the time to live.
double lookup_share(Forecast& here, EdgeId dns, double attempts_per_s) {
    const double used = std::min(here.value(resolvers), std::max(1.0, here.value(users)));
    const double each = attempts_per_s / used;
    const double asking = std::max(0.0, here.laws().mean(here.call(dns, RequestClass::page).law));
    const double known = here.value_of(here.to(dns), "ttl_s");
    const double looking = std::isfinite(asking) ? each * asking : 0;
    return (1 + looking) / (1 + looking + each * known);
}

double rate_of(Forecast& here) {
    NodeOutlook& own = here.own();
    own.users = here.value(mode) == 1 ? here.value(users) : 0;
    own.think_s = std::max(1e-6, here.value(think_ms) * 1e-3);
    return own.users > 0 ? own.cycle_per_s : here.value(rate_per_s);
}

// Mean time lost in tries before the one that is answered, and how long a failing try takes.
double lost_in_tries(const Forecast& here, double failing, double each_s) {
    double chance = 1, whole = 0, sum = 0, spent = 0, wait = here.value(backoff_ms) * 1e-3;
    for (double i = 0; i <= here.value(retries); i += 1) {
        whole += chance;
        sum += chance * spent;
        chance *= failing;
        spent += each_s + wait * (1 - here.value(backoff_jitter) / 2);
        wait *= here.value(backoff_factor);
    }
    return sum / whole;
}

} // namespace

void flows(Forecast& here) {
    NodeOutlook& own = here.own();
    own.offered_per_s = rate_of(here);
    own.tries = tries_of(here);
    const double attempts = own.offered_per_s * own.tries;
    const std::vector<double>& shares = key_share(here);
    std::vector<double> by_group(shares.size());
    const EdgeId dns = dns_edge(here);
    const double looking = dns == k_no_edge ? 0 : lookup_share(here, dns, attempts);
    const bool even = own.users == 0 && here.value(arrivals) == 1;
    for (std::size_t i = 0; i < k_classes; ++i) {
        const double rate = attempts * mix_of(here, i);
        if (rate == 0) continue;
        const auto asked = static_cast<RequestClass>(i);
        const Ways ways = ways_of(here, asked);
        for (std::size_t w = 0; w < ways.edges.size(); ++w) {
            const double part = rate * ways.shares[w];
            for (std::size_t g = 0; g < shares.size(); ++g) by_group[g] = part * shares[g];
            here.send_new(ways.edges[w], asked, part, by_group);
        }
        if (dns != k_no_edge) here.send_new(dns, asked, rate * looking);
    }
    // Polling adds requests while jobs take their time: what is expected holds as long as nobody polls.
    const bool polls = here.value(poll_ms) > 0;
    here.starts(here.value(request_kb) * 1000, even ? 0 : 1, !even && own.users == 0,
                (own.users == 0 && here.value(profile) != 0) || polls);
}

void times(Forecast& here) {
    NodeOutlook& own = here.own();
    core::Laws& laws = here.laws();
    const EdgeId dns = dns_edge(here);
    LawId lookup = 0;
    if (dns != k_no_edge) {
        const double looking = lookup_share(here, dns, own.offered_per_s * own.tries);
        const core::Part parts[] = {{1 - looking, 0}, {looking, here.call(dns, RequestClass::page).law}};
        lookup = laws.mix(parts);
        here.assume(k_names);
    }
    std::vector<core::Part> parts;
    double served = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        if (mix_of(here, i) == 0) continue;
        const Ways ways = ways_of(here, static_cast<RequestClass>(i));
        for (std::size_t w = 0; w < ways.edges.size(); ++w) {
            const Reply reply = here.call(ways.edges[w], static_cast<RequestClass>(i));
            const double share = mix_of(here, i) * ways.shares[w] * reply.served;
            parts.push_back({share, laws.sum(lookup, reply.law)});
            served += share;
        }
    }
    Response& out = own.response;
    out = Response{};
    out.law = laws.mix(parts);
    const double patience = here.value(timeout_ms) * 1e-3;
    double in_time = 1;
    if (patience > 0) {
        const double within = laws.at_most(out.law, patience);
        in_time = std::isfinite(within) ? within : std::isinf(laws.mean(out.law)) ? 0 : 1;
        if (in_time < 1 - 1e-6 && std::isfinite(within)) out.within_s = patience;
    }
    const double failing = std::clamp(1 - served * in_time, 0.0, 1.0);
    here.lost(failing);
    const double last = core::pow(failing, here.value(retries) + 1);
    out.per_s = own.offered_per_s * (1 - last);
    out.tries_s = lost_in_tries(here, failing, served * (1 - in_time) / std::max(failing, 1e-12) * patience);
    out.percentiles = here.value(retries) == 0 || failing < 1e-4;
    if (failing > 1e-4 && here.value(retries) > 0) here.assume(k_tries);
    if (here.value(profile) != 0) here.assume(k_constant);
    const bool clear = failing < 1e-6 && here.value(profile) == 0;
    const bool polls = here.value(poll_ms) > 0;
    const Trust trust = polls ? Trust::none : clear && dns == k_no_edge ? Trust::exact : Trust::approximate;
    here.says(own.users > 0 ? k_closed : k_open, trust, trust);
    here.metric("retries_per_request", own.tries - 1);
}

} // namespace scale::kind::clients
