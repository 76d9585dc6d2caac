#pragma once
// What a run or a design tells when asked: why it is slow or failing, what stands on one leg, what it costs,
// and what became of one request. Everything here only looks: figures and digests are the same afterwards.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scale/world.hpp"

namespace scale {

// Cause
// ------------------------------------------------------------------------------------------------------

enum class Concern : std::uint8_t {
    none,
    latency,
    failures,
    data, // answered, and in time, but not with what the users have stored
    jobs  // nobody waits for it, but messages pile up in a queue
};

// What began it.
enum class Start : std::uint8_t {
    none,       // nothing is wrong
    entry,      // an entry of the world's log: an event, a command, a death
    load,       // more requests than before, without any command
    saturation, // the node filled up
    beginning   // it has been so since the first moment
};

struct Cause {
    Mechanism mechanism = Mechanism::healthy;
    Concern concern = Concern::none;
    int node = -1;      // where the time goes or the failures begin; when healthy, the busiest
    int through = -1;   // the other node that it takes: what is waited for, the cache that misses
    double share = 0;   // of the latency or of the failures that it explains, 0..1
    double busy = 0;    // of the node: share of cores or workers in use
    double since_s = 0; // simulated time
    double until_s = 0; // end of what was looked at, or of the trouble
    bool over = false;  // the trouble had passed by then
    Start start = Start::none;
    LogEntry trigger;       // for Start::entry
    int trigger_index = -1; // number of that entry since time 0 (World::log_total counts them)
    Text sentence;
};

// Why requests were slow or failing in the `window_s` seconds before `at_s`. Fractions of a millisecond.
Cause cause_at(const World& world, double at_s, double window_s = 10);
// The same for the latest seconds; made to be asked once a second.
Cause cause_now(const World& world);
// The worst episode since the end of the warm-up.
Cause cause_of_run(const World& world);

const char* mechanism_id(Mechanism mechanism); // "retry_storm"
const char* start_id(Start start);             // "entry"
// As in --json under "cause".
std::string cause_json(const World& world, const Cause& cause);

// The Korean particle that fits the word: particle("db", "이", "가") is "가". For "으로" a final ㄹ counts as
// a vowel.
std::string particle(std::string_view word, std::string_view after_consonant, std::string_view after_vowel);

// Design review, without running
// ------------------------------------------------------------------------------

enum class Verdict : std::uint8_t { yes, no, not_needed };
const char* verdict_id(Verdict verdict); // "not_needed"

// A node or a group that stands alone: without it, clients get nothing (or not what they need).
struct SinglePoint {
    int node = -1;
    std::vector<int> clients; // whose requests fail
    Text sentence;
};

// What comes to a tier, and what it can take. NaN where theory knows no figure.
struct TierLoad {
    int node = -1;
    double load_per_s = 0, capacity_per_s = 0;
    double utilization = 0; // load / capacity; above 1 it cannot keep up
    Text sentence;
};

// One of the eight rules of growing from one server to millions of users.
struct RuleCheck {
    const char* id = ""; // "stateless_web", "redundancy", ...
    Words name;
    Verdict verdict = Verdict::no;
    Text reason;
    std::vector<int> nodes; // those that the reason is about
};

struct Review {
    std::vector<SinglePoint> single_points;
    std::vector<RuleCheck> rules; // always eight, in the same order
    std::vector<TierLoad> tiers;  // fullest first
    std::vector<Text> data_gaps;  // where data can be lost or be behind
};
Review review(const Scenario& scenario);
std::string review_json(const Scenario& scenario, const Review& review);

// Why the node may differ now from what theory expects: it takes the design whole and undamaged.
std::optional<Text> unlike_theory(const World& world, int node);

// Cost ----------------------------------------------------------------------------------------------------

struct Cost {
    double usd_per_month = 0;
    double usd_per_million_requests = 0; // completed ones, at the rate measured; NaN when there were none
    std::vector<double> node_usd_per_month;
};
Cost cost_of(const World& world);

// A rounded list price and where it is from; nodes carry prices of their own where a design sets them.
struct Price {
    const char* id = "";
    Words name;
    double usd = 0;
    const char* unit = "";   // "month", "GB", "million requests"
    const char* source = ""; // whose list
    const char* date = "";   // the year it is of: "2024"
};
std::span<const Price> prices();
inline constexpr double k_hours_per_month = 730;

// Follow --------------------------------------------------------------------------------------------------

// What became of one request, span by span in order of time.
struct Followed {
    std::uint64_t request = 0; // its number; 0 when it was not found
    std::uint32_t key = 0;
    double start_s = 0, end_s = 0;
    bool answered = false; // a client has its answer
    Outcome outcome = Outcome::served;
    std::vector<Span> spans;
};
// From the spans that a world has on hand (World::watch_every).
Followed followed(const World& world, std::uint64_t request);

// Looks for requests in a run of its own, in slices: step(events) until it says true.
class Follow {
public:
    enum class By : std::uint8_t { request, key, slowest };
    // A request by its number, the first few for a key from `at_s` on, or the one that took longest from then
    // to the end.
    Follow(const Scenario& scenario, By by, std::uint64_t number, double at_s);
    ~Follow();
    Follow(Follow&&) noexcept;
    Follow& operator=(Follow&&) noexcept;
    bool step(std::uint64_t events);
    double done() const;
    std::vector<Followed> found() const;
    const World* world() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};
std::string followed_json(const Scenario& scenario, const std::vector<Followed>& found);

} // namespace scale
