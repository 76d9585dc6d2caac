// How long links are: 30 nodes with Korean labels within 1,100 characters, 50 within 1,700, because Notion
// and Discord stop at 2,000.
#include <doctest/doctest.h>

#include <string>

#include "scale/codec.hpp"
#include "support/random_scenario.hpp"

using namespace scale;

namespace {

// The names that a Korean engineer would give; all different.
constexpr const char* k_labels[] = {
    "모바일 사용자",    "웹 사용자",        "파트너 API",     "도메인 네임",       "글로벌 로드 밸런서",
    "서울 게이트웨이",  "로그인 서버",      "상품 조회 서버", "주문 접수 서버",    "결제 승인 서버",
    "장바구니 서버",    "쿠폰 발급 서버",   "추천 엔진",      "검색 질의 서버",    "알림 발송 서버",
    "배송 추적 서버",   "정산 배치",        "이미지 변환기",  "회원 데이터베이스", "상품 원장 DB",
    "주문 원장 DB",     "결제 이력 DB",     "재고 수량 DB",   "쿠폰 저장소",       "검색 색인",
    "행동 로그 저장소", "추천 특징 저장소", "알림 대기 DB",   "배송 상태 DB",      "정산 결과 DB",
    "부산 게이트웨이",  "관리자 화면",      "고객 상담 도구", "판매자 센터",       "리뷰 작성 서버",
    "포인트 적립 서버", "동영상 스트리밍",  "채팅 중계 서버", "위치 수집 서버",    "광고 입찰 서버",
    "리뷰 본문 DB",     "포인트 내역 DB",   "채팅 기록 DB",   "위치 시계열 DB",    "광고 소재 저장소",
    "통계 집계 서버",   "외부 인증 연동",   "환율 조회 서버", "감사 기록 DB",      "백업 저장소",
};

// Of the kind's own parameters, some that people change, to values that people write.
void change_params(NodeDef& node, std::size_t number, std::size_t count) {
    static constexpr double k_usual[] = {1,    2,    3,     4,   5,   6,   8,   10,  12,   15,
                                         16,   20,   25,    30,  32,  40,  50,  64,  80,   100,
                                         120,  150,  200,   250, 300, 400, 500, 800, 1000, 1500,
                                         2000, 5000, 10000, 0.5, 0.9, 1.2, 2.5, 0.2, 0.75, 7.5};
    tests::Dice dice(number);
    std::size_t changed = 0;
    for (int attempt = 0; attempt < 400 && changed < count; ++attempt) {
        const std::size_t index = dice.index(std::min<std::size_t>(node.values.size(), 10));
        const ParamRecord& param = node.kind->params[index];
        const double value = dice.any(k_usual);
        const bool whole = param.type != ValueType::number;
        if (node.values[index] != param.fallback || value == param.fallback) continue;
        if (value < param.least || value > param.most ||
            (whole && value != static_cast<double>(static_cast<int>(value))))
            continue;
        node.values[index] = value;
        ++changed;
    }
    REQUIRE(changed == count);
}

const char* kind_at(std::size_t i) {
    static constexpr const char* k_first[] = {"clients", "clients", "clients", "dns", "balancer", "balancer"};
    if (i < std::size(k_first)) return k_first[i];
    return std::string_view(k_labels[i]).ends_with("DB") ||
                   std::string_view(k_labels[i]).ends_with("저장소") ||
                   std::string_view(k_labels[i]).ends_with("데이터베이스") ||
                   std::string_view(k_labels[i]).ends_with("색인")
               ? "database"
               : "server";
}

// A shop: users, a name service, balancers, servers that call their databases; four changed parameters per
// node, ids that someone chose for every third node, every card dragged to a place of its own.
Scenario shop(std::size_t count) {
    Scenario scenario;
    scenario.title = {"Flash sale at a shop", "쇼핑몰 한정 판매"};
    scenario.seed = 20'260;
    scenario.duration_s = 600;
    scenario.warmup_s = 30;
    std::vector<int> servers, databases;
    std::size_t used[3] = {0, 0, 0};
    for (std::size_t i = 0; i < count; ++i) {
        const KindRecord& kind = *find_kind(kind_at(i));
        const std::string_view id = kind.id;
        const std::size_t which = id == "server" ? 0 : id == "database" ? 1 : 2;
        ++used[which];
        std::size_t same = 1;
        for (const NodeDef& node : scenario.nodes) same += node.kind == &kind ? 1 : 0;
        std::string name = same == 1 ? std::string(id) : std::string(id) + "-" + std::to_string(same);
        static constexpr const char* k_chosen[] = {
            "mobile", "dns-kr",    "gw",       "cart",     "coupon-api", "search",
            "settle", "orders-db", "stock-db", "index",    "notify-db",  "busan-gw",
            "tools",  "review",    "video",    "location", "points-db"};
        if (i % 3 == 0) name = k_chosen[i / 3];
        NodeDef node = make_node(name, kind);
        node.label.ko = k_labels[i];
        change_params(node, i, kind.params.size() >= 6 ? 4 : 1);
        node.at = Position{static_cast<double>(i % 7 * 220), static_cast<double>((i * 37) % 29 * 20)};
        scenario.nodes.push_back(std::move(node));
        if (which == 0) servers.push_back(static_cast<int>(i));
        if (which == 1) databases.push_back(static_cast<int>(i));
    }
    for (int users = 0; users < 3; ++users) {
        scenario.edges.push_back(make_edge(users, 3));
        scenario.edges.push_back(make_edge(users, 4 + users % 2));
    }
    for (std::size_t i = 0; i < servers.size(); ++i) {
        scenario.edges.push_back(make_edge(4 + static_cast<int>(i % 2), servers[i]));
        scenario.edges.push_back(make_edge(servers[i], databases[(i * 5) % databases.size()]));
        if (i % 3 == 0)
            scenario.edges.push_back(make_edge(servers[i], databases[(i * 5 + 3) % databases.size()]));
    }
    for (std::size_t i = 0; i < scenario.edges.size(); i += 4)
        scenario.edges[i].values[0] = static_cast<double>(1 + i % 5);
    for (const int seconds : {120, 180, 300}) {
        Command command;
        command.at = static_cast<Time>(seconds) * 1'000'000'000;
        command.node = databases[1];
        command.verb = &node_verbs()[seconds == 180 ? 1 : 0];
        scenario.events.push_back(command);
    }
    scenario.slo.p99_ms = 300;
    scenario.slo.availability = 0.999;
    return scenario;
}

std::size_t link_length(const Scenario& scenario) {
    const std::string link = encode_link(scenario);
    const Result<Scenario> again = decode_link(link);
    REQUIRE_MESSAGE(again, (again ? "" : again.error().sentence()));
    CHECK(*again == scenario);
    return link.size();
}

} // namespace

TEST_CASE("links keep to their budgets") {
    const std::size_t thirty = link_length(shop(30));
    const std::size_t fifty = link_length(shop(50));
    MESSAGE("30 nodes: " << thirty << " characters of 1100; 50 nodes: " << fifty << " of 1700; as JSON "
                         << write_scenario(shop(30)).size() << " and " << write_scenario(shop(50)).size()
                         << " bytes");
    CHECK(thirty <= 1100);
    CHECK(fifty <= 1700);
}

TEST_CASE("a small design has a short link") {
    Scenario scenario;
    scenario.nodes.push_back(make_node("clients", *find_kind("clients")));
    scenario.nodes.push_back(make_node("server", *find_kind("server")));
    scenario.edges.push_back(make_edge(0, 1));
    CHECK(link_length(scenario) <= 40);
}
