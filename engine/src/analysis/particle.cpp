// Which form of a Korean particle follows a word: it depends on how the word ends when it is read aloud.
#include "scale/insight.hpp"

#include <cctype>

namespace scale {

namespace {

enum class Ending : std::uint8_t { vowel, consonant, rieul };

bool is_vowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

Ending of_digit(char c) {
    if (c == '1' || c == '7' || c == '8') return Ending::rieul; // 일, 칠, 팔
    return c == '0' || c == '3' || c == '6' ? Ending::consonant : Ending::vowel;
}

// Spelt letter by letter: db, dns, cdn.
Ending of_letter_name(char c) {
    if (c == 'l' || c == 'r') return Ending::rieul; // 엘, 알
    return c == 'm' || c == 'n' ? Ending::consonant : Ending::vowel;
}

// Read as an English word: web is 웹, server 서버, client 클라이언트.
Ending of_word(std::string_view word) {
    const char last = word.back();
    const char before = word.size() > 1 ? word[word.size() - 2] : ' ';
    // A final e is silent: table is 테이블, machine is 머신.
    if (last == 'l' || (last == 'e' && before == 'l')) return Ending::rieul;
    if (last == 'e' && (before == 'n' || before == 'm')) return Ending::consonant;
    if (last == 'g') return before == 'n' ? Ending::consonant : Ending::vowel;
    if (last == 'm' || last == 'n') return Ending::consonant;
    const bool stop = last == 'b' || last == 'c' || last == 'k' || last == 'p' || last == 't';
    return stop && is_vowel(before) ? Ending::consonant : Ending::vowel;
}

std::uint32_t last_point(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    const auto lead = static_cast<unsigned char>(text[at]);
    std::uint32_t point = lead < 0x80 ? lead : lead < 0xE0 ? lead & 0x1Fu : lead & 0x0Fu;
    for (std::size_t i = at + 1; i < text.size(); ++i)
        point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    return point;
}

Ending ending_of(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == ')' || text.back() == '`'))
        text.remove_suffix(1);
    if (text.empty()) return Ending::vowel;
    const std::uint32_t point = last_point(text);
    if (point >= 0xAC00 && point <= 0xD7A3) {
        const std::uint32_t final = (point - 0xAC00) % 28;
        return final == 0 ? Ending::vowel : final == 8 ? Ending::rieul : Ending::consonant;
    }
    const char last = static_cast<char>(std::tolower(static_cast<unsigned char>(text.back())));
    if (last >= '0' && last <= '9') return of_digit(last);
    if (last == '%') return Ending::vowel; // 퍼센트
    std::string word;
    bool spelt = true;
    for (std::size_t i = text.size(); i-- > 0;) {
        const char c = static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
        if (c < 'a' || c > 'z') break;
        word.insert(word.begin(), c);
        spelt = spelt && !is_vowel(c);
    }
    if (word.empty()) return Ending::vowel;
    return spelt ? of_letter_name(last) : of_word(word);
}

} // namespace

std::string particle(std::string_view word, std::string_view after_consonant, std::string_view after_vowel) {
    const Ending ending = ending_of(word);
    const bool ro = after_consonant.starts_with("으로");
    const bool consonant = ending == Ending::consonant || (ending == Ending::rieul && !ro);
    return std::string(consonant ? after_consonant : after_vowel);
}

} // namespace scale
