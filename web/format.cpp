#include "format.hpp"

#include <cmath>
#include <cstdio>

#include "words.hpp"

namespace scale::web {
namespace {

std::string fixed(double value, int decimals) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

// "1234567.5" -> "1,234,567.5"
std::string grouped(const std::string& digits) {
    std::size_t end = digits.find('.');
    if (end == std::string::npos) end = digits.size();
    const std::size_t start = digits[0] == '-' ? 1 : 0;
    std::string out = digits.substr(0, start);
    for (std::size_t i = start; i < end; ++i) {
        out += digits[i];
        const std::size_t left = end - i - 1;
        if (left > 0 && left % 3 == 0) out += ',';
    }
    return out + digits.substr(end);
}

std::string three_digits(double value) {
    const double size = std::fabs(value);
    if (size >= 100) return grouped(fixed(value, 0));
    if (size >= 10) return fixed(value, 1);
    return fixed(value, 2);
}

// Without zeros that say nothing.
std::string trimmed(std::string digits) {
    if (digits.find('.') == std::string::npos) return digits;
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
    return digits == "-0" ? "0" : digits;
}

} // namespace

std::string format_count(double value) {
    const double size = std::fabs(value);
    if (!(size < 1e15)) return size > 0 ? "> 10^15" : "-";
    if (size >= 1e9) return trimmed(three_digits(value / 1e9)) + " G";
    if (size >= 1e6) return trimmed(three_digits(value / 1e6)) + " M";
    if (size >= 1e4) return trimmed(three_digits(value / 1e3)) + " k";
    if (size >= 100 || size == std::floor(size)) return grouped(fixed(value, 0));
    return trimmed(three_digits(value));
}

std::string format_plain(double value) {
    if (!std::isfinite(value)) return "-";
    const double size = std::fabs(value);
    const int decimals = size >= 1000 ? 1 : size >= 10 ? 2 : size >= 0.1 || size == 0 ? 3 : 6;
    return grouped(trimmed(fixed(value, decimals)));
}

std::string format_milliseconds(double value) {
    if (!std::isfinite(value)) return "-";
    if (value >= 60'000) return trimmed(three_digits(value / 60'000)) + " min";
    if (value >= 1000) return three_digits(value / 1000) + " s";
    if (value == 0) return "0 ms";
    return three_digits(value) + " ms";
}

std::string format_percent(double share) {
    if (!std::isfinite(share)) return "-";
    const double percent = share * 100;
    if (percent == 0) return "0 %";
    if (percent >= 99.995) return "100 %";
    if (percent > 99 || percent < 1) return fixed(percent, 2) + " %";
    return fixed(percent, percent < 10 ? 1 : 0) + " %";
}

std::string format_availability(double share) {
    if (!std::isfinite(share)) return "-";
    if (share >= 1) return "100 %";
    // Never rounded up to what was not reached.
    return fixed(std::floor(share * 10'000) / 100, 2) + " %";
}

std::string format_rate(double per_second) {
    if (!std::isfinite(per_second)) return "-";
    return (per_second >= 1e6 ? format_count(per_second) : trimmed(three_digits(per_second))) + " /s";
}

std::string format_usd(double value) {
    if (!std::isfinite(value)) return "-";
    return "$" + grouped(fixed(value, value < 10 && value != std::floor(value) ? 2 : 0));
}

std::string format_clock(double seconds) {
    const auto whole = static_cast<unsigned long long>(seconds > 0 ? seconds : 0);
    char buffer[48];
    if (whole >= 3600)
        std::snprintf(buffer, sizeof buffer, "%llu:%02llu:%02llu", whole / 3600, whole / 60 % 60, whole % 60);
    else
        std::snprintf(buffer, sizeof buffer, "%02llu:%02llu", whole / 60, whole % 60);
    return buffer;
}

std::string format_metric(MetricFormat format, double value) {
    if (!std::isfinite(value)) return "-";
    switch (format) {
    case MetricFormat::ratio: return format_percent(value);
    case MetricFormat::per_second: return format_rate(value);
    case MetricFormat::milliseconds: return format_milliseconds(value);
    case MetricFormat::usd: return format_usd(value);
    case MetricFormat::count: break;
    }
    return format_count(value);
}

std::string format_value(const ParamRecord& record, double value, Language language) {
    if (record.type == ValueType::flag) return word(value != 0 ? "value.on" : "value.off", language);
    if (record.type == ValueType::choice) {
        const auto index = static_cast<std::size_t>(value);
        return index < record.choices.size() ? pick(record.choices[index].name, language) : "-";
    }
    const std::string digits = format_plain(value);
    return record.unit[0] ? digits + " " + record.unit : digits;
}

} // namespace scale::web
