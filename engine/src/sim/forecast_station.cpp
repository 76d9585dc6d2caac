// The closed forms of a station: workers with a queue in front and cores behind.
#include "sim/forecast.hpp"

#include "core/maths.hpp"
#include "core/queueing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace scale::sim {

namespace {

namespace words {
constexpr Words k_m_m_1{"M/M/1", "M/M/1"};
constexpr Words k_m_m_c{"M/M/c (Erlang C)", "M/M/c(얼랑 C)"};
constexpr Words k_m_m_c_k{"M/M/c/K", "M/M/c/K"};
constexpr Words k_m_g_1{"M/G/1 (Pollaczek-Khinchine)", "M/G/1(폴라체크-힌친)"};
constexpr Words k_gi_m_1{"GI/M/1", "GI/M/1"};
constexpr Words k_g_g_c{"GI/G/c (Allen-Cunneen)", "GI/G/c(앨런-커닌)"};
constexpr Words k_sharing{"M/G/c processor sharing", "M/G/c 프로세서 공유"};
constexpr Words k_two{"supermarket model (two choices)", "슈퍼마켓 모형(두 후보)"};
constexpr Words k_one_queue{"M/M/c over all instances (one queue)", "전체 서버를 한 큐로 본 M/M/c"};
constexpr Words k_product{"closed network (product form)", "닫힌 망(곱 형태)"};
constexpr Words k_busy{"utilization law", "사용률 법칙"};
constexpr Words k_machine{"cores shared with the machine's other tiers", "머신의 다른 계층과 코어 공유"};
constexpr Words k_layers{"workers around cores and calls (layered M/G/c)",
                         "코어와 호출을 감싼 워커(계층형 M/G/c)"};

constexpr Words k_poisson{"What comes in is taken to be random (Poisson or its variance).",
                          "도착을 무작위(푸아송 또는 그 분산)로 본다."};
constexpr Words k_full{"More comes than it can do: the queue is full and the rest is turned away.",
                       "처리할 수 있는 것보다 많이 온다. 큐가 가득 차고 나머지는 거절된다."};
constexpr Words k_endless{"More comes than it can do: the queue grows for as long as it runs.",
                          "처리할 수 있는 것보다 많이 온다. 큐가 끝없이 길어진다."};
constexpr Words k_held{"Workers are held during calls; their holding times are taken as independent.",
                       "호출하는 동안 워커를 붙잡는다. 붙잡는 시간은 서로 독립으로 본다."};
constexpr Words k_coarse{
    "In a run with a weight its few cores cannot be divided: it is as busy there, but quicker.",
    "가중치가 있는 실행에서는 코어가 적어 나눌 수 없다. 사용률은 같지만 더 빠르다."};
constexpr Words k_coarse_fewer{
    "In a run with a weight its cores are rounded down: it is busier there, and slower.",
    "가중치가 있는 실행에서는 코어 수가 내림되어 더 바쁘고 느리다."};
constexpr Words k_any_instance{"As if the balancer chose at random, which is slower.",
                               "밸런서가 무작위로 고른다고 본 값이라 실제보다 느리다."};
constexpr Words k_infinite{"Exact for infinitely many instances.", "서버가 무한히 많을 때 정확하다."};
constexpr Words k_perfect{"As if nobody ever waited while another instance is idle.",
                          "노는 서버가 있는데 기다리는 일은 없다고 본다."};
} // namespace words

// Moments of all work together, in seconds.
struct Moments {
    double rate = 0, mean = 0, cv2 = 0;
    bool exponential = true; // all of it, with the same mean
};

Moments moments_of(std::span<const Work> works, bool asides = true) {
    Moments out;
    double sum = 0, square = 0;
    for (const Work& work : works) {
        if (!(work.per_s > 0) || (work.aside && !asides)) continue;
        const double mean = work.service.mean * 1e-9;
        out.exponential = out.exponential && work.service.shape == core::Shape::exponential &&
                          (out.rate == 0 || mean * out.rate == sum);
        out.rate += work.per_s;
        sum += work.per_s * mean;
        square += work.per_s * mean * mean * (1 + work.service.deviation * work.service.deviation);
    }
    if (out.rate == 0) return out;
    out.mean = sum / out.rate;
    const double second = square / out.rate;
    out.cv2 = out.mean > 0 ? std::max(0.0, second / (out.mean * out.mean) - 1) : 0;
    return out;
}

// Share of instances with at least k inside, k = 0, 1, ...: each arrival joins the shorter of two queues.
std::vector<double> shares_of_two(double offered, int cores) {
    const auto c = static_cast<std::size_t>(cores);
    std::vector<double> share(c + 1, 0.0);
    share[0] = 1;
    for (int round = 0; round < 400; ++round) {
        double above = 0;
        for (std::size_t k = c; k >= 1; --k) {
            const double wanted = (offered * share[k - 1] * share[k - 1] - above) / static_cast<double>(k);
            share[k] = 0.5 * share[k] + 0.5 * std::clamp(wanted, 0.0, share[k - 1]);
            above += share[k];
        }
    }
    while (share.back() > 1e-9 && share.size() < 2000)
        share.push_back(offered * share.back() * share.back() / cores);
    return share;
}

} // namespace

// Figures of a part of a node begin with nothing.
static NodePrediction blank_like(const NodePrediction& whole) {
    NodePrediction out;
    out.metrics.assign(whole.metrics.size(), core::k_not_a_number);
    return out;
}

// One instance's queue for `servers` that each work on one at a time.
struct StationQueue {
    double wait_mean = 0, lost = 0, waiting = 0, waiting_above = 0;
    LawId wait = 0;
    Words method = words::k_m_m_c;
    Trust trust = Trust::exact, percentiles = Trust::exact;
    bool steady = true, full = false;
};

class StationForecast {
public:
    StationForecast(Forecast& here, const StationPlan& plan) : here_(here), plan_(plan) {
        size_ = here.own().size = plan.size;
        here.own().servers = std::min(size_.workers, size_.cores);
        count_ = size_.instances;
        const Flow& in = here.in();
        const double pool = std::max(in.pool, count_);
        all_ = moments_of(here.own().works);
        poisson_ = in.poisson && (count_ == 1 || in.spread != Spread::turns || pool <= 1);
        if (in.spread == Spread::turns) {
            poisson_ = in.poisson && pool <= 1;
            arrival_cv2_ = in.cv2 / pool;
        } else {
            arrival_cv2_ = 1 + (in.cv2 - 1) / pool;
        }
        rate_ = all_.rate / count_;
        own_ = moments_of(here.own().works, false);
        visits_ = own_.rate;
        aside_ = own_.rate < all_.rate;
    }

    StationTimes solve() {
        StationTimes out;
        out.stay.assign(here_.own().works.size(), 0);
        if (own_.rate == 0 || all_.mean + held_mean() == 0) {
            idle();
            if (aside_) here_.figures().utilization = std::min(1.0, rate_ * all_.mean / size_.cores);
            return out;
        }
        say_coarse();
        const Lent* const lent = here_.lent();
        const bool inner = lent != nullptr || size_.sharing || holds();
        if (inner)
            layered(lent, out);
        else
            plain(out);
        return out;
    }

private:
    bool holds() const { return held_mean() > 0; }
    double held_mean() const {
        double sum = 0;
        for (std::size_t i = 0; i < plan_.held.size(); ++i)
            sum += here_.own().works[i].per_s * here_.laws().mean(plan_.held[i]);
        return all_.rate > 0 ? sum / all_.rate : 0;
    }
    core::Laws& laws() { return here_.laws(); }
    Work& work(std::size_t i) { return here_.own().works[i]; }

    LawId mixed_service() {
        std::vector<core::Part> parts;
        for (const Work& one : here_.own().works)
            if (one.per_s > 0) parts.push_back({one.per_s, laws().of(one.service)});
        return laws().mix(parts);
    }

    void idle() {
        NodePrediction& out = here_.figures();
        out.utilization = out.workers_busy = out.queue_mean = out.in_flight_mean = out.wait_ms_mean = 0;
        here_.says(words::k_m_m_c, Trust::exact, Trust::exact);
    }

    StationQueue queue(double rate, const Moments& service, double servers, double places, double first);
    void shape_wait(StationQueue& out, double rate, const Moments& service, double servers,
                    const core::QueueFigures& seen);
    StationQueue pooled(const Moments& service, double servers, double before);
    StationQueue two(const Moments& service, double servers, double before);
    void say_coarse();
    void plain(StationTimes& out);
    void layered(const Lent* lent, StationTimes& out);
    StationQueue on_cores(const Lent* lent, StationTimes& out);
    LawId holding_law(const StationTimes& times);
    void figures(const StationQueue& queue, double held, double servers);

    Forecast& here_;
    const StationPlan& plan_;
    station::Size size_;
    Moments all_, own_; // with and without what is done aside
    bool aside_ = false;
    double count_ = 1, rate_ = 0, arrival_cv2_ = 1;
    double visits_ = 0; // that wait for a worker, per s
    bool poisson_ = true;
};

// The law of the wait, from what is known of its mean.
void StationForecast::shape_wait(StationQueue& out, double rate, const Moments& service, double servers,
                                 const core::QueueFigures& seen) {
    const double busy = rate * service.mean / servers;
    const bool exact = poisson_ && service.exponential;
    if (!(busy < 1) || seen.lost > (exact ? 1e-9 : 0.02)) {
        out.full = busy >= 1;
        out.method = words::k_m_m_c_k;
        out.trust = exact ? Trust::exact : Trust::approximate;
        out.percentiles = Trust::approximate;
        const double mean_if = seen.wait_mean / std::max(seen.wait_chance, 1e-12);
        const core::Part parts[] = {{1 - seen.wait_chance, 0},
                                    {seen.wait_chance, laws().gamma(mean_if, seen.wait_cv2)}};
        out.wait = laws().mix(parts);
        out.wait_mean = seen.wait_mean;
        return;
    }
    if (exact) {
        out.method = servers == 1 ? words::k_m_m_1 : words::k_m_m_c;
        out.wait_mean = seen.wait_mean;
        out.wait = laws().delayed(seen.wait_chance, seen.wait_mean / std::max(seen.wait_chance, 1e-12));
        return;
    }
    if (servers == 1 && service.exponential) {
        const double sigma = core::arrival_root(busy, arrival_cv2_);
        out.method = words::k_gi_m_1;
        out.wait_mean = service.mean * sigma / (1 - sigma);
        out.wait = laws().delayed(sigma, service.mean / (1 - sigma));
        out.trust = out.percentiles =
            here_.in().poisson || here_.in().cv2 == 0 ? Trust::exact : Trust::approximate;
        return;
    }
    const double factor = core::wait_factor(poisson_ ? 1 : arrival_cv2_, service.cv2, busy);
    out.wait_mean = seen.wait_mean * factor;
    if (seen.lost > 0 && factor > 0) out.lost = core::pow(seen.lost, 1 / factor);
    const bool one = servers == 1 && poisson_;
    out.method = one ? words::k_m_g_1 : words::k_g_g_c;
    out.trust = out.percentiles = one ? Trust::exact : Trust::approximate;
    out.wait = laws().delayed(seen.wait_chance, out.wait_mean / std::max(seen.wait_chance, 1e-12));
}

StationQueue StationForecast::queue(double rate, const Moments& service, double servers, double places,
                                    double first) {
    StationQueue out;
    const core::QueueFigures seen = core::multi_server(rate, service.mean, servers, places, first);
    out.lost = seen.lost;
    shape_wait(out, rate, service, servers, seen);
    const double let_in = rate * (1 - out.lost);
    out.waiting = let_in * out.wait_mean;
    const double factor = seen.wait_mean > 0 ? out.wait_mean / seen.wait_mean : 1;
    out.waiting_above = seen.waiting_above * factor;
    // A queue as long as this is not full before the end of any run.
    constexpr double k_endless = 50000;
    out.steady = rate * service.mean < servers || places < k_endless;
    return out;
}

StationQueue StationForecast::pooled(const Moments& service, double servers, double before) {
    StationQueue out = queue(rate_ * count_, service, servers * count_, (size_.queue_limit + before) * count_,
                             before * count_);
    out.method = words::k_one_queue;
    out.trust = Trust::bound;
    out.percentiles = Trust::bound;
    out.waiting /= count_;
    out.waiting_above /= count_;
    here_.assume(words::k_perfect);
    return out;
}

StationQueue StationForecast::two(const Moments& service, double servers, double before) {
    StationQueue out;
    const std::vector<double> share = shares_of_two(rate_ * service.mean, static_cast<int>(servers));
    std::vector<core::Part> parts;
    const auto c = static_cast<std::size_t>(servers);
    const auto at_least = [&](std::size_t k) { return k < share.size() ? share[k] * share[k] : 0; };
    parts.push_back({1 - at_least(c), 0});
    for (std::size_t k = c; k < share.size(); ++k) { // k inside already: that many less c - 1 go first
        const double ahead = static_cast<double>(k - c + 1);
        parts.push_back(
            {at_least(k) - at_least(k + 1), laws().gamma(ahead * service.mean / servers, 1 / ahead)});
    }
    out.wait = laws().mix(parts);
    out.wait_mean = laws().mean(out.wait);
    out.waiting = rate_ * out.wait_mean;
    for (std::size_t k = c + static_cast<std::size_t>(before) + 1; k < share.size(); ++k)
        out.waiting_above += share[k];
    out.method = words::k_two;
    out.trust = out.percentiles = Trust::approximate;
    here_.assume(words::k_infinite);
    return out;
}

// Where a request stands for several a run divides the cores by as many, as far as they divide (station.cpp).
void StationForecast::say_coarse() {
    constexpr double k_matters = 0.05;
    const std::uint32_t weight = here_.all().scenario.weight;
    if (weight <= 1) return;
    const std::uint32_t divisor = size_.thin_by != 0 ? size_.thin_by : std::gcd(size_.instances, weight);
    const std::uint32_t whole = size_.whole ? 1 : divisor;
    const double rest = static_cast<double>(weight) / whole;
    const double servers = std::min(size_.workers, size_.cores);
    const double simulated = std::max(1.0, std::floor(servers / rest + 0.5));
    const double more = simulated * rest / servers - 1;
    if (more > k_matters) here_.assume(words::k_coarse);
    if (more < -k_matters) here_.assume(words::k_coarse_fewer);
}

// Nothing but a queue and cores: first come first served (or last; the means are the same).
void StationForecast::plain(StationTimes& out) {
    const double servers = std::min(size_.workers, size_.cores);
    const double before = static_cast<double>(size_.workers) - servers; // wait with a worker, for a core
    const Spread spread = here_.in().spread;
    const double busy = rate_ * all_.mean / servers;
    StationQueue seen;
    const double closed = here_.closed_inside();
    if (plan_.fed) {
        seen.method = words::k_busy;
    } else if (closed >= 0) {
        seen.wait_mean = std::max(0.0, closed / all_.rate - all_.mean);
        const double chance = std::clamp(core::erlang_c(rate_ * all_.mean, servers), 1e-9, 1.0);
        seen.wait = laws().delayed(chance, seen.wait_mean / chance);
        seen.waiting = rate_ * seen.wait_mean;
        seen.waiting_above = before == 0 ? seen.waiting : 0;
        seen.method = words::k_product;
        seen.trust = all_.exponential && count_ == 1 ? Trust::exact : Trust::approximate;
        seen.percentiles = Trust::approximate;
    } else if (count_ > 1 && spread == Spread::shortest && busy < 1) {
        seen = pooled(all_, servers, before);
    } else if (count_ > 1 && spread == Spread::better_of_two && busy < 1) {
        seen = two(all_, servers, before);
    } else {
        seen = queue(rate_, all_, servers, size_.queue_limit + before, before);
        if (seen.method.en == words::k_m_g_1.en) seen.wait = laws().wait_for_one(rate_, mixed_service());
    }
    if (size_.last_in_first_out && seen.wait_mean > 0) { // only the mean is that of first come first served
        seen.wait = laws().vague(seen.wait_mean);
        seen.percentiles = Trust::none;
    }
    out.wait = seen.wait;
    out.lost = seen.lost;
    for (std::size_t i = 0; i < out.stay.size(); ++i) out.stay[i] = laws().of(work(i).service);
    if (aside_) {
        seen.waiting *= own_.rate / all_.rate;
        seen.waiting_above *= own_.rate / all_.rate;
        seen.trust = std::max(seen.trust, Trust::approximate);
        seen.percentiles = std::max(seen.percentiles, Trust::approximate);
    }
    figures(seen,
            own_.mean + (before > 0 ? seen.wait_mean - seen.waiting_above / (rate_ * (1 - seen.lost)) : 0),
            servers);
}

// How long work takes on cores that are shared, lent or waited for with a worker in hand.
StationQueue StationForecast::on_cores(const Lent* lent, StationTimes& out) {
    StationQueue seen;
    const double cores = lent != nullptr ? lent->cores : size_.cores;
    const double rate = lent != nullptr ? lent->rate : rate_;
    const Moments all = lent != nullptr ? moments_of(lent->works) : all_;
    const bool sharing = lent != nullptr ? lent->sharing : size_.sharing;
    const double room = std::max(0.0, static_cast<double>(size_.workers) - cores);
    const bool waits = lent != nullptr || sharing || size_.workers > size_.cores;
    // Workers in hand wait for a core without limit, unless there are so few that they are the limit.
    const bool few = core::multi_server(rate, all.mean, cores, room, room).lost > 1e-3;
    const double places = few ? room : 1e9;
    if (waits) seen = queue(rate, all, cores, places, places);
    if (!waits) seen.method = words::k_layers;
    for (std::size_t i = 0; i < out.stay.size(); ++i) {
        const core::Distribution& service = work(i).service;
        if (!sharing) {
            const LawId wait = seen.method.en == words::k_m_g_1.en && lent == nullptr
                                   ? laws().wait_for_one(rate_, mixed_service())
                                   : seen.wait;
            out.stay[i] = waits ? laws().sum(wait, laws().of(service)) : laws().of(service);
            continue;
        }
        // Every job takes longer by the same factor; its spread as in M/M/1 processor sharing.
        const double plain_wait = core::multi_server(rate, all.mean, cores, places, places).wait_mean;
        const double factor = 1 + plain_wait / all.mean;
        const double busy = 1 - 1 / factor;
        const double cv2 = service.deviation * service.deviation + (2 + busy) / (2 - busy) - 1;
        out.stay[i] = laws().gamma(service.mean * 1e-9 * factor, cv2);
        seen.method = words::k_sharing;
        seen.percentiles = Trust::approximate;
        seen.trust = poisson_ && seen.steady ? Trust::exact : Trust::approximate;
    }
    seen.lost = 0;
    seen.steady = true; // the queue for workers says whether it grows
    if (lent != nullptr) here_.assume(words::k_machine);
    return seen;
}

// How long a worker is held, over all that come in.
LawId StationForecast::holding_law(const StationTimes& times) {
    std::vector<core::Part> first, more;
    visits_ = 0;
    for (std::size_t i = 0; i < times.stay.size(); ++i) {
        if (!(work(i).per_s > 0) || work(i).aside) continue;
        const LawId held = i < plan_.held.size() ? plan_.held[i] : 0;
        const bool again = work(i).again && !plan_.returns;
        (again ? more : first).push_back({work(i).per_s, laws().sum(times.stay[i], held)});
        if (!again) visits_ += work(i).per_s;
    }
    const LawId once = laws().mix(first);
    if (more.empty()) return once;
    double share = 0;
    for (const core::Part& part : more) share += part.chance / visits_;
    const core::Part parts[] = {{1 - std::min(1.0, share), 0}, {std::min(1.0, share), laws().mix(more)}};
    return laws().sum(once, laws().mix(parts));
}

// Workers are held while cores are shared or waited for, and during calls.
void StationForecast::layered(const Lent* lent, StationTimes& out) {
    StationQueue inner = on_cores(lent, out);
    const double closed = here_.closed_inside();
    if (closed >= 0) {
        const double stretch = closed / all_.rate / all_.mean;
        for (std::size_t i = 0; i < out.stay.size(); ++i)
            out.stay[i] = laws().gamma(work(i).service.mean * 1e-9 * stretch, 1);
        inner.method = words::k_product;
        inner.trust = inner.percentiles = Trust::approximate;
    }
    const LawId all = holding_law(out);
    Moments holding;
    holding.mean = laws().mean(all);
    const double variance = laws().variance(all);
    holding.cv2 = variance == variance ? variance / (holding.mean * holding.mean) : 1;
    holding.exponential = false;
    StationQueue seen;
    const double visits = visits_ / count_;
    if (holding.mean < core::k_infinity && !plan_.fed)
        seen = queue(visits, holding, size_.workers, size_.queue_limit, 0);
    const Spread spread = here_.in().spread;
    if (count_ > 1 && (spread == Spread::shortest || spread == Spread::better_of_two))
        here_.assume(words::k_any_instance);
    const bool calm = seen.wait_mean < 1e-4 * holding.mean;
    const bool calls = holds();
    seen.method = calm ? inner.method : words::k_layers;
    if (calm && !holds() && inner.method.en == words::k_layers.en) seen.method = words::k_m_m_c;
    seen.trust = calm ? inner.trust : Trust::approximate;
    seen.percentiles = calm ? inner.percentiles : Trust::approximate;
    if (aside_) seen.trust = seen.percentiles = Trust::approximate;
    if (calls && !calm) here_.assume(words::k_held);
    out.wait = seen.wait;
    out.lost = seen.lost;
    const double cores = lent != nullptr ? lent->cores : size_.cores;
    figures(seen, holding.mean, cores);
    if (lent != nullptr) here_.figures().utilization = std::min(1.0, lent->rate * lent->mean / lent->cores);
}

void StationForecast::figures(const StationQueue& queue, double held, double servers) {
    NodePrediction& out = here_.figures();
    const double let_in = visits_ / count_ * (1 - queue.lost);
    const double cores = std::max<double>(size_.cores, servers);
    out.utilization = std::min(1.0, rate_ * (1 - queue.lost) * all_.mean / cores);
    out.workers_busy = std::min(1.0, let_in * held / size_.workers);
    out.queue_mean = count_ * (size_.workers > servers && !holds() && queue.waiting_above < queue.waiting
                                   ? queue.waiting_above
                                   : queue.waiting);
    out.in_flight_mean = out.queue_mean + count_ * let_in * held;
    out.wait_ms_mean = let_in > 0 ? out.queue_mean / (count_ * let_in) * 1e3 : 0;
    out.steady = queue.steady;
    if (!queue.steady) {
        out.queue_mean = out.in_flight_mean = out.wait_ms_mean = core::k_infinity;
        here_.assume(words::k_endless);
    } else if (queue.full) {
        here_.assume(words::k_full);
    }
    if (queue.trust != Trust::exact && !poisson_) here_.assume(words::k_poisson);
    here_.says(queue.method, queue.trust, queue.percentiles);
    const double busy = rate_ * all_.mean / servers;
    here_.own().departures_cv2 = std::max(0.0, core::departure_cv2(arrival_cv2_, all_.cv2, busy, servers));
    here_.own().departures_poisson = poisson_ && queue.steady && !queue.full &&
                                     (all_.exponential || size_.sharing) && queue.trust == Trust::exact;
}

StationTimes Forecast::station(const StationPlan& plan) { return StationForecast(*this, plan).solve(); }

void Forecast::station(StationPart& part) {
    NodePrediction kept = blank_like(figures());
    std::swap(kept, own_.figures);
    for (const Work& work : own_.asides)
        part.works.push_back({work.per_s * part.asides, work.service, false, true});
    std::swap(part.works, own_.works);
    const Flow& in = own_.in;
    const Spread spread = in.spread;
    const double pool = in.pool;
    own_.in.spread = part.spread;
    own_.in.pool = part.share > 0 ? 1 / part.share : 1e9;
    part.times = StationForecast(*this, part.plan).solve();
    own_.in.spread = spread;
    own_.in.pool = pool;
    std::swap(part.works, own_.works);
    std::swap(kept, own_.figures);
    part.figures = std::move(kept);
}

} // namespace scale::sim
