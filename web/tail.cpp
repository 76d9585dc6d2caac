#include "tail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scale/node_latency.hpp"

namespace scale::web {
namespace {

constexpr double k_first_every_s = 0.25;
constexpr std::size_t k_stretches_least = 10, k_stretches_most = 40;
constexpr double k_beyond_least = 50; // answers above a percentile; with fewer there is no telling
constexpr double k_unknown = std::numeric_limits<double>::quiet_NaN();

// 97.5 % of Student's t, within 0.3 % from 9 degrees of freedom on.
double student(std::size_t freedom) {
    const double n = static_cast<double>(freedom);
    return 1.96 + 2.372 / n + 2.82 / (n * n) + 2.56 / (n * n * n);
}

// Standard error of sum(part) / sum(whole) from one pair per stretch, times Student's t.
double half_of_ratio(const std::vector<double>& part, const std::vector<double>& whole) {
    double parts = 0, wholes = 0, squares = 0;
    for (std::size_t i = 0; i < part.size(); ++i) parts += part[i], wholes += whole[i];
    if (wholes <= 0) return k_unknown;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const double off = part[i] - parts / wholes * whole[i];
        squares += off * off;
    }
    const double n = static_cast<double>(part.size());
    return student(part.size() - 1) * std::sqrt(n / (n - 1) * squares) / wholes;
}

// Steps of the coarse distributions: from 2^-10 ms on, eight an octave.
constexpr double k_steps_per_octave = 8, k_first_octave = -10;

double step_of(double ms) {
    return ms > 0 ? std::max(0.0, (std::log2(ms) - k_first_octave) * k_steps_per_octave) : 0;
}

} // namespace

LatencyTail::Distribution LatencyTail::distribution(const World& world, int node) {
    Distribution out;
    std::vector<std::uint64_t> counts;
    if (node < 0)
        world.latency_buckets(out.upper_ms, counts);
    else
        node_latency_buckets(world, node, out.upper_ms, counts);
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts) out.below.push_back(sum += count);
    return out;
}

LatencyTail::Coarse LatencyTail::coarse(const Distribution& all) {
    Coarse out;
    const double ratio = std::exp2(1 / k_steps_per_octave);
    double end_ms = std::exp2(k_first_octave) * ratio;
    for (std::size_t i = 0; i < all.below.size(); ++i) {
        for (; all.upper_ms[i] >= end_ms; end_ms *= ratio)
            out.below.push_back(i == 0 ? 0 : static_cast<std::uint32_t>(all.below[i - 1]));
    }
    if (!all.below.empty()) out.below.push_back(static_cast<std::uint32_t>(all.below.back()));
    return out;
}

// Within a step the answers are taken to lie evenly.
double LatencyTail::Coarse::up_to(double ms) const {
    const double step = step_of(ms), whole = std::floor(step);
    const auto at = static_cast<std::size_t>(whole);
    if (at >= below.size()) return count();
    const double before = at == 0 ? 0 : below[at - 1];
    return before + (step - whole) * (below[at] - before);
}

std::uint64_t LatencyTail::Distribution::up_to(double ms) const {
    const auto place = std::upper_bound(upper_ms.begin(), upper_ms.end(), ms) - upper_ms.begin();
    return place == 0 ? 0 : below[static_cast<std::size_t>(place - 1)];
}

double LatencyTail::Distribution::quantile(double share) const {
    const double wanted = std::clamp(share, 0.0, 1.0) * static_cast<double>(count());
    const auto place = std::lower_bound(below.begin(), below.end(), wanted,
                                        [](std::uint64_t a, double b) { return static_cast<double>(a) < b; });
    return upper_ms[std::min(static_cast<std::size_t>(place - below.begin()), upper_ms.size() - 1)];
}

void LatencyTail::forget_after(double at_s) {
    std::erase_if(kept_, [at_s](const Kept& one) { return one.at_s > at_s; });
    if (kept_.empty()) every_s_ = k_first_every_s;
}

void LatencyTail::look(const Session& session) {
    const double now_s = session.now_s();
    if (design_ != session.design_revision()) kept_.clear(), every_s_ = k_first_every_s;
    if (link_ != session.link_revision() || now_s <= 0) forget_after(now_s);
    design_ = session.design_revision();
    link_ = session.link_revision();
    forget_after(now_s);
    if (session.empty() || !session.started() || now_s < session.scenario().warmup_s) return;
    if (!kept_.empty() && now_s < kept_.back().at_s + every_s_) return;
    Kept now;
    static_cast<Distribution&>(now) = distribution(session.world(), -1);
    now.at_s = now_s;
    for (std::size_t i = 0; i < now.below.size(); ++i)
        now.sum_ms += now.upper_ms[i] * static_cast<double>(now.below[i] - (i == 0 ? 0 : now.below[i - 1]));
    for (std::size_t i = 0; i < session.scenario().nodes.size(); ++i)
        now.nodes.push_back(coarse(distribution(session.world(), static_cast<int>(i))));
    if (!kept_.empty() && now.count() < kept_.back().count()) kept_.clear(); // counted anew
    kept_.push_back(std::move(now));
    if (kept_.size() <= k_stretches_most + 1) return;
    every_s_ *= 2; // two stretches become one
    std::size_t left = 0;
    for (std::size_t i = 0; i < kept_.size(); i += 2) std::swap(kept_[left++], kept_[i]);
    kept_.resize(left);
}

LatencyTail::Shares LatencyTail::system_shares(double above_ms) const {
    Shares out;
    for (std::size_t i = 1; i < kept_.size(); ++i) {
        const Kept &from = kept_[i - 1], &to = kept_[i];
        out.all.push_back(static_cast<double>(to.count() - from.count()));
        out.above.push_back(out.all.back() - static_cast<double>(to.up_to(above_ms) - from.up_to(above_ms)));
    }
    return out;
}

LatencyTail::Shares LatencyTail::node_shares(std::size_t node, double above_ms) const {
    Shares out;
    for (std::size_t i = 1; i < kept_.size(); ++i) {
        const Coarse &from = kept_[i - 1].nodes[node], &to = kept_[i].nodes[node];
        out.all.push_back(to.count() - from.count());
        out.above.push_back(out.all.back() - (to.up_to(above_ms) - from.up_to(above_ms)));
    }
    return out;
}

double LatencyTail::half_of_quantile(double share, const Distribution& all, const Shares& shares) {
    double count = 0;
    for (const double stretch : shares.all) count += stretch;
    if (count * (1 - share) < k_beyond_least) return k_unknown;
    const double value = all.quantile(share), half = half_of_ratio(shares.above, shares.all);
    if (!(share + half < 1 - 1 / count)) return k_unknown; // no largest value bounds it
    return std::max(all.quantile(share + half) - value, value - all.quantile(share - half));
}

double LatencyTail::half_of_quantile(double share) const {
    const Kept& last = kept_.back();
    return half_of_quantile(share, last, system_shares(last.quantile(share)));
}

LatencyHalves LatencyTail::node_halves(const World& world, int node) const {
    const auto id = static_cast<std::size_t>(node);
    LatencyHalves out{k_unknown, k_unknown, k_unknown, k_unknown, k_unknown};
    if (stretches() < k_stretches_least || id >= kept_.front().nodes.size()) return out;
    const Distribution all = distribution(world, node);
    if (all.count() == 0) return out;
    const auto half = [&](double share) {
        return half_of_quantile(share, all, node_shares(id, all.quantile(share)));
    };
    out.p50 = half(0.5);
    out.p90 = half(0.9);
    out.p99 = half(0.99);
    out.p999 = half(0.999);
    return out;
}

double LatencyTail::half_of_mean() const {
    std::vector<double> sums, all;
    for (std::size_t i = 1; i < kept_.size(); ++i) {
        sums.push_back(kept_[i].sum_ms - kept_[i - 1].sum_ms);
        all.push_back(static_cast<double>(kept_[i].count() - kept_[i - 1].count()));
    }
    return half_of_ratio(sums, all);
}

LatencyHalves LatencyTail::halves() const {
    if (stretches() < k_stretches_least || kept_.back().count() == kept_.front().count())
        return {k_unknown, k_unknown, k_unknown, k_unknown, k_unknown};
    return {half_of_mean(), half_of_quantile(0.5), half_of_quantile(0.9), half_of_quantile(0.99),
            half_of_quantile(0.999)};
}

} // namespace scale::web
