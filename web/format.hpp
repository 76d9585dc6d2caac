#pragma once
// Figures as a person reads them: three significant digits, thousands apart, always with a unit.

#include <string>

#include "scale/kind.hpp"

namespace scale::web {

std::string format_count(double value);        // 1,240   12.4 k   3.1 M
std::string format_plain(double value);        // 0.25    6    1,240    12,500,000: all digits that matter
std::string format_milliseconds(double value); // 0.42 ms   18.3 ms   1.24 s
std::string format_percent(double share);      // of 0..1: 0.03 %   4.2 %   61 %   99.97 %
std::string format_availability(double share); // 99.90 %: two digits always
std::string format_rate(double per_second);    // 1,240 /s
std::string format_usd(double value);          // $1,482
std::string format_clock(double seconds);      // 01:48   1:02:03
std::string format_metric(MetricFormat format, double value);
// A parameter's value in its unit: "60 s", "least connections", "on".
std::string format_value(const ParamRecord& record, double value, Language language);

} // namespace scale::web
