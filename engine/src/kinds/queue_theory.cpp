#include "kinds/queue_theory.hpp"

#include "core/queueing.hpp"
#include "kinds/common.hpp"

#include <algorithm>

namespace scale::kind {

using namespace sim;

namespace {

// What the consumers of a queue can do: workers, and how long one is busy with a message.
struct Consumers {
    double workers = 0, busy_s = 0, cv2 = 1;
    LawId law = 0; // of the work on a message
};

Consumers consumers_of(Forecast& here) {
    Consumers out;
    double square = 0;
    std::vector<core::Part> laws;
    for (const EdgeId edge : here.outs()) {
        const NodeOutlook& node = here.all().nodes[here.to(edge)];
        const double workers = node.size.workers * static_cast<double>(node.size.instances);
        const Reply reply = here.call(edge, RequestClass::write);
        const double mean = here.laws().mean(reply.law);
        out.workers += workers;
        out.busy_s += workers * mean;
        square += workers * (here.laws().variance(reply.law) + mean * mean);
        laws.push_back({workers, reply.law});
    }
    if (out.workers == 0) return out;
    out.law = here.laws().mix(laws);
    out.busy_s /= out.workers;
    out.cv2 = out.busy_s > 0 ? std::max(0.0, square / out.workers / (out.busy_s * out.busy_s) - 1) : 1;
    return out;
}

constexpr Words k_poison{"How often poisoned messages come back has no closed form here.",
                         "독이 든 메시지가 몇 번 되돌아오는지에는 닫힌 해가 없다."};
constexpr Words k_backlog{"More messages come than the workers can do: the backlog grows.",
                          "워커가 처리할 수 있는 것보다 메시지가 많이 온다. 백로그가 늘어난다."};

} // namespace

namespace queue {

namespace {

constexpr std::size_t k_api = static_cast<std::size_t>(RequestClass::api);

// Messages, without the questions that producers ask about them.
double messages(const Forecast& here, std::size_t asked) {
    return std::max(0.0, here.in().per_s[asked] - (asked == k_api ? here.in().polls : 0));
}
double all_messages(const Forecast& here) {
    double sum = 0;
    for (std::size_t i = 0; i < k_classes; ++i) sum += messages(here, i);
    return sum;
}

// What waits for a worker, and how long from publishing to done.
void wait_for_workers(Forecast& here, const Consumers& line) {
    const double rate = all_messages(here);
    const double busy = line.workers > 0 ? rate * line.busy_s / line.workers : 0;
    if (busy >= 1) {
        here.figures().steady = false;
        here.assume(k_backlog);
        here.at_best(Trust::approximate);
        here.own().job = here.laws().vague(core::k_infinity);
    } else if (rate > 0 && line.workers > 0 && line.busy_s > 0) {
        const core::QueueFigures seen = core::multi_server(rate, line.busy_s, line.workers, 1e9, 0);
        const double wait = seen.wait_mean * core::wait_factor(1, line.cv2, busy);
        here.metric("wait_ms", wait * 1e3);
        here.figures().queue_mean += rate * wait;
        here.figures().in_flight_mean += rate * wait;
        const double chance = std::max(seen.wait_chance, 1e-12);
        here.own().job = here.laws().sum(here.laws().delayed(chance, wait / chance), line.law);
    }
}

// What publishing waits for besides the writing: the slowest of the copies that are needed.
LawId copied(Forecast& here) {
    const double copies = here.value("copies") - 1, needed = std::min(copies, here.value("wait_for"));
    if (copies < 1 || needed < 1) return 0;
    const LawId one = here.laws().exponential(here.value("copy_ms") * 1e-3);
    const std::vector<LawId> all(static_cast<std::size_t>(copies), one);
    return here.laws().in_order(all, static_cast<std::size_t>(needed));
}

} // namespace

void flows(Forecast& here) {
    here.work(all_messages(here), distribution(here.value("write"), here.value("write_ms"), 1));
    double workers = 0;
    for (const EdgeId edge : here.outs()) {
        const NodeOutlook& node = here.all().nodes[here.to(edge)];
        workers += node.size.workers * static_cast<double>(node.size.instances);
    }
    for (const EdgeId edge : here.outs()) {
        const NodeOutlook& node = here.all().nodes[here.to(edge)];
        const double own = node.size.workers * static_cast<double>(node.size.instances);
        const double part = here.let_in() * (workers > 0 ? own / workers : 1);
        for (std::size_t i = 0; i < k_classes; ++i) {
            const double rate = here.in().per_s[i];
            const double calls = rate > 0 ? part * messages(here, i) / rate : 0;
            here.send(edge, static_cast<RequestClass>(i), calls, Spread::shortest);
            if (i == k_api) here.polls(edge, -here.in().polls * calls);
        }
    }
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    StationPlan plan;
    plan.size.workers = plan.size.cores = static_cast<std::uint32_t>(here.value("writers"));
    plan.size.queue_limit = k_requests_most;
    plan.returns = true;
    const StationTimes own = here.station(plan);
    wait_for_workers(here, consumers_of(here));
    const LawId copying = copied(here);
    if (copying != 0) here.at_best(Trust::approximate);
    const LawId law = laws.sum(laws.sum(own.wait, own.stay[0]), copying);
    for (std::size_t i = 0; i < k_classes; ++i) {
        const double asked = i == k_api && here.in().per_s[i] > 0 ? here.in().polls / here.in().per_s[i] : 0;
        const core::Part parts[] = {{1 - asked, law}, {asked, 0}};
        here.answer(static_cast<RequestClass>(i), asked > 0 ? laws.mix(parts) : law);
    }
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
    const bool crashes = here.value("poison_one_in") > 0 && here.value("poison_does") == 1;
    for (const EdgeId edge : here.outs()) // nobody knows how many of them are up, then
        if (crashes) here.guess(edge);
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
    if (here.value("poison_one_in") == 0) return;
    here.assume(k_poison);
    here.at_best(Trust::none);
}

} // namespace workers

} // namespace scale::kind
