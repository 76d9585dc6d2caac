// Message queues and workers against closed forms: hand-over, outages, redelivery, copies, polling.
#include "support.hpp"

#include "core/hash.hpp"
#include "support/metric.hpp"

using namespace scale;
using namespace scale::theory;
using tests::figures::metric;

namespace {

// Users who publish, a queue that takes no time of its own, a pool.
struct Line {
    Design design;
    int users, queue, workers;
    Line(double duration_s, double warmup_s, tests::Values user_values, tests::Values queue_values,
         tests::Values worker_values, tests::Values wire = {})
        : design(duration_s, warmup_s), users(design.add("users", "clients", user_values)),
          queue(design.add("queue", "queue", queue_values)),
          workers(design.add("workers", "workers", worker_values)) {
        design.connect(users, queue);
        design.connect(queue, workers, wire);
    }
};

} // namespace

TEST_CASE("Queue and pool: from publishing to done as in M/M/c") {
    for (const int cores : {1, 4}) {
        CAPTURE(cores);
        const double rate = 80.0 * cores;
        Line line(2500, 50, {{"rate_per_s", rate}, {"keys", 1}}, {{"write_ms", 0}, {"capacity", 1000000}},
                  {{"cores", cores}, {"work_ms", 10}});
        const std::vector<Interval> seen = over_seeds(line.design, [&](const World& world) {
            return Figures{metric(world, line.queue, "done_ms"), metric(world, line.queue, "wait_ms"),
                           world.node_totals(line.queue).queue_mean};
        });
        const double wait = erlang_c(0.8 * cores, cores) * 10 / (cores * 0.2);
        agrees("until done", seen[0], wait + 10, 0.04);
        agrees("wait", seen[1], wait, 0.04);
        agrees("backlog, by Little", seen[2], wait * rate / 1000, 0.05);
    }
}

TEST_CASE("Three stages on one core: Pollaczek-Khinchine with their sum") {
    const double rate = 40, crop = 4, sharpen = 6, blur = 8;
    Line line(2500, 100, {{"rate_per_s", rate}, {"keys", 1}}, {{"write_ms", 0}, {"capacity", 1000000}},
              {{"cores", 1}, {"work_ms", crop}, {"second_ms", sharpen}, {"third_ms", blur}});
    const std::vector<Interval> seen = over_seeds(line.design, [&](const World& world) {
        return Figures{metric(world, line.queue, "done_ms"), world.node_totals(line.workers).utilization};
    });
    const double mean = crop + sharpen + blur;
    const double square = crop * crop + sharpen * sharpen + blur * blur + mean * mean;
    const double busy = rate * mean / 1000;
    agrees("until done", seen[0], mean + rate / 1000 * square / (2 * (1 - busy)), 0.03);
    agrees("busy", seen[1], busy, 0.01);
}

TEST_CASE("An outage of the consumers: backlog = rate x time, drained in backlog/(capacity - rate)") {
    const double rate = 60, capacity = 100, outage = 50;
    Line line(250, 0, {{"rate_per_s", rate}, {"keys", 1}}, {{"write_ms", 0}},
              {{"cores", 4}, {"work_ms", 4000 / capacity}});
    line.design.at(50, line.design.command("kill", line.workers));
    line.design.at(50 + outage, line.design.command("restore", line.workers));
    std::vector<double> backlog, drained;
    for (std::uint64_t seed = 1; seed <= 24; ++seed) {
        World world(line.design.scenario(seed));
        world.run_until(seconds(50 + outage));
        backlog.push_back(metric(world, line.queue, "waiting"));
        while (metric(world, line.queue, "waiting") > 0 && world.now() < world.duration())
            world.run_until(world.now() + seconds(0.1));
        drained.push_back(static_cast<double>(world.now()) / 1e9 - 50 - outage);
        CHECK(world.totals().availability == 1); // the producers have seen nothing of it
    }
    agrees("backlog", interval(backlog), rate * outage, 0.02);
    agrees("time to drain", interval(drained), rate * outage / (capacity - rate), 0.05);
}

TEST_CASE("Redelivery: exponential work against a fixed visibility timeout") {
    const double mean_s = 0.1;
    for (const double timeout_s : {0.15, 0.3}) {
        CAPTURE(timeout_s);
        Line line(2000, 0, {{"rate_per_s", 100}, {"keys", 1}},
                  {{"write_ms", 0}, {"visibility_s", timeout_s}, {"deliveries_most", 0}},
                  {{"cores", 256}, {"work_ms", mean_s * 1000}});
        const std::vector<Interval> seen = over_seeds(line.design, [&](const World& world) {
            const double published = metric(world, line.queue, "published");
            return Figures{metric(world, line.queue, "redelivered") / published,
                           metric(world, line.queue, "duplicates") / published};
        });
        // The n-th time comes due when all deliveries so far have outlasted their own timeouts.
        const double p = std::exp(-timeout_s / mean_s);
        double expected = 0, power = 0;
        for (int n = 1; n < 20; ++n) {
            power += n;
            expected += std::pow(p, power);
        }
        agrees("redelivered per message", seen[0], expected, 0.04);
        agrees("duplicates per message", seen[1], expected, 0.04);
    }
}

TEST_CASE("Dead letters: exactly the messages of poisoned keys") {
    const std::uint32_t keys = 1000, one_in = 20;
    double poisoned = 0;
    for (std::uint32_t key = 0; key < keys; ++key) poisoned += core::mix(key) % one_in == 0 ? 1 : 0;
    Line line(1000, 0, {{"rate_per_s", 100}, {"keys", 1000}, {"zipf", 0}},
              {{"deliveries_most", 3}, {"retry_delay_ms", 100}},
              {{"cores", 16}, {"work_ms", 10}, {"poison_one_in", 20}});
    const std::vector<Interval> seen = over_seeds(line.design, [&](const World& world) {
        const double dead = metric(world, line.queue, "dead");
        return Figures{dead / metric(world, line.queue, "published"),
                       metric(world, line.queue, "redelivered") / dead};
    });
    agrees("dead share", seen[0], poisoned / keys, 0.03);
    agrees("further deliveries each", seen[1], 2, 0.01);
}

TEST_CASE("Copies: the acknowledgement waits for the first, the second, the last of them") {
    // Two further copies, exponential: the sooner takes half of the mean, the later three halves.
    const struct {
        const char* wait_for;
        double ms;
    } cases[] = {{"one", 2}, {"majority", 2 + 4 * 0.5}, {"all", 2 + 4 * 1.5}};
    for (const auto& one : cases) {
        CAPTURE(one.wait_for);
        Line line(
            500, 0, {{"rate_per_s", 100}, {"keys", 1}},
            {{"writers", 1000}, {"write_ms", 2}, {"copies", 3}, {"copy_ms", 4}, {"wait_for", one.wait_for}},
            {{"cores", 16}, {"work_ms", 10}});
        const std::vector<Interval> seen = over_seeds(
            line.design, [](const World& world) { return Figures{world.totals().latency_ms.mean}; });
        agrees("until acknowledged", seen[0], one.ms, 0.02);
    }
}

TEST_CASE("Polling: the result is seen at the first poll after it is there") {
    const double mean_ms = 200;
    for (const double every_ms : {50.0, 400.0}) {
        CAPTURE(every_ms);
        Line line(1000, 0, {{"rate_per_s", 40}, {"keys", 1}, {"poll_ms", every_ms}}, {{"write_ms", 0}},
                  {{"cores", 256}, {"work_ms", mean_ms}});
        const std::vector<Interval> seen = over_seeds(line.design, [&](const World& world) {
            return Figures{world.totals().latency_ms.mean,
                           metric(world, line.users, "polls") / metric(world, line.queue, "published")};
        });
        const double polls = 1 / (1 - std::exp(-every_ms / mean_ms));
        agrees("time to result", seen[0], polls * every_ms, 0.02);
        agrees("polls per job", seen[1], polls, 0.02);
    }
}

TEST_CASE("Synchronous holds threads as long as the job takes, asynchronous as long as the hand-over") {
    const double rate = 30, own_ms = 10, job_ms = 300, write_ms = 2;
    Design design(1000, 50);
    const int sync_users = design.add("sync-users", "clients", {{"rate_per_s", rate}, {"keys", 1}});
    const int sync_web =
        design.add("sync-web", "server", {{"cores", 64}, {"workers", 200}, {"service_ms", own_ms}});
    const int job = design.add("job", "server", {{"cores", 256}, {"service_ms", job_ms}});
    const int users = design.add("users", "clients", {{"rate_per_s", rate}, {"keys", 1}});
    const int web = design.add("web", "server", {{"cores", 64}, {"workers", 200}, {"service_ms", own_ms}});
    const int queue = design.add("queue", "queue", {{"write_ms", write_ms}, {"writers", 100}});
    const int workers = design.add("workers", "workers", {{"cores", 256}, {"work_ms", job_ms}});
    design.connect(sync_users, sync_web);
    design.connect(sync_web, job);
    design.connect(users, web);
    design.connect(web, queue);
    design.connect(queue, workers);
    const std::vector<Interval> seen = over_seeds(design, [&](const World& world) {
        return Figures{
            200 * world.node_totals(sync_web).workers_busy, 200 * world.node_totals(web).workers_busy,
            world.node_totals(sync_users).latency_ms.mean, world.node_totals(users).latency_ms.mean};
    });
    agrees("threads held, synchronous", seen[0], rate * (own_ms + job_ms) / 1000, 0.02);
    agrees("threads held, queued", seen[1], rate * (own_ms + write_ms) / 1000, 0.02);
    agrees("response, synchronous", seen[2], own_ms + job_ms, 0.02);
    agrees("response, queued", seen[3], own_ms + write_ms, 0.02);
}

TEST_CASE("Prefetch hides the way to the consumer: 1/(S + 2L) without, 1/S with") {
    const double work_ms = 10, latency_ms = 5;
    for (const int prefetch : {0, 1, 4}) {
        CAPTURE(prefetch);
        Line line(300, 20, {{"rate_per_s", 400}, {"keys", 1}},
                  {{"write_ms", 0}, {"prefetch", prefetch}, {"capacity", 1000}},
                  {{"cores", 1}, {"work_ms", work_ms}, {"work", "deterministic"}},
                  {{"latency_ms", latency_ms}});
        World world(line.design.scenario());
        world.run_until(world.duration());
        const double per_s = world.node_totals(line.workers).throughput_per_s;
        CHECK(per_s == doctest::Approx(prefetch == 0 ? 1000 / (work_ms + 2 * latency_ms) : 1000 / work_ms)
                           .epsilon(0.001));
    }
}
