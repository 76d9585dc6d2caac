#include "codec/base64.hpp"

namespace scale::codec {

namespace {

constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int digit_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-') return 62;
    return c == '_' ? 63 : -1;
}

} // namespace

bool is_base64_char(char c) { return digit_of(c) >= 0; }

std::string encode_base64(const std::vector<std::uint8_t>& bytes) {
    std::string out;
    out.reserve(bytes.size() * 4 / 3 + 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8 | byte) & 0xFFFFu;
        for (held += 8; held >= 6; held -= 6) out += k_alphabet[bits >> (held - 6) & 63u];
    }
    if (held > 0) out += k_alphabet[bits << (6 - held) & 63u];
    return out;
}

std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() * 3 / 4 + 1);
    std::uint32_t bits = 0;
    int held = 0;
    for (char c : text) {
        const int digit = digit_of(c);
        if (digit < 0) return std::nullopt;
        bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xFFFFu;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes.push_back(static_cast<std::uint8_t>(bits >> held & 255u));
        }
    }
    return bytes;
}

} // namespace scale::codec
