// The steps of the census with the latency of the clients beside them, and where in them there was trouble.
#include "analysis/cause.hpp"

#include <algorithm>

namespace scale::analysis {

namespace {

constexpr double k_worse = 3;          // times the calm latency from which on there is trouble
constexpr double k_worse_least = 4;    // ... and ms at least
constexpr double k_few_worse = 8;      // times the calm p99: some wait long, however quick most are
constexpr double k_few_worse_ms = 300; // ... and ms at least
constexpr double k_few_known = 200;    // requests that a p99 is told from
constexpr double k_old_most = 0.05;    // share of the requests that may read old values
constexpr double k_group_fails = 0.5;  // share of the requests of one group of clients
constexpr double k_kept = 5; // times the calm mean (Little): some are kept, however quick the others are
constexpr double k_kept_least_s = 0.1;
constexpr std::size_t k_bridge = 3; // steps without trouble that do not end an episode
constexpr std::size_t k_shortest = 3;

void add(Step& sum, const Step& more) {
    sum.live += more.live;
    sum.asked += more.asked;
    sum.attempts += more.attempts;
    sum.failed += more.failed;
    sum.completed += more.completed;
    sum.missing += more.missing;
    sum.old += more.old;
    sum.p90_ms += more.p90_ms;
    sum.p99_ms += more.p99_ms;
}

void divide(Step& sum, double by) {
    for (double* figure : {&sum.live, &sum.asked, &sum.attempts, &sum.failed, &sum.completed, &sum.missing,
                           &sum.old, &sum.p90_ms, &sum.p99_ms})
        *figure /= by;
}

} // namespace

Missing missing_at(const KindRecord& kind, const Account& account, bool however_few) {
    Missing out;
    for (std::size_t i = 0; i < kind.signs.size() && i < sim::k_signs; ++i) {
        const auto share = static_cast<double>(account.signs[i]);
        const double requests = share * static_cast<double>(account.completed);
        if (std::string_view(kind.signs[i].part) == "not_found") out.elsewhere += requests;
        const bool many = however_few || share >= kind.signs[i].worrying;
        if (many && std::string_view(kind.signs[i].part) == "stale_reads") out.old += requests;
    }
    return out;
}

History::History(const World& world) : world_(world), sim_(world.inside()) {
    const std::optional<double>& promised = sim_.scenario.slo.availability;
    if (promised) failing_limit_ = std::max(0.002, 1 - *promised);
    read_steps();
    read_series(world.series());
    judge();
}

void History::read_steps() {
    const sim::Census& census = sim_.watch.census;
    step_s_ = census.step_s();
    steps_.resize(census.steps());
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        for (std::size_t node = 0; node < census.nodes(); ++node) {
            const Account& account = census.at(i, node);
            steps_[i].live += static_cast<double>(account.here() + account.network + account.lost);
            steps_[i].asked += static_cast<double>(account.asked);
            steps_[i].attempts += static_cast<double>(account.attempts);
            const Missing missing = missing_at(*sim_.scenario.nodes[node].kind, account);
            steps_[i].missing += missing.all();
            steps_[i].old += missing.old;
        }
    }
}

// The series may have another step.
void History::read_series(const Series& series) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const auto first = static_cast<std::size_t>(static_cast<double>(i) * step_s_ / series.step_s);
        const auto last = static_cast<std::size_t>((static_cast<double>(i) + 1) * step_s_ / series.step_s);
        double count = 0;
        for (std::size_t k = first; k < std::max(last, first + 1) && k < series.points.size(); ++k) {
            const Point& point = series.points[k];
            steps_[i].failed += static_cast<double>(point.failed_per_s) / sim_.scenario.weight;
            steps_[i].completed += static_cast<double>(point.completed_per_s) / sim_.scenario.weight;
            steps_[i].p90_ms += static_cast<double>(point.p90_ms);
            steps_[i].p99_ms += static_cast<double>(point.p99_ms);
            ++count;
        }
        if (count == 0) continue;
        for (double* figure : {&steps_[i].failed, &steps_[i].completed, &steps_[i].p90_ms, &steps_[i].p99_ms})
            *figure /= count;
    }
}

History::Group History::failing_group(Stretch stretch) const {
    Group worst;
    int groups = 0;
    for (std::size_t node = 0; node < sim_.nodes.size(); ++node) {
        if (!sim_.watch.is_client[node]) continue;
        ++groups;
        const Series& series = world_.series(static_cast<int>(node));
        double failed = 0, all = 0;
        for (std::size_t i = stretch.from; i < stretch.to; ++i) {
            const auto at = static_cast<std::size_t>(static_cast<double>(i) * step_s_ / series.step_s);
            if (at >= series.points.size()) break;
            failed += static_cast<double>(series.points[at].failed_per_s);
            all += static_cast<double>(series.points[at].failed_per_s + series.points[at].completed_per_s);
        }
        const bool most = failed > k_group_fails * all && failed * step_s_ >= 5 * sim_.scenario.weight;
        if (most && failed / all > worst.failing) worst = {static_cast<int>(node), failed / all};
    }
    return groups > 1 ? worst : Group{};
}

// Seen over three seconds at least, so that one request is not taken for many.
bool History::group_fails(std::size_t step) const {
    const auto around = static_cast<std::size_t>(1.5 / step_s_) + 1;
    const Stretch near{step - std::min(step, around), std::min(step + around + 1, steps_.size())};
    return failing_group(near).client >= 0;
}

std::size_t History::step_of(double time_s) const {
    const auto step = static_cast<std::size_t>(std::max(0.0, time_s / step_s_ + 1e-9));
    return std::min(step, steps_.size());
}

double mean_s(const Step& step) { return step.asked > 0 ? step.live / step.asked : 0; }

// The lower quartile of the smoothed latency over the run: what it is like when all is well. While many fail,
// those who are answered may be the quick ones alone.
History::Calm History::calm(const std::vector<Step>& smooth) const {
    std::vector<Calm> seen, failing;
    for (std::size_t i = step_of(std::max(1.0, sim_.scenario.warmup_s)); i < smooth.size(); ++i) {
        const Step& step = smooth[i];
        const bool fails = step.failed > failing_limit_ * (step.failed + step.completed);
        if (step.completed > 0) (fails ? failing : seen).push_back({step.p90_ms, step.p99_ms, mean_s(step)});
    }
    if (seen.empty()) seen.swap(failing);
    if (seen.empty()) return {};
    const auto quartile = [&](double Calm::*figure) {
        const auto at = seen.begin() + static_cast<std::ptrdiff_t>(seen.size() / 4);
        std::nth_element(seen.begin(), at, seen.end(),
                         [&](const Calm& a, const Calm& b) { return a.*figure < b.*figure; });
        return (*at).*figure;
    };
    return {quartile(&Calm::p90_ms), quartile(&Calm::p99_ms), quartile(&Calm::mean_s)};
}

// Why the step would be trouble, by what is seen around it.
void History::judge(Step& step, const Step& seen, const Calm& calm) const {
    const auto& slo = sim_.scenario.slo;
    const double ended = seen.failed + seen.completed;
    const double lacking = seen.old > k_old_most * ended ? seen.missing : seen.missing - seen.old;
    const bool failing = ended > 0 && std::max(seen.failed, lacking) / ended > failing_limit_;
    const bool slower =
        calm.p90_ms > 0 && seen.p90_ms > k_worse * calm.p90_ms && seen.p90_ms > calm.p90_ms + k_worse_least;
    const bool kept = calm.mean_s > 0 && seen.asked > 1 && mean_s(seen) > k_kept * calm.mean_s &&
                      mean_s(seen) > calm.mean_s + k_kept_least_s;
    const bool broken =
        (slo.p99_ms && seen.p99_ms > *slo.p99_ms) || (slo.p90_ms && seen.p90_ms > *slo.p90_ms);
    // Nothing comes back any more although it is asked for: no percentile tells.
    const bool stuck = seen.asked > 1 && ended < 0.3 * seen.asked && seen.live > 2 * seen.asked;
    step.failing = step.failing && failing;
    step.slow = step.slow && (slower || kept || broken || stuck);
}

// So many steps in a row, as what takes one request in a hundred is in a p99 now and then.
void History::judge_few(const Calm& calm) {
    constexpr std::size_t k_in_a_row = 5;
    const double most = std::max(k_few_worse * calm.p99_ms, calm.p99_ms + k_few_worse_ms);
    std::size_t row = 0;
    for (std::size_t i = 0; i < steps_.size() && calm.p99_ms > 0; ++i) {
        const bool many = steps_[i].completed * step_s_ > k_few_known;
        row = many && steps_[i].p99_ms > most ? row + 1 : 0;
        for (std::size_t k = 0; row >= k_in_a_row && k < k_in_a_row; ++k)
            steps_[i - k].trouble = steps_[i - k].slow = true;
    }
}

// One second may be chance, and with few requests ten are: what counts is seen over about 40 requests.
void History::judge() {
    constexpr double k_enough = 40;
    std::vector<Step> smooth = steps_;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const double each = std::max(0.5, steps_[i].asked) * step_s_;
        const auto more = static_cast<std::size_t>(std::clamp(k_enough / each, 1.0, 20.0));
        smooth[i] = all({i - std::min(i, more), std::min(i + 2 + more, steps_.size())});
    }
    const Calm usual = calm(smooth);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const bool tells = (steps_[i].completed + steps_[i].failed) * step_s_ >= 3;
        Step& step = steps_[i];
        step.failing = step.slow = true;
        judge(step, smooth[i], usual);
        Step alone = step;
        alone.failing = alone.slow = true;
        judge(alone, step, usual);
        step.trouble = (step.failing || step.slow) && (!tells || alone.failing || alone.slow);
        if (group_fails(i)) step.trouble = step.failing = true;
    }
    judge_few(usual);
    // Overloaded from the first moment: no calm to compare with, but a node that is always full.
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const sim::Census& census = sim_.watch.census;
        for (std::size_t node = 0; node < census.nodes(); ++node) {
            const Account& account = census.at(i, node);
            const bool full = std::max(account.cores, account.workers) > 0.98f;
            const bool most = static_cast<double>(account.waiting) > 0.6 * steps_[i].live;
            const bool many = static_cast<double>(account.waiting) > 0.5 * steps_[i].asked;
            if (!full || !most || !many || account.waiting <= 3) continue;
            steps_[i].trouble = steps_[i].slow = true;
        }
    }
}

std::vector<Stretch> History::episodes(Stretch within) const {
    std::vector<Stretch> found;
    for (std::size_t i = within.from; i < within.to; ++i) {
        if (!steps_[i].trouble) continue;
        if (!found.empty() && i <= found.back().to + k_bridge)
            found.back().to = i + 1;
        else
            found.push_back({i, i + 1});
    }
    std::erase_if(found, [&](const Stretch& one) { return one.to - one.from < k_shortest && harm(one) < 2; });
    return found;
}

Stretch History::quiet_before(std::size_t step) const {
    constexpr std::size_t k_most = 40;
    const std::size_t first = step_of(std::min(1.0, sim_.scenario.warmup_s));
    std::size_t to = step;
    while (to > first && steps_[to - 1].trouble) --to;
    std::size_t from = to;
    while (from > first && to - from < k_most && !steps_[from - 1].trouble) --from;
    constexpr std::size_t k_least = 3; // fewer tell nothing
    return to - from < k_least ? Stretch{to, to} : Stretch{from, to};
}

Account History::node(Stretch stretch, std::size_t node) const {
    Account sum;
    float* const out = reinterpret_cast<float*>(&sum);
    std::fill_n(out, sim::k_account_figures, 0.0f);
    if (stretch.empty()) return sum;
    const auto count = static_cast<float>(stretch.to - stretch.from);
    const auto total = static_cast<float>(harm(stretch));
    float slow = 1;
    float* const states[] = {&sum.cores, &sum.workers, &sum.busiest, &sum.up, &sum.ejected, &sum.booting};
    for (std::size_t i = stretch.from; i < stretch.to; ++i) {
        const Account& account = sim_.watch.census.at(i, node);
        const float* const in = reinterpret_cast<const float*>(&account);
        for (std::size_t k = 0; k < sim::k_account_figures; ++k) out[k] += in[k] / count;
        slow = std::max(slow, account.slow);
    }
    // How busy and how many up: as those who wait or fail have met it.
    for (float* const state : states) *state = total > 0 ? 0 : *state;
    for (std::size_t i = stretch.from; i < stretch.to && total > 0; ++i) {
        const Account& account = sim_.watch.census.at(i, node);
        const float weight = static_cast<float>(harm({i, i + 1})) / total;
        const float seen[] = {account.cores, account.workers, account.busiest,
                              account.up,    account.ejected, account.booting};
        for (std::size_t k = 0; k < std::size(seen); ++k) *states[k] += weight * seen[k];
    }
    sum.slow = slow;
    return sum;
}

Step History::all(Stretch stretch) const {
    Step sum;
    for (std::size_t i = stretch.from; i < stretch.to; ++i) add(sum, steps_[i]);
    if (!stretch.empty()) divide(sum, static_cast<double>(stretch.to - stretch.from));
    return sum;
}

double History::least_up(Stretch stretch, std::size_t node) const {
    float least = 1;
    for (std::size_t i = stretch.from; i < stretch.to; ++i)
        least = std::min(least, sim_.watch.census.at(i, node).up);
    return static_cast<double>(least);
}

bool History::fails_rather(Stretch stretch) const {
    std::size_t failing = 0;
    std::size_t slow = 0;
    for (std::size_t i = stretch.from; i < stretch.to; ++i) {
        failing += steps_[i].trouble && steps_[i].failing ? 1 : 0;
        slow += steps_[i].trouble && steps_[i].slow ? 1 : 0;
    }
    return failing > slow;
}

double History::harm(Stretch stretch) const {
    constexpr double k_failure_s = 1; // what a failure is worth, in seconds of waiting
    double sum = 0;
    for (std::size_t i = stretch.from; i < stretch.to; ++i)
        sum += (steps_[i].live + (steps_[i].failed + steps_[i].missing) * k_failure_s) * step_s_;
    return sum;
}

} // namespace scale::analysis
