#include "format.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace scale::cli {

namespace {

std::string printed(const char* format, int digits, double value) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, digits, value);
    return buffer;
}

// Commas between thousands of the whole part.
std::string with_commas(std::string digits) {
    const std::size_t start = digits[0] == '-' ? 1 : 0;
    std::size_t end = std::min(digits.find('.'), digits.size());
    while (end > start + 3) {
        end -= 3;
        digits.insert(end, 1, ',');
    }
    return digits;
}

// 1.50 -> 1.5, 2.00 -> 2
std::string without_zeros(std::string digits) {
    if (digits.find('.') == std::string::npos) return digits;
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    return digits;
}

// How many decimals leave `digits` significant figures of the value, 0 to 6.
int decimals_for(double value, int digits) {
    double size = std::fabs(value);
    int decimals = digits - 1;
    while (size >= 10 && decimals > 0) {
        size /= 10;
        --decimals;
    }
    while (size < 1 && size > 0 && decimals < 6) {
        size *= 10;
        ++decimals;
    }
    return decimals;
}

} // namespace

std::string in_quotes(std::string_view text) {
    constexpr std::size_t k_longest = 60;
    std::size_t cut = text.size();
    if (cut > k_longest) {
        cut = k_longest;
        while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0u) == 0x80u) --cut;
    }
    std::string out = "\"";
    out.append(text.substr(0, cut));
    out.append(cut < text.size() ? "...\"" : "\"");
    return out;
}

std::string plain_number(double value) {
    for (int digits = 1; digits <= 17; ++digits) {
        const std::string out = printed("%.*g", digits, value);
        if (std::strtod(out.c_str(), nullptr) == value) {
            const bool small = std::fabs(value) < 1e15 && value == std::floor(value);
            return small ? printed("%.*f", 0, value) : out;
        }
    }
    return "nan";
}

std::string significant(double value, int digits) {
    if (!std::isfinite(value)) return "-";
    if (value == 0) return "0";
    return with_commas(without_zeros(printed("%.*f", decimals_for(value, digits), value)));
}

std::string grouped(std::uint64_t value) { return with_commas(std::to_string(value)); }

std::string milliseconds(double value) { return milliseconds(value, NAN); }

std::string milliseconds(double value, double plus_minus) {
    if (!std::isfinite(value)) return "-";
    const bool micro = value > 0 && value < 0.9995;
    const bool whole_seconds = value >= 999.5;
    const double scale = micro ? 1e3 : whole_seconds ? 1e-3 : 1;
    std::string out = significant(value * scale, 3);
    if (plus_minus > 0) out += " ±" + significant(plus_minus * scale, 2);
    return out + (micro ? " µs" : whole_seconds ? " s" : " ms");
}

std::string seconds(double value) { return significant(value, value >= 1000 ? 6 : 3) + " s"; }

std::string percent(double share) {
    if (!std::isfinite(share)) return "-";
    const double value = share * 100;
    // Two figures of what is missing, so that 99.996 % does not read as 100 %.
    if (value > 99 && value < 100) {
        int decimals = 2;
        for (double missing = 100 - value; missing < 0.1 && decimals < 5; missing *= 10) ++decimals;
        return without_zeros(printed("%.*f", decimals, std::min(value, 99.99999))) + " %";
    }
    return significant(value, 3) + " %";
}

std::string short_count(double value) {
    if (!std::isfinite(value)) return "-";
    if (value >= 999.5e6) return significant(value / 1e9, 3) + " G";
    if (value >= 999.5e3) return significant(value / 1e6, 3) + " M";
    if (value >= 9999.5) return significant(value / 1e3, 3) + " k";
    return significant(value, 3);
}

std::string filled(std::string_view text, std::initializer_list<std::string> parts) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool marks = text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9';
        const std::size_t part = marks ? static_cast<std::size_t>(text[i + 1] - '1') : parts.size();
        if (part < parts.size()) {
            out += parts.begin()[part];
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace scale::cli
