#include "analysis/theory.hpp"

#include <algorithm>
#include <cmath>

namespace scale::analysis {

using sim::EdgeId;
using sim::Flow;
using sim::Forecast;
using sim::NodeId;
using sim::NodeOutlook;
using sim::RequestClass;
using sim::Spread;

namespace {

constexpr double k_nan = core::k_not_a_number;

constexpr Words k_no_form{"no closed form", "닫힌 해 없음"};

NodePrediction blank(const KindRecord& kind) {
    NodePrediction out;
    out.utilization = out.workers_busy = out.queue_mean = out.in_flight_mean = out.wait_ms_mean = k_nan;
    out.latency_ms = {k_nan, k_nan, k_nan, k_nan, k_nan, k_nan, k_nan};
    out.metrics.assign(kind.metrics.size(), k_nan);
    out.method = k_no_form;
    return out;
}

// Of a kind that says nothing: everything goes on, along every edge that carries it.
void pass_through(Forecast& here) {
    for (int i = 0; i < sim::k_classes; ++i) {
        const auto asked = static_cast<RequestClass>(i);
        const bool one_of = (here.kind_of(here.id()).role & role_route) != 0;
        double ways = 0;
        for (const EdgeId edge : here.outs()) ways += here.carries(edge, asked) ? 1 : 0;
        for (const EdgeId edge : here.outs())
            if (here.carries(edge, asked)) here.send(edge, asked, one_of ? 1 / ways : 1);
    }
}

// Where it is not known how requests are divided among instances, only what arrives is.
void forget(NodeOutlook& node, const KindRecord& kind, core::Laws& laws) {
    node.figures = blank(kind);
    node.lost = 0;
    node.stay = laws.vague(k_nan);
    for (sim::Reply& reply : node.answer) reply = {node.stay, 1, 0};
}

void answer_unknown(Forecast& here) {
    for (int i = 0; i < sim::k_classes; ++i)
        here.answer(static_cast<RequestClass>(i), here.laws().vague(k_nan));
}

} // namespace

Walk::Walk(const Scenario& scenario) : all_(scenario) {
    const std::size_t count = scenario.nodes.size();
    all_.nodes.resize(count);
    all_.outs.resize(count);
    all_.flows.resize(scenario.edges.size());
    ins_.resize(count);
    for (std::size_t e = 0; e < scenario.edges.size(); ++e) {
        const EdgeDef& edge = scenario.edges[e];
        if (is_link(scenario, edge)) continue;
        all_.outs[edge.from].push_back(static_cast<EdgeId>(e));
        ins_[edge.to].push_back(static_cast<EdgeId>(e));
    }
    sort();
    group_keys();
    measure_distances();
}

// Only places know how far they are apart; they are asked in a simulation of few users that never runs.
void Walk::measure_distances() {
    all_.distance_s.assign(all_.scenario.edges.size(), 0.0);
    bool places = false;
    for (const NodeDef& node : all_.scenario.nodes) places = places || node.kind->behaviour->apart != nullptr;
    if (!places) return;
    Scenario small = all_.scenario;
    for (NodeDef& node : small.nodes)
        for (const char* many : {"users", "resolvers", "data_keys"}) // what makes loading one slow
            if (node.kind->param_index(many) >= 0) set_value(node, many, 1);
    const sim::Sim probe(small);
    for (std::size_t e = 0; e < all_.distance_s.size(); ++e) // it may have edges of its own behind them
        all_.distance_s[e] = core::to_seconds(probe.edges[e].distance);
}

void Walk::sort() {
    std::vector<std::size_t> deep(ins_.size(), 0);
    for (bool grew = true; grew;) {
        grew = false;
        for (std::size_t node = 0; node < ins_.size(); ++node)
            for (const EdgeId edge : all_.outs[node]) {
                const std::size_t to = all_.scenario.edges[edge].to;
                if (deep[to] > deep[node]) continue;
                deep[to] = deep[node] + 1;
                grew = true;
            }
    }
    for (std::size_t i = 0; i < ins_.size(); ++i) {
        order_.push_back(static_cast<NodeId>(i));
        if ((all_.scenario.nodes[i].kind->role & role_group) == 0) deep[i] += 1;
    }
    std::stable_sort(order_.begin(), order_.end(), [&](NodeId a, NodeId b) { return deep[a] < deep[b]; });
}

// The most popular keys one by one, the others in groups that grow by a tenth; no client's last key stands
// within a group.
void Walk::group_keys() {
    std::vector<double> ends;
    double most = 1;
    for (const NodeDef& node : all_.scenario.nodes) {
        const int keys = (node.kind->role & role_client) != 0 ? node.kind->param_index("keys") : -1;
        if (keys >= 0) ends.push_back(node.values[static_cast<std::size_t>(keys)]);
    }
    for (const double end : ends) most = std::max(most, end);
    for (double end = 1; end < most; end = end < 32 ? end + 1 : std::floor(end * 1.1)) ends.push_back(end);
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    double first = 0;
    for (const double end : ends) {
        all_.groups.push_back({first, end - first});
        first = end;
    }
}

void Walk::gather(NodeId id) {
    Flow& in = all_.nodes[id].in;
    in = Flow{};
    double cv2 = 0, bytes = 0;
    int callers = 0;
    in.poisson = true;
    in.callers = 0;
    for (const EdgeId edge : ins_[id]) {
        const Flow& flow = all_.flows[edge];
        const double rate = flow.all();
        in.told_per_s += flow.told_per_s;
        in.polls += flow.polls;
        if (in.forgets.size() < flow.forgets.size()) in.forgets.resize(flow.forgets.size(), 0.0);
        for (std::size_t g = 0; g < flow.forgets.size(); ++g) in.forgets[g] += flow.forgets[g];
        in.callers +=
            Forecast(all_, all_.scenario.edges[edge].from).instances(all_.scenario.edges[edge].from);
        if (rate == 0) continue;
        const bool same = callers == 0 || (flow.spread == in.spread && flow.spread != Spread::turns);
        in.spread = same ? flow.spread : Spread::at_random;
        in.pool = callers == 0 ? flow.pool : std::max(in.pool, flow.pool);
        ++callers;
        for (std::size_t i = 0; i < sim::k_classes; ++i) {
            in.per_s[i] += flow.per_s[i];
            if (in.keys[i].size() < flow.keys[i].size()) in.keys[i].resize(flow.keys[i].size(), 0.0);
            for (std::size_t g = 0; g < flow.keys[i].size(); ++g) in.keys[i][g] += flow.keys[i][g];
        }
        cv2 += rate * flow.cv2;
        bytes += rate * flow.bytes;
        in.poisson = in.poisson && flow.poisson;
        in.guessed = in.guessed || flow.guessed;
        in.varies = in.varies || flow.varies;
    }
    // Turns of several callers mix; one instance sees the whole stream whoever takes turns.
    if (callers > 1 && in.spread == Spread::turns) in.spread = Spread::at_random;
    const double rate = in.all();
    if (rate > 0) {
        in.cv2 = cv2 / rate;
        in.bytes = bytes / rate;
    }
}

void Walk::go_down(NodeId id) {
    NodeOutlook& node = all_.nodes[id];
    gather(id);
    node.works.clear();
    node.called = node.called_percentiles = Trust::exact;
    node.figures = blank(*all_.scenario.nodes[id].kind);
    node.answer = {};
    node.lent = {};
    node.stay = 0;
    node.talks = false;
    node.job = 0;
    Forecast here(all_, id);
    const sim::ClosedForm& form = all_.scenario.nodes[id].kind->behaviour->theory;
    if (form.flows != nullptr)
        form.flows(here);
    else
        pass_through(here);
    for (const sim::Work& work : node.asides) here.work_aside(work.per_s, work.service);
    here.pass_on();
}

// Sums up what stands on each machine.
void Walk::lend() {
    for (NodeId id = 0; id < all_.nodes.size(); ++id) {
        const std::string& group = all_.scenario.nodes[id].in;
        if (group.empty()) continue;
        sim::Lent& lent = all_.nodes[static_cast<std::size_t>(all_.scenario.find_node(group))].lent;
        for (const sim::Work& work : all_.nodes[id].works) lent.works.push_back(work);
    }
    for (NodeOutlook& node : all_.nodes) {
        double sum = 0;
        for (const sim::Work& work : node.lent.works) {
            node.lent.rate += work.per_s;
            sum += work.per_s * work.service.mean * 1e-9;
        }
        node.lent.mean = node.lent.rate > 0 ? sum / node.lent.rate : 0;
    }
}

void Walk::come_back(NodeId id) {
    Forecast here(all_, id);
    const KindRecord& kind = *all_.scenario.nodes[id].kind;
    const sim::ClosedForm& form = kind.behaviour->theory;
    if (form.times != nullptr)
        form.times(here);
    else if ((kind.role & role_group) == 0)
        answer_unknown(here);
    here.conclude();
    if (all_.nodes[id].in.varies) here.at_best(Trust::approximate);
    if (all_.nodes[id].in.guessed) forget(all_.nodes[id], kind, all_.laws);
}

void Walk::round() {
    all_.laws.clear();
    for (Flow& flow : all_.flows) flow = Flow{};
    for (NodeOutlook& node : all_.nodes) node.asides.clear();
    for (const NodeId id : order_) go_down(id);
    lend();
    for (auto id = order_.rbegin(); id != order_.rend(); ++id) come_back(*id);
}

void Walk::settle() {
    constexpr int k_rounds_least = 3, k_misses = 4;
    const int rounds_most = misses_ < k_misses ? 120 : 30; // what never settles is not worth more
    settled_ = false;
    for (int i = 0; i < rounds_most && (i < k_rounds_least || !tired()); ++i) {
        ++rounds_;
        all_.stride = i < 40 ? 0.5 : i < 80 ? 0.2 : 0.05;
        double before = 0;
        for (const NodeOutlook& node : all_.nodes)
            before = std::max(before, std::abs(node.wanted - node.lost));
        round();
        double change = before;
        for (const NodeOutlook& node : all_.nodes)
            change = std::max(change, std::abs(node.wanted - node.lost));
        settled_ = i + 1 >= k_rounds_least && change < 1e-7;
        if (settled_) return;
    }
    ++misses_;
}

} // namespace scale::analysis
