#include "codec/link_text.hpp"

#include <array>

#include "codec/link_bytes.hpp"
#include "codec/utf8.hpp"

namespace scale::codec {

namespace {

constexpr std::uint32_t k_first_syllable = 0xAC00;
constexpr std::uint32_t k_syllables = 11'172;
// A syllable is initial * 588 + medial * 28 + final. Seven medials share a first byte, so that the second one
// repeats from initial to initial and deflate's table stays small.
constexpr std::uint32_t k_low_values = 196;
constexpr std::uint8_t k_two_bytes = 0x80; // 0x80..0xB8 and a second byte 0..195
constexpr std::uint8_t k_other = 0xFF;     // then the code point as a whole number

// One byte each: first those that ASCII's control characters leave free, then 0xB9..0xFE.
constexpr char32_t k_frequent[] = U"서이기비자시버스인로산일터드문부용전지트데메분사업제계고구도디록리복본상"
                                  U"세소역임장정캐가게국그글네니대동라림매모미바방배보색석송쓰앱열영웹읽작"
                                  U"저조주집치큐통하회간감결검관내노단등러마백밸베생샤센션수실";
constexpr std::size_t k_frequent_count = std::size(k_frequent) - 1;
constexpr std::uint8_t k_high_frequent = 0xB9;

constexpr std::array<std::uint8_t, 30> k_low_codes = {1,  2,  3,  4,  5,  6,  7,  8,  11, 12,
                                                      13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
                                                      23, 24, 25, 26, 27, 28, 29, 30, 31, 127};
static_assert(k_frequent_count == k_low_codes.size() + (0xFE - k_high_frequent + 1));

std::uint8_t frequent_code(std::size_t index) {
    if (index < k_low_codes.size()) return k_low_codes[index];
    return static_cast<std::uint8_t>(k_high_frequent + (index - k_low_codes.size()));
}

// The table from bytes to syllables, 0 where a byte is none.
std::array<char32_t, 256> make_syllables() {
    std::array<char32_t, 256> table{};
    for (std::size_t i = 0; i < k_frequent_count; ++i) table[frequent_code(i)] = k_frequent[i];
    return table;
}

const std::array<char32_t, 256>& frequent_syllables() {
    static const std::array<char32_t, 256> table = make_syllables();
    return table;
}

int find_frequent(std::uint32_t point) {
    for (std::size_t i = 0; i < k_frequent_count; ++i)
        if (k_frequent[i] == point) return static_cast<int>(i);
    return -1;
}

bool is_plain(std::uint32_t point) {
    return (point >= 0x20 && point < 0x7F) || point == '\n' || point == '\t';
}

void append_point_coded(std::vector<std::uint8_t>& out, std::uint32_t point) {
    if (is_plain(point)) {
        out.push_back(static_cast<std::uint8_t>(point));
        return;
    }
    if (point >= k_first_syllable && point < k_first_syllable + k_syllables) {
        const int frequent = find_frequent(point);
        if (frequent >= 0) {
            out.push_back(frequent_code(static_cast<std::size_t>(frequent)));
            return;
        }
        const std::uint32_t index = point - k_first_syllable;
        out.push_back(static_cast<std::uint8_t>(k_two_bytes + index / k_low_values));
        out.push_back(static_cast<std::uint8_t>(index % k_low_values));
        return;
    }
    out.push_back(k_other);
    for (; point >= 128; point >>= 7) out.push_back(static_cast<std::uint8_t>((point & 127) | 128));
    out.push_back(static_cast<std::uint8_t>(point));
}

bool read_other(const std::vector<std::uint8_t>& bytes, std::size_t& at, std::uint32_t& point) {
    point = 0;
    for (int shift = 0; shift < 21; shift += 7) {
        if (at >= bytes.size()) return false;
        const std::uint32_t byte = bytes[at++];
        point |= (byte & 127) << shift;
        if (byte < 128) return point >= 0x7F && point <= 0x10FFFF && (point < 0xD800 || point >= 0xE000);
    }
    return false;
}

} // namespace

void append_coded(std::vector<std::uint8_t>& out, std::string_view utf8) {
    for (std::size_t at = 0; at < utf8.size();) {
        const std::uint32_t point = next_point(utf8, at);
        if (point == k_no_point) return; // check_scenario lets no such text in
        append_point_coded(out, point);
    }
}

bool read_coded(const std::vector<std::uint8_t>& bytes, std::size_t& at, std::uint32_t& point) {
    if (at >= bytes.size()) return false;
    const std::uint8_t first = bytes[at++];
    point = first;
    if (is_plain(first)) return true;
    if (first == k_other) return read_other(bytes, at, point);
    point = frequent_syllables()[first];
    if (point != 0) return true;
    if (first < k_two_bytes || at >= bytes.size()) return false;
    const std::uint32_t index = (first - k_two_bytes) * k_low_values + bytes[at];
    if (bytes[at++] >= k_low_values) return false;
    point = k_first_syllable + index;
    return index < k_syllables;
}

void ByteWriter::text(std::string_view utf8) {
    append_coded(bytes_, utf8);
    byte(0);
}

std::string ByteReader::text() {
    std::string out;
    while (!failed()) {
        if (at_ < bytes_.size() && bytes_[at_] == 0) {
            ++at_;
            return out;
        }
        std::uint32_t point = 0;
        if (!read_coded(bytes_, at_, point))
            fail(k_damaged);
        else
            append_point(out, point);
    }
    return {};
}

const std::vector<std::uint8_t>& link_dictionary() {
    // The nearest words, at the end, cost least.
    static const std::vector<std::uint8_t> dictionary = [] {
        std::vector<std::uint8_t> bytes;
        append_coded(
            bytes, "썸네일 콘텐츠 마이크로서비스 데이터센터 모니터링 스케줄러 클라이언트 방화벽 "
                   "파일 업로드 동영상 타임라인 장바구니 재고 배송 쿠폰 정산 회원 "
                   "관리 로그인 인증 세션 상품 추천 검색 알림 결제 주문 조회 목록 "
                   "실시간 분석 집계 통계 로그 수집 메시지 큐 작업자 배치 처리 워커 "
                   "이미지 저장소 정적 파일 모바일 앱 사용자 방문자 게이트웨이 가용영역 리전 서울 도쿄 "
                   "부하분산기 로드 밸런서 쓰기 읽기 전용 복제본 샤드 보조 주 데이터베이스 캐시 서비스 서버 "
                   "search payments orders products users sessions images notifications analytics "
                   "gateway primary replica-1 shard-1 storage static worker-1 queue-1 balancer "
                   "database-1 service cache-1 server-1 web-1 api-1 app-1 db-1 ");
        return bytes;
    }();
    return dictionary;
}

} // namespace scale::codec
