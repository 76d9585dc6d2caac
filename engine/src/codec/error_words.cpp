// What is wrong with bad input, in Korean too: the one place that knows both. Errors are written in English
// where they are found; here their sentences are taken apart and said anew. One that nobody has put down here
// stays English.
#include "scale/errors.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace scale {

namespace {

constexpr std::size_t k_parts_most = 4;
constexpr int k_deep_most = 4; // parts within parts

// {1} to {4} stand for what differs; such a part may be one of these sentences itself. The first that fits.
constexpr Words k_sentences[] = {
    {"unknown key", "알 수 없는 키"},
    {"known here: {1}", "여기서 쓸 수 있는 키: {1}"},
    {"did you mean {1} where it says {2}?", "{2} 대신 {1} 아닌가?"},
    {"did you mean {1}?", "혹시 {1} 아닌가?"},
    {"expected either \"node\" or \"edge\"", "\"node\"와 \"edge\" 가운데 하나만 쓴다"},
    {"expected less than duration_s ({1}), got {2}", "duration_s({1})보다 작아야 하는데 {2}"},
    {"expected not less than {1} ({2}), got {3}", "{1}({2}) 이상이어야 하는데 {3}"},
    {"raise it, or lower {1}", "이 값을 올리거나 {1} 값을 낮춘다"},
    {"expected two node ids, got a list of {1}", "노드 id 두 개가 와야 하는데 {1}개짜리 목록"},
    {"expected one line without control characters", "제어 문자 없는 한 줄이어야 한다"},
    {"expected the end of the text", "여기서 글이 끝나야 한다"},
    {"expected {1}, but the text ends here", "{1} 자리에서 글이 끝났다"},
    {"expected {1}, found {2}", "필요한 값: {1}, 찾은 것: {2}"},
    {"expected {1}, got {2}", "필요한 값: {1}, 받은 값: {2}"},
    {"expected {1}", "필요한 값: {1}"},
    {"a whole number from {1} to {2}", "{1}~{2} 범위의 정수"},
    {"a number from {1} to {2}", "{1}~{2} 범위의 숫자"},
    {"true or false", "true 또는 false"},
    {"a string or {1}", "문자열 또는 {1}"},
    {"a string", "문자열"},
    {"a number", "숫자"},
    {"a list", "목록"},
    {"an object", "객체"},
    {"the id of a node", "노드 id"},
    {"the id of another node", "다른 노드의 id"},
    {"version {1}", "버전 {1}"},
    {"{1} letters a-z, digits, \"-\" or \"_\", starting with a letter",
     "영문자로 시작하고 영문자, 숫자, \"-\", \"_\"로 된 {1}자"},
    {"a value", "값"},
    {"at most {1} characters", "{1}자 이하"},
    {"{1} to {2} characters", "{1}~{2}자"},
    {"words in any language go into \"label\"", "다른 언어의 이름은 \"label\"에 쓴다"},
    {"{1} is missing", "{1}이(가) 빠졌다"},
    {"seconds from the start of the run", "실행 시작부터 센 초"},
    {"there is no node {1}", "{1} 노드가 없다"},
    {"there is no node", "노드가 하나도 없다"},
    {"add clients and what they call", "클라이언트와 클라이언트가 호출할 노드를 추가한다"},
    {"there is no such node", "그런 노드가 없다"},
    {"there is no such edge", "그런 연결이 없다"},
    {"there is no parameter {1}", "{1} 설정이 없다"},
    {"there is no edge from {1} to {2}", "{1}에서 {2}(으)로 가는 연결이 없다"},
    {"the edge from {1} to {2} is there twice", "{1}에서 {2}(으)로 가는 연결이 두 번 나온다"},
    {"this edge is there already, as {1}", "이미 있는 연결이다({1})"},
    {"remove one of them", "둘 중 하나를 지운다"},
    {"an end of this edge is no node", "연결의 한쪽 끝에 노드가 없다"},
    {"a {1} does not call a {2} ({3} -> {4})", "{1} 노드는 {2} 노드를 호출하지 않는다({3} → {4})"},
    {"remove the edge, or put what belongs between them", "연결을 지우거나 사이에 들어갈 노드를 둔다"},
    {"{1} cannot call itself", "{1} 노드는 자신을 호출할 수 없다"},
    {"remove the edge", "연결을 지운다"},
    {"requests would go round in a circle", "요청이 돌고 도는 순환이 있다"},
    {"remove an edge of the circle", "순환을 이루는 연결 하나를 지운다"},
    {"the longest way has {1} nodes, at most {2} are allowed", "가장 긴 경로의 노드가 {1}개다. 최대 {2}개"},
    {"shorten the chain", "경로를 줄인다"},
    {"{1} leads nowhere", "{1} 노드가 아무것도 호출하지 않는다"},
    {"connect this {1} to what it should call", "이 {1} 노드를 호출할 대상에 연결한다"},
    {"the id {1} is already that of {2}", "id {1}은(는) 이미 {2}에서 쓴다"},
    {"{1} is taken by an earlier node", "{1}은(는) 앞의 노드가 쓰는 id다"},
    {"give every node an id of its own", "노드마다 다른 id를 준다"},
    {"add it, or leave \"in\" out", "그 노드를 추가하거나 \"in\"을 뺀다"},
    {"{1} is a {2} and holds no nodes", "{1}은(는) 다른 노드를 담지 못하는 종류({2})다"},
    {"name a machine or a region", "머신이나 리전을 쓴다"},
    {"a {1} does not stand in a {2}", "{1} 노드는 {2} 안에 둘 수 없다"},
    {"leave \"in\" out", "\"in\"을 뺀다"},
    {"groups stand in one another in a circle, or more than {1} deep",
     "그룹이 서로를 담고 있거나 {1}단계보다 깊다"},
    {"take one of them out", "하나를 밖으로 뺀다"},
    {"at most {1} are allowed, got {2}", "최대 {1}까지 쓸 수 있는데 {2}"},
    {"too many {1}: at most {2} are allowed", "너무 많다({1}). 최대 {2}"},
    {"control characters are not allowed", "제어 문자는 쓸 수 없다"},
    {"nothing to set", "바꿀 설정이 없다"},
    {"name a parameter and its new value: {1}", "설정과 새 값을 쓴다: {1}"},
    {"{1} has {2} instances", "{1}의 인스턴스는 {2}개다"},
    {"{1} has {2} instance", "{1}의 인스턴스는 {2}개다"},
    {"instances are counted from 0", "인스턴스 번호는 0부터 센다"},
    {"the key {1} is there twice", "{1} 키가 두 번 나온다"},
    {"a comma before {1}", "{1} 앞에 쉼표가 있다"},
    {"remove it", "지운다"},
    {"the text ends within a string", "문자열이 닫히지 않은 채 글이 끝났다"},
    {"not valid UTF-8", "올바른 UTF-8이 아니다"},
    {"{1} is not a number", "{1}은(는) 숫자가 아니다"},
    {"{1} is too large for a number", "{1}은(는) 너무 큰 숫자다"},
    {"it was made with a newer Scaleground", "더 새로운 Scaleground에서 만든 것이다"},
    {"its content is damaged", "내용이 깨져 있다"},
    {"no file, link or lesson called {1}", "{1}: 그런 파일, 링크, 레슨이 없다"},
    {"\"scaleground lessons\" lists what there is", "있는 것은 \"scaleground lessons\"로 볼 수 있다"},
    {"there is no figure {1}", "{1} 지표가 없다"},
};

using Parts = std::array<std::string_view, k_parts_most>;

std::size_t part_of(std::string_view pattern, std::size_t at) {
    return static_cast<std::size_t>(pattern[at + 1] - '1');
}

// The parts of the text that stand where the pattern leaves them open, each as short as can be.
std::optional<Parts> taken_apart(std::string_view pattern, std::string_view text) {
    Parts parts;
    for (std::size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{')) {
        if (text.substr(0, open) != pattern.substr(0, open)) return std::nullopt;
        text.remove_prefix(std::min(open, text.size()));
        const std::size_t part = part_of(pattern, open);
        pattern.remove_prefix(open + 3);
        const std::string_view next = pattern.substr(0, pattern.find('{'));
        const bool last = next.size() == pattern.size();
        const bool fits = text.size() >= next.size() && (!last || text.ends_with(next));
        const std::size_t end = !fits  ? std::string_view::npos
                                : last ? text.size() - next.size()
                                       : text.find(next);
        if (end == std::string_view::npos || end == 0) return std::nullopt;
        parts[part] = text.substr(0, end);
        text.remove_prefix(end);
    }
    return text == pattern ? std::optional(parts) : std::nullopt;
}

// "a", "b" or "c"
std::string listed_in_korean(std::string_view part) {
    const std::size_t last = part.rfind("\" or \"");
    if (last == std::string_view::npos) return std::string(part);
    return std::string(part.substr(0, last)) + "\", \"" + std::string(part.substr(last + 6));
}

std::optional<std::string> in_korean(std::string_view text, int deep) {
    for (const Words& sentence : k_sentences) {
        const std::optional<Parts> parts = taken_apart(sentence.en, text);
        if (!parts) continue;
        std::string out;
        std::string_view pattern = sentence.ko;
        for (std::size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{')) {
            const std::string_view part = (*parts)[part_of(pattern, open)];
            const std::optional<std::string> said =
                deep > 0 && part.front() != '"' ? in_korean(part, deep - 1) : std::nullopt;
            out.append(pattern.substr(0, open)).append(said.value_or(listed_in_korean(part)));
            pattern.remove_prefix(open + 3);
        }
        return out.append(pattern);
    }
    return std::nullopt;
}

} // namespace

Text error_text(const Error& error) {
    Error korean = error;
    const std::optional<std::string> what = in_korean(error.what, k_deep_most);
    if (!what) return {error.sentence(), error.sentence()};
    korean.what = *what;
    korean.hint = in_korean(error.hint, k_deep_most).value_or(error.hint);
    return {error.sentence(), korean.sentence()};
}

Text error_text(std::string_view sentence) {
    Error error;
    const std::size_t path = sentence.find(": ");
    if (path != std::string_view::npos && sentence.substr(0, path).find(' ') == std::string_view::npos) {
        error.path = sentence.substr(0, path);
        sentence.remove_prefix(path + 2);
    }
    const std::size_t hint = sentence.rfind("; ");
    error.what = sentence.substr(0, hint);
    if (hint != std::string_view::npos) error.hint = sentence.substr(hint + 2);
    return error_text(error);
}

} // namespace scale
