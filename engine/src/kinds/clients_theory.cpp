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
constexpr Words k_patient{"Only the mean is known: that of all answers, those that come too late included.",
                          "평균만 알 수 있다. 늦은 응답까지 포함한 평균이다."};
constexpr Words k_tries{"Tries fail independently of one another.", "시도는 서로 독립으로 실패한다고 본다."};
constexpr Words k_polls{"Whoever leaves a job with a queue asks for it at fixed intervals until it is done.",
                        "큐에 맡긴 작업은 끝날 때까지 정해진 간격으로 물어본다."};
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

// Whether work that goes that way may be left with a queue: what its law is there, 0 where there is none.
LawId job_behind(const Forecast& here, EdgeId edge, RequestClass asked, int depth = 0) {
    const NodeId to = here.to(edge);
    if (here.all().nodes[to].job != 0) return here.all().nodes[to].job;
    if (depth > 16) return 0;
    const Forecast there(here.outlook(), to);
    for (const EdgeId next : there.outs())
        if (there.carries(next, asked))
            if (const LawId found = job_behind(there, next, asked, depth + 1); found != 0) return found;
    return 0;
}

// From the acknowledgement to the answer of the question that finds the job done: the k-th comes after k
// intervals and trips.
LawId asked_until_done(Forecast& here, LawId job, LawId trip, double& questions) {
    constexpr double k_most = 60;
    core::Laws& laws = here.laws();
    const double every = std::max(1e-3, here.value(poll_ms) * 1e-3);
    const double trip_s = laws.mean(trip);
    questions = 1;
    if (!(laws.mean(job) < core::k_infinity) || !(trip_s < core::k_infinity))
        return laws.vague(core::k_infinity);
    std::vector<core::Part> parts;
    double done = 0, sum = 0;
    for (double k = 1; k <= k_most && done < 1 - 1e-6; k += 1) {
        const double by_then = laws.at_most(job, k * (every + trip_s));
        const double now = by_then == by_then ? std::max(done, by_then) : 1;
        parts.push_back({now - done, laws.constant(k * every + (k - 1) * trip_s)});
        sum += k * (now - done);
        done = now;
    }
    questions = done > 0 ? sum / done : k_most;
    return laws.sum(laws.mix(parts), trip);
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

// Questions about jobs that were left, as many as it took in the round before.
void ask_for_jobs(Forecast& here, std::vector<double>& by_group) {
    const double rate = here.value(poll_ms) > 0 ? here.own().offered_per_s * here.own().polls_each : 0;
    if (rate == 0) return;
    const std::vector<double>& shares = key_share(here);
    const Ways ways = ways_of(here, RequestClass::api);
    for (std::size_t w = 0; w < ways.edges.size(); ++w) {
        const double part = rate * ways.shares[w];
        for (std::size_t g = 0; g < shares.size(); ++g) by_group[g] = part * shares[g];
        here.send_new(ways.edges[w], RequestClass::api, part, by_group);
        here.polls(ways.edges[w], part);
    }
}

// The way of a question about a job, there and back.
LawId question(Forecast& here) {
    const Ways ways = ways_of(here, RequestClass::api);
    std::vector<core::Part> parts;
    for (std::size_t w = 0; w < ways.edges.size(); ++w)
        parts.push_back({ways.shares[w], here.call(ways.edges[w], RequestClass::api).law});
    return here.laws().mix(parts);
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
    ask_for_jobs(here, by_group);
    here.starts(here.value(request_kb) * 1000, even ? 0 : 1, !even && own.users == 0,
                (own.users == 0 && here.value(profile) != 0) || here.value(poll_ms) > 0);
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
    const bool polls = here.value(poll_ms) > 0;
    const LawId trip = polls ? question(here) : 0;
    std::vector<core::Part> parts, whole; // calls, and all until the answer is there
    double served = 0, questions = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        if (mix_of(here, i) == 0) continue;
        const Ways ways = ways_of(here, static_cast<RequestClass>(i));
        for (std::size_t w = 0; w < ways.edges.size(); ++w) {
            const Reply reply = here.call(ways.edges[w], static_cast<RequestClass>(i));
            const double share = mix_of(here, i) * ways.shares[w] * reply.served;
            parts.push_back({share, laws.sum(lookup, reply.law)});
            served += share;
            whole.push_back(parts.back());
            const LawId job = polls ? job_behind(here, ways.edges[w], static_cast<RequestClass>(i)) : 0;
            if (job == 0) continue;
            double each = 0;
            whole.back().law = laws.sum(parts.back().law, asked_until_done(here, job, trip, each));
            questions += share * each;
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
        if (in_time < 1 - 1e-6 && std::isfinite(within) && !polls) out.within_s = patience;
    }
    own.polls_each = questions;
    if (polls) out.law = laws.mix(whole);
    if (questions > 0) here.assume(k_polls);
    const double failing = std::clamp(1 - served * in_time, 0.0, 1.0);
    here.lost(failing);
    const double last = core::pow(failing, here.value(retries) + 1);
    out.per_s = own.offered_per_s * (1 - last);
    out.tries_s = lost_in_tries(here, failing, served * (1 - in_time) / std::max(failing, 1e-12) * patience);
    out.percentiles = here.value(retries) == 0 || failing < 1e-4;
    if (failing > 1e-4 && here.value(retries) > 0) here.assume(k_tries);
    if (here.value(profile) != 0) here.assume(k_constant);
    const bool clear = failing < 1e-6 && here.value(profile) == 0;
    const Trust trust = clear && !polls && dns == k_no_edge ? Trust::exact : Trust::approximate;
    here.says(own.users > 0 ? k_closed : k_open, trust, trust);
    if (patience > 0 && !polls && !laws.known(out.law) && laws.mean(out.law) < core::k_infinity) {
        here.assume(k_patient);
        here.at_best(Trust::approximate);
    }
    here.metric("retries_per_request", own.tries - 1);
}

} // namespace scale::kind::clients
