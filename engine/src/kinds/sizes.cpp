#include "kinds/sizes.hpp"

namespace scale::kind {

void settings_of(const Command& command, double* out) {
    for (std::size_t i = 0; i < command.verb->params.size(); ++i) out[i] = command.verb->params[i].fallback;
    for (const Setting& setting : command.settings) out[setting.param] = setting.value;
}

void resize_machine(sim::Sim& sim, sim::NodeId id, const double* given, int cores, int price_usd) {
    const price::MachineSize& wanted = price::k_ladder[static_cast<std::size_t>(given[resize_to])];
    sim.settle_capacity();
    sim.values[id][static_cast<std::size_t>(cores)] = wanted.cores;
    sim.values[id][static_cast<std::size_t>(price_usd)] = 0;
    for (std::uint32_t i = 0; i < sim.nodes[id].instances; ++i) sim.take_down(id, i, sim::k_booting);
    sim.behaviours[id]->configure(sim, id);
    sim.boot(id, -1, core::from_seconds(given[resize_down_s]));
}

} // namespace scale::kind
