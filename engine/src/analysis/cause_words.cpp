// One sentence in each language about a cause.
#include "analysis/cause.hpp"
#include "analysis/say.hpp"

#include <array>

namespace scale::analysis {

namespace {

// {n} the node, {t} the other one, {b} how busy, {d} how much of it is down.
struct Clause {
    const char* en = "";
    const char* ko = "";
    const char* ko_after = ""; // where the words just before it have named {t}
};

struct MechanismWords {
    Mechanism mechanism;
    const char* id;
    Clause clause;
    Clause other{}; // ... where there is no other one; of what is dead, where part of it is up
};

constexpr MechanismWords k_mechanisms[] = {
    {Mechanism::healthy, "healthy", {"", ""}},
    {Mechanism::cpu, "cpu", {"whose cores are {b} busy", "{n}의 코어 사용률이 {b}다"}},
    {Mechanism::pool,
     "pool",
     {"whose workers and connections are {b} taken", "{n}의 워커와 연결이 {b} 차 있다"}},
    {Mechanism::blocked,
     "blocked",
     {"whose workers are {b} taken by requests that wait for {t}",
      "{n}의 워커 {b}를 {t:을/를} 기다리는 요청이 붙잡고 있다",
      "그 응답을 기다리는 요청이 {n}의 워커 {b}를 붙잡고 있다"}},
    {Mechanism::queue_full,
     "queue_full",
     {"whose queue is full at {b} busy", "사용률 {b}인 {n}의 큐가 가득 차 요청을 거절한다"}},
    {Mechanism::dead,
     "dead",
     {"which is down", "{n:이/가} 응답하지 않는다"},
     {"{d} of which is down", "{n}의 {d}가 응답하지 않는다"}},
    {Mechanism::lost_instances,
     "lost_instances",
     {"whose remaining instances are {b} busy", "{n}의 남은 인스턴스가 사용률 {b}로 버티고 있다"}},
    {Mechanism::slow, "slow", {"which works slower than set", "{n}의 처리가 평소보다 오래 걸린다"}},
    {Mechanism::ejected,
     "ejected",
     {"where the slow were taken out and the rest are {b} busy",
      "느린 인스턴스가 제외되어 {n}의 나머지가 사용률 {b}로 과부하다"}},
    {Mechanism::retry_storm,
     "retry_storm",
     {"which is {b} busy with retries where the first tries alone would fit",
      "재시도가 부하를 불려 {n}의 사용률이 {b}다. 첫 시도만이라면 감당할 수 있다"}},
    {Mechanism::work_for_nobody,
     "work_for_nobody",
     {"{b} busy, for the most part for callers who have given up",
      "{n}의 사용률 {b} 가운데 대부분은 이미 포기한 호출자를 위한 일이다"}},
    {Mechanism::disk,
     "disk",
     {"where the data is not in memory and has to be read",
      "{n}의 데이터가 메모리에 없어 디스크에서 읽는다"}},
    {Mechanism::network_delay, "network_delay", {"a long way away", "{n:으로/로} 가는 경로의 지연이 길다"}},
    {Mechanism::partition,
     "partition",
     {"where nothing gets through", "{n:으로/로} 가는 네트워크가 끊겨 있다"}},
    {Mechanism::bandwidth,
     "bandwidth",
     {"where the line is full", "{n:으로/로} 가는 회선의 대역폭이 꽉 찼다"}},
    {Mechanism::stale_name,
     "stale_name",
     {"which is down and still given by cached answers of {t}", "{t}의 캐시된 응답이 아직 {n:을/를} 가리킨다",
      "그곳의 캐시된 응답이 아직 {n:을/를} 가리킨다"}},
    {Mechanism::work, "work", {"whose work itself takes that long", "{n}의 처리 자체가 오래 걸린다"}},
    {Mechanism::cache_misses,
     "cache_misses",
     {"{b} busy with what {t} does not have", "{t:이/가} 놓친 요청이 몰려 {n}의 사용률이 {b}다",
      "그곳에서 놓친 요청이 몰려 {n}의 사용률이 {b}다"},
     {"which does not have what is asked for", "{n}에 없는 것을 찾는 요청이 몰린다"}},
    {Mechanism::uneven,
     "uneven",
     {"of which one instance is {b} busy while others are idle",
      "{n}의 인스턴스 하나에 부하가 몰려 그곳의 사용률이 {b}다"}},
    {Mechanism::replica_lag, "replica_lag", {"whose copies are behind", "{n}의 복제본이 뒤처져 있다"}},
    {Mechanism::backlog, "backlog", {"where a queue grows", "{n}에 메시지가 쌓이고 있다"}},
    {Mechanism::booting,
     "booting",
     {"{b} busy until new machines have started", "새 서버가 뜨는 동안 {n}의 사용률이 {b}다"}},
    {Mechanism::bad_release, "bad_release", {"which runs a bad release", "{n}에 잘못된 배포가 나가 있다"}},
    {Mechanism::logins,
     "logins",
     {"{b} busy while users who were logged out log in again",
      "로그아웃된 사용자가 다시 로그인하느라 {n}의 사용률이 {b}다"}},
    {Mechanism::shed,
     "shed",
     {"which turns requests away on purpose", "{n:이/가} 보호를 위해 요청을 거절한다"}},
    {Mechanism::unknown,
     "unknown",
     {"for a reason that the figures do not show", "이유는 지표에 드러나지 않는다"}},
};

const MechanismWords& words_of(Mechanism mechanism) {
    for (const MechanismWords& words : k_mechanisms)
        if (words.mechanism == mechanism) return words;
    return k_mechanisms[0];
}

// What the time is spent on, by Component.
constexpr Words k_spent[] = {
    {"is waiting for {n}", "{n} 대기"},
    {"is work at {n}", "{n} 처리"},
    {"is the disk of {n}", "{n} 디스크"},
    {"is delay at {n}", "{n}의 지연"},
    {"is the network to {n}", "{n}까지의 네트워크"},
    {"is lost on the way to {n}", "{n:으로/로} 가다 사라진 요청"},
};
constexpr Words k_between_tries{"is time between two tries of {n}", "{n}의 재시도 간격"};

// Concern::data: written to another store, or lost.
constexpr Clause k_elsewhere{"which does not have what was written to {t}", "{t}에 쓴 것이 {n}에는 없다",
                             "그곳에 쓴 것이 {n}에는 없다"};
constexpr Clause k_lost{"where nothing is left of what is asked for", "찾는 것이 {n}에 남아 있지 않다"};

// Of queues: {b} is how busy those are who work on what is in it.
constexpr Clause k_grows{"{t}, {b} busy, cannot keep up", "사용률 {b}인 {t:이/가} 따라가지 못한다",
                         "{b}의 사용률로도 따라가지 못한다"};
constexpr Clause k_full{"which is full: {t}, {b} busy, cannot keep up",
                        "사용률 {b}인 {t:이/가} 따라가지 못해 {n:이/가} 가득 찼다",
                        "{b}의 사용률로도 따라가지 못해 {n:이/가} 가득 찼다"};

// Of stores that refuse writes.
constexpr Clause k_no_primary{"which has no primary to take writes",
                              "{n}에 쓰기를 받을 주 데이터베이스가 없다"};
constexpr Clause k_copy_alone{"which is a copy and takes no writes", "{n:은/는} 쓰기를 받지 않는 복제본이다"};
constexpr Clause k_no_room{"where a shard has no room left for what is written",
                           "{n}의 샤드 하나에 남은 공간이 없다"};
constexpr Clause k_fetched{"as {t} does not have what is asked for", "{t}에 없는 것을 가지러 간다",
                           "그곳에 없는 것을 가지러 간다"};
constexpr Clause k_waits_for_copies{"where writes wait until copies have them",
                                    "{n}의 쓰기가 복제본의 확인을 기다린다"};

constexpr Clause k_unnoticed{"which has not noticed yet that what it calls is up again",
                             "{n:은/는} 뒤쪽이 복구된 것을 아직 알지 못한다"};

constexpr Words k_healthy{"healthy: the busiest node is {n} at {b}",
                          "정상: 가장 바쁜 노드는 {n:으로/로}, 사용률 {b}"};
constexpr Words k_healthy_idle{"healthy: nothing is busy", "정상: 바쁜 노드가 없다"};

Text growth(const Headline& headline, const std::string& en_since, const std::string& ko_since) {
    const double times = headline.before_ms > 0 ? headline.now_ms / headline.before_ms : 0;
    const auto part = [&](const char* name, double ms, Language language) {
        return Part{name, ms_text(ms, language)};
    };
    const auto build = [&](const Words& words) {
        return Text{filled(words.en, {part("now", headline.now_ms, Language::english),
                                      {"since", en_since},
                                      {"times", count_text(times)}}),
                    filled(words.ko, {part("now", headline.now_ms, Language::korean),
                                      {"since", ko_since},
                                      {"times", count_text(times)}})};
    };
    if (headline.now_ms <= 0) return build({"nothing is answered since {since}", "{since}부터 응답이 없다"});
    if (times >= 2.5 && times < 3.5)
        return build({"p99 tripled to {now} at {since}", "{since}부터 p99가 3배({now})로 늘었다"});
    if (times >= 1.7 && times < 2.5)
        return build({"p99 doubled to {now} at {since}", "{since}부터 p99가 2배({now})로 늘었다"});
    if (times >= 3.5)
        return build(
            {"p99 rose {times}-fold to {now} at {since}", "{since}부터 p99가 {times}배({now})로 늘었다"});
    return build({"p99 is {now} since {since}", "{since}부터 p99가 {now}다"});
}

// The whole sentence: what waits where, and whoever should work on it.
Text pile_text(const World& world, const Cause& cause, const Headline& headline, const Text& start,
               const Text& clause) {
    const Part queue = named("q", world.scenario(), headline.queue);
    const bool grows = cause.mechanism == Mechanism::backlog;
    const std::string count = count_text(headline.messages);
    Text out = filled(
        Words{"{m} messages wait in {q} since {s}", "{s}부터 {q}에 메시지 {m}개가 밀려 있다"},
        {queue,
         {"m", count},
         {"s", time_text(cause.since_s, Language::english), time_text(cause.since_s, Language::korean)}});
    if (grows && cause.through < 0) return out;
    const std::string who = grows ? "" : named("w", world.scenario(), cause.node).text + ", ";
    return {out.en + ": " + who + clause.en + start.en, out.ko + ": " + start.ko + clause.ko};
}

Text headline_of(const World& world, const Cause& cause, const Headline& headline) {
    const std::string en = time_text(cause.since_s, Language::english);
    const std::string ko = time_text(cause.since_s, Language::korean);
    if (cause.concern == Concern::latency) return growth(headline, en, ko);
    const std::string failing = percent_text(headline.failing);
    if (headline.group >= 0)
        return filled(
            Words{"{f} of the requests of {c} fail since {since}", "{since}부터 {c}의 요청 {f}가 실패한다"},
            {named("c", world.scenario(), headline.group), {"f", failing}, {"since", en, ko}});
    if (headline.old_values)
        return {filled("{f} of requests read old values since {since}", {{"f", failing}, {"since", en}}),
                filled("{since}부터 요청의 {f}가 오래된 값을 읽는다", {{"f", failing}, {"since", ko}})};
    if (cause.concern == Concern::data)
        return {filled("{f} of requests do not find what was stored since {since}",
                       {{"f", failing}, {"since", en}}),
                filled("{since}부터 요청의 {f}가 저장한 것을 찾지 못한다", {{"f", failing}, {"since", ko}})};
    return {filled("{f} of requests fail since {since}", {{"f", failing}, {"since", en}}),
            filled("{since}부터 요청의 {f}가 실패한다", {{"f", failing}, {"since", ko}})};
}

// Whom the words before those of the start name last, where what began it was done to the whole of one.
// Korean says the start before the clause: there the clause's other one is named by the start.
enum class Named { neither, node, other };

// The words about a node that the sentence has just named: "{n} died" as "it died", and in Korean without it.
struct Again {
    std::string en, ko;

    explicit Again(const Words& words, Named named = Named::node) : en(words.en), ko(words.ko) {
        constexpr std::string_view k_name = "{n}", k_of = " of {n}", k_own = "\"{p}\" of {n}";
        if (en.find(k_own) == 0) {
            en.replace(0, k_own.size(), "its \"{p}\"");
        } else if (en.find(k_name) == 0) {
            en.replace(0, k_name.size(), "it");
        } else if (const std::size_t of = en.find(k_of); of != std::string::npos) {
            en.erase(of, k_of.size());
        }
        if (named == Named::node && ko.find("{n") == 0) ko.erase(0, ko.find(' ') + 1);
    }
    Text with(std::initializer_list<Part> parts) const {
        return filled(Words{en.c_str(), ko.c_str()}, parts);
    }
};

// The setting that matters most: the one that was found, or a rate, if there is one.
Text setting_text(const Scenario& scenario, const Part& target, const Command& command, Mechanism found,
                  Named named) {
    const std::span<const ParamRecord> params =
        command.edge >= 0 ? edge_params()
                          : scenario.nodes[static_cast<std::size_t>(command.node)].kind->params;
    const Setting* chosen = nullptr;
    const std::string_view sought = found == Mechanism::bandwidth ? "Mbit/s" : "/s";
    for (const Setting& setting : command.settings)
        if (chosen == nullptr || sought == params[setting.param].unit) chosen = &setting;
    const auto told = [&](const Words& words, std::initializer_list<Part> parts) {
        return named != Named::neither ? Again(words, named).with(parts) : filled(words, parts);
    };
    if (chosen == nullptr) return told({"{n} was set", "{n}의 설정을 바꾼"}, {target});
    const ParamRecord& param = params[chosen->param];
    Part value{"v", count_text(chosen->value)};
    if (param.type == ValueType::choice) {
        const Words& name = param.choices[static_cast<std::size_t>(chosen->value)].name;
        value = {"v", name.en, name.ko};
    }
    return told({"\"{p}\" of {n} was set to {v}", "{n}의 {p:을/를} {v:으로/로} 바꾼"},
                {target, {"p", param.name.en, param.name.ko}, value});
}

// The one that the others follow at that moment; 0 until another one was promoted.
int leader_at(const World& world, int node, Time at) {
    int leader = 0;
    for (const LogEntry& entry : world.log())
        if (entry.what == Happening::promoted && entry.node == node && entry.at < at && entry.instance >= 0)
            leader = entry.instance;
    return leader;
}

// What the entry is about: the node, or the instance of several, as people call it.
Part part_of(const World& world, const LogEntry& entry) {
    const Scenario& scenario = world.scenario();
    Part name = named("n", scenario, entry.node);
    if (entry.instance < 0 || entry.what == Happening::scaled) return name;
    const auto id = static_cast<std::size_t>(entry.node);
    if (std::max(world.inside().nodes[id].instances, static_cast<std::uint32_t>(entry.instance) + 1) < 2)
        return name;
    const KindRecord& kind = *scenario.nodes[id].kind;
    const bool leads = kind.leader.en[0] != 0 && leader_at(world, entry.node, entry.at) == entry.instance;
    const Text text =
        filled(leads ? kind.leader : kind.instance, {name, {"i", std::to_string(entry.instance + 1)}});
    return {"n", text.en, text.ko};
}

Part way_of(const Scenario& scenario, int number) {
    const EdgeDef& edge = scenario.edges[static_cast<std::size_t>(number)];
    const Text way =
        filled(Words{"{a}→{b}", "{a}→{b}"}, {named("a", scenario, edge.from), named("b", scenario, edge.to)});
    return {"n", way.en, way.ko};
}

// What was done to the node, in words.
Text entry_text(const World& world, const Cause& cause, Named named) {
    const Scenario& scenario = world.scenario();
    const LogEntry& entry = cause.trigger;
    const Part name = entry.edge >= 0 ? way_of(scenario, entry.edge) : part_of(world, entry);
    const std::span<const Command> commands = world.commands();
    const bool is_command = entry.what == Happening::command && entry.command >= 0 &&
                            static_cast<std::size_t>(entry.command) < commands.size();
    const std::string_view verb =
        is_command ? std::string_view(commands[static_cast<std::size_t>(entry.command)].verb->id) : "";
    const auto told = [&](const Words& words, std::initializer_list<Part> parts) {
        return named != Named::neither ? Again(words, named).with(parts) : filled(words, parts);
    };
    const auto say = [&](const Words& words) { return told(words, {name}); };
    if (verb == "kill" && entry.edge >= 0) return say({"{n} was cut", "{n} 경로가 끊긴"});
    if (verb == "kill" || entry.what == Happening::died) return say({"{n} died", "{n:이/가} 죽은"});
    if (verb == "restore" || entry.what == Happening::restored)
        return say({"{n} came back", "{n:이/가} 복구된"});
    if (verb == "slow" || entry.what == Happening::slowed)
        return say({"{n} was slowed down", "{n:이/가} 느려진"});
    if (verb == "set")
        return setting_text(scenario, name, commands[static_cast<std::size_t>(entry.command)],
                            cause.mechanism, named);
    if (entry.what == Happening::ejected) return say({"{n} was taken out", "{n:이/가} 제외된"});
    if (entry.what == Happening::promoted) return say({"{n} was promoted", "{n:이/가} 승격된"});
    if (entry.what == Happening::released) return say({"a release of {n}", "{n}에 새 버전을 배포한"});
    if (entry.what == Happening::rolled_back) return say({"{n} was rolled back", "{n}의 배포를 되돌린"});
    if (entry.what == Happening::scaled && entry.instance >= 0) {
        const int before = scaled_from(world, entry);
        const Part count{"i", std::to_string(scaled_to(world, entry))};
        if (before < 0) return told(Words{"{n} was scaled to {i}", "{n:을/를} {i}대로 바꾼"}, {name, count});
        return told(Words{"{n} was scaled from {o} to {i}", "{n:을/를} {o}대에서 {i}대로 바꾼"},
                    {name, count, {"o", std::to_string(before)}});
    }
    if (entry.what == Happening::scaled) return say({"{n} was scaled", "{n}의 규모가 바뀐"});
    if (is_command) {
        const VerbRecord& record = *commands[static_cast<std::size_t>(entry.command)].verb;
        return told(Words{"{v} of {n}", "{n}에서 '{v}' 명령을 내린"},
                    {name, {"v", record.name.en, record.name.ko}});
    }
    return say({"{n} changed", "{n:이/가} 바뀐"});
}

// " since cache-2 died (83 s)" / "cache-2가 죽은 뒤로 "
Text start_of(const World& world, const Cause& cause, const Headline& headline, Named named) {
    const auto rate = [](double value) { return count_text(value); };
    switch (cause.start) {
    case Start::entry: {
        const Text what = entry_text(world, cause, named);
        const double at = static_cast<double>(cause.trigger.at) / 1e9;
        return {" since " + what.en + " at " + time_text(at, Language::english),
                time_text(at, Language::korean) + "에 " + what.ko + " 뒤로 "};
    }
    case Start::load:
        return {filled(" since the load rose from {a} to {b} per second",
                       {{"a", rate(headline.load_before)}, {"b", rate(headline.load_now)}}),
                filled("요청이 초당 {a}건에서 {b}건으로 늘면서 ",
                       {{"a", rate(headline.load_before)}, {"b", rate(headline.load_now)}})};
    case Start::beginning: return {" from the beginning", "처음부터 "};
    default: return {"", ""};
    }
}

Text subject_of(const World& world, const Cause& cause, const Headline& headline) {
    const Scenario& scenario = world.scenario();
    const std::string share = percent_text(cause.share);
    const Part node = named("n", scenario, cause.node);
    if (cause.concern != Concern::latency)
        return filled(Words{"{s} of them at {n}", "그중 {s}가 {n}에서 일어나며"}, {{"s", share}, node});
    const bool client = (scenario.nodes[static_cast<std::size_t>(cause.node)].kind->role & role_client) != 0;
    const Words& spent =
        client && headline.component == delayed ? k_between_tries : k_spent[headline.component];
    const Text what = filled(spent, {node});
    return {share + " of it " + what.en, "그중 " + share + "는 " + what.ko + "이며"};
}

bool came_back(const World& world, const Cause& cause) {
    if (cause.start != Start::entry) return false;
    if (cause.trigger.what == Happening::restored) return true;
    const auto command = static_cast<std::size_t>(cause.trigger.command);
    return cause.trigger.what == Happening::command && command < world.commands().size() &&
           std::string_view(world.commands()[command].verb->id) == "restore";
}

// A copy in another place, that does not take writes by itself.
bool is_fed(const World& world, int node) {
    const int takes =
        world.scenario().nodes[static_cast<std::size_t>(node)].kind->param_index("takes_writes");
    return takes >= 0 && world.value(node, takes) == 0;
}

const Clause& clause_of(const World& world, const Cause& cause, const Headline& headline) {
    const KindRecord& kind = *world.scenario().nodes[static_cast<std::size_t>(cause.node)].kind;
    const bool passes_on = (kind.role & role_route) != 0;
    if (cause.concern == Concern::jobs && cause.mechanism == Mechanism::backlog && cause.through >= 0)
        return k_grows;
    if (cause.mechanism == Mechanism::unknown && passes_on && came_back(world, cause)) return k_unnoticed;
    if (cause.mechanism == Mechanism::ejected && passes_on && cause.through >= 0) return k_unnoticed;
    if (cause.concern == Concern::data && !headline.old_values)
        return cause.through >= 0 ? k_elsewhere : k_lost;
    const bool copied = (kind.role & role_database) != 0;
    if (copied && cause.mechanism == Mechanism::dead && headline.refuses_writes && is_fed(world, cause.node))
        return k_copy_alone;
    if (cause.mechanism == Mechanism::dead && (headline.refuses_writes || (copied && headline.down < 0.98)))
        return k_no_primary;
    if (headline.refuses_writes && cause.mechanism == Mechanism::queue_full) return k_no_room;
    if (cause.mechanism == Mechanism::queue_full && cause.through >= 0) return k_full;
    const bool far = cause.concern == Concern::latency && headline.component == network;
    if (far && cause.mechanism == Mechanism::cache_misses && cause.through >= 0) return k_fetched;
    if (copied && cause.mechanism == Mechanism::work && headline.component == delayed)
        return k_waits_for_copies;
    // Workers that are down again and again are not busy while they are up.
    const bool idle = cause.mechanism == Mechanism::lost_instances && cause.busy < 0.7;
    if (cause.concern == Concern::jobs && idle) return words_of(Mechanism::dead).other;
    const MechanismWords& told = words_of(cause.mechanism);
    const bool dead = cause.mechanism == Mechanism::dead;
    const bool partly = dead && headline.down > 0.02 && headline.down < 0.98;
    const bool alone = !dead && cause.through < 0 && told.other.en[0] != 0;
    return partly || alone ? told.other : told.clause;
}

Named named_last(const World& world, const Cause& cause, const Clause& clause) {
    if (cause.start != Start::entry || cause.trigger.edge >= 0) return Named::neither;
    const bool other = std::string_view(clause.en).find("{t") != std::string_view::npos;
    const int last = other ? cause.through : cause.node;
    if (last < 0 || cause.trigger.node != last) return Named::neither;
    const Part whole = analysis::named("n", world.scenario(), last);
    if (part_of(world, cause.trigger).text != whole.text) return Named::neither;
    return other ? Named::other : Named::node;
}

} // namespace

void put_into_words(const World& world, Cause& cause, const Headline& headline) {
    const Scenario& scenario = world.scenario();
    const Part node = named("n", scenario, cause.node);
    const Part busy{"b", percent_text(cause.busy)};
    if (cause.mechanism == Mechanism::healthy) {
        cause.sentence = filled(cause.node < 0 ? k_healthy_idle : k_healthy, {node, busy});
        return;
    }
    const Text head = headline_of(world, cause, headline);
    if (cause.node < 0) {
        cause.sentence = head;
        return;
    }
    const Text subject = subject_of(world, cause, headline);
    const Clause& told = clause_of(world, cause, headline);
    const Named last = named_last(world, cause, told);
    const Text start = start_of(world, cause, headline, last);
    const bool after = last == Named::other && told.ko_after[0] != 0;
    Text clause =
        filled(Words{told.en, after ? told.ko_after : told.ko},
               {node, busy, named("t", scenario, cause.through), {"d", percent_text(headline.down)}});
    const bool down = &told == &words_of(Mechanism::dead).clause;
    if (last == Named::node && down && cause.concern != Concern::jobs)
        clause.ko = "이곳이 " + Again({told.en, told.ko}).ko;
    if (cause.concern == Concern::jobs) {
        cause.sentence = pile_text(world, cause, headline, start, clause);
        return;
    }
    cause.sentence.en = head.en + ": " + subject.en + ", " + clause.en + start.en;
    cause.sentence.ko = head.ko + ": " + subject.ko + ", " + start.ko + clause.ko;
}

} // namespace scale::analysis

namespace scale {

const char* mechanism_id(Mechanism mechanism) { return analysis::words_of(mechanism).id; }

const char* start_id(Start start) {
    constexpr const char* k_ids[] = {"none", "entry", "load", "saturation", "beginning"};
    return k_ids[static_cast<std::size_t>(start)];
}

} // namespace scale
