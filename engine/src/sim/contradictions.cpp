// Parameters of one node that must not be below one another: refused where they come in, and settled in what
// was made before they were refused.
#include "scale/scenario.hpp"

#include <algorithm>
#include <string_view>

namespace scale {

namespace {

using Values = std::vector<double>;

// The parameter that this one must not be below; none where that is its own number.
std::size_t lower_bound_of(std::span<const ParamRecord> params, std::size_t param) {
    const std::string_view sought = params[param].not_below;
    for (std::size_t i = 0; i < params.size() && !sought.empty(); ++i)
        if (sought == params[i].id) return i;
    return param;
}

bool sets(const Scenario& scenario, const Command& command) {
    return command.verb != nullptr && std::string_view(command.verb->id) == "set" && command.node >= 0 &&
           static_cast<std::size_t>(command.node) < scenario.nodes.size();
}

void take(Values& values, const Command& command) {
    for (const Setting& setting : command.settings)
        if (setting.param < values.size()) values[setting.param] = setting.value;
}

std::vector<Values> at_the_beginning(const Scenario& scenario) {
    std::vector<Values> out;
    for (const NodeDef& node : scenario.nodes) out.push_back(node.values);
    return out;
}

// Numbers of the events that set something of a node, in the order of time.
std::vector<std::size_t> settings_in_order(const Scenario& scenario) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < scenario.events.size(); ++i) {
        if (!sets(scenario, scenario.events[i])) continue;
        order.push_back(i); // they stand in order as a rule
        for (std::size_t k = order.size() - 1; k > 0; --k) {
            if (scenario.events[order[k - 1]].at <= scenario.events[order[k]].at) break;
            std::swap(order[k - 1], order[k]);
        }
    }
    return order;
}

void put(std::vector<Setting>& settings, Setting setting) {
    auto place = settings.begin();
    while (place != settings.end() && place->param < setting.param) ++place;
    if (place != settings.end() && place->param == setting.param)
        *place = setting;
    else
        settings.insert(place, setting);
}

} // namespace

std::optional<Error> contradiction(std::span<const ParamRecord> params, std::span<const double> values,
                                   const std::string& path) {
    const auto whole = [](double value) { return std::to_string(static_cast<std::int64_t>(value)); };
    for (std::size_t i = 0; i < params.size() && i < values.size(); ++i) {
        const std::size_t low = lower_bound_of(params, i);
        if (values[i] >= values[low]) continue;
        const std::string other = std::string("\"") + params[low].id + "\"";
        return Error{path + params[i].id,
                     "expected not less than " + other + " (" + whole(values[low]) + "), got " +
                         whole(values[i]),
                     "raise it, or lower " + other};
    }
    return std::nullopt;
}

std::optional<Error> find_contradiction(const Scenario& scenario) {
    std::vector<Values> values = at_the_beginning(scenario);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string path = "$.nodes[" + std::to_string(i) + "].";
        if (auto found = contradiction(scenario.nodes[i].kind->params, values[i], path)) return found;
    }
    for (const std::size_t number : settings_in_order(scenario)) {
        const auto node = static_cast<std::size_t>(scenario.events[number].node);
        take(values[node], scenario.events[number]);
        const std::string path = "$.events[" + std::to_string(number) + "].";
        if (auto found = contradiction(scenario.nodes[node].kind->params, values[node], path)) return found;
    }
    return std::nullopt;
}

void settle_contradictions(Scenario& scenario) {
    std::vector<Values> written = at_the_beginning(scenario);
    std::vector<Values> settled = written;
    for (std::size_t node = 0; node < settled.size(); ++node) {
        const std::span<const ParamRecord> params = scenario.nodes[node].kind->params;
        for (std::size_t i = 0; i < params.size(); ++i)
            settled[node][i] = std::max(written[node][i], written[node][lower_bound_of(params, i)]);
        scenario.nodes[node].values = settled[node];
    }
    for (const std::size_t number : settings_in_order(scenario)) {
        Command& event = scenario.events[number];
        const auto node = static_cast<std::size_t>(event.node);
        const std::span<const ParamRecord> params = scenario.nodes[node].kind->params;
        take(written[node], event);
        take(settled[node], event);
        for (std::size_t i = 0; i < params.size(); ++i) {
            const double meant = std::max(written[node][i], written[node][lower_bound_of(params, i)]);
            if (settled[node][i] == meant) continue;
            settled[node][i] = meant;
            put(event.settings, {static_cast<std::uint8_t>(i), meant});
        }
    }
}

} // namespace scale
