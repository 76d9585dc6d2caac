#include "kinds/nosql_theory.hpp"

#include "core/hash.hpp"
#include "kinds/nosql_record.hpp"

#include <algorithm>
#include <cmath>

namespace scale::kind::nosql {

using namespace sim;

namespace {

constexpr Words k_quorum{"Copies answer independently; a quorum waits for the last one that it needs.",
                         "복제본은 서로 독립으로 응답하고, 쿼럼은 필요한 마지막 응답을 기다린다."};
constexpr Words k_lean{"Nodes with a hotter key carry more: all of them are taken to be like the mean.",
                       "인기 키를 가진 노드가 더 바쁘지만 모든 노드를 평균으로 본다."};
constexpr std::size_t k_write = static_cast<std::size_t>(RequestClass::write);
constexpr std::size_t k_peer_read = k_classes, k_peer_write = k_classes + 1; // numbers of that work

struct Size {
    double nodes, keep, read, write;
};

Size size_of(const Forecast& here) {
    const auto value = [&](Param param) { return here.value(param); };
    const double keep = std::min(value(copies), value(instances));
    return {value(instances), keep, std::min(value(read_quorum), keep), std::min(value(write_quorum), keep)};
}

core::Distribution work_of(const Forecast& here, std::size_t which) {
    const auto value = [&](Param param) { return here.value(param); };
    const auto kept = static_cast<Model>(static_cast<int>(value(model)) + 1);
    const auto asks = [&](Param what) {
        const auto operation = static_cast<Operation>(static_cast<int>(value(what)));
        return value(read_ms) * reads_of(kept, operation, value(rows), value(hops));
    };
    const bool writes = which == k_write || which == k_peer_write;
    const bool calls = which == static_cast<std::size_t>(RequestClass::api);
    const double mean = writes                 ? value(write_ms) * write_cost(kept)
                        : which == k_peer_read ? value(read_ms) * reads_of(kept, Operation::point, 1, 1)
                                               : asks(calls ? api_asks : pages_ask);
    return distribution(value(service), mean, value(service_cv));
}

double reads_of_all(const Forecast& here) { return here.in().all() - here.in().per_s[k_write]; }

// Requests of the busiest node over the mean, by where the popular keys lie.
double busiest_of(const Forecast& here, const Size& size) {
    const auto nodes = static_cast<std::size_t>(size.nodes);
    std::vector<double> share(nodes, 0.0);
    double all = 0;
    for (std::size_t g = 0; g < here.groups().size(); ++g) {
        const KeyGroup& group = here.groups()[g];
        const double taken = std::min(group.count, 64.0);
        double rate = 0;
        for (const std::vector<double>& keys : here.in().keys) rate += g < keys.size() ? keys[g] : 0;
        all += rate;
        for (double i = 0; i < taken && rate > 0; i += 1) {
            const double key = group.first + std::floor((i + 0.5) * group.count / taken);
            const std::size_t home = core::mix(static_cast<std::uint32_t>(key) + 0x9E37u) % nodes;
            for (std::size_t copy = 0; copy < static_cast<std::size_t>(size.keep); ++copy)
                share[(home + copy) % nodes] += rate / taken / size.keep;
        }
    }
    return all > 0 ? *std::max_element(share.begin(), share.end()) / all * size.nodes : 1;
}

// A copy that is asked: there, a core, and back. What a node does for others waits for a core only.
LawId at_peer(Forecast& here, const StationTimes& seen, std::size_t which) {
    core::Laws& laws = here.laws();
    return laws.sum(laws.constant(2 * here.value(peer_ms) * 1e-3), laws.sum(seen.wait, seen.stay[which]));
}

// The last answer that is needed of so many copies that are asked besides the own one.
LawId gathered(Forecast& here, LawId each, double asked, double needed) {
    const std::vector<LawId> all(static_cast<std::size_t>(asked), each);
    return here.laws().in_order(all, std::min(all.size(), static_cast<std::size_t>(std::max(0.0, needed))));
}

} // namespace

void flows(Forecast& here) {
    const Size size = size_of(here);
    for (std::size_t i = 0; i < k_classes; ++i) here.work(here.in().per_s[i], work_of(here, i));
    const double reads = reads_of_all(here) * here.let_in() * (size.read - 1);
    const double writes = here.in().per_s[k_write] * here.let_in() * (size.keep - 1);
    here.own().works.push_back({reads, work_of(here, k_peer_read), false, true});
    here.own().works.push_back({writes, work_of(here, k_peer_write), false, true});
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    const Size size = size_of(here);
    // Each group of copies is waited for with the times of the round before: a law of them needs the waits.
    StationPlan plan;
    plan.size.instances = static_cast<std::uint32_t>(size.nodes);
    plan.size.whole = true;
    plan.size.workers = static_cast<std::uint32_t>(here.value(connections));
    plan.size.cores = static_cast<std::uint32_t>(here.value(cores));
    plan.size.queue_limit = static_cast<std::uint32_t>(here.value(queue_limit));
    here.own().in.spread = Spread::at_random;
    const double peer_s = 2 * here.value(peer_ms) * 1e-3;
    const auto held = [&](double asked, double needed, std::size_t which) {
        if (asked < 1 || needed < 1) return LawId{0};
        const LawId each = laws.sum(laws.constant(peer_s), laws.of(work_of(here, which)));
        return gathered(here, each, asked, needed);
    };
    const LawId reading = held(size.read - 1, size.read - 1, k_peer_read);
    const LawId writing = held(size.keep - 1, size.write - 1, k_peer_write);
    if (reading != 0 || writing != 0)
        for (std::size_t i = 0; i < k_classes; ++i) plan.held.push_back(i == k_write ? writing : reading);
    const StationTimes seen = here.station(plan);
    here.lost(seen.lost);
    here.answer_bytes(here.value(answer_kb) * 1000);
    // Where a core must be waited for, so must it at the others.
    const bool waits = here.value(connections) > here.value(cores);
    LawId more[2] = {reading, writing};
    if (waits && size.read > 1)
        more[0] = gathered(here, at_peer(here, seen, k_peer_read), size.read - 1, size.read - 1);
    if (waits && size.write > 1)
        more[1] = gathered(here, at_peer(here, seen, k_peer_write), size.keep - 1, size.write - 1);
    for (std::size_t i = 0; i < k_classes; ++i) {
        const LawId own = laws.sum(seen.wait, seen.stay[i]);
        here.answer(static_cast<RequestClass>(i), laws.sum(own, more[i == k_write ? 1 : 0]), here.let_in());
    }
    here.metric("busiest", busiest_of(here, size));
    here.assume(k_lean);
    if (reading != 0 || writing != 0) here.assume(k_quorum);
    here.at_best(Trust::approximate);
}

} // namespace scale::kind::nosql
