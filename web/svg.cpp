#include "svg.hpp"

#include <cstdio>

namespace scale::web::svg {
namespace {

// Bytes of the code point that begins with `first`.
std::size_t code_length(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

float code_ems(std::string_view code) {
    if (code.size() == 2) return 0.6f;
    if (code.size() > 2) return 1; // a Hangul syllable fills its square
    const char c = code[0];
    if (std::string_view("iljI.,:;'|!()[] ").find(c) != std::string_view::npos) return 0.32f;
    if (std::string_view("mwMW%@").find(c) != std::string_view::npos) return 0.9f;
    return c >= 'A' && c <= 'Z' ? 0.7f : 0.6f;
}

} // namespace

std::string number(float value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", static_cast<double>(value));
    return buffer;
}

std::string paint(const char* attribute, Color color) {
    char buffer[96];
    const unsigned alpha = color >> 24;
    std::snprintf(buffer, sizeof buffer, " %s=\"#%02x%02x%02x\"", attribute, color & 0xFF, color >> 8 & 0xFF,
                  color >> 16 & 0xFF);
    std::string out = buffer;
    if (alpha == 255) return out;
    std::snprintf(buffer, sizeof buffer, " %s-opacity=\"%.3f\"", attribute, alpha / 255.0);
    return out + buffer;
}

std::string escaped(std::string_view words) {
    std::string out;
    for (char c : words) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (static_cast<unsigned char>(c) >= 0x20) // no control character may stand in XML
            out += c;
    }
    return out;
}

std::string points(std::span<const Spot> spots) {
    std::string out;
    for (const Spot& spot : spots) out += (out.empty() ? "" : " ") + number(spot.x) + "," + number(spot.y);
    return out;
}

float ems(std::string_view words) {
    float sum = 0;
    for (std::size_t i = 0; i < words.size(); i += code_length(words[i]))
        sum += code_ems(words.substr(i, code_length(words[i])));
    return sum;
}

std::string fitted(std::string_view words, float most) {
    if (ems(words) <= most) return std::string(words);
    float sum = 1; // of the ellipsis
    std::size_t end = 0;
    while (end < words.size()) {
        const std::size_t length = code_length(words[end]);
        sum += code_ems(words.substr(end, length));
        if (sum > most) break;
        end += length;
    }
    while (end > 0 && words[end - 1] == ' ') --end;
    return std::string(words.substr(0, end)) + "\xE2\x80\xA6";
}

} // namespace scale::web::svg
