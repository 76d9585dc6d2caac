#include "kinds/queue_theory.hpp"

#include "core/queueing.hpp"
#include "kinds/common.hpp"

#include <algorithm>

namespace scale::kind {

using namespace sim;

namespace {

// What the consumers of a queue can do: workers, and how long one is busy with a message.
struct Consumers {
    double workers = 0, busy_s = 0, cv2 = 1, share_sum = 0;
    bool exponential = true;
};

Consumers consumers_of(Forecast& here) {
    Consumers out;
    double square = 0;
    for (const EdgeId edge : here.outs()) {
        const NodeOutlook& node = here.all().nodes[here.to(edge)];
        const double workers = node.size.workers * static_cast<double>(node.size.instances);
        const Reply reply = here.call(edge, RequestClass::write);
        const double mean = here.laws().mean(reply.law);
        out.workers += workers;
        out.busy_s += workers * mean;
        square += workers * (here.laws().variance(reply.law) + mean * mean);
        out.exponential = out.exponential && node.departures_poisson;
    }
    if (out.workers == 0) return out;
    out.busy_s /= out.workers;
    out.cv2 = out.busy_s > 0 ? std::max(0.0, square / out.workers / (out.busy_s * out.busy_s) - 1) : 1;
    return out;
}

constexpr Words k_backlog{"More messages come than the workers can do: the backlog grows.",
                          "워커가 처리할 수 있는 것보다 메시지가 많이 온다. 백로그가 늘어난다."};

} // namespace

namespace queue {

void flows(Forecast& here) {
    here.work(here.in().all(), distribution(here.value("write"), here.value("write_ms"), 1));
    double workers = 0;
    for (const EdgeId edge : here.outs()) {
        const NodeOutlook& node = here.all().nodes[here.to(edge)];
        workers += node.size.workers * static_cast<double>(node.size.instances);
    }
    for (const EdgeId edge : here.outs()) {
        const NodeOutlook& node = here.all().nodes[here.to(edge)];
        const double own = node.size.workers * static_cast<double>(node.size.instances);
        for (int i = 0; i < k_classes; ++i)
            here.send(edge, static_cast<RequestClass>(i), here.let_in() * (workers > 0 ? own / workers : 1),
                      Spread::shortest);
    }
}

void times(Forecast& here) {
    StationPlan plan;
    plan.size.workers = plan.size.cores = static_cast<std::uint32_t>(here.value("writers"));
    plan.size.queue_limit = k_requests_most;
    plan.returns = true;
    const StationTimes own = here.station(plan);
    const Consumers line = consumers_of(here);
    const double rate = here.in().all();
    const double busy = line.workers > 0 ? rate * line.busy_s / line.workers : 0;
    if (busy >= 1) {
        here.figures().steady = false;
        here.assume(k_backlog);
        here.at_best(Trust::approximate);
    } else if (rate > 0 && line.workers > 0 && line.busy_s > 0) {
        const core::QueueFigures seen = core::multi_server(rate, line.busy_s, line.workers, 1e9, 0);
        here.metric("wait_ms", seen.wait_mean * core::wait_factor(1, line.cv2, busy) * 1e3);
    }
    const double copies = here.value("copies");
    LawId law = here.laws().sum(own.wait, own.stay[0]);
    // The slowest of those that are waited for is left out of the percentiles.
    if (copies > 1 && here.value("wait_for") > 0) {
        law = here.laws().sum(law, here.laws().constant(here.value("copy_ms") * 1e-3));
        here.at_best(Trust::approximate);
    }
    for (int i = 0; i < k_classes; ++i) here.answer(static_cast<RequestClass>(i), law);
}

} // namespace queue

namespace workers {

namespace {

constexpr const char* k_stages[] = {"work_ms", "second_ms", "third_ms"};

LawId calls_of(Forecast& here, RequestClass asked, double& served) {
    LawId law = 0;
    for (const EdgeId edge : here.outs()) {
        if (!here.carries(edge, asked)) continue;
        const Reply reply = here.call(edge, asked);
        for (double i = 0; i < here.edge_value(edge, edge_calls); i += 1) {
            law = here.laws().sum(law, reply.law);
            served *= reply.served;
        }
    }
    return law;
}

} // namespace

void flows(Forecast& here) {
    for (std::size_t stage = 0; stage < std::size(k_stages); ++stage) {
        const double mean = here.value(k_stages[stage]);
        if (mean > 0 || stage == 0)
            here.work(here.in().all(), distribution(here.value("work"), mean, here.value("work_cv")),
                      stage > 0);
    }
    for (int i = 0; i < k_classes; ++i)
        for (const EdgeId edge : here.outs())
            if (here.carries(edge, static_cast<RequestClass>(i)))
                here.send(edge, static_cast<RequestClass>(i), here.edge_value(edge, edge_calls));
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    std::array<LawId, k_classes> calls{};
    std::array<double, k_classes> served{};
    std::vector<core::Part> parts;
    for (std::size_t i = 0; i < k_classes; ++i) {
        served[i] = 1;
        calls[i] = calls_of(here, static_cast<RequestClass>(i), served[i]);
        parts.push_back({here.in().per_s[i], calls[i]});
    }
    StationPlan plan;
    plan.size.instances = static_cast<std::uint32_t>(here.value("instances"));
    plan.size.cores = static_cast<std::uint32_t>(here.value("cores"));
    plan.size.workers = static_cast<std::uint32_t>(here.value("workers"));
    if (plan.size.workers == 0) plan.size.workers = plan.size.cores;
    plan.size.queue_limit = k_requests_most;
    plan.fed = true;
    plan.held.push_back(laws.mix(parts));
    const StationTimes own = here.station(plan);
    LawId work = 0;
    for (const LawId stay : own.stay) work = laws.sum(work, stay);
    for (std::size_t i = 0; i < k_classes; ++i)
        here.answer(static_cast<RequestClass>(i), laws.sum(work, calls[i]), served[i]);
}

} // namespace workers

} // namespace scale::kind
