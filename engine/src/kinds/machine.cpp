// One physical machine that several tiers stand on: they share its cores, and die with it.
#include "kinds/members.hpp"
#include "kinds/server_verbs.hpp"
#include "sim/forecast.hpp"
#include "sim/station.hpp"

#include <algorithm>

namespace scale::kind {

namespace {

using namespace sim;

enum Param : int { cores, sharing, price_usd };

constexpr Choice k_sharing[] = {
    {"ps", {"all share the cores", "모두가 나눠 쓴다"}},
    {"fifo", {"one after the other", "먼저 온 순서대로"}},
};

constexpr ParamRecord k_params[] = {
    {.code = 1,
     .id = "cores",
     .name = {"Cores", "코어"},
     .help = {"CPU cores that everything on this machine shares.",
              "이 기계 위의 모든 것이 나눠 쓰는 CPU 코어 수."},
     .type = ValueType::whole,
     .fallback = 2,
     .least = 1,
     .most = 256,
     .logarithmic = true},
    {.code = 2,
     .id = "sharing",
     .name = {"Shared how", "나눠 쓰는 방식"},
     .help = {"How the cores are given to those who want them.", "코어를 원하는 작업에 나눠 주는 방식."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 1,
     .choices = k_sharing},
    {.code = 3,
     .id = "price_usd",
     .name = {"Price", "가격"},
     .help = {"USD per month; 0 is the list price, by cores.", "월 가격(USD). 0이면 코어 수에 따른 정가."},
     .fallback = 0,
     .least = 0,
     .most = 1000000,
     .unit = "USD",
     .logarithmic = true},
};

constexpr Words k_inaccuracies[] = {
    {"Only the CPU is shared; memory and disk belong to each tier.",
     "CPU만 공유한다. 메모리와 디스크는 계층마다 따로 있다."},
};

struct State {
    std::uint32_t cpu;
    std::uint32_t ready;
};

std::uint32_t machine_cpu(Sim& sim, NodeId id) {
    sim.reserve_state(id, sizeof(State));
    State& state = sim.state<State>(id);
    if (state.ready == 0) {
        state.cpu =
            sim.add_cpu(static_cast<std::uint32_t>(sim.value(id, cores)), sim.value(id, sharing) == 0);
        state.ready = 1;
        sim.nodes[id].machine_cpu = state.cpu;
    }
    return state.cpu;
}

void configure(Sim& sim, NodeId id) {
    machine_cpu(sim, id);
    station::set_machine_cores(sim, id, static_cast<std::uint32_t>(sim.value(id, cores)));
    if (sim.nodes[id].instances == 0) station::resize(sim, id, {});
}

double cost(const Sim& sim, NodeId id) {
    return sim.value(id, price_usd) > 0 ? sim.value(id, price_usd)
                                        : price::machine(sim.scenario, sim.value(id, cores));
}

void flows(Forecast& here) { here.lend(here.value(cores), here.value(sharing) == 0); }

// Its members' closed forms say how long anyone waits.
void times(Forecast& here) {
    const Lent& lent = here.own().lent;
    here.figures().utilization = std::min(1.0, lent.rate * lent.mean / lent.cores);
    here.says({"utilization law", "사용률 법칙"}, Trust::exact, Trust::none);
}

void verb(Sim& sim, NodeId id, const Command& command) {
    if (command.verb->code != k_resize_verb.code) {
        pass_down(sim, id, command);
        return;
    }
    double given[k_resize_params];
    settings_of(command, given);
    resize_machine(sim, id, given, cores, price_usd);
}

constexpr VerbRecord k_verbs[] = {k_resize_verb, server::k_verbs[0], server::k_verbs[1]};

constexpr Behaviour k_behaviour = {
    .configure = configure,
    .verb = verb,
    .machine_cpu = machine_cpu,
    .cost_usd_per_month = cost,
    .theory = {flows, times},
};

} // namespace

extern const KindRecord k_machine;
const KindRecord k_machine = {
    .code = 6,
    .id = "machine",
    .name = {"Machine", "머신"},
    .help = {"One computer that holds several tiers, which then share its cores and its fate.",
             "여러 계층이 함께 올라간 컴퓨터 한 대. 코어를 나눠 쓰고 함께 죽는다."},
    .icon = "hard-drive",
    .tier = Tier::group,
    .role = role_group,
    .holds = ~(std::uint32_t{role_client} | role_group),
    .params = k_params,
    .verbs = k_verbs,
    .closed_form = {"M/G/1 processor sharing with one core.", "코어가 하나면 M/G/1 프로세서 공유."},
    .inaccuracies = k_inaccuracies,
    .behaviour = &k_behaviour,
};

} // namespace scale::kind
