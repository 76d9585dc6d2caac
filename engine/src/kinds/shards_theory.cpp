#include "kinds/shards_theory.hpp"

#include "core/hash_ring.hpp"
#include "kinds/shards_state.hpp"

#include <algorithm>
#include <cmath>

namespace scale::kind::sharding {

using namespace sim;

namespace {

constexpr Words k_each{"every shard by itself, by where its keys lie", "샤드마다 따로, 키가 놓인 대로"};
constexpr Words k_placed{
    "Keys lie where the method puts them; of many alike, a sample of them stands for all.",
    "키는 배치 방식이 정한 곳에 있다. 비슷하게 인기 있는 키가 많으면 일부로 대신한다."};
constexpr Words k_slowest{"Copies of a write take their times independently.",
                          "쓰기 사본의 시간은 서로 독립으로 본다."};
constexpr Words k_forked{"Parts of a join meet queues that are alike; with one core a shard, within 5 %.",
                         "조인 조각은 서로 닮은 큐를 만난다. 샤드의 코어가 하나면 5 % 안이다."};
constexpr Words k_minutes{
    "What is written within a minute goes to one shard after the other: the mean over time.",
    "같은 분에 쓴 것은 한 샤드에 모인다. 시간이 지나며 돌아간 평균으로 본다."};
constexpr Words k_fills{
    "A shard is full before the run is over and turns writes away from then on: expected is the time before.",
    "실행이 끝나기 전에 가득 차는 샤드가 있어 그때부터 쓰기를 거절한다. 그 전까지를 예측한 값이다."};
constexpr std::size_t k_write = static_cast<std::size_t>(RequestClass::write);
constexpr std::size_t k_part = k_classes; // number of that work
constexpr int k_parts_most = 8;           // stations told apart

std::uint32_t count_of(const Forecast& here, Param param) {
    return static_cast<std::uint32_t>(here.value(param));
}

// Whose a place of the key space is, at the start of the world.
class Owners {
public:
    explicit Owners(const Forecast& here) : method_(count_of(here, method)), shards_(count_of(here, shards)) {
        if (method_ != by_ring) return;
        const std::uint32_t points = count_of(here, virtual_nodes);
        ring_.reserve(std::size_t{shards_} * points);
        for (std::uint32_t i = 0; i < shards_; ++i) ring_.add(i, points);
    }
    std::uint32_t of(std::uint64_t token) const {
        const std::uint32_t slot = slot_of(token);
        switch (method_) {
        case by_ring: return ring_.owner(token);
        case by_modulo: return static_cast<std::uint32_t>(token % shards_);
        case by_range: return slot * shards_ / k_slots;
        default: return slot % shards_;
        }
    }

private:
    std::uint32_t method_, shards_;
    core::HashRing ring_;
};

double clamped(double share) { return std::min(std::max(share, 0.0), 1 - 0x1p-53); }

// The place of a user, or of whoever asks: that of the group around it that is a place.
NodeId home_of(const Forecast& here, NodeId node) {
    const Scenario& scenario = here.all().scenario;
    for (int around = scenario.find_node(scenario.nodes[node].in); around >= 0;
         around = scenario.find_node(scenario.nodes[static_cast<std::size_t>(around)].in))
        if (scenario.nodes[static_cast<std::size_t>(around)].kind->behaviour->apart != nullptr)
            return static_cast<NodeId>(around);
    return node;
}

std::uint64_t key_token(const Forecast& here, double key, bool by_age) {
    if (!by_age) return core::mix(static_cast<std::uint32_t>(key) + 0x4E3Du);
    const double age = (key + 0.5) / here.value(data_keys); // the hottest are the newest
    if (count_of(here, method) == by_range)
        return static_cast<std::uint64_t>(clamped(1 - age) * 0x1p53) << 11;
    return core::mix(static_cast<std::uint64_t>(clamped(age) * k_slots));
}

using Rows = std::vector<double>; // share of each group of keys that lies on each shard: group-major

void place_keys(const Forecast& here, const Owners& owners, Rows& out) {
    constexpr double k_sample = 256;
    const std::size_t many = count_of(here, shards);
    const bool by_age = count_of(here, shard_key) == of_time;
    for (std::size_t g = 0; g < here.groups().size(); ++g) {
        const KeyGroup& group = here.groups()[g];
        const double taken = std::min(group.count, k_sample);
        for (double i = 0; i < taken; i += 1) {
            const double key = group.first + std::floor((i + 0.5) * group.count / taken);
            out[g * many + owners.of(key_token(here, key, by_age))] += 1 / taken;
        }
    }
}

// By who asks: the same for every key.
Rows place_askers(const Forecast& here, const Owners& owners) {
    Rows share(count_of(here, shards), 0.0);
    const Scenario& scenario = here.all().scenario;
    double all = 0;
    for (NodeId node = 0; node < scenario.nodes.size(); ++node) {
        const double rate = here.all().nodes[node].offered_per_s;
        if ((scenario.nodes[node].kind->role & role_client) == 0 || rate == 0) continue;
        all += rate;
        const bool by_user = count_of(here, shard_key) == of_user;
        const double users = by_user ? std::max(1.0, here.value_of(node, "users")) : 1;
        const double taken = std::min(users, 4096.0);
        for (double i = 0; i < taken; i += 1) {
            const auto user = static_cast<std::uint32_t>(std::floor(i * users / taken));
            const std::uint64_t where = by_user ? user + 0x5EED5u : home_of(here, node) + 0x3E6104u;
            share[owners.of(core::mix(where))] += rate / taken;
        }
    }
    for (double& one : share) one = all > 0 ? one / all : 1.0 / static_cast<double>(share.size());
    return share;
}

const Rows& placed(Forecast& here) {
    Rows& out = here.own().placed;
    if (!out.empty()) return out;
    const Owners owners(here);
    const std::size_t many = count_of(here, shards);
    out.assign(here.groups().size() * many, 0.0);
    const std::uint32_t key = count_of(here, shard_key);
    if (key == of_row || key == of_time) {
        place_keys(here, owners, out);
        return out;
    }
    const Rows share = place_askers(here, owners);
    for (std::size_t g = 0; g < here.groups().size(); ++g)
        std::copy(share.begin(), share.end(), out.begin() + static_cast<std::ptrdiff_t>(g * many));
    return out;
}

bool asks_all(const Forecast& here, std::size_t asked) {
    const std::uint32_t who = count_of(here, joins);
    if (who == 0 || asked == k_write) return false;
    const auto as = static_cast<RequestClass>(asked);
    return who == 3 || (who == 1 ? as == RequestClass::api : as == RequestClass::page);
}

// What each shard gets of each class of requests, per second; the last place is that of celebrities.
struct Load {
    std::array<Rows, k_classes> per_s;
    std::array<double, k_classes> known{}; // answered by the local cache
    double part_per_s = 0;                 // of joins, at every shard
    double copies = 1;                     // places that a write goes to
};

// Of a group of keys: how many of them are celebrities.
double famous(const Forecast& here, const KeyGroup& group) {
    return std::clamp((here.value(celebrities) - group.first) / group.count, 0.0, 1.0);
}

// Celebrities of one group, treated apart; returns what goes the usual way.
double treat(const Forecast& here, Load& out, std::size_t asked, std::size_t g, double rate,
             const double* on) {
    const auto how = static_cast<Cure>(count_of(here, cure));
    const std::size_t many = count_of(here, shards);
    const double theirs = how == no_cure ? 0 : rate * famous(here, here.groups()[g]);
    if (theirs == 0) return rate;
    Rows& to = out.per_s[asked];
    if (how == own_shard) to[many] += theirs;
    if (how == split) {
        const std::size_t parts = std::min<std::size_t>(count_of(here, split_parts), many);
        const double each = asked == k_write ? 1 : 1 / here.value(split_parts);
        const double times = asked == k_write ? static_cast<double>(parts) : here.value(split_parts);
        for (std::size_t s = 0; s < many; ++s)
            for (double part = 0; part < times; part += 1)
                to[(s + static_cast<std::size_t>(part)) % many] += theirs * on[s] * each;
    }
    if (how != local_cache) return rate - theirs;
    if (asked == k_write) return rate;
    const double all = here.in().keys[0].size() > g ? rate / here.groups()[g].count : 0;
    const double hit = all * here.value(local_ttl_s) / (1 + all * here.value(local_ttl_s));
    out.known[asked] += theirs * hit;
    return rate - theirs * hit;
}

Load load_of(Forecast& here) {
    Load out;
    const std::size_t many = count_of(here, shards);
    const Rows& on = placed(here);
    const bool newest = count_of(here, shard_key) == of_time;
    const double n = static_cast<double>(many);
    out.copies = n * (1 - core::pow(1 - 1 / n, here.value(write_copies)));
    for (std::size_t i = 0; i < k_classes; ++i) {
        out.per_s[i].assign(many + 1, 0.0);
        if (asks_all(here, i)) {
            out.part_per_s += here.in().per_s[i];
            continue;
        }
        for (std::size_t g = 0; g < here.in().keys[i].size(); ++g) {
            const double rate = here.in().keys[i][g];
            if (rate == 0) continue;
            const double rest = treat(here, out, i, g, rate, &on[g * many]);
            for (std::size_t s = 0; s < many; ++s) {
                double share = on[g * many + s];
                if (newest && i == k_write)
                    share = count_of(here, method) == by_range ? (s + 1 == many ? 1 : 0) : 1 / n;
                if (i == k_write) share += (out.copies - 1) / n;
                out.per_s[i][s] += rest * share;
            }
        }
    }
    return out;
}

core::Distribution work_of(const Forecast& here, std::size_t which) {
    const double part = here.value(part_ms) > 0 ? here.value(part_ms) : here.value(read_ms);
    const double mean = which == k_part    ? part
                        : which == k_write ? here.value(write_ms)
                                           : here.value(read_ms);
    return distribution(here.value(service), mean, 1);
}

// Shards of like load, the busiest first.
struct Alike {
    std::vector<std::size_t> shards;
    double per_s = 0; // of the first
};

double all_at(const Load& load, std::size_t shard, bool celebrity) {
    double sum = celebrity ? 0 : load.part_per_s;
    for (const Rows& rows : load.per_s) sum += rows[shard];
    return sum;
}

std::vector<Alike> alike(const Load& load, std::size_t many, bool apart) {
    std::vector<std::size_t> order;
    for (std::size_t s = 0; s < many + (apart ? 1 : 0); ++s) order.push_back(s);
    const auto rate = [&](std::size_t s) { return all_at(load, s, s == many); };
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return rate(a) > rate(b); });
    for (double width = 0.002;; width *= 2) {
        std::vector<Alike> out;
        for (const std::size_t s : order) {
            const bool other = out.empty() || rate(s) < out.back().per_s * (1 - width) || s == many ||
                               out.back().shards.back() == many;
            if (other) out.push_back({{}, rate(s)});
            out.back().shards.push_back(s);
        }
        if (out.size() <= k_parts_most || width > 1) return out;
    }
}

StationPart part_of(Forecast& here, const Load& load, const Alike& of, double whole, double instances) {
    StationPart part;
    const double many = static_cast<double>(of.shards.size());
    part.asides = many / instances;
    double sum = 0;
    for (std::size_t i = 0; i <= k_part; ++i) {
        double rate = i == k_part && of.shards[0] < count_of(here, shards) ? load.part_per_s * many : 0;
        for (const std::size_t s : of.shards) rate += i < k_part ? load.per_s[i][s] : 0;
        part.works.push_back({rate, work_of(here, i), false, false});
        sum += rate;
    }
    part.share = whole > 0 ? std::min(1.0, sum / many / whole) : 0;
    station::Size& size = part.plan.size;
    size.instances = static_cast<std::uint32_t>(of.shards.size());
    size.whole = true;
    size.workers = count_of(here, connections);
    size.cores = count_of(here, cores) == 0 ? size.workers : count_of(here, cores);
    size.queue_limit = count_of(here, queue_limit);
    here.station(part);
    return part;
}

void tell_spread(Forecast& here, const Load& load, std::size_t instances) {
    double sum = 0, most = 0;
    for (std::size_t s = 0; s < instances; ++s) {
        const double rate = all_at(load, s, s >= count_of(here, shards));
        sum += rate;
        most = std::max(most, rate);
    }
    here.metric("hottest_share", sum > 0 ? most / sum : 0);
    here.metric("imbalance", sum > 0 ? most / sum * static_cast<double>(instances) : 1);
}

// Mean over the shards of what one of them takes, weighted by what it gets.
struct One {
    LawId law = 0;
    double served = 1;
};

One at_one(Forecast& here, std::span<const StationPart> parts, std::size_t which) {
    std::vector<core::Part> mixed;
    double all = 0, lost = 0;
    for (const StationPart& part : parts) {
        const double rate = part.works[which].per_s;
        mixed.push_back(
            {rate * (1 - part.times.lost), here.laws().sum(part.times.wait, part.times.stay[which])});
        all += rate;
        lost += rate * part.times.lost;
    }
    if (all == 0) return {};
    return {here.laws().mix(mixed), 1 - lost / all};
}

// How alike the waits of a join's parts are, 0 to 1. As they come at the same moments, what differs is the
// work: nothing where it takes always the same time. Between that and no likeness it meets the exact answer
// for two exponential servers (Flatto and Hahn) and the known approximation for more (Nelson and Tantawi).
double likeness(const StationPart& busiest, double parts, double joins_per_s, double cv2) {
    double all = 0;
    for (const Work& work : busiest.works) all += work.aside ? 0 : work.per_s;
    const double joins = all > 0 ? std::min(1.0, joins_per_s * busiest.plan.size.instances / all) : 0;
    return core::pow(joins / (1 + cv2), 1.4 + 1.2 / parts);
}

// All of them at once, and the slowest of them.
One at_all(Forecast& here, std::span<const StationPart> parts, double joins_per_s) {
    core::Laws& laws = here.laws();
    const core::Distribution work = work_of(here, k_part);
    std::vector<LawId> each, works;
    One out;
    for (const StationPart& part : parts)
        for (std::uint32_t i = 0; i < part.plan.size.instances; ++i) {
            if (!(part.works[k_part].per_s > 0)) continue;
            each.push_back(laws.sum(part.times.wait, part.times.stay[k_part]));
            works.push_back(laws.of(work));
            out.served *= 1 - part.times.lost;
        }
    out.law = laws.in_order(each, each.size());
    if (each.size() < 2 || !(laws.mean(out.law) < core::k_infinity)) return out;
    const double busy = std::clamp(parts[0].figures.utilization, 1e-9, 1.0);
    const double waits = std::max(0.0, laws.mean(each[0]) - work.mean * 1e-9);
    const LawId same = laws.sum(laws.delayed(busy, waits / busy), laws.in_order(works, works.size()));
    const double cv2 = work.deviation * work.deviation;
    const double alike = likeness(parts[0], static_cast<double>(each.size()), joins_per_s, cv2);
    if (alike > 0.99) {
        out.law = same;
        return out;
    }
    // Far out the slowest is as slow as if they had nothing to do with each other: what the mean loses, the
    // spread gains.
    const double mean = (1 - alike) * laws.mean(out.law) + alike * laws.mean(same);
    const double less = laws.mean(out.law) - mean;
    const double squared = alike * alike;
    const double spread =
        (1 - squared) * (laws.variance(out.law) + 2 * less * less) + squared * laws.variance(same);
    out.law = laws.gamma(mean, spread / (mean * mean));
    return out;
}

// Seconds until the first shard has no room for a row more; rows lie as evenly as keys do.
double full_after_s(const Forecast& here, const Load& load) {
    const double room = here.value(capacity_gb) * 1e9;
    if (room <= 0 || count_of(here, writes_add) == 0) return core::k_infinity;
    const std::size_t many = count_of(here, shards);
    const double row = here.value(row_kb) * 1000;
    const double left = std::max(0.0, room - here.value(data_keys) * row / static_cast<double>(many));
    double most = 0;
    for (std::size_t s = 0; s < many; ++s) most = std::max(most, load.per_s[k_write][s]);
    return most > 0 ? left / (most * row) : core::k_infinity;
}

} // namespace

void flows(Forecast& here) { // times() divides it; a machine wants to know it all
    const Load load = load_of(here);
    for (std::size_t i = 0; i < k_classes; ++i) {
        double rate = 0;
        for (const double one : load.per_s[i]) rate += one;
        here.work(rate, work_of(here, i));
    }
    here.work(load.part_per_s * here.value(shards), work_of(here, k_part));
}

void times(Forecast& here) {
    core::Laws& laws = here.laws();
    const std::size_t many = count_of(here, shards);
    const bool apart = count_of(here, cure) == own_shard;
    const Load load = load_of(here);
    std::vector<StationPart> parts;
    for (const Alike& one : alike(load, many, apart))
        parts.push_back(
            part_of(here, load, one, here.in().all(), static_cast<double>(many + (apart ? 1 : 0))));
    here.figures().method = k_each;
    here.sum_up(parts);
    here.assume(k_placed);
    here.answer_bytes(here.value(answer_kb) * 1000);
    const LawId lookup =
        count_of(here, method) == by_directory ? laws.constant(here.value(lookup_ms) * 1e-3) : 0;
    for (std::size_t i = 0; i < k_classes; ++i) {
        One one = asks_all(here, i) ? at_all(here, parts, load.part_per_s) : at_one(here, parts, i);
        const bool copied = i == k_write && load.copies > 1.001;
        if (copied) {
            const std::vector<LawId> each(static_cast<std::size_t>(load.copies + 0.5), one.law);
            one = {laws.in_order(each, each.size()), core::pow(one.served, load.copies)};
        }
        if (copied || (asks_all(here, i) && here.in().per_s[i] > 0)) {
            here.own().talks = true;
            here.assume(copied ? k_slowest : k_forked);
            here.percentiles_at_best(Trust::approximate);
        }
        const double hit = here.in().per_s[i] > 0 ? load.known[i] / here.in().per_s[i] : 0;
        const core::Part mixed[] = {{hit, 0}, {(1 - hit) * one.served, one.law}};
        here.answer(static_cast<RequestClass>(i), laws.sum(lookup, laws.mix(mixed)),
                    hit + (1 - hit) * one.served);
    }
    tell_spread(here, load, many + (apart ? 1 : 0));
    if (count_of(here, shard_key) == of_time && count_of(here, method) != by_range &&
        here.in().per_s[k_write] > 0) {
        here.assume(k_minutes);
        here.at_best(Trust::bound);
    }
    if (full_after_s(here, load) < here.all().scenario.duration_s) {
        here.assume(k_fills);
        here.at_best(Trust::bound);
    }
    here.at_best(Trust::approximate);
}

} // namespace scale::kind::sharding
