// What the command's reports say, in both languages. Help is English; what is refused is said by
// scale/errors.hpp.
#pragma once

#include "scale/text.hpp"

namespace scale::cli::words {

inline constexpr Words k_tier{"tier", "계층"};
inline constexpr Words k_name{"name", "이름"};
inline constexpr Words k_kind{"kind", "종류"};
inline constexpr Words k_instances{"inst.", "대수"};
inline constexpr Words k_busy{"busy", "사용률"};
inline constexpr Words k_queue{"queue", "큐"};
inline constexpr Words k_rate{"rate/s", "요청/초"};
inline constexpr Words k_workers{"workers", "워커"};
inline constexpr Words k_wait{"wait", "대기 시간"};
inline constexpr Words k_failed_column{"failed", "실패"};

inline constexpr Words k_requests{"requests", "요청"};
inline constexpr Words k_offered{"offered", "들어온 요청"};
inline constexpr Words k_completed{"completed", "완료"};
inline constexpr Words k_failed{"failed", "실패"};
inline constexpr Words k_timed_out{"timed out", "시간 초과"};
inline constexpr Words k_rejected{"rejected", "거절"};
inline constexpr Words k_in_flight{"in flight", "처리 중"};
inline constexpr Words k_throughput{"%1 completed per second · availability %2",
                                    "초당 %1건 완료 · 가용성 %2"};
inline constexpr Words k_latency{"latency", "지연 시간"};
inline constexpr Words k_mean{"mean", "평균"};
inline constexpr Words k_max{"max", "최대"};
inline constexpr Words k_cost{"cost", "비용"};
inline constexpr Words k_cause{"cause", "원인"};
inline constexpr Words k_per_million{"%1 per month · %2 per million requests", "월 %1 · 요청 백만 건당 %2"};
inline constexpr Words k_cost_column{"$/month", "월 비용($)"};
inline constexpr Words k_rules{"The eight rules", "여덟 가지 원칙"};
inline constexpr Words k_single_points{"Single points of failure", "단일 장애점"};
inline constexpr Words k_capacity{"Capacity and load", "용량과 부하"};
inline constexpr Words k_data_gaps{"Data", "데이터"};
inline constexpr Words k_none{"none", "없음"};
inline constexpr Words k_followed{"request %1 for key %2 at %3 s: %4", "요청 %1, 키 %2, %3초 시점: %4"};
inline constexpr Words k_no_answer{"no answer", "응답 없음"};
inline constexpr Words k_nothing_followed{"There was no such request.", "그런 요청이 없습니다."};
inline constexpr Words k_what_happens{"what", "내용"};
inline constexpr Words k_takes{"takes", "걸린 시간"};
inline constexpr Words k_phase_wire{"on the way", "가는 중"};
inline constexpr Words k_phase_reply{"answer", "응답"};
inline constexpr Words k_phase_queued{"waits", "대기"};
inline constexpr Words k_phase_work{"work", "처리"};
inline constexpr Words k_phase_held{"waits for an answer", "응답 대기"};
inline constexpr Words k_phase_backoff{"waits before a retry", "재시도 대기"};
inline constexpr Words k_phase_lookup{"name look-up", "이름 조회"};
inline constexpr Words k_try{"try %1", "%1번째 시도"};
inline constexpr Words k_hit{"cache hit", "캐시 적중"};
inline constexpr Words k_behind{"%1 writes behind", "쓰기 %1건 뒤처짐"};
inline constexpr Words k_per_month{"%1 per month", "월 %1"};
inline constexpr Words k_caps{"caps", "한도"};
inline constexpr Words k_caps_reached{"a bounded queue or pool was full %1 times",
                                      "큐나 풀이 한도에 %1번 닿음"};
inline constexpr Words k_not_done{"not done", "실행 안 됨"};
inline constexpr Words k_and_more{"and %1 more", "외 %1건"};
inline constexpr Words k_promise{"promised", "목표"};
inline constexpr Words k_assertion{"asserted", "검사"};
inline constexpr Words k_goal{"goal", "과제"};
inline constexpr Words k_measured{"measured", "측정값"};
inline constexpr Words k_digest{"digest", "다이제스트"};
inline constexpr Words k_seed{"seed %1", "시드 %1"};
inline constexpr Words k_seeds{"%1 seeds, %2 to %3; ± is the 95 % interval of the mean",
                               "시드 %1개(%2~%3). ±는 평균의 95 % 신뢰 구간"};
inline constexpr Words k_simulated{"%1 simulated", "%1 시뮬레이션"};
inline constexpr Words k_after_warmup{"%1 simulated, measured after the first %2",
                                      "%1 시뮬레이션, 앞 %2는 집계에서 제외"};
inline constexpr Words k_times_real{"%1 times real time", "실제 시간의 %1배"};
inline constexpr Words k_events{"%1 events in %2 · %3 events/s", "이벤트 %1개, %2 · 초당 %3개"};
inline constexpr Words k_stopped_interrupt{"Stopped by Ctrl-C: figures up to that moment",
                                           "Ctrl-C로 멈춤: 그때까지의 값입니다"};
inline constexpr Words k_stopped_limit{"Stopped at the limit of events: figures up to that moment",
                                       "이벤트 한도에서 멈춤: 그때까지의 값입니다"};
inline constexpr Words k_default{"default", "기본값"};
inline constexpr Words k_range{"range", "범위"};
inline constexpr Words k_unit{"unit", "단위"};
inline constexpr Words k_parameter{"parameter", "매개변수"};
inline constexpr Words k_parameters{"Parameters", "매개변수"};
inline constexpr Words k_metrics{"Metrics", "지표"};
inline constexpr Words k_commands{"Commands", "명령"};
inline constexpr Words k_what{"what it is", "설명"};
inline constexpr Words k_theory{"Theory", "이론"};
inline constexpr Words k_not_modelled{"Known inaccuracies", "알려진 오차"};
inline constexpr Words k_no_theory{"No closed form.", "닫힌 해가 없습니다."};

inline constexpr Words k_whole{"the whole", "전체"};
inline constexpr Words k_theory_measured{"measured with %1 seeds; ± is the 95 % interval of the mean",
                                         "시드 %1개로 측정. ±는 평균의 95 % 신뢰 구간"};
inline constexpr Words k_unsteady{"no steady state", "정상 상태 없음"};
inline constexpr Words k_apart{"%1 apart", "%1 차이"};
inline constexpr Words k_pairs{"%1 pairs of runs on the same random numbers; ± is the 95 % interval",
                               "같은 난수로 %1쌍 실행. ±는 95 % 신뢰 구간"};
inline constexpr Words k_no_change{"No figure differs significantly.", "유의하게 달라진 값이 없다."};
inline constexpr Words k_unchanged{"%1 figures do not differ significantly (--all lists them)",
                                   "값 %1개는 유의한 차이가 없음(--all로 모두 표시)"};
inline constexpr Words k_expected_limit{"theory expected the limit at %1 times; %2 runs",
                                        "이론이 예상한 한계는 %1배, 실행 %2회"};

} // namespace scale::cli::words
