// Single queues: M/M/1, M/M/c, M/M/c/K, M/M/c/c, M/D/1, M/G/1, processor sharing, last come first served.
#include "support.hpp"

using namespace scale;
using namespace scale::theory;

namespace {

// Of the tier: mean wait, mean number waiting, utilization, mean response, mean number inside.
Figures station_figures(const World& world, int node) {
    const NodeTotals tier = world.node_totals(node);
    return {tier.wait_ms_mean, tier.queue_mean, tier.utilization, tier.latency_ms.mean, tier.in_flight_mean};
}

std::vector<Interval> station(OneTier& system) {
    return over_seeds(system.design, [&](const World& world) { return station_figures(world, system.tier); });
}

// Pollaczek and Khinchine: mean wait of M/G/1, in units of the mean service time.
double pollaczek_khinchine(double busy, double cv) { return busy * (1 + cv * cv) / (2 * (1 - busy)); }

} // namespace

TEST_CASE("M/M/1: wait, queue, utilization, response, number inside") {
    for (const double busy : {0.5, 0.8}) {
        CAPTURE(busy);
        OneTier system(4000, 200, busy * 100, {{"cores", 1}, {"service_ms", 10}, {"queue_limit", 1000000}});
        const std::vector<Interval> seen = station(system);
        const double wait_ms = 10 * busy / (1 - busy);
        agrees("wait", seen[0], wait_ms, 0.04);
        agrees("queue", seen[1], busy * busy / (1 - busy), 0.04);
        agrees("utilization", seen[2], busy, 0.01);
        agrees("response", seen[3], wait_ms + 10, 0.03);
        agrees("inside", seen[4], busy / (1 - busy), 0.035);
    }
}

TEST_CASE("M/M/1: response percentiles are exponential") {
    OneTier system(4000, 200, 70, {{"cores", 1}, {"service_ms", 10}, {"queue_limit", 1000000}});
    const std::vector<Interval> seen = over_seeds(system.design, [](const World& world) {
        const Latency latency = world.totals().latency_ms;
        return Figures{latency.p50, latency.p90, latency.p95, latency.p99, latency.p999};
    });
    const double mean_ms = 10 / (1 - 0.7);
    const double shares[] = {0.5, 0.1, 0.05, 0.01, 0.001};
    const double widths[] = {0.02, 0.025, 0.03, 0.045, 0.09};
    // The histogram's buckets add up to 0.5 %.
    for (std::size_t i = 0; i < seen.size(); ++i)
        agrees("percentile", seen[i], -mean_ms * std::log(shares[i]), widths[i], 0.005);
}

TEST_CASE("M/M/c: Erlang C") {
    for (const int cores : {2, 4, 16}) {
        CAPTURE(cores);
        const double busy = 0.8;
        OneTier system(5000.0 / cores, 50, busy * cores * 100,
                       {{"cores", cores}, {"service_ms", 10}, {"queue_limit", 1000000}});
        const std::vector<Interval> seen = station(system);
        const double wait_ms = erlang_c(busy * cores, cores) * 10 / (cores * (1 - busy));
        agrees("wait", seen[0], wait_ms, 0.08);
        agrees("utilization", seen[2], busy, 0.01);
        agrees("response", seen[3], wait_ms + 10, 0.05);
    }
}

TEST_CASE("M/M/c with a database: the same queue behind connections") {
    OneTier system(1500, 50, 320, {{"connections", 4}, {"read_ms", 10}, {"queue_limit", 1000000}},
                   "database");
    const std::vector<Interval> seen = station(system);
    agrees("wait", seen[0], erlang_c(3.2, 4) * 10 / (4 * 0.2), 0.07);
}

TEST_CASE("M/M/c/K: rejections, and M/M/c/c: Erlang B") {
    for (const int waiting : {0, 3, 10}) {
        CAPTURE(waiting);
        const int cores = 3;
        const double offered = 2.7;
        OneTier system(800, 20, offered * 100,
                       {{"cores", cores}, {"service_ms", 10}, {"queue_limit", waiting}});
        const std::vector<Interval> seen = over_seeds(system.design, [&](const World& world) {
            const Counts counts = world.totals().requests;
            const double arrived = static_cast<double>(counts.completed + counts.rejected);
            return Figures{static_cast<double>(counts.rejected) / arrived,
                           world.node_totals(system.tier).in_flight_mean};
        });
        double weight = 1, sum = 0, inside = 0, last = 0;
        for (int n = 0; n <= cores + waiting; ++n) {
            if (n > 0) weight *= offered / std::min(n, cores);
            sum += weight;
            inside += n * weight;
            last = weight;
        }
        if (waiting == 0) CHECK(last / sum == doctest::Approx(erlang_b(offered, cores)));
        agrees("rejected", seen[0], last / sum, 0.05);
        agrees("inside", seen[1], inside / sum, 0.03);
    }
}

TEST_CASE("M/D/1 and M/G/1: Pollaczek and Khinchine") {
    struct Case {
        const char* shape;
        double cv, width;
    };
    const double busy = 0.7;
    for (const Case& c :
         {Case{"deterministic", 0, 0.03}, Case{"uniform", 0.5, 0.03}, Case{"gamma", 0.5, 0.03},
          Case{"gamma", 2, 0.06}, Case{"lognormal", 1.5, 0.07}, Case{"hyper-exponential", 2, 0.06}}) {
        CAPTURE(c.shape);
        OneTier system(4000, 200, busy * 100,
                       {{"cores", 1},
                        {"service_ms", 10},
                        {"service", c.shape},
                        {"service_cv", c.cv},
                        {"queue_limit", 1000000}});
        const std::vector<Interval> seen = station(system);
        const double wait_ms = 10 * pollaczek_khinchine(busy, c.cv);
        agrees("wait", seen[0], wait_ms, c.width);
        agrees("queue", seen[1], busy * wait_ms / 10, c.width);
        agrees("utilization", seen[2], busy, 0.02);
    }
}

TEST_CASE("M/G/1 processor sharing: the mean does not depend on the distribution") {
    const double busy = 0.7;
    for (const char* shape : {"deterministic", "exponential", "hyper-exponential", "lognormal"}) {
        CAPTURE(shape);
        OneTier system(
            4000, 200, busy * 100,
            {{"cores", 1}, {"service_ms", 10}, {"service", shape}, {"service_cv", 2}, {"order", "ps"}});
        const std::vector<Interval> seen = station(system);
        agrees("response", seen[3], 10 / (1 - busy), 0.045);
        agrees("inside", seen[4], busy / (1 - busy), 0.045);
    }
}

TEST_CASE("M/G/1 processor sharing on a machine that two tiers share") {
    const double busy = 0.6;
    Design design(4000, 200);
    design.add("box", "machine", {{"cores", 1}});
    const int pages = design.add("pages", "clients", {{"rate_per_s", 40}, {"keys", 1}});
    const int reports = design.add("reports", "clients", {{"rate_per_s", 4}, {"keys", 1}});
    const int web = design.add("web", "server", {{"service_ms", 10}, {"workers", 10000}}, "box");
    const int batch =
        design.add("batch", "server",
                   {{"service_ms", 50}, {"service", "gamma"}, {"service_cv", 2}, {"workers", 10000}}, "box");
    design.connect(pages, web);
    design.connect(reports, batch);
    const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
        return Figures{world.node_totals(web).latency_ms.mean, world.node_totals(batch).latency_ms.mean};
    });
    agrees("short", seen[0], 10 / (1 - busy), 0.05);
    agrees("long", seen[1], 50 / (1 - busy), 0.05);
}

TEST_CASE("Last come first served: the same mean, a larger spread") {
    const double busy = 0.6, service_ms = 10;
    const double wait = service_ms * busy / (1 - busy);
    const double wait_squared_fifo = 2 * busy * service_ms * service_ms / ((1 - busy) * (1 - busy));
    for (const bool lifo : {false, true}) {
        CAPTURE(lifo);
        OneTier system(6000, 200, busy * 100,
                       {{"cores", 1},
                        {"service_ms", service_ms},
                        {"order", lifo ? "lifo" : "fifo"},
                        {"queue_limit", 1000000}});
        const std::vector<Interval> seen = over_seeds(system.design, [](const World& world) {
            std::vector<double> upper;
            std::vector<std::uint64_t> counts;
            world.latency_buckets(upper, counts);
            double count = 0, squares = 0;
            for (std::size_t i = 0; i < upper.size(); ++i) {
                count += static_cast<double>(counts[i]);
                squares += static_cast<double>(counts[i]) * upper[i] * upper[i];
            }
            return Figures{world.totals().latency_ms.mean, squares / count};
        });
        // Takacs: the second moment of the wait grows by 1 / (1 - rho); the own service is independent of it.
        const double wait_squared = lifo ? wait_squared_fifo / (1 - busy) : wait_squared_fifo;
        agrees("mean", seen[0], wait + service_ms, 0.03);
        agrees("second moment", seen[1], wait_squared + 2 * wait * service_ms + 2 * service_ms * service_ms,
               lifo ? 0.14 : 0.05, 0.006);
    }
}
