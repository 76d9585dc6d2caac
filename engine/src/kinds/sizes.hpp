// The ladder of machine sizes: what may be bought, what it costs, and where it ends.
#pragma once

#include "kinds/common.hpp"
#include "sim/sim.hpp"

namespace scale::kind {

inline constexpr Choice k_sizes[] = {
    {"1-core", {"1 core", "1코어"}},         {"2-cores", {"2 cores", "2코어"}},
    {"4-cores", {"4 cores", "4코어"}},       {"8-cores", {"8 cores", "8코어"}},
    {"16-cores", {"16 cores", "16코어"}},    {"32-cores", {"32 cores", "32코어"}},
    {"64-cores", {"64 cores", "64코어"}},    {"128-cores", {"128 cores", "128코어"}},
    {"256-cores", {"256 cores", "256코어"}},
};

enum ResizeParam : int { resize_to, resize_down_s, k_resize_params };

inline constexpr ParamRecord k_resize[] = {
    {.code = 1,
     .id = "to",
     .name = {"Size", "크기"},
     .help = {"The next machine on the ladder; the largest is the end of it.",
              "바꿀 머신의 크기. 가장 큰 것이 한계다."},
     .type = ValueType::choice,
     .fallback = 3,
     .least = 0,
     .most = 8,
     .choices = k_sizes},
    {.code = 2,
     .id = "down_s",
     .name = {"Down for", "중단 시간"},
     .help = {"Until it is up again on the new machine.", "새 머신에서 다시 뜨기까지."},
     .fallback = 120,
     .least = 0,
     .most = 86400,
     .unit = "s",
     .logarithmic = true},
};

inline constexpr VerbRecord k_resize_verb = {
    .code = 20,
    .id = "resize",
    .name = {"Resize", "크기 변경"},
    .help = {"Moves it to a machine of another size at list price; it is down meanwhile.",
             "다른 크기의 머신으로 옮긴다. 그동안 멈추며 가격은 정가가 된다."},
    .params = k_resize};

inline constexpr VerbRecord k_resize_verbs[] = {k_resize_verb};

// The values of a command's verb: those given, defaults otherwise. `out` has room for all of them.
void settings_of(const Command& command, double* out);
// Carries the verb out on a kind whose parameters have these indexes.
void resize_machine(sim::Sim& sim, sim::NodeId id, const double* given, int cores, int price_usd);

} // namespace scale::kind
