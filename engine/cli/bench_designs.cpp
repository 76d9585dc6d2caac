// The designs that bench runs, built in code: one of them is larger than a scenario from outside may be.
#include "bench.hpp"

namespace scale::cli::bench {

namespace {

constexpr double k_load = 0.8; // of every tier of the tandem

struct Setting {
    const char* param;
    double value;
};

int add(Scenario& scenario, const char* kind, std::initializer_list<Setting> settings) {
    const auto number = scenario.nodes.size();
    NodeDef node = make_node(std::string(kind) + "-" + std::to_string(number), *find_kind(kind));
    for (const Setting& setting : settings) set_value(node, setting.param, setting.value);
    scenario.nodes.push_back(std::move(node));
    return static_cast<int>(number);
}

// Nothing is spent on the way: the tandem has no wires.
void connect(Scenario& scenario, int from, int to) {
    EdgeDef edge = make_edge(from, to);
    const std::span<const ParamRecord> params = edge_params();
    for (std::size_t i = 0; i < params.size(); ++i)
        if (std::string_view(params[i].id) == "latency_ms") edge.values[i] = 0;
    scenario.edges.push_back(std::move(edge));
}

double choice(const char* kind, const char* param, std::string_view id) {
    const ParamRecord* record = find_kind(kind)->param(param);
    for (std::size_t i = 0; i < record->choices.size(); ++i)
        if (id == record->choices[i].id) return static_cast<double>(i);
    return 0;
}

// Milliseconds of service that load `servers` workers to k_load.
double service_ms(double rate_per_s, double servers) { return k_load * servers / rate_per_s * 1e3; }

void add_tandem(Scenario& scenario, const TandemShape& shape) {
    const double rate = shape.rate_per_s;
    const char* service = shape.lognormal ? "lognormal" : "exponential";
    const int clients =
        add(scenario, "clients",
            {{"rate_per_s", rate}, {"keys", 1}, {"timeout_ms", shape.timeout ? 60'000.0 : 0.0}});
    const int balancer =
        add(scenario, "balancer",
            {{"service_ms", service_ms(rate, 1)}, {"service", choice("balancer", "service", service)}});
    const int web = add(scenario, "server",
                        {{"cores", 4},
                         {"service_ms", service_ms(rate, 4)},
                         {"service", choice("server", "service", service)},
                         {"while_waiting", choice("server", "while_waiting", "release")},
                         {"queue_limit", 1'000'000}});
    const int database = add(scenario, "database",
                             {{"connections", 2},
                              {"read_ms", service_ms(rate, 2)},
                              {"service", choice("database", "service", service)},
                              {"queue_limit", 1'000'000}});
    connect(scenario, clients, balancer);
    connect(scenario, balancer, web);
    connect(scenario, web, database);
}

Scenario empty_design() {
    Scenario scenario;
    scenario.duration_s = limits::k_duration_s;
    return scenario;
}

} // namespace

Scenario tandem(const TandemShape& shape) {
    Scenario scenario = empty_design();
    for (unsigned copy = 0; copy < shape.copies; ++copy) add_tandem(scenario, shape);
    return scenario;
}

Scenario wide_pool() {
    Scenario scenario = empty_design();
    const double rate = 10'000;
    const int clients = add(scenario, "clients", {{"rate_per_s", rate}, {"keys", 1}});
    const int pool = add(scenario, "server",
                         {{"cores", 250},
                          {"instances", 4},
                          {"service_ms", service_ms(rate, 1000)},
                          {"queue_limit", 1'000'000}});
    connect(scenario, clients, pool);
    return scenario;
}

Scenario overloaded() {
    Scenario scenario = empty_design();
    const int clients =
        add(scenario, "clients", {{"rate_per_s", 20'000}, {"keys", 1}, {"timeout_ms", 3'600'000}});
    const int web = add(scenario, "server", {{"cores", 4}, {"service_ms", 4}, {"queue_limit", 1'000'000}});
    connect(scenario, clients, web);
    return scenario;
}

Scenario thirteen_nodes() {
    Scenario scenario = empty_design();
    scenario.duration_s = 300;
    const int clients = add(scenario, "clients", {{"rate_per_s", 500}});
    const int balancer = add(scenario, "balancer", {});
    const int database = add(scenario, "database", {});
    connect(scenario, clients, balancer);
    for (int i = 0; i < 10; ++i) {
        const int web = add(scenario, "server", {});
        connect(scenario, balancer, web);
        connect(scenario, web, database);
    }
    return scenario;
}

} // namespace scale::cli::bench
