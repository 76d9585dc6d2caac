#include "codec/utf8.hpp"

namespace scale::codec {

namespace {

struct Lead {
    std::size_t follow;  // bytes after the first
    std::uint32_t bits;  // what the first byte holds
    std::uint32_t least; // smallest code point of that length
};

bool read_lead(unsigned char byte, Lead& lead) {
    if (byte < 0x80)
        lead = {0, byte, 0};
    else if (byte >= 0xC2 && byte < 0xE0)
        lead = {1, byte & 0x1Fu, 0x80};
    else if (byte >= 0xE0 && byte < 0xF0)
        lead = {2, byte & 0x0Fu, 0x800};
    else if (byte >= 0xF0 && byte < 0xF5)
        lead = {3, byte & 0x07u, 0x10000};
    else
        return false;
    return true;
}

} // namespace

std::uint32_t next_point(std::string_view text, std::size_t& at) {
    Lead lead{};
    if (at >= text.size() || !read_lead(static_cast<unsigned char>(text[at]), lead)) return k_no_point;
    if (text.size() - at <= lead.follow) return k_no_point;
    std::uint32_t point = lead.bits;
    for (std::size_t i = 1; i <= lead.follow; ++i) {
        const auto byte = static_cast<unsigned char>(text[at + i]);
        if ((byte & 0xC0u) != 0x80u) return k_no_point;
        point = (point << 6) | (byte & 0x3Fu);
    }
    if (point < lead.least || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return k_no_point;
    at += lead.follow + 1;
    return point;
}

void append_point(std::string& out, std::uint32_t point) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80u | ((point >> shift) & 0x3Fu)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0u | (point >> 6));
        tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0u | (point >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0u | (point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (next_point(text, at) == k_no_point) return false;
    return true;
}

std::size_t count_points(std::string_view text) {
    std::size_t count = 0;
    for (char c : text)
        if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u) ++count;
    return count;
}

} // namespace scale::codec
