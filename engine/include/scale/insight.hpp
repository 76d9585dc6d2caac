#pragma once
// What a run or a design tells when asked: why it is slow or failing, what stands on one leg, what it costs,
// and what became of one request. Everything here only looks: figures and digests are the same afterwards.

#include <string>
#include <vector>

#include "scale/world.hpp"

namespace scale {

// Cause ------------------------------------------------------------------------------------------------------

enum class Concern : std::uint8_t { none, latency, failures };

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

// The Korean particle that fits the word: particle("db", "이", "가") is "가". For "으로" a final ㄹ counts as a
// vowel.
std::string particle(std::string_view word, std::string_view after_consonant, std::string_view after_vowel);

} // namespace scale
