// What a database reports, and what it leaves out.
#pragma once

#include "kinds/common.hpp"

namespace scale::kind::database {

constexpr MetricRecord k_metrics[] = {
    {"memory_hit_ratio",
     {"Found in memory", "메모리 적중률"},
     {"Share of reads that needed no disk.", "디스크를 읽지 않은 읽기의 비율."},
     MetricFormat::ratio},
    {"disk_busy",
     {"Disk busy", "디스크 사용률"},
     {"Share of time that the disk was reading.", "디스크가 읽고 있던 시간의 비율."},
     MetricFormat::ratio},
    {"reads", {"Reads", "읽기"}, {"Reads answered.", "응답한 읽기 수."}, MetricFormat::count},
    {"writes", {"Writes", "쓰기"}, {"Writes answered.", "응답한 쓰기 수."}, MetricFormat::count},
    {"lag_ms",
     {"Replication lag", "복제 지연"},
     {"Mean time from a write until a copy had it, over all copies.",
      "쓰기가 복사본에 반영되기까지의 평균 시간."},
     MetricFormat::milliseconds},
    {"lag_writes",
     {"Writes behind", "밀린 쓰기"},
     {"Writes that the copy furthest behind has yet to apply.",
      "가장 뒤처진 복사본이 아직 반영하지 못한 쓰기 수."},
     MetricFormat::count},
    {"stale_reads",
     {"Stale reads", "오래된 읽기"},
     {"Reads that were answered with an older version than the latest "
      "acknowledged one.",
      "확정된 최신 버전보다 오래된 값으로 응답한 읽기 수."},
     MetricFormat::count},
    {"own_writes_missed",
     {"Own write not seen", "자기 쓰기를 못 본 읽기"},
     {"Reads in which a user did not find what the same user wrote last.",
      "사용자가 방금 쓴 내용을 자신이 보지 못한 읽기 수."},
     MetricFormat::count},
    {"went_back",
     {"Went back in time", "과거로 돌아간 읽기"},
     {"Reads in which a user saw an older version than before.",
      "같은 사용자가 전에 본 것보다 오래된 버전을 본 읽기 수."},
     MetricFormat::count},
    {"replicated",
     {"Replicated writes", "복제된 쓰기"},
     {"Acknowledged writes that at least one copy has received.", "복사본이 하나라도 받은, 확정된 쓰기 수."},
     MetricFormat::count},
    {"on_the_way",
     {"On the way", "복제 중인 쓰기"},
     {"Acknowledged writes that no copy has received yet.",
      "아직 어느 복사본에도 닿지 않은, 확정된 쓰기 수."},
     MetricFormat::count},
    {"lost_writes",
     {"Lost writes", "잃어버린 쓰기"},
     {"Acknowledged writes that died with a primary.", "확정되었으나 주 데이터베이스와 함께 사라진 쓰기 수."},
     MetricFormat::count},
    {"recovered_writes",
     {"Recovered writes", "되살린 쓰기"},
     {"Lost writes that the recovery script has brought back.", "복구 스크립트가 되살린 쓰기 수."},
     MetricFormat::count},
    {"conflicts",
     {"Conflicts", "충돌"},
     {"Acknowledged writes that lost against a concurrent one on another "
      "primary (the last one wins).",
      "다른 주 데이터베이스의 동시 쓰기에 밀려 사라진 쓰기 수(마지막 쓰기가 "
      "이긴다)."},
     MetricFormat::count},
    {"promotions",
     {"Promotions", "승격"},
     {"Replicas that became the primary.", "주 데이터베이스로 승격된 횟수."},
     MetricFormat::count},
    {"copies",
     {"Full copies", "전체 복사"},
     {"Replicas that had to be copied anew.", "전체를 다시 복사한 횟수."},
     MetricFormat::count},
    {"unwritable_ms",
     {"Without a primary", "쓰기 불가 시간"},
     {"Time in which no write could be taken.", "쓰기를 받을 수 없었던 시간."},
     MetricFormat::milliseconds},
    {"index_gb",
     {"Index", "색인 크기"},
     {"GB that the index takes besides the rows.", "행 말고 색인이 차지하는 크기(GB)."},
     MetricFormat::count},
    {"data_gb", {"Rows", "데이터 크기"}, {"GB of the rows.", "행이 차지하는 크기(GB)."}, MetricFormat::count},
    {"index_levels",
     {"Levels", "색인의 층"},
     {"Levels from the root of the index to a row.", "색인의 뿌리에서 행까지의 층수."},
     MetricFormat::count},
    {"disk_reads",
     {"Random disk reads", "임의 디스크 읽기"},
     {"Expected reads at a random place on disk for one search.",
      "한 번 찾을 때 기대되는 임의 디스크 읽기 수."},
     MetricFormat::count},
    {"not_found",
     {"Written elsewhere", "다른 곳에 쓴 데이터"},
     {"Reads of what the same users wrote to another store that is not linked to this one: not found here.",
      "같은 사용자가 연결되지 않은 다른 저장소에 써서 여기서는 찾을 수 없는 읽기 수."},
     MetricFormat::count},
};

constexpr Words k_inaccuracies[] = {
    {"A copy that stands in believes its source dead when all of it is down, not when the link is cut.",
     "대신 쓰기를 받는 복사본은 원본 전체가 멈춰야 나서며, 연결만 끊긴 때에는 나서지 않는다."},
    {"Transactions, locks and deadlocks are not modelled; every query is one "
     "unit of work.",
     "트랜잭션, 잠금, 교착 상태는 다루지 않는다. 질의 하나가 한 단위의 "
     "일이다."},
    {"Pages written back from the buffer pool take no disk time.",
     "버퍼 풀에서 되쓰는 페이지는 디스크 시간을 쓰지 않는다."},
    {"A dead replica is noticed at once; only a dead primary takes time to be "
     "noticed.",
     "복제본이 죽은 것은 즉시 알아챈다고 본다. 알아채는 데 시간이 걸리는 것은 "
     "주 데이터베이스뿐이다."},
    {"A full copy takes a set time and no capacity of the primary.",
     "전체 복사는 정해진 시간이 걸리고 주 데이터베이스의 성능을 쓰지 않는다."},
    {"Without a replica in step, semi-synchronous and synchronous writes wait "
     "for nobody.",
     "따라잡은 복제본이 없으면 반동기와 동기 쓰기도 기다리지 않는다."},
    {"What an operation costs is an order of magnitude, counted in reads of "
     "one row.",
     "연산의 비용은 행 하나를 읽는 일을 단위로 센 자릿수 수준의 값이다."},
    {"Memory holds a fixed share of an index level or of the rows; which rows "
     "are read most plays no part there.",
     "색인을 쓸 때 메모리에는 각 층과 행의 일정 비율이 들어 있다고 본다. 자주 "
     "읽는 행을 따로 가리지 않는다."},
};

} // namespace scale::kind::database
