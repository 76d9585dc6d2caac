// What a scenario may hold, whichever way it came in: the parser and the link decoder both end here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/prices.hpp"
#include "scale/scenario.hpp"

namespace scale::codec {

constexpr double k_most_seed = 9007199254740992.0; // 2^53
constexpr double k_least_duration_s = 0.001;
constexpr double k_most_weight = 1e9;
constexpr double k_most_coordinate = 100'000;
constexpr double k_most_price = 1e6; // USD, of a row of the price list
constexpr int k_most_instance = 65'535;
constexpr Time k_most_time = static_cast<Time>(limits::k_duration_s) * 1'000'000'000u;

// A promise of "slo": its key, where it is held, its range.
struct SloRecord {
    const char* id;
    std::optional<double> Slo::*value;
    double least, most;
};
std::span<const SloRecord> slo_records();
inline std::span<const kind::price::Row> price_rows() { return kind::price::k_table; } // "prices"; code - 1

std::vector<double> default_values(std::span<const ParamRecord> params);
std::vector<std::string_view> param_ids(std::span<const ParamRecord> params);
std::vector<std::string_view> node_ids(const Scenario& scenario);
// The parameters that the settings of a command speak of.
std::span<const ParamRecord> setting_params(const Command& command, const Scenario& scenario);
// Whether the verb takes the target's own parameters.
bool is_set(const VerbRecord& verb);
// By parameter, one each (the last of several holds): the form in which settings are written and compared.
std::vector<Setting> tidy_settings(const std::vector<Setting>& settings);
// Those of one moment stay in the order in which they stand.
void sort_by_time(std::vector<Command>& commands);

// "a whole number from 1 to 64"
std::string expectation(const ParamRecord& param);
std::string number_range(const char* what, double least, double most);
bool fits(const ParamRecord& param, double value);
bool is_id(std::string_view text);

std::optional<Error> check_command(const Command& command, const Scenario& scenario, const std::string& path);
std::optional<Error> check_scenario(const Scenario& scenario);

} // namespace scale::codec
