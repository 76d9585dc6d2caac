#include "sim/forecast.hpp"

#include "core/maths.hpp"
#include "core/queueing.hpp"

#include <algorithm>

namespace scale::sim {

namespace {

constexpr Words k_line_full{"More bytes than an edge can carry.", "경로의 대역폭보다 많은 바이트가 흐른다."};

constexpr Words k_cold{"It fills for longer than the warm-up lasts: a run begins with fewer hits.",
                       "채워지는 데 워밍업보다 오래 걸린다. 실행 초반에는 적중률이 더 낮다."};

} // namespace

bool Forecast::carries(EdgeId edge, RequestClass asked) const {
    return takes(static_cast<EdgeCarries>(static_cast<int>(edge_value(edge, edge_carries))), asked);
}

double Forecast::delay_s(EdgeId edge) const {
    return edge_value(edge, edge_latency_ms) * 1e-3 + all_.distance_s[edge];
}

double Forecast::instances(NodeId node) const {
    const NodeDef& def = all_.scenario.nodes[node];
    const int index = def.kind->param_index("instances");
    return index < 0 ? 1 : def.values[static_cast<std::size_t>(index)];
}

void Forecast::send(EdgeId edge, RequestClass asked, double calls, Spread spread, double pool) {
    Flow& flow = all_.flows[edge];
    const auto which = static_cast<std::size_t>(asked);
    flow.per_s[which] += in().per_s[which] * calls;
    if (asked == RequestClass::api) flow.polls += in().polls * calls;
    std::vector<double>& keys = flow.keys[which];
    const std::vector<double>& mine = in().keys[which];
    if (keys.size() < mine.size()) keys.resize(mine.size(), 0.0);
    for (std::size_t i = 0; i < mine.size(); ++i) keys[i] += mine[i] * calls;
    flow.spread = spread;
    flow.pool = pool > 0 ? pool : instances(to(edge));
}

void Forecast::send_new(EdgeId edge, RequestClass asked, double per_s, std::span<const double> by_group) {
    Flow& flow = all_.flows[edge];
    const auto which = static_cast<std::size_t>(asked);
    flow.per_s[which] += per_s;
    std::vector<double>& keys = flow.keys[which];
    if (keys.size() < by_group.size()) keys.resize(by_group.size(), 0.0);
    for (std::size_t i = 0; i < by_group.size(); ++i) keys[i] += by_group[i];
    flow.pool = instances(to(edge));
}

void Forecast::hit(RequestClass asked, double share, std::vector<double> by_group) {
    own_.hits[static_cast<std::size_t>(asked)] = share;
    own_.hit_groups[static_cast<std::size_t>(asked)] = std::move(by_group);
}

void Forecast::send_part(EdgeId edge, RequestClass asked, double calls, std::span<const double> missed) {
    const auto which = static_cast<std::size_t>(asked);
    std::vector<double> keys = in().keys[which];
    double sum = 0, all = 0;
    for (std::size_t g = 0; g < keys.size(); ++g) {
        all += keys[g];
        if (g < missed.size()) keys[g] *= missed[g];
        sum += keys[g];
        keys[g] *= calls;
    }
    const double part = all > 0 ? sum / all : 1;
    send_new(edge, asked, in().per_s[which] * calls * part, keys);
}

void Forecast::send_missing(EdgeId edge, RequestClass asked, double calls) {
    std::vector<double> missed = own_.hit_groups[static_cast<std::size_t>(asked)];
    for (double& share : missed) share = 1 - share;
    send_part(edge, asked, calls, missed);
}

void Forecast::tell(EdgeId edge, double per_s, std::span<const double> forgets) {
    Flow& flow = all_.flows[edge];
    flow.told_per_s += per_s;
    if (flow.forgets.size() < forgets.size()) flow.forgets.resize(forgets.size(), 0.0);
    for (std::size_t i = 0; i < forgets.size(); ++i) flow.forgets[i] += forgets[i];
}

void Forecast::starts(double bytes, double cv2, bool poisson, bool varies) {
    double all = 0;
    for (const EdgeId edge : outs()) all += all_.flows[edge].all();
    for (const EdgeId edge : outs()) {
        Flow& flow = all_.flows[edge];
        flow.bytes = bytes;
        flow.cv2 = all > 0 ? 1 + flow.all() / all * (cv2 - 1) : 1;
        flow.poisson = poisson;
        flow.varies = varies;
    }
}

void Forecast::at_best(Trust trust) {
    own_.figures.trust = std::max(own_.figures.trust, trust);
    own_.figures.percentiles = std::max(own_.figures.percentiles, trust);
}

void Forecast::fills(double items, double missed_per_s) {
    if (missed_per_s * all_.scenario.warmup_s < items) assume(k_cold);
}

void Forecast::percentiles_at_best(Trust trust) {
    own_.figures.percentiles = std::max(own_.figures.percentiles, trust);
}

void Forecast::metric(const char* id, double value) {
    const std::span<const MetricRecord> records = kind_of(id_).metrics;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (std::string_view(records[i].id) == id) own_.figures.metrics[i] = value;
}

void Forecast::pass_on() {
    const bool works = !own_.works.empty();
    for (const EdgeId edge : outs()) {
        Flow& flow = all_.flows[edge];
        if (in().all() == 0) continue; // a source has said it already
        if (flow.bytes == 0) flow.bytes = in().bytes;
        flow.varies = in().varies;
        const double division = flow.pool / instances(to(edge));
        const double part = std::min(1.0, flow.all() / in().all() * division);
        flow.cv2 = 1 + part * ((works ? own_.departures_cv2 : in().cv2) - 1);
        flow.poisson = in().poisson && (!works || own_.departures_poisson);
    }
}

const Lent* Forecast::lent() const {
    const std::string& group = all_.scenario.nodes[id_].in;
    if (group.empty()) return nullptr;
    const Lent& lent = all_.nodes[static_cast<std::size_t>(all_.scenario.find_node(group))].lent;
    return lent.cores > 0 ? &lent : nullptr;
}

void Forecast::lend(double cores, bool sharing) {
    own_.lent.cores = cores;
    own_.lent.sharing = sharing;
}

// One way over an edge: its delay, and the line that requests take in turn.
LawId Forecast::way(EdgeId edge, double per_s, double bytes) {
    const double delay = delay_s(edge);
    const double cv = edge_value(edge, edge_jitter_cv);
    const LawId trip = laws().gamma(delay, cv * cv);
    const double mbps = edge_value(edge, edge_bandwidth_mbps);
    if (mbps == 0 || bytes == 0) return trip;
    const double sending = bytes * 8e-6 / mbps;
    if (per_s * sending >= 1) {
        figures().steady = false;
        assume(k_line_full);
        return laws().vague(core::k_infinity);
    }
    const LawId own = laws().constant(sending);
    return laws().sum(trip, laws().sum(laws().wait_for_one(per_s, own), own));
}

Reply Forecast::call(EdgeId edge, RequestClass asked) {
    const NodeOutlook& called = all_.nodes[to(edge)];
    const Reply& reply = called.answer[static_cast<std::size_t>(asked)];
    const Flow& flow = all_.flows[edge];
    const LawId there = way(edge, flow.all(), flow.bytes);
    const LawId back = way(edge, flow.all(), called.answer_bytes);
    weaken(called);
    return {laws().sum(laws().sum(there, back), reply.law), reply.served, reply.hit};
}

void Forecast::answer(RequestClass asked, LawId law, double served) {
    own_.answer[static_cast<std::size_t>(asked)] = {law, served, hit_of(asked)};
}

// What a request that is served here takes, over the classes.
void Forecast::conclude() {
    std::vector<core::Part> parts;
    double served = 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        const double share = own_.in.per_s[i] * own_.answer[i].served;
        parts.push_back({share, own_.answer[i].law});
        served += share;
    }
    own_.stay = own_.talks ? laws().vague(core::k_not_a_number) : laws().mix(parts);
    own_.served_per_s = served;
}

void Forecast::says(Words method, Trust means, Trust percentiles) {
    NodePrediction& out = own_.figures;
    out.method = method;
    out.trust = means;
    out.percentiles = percentiles;
}

void Forecast::assume(Words assumption) {
    for (const Words& known : own_.figures.assumptions)
        if (known.en == assumption.en) return;
    own_.figures.assumptions.push_back(assumption);
}

void Forecast::weaken(const NodeOutlook& called) {
    own_.called = std::max({own_.called, called.called, called.figures.trust});
    own_.called_percentiles =
        std::max({own_.called_percentiles, called.called_percentiles, called.figures.percentiles});
}

// Nothing but cores behind a queue without limit: a disk, a line.
LawId Forecast::queue_for(double rate, const Distribution& service, double servers, double& busy) {
    const double offered = rate * service.mean * 1e-9;
    busy = std::min(1.0, offered / servers);
    const LawId own = laws().of(service);
    if (offered >= servers) {
        figures().steady = false;
        return laws().vague(core::k_infinity);
    }
    if (servers == 1) return laws().sum(laws().wait_for_one(rate, own), own);
    const double chance = core::erlang_c(offered, servers);
    const double mean = service.mean * 1e-9 / (servers - offered) *
                        core::wait_factor(1, service.deviation * service.deviation, offered / servers);
    return laws().sum(laws().delayed(chance, mean), own);
}

void Forecast::sum_up(std::span<const StationPart> parts) {
    NodePrediction& out = figures();
    out.utilization = out.workers_busy = out.queue_mean = out.in_flight_mean = 0;
    double count = 0, let_in = 0, busiest = -1;
    Trust means = Trust::exact, percentiles = Trust::exact;
    for (const StationPart& part : parts) {
        const double many = part.plan.size.instances;
        const NodePrediction& seen = part.figures;
        count += many;
        out.utilization += many * seen.utilization;
        out.workers_busy += many * seen.workers_busy;
        out.queue_mean += seen.queue_mean;
        out.in_flight_mean += seen.in_flight_mean;
        for (const Work& work : part.works)
            if (!work.aside && !work.again) let_in += work.per_s * (1 - part.times.lost);
        out.steady = out.steady && seen.steady;
        means = std::max(means, seen.trust);
        percentiles = std::max(percentiles, seen.percentiles);
        for (const Words& words : seen.assumptions) assume(words);
        if (seen.utilization <= busiest) continue;
        busiest = seen.utilization;
        out.method = seen.method;
    }
    out.utilization /= std::max(1.0, count);
    out.workers_busy /= std::max(1.0, count);
    out.wait_ms_mean = let_in > 0 ? out.queue_mean / let_in * 1e3 : 0;
    says(out.method, means, percentiles);
}

} // namespace scale::sim
