// What every node and every edge has: verbs, and the parameters of edges.
#include "scale/kind.hpp"

namespace scale {

namespace {

constexpr ParamRecord k_slow_params[] = {
    {.code = 1,
     .id = "factor",
     .name = {"Times slower", "배율"},
     .help = {"Service times are multiplied by this; 1 is normal speed.",
              "처리 시간에 곱하는 값. 1이면 원래 속도."},
     .fallback = 4,
     .least = 0.1,
     .most = 1000,
     .unit = "x",
     .logarithmic = true},
};

constexpr ParamRecord k_failure_params[] = {
    {.code = 1,
     .id = "mtbf_s",
     .name = {"Between failures", "평균 고장 간격(MTBF)"},
     .help = {"Mean time from one repair to the next failure, exponential, for each instance on its own; at "
              "least 1 s. 0 switches failures off.",
              "복구된 뒤 다음 고장까지의 평균 시간(지수 분포). 인스턴스마다 따로 고장 나며 최소 1초. 0이면 "
              "고장 나지 않는다."},
     .fallback = 3600,
     .least = 0,
     .most = 1000000000,
     .unit = "s",
     .logarithmic = true},
    {.code = 2,
     .id = "mttr_s",
     .name = {"To repair", "평균 복구 시간(MTTR)"},
     .help = {"Mean time from a failure to its repair, exponential.",
              "고장부터 복구까지의 평균 시간(지수 분포)."},
     .fallback = 300,
     .least = 0.1,
     .most = 10000000,
     .unit = "s",
     .logarithmic = true},
};

constexpr VerbRecord k_node_verbs[] = {
    {.code = 1,
     .id = "kill",
     .name = {"Kill", "종료"},
     .help = {"Stops it at once: what is inside fails, connections are refused.",
              "즉시 멈춘다. 처리 중이던 요청은 실패하고 새 연결은 거부된다."}},
    {.code = 2,
     .id = "restore",
     .name = {"Restore", "복구"},
     .help = {"Starts it again, empty.", "빈 상태로 다시 시작한다."}},
    {.code = 3,
     .id = "slow",
     .name = {"Slow down", "지연"},
     .help = {"Makes its work take longer, or restores the speed with factor 1.",
              "처리 시간을 늘린다. 1로 되돌리면 원래 속도가 된다."},
     .params = k_slow_params},
    {.code = 4,
     .id = "set",
     .name = {"Change", "변경"},
     .help = {"Changes parameters while it runs.", "실행 중에 설정을 바꾼다."}},
    {.code = 5,
     .id = "fail-at-random",
     .name = {"Fail at random", "무작위 고장"},
     .help = {"From now on it fails and is repaired at random; a machine or region takes all that is in it "
              "along.",
              "이제부터 무작위로 고장 나고 복구된다. 머신이나 리전이면 안에 있는 것이 모두 함께 멈춘다."},
     .params = k_failure_params},
};

constexpr VerbRecord k_edge_verbs[] = {
    {.code = 1,
     .id = "kill",
     .name = {"Cut", "단절"},
     .help = {"A network partition: nothing gets through until it is mended.",
              "네트워크 단절. 복구할 때까지 아무것도 지나가지 못한다."}},
    {.code = 2,
     .id = "restore",
     .name = {"Mend", "복구"},
     .help = {"Lets requests through again.", "다시 통신하게 한다."}},
    {.code = 4,
     .id = "set",
     .name = {"Change", "변경"},
     .help = {"Changes parameters while it runs.", "실행 중에 설정을 바꾼다."}},
};

constexpr Choice k_carries[] = {
    {"all", {"everything", "전부"}},
    {"reads", {"reads", "읽기"}},
    {"writes", {"writes", "쓰기"}},
    {"pages", {"pages and writes", "페이지와 쓰기"}},
    {"assets", {"static assets", "정적 파일"}},
    {"api", {"API calls", "API 호출"}},
    {"jobs", {"writes and API calls", "쓰기와 API 호출"}},
};

// The order is that of sim::EdgeParam.
constexpr ParamRecord k_edge_params[] = {
    {.code = 1,
     .id = "latency_ms",
     .name = {"Latency", "지연 시간"},
     .help = {"One way, from end to end.", "한쪽 방향으로 끝에서 끝까지 걸리는 시간."},
     .fallback = 0,
     .least = 0,
     .most = 10000,
     .unit = "ms",
     .logarithmic = true},
    {.code = 2,
     .id = "jitter_cv",
     .name = {"Jitter", "지터"},
     .help = {"Spread of the latency as deviation / mean (gamma distributed); with 0 every trip takes the "
              "same time.",
              "지연 시간의 변동 계수(표준편차/평균, 감마 분포). 0이면 항상 같은 시간이 걸린다."},
     .fallback = 0,
     .least = 0,
     .most = 3},
    {.code = 3,
     .id = "bandwidth_mbps",
     .name = {"Bandwidth", "대역폭"},
     .help = {"Megabits per second in each direction; requests share the line in turn. 0 is unlimited.",
              "방향마다 초당 메가비트. 요청이 차례로 회선을 쓴다. 0이면 제한이 없다."},
     .fallback = 0,
     .least = 0,
     .most = 1000000,
     .unit = "Mbit/s",
     .logarithmic = true},
    {.code = 4,
     .id = "weight",
     .name = {"Weight", "가중치"},
     .help = {"Share of the traffic where the caller spreads by weight.",
              "가중치로 분산할 때 이 경로가 받는 몫."},
     .fallback = 1,
     .least = 0,
     .most = 1000},
    {.code = 5,
     .id = "calls",
     .name = {"Calls per request", "요청당 호출 수"},
     .help = {"How many times a server makes this call, one after the other, for one request.",
              "서버가 요청 하나를 처리하면서 이 호출을 차례로 몇 번 하는지."},
     .type = ValueType::whole,
     .fallback = 1,
     .least = 0,
     .most = 100},
    {.code = 6,
     .id = "carries",
     .name = {"Carries", "지나가는 요청"},
     .help = {"Which requests take this way.", "이 경로로 가는 요청의 종류."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 6,
     .choices = k_carries},
    {.code = 7,
     .id = "give_up_ms",
     .name = {"Gives up after", "연결 포기"},
     .help = {"When the edge is cut, a caller sees a failure after this long.",
              "경로가 끊겼을 때 호출한 쪽이 이만큼 기다린 뒤 실패로 본다."},
     .fallback = 3000,
     .least = 1,
     .most = 600000,
     .unit = "ms",
     .logarithmic = true},
};

} // namespace

std::span<const VerbRecord> node_verbs() { return k_node_verbs; }
std::span<const VerbRecord> edge_verbs() { return k_edge_verbs; }
std::span<const ParamRecord> edge_params() { return k_edge_params; }

} // namespace scale
