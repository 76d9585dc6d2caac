// What can be done to servers while they run: releases, their way back, and another size of machine.
#pragma once

#include "kinds/sizes.hpp"

namespace scale::kind::server {

enum DeployParam : int {
    deploy_strategy,
    deploy_batch,
    deploy_restart_s,
    deploy_observe_s,
    deploy_slower,
    deploy_failing,
    k_deploy_params
};

inline constexpr Choice k_strategies[] = {
    {"rolling", {"rolling: batch after batch", "롤링: 차례로 교체"}},
    {"blue-green", {"blue-green: all at once to new machines", "블루-그린: 새 서버로 한 번에 전환"}},
    {"canary", {"canary: one batch first, then the rest", "카나리: 일부에 먼저, 이어서 나머지"}},
};

inline constexpr ParamRecord k_deploy[] = {
    {.code = 1,
     .id = "strategy",
     .name = {"Strategy", "배포 방식"},
     .help = {"How the release reaches the instances.", "새 배포판을 서버에 올리는 방법."},
     .type = ValueType::choice,
     .fallback = 0,
     .least = 0,
     .most = 2,
     .choices = k_strategies},
    {.code = 2,
     .id = "batch",
     .name = {"Batch", "한 번에"},
     .help = {"Instances that are out at the same time; a canary's are the first batch.",
              "한 번에 빼서 교체하는 서버 수. 카나리에서는 첫 묶음의 크기."},
     .type = ValueType::whole,
     .fallback = 1,
     .least = 1,
     .most = 1000,
     .logarithmic = true},
    {.code = 3,
     .id = "restart_s",
     .name = {"Restart", "재시작 시간"},
     .help = {"Until an instance is up with the release, after it was drained.",
              "드레이닝이 끝난 서버가 새 배포판으로 다시 뜨기까지."},
     .fallback = 20,
     .least = 0,
     .most = 86400,
     .unit = "s",
     .logarithmic = true},
    {.code = 4,
     .id = "observe_s",
     .name = {"Observed for", "관찰 시간"},
     .help = {"Canary: before the rest follows. Blue-green: how long the old machines stay ready.",
              "카나리: 나머지를 교체하기 전까지. 블루-그린: 옛 서버를 남겨 두는 시간."},
     .fallback = 120,
     .least = 0,
     .most = 864000,
     .unit = "s",
     .logarithmic = true},
    {.code = 5,
     .id = "slower",
     .name = {"Times slower", "느려지는 배율"},
     .help = {"Service times on the release are multiplied by this; 1 is a good one.",
              "새 배포판의 처리 시간에 곱하는 값. 1이면 문제없는 배포판."},
     .fallback = 1,
     .least = 0.1,
     .most = 100,
     .unit = "x",
     .logarithmic = true},
    {.code = 6,
     .id = "failing",
     .name = {"Broken for", "오류를 만나는 사용자"},
     .help = {"Share of the users who need the code that is broken: always the same ones, by hash.",
              "잘못된 코드를 거치는 사용자의 비율. 해시로 정해진 같은 사용자들이다."},
     .fallback = 0,
     .least = 0,
     .most = 1},
};

inline constexpr VerbRecord k_verbs[] = {
    {.code = 10,
     .id = "deploy",
     .name = {"Deploy", "배포"},
     .help = {"Brings a release to the instances; not while another one is on its way.",
              "새 배포판을 서버에 올린다. 다른 배포가 진행 중이면 무시한다."},
     .params = k_deploy},
    {.code = 11,
     .id = "rollback",
     .name = {"Roll back", "롤백"},
     .help = {"Takes the latest release back, the way it came.", "가장 최근 배포를 같은 방법으로 되돌린다."}},
    k_resize_verb,
};

} // namespace scale::kind::server
